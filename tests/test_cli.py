"""The command line as other programs use it: real files, a real database, exit codes and JSON."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import click
import pytest
from openpyxl import Workbook

from cli import cli
from commands.base import ROOM_OF, ROOMS
from tests.calling import HOME, run, run_apart
from tests.waiting import LIMIT
from workflows import importing
from workflows.types import Viewer
from workflows.workspace import Workspace

REAL = HOME.parent / "shared" / "real_exports"


HEADERS = (
    "Personeelsnummer",
    "Geboortedatum",
    "Datum in dienst",
    "Datum uit dienst",
    "Afdeling",
    "Functie",
    "Deeltijdfactor",
    "Soort contract",
)
PEOPLE = (
    ("00012", date(1959, 3, 1), date(1990, 1, 1), None, "W", "Monteur", 1.0, "Onbepaalde tijd"),
    ("00013", date(1961, 1, 1), date(1995, 1, 1), None, "W", "Monteur", 0.8, "Onbepaalde tijd"),
    ("00014", date(1990, 2, 28), date(2020, 1, 1), None, "E", "Elektromonteur", 1.0, "Bepaalde tijd"),
    ("00015", date(1964, 2, 29), date(2010, 1, 1), None, "E", "Elektromonteur", 0.5, "Onbepaalde tijd"),
    ("00016", date(1985, 6, 1), date(2015, 1, 1), date(2025, 6, 1), "E", "Elektromonteur", 1.0, "Onbepaalde tijd"),
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADERS)
    for row in PEOPLE:
        sheet.append(row)
    path = tmp_path_factory.mktemp("small") / "klein.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def kept(small: Path) -> Path:
    """A database with the small firm on 1 January 2026, for tests that only ask."""
    database = small.with_name("kept.duckdb")
    stored, _ = run("import", small, "--as-of", "2026-01-01", database=database)
    assert stored["snapshots"] == ["2026-01-01"]
    return database


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample firm, for tests that only ask."""
    database = tmp_path_factory.mktemp("sample") / "w.duckdb"
    body, _ = run("sample", database=database)
    assert body["stored"] is True
    assert len(body["snapshots"]) == 6
    return database


def test_check_reads_and_stores_nothing(small: Path, tmp_path: Path) -> None:
    body, _ = run("check", small, "--as-of", "2026-01-01", database=tmp_path / "w.duckdb")
    assert (body["rows_read"], body["rows_kept"], body["rows_rejected"], body["people"], body["active"]) == (5, 5, 0, 5, 4)
    assert body["stored"] is False
    assert body["header_row"] == 1
    assert body["kind"] == "employees"
    assert body["mapping"]["birth_date"] == "Geboortedatum"
    assert body["mapping"]["employee_id"] == "Personeelsnummer"
    assert not (tmp_path / "w.duckdb").exists()


def test_import_then_snapshots_and_the_same_file_twice_is_one_snapshot(small: Path, tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    for _ in range(2):
        body, _ = run_apart("import", small, "--as-of", "2026-01-01", database=database)
        assert body["stored"] is True
        assert body["snapshots"] == ["2026-01-01"]
    listed, _ = run("snapshots", database=database)
    assert [row["as_of"] for row in listed["snapshots"]] == ["2026-01-01"]


def test_retirements_count_birthdays_and_pension_dates(kept: Path) -> None:
    """By hand: 1-3-1959 reaches 67y on 1-3-2026; 1-1-1961 reaches 67y3m on 1-4-2028; 29-2-1964 turns 62 on 1-3-2026."""
    database = kept
    law, _ = run("retirements", "--as-of", "2026-01-01", "--years", 5, "--by", "unit,role", database=database)
    assert law["active"] == 4
    assert law["total"] == 2
    assert [(row["unit"], row["role"], row["year"], row["people"], row["fte"]) for row in law["rows"]] == [
        ("W", "Monteur", 2026, 1, 1.0),
        ("W", "Monteur", 2028, 1, 0.8),
    ]
    birthdays, _ = run("retirements", "--age", 62, "--as-of", "2026-02-28", "--years", 1, database=database)
    assert birthdays["total"] == 1
    assert birthdays["already_past"] == 2
    none, _ = run("retirements", "--age", 62, "--as-of", "2026-03-01", "--years", 1, database=database)
    assert none["total"] == 0
    assert none["already_past"] == 3


def test_project_balances_and_groups_sum_to_the_total(kept: Path) -> None:
    database = kept
    total, _ = run("project", "--years", 6, "--set", "hires_per_year=1", database=database)
    split, _ = run("project", "--years", 6, "--set", "hires_per_year=1", "--by", "unit,role", database=database)
    rows = total["rows"]
    assert len(rows) == 7
    assert rows[0]["date"] == "2026-01-01"
    assert rows[0]["year"] == 2025
    assert rows[1]["date"] == "2027-01-01"
    assert rows[1]["year"] == 2026
    assert rows[0]["supply_people"] == 4
    assert rows[0]["supply_fte"] == pytest.approx(3.3)
    for before, after in itertools.pairwise(rows):
        out = sum(after[cause] for cause in ("retirement", "resignation", "contract_end", "other_exit", "move_out"))
        assert after["supply_people"] == pytest.approx(before["supply_people"] - out + after["move_in"] + after["hire"], abs=1e-9)
        assert after["gap_fte"] == pytest.approx(after["demand_fte"] - after["supply_fte"], abs=1e-9)
        assert after["supply_fte_low"] <= after["supply_fte_middle"] <= after["supply_fte_high"]
    for index, row in enumerate(rows):
        same = [part for part in split["rows"] if part["date"] == row["date"]]
        for column in ("supply_people", "supply_fte", "demand_fte", "retirement", "resignation", "hire"):
            assert sum(part[column] for part in same) == pytest.approx(row[column], abs=1e-9), (index, column)


def test_a_scenario_file_and_set_change_the_answer(kept: Path, tmp_path: Path) -> None:
    database, file = kept, tmp_path / "s.json"
    file.write_text('{"resignation_multiplier": 1.6}')
    base, _ = run("project", "--years", 3, database=database)
    changed, _ = run("project", "--years", 3, "--scenario", file, database=database)
    assert changed["scenario"] == {"resignation_multiplier": 1.6}
    assert changed["rows"][3]["supply_people"] < base["rows"][3]["supply_people"]
    again, _ = run("project", "--years", 3, "--set", "resignation_multiplier=1.6", database=database)
    assert again["rows"] == changed["rows"]


def test_options_may_stand_before_the_command(small: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "cli.py", "--json", "--database", str(tmp_path / "w.duckdb"), "--language", "en", "check", str(small)],
        cwd=HOME,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["people"] == 5


@pytest.mark.parametrize(
    "arguments", [("project", "--set", "magic=1"), ("project", "--years", "0"), ("nonsense",), ("retirements", "--age", "abc")]
)
def test_wrong_usage_is_exit_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    run(*arguments, database=tmp_path / "w.duckdb", code=2)


def test_without_data_the_answer_is_one_plain_sentence(tmp_path: Path) -> None:
    body, stderr = run_apart("project", database=tmp_path / "w.duckdb", code=1)
    assert body["error"]["code"] == "no_data"
    assert len(stderr.strip().splitlines()) == 1


def bad_file(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if name == "leeg.xlsx":
        path.write_bytes(b"")
        return path
    if name == "geen_werkboek.xlsx":
        path.write_bytes(b"MZ\x90\x00 this is a program" * 50)
        return path
    if name == "alleen_koppen.csv":
        path.write_text(";".join(HEADERS) + "\n", encoding="utf-8")
        return path
    if name == "alleen_koppen.xlsx":
        sheet.append(HEADERS)
    elif name == "zonder_geboorte.xlsx":
        sheet.append(("Personeelsnummer", "Afdeling", "Functie", "FTE"))
        for number in range(20):
            sheet.append((f"{number:05}", "W", "Monteur", 1.0))
    elif name == "land.xlsx":
        sheet.append((*HEADERS, "Land"))
        for row in PEOPLE:
            sheet.append((*row, "Atlantis"))
    elif name == "alles_ongeldig.xlsx":
        sheet.append(HEADERS)
        for number in range(5):
            sheet.append((f"{number:05}", "onbekend?", "geen datum", "", "W", "Monteur", "veel", "?"))
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("leeg.xlsx", "empty_file"),
        ("geen_werkboek.xlsx", "not_a_workbook"),
        ("alleen_koppen.xlsx", "header_only"),
        ("alleen_koppen.csv", "header_only"),
        ("zonder_geboorte.xlsx", "no_birth_date_or_age"),
        ("land.xlsx", "country_unknown"),
        ("alles_ongeldig.xlsx", "all_rows_invalid"),
    ],
)
def test_bad_input_is_refused_with_one_sentence_and_nothing_is_stored(name: str, code: str, tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    body, stderr = run("import", bad_file(tmp_path, name), "--as-of", "2026-01-01", database=database, code=1)
    assert body["stored"] is False
    assert body["error"]["code"] == code
    assert len(stderr.strip().splitlines()) == 1
    assert "“”" not in stderr
    with Workspace.open(database) as workspace:
        assert importing.snapshots(Viewer.local(), workspace) == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    body, _ = run("check", tmp_path / "weg.xlsx", code=1)
    assert body["error"]["code"] == "file_not_found"


def test_a_second_process_is_told_so(small: Path, tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    with Workspace.open(database):
        body, _ = run_apart("import", small, database=database, code=1)
    assert body["error"]["code"] == "database_locked"


def test_sample_and_template(sampled: Path, tmp_path: Path) -> None:
    total, _ = run("project", "--years", 5, database=sampled)
    now = total["rows"][0]
    assert now["supply_people"] == pytest.approx(1194, rel=0.03)
    assert now["supply_fte"] == pytest.approx(1116, rel=0.03)
    assert now["demand_fte"] == pytest.approx(1180, rel=0.03)
    assert now["gap_fte"] == pytest.approx(64, abs=12)
    run("template", tmp_path / "sjabloon.xlsx", database=sampled)
    assert (tmp_path / "sjabloon.xlsx").stat().st_size > 5_000


def test_a_director_gets_no_group_of_a_few_people(sampled: Path) -> None:
    table, _ = run("project", "--years", 1, "--by", "location,unit,role", "--viewer", "director", database=sampled)
    now = [row for row in table["rows"] if row["date"] == min(row["date"] for row in table["rows"])]
    assert all(row["supply_people"] > 5 - 1e-9 for row in now)
    assert sum(row["supply_people"] for row in now) == pytest.approx(1194, rel=0.03)
    full, _ = run("project", "--years", 1, "--by", "location,unit,role", database=sampled)
    assert min(row["supply_people"] for row in full["rows"]) < 5


@pytest.mark.skipif(
    not REAL.exists(), reason="the public example files are not beside this checkout; tests/test_intake_* make files of the same shape"
)
@pytest.mark.parametrize(
    ("file", "as_of", "people", "active"),
    [("employee_sample_data.xlsx", "2022-12-31", 1000, 915), ("human_resources.csv", "2023-06-22", 22214, 19852)],
)
def test_public_example_exports_keep_everybody(file: str, as_of: str, people: int, active: int, tmp_path: Path) -> None:
    body, _ = run("import", REAL / file, "--as-of", as_of, database=tmp_path / "w.duckdb")
    assert body["people"] == people
    assert body["rows_read"] == body["rows_kept"] + body["rows_rejected"] == people
    assert body["active"] == active
    total, _ = run("project", "--years", 3, database=tmp_path / "w.duckdb")
    assert total["rows"][0]["supply_people"] == active


def test_slides_workbook_and_back_up_from_the_command_line(small: Path, tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    run("import", small, "--as-of", "2026-01-01", database=database)
    run("deck", tmp_path / "d.pptx", "--year", 2029, database=database)
    run("workbook", tmp_path / "d.xlsx", "--set", "rvu_uptake=30", database=database)
    assert (tmp_path / "d.pptx").stat().st_size > 20_000
    assert (tmp_path / "d.xlsx").stat().st_size > 8_000
    with pytest.MonkeyPatch.context() as bare:
        bare.setenv("PATH", str(tmp_path))  # no LibreOffice
        told, _ = run("deck", tmp_path / "d.pdf", database=database, code=1)
    assert told["error"]["code"] == "pdf_missing"
    assert not (tmp_path / "d.pdf").exists()
    run("workbook", tmp_path / "nowhere" / "d.xlsx", database=database, code=1)
    made, _ = run("backup", tmp_path / "copies", database=database)
    erased, _ = run("erase", "00012", database=database)
    assert erased["erased_rows"] == 1
    after, _ = run("project", "--years", 1, database=database)
    assert after["rows"][0]["supply_people"] == 3
    back, _ = run("restore", made["written"], database=database)
    assert back["snapshots"] == ["2026-01-01"]
    before, _ = run("project", "--years", 1, database=database)
    assert before["rows"][0]["supply_people"] == 4
    run("erase", "99999", database=database, code=1)


def test_a_projection_starts_on_the_day_asked_for(small: Path, tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    run("import", small, "--as-of", "2025-01-01", database=database)
    table, _ = run("project", "--as-of", "2025-09-01", "--years", 1, database=database)
    assert table["as_of"] == "2025-09-01"
    assert [row["date"] for row in table["rows"]] == ["2025-09-01", "2026-09-01"]
    assert table["rows"][0]["supply_people"] == 4  # one of the five left on 1 June 2025
    run("project", "--by", "colour", database=database, code=2)
    again, _ = run("import", small, "--as-of", "2025-01-01", database=database)
    assert again["already"] is True


def test_a_date_before_the_first_snapshot_is_named_not_called_empty(kept: Path) -> None:
    body, said = run("project", "--as-of", "2001-02-03", database=kept, code=1)
    assert body["error"]["code"] == "before_first_snapshot"
    assert "3 februari 2001" in said
    assert "1 januari 2026" in said


def test_each_command_is_in_the_room_the_index_says() -> None:
    with click.Context(cli) as context:
        for room, names in ROOMS.items():
            for name in names:
                found = cli.get_command(context, name)
                assert found is not None
                assert found.callback is not None
                assert found.callback.__module__ == f"commands.{room}", name
    rooms = {path.stem for path in (HOME / "commands").glob("*.py")} - {"__init__", "base"}
    assert rooms == set(ROOMS)
    assert set(cli.commands) == set(ROOM_OF)


def test_a_reading_command_loads_nothing_that_draws() -> None:
    """A nightly import and a monitor's question pay for what they use."""
    asked = "import sys; from cli import cli; cli.get_command(None, 'import'); print({'streamlit', 'plotly', 'pptx'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", asked], cwd=HOME, capture_output=True, text=True, timeout=LIMIT)
    assert done.stdout.strip() == "set()", done.stdout + done.stderr

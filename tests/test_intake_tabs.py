"""A sheet of people for every location: offered as one staff list, and read so only when somebody says it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.calling import run
from tests.intake_files import HEADERS, found, people, read, silent, staff, workbook

TOGETHER = {"sheets": "together"}


def tabs(path: Path, start: int = 50) -> Path:
    """Amsterdam with ten people, Utrecht with six, Zwolle with four."""
    sheets = {"Amsterdam": staff(10), "Utrecht": [HEADERS, *people(6, start)], "Zwolle": [HEADERS, *people(4, 90)]}
    return workbook(path, sheets)


def test_tabs_with_the_same_headers_are_offered_and_nothing_else_changes(tmp_path: Path) -> None:
    result = read(tabs(tmp_path / "a.xlsx"))
    assert (result.main.people, result.main.active, len(result.reports)) == (10, 10, 1)
    said = found(result, "sheets_alike")
    assert (said.count, said.example, said.params["question"], said.params["assumed"]) == (2, "Utrecht, Zwolle", "sheets", "apart")
    assert found(result, "sheet_same_kind").params["left"] == 6
    assert set(result.frames["employees"]["location"]) == {""}
    apart = read(tmp_path / "a.xlsx", answers={"sheets": "apart"})
    assert apart.frames["employees"].equals(result.frames["employees"])


def test_tabs_are_one_list_when_somebody_says_so(tmp_path: Path) -> None:
    result = read(tabs(tmp_path / "a.xlsx"), answers=TOGETHER)
    frame = result.frames["employees"]
    assert (result.main.people, result.main.active, result.main.rows_kept) == (20, 20, 10)
    assert [(report.sheet, report.kind, report.rows_kept) for report in result.reports] == [
        ("Amsterdam", "employees", 10),
        ("Utrecht", "employees", 6),
        ("Zwolle", "employees", 4),
    ]
    assert frame.groupby("location", sort=False).size().to_dict() == {"Amsterdam": 10, "Utrecht": 6, "Zwolle": 4}
    assert set(frame["unit"]) == {"Zorg", "Techniek", "Kantoor"}
    assert sum(result.main.values["role"].values()) == 20
    assert found(result, "sheets_together").count == 2
    assert silent(result, "sheet_same_kind", "sheets_alike", "sheets_overlap")
    places = [[*HEADERS, "Locatie"], *([*row, "Zuid"] for row in people(3))]
    other = workbook(tmp_path / "b.xlsx", {"Een": places, "Twee": [places[0], *([*row, "Oost"] for row in people(2, 9))]})
    assert set(read(other, answers=TOGETHER).frames["employees"]["location"]) == {"Zuid", "Oost"}, "the list says it itself"


def test_people_without_a_number_and_managers_of_another_tab(tmp_path: Path) -> None:
    headers = [*HEADERS, "Manager ID"]
    first, second = [[*row, "00051"] for row in people(5)], [[*row, "00001"] for row in people(5, 50)]
    first[2][0] = second[2][0] = None
    second[3][6] = "77777"
    result = read(workbook(tmp_path / "a.xlsx", {"Noord": [headers, *first], "Zuid": [headers, *second]}), answers=TOGETHER)
    frame = result.frames["employees"]
    assert (len(frame), frame["person"].nunique(), result.main.people) == (10, 10, 10)
    assert {"rij-4-Noord", "rij-4-Zuid"} <= set(frame["employee_id"])
    assert silent(result, "manager_unknown")
    assert [finding.rows for finding in result.reports[1].findings if finding.reason == "manager_unknown"] == [(5,)]


def test_tabs_that_share_people_have_other_headers_or_are_hidden_are_never_joined(tmp_path: Path) -> None:
    shared = tabs(tmp_path / "a.xlsx", start=8)
    assert silent(read(shared), "sheets_alike", "sheets_overlap")
    chosen = read(shared, answers=TOGETHER)
    assert (chosen.main.people, found(chosen, "sheets_overlap").count) == (10, 3)
    sheets = {"A": staff(10), "B": [[*HEADERS[:5], "Uren per week"], *people(4, 60)], "C": [HEADERS, *people(4, 70)]}
    mixed = read(workbook(tmp_path / "b.xlsx", sheets, hidden=("C",)), answers=TOGETHER)
    assert (mixed.main.people, len(mixed.reports)) == (10, 1)
    assert read(tabs(tmp_path / "c.xlsx"), answers=TOGETHER, sheet="Utrecht").main.people == 6, "a sheet that was chosen goes first"
    years = {f"Personeel {year}": [HEADERS, *people(5, year)] for year in (2024, 2025)}
    assert len(read(workbook(tmp_path / "d.xlsx", years), as_of=None, answers=TOGETHER).main.snapshots) == 2


def test_a_day_above_one_tab_is_that_of_all(tmp_path: Path) -> None:
    sheets = {"Een": [["Peildatum", date(2025, 7, 1)], [], *staff(8)], "Twee": [HEADERS, *people(5, 60)]}
    result = read(workbook(tmp_path / "a.xlsx", sheets), as_of=None, answers=TOGETHER)
    assert result.main.snapshots == (date(2025, 7, 1),)
    assert set(result.frames["employees"]["as_of"].dt.date) == {date(2025, 7, 1)}


@pytest.mark.parametrize(("option", "kept"), [((), 10), (("--together",), 20)])
def test_the_command_line_reads_tabs_together(tmp_path: Path, option: tuple[str, ...], kept: int) -> None:
    path, database = tabs(tmp_path / "a.xlsx"), tmp_path / "w.duckdb"
    told, _ = run("check", path, *option, "--as-of", "2026-01-01")
    assert (told["people"], told["active"], told["rows_kept"], told["rows_read"]) == (kept, kept, kept, kept)
    assert run("import", path, *option, "--as-of", "2026-01-01", database=database)[0]["stored"]
    [snapshot] = run("snapshots", database=database)[0]["snapshots"]
    assert snapshot["people"] == kept

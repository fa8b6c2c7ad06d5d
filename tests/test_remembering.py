"""Choices made once are used again, and a name that changed is not a crowd of leavers and joiners: from real files to real figures."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics.release import Role, Viewer
from analytics.workforce import EXITS
from cli import cli
from intake import Options
from tests.intake_files import workbook
from workflows import importing
from workflows.workspace import Workspace

HR = Viewer("hr", Role.HR)
HEADERS = ("Personeelsnummer", "Geboortedatum", "Datum in dienst", "Afdeling", "Functie", "FTE")
FIRST, SECOND = date(2025, 1, 1), date(2026, 1, 1)


def staff(*groups: tuple[int, int, str, str]) -> list[tuple[object, ...]]:
    """People first to last (exclusive) in a department and role."""
    rows: list[tuple[object, ...]] = [HEADERS]
    for first, last, unit, role in groups:
        rows += [(f"{n:05d}", date(1970 + n % 25, 3, 2), date(2012, 1, 1), unit, role, 1.0) for n in range(first, last)]
    return rows


@pytest.fixture
def workspace(tmp_path: Path):
    with Workspace.open(tmp_path / "data" / "w.duckdb") as opened:
        yield opened


def bring(workspace: Workspace, file: Path, day: date, **options) -> importing.Draft:
    draft = importing.check(HR, workspace, file, file.name, Options(as_of=day, **options))
    importing.save(HR, workspace, draft)
    return draft


def gone(workspace: Workspace) -> float:
    return float(workspace.store.history().exposure[[str(cause) for cause in EXITS]].sum(axis=None))


def moved(workspace: Workspace) -> float:
    return float(workspace.store.history().moves["people"].sum())


# choices


def test_names_confirmed_once_are_used_for_the_next_file_and_can_be_taken_back(workspace: Workspace, tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "a.xlsx", staff((0, 8, "Zorg", "Verpleegkundige"), (8, 11, "Zorg", "Vpk. (m/v)"), (11, 20, "Bouw", "Timmerman"))
    )
    draft = importing.check(HR, workspace, file, "a.xlsx", Options(as_of=FIRST))
    table = importing.proposals(HR, workspace, draft)
    assert table[["field", "title", "proposed", "why"]].to_numpy().tolist() == [["role", "Vpk. (m/v)", "Verpleegkundige", "abbreviation"]]
    bring(workspace, file, FIRST, values={"role": {"Vpk. (m/v)": "Verpleegkundige"}})
    assert set(workspace.store.cohorts().frame["role"]) == {"Verpleegkundige", "Timmerman"}
    other = workbook(
        tmp_path / "b.xlsx", [(*row, "x") for row in staff((0, 9, "Zorg", "Verpleegkundige"), (9, 12, "Zorg", "Vpk. (m/v)"))]
    )  # another set of headers: the firm's names hold all the same
    again = importing.check(HR, workspace, other, "b.xlsx", Options(as_of=SECOND))
    assert set(again.imported.frames["employees"]["role"]) == {"Verpleegkundige"}
    assert again.options.values == {"role": {"Vpk. (m/v)": "Verpleegkundige"}}
    shown = importing.proposals(HR, workspace, again)
    assert shown[["title", "proposed", "why"]].to_numpy().tolist() == [["Vpk. (m/v)", "Verpleegkundige", "chosen"]]
    back = importing.check(HR, workspace, other, "b.xlsx", Options(as_of=SECOND, values={"role": {"Vpk. (m/v)": "Vpk. (m/v)"}}))
    assert set(back.imported.frames["employees"]["role"]) == {"Verpleegkundige", "Vpk. (m/v)"}


def test_names_in_use_are_what_new_spellings_become(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, workbook(tmp_path / "a.xlsx", staff((0, 4, "P&O", "Medewerker human resources"))), FIRST)
    file = workbook(tmp_path / "b.xlsx", staff((0, 40, "P&O", "Mdw. HR")))
    table = importing.proposals(HR, workspace, importing.check(HR, workspace, file, "b.xlsx", Options(as_of=SECOND)))
    assert table[["title", "proposed", "why"]].to_numpy().tolist() == [["Mdw. HR", "Medewerker human resources", "known"]]
    everything = importing.proposals(HR, workspace, importing.check(HR, workspace, file, "b.xlsx", Options(as_of=SECOND)), everything=True)
    assert set(everything["field"]) == {"role", "unit"}


def test_answers_and_columns_that_were_dropped_belong_to_one_kind_of_file(workspace: Workspace, tmp_path: Path) -> None:
    rows = [(*row[:5], 32 if at else "FTE") for at, row in enumerate(staff((0, 12, "Zorg", "A")))]
    file = workbook(tmp_path / "a.xlsx", rows)
    bring(workspace, file, FIRST, answers={"fte_unit": "percent"}, mapping={"unit": ""})
    again = importing.check(HR, workspace, workbook(tmp_path / "b.xlsx", rows[:9]), "b.xlsx", Options(as_of=SECOND))
    assert again.imported.frames["employees"]["fte"].tolist() == pytest.approx([0.32] * 8)
    assert "unit" not in again.report.mapping
    other = importing.check(HR, workspace, workbook(tmp_path / "c.xlsx", [(*row, "x") for row in rows]), "c.xlsx", Options(as_of=SECOND))
    assert other.imported.frames["employees"]["fte"].tolist() != pytest.approx([0.32] * 12)


def test_a_memory_that_is_not_readable_counts_as_none(workspace: Workspace, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", staff((0, 4, "Zorg", "A")))
    for text in ("{", "[]", '{"names": 3}', '{"files": {"x": 1}, "names": {"role": "y"}}'):
        workspace.store.set_setting("import_memory", text, "hr")
        assert importing.check(HR, workspace, file, "a.xlsx", Options(as_of=FIRST)).report.rows_kept == 4


# names that change


def changed(tmp_path: Path, *groups: tuple[int, int, str, str]) -> Path:
    return workbook(tmp_path / "na.xlsx", staff(*groups))


def test_a_renamed_department_is_asked_about_and_nobody_left_or_moved_for_it(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, workbook(tmp_path / "voor.xlsx", staff((0, 20, "Zorg", "A"), (20, 40, "Techniek", "B"))), FIRST)
    file = changed(tmp_path, (0, 18, "Zorg en welzijn", "A"), (20, 40, "Techniek", "B"))
    draft = importing.check(HR, workspace, file, file.name, Options(as_of=SECOND))
    assert draft.names[["level", "change", "old", "new", "people", "same"]].to_numpy().tolist() == [
        ["unit", "rename", "Zorg", "Zorg en welzijn", 18, True]
    ]
    importing.save(HR, workspace, draft)
    assert (gone(workspace), moved(workspace)) == (2, 0)
    importing.undo_last(HR, workspace)
    refused = importing.check(HR, workspace, file, file.name, Options(as_of=SECOND, renames=(("unit", "Zorg", "Zorg en welzijn", False),)))
    importing.save(HR, workspace, refused)
    assert (gone(workspace), moved(workspace)) == (2, 18), "told that it is another department, the people moved; still nobody left"


def test_departments_that_were_merged(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, workbook(tmp_path / "voor.xlsx", staff((0, 10, "Noord", "A"), (10, 20, "Zuid", "A"), (20, 30, "West", "A"))), FIRST)
    draft = bring(workspace, changed(tmp_path, (0, 20, "Noordzuid", "A"), (20, 30, "West", "A")), SECOND)
    assert set(draft.names["change"]) == {"merge"}
    assert (gone(workspace), moved(workspace)) == (0, 0)
    assert set(workspace.store.history().exposure["unit"]) == {"Noordzuid", "West"}


def test_a_split_puts_earlier_rows_under_the_part_each_person_went_to(workspace: Workspace, tmp_path: Path) -> None:
    """Ten welders went to one part, ten fitters to the other; a fitter who left earlier belongs to the part of the fitters."""
    bring(
        workspace,
        workbook(tmp_path / "voor.xlsx", staff((0, 10, "Hal", "Lasser"), (10, 21, "Hal", "Monteur"), (30, 40, "Zorg", "A"))),
        FIRST,
    )
    file = changed(tmp_path, (0, 10, "Hal lassen", "Lasser"), (10, 20, "Hal montage", "Monteur"), (30, 40, "Zorg", "A"))
    draft = importing.check(HR, workspace, file, file.name, Options(as_of=SECOND))
    assert set(draft.names["change"]) == {"split"}
    importing.save(HR, workspace, draft)
    exposure = workspace.store.history().exposure
    assert set(exposure["unit"]) == {"Hal lassen", "Hal montage", "Zorg"}
    assert exposure.groupby("unit")[[str(cause) for cause in EXITS]].sum().sum(axis=1).to_dict() == {
        "Hal lassen": 0,
        "Hal montage": 1,
        "Zorg": 0,
    }
    assert moved(workspace) == 0
    importing.undo_last(HR, workspace)
    assert set(workspace.store.cohorts().frame["unit"]) == {"Hal", "Zorg"}
    no = tuple((row["level"], row["old"], row["new"], False) for row in draft.names.to_dict(orient="records"))
    importing.save(HR, workspace, importing.check(HR, workspace, file, file.name, Options(as_of=SECOND, renames=no)))
    assert moved(workspace) == 20


def test_a_part_that_got_a_name_of_its_own_is_only_followed_when_told_so(workspace: Workspace, tmp_path: Path) -> None:
    bring(workspace, workbook(tmp_path / "voor.xlsx", staff((0, 30, "Hal", "A"))), FIRST)
    file = changed(tmp_path, (0, 20, "Hal", "A"), (20, 30, "Nieuwe hal", "A"))
    draft = importing.check(HR, workspace, file, file.name, Options(as_of=SECOND))
    assert draft.names[["change", "same"]].to_numpy().tolist() == [["split_off", False]]
    told = importing.check(HR, workspace, file, file.name, Options(as_of=SECOND, renames=(("unit", "Hal", "Nieuwe hal", True),)))
    importing.save(HR, workspace, told)
    assert moved(workspace) == 0
    assert workspace.store.history().exposure.groupby("unit")["person_years"].sum().round().to_dict() == {"Hal": 20, "Nieuwe hal": 10}


def test_a_renamed_role_inside_a_stacked_file(workspace: Workspace, tmp_path: Path) -> None:
    rows = [("Peildatum", *HEADERS)]
    rows += [(FIRST, *row) for row in staff((0, 12, "Zorg", "Verzorgende"))[1:]]
    rows += [(SECOND, *row) for row in staff((0, 12, "Zorg", "Verzorgende IG"))[1:]]
    file = workbook(tmp_path / "a.xlsx", rows)
    draft = importing.check(HR, workspace, file, file.name, Options(today=date(2026, 2, 1)))
    assert draft.names[["level", "old", "new", "since"]].to_numpy().tolist() == [["role", "Verzorgende", "Verzorgende IG", SECOND]]
    importing.save(HR, workspace, draft)
    assert moved(workspace) == 0


def test_the_command_line_takes_the_same_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = tmp_path / "w.duckdb"
    before = workbook(tmp_path / "voor.xlsx", staff((0, 20, "Zorg", "A"), (20, 40, "Techniek", "Sr. monteur")))
    after = workbook(tmp_path / "na.xlsx", staff((0, 20, "Zorg en welzijn", "A"), (20, 40, "Techniek", "Sr. monteur")))

    def run(*arguments: str) -> dict:
        with pytest.raises(SystemExit) as end:
            cli([*arguments, "--database", str(database), "--json"])
        assert end.value.code == 0
        return json.loads(capsys.readouterr().out)

    run("import", str(before), "--as-of", str(FIRST))
    mapping = tmp_path / "keuzes.json"
    with Workspace.open(database) as workspace:
        options = Options(as_of=SECOND, values={"role": {"Sr. monteur": "Senior monteur"}}, answers={"date_order": "dmy"})
        draft = importing.check(HR, workspace, after, after.name, options)
        mapping.write_text(importing.mapping_file(HR, draft), encoding="utf-8")
    content = json.loads(mapping.read_text(encoding="utf-8"))
    assert content["renames"] == [
        {"level": "unit", "old": "Zorg", "new": "Zorg en welzijn", "same": True},
        {"level": "role", "old": "Sr. monteur", "new": "Senior monteur", "same": True},
    ], "a name that was mapped is a new name for the earlier upload too"
    content["renames"][0]["same"] = False
    mapping.write_text(json.dumps(content), encoding="utf-8")
    told = run("import", str(after), "--as-of", str(SECOND), "--mapping", str(mapping))
    assert [(row["old"], row["same"]) for row in told["renames"]] == [("Zorg", False), ("Sr. monteur", True)]
    with Workspace.open(database) as workspace:
        moves = workspace.store.history().moves
        assert moves[["from_unit", "to_unit", "people"]].to_numpy().tolist() == [["Zorg", "Zorg en welzijn", 20]]
        assert set(workspace.store.history().exposure["role"]) == {"A", "Senior monteur"}


@pytest.mark.parametrize(("language", "answer"), [("nl", "als dezelfde geteld"), ("en", "counted as the same")])
def test_the_command_line_says_which_names_it_took_for_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, answer: str
) -> None:
    before = workbook(tmp_path / "voor.xlsx", staff((0, 20, "Zorg", "A"), (20, 40, "Techniek", "B")))
    after = workbook(tmp_path / "na.xlsx", staff((0, 20, "Zorg en welzijn", "A"), (20, 40, "Techniek", "B")))
    for file, day in ((before, FIRST), (after, SECOND)):
        with pytest.raises(SystemExit):
            cli(["import", str(file), "--as-of", str(day), "--database", str(tmp_path / "w.duckdb"), "--language", language])
    line = next(text for text in capsys.readouterr().out.splitlines() if "Zorg en welzijn" in text)
    assert "Zorg" in line
    assert "20" in line
    assert answer in line
    assert "--mapping" in line


def test_what_a_renamed_firm_looks_like_in_a_frame(workspace: Workspace, tmp_path: Path) -> None:
    """People who moved to a department that was there before are movers, whatever their number."""
    bring(workspace, workbook(tmp_path / "voor.xlsx", staff((0, 20, "Zorg", "A"), (20, 40, "Techniek", "A"))), FIRST)
    draft = bring(workspace, changed(tmp_path, (0, 10, "Zorg", "A"), (10, 40, "Techniek", "A")), SECOND)
    assert draft.names.empty
    assert moved(workspace) == 10
    assert isinstance(draft.names, pd.DataFrame)

"""Lines about skills, courses and wishes of somebody who is in no staff list: kept, and said before it is saved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.intake_files import AS_OF, HEADERS, people, workbook
from workflows import importing
from workflows.importing import Options
from workflows.types import Viewer
from workflows.workspace import Workspace

HR = Viewer.local()
BY_NAME = [["Competentie", "Jan Jansen", "Piet de Vries", "00003"], ["Lassen", 3, None, 1], ["Solderen", 0, 5, 2]]
BY_ID = [["Personeelsnummer", "Vaardigheid", "Niveau"], ["00001", "Lassen", 3], ["00002", "Lassen", 4]]
WISHES = [["Personeelsnummer", "Gewenste functie", "Meer uren"], ["00001", "Functie 1", "ja"], ["77777", "Functie 1", "nee"]]


def said(draft: importing.Draft) -> dict[str, tuple[int, object, str]]:
    """{sheet: (lines, people, example)} of what is said about people in no list."""
    return {
        report.sheet: (finding.count, finding.params["people"], finding.example)
        for report in draft.reports
        for finding in report.findings
        if finding.reason == "people_not_in_list"
    }


def test_a_matrix_headed_by_names_is_said_to_be_about_nobody_in_the_list(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", {"Personeel": [HEADERS, *people(5)], "Skills": BY_NAME, "Wensen": WISHES})
    draft = importing.check(HR, None, whole, whole.name, Options(as_of=AS_OF))
    assert said(draft) == {"Skills": (3, 2, ""), "Wensen": (1, 1, "")}, "no name is an example on a screen"
    assert not draft.blocked
    good = workbook(tmp_path / "b.xlsx", {"Personeel": [HEADERS, *people(5)], "Skills": BY_ID})
    assert not said(importing.check(HR, None, good, good.name, Options(as_of=AS_OF)))


def test_a_file_without_a_staff_list_is_held_against_the_one_that_is_stored(tmp_path: Path) -> None:
    staff = workbook(tmp_path / "staff.xlsx", [HEADERS, *people(3)])
    named, ids = workbook(tmp_path / "n.xlsx", {"Skills": BY_NAME}), workbook(tmp_path / "i.xlsx", {"Skills": BY_ID})
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        assert not said(importing.check(HR, workspace, named, "n.xlsx")), "the staff list may come later"
        importing.save(HR, workspace, importing.check(HR, workspace, staff, "staff.xlsx", as_of=date(2026, 1, 1)))
        assert said(importing.check(HR, workspace, named, "n.xlsx")) == {"Skills": (3, 2, "")}
        draft = importing.check(HR, workspace, ids, "i.xlsx")
        assert not said(draft)
        importing.save(HR, workspace, importing.check(HR, workspace, named, "n.xlsx"))
        assert said(importing.check(HR, workspace, named, "n.xlsx")), "a line about skills makes nobody staff"


def test_numbers_that_other_sheets_write_in_another_way_are_said(tmp_path: Path) -> None:
    sheets = {
        "Personeel": [HEADERS, *people(5)],
        "Uitdienst": [["Personeelsnummer", "Datum uit dienst"], [1, date(2025, 3, 1)], [99, date(2025, 4, 1)], ["00003", date(2025, 4, 1)]],
        "Skills": [["Personeelsnummer", "Vaardigheid", "Niveau"], [2, "Lassen", 3], [2, "Solderen", 3], ["00003", "Lassen", 0]],
    }
    path = workbook(tmp_path / "a.xlsx", sheets)
    draft = importing.check(HR, None, path, path.name, Options(as_of=AS_OF))
    told = {report.sheet: f for report in draft.reports for f in report.findings if f.reason == "ids_of_the_list_differ"}
    assert {sheet: (f.count, f.params["people"], f.example) for sheet, f in told.items()} == {
        "Uitdienst": (1, 1, "1 / 00001"),
        "Skills": (2, 1, "2 / 00002"),
    }


def test_roles_and_departments_of_other_sheets_are_spelled_as_in_the_list(tmp_path: Path) -> None:
    posts = [["Afdeling", "Functie", "Formatie fte"], ["zorg", "FUNCTIE 1", 3], ["Zorg", "Functie  2", 2], ["Elders", "Functie 9", 1]]
    needs = [["Functie", "Vaardigheid", "Vereist niveau"], ["functie 1", "Lassen", 3]]
    staff = workbook(tmp_path / "staff.xlsx", {"Personeel": [HEADERS, *people(5)], "Formatie": posts})
    alone = workbook(tmp_path / "needs.xlsx", {"Eisen": needs})
    draft = importing.check(HR, None, staff, "staff.xlsx", Options(as_of=AS_OF))
    assert draft.imported.frames["formation"][["unit", "role"]].to_numpy().tolist() == [
        ["Zorg", "Functie 1"],
        ["Zorg", "Functie 2"],
        ["Elders", "Functie 9"],
    ]
    assert "spelling_of_the_list" in {finding.reason for report in draft.reports for finding in report.findings}
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        importing.save(HR, workspace, importing.check(HR, workspace, staff, "staff.xlsx", as_of=date(2026, 1, 1)))
        later = importing.check(HR, workspace, alone, "needs.xlsx")
        assert later.imported.frames["requirements"]["role"].tolist() == ["Functie 1"], "the list that is stored tells it"


def test_who_left_by_one_sheet_and_is_here_by_the_other_is_said(tmp_path: Path) -> None:
    gone = [["00001", date(2025, 3, 1)], ["00002", date(2026, 4, 1)], ["00003", date(2005, 4, 1)], ["77777", date(2025, 4, 1)]]
    sheets = {"Personeel": [HEADERS, *people(5)], "Uitdienst": [["Personeelsnummer", "Datum uit dienst"], *gone]}
    path = workbook(tmp_path / "a.xlsx", sheets)
    draft = importing.check(HR, None, path, path.name, Options(as_of=AS_OF))
    told = [finding for finding in draft.reports[1].findings if finding.reason == "left_and_still_listed"]
    assert [(finding.count, finding.example) for finding in told] == [(1, "00001")], "later, hired again since, and unknown are no clash"

"""Skill matrices: every cell becomes a line or is said, whichever way people and skills stand."""

from __future__ import annotations

from pathlib import Path

from intake import Import
from tests.intake_files import found, read, silent, staff, workbook


def levels(result: Import) -> dict[tuple[str, str], float]:
    frame = result.frames["skills"]
    return {(who, skill): level for who, skill, level in frame[["employee_id", "skill", "level"]].itertuples(index=False)}


def test_a_column_that_is_no_skill_is_said_and_a_sensitive_one_refused(tmp_path: Path) -> None:
    rows = [
        ["Personeelsnummer", "Naam", "BSN", "Afdeling", "Lassen", "Solderen", None, "Frezen", "Kennis delen"],
        ["001", "A", "111222333", "X", 1, 2, 3, "2*", 0],
        ["002", "B", "111222334", "X", 5, None, 4, "in opl.", 5],
        ["003", "C", "111222335", "Y", 4, 0, 3, "3*", 3],
    ]
    result = read(workbook(tmp_path / "a.xlsx", {"Matrix": rows}))
    assert {skill for _, skill in levels(result)} == {"Lassen", "Solderen"}
    left = {finding.column: finding.rows for finding in result.main.findings if finding.reason == "matrix_column_left_out"}
    assert left == {"G": (2, 3, 4), "Frezen": (2, 3, 4), "Kennis delen": (2, 3, 4)}
    assert found(result, "sensitive_column").column == "BSN"


def test_a_row_of_levels_without_its_person_is_said(tmp_path: Path) -> None:
    people = [[f"{number:03d}", 3, 4] for number in range(6)]
    below = [[], [None, "0 = geen", "5 = leert aan"]]
    rows = [["Personeelsnummer", "Lassen", "Solderen"], people[0], [None, 1, 2], *people[1:], *below]
    result = read(workbook(tmp_path / "a.xlsx", {"Skills": rows}))
    assert set(found(result, "no_person_in_row").rows) == {3}
    assert len(levels(result)) == 12


def test_one_word_under_two_groups_is_two_skills(tmp_path: Path) -> None:
    rows = [
        [None, "Engels", None, "Duits", None],
        ["Personeelsnummer", "Spreken", "Schrijven", "Spreken", "Lezen"],
        *([f"{number:03d}", 5, 4, 1, 0] for number in range(6)),
    ]
    result = read(workbook(tmp_path / "a.xlsx", {"Vaardigheden": rows}))
    assert {skill: level for (who, skill), level in levels(result).items() if who == "000"} == {
        "Engels / Spreken": 5,
        "Schrijven": 4,
        "Duits / Spreken": 1,
        "Lezen": 0,
    }
    assert silent(result, "skill_twice")


def test_a_person_in_two_rows_with_other_levels_is_said(tmp_path: Path) -> None:
    rows = [["Personeelsnummer", "Lassen", "Solderen"], ["001", 3, 4], ["002", 2, 2], ["001", 5, 4]]
    assert found(read(workbook(tmp_path / "a.xlsx", {"Skills": rows})), "skill_twice").rows == (4,)


def test_skills_whose_names_begin_with_total_stay(tmp_path: Path) -> None:
    rows = [["Vaardigheid", "00001", "00002"], ["Total Productive Maintenance", 3, 5], ["Lassen", 1, 2], ["Totaal", 4, 7]]
    assert set(levels(read(workbook(tmp_path / "a.xlsx", {"Skills": rows})))) == {
        ("00001", "Total Productive Maintenance"),
        ("00002", "Total Productive Maintenance"),
        ("00001", "Lassen"),
        ("00002", "Lassen"),
    }


def test_marks_about_somebody_or_about_months_are_no_skills(tmp_path: Path) -> None:
    marked = [[f"{number:03d}", 3, 4, 2, 5] for number in range(8)]
    known = [["Personeelsnummer", "Lassen", "Solderen", "Beoordeling 2024", "Ziekmeldingen"], *marked]
    result = read(workbook(tmp_path / "a.xlsx", {"Matrix": known}))
    assert {skill for _, skill in levels(result)} == {"Lassen", "Solderen"}
    assert [finding.column for finding in result.main.findings if finding.reason == "sensitive_column"] == known[0][3:]
    sheets = {
        "Personeel": staff(8),
        "Verlofdagen": [["Nr", "Jan", "Feb", "Mrt", "Apr"], *marked],
        "Beoordelingen": [["Nr", "A", "B"], *marked],
    }
    other = read(workbook(tmp_path / "b.xlsx", sheets))
    assert [report.kind for report in other.reports] == ["employees"]


def test_a_sheet_that_says_nowhere_that_it_holds_skills_is_said_to_be_read_so(tmp_path: Path) -> None:
    marked = [[f"{number:05d}", 3, 4, 2] for number in range(1, 9)]
    sheets = {"Personeel": staff(8), "Blad2": [["Nr", "Lassen", "Solderen", "Frezen"], *marked]}
    result = read(workbook(tmp_path / "a.xlsx", sheets))
    [said] = [finding for finding in result.reports[1].findings if finding.reason == "matrix_taken_for_skills"]
    assert (said.count, said.example) == (3, "Lassen")


def test_words_for_nothing_among_the_marks_leave_a_column_what_it_is(tmp_path: Path) -> None:
    rows = [["Personeelsnummer", "Lassen", "Solderen"], ["001", "3,5", "4"], ["002", "2", "n.v.t."], ["003", "x", "onbekend"]]
    assert set(levels(read(workbook(tmp_path / "a.xlsx", {"Matrix": rows})))) == {
        ("001", "Lassen"),
        ("001", "Solderen"),
        ("002", "Lassen"),
        ("003", "Lassen"),
    }


def test_a_column_that_is_left_out_of_a_matrix_headed_by_people_is_said_without_its_name(tmp_path: Path) -> None:
    rows = [
        ["Competentie", "Jan Jansen", "Piet de Vries", "Anna Straat"],
        *([skill, 3, 4, "in opleiding"] for skill in ("Lassen", "Frezen", "CNC")),
    ]
    result = read(workbook(tmp_path / "a.xlsx", {"Skills": rows}))
    assert found(result, "matrix_column_left_out").column == "D"
    assert silent(result, "sensitive_column")

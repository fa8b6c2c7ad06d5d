"""Who is who: one number of several people, several lines of one person, hired people, no number. Numbers: docs/import_faults.md."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from intake import Severity
from tests.intake_files import HEADERS, found, people, read, silent, staff, table, workbook


def test_06_same_id_different_people_are_all_kept(tmp_path: Path) -> None:
    rows = people(10)
    rows[4][0] = rows[7][0] = rows[1][0]
    result = read(workbook(tmp_path / "a.xlsx", [HEADERS, *rows]))
    assert (result.main.rows_kept, result.main.people) == (10, 10)
    assert found(result, "id_shared_by_people").count == 2
    frame = result.frames["employees"]
    assert frame["person"].is_unique
    assert frame["employee_id"].nunique() == 8


def test_07_several_lines_of_one_person_count_once_with_summed_fte(tmp_path: Path) -> None:
    rows = people(6)
    second = [*rows[0][:3], "Kantoor", "Functie 9", 0.2]
    ended = [*rows[1][:2], date(2005, 1, 1), *rows[1][3:5], 1.0]
    lines = [[*row, None] for row in rows] + [[*second, None], [*ended, date(2008, 12, 31)]]
    lines[0][5], lines[1][2] = 0.6, date(2011, 3, 1)
    result = read(workbook(tmp_path / "a.xlsx", [[*HEADERS, "Datum uit dienst"], *lines]))
    frame = result.frames["employees"].set_index("employee_id")
    assert (result.main.rows_kept, result.main.people, result.main.active) == (8, 6, 6)
    assert frame.loc["00001", "fte"] == pytest.approx(0.8)
    assert frame.loc["00001", "unit"] == rows[0][3]
    assert frame.loc["00002", "hire_date"] == pd.Timestamp(2011, 3, 1)
    assert pd.isna(frame.loc["00002", "leave_date"])
    assert found(result, "several_lines_per_person").count == 2


def test_15_ids_stay_text(tmp_path: Path) -> None:
    ids = ["000123", "00-0037846", "a3f5c9d2e8b714608842", "1234.0", "20"]
    result = read(workbook(tmp_path / "a.xlsx", table({"Personeelsnummer": ids})))
    assert result.frames["employees"]["employee_id"].tolist() == ["000123", "00-0037846", "a3f5c9d2e8b714608842", "1234", "20"]
    lost = read(workbook(tmp_path / "b.xlsx", table({"Personeelsnummer": ["1,23457E+15", "1,23458E+15", "3"]})))
    assert found(lost, "id_lost_in_excel").severity == Severity.ERROR
    assert lost.blocked
    near = read(workbook(tmp_path / "c.xlsx", table({"Personeelsnummer": ["00012", "12", "a 7", "A7"]})))
    assert found(near, "ids_nearly_equal").count == 2
    assert near.main.people == 4


def test_23_rows_without_a_person_are_vacancies(tmp_path: Path) -> None:
    vacant = [[None, None, None, "Zorg", "Functie 1", 0.9], [None, None, None, "Kantoor", "Functie 2", 1.0]]
    result = read(workbook(tmp_path / "a.xlsx", [*staff(6), *vacant]))
    assert (result.main.people, result.main.rows_kept) == (6, 8)
    assert found(result, "vacancy_rows").rows == (8, 9)
    assert result.frames["vacancies"]["vacancies_fte"].tolist() == [0.9, 1.0]


def test_24_mixed_populations_are_kept_apart(tmp_path: Path) -> None:
    kinds = ["Onbepaalde tijd", "Bepaalde tijd", "Oproepkracht", "BBL", "Uitzendkracht", "ZZP", "Stagiair", "Nabetaling na uitdienst"]
    births = [date(1980, 1, 1)] * 4 + [date(1955, 1, 1), date(1980, 1, 1), date(2011, 6, 1), date(1980, 1, 1)]
    result = read(
        workbook(tmp_path / "a.xlsx", table({"Soort contract": kinds, "Geboortedatum": births, "Datum in dienst": [date(2025, 1, 1)] * 8}))
    )
    frame = result.frames["employees"]
    assert frame["contract_type"].tolist() == ["permanent", "fixed", "oncall", "apprentice", "", "", "intern"]
    assert frame["population"].tolist() == ["own"] * 4 + ["flex"] * 2 + ["own"]
    assert result.main.active == 5
    assert found(result, "payment_row").rows == (9,)
    assert found(result, "age_unlikely").rows == (8,)


def test_more_no_id_at_all(tmp_path: Path) -> None:
    rows = [["Naam", *HEADERS[1:]], *([f"Jan {row[0]}", *row[1:]] for row in people(6))]
    result = read(workbook(tmp_path / "a.xlsx", rows))
    assert result.main.people == 6
    assert found(result, "no_employee_id").params["made_from"] == "name"
    assert not result.frames["employees"]["employee_id"].str.contains("Jan").any()
    again = read(workbook(tmp_path / "b.xlsx", [rows[0], *reversed(rows[1:])]))
    assert set(again.frames["employees"]["employee_id"]) == set(result.frames["employees"]["employee_id"])
    bare = read(workbook(tmp_path / "c.xlsx", [row[1:] for row in rows]))
    assert found(bare, "no_employee_id").params["made_from"] == "row"


def test_more_missing_id_in_one_row_is_kept_and_named(tmp_path: Path) -> None:
    rows = people(6)
    rows[2][0] = None
    result = read(workbook(tmp_path / "a.xlsx", [HEADERS, *rows]))
    assert result.main.people == 6
    assert found(result, "missing_employee_id").rows == (4,)


def test_more_identical_rows_count_once(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "a.xlsx", [*staff(6), people(6)[3]]))
    assert (result.main.people, result.main.rows_rejected) == (6, 1)
    assert found(result, "identical_row").rows == (8,)


def test_07_a_line_for_every_contract_sums_only_what_still_runs(tmp_path: Path) -> None:
    headers = ["Personeelsnummer", "Geboortedatum", "Ingangsdatum", "Einddatum contract", "Functie", "FTE", "Soort contract"]
    was = [
        [row[0], row[1], date(year, 1, 1), date(year, 12, 31), "Hulp", 0.8, "Bepaalde tijd"] for row in people(6) for year in (2018, 2019)
    ]
    now = [[row[0], row[1], date(2020, 1, 1), None, row[4], 1.0, "Onbepaalde tijd"] for row in people(5)]
    result = read(workbook(tmp_path / "a.xlsx", [headers, *was, *now]))
    frame = result.frames["employees"].set_index("employee_id").sort_index()
    assert (result.main.rows_kept, result.main.people, result.main.active) == (17, 6, 6)
    assert frame["fte"].tolist() == [1.0] * 5 + [0.8]
    assert frame["contract_type"].tolist() == ["permanent"] * 5 + ["fixed"], "who has no newer contract is still there"
    assert (frame["hire_date"] == pd.Timestamp(2018, 1, 1)).all(), "a contract that follows another is no new employment"
    assert "fte_sum_high" not in {finding.reason for finding in result.main.findings}


def test_24_words_for_hired_people_that_nobody_knows_are_said(tmp_path: Path) -> None:
    kinds = ["Eigen", "Inhuurkracht", "zzp’er", "Externe inhuur", "ZZP-er", "In dienst", "Poolmedewerker", "Stagiair", None]
    result = read(workbook(tmp_path / "a.xlsx", table({"Soort medewerker": kinds})))
    assert result.frames["employees"]["population"].tolist() == ["own", *["flex"] * 4, *["own"] * 4]
    said = found(result, "unknown_population")
    assert (said.rows, said.example) == ((8,), "Poolmedewerker")


@pytest.mark.parametrize(("yes", "no"), [("ja", "nee"), ("x", None), (1, 0)])
def test_24_a_column_that_asks_whether_somebody_is_hired(tmp_path: Path, yes: object, no: object) -> None:
    for header in ("Inhuur", "Extern"):
        result = read(workbook(tmp_path / "a.xlsx", table({header: [no] * 9 + [yes] * 3})))
        assert (result.frames["employees"]["population"] == "flex").tolist() == [False] * 9 + [True] * 3
        assert (result.main.people, result.main.active) == (12, 9)
        assert silent(result, "unknown_population")


def test_18_one_person_under_two_numbers_is_said(tmp_path: Path) -> None:
    headers = ["Personeelsnummer", "Voornaam", "Achternaam", "Geboortedatum", "Datum uit dienst", "Afdeling", "Functie"]
    born = date(1980, 5, 2)
    rows: list[list[object]] = [
        ["1", "Jan", "Jansen", born, None, "A", "X"],
        ["2", "Piet", "Jansen", born, None, "A", "X"],
        ["3", "Jan", "Jansen", date(1981, 5, 2), None, "A", "X"],
        ["4", "Kees", "Bos", date(1970, 1, 1), date(2020, 1, 1), "A", "X"],
        ["5", "Kees", "Bos", date(1970, 1, 1), None, "A", "X"],
        ["1", "Jan", "Jansen", born, None, "B", "Y"],
    ]
    assert silent(read(workbook(tmp_path / "a.xlsx", [headers, *rows])), "one_person_two_numbers"), "two jobs, and hired again"
    twice = read(workbook(tmp_path / "b.xlsx", [headers, *rows, ["90", "Jan", "Jansen", born, None, "C", "Z"]]))
    said = found(twice, "one_person_two_numbers")
    assert (said.rows, said.example) == ((8,), "")
    alone = [[*row[:1], row[2], *row[3:]] for row in rows]
    assert silent(read(workbook(tmp_path / "c.xlsx", [[*headers[:1], *headers[2:]], *alone])), "one_person_two_numbers"), "only last names"


def test_18_one_person_twice_in_a_list_without_numbers_is_said(tmp_path: Path) -> None:
    headers = ["Naam", "Geboortedatum", "Afdeling", "Functie", "FTE"]
    born = date(1980, 1, 1)
    rows = [["Jan Jansen", born, "A", "X", 0.5], ["Jan Jansen", born, "B", "Y", 0.5], ["P Bos", born, "B", "Y", 1]]
    assert found(read(workbook(tmp_path / "a.xlsx", [headers, *rows])), "one_person_two_numbers").rows == (3,)

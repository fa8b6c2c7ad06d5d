"""The other sheets, skill scales and matrices, and the proposals: roles, renames, mappings kept as JSON."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import Refusal
from analytics.renames import find_renames
from intake import Options
from intake.mapping import from_json, to_json
from intake.proposals import canonical, propose_roles
from tests.intake_files import HEADERS, read, staff, workbook


def test_roles_formation_departures_and_vacancies(tmp_path: Path) -> None:
    sheets = {
        "Personeel": staff(5),
        "Functies": [
            ["Functie", "ISCO-08", "Kritiek", "Zwaar werk", "Kosten per fte"],
            ["Functie 1", "7126", "ja", "x", "62.000"],
            ["Functie 2", "geen code", "nee", None, 50000],
        ],
        "Formatie": [
            ["Vestiging", "Afdeling", "Functie", "Formatie fte", "Vacatures fte", "Groei % per jaar"],
            ["M", "Zorg", "Functie 1", "12,5", 1, "2%"],
            ["M", "Zorg", "Functie 1", 2.5, None, "2%"],
        ],
        "Uitdienst": [
            ["Personeelsnummer", "Datum uit dienst", "Reden uit dienst"],
            ["9", date(2025, 3, 1), "20"],
            ["8", date(2025, 4, 1), "51"],
            ["7", date(2025, 5, 1), "90"],
            ["6", "31-02-2025", "30"],
        ],
        "Vacatures": [["Functie", "Afdeling", "Open sinds", "FTE"], ["Functie 1", "Zorg", date(2025, 11, 1), 0.8]],
    }
    result = read(workbook(tmp_path / "a.xlsx", sheets))
    assert {report.kind: (report.rows_kept, report.rows_rejected) for report in result.reports} == {
        "employees": (5, 0),
        "roles": (2, 0),
        "formation": (2, 0),
        "departures": (2, 2),
        "vacancies": (1, 0),
    }
    roles = result.frames["roles"].set_index("role")
    assert roles.loc["Functie 1"].to_dict() == {
        "isco": "7126",
        "critical": True,
        "heavy": True,
        "apprentice": False,
        "hire_fte": pytest.approx(np.nan, nan_ok=True),
        "cost": 62000.0,
    }
    assert roles.loc["Functie 2", "isco"] == ""
    formation = result.frames["formation"]
    assert formation[["establishment_fte", "vacancies_fte", "growth"]].to_numpy().tolist() == [[15.0, 1.0, 0.02]]
    assert result.frames["departures"]["leave_reason"].tolist() == ["resignation", "retirement"]
    assert result.frames["vacancies"]["vacancies_fte"].tolist() == [0.8]


def test_skill_matrix_with_people_as_rows_or_as_columns(tmp_path: Path) -> None:
    as_rows = [
        ["Legenda: 0 = geen, 5 = expert"],
        [],
        ["Personeelsnummer", "Lassen", "Solderen", "Meten"],
        ["001", 3, None, 5],
        ["002", None, 2, 0],
        ["003", 1, 1, None],
    ]
    first = read(workbook(tmp_path / "a.xlsx", {"Vaardigheden": as_rows})).frames["skills"]
    as_columns = [["Vaardigheid", "001", "002", "003"], ["Lassen", 3, None, 1], ["Solderen", None, 2, 1], ["Meten", 5, 0, None]]
    second = read(workbook(tmp_path / "b.xlsx", {"Vaardigheden": as_columns})).frames["skills"]
    key = ["employee_id", "skill"]
    pd.testing.assert_frame_equal(first.sort_values(key, ignore_index=True), second.sort_values(key, ignore_index=True))
    assert len(first) == 6
    named_after_people = [["Personeelsnummer", *as_columns[0][1:]], *as_columns[1:]]
    third = read(workbook(tmp_path / "d.xlsx", {"Vaardigheden": named_after_people})).frames["skills"]
    pd.testing.assert_frame_equal(second, third)
    marks = [["Personeelsnummer", "Lassen", "Solderen"], ["001", "x", None], ["002", "o", "x"]]
    assert read(workbook(tmp_path / "c.xlsx", {"Matrix": marks})).frames["skills"]["level"].tolist() == [3, 0, 3]


def test_requirements_trainings_and_wishes(tmp_path: Path) -> None:
    sheets = {
        "Personeel": staff(3),
        "Eisen": [
            ["Functie", "Vaardigheid", "Vereist niveau", "Verplicht"],
            ["Functie 1", "Lassen", 4, "ja"],
            ["Functie 1", None, 4, "ja"],
        ],
        "Opleidingen": [["Personeelsnummer", "Cursus", "Behaald op", "Geldig tot"], ["00001", "NEN 3140", "10-10-2025", "10-10-2028"]],
        "Wensen": [["Personeelsnummer", "Gewenste functie", "Bereid tot meer uren"], ["00001", "Planner", "ja"], ["00002", None, "nee"]],
    }
    result = read(workbook(tmp_path / "a.xlsx", sheets))
    assert result.frames["requirements"][["required_level", "mandatory"]].to_numpy().tolist() == [[4.0, True]]
    assert result.frames["trainings"]["expiry_date"].tolist() == [pd.Timestamp(2028, 10, 10)]
    assert result.frames["wishes"]["more_hours"].tolist() == ["yes", "no"]
    assert [report.rows_rejected for report in result.reports if report.kind == "requirements"] == [1]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Verpleegkundige (m/v)", "verpleegkundige"),
        ("Mdw. HR", "Medewerker Human Resources"),
        ("Sr. Analyst", "Senior Analyst"),
        ("Monteur schaal 8", "Monteur"),
        ("Docent 3", "Docent"),
        ("Adviseur II", "Adviseur"),
        ("Medewerkster Financiën", "Medewerker financien"),
        ("Hoofd van de afdeling", "Hfd. afd."),
    ],
)
def test_titles_that_mean_the_same(left: str, right: str) -> None:
    assert canonical(left) == canonical(right)


def test_proposals_name_the_most_used_title_and_never_apply_likeness_alone() -> None:
    titles = {"Verpleegkundige": 40, "Verpleegkundige (m/v)": 3, "verpl. niv": 1, "Verpleegkundgie": 2, "Monteur W": 9, "Monteur E": 8}
    found = propose_roles(titles).set_index("title")
    assert found.loc["Verpleegkundige (m/v)", ["proposed", "why"]].tolist() == ["Verpleegkundige", "same"]
    assert found.loc["Verpleegkundgie", ["proposed", "why"]].tolist() == ["Verpleegkundige", "similar"]
    assert found.loc["Monteur E", ["proposed", "why"]].tolist() == ["Monteur E", "own"]
    graded = propose_roles({"Accountant I": 79, "Accountant II": 90, "Accountant IV": 8, "Lasser B (m/v)": 3})
    assert graded["proposed"].tolist() == ["Accountant"] * 3 + ["Lasser B (m/v)"]
    known = propose_roles({"Mdw. HR": 5}, known=["Medewerker human resources"])
    assert known[["proposed", "why"]].to_numpy().tolist() == [["Medewerker human resources", "known"]]


def snapshot(*groups: tuple[int, int, str, str]) -> pd.DataFrame:
    """People first to last (exclusive) in a unit and role."""
    return pd.DataFrame(
        [(f"p{number}", unit, role) for first, last, unit, role in groups for number in range(first, last)],
        columns=["person", "unit", "role"],
    )


def test_renames_merges_and_splits_are_seen_and_moves_are_not() -> None:
    before = snapshot(
        (0, 20, "Zorg", "A"), (20, 40, "Techniek", "B"), (40, 50, "Noord", "C"), (50, 60, "Zuid", "C"), (60, 80, "Groot", "D")
    )
    after = snapshot(
        (0, 18, "Zorg & Welzijn", "A"),
        (20, 36, "Techniek", "B"),
        (36, 40, "Groot 1", "B"),
        (40, 60, "Noordzuid", "C"),
        (60, 70, "Groot 1", "D"),
        (70, 80, "Groot 2", "D"),
    )
    found = {(row.level, row.change, row.old, row.new) for row in find_renames(before, after).itertuples()}
    assert found == {
        ("unit", "rename", "Zorg", "Zorg & Welzijn"),
        ("unit", "merge", "Noord", "Noordzuid"),
        ("unit", "merge", "Zuid", "Noordzuid"),
        ("unit", "split", "Groot", "Groot 1"),
        ("unit", "split", "Groot", "Groot 2"),
    }
    assert find_renames(before, before).empty
    moved = snapshot(
        (0, 2, "Techniek", "A"),
        (2, 20, "Zorg", "A"),
        (20, 40, "Techniek", "B"),
        (40, 50, "Noord", "C"),
        (50, 60, "Zuid", "C"),
        (60, 80, "Groot", "D"),
    )
    assert find_renames(before, moved).empty


def test_a_mapping_goes_out_as_json_and_comes_back(tmp_path: Path) -> None:
    rows = [["Kolom A", *HEADERS[1:]], *staff(12)[1:]]
    path = workbook(tmp_path / "a.xlsx", rows)
    options = Options(
        mapping={"employee_id": "Kolom A", "unit": "Functie"}, answers={"date_order": "dmy"}, values={"role": {"Zorg": "Zorgverlener"}}
    )
    first = read(path, mapping=options.mapping, values=options.values)
    again = from_json(to_json(first.main, options), Options())
    second = read(path, mapping=again.mapping, answers=again.answers, values=again.values)
    assert second.main.mapping == first.main.mapping
    pd.testing.assert_frame_equal(second.frames["employees"], first.frames["employees"])
    assert from_json('{"unit": "Functie"}', Options()).mapping == {"unit": "Functie"}
    for text, code in (
        ("[]", "mapping_file_invalid"),
        ("{", "mapping_file_invalid"),
        ('{"unit": 3}', "mapping_file_invalid"),
        ('{"shoe": "x"}', "mapping_field_unknown"),
        ("[" * 100_000, "mapping_file_invalid"),
    ):
        with pytest.raises(Refusal) as caught:
            from_json(text, Options())
        assert caught.value.code == code


def test_own_values_replace_texts_before_anything_else(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "a.xlsx", staff(6)), values={"unit": {"Kantoor": "Staf"}})
    assert set(result.frames["employees"]["unit"]) == {"Zorg", "Techniek", "Staf"}


def test_every_column_of_the_sheets_about_skills_is_read(tmp_path: Path) -> None:
    sheets = {
        "Vaardigheden": [
            ["Personeelsnummer", "Vaardigheid", "Niveau", "Beoordeeld op", "Bron", "Certificaat", "Geldig tot"],
            ["001", "Lassen", 4, date(2025, 3, 1), "Leidinggevende", None, None],
            ["002", "Lassen", 2, date(2025, 3, 1), "zelf", None, date(2024, 3, 1)],
            ["003", "VCA", 3, date(2027, 3, 1), None, "ja", date(2025, 6, 1)],
            ["004", "VCA", None, None, "de buurman", "nee", None],
            [None, "VCA", 3, None, "certificaat", None, None],
        ],
        "Eisen": [
            ["Functie", "Vaardigheid", "Vereist niveau", "Belang", "Verplicht", "Aantal nodig", "Verandering aandeel % per jaar"],
            ["Lasser", "Lassen", 4, 3, "ja", 12, 5],
            ["Lasser", "VCA", 2, 9, "misschien", None, -2.5],
            ["Lasser", "VCA", 3, 1, "nee", -4, None],
        ],
        "Opleidingen": [
            ["Opleiding", "Duur (uren)", "Prijs", "Certificaat", "Plaatsen per jaar", "Vaardigheden na afloop", "Eerst nodig"],
            ["VCA", 16, 700, "ja", 60, "VCA 2", None],
            ["Lassen 2", 80, "1.750,00", "nee", 8, "Lassen 3; NEN 3140 niveau 2; meten", "vca"],
            ["Meester", 400, -5, None, None, None, "Lassen 2, Bestaat niet"],
        ],
        "Wensen": [
            ["Persnr", "Minder uren", "Meer uren", "Verdiepen", "Andere richting", "Kennis overdragen", "Buiten het bedrijf", "Stoppen"],
            ["001", "ja", "ja", "ja", None, "nee", None, "eerder"],
            ["002", None, None, "wie weet", "ja", "ja", "ja", "morgen"],
        ],
        "Lijst": [
            ["Vaardigheid", "Groep", "Soort vaardigheid", "Certificaat geldig (jaar)"],
            ["Lassen", "Metaal", "technisch", None],
            ["VCA", "Veilig", "papier", 10],
        ],
    }  # fmt: skip
    result = read(workbook(tmp_path / "a.xlsx", sheets))
    frames, found = result.frames, {finding.reason for report in result.reports for finding in report.findings}
    assert not [column for report in result.reports for column in report.columns if column.use != "used"]
    skills = frames["skills"]
    assert skills["source"].tolist() == ["manager", "self", "certificate"]
    assert skills["expiry_date"].tolist()[1:] == [pd.Timestamp(2024, 3, 1), pd.Timestamp(2025, 6, 1)]
    assert {"expiry_before_assessment", "assessed_in_future", "not_assessed", "no_person_in_row"} <= found
    needs = frames["requirements"]
    assert needs[["weight", "needed_people", "change"]].fillna(-1).to_numpy().tolist() == [[3, 12, 0.05], [-1, -1, -0.025], [1, -1, -1]]
    assert needs["mandatory"].tolist() == [True, False, False]
    assert {"requirement_twice", "number_out_of_range", "answer_unknown"} <= found
    courses = frames["trainings"]
    assert courses["hours"].tolist() == [16, 80, 400], "the same bare header as days, told apart by its unit"
    assert courses["days"].isna().all()
    assert courses["certificate"].tolist() == ["yes", "no", ""]
    assert courses["places"].fillna(-1).tolist() == [60, 8, -1]
    assert courses["cost"].fillna(-1).tolist() == [700, 1750, -1]
    after = frames["training_skills"].to_numpy().tolist()
    assert after == [["VCA", "VCA", 2], ["Lassen 2", "Lassen", 3], ["Lassen 2", "NEN 3140", 2], ["Lassen 2", "meten", 3]]
    assert frames["training_needs"].to_numpy().tolist() == [["Lassen 2", "VCA"], ["Meester", "Lassen 2"]]
    assert {"training_level_assumed", "training_unknown"} <= found
    wishes = frames["wishes"].set_index("employee_id")
    assert wishes.loc["001", ["fewer_hours", "deepen", "other_direction", "teach", "stop_timing"]].tolist() == [
        "yes",
        "yes",
        "",
        "no",
        "earlier",
    ]
    assert wishes.loc["002", ["deepen", "other_direction", "outside_firm", "stop_timing"]].tolist() == ["", "yes", "yes", ""]
    assert "wishes_contradict" in found
    assert frames["skill_list"].fillna(-1).to_numpy().tolist() == [["Lassen", "Metaal", "technical", -1], ["VCA", "Veilig", "", 10]]


def test_a_header_of_another_kind_of_sheet_is_not_called_used(tmp_path: Path) -> None:
    rows = [[*HEADERS, "Bron", "Certificaat", "Score"], *([*row, "Werving", "ja", 4] for row in staff(12)[1:])]
    columns = {column.header: (column.use, column.why) for column in read(workbook(tmp_path / "a.xlsx", rows)).main.columns}
    assert columns["Bron"] == columns["Certificaat"] == columns["Score"] == ("ignored", "other_sheet")
    assert columns["FTE"][0] == "used"


def test_a_role_or_skill_given_twice_in_another_way_is_said(tmp_path: Path) -> None:
    roles = [
        ["Functie", "Kritiek", "Kosten per fte", "Formatie fte"],
        ["A", "ja", 60000, 3],
        ["A", "nee", 75000, 4],
        ["B", "nee", 75000, -4],
    ]
    sheets = {"Personeel": staff(5), "Functies": [*roles, ["C", "nee", 1, 1], ["C", "nee", 1, 1]]}
    result = read(workbook(tmp_path / "a.xlsx", sheets))
    said = {finding.reason: finding for finding in result.reports[1].findings}
    assert (said["name_twice"].rows, said["name_twice"].example) == ((3,), "A")
    assert said["negative_fte"].rows == (4,)
    assert result.frames["roles"]["role"].tolist() == ["A", "B", "C"]
    assert result.frames["formation"].groupby("role")["establishment_fte"].sum().to_dict() == {"A": 7.0, "C": 2.0}
    assert said["same_group_twice"].count == 2


def test_vacancies_that_are_closed_below_zero_or_undated_are_said(tmp_path: Path) -> None:
    headers = ["Functie", "Afdeling", "Open sinds", "FTE", "Status"]
    rows = [
        ["Monteur", "Zorg", "binnenkort", "80%", "Open"],
        ["Monteur", "Zorg", date(2025, 9, 1), 1, "Vervuld"],
        ["Monteur", "Zorg", date(2025, 9, 1), -1, "Open"],
        ["Monteur", "Zorg", "2025-13-01", 2, None],
    ]
    result = read(workbook(tmp_path / "a.xlsx", {"Personeel": staff(5), "Vacatures": [headers, *rows]}))
    assert result.frames["vacancies"]["vacancies_fte"].tolist() == [0.8, 2.0]
    said = {finding.reason: finding for finding in result.reports[1].findings}
    assert said["vacancy_closed"].rows == (3,)
    assert said["negative_fte"].rows == (4,)
    assert (said["bad_date"].rows, said["bad_date"].example) == ((2, 5), "binnenkort")
    assert result.reports[1].rows_rejected == 2


def test_a_course_of_hours_among_days_takes_hours(tmp_path: Path) -> None:
    rows = [["Opleiding", "Duur", "Prijs"], ["BHV", "16 uur", 100], ["NEN", 2, 100]]
    courses = read(workbook(tmp_path / "a.xlsx", {"Personeel": staff(5), "Opleidingen": rows})).frames["trainings"]
    assert courses[["days", "hours"]].fillna(-1).to_numpy().tolist() == [[-1, 16], [2, -1]]


def test_a_vacancy_counts_for_its_hours_or_for_one_and_that_is_said(tmp_path: Path) -> None:
    rows = [["Functie", "Afdeling", "Uren per week"], ["Monteur", "Zorg", 24], ["Lasser", "Zorg", 40], ["Lasser", "Zorg", None]]
    result = read(workbook(tmp_path / "a.xlsx", {"Personeel": staff(5), "Vacatures": rows}))
    assert result.frames["vacancies"]["vacancies_fte"].tolist() == [0.6, 1, 1]
    said = {finding.reason: finding for finding in result.reports[1].findings}
    assert said["fte_from_hours"].count == 2
    assert said["vacancy_taken_for_one"].rows == (4,)


def test_a_thousand_people_needed_is_no_one_and_a_quarter(tmp_path: Path) -> None:
    rows = [["Functie", "Vaardigheid", "Vereist niveau", "Aantal nodig"], ["A", "BHV", 3, "1.250"], ["A", "VCA", 2, 12]]
    needs = read(workbook(tmp_path / "a.xlsx", {"Eisen": rows})).frames["requirements"]
    assert needs["needed_people"].tolist() == [1250, 12]


def test_days_of_courses_and_lines_of_wishes_that_contradict_each_other_are_said(tmp_path: Path) -> None:
    courses = [["00001", "BHV", date(2028, 1, 1), date(2027, 1, 1)], ["00002", "BHV", date(2024, 1, 1), date(2025, 1, 1)]]
    talks = [["00001", "A", None], ["00001", "B", None], ["00002", "A", date(2024, 1, 1)], ["00002", "B", date(2025, 1, 1)]]
    sheets = {
        "Personeel": staff(4),
        "Opleidingen": [["Personeelsnummer", "Cursus", "Behaald op", "Geldig tot"], *courses],
        "Wensen": [["Personeelsnummer", "Gewenste functie", "Datum gesprek"], *talks],
    }
    result = read(workbook(tmp_path / "a.xlsx", sheets))
    said = {finding.reason: finding.rows for report in result.reports for finding in report.findings}
    assert (said["completed_in_future"], said["expiry_before_completion"], said["wish_twice"]) == ((2,), (2,), (3,))

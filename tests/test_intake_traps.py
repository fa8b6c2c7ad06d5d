"""Traps of real systems' exports: posts of SAP, the two ids of BambooHR, the pension date of AFAS, dummies, separators in pay."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analytics.errors import Refusal
from analytics.pension import statutory_pension_date
from intake.vocabulary import vocabulary
from tests.intake_files import HEADERS, csv_file, found, people, read, silent, staff, table, workbook


def test_a_row_for_every_cost_centre_is_one_person_with_the_sum(tmp_path: Path) -> None:
    """Housing corporation: count(*) is not count(distinct)."""
    rows = [[*person[:5], part, centre] for person in people(6) for centre, part in (("4100", 0.5), ("4200", 0.3))]
    result = read(workbook(tmp_path / "a.xlsx", [[*HEADERS, "Kostenplaats"], *rows]))
    assert (result.main.rows_read, result.main.rows_kept, result.main.people) == (12, 12, 6)
    assert result.frames["employees"]["fte"].tolist() == pytest.approx([0.8] * 6)
    assert {column.header: column.use for column in result.main.columns}["Kostenplaats"] == "ignored"


def test_dummy_roles_count_as_no_role_and_a_row_about_nobody_is_no_person(tmp_path: Path) -> None:
    """Data warehouse of a hospital: function dummy01; the row 0 "[Onbekend, nvt]" that stands for whoever is not found."""
    rows = [[f"Naam {row[0]}", *row] for row in people(8)]
    rows[0][5] = "dummy01"
    rows += [["[Onbekend, nvt]", "0", None, None, None, "[Onbekend, nvt]", None], ["Vera", "0", None, None, None, None, 1.0]]
    result = read(workbook(tmp_path / "a.xlsx", [["Naam", *HEADERS], *rows]))
    assert (result.main.rows_read, result.main.rows_kept, result.main.people) == (10, 9, 9)
    assert found(result, "row_about_nobody").rows == (10,)
    assert found(result, "missing_employee_id").rows == (11,), "somebody with a name is kept, however little is known"
    assert 2 in found(result, "missing_role").rows


def test_posts_of_sap_are_people_vacancies_and_ids_that_were_numbers(tmp_path: Path) -> None:
    headers = ["PersNr", "GebDatum", "Eintritt", "Kürzel OrgEinheit", "OrgEinheitNr", "Planstelle", "BsGrd"]
    rows: list[list[object]] = [
        [f"{10_000 + at}.0", f"{13 + at}.05.1970", "01.04.2001", "025", "25.0", "Sachbearbeitung", "100,00" if at % 2 else "50,00"]
        for at in range(12)
    ]
    rows += [["", "", "", "025", "25.0", "Sachbearbeitung", "80,00"]] * 2
    result = read(csv_file(tmp_path / "a.csv", [headers, *rows], encoding="utf-8-sig"))
    frame = result.frames["employees"]
    assert frame["employee_id"].tolist() == [f"{10_000 + at}" for at in range(12)]
    assert frame["fte"].tolist() == [0.5, 1.0] * 6
    assert set(frame["unit"]) == {"025"}
    assert result.frames["vacancies"]["vacancies_fte"].tolist() == [0.8, 0.8]
    assert (result.main.people, found(result, "vacancy_rows").rows) == (12, (14, 15))


def bamboo(
    *leaders: tuple[str, list[str]], headers: tuple[str, ...] = ("id", "employeeNumber", "birthday", "dateOfBirth")
) -> list[list[object]]:
    rows = [[str(at), f"E{at:03}", f"{1 + at % 9:02}-1{at % 3}", f"19{60 + at}-05-1{at % 9}"] for at in range(1, 13)]
    given = dict(zip(("id", "employeeNumber", "birthday", "dateOfBirth"), zip(*rows, strict=True), strict=True))
    columns = [*((name, given[name]) for name in headers), *leaders, ("jobTitle", ["Developer"] * 12), ("department", ["IT"] * 12)]
    return [[name for name, _ in columns], *(list(row) for row in zip(*(values for _, values in columns), strict=True))]


LED = [0, 0, 0, 1, 2, 3, 1, 2, 3, 1, 2, 3]


def test_managers_are_sought_by_the_id_that_leads_to_people(tmp_path: Path) -> None:
    """BambooHR: supervisorEId goes with employeeNumber, supervisorId with id; whichever stands first."""
    by_id = ("supervisorId", [str(at) if at else "" for at in LED])
    by_number = ("supervisorEId", [f"E{at:03}" if at else "" for at in LED])
    for number, leaders in enumerate([(by_id, by_number), (by_number, by_id)]):
        result = read(csv_file(tmp_path / f"{number}.csv", bamboo(*leaders), ","))
        assert result.main.mapping["employee_id"] == "employeeNumber"
        assert silent(result, "manager_unknown")
    alone = read(csv_file(tmp_path / "id.csv", bamboo(by_number, by_id, headers=("id", "dateOfBirth")), ","))
    assert alone.main.mapping["employee_id"] == "id"
    assert silent(alone, "manager_unknown")


def test_a_birthday_without_its_year_is_no_birth_date(tmp_path: Path) -> None:
    result = read(csv_file(tmp_path / "a.csv", bamboo(), ","))
    assert result.main.mapping["birth_date"] == "dateOfBirth"
    with pytest.raises(Refusal) as caught:
        read(csv_file(tmp_path / "b.csv", bamboo(headers=("id", "employeeNumber", "birthday")), ","))
    assert caught.value.code == "no_birth_date_or_age"


def test_another_pension_date_than_that_of_the_law_is_said(tmp_path: Path) -> None:
    """AFAS "Wettelijke pensioendatum": ours is the law by the day of birth; where a file has another day, that is named."""
    rows = people(12)
    dates = [statutory_pension_date(row[1]) for row in rows]  # type: ignore[arg-type]
    same = read(workbook(tmp_path / "a.xlsx", table({"Wettelijke pensioendatum": dates})))  # type: ignore[arg-type]
    assert silent(same, "pension_date_differs")
    assert same.main.mapping["pension_date"] == "Wettelijke pensioendatum"
    dates[3], dates[5] = date(dates[3].year - 2, 1, 1), None  # type: ignore[call-overload]
    other = read(workbook(tmp_path / "b.xlsx", table({"AOW-datum": dates})))  # type: ignore[arg-type]
    assert found(other, "pension_date_differs").rows == (5,)
    assert "pension_date" not in other.frames["employees"].columns


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Jaarsalaris", ["50,000", "41,000", "38,500"], [50_000, 41_000, 38_500]),
        ("Jaarsalaris", ["50.000", "41.000", "38.500"], [50_000, 41_000, 38_500]),
        ("Uurloon", ["23,125", "24,500", "19,250"], [23.125 * 52 * 40, 24.5 * 52 * 40 * 0.6, 19.25 * 52 * 40]),
    ],
)
def test_thousands_and_decimals_of_pay_are_told_apart_by_what_pay_can_be(
    tmp_path: Path, header: str, cells: list[str], expected: list[float]
) -> None:
    """A Dutch file with English thousands: fifty euro a year is nobody's pay."""
    result = read(csv_file(tmp_path / "a.csv", table({header: cells, "FTE": ["1,0", "0,6", "1,0"]})))
    assert result.frames["employees"]["salary"].tolist() == pytest.approx(expected)


def test_what_a_role_costs_is_never_some_tens_of_euro(tmp_path: Path) -> None:
    roles = [["Functie", "Werkgeverskosten per fte", "Kritiek"], ["Functie 1", "62,000", "ja"], ["Functie 2", "71,500", "nee"]]
    result = read(workbook(tmp_path / "a.xlsx", {"Personeel": staff(6), "Functies": roles}))
    assert result.frames["roles"]["cost"].tolist() == [62_000, 71_500]


def test_an_open_decimal_sign_of_pay_is_asked_and_the_answer_goes_first(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", table({"Salaris": ["50,000", "41,000", "38,500"], "FTE": ["1,0", "1,0", "1,0"]}))
    asked = found(read(path), "decimal_sign_unknown")
    assert (asked.column, asked.params["question"], asked.params["assumed"]) == ("Salaris", "decimal_sign", ".")
    for sign, expected in ((".", [50_000, 41_000, 38_500]), (",", [50 * 2080, 41 * 2080, 38.5 * 2080])):
        answered = read(path, answers={"decimal_sign:Salaris": sign})
        assert answered.frames["employees"]["salary"].tolist() == pytest.approx(expected)
        assert silent(answered, "decimal_sign_unknown")


@pytest.mark.parametrize(
    "header",
    [
        "Jaarsalaris incl. vakantiegeld",
        "Bruto jaarloon inclusief vakantietoeslag",
        "Annual salary incl. holiday allowance",
        "Salaris (incl. VT)",
    ],
)
def test_holiday_allowance_inside_pay_is_taken_out_because_the_employers_factor_holds_it(tmp_path: Path, header: str) -> None:
    result = read(workbook(tmp_path / "a.xlsx", table({header: [54_000.0, 43_200.0, 64_800.0], "FTE": [1.0] * 3})))
    assert result.frames["employees"]["salary"].tolist() == pytest.approx([50_000, 40_000, 60_000])
    assert found(result, "salary_with_holiday_allowance").count == 3
    without = read(workbook(tmp_path / "b.xlsx", table({"Jaarsalaris excl. vakantiegeld": [54_000.0] * 3, "FTE": [1.0] * 3})))
    assert without.frames["employees"]["salary"].tolist() == [54_000.0] * 3
    assert silent(without, "salary_with_holiday_allowance")


def test_monthly_pay_counts_twelve_times(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "a.xlsx", table({"Bruto maandsalaris": [3_000.0, 4_000.0], "FTE": [1.0, 1.0]})))
    assert result.frames["employees"]["salary"].tolist() == [36_000, 48_000]
    assert found(result, "salary_per_month").count == 2


def test_dates_that_cannot_be_and_people_hired_before_they_were_born(tmp_path: Path) -> None:
    births = ["60", "13-05-1899", "31-02-1980", "13-05-10000", "29-02-1981", "13-05-1980", "13-05-1981"]
    hires = ["01-01-2010"] * 5 + ["01-01-1979", "01-01-2020"]
    result = read(csv_file(tmp_path / "a.csv", table({"Geboortedatum": births, "Datum in dienst": hires})))
    assert found(result, "bad_birth_date").rows == (2, 4, 5, 6)
    assert found(result, "birth_date_impossible").rows == (3,)
    assert found(result, "hired_before_birth").rows == (7,)
    assert (result.main.people, result.main.rows_rejected) == (2, 5)
    assert pd.isna(result.frames["employees"]["hire_date"].iloc[0])


def test_an_empty_template_or_a_list_without_ratings_is_not_zero(tmp_path: Path) -> None:
    """A matrix in which nobody was rated yet gives no levels at all."""
    matrix = [["Personeelsnummer", "Lassen", "Solderen", "Meten"], *([row[0], None, None, None] for row in people(6))]
    result = read(workbook(tmp_path / "a.xlsx", {"Personeel": staff(6), "Vaardigheden": matrix}))
    assert result.main.people == 6
    skills = result.frames.get("skills")
    assert skills is None or skills["level"].isna().all()


MET = {
    "employee_id": "Personeelsnr; Medewerkernummer; persnr; medewerker_id; Identificatienr; Mdw.nr; EmpID; EEID; emp_no; pernr; "
    "Personal-Nr.; Mitarbeiternr.",
    "birth_date": "Geb.datum; Geb.dat.; Gebdat; gbdat; DOB; birthdate_key; dateOfBirth; GebDatum; Geburtsdatum",
    "hire_date": "Datum in dienst; In dienst sinds; Ingdat; Joining Date; DateofHire; from_date; rehireDate; "
    "Continuous Service Date; Eintritt; BeginnTaetigkeit",
    "leave_date": "Uit dienst per; Datum einde dienstverband; DateofTermination; to_date; Leaving Date; Austritt am; EndeTaetigkeit",
    "leave_reason": "Reden uit dienst; Reden einde dienstverband; termreason_desc; Austrittsgrund",
    "contract_end_date": "Einddatum contract; DaEn; Contract end date; Befristung bis",
    "contract_type": "Soort contract; Type dienstverband; CdBepTd; EmployeeClassificationType; workerType; Vertragsart",
    "role": "Functie; NmFnct; oms_functie; TitleOfJob; businessTitle; Planstelle; Taetigkeitsbez",
    "unit": "Afdeling; Org.eenheid; NmOrgeenh; BUSINESS_UNIT; Organisatie niveau 2; Organisationseinheit; Ressort",
    "fte": "Deeltijdfactor; PT%; DT-factor; Werktijdfactor; Beschaeftigungsgrad_Prozent; BsGrd; FTE_person",
    "hours_per_week": "Contracturen/week; Uren p/w; standardHoursPerWeek; full_time_weekly_working_hours; Wochenstunden; StundenWoche",
    "gender": "Geslacht; Geslachtsaanduiding; GenderCode; gender_short; Text Gsch; gesch",
    "salary": "Maandsalaris; Salaris per uur; Bruto maandinkomen; AnnualSalary; payRate; Bruttolohn; Gehalt / Jahr",
    "snapshot_date": "Laaddatum; Peildatum; recorddate_key; Stichtag",
    "manager_id": "Personeelsnr manager; Manager_ID; supervisorEId; Vorgesetzter",
}


@pytest.mark.parametrize("field", MET)
def test_headers_met_in_real_systems_are_known(field: str) -> None:
    headers = [header.strip() for header in MET[field].split(";")]
    assert [header for header in headers if field not in dict(vocabulary().fields(header))] == []


def test_who_is_here_by_a_contract_that_has_ended_is_said(tmp_path: Path) -> None:
    """The contract before, on a line of its own, is no such end."""
    headers = ["Personeelsnummer", "Geboortedatum", "Afdeling", "Functie", "FTE", "Begindatum contract", "Einddatum contract"]
    rows = [
        ["1", date(1980, 1, 1), "A", "X", 0.5, date(2015, 1, 1), date(2018, 1, 1)],
        ["1", date(1980, 1, 1), "A", "X", 1.0, date(2018, 1, 1), None],
        ["2", date(1980, 1, 2), "A", "X", 0.8, date(2015, 1, 1), date(2027, 1, 1)],
        ["3", date(1980, 1, 3), "A", "X", 0.6, date(2016, 1, 1), date(2017, 1, 1)],
    ]
    result = read(workbook(tmp_path / "a.xlsx", [headers, *rows]))
    assert found(result, "contract_ended_and_here").rows == (5,)
    assert result.frames["employees"]["fte"].tolist() == [1.0, 0.8, 0.6]


def test_a_contract_that_starts_later_tells_the_hiring_where_nothing_else_does(tmp_path: Path) -> None:
    headers = ["Personeelsnummer", "Geboortedatum", "Afdeling", "Functie", "FTE", "Begindatum contract"]
    begins = [date(2015, 1, 1), date(2027, 3, 1), date(1985, 1, 1), date(1970, 1, 1)]
    result = read(
        workbook(tmp_path / "a.xlsx", [headers, *([str(n), date(1980, 1, 1), "A", "X", 1.0, day] for n, day in enumerate(begins, 1))])
    )
    assert (result.main.people, result.main.active) == (4, 3)
    for reason, row in (("hired_in_future", 3), ("hired_young", 4), ("hired_before_birth", 5)):
        assert (found(result, reason).column, found(result, reason).rows) == ("Begindatum contract", (row,))

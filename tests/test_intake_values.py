"""Situations of real exports (docs/import_faults.md): dates, numbers and words in cells. Numbers in the names follow that list."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from intake import Import
from tests.intake_files import AS_OF, HEADERS, csv_file, found, people, read, silent, staff, table, workbook


def test_11_order_is_decided_per_column(tmp_path: Path) -> None:
    births = ["02/25/1970", "03/04/1980", "12/31/1985"]
    hires = ["25-02-2010", "03-04-2012", "01-02-2013"]
    result = read(csv_file(tmp_path / "a.csv", table({"Geboortedatum": births, "Datum in dienst": hires})))
    frame = result.frames["employees"]
    assert list(frame["birth_date"].dt.strftime("%d-%m")) == ["25-02", "04-03", "31-12"]
    assert list(frame["hire_date"].dt.strftime("%d-%m")) == ["25-02", "03-04", "01-02"]


def test_11_a_fully_ambiguous_column_is_asked_about_once(tmp_path: Path) -> None:
    rows = [
        ["Employee ID", "Date of Birth", "Department", "Job Title"],
        *([f"A{n}", f"0{n}/0{n + 1}/1980", "IT", "Dev"] for n in range(1, 8)),
    ]
    path = csv_file(tmp_path / "a.csv", rows, delimiter=",")
    asked = found(read(path), "date_order_unknown")
    assert (asked.column, asked.params["question"]) == ("Date of Birth", "date_order")
    first, second = (read(path, answers={"date_order": order}).frames["employees"]["birth_date"].iloc[0] for order in ("dmy", "mdy"))
    assert (first, second) == (pd.Timestamp(1980, 2, 1), pd.Timestamp(1980, 1, 2))
    assert silent(read(path, answers={"date_order": "mdy"}), "date_order_unknown")


def test_12_spellings_inside_one_column(tmp_path: Path) -> None:
    hires = ["20-02-20", "April 5, 2018", "5 mei 2017", "1. März 2016", "2015-06-01", "20140102", "3/12/2013", "12-dec-12", "gisteren"]
    result = read(csv_file(tmp_path / "a.csv", table({"Datum in dienst": hires, "Geboortedatum": ["13-01-1970"] * 9})))
    years = result.frames["employees"]["hire_date"].dt.strftime("%Y-%m-%d").tolist()
    assert years[:8] == ["2020-02-20", "2018-04-05", "2017-05-05", "2016-03-01", "2015-06-01", "2014-01-02", "2013-12-03", "2012-12-12"]
    assert pd.isna(years[8])
    assert (found(result, "bad_date").rows, found(result, "bad_date").example) == ((10,), "gisteren")


def test_13_two_digit_years_by_field(tmp_path: Path) -> None:
    result = read(
        csv_file(
            tmp_path / "a.csv",
            table({"Geboortedatum": ["13-05-59", "14-05-99", "15-05-05"], "Datum in dienst": ["13-05-85", "14-05-24", "15-05-25"]}),
        )
    )
    frame = result.frames["employees"]
    assert frame["birth_date"].dt.year.tolist() == [1959, 1999, 2005]
    assert frame["hire_date"].dt.year.tolist() == [1985, 2024, 2025]


def test_14_serials_text_dates_and_zeros(tmp_path: Path) -> None:
    births = ["32874", 32874, "02-01-1990", date(1990, 1, 3), "00-00-0000", "32874.0", "999999"]
    result = read(workbook(tmp_path / "a.xlsx", table({"Geboortedatum": births})))
    days = result.frames["employees"]["birth_date"].dt.strftime("%Y-%m-%d").tolist()
    assert days[:4] == ["1990-01-01", "1990-01-01", "1990-01-02", "1990-01-03"]
    assert pd.isna(days[4])
    assert (found(result, "birth_date_zero").rows, found(result, "bad_birth_date").rows) == ((6,), (8,))
    assert result.main.rows_read == result.main.rows_kept + result.main.rows_rejected


def test_14_workbooks_that_count_from_1904(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    def epoch(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    rows = table({"Geboortedatum": [date(1970, 5, 4), date(1980, 6, 7)]})
    result = read(workbook(tmp_path / "a.xlsx", rows, change=epoch))
    assert result.frames["employees"]["birth_date"].dt.strftime("%Y-%m-%d").tolist() == ["1970-05-04", "1980-06-07"]


def test_16_shifted_rows_are_set_apart(tmp_path: Path) -> None:
    rows = [list(row) for row in people(12)]
    rows[5] = [*rows[5][:1], *rows[5][2:], None]
    rows[5][1:4] = ["Zorg", "Verpleegkundige", "0,8"]
    result = read(workbook(tmp_path / "a.xlsx", [HEADERS, *rows]))
    assert (result.main.rows_kept, result.main.rows_rejected, result.main.rejected) == (11, 1, (7,))


def test_16_a_row_that_lost_its_birth_date_is_set_apart_although_a_date_took_its_place(tmp_path: Path) -> None:
    headers = ["Pers.nr.", "Geb.datum", "In dienst", "Uit dienst", "Afdeling", "Functie", "Functietitel", "Deeltijd %", "Salaris", "M/V"]
    rows = [
        [f"{at:05}", f"0{1 + at % 9}-05-1975", "01-04-2009", "", "Zorg", "Verzorgende", "Verzorgende B", "80", "€ 3.100,00", "MV"[at % 2]]
        for at in range(40)
    ]
    rows[7] = [rows[7][0], *rows[7][2:], ""]
    result = read(workbook(tmp_path / "a.xlsx", [headers, *rows]))
    assert (result.main.rows_kept, result.main.rejected) == (39, (9,))
    [slid] = [finding for finding in result.main.findings if finding.reason == "shifted_row"]
    assert slid.params["cells"] == ["D"], "the first cell that cannot stand under its header: a department under Uit dienst"


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("FTE", ["0,8889", "1", "0,5"], [0.8889, 1, 0.5]),
        ("Deeltijdpercentage", ["80", "100", "50"], [0.8, 1, 0.5]),
        ("FTE", ["80%", "100 %", "50%"], [0.8, 1, 0.5]),
        ("BsGrd", ["80,00", "100,00", "50,00"], [0.8, 1, 0.5]),
        ("FTE", ["36,00", "36,00", "18,00"], [1, 1, 0.5]),
        ("FTE", ["0.8", "1.0", "0.5"], [0.8, 1, 0.5]),
    ],
)
def test_17_fte_in_every_unit(tmp_path: Path, column: str, values: list[str], expected: list[float]) -> None:
    rows = [[*HEADERS[:5], column], *([*row[:5], value] for row, value in zip(people(3), values, strict=True))]
    assert read(csv_file(tmp_path / "a.csv", rows)).frames["employees"]["fte"].tolist() == pytest.approx(expected)


@pytest.mark.parametrize(("column", "asked"), [("Deeltijd %", False), ("FTE", True)])
def test_17_the_unit_is_asked_only_where_the_header_does_not_tell(tmp_path: Path, column: str, asked: bool) -> None:
    rows = [[*HEADERS[:5], column], *([*row[:5], "80"] for row in people(12))]
    findings = read(csv_file(tmp_path / "a.csv", rows)).main.findings
    assert any(finding.params.get("question") == "fte_unit" for finding in findings) == asked


def test_17_numbers_with_dutch_and_english_separators(tmp_path: Path) -> None:
    dutch = read(csv_file(tmp_path / "a.csv", table({"Jaarsalaris": ["41.234,56", "€ 3.400,00", "50.000"]})))
    assert dutch.frames["employees"]["salary"].tolist() == pytest.approx([41234.56, 3400, 50000])
    english = read(workbook(tmp_path / "b.xlsx", table({"Annual Salary": ["$51,862.00 ", "3,400.00", "50000"]})))
    assert english.frames["employees"]["salary"].tolist() == pytest.approx([51862, 3400, 50000])


def test_17_fte_that_cannot_be_is_told_and_replaced(tmp_path: Path) -> None:
    values = [-1, 36, "NaN", 1e308, "1E+308", "#DIV/0!", "inf", 0.8, 1, "0", "0,8", "80%"]
    result = read(workbook(tmp_path / "a.xlsx", [HEADERS, *([*row[:5], value] for row, value in zip(people(12), values, strict=True))]))
    assert result.frames["employees"]["fte"].tolist() == [1, 1, 1, 1, 1, 1, 1, 0.8, 1, 0, 0.8, 0.8]
    assert found(result, "fte_out_of_range").rows == (2, 3)
    assert found(result, "not_a_number").rows == (5, 6, 8)
    assert found(result, "error_cells").rows == (7,)
    assert found(result, "fte_assumed_full_time").rows == (2, 3, 4, 5, 6, 7, 8)


def test_18_negative_and_accounting_numbers(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "a.xlsx", table({"Jaarsalaris": ["(21.00)", "49.03-", "-5", "100"]})))
    assert result.frames["employees"]["salary"].tolist() == [-21, -49.03, -5, 100]
    rows = people(4)
    correction = [*rows[0][:5], -0.2]
    result = read(workbook(tmp_path / "b.xlsx", [HEADERS, *rows, correction]))
    assert result.frames["employees"].set_index("employee_id").loc["00001", "fte"] == pytest.approx(rows[0][5] - 0.2)


def test_20_errors_that_a_text_file_carries_are_counted_as_well(tmp_path: Path) -> None:
    rows = [list(row) for row in table({"Datum uit dienst": [""] * 12})]
    rows[3][6], rows[5][6], rows[7][1], rows[8][5] = "#N/B", "#WAARDE!", "#DEEL/0!", "#NV"
    result = read(csv_file(tmp_path / "a.csv", rows))
    errors = {finding.column: finding.rows for finding in result.main.findings if finding.reason == "error_cells"}
    assert errors == {"Datum uit dienst": (4, 6), "Geboortedatum": (8,), "FTE": (9,)}
    assert silent(read(csv_file(tmp_path / "b.csv", staff(12))), "error_cells")


def test_22_category_noise_is_trimmed_and_unified_but_typing_errors_stay(tmp_path: Path) -> None:
    units = ["Zorg", "zorg ", " ZORG", "Zorg", "Zrog", "n.v.t.", "-", "Unk"]
    result = read(workbook(tmp_path / "a.xlsx", table({"Afdeling": units})))
    assert result.frames["employees"]["unit"].tolist() == ["Zorg", "Zorg", "Zorg", "Zorg", "Zrog", "", "", ""]
    assert found(result, "spelling_unified").rows == (3, 4)
    assert found(result, "missing_unit").count == 3


def test_more_ages_at_the_edge_are_kept_or_set_apart(tmp_path: Path) -> None:
    births = [AS_OF + timedelta(days=400), date(2021, 5, 1), date(1894, 5, 1), date(2011, 6, 1), date(1949, 1, 1), date(1980, 1, 1)]
    result = read(csv_file(tmp_path / "a.csv", table({"Geboortedatum": births, "Datum in dienst": [date(2025, 6, 1)] * 6})))
    assert found(result, "birth_date_impossible").rows == (2, 3, 4)
    assert found(result, "age_unlikely").rows == (5, 6)
    assert result.main.people == 3


def test_17_pay_per_hour_counts_for_the_hours_somebody_works(tmp_path: Path) -> None:
    columns = {"Uurloon": [20.0, 20.0, 20.0, 20.0, None], "Contracturen": [36, 18, None, None, 36], "FTE": [None, None, 0.5, None, None]}
    result = read(workbook(tmp_path / "a.xlsx", table(columns)))
    frame = result.frames["employees"]
    week = 20.0 * 52
    assert frame["salary"][:3].tolist() == [week * 36, week * 18, week * 18], "a full week is 36 hours here"
    assert frame["salary"][3:].isna().all(), "no hours: the pay of a year is not known, and not that of a full week"
    assert frame["fte"].tolist() == [1.0, 0.5, 0.5, 1.0, 1.0]
    assert found(result, "hourly_pay_without_hours").rows == (5,)
    assert found(result, "fte_assumed_full_time").rows == (5,)
    monthly = read(workbook(tmp_path / "b.xlsx", table({"Werkelijk maandsalaris": [3000.0] * 5, "FTE": [None, None, 0.5, None, None]})))
    assert monthly.frames["employees"]["salary"].tolist() == [36_000.0] * 5
    assert silent(monthly, "hourly_pay_without_hours")


FTE_OF_TWELVE = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.6, 0.6, 0.8, 0.8]


def paid(tmp_path: Path, header: str, full: list[float], pays_by_fte: bool, answers: dict[str, str] | None = None) -> Import:
    """Twelve people of one role, of whom half work part of the week."""
    pay = [amount * (part if pays_by_fte else 1.0) for amount, part in zip(full, FTE_OF_TWELVE, strict=True)]
    rows = table({header: pay, "FTE": FTE_OF_TWELVE, "Functie": ["Monteur"] * 12})
    return read(workbook(tmp_path / "pay.xlsx", rows), answers=answers or {})


NEARLY = [3000.0 + 20 * (number % 4) for number in range(12)]
SPREAD = [2400.0, 3100.0, 2700.0, 4100.0, 2300.0, 3600.0, 3300.0, 2300.0, 2400.0, 4300.0, 3300.0, 2300.0]


@pytest.mark.parametrize("header", ["Maandsalaris", "Salaris per maand bij FT", "Werkelijk maandsalaris"])
@pytest.mark.parametrize("pays_by_fte", [False, True])
def test_17_pay_of_part_timers_is_for_a_full_week_or_as_it_is_paid(tmp_path: Path, header: str, pays_by_fte: bool) -> None:
    """The header tells; else the pay of part-timers beside that of full-timers of their role does, where it is clear."""
    result = paid(tmp_path, header, NEARLY, pays_by_fte)
    full_week = {"Salaris per maand bij FT": True, "Werkelijk maandsalaris": False}.get(header, not pays_by_fte)
    given = [amount * (part if pays_by_fte else 1.0) * 12 for amount, part in zip(NEARLY, FTE_OF_TWELVE, strict=True)]
    wanted = [amount * part for amount, part in zip(given, FTE_OF_TWELVE, strict=True)] if full_week else given
    assert result.frames["employees"]["salary"].tolist() == pytest.approx(wanted)
    said = found(result, "salary_full_week" if full_week else "salary_as_paid")
    assert (said.count, said.params.get("question")) == (6, None)


def test_17_unclear_pay_of_part_timers_is_asked_about_and_the_answer_goes_first(tmp_path: Path) -> None:
    few = read(
        workbook(tmp_path / "few.xlsx", table({"Maandsalaris": [3000.0] * 4, "FTE": [1.0, 1.0, 0.5, 0.5], "Functie": ["Monteur"] * 4}))
    )
    assert found(few, "salary_as_paid").params == {"question": "salary_basis", "assumed": "as_paid"}
    mixed = [amount * part**0.5 for amount, part in zip(NEARLY, FTE_OF_TWELVE, strict=True)]
    assert any(finding.params.get("question") == "salary_basis" for finding in paid(tmp_path, "Maandsalaris", mixed, False).main.findings)
    for answer, share in (("full_week", FTE_OF_TWELVE), ("as_paid", [1.0] * 12)):
        result = paid(tmp_path, "Maandsalaris", SPREAD, False, {"salary_basis": answer})
        wanted = [12 * amount * part for amount, part in zip(SPREAD, share, strict=True)]
        assert result.frames["employees"]["salary"].tolist() == pytest.approx(wanted)


def test_17_where_nobody_works_part_of_the_week_nothing_is_asked_about_pay(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "a.xlsx", table({"Maandsalaris": [3000.0] * 4, "FTE": [1.0, 1.0, 0.95, 1.0]})))
    assert silent(result, "salary_as_paid")
    assert silent(result, "salary_full_week")


def test_17_a_header_that_tells_counts_for_who_works_nearly_the_whole_week_too(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "a.xlsx", table({"Salaris per maand bij FT": [3000.0] * 3, "FTE": [1.0, 0.95, 1.0]})))
    assert result.frames["employees"]["salary"].tolist() == pytest.approx([36_000, 34_200, 36_000])
    assert found(result, "salary_full_week").count == 1


def test_12_a_year_alone_is_said(tmp_path: Path) -> None:
    hires = [2015, "2016", date(2017, 3, 1), 2018]
    result = read(workbook(tmp_path / "a.xlsx", table({"Datum in dienst": hires})))
    assert result.frames["employees"]["hire_date"].tolist()[0] == pd.Timestamp(2015, 7, 1)
    said = found(result, "date_year_only")
    assert (said.column, said.rows, said.example) == ("Datum in dienst", (2, 3, 5), "2015")


def test_12_dates_that_excel_swapped_half_are_said(tmp_path: Path) -> None:
    """A program set to month first took 03/04/1980 for 4 March and could not read 25/04/1980."""
    days = [date(1970 + number, 1 + number % 12, 1 + number * 7 % 28) for number in range(24)]
    half = [date(day.year, day.day, day.month) if day.day <= 12 else day.strftime("%d/%m/%Y") for day in days]
    said = found(read(workbook(tmp_path / "a.xlsx", table({"Geboortedatum": half}))), "dates_half_swapped")
    assert said.column == "Geboortedatum"
    good = [day if number % 2 else day.strftime("%d/%m/%Y") for number, day in enumerate(days)]
    assert silent(read(workbook(tmp_path / "b.xlsx", table({"Geboortedatum": good}))), "dates_half_swapped")
    first = [date(day.year, day.month, 1) if day.day <= 12 else day.strftime("%d/%m/%Y") for day in days]
    assert silent(read(workbook(tmp_path / "c.xlsx", table({"Geboortedatum": first}))), "dates_half_swapped"), "firsts of months"


def test_13_an_open_end_in_two_digits_is_no_day_of_the_past(tmp_path: Path) -> None:
    hires, ends = ["01-03-95"] * 5, ["31-12-99", "31-12-99", "31-12-99", "30-06-25", None]
    path = csv_file(tmp_path / "a.csv", table({"Datum in dienst": hires, "Datum uit dienst": ends}))
    result = read(path)
    assert (result.main.people, result.main.active) == (5, 4)
    assert found(result, "open_end_date").count == 3
    gone = table({"Datum in dienst": hires, "Datum uit dienst": ["31-12-99", None, None, "30-06-25", "31-12-98"]})
    assert read(csv_file(tmp_path / "b.csv", gone)).main.active == 2, "here somebody left then"


def test_17_a_text_among_the_numbers_of_a_workbook_parts_thousands(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "a.xlsx", table({"Maandsalaris": [2950.5, 3100.25, "3.400", 2800.75, "3.150,50"], "FTE": [1.0] * 5})))
    assert result.frames["employees"]["salary"].tolist() == [12 * pay for pay in (2950.5, 3100.25, 3400, 2800.75, 3150.5)]


def test_16_a_line_of_a_text_file_with_too_few_cells_is_said(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", staff(12))
    lines = path.read_text().splitlines()
    cells = lines[4].split(";")
    moved = ";".join([*cells[:3], *cells[4:]])  # the department is gone, and the fte is called a role
    path.write_text("\n".join([*lines[:4], moved, *lines[5:]]))
    result = read(path)
    assert found(result, "csv_short").rows == found(result, "shifted_row").rows == (5,)
    assert (result.main.people, len(set(result.frames["employees"]["role"]))) == (11, 4)
    broken = [";".join([*cells[:4], "Functie"]), ";".join(["4", *cells[5:]])]  # a line break inside a text
    path.write_text("\n".join([*lines[:4], *broken, *lines[5:]]))
    assert found(read(path), "csv_short").rows == (5, 6)
    ended = [line.rsplit(";", 1)[0] for line in lines[1:6]]  # as systems do that end a line at its last filled cell
    path.write_text("\n".join([lines[0], *ended, *lines[6:]]))
    assert silent(read(path), "csv_short")


def test_16_a_number_among_the_names_of_roles_is_said(tmp_path: Path) -> None:
    rows = table({"Functie": ["Monteur", "0,6", "Monteur", "Lasser"], "FTE": [1, None, 1, 1]})
    said = found(read(workbook(tmp_path / "a.xlsx", rows)), "number_as_name")
    assert (said.column, said.rows, said.example) == ("Functie", (3,), "0,6")
    codes = table({"Functie": ["101", "102", "101", "103"]})
    assert silent(read(workbook(tmp_path / "b.xlsx", codes)), "number_as_name")


def test_19_decimals_that_part_the_cells_of_a_line_are_said(tmp_path: Path) -> None:
    lines = [",".join(HEADERS), *(",".join([*map(str, row[:5]), "0,8" if n % 3 else "1"]) for n, row in enumerate(people(9)))]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    assert found(read(tmp_path / "a.csv"), "csv_ragged").count == 6
    trailing = "\n".join(line + "," for line in lines)
    (tmp_path / "b.csv").write_text(trailing.replace("0,8", "1"))
    assert silent(read(tmp_path / "b.csv"), "csv_ragged")


def test_17_a_second_column_that_says_another_fte_is_said(tmp_path: Path) -> None:
    rows = table({"FTE": [1.0, 0.8, 0.5], "PT%": [100, 60, 50]})
    said = found(read(workbook(tmp_path / "a.xlsx", rows)), "second_fte_differs")
    assert (said.column, said.rows, said.params["used"]) == ("PT%", (3,), "FTE")


def test_17_a_few_fte_a_little_above_one_are_no_percentages(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "a.xlsx", table({"FTE": [0, "1,6", 0.8, 0]})))
    assert result.frames["employees"]["fte"].tolist() == [0, 1, 0.8, 0]
    assert found(result, "fte_out_of_range").rows == (3,)


@pytest.mark.parametrize("text", [True, False])
def test_17_a_point_parts_thousands_beside_decimal_commas(tmp_path: Path, text: bool) -> None:
    posts = [["Functie", "Afdeling", "Formatie fte"], ["A", "X", "1.250"], ["B", "X", "12,5"], ["C", "X", "8"]]
    if text:
        result = read(csv_file(tmp_path / "formatie.csv", posts))
    else:
        result = read(workbook(tmp_path / "a.xlsx", {"Personeel": staff(5), "Formatie": posts}))
    assert result.frames["formation"]["establishment_fte"].tolist() == [1250, 12.5, 8]


def test_13_an_age_that_does_not_fit_the_birth_date_is_said(tmp_path: Path) -> None:
    ages = [65, 63, 62, 30]  # on 1 January 2026, born in 1961 to 1964; a year younger is an older export
    said = found(read(workbook(tmp_path / "a.xlsx", table({"Leeftijd": ages}))), "age_against_birth_date")
    assert (said.column, said.rows, said.example) == ("Leeftijd", (5,), "30")


def test_17_hours_a_month_are_told_by_the_header(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "a.xlsx", table({"FTE": [None] * 4, "Uren per maand": [78, 52, 65, 26]})))
    assert result.frames["employees"]["hours_per_week"].tolist() == [18, 12, 15, 6]
    assert found(result, "hours_per_month").count == 4


def test_17_a_part_of_one_among_percentages_is_fte_and_said(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "a.xlsx", table({"FTE": [100, 80, 1, 60, 100, 0.5]})))
    assert result.frames["employees"]["fte"].tolist() == [1, 0.8, 1, 0.6, 1, 0.5]
    assert found(result, "fte_fraction_among_others").rows == (4, 7)

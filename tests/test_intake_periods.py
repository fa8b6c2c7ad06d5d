"""Lists that stack months, quarters or years: however the period is written, each becomes a snapshot and nobody is counted twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.intake_files import AS_OF, HEADERS, csv_file, found, people, read, silent, table, workbook

MONTHS = (date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31))
QUARTERS = (date(2025, 3, 31), date(2025, 6, 30))


@pytest.mark.parametrize(
    ("header", "written"),
    [
        ("Peildatum", ["januari 2025", "februari 2025", "maart 2025"]),
        ("Periode", ["jan-25", "feb-25", "mrt-25"]),
        ("Reporting date", ["Jan 2025", "Feb 2025", "Mar 2025"]),
        ("Stichtag", ["2025 Januar", "2025 Februar", "2025 März"]),
        ("Maand", ["2025-01", "2025-02", "2025-03"]),
        ("Monat", ["01/2025", "02/2025", "03/2025"]),
        ("Maand", ["januari 2025", "februari 2025", "maart 2025"]),
        ("Maand", list(MONTHS)),
    ],
)
def test_months_in_words_and_whole_months_are_periods(tmp_path: Path, header: str, written: list[object]) -> None:
    rows = [[period, *row] for period in written for row in people(10)]
    result = read(workbook(tmp_path / "a.xlsx", [[header, *HEADERS], *rows]), as_of=None)
    assert result.main.snapshots == MONTHS
    assert (result.main.people, result.main.active) == (10, 10)
    assert found(result, "stacked_snapshots").column == header
    assert silent(result, "fte_sum_high", "several_lines_per_person")


@pytest.mark.parametrize(
    ("header", "written", "expected"),
    [
        ("Maand", ["januari", "Feb.", "mrt"], MONTHS),
        ("Maand", ["2025-01", "2025-02", "2025-03"], MONTHS),
        ("Periode", ["1", "02", "3"], MONTHS),
        ("Kwartaal", ["Q1", "Q2"], QUARTERS),
        ("Kwartaal", [1, 2], QUARTERS),
        ("Quarter", ["Quarter 1", "Quarter 2"], QUARTERS),
    ],
)
def test_a_year_stands_beside_its_month_or_quarter(tmp_path: Path, header: str, written: list[object], expected: tuple[date, ...]) -> None:
    rows = [[2025, part, *row] for part in written for row in people(4)]
    result = read(workbook(tmp_path / "a.xlsx", [["Jaar", header, *HEADERS], *rows]), as_of=None)
    assert result.main.snapshots == expected
    assert (result.main.people, result.main.active) == (4, 4)


@pytest.mark.parametrize(
    "written", [["1e kwartaal 2025", "2e kwartaal 2025"], ["Kwartaal 1 2025", "Kwartaal 2 2025"], ["2025 kw1", "2025 kw2"]]
)
def test_quarters_in_words_are_periods(tmp_path: Path, written: list[str]) -> None:
    rows = [[quarter, *row] for quarter in written for row in people(4)]
    assert read(workbook(tmp_path / "a.xlsx", [["Kwartaal", *HEADERS], *rows]), as_of=None).main.snapshots == QUARTERS


def test_a_row_without_its_year_or_month_is_set_apart_and_named(tmp_path: Path) -> None:
    parts = [(2025, "januari"), (None, "januari"), (2025, None), (2025, "februari"), ("nvt", "smarch")]
    rows = [[*parts[number % 5], *row] for number, row in enumerate(people(20))]
    result = read(workbook(tmp_path / "a.xlsx", [["Jaar", "Maand", *HEADERS], *rows]), as_of=None)
    assert result.main.snapshots == MONTHS[:2]
    assert (result.main.rows_read, result.main.rows_rejected) == (20, 12)
    assert found(result, "period_unreadable").count == 12


def test_periods_nobody_can_read_are_said_and_an_empty_column_is_not(tmp_path: Path) -> None:
    rows = [[f"ronde {number}", *row] for number in (1, 2) for row in people(4)]
    result = read(workbook(tmp_path / "a.xlsx", [["Peildatum", *HEADERS], *rows]))
    assert (found(result, "period_unreadable").column, found(result, "period_unreadable").count) == ("Peildatum", 8)
    empty = workbook(tmp_path / "b.xlsx", [["Peildatum", *HEADERS], *([None, *row] for row in people(4))])
    assert silent(read(empty), "period_unreadable")


def test_the_order_of_day_and_month_of_a_period_is_asked_where_nothing_tells_it(tmp_path: Path) -> None:
    headers = ["As of date", "Employee ID", "Date of Birth", "Department", "Job Title"]
    rows = [[text, number, f"{1970 + number}-05-02", "Works", "Fitter"] for text in ("1/2/2024", "1/3/2024") for number in range(1, 5)]
    path = csv_file(tmp_path / "a.csv", [headers, *rows], ",")
    asked = found(read(path, as_of=None), "date_order_unknown")
    assert (asked.column, asked.params["question"]) == ("As of date", "date_order")
    answered = read(path, as_of=None, answers={"date_order:As of date": "mdy"})
    assert answered.main.snapshots == (date(2024, 1, 2), date(2024, 1, 3))
    one = csv_file(tmp_path / "b.csv", [headers, *rows[:4]], ",")
    assert silent(read(one), "date_order_unknown"), "the day that was given goes first"


def test_days_of_single_people_are_no_reference_dates_of_the_list(tmp_path: Path) -> None:
    """The day of somebody's last change: read as months of a list, all but the last one would be gone."""
    rows = [[date(2020 + number % 6, 1 + number, 1), *row] for number, row in enumerate(people(12))]
    path = workbook(tmp_path / "a.xlsx", [["Effective date", *HEADERS], *rows])
    result = read(path, as_of=None)
    assert (result.main.snapshots, result.main.active) == ((date(2025, 12, 1),), 12)
    said = found(result, "period_of_each_person")
    assert (said.column, said.params["question"]) == ("Effective date", "as_of")
    assert read(path).main.as_of == date(2026, 1, 1), "the day that was given goes first"


def test_a_reference_date_in_the_future_is_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Jaar", *HEADERS], *([2026, *row] for row in people(4))])
    said = found(read(path, as_of=None, today=date(2026, 3, 1)), "as_of_in_future")
    assert said.params == {"as_of": date(2026, 12, 31), "question": "as_of"}
    assert silent(read(path, as_of=None, today=date(2026, 12, 5)), "as_of_in_future"), "a month that is still running"


def test_the_day_of_the_list_goes_before_that_of_the_print_and_of_a_selection(tmp_path: Path) -> None:
    above = [["Afgedrukt op 03-07-2025"], ["Selectie: datum in dienst vanaf 01-01-2000"], ["Peildatum 30-06-2025"], []]
    assert read(workbook(tmp_path / "a.xlsx", [*above, HEADERS, *people(12)]), as_of=None).main.as_of == date(2025, 6, 30)
    assert read(workbook(tmp_path / "b.xlsx", [*above[:2], HEADERS, *people(12)]), as_of=None).main.as_of == date(2025, 7, 3)
    chosen = read(workbook(tmp_path / "c.xlsx", [above[1], [], HEADERS, *people(12)]), as_of=None)
    assert chosen.main.as_of == date(2026, 1, 1)
    assert not silent(chosen, "as_of_assumed_today")


def test_a_newest_period_that_is_half_there_is_said(tmp_path: Path) -> None:
    rows = [["202501", *row] for row in people(10)] + [["202502", *row] for row in people(4)]
    said = found(read(workbook(tmp_path / "a.xlsx", [["Periode", *HEADERS], *rows]), as_of=None), "newest_day_small")
    assert (said.count, said.params) == (4, {"before": 10, "as_of": date(2025, 2, 28)})


def test_months_without_a_year_take_that_of_the_file_or_are_said(tmp_path: Path) -> None:
    rows = [[month, *row] for month in (1, 2, 3) for row in people(5)]
    result = read(workbook(tmp_path / "Personeel 2025.xlsx", [["Maand", *HEADERS], *rows]), as_of=None)
    assert result.main.snapshots == MONTHS
    assert (result.main.people, result.main.active) == (5, 5)
    assert silent(result, "fte_sum_high")
    said = found(read(workbook(tmp_path / "a.xlsx", [["Maand", *HEADERS], *rows]), as_of=None), "period_unreadable")
    assert (said.column, said.count) == ("Maand", 15)


def test_sheets_called_by_their_month_take_the_year_of_the_file(tmp_path: Path) -> None:
    sheets = {name: [HEADERS, *people(number)] for name, number in (("jan", 10), ("feb", 11), ("mrt", 9))}
    result = read(workbook(tmp_path / "Personeel 2025.xlsx", sheets), as_of=None)
    assert (result.main.snapshots, result.main.as_of, result.main.active) == (MONTHS, MONTHS[-1], 9)
    assert silent(result, "sheet_same_kind")


@pytest.mark.parametrize("together", [True, False])
def test_thirteen_periods_are_four_weeks_each(tmp_path: Path, together: bool) -> None:
    numbers = [1, 12, 13]
    rows = [[f"2025{n:02d}", *row] if together else [2025, n, *row] for n in numbers for row in people(3)]
    headers = ["Periode", *HEADERS] if together else ["Jaar", "Periode", *HEADERS]
    result = read(workbook(tmp_path / "a.xlsx", [headers, *rows]), as_of=None)
    assert result.main.snapshots == (date(2025, 1, 28), date(2025, 12, 2), date(2025, 12, 31))
    assert found(result, "four_week_periods").count == 9
    assert silent(result, "period_unreadable")


def test_08_stacked_periods_become_snapshots(tmp_path: Path) -> None:
    rows = [[period, *row] for period in ("202312", "202412", "202512") for row in people(10)]
    result = read(workbook(tmp_path / "a.xlsx", [["Periode", *HEADERS], *rows]), as_of=None)
    assert result.main.snapshots == (date(2023, 12, 31), date(2024, 12, 31), date(2025, 12, 31))
    assert (result.main.rows_read, result.main.people, result.main.active) == (30, 10, 10)
    for periods, dates in (
        (["2024 Q1", "2024 Q2"], (date(2024, 3, 31), date(2024, 6, 30))),
        (["2023", "2024"], (date(2023, 12, 31), date(2024, 12, 31))),
    ):
        stacked = [[period, *row] for period in periods for row in people(10)]
        name = "Kalenderjaar" if len(periods[0]) == 4 else "Kwartaal"
        assert read(workbook(tmp_path / "b.xlsx", [[name, *HEADERS], *stacked]), as_of=None).main.snapshots == dates


def test_more_a_sheet_for_every_year_is_a_snapshot_for_every_year(tmp_path: Path) -> None:
    sheets = {f"Personeel {year}": [HEADERS, *people(10 + year - 2023)] for year in (2023, 2025, 2024)}
    path = workbook(tmp_path / "a.xlsx", sheets)
    result = read(path, as_of=None)
    assert result.main.sheet == "Personeel 2025"
    assert [day.year for day in result.main.snapshots] == [2023, 2024, 2025]
    assert result.frames["employees"].groupby("as_of").size().tolist() == [10, 11, 12]
    assert result.main.people == 12
    assert found(result, "sheets_as_snapshots").count == 2
    alone = read(path, as_of=None, sheet="Personeel 2024")
    assert len(alone.frames["employees"]) == 11
    unnamed = read(workbook(tmp_path / "b.xlsx", {"Blad1": [HEADERS, *people(10)], "Personeel 2024": [HEADERS, *people(9)]}), as_of=None)
    assert len(unnamed.frames["employees"]) == 10, "a sheet without a day in its name is no year of a series"


def test_an_old_list_without_a_day_is_said(tmp_path: Path) -> None:
    """Today is assumed; where nobody of many was hired for more than a year the list may be of then, and nobody would ever be hired again.
    Who says the day is not told so, and of a few people it says nothing."""
    long_ago = workbook(tmp_path / "a.xlsx", table({"Datum in dienst": [date(2015 + n % 8, 3, 1) for n in range(60)]}))
    told = read(long_ago, as_of=None)
    assert found(told, "nobody_hired_lately").params["latest"] == date(2022, 3, 1)
    assert found(told, "as_of_assumed_today").params["question"] == "as_of"
    assert silent(read(long_ago), "nobody_hired_lately")
    lately = workbook(tmp_path / "b.xlsx", table({"Datum in dienst": [date(2015, 3, 1)] * 59 + [AS_OF]}))
    assert silent(read(lately, as_of=None), "nobody_hired_lately")
    few = workbook(tmp_path / "c.xlsx", table({"Datum in dienst": [date(2015, 3, 1)] * 12}))
    assert silent(read(few, as_of=None), "nobody_hired_lately")

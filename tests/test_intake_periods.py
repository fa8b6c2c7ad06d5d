"""Lists that stack months, quarters or years: however the period is written, each becomes a snapshot and nobody is counted twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.intake_files import HEADERS, csv_file, found, people, read, silent, workbook

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

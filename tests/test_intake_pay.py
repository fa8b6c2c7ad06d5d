"""Pay of people with several lines, and pay that cannot be: what the lines say together, and what is said about it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from intake import Import
from tests.intake_files import found, read, silent, workbook

HEADERS = ["Personeelsnummer", "Geboortedatum", "Afdeling", "Functie", "Kostenplaats", "FTE", "Maandsalaris"]


def lines(folder: Path, *parts: tuple[float, object], people: int = 8, pay: str = "Maandsalaris", alone: float | None = None) -> Import:
    """People with a line for every (fte, pay); alone: monthly pay of as many full-timers with one line."""
    rows: list[list[object]] = [[*HEADERS[:-1], pay]]
    for number in range(people):
        who = [f"{number:03d}", date(1970 + number, 5, 2), "Zorg", "Verpleger"]
        rows += [[*who, str(100 * place), fte, amount] for place, (fte, amount) in enumerate(parts, 1)]
    for number in range(people if alone else 0):
        rows.append([f"9{number:02d}", date(1980, 1, 1 + number), "Zorg", "Verpleger", "100", 1.0, alone])
    return read(workbook(folder / "a.xlsx", rows))


def paid(result: Import) -> set[float]:
    staff = result.frames["employees"]
    several = staff["employee_id"].str.startswith("0")
    return {round(float(pay), 2) for pay in staff.loc[several, "salary"].tolist()}


def test_pay_of_several_lines_is_the_sum_of_what_each_pays(tmp_path: Path) -> None:
    result = lines(tmp_path, (0.5, 1500), (0.4, 1200))
    assert paid(result) == {12 * 2700.0}
    assert found(result, "pay_summed").count == 8


def test_pay_of_a_full_week_counts_for_the_fte_of_every_line(tmp_path: Path) -> None:
    assert paid(lines(tmp_path, (0.5, 3000), (0.5, 3000), pay="Salaris per maand bij FT")) == {12 * 3000.0}
    assert paid(lines(tmp_path, (0.5, 3000), (0.3, 3000), alone=3000)) == {round(12 * 0.8 * 3000, 2)}
    assert paid(lines(tmp_path, (0.5, 20), (0.4, 20), pay="Uurloon")) == {52 * 40 * 0.9 * 20}


@pytest.mark.parametrize("shares", [(0.6, 0.4), (0.5, 0.5)])
def test_pay_that_every_line_of_a_person_repeats_counts_once(tmp_path: Path, shares: tuple[float, float]) -> None:
    result = lines(tmp_path, *((fte, 3000) for fte in shares), pay="Werkelijk maandsalaris")
    assert paid(result) == {12 * 3000.0}
    assert silent(result, "pay_summed")
    assert found(result, "pay_counted_once").count == 8


def test_a_line_without_pay_and_a_correction_count_for_what_they_are(tmp_path: Path) -> None:
    assert paid(lines(tmp_path, (0.5, 2700), (0.4, None))) == {12 * 2700.0}
    result = lines(tmp_path, (1.0, "3.000,00"), (-0.2, "600,00-"))
    assert paid(result) == {12 * 2400.0}
    assert silent(result, "pay_below_zero")


def test_pay_below_zero_of_somebody_is_said(tmp_path: Path) -> None:
    result = lines(tmp_path, (1.0, "(3.000,00)"), people=3, alone=3000)
    assert paid(result) == {-12 * 3000.0}
    said = found(result, "pay_below_zero")
    assert (said.column, said.rows, said.example) == ("Maandsalaris", (2, 3, 4), "(3.000,00)")


@pytest.mark.parametrize(
    ("header", "monthly"),
    [
        ("Maandsalaris (o.b.v. 36 uur)", 12.0),
        ("Bruto salaris (bij 38 uur per week)", 12.0),
        ("Salaris (36-urige werkweek)", 12.0),
        ("Salaris (per 4 weken)", 13.0),
        ("Loon per 4 weken", 13.0),
        ("Weekloon", 52.0),
        ("Jaarsalaris (40 hours a week)", 1.0),
    ],
)
def test_the_week_that_pay_is_for_is_not_how_often_it_is_paid(tmp_path: Path, header: str, monthly: float) -> None:
    assert paid(lines(tmp_path, (1.0, 3000), pay=header)) == {monthly * 3000}


def test_pay_far_from_that_of_the_others_is_said(tmp_path: Path) -> None:
    """Pay per hour among pay per month, or a sign in the wrong place."""
    rows = [
        [*HEADERS],
        *([f"{n}", date(1970 + n, 5, 2), "Zorg", "Verpleger", "1", 1.0, pay] for n, pay in enumerate([3000, 18.5, 3100, 31_500])),
    ]
    said = found(read(workbook(tmp_path / "a.xlsx", rows)), "pay_far_off")
    assert (said.column, said.rows, said.example) == ("Maandsalaris", (3, 5), "18.5")
    assert silent(lines(tmp_path, (1.0, 3000), (0.2, 600), alone=9000), "pay_far_off")


@pytest.mark.parametrize(("header", "pay", "year"), [("Jaarsalaris", 45, 45), ("Maandsalaris", "310050", 3_720_600)])
def test_pay_of_a_year_that_cannot_be_is_said(tmp_path: Path, header: str, pay: object, year: int) -> None:
    """In thousands, or in cents."""
    said = found(lines(tmp_path, (1.0, pay), pay=header), "pay_unlikely")
    assert (said.column, said.params["year"], said.example) == (header, year, str(pay))
    assert silent(lines(tmp_path, (1.0, 3000)), "pay_unlikely")

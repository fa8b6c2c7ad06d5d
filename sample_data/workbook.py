"""From persons to the sheets of an HR system's export, with Dutch headers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

from sample_data.firm import (
    FIRST_YEAR,
    FLEX_FTE,
    FLEX_ROLES,
    FULL_TIME_HOURS,
    LAST_YEAR,
    LOCATIONS,
    RENAMED_AFTER,
    RENAMED_UNIT,
    UNIT_BEFORE,
    RoleTarget,
    by_role,
    targets,
)
from sample_data.history import SCHOOL_YEARS
from sample_data.people import Person, born_at, title_for

MADE_ON = datetime(2026, 1, 5, 9, 0)
"""Creation date written into the files, so that the same seed gives the same bytes."""

WAGE_GROWTH = 0.035
EMPLOYER_FACTOR, MONTHS = 1.32, 12
"""The factor holds holiday allowance, as the product takes it: twelve months of gross pay times the factor are the cost of the role."""

STAFF_COLUMNS = (
    "Peildatum",
    "Personeelsnummer",
    "Geslacht",
    "Geboortedatum",
    "Datum in dienst",
    "Soort medewerker",
    "Soort contract",
    "Einddatum contract",
    "Locatie",
    "Afdeling",
    "Functie",
    "Functietitel",
    "FTE",
    "Contracturen per week",
    "Maandsalaris",
)


def staff_rows(people: Sequence[Person], rng: np.random.Generator) -> pd.DataFrame:
    """One row per person and snapshot, hired staff included."""
    rows: list[tuple] = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        there = [person for person in people if present(person, year)]
        rows += [_staff_row(person, year) for person in sorted(there, key=lambda person: person.number)]
        rows += _flex_rows(year, np.random.default_rng([int(rng.integers(2**31)), year]))
    return pd.DataFrame(rows, columns=list(STAFF_COLUMNS))


def present(person: Person, year: int) -> bool:
    """Employed on 1 January of the year."""
    day = date(year, 1, 1)
    return person.hired is not None and person.hired < day and (person.left is None or person.left >= day)


def unit_of(target: RoleTarget, year: int) -> str:
    return UNIT_BEFORE if target.unit == RENAMED_UNIT and year <= RENAMED_AFTER else target.unit


def _staff_row(person: Person, year: int) -> tuple:
    target, day = by_role()[person.role(year)], date(year, 1, 1)
    fte = person.fte_in(year) if not target.apprentice else target.fte_per_person
    contract, until = _contract(person, target, day)
    return (
        day,
        f"{person.number:06d}",
        "V" if person.female else "M",
        person.born,
        person.hired,
        "Personeelslid",
        contract,
        until,
        person.location,
        unit_of(target, year),
        target.role,
        person.titles[target.role],
        round(fte, 4),
        round(fte * FULL_TIME_HOURS, 1),
        _salary(person, target, year),
    )


def _contract(person: Person, target: RoleTarget, day: date) -> tuple[str, date | None]:
    """Kind of contract on the day, and its last day if it has one."""
    assert person.hired is not None
    if target.apprentice:
        end = date(person.hired.year + SCHOOL_YEARS, 7, 31)
        return "Leerling (bbl)", end if end >= day else date(day.year, 7, 31)
    months = 0
    for length in person.renewals:
        months += length
        index = person.hired.year * 12 + person.hired.month - 1 + months
        end = date(index // 12, index % 12 + 1, person.hired.day) - timedelta(days=1)
        if end >= day:
            return "Bepaalde tijd", end
    return "Onbepaalde tijd", None


def _salary(person: Person, target: RoleTarget, year: int) -> int:
    """Gross euro a month for a full week, without holiday allowance, in steps of ten: grows with experience up to 30 years and with the
    wages; a firm of these ages pays the cost of its roles on average."""
    middle = target.cost / EMPLOYER_FACTOR / MONTHS
    experience = 0.78 + 0.28 * min(max(person.age(year) - 18, 0), 30) / 30 if not target.apprentice else 1.0
    own = 0.97 + 0.06 * ((person.number * 37) % 101) / 100
    return round(middle * experience * own * (1 + WAGE_GROWTH) ** (year - LAST_YEAR) / 10) * 10


def _flex_rows(year: int, rng: np.random.Generator) -> list[tuple]:
    """Agency staff and the self-employed on 1 January, all with an end date after it."""
    roles, weights = list(FLEX_ROLES), np.array(list(FLEX_ROLES.values()), float)
    rows, fte, day = [], 0.0, date(year, 1, 1)
    while fte < FLEX_FTE[year] - 0.5:
        target = by_role()[roles[rng.choice(len(roles), p=weights / weights.sum())]]
        agency, part = bool(rng.random() < 0.75), float(rng.choice([1.0, 0.8421], p=[0.8, 0.2]))
        start = day - timedelta(days=int(rng.integers(10, 330)))
        end = day + timedelta(days=int(rng.integers(20, 330)))
        kind = "Uitzendkracht" if agency else "Inhuur"
        rows.append(
            (
                day,
                f"F{year % 100}{len(rows) + 1:04d}",
                "M" if rng.random() < 0.96 else "V",
                born_at(int(np.clip(rng.normal(37, 10), 19, 62)), year, rng),
                start,
                kind,
                kind,
                end,
                str(rng.choice(LOCATIONS[:3], p=[0.55, 0.25, 0.20])),
                unit_of(target, year),
                target.role,
                title_for(target, rng),
                part,
                round(part * FULL_TIME_HOURS, 1),
                None,
            )
        )
        fte += part
    return rows


def departures(people: Sequence[Person]) -> pd.DataFrame:
    """Everybody who left, with the reason as the HR system words it."""
    gone = sorted((person for person in people if person.left), key=lambda person: (person.left, person.number))
    rows = []
    for person in gone:
        assert person.left is not None
        target = by_role()[person.role(person.left.year)]
        rows.append((f"{person.number:06d}", person.left, person.reason, unit_of(target, person.left.year), target.role))
    return pd.DataFrame(rows, columns=["Personeelsnummer", "Datum uit dienst", "Reden uit dienst", "Afdeling", "Functie"])


def roles_sheet() -> pd.DataFrame:
    rows = [(t.role, t.isco, _yes(t.critical), _yes(t.heavy), _yes(t.apprentice), t.cost) for t in targets()]
    return pd.DataFrame(rows, columns=["Functie", "ISCO-08", "Kritiek", "Zwaar werk", "Leerling", "Kosten per fte"])


def _yes(value: bool) -> str:
    return "ja" if value else "nee"


def formation(staff: pd.DataFrame) -> pd.DataFrame:
    """Establishment per location, department and role: the role's fte spread as the people are; the open part is vacant."""
    last = staff[(staff["Peildatum"] == date(LAST_YEAR, 1, 1)) & (staff["Soort medewerker"] == "Personeelslid")]
    present_fte = last.groupby(["Functie", "Locatie"])["FTE"].sum()
    rows = []
    for target in targets():
        here = np.array([present_fte.get((target.role, place), 0.0) for place in LOCATIONS])
        tenths = np.round(target.establishment * 10 * here / here.sum()).astype(int)
        tenths[0] += round(target.establishment * 10) - tenths.sum()
        for place, wanted, fte in zip(LOCATIONS, tenths / 10, here, strict=True):
            if fte:
                vacant = max(0.0, round(float(wanted - fte), 1))
                rows.append((place, target.unit, target.role, float(wanted), vacant, target.growth))
    columns = ["Locatie", "Afdeling", "Functie", "Formatie fte", "Vacatures fte", "Groei % per jaar"]
    return pd.DataFrame(rows, columns=columns)


def write_workbook(path: Path, sheets: dict[str, pd.DataFrame]) -> None:
    """Write frames as sheets: text stays text, dates are real dates, no formulas or links."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "Verzonnen bedrijf", "created": MADE_ON})
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd-mm-yyyy"})
        for name, frame in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, header in enumerate(frame.columns):
                wide = max([len(str(header)), *(len(str(v)) for v in frame[header].head(40))])
                dates = frame[header].map(lambda value: isinstance(value, date)).any()
                sheet.set_column(column, column, min(wide + 2, 40), day if dates else None)
                sheet.write_string(0, column, str(header), bold)
            for row, values in enumerate(frame.itertuples(index=False), start=1):
                _write_row(sheet, row, values, day)


def _write_row(sheet: xlsxwriter.worksheet.Worksheet, row: int, values: Iterable[object], day: object) -> None:
    for column, value in enumerate(values):
        if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
            continue
        if isinstance(value, date):
            sheet.write_datetime(row, column, value, day)
        elif isinstance(value, str):
            sheet.write_string(row, column, value)
        else:
            sheet.write_number(row, column, float(value))  # type: ignore[arg-type]

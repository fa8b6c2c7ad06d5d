"""Merwerode Techniek on paper: the table of roles with what each must look like on 1 January 2026, and what happens in a year.

The firm is invented. `firm.csv` holds one row per role; the rest here is what does not fit in a row.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FIRST_YEAR, LAST_YEAR = 2021, 2026
"""Years of the snapshots, each on 1 January."""

FULL_TIME_HOURS = 38.0
HEAD_OFFICE = "Merwestad"
LOCATIONS = (HEAD_OFFICE, "Noord", "Zuid", "Eiland")
RENAMED_UNIT, UNIT_BEFORE, RENAMED_AFTER = "Service & Beheer", "Onderhoud", 2024
"""Up to and including the snapshot of `RENAMED_AFTER` the department bore its earlier name."""

AGE_COLUMNS = ((18, 29), (30, 44), (45, 54), (55, 59), (60, 67))
"""Ages at the last birthday that belong to the five age columns of the table."""


@dataclass(frozen=True, slots=True)
class RoleTarget:
    """One row of the table. `ages`: percent of people per age column; `places`: people per location, in LOCATIONS order."""

    unit: str
    role: str
    isco: str
    critical: bool
    heavy: bool
    apprentice: bool
    people: int
    fte_per_person: float
    establishment: float
    ages: tuple[float, ...]
    resign: float
    hires: float
    growth: float
    places: tuple[int, ...]
    women: float
    cost: float
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """People who change role in the five years between the first and the last snapshot; ages at the start of the year."""

    origin: str
    target: str
    people: int
    ages: tuple[int, int]


MOVES = (
    Move("Leerling-monteur W (bbl)", "Installatiemonteur W", 48, (18, 36)),
    Move("Leerling-monteur W (bbl)", "Monteur warmtepompen en koeltechniek", 2, (18, 31)),
    Move("Leerling-monteur E (bbl)", "Elektromonteur", 47, (18, 36)),
    Move("Leerling-monteur E (bbl)", "Monteur laadpunten en zonnestroom", 3, (18, 31)),
    Move("Installatiemonteur W", "Servicemonteur W", 13, (26, 55)),
    Move("Elektromonteur", "Servicemonteur E", 12, (26, 55)),
    Move("Installatiemonteur W", "Monteur warmtepompen en koeltechniek", 8, (24, 48)),
    Move("Elektromonteur", "Monteur laadpunten en zonnestroom", 7, (24, 48)),
    Move("Installatiemonteur W", "Leidinggevend monteur W", 5, (32, 52)),
    Move("Elektromonteur", "Leidinggevend monteur E", 5, (32, 52)),
)
"""A year sees 20 apprentices become mechanic, 5 mechanics go to service, 3 to heat pumps or charging points, 2 become lead."""

PENSIONS = {2021: 13, 2022: 10, 2023: 11, 2024: 13, 2025: 17}
"""People leaving at or just before their state pension date; fewer in the years in which the age rose."""

EARLY_EXITS = {2021: 2, 2022: 2, 2023: 3, 2024: 3, 2025: 3}
"""People of heavy roles leaving some two years before it (RVU)."""

PENSION_YEARS = {2026: 20, 2027: 23, 2028: 21, 2029: 29, 2030: 31, 2031: 20, 2032: 17}
"""The people of 60 and over in the last snapshot: weight per calendar year of their state pension date (2032 = later)."""

YEAR_FACTOR = {2021: 0.82, 2022: 1.22, 2023: 1.12, 2024: 0.94, 2025: 0.90}
"""How the labour market moved resignations around the average of the five years."""

CONTRACT_END_SHARE = 0.14
"""Fixed contracts that are not renewed, as a share of the hires of roles that are no apprenticeship."""

OTHER_EXIT_RATE = 0.004
"""Yearly chance of leaving by death, long illness or mutual consent."""

FLEX_FTE = {2021: 52.0, 2022: 58.0, 2023: 64.0, 2024: 66.0, 2025: 68.0, 2026: 70.0}
FLEX_ROLES = {
    "Installatiemonteur W": 26,
    "Elektromonteur": 22,
    "Servicemonteur W": 6,
    "Timmerman": 6,
    "Bouwhulp": 5,
    "Dakdekker": 3,
    "Isoleerder": 2,
}
"""Hired staff, on top of the own people: weight per role."""


@cache
def targets() -> tuple[RoleTarget, ...]:
    """The rows of firm.csv."""
    text = files("sample_data").joinpath("firm.csv").read_text(encoding="utf-8")
    return tuple(_target(row) for row in csv.DictReader(text.splitlines()))


def by_role() -> dict[str, RoleTarget]:
    return {target.role: target for target in targets()}


def _target(row: dict[str, str]) -> RoleTarget:
    people = int(row["people"])
    elsewhere = tuple(int(row[name]) for name in ("noord", "zuid", "eiland"))
    ages = tuple(float(row[name]) for name in ("age_under_30", "age_30_44", "age_45_54", "age_55_59", "age_60_plus"))
    return RoleTarget(
        unit=row["unit"],
        role=row["role"],
        isco=row["isco"],
        critical=row["critical"] == "1",
        heavy=row["heavy"] == "1",
        apprentice=row["apprentice"] == "1",
        people=people,
        fte_per_person=float(row["fte_per_person"]),
        establishment=float(row["establishment_fte"]),
        ages=ages,
        resign=float(row["resign_percent"]) / 100,
        hires=float(row["hires_per_year"]),
        growth=float(row["growth_percent"]),
        places=(people - sum(elsewhere), *elsewhere),
        women=float(row["women_percent"]) / 100,
        cost=float(row["cost_per_fte"]),
        titles=tuple(row["titles"].split("|")),
    )

"""What the people of Merwerode can do, what their roles ask, what can be learned, and what they want.

The counts that the story names are seeded exactly; the rest is drawn. Who was not assessed has no rows: unknown, not zero.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from sample_data.firm import LAST_YEAR, by_role
from sample_data.people import Person

ASSESSED, ASSESSED_WORKSHOP, WORKSHOP = 0.68, 0.31, "Prefab & Werkplaats"
"""Share of the people with an assessment, and of those in the workshop."""

STEAM, RELAYS, CONTROL, HEAT_PUMP, MENTOR, SAFETY = (
    "stoom- en ketelinstallaties",
    "oude relaisregeling",
    "gebouwbeheersysteem programmeren",
    "warmtepomp inregelen",
    "leermeester",
    "VCA",
)
PLACING = "warmtepomp plaatsen"
ONE_COURSE_AWAY = 52
SAFETY_EXPIRES, SAFETY_YEAR = 140, 2027
MENTORS_OLDER, MENTORS_YOUNGER = 24, 22
HEAT_PUMP_HOLDERS = {"Monteur warmtepompen en koeltechniek": 26, "Servicemonteur W": 12}
HEAT_PUMP_NEAR = {"Monteur warmtepompen en koeltechniek": 8, "Servicemonteur W": 18, "Installatiemonteur W": 26}
CONTROL_ROLE, CONTROL_HOLDERS = "Regeltechnicus gebouwautomatisering", 11
BOILER_ROLE, STEAM_HOLDERS = "Ketel- en stoomspecialist", 4
SOURCES = ("leidinggevende", "zelf", "certificaat")


@dataclass(frozen=True, slots=True)
class Need:
    """What a role asks: level 2-5, weight, share of the role's people that needs it, change of that share a year."""

    level: int
    weight: float
    share: float
    change: float


@cache
def story() -> dict[str, Any]:
    """skills.toml as read: skill, role, training."""
    return tomllib.loads(files("sample_data").joinpath("skills.toml").read_text(encoding="utf-8"))


@cache
def needs() -> dict[str, dict[str, Need]]:
    """Role -> skill -> need."""
    return {role: {skill: Need(*values) for skill, values in asked.items()} for role, asked in story()["role"].items()}


@dataclass(slots=True, eq=False)
class Staff:
    """The people of the last snapshot, and what was found of whom: levels[person number][skill]."""

    people: list[Person]
    assessed: set[int]
    levels: dict[int, dict[str, int]]

    def of(self, *roles: str) -> list[Person]:
        """Assessed people of the roles."""
        return [person for person in self.people if person.number in self.assessed and person.role(LAST_YEAR) in roles]


def assess(people: list[Person], rng: np.random.Generator) -> Staff:
    """Who was assessed and with which levels; the story's counts last, so that nothing overwrites them."""
    staff = Staff(people, _assessed(people, rng), defaultdict(dict))
    for person in people:
        if person.number in staff.assessed:
            for skill, need in needs()[person.role(LAST_YEAR)].items():
                staff.levels[person.number][skill] = _drawn(need.level, rng)
    _seed_heat_pumps(staff, rng)
    _hold_exactly(staff, CONTROL, 4, staff.of(CONTROL_ROLE)[:CONTROL_HOLDERS])
    _hold_exactly(staff, STEAM, 4, _oldest(staff.of(BOILER_ROLE))[:STEAM_HOLDERS])
    _hold_exactly(staff, RELAYS, 3, _relay_holders(staff))
    _hold_exactly(staff, MENTOR, 3, _mentors(staff, rng))
    return staff


def _must(person: Person) -> bool:
    """People the story speaks of have been assessed."""
    return person.role(LAST_YEAR) in (CONTROL_ROLE, BOILER_ROLE, *HEAT_PUMP_HOLDERS)


def _assessed(people: list[Person], rng: np.random.Generator) -> set[int]:
    workshop = [p for p in people if by_role()[p.role(LAST_YEAR)].unit == WORKSHOP]
    sure = [p for p in people if _must(p)]
    rest = [p for p in people if not _must(p) and by_role()[p.role(LAST_YEAR)].unit != WORKSHOP]
    some = round(ASSESSED_WORKSHOP * len(workshop))
    more = round(ASSESSED * len(people)) - len(sure) - some
    chosen = [*sure, *_draw(workshop, some, rng), *_draw(rest, more, rng)]
    return {person.number for person in chosen}


def _draw(pool: list[Person], count: int, rng: np.random.Generator) -> list[Person]:
    return [pool[index] for index in sorted(rng.choice(len(pool), count, replace=False))]


def _drawn(level: int, rng: np.random.Generator) -> int:
    return int(np.clip(level + rng.choice([-2, -1, 0, 1], p=[0.04, 0.18, 0.56, 0.22]), 0, 5))


def _oldest(people: list[Person]) -> list[Person]:
    return sorted(people, key=lambda person: person.born)


def _hold_exactly(staff: Staff, skill: str, level: int, holders: list[Person]) -> None:
    """These people hold the skill at the level; everybody else assessed for it stays below."""
    chosen = {person.number for person in holders}
    for number, levels in staff.levels.items():
        if number in chosen:
            levels[skill] = max(level, levels.get(skill, 0))
        elif skill in levels:
            levels[skill] = min(levels[skill], level - 1)


def _seed_heat_pumps(staff: Staff, rng: np.random.Generator) -> None:
    """38 can commission a heat pump; 52 more can place one and lack only that course."""
    holders: list[Person] = []
    for role, count in HEAT_PUMP_HOLDERS.items():
        holders += _draw(staff.of(role), count, rng)
    _hold_exactly(staff, HEAT_PUMP, 3, holders)
    able = {person.number for person in holders}
    for role, count in HEAT_PUMP_NEAR.items():
        pool = [person for person in staff.of(role) if person.number not in able]
        near = {person.number for person in _draw(pool, count, rng)}
        for person in pool:
            levels = staff.levels[person.number]
            if person.number in near:
                levels[PLACING], levels[HEAT_PUMP] = max(3, levels.get(PLACING, 3)), 2
            elif HEAT_PUMP in levels:
                levels[HEAT_PUMP] = 1
                levels[PLACING] = min(levels.get(PLACING, 2), 2)


def _relay_holders(staff: Staff) -> list[Person]:
    """Three, of whom two are 63 or older."""
    pool = _oldest(staff.of(CONTROL_ROLE, "Servicemonteur E"))
    older = [person for person in pool if person.age(LAST_YEAR) >= 63][:2]
    return [*older, next(person for person in pool if 50 <= person.age(LAST_YEAR) < 60)]


def _mentors(staff: Staff, rng: np.random.Generator) -> list[Person]:
    roles = [role for role, asked in needs().items() if MENTOR in asked]
    pool = staff.of(*roles)
    older = [person for person in pool if person.age(LAST_YEAR) >= 55]
    younger = [person for person in pool if 32 <= person.age(LAST_YEAR) < 55]
    return _draw(older, MENTORS_OLDER, rng) + _draw(younger, MENTORS_YOUNGER, rng)


def skills_sheet() -> pd.DataFrame:
    """The 44 skills: group, kind (which half-life), years a certificate is valid (empty = no certificate)."""
    kinds = {"technical": "technisch", "digital": "digitaal", "professional": "vak", "general": "algemeen"}
    rows = [(s["name"], s["group"], kinds[s["kind"]], s["valid_years"] or None) for s in story()["skill"]]
    return pd.DataFrame(rows, columns=["Vaardigheid", "Groep", "Soort vaardigheid", "Certificaat geldig (jaar)"])


def requirements_sheet() -> pd.DataFrame:
    """One row per role and skill. `Aantal nodig` = establishment fte x share, the number of full-time people who must have it."""
    certificates = {skill["name"] for skill in story()["skill"] if skill["valid_years"]}
    rows = []
    for role, asked in needs().items():
        for skill, need in asked.items():
            wanted = round(by_role()[role].establishment * need.share, 1)
            must = "ja" if skill in certificates else "nee"
            rows.append((role, skill, need.level, need.weight, must, wanted, round(100 * need.change, 1)))
    columns = ["Functie", "Vaardigheid", "Vereist niveau", "Belang", "Verplicht", "Aantal nodig", "Verandering aandeel % per jaar"]
    return pd.DataFrame(rows, columns=columns)


def matrix_sheet(staff: Staff, rng: np.random.Generator) -> pd.DataFrame:
    """One row per person and assessed skill, with date, source and, for certificates, expiry."""
    valid = {skill["name"]: skill["valid_years"] for skill in story()["skill"]}
    soon = _expiring(staff, rng)
    rows = []
    for person in staff.people:
        for skill, level in staff.levels.get(person.number, {}).items():
            day = date(LAST_YEAR - 1, 12, 1) - timedelta(days=int(rng.integers(0, 900)))
            source = SOURCES[2] if valid[skill] and level >= 2 else SOURCES[int(rng.random() < 0.3)]
            until = _valid_until(skill, valid[skill], person.number in soon, rng) if source == SOURCES[2] else None
            rows.append((f"{person.number:06d}", skill, level, day, source, until))
    return pd.DataFrame(rows, columns=["Personeelsnummer", "Vaardigheid", "Niveau", "Beoordeeld op", "Bron", "Geldig tot"])


def _expiring(staff: Staff, rng: np.random.Generator) -> set[int]:
    holders = [person for person in staff.people if staff.levels.get(person.number, {}).get(SAFETY, 0) >= 2]
    return {person.number for person in _draw(holders, SAFETY_EXPIRES, rng)}


def _valid_until(skill: str, years: int, soon: bool, rng: np.random.Generator) -> date:
    """Somewhere in the coming years of validity; the story's year of safety certificates is kept for those it names."""
    coming = [LAST_YEAR + number for number in range(years)]
    if skill == SAFETY:
        coming = [SAFETY_YEAR] if soon else [year for year in coming if year != SAFETY_YEAR]
    return date(int(rng.choice(coming)), 1, 1) + timedelta(days=int(rng.integers(5, 360)))


def trainings_sheet() -> pd.DataFrame:
    """The courses on offer. `Vaardigheden na afloop`: skill and level, separated by semicolons."""
    rows = []
    for course in story()["training"]:
        raised = "; ".join(f"{skill} {level}" for skill, level in course["raises"].items())
        certificate = "ja" if course["certificate"] else "nee"
        days = course["hours"] / 8
        rows.append(
            (course["name"], course["hours"], days, course["price"], certificate, course["places"], raised, course["needs"] or None)
        )
    columns = [
        "Opleiding",
        "Duur in uren",
        "Duur in dagen",
        "Kosten opleiding",
        "Certificaat",
        "Plaatsen per jaar",
        "Vaardigheden na afloop",
        "Eerst nodig",
    ]
    return pd.DataFrame(rows, columns=columns)

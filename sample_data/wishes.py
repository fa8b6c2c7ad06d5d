"""What people said they want, in 430 voluntary conversations. Counts as in the story; several wishes of one person may stand together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from sample_data.firm import FULL_TIME_HOURS, LAST_YEAR, by_role
from sample_data.people import Person

CONVERSATIONS = 430
DEEPEN, OTHER_ROLE, OTHER_DIRECTION, MORE_HOURS, FEWER_HOURS, TEACH, OUTSIDE, TIMING = 150, 88, 41, 63, 47, 55, 22, 64
MORE_FTE, MORE_HALF_TIME = 17.0, 45
TEACH_OLDER, PREPARE_OR_INSPECT = 31, 26
OFFICE, DRAWING = ("Administratief medewerker", 9), ("Tekenaar/modelleur", 7)
"""Role and people of it who want work with customers or preparation."""

PREPARATION, INSPECTION = "Werkvoorbereider", "Inspecteur installaties"
CUSTOMERS = ("Medewerker servicedesk", "Planner", "Accountmanager")
MECHANICS = (
    "Installatiemonteur W",
    "Elektromonteur",
    "Servicemonteur W",
    "Servicemonteur E",
    "Leidinggevend monteur W",
    "Leidinggevend monteur E",
    "Timmerman",
    "Monteur brandbeveiliging",
)
OTHER_TARGETS = (
    "Servicemonteur W",
    "Monteur warmtepompen en koeltechniek",
    "Projectleider",
    "Leidinggevend monteur E",
    "Planner",
    "Elektromonteur",
)
COLUMNS = (
    "Personeelsnummer",
    "Datum gesprek",
    "Gewenste functie",
    "Gewenste fte",
    "Meer uren",
    "Minder uren",
    "Verdiepen in eigen werk",
    "Andere richting",
    "Kennis overdragen",
    "Buiten het bedrijf",
    "Eerder of later stoppen",
)


class Wishes:
    """Rows by person, filled wish by wish."""

    def __init__(self, people: list[Person], rng: np.random.Generator) -> None:
        self.rng = rng
        self.people = people
        self.rows: dict[int, dict[str, object]] = {}

    def give(self, count: int, column: str, value: Callable[[Person], object], suits: Callable[[Person], bool]) -> list[Person]:
        """`count` more people who suit get the wish. People who already had a conversation come first half of the time."""
        pool = [person for person in self.people if suits(person) and column not in self.rows.get(person.number, {})]
        weights = np.array([2.0 if person.number in self.rows else 1.0 for person in pool])
        chosen = [pool[i] for i in self.rng.choice(len(pool), count, replace=False, p=weights / weights.sum())]
        for person in chosen:
            self.rows.setdefault(person.number, {})[column] = value(person)
        return chosen


def wishes_sheet(people: list[Person], rng: np.random.Generator) -> pd.DataFrame:
    """One row per conversation."""
    made = Wishes(people, rng)
    _roles(made)
    _hours(made)
    mechanic = lambda person: person.role(LAST_YEAR) in MECHANICS  # noqa: E731
    older = lambda person: person.age(LAST_YEAR) >= 55  # noqa: E731
    made.give(TEACH_OLDER, "Kennis overdragen", _yes, lambda person: mechanic(person) and older(person))
    made.give(
        TEACH - TEACH_OLDER, "Kennis overdragen", _yes, lambda person: not (mechanic(person) and older(person)) and _age(person, 30, 70)
    )
    made.give(
        TIMING, "Eerder of later stoppen", lambda person: str(rng.choice(["eerder", "later"], p=[0.7, 0.3])), lambda p: _age(p, 57, 67)
    )
    made.give(OUTSIDE, "Buiten het bedrijf", _yes, lambda person: _age(person, 22, 50))
    made.give(OTHER_DIRECTION, "Andere richting", _yes, lambda person: _age(person, 22, 58))
    _deepen(made)
    return _frame(made)


def _yes(_person: Person) -> str:
    return "ja"


def _age(person: Person, low: int, high: int) -> bool:
    return low <= person.age(LAST_YEAR) <= high


def _roles(made: Wishes) -> None:
    """88 name another role; 26 of them preparation or inspection, among whom some of the drawing staff and the office."""
    rng = made.rng
    column = "Gewenste functie"

    def of(role: str) -> Callable[[Person], bool]:
        return lambda person: person.role(LAST_YEAR) == role

    to_preparation = 5 + 3
    made.give(5, column, lambda _: PREPARATION, of(DRAWING[0]))
    made.give(DRAWING[1] - 5, column, lambda _: CUSTOMERS[2], of(DRAWING[0]))
    made.give(3, column, lambda _: PREPARATION, of(OFFICE[0]))
    made.give(OFFICE[1] - 3, column, lambda _: str(rng.choice(CUSTOMERS[:2])), of(OFFICE[0]))
    rest = PREPARE_OR_INSPECT - to_preparation
    wanted = iter([PREPARATION] * (rest // 2) + [INSPECTION] * (rest - rest // 2))
    made.give(rest, column, lambda _: next(wanted), lambda person: person.role(LAST_YEAR) in MECHANICS and _age(person, 30, 60))
    others = OTHER_ROLE - PREPARE_OR_INSPECT - (DRAWING[1] - 5) - (OFFICE[1] - 3)
    made.give(
        others,
        column,
        lambda person: str(rng.choice([role for role in OTHER_TARGETS if role != person.role(LAST_YEAR)])),
        lambda person: person.role(LAST_YEAR) not in (DRAWING[0], OFFICE[0]) and _age(person, 22, 58),
    )


def _hours(made: Wishes) -> None:
    """63 want more hours, together 17 fte; 47 fewer."""
    chosen = made.give(MORE_HALF_TIME, "Meer uren", _yes, lambda person: person.fte <= 0.74)
    chosen += made.give(MORE_HOURS - MORE_HALF_TIME, "Meer uren", _yes, lambda person: 0.74 < person.fte <= 0.9)
    room = {person.number: 1.0 - person.fte for person in chosen}
    extra = {number: min(4 / FULL_TIME_HOURS, space) for number, space in room.items()}
    step, order = 2 / FULL_TIME_HOURS, [person.number for person in chosen]
    turn = 0
    while sum(extra.values()) < MORE_FTE - step / 2 and turn < 2000:
        number = order[turn % len(order)]
        if extra[number] + step <= room[number] + 1e-9:
            extra[number] += step
        turn += 1
    for person in chosen:
        made.rows[person.number]["Gewenste fte"] = round(person.fte + extra[person.number], 4)
    fewer = made.give(FEWER_HOURS, "Minder uren", _yes, lambda p: p.fte > 0.7 and "Meer uren" not in made.rows.get(p.number, {}))
    for person in fewer:
        made.rows[person.number]["Gewenste fte"] = round(max(person.fte - 8 / FULL_TIME_HOURS, 0.4), 4)


def _deepen(made: Wishes) -> None:
    """150 want to get better at their own work: everybody needed to reach 430 conversations, the rest among those who spoke."""
    new = CONVERSATIONS - len(made.rows)
    fresh = lambda person: person.number not in made.rows  # noqa: E731
    made.give(min(new, DEEPEN), "Verdiepen in eigen werk", _yes, fresh)
    made.give(DEEPEN - min(new, DEEPEN), "Verdiepen in eigen werk", _yes, lambda person: not fresh(person))
    silent = [person for person in made.people if fresh(person)]
    for index in made.rng.choice(len(silent), max(0, CONVERSATIONS - len(made.rows)), replace=False):
        made.rows[silent[index].number] = {}


def _frame(made: Wishes) -> pd.DataFrame:
    rows = []
    for number in sorted(made.rows):
        wish = made.rows[number]
        day = date(LAST_YEAR - 1, 12, 15) - timedelta(days=int(made.rng.integers(0, 300)))
        rows.append((f"{number:06d}", day, *(wish.get(column) for column in COLUMNS[2:])))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    known = set(by_role())
    assert set(frame["Gewenste functie"].dropna()) <= known
    return frame

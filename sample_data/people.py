"""The people of Merwerode Techniek: who is there on 1 January of the last year, by the table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from sample_data.firm import AGE_COLUMNS, FULL_TIME_HOURS, LAST_YEAR, LOCATIONS, PENSION_YEARS, RoleTarget, targets

PART_TIME_HOURS = (36, 34, 32, 30, 28, 24, 20, 16)
GENERATION_PACT_FTE = 0.8
WORKING_ON = ("Timmerman", "Chauffeur bestelwagen", "Inspecteur installaties")
"""Roles of the three people who work on after their state pension date."""

SOON = ("Ketel- en stoomspecialist",)
"""Roles whose people of 60 and over all reach their state pension date within five years."""


@dataclass(slots=True, eq=False)
class Person:
    """One employee with a past. `spells`: (first snapshot year, role), latest first; the last one holds for all earlier years.

    `hired` is None until the past reaches the day of joining. `renewals` = months of each fixed contract at the start
    (empty: permanent from day one). `fte_before`: (year, fte) = another working week up to and including that snapshot.
    """

    born: date
    location: str
    female: bool
    fte: float
    spells: list[tuple[int, str]]
    titles: dict[str, str]
    hired: date | None = None
    left: date | None = None
    reason: str = ""
    renewals: tuple[int, ...] = ()
    fte_before: tuple[int, float] | None = None
    number: int = 0
    marks: set[str] = field(default_factory=set)

    def role(self, year: int) -> str:
        """Role on 1 January of the year."""
        return next((role for first, role in self.spells if year >= first), self.spells[-1][1])

    def age(self, year: int) -> int:
        """Age at the last birthday on 1 January of the year."""
        return year - self.born.year - ((self.born.month, self.born.day) > (1, 1))

    def fte_in(self, year: int) -> float:
        return self.fte_before[1] if self.fte_before and year <= self.fte_before[0] else self.fte


def shares(total: int, weights: tuple[float, ...] | np.ndarray) -> list[int]:
    """Whole numbers that sum to `total`, as near to the weights as can be (largest remainders)."""
    wanted = np.asarray(weights, float) * total / np.sum(weights)
    whole = np.floor(wanted + 1e-9).astype(int)
    for index in np.argsort(whole - wanted, kind="stable")[: total - whole.sum()]:
        whole[index] += 1
    return whole.tolist()


def born_at(age: int, year: int, rng: np.random.Generator) -> date:
    """A birth date that makes somebody `age` on 1 January of the year."""
    return date(year - age - 1, 1, 2) + timedelta(days=int(rng.integers(0, 365)))


def born_for_pension(year: int, rng: np.random.Generator, youngest: date = date(LAST_YEAR - 60, 1, 1)) -> date:
    """A birth date not after `youngest` whose state pension date falls in the year (the last day worked is the day before)."""
    from analytics.pension import statutory_pension_date

    while True:
        born = date(year - 69, 1, 1) + timedelta(days=int(rng.integers(0, 4 * 365)))
        if born <= youngest and (statutory_pension_date(born) - timedelta(days=1)).year == year:
            return born


def title_for(target: RoleTarget, rng: np.random.Generator) -> str:
    """One of the job titles in use for the role; the first is the usual one."""
    weights = 0.55 ** np.arange(len(target.titles))
    return target.titles[rng.choice(len(weights), p=weights / weights.sum())]


def staff(rng: np.random.Generator) -> list[Person]:
    """Everybody on 1 January of the last year."""
    older = iter(rng.permutation(np.repeat(list(PENSION_YEARS), shares(_older_people(), np.array(list(PENSION_YEARS.values()))))))
    people: list[Person] = []
    for target in targets():
        people += _people_of(target, older, rng)
    return people


def _older_people() -> int:
    return sum(shares(target.people, target.ages)[-1] for target in targets())


def _people_of(target: RoleTarget, older: object, rng: np.random.Generator) -> list[Person]:
    births: list[date] = []
    for (low, high), count in zip(AGE_COLUMNS, shares(target.people, target.ages), strict=True):
        births += [_birth(target, low, high, older, rng) for _ in range(count)]
    places = rng.permutation(np.repeat(LOCATIONS, target.places))
    women = rng.permutation(np.arange(target.people) < round(target.women * target.people))
    people = [
        Person(born, str(place), bool(female), 1.0, [(0, target.role)], {target.role: title_for(target, rng)})
        for born, place, female in zip(births, places, women, strict=True)
    ]
    if target.role in WORKING_ON:
        _work_on(people, rng)
    _set_hours(people, target, rng)
    return people


def _birth(target: RoleTarget, low: int, high: int, older: object, rng: np.random.Generator) -> date:
    if low >= 60:
        year = int(next(older))  # type: ignore[call-overload]
        if target.role in SOON:
            year = min(year, 2027 + int(rng.integers(0, 3)))
        return born_for_pension(year, rng)
    if low >= 30:
        return born_at(int(rng.integers(low, high + 1)), LAST_YEAR, rng)
    if target.apprentice:
        return born_at(int(rng.choice(np.arange(17, 30), p=np.array([5, 7, 9, 11, 12, 12, 10, 9, 8, 6, 5, 3, 3]) / 100)), LAST_YEAR, rng)
    return born_at(int(rng.choice(np.arange(20, 30), p=np.arange(1, 11) / 55)), LAST_YEAR, rng)


def _work_on(people: list[Person], rng: np.random.Generator) -> None:
    """The oldest of the role is some months past the state pension date."""
    oldest = min(people, key=lambda person: person.born)
    oldest.born = date(LAST_YEAR - 68, 1, 2) + timedelta(days=int(rng.integers(200, 330)))
    oldest.marks.add("works on")


def _set_hours(people: list[Person], target: RoleTarget, rng: np.random.Generator) -> None:
    """Part-time weeks, so that the role's fte per person is that of the table; women and the oldest work part-time more often."""
    if target.apprentice:
        for person in people:
            person.fte = target.fte_per_person
        return
    surplus = len(people) * (1 - target.fte_per_person)
    weights = np.array([1 + 4 * person.female + 2 * (person.age(LAST_YEAR) >= 60) for person in people], float)
    order = rng.permutation(len(people))
    order = order[np.argsort(-weights[order] * rng.random(len(people)), kind="stable")]
    for index in order:
        person = people[index]
        options = [GENERATION_PACT_FTE] if person.age(LAST_YEAR) >= 60 and not person.female else _weeks(target)
        fitting = [option for option in options if 1 - option <= surplus + 0.02]
        if not fitting:
            continue
        person.fte = round(float(rng.choice(fitting)), 4)
        surplus -= 1 - person.fte


def _weeks(target: RoleTarget) -> list[float]:
    low = 24 if target.fte_per_person > 0.9 else 16
    return [hours / FULL_TIME_HOURS for hours in PART_TIME_HOURS if hours >= low]

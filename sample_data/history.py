"""The five years before the last snapshot, told backwards: who had not joined yet, who was still there, who did other work.

Per role the numbers over five years follow from the stated rates, so that rates counted again from the snapshots come out near
them; the years get their share by lot, so that no year is average.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sample_data.firm import (
    CONTRACT_END_SHARE,
    EARLY_EXITS,
    FIRST_YEAR,
    LAST_YEAR,
    LOCATIONS,
    MOVES,
    OTHER_EXIT_RATE,
    PENSIONS,
    YEAR_FACTOR,
    RoleTarget,
    by_role,
    targets,
)
from sample_data.people import Person, born_at, born_for_pension, shares, title_for

YEARS = tuple(range(FIRST_YEAR, LAST_YEAR))
RESIGNED, ENDED, PENSION, EARLY, DIED, AGREED, UNFIT = (
    "Eigen verzoek",
    "Einde contract",
    "Pensioen",
    "RVU",
    "Overlijden",
    "Wederzijds goedvinden",
    "Arbeidsongeschikt",
)
OLDEST_HIRE = 60
SCHOOL_YEARS = 4
"""An apprentice's contract runs to 31 July, four school years after joining."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Counts per (role, year): leavers by reason, and hires that are seen in a snapshot."""

    leavers: dict[tuple[str, int], dict[str, int]]
    hires: dict[tuple[str, int], int]
    moves: dict[tuple[str, str, int], int]


def past(people: list[Person], rng: np.random.Generator) -> list[Person]:
    """Give everybody a past and add those who left; returns all persons seen in any snapshot."""
    plan = _plan(rng)
    everybody, present = list(people), list(people)
    for year in reversed(YEARS):
        moved = _undo_moves(present, plan, year, rng)
        joined = _undo_hires(present, plan, year, moved, rng)
        present = [person for person in present if id(person) not in joined]
        leavers = _leavers(plan, year, present, rng)
        everybody += leavers
        present += leavers
    for person in present:
        person.hired = _hired_before(person, rng)
    for person in everybody:
        _contracts(person, rng)
    _hours_before(everybody, rng)
    _numbers(everybody, rng)
    return everybody


def _plan(rng: np.random.Generator) -> Plan:
    """Whole numbers per role and year, from the table's rates and a stock that is reckoned back."""
    table = targets()
    years = len(YEARS)
    stock_years = np.array([_stock_years(target) for target in table])
    older = np.array([target.people * (target.ages[4] + 0.3 * target.ages[3]) for target in table])
    heavy = np.array([target.heavy for target in table])
    resigned = _rounded(np.array([target.resign for target in table]) * stock_years)
    ended = _rounded(np.array([0 if target.apprentice else target.hires * years * CONTRACT_END_SHARE for target in table]))
    other = _rounded(stock_years * OTHER_EXIT_RATE)
    pension = shares(sum(PENSIONS.values()), older)
    early = shares(sum(EARLY_EXITS.values()), older * heavy)
    hires = _rounded(np.array([target.hires * years for target in table]))
    factor = np.array([YEAR_FACTOR[year] for year in YEARS])
    leavers: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    seen: dict[tuple[str, int], int] = {}
    spread = {
        RESIGNED: (resigned, factor),
        ENDED: (ended, np.ones(years)),
        AGREED: (other, np.ones(years)),
        PENSION: (pension, np.array(list(PENSIONS.values()), float)),
        EARLY: (early, np.array(list(EARLY_EXITS.values()), float)),
    }
    for row, target in enumerate(table):
        for reason, (totals, weights) in spread.items():
            for year, count in zip(YEARS, _by_lot(totals[row], weights, rng), strict=True):
                leavers[target.role, year][reason] = count
        for year, count in zip(YEARS, _by_lot(hires[row], np.array([0.95, 0.98, 1.05, 1.0, 1.02]), rng, even=0.7), strict=True):
            seen[target.role, year] = count
    level = np.ones(years)
    moves = {(m.origin, m.target, y): n for m in MOVES for y, n in zip(YEARS, _by_lot(m.people, level, rng, even=0.8), strict=True)}
    return Plan(leavers, seen, moves)


def _rounded(wanted: np.ndarray) -> list[int]:
    return shares(round(wanted.sum()), wanted)


def _by_lot(total: int, weights: np.ndarray, rng: np.random.Generator, even: float = 0.4) -> list[int]:
    """Split a total over the years: the `even` part by weight, the rest by chance."""
    sure = np.floor(weights / weights.sum() * total * even).astype(int)
    return (sure + rng.multinomial(total - sure.sum(), weights / weights.sum())).tolist()


def _stock_years(target: RoleTarget) -> float:
    """Sum of the role's people on 1 January of the five years, from N(y+1) = N(y)(1 - rate) + in - out reckoned back."""
    years = len(YEARS)
    moved_in = sum(move.people for move in MOVES if move.target == target.role) / years
    moved_out = sum(move.people for move in MOVES if move.origin == target.role) / years
    everybody = sum(other.people * other.ages[4] for other in targets())
    pensions = sum(PENSIONS.values()) / years * target.people * target.ages[4] / everybody
    ended = 0 if target.apprentice else target.hires * CONTRACT_END_SHARE
    net = target.hires + moved_in - moved_out - pensions - ended
    total, stock = 0.0, float(target.people)
    for _ in YEARS:
        stock = (stock - net) / (1 - target.resign - OTHER_EXIT_RATE)
        total += stock
    return total


def _undo_moves(present: list[Person], plan: Plan, year: int, rng: np.random.Generator) -> set[int]:
    """Put back into their former role the people who moved during the year; returns their ids."""
    table, moved = by_role(), set()
    for move in MOVES:
        pool = [
            person
            for person in present
            if person.role(year + 1) == move.target
            and person.hired is None
            and id(person) not in moved
            and move.ages[0] <= person.age(year) <= move.ages[1]
            and person.reason != ENDED
            and (len(person.spells) == 1 or person.spells[-2][0] > year + 2)
        ]
        weights = np.array([_move_weight(table[move.origin], person, year) for person in pool])
        count = min(plan.moves[move.origin, move.target, year], len(pool))
        for index in rng.choice(len(pool), count, replace=False, p=weights / weights.sum()) if count else ():
            person = pool[index]
            person.spells = [*person.spells[:-1], (year + 1, move.target), (0, move.origin)]
            person.titles[move.origin] = title_for(table[move.origin], rng)
            moved.add(id(person))
    return moved


def _move_weight(origin: RoleTarget, person: Person, year: int) -> float:
    """Apprentices finish young: the youngest mechanics are the likeliest to have been one."""
    return float(np.exp(-(person.age(year) - 18) / 3.0)) if origin.apprentice else 1.0


def _undo_hires(present: list[Person], plan: Plan, year: int, moved: set[int], rng: np.random.Generator) -> set[int]:
    """Give this year as year of joining to as many people per role as were hired; returns the ids of those people."""
    joined: set[int] = set()
    pools: dict[str, list[Person]] = defaultdict(list)
    for person in present:
        if id(person) not in moved:
            pools[person.role(year + 1)].append(person)
    for role, target in by_role().items():
        pool = [person for person in pools[role] if person.age(year) >= _youngest(target)]
        weights = np.array([_hire_weight(target, person, year) for person in pool])
        count = min(plan.hires[role, year], int((weights > 0).sum()))
        if not count:
            continue
        for index in rng.choice(len(pool), count, replace=False, p=weights / weights.sum()):
            pool[index].hired = _day_hired(pool[index], target, year, rng)
            joined.add(id(pool[index]))
    return joined


def _youngest(target: RoleTarget) -> int:
    """Least age on 1 January of the year of joining."""
    return 16 if target.apprentice else 18


def _hire_weight(target: RoleTarget, person: Person, year: int) -> float:
    """How likely it is that somebody present at the end of the year joined in it."""
    gone = person.left.year - year if person.left else 99
    if person.reason == ENDED:
        return {1: 60.0, 2: 200.0, 3: 5000.0}.get(gone, 0.0)
    if person.reason in (PENSION, EARLY) or "works on" in person.marks or person.age(year) > OLDEST_HIRE:
        return 0.0
    if person.age(year) <= _youngest(target) + 1:
        return 1000.0  # a year earlier would be too young
    if target.apprentice:
        finished = min((first for first, role in person.spells if role != target.role), default=0)
        studied = finished - 1 - year if finished else 9 if person.left is None else gone
        return {0: 0.0, 1: 0.5, 2: 3.0, 3: 8.0}.get(studied, 8.0 if finished else 1.0) * float(np.exp(-max(0, person.age(year) - 17) / 12))
    spoiled = 0.15 if len(person.spells) > 1 else 1.0
    haste = 2.5 if person.reason == RESIGNED and gone <= 3 else 1.0
    return spoiled * haste * float(np.exp(-max(0, person.age(year) - 22) / 13))


def _day_hired(person: Person, target: RoleTarget, year: int, rng: np.random.Generator) -> date:
    if person.reason == ENDED and person.left:
        return _after(person.left, -12 * (person.left.year - year))
    if target.apprentice:
        return date(year, int(rng.choice([8, 9], p=[0.3, 0.7])), 1)
    month = int(rng.choice(np.arange(1, 13), p=np.array([10, 9, 9, 9, 8, 7, 5, 7, 13, 10, 8, 5]) / 100))
    return date(year, month, 6 if month == 1 else int(rng.choice([1, 15], p=[0.85, 0.15])))


def _after(last_day: date, months: int) -> date:
    """First day of the month that follows `last_day`, moved by whole months."""
    index = last_day.year * 12 + last_day.month + months
    return date(index // 12, index % 12 + 1, 1)


def _leavers(plan: Plan, year: int, present: list[Person], rng: np.random.Generator) -> list[Person]:
    like: dict[str, list[Person]] = defaultdict(list)
    for person in present:
        like[person.role(year)].append(person)
    people: list[Person] = []
    for target in targets():
        for reason, count in plan.leavers[target.role, year].items():
            people += [_leaver(target, reason, year, like[target.role], rng) for _ in range(count)]
    return people


def _leaver(target: RoleTarget, reason: str, year: int, like: list[Person], rng: np.random.Generator) -> Person:
    if reason == AGREED:
        reason = str(rng.choice([AGREED, DIED, UNFIT], p=[0.45, 0.3, 0.25]))
    born, left = _life(target, reason, year, rng)
    return Person(
        born=born,
        location=str(rng.choice(LOCATIONS, p=np.array(target.places) / target.people)),
        female=bool(rng.random() < target.women),
        fte=like[int(rng.integers(len(like)))].fte if like else target.fte_per_person,
        spells=[(0, target.role)],
        titles={target.role: title_for(target, rng)},
        left=left,
        reason=reason,
    )


def _life(target: RoleTarget, reason: str, year: int, rng: np.random.Generator) -> tuple[date, date]:
    """Birth date and last day of somebody who leaves in the year for the reason."""
    from analytics.pension import statutory_pension_date

    if reason == PENSION:
        months = int(rng.choice([0, 1, 2, 3, 6, 9, 12], p=[0.7, 0.06, 0.06, 0.06, 0.05, 0.04, 0.03]))
        while True:
            born = born_for_pension(year + int(rng.integers(0, 2)) if months else year, rng, date(year - 60, 1, 1))
            day = statutory_pension_date(born)
            left = day - timedelta(days=1) if not months else _after(day, -months) - timedelta(days=1)
            if left.year == year:
                return born, left
    if reason == EARLY:
        while True:
            born = born_for_pension(year + int(rng.integers(1, 4)), rng, date(year - 60, 1, 1))
            left = _after(statutory_pension_date(born), -int(np.clip(rng.normal(24, 6), 8, 36))) - timedelta(days=1)
            if left.year == year:
                return born, left
    month = int(rng.integers(1, 12 if reason == ENDED else 13))
    left = _after(date(year, month, 1), 0) - timedelta(days=1)
    tilt = {RESIGNED: (1.5, 1.25, 0.85, 0.45, 0.06), ENDED: (2.0, 1.3, 0.6, 0.3, 0.0)}.get(reason, (0.3, 0.6, 1.0, 1.4, 1.4))
    weights = np.array(target.ages) * tilt + 1e-9
    column = int(rng.choice(5, p=weights / weights.sum()))
    low, high = ((19 if target.apprentice else 21, 29), (30, 44), (45, 54), (55, 59), (60, 63))[column]
    return born_at(int(rng.integers(low, high + 1)), year, rng), left


def _hired_before(person: Person, rng: np.random.Generator) -> date:
    """Day of joining of somebody already there at the first snapshot."""
    target = by_role()[person.role(FIRST_YEAR)]
    if person.reason == ENDED and person.left:
        return _after(person.left, -12 * (person.left.year - FIRST_YEAR + 1))
    if target.apprentice:
        earlier = min(int(rng.choice(3, p=[0.42, 0.36, 0.22])), max(0, person.age(FIRST_YEAR) - 17))
        return date(FIRST_YEAR - 1 - earlier, 9, 1)
    age = person.age(FIRST_YEAR)
    turnover = max(target.hires / target.people, 0.02)
    mean = max(min(1 / turnover, 20.0), 0.35 * (age - 20))
    longest = max(age - 17.5, 0.6)
    service = -mean * np.log(1 - rng.random() * (1 - np.exp(-longest / mean)))
    day = date(FIRST_YEAR, 1, 1) - timedelta(days=int(max(0.06, service, age - OLDEST_HIRE) * 365.25))
    return date(day.year, day.month, 6 if day.month == 1 else 1)


def _contracts(person: Person, rng: np.random.Generator) -> None:
    """How the employment began: one or two fixed contracts, or permanent at once."""
    if by_role()[person.spells[-1][1]].apprentice:
        return
    if person.reason == ENDED and person.left and person.hired:
        years = round((person.left - person.hired).days / 365.25)
        person.renewals = (12,) * min(years, 2) + ((12 * (years - 2),) if years > 2 else ())
    elif rng.random() < 0.7:
        person.renewals = (12, 12) if rng.random() < 0.3 else (12,)


def _hours_before(people: list[Person], rng: np.random.Generator) -> None:
    """The oldest on four days worked five before they were sixty; some others changed their week too."""
    for person in people:
        if person.fte == 0.8 and person.age(LAST_YEAR) >= 60:
            person.fte_before = (person.born.year + 60 + int(rng.integers(0, 3)), 1.0)
        elif person.fte < 1 and rng.random() < 0.15 and not by_role()[person.role(FIRST_YEAR)].apprentice:
            person.fte_before = (int(rng.integers(FIRST_YEAR, LAST_YEAR)), 1.0)


def _numbers(people: list[Person], rng: np.random.Generator) -> None:
    """Staff numbers in order of joining, with gaps."""
    number = 1000
    for person in sorted(people, key=lambda person: (person.hired, person.born)):
        number += int(rng.integers(1, 5))
        person.number = number

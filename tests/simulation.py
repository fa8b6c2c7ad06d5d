"""The same firm, person by person and as slowly as it reads: one uniform number at a time, no arrays, no shared code with the engine.

Only the tests use it. It follows the method text: exits compete within the step, the pension date and the end of a contract lie in
a month of the step, then moves, then hires (half a year of exposure), then a birthday.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field


@dataclass
class Person:
    group: str
    age: int
    pension_month: int
    service: int  # whole years at the start of the step
    fte: float = 1.0
    contract_end: int = -1
    joined: bool = False  # hired after the start: a step lies across two years of service
    working_on: bool = False


@dataclass
class World:
    """resign, other: functions (group, age, service) -> yearly chance; first_year: chance in the first year of a hire.
    moves: {group: [(target, chance)]}; hires: {group: (vacancies a year, or a list of them per year, chance to fill, [(age, share)], fte)}.
    retrain: {step: {group: (people who start to learn, chance to pass, {target: share})}}; whoever passes is elsewhere at the end of the
    next step. outward: {step: {group: (people who need other work, chance to go outside)}}. hours: working time that learning takes, in
    years; mentor_time: that of a mentor for each of `apprentices`, above those at the start."""

    resign: object
    other: object
    first_year: float | None = 0.18  # None: as in later years
    moves: dict = field(default_factory=dict)
    hires: dict = field(default_factory=dict)
    renewal: float = 0.75
    work_on: float = 0.0
    pension_age: int = 807
    now: int = 0  # the step being simulated, for chances that differ by year
    retrain: dict = field(default_factory=dict)
    outward: dict = field(default_factory=dict)
    hours: float = 0.0
    apprentices: tuple = ()
    mentor_time: float = 0.1


CAUSES = ("retirement", "resignation", "contract_end", "other_exit", "move_out", "hire")
RETRAINED = "retrained"


def simulate(world: World, people: list[Person], years: int, seed: int) -> list[dict]:
    """Per year end: {"people": {group: n}, "fte": {group: f}, "flows": {cause: n}}."""
    rng = random.Random(seed)
    staff = [Person(**vars(one)) for one in people]
    out = []
    for t in range(years):
        world.now = t
        flows = dict.fromkeys((*CAUSES, RETRAINED), 0)
        staying = []
        for one in staff:
            cause = _year(one, t, world, rng)
            if cause:
                flows[cause] += 1
                continue
            flows["move_out"] += _move(one, world, rng)
            one.age += 1
            one.service += 1
            staying.append(one)
        _pass(staying, t, world, rng, flows)
        for group, (number, share) in world.outward.get(t, {}).items():
            there = [one for one in staying if one.group == group]
            count = math.floor(number) + (rng.random() < number - math.floor(number))
            gone = [one for one in rng.sample(there, min(count, len(there))) if rng.random() < share]
            flows["resignation"] += len(gone)
            staying = [one for one in staying if not any(one is other for other in gone)]
        for group, (posts, filled, ages, fte) in world.hires.items():
            vacancies = posts[t] if isinstance(posts, list) else posts
            for number in range(math.ceil(vacancies)):
                left = min(vacancies - number, 1.0)
                if rng.random() >= filled * left:
                    continue
                flows["hire"] += 1
                age = rng.choices([a for a, _ in ages], [w for _, w in ages])[0]
                hazards = _hazards(world, group, age, "first")
                if rng.random() >= math.exp(-sum(hazards) / 2):
                    flows["resignation" if rng.random() < hazards[0] / sum(hazards) else "other_exit"] += 1
                    continue
                month = max(math.floor(world.pension_age - 12 * age - rng.randrange(12) - 0.5), 0) + 12 * (t + 1)
                staying.append(Person(group, age, month, 0, fte, joined=True))
        staff = staying
        out.append(
            {
                "people": _sum(staff, lambda one: 1),
                "fte": _sum(staff, lambda one: one.fte),
                "flows": flows,
                "learning": _learning(staff, people, t, world),
            }
        )
    return out


def _pass(staff: list[Person], t: int, world: World, rng: random.Random, flows: dict) -> None:
    """Who started to learn a year ago and passed goes to another role: chosen by lot among those who are still there."""
    gone: list[Person] = []
    for group, (started, success, targets) in world.retrain.get(t - 1, {}).items():
        there = [one for one in staff if one.group == group and not any(one is other for other in gone)]
        count = math.floor(started) + (rng.random() < started - math.floor(started))
        for one in rng.sample(there, min(count, len(there))):
            if rng.random() < success:
                one.group = rng.choices(list(targets), list(targets.values()))[0]
                flows[RETRAINED] += 1
                gone.append(one)


def _learning(staff: list[Person], start: list[Person], t: int, world: World) -> float:
    """Fte of work not done in a year because people learn and mentors help them."""
    learners = sum(one.group in world.apprentices for one in staff) - sum(one.group in world.apprentices for one in start)
    return sum(number for number, _, _ in world.retrain.get(t, {}).values()) * world.hours + world.mentor_time * learners


def _sum(staff: list[Person], value) -> dict:
    total: dict = {}
    for one in staff:
        total[one.group] = total.get(one.group, 0) + value(one)
    return total


def _hazards(world: World, group: str, age: int, service) -> tuple[float, float]:
    years = 0 if service == "first" else service
    resign = world.first_year if service == "first" and world.first_year is not None else world.resign(group, age, years)
    other = world.other(group, age, years)
    return -math.log(1 - resign), -math.log(1 - other)


def _year(one: Person, t: int, world: World, rng: random.Random) -> str:
    """The cause of leaving in this step, or ""."""
    if one.working_on:
        return "retirement" if rng.random() < 0.5 else ""
    if one.joined:
        before = _hazards(world, one.group, one.age, "first" if one.service == 0 else one.service)
        after = _hazards(world, one.group, one.age, one.service + 1)
        hazards = tuple((a + b) / 2 for a, b in zip(before, after, strict=True))
    else:
        hazards = _hazards(world, one.group, one.age, one.service)
    total = sum(hazards)
    clock = rng.expovariate(total) if total > 0 else math.inf
    pension = (one.pension_month - 12 * t + 0.5) / 12
    end = (one.contract_end - 12 * t + 0.5) / 12 if one.contract_end >= 0 else math.inf
    stop = min(1.0, pension)
    if end < stop:
        if clock < end:
            return "resignation" if rng.random() < hazards[0] / total else "other_exit"
        if rng.random() >= world.renewal:
            return "contract_end"
        one.contract_end = -1
    if clock < stop:
        return "resignation" if rng.random() < hazards[0] / total else "other_exit"
    if pension < 1.0:
        if rng.random() >= world.work_on:
            return "retirement"
        one.working_on, one.fte = True, one.fte / 2
    return ""


def _move(one: Person, world: World, rng: random.Random) -> int:
    if one.working_on:
        return 0
    draw = rng.random()
    for target, chance in world.moves.get(one.group, ()):
        if draw < chance:
            one.group = target
            return 1
        draw -= chance
    return 0

"""Levers as measures: what one unit does to which role-units in each year after its start, what it costs and what it uses.

Units of time are whole years since the start (0 = the start year); a year's figure is the average over its twelve months, so
a lead time of four months gives two thirds of the first year. Costs are over and above the pay of the post itself: a filled
post is in the budget of the establishment already. So recruiting costs recruitment and settling in, a hired worker costs the
premium, and moving somebody costs the training and the hours lost.
All defaults are conventions (certainty C) unless a source is named in docs/method_skills.md; every one is an argument.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

LEVERS = (
    "retain",
    "extra_hours",
    "train",
    "rotate",
    "move_in",
    "automate",
    "free_hours",
    "recruit",
    "apprentices",
    "temporary",
    "accept",
)
"""Codes of the levers of a plan; "accept" (leave it open) is what remains and has no measure."""


@dataclass(frozen=True, slots=True)
class Effect:
    """fte that one unit of the measure adds to role-unit `at`, per year since start (T,). `staff` False = it changes what the
    people there get done, not how many they are."""

    at: int
    fte: tuple[float, ...]
    staff: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """One lever for one role-unit (or from one to another).

    capacity: units that can start per year (T,); cost: euro per unit per year since start (T,); uses: what one unit takes of a
    shared resource per year since start; whole: units are people, so no halves; limit: units over all years (people who wish or
    accept); pool: people that several measures draw on, each of whom can be used once; source: role-unit it takes a person from
    (-1 none); target: role-unit the person goes to; team_share: starts in a year at most this share of the target's staff.
    """

    name: str
    lever: str
    effects: tuple[Effect, ...]
    capacity: tuple[float, ...]
    cost: tuple[float, ...]
    uses: tuple[tuple[str, tuple[float, ...]], ...] = ()
    whole: bool = True
    limit: float = math.inf
    pool: str = ""
    source: int = -1
    target: int = -1
    team_share: float = math.inf
    lead_months: float = 0.0

    def unit_cost(self, years: int) -> np.ndarray:
        """(years,) euro one unit costs within the plan when it starts in year 0, 1, ..."""
        return np.cumsum(self.cost[:years])[::-1]


@dataclass(frozen=True, slots=True)
class Costs:
    """Euro of 2026 and hours; defaults of the lever table, certainty C unless said. Override with the firm's own."""

    recruitment: float = 6000.0  # B, range 2 000 - 18 000
    settling_worth: float = 0.6
    training_day: float = 350.0
    guidance: float = 1500.0
    guidance_hours: float = 10.0  # of talks and coaching, per person who changes work, learns or stays on
    guidance_room: float = 1.0  # such hours a year the firm has for each of its people
    productive_hours: float = 1380.0
    hire_premium: float = 0.35  # B, 25 - 45 % above own staff per productive hour
    mentor_share: float = 0.1  # of a mentor's time, per learner
    margin_per_hour: float = 40.0

    def open_post(self) -> float:
        """Cost of one fte of work not done for a year: productive hours x margin."""
        return self.productive_hours * self.margin_per_hour


def profile(
    years: int,
    lead_months: float = 0.0,
    *,
    size: float = 1.0,
    settle_months: float = 0.0,
    settle_worth: float = 0.6,
    keep: float = 1.0,
    lasts_years: float = math.inf,
    dip: float = 0.0,
) -> tuple[float, ...]:
    """fte per year since start of something that is worth `size` fte once it works.

    Nothing during the lead time except the dip (fte-years of learning, spread over the lead time, at least one month);
    `settle_worth` of it while settling in; `keep` = yearly chance that it is still there; gone after `lasts_years`.
    """
    month = np.arange(12 * years)
    active = np.clip(month + 1 - lead_months, 0.0, 1.0)
    settled = np.clip(month + 1 - lead_months - settle_months, 0.0, 1.0)
    age = np.maximum(month + 0.5 - lead_months, 0.0) / 12
    worth = size * (settle_worth * active + (1 - settle_worth) * settled) * keep**age * (age < lasts_years)
    spread = max(round(lead_months), 1)
    lost = np.where(month < spread, dip * 12 / spread, 0.0)
    return tuple(float(v) for v in (worth - lost).reshape(years, 12).mean(axis=1))


def per_year(value: float, years: int, start: int = 0) -> tuple[float, ...]:
    """A constant capacity from year `start` on."""
    return tuple(0.0 if year < start else float(value) for year in range(years))


def cost_profile(years: int, once: float, running: tuple[float, ...] | None = None, yearly: float = 0.0) -> tuple[float, ...]:
    """Euro per unit: `once` in the start year, plus `yearly` for each fte-year of `running` (left out: for every year)."""
    steady = running if running is not None else (1.0,) * years
    return tuple(float(yearly * part + (once if year == 0 else 0.0)) for year, part in enumerate(steady))


def movers(wished: float, others: float = 0.0, yes_wished: float = 0.7, yes_others: float = 0.15) -> int:
    """Most people who can be asked to move along one route: those who wish it and say yes, and those who accept an offer.

    Rounded down: nobody is counted who did not say yes. People whose wish points elsewhere belong in neither number.
    """
    return math.floor(wished * yes_wished + others * yes_others + 1e-9)


def recruit(
    name: str,
    at: int,
    years: int,
    capacity: float,
    costs: Costs | None = None,
    *,
    fte: float = 1.0,
    time_to_fill: float = 4.0,
    settle_months: float = 6.0,
    keep: float = 0.92,
    year_cost: float = 62_000.0,
    resource: str = "recruitment",
) -> Measure:
    """Hiring: lead time until the post is filled, then settling in. One unit = one person of `fte`."""
    costs = costs or Costs()
    effect = profile(years, time_to_fill, size=fte, settle_months=settle_months, settle_worth=costs.settling_worth, keep=keep)
    settling = settle_months / 12 * (1 - costs.settling_worth) * year_cost * fte
    uses = ((resource, (1.0, *([0.0] * (years - 1)))),) if resource else ()
    return Measure(
        name, "recruit", (Effect(at, effect),), per_year(capacity, years), cost_profile(years, costs.recruitment + settling), uses,
        target=at, lead_months=time_to_fill,
    )  # fmt: skip


def apprentices(
    name: str,
    at: int,
    years: int,
    places: float,
    costs: Costs | None = None,
    *,
    school_months: float = 24.0,
    learner_fte: float = 0.4,
    success: float = 0.6,
    keep: float = 0.95,
    year_cost: float = 38_000.0,
    learners_per_mentor: float = 2.0,
) -> Measure:
    """bbl places: worth `learner_fte` while learning, then `success` of a full post; each takes mentor time all along.

    Uses the resource "mentors" (1 / learners_per_mentor); the mentor's own time is a loss at the same role-unit.
    """
    costs = costs or Costs()
    learning = np.array(profile(years, 0.0, size=learner_fte - costs.mentor_share, settle_worth=1.0, lasts_years=school_months / 12))
    after = np.array(profile(years, school_months, size=success, keep=keep, settle_worth=1.0))
    busy = tuple(np.array(profile(years, 0.0, settle_worth=1.0, lasts_years=school_months / 12)) / learners_per_mentor)
    in_school = profile(years, 0.0, settle_worth=1.0, lasts_years=school_months / 12)
    return Measure(
        name, "apprentices", (Effect(at, tuple(learning + after)),), per_year(places, years),
        cost_profile(years, costs.guidance, in_school, year_cost * (1 - learner_fte)), (("mentors", busy),),
        target=at, lead_months=school_months,
    )  # fmt: skip


def train(
    name: str,
    source: int,
    target: int,
    years: int,
    places: float,
    limit: float,
    costs: Costs | None = None,
    *,
    hours: float = 200.0,
    price: float = 0.0,
    months: float = 6.0,
    success: float = 0.8,
    keep: float = 0.95,
    fte: float = 1.0,
    hour_cost: float = 45.0,
    settle_months: float = 3.0,
    pool: str = "",
    lever: str = "train",
    mentors: float = 0.0,
) -> Measure:
    """Retraining from one role-unit to another (source -1 = inside the role): supply falls first, rises later.

    limit: people who wish it or accept it (`movers`). A person leaves the source when the training ends; those who do not finish
    stay. Hours are lost where the person works while learning.
    """
    costs = costs or Costs()
    dip = hours / costs.productive_hours
    arrives = profile(years, months, size=success * fte, settle_months=settle_months, settle_worth=costs.settling_worth, keep=keep)
    left = np.array(profile(years, months, size=success * fte, settle_worth=1.0, keep=keep))
    lost = np.array(profile(years, months, size=0.0, dip=dip))
    inside = source < 0
    effects = [Effect(target, tuple(np.array(arrives) + (lost if inside else 0.0)))]
    if not inside:
        effects.append(Effect(source, tuple(lost - left)))
    once = price + hours * hour_cost + costs.guidance
    uses: list[tuple[str, tuple[float, ...]]] = [("training_places", (1.0, *([0.0] * (years - 1))))]
    if mentors:
        uses.append(("mentors", tuple(mentors * part for part in profile(years, 0.0, settle_worth=1.0, lasts_years=max(months, 1) / 12))))
    return Measure(
        name, lever, tuple(effects), per_year(places, years), cost_profile(years, once), tuple(uses),
        limit=limit, pool=pool, source=source, target=target, lead_months=months,
    )  # fmt: skip


def simple(
    name: str,
    lever: str,
    at: int,
    years: int,
    capacity: float,
    *,
    fte: float = 1.0,
    once: float = 0.0,
    yearly: float = 0.0,
    lead_months: float = 0.0,
    lasts_years: float = math.inf,
    keep: float = 1.0,
    limit: float = math.inf,
    whole: bool = True,
    pool: str = "",
    uses: tuple[tuple[str, tuple[float, ...]], ...] = (),
    staff: bool = True,
) -> Measure:
    """Any lever of one role-unit with a lead time and a running cost per unit in force: retain (yearly = what staying on or
    part-time pension costs), extra_hours (fte = wished hours), temporary (yearly = premium, lasts_years=1), automate (once,
    whole=False, staff=False), free_hours (once, staff=False)."""
    effect = profile(years, lead_months, size=fte, settle_worth=1.0, keep=keep, lasts_years=lasts_years)
    in_force = profile(years, lead_months, settle_worth=1.0, keep=keep, lasts_years=lasts_years)
    return Measure(
        name, lever, (Effect(at, effect, staff),), per_year(capacity, years), cost_profile(years, once, in_force, yearly), uses,
        whole, limit, pool, target=at, lead_months=lead_months,
    )  # fmt: skip

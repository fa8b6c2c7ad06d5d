"""The measures a firm could take, with capacities from its own data; what a plan then chooses from.

Every number is a convention (certainty C) unless it comes from the firm: hires of the past years, wishes recorded, places of the
courses, people who can teach. Units are roles: people of one role may stand in for each other across departments.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analytics.plan.growing import lend, mentor_room, more_apprentices, teaching
from analytics.plan.inside import Missing, learn_inside, stay_on
from analytics.plan.measures import Costs, Measure, movers, profile, recruit, simple, train
from analytics.plan.model import Problem
from analytics.skills.routes import Network

FULL_WEEK = 38.0
LEAST_SHORT = 0.5
ROUTES = 3
GUIDED = ("train", "move_in", "apprentices", "retain")
"""Levers that ask talks and coaching of each person."""
OTHERS_ASKED = 0.1
"""Part of the people of a role with people to spare who can be asked to move although they recorded no wish."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What decides capacities. extra_hires: more hires than now, as a share of the past years' hires; retain_share: part of those
    expected to retire who stay on a year or two part-time; hours_uptake: part of the wished extra hours that is agreed;
    temporary_share: most hired staff as a share of a role's shortage; freed_hours: hours a week that simpler checks can free;
    automate_share: part of a role's exposed work that could be automated faster within the plan."""

    extra_hires: float = 0.3
    retain_share: float = 0.2
    retain_yearly: float = 8000.0
    hours_uptake: float = 0.6
    temporary_share: float = 0.3
    freed_hours: float = 0.5
    freed_cost: float = 1500.0
    automate_share: float = 0.05
    automate_cost: float = 60_000.0
    costs: Costs = field(default_factory=Costs)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Per role, in the order of `roles`: supply, demand (N, T) fte in years 1..T; hires, retiring (N,) people a year; staff (N,)
    people; fte (N,) of one person; pay (N,) euro a year; wished_hours: role -> (people, fte); wished_moves: (from, to) -> people;
    exposed (N,) 0-1; places: training places a year; mentors (T,): people who can teach and are still there in each year; teaching
    (N,): part of a role's people who can teach; learners: apprentices now; arrivals (N,): apprentices who grow into the role a year;
    learning (N,) bool: roles of apprentices; hours_agreed: part of the wished hours that is in `supply` already; missing: role -> skills a
    course can bring to people of the role itself; freed_hours: hours a week per fte that the register of controls still holds open (None:
    no register, then by convention)."""

    roles: tuple[str, ...]
    supply: np.ndarray
    demand: np.ndarray
    hires: np.ndarray
    retiring: np.ndarray
    staff: np.ndarray
    fte: np.ndarray
    pay: np.ndarray
    exposed: np.ndarray
    wished_hours: Mapping[str, tuple[float, float]]
    wished_moves: Mapping[tuple[str, str], float]
    places: float
    mentors: np.ndarray
    teaching: np.ndarray
    learners: float
    arrivals: np.ndarray
    learning: np.ndarray
    hours_agreed: float = 0.0
    missing: Mapping[str, Missing] = field(default_factory=dict)
    freed_hours: float | None = None


def problem(ground: Ground, net: Network | None, offer: Offer | None = None) -> Problem:
    """The planning problem over roles. `net` None: no routes known, so no moves on offer."""
    offer = offer or Offer()
    years = ground.demand.shape[1]
    gap = ground.demand - ground.supply
    short = np.flatnonzero(gap.max(axis=1, initial=0.0) > LEAST_SHORT)
    measures: list[Measure] = []
    for at in short:
        measures += _of_role(ground, offer, int(at), float(gap[at].max()), years)
    if net is not None:
        measures += _moves(ground, offer, net, [int(at) for at in short], gap, years)
    hires = float(np.ceil(offer.extra_hires * ground.hires.sum()))
    resources = {
        "recruitment": np.full(years, hires),
        "training_places": np.full(years, float(ground.places)),
        "mentors": mentor_room(ground.mentors, ground.learners),
        "guidance": np.full(years, offer.costs.guidance_room * float(ground.staff.sum())),
    }
    measures = [guided(measure, offer.costs.guidance_hours, years) for measure in measures]
    units = pd.DataFrame({"location": "", "unit": "", "role": list(ground.roles)})
    people = np.floor(ground.staff * 0.5)
    return Problem(units, ground.supply, ground.demand, tuple(measures), resources, people=people, min_stay=2)


def guided(measure: Measure, hours: float, years: int) -> Measure:
    """With the hours of talks and coaching that somebody takes who learns, moves or stays on, in the year of the start."""
    if measure.lever not in GUIDED:
        return measure
    return replace(measure, uses=(*measure.uses, ("guidance", (hours, *([0.0] * (years - 1))))))


def _of_role(ground: Ground, offer: Offer, at: int, most: float, years: int) -> list[Measure]:
    role, fte, pay, costs = ground.roles[at], float(ground.fte[at]), float(ground.pay[at]), offer.costs
    share = max(math.ceil(offer.extra_hires * float(ground.hires[at])), 1)
    found = [
        recruit(f"recruit {role}", at, years, share, costs, fte=fte, year_cost=pay),
        simple(
            f"temporary {role}",
            "temporary",
            at,
            years,
            math.ceil(offer.temporary_share * most),
            yearly=costs.hire_premium * pay,
            lead_months=1.0,
            lasts_years=1.0,
        ),
    ]
    staying = math.floor(offer.retain_share * float(ground.retiring[at]) * years + 1e-9)
    if staying:
        present = profile(years, settle_worth=1.0, keep=0.8, lasts_years=2.0)
        found.append(
            simple(
                f"retain {role}",
                "retain",
                at,
                years,
                math.ceil(offer.retain_share * float(ground.retiring[at])),
                limit=staying,
                fte=0.8 * fte,
                yearly=offer.retain_yearly,
                lasts_years=2.0,
                keep=0.8,
                uses=teaching(float(ground.teaching[at]), present),
            )
        )
    found += stay_on(f"stay_on {role}", at, years, float(ground.retiring[at]), fte, costs)
    found += learn_inside(f"train {role}", at, years, ground.missing.get(role), fte, pay, costs)
    found += more_apprentices(f"apprentices {role}", at, years, float(ground.arrivals[at]), costs)
    people, wished = ground.wished_hours.get(role, (0.0, 0.0))
    some = math.floor(max(offer.hours_uptake - ground.hours_agreed, 0.0) * people + 1e-9)
    if some:
        found.append(
            simple(
                f"extra_hours {role}",
                "extra_hours",
                at,
                years,
                some,
                fte=wished / people,
                once=250.0,
                lead_months=3.0,
                keep=0.95,
                limit=some,
            )
        )
    hours = offer.freed_hours if ground.freed_hours is None else ground.freed_hours
    freed = float(ground.supply[at, 0]) * hours / FULL_WEEK
    if freed > 0:
        found.append(
            simple(
                f"free_hours {role}",
                "free_hours",
                at,
                years,
                freed,
                once=offer.freed_cost * FULL_WEEK / 2,
                lead_months=6.0,
                limit=freed,
                whole=False,
                staff=False,
            )
        )
    exposed = float(ground.exposed[at])
    if exposed == exposed and exposed >= 0.25:
        work = float(ground.demand[at, 0]) * exposed * offer.automate_share
        found.append(
            simple(
                f"automate {role}",
                "automate",
                at,
                years,
                work,
                once=offer.automate_cost,
                lead_months=12.0,
                limit=work,
                whole=False,
                staff=False,
            )
        )
    return found


def _moves(ground: Ground, offer: Offer, net: Network, short: list[int], gap: np.ndarray, years: int) -> list[Measure]:
    """For each short role the shortest direct ways in, from roles with people to spare and from those with a wish for it."""
    place = {role: at for at, role in enumerate(net.between.roles)}
    found = []
    for target in short:
        end = place.get(ground.roles[target])
        if end is None:
            continue
        options = []
        for source, role in enumerate(ground.roles):
            start = place.get(role)
            if start is None or source == target or not np.isfinite(net.hours[start, end]):
                continue
            wished = float(ground.wished_moves.get((role, ground.roles[target]), 0.0))
            spare = float(ground.staff[source]) * OTHERS_ASKED if gap[source].max() <= 0 else 0.0
            people = movers(wished, spare)
            if people:
                options.append((float(net.hours[start, end]), role, source, start, people, wished))
            if (
                gap[source].min() < -LEAST_SHORT and not ground.learning[target]
            ):  # people to spare in some year: what is lent in another would be missed, and counts
                found += lend(
                    f"rotate {role} > {ground.roles[target]}", source, target, years, float(ground.staff[source]), offer.costs,
                    hours=float(net.hours[start, end]), fte=float(ground.fte[source]),
                )  # fmt: skip
        for hours, role, source, start, people, _ in sorted(options)[:ROUTES]:
            found.append(
                train(
                    f"{role} > {ground.roles[target]}",
                    source,
                    target,
                    years,
                    people,
                    people,
                    offer.costs,
                    hours=hours,
                    price=float(net.price[start, end]),
                    months=max(hours / 80.0, 2.0),
                    fte=float(ground.fte[source]),
                    lever="move_in",
                    mentors=0.1,
                )
            )
    return found

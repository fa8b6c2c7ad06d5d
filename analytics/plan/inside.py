"""Measures inside one role that grow or keep what its people can do: courses for skills they miss, and going on for half the hours.

Every number is a convention (certainty C) unless it comes from the firm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from analytics.plan.measures import Costs, Measure, simple, train

SKILL_WORTH = 0.5
"""Part of the skills somebody misses, weighted, that costs output."""
LEAST_GAIN = 0.02
STAY_ON_SHARE, STAY_ON_HOURS, STAY_ON_YEARS = 0.1, 0.5, 2.0
"""Part of those who retire who can be asked to go on after the state pension date, with which part of their hours, how long."""


@dataclass(frozen=True, slots=True)
class Missing:
    """People of a role assessed below what it asks whom courses bring there; on average per person the weighted part of the role's
    skills they miss (0-1), hours and price of the courses."""

    people: float
    missing: float
    hours: float
    price: float


def learn_inside(name: str, at: int, years: int, known: Missing | None, fte: float, pay: float, costs: Costs) -> tuple[Measure, ...]:
    """Courses inside the role: each person who finishes does SKILL_WORTH x missing more of the work, after hours lost to learning."""
    if known is None or known.people < 1 or SKILL_WORTH * known.missing * fte < LEAST_GAIN:
        return ()
    made = train(
        name, -1, at, years, math.ceil(known.people / 2), math.floor(known.people), costs, hours=known.hours, price=known.price, months=3.0,
        success=0.9, fte=SKILL_WORTH * known.missing * fte, hour_cost=pay / costs.productive_hours, settle_months=0.0,
    )  # fmt: skip
    return (made,)


def stay_on(name: str, at: int, years: int, retiring: float, fte: float, costs: Costs) -> tuple[Measure, ...]:
    """People who go on for half their hours after the state pension date; a talk is what it costs above their pay."""
    limit = math.floor(STAY_ON_SHARE * retiring * years + 1e-9)
    if not limit:
        return ()
    made = simple(
        name, "retain", at, years, math.ceil(STAY_ON_SHARE * retiring), fte=STAY_ON_HOURS * fte, once=costs.guidance,
        lasts_years=STAY_ON_YEARS, keep=0.8, limit=limit,
    )  # fmt: skip
    return (made,)

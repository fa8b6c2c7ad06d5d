"""Measures that grow people the firm already has or takes in to learn: apprentices and lending from role to role; and the mentors
both lean on, who grow older too.

Every number is a convention (certainty C) unless it comes from the firm.
"""

from __future__ import annotations

import math

import numpy as np

from analytics.plan.measures import Costs, Effect, Measure, apprentices, cost_profile, per_year, profile

LEARNERS_PER_MENTOR = 2.0
MORE_PLACES = 1.0
"""Most extra learning places a year, as a part of those there are now: twice as many in all."""
LENT_SHARE, LENT_HOURS, LENT_WORTH, HOURS_A_MONTH = 0.1, 120.0, 0.9, 80.0
"""Rotation: at most this part of a role with people to spare works elsewhere for a year, after at most so many hours of learning;
worth this part of somebody who does the work all the time; learning goes at so many hours a month."""


def mentor_room(mentors: np.ndarray, learners: float, per_mentor: float = LEARNERS_PER_MENTOR) -> np.ndarray:
    """Mentors free for more learners in each year, (T,): those still there, less those whom today's learners keep busy."""
    return np.maximum(np.asarray(mentors, float) - learners / per_mentor, 0.0)


def more_apprentices(name: str, at: int, years: int, arrivals: float, costs: Costs, **given: float) -> tuple[Measure, ...]:
    """Extra learning places for a role that apprentices grow into. arrivals: apprentices who become this role in a year, as now."""
    places = math.floor(MORE_PLACES * arrivals + 0.5)
    return (apprentices(name, at, years, places, costs, learners_per_mentor=LEARNERS_PER_MENTOR, **given),) if places else ()


def lend(
    name: str, source: int, target: int, years: int, staff: float, costs: Costs, *, hours: float, fte: float = 1.0, hour_cost: float = 45.0
) -> tuple[Measure, ...]:
    """People of a role with people to spare who do other work for a year and come back, having learnt it. Nobody changes role, so
    what the target gains the source lacks in the same year."""
    people = math.floor(LENT_SHARE * staff + 1e-9)
    if not people or hours > LENT_HOURS:
        return ()
    months = max(hours / HOURS_A_MONTH, 1.0)
    gained = profile(years, months, size=LENT_WORTH * fte, settle_worth=1.0, lasts_years=1.0)
    away = np.array(profile(years, months, size=fte, settle_worth=1.0, lasts_years=1.0))
    learning = np.array(profile(years, months, size=0.0, dip=hours / costs.productive_hours))
    effects = (Effect(target, gained), Effect(source, tuple(learning - away)))
    once = cost_profile(years, hours * hour_cost, (0.0,) * years)
    return (Measure(name, "rotate", effects, per_year(people, years), once, limit=2.0 * people, target=target, lead_months=months),)


def teaching(share: float, part: tuple[float, ...]) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """Mentor room that somebody who stays longer brings: the share of the role's people who can teach, while they stay. Negative use
    of a shared resource is room for others."""
    return (("mentors", tuple(-share * value for value in part)),) if share > 0 else ()

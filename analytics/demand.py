"""Work to be done, in fte: from what is needed today through growth, productivity, technology and freed hours."""

from __future__ import annotations

import numpy as np

from analytics.assumptions import growth, per_row
from analytics.automation import adoption, released
from analytics.grid import TAKEOVER_RATE, Base
from analytics.scenario import Scenario

FULL_WEEK = 38.0
"""Hours of a full working week (Dutch agreements: 36 to 40)."""
PARTS = ("growth", "productivity", "automation", "freed_hours", "posts")


def demand(base: Base, scenario: Scenario, years: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Fte needed (G, T+1) and the cumulative contribution of each part, (G, T+1); today + parts = demand.

    D_t = D_0 (1+g)^t / (1+p)^t (1 - a_t) (1 - h_t): growth g, productivity p, a_t the work that technology has taken over since
    `as_of` (what had been adopted by then is in D_0) and h_t hours freed per week over a full week, from the first step on.
    Only the replaced share of realised exposure lowers the work; the rest helps people and counts under productivity.
    Posts that come or go by decision are added last, not below zero work.
    Roles without an exposure score have no automated work (said in the method). The parts are in this fixed order.
    """
    t = np.arange(years + 1)
    lever = {name: per_row(scenario, name, base.groups) for name in _LEVERS}
    grown = (1 + growth(scenario, base.groups, base.growth, base.demand0))[:, None] ** t
    slower = (1 + lever["productivity_growth"] / 100) ** -t
    kept = 1 - taken_over(base, lever, t)
    freed = 1 - lever["freed_hours_per_week"] / FULL_WEEK * (t > 0)
    levels = [np.broadcast_to(base.demand0[:, None], grown.shape)]
    for factor in (grown, slower, kept, freed):
        levels.append(levels[-1] * factor)
    levels.append(levels[-1] if base.posts is None else np.maximum(levels[-1] + base.posts[:, : years + 1], 0.0))
    parts = {name: after - before for name, before, after in zip(PARTS, levels, levels[1:], strict=False)}
    return base.demand0[:, None] + sum(parts.values()), parts  # type: ignore[return-value]


_LEVERS = (
    "productivity_growth", "freed_hours_per_week", "adoption_max", "adoption_midpoint_year", "feasible_share", "realised_share",
    "replaced_share",
)  # fmt: skip
LEVERS = (*_LEVERS, "demand_growth")
"""All that `demand` reads of a scenario."""


def taken_over(base: Base, lever: dict[str, np.ndarray], t: np.ndarray) -> np.ndarray:
    """Share of the work taken over since today, (G, T+1)."""
    year = base.as_of.year + (base.as_of.timetuple().tm_yday - 1) / 365.25
    reached = adoption(year + t, lever["adoption_midpoint_year"], TAKEOVER_RATE, lever["adoption_max"] / 100)
    exposed = np.nan_to_num(base.exposure)[:, None]
    since = np.asarray(reached) - np.asarray(reached)[:, :1]
    share = released(lever["replaced_share"] / 100, exposed, lever["feasible_share"] / 100, since, lever["realised_share"] / 100)
    return np.clip(np.asarray(share), 0.0, 1.0)

"""Why the shortage changes: steps that add up exactly, through the years or between two scenarios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.projection import SIGN, Projection
from analytics.workforce import Flow

HOURS = ("part_time", "extra_hours", "generation_pact", "part_time_pension", "work_on")
"""Supply parts that are shown together as `hours`."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """start + the sum of the step values = end, in fte of shortage (demand - supply; positive is short). A step that adds to the shortage
    is positive. steps: Flow values, then hours, absence, settling_in, learning, then the demand parts; all of them, also
    those that are 0."""

    start: float
    steps: tuple[tuple[str, float], ...]
    end: float


def bridge(projection: Projection, mask: np.ndarray, step: int) -> Bridge:
    """From today's shortage to that at `step`, for the groups in mask (G,) bool. No order dependence: supply steps are what was
    counted, demand steps are in the fixed order of `demand.PARTS`."""
    gap = projection.gap[np.asarray(mask, bool)][:, [0, step]].sum(axis=0)
    return Bridge(float(gap[0]), tuple(_steps(projection, mask, step).items()), float(gap[1]))


def compare(first: Projection, second: Projection, mask: np.ndarray, step: int) -> Bridge:
    """From the shortage in the first scenario to that in the second, at the same step; both from the same snapshot."""
    return between(bridge(first, mask, step), bridge(second, mask, step))


def between(first: Bridge, second: Bridge) -> Bridge:
    """As `compare`, from two bridges of the same groups, snapshot and year."""
    before, after = dict(first.steps), dict(second.steps)
    return Bridge(first.end, tuple((name, after[name] - before[name]) for name in before), second.end)


def _steps(projection: Projection, mask: np.ndarray, step: int) -> dict[str, float]:
    inside = np.asarray(mask, bool)
    values = {str(flow): -SIGN[flow] * float(projection.flows_fte[flow][inside, :step].sum()) for flow in Flow}
    parts = {name: -float(amount[inside, :step].sum()) for name, amount in projection.supply_parts.items()}
    values["hours"] = sum(parts.pop(name) for name in HOURS)
    values |= parts
    values |= {name: float(amount[inside, step].sum()) for name, amount in projection.demand_parts.items()}
    return values

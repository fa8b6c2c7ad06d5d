"""How much each lever matters here: the shortage at the low and the high end of its plausible range."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.grid import Base
from analytics.projection import project
from analytics.scenario import LEVERS, Scenario


def basis(base: Base) -> dict[str, float]:
    """The firm's own figure of the levers whose default comes from its history or plan; a lever without one is left out."""
    own = {"hires_per_year": float(base.hire_rate.sum()), "demand_growth": base.plan_growth_percent}
    if base.hire_rate[base.apprentice].sum() > 0:
        own["apprentice_places"] = float(base.hire_rate[base.apprentice].sum())
    if base.means is not None and base.means.hired.sum() > 0:
        own["flex_fte_max"] = float(base.means.hired.sum())
    return own


def without_data(base: Base) -> tuple[str, ...]:
    """Levers that these data cannot move: no apprentices, none of them ever moved on, no mentors, no wishes, no hired staff, no moves
    are recorded."""
    learns = base.apprentice[base.link_from] & ~base.apprentice[base.link_to]
    own, means = basis(base), base.means
    missing = {
        "apprentice_places": "apprentice_places" not in own,
        "apprentice_success": not learns.any(),
        "mentor_capacity": means is None or means.mentors.sum() <= 0 or not base.apprentice.any(),
        "extra_hours_uptake": means is None or means.wished.sum() <= 0,
        "flex_fte_max": "flex_fte_max" not in own,
    }
    return tuple(name for name, absent in missing.items() if absent)


def sensitivity(base: Base, scenario: Scenario, mask: np.ndarray, step: int) -> pd.DataFrame:
    """Columns lever, low, high (values tried), low_gap, base_gap, high_gap (fte short at `step` in mask), effect (largest gap less
    smallest of the three), largest effect first. One lever at a time, the others as in `scenario`; overrides stay."""
    inside = np.asarray(mask, bool)
    own = basis(base)

    def gap(asked: Scenario) -> float:
        return float(project(base, asked, max(step, 1)).gap[inside, step].sum())

    middle = gap(scenario)
    rows = []
    for name, lever in LEVERS.items():
        ends = (False, True) if lever.kind == "yes_no" else lever.bounds(own.get(name))
        gaps = [middle if value == getattr(scenario, name) else gap(replace(scenario, **{name: value})) for value in ends]
        rows.append((name, float(ends[0]), float(ends[1]), gaps[0], middle, gaps[1], max(*gaps, middle) - min(*gaps, middle)))
    columns = ["lever", "low", "high", "low_gap", "base_gap", "high_gap", "effect"]
    return pd.DataFrame(rows, columns=columns).sort_values("effect", ascending=False, kind="stable").reset_index(drop=True)

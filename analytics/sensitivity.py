"""How much each lever matters here: the shortage at the low and the high end of its plausible range."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.grid import Base
from analytics.projection import project
from analytics.scenario import LEVERS, Scenario


def basis(base: Base) -> dict[str, float]:
    """The firm's own figure of the levers whose default comes from its history or plan."""
    return {"hires_per_year": float(base.hire_rate.sum()), "demand_growth": base.plan_growth_percent}


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

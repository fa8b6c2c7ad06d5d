"""What the labour market does to vacancies: the share that gets filled, by how many vacancies there are for each jobseeker."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from analytics.assumptions import FILL_DEFAULT, per_group, winning_rule
from analytics.grid import Base
from analytics.scenario import LEVERS, Scenario
from analytics.tables import tightness_class

FILL_BY_CLASS = {"very loose": 90.0, "loose": 90.0, "balanced": 80.0, "tight": 60.0, "very tight": 45.0}
"""Percent of vacancies filled in a year by UWV class: own convention (levers_and_story, certainty C)."""


def fill_of(ratio: float) -> float:
    """Percent of vacancies filled at so many vacancies per jobseeker."""
    return FILL_BY_CLASS[tightness_class(ratio, "en")]


def fills(codes: Iterable[str], ratios: dict[str, float]) -> np.ndarray:
    """Percent per occupation code, NaN where the table has no row for it or for a wider group of occupations."""
    found = []
    for code in codes:
        rows = (ratios[code[:length]] for length in range(len(code), 0, -1) if code[:length] in ratios)
        ratio = next(rows, None)
        found.append(np.nan if ratio is None else fill_of(ratio))
    return np.array(found, float)


def filled(scenario: Scenario, base: Base) -> np.ndarray:
    """Percent of vacancies filled per group, (G,): the table's where it has a row, moved as the lever is moved from its default; else the
    lever. An override of the lever goes before the table."""
    lever = per_group(scenario, "fill_rate", base.groups)
    if base.fill is None:
        return lever
    known = ~np.isnan(base.fill) & (winning_rule(scenario, "fill_rate", base.groups) < 0)
    moved = np.clip(base.fill * lever / FILL_DEFAULT, 0.0, LEVERS["fill_rate"].high)
    return np.where(known, moved, lever)

"""Hired staff (agency, seconded, self-employed) beside the own: a stock of its own, in no flow and in no chance of leaving."""

from __future__ import annotations

import numpy as np

from analytics.assumptions import winning_rule
from analytics.grid import Base
from analytics.scenario import Scenario


def hired_in(base: Base, scenario: Scenario, gap: np.ndarray) -> np.ndarray:
    """Fte of hired staff (G, T+1), given the shortage of own staff (G, T+1) fte.

    Today: those there are. Later at most `flex_fte_max` (as many as today where it is not set), and never more than the shortage: first in
    the groups that have them today, what is left where else people are short, in proportion. An override limits its own groups.
    """
    out = np.zeros_like(gap)
    if base.means is None or not base.means.hired.any():
        return out
    today = base.means.hired
    out[:, 0] = today
    rule = winning_rule(scenario, "flex_fte_max", base.groups)
    short = np.maximum(gap[:, 1:], 0.0)
    for number in np.unique(rule):
        inside = rule == number
        value = scenario.flex_fte_max if number < 0 else scenario.overrides[number].value
        own = today[inside]
        most = float(own.sum() if value is None else value)
        if number < 0 and value is not None:  # the firm's number less those whose groups have one of their own
            most = max(most - sum(float(scenario.overrides[n].value) for n in np.unique(rule[rule >= 0])), 0.0)
        share = own / own.sum() if own.sum() > 0 else np.zeros_like(own)
        first = np.minimum(most * share[:, None], short[inside])
        rest = short[inside] - first
        left = np.minimum(most - first.sum(axis=0), rest.sum(axis=0))
        out[inside, 1:] = first + np.divide(rest * left, rest.sum(axis=0), out=np.zeros_like(rest), where=rest.sum(axis=0) > 0)
    return out

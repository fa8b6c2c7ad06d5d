"""Lever values per group, as arrays, and the two levers that speak about a whole (hires, growth)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.scenario import Scenario

FILL_DEFAULT, TIME_TO_FILL_DEFAULT = Scenario().fill_rate, Scenario().time_to_fill_months
NOBODY = 1e-12
"""Hires a year below this are none: a link may ask for any number, and of the smallest ones no ratio can be taken."""


def per_group(scenario: Scenario, name: str, groups: pd.DataFrame) -> np.ndarray:
    """The lever for every group, (G,) float, overrides applied; a lever left to the firm's own figure is NaN."""
    common = getattr(scenario, name)
    out = np.full(len(groups), np.nan if common is None else float(common))
    if any(rule.lever == name for rule in scenario.overrides):
        rule = winning_rule(scenario, name, groups)
        for number in np.unique(rule[rule >= 0]):
            out[rule == number] = float(scenario.overrides[number].value)
    return out


def per_row(scenario: Scenario, name: str, groups: pd.DataFrame) -> np.ndarray:
    """The lever as a column against time: (G, 1), or (1, 1) where all groups have the same."""
    common = getattr(scenario, name)
    if common is not None and not any(rule.lever == name for rule in scenario.overrides):
        return np.array([[float(common)]])
    return per_group(scenario, name, groups)[:, None]


def winning_rule(scenario: Scenario, name: str, groups: pd.DataFrame) -> np.ndarray:
    """Index in `overrides` of the rule that holds for each group, -1 where none: as `Scenario.value_for`, for all groups at once."""
    best = np.full(len(groups), -1)
    score = np.full(len(groups), -1)
    for number, rule in enumerate(scenario.overrides):
        if rule.lever != name:
            continue
        fits = np.ones(len(groups), bool)
        for asked, column in ((rule.location, "location"), (rule.unit, "unit"), (rule.role, "role")):
            if asked:
                fits &= (groups[column] == asked).to_numpy()
        rank = sum(bool(asked) for asked in (rule.location, rule.unit, rule.role))
        wins = fits & (rank >= score)
        best[wins], score[wins] = number, rank
    return best


def hires(
    scenario: Scenario,
    groups: pd.DataFrame,
    history: np.ndarray,
    demand0: np.ndarray,
    years: int,
    apprentice: np.ndarray | None = None,
    fill: np.ndarray | None = None,
) -> np.ndarray:
    """People hired per group and step, (G, years), fractions kept.

    None = the average of past years. A number is the firm's total, and in an override the total of the groups the override names:
    it is spread by past hires, by today's work where there were none. apprentice (G,) bool: roles whose number is that of
    `apprentice_places` where that is set. fill (G,): percent of vacancies filled where the lever does not say it (`market.filled`). The
    fill rate acts relative to its default (past hires were
    made with the present one); every month that filling takes longer than the default moves 1/12 of a year's hires beyond the
    first step, every month less adds it.
    """
    rate = history.copy()
    _spread(scenario, "hires_per_year", groups, np.ones(len(groups), bool), demand0, history, rate)
    if apprentice is not None:
        _spread(scenario, "apprentice_places", groups, apprentice, demand0, history, rate)
    rate = rate * (per_group(scenario, "fill_rate", groups) if fill is None else fill) / FILL_DEFAULT
    rate[rate < NOBODY] = 0.0
    out = np.repeat(rate[:, None], years, axis=1)
    if years:
        out[:, 0] *= np.maximum(1 - (per_group(scenario, "time_to_fill_months", groups) - TIME_TO_FILL_DEFAULT) / 12, 0.0)
    return out


def _spread(
    scenario: Scenario, name: str, groups: pd.DataFrame, among: np.ndarray, demand0: np.ndarray, history: np.ndarray, rate: np.ndarray
) -> None:
    """Put the totals that a lever sets, for the firm or in overrides, into `rate` (G,) for the groups of `among`."""
    overruled = any(rule.lever == name for rule in scenario.overrides)
    if not overruled and getattr(scenario, name) is None:
        return
    rule = winning_rule(scenario, name, groups) if overruled else np.full(len(groups), -1)
    for number in np.unique(rule) if overruled else (-1,):
        value = getattr(scenario, name) if number < 0 else scenario.overrides[number].value
        inside = (rule == number) & among
        if value is not None and inside.any():
            past = history[inside].sum()
            share = history[inside] / past if past > 0 else _shares(demand0[inside])
            rate[inside] = float(value) * share


def _shares(amounts: np.ndarray) -> np.ndarray:
    total = amounts.sum()
    return amounts / total if total > 0 else np.full(len(amounts), 1 / max(len(amounts), 1))


def growth(scenario: Scenario, groups: pd.DataFrame, plan: np.ndarray, demand0: np.ndarray) -> np.ndarray:
    """Yearly growth of the work per group, (G,) fraction: the plan; a firm-wide number shifts all by the same; an override replaces."""
    out = plan.copy()
    if scenario.demand_growth is not None:
        out = out + scenario.demand_growth / 100 - mean_growth(plan, demand0)
    if any(rule.lever == "demand_growth" for rule in scenario.overrides):
        rule = winning_rule(scenario, "demand_growth", groups)
        for number in np.unique(rule[rule >= 0]):
            out[rule == number] = scenario.overrides[number].value / 100
    return np.maximum(out, -0.99)


def mean_growth(plan: np.ndarray, demand0: np.ndarray) -> float:
    """Growth of the firm's plan in its first year, weighted by today's work."""
    return float((plan * demand0).sum() / demand0.sum()) if demand0.sum() > 0 else float(plan.mean() if len(plan) else 0.0)

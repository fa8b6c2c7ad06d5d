"""The chances of leaving as people read them: one line per group and cause, with where it came from, and HR's own word put before it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analytics.estimate import Rates
from analytics.rates import hazard
from analytics.workforce import GROUP

CAUSES = ("resignation", "other_exit")
MOST = 0.9
"""Highest yearly chance that can be set by hand."""
OVERRULED = "overruled"


@dataclass(frozen=True, slots=True)
class Overrule:
    """HR's own yearly chance for one role and cause, with the reason in words. role "" = every role."""

    role: str
    cause: str
    chance: float
    note: str


def per_group(rates: Rates) -> pd.DataFrame:
    """One row per group and cause: GROUP, cause, person_years, chance, low, high, weight, source.

    chance: yearly chance over the group's cells in the measure of their person-years (all alike without any). low, high: 80 % range of
    the group's level, the one the ranges of the projection use: the level is known as well as a count of `certainty` events is.
    weight: share from own data; source: see `Rates`, or "overruled".
    """
    table = rates.table
    sums = table.assign(**{f"x_{cause}": _weights(table) * table[cause] for cause in CAUSES}, w=_weights(table))
    sums["own"] = sums["w"] * sums["weight"]
    out = sums.groupby(list(GROUP), as_index=False)[["w", "person_years", "own", *(f"x_{cause}" for cause in CAUSES)]].sum()
    source = _sources(table)
    parts = []
    for cause in CAUSES:
        chance = (out[f"x_{cause}"] / out["w"]).to_numpy(float)
        events = out[list(GROUP)].merge(rates.certainty, how="left", on=list(GROUP))[cause].to_numpy(float)
        spread = float(ndtri(0.9)) / np.sqrt(np.maximum(events, 0.5))
        level = hazard(np.minimum(chance, 0.999))
        low, high = (-np.expm1(-level * np.exp(side * spread)) for side in (-1, 1))
        rows = out[[*GROUP, "person_years"]].assign(cause=cause, chance=chance, low=low, high=high, weight=out["own"] / out["w"])
        parts.append(rows.merge(source[source["cause"] == cause].drop(columns="cause"), how="left", on=list(GROUP)))
    return pd.concat(parts, ignore_index=True)


def _weights(table: pd.DataFrame) -> np.ndarray:
    """Person-years of each cell; every cell alike in a group that has none."""
    years = table["person_years"].to_numpy(float)
    seen = table.groupby(list(GROUP))["person_years"].transform("sum").to_numpy(float)
    return np.where(seen > 0, years, 1.0)


def _sources(table: pd.DataFrame) -> pd.DataFrame:
    """The source of most of a group's weight, per cause."""
    marked = [column for column in (f"{cause}_source" for cause in CAUSES) if column in table]
    parts = []
    for cause in CAUSES:
        name = f"{cause}_source" if f"{cause}_source" in marked else "source"
        sums = table.assign(w=_weights(table), source=table[name]).groupby([*GROUP, "source"], as_index=False)["w"].sum()
        top = sums.sort_values("w", ascending=False, kind="stable").drop_duplicates(list(GROUP))
        parts.append(top[[*GROUP, "source"]].assign(cause=cause))
    return pd.concat(parts, ignore_index=True)


def overruled(rates: Rates, rules: tuple[Overrule, ...]) -> Rates:
    """The same rates, with the hazards of a role moved in one measure so that the chance `per_group` tells is the one that was set.

    The pattern by age and service stays as it was estimated. A rule for a role goes before one for every role. Groups that were put
    together for protection follow only where they hold this one role.
    """
    if not rules:
        return rates
    table = rates.table.copy()
    for cause in CAUSES:
        table[f"{cause}_source"] = table["source"]
    plain = table["role"].str.replace(r" \(\d+\)$", "", regex=True)
    for rule in sorted(rules, key=lambda rule: rule.role != ""):
        wanted = (plain == rule.role) | (rule.role == "")
        for _, rows in table[wanted].groupby(list(GROUP), sort=False):
            factor = _factor(rows[rule.cause].to_numpy(float), _weights(rows), rule.chance)
            level = hazard(np.minimum(rows[rule.cause].to_numpy(float), 0.999))
            table.loc[rows.index, rule.cause] = -np.expm1(-level * factor)
            table.loc[rows.index, f"{rule.cause}_source"] = OVERRULED
    return replace(rates, table=table)


def _factor(chances: np.ndarray, weights: np.ndarray, wanted: float) -> float:
    """By how much the hazards are multiplied for the mean chance to be `wanted`."""
    level, share = hazard(np.minimum(chances, 0.999)), weights / weights.sum()

    from scipy.optimize import brentq  # slow to load, and only needed where somebody overruled a chance

    def over(factor: float) -> float:
        return float(share @ -np.expm1(-level * factor)) - wanted

    if wanted <= 0 or over(1e6) <= 0:
        return 0.0 if wanted <= 0 else 1e6
    return float(brentq(over, 0.0, 1e6, xtol=1e-12, rtol=1e-12, maxiter=500))

"""Yearly chances from the firm's own history, shrunk where people are few, completed by labelled defaults.

Notation: x events, n person-years, p = x/n the crude yearly chance. Every snapshot pair counts a leaver as a whole person-year, so
p is a chance among those present at the start, in competition with the other causes. The engine needs hazards:
mu_k = (p_k / P) * -ln(1 - P), P the sum over causes (method spec 4.3 turned round). A table entry is 1 - exp(-mu_k).
Without a history the defaults are taken as 1 - exp(-mu_k) themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from analytics.coded import grouped
from analytics.rates import prior_strength, shrink
from analytics.scenario import Scenario
from analytics.tables import AGES, death_by_age
from analytics.workforce import AGE_BANDS, AGE_MAX, AGE_MIN, EXITS, FIXED, GROUP, PERMANENT, TENURE_BANDS, Cohorts, Flow, History

RESIGNATION_DEFAULT = (0.15, 0.15, 0.08, 0.04)
"""Yearly chance of resigning by tenure band without a history (levers_and_story, certainty C)."""
DISABILITY_DEFAULT = 0.002
"""Yearly chance of leaving through long-term disability without a history. Own assumption, certainty C."""
FIRST_YEAR_DEFAULT = Scenario().first_year_exit / 100
SIGMA_DEFAULT, RHO = 0.15, 0.5
"""Common yearly shock on the log hazard: standard deviation and year-to-year correlation (method spec 4.2)."""
HIRE_SIGMA_DEFAULT = SIGMA_DEFAULT
"""The same for the number of hires. Own assumption, certainty C."""
SIGMA_YEARS = 8
"""Years the default of a yearly shock counts for against the firm's own."""
FIRM_STRENGTH = 50.0
"""Person-years the pattern of the defaults by age and service counts for against the firm's own cell."""
LEVEL_EVENTS = 5.0
"""Events the level of the defaults counts for against the firm's own level: that is soon outweighed."""
SHARED = 25.0
"""Events the firm's knowledge of its overall level counts for beside its own: a standard error of 20 % without any history."""
HIRE_YEARS = 3
PENSION_NEAR = 12
"""Months round the statutory date within which somebody who went tells when people retire here."""
MOST_DESTINATIONS = 8
MOVE_STRENGTH = 20.0
CELL = (*GROUP, "age_band", "tenure_band", "contract")


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Chances of one firm.

    table: GROUP, age_band, tenure_band, contract, resignation, other_exit (yearly chances on their own), person_years, events,
      weight (share from the group's own data), source ("own", "completed" by the firm or a default, "default").
    strength: person-years the prior counts for, per cause. sigma: see SIGMA_DEFAULT. certainty: GROUP, resignation, other_exit:
      number of events that stands behind a group's level; shared: the same for the firm's level, per cause.
    moves: from_*, to_* GROUP columns, chance (a year, among those who stay with the firm), people (seen).
    hires: GROUP, people_per_year (coming in, including those who leave again within the year), seen_per_year, fte_per_hire (NaN unknown).
    hire_ages: GROUP, age, share. firm_hire_ages (65,). pension_shift_months: how much earlier or later than the statutory date people went.
    contract_ends: people whose contract ended and was not renewed, all years together.
    hire_sigma: common yearly shock on the number of hires, see HIRE_SIGMA_DEFAULT.
    years: pairs of snapshots; 0: everything is a default.
    """

    table: pd.DataFrame
    strength: dict[str, float]
    sigma: float
    certainty: pd.DataFrame
    shared: dict[str, float]
    moves: pd.DataFrame
    hires: pd.DataFrame
    hire_ages: pd.DataFrame
    firm_hire_ages: np.ndarray
    pension_shift_months: int
    contract_ends: float
    years: int
    hire_sigma: float = HIRE_SIGMA_DEFAULT


def estimate(history: History, groups: pd.DataFrame | Cohorts, deaths: np.ndarray | None = None) -> Rates:
    """Rates for every group in `groups`: rows with the GROUP columns, or the cohorts themselves. An empty history gives the defaults,
    every source "default". deaths (65,): published yearly chances at the ages 15..79, in the place of the formula."""
    rows = pd.concat([grouped(groups.frame).names, groups.demand[list(GROUP)]]) if isinstance(groups, Cohorts) else groups[list(GROUP)]
    keys = rows.fillna("").astype(str).drop_duplicates().sort_values(list(GROUP)).reset_index(drop=True)
    seen = history.exposure if history.years > 0 else history.exposure.iloc[:0]
    table, strength, certainty = _exit_table(seen, keys, default_chances(deaths))
    hires = _hires(history, keys, table)
    profile = _firm_profile(history)
    return Rates(
        table=table,
        strength=strength,
        sigma=_sigma(seen),
        certainty=certainty,
        shared={str(cause): SHARED + float(seen[str(cause)].sum()) for cause in (Flow.RESIGNATION, Flow.OTHER_EXIT)},
        moves=_moves(history, keys, seen),
        hires=hires,
        hire_ages=_hire_ages(history, keys, profile),
        firm_hire_ages=profile,
        pension_shift_months=_pension_shift(history),
        contract_ends=float(seen[str(Flow.CONTRACT_END)].sum()),
        years=int(history.years),
        hire_sigma=_hire_sigma(history),
    )


def default_chances(deaths: np.ndarray | None = None) -> pd.DataFrame:
    """age_band, tenure_band, contract, resignation, other_exit without any history: the labelled assumptions."""
    by_age = death_by_age() if deaths is None else deaths
    of_band = [float(by_age[(low <= AGES) & (high >= AGES)][: 8 if high == AGE_MAX else None].mean()) for low, high in AGE_BANDS]
    rows = [
        (band, tenure, contract, RESIGNATION_DEFAULT[tenure], of_band[band] + DISABILITY_DEFAULT)
        for band, tenure, contract in product(range(len(AGE_BANDS)), range(len(TENURE_BANDS)), (PERMANENT, FIXED))
    ]
    return pd.DataFrame(rows, columns=["age_band", "tenure_band", "contract", "resignation", "other_exit"])


def _exit_table(seen: pd.DataFrame, keys: pd.DataFrame, usual: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, float], pd.DataFrame]:
    causes = [str(cause) for cause in EXITS]
    counts = seen.groupby(list(CELL), as_index=False)[["person_years", *causes]].sum()
    table = keys.merge(usual, how="cross", suffixes=("", "_default")).merge(counts, how="left", on=list(CELL), suffixes=("_default", ""))
    table[["person_years", *causes]] = table[["person_years", *causes]].fillna(0.0).astype(float)
    n = table["person_years"].to_numpy(float)
    firm_cell = table.groupby(["age_band", "tenure_band", "contract"], sort=False).ngroup().to_numpy()
    group = table.groupby(list(GROUP), sort=False).ngroup().to_numpy()
    role = table.groupby("role", sort=False).ngroup().to_numpy()
    certainty = keys.copy()
    strength: dict[str, float] = {}
    crude: dict[str, np.ndarray] = {}
    weight = np.zeros(len(table))
    for cause in ("resignation", "other_exit"):
        x, prior = table[cause].to_numpy(float), table[f"{cause}_default"].to_numpy(float)
        crude[cause], own, strength[cause], events = _shrunk(x, n, prior, firm_cell, role, group)
        certainty[cause] = events
        weight = np.maximum(weight, own)
    crude["rest"] = _other_causes(table, n)
    total = np.minimum(crude["resignation"] + crude["other_exit"] + crude["rest"], 0.98)
    factor = np.divide(-np.log1p(-total), total, out=np.ones_like(total), where=total > 0)
    out = table[list(CELL)].copy()
    for cause in ("resignation", "other_exit"):
        out[cause] = -np.expm1(-crude[cause] * factor) if n.sum() > 0 else crude[cause]
    out["person_years"], out["events"], out["weight"] = n, table[causes].sum(axis=1), weight
    out["source"] = np.where(n.sum() <= 0, "default", np.where(weight >= 0.5, "own", "completed"))
    return out, strength, certainty


def _shrunk(
    x: np.ndarray, n: np.ndarray, prior: np.ndarray, firm_cell: np.ndarray, role: np.ndarray, group: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float, np.ndarray]:
    """Default at the firm's level -> firm-wide cell -> level of the role -> level of the group -> its own cell.

    Returns per row the chance and the own weight, then the strength K and the events behind each group.
    """
    if n.sum() <= 0:
        level = np.bincount(group, weights=prior) / np.bincount(group)
        return prior, np.zeros_like(n), FIRM_STRENGTH, FIRM_STRENGTH * level
    cell_x, cell_n = np.bincount(firm_cell, weights=x), np.bincount(firm_cell, weights=n)
    first = np.unique(firm_cell, return_index=True)[1]
    overall = (x.sum() + LEVEL_EVENTS) / ((n * prior).sum() + LEVEL_EVENTS)
    firm = shrink(cell_x, cell_n, np.minimum(prior[first] * overall, 0.95), FIRM_STRENGTH)[0][firm_cell]
    role_factor, role_weight, _, _ = _level(x, n, firm, role)
    prior = np.minimum(firm * role_factor, 0.95)
    factor, group_weight, group_k, events = _level(x, n, prior, group)
    own_prior = np.clip(prior * factor, 0.0, 0.95)
    chance, cell_weight = shrink(x, n, own_prior, prior_strength(x, n, own_prior))
    weight = 1 - (1 - cell_weight) * (1 - group_weight) * (1 - role_weight)
    return np.minimum(chance, 0.95), weight, group_k, events


def _level(x: np.ndarray, n: np.ndarray, expected: np.ndarray, part: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, np.ndarray]:
    """Observed against expected leavers of each part (role or group), shrunk to 1: factor and own weight per row, K, events per part."""
    part_x, part_n, part_expected = (np.bincount(part, weights=value) for value in (x, n, n * expected))
    empty = part_n <= 0
    level = np.where(empty, np.bincount(part, weights=expected) / np.bincount(part), part_expected / np.where(empty, 1.0, part_n))
    strength = prior_strength(part_x, part_n, level)
    mean, weight = shrink(part_x, part_n, level, strength)
    factor = mean / np.maximum(level, 1e-12)
    return factor[part], weight[part], float(strength), np.maximum((part_n + strength) * mean, 0.5)


def _other_causes(table: pd.DataFrame, n: np.ndarray) -> np.ndarray:
    """Crude yearly chance of pension and contract end together, per age band and contract over the whole firm."""
    part = table.groupby(["age_band", "contract"], sort=False).ngroup().to_numpy()
    x = table["retirement"].to_numpy(float) + table["contract_end"].to_numpy(float)
    events, years = np.bincount(part, weights=x), np.bincount(part, weights=n)
    return np.divide(events, years, out=np.zeros_like(years), where=years > 0)[part]


def _sigma(seen: pd.DataFrame) -> float:
    """Year-to-year spread of the resignation level left after chance, mixed with the default in the measure of the years there are."""
    if seen.empty or seen["year"].nunique() < 3:
        return SIGMA_DEFAULT
    cell = ["age_band", "tenure_band"]
    pooled = seen.groupby(cell)[["resignation", "person_years"]].sum()
    chance = (pooled["resignation"] / pooled["person_years"].where(pooled["person_years"] > 0)).rename("chance")
    rows = seen.merge(chance.reset_index(), on=cell)
    yearly = rows.assign(expected=rows["person_years"] * rows["chance"]).groupby("year")[["resignation", "expected"]].sum()
    ratio = np.log((yearly["resignation"] + 0.5) / (yearly["expected"] + 0.5))
    extra = max(float(ratio.var(ddof=1) - (1 / (yearly["expected"] + 0.5)).mean()), 0.0)
    return _mixed(extra, len(yearly), SIGMA_DEFAULT)


def _mixed(extra: float, years: int, usual: float) -> float:
    share = (years - 1) / (years - 1 + SIGMA_YEARS)
    return float(np.sqrt(share * extra + (1 - share) * usual**2))


def _hire_sigma(history: History) -> float:
    """Year-to-year spread of the number of hires left after chance, mixed with the default in the measure of the years there are."""
    years = sorted(set(history.exposure["year"]) | set(history.hires["year"]))
    if history.years < 3 or len(years) < 3 or history.hires.empty:
        return HIRE_SIGMA_DEFAULT
    yearly = history.hires.groupby("year")["people"].sum().reindex(years, fill_value=0.0).to_numpy(float) + 0.5
    extra = max(float(np.log(yearly).var(ddof=1) - (1 / yearly).mean()), 0.0)
    return _mixed(extra, len(years), HIRE_SIGMA_DEFAULT)


def _moves(history: History, keys: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    """Yearly chance of each move seen, shrunk toward the same change of role elsewhere in the firm; at most 8 destinations a group."""
    origin, target = [f"from_{name}" for name in GROUP], [f"to_{name}" for name in GROUP]
    columns = [*origin, *target, "chance", "people"]
    if history.years <= 0 or history.moves.empty:
        return pd.DataFrame({name: pd.Series(dtype="float64" if name in ("chance", "people") else "str") for name in columns})
    links = history.moves.groupby([*origin, *target], as_index=False)["people"].sum()
    causes = [str(cause) for cause in EXITS]
    at_risk = seen.groupby(list(GROUP), as_index=False)[["person_years", *causes]].sum()
    at_risk["stay"] = (at_risk["person_years"] - at_risk[causes].sum(axis=1)).clip(lower=0.0)
    links = links.merge(at_risk[[*GROUP, "stay"]].rename(columns={name: f"from_{name}" for name in GROUP}), how="left", on=origin).fillna(
        {"stay": 0.0}
    )
    inside = [links[f"{side}_{name}"] for side in ("from", "to") for name in GROUP]
    known = pd.MultiIndex.from_frame(keys)
    is_known = np.logical_and(*(pd.MultiIndex.from_arrays(inside[start : start + 3]).isin(known) for start in (0, 3)))
    links = links[np.asarray(is_known, bool)].copy()
    alike = links.groupby(["from_role", "to_role"])[["people", "stay"]].transform("sum")
    prior = np.divide(alike["people"], alike["stay"], out=np.zeros(len(links)), where=alike["stay"].to_numpy() > 0)
    links["chance"] = (links["people"] + MOVE_STRENGTH * np.minimum(prior, 0.9)) / (links["stay"] + MOVE_STRENGTH)
    links = links.sort_values("chance", ascending=False).groupby(origin, sort=False).head(MOST_DESTINATIONS)
    row = links.groupby(origin)["chance"].transform("sum")
    links["chance"] = links["chance"] * np.minimum(1.0, 0.9 / row)
    return links[columns].reset_index(drop=True)


def _hires(history: History, keys: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Average of the last three years; raised by those who came and went between two snapshots and were never seen."""
    out = keys.copy()
    if history.years <= 0 or history.hires.empty:
        return out.assign(people_per_year=0.0, seen_per_year=0.0, fte_per_hire=np.nan)
    last = sorted(set(history.exposure["year"]) | set(history.hires["year"]))[-HIRE_YEARS:]
    recent = history.hires[history.hires["year"].isin(last)]
    sums = recent.groupby(list(GROUP), as_index=False)[["people", "fte"]].sum()
    out = out.merge(sums, how="left", on=list(GROUP)).fillna({"people": 0.0, "fte": 0.0})
    new = table[(table["tenure_band"] == 0) & (table["contract"] == PERMANENT)].groupby(list(GROUP), as_index=False)["resignation"].mean()
    first = out[list(GROUP)].merge(new, how="left", on=list(GROUP))["resignation"].to_numpy(float)
    out["seen_per_year"] = out["people"] / len(last)
    out["people_per_year"] = out["seen_per_year"] / np.sqrt(1 - np.minimum(first, 0.9))
    out["fte_per_hire"] = (out["fte"] / out["people"].where(out["people"] >= 1)).astype(float)
    return out.drop(columns=["people", "fte"])


def _smooth(counts: np.ndarray) -> np.ndarray:
    kernel = np.exp(-0.5 * (np.arange(-6, 7) / 2.0) ** 2)
    return np.convolve(counts, kernel / kernel.sum(), mode="same")


def _age_counts(frame: pd.DataFrame) -> np.ndarray:
    age = np.clip(frame["age"].to_numpy(float), AGE_MIN, 66).astype(int) - AGE_MIN
    return np.bincount(age, weights=frame["people"].to_numpy(float), minlength=AGE_MAX - AGE_MIN + 1)


def default_hire_ages() -> np.ndarray:
    """Ages of new colleagues without a history, (65,), sum 1: rising to 25, falling slowly to 60. Own assumption, certainty C."""
    ages = np.arange(AGE_MIN, AGE_MAX + 1)
    shape = np.where(ages < 18, 0.0, np.where(ages <= 25, (ages - 16) / 9, np.maximum(61 - ages, 0) / 36))
    return shape / shape.sum()


def _firm_profile(history: History) -> np.ndarray:
    if history.years <= 0 or history.hires.empty:
        return default_hire_ages()
    counts = _smooth(_age_counts(history.hires)) + 20 * default_hire_ages()
    return counts / counts.sum()


def _hire_ages(history: History, keys: pd.DataFrame, profile: np.ndarray) -> pd.DataFrame:
    """Smoothed ages of a group's past hires; the firm's profile counts for ten people."""
    counts = np.tile(10 * profile, (len(keys), 1))
    if history.years > 0 and not history.hires.empty:
        place = pd.MultiIndex.from_frame(keys).get_indexer(pd.MultiIndex.from_frame(history.hires[list(GROUP)]))
        for row in np.unique(place[place >= 0]):
            counts[row] += _smooth(_age_counts(history.hires[place == row]))
    shares = counts / counts.sum(axis=1, keepdims=True)
    long = keys.loc[keys.index.repeat(shares.shape[1])].reset_index(drop=True)
    return long.assign(age=np.tile(np.arange(AGE_MIN, AGE_MAX + 1), len(keys)), share=shares.ravel())


def _pension_shift(history: History) -> int:
    """Middle month of those who went within a year round the statutory date, drawn to 0 when they were few (10 people count for 0)."""
    near = history.pension[history.pension["months"].abs() <= PENSION_NEAR]
    people = near["people"].to_numpy(float)
    if people.sum() <= 0:
        return 0
    order = np.argsort(near["months"].to_numpy())
    middle = near["months"].to_numpy(float)[order][np.searchsorted(np.cumsum(people[order]), people.sum() / 2)]
    return int(np.round(middle * people.sum() / (people.sum() + 10)))

"""Were moves and exits as likely in one year as in another? The chances used are an average of years: the test says what that hides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.mobility import homogeneity
from analytics.workforce import EXITS, History

LEAST_YEARS = 2
CHANCE = 0.05
"""Below this chance that pure luck gives differences as large, years are said to differ."""


@dataclass(frozen=True, slots=True, eq=False)
class Steadiness:
    """verdict: "too_few" (fewer than two years, or nobody moved or left), "steady" or "differs". chance: that luck alone gives differences
    between years as large as these. years: year (of the later snapshot), people (at its start), moved, left. roles: role, expected and
    counted people that moved or left in the year it differed most, `year`; the roles with most of the difference first."""

    verdict: str
    chance: float
    chi2: float
    df: int
    years: pd.DataFrame
    roles: pd.DataFrame


def steadiness(history: History) -> Steadiness:
    """The test of Anderson & Goodman (1957) on the yearly moves between roles and exits of a history."""
    counts, leavers, years, roles = yearly(history)
    moved = counts.sum(axis=(1, 2)) - np.trace(counts, axis1=1, axis2=2)
    people = counts.sum(axis=(1, 2)) + leavers.sum(axis=1)
    told = pd.DataFrame({"year": years, "people": people, "moved": moved, "left": leavers.sum(axis=1)})
    if len(years) < LEAST_YEARS or not (moved.sum() + leavers.sum()) > 0:
        return Steadiness("too_few", 1.0, 0.0, 0, told, _differ(counts[:0], leavers[:0], [], roles))
    found = homogeneity(counts, leavers)
    verdict = "too_few" if found.df == 0 else "differs" if found.p_value < CHANCE else "steady"
    return Steadiness(verdict, found.p_value, found.chi2, found.df, told, _differ(counts, leavers, years, roles))


def yearly(history: History) -> tuple[np.ndarray, np.ndarray, list[int], list[str]]:
    """counts (years, k, k) people by role at the start and the end of each year, leavers (years, k), the years, the roles."""
    seen = history.exposure
    roles = sorted(set(seen["role"].astype(str)))
    years = sorted({int(year) for year in seen["year"]}) if history.years > 0 else []
    at, when = {role: n for n, role in enumerate(roles)}, {year: n for n, year in enumerate(years)}
    counts, leavers = np.zeros((len(years), len(roles), len(roles))), np.zeros((len(years), len(roles)))
    start = np.zeros_like(leavers)
    if not years:
        return counts, leavers, years, roles
    where = seen["year"].astype(int).map(when).to_numpy(int), seen["role"].astype(str).map(at).to_numpy(int)
    np.add.at(start, where, seen["person_years"].to_numpy(float))
    np.add.at(leavers, where, seen[[str(cause) for cause in EXITS]].to_numpy(float).sum(axis=1))
    moves = history.moves
    known = moves["from_role"].isin(roles) & moves["to_role"].isin(roles) & moves["year"].isin(years)
    moves = moves[known & (moves["from_role"] != moves["to_role"])]
    places = (moves["year"].astype(int).map(when), moves["from_role"].map(at), moves["to_role"].map(at))
    np.add.at(counts, tuple(place.to_numpy(int) for place in places), moves["people"].to_numpy(float))
    stay = np.maximum(start - leavers - counts.sum(axis=2), 0.0)
    counts[:, np.arange(len(roles)), np.arange(len(roles))] += stay
    return counts, leavers, years, roles


def _differ(counts: np.ndarray, leavers: np.ndarray, years: list[int], roles: list[str]) -> pd.DataFrame:
    """Per role the year that differed most from the mean of the years."""
    columns = ["role", "year", "counted", "expected", "part"]
    if not years:
        return pd.DataFrame(columns=columns)
    away = counts.sum(axis=2) - counts[:, np.arange(len(roles)), np.arange(len(roles))] + leavers
    start = counts.sum(axis=2) + leavers
    total = start.sum(axis=0)
    expected = start * np.divide(away.sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
    size = np.divide((away - expected) ** 2, expected, out=np.zeros_like(expected), where=expected >= 1)
    worst = size.argmax(axis=0)
    each = np.arange(len(roles))
    rows = pd.DataFrame(
        {
            "role": roles,
            "year": [years[at] for at in worst],
            "counted": away[worst, each],
            "expected": expected[worst, each],
            "part": size[worst, each],
        }
    )
    return rows[rows["part"] > 0].sort_values("part", ascending=False, kind="stable", ignore_index=True)

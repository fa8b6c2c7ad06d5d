"""How far off earlier forecasts would have been: every stored snapshot forecast from the ones before it, scored against what came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer, nearest
from analytics.rolling import Backtest, judged, rolling_backtest
from analytics.workforce import Cohorts, History
from workflows.access import Right, require
from workflows.stands import protected
from workflows.workspace import Workspace

LEAST_SNAPSHOTS = 3
MOST_DAYS = 12
"""More snapshots than this are thinned to the last one of each calendar year: the engine takes steps of a year."""
DRAWS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """testable False: `reason` says why (few_snapshots, no_whole_years, no_history), and there are no rows.

    rows, scores, small_roles: see `analytics.rolling.Backtest`; for a threshold above 1 the roles are atoms that were cut alike on
    both days, and counted events are multiples of the threshold. roles: how many were looked at, small ones included.
    """

    testable: bool
    reason: str
    snapshots: int
    rows: pd.DataFrame
    scores: pd.DataFrame
    small_roles: tuple[str, ...]
    roles: int


def backtest(viewer: Viewer, workspace: Workspace, start: date | None = None) -> Tested:
    """Forecast from each snapshot on or after `start` to each later one, knowing only what was known then, rates included.

    Refusals: not_allowed, no_data.
    """
    require(viewer, Right.GROUPS)
    if workspace.store.latest() is None:
        raise Refusal("no_data")
    key = ("backtest", workspace.store.fingerprint(), viewer.k, viewer.units)
    found = workspace.cached(key, lambda: _tested(viewer, workspace))
    return found if start is None or not found.testable else _since(found, start)


def _since(found: Tested, start: date) -> Tested:
    rows = found.rows[found.rows["from"] >= start]
    return _told(judged(rows), found.snapshots, "no_whole_years")


def _tested(viewer: Viewer, workspace: Workspace) -> Tested:
    days = sorted({snapshot.as_of for snapshot in workspace.store.snapshots()})
    if len(days) < LEAST_SNAPSHOTS:
        return _told(judged(pd.DataFrame()), len(days), "few_snapshots")
    used = (
        days if len(days) <= MOST_DAYS else [day for day, after in zip(days, [*days[1:], date.max], strict=True) if day.year < after.year]
    )
    used = used[-MOST_DAYS:]
    people, history = _given(viewer, workspace, days, used)
    found = rolling_backtest(people, history, DRAWS)
    if viewer.k > 1:
        found = judged(_alike(found.rows, people, viewer.k))
    return _told(found, len(days), "no_whole_years" if history(used[-1]).years else "no_history")


def _given(
    viewer: Viewer, workspace: Workspace, days: list[date], used: list[date]
) -> tuple[dict[date, Cohorts], Callable[[date], History]]:
    """The people of each day and what was known by then, for these eyes: for a threshold the same protected groups as the outlook's."""
    if viewer.k <= 1:
        people = {day: workspace.store.cohorts(day) for day in used}
        pasts = {day: workspace.store.history(day) for day in used}
        return {day: _inside(found, viewer.units) for day, found in people.items()}, lambda day: _past(pasts[day], viewer.units)
    stands = {day: protected(viewer, workspace, day, [other for other in days if other <= day]) for day in used}
    return (
        {day: _inside(stand.cohorts, viewer.units) for day, stand in stands.items()},
        lambda day: _past(stands[day].history, viewer.units),
    )


def _inside(cohorts: Cohorts, units: tuple[str, ...]) -> Cohorts:
    if not units:
        return cohorts
    return replace(
        cohorts,
        frame=cohorts.frame[cohorts.frame["unit"].isin(units)].reset_index(drop=True),
        demand=cohorts.demand[cohorts.demand["unit"].isin(units)].reset_index(drop=True),
    )


def _past(history: History, units: tuple[str, ...]) -> History:
    if not units:
        return history
    return replace(
        history,
        exposure=history.exposure[history.exposure["unit"].isin(units)],
        moves=history.moves[history.moves["from_unit"].isin(units) & history.moves["to_unit"].isin(units)],
        hires=history.hires[history.hires["unit"].isin(units)],
    )


def _alike(rows: pd.DataFrame, people: dict[date, Cohorts], k: int) -> pd.DataFrame:
    """Roles only where the day of the forecast and the day it was for are cut alike; counted events to the nearest k."""
    cuts = {day: frozenset(map(str, cohorts.frame["role"].unique())) for day, cohorts in people.items()}
    both = [not role or (role in cuts[a] and role in cuts[b]) for role, a, b in zip(rows["role"], rows["from"], rows["to"], strict=True)]
    kept = rows[np.array(both, bool)].copy()
    event = kept["measure"] != "people"
    for column in ("actual", "no_change"):
        kept.loc[event, column] = [float(nearest(round(value), k)) for value in kept.loc[event, column]]
    return kept


def _told(found: Backtest, snapshots: int, reason: str) -> Tested:
    roles = int(found.rows.loc[found.rows["role"] != "", "role"].nunique()) if found.testable else 0
    return Tested(found.testable, "" if found.testable else reason, snapshots, found.rows, found.scores, found.small_roles, roles)

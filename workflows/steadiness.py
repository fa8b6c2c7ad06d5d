"""Whether the years the chances come from were alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.steadiness import Steadiness, steadiness
from analytics.workforce import History
from workflows.access import Right, require
from workflows.stands import protected
from workflows.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """verdict, number of years; for a threshold above 1 nothing else (chance NaN, empty frames): counts of a year are events."""

    found: Steadiness
    years: int


def steady(viewer: Viewer, workspace: Workspace) -> Told:
    """The test on all years there are. Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    days = sorted({snapshot.as_of for snapshot in workspace.store.snapshots()})
    if not days:
        raise Refusal("no_data")
    key = ("steadiness", workspace.store.fingerprint(), viewer.k, viewer.units)
    return workspace.cached(key, lambda: _told(viewer, workspace, days))


def _told(viewer: Viewer, workspace: Workspace, days: list[date]) -> Told:
    if viewer.k <= 1:
        history = _inside(workspace.store.history(days[-1]), viewer.units)
    else:
        history = protected(viewer, workspace, days[-1], days).history
    found = steadiness(history)
    number = len(found.years)
    if viewer.k > 1:
        nothing: pd.DataFrame = found.roles.iloc[:0]
        found = replace(found, chance=float("nan"), chi2=float("nan"), df=0, years=found.years.iloc[:0], roles=nothing)
    return Told(found, number)


def _inside(history: History, units: tuple[str, ...]) -> History:
    if not units:
        return history
    moves = history.moves
    inside = moves["from_unit"].isin(units) & moves["to_unit"].isin(units)
    return replace(history, exposure=history.exposure[history.exposure["unit"].isin(units)], moves=moves[inside])

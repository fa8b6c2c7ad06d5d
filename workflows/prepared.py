"""What is made once per snapshot and kept: rates from the history, the engine's grid, and the atoms of the year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np


from analytics.errors import Refusal
from analytics.estimate import Rates, estimate
from analytics.projection import Base, prepare
from analytics.release import Atoms, Viewer, make_atoms
from analytics.workforce import GROUP
from workflows.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """basis: the firm's own figure per lever whose default comes from its history."""

    as_of: date
    base: Base
    rates: Rates
    atoms: Atoms
    basis: dict[str, float]
    sample: bool


def prepared(workspace: Workspace, viewer: Viewer, as_of: date | None) -> Prepared:
    """Rates, grid and atoms of the latest snapshot on or before `as_of`; Refusal `no_data` when there is none."""
    snapshots = workspace.store.snapshots()
    days = sorted({snapshot.as_of for snapshot in snapshots if as_of is None or snapshot.as_of <= as_of})
    if not days:
        raise Refusal("no_data")
    key = ("prepared", workspace.store.fingerprint(), days[-1], viewer.k)
    return workspace.cached(key, lambda: _prepare(workspace, viewer.k, days[-1], days))


def require_any(chosen: np.ndarray) -> None:
    """Refusal `nothing_in_scope` when no whole atom lies inside what was asked."""
    if not chosen.any():
        raise Refusal("nothing_in_scope")


def _prepare(workspace: Workspace, k: int, day: date, days: list[date]) -> Prepared:
    cohorts = workspace.store.cohorts(day)
    history = workspace.store.history(day)
    rates = estimate(history, cohorts)
    base = prepare(cohorts, rates)
    first_of_year = next(other for other in days if other.year == day.year)
    counted = cohorts if first_of_year == day else workspace.store.cohorts(first_of_year)
    counts = counted.frame.groupby(list(GROUP), as_index=False)["people"].sum()
    people = base.groups.merge(counts, on=list(GROUP), how="left").fillna({"people": 0.0})
    return Prepared(day, base, rates, make_atoms(people[[*GROUP, "people"]], k), _basis(base, rates), workspace.store.is_sample())


def _basis(base: Base, rates: Rates) -> dict[str, float]:
    return {"hires_per_year": float(rates.hires["people_per_year"].sum()), "demand_growth": float(base.plan_growth_percent)}


__all__ = ["Prepared", "prepared", "require_any"]

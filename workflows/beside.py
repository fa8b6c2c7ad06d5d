"""What stands beside the shortage: hired staff, what learning costs first and brings later, and what one leaver sets in motion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.mobility import vacancy_chain, vacancy_moves
from analytics.projection import Projection
from analytics.release import Viewer, chosen_atoms, windowed
from analytics.scenario import Scenario
from analytics.workforce import EXITS, Flow, Scope
from workflows.access import Right, require
from workflows.outlook import HORIZON
from workflows.prepared import Prepared, prepared, require_any
from workflows.workspace import Workspace

WINDOW = 5
"""Years over which who leaves is averaged: one year of a small role says little, and tells much about its people."""


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """years: year, gap_fte, hired_fte (hired staff), open_fte (short after them), learning_fte (work not done because of learning, above
    today's), retrained (people in that year, in windows of at least k), learners, room (learners there are mentors for; NaN unknown or
    not the whole firm). wanted, placed: apprentices asked for and taken in until the target year; 0 outside the whole firm."""

    years: pd.DataFrame
    target_year: int
    wanted: float
    placed: float


def beside(viewer: Viewer, workspace: Workspace, scenario: Scenario, scope: Scope | None = None, target_year: int | None = None) -> Beside:
    """Refusals: not_allowed, no_data, nothing_in_scope."""
    require(viewer, Right.GROUPS)
    ready, ahead, inside = _ahead(viewer, workspace, scenario, scope)
    first = ahead.as_of.year
    step = min(max((target_year or first + 5) - first, 1), HORIZON)
    gap, hired = ahead.gap[inside].sum(axis=0), ahead.hired_staff[inside].sum(axis=0)
    retrained = ahead.flows[Flow.RETRAINED_IN][inside].sum(axis=0)
    places, whole = ahead.run.places, bool(inside.all())
    years = pd.DataFrame(
        {
            "year": [day.year for day in ahead.dates],
            "gap_fte": gap,
            "hired_fte": hired,
            "open_fte": gap - hired,
            "learning_fte": 0.0 - np.concatenate([[0.0], np.cumsum(ahead.supply_parts["learning"][inside].sum(axis=0))]),
            "retrained": np.concatenate([[0.0], retrained if viewer.k <= 1 else windowed(retrained, viewer.k)]),
            "learners": ahead.people[inside & ready.base.apprentice].sum(axis=0) if whole else np.nan,
            "room": np.where(np.isfinite(places.room), places.room, np.nan) if whole else np.nan,
        }
    )
    return Beside(years, first + step, *(float(line[:step].sum()) if whole else 0.0 for line in (places.wanted, places.placed)))


def chain(viewer: Viewer, workspace: Workspace, scenario: Scenario, scope: Scope | None = None) -> pd.DataFrame:
    """What one leaver sets in motion, per role, most first: role, leavers (a year, mean of five), in_motion (vacancies that
    one leaver of this role causes, the own one included), from_inside (share of its vacancies filled by own people), from_role (the role
    most of these come from, "" none), outside (hires behind one leaver; one where nothing is capped), capped (a role gives all it has).

    Vacancies of a role are filled from where its people came from in the coming year of the projection: moves and hires.
    Refusals: not_allowed, no_data, nothing_in_scope.
    """
    require(viewer, Right.GROUPS)
    ready, ahead, inside = _ahead(viewer, workspace, scenario, scope)
    names, at_role, shares = _fill_shares(ready, ahead)
    member = np.zeros((len(names), len(at_role)))
    member[at_role, np.arange(len(at_role))] = 1.0
    leavers = (member * inside) @ sum(ahead.flows[flow][:, :WINDOW].mean(axis=1) for flow in EXITS)
    yearly = member @ sum(ahead.flows[flow][:, 0] for flow in EXITS)
    stock = member @ ahead.people[:, 0]
    capped = vacancy_moves(yearly, shares, stock).capped
    chains = vacancy_chain(np.eye(len(names)), shares)  # row: all vacancies that one in this role causes
    rows = []
    for at in np.flatnonzero(leavers > 0):
        total = chains[at]
        source = int(shares[at].argmax())
        rows.append(
            (
                names[at],
                float(leavers[at]),
                float(total.sum()),
                float(shares[at].sum()),
                names[source] if shares[at, source] > 0 else "",
                float(total @ (1 - shares.sum(axis=1))),
                bool(capped[at]),
            )
        )
    columns = ["role", "leavers", "in_motion", "from_inside", "from_role", "outside", "capped"]
    found = pd.DataFrame(rows, columns=columns)
    if viewer.k > 1:
        found = found[found["leavers"] * WINDOW >= viewer.k]
    return found.sort_values(["in_motion", "leavers"], ascending=False, kind="stable", ignore_index=True)


def _fill_shares(ready: Prepared, ahead: Projection) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Roles, the number of the role of each group, and for each role (row) the share of its vacancies that people of another role (column)
    fill; the rest is hired."""
    base, names = ready.base, ahead.groups["role"].astype(str).to_numpy()
    roles, at = np.unique(names, return_inverse=True)
    moves = np.zeros((len(roles), len(roles)))
    people = ahead.people[base.link_from, 0] * base.link_chance
    np.add.at(moves, (at[base.link_to], at[base.link_from]), people)
    np.fill_diagonal(moves, 0.0)
    hired = np.bincount(at, weights=ahead.flows[Flow.HIRE][:, 0], minlength=len(roles))
    filled = moves.sum(axis=1) + hired
    shares = np.divide(moves, filled[:, None], out=np.zeros_like(moves), where=filled[:, None] > 0)
    most = shares.sum(axis=1)
    shares *= np.where(most > MOST_INSIDE, MOST_INSIDE / np.maximum(most, MOST_INSIDE), 1.0)[:, None]
    return [str(role) for role in roles], at, shares


MOST_INSIDE = 0.95
"""Highest share of a role's vacancies filled from inside: somebody comes from outside in the end."""


def _ahead(viewer: Viewer, workspace: Workspace, scenario: Scenario, scope: Scope | None) -> tuple[Prepared, Projection, np.ndarray]:
    ready = prepared(workspace, viewer, None)
    chosen = chosen_atoms(ready.atoms, ready.groups, scope or Scope(), viewer)
    require_any(chosen)
    return ready, ready.project(scenario, HORIZON), ready.rows[chosen].sum(axis=0) > 0

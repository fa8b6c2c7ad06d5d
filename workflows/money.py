"""What it costs: the dated amounts and sector figures, the wage bill a year, and the cost of doing nothing beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analytics.amounts import Amount, amount, keys, open_post_month, shipped
from analytics.coded import grouped
from analytics.errors import Refusal
from analytics.release import Viewer, chosen_atoms
from analytics.scenario import Scenario
from analytics.workforce import GROUP, Cohorts, Scope
from workflows.access import Right, may, require
from workflows.outlook import HORIZON, outlook
from workflows.owned import AMOUNTS, SECTOR, SECTOR_KEYS, SectorFigure, owned, written
from workflows.prepared import prepared, require_any
from workflows.workspace import Workspace

__all__ = ["SECTOR_KEYS", "Amount", "Bill", "SectorFigure", "amounts", "bill", "may_edit", "sector", "set_amounts", "set_sector", "undo"]

CLASSES = "employer_cost."


@dataclass(frozen=True, slots=True, eq=False)
class Bill:
    """rows: year (of the step), wage_bill (euro of that year at today's pay), short_fte (mean of both ends), cost_of_nothing (euro).
    known: share of today's fte whose pay is known; the rest has the cost of its role, or the firm's mean, or a shipped default."""

    rows: pd.DataFrame
    known: float
    open_post_month: float


def bill(viewer: Viewer, workspace: Workspace, scenario: Scenario, scope: Scope | None = None, years: int = HORIZON) -> Bill:
    """Wage bill and cost of doing nothing a year. Refusals: not_allowed, no_data, nothing_in_scope."""
    require(viewer, Right.MONEY)
    ready = prepared(workspace, viewer, None)
    chosen = chosen_atoms(ready.atoms, ready.groups, scope or Scope(), viewer)
    require_any(chosen)
    mask = ready.rows[chosen].sum(axis=0) > 0
    projection = ready.project(scenario, years)
    own = owned(workspace).amounts
    cohorts = ready.cohorts or workspace.cached(
        ("cohorts", workspace.store.fingerprint(), ready.as_of), lambda: workspace.store.cohorts(ready.as_of)
    )
    per_fte, known = _cost_per_fte(cohorts, ready.base.groups, ready.as_of, own)
    wages = (projection.fte * per_fte[:, None])[mask].sum(axis=0)
    gap = outlook(viewer, workspace, scenario, scope, years=years).groups.pivot_table(
        index="role", columns="date", values="gap_fte", aggfunc="sum"
    )
    short = np.maximum(gap.to_numpy(), 0.0).sum(axis=0)
    month = open_post_month(ready.as_of, own).value
    mean = (short[:-1] + short[1:]) / 2
    rows = pd.DataFrame(
        {
            "year": [(day - timedelta(days=1)).year for day in projection.dates[1:]],
            "wage_bill": (wages[:-1] + wages[1:]) / 2,
            "short_fte": mean,
            "cost_of_nothing": mean * 12 * month,
        }
    )
    return Bill(rows, float(known[mask].sum() / max(projection.fte[mask, 0].sum(), 1e-9)), month)


def _cost_per_fte(cohorts: Cohorts, groups: pd.DataFrame, on: date, own: tuple[Amount, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Euro a year per fte of each group, and the fte whose pay stands in the data. Pay times the employer's factor; else the cost of the
    role, else the firm's own mean, else the mean of the defaults."""
    frame = cohorts.frame
    known = (frame["cost"].notna() & (frame["fte"] > 0)).to_numpy()
    found = grouped(frame[known])
    paid = found.names.assign(**{name: found.sums(frame[name].to_numpy(float)[known]) for name in ("cost", "fte")})
    factor = amount("employer_factor", on, own).value
    usual = float(np.mean([amount(key, on, own).value for key in keys() if key.startswith(CLASSES)]))
    mean = factor * float(paid["cost"].sum() / paid["fte"].sum()) if len(paid) else usual
    rows = (
        groups[list(GROUP)]
        .merge(paid, how="left", on=list(GROUP))
        .merge(cohorts.roles[["role", "cost"]].rename(columns={"cost": "role_cost"}).drop_duplicates("role"), how="left", on="role")
    )
    per_fte = (factor * rows["cost"] / rows["fte"]).fillna(rows["role_cost"]).fillna(mean).to_numpy(float)
    return per_fte, rows["fte"].fillna(0.0).to_numpy(float)


# the dated tables


def amounts(viewer: Viewer, workspace: Workspace) -> tuple[Amount, ...]:
    """Shipped rows and own ones, by key and date; an own row of the same day goes before the shipped one. Refusal not_allowed."""
    require(viewer, Right.MONEY)
    mine = owned(workspace).amounts
    taken = {(row.key, row.valid_from) for row in mine}
    rows = [*mine, *(row for row in shipped() if (row.key, row.valid_from) not in taken)]
    return tuple(sorted(rows, key=lambda row: (row.key, row.valid_from)))


def set_amounts(viewer: Viewer, workspace: Workspace, rows: tuple[Amount, ...]) -> tuple[Amount, ...]:
    """Save the table; rows that stand in the shipped one stay there. Refusals: not_allowed, amount_invalid."""
    require(viewer, Right.DEMAND)
    for row in rows:
        if row.key not in keys() or not np.isfinite(row.value) or row.value < 0 or row.certainty not in ("A", "B", "C"):
            raise Refusal("amount_invalid", name=row.key[:60])
        if row.key.startswith("half_life.") and row.value <= 0:
            raise Refusal("amount_invalid", name=row.key[:60])
    mine = tuple(row for row in rows if row not in shipped())
    workspace.store.set_own_figures(AMOUNTS, written(mine), viewer.who)
    return amounts(viewer, workspace)


def sector(viewer: Viewer, workspace: Workspace) -> tuple[SectorFigure, ...]:
    """Figures of the sector that were filled in. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    return owned(workspace).sector


def set_sector(viewer: Viewer, workspace: Workspace, rows: tuple[SectorFigure, ...]) -> tuple[SectorFigure, ...]:
    """Save the table. Refusals: not_allowed, sector_invalid (a percentage from 0 to 100, with its source)."""
    require(viewer, Right.DEMAND)
    for row in rows:
        if row.key not in SECTOR_KEYS or not 0 <= row.value <= 100 or not row.source.strip():
            raise Refusal("sector_invalid")
    workspace.store.set_own_figures(SECTOR, written(rows), viewer.who)
    return rows


def undo(viewer: Viewer, workspace: Workspace, table: str) -> None:
    """Take back the newest edit of "amounts" or "sector". Refusals: not_allowed, nothing_to_undo."""
    require(viewer, Right.DEMAND)
    if table not in (AMOUNTS, SECTOR):
        raise ValueError(table)
    workspace.store.undo_own_figures(table, viewer.who)


def may_edit(viewer: Viewer) -> bool:
    return may(viewer, Right.DEMAND)

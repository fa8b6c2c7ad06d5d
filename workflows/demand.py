"""The establishment: how much work there is per role and department. Typed or imported; every edit is a version and can be undone."""

from __future__ import annotations

import pandas as pd

from analytics.release import Viewer
from analytics.workforce import GROUP
from workflows.access import Right, may, require
from workflows.workspace import Workspace

COLUMNS = (*GROUP, "establishment_fte", "vacancies_fte", "growth")


def formation(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """COLUMNS, one row per group that has people or posts; NaN = unknown. For who keeps it: posts less vacancies are the staff of a
    group, however small. Refusal not_allowed."""
    require(viewer, Right.DEMAND)
    if workspace.store.latest() is None:
        return workspace.store.formation()
    demand = workspace.cached(("demand", workspace.store.fingerprint()), lambda: workspace.store.cohorts().demand)
    return demand.loc[:, list(COLUMNS)].copy()


def set_formation(viewer: Viewer, workspace: Workspace, rows: pd.DataFrame) -> int:
    """Save the whole table as a new version. Refusals: not_allowed, formation_empty, formation_negative."""
    require(viewer, Right.DEMAND)
    kept = rows[rows[["establishment_fte", "vacancies_fte", "growth"]].notna().any(axis=1)]
    return workspace.store.set_formation(kept, viewer.who)


def undo_formation(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """Back to the version before. Refusals: not_allowed, nothing_to_undo."""
    require(viewer, Right.DEMAND)
    workspace.store.undo_formation(viewer.who)
    return formation(viewer, workspace)


def can_undo(viewer: Viewer, workspace: Workspace) -> bool:
    return may(viewer, Right.DEMAND) and workspace.store.can_undo_formation()

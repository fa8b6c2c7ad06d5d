"""Work that is decided on or measured: posts per role and year, and workload beside the establishment."""

from __future__ import annotations

import pandas as pd

from analytics.errors import Refusal
from analytics.posts import Post
from analytics.release import Viewer
from analytics.workload import Workload
from workflows.access import Right, may, require
from workflows.owned import POSTS, WORKLOAD, owned, written
from workflows.prepared import prepared
from workflows.workspace import Workspace

FARTHEST = 20
"""Years ahead for which a post can be decided on."""


def posts(viewer: Viewer, workspace: Workspace) -> tuple[Post, ...]:
    """Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    return owned(workspace).posts


def set_posts(viewer: Viewer, workspace: Workspace, rows: tuple[Post, ...]) -> None:
    """The whole table. Refusals: not_allowed, role_not_there, post_invalid."""
    require(viewer, Right.DEMAND)
    groups, first = _groups(viewer, workspace)
    for row in rows:
        _known(row.role, groups)
        if not (first < row.year <= first + FARTHEST and row.fte == row.fte and abs(row.fte) <= 10_000):
            raise Refusal("post_invalid", role=row.role, first=first + 1, last=first + FARTHEST)
    workspace.store.set_own_figures(POSTS, written(rows), viewer.who)


def workload(viewer: Viewer, workspace: Workspace) -> tuple[Workload, ...]:
    """Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    return owned(workspace).workload


def set_workload(viewer: Viewer, workspace: Workspace, rows: tuple[Workload, ...]) -> None:
    """The whole table. Refusals: not_allowed, role_not_there, workload_invalid."""
    require(viewer, Right.DEMAND)
    groups, _ = _groups(viewer, workspace)
    for row in rows:
        _known(row.role, groups)
        try:
            row.fte()
        except ValueError as problem:
            raise Refusal("workload_invalid", role=row.role) from problem
    workspace.store.set_own_figures(WORKLOAD, written(rows), viewer.who)


def compared(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """Where workload and establishment do not agree: role, workload_fte, establishment_fte, difference (workload less establishment),
    largest first. Fte of posts, nothing about people. Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    rows = owned(workspace).workload
    demand = workspace.store.cohorts().demand if rows else pd.DataFrame({"role": [], "establishment_fte": []})
    posts_of = demand.groupby("role")["establishment_fte"].sum(min_count=1)
    sums: dict[str, float] = {}
    for row in rows:
        sums[row.role] = sums.get(row.role, 0.0) + row.fte()
    table = pd.DataFrame({"role": list(sums), "workload_fte": list(sums.values())})
    table["establishment_fte"] = table["role"].map(posts_of).astype(float)
    table["difference"] = table["workload_fte"] - table["establishment_fte"]
    return table.sort_values("difference", key=lambda gap: -gap.abs(), kind="stable", ignore_index=True)


def undo(viewer: Viewer, workspace: Workspace, name: str) -> None:
    """Take back the newest edit of POSTS or WORKLOAD. Refusals: not_allowed, nothing_to_undo."""
    require(viewer, Right.DEMAND)
    workspace.store.undo_own_figures(name, viewer.who)


def may_edit(viewer: Viewer) -> bool:
    return may(viewer, Right.DEMAND)


def roles(viewer: Viewer, workspace: Workspace) -> tuple[str, ...]:
    """Roles that exist. Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    return tuple(sorted(set(_groups(viewer, workspace)[0])))


def _groups(viewer: Viewer, workspace: Workspace) -> tuple[list[str], int]:
    ready = prepared(workspace, viewer, None)
    return [str(role) for role in ready.groups["role"]], ready.as_of.year


def _known(role: str, groups: list[str]) -> None:
    if role not in groups:
        raise Refusal("role_not_there", role=role[:60])


__all__ = [
    "POSTS", "WORKLOAD", "Post", "Workload", "compared", "may_edit", "posts", "roles", "set_posts", "set_workload", "undo", "workload",
]  # fmt: skip

"""Project groups that use people's ideas: what they work on, who leads, what was agreed, what they expect and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.projection import project
from analytics.release import Viewer, chosen_atoms
from analytics.scenario import LEVERS, Scenario, clamp
from analytics.workforce import Scope
from store.groups import STATUSES, Group
from workflows.access import Right, require
from workflows.ideas import THEMES
from workflows.prepared import Prepared, prepared
from workflows.workspace import Workspace

__all__ = ["STATUSES", "Group", "groups", "measured", "save"]
LEAST_EFFECT = 0.05
"""Fte of expected effect from which a part of it is told."""


def groups(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """project, fields of `Group`, ideas, supports; running ones first. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    return workspace.store.voices.groups()


def save(viewer: Viewer, workspace: Workspace, group: Group, ideas: Sequence[str] = (), project: int | None = None) -> int:
    """Keep a new group or change one, with the ideas it works on; returns its number. It is planned on the newest people there are
    when it first expects an effect. Refusals: not_allowed, group_name_missing,
    group_unknown, group_status_unknown, idea_theme_unknown, lever_unknown."""
    require(viewer, Right.SCENARIOS)
    if group.status not in STATUSES:
        raise Refusal("group_status_unknown")
    if group.theme not in THEMES:
        raise Refusal("idea_theme_unknown")
    if group.lever not in ("", *LEVERS):
        raise Refusal("lever_unknown", name=group.lever[:40])
    since = group.since or _since(viewer, workspace, project) if group.lever else None
    kept = replace(
        group, since=since, name=group.name.strip()[:120], challenge=group.challenge.strip()[:120], owner=group.owner.strip()[:80],
        amount=group.amount if group.lever else None, realised=group.realised.strip()[:500],
    )  # fmt: skip
    return workspace.store.voices.save_group(kept, tuple(ideas), project, viewer.who)


def _since(viewer: Viewer, workspace: Workspace, project: int | None) -> date | None:
    rows = workspace.store.voices.groups()
    kept = rows.loc[rows["project"] == project, "since"].dropna() if project else pd.Series(dtype=object)
    if len(kept):
        return pd.Timestamp(kept.iloc[0]).date()
    try:
        return prepared(workspace, viewer, None).as_of
    except Refusal:  # no people known yet: nothing to measure against
        return None


def measured(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """What came of groups that expect an effect, by the newest people, for the part of the organisation this viewer sees: project, role
    ("" all), since, expected (fte the shortage should be smaller by now), planned (fte short by now without it), now (fte short),
    realised (planned less now), part (0-1; NaN when next to nothing was expected). All else that changed since counts along. Left out:
    groups planned less than a year ago, on people that have been forgotten, or for a role this viewer cannot be told of. Refusals:
    not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    ready = prepared(workspace, viewer, None)
    rows = [
        found
        for row in workspace.store.voices.groups().dropna(subset=["since", "amount"]).itertuples()
        if row.lever in LEVERS and (found := _of_group(viewer, workspace, ready, row)) is not None
    ]
    return pd.DataFrame(rows, columns=["project", "role", "since", "expected", "planned", "now", "realised", "part"])


def _of_group(viewer: Viewer, workspace: Workspace, ready: Prepared, row) -> tuple[object, ...] | None:
    since = pd.Timestamp(row.since).date()
    passed = ready.as_of.year - since.year
    if passed < 1:
        return None
    try:
        then = prepared(workspace, viewer, since)
    except Refusal:
        return None
    before, after = _inside(viewer, then), _inside(viewer, ready)
    named = [np.asarray(one.base.groups["role"] == row.challenge) for one in (then, ready)]
    role = row.challenge in set(ready.groups["role"])  # else it is about all that this viewer sees
    if role:
        before, after = before & named[0], after & named[1]
    if not before.any() or not after.any():
        return None
    own, start = then.basis.get(row.lever), getattr(Scenario(), row.lever)
    value = clamp(row.lever, float((own or 0.0) if start is None else start) + float(row.amount), own)
    with_it = Scenario().with_value(row.lever, value)
    planned, hoped = (float(project(then.base, one, passed).gap[before, passed].sum()) for one in (Scenario(), with_it))
    now = float(project(ready.base, Scenario(), 1).gap[after, 0].sum())
    expected, realised = planned - hoped, planned - now
    part = realised / expected if abs(expected) >= LEAST_EFFECT else np.nan
    return row.project, row.challenge if role else "", since, expected, planned, now, realised, part


def _inside(viewer: Viewer, ready: Prepared) -> np.ndarray:
    return ready.rows[chosen_atoms(ready.atoms, ready.groups, Scope(), viewer)].sum(axis=0) > 0

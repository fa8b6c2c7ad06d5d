"""Project groups that use people's ideas: what they work on, who leads, what was agreed, what they expect and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.scenario import LEVERS
from store.groups import STATUSES, Group
from workflows.access import Right, require
from workflows.ideas import THEMES
from workflows.workspace import Workspace

__all__ = ["STATUSES", "Group", "groups", "save"]


def groups(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """project, fields of `Group`, ideas, supports; running ones first. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    return workspace.store.voices.groups()


def save(viewer: Viewer, workspace: Workspace, group: Group, ideas: Sequence[str] = (), project: int | None = None) -> int:
    """Keep a new group or change one, with the ideas it works on; returns its number. Refusals: not_allowed, group_name_missing,
    group_unknown, group_status_unknown, idea_theme_unknown, lever_unknown."""
    require(viewer, Right.SCENARIOS)
    if group.status not in STATUSES:
        raise Refusal("group_status_unknown")
    if group.theme not in THEMES:
        raise Refusal("idea_theme_unknown")
    if group.lever not in ("", *LEVERS):
        raise Refusal("lever_unknown", name=group.lever[:40])
    kept = replace(
        group, name=group.name.strip()[:120], challenge=group.challenge.strip()[:120], owner=group.owner.strip()[:80],
        amount=group.amount if group.lever else None, realised=group.realised.strip()[:500],
    )  # fmt: skip
    return workspace.store.voices.save_group(kept, tuple(ideas), project, viewer.who)

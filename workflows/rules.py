"""The rules of the house as stored: who has which role, the least number of people, how long data stay, and the log."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from analytics.errors import Refusal
from analytics.release import K_DEFAULT, K_MAX, K_MIN, Role, Viewer
from workflows.access import GRANTED, Right, may, require
from workflows.identity import Grant, checked, table_from_text, table_to_text
from workflows.workspace import Workspace

ROLE_TABLE, LEAST, MONTHS = "role_table", "least_people", "retention_months"
MONTHS_DEFAULT, MONTHS_MIN, MONTHS_MAX = 24, 12, 84
LEAST_ANSWERS, LEAST_WORK_ABILITY = 10, 15
"""Wishes, answers and pulse are never told about fewer than ten people, work ability never about fewer than fifteen."""


@dataclass(frozen=True, slots=True)
class Rules:
    """least: people an answer to a director or the council is about at least; months: how long person rows of a snapshot stay."""

    least: int
    least_answers: int
    least_work_ability: int
    months: int


def rules(viewer: Viewer, workspace: Workspace) -> Rules:
    """Everybody with a role may know the rules. Refusal not_allowed."""
    if not GRANTED.get(viewer.role):
        raise Refusal("not_allowed")
    kept = workspace.store.settings()
    least = _whole(kept.get(LEAST), K_DEFAULT, K_MIN, K_MAX)
    months = _whole(kept.get(MONTHS), MONTHS_DEFAULT, MONTHS_MIN, MONTHS_MAX)
    return Rules(least, max(least, LEAST_ANSWERS), max(least, LEAST_WORK_ABILITY), months)


def set_rules(viewer: Viewer, workspace: Workspace, least: int, months: int) -> Rules:
    """Save threshold and retention. Refusals: not_allowed, least_out_of_range, months_out_of_range."""
    require(viewer, Right.SETTINGS)
    if not K_MIN <= least <= K_MAX:
        raise Refusal("least_out_of_range", low=K_MIN, high=K_MAX)
    if not MONTHS_MIN <= months <= MONTHS_MAX:
        raise Refusal("months_out_of_range", low=MONTHS_MIN, high=MONTHS_MAX)
    now = rules(viewer, workspace)
    for name, old, new in ((LEAST, now.least, least), (MONTHS, now.months, months)):
        if old != new:
            workspace.store.set_setting(name, str(new), viewer.who)
    return rules(viewer, workspace)


def _whole(text: str | None, default: int, low: int, high: int) -> int:
    return min(max(int(text), low), high) if text and text.isdigit() else default


def grants(viewer: Viewer, workspace: Workspace) -> tuple[Grant, ...]:
    """Who has which role. Refusal not_allowed."""
    if not may(viewer, Right.ROLES):
        require(viewer, Right.LOG)
    return table_from_text(workspace.store.settings().get(ROLE_TABLE, ""))


def set_grants(viewer: Viewer, workspace: Workspace, table: tuple[Grant, ...]) -> tuple[Grant, ...]:
    """Save the whole table; the log says that it changed and who did it. Refusals: not_allowed, those of `identity.checked`."""
    require(viewer, Right.ROLES)
    kept = checked(table)
    workspace.store.set_setting(ROLE_TABLE, table_to_text(kept), viewer.who)
    return kept


def known_viewer(viewer: Viewer | None, workspace: Workspace) -> Viewer:
    """The viewer a login gave, else Refusal not_allowed, which the log notes without a name."""
    if viewer is None:
        workspace.store.audit.append("unknown", "refused_login")
        raise Refusal("not_allowed")
    return viewer


def log(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """The whole log, newest first: n, at, who, action, details. Refusal not_allowed."""
    require(viewer, Right.LOG)
    entries = workspace.store.audit.entries()
    rows = [(e["n"], e["at"], e["who"], e["action"], ", ".join(f"{k}={v}" for k, v in sorted(e["details"].items()))) for e in entries]
    return pd.DataFrame(rows[::-1], columns=["n", "at", "who", "action", "details"])


def log_summary(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """action, count: how often each kind of act was done; no names. Refusal not_allowed."""
    require(viewer, Right.LOG_SUMMARY)
    counted = Counter(entry["action"] for entry in workspace.store.audit.entries())
    return pd.DataFrame(counted.most_common(), columns=["action", "count"])


def log_is_whole(viewer: Viewer, workspace: Workspace) -> bool:
    """Whether every line of the log still follows from the one before. Refusal not_allowed."""
    require(viewer, Right.LOG_SUMMARY)
    return workspace.store.audit.first_broken() is None


def rights_of(viewer: Viewer) -> dict[Role, tuple[Right, ...]]:
    """The whole table of rights, to be shown. Refusal not_allowed for somebody without a role."""
    if not GRANTED.get(viewer.role):
        raise Refusal("not_allowed")
    return {role: tuple(right for right in Right if right in granted) for role, granted in GRANTED.items()}

"""The rules of the house as stored: who has which role, and the least number of people an answer is about."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.errors import Refusal
from analytics.release import K_MAX, K_MIN, Role, Viewer
from workflows.access import GRANTED, Right, may, require
from workflows.identity import LEAST, ROLE_TABLE, Grant, checked, table_from_text, table_to_text, threshold
from workflows.keeping import LEAVERS, SNAPSHOTS
from workflows.workspace import Workspace

LEAST_ANSWERS, LEAST_WORK_ABILITY = 10, 15
"""Wishes, answers and pulse are never told about fewer than ten people, work ability never about fewer than fifteen."""


@dataclass(frozen=True, slots=True)
class Rules:
    """least: people an answer to a director or the council is about at least; the same for everybody."""

    least: int
    least_answers: int
    least_work_ability: int


def rules(viewer: Viewer, workspace: Workspace) -> Rules:
    """Everybody with a role may know the rules. Refusal not_allowed."""
    if not GRANTED.get(viewer.role):
        raise Refusal("not_allowed")
    least = threshold(workspace.store.settings())
    return Rules(least, max(least, LEAST_ANSWERS), max(least, LEAST_WORK_ABILITY))


def set_least(viewer: Viewer, workspace: Workspace, least: int) -> Rules:
    """Save the threshold. A new one cuts the same people a second time: do it rarely. Refusals: not_allowed, least_out_of_range."""
    require(viewer, Right.SETTINGS)
    if not K_MIN <= least <= K_MAX:
        raise Refusal("least_out_of_range", low=K_MIN, high=K_MAX)
    if rules(viewer, workspace).least != least:
        workspace.store.set_setting(LEAST, str(least), viewer.who)
    return rules(viewer, workspace)


def retention(viewer: Viewer, workspace: Workspace) -> tuple[int | None, int | None]:
    """Months that rows of leavers and of earlier snapshots are kept, None without end. Refusal not_allowed."""
    if not GRANTED.get(viewer.role):
        raise Refusal("not_allowed")
    kept = [workspace.store.settings().get(name, "") for name in (LEAVERS, SNAPSHOTS)]
    leavers, snapshots = (int(months) if months.isdigit() else None for months in kept)
    return leavers, snapshots


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


def refused(viewer: Viewer | None, workspace: Workspace) -> None:
    """Note that somebody logged in whom the table does not know; without a name. Nothing for a known viewer."""
    if viewer is None:
        workspace.store.audit.append("unknown", "refused_login")


def log_is_whole(viewer: Viewer, workspace: Workspace) -> bool:
    """Whether every line of the log still follows from the one before. Refusal not_allowed."""
    require(viewer, Right.LOG_SUMMARY)
    return workspace.store.audit.first_broken() is None


def rights_of(viewer: Viewer) -> dict[Role, tuple[Right, ...]]:
    """The whole table of rights, to be shown. Refusal not_allowed for somebody without a role."""
    if not GRANTED.get(viewer.role):
        raise Refusal("not_allowed")
    return {role: tuple(right for right in Right if right in granted) for role, granted in GRANTED.items()}

"""The rules of the house as stored: who has which role, and the least number of people an answer is about."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.errors import Refusal
from analytics.release import K_MAX, K_MIN, Role, Viewer
from workflows.access import GRANTED, Right, may, require
from workflows.identity import LEAST, ROLE_TABLE, Grant, checked, table_from_text, table_to_text, threshold
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


def lost_imports(viewer: Viewer, workspace: Workspace) -> int:
    """Imports the log has acknowledged and the database does not have, found at the start; told to who can put a back-up in its
    place, load them again or reads the log, 0 to anybody else. Refusal not_allowed."""
    if not GRANTED.get(viewer.role):
        raise Refusal("not_allowed")
    acts = any(may(viewer, right) for right in (Right.IMPORT, Right.BACKUP, Right.LOG))
    return workspace.store.lost_imports if acts else 0


def broken_line(viewer: Viewer, workspace: Workspace) -> int | None:
    """First line of the log that does not follow from the one before; None: whole. Refusal not_allowed."""
    require(viewer, Right.LOG)
    return workspace.store.audit.first_broken()


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


def refused_act(viewer: Viewer, workspace: Workspace, right: str) -> None:
    """Note that somebody asked for what the role does not allow: who, and which right was missing. Everybody may be noted."""
    workspace.store.audit.append(viewer.who, "refused", role=viewer.role.value, right=right)


def log_is_whole(viewer: Viewer, workspace: Workspace) -> bool:
    """Whether every line of the log still follows from the one before. Refusal not_allowed."""
    require(viewer, Right.LOG_SUMMARY)
    return workspace.store.audit.first_broken() is None


def rights_of(viewer: Viewer) -> dict[Role, tuple[Right, ...]]:
    """The whole table of rights, to be shown. Refusal not_allowed for somebody without a role."""
    if not GRANTED.get(viewer.role):
        raise Refusal("not_allowed")
    return {role: tuple(right for right in Right if right in granted) for role, granted in GRANTED.items()}

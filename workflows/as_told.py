"""How old what everybody but HR is told of skills, wishes, courses and conversations is (`workflows.told`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.errors import Refusal
from analytics.release import Viewer
from workflows.access import GRANTED, Right, may, require
from workflows.rules import rules
from workflows.told import from_copy, renewed, state
from workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AsTold:
    """live: this viewer is answered from what is known now. newest, oldest: days the copy was renewed on, None: never.
    people: who are told of; silent: of how many nothing is told for a while, because somebody in their group took something back.
    waiting: how many people's changes wait (for HR alone, else 0). least: people that must have changed in a group."""

    live: bool
    newest: date | None
    oldest: date | None
    people: int
    silent: int
    waiting: int
    least: int


def as_told(viewer: Viewer, workspace: Workspace) -> AsTold:
    """How old what everybody but HR is told is, and for HR how much waits. Refusals: not_allowed."""
    require(viewer, Right.GROUPS)
    waiting = renewed(viewer, workspace)
    found = workspace.store.told_stand()
    return AsTold(
        *(not from_copy(viewer), found.newest, found.oldest, found.people, found.silent),
        waiting if may(viewer, Right.PERSONS) else 0,
        rules(viewer, workspace).least_answers,
    )


def mark(viewer: Viewer, workspace: Workspace) -> str:
    """Changes whenever an answer to this viewer could: for the key of what a screen keeps. Refusal not_allowed."""
    if not GRANTED.get(viewer.role):
        raise Refusal("not_allowed")
    return "|".join(state(viewer, workspace))

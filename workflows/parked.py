"""What a meeting left for later: questions that were parked and assumptions that were not believed. Everybody has their own list; it stays
from one visit to the next until it is ticked off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.scenario import LEVERS
from workflows.access import Right, require
from workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Question:
    """One that was parked. number: of this list; done: ticked off."""

    number: int
    text: str
    parked: datetime
    done: bool


def questions(viewer: Viewer, workspace: Workspace) -> tuple[Question, ...]:
    """This viewer's own, oldest first. Refusal not_allowed."""
    require(viewer, Right.SCENARIOS)
    rows = workspace.store.parked(viewer.who)
    return tuple(Question(int(row.parked_no), row.text, row.moment, row.done == row.done) for row in rows.itertuples())


def park(viewer: Viewer, workspace: Workspace, text: str) -> int:
    """Its number. Refusals: not_allowed, parked_empty, parked_many."""
    require(viewer, Right.SCENARIOS)
    return workspace.store.park(viewer.who, text)


def tick(viewer: Viewer, workspace: Workspace, number: int, done: bool = True) -> None:
    """Tick one off, or put it back among the open ones. Refusals: not_allowed, parked_unknown (also for somebody else's)."""
    require(viewer, Right.SCENARIOS)
    workspace.store.tick_parked(viewer.who, number, done)


def remove(viewer: Viewer, workspace: Workspace, number: int) -> Question:
    """Delete one; what `restore` puts back. Refusals: not_allowed, parked_unknown."""
    require(viewer, Right.SCENARIOS)
    gone = next((one for one in questions(viewer, workspace) if one.number == number), None)
    if gone is None:
        raise Refusal("parked_unknown")
    workspace.store.remove_parked(viewer.who, number)
    return gone


def restore(viewer: Viewer, workspace: Workspace, gone: Question) -> int:
    """Park one again that was removed, from the day it was parked first. Refusals: those of `park`."""
    require(viewer, Right.SCENARIOS)
    return workspace.store.park(viewer.who, gone.text, gone.parked)


def doubts(viewer: Viewer, workspace: Workspace) -> tuple[str, ...]:
    """Assumptions this viewer's meetings did not believe, by the name of their lever. Refusal not_allowed."""
    require(viewer, Right.SCENARIOS)
    return tuple(name for name in workspace.store.doubts(viewer.who) if name in LEVERS)


def set_doubts(viewer: Viewer, workspace: Workspace, names: Sequence[str]) -> None:
    """All of them, in order. Refusals: not_allowed, lever_unknown."""
    require(viewer, Right.SCENARIOS)
    for name in names:
        if name not in LEVERS:
            raise Refusal("lever_unknown", name=name[:40])
    workspace.store.set_doubts(viewer.who, names)

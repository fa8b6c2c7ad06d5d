"""What everybody but HR is told of skills, wishes, courses and conversations: a copy that moves by whole groups of people only."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from analytics.errors import Refusal
from analytics.release import FULL_RIGHTS, Viewer
from analytics.workforce import GROUP
from workflows.rules import rules
from workflows.stands import stand
from workflows.workspace import Workspace


def from_copy(viewer: Viewer) -> bool:
    """Whether this viewer is answered from the copy."""
    return viewer.k > 1 or viewer.role not in FULL_RIGHTS


def state(viewer: Viewer, workspace: Workspace) -> tuple[str, str]:
    """Changes whenever an answer to this viewer could: the key of whatever is kept. Brings the copy up to date where that may be."""
    store = workspace.store
    if not from_copy(viewer):
        return store.fingerprint(), store.told()
    renewed(viewer, workspace)
    return store.fingerprint(), store.told_copy()


def renewed(viewer: Viewer, workspace: Workspace) -> int:
    """Renew the copy where enough people changed; returns how many wait. Once per state of the data; a database that cannot be written
    to at the moment goes on telling what it told."""
    store = workspace.store

    def make() -> int:
        kept, days = rules(viewer, workspace), sorted({snapshot.as_of for snapshot in store.snapshots()})
        with suppress(Refusal):
            cut = stand(workspace, days, kept.least).groups[[*GROUP, "atom"]] if days else None
            return 0 if cut is None else store.renew_told(cut, kept.least, kept.least_answers, date.today())
        return 0

    return workspace.cached(("told", store.fingerprint(), store.told()), make)

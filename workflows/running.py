"""What an app that stays open does beside showing pages: it keeps a copy for commands that read, takes in the files that commands
leave, and closes its database when the process is told to stop."""

from __future__ import annotations

import atexit
import threading
from contextlib import suppress
from pathlib import Path

from analytics import compiled
from analytics.errors import Refusal
from analytics.release import Role, Viewer
from workflows import keeping
from workflows.inbox import Inbox
from workflows.workspace import Workspace

STOPPING = 30.0
"""Seconds an import that is under way gets to finish when the process stops; a service manager waits longer than that."""


def hasten(after: float) -> None:
    """Load what was compiled of the projection, which the first answer waits for; or have it compiled so many seconds from now, which
    nothing waits for."""
    compiled.start(after)


def opened(path: Path) -> Workspace:
    """The workspace of a process that stays open, its log checked and its terms applied; refusals of `store.open_store`. It
    closes itself at the end of the process."""
    workspace = Workspace.open(path, publishing=True)
    with suppress(Refusal):  # a disk too full to rewrite the file must not keep anybody out; the next start tries again
        keeping.at_start(Viewer("werkhorizon", Role.PRIVACY), workspace)
    if not workspace.store.shared:  # there, commands store beside the app themselves
        _watch(path, workspace)
    atexit.register(workspace.close)
    return workspace


def _watch(path: Path, workspace: Workspace) -> None:
    stop = threading.Event()
    watcher = Inbox(path).watch(workspace, stop)

    def leave() -> None:
        stop.set()
        watcher.join(STOPPING)

    workspace.before_closing(leave)

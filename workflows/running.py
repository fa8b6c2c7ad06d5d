"""What an app that stays open does beside showing pages: it keeps a copy for commands that read, takes in the files that commands
leave, and closes its database when the process is told to stop."""

from __future__ import annotations

import atexit
import threading
from pathlib import Path

from workflows.inbox import Inbox
from workflows.workspace import Workspace

STOPPING = 30.0
"""Seconds an import that is under way gets to finish when the process stops; a service manager waits longer than that."""


def opened(path: Path) -> Workspace:
    """The workspace of a process that stays open; refusals of `store.open_store`. It closes itself at the end of the process."""
    workspace = Workspace.open(path, publishing=True)
    stop = threading.Event()
    watcher = Inbox(path).watch(workspace, stop)

    def leave() -> None:
        stop.set()
        watcher.join(STOPPING)

    workspace.before_closing(leave)
    atexit.register(workspace.close)
    return workspace

"""Imports while the app runs: a command leaves the file in a folder beside the database, the app takes it in and answers there.

Whoever may write in the data folder may leave a file; it goes through the same check and save as an upload.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
import uuid
from datetime import date
from pathlib import Path
from typing import Any

from analytics.errors import Refusal
from analytics.release import Role, Viewer
from intake import Options
from workflows import importing
from workflows.access import Right, require
from workflows.workspace import Workspace

EVERY = 1.0
"""Seconds between two looks in the folder."""
NIGHTLY = Viewer("inbox", Role.HR)


class Inbox:
    """The folder beside one database. Who leaves a file needs the right to import; the app takes files in as HR."""

    def __init__(self, database: Path) -> None:
        self.folder = database.absolute().parent / "inbox"
        self._sign = self.folder / "watched"

    @property
    def watched(self) -> bool:
        """Whether a running app looks here; after a crash the sign may stay, but then the database is free too."""
        return self._sign.exists()

    def leave(self, viewer: Viewer, file: Path, shown_name: str, options: Options, replace_existing: bool = False) -> str:
        """Put a file in; returns the ticket to wait for. Refusal not_allowed."""
        require(viewer, Right.IMPORT)
        ticket = uuid.uuid4().hex
        self.folder.mkdir(exist_ok=True)
        content = self.folder / f"{ticket}.file{file.suffix.lower()[:8]}"
        shutil.copyfile(file, content)
        request = {
            "content": content.name,
            "name": shown_name[:100],
            "sheet": options.sheet,
            "as_of": options.as_of.isoformat() if options.as_of else None,
            "mapping": options.mapping,
            "country": options.country,
            "replace": replace_existing,
        }
        _write(self.folder / f"{ticket}.request.json", request)
        return ticket

    def wait(self, ticket: str, seconds: float = 120.0) -> dict[str, Any]:
        """The answer: {"summary": the report, "stored": bool, "error": {"code", "params"} or None}. Refusal inbox_waiting."""
        answer, until = self.folder / f"{ticket}.answer.json", time.monotonic() + seconds
        while not answer.exists():
            if time.monotonic() > until:
                raise Refusal("inbox_waiting")
            time.sleep(0.1)
        found = json.loads(answer.read_text(encoding="utf-8"))
        answer.unlink(missing_ok=True)
        return found

    def work_off(self, workspace: Workspace) -> int:
        """Take in every file that waits, oldest first; returns how many were answered."""
        waiting = sorted(self.folder.glob("*.request.json"), key=lambda file: file.stat().st_mtime)
        for request in waiting:
            ticket = request.name.split(".")[0]
            _write(self.folder / f"{ticket}.answer.json", _handled(workspace, self.folder, request))
            request.unlink(missing_ok=True)
            for content in self.folder.glob(f"{ticket}.file*"):
                content.unlink(missing_ok=True)
        return len(waiting)

    def watch(self, workspace: Workspace, stop: threading.Event) -> threading.Thread:
        """Look in the folder every second in a thread of its own, until `stop` is set."""

        def look() -> None:
            while not stop.wait(EVERY):
                try:
                    self.work_off(workspace)
                except (Refusal, OSError):
                    continue  # the database or the folder is away for a moment; the files wait
            self._sign.unlink(missing_ok=True)

        self.folder.mkdir(parents=True, exist_ok=True)
        self._sign.touch()
        thread = threading.Thread(target=look, name="inbox", daemon=True)
        thread.start()
        return thread


def _handled(workspace: Workspace, place: Path, request: Path) -> dict[str, Any]:
    summary: dict[str, Any] = {}
    try:
        asked = json.loads(request.read_text(encoding="utf-8"))
        as_of = date.fromisoformat(asked["as_of"]) if asked["as_of"] else None
        options = Options(sheet=asked["sheet"], as_of=as_of, mapping=asked["mapping"], country=asked["country"])
        draft = importing.check(NIGHTLY, workspace, place / Path(asked["content"]).name, asked["name"], options)
        summary = draft.summary()
        importing.save(NIGHTLY, workspace, draft, asked["replace"])
    except Refusal as problem:
        return {"summary": summary, "stored": False, "error": {"code": problem.code, "params": problem.params}}
    except (ValueError, KeyError, TypeError):
        return {"summary": summary, "stored": False, "error": {"code": "mapping_unreadable", "params": {"file": "inbox"}}}
    return {"summary": summary, "stored": True, "error": None}


def _write(path: Path, body: dict[str, Any]) -> None:
    """Whole or not at all, so that nobody reads half a file."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(body, default=str), encoding="utf-8")
    os.replace(part, path)

"""Imports while the app runs: a command leaves the file in a folder beside the database, the app takes it in and answers there.

Whoever may write in the data folder may leave a file; it goes through the same check and save as an upload.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
import time
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import psutil

from analytics.errors import Refusal
from analytics.release import Role, Viewer
from intake import Options
from workflows import importing
from workflows.access import Right, require
from workflows.workspace import Workspace

EVERY = 0.5
"""Seconds between two looks in the folder."""
PATIENCE = 900.0
"""Seconds a command waits for its answer: the largest file there may be takes minutes."""
ANSWERS_KEPT = 86_400.0
"""Seconds after which an answer nobody came for is removed."""
NIGHTLY = Viewer("inbox", Role.HR)
CHOICES = ("sheet", "mapping", "country", "answers", "values", "renames")
"""Options that travel with the file as they are."""
_log = logging.getLogger("werkhorizon.inbox")


class Inbox:
    """The folder beside one database. Who leaves a file needs the right to import; the app takes files in as HR."""

    def __init__(self, database: Path) -> None:
        self.folder = database.absolute().parent / "inbox"
        self._sign = self.folder / f"{database.name}.watched"
        self._prefix = f"{database.name}."

    @property
    def watched(self) -> bool:
        """Whether a process that lives looks here; the sign of one that was killed counts for nothing."""
        try:
            return psutil.pid_exists(int(self._sign.read_text(encoding="ascii")))
        except (OSError, ValueError):
            return False

    def leave(self, viewer: Viewer, file: Path, shown_name: str, options: Options, replace_existing: bool = False) -> str:
        """Put a file in, readable by this user alone; returns the ticket to wait for. Refusals: not_allowed, folder_not_writable."""
        require(viewer, Right.IMPORT)
        ticket = self._prefix + uuid.uuid4().hex
        content = self.folder / f"{ticket}.file{file.suffix.lower()[:8]}"
        request = {
            "content": content.name,
            "name": shown_name[:100],
            "as_of": options.as_of.isoformat() if options.as_of else None,
            "replace": replace_existing,
            **{name: getattr(options, name) for name in CHOICES},
        }
        try:
            self._make()
            with file.open("rb") as source, os.fdopen(os.open(content, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
                shutil.copyfileobj(source, target)
            _write(self.folder / f"{ticket}.request.json", request)
        except OSError as error:
            content.unlink(missing_ok=True)
            raise Refusal("folder_not_writable", folder=str(self.folder)) from error
        return ticket

    def wait(self, ticket: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """The answer: {"summary": the report, "stored": bool, "already", "snapshots", "error": {"code", "params"} or None}.
        Refusal inbox_waiting when there is none in time."""
        answer, until = self.folder / f"{ticket}.answer.json", time.monotonic() + seconds
        while not answer.exists():
            if time.monotonic() > until:
                raise Refusal("inbox_waiting")
            time.sleep(0.05)
        found = json.loads(answer.read_text(encoding="utf-8"))
        answer.unlink(missing_ok=True)
        return found

    def work_off(self, workspace: Workspace) -> int:
        """Take in every file that waits, oldest first; returns how many were answered."""
        waiting = sorted(self.folder.glob(f"{self._prefix}*.request.json"), key=lambda file: file.stat().st_mtime)
        for request in waiting:
            ticket = request.name.removesuffix(".request.json")
            _write(self.folder / f"{ticket}.answer.json", _handled(workspace, self.folder, request))
            request.unlink(missing_ok=True)
            for content in self.folder.glob(f"{ticket}.file*"):
                content.unlink(missing_ok=True)
        return len(waiting)

    def watch(self, workspace: Workspace, stop: threading.Event) -> threading.Thread:
        """Look in the folder in a thread of its own, until `stop` is set. Files that were left before are taken in first."""

        def look() -> None:
            while not stop.wait(EVERY):
                try:
                    self.work_off(workspace)
                    self._forget_old_answers()
                except (Refusal, OSError):
                    continue  # the database or the folder is away for a moment; the files wait
            self._sign.unlink(missing_ok=True)

        self._make()
        self._sign.write_text(str(os.getpid()), encoding="ascii")
        thread = threading.Thread(target=look, name="inbox", daemon=True)
        thread.start()
        return thread

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _forget_old_answers(self) -> None:
        for answer in self.folder.glob(f"{self._prefix}*.answer.json"):
            if time.time() - answer.stat().st_mtime > ANSWERS_KEPT:
                answer.unlink(missing_ok=True)


def _handled(workspace: Workspace, place: Path, request: Path) -> dict[str, Any]:
    """The answer to one request; whatever goes wrong with it, the next one has its turn."""
    done: dict[str, Any] = {"summary": {}, "stored": False, "already": False, "snapshots": [], "error": None}
    try:
        asked = json.loads(request.read_text(encoding="utf-8"))
        as_of = date.fromisoformat(asked["as_of"]) if asked["as_of"] else None
        options = Options(as_of=as_of, **{name: asked[name] for name in CHOICES})
        content = place / Path(asked["content"]).name
        if not content.exists():
            raise Refusal("file_not_found", file=asked["name"])
        draft = importing.check(NIGHTLY, workspace, content, asked["name"], options)
        done["summary"] = draft.summary()
        stored = importing.save(NIGHTLY, workspace, draft, asked["replace"])
        done |= {"stored": True, "already": stored.already, "snapshots": sorted(snapshot.as_of for snapshot in stored.snapshots)}
    except Refusal as problem:
        done["error"] = {"code": problem.code, "params": problem.params}
    except (ValueError, KeyError, TypeError, AttributeError):
        _log.exception("a request in the inbox could not be read")
        done["error"] = {"code": "mapping_unreadable", "params": {"file": "inbox"}}
    except Exception as problem:
        _log.exception("an import from the inbox failed")
        done["error"] = {"code": "unexpected", "params": {"code": type(problem).__name__}}
    return done


def _write(path: Path, body: dict[str, Any]) -> None:
    """Whole or not at all, so that nobody reads half a file; readable by this user alone."""
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(body, file, default=str)
    os.replace(part, path)

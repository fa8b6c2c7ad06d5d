"""The log nobody can quietly change: one JSON line per act, each carrying the hash of the line before it.

Who, when and what; never a value from a file. It lives beside the database, so it also tells when the database has lost
an import (a write-ahead log cut short opens without an error).
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

START = "0" * 64


class AuditLog:
    """Append-only jsonl with a hash chain; `path` None keeps it in memory (tests)."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lines: list[str] = []
        self._lock = threading.Lock()

    def append(self, who: str, action: str, **details: str | int | float | bool | list[str]) -> None:
        """Write one line and wait for the disk. details: ids, counts and names of things, never values about people.

        A command that works from the read copy writes here too, so processes take turns: the chain stays one chain.
        """
        with self._lock, _turn(self.path):
            last = self._last()
            entry: dict[str, Any] = {
                "n": int(last["n"]) + 1 if last else 1,
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "who": who,
                "action": action,
                "details": details,
                "previous": last["hash"] if last else START,
            }
            entry["hash"] = _hash(entry)
            self._write(json.dumps(entry, sort_keys=True, ensure_ascii=False))

    def entries(self) -> list[dict[str, Any]]:
        """All readable lines, oldest first."""
        return [entry for line in self._read() if (entry := _parse(line))]

    def first_broken(self) -> int | None:
        """Line number (from 1) where the chain breaks, None when it is whole."""
        previous = START
        for number, line in enumerate(self._read(), start=1):
            entry = _parse(line)
            if entry is None or entry.get("previous") != previous or entry.get("hash") != _hash(entry):
                return number
            previous = entry["hash"]
        return None

    def last_import(self) -> int:
        """Highest import number the log has acknowledged, after the last restore if there was one."""
        number = 0
        for entry in self.entries():
            noted = entry["details"].get("import_no")
            if isinstance(noted, int):
                number = noted
        return number

    def hours_since(self, action: str) -> float | None:
        """Since this was last done, to a tenth; None when it never was."""
        last = next((entry["at"] for entry in reversed(self.entries()) if entry.get("action") == action), None)
        return None if last is None else round((datetime.now(UTC) - datetime.fromisoformat(last)).total_seconds() / 3600, 1)

    def _read(self) -> list[str]:
        if self.path is None:
            return list(self._lines)
        if not self.path.exists():
            return []
        return [line for line in self.path.read_text(encoding="utf-8").splitlines() if line]

    def _last(self) -> dict[str, Any] | None:
        """The last readable line; a torn one (killed while writing) stays and shows as a break in the chain."""
        for line in reversed(self._tail()):
            entry = _parse(line)
            if entry:
                return entry
        return None

    def _tail(self) -> list[str]:
        if self.path is None:
            return self._lines[-1:]
        if not self.path.exists():
            return []
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - 65536))
            return [line for line in file.read().decode("utf-8", "replace").splitlines() if line]

    def _write(self, line: str) -> None:
        if self.path is None:
            self._lines.append(line)
            return
        fresh = _torn(self.path)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(("\n" if fresh else "") + line + "\n")
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def _turn(path: Path | None) -> Iterator[None]:
    """One process at a time; the lock goes with the process that holds it."""
    if path is None:
        yield
        return
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, 2**30, os.SEEK_SET)  # far behind the text, which others may go on reading
            msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _torn(path: Path) -> bool:
    """Whether the last line was cut off by a stop while writing."""
    if not path.exists() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"


def _hash(entry: dict[str, Any]) -> str:
    body = {key: value for key, value in entry.items() if key != "hash"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode("utf-8")).hexdigest()


def _parse(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and {"n", "details", "hash", "previous"} <= entry.keys() else None

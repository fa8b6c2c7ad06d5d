"""The log nobody can quietly change: one JSON line per act, each carrying the hash of the line before it.

Who, when and what; never a value from a file. It lives beside the database, so it also tells when the database has lost
an import (a write-ahead log cut short opens without an error).

A line that a kill or a power cut tore stays where it is, for the log only grows; a line in the chain then says which it is and what its
hash was. Only what can be the beginning of the line that was due there counts as torn (`store.torn`).
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from analytics.errors import Refusal
from store.torn import is_torn

START = "0" * 64
KEPT = "torn_line_kept"
"""The act of saying that a line is torn; details: line (its number in the file, from 1), bytes, sha256."""
END = 65536
"""Bytes at the end of the file in which the last line is looked for first."""


class Examined(NamedTuple):
    """broken: number of the first line that is not as it was written; torn: numbers and bytes of torn lines no line tells of yet, filled
    only where nothing else is the matter. A torn line that nobody told of counts as broken."""

    broken: int | None
    torn: tuple[tuple[int, bytes], ...] = ()


class AuditLog:
    """Append-only jsonl with a hash chain; `path` None keeps it in memory (tests)."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lines: list[bytes] = []
        self._lock = threading.Lock()
        self._owed: list[dict[str, Any]] = []

    def append(self, who: str, action: str, **details: str | int | float | bool | list[str]) -> None:
        """Write one line and wait for the disk. details: ids, counts and names of things, never values about people.

        A command that works from the read copy writes here too, so processes take turns: the chain stays one chain.
        Refusal log_unusable, with nothing written: the act must then not go on. For what has been done already: `done`.
        """
        with self._usable(), self._lock, _turn(self.path):
            self._pay()
            self._add(_act(who, action, details))

    def done(self, who: str, action: str, **details: str | int | float | bool | list[str]) -> None:
        """`append` for what cannot be undone any more: where it cannot be written now it waits, and is written before the next line."""
        with self._lock:
            self._owed.append(_act(who, action, details))
            with suppress(OSError), _turn(self.path):
                self._pay()

    @property
    def waiting(self) -> int:
        """Acts that were done and whose line could not be written yet."""
        return len(self._owed)

    def recover(self) -> None:
        """Say in the chain which lines were torn, where nothing else is the matter with the log, and write what waits. Does nothing while
        the log cannot be written."""
        if self.path and not self.path.exists() and not self._owed:
            return
        with suppress(OSError), self._lock, _turn(self.path):
            for number, torn in _examined(self._read()).torn:
                told = {"line": number, "bytes": len(torn), "sha256": hashlib.sha256(torn).hexdigest()}
                self._add(_act("werkhorizon", KEPT, told))
            self._pay()

    def entries(self) -> list[dict[str, Any]]:
        """All readable lines, oldest first. Refusal log_unusable."""
        with self._usable():
            return [entry for line in self._read() if (entry := _parse(line))]

    def first_broken(self) -> int | None:
        """Line number (from 1) where the chain breaks, None when it is whole. Refusal log_unusable."""
        with self._usable():
            if self.path and _unended(self.path):
                with suppress(OSError), _turn(self.path):  # may be a line that is being written at this moment
                    return _examined(self._read()).broken
            return _examined(self._read()).broken

    def last_import(self) -> int:
        """Highest import number the log has acknowledged, after the last restore if there was one."""
        number = 0
        for entry in self.entries():
            noted = entry["details"].get("import_no")
            if isinstance(noted, int):
                number = noted
        return number

    def hours_since(self, action: str) -> float | None:
        """Since this was last done, to a tenth; None when it never was, or at no time that can be read."""
        last = next((entry.get("at") for entry in reversed(self.entries()) if entry.get("action") == action), None)
        with suppress(TypeError, ValueError):
            return round((datetime.now(UTC) - datetime.fromisoformat(str(last))).total_seconds() / 3600, 1)
        return None

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Refusal("log_unusable", file=self.path.name if self.path else "") from error

    def _pay(self) -> None:
        while self._owed:
            self._add(self._owed[0])
            del self._owed[0]

    def _add(self, act: dict[str, Any]) -> None:
        last = self._last()
        entry = {**act, "n": last["n"] + 1 if last else 1, "previous": last["hash"] if last else START}
        entry["hash"] = _hash(entry)
        self._write(json.dumps(entry, sort_keys=True, ensure_ascii=False).encode("utf-8"))

    def _read(self) -> list[bytes]:
        if self.path is None:
            return list(self._lines)
        if not self.path.exists():
            return []
        return [line for line in self.path.read_bytes().split(b"\n") if line]

    def _last(self) -> dict[str, Any] | None:
        """The last readable line; a torn one (killed while writing) is passed over, and shows as a break until a line tells of it."""
        if self.path is None:
            return _parse(self._lines[-1]) if self._lines else None
        size, end = self.path.stat().st_size if self.path.exists() else 0, END
        while size:
            with self.path.open("rb") as file:
                file.seek(max(0, size - end))
                for line in reversed(file.read().split(b"\n")):
                    if entry := _parse(line):
                        return entry
            if end >= size:
                break
            end *= 4
        return None

    def _write(self, line: bytes) -> None:
        """The whole line or nothing of it: what a full disk took is given back, for who asked is told or keeps the line."""
        if self.path is None:
            self._lines.append(line)
            return
        fresh = _unended(self.path)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        try:
            size = os.fstat(handle).st_size
            left = (b"\n" if fresh else b"") + line + b"\n"
            try:
                while left:
                    left = left[os.write(handle, left) :]
                os.fsync(handle)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(handle, size)
                raise
        finally:
            os.close(handle)


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


def _unended(path: Path) -> bool:
    """Whether the last line has no end: cut off by a stop while writing, or being written now."""
    if not path.exists() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"


def _act(who: str, action: str, details: dict[str, Any]) -> dict[str, Any]:
    return {"at": datetime.now(UTC).isoformat(timespec="seconds"), "who": who, "action": action, "details": details}


def _examined(lines: list[bytes]) -> Examined:
    """Follow the chain over all lines (those without anything in them left out)."""
    previous, count = START, 0
    open_ones: dict[int, bytes] = {}
    for number, line in enumerate(lines, start=1):
        entry = _parse(line)
        if entry is None:
            if not is_torn(line, previous, count + 1):
                return Examined(min(open_ones, default=number))
            open_ones[number] = line
            continue
        if entry["previous"] != previous or entry["hash"] != _hash(entry):
            return Examined(min(open_ones, default=number))
        if entry["action"] == KEPT:
            told = entry["details"]
            torn = open_ones.pop(told.get("line"), None)
            if torn is None or hashlib.sha256(torn).hexdigest() != told.get("sha256"):
                return Examined(min([*open_ones, number if torn is None else told["line"]]))
        previous, count = entry["hash"], entry["n"]
    return Examined(min(open_ones, default=None), tuple(open_ones.items()))


def _hash(entry: dict[str, Any]) -> str:
    body = {key: value for key, value in entry.items() if key != "hash"}
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode("utf-8")).hexdigest()


def _parse(line: bytes) -> dict[str, Any] | None:
    """An act as it was written, None for anything else."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    known = isinstance(entry, dict) and {"n", "at", "who", "action", "details", "hash", "previous"} <= entry.keys()
    return entry if known and isinstance(entry["n"], int) and isinstance(entry["details"], dict) else None

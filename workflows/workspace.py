"""One open database and what was computed from it, shared by all sessions of a process."""

from __future__ import annotations

import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from analytics.errors import Refusal
from store import Store, open_for_reading, open_store, restore

Made = TypeVar("Made")
KEPT = 64
"""Computed things kept; the least recently used goes first."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether the store can do its work. lost_imports: acknowledged imports the database does not have (restore a back-up);
    log_broken_at: first line of the log that was changed (None: whole)."""

    open: bool
    lost_imports: int
    log_broken_at: int | None
    free_mb: int
    problem: str = ""


class Workspace:
    """Opens its database on first use and keeps it open. Safe for many threads; `with` closes it."""

    def __init__(self, path: Path | str, publishing: bool = False) -> None:
        """publishing: keep a read copy beside the database for commands that run meanwhile (for the app, which stays open)."""
        self.path = path
        self.publishing = publishing
        self._store: Store | None = None
        self._opening = threading.RLock()
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._keeping = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    @classmethod
    def open(cls, path: Path | str, reading: bool = False, publishing: bool = False) -> Workspace:
        """A workspace whose database is open; refusals of `store.open_store`.

        reading: only questions will be asked, so the copy beside the database will do while the app holds it.
        """
        workspace = cls(path, publishing)
        if reading:
            workspace._store = open_for_reading(Path(path))
        _ = workspace.store
        return workspace

    @property
    def store(self) -> Store:
        """Refusals of `store.open_store` on first use; the next use tries again."""
        if self._store is None:
            with self._opening:
                if self._store is None:
                    self._store = open_store(self.path, publishing=self.publishing)
        return self._store

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with self._opening:
            if self._store is not None:
                self._store.close()
                self._store = None
        with self._keeping:
            self._kept.clear()

    def restore(self, file: Path, who: str) -> None:
        """Put a back-up in the place of the database; other sessions wait, and go on with the restored one.

        Refusals: backup_bad, database_newer, database_locked; the old database is then still in use.
        """
        with self._opening:
            self.close()
            restore(Path(self.path), file, who).close()

    def ready(self) -> Ready:
        """For a health check: no rights needed, no values told."""
        folder = Path(self.path).absolute().parent
        free = shutil.disk_usage(folder if folder.exists() else folder.anchor).free // 2**20
        try:
            self.store.snapshots()
            return Ready(True, self.store.lost_imports, self.store.audit.first_broken(), free)
        except Refusal as problem:
            return Ready(False, 0, None, free, problem.code)

    def cached(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` made for this key before, else make it now, once, also when several sessions ask together.

        Put `store.fingerprint()` and whatever decides about rights in the key: what is kept is shared between users.
        """
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]  # type: ignore[return-value]
            turn = self._making.setdefault(key, threading.Lock())
        try:
            with turn:
                with self._keeping:
                    if key in self._kept:
                        return self._kept[key]  # type: ignore[return-value]
                made = make()
                with self._keeping:
                    self._kept[key] = made
                    while len(self._kept) > KEPT:
                        self._kept.popitem(last=False)
                return made
        finally:
            with self._keeping:
                self._making.pop(key, None)

"""One open database and what was computed from it, shared by all sessions of a process."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path

from analytics.errors import Refusal
from store import Store, open_for_reading, open_store, restore
from workflows.kept import Kept, Made

KEPT = 64
"""Computed things kept; the least recently used goes first."""

ROOM = 3
"""Free disk wanted, as a multiple of the database: an import, its read copy and a back-up."""
LEAST_MB = 64


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether the store can do its work. problem: why the data cannot be opened, or why this process cannot follow PostgreSQL at
    the moment (then it goes on showing what it has); lost_imports: acknowledged imports the database does not have (restore a back-up);
    log_broken_at: first line of the log that was changed (None: whole); free_mb and wanted_mb of disk; backup_hours: since
    the last back-up, wherever it was written (None: never one, which is worth a warning and does not make unready); log_waiting: acts
    whose line the log had no room for yet."""

    open: bool
    lost_imports: int
    log_broken_at: int | None
    free_mb: int
    problem: str = ""
    wanted_mb: int = LEAST_MB
    backup_hours: float | None = None
    log_waiting: int = 0

    @property
    def ready(self) -> bool:
        log = self.log_broken_at is None and not self.log_waiting
        return self.open and not self.problem and not self.lost_imports and log and self.free_mb >= self.wanted_mb


class Workspace:
    """Opens its database on first use and keeps it open. Safe for many threads; `with` closes it."""

    def __init__(self, path: Path | str, publishing: bool = False) -> None:
        """publishing: keep a read copy beside the database for commands that run meanwhile (for the app, which stays open)."""
        self.path = path
        self.publishing = publishing
        self._store: Store | None = None
        self._opening = threading.RLock()
        self._kept = Kept(KEPT)
        self._before_closing: list[Callable[[], None]] = []

    @classmethod
    def open(cls, path: Path | str, reading: bool = False, publishing: bool = False) -> Workspace:
        """A workspace whose database is open; refusals of `store.open_store`.

        reading: nothing is to be created, and the copy beside the database will do while the app holds it (writing then meets
        the refusal database_locked).
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

    def people(self) -> int:
        """In the newest data, for what depends on their size; none without data. Refusals as `store`."""
        newest = self.store.snapshots()[-1:]
        return newest[0].rows if newest else 0

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def before_closing(self, act: Callable[[], None]) -> None:
        """Have something stopped before the database closes."""
        self._before_closing.append(act)

    def close(self) -> None:
        while self._before_closing:
            self._before_closing.pop()()
        with self._opening:
            if self._store is not None:
                self._store.close()
                self._store = None
        self._kept.clear()

    def restore(self, file: Path, who: str) -> None:
        """Put a back-up in the place of the database; other sessions wait, and go on with the restored one.

        Refusals: backup_bad, database_newer, database_locked; the old database is then still in use.
        """
        with self._opening:
            if self._store is not None:
                self._store.restore(file, who)
            else:
                restore(Path(self.path), file, who).close()
        self._kept.clear()

    def ready(self) -> Ready:
        """For a health check: no rights needed, no values told."""
        try:
            self.store.snapshots()
            log = self.store.audit
            broken = log.first_broken()
            if log.waiting or broken is not None:  # what a full disk or a killed command beside it left
                log.recover()
                broken = log.first_broken()
            age = log.hours_since("backup")
        except Refusal as problem:
            return self.not_ready(problem.code)
        file = self.store.database.path
        size = file.stat().st_size // 2**20 if file.exists() else 0
        wanted = max(LEAST_MB, ROOM * size)
        return Ready(True, self.store.lost_imports, broken, self._free_mb(), self.store.trouble, wanted, age, log.waiting)

    def not_ready(self, problem: str) -> Ready:
        """What a health check says while the database cannot be opened."""
        return Ready(False, 0, None, self._free_mb(), problem)

    def _free_mb(self) -> int:
        folder = Path(self.path).absolute().parent
        return shutil.disk_usage(folder if folder.exists() else folder.anchor).free // 2**20

    def cached(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` made for this key before, else make it now, once, also when several sessions ask together.

        Put `store.fingerprint()` and whatever decides about rights in the key: what is kept is shared between users.
        """
        return self._kept.get(key, make)

"""One open database and what was computed from it, shared by all sessions of a process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TypeVar

from store import Store, open_store

Made = TypeVar("Made")
KEPT = 64
"""Computed things kept; the least recently used goes first."""


class Workspace:
    """Opens its database on first use and keeps it open. Safe for many threads; `with` closes it."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        self._store: Store | None = None
        self._opening = threading.Lock()
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._keeping = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    @classmethod
    def open(cls, path: Path | str) -> Workspace:
        """A workspace whose database is open; refusals of `store.open_store`."""
        workspace = cls(path)
        _ = workspace.store
        return workspace

    @property
    def store(self) -> Store:
        """Refusals of `store.open_store` on first use; the next use tries again."""
        if self._store is None:
            with self._opening:
                if self._store is None:
                    self._store = open_store(self.path)
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

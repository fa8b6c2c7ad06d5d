"""What was computed before, kept in memory up to a number of answers: whatever is asked, and however long, it never holds more."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

Made = TypeVar("Made")


class Kept:
    """The `most` last asked for; the least recently used goes first. Safe for many threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._keeping = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What `make` made for this key before, else make it now, once, also when several sessions ask together. A key must hold whatever
        decides about the answer: what is kept is shared between users."""
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
                    while len(self._kept) > self.most:
                        self._kept.popitem(last=False)
                return made
        finally:
            with self._keeping:
                self._making.pop(key, None)

    def clear(self) -> None:
        with self._keeping:
            self._kept.clear()

    def held(self) -> int:
        """Everything that is in memory for it: answers, and what goes with one while it is made."""
        with self._keeping:
            return len(self._kept) + len(self._making)

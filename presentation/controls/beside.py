"""Figures that take about a second are made beside the page: never in the way of a slider, one at a time, and only for who waits."""

from __future__ import annotations

import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from presentation.turns import PAGES, Turns

KEPT = 64
PACE = 2.0
"""While visitors wait for their turn, the worker rests this many times as long as it worked: sliders go first."""
QUIET, PATIENCE = 0.8, 8.0
"""Seconds without a page at work before the worker begins, so that a first page and a row of clicks are answered sooner; seconds after
which it begins all the same, counted from when it was asked for."""
FIRST = 5.0
"""The same, while a browser draws a visitor's first page, which keeps it busy longer than the server; only where the app is served."""
served = threading.Event()
"""Set by the apps that browsers look at."""
DRAWN, LOOK = 0.1, 0.005
"""Seconds after a page in which a browser draws what it brought; seconds between two looks whether that is over."""


@contextmanager
def aside(turns: Turns) -> Iterator[None]:
    """What this thread does in here stops at the next call of a function while a page is worked out and drawn, as the two share the
    interpreter. A page may wait for what this work holds, so no page stops it longer than it keeps other pages waiting, all of them
    together not longer than PATIENCE, and none while visitors wait for each other. Costs a tenth of the work's own time."""
    left, passed = PATIENCE, None

    def look(*_: object) -> None:
        nonlocal left, passed
        if turns.holder is None or turns.holder is passed or left <= 0 or turns.busy():
            return
        passed, began = turns.holder, time.monotonic()
        while not turns.quiet(DRAWN) and time.monotonic() - began < min(turns.longest, left):
            time.sleep(LOOK)
        left -= time.monotonic() - began

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)


class Passed(Exception):
    """Nobody waits for it any more: the levers moved on before its turn came, or the app stops."""


@dataclass(slots=True)
class Waiting:
    """What one visitor waits for."""

    key: Hashable = None
    since: float = field(default_factory=time.monotonic)

    def quiet(self) -> float:
        """Seconds of quiet before the worker begins for this visitor."""
        return FIRST if served.is_set() and time.monotonic() - self.since < FIRST else QUIET


@dataclass(slots=True)
class Beside:
    """One worker for all visitors. What is done is kept, the least recently used goes first."""

    made: OrderedDict[Hashable, Future[Any]] = field(default_factory=OrderedDict)
    worker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "beside"))
    lock: threading.Lock = field(default_factory=threading.Lock)
    rested: float = 0.0
    closed: threading.Event = field(default_factory=threading.Event)

    def close(self) -> None:
        """Begin nothing more."""
        self.closed.set()
        self.worker.shutdown(wait=False, cancel_futures=True)

    def undone(self) -> int:
        """How many things are being made or wait for it."""
        with self.lock:
            return sum(not made.done() for made in self.made.values())

    def look(self, key: Hashable) -> Future[Any] | None:
        """What was begun for the key; None when nothing was, or when it was passed over."""
        with self.lock:
            found = self.made.get(key)
            if found is not None and found.done() and isinstance(found.exception(), Passed):
                del self.made[key]
                return None
            return found

    def begin(self, key: Hashable, waiting: Waiting, make: Callable[[], Any]) -> Future[Any]:
        """Have it made; passed over when the visitor waits for something else by then."""

        patience, quiet = time.monotonic() + PATIENCE, waiting.quiet()

        def wanted() -> bool:
            return waiting.key == key and not self.closed.is_set()

        def work() -> Any:
            self._let_pages_go_first(patience, quiet, wanted)
            if not wanted():
                raise Passed
            began = time.monotonic()
            try:
                with aside(PAGES):
                    return make()
            finally:
                now = time.monotonic()
                self.rested = now + PACE * (now - began)

        with self.lock:
            if key not in self.made:
                self.made[key] = self.worker.submit(work)
                while len(self.made) > KEPT:
                    self.made.popitem(last=False)
            self.made.move_to_end(key)
            return self.made[key]

    def _let_pages_go_first(self, patience: float, quiet: float, wanted: Callable[[], bool]) -> None:
        """Nobody's answer waits behind one that is not wanted any more, nor longer than its own patience behind the others' pages."""
        while wanted() and not PAGES.quiet(quiet) and time.monotonic() < patience:
            self.closed.wait(0.05)
        while wanted() and PAGES.busy() and time.monotonic() < self.rested:
            self.closed.wait(0.05)


@st.cache_resource(show_spinner=False, on_release=Beside.close)
def beside() -> Beside:
    return Beside()

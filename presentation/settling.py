"""The clean-up of memory is done here, now and then, and not after each run of a page.

The clean-up that the screen library asks for walks over every object that can be part of a cycle: the data, kept answers and all
libraries cost tens of milliseconds a move of a slider, and while it walks nobody else is served. It is switched off in
`.streamlit/config.toml`. What lives for long is frozen: those objects are still freed when nobody refers to them, and cycles among
them wait for the next whole round here. Python's own rounds go on meanwhile.

What is freed goes back to a pool of the C library, which has up to eight for every core and hardly ever gives anything back. Every run of
a page is a thread that draws from whichever is at hand, so with sixteen pools four times as much lies unused in them as with two
(measured: 237 against 44 MB after four minutes with 25 visitors, and 60 to 115 MB less in all), and it grows for half an hour. Python
computes on one core at a time, so more than two pools make nothing quicker.

In those two as well more and more lies unused between what is in use: 63 MB after a quarter of a minute with 50 visitors, 125 after eight,
while what is in use stays at 183. What is large and soon freed leaves room that what is small and stays then breaks up: from the first
large piece that is freed on, the C library puts larger and larger ones (up to 32 MB) into a pool. Told a size it stays with it, and what is
larger has pages of its own, which go back when it is freed. Whole pages that lie unused all the same go back in a whole round.

Columns are kept by Arrow, which has a pool of its own that gives back within moments what it has to ask for again at the next move:
with that of the C library a hundred thousand rows are imported in a thirtieth less time and 10 to 25 MB less, and cohorts of a million
people take 23 instead of 28 ms.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pyarrow as pa

SMALL_EVERY = 50
"""Runs of a page between two small rounds, over what came since the last whole one."""
WHOLE_EVERY, LEAST_SECONDS = 200, 120.0
"""Runs and seconds between two whole rounds: one takes a third of a second, in which nobody is served."""

POOLS = 2
OWN_PAGES = 256 * 1024
"""Bytes from which on a piece of memory has pages of its own; costs two hundredths of the time of a move."""
MANY_PEOPLE = 100_000
LARGE, STAYS, _USUALLY_FREE = 32 * 2**20, 64 * 2**20, 128 * 2**10
"""With more people than that answers are made of pieces of megabytes, and pages that are asked for anew each time cost more than the answer
(cohorts of a million people: 65 instead of 35 ms of a core): pieces up to this size share a pool, and up to so many bytes stay in it. When
more lies free it gives back all but the pad, which would be next to nothing: told the same size, the next answer finds its pages there."""
_POOLS_AT_MOST, _OWN_PAGES_FROM, _STAYS_FREE, _LEFT_FREE = -8, -3, -1, -2
"""M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD and M_TOP_PAD of glibc's malloc.h."""


@dataclass(slots=True)
class Settling:
    runs: int = 0
    whole_at: int = 0
    whole_time: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def turn(self, now: float) -> str:
        """Count a run; which round is its turn: "whole", "small", "keep" or ""."""
        with self.lock:
            self.runs += 1
            since = self.runs - self.whole_at
            if self.runs == 1:
                self.whole_at, self.whole_time = self.runs, now
                return "keep"
            if since >= WHOLE_EVERY and now - self.whole_time >= LEAST_SECONDS:
                self.whole_at, self.whole_time = self.runs, now
                return "whole"
            return "" if since % SMALL_EVERY else "small"


_OF_THIS_PROCESS = Settling()


def settle() -> None:
    """Once a run of a page, at its end: now and then clean up."""
    turn = _OF_THIS_PROCESS.turn(time.monotonic())
    if turn == "whole":
        again()
    elif turn == "keep":
        keep()
    elif turn:
        gc.collect()


def keep() -> None:
    """What is there now will stay: no round looks at it before the next whole one. Costs nothing, unlike that one."""
    gc.freeze()


def again() -> None:
    """Now: much has come that will stay."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    give_back()


def give_back() -> None:
    """Whole pages of memory that nobody uses go back to the system, from every pool. Others are served meanwhile, but for who needs
    memory of the pool that is being gone over."""
    trim = _of_the_c_library("malloc_trim")
    if trim is not None:
        trim(0)


def few_pools() -> None:
    """At the start of a process, before it has many threads. Where its libraries have had some already, those have made pools that stay:
    `run.py` and the units tell the C library before it starts. The settings MALLOC_ARENA_MAX and MALLOC_MMAP_THRESHOLD_, where they are
    given, go before ours, and so does ARROW_DEFAULT_MEMORY_POOL."""
    tune = _of_the_c_library("mallopt")
    for setting, ours, number in (("MALLOC_ARENA_MAX", POOLS, _POOLS_AT_MOST), ("MALLOC_MMAP_THRESHOLD_", OWN_PAGES, _OWN_PAGES_FROM)):
        if tune is not None and not os.environ.get(setting):
            tune(number, ours)
    if not os.environ.get("ARROW_DEFAULT_MEMORY_POOL"):
        pa.set_memory_pool(pa.system_memory_pool())


def room_for(people: int) -> None:
    """Whenever other data are asked: memory as it suits so many people. A setting MALLOC_MMAP_THRESHOLD_ goes before ours."""
    with _NEEDED.lock:
        _NEEDED.people = people
        _NEEDED.tell()


@contextmanager
def room_to_read() -> Iterator[None]:
    """While a file is read, checked or stored: memory as for many people, as it comes in long columns (a hundred thousand rows: 1.35
    instead of 1.75 s). What is left goes back afterwards."""
    _NEEDED.another(1)
    try:
        yield
    finally:
        _NEEDED.another(-1)
        give_back()


@dataclass(slots=True)
class _Needed:
    """What memory must suit now."""

    people: int = 0
    reading: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def another(self, more: int) -> None:
        with self.lock:
            self.reading += more
            self.tell()

    def tell(self) -> None:
        tune = _of_the_c_library("mallopt")
        if tune is None or os.environ.get("MALLOC_MMAP_THRESHOLD_"):
            return
        many = self.people > MANY_PEOPLE or self.reading > 0
        tune(_OWN_PAGES_FROM, LARGE if many else OWN_PAGES)
        tune(_STAYS_FREE, STAYS if many else _USUALLY_FREE)
        tune(_LEFT_FREE, STAYS if many else _USUALLY_FREE)


_NEEDED = _Needed()


def _of_the_c_library(name: str) -> Callable[..., int] | None:
    """A call that the C library of Linux may have; None elsewhere, and where it knows no pools."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None

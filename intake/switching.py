"""How soon a thread that waits for the interpreter gets it, while a file is read.

The guard's look and the pool that lays out its cells hand over to each other for every block of a sheet. Python lets who is at work
keep the interpreter for five milliseconds when another asks for it: over a thousand blocks that is a tenth of all reading."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SOON = 0.0005
"""Seconds."""

_USUAL = sys.getswitchinterval()
_readers = 0
_lock = threading.Lock()


@contextmanager
def switching_soon() -> Iterator[None]:
    """In here; the last of several readers sets it back to what the process began with."""
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(more: int) -> None:
    global _readers
    with _lock:
        _readers += more
        sys.setswitchinterval(SOON if _readers else _USUAL)

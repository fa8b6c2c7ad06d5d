"""A bar that goes on moving while one long thing is done that cannot tell how far it is."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streamlit.runtime.scriptrunner import add_script_run_ctx

TICK = 0.3
"""Seconds between two moves of the bar."""


@contextmanager
def moving(tell: Callable[[float], object], start: float, end: float, seconds: float) -> Iterator[None]:
    """While the block runs, tell a share between start and end: further with every moment that passed, two thirds of the way after the
    seconds it usually takes, and never at the end before it is done. What the block raises goes on; the bar stands still then."""
    done, begun = threading.Event(), time.monotonic()

    def tick() -> None:
        while not done.wait(TICK):
            tell(start + (end - start) * (1 - math.exp(-(time.monotonic() - begun) / max(seconds, TICK))))

    tell(start)
    ticker = add_script_run_ctx(threading.Thread(target=tick, daemon=True))
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()

"""The clean-up of memory is done here, now and then, and not after each run of a page.

The clean-up that the screen library asks for walks over every object that can be part of a cycle: the data, kept answers and all
libraries cost tens of milliseconds a move of a slider, and while it walks nobody else is served. It is switched off in
`.streamlit/config.toml`. What lives for long is frozen: those objects are still freed when nobody refers to them, and cycles among
them wait for the next whole round here. Python's own rounds go on meanwhile.
"""

from __future__ import annotations

import gc
import threading
import time
from dataclasses import dataclass, field

SMALL_EVERY = 50
"""Runs of a page between two small rounds, over what came since the last whole one."""
WHOLE_EVERY, LEAST_SECONDS = 200, 120.0
"""Runs and seconds between two whole rounds: one takes a third of a second, in which nobody is served."""


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
    """Once a run of a page: now and then clean up."""
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

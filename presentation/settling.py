"""What lives for long is kept out of the clean-up that the screen library asks for after each run of a page.

That clean-up walks over every object that can be part of a cycle: the data, kept answers and all libraries cost tens of milliseconds a
move of a slider. Frozen objects are still freed when nobody refers to them; cycles among them wait for the next round here.
"""

from __future__ import annotations

import gc
import threading
from dataclasses import dataclass, field

EVERY = 100
"""Runs of a page between two rounds: one round costs about as much as ten clean-ups."""


@dataclass(slots=True)
class Settling:
    runs: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def turn(self) -> bool:
        """Count a run; whether it is this run's turn."""
        with self.lock:
            self.runs += 1
            return self.runs % EVERY == 1


_OF_THIS_PROCESS = Settling()


def settle() -> None:
    """Once a run of a page: now and then clean up everything, and freeze what is left."""
    if _OF_THIS_PROCESS.turn():
        again()


def again() -> None:
    """Now: much has come that will stay."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()

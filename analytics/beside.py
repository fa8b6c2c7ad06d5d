"""Two things at the same moment, for work that lets other threads run meanwhile: the compiled loops do.

Whoever asks does one part itself. The other is taken by a helper that has nothing else to do; when none has begun by the time the first
part is done, who asked does the other part too. So nobody waits for others, however many ask, and on one core all goes as without.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

First = TypeVar("First")
Second = TypeVar("Second")


@cache
def _helpers() -> ThreadPoolExecutor | None:
    spare = (os.cpu_count() or 1) - 1
    return ThreadPoolExecutor(spare, "beside") if spare > 0 else None


def both(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """Results of the two. What goes wrong in one is raised, when both have ended."""
    helpers = _helpers()
    if helpers is None:
        return first(), second()
    taken = helpers.submit(second)
    try:
        mine = first()
    except BaseException:
        if not taken.cancel():
            taken.exception()
        raise
    return mine, second() if taken.cancel() else taken.result()

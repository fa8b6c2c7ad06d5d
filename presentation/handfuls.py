"""What a page draws goes to the server's event loop in handfuls.

The screen library hands over each part of a page by itself: about ninety times a page the thread that works it out wakes the event loop,
which then takes the interpreter from it, and the browser goes over the whole page for nearly each of them. In here those calls are kept
while the page is made and handed over together: at its end, or after a moment when it takes longer. Their order stays what it was.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any

from presentation.turns import PAGES, Turns

PAUSE = 0.2
"""Seconds a part of a page waits at most for the next ones; what the end of the page brings goes at once. A move of a slider is answered
sooner than that: in one piece, so that no figure stands beside a sentence about other numbers."""


@dataclass(slots=True)
class Handful:
    """What one turn has brought and the loop has not had yet. due: whether the loop has been told to come for it."""

    kept: deque[tuple[Callable[..., Any], tuple[Any, ...], Context]] = field(default_factory=deque)
    due: bool = False


class Handfuls:
    """Stands before `loop.call_soon_threadsafe` for threads that have the turn; everybody else's calls go straight through.

    Each turn has a handful of its own, which the loop takes only when that thread called for it: so it comes after all that the thread
    handed over straight before its turn (that a page begins), and before all that follows (that it is finished)."""

    def __init__(self, loop: asyncio.AbstractEventLoop, turns: Turns = PAGES) -> None:
        self.loop, self.turns, self.own = loop, turns, threading.local()
        self.straight: Callable[..., Any] = loop.call_soon_threadsafe

    def stand(self) -> Handfuls:
        """From now on. A loop whose calls cannot be stood before keeps working as it did."""
        try:
            self.loop.call_soon_threadsafe = self.call  # type: ignore[method-assign]
        except AttributeError:
            return self
        self.turns.at_end = self.hand_over
        return self

    def call(self, callback: Callable[..., Any], *arguments: Any, context: Context | None = None) -> Any:
        if not self.turns.mine():
            return self.straight(callback, *arguments, context=context)
        mine = self._mine()
        mine.kept.append((callback, arguments, context or copy_context()))
        if not mine.due:
            mine.due = True
            self.straight(self._soon, mine)
        return None

    def hand_over(self) -> None:
        """From a thread whose turn ends: now."""
        mine, self.own.handful = self._mine(), None
        if mine.kept:
            self.straight(self._take, mine)

    def _mine(self) -> Handful:
        if getattr(self.own, "handful", None) is None:
            self.own.handful = Handful()
        return self.own.handful

    def _soon(self, handful: Handful) -> None:
        self.loop.call_later(PAUSE, self._take, handful)

    def _take(self, handful: Handful) -> None:
        """On the loop: everything that came so far, in its order. Run here and not put at the end of the loop's own queue, where the
        word that the page is finished may stand already."""
        handful.due = False
        while handful.kept:
            callback, arguments, context = handful.kept.popleft()
            try:
                context.run(callback, *arguments)
            except Exception as problem:
                self.loop.call_exception_handler({"message": f"Exception in callback {callback!r}", "exception": problem})

"""What a page draws goes to the server's event loop in handfuls, its first figure ahead of them.

The screen library hands over each part of a page by itself: about ninety times a page the thread that works it out wakes the event loop,
which then takes the interpreter from it, and the browser goes over the whole page for nearly each of them. In here those calls are kept
while the page is made and handed over together: at its end, or after a moment when it takes longer. Their order stays what it was. The
first figure, what everybody who moves a slider looks at, may go ahead, so that the browser draws it before it goes over the whole page.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any

from presentation.turns import PAGES, Turns

PAUSE = 0.2
"""Seconds a part of a page waits at most for the next ones; what the end of the page brings goes at once. A move of a slider is answered
sooner than that: in one piece, but for the figure that goes ahead."""


MOMENT = 0.002
"""Seconds the page rests at least when something went ahead, so that the loop sends it instead of asking for the interpreter again and
again."""
DRAWING = 0.06
"""Seconds in which a browser draws a figure. A page whose figure went ahead rests so long: the machine may be the visitor's own, and work
beside the browser holds it up; what comes sooner the browser takes along, and shows all of it later."""
LOOK = 0.005
"""Seconds between two looks whether somebody else waits for a turn, or the slider has moved on: then there is no rest."""


@dataclass(slots=True)
class Handful:
    """What one turn has brought and the loop has not had yet. due: whether the loop has been told to come for it; led: whether a part
    was asked to go ahead; ahead: whether that is being drawn now."""

    kept: deque[tuple[Callable[..., Any], tuple[Any, ...], Context]] = field(default_factory=deque)
    due: bool = False
    led: bool = False
    ahead: bool = False


def _nothing() -> None:
    """Nothing that would break a page off."""


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
        if mine.ahead:
            self.straight(callback, *arguments, context=context or copy_context())
        mine.kept.append((callback, arguments, context or copy_context()))
        if not mine.due:
            mine.due = True
            self.straight(self._soon, mine)
        return None

    def leads(self) -> bool:
        """Whether this thread has a turn in which nothing was asked to go ahead yet; from now on something was."""
        if not self.turns.mine() or self._mine().led:
            return False
        self._mine().led = True
        return True

    @contextmanager
    def ahead(self, look: Callable[[], object] = _nothing) -> Iterator[None]:
        """What is handed over in here goes at once, before all that is kept, and in its own place once more: there it changes nothing,
        unless something before it was built anew. look: asked during the rest after it; raises when the page is to be broken off."""
        mine = self._mine()
        mine.ahead = True
        try:
            yield
        finally:
            mine.ahead = False
        self._rest(look)

    def _rest(self, look: Callable[[], object]) -> None:
        """While others wait for their turn a page does not rest."""
        end = time.monotonic() + DRAWING
        time.sleep(MOMENT)
        while not self.turns.busy() and time.monotonic() < end:
            look()
            time.sleep(LOOK)

    def hand_over(self) -> None:
        """From a thread whose turn has ended."""
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

"""Pages take turns: what one visitor asked is worked out whole before the next begins.

Python computes one thing at a time. Twenty visitors who are all worked for at once, a few thousandths of a second each, all wait for the
last; one after the other, in the order they asked, half of them are answered in half that time and the work itself costs less. Whoever
takes long (a file that is read, slides, a first visit) holds nobody up: after a third of a second the next begins beside it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LONGEST = 0.3
"""Seconds after which a turn no longer keeps others waiting."""


@dataclass(slots=True)
class Turns:
    """First come, first served. `waited`: when somebody last had to wait; `ended`: when a turn last ended; `at_end`: called by the thread
    whose turn has ended."""

    longest: float = LONGEST
    queue: deque[threading.Event] = field(default_factory=deque)
    holder: threading.Event | None = None
    since: float = 0.0
    waited: float = float("-inf")
    ended: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)
    at_end: Callable[[], None] | None = None
    threads: threading.local = field(default_factory=threading.local)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn, and pass it on at the end however it ends."""
        mine = self._enter()
        self.threads.inside = True
        try:
            yield
        finally:
            self.threads.inside = False
            with self.lock:
                self.ended = time.monotonic()
                if self.holder is mine:
                    self.holder = None
                    self._next()
            if self.at_end is not None:
                self.at_end()

    def mine(self) -> bool:
        """Whether this thread is in its turn."""
        return getattr(self.threads, "inside", False)

    def busy(self) -> bool:
        """Whether somebody waited within the last second."""
        return time.monotonic() - self.waited < 1.0

    def quiet(self, seconds: float) -> bool:
        """Whether no page is being worked out and none was within so many seconds."""
        return self.holder is None and time.monotonic() - self.ended >= seconds

    def _enter(self) -> threading.Event:
        mine = threading.Event()
        with self.lock:
            self.queue.append(mine)
            self._next()
            if not mine.is_set():
                self.waited = time.monotonic()
        while not mine.wait(self._left()):
            with self.lock:
                self._next()
        return mine

    def _left(self) -> float:
        """Seconds until the turn that goes on now keeps nobody waiting any more."""
        with self.lock:
            return max(self.since + self.longest - time.monotonic(), 0.001)

    def _next(self) -> None:
        """Let the first of the queue begin, when its turn has come. With the lock held."""
        now = time.monotonic()
        if self.queue and (self.holder is None or now - self.since >= self.longest):
            self.holder, self.since = self.queue.popleft(), now
            self.holder.set()


PAGES = Turns()
"""Of this process: all visitors."""

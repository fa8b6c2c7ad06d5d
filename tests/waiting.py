"""How long tests wait, and on which ports what they start listens."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from random import SystemRandom

LIMIT = 300.0
"""Seconds that anything is waited for. Machines are shared and slow at times, and a limit that is never reached costs nothing."""
PORTS = range(15_000, 32_000)
"""Below those that the system gives to whoever connects: nobody takes one between the look and the start."""

_given: set[int] = set()


def until(true: Callable[[], object], every: float = 0.05) -> None:
    """Wait until this is so."""
    limit = time.monotonic() + LIMIT
    while not true():
        assert time.monotonic() < limit, "it never became so"
        time.sleep(every)


def free_port() -> int:
    """A port that nobody listens on; never the same twice in this process."""
    while True:
        port = SystemRandom().choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port

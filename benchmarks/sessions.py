"""Many directors at once, over the app's own websocket: what a move costs, and whether the server grows."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from statistics import median

import psutil

from benchmarks.server import sample_database
from benchmarks.timing import Row
from tests.serving import served
from tests.visitors import Visitor, warm

SESSIONS = 20
THINK = 2.0
"""Seconds between two moves of one visitor, on average: a slider is moved, the answer is read."""
VALUES = [round(0.6 + 0.05 * step, 2) for step in range(20)]


def measure(quick: bool) -> list[Row]:
    moves, reruns = (6, 200) if quick else (15, 1000)
    with sample_database() as database, served(database) as app:
        warm(app.address)
        process = psutil.Process(app.process.pid)
        before = sum(process.cpu_times()[:2])
        seconds = _crowd(app.address, moves)
        busy = (sum(process.cpu_times()[:2]) - before) / len(seconds)
        with Visitor(app.address, "lang=EN&year=2031") as visitor:
            visitor.arrive()
            _moved(visitor, _round(), 300 if not quick else 50)  # until what may be kept is kept
            start = process.memory_info().rss
            alone = _moved(visitor, _round(), reruns)
            grown = (process.memory_info().rss - start) / 2**20
        chart, work = _one_chart(app.address, process, 20)
    late = sorted(seconds)[int(0.95 * len(seconds))]
    return [
        Row(
            *("sessions", f"{SESSIONS} at once, one move", median(seconds), "one visitor, one move"),
            *(median(seconds) / median(alone), len(seconds), f"aim: at most 300 ms; p95 {late * 1000:.0f} ms"),
        ),
        Row("sessions", f"{SESSIONS} at once, time of a core a move", busy, rounds=len(seconds)),
        Row(
            "sessions",
            "one visitor, one move",
            median(alone),
            rounds=reruns,
            note=f"memory {grown:+.0f} MB over {reruns} reruns, aim: none",
        ),
        Row("sessions", "page with one chart, one move", median(chart), rounds=len(chart), note="meeting; every value new to the server"),
        Row("sessions", "page with one chart, time of a core a move", work, rounds=len(chart), note="aim: at most 35 ms"),
    ]


def _one_chart(address: str, process: psutil.Process, moves: int) -> tuple[list[float], float]:
    """Seconds of every move on the page that shows one message, and of a core a move. The year is one that nobody asked about before, so
    nothing is at hand; what is made beside pages is not part of this page."""
    with Visitor(address, "lang=EN&year=2039", page="meeting") as visitor:
        visitor.arrive()
        values = _round()
        _moved(visitor, values, 1)
        before = sum(process.cpu_times()[:2])
        seconds = _moved(visitor, values, min(moves, len(VALUES)) - 1)
    return seconds, (sum(process.cpu_times()[:2]) - before) / len(seconds)


def _crowd(address: str, moves: int) -> list[float]:
    seconds: list[float] = []
    lock = threading.Lock()

    def visit(number: int) -> None:
        chance = random.Random(number)
        values = chance.sample(VALUES, len(VALUES))
        with Visitor(address, f"lang=EN&year={2027 + number % 10}") as visitor:
            visitor.arrive()
            for value in values[:moves]:
                time.sleep(THINK * chance.uniform(0.5, 1.5))
                seen = visitor.move(value)
                with lock:
                    seconds.append(seen.seconds)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(SESSIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(seconds) != SESSIONS * moves:
        raise RuntimeError(f"only {len(seconds)} of {SESSIONS * moves} moves were answered")
    return seconds


def _round() -> Iterator[float]:
    while True:
        yield from VALUES


def _moved(visitor: Visitor, values: Iterator[float], times: int) -> list[float]:
    return [visitor.move(next(values)).seconds for _ in range(times)]

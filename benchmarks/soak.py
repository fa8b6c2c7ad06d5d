"""Hours of work in minutes: many visitors for long, over the app's own websocket. Does the server slow down or grow, and does anybody see
what another asked?"""

from __future__ import annotations

import sys
from statistics import median

from benchmarks.server import sample_database
from benchmarks.timing import Row
from tests.serving import served
from tests.visitors import Crowd, crowd, share, warm

BLOCK = 300.0
"""Seconds of one line of the table."""
COMPARED = 20
"""Answers that are asked again of a quiet app of its own."""


def measure(quick: bool, visitors: int, minutes: float, think: float) -> list[Row]:
    lasting = 60.0 * (min(minutes, 2.0) if quick else minutes)
    with sample_database() as database:
        with served(database) as app:
            warm(app.address)
            found = crowd(lambda: (app.address, {}), [app.process.pid], visitors, sys.maxsize, think, visitors, lasting)
        if not found.seconds:
            raise RuntimeError(found.told())
        with served(database) as quiet:
            warm(quiet.address)
            unlike = found.unlike(quiet.address, COMPARED)
    wrong = [
        *found.wrong,
        *(f"answered in two ways: {asked}" for asked in found.torn()),
        *(f"otherwise when quiet: {asked}" for asked in unlike),
    ]
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return [*_blocks(found, lasting), _whole(found, visitors, len(wrong))]


def _blocks(found: Crowd, lasting: float) -> list[Row]:
    """One line each five minutes: is the last as the first?"""
    lines: list[Row] = []
    for number in range(int(-(-lasting // BLOCK))):
        start, end = number * BLOCK, min((number + 1) * BLOCK, lasting)
        seconds, memory, cpu = found.between(start, end)
        if seconds and memory:
            note = (
                f"p95 {share(seconds, 0.95) * 1000:.0f} ms; memory {min(memory):.0f} to {max(memory):.0f} MB, half {median(memory):.0f}; "
            )
            note += f"{1000 * cpu / len(seconds):.0f} ms of a core a move"
            lines.append(Row("soak", f"minute {start / 60:g} to {end / 60:g}, one move", median(seconds), rounds=len(seconds), note=note))
    return lines


def _whole(found: Crowd, visitors: int, wrong: int) -> Row:
    note = (
        f"p95 {found.share(0.95) * 1000:.0f} ms, aim: 1500; wrong answers {wrong}, aim: 0; "
        f"memory at most {max(found.memory_mb):.0f} MB, aim: 4096; {found.grown():+.0f} MB from the middle third to the last, aim: none; "
        f"{1000 * found.cpu / len(found.seconds):.0f} ms of a core a move; {len(found.seconds) / visitors:.0f} moves a visitor"
    )
    return Row("soak", f"{visitors} visitors, one move", median(found.seconds), rounds=len(found.seconds), note=note)

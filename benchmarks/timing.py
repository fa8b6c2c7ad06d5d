"""Measuring side by side: every candidate gets its turn in every round, so that a busy moment of the machine hits all of them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. seconds: median; peer: name of what it is compared with ("" = it is the floor or peer itself);
    ratio: seconds over those of the peer, None without one; rounds: how often it was measured."""

    topic: str
    what: str
    seconds: float
    peer: str = ""
    ratio: float | None = None
    rounds: int = 1
    note: str = ""


def interleaved(candidates: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 1) -> dict[str, list[float]]:
    """Seconds per candidate and round; the order turns by one each round. Results are dropped before the clock stops counting
    for the next candidate, and the collector is kept out of the measurement."""
    names = list(candidates)
    taken: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(-warm_up, rounds):
        start = turn % len(names)
        for name in names[start:] + names[:start]:
            gc.collect()
            gc.disable()
            began = time.perf_counter()
            candidates[name]()
            spent = time.perf_counter() - began
            gc.enable()
            if turn >= 0:
                taken[name].append(spent)
    return taken


def rows(topic: str, taken: Mapping[str, list[float]], peers: Mapping[str, str], notes: Mapping[str, str] | None = None) -> list[Row]:
    """Medians with their ratio; `peers`: candidate -> candidate it is compared with. The ratio is of medians of one run."""
    middle = {name: median(values) for name, values in taken.items()}
    found = []
    for name, values in taken.items():
        peer = peers.get(name, "")
        ratio = middle[name] / middle[peer] if peer else None
        found.append(Row(topic, name, middle[name], peer, ratio, len(values), (notes or {}).get(name, "")))
    return found


def table(lines: list[Row]) -> str:
    """The lines as one text table."""
    cells = [("topic", "what", "median", "ratio", "against", "rounds", "")]
    for line in lines:
        ratio = "" if line.ratio is None else f"{line.ratio:.2f} x"
        cells.append((line.topic, line.what, duration(line.seconds), ratio, line.peer, str(line.rounds), line.note))
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    right = {2, 3, 5}
    text = [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    ]
    return "\n".join([text[0].rstrip(), "-" * min(160, sum(widths) + 12), *(line.rstrip() for line in text[1:])])


def duration(seconds: float) -> str:
    """Readable size: ms below ten seconds."""
    return f"{seconds * 1000:.1f} ms" if seconds < 10 else f"{seconds:.1f} s"


def spaced(count: int) -> str:
    """1 000 000 with spaces."""
    return f"{count:,}".replace(",", " ")

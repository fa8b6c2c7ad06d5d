"""Moves of new colleagues: followed once for one pattern of hires, and added up for every number of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.book import Book
from analytics.inflow import Course
from analytics.movers import Movers

SAME = 1e-13
"""Relative difference below which hires in a step have the same pattern over the groups."""


@dataclass(frozen=True, slots=True, eq=False)
class Pulse:
    """What hires of one step did after a move. pattern (G,): those hires; book: their moves; amounts: `Book.shifting`."""

    pattern: np.ndarray
    book: Book
    amounts: tuple[np.ndarray, np.ndarray]


@dataclass(slots=True, eq=False)
class AfterHire:
    """`pulse` is replaced as a whole, so that threads never see parts of two."""

    movers: Movers | None
    one: Course
    pulse: Pulse | None = None

    def add(self, book: Book, hires: np.ndarray) -> None:
        """Book the moves of hires (G, T). Hires that keep their proportions between groups, whatever their number in a step, are a sum of
        shifted copies of the pattern, as every chance is the same for each person; all others are followed themselves."""
        pulse = self.pulse
        times = None if pulse is None else times_of(pulse.pattern, hires)
        if times is None:
            largest = hires[:, int(hires.sum(axis=0).argmax())]
            times = times_of(largest, hires)
            if times is not None:
                pulse = self.pulse = self._follow(book, largest)
        if times is None or pulse is None:
            self.directly(book, hires)
        else:
            book.add_shifted(pulse.book, times, *pulse.amounts)

    def directly(self, book: Book, hires: np.ndarray) -> None:
        """Follow exactly these hires."""
        assert self.movers is not None
        book.moved(self.movers.follow(book.new_movers(hires, self.one, self.movers.source)), 1)

    def _follow(self, book: Book, pattern: np.ndarray) -> Pulse:
        assert self.movers is not None
        made = Book(book.base, book.steps)
        once = np.zeros((book.groups, book.steps))
        once[:, 0] = pattern
        found = self.movers.follow(made.new_movers(once, self.one, self.movers.source))
        made.moved(found, 1)
        was = np.zeros((book.steps, book.groups))
        was[1:] = made.stocks[0, 1:-1]
        return Pulse(pattern.copy(), made, made.shifting(was, was * found.survived))


def times_of(pattern: np.ndarray, hires: np.ndarray) -> np.ndarray | None:
    """How many times the pattern (G,) came in, (T,); None where the groups of hires (G, T) do not keep its proportions."""
    if pattern.sum() <= 0:
        return None
    times = hires.sum(axis=0) / pattern.sum()
    expected = pattern[:, None] * times
    return times if (np.abs(hires - expected) <= SAME * expected).all() else None

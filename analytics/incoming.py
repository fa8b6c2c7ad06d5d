"""Everybody who comes in from now on, added to a book: counted once, and as a multiple of that ever after.

A slider of hires changes how many come in, not where nor when: what all of them do is then the same multiple of what the hires of the first
question did, as every chance is the same for each person. Only shares (`survives`) stay as they are. The first question goes the same
way, so that the same hires have the same figures to the last digit whatever was asked in between.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

import numpy as np

from analytics.after_hire import SAME, AfterHire
from analytics.book import Book


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """hires (G, T) of an earlier question; book: nothing but what they do."""

    hires: np.ndarray
    book: Book


@dataclass(slots=True, eq=False)
class Incoming:
    """after_hire: their moves, None where nobody moves; bring: adds hires who never moved to a book. `unit` is replaced as a whole, so
    that threads never see parts of two."""

    after_hire: AfterHire | None
    bring: Callable[[Book, np.ndarray], None]
    unit: Unit | None = None

    def booked(self, book: Book, hires: np.ndarray) -> Book:
        """Another book with hires (G, T) in it."""
        if not hires.any():
            return book.copy()
        unit, many = self.unit, 1.0
        found = None if unit is None else _times(unit.hires, hires)
        if unit is not None and found is not None:
            many = found
        else:
            unit = Unit(hires.copy(), self._add(Book(book.base, book.steps), hires))
            if len(unit.book.parts) == 1:  # else people by age stand in parts that have no multiples
                self.unit = unit
        return _with(book, unit.book, many)

    def _add(self, book: Book, hires: np.ndarray) -> Book:
        self.bring(book, hires)
        if self.after_hire is not None:
            self.after_hire.add(book, hires)
        return book


def _times(before: np.ndarray, hires: np.ndarray) -> float | None:
    """How many times the hires of before these are; None where they are no multiple."""
    many = float(hires.sum() / before.sum())
    expected = before * many
    return many if (np.abs(hires - expected) <= SAME * expected).all() else None


def _with(book: Book, unit: Book, many: float) -> Book:
    """The book and so many times the unit."""
    out = copy(book)
    for name in ("stocks", "movers_mean", "flows", "lost", "first_moves"):
        total = getattr(unit, name) * many
        total += getattr(book, name)
        setattr(out, name, total)
    out.survives = book.survives + unit.survives  # each has those of its own kind of people
    out.parts = [*book.parts, *unit.parts[1:]]
    if unit.shifted is not None:
        pulse, shift = unit.shifted
        out.shifted = pulse, shift * many
    return out

"""A projection by compiled loops: the same results as `staff` gets from `stock`, `inflow` and `movers`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import overload

import numpy as np

from analytics.after_hire import AfterHire, Pulse
from analytics.beside import both
from analytics.book import Book, Snapshots
from analytics.by_group import Laid, Room, Runner, Ways
from analytics.grid import AGES
from analytics.inflow import Course
from analytics.movers import Dates

EVERY = np.arange(AGES)
NO_AGES = np.zeros((0, AGES, 0))


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """What goes in: today's staff and one new colleague of each group, with their chances. hazards (2 causes, 2 contracts, B, K, G);
    resign (B, 5, G) and other (B, K, G) of new colleagues, lapse (G,) of their first contract; tracks of today's staff."""

    runner: Runner
    own: Laid
    new: Laid
    tracks: int
    hazards: np.ndarray
    resign: np.ndarray
    other: np.ndarray
    lapse: np.ndarray
    dates: Dates

    def today(self, squares: bool = False, ages: bool = False) -> Room:
        return self.runner.today(self.own, self.hazards, self.tracks, squares, ages)

    def one(self, ages: bool = False) -> Room:
        return self.runner.one(self.new, self.resign, self.other, self.lapse, ages)

    def ways(self) -> Ways:
        """Under and over five years of service."""
        return Ways(self.runner, self.hazards[0, 0][:, 2:], self.hazards[1, 0][:, 2:], self.dates)


@dataclass(frozen=True, slots=True, eq=False)
class Ages(Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]]):
    """`Course.ages`, worked out when somebody looks."""

    size: int
    told: Callable[[], Room]

    @overload
    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]: ...
    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[one] for one in range(*index.indices(self.size))]
        found = self.told()
        return EVERY, found.ages[index], found.after[index]

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        return (self[index] for index in range(self.size))

    def __len__(self) -> int:
        return self.size


@dataclass(slots=True, eq=False)
class LoopedAfterHire(AfterHire):
    """Moves of new colleagues, followed by the loops. moves: first moves of one of them, (E, S, 1, W) and (T, S, 1, W)."""

    ways: Ways | None = None
    moves: tuple[np.ndarray, np.ndarray] = field(default_factory=lambda: (NO_AGES, NO_AGES))

    def directly(self, book: Book, hires: np.ndarray) -> None:
        self._into(hires, book)

    def _follow(self, book: Book, pattern: np.ndarray) -> Pulse:
        made = Book(book.base, book.steps)
        once = np.zeros((book.groups, book.steps))
        once[:, 0] = pattern
        self._into(once, made)
        was = np.zeros((book.steps, book.groups))
        was[1:] = made.stocks[0, 1:-1]
        return Pulse(pattern.copy(), made, made.shifting(was, was * made.survives[1]))

    def _into(self, hires: np.ndarray, out: Book) -> None:
        ways = self.ways
        assert ways is not None
        source = ways.runner.source
        each = np.stack([np.ones(len(source)), out.base.hire_fte[source]], axis=1)[:, :, None]
        first = [convolved(hires[source], moves) * each for moves in self.moves]
        ways.follow(*first, out, 1, NO_AGES)
        out.parts.append(cache(lambda: _by_age(ways, first, np.zeros((out.steps + 1, AGES, out.groups)), 1)))


def convolved(hires: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """Movers in each step (T, S, 1, W) among all hires (S, T) before it, from those of one (U, S, 1, W)."""
    steps = np.flatnonzero(hires.any(axis=0))
    out = np.zeros((min(int(steps.max(initial=0)) + len(moves), hires.shape[1]), *moves.shape[1:]))
    for s in steps:
        until = min(len(moves), len(out) - s)
        out[s : s + until] += hires[:, s, None, None] * moves[:until]
    return out


def _by_age(ways: Ways | None, first: Sequence[np.ndarray], ages: np.ndarray, kind: int) -> Snapshots:
    """`ages` (M, A, G) with those who moved, as `Book.snapshots`."""
    if ways is not None:
        ways.follow(first[0], first[1], Book(ways.runner.base, ways.runner.steps), kind, ages)
    return [[(EVERY, table)] for table in ages]


def known(people: People, ages: bool) -> tuple[Book, np.ndarray, Course, LoopedAfterHire | None]:
    """Today's staff in a book, their sums of squares, one new colleague, and the moves of those. ages: people by age will be
    asked, so they are told in one go."""
    runner, found = people.runner, people.today(squares=True, ages=ages)  # asked later, squares would cost all years again
    book = Book(runner.base, runner.steps)
    book.stocks, book.own, book.flows, book.lost = found.stocks, found.stocks[0].copy(), found.flows, found.lost
    ways = people.ways() if len(runner.source) else None

    def moved() -> None:
        if ways is not None:
            ways.follow(found.early, found.late, book, 0, found.ages)

    _, one = both(moved, lambda: people.one(ages))
    book.today = book.flows[0, 0].copy()

    def by_age() -> Snapshots:
        again = people.today(ages=True)
        return _by_age(ways, (again.early, again.late), again.ages, 0)

    book.parts = [(lambda: [[(EVERY, table)] for table in found.ages]) if ages else cache(by_age)]
    stocks, flows = one.stocks, one.flows
    told = Ages(runner.steps, (lambda: one) if ages else cache(lambda: people.one(ages=True)))
    of_one = Course(stocks[0], stocks[1], stocks[2], stocks[3] + stocks[4], *flows[:5], one.lost, None, None, told)
    after = None if ways is None else LoopedAfterHire(None, of_one, None, ways, (one.early, one.late))
    return book, found.squares, of_one, after

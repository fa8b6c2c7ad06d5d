"""A projection by compiled loops: the same results as `staff` gets from `stock`, `inflow` and `movers`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import overload

import numpy as np

from analytics.after_hire import AfterHire, Pulse
from analytics.book import LEAVING, Book, Snapshots
from analytics.by_group import Laid, Room, Runner, Ways
from analytics.grid import AGES
from analytics.inflow import Course, uneven_rows
from analytics.movers import Dates
from analytics.workforce import Flow

EVERY = np.arange(AGES)
NO_AGES = np.zeros((0, AGES, 0))
FirstMoves = tuple[np.ndarray, np.ndarray, np.ndarray]
"""early, late and each of `loops.FirstMoves`."""


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
        runner = self._ways.runner
        own = np.ascontiguousarray(hires[runner.source])
        found = []
        for moves in self.moves:
            out = np.zeros((book.steps, *moves.shape[1:]))
            runner.loops.convolve(own, moves, out)
            found.append(out)
        self._into((found[0], found[1], self._each(1.0)), book)

    def _follow(self, book: Book, pattern: np.ndarray) -> Pulse:
        made = Book(book.base, book.steps)
        self._into((*self.moves, self._each(pattern[self._ways.runner.source])), made)
        was = np.zeros((book.steps, book.groups))
        was[1:] = made.stocks[0, 1:-1]
        return Pulse(pattern.copy(), made, made.shifting(was, was * made.survives[1]))

    @property
    def _ways(self) -> Ways:
        assert self.ways is not None
        return self.ways

    def _each(self, people: np.ndarray | float) -> np.ndarray:
        """People and fte (S, 2) of so many first moves of one person."""
        runner = self._ways.runner
        each = np.stack([np.ones(len(runner.source)), runner.base.hire_fte[runner.source]])
        return np.ascontiguousarray((each * people).T)

    def _into(self, first: FirstMoves, out: Book) -> None:
        ways = self._ways
        ways.follow(*first, out, 1, NO_AGES)
        out.parts.append(cache(lambda: _by_age(ways, first, np.zeros((out.steps + 1, AGES, out.groups)), 1)))


def _by_age(ways: Ways | None, first: FirstMoves, ages: np.ndarray, kind: int) -> Snapshots:
    """`ages` (M, A, G) with those who moved, as `Book.snapshots`."""
    if ways is not None:
        ways.follow(*first, Book(ways.runner.base, ways.runner.steps), kind, ages)
    return [[(EVERY, table)] for table in ages]


Bring = Callable[[Book, np.ndarray], None]


def _bringing(runner: Runner, one: Room, elder: np.ndarray) -> Bring:
    """`Book.hires`."""
    hire_fte = np.asarray(runner.base.hire_fte, float)
    worth, of_one = np.stack([np.ones_like(hire_fte), hire_fte]), np.stack([*one.stocks[:3], elder])

    def bring(book: Book, hires: np.ndarray) -> None:
        if not hires.any():
            return
        by_step, even = np.ascontiguousarray(hires.T, float), not len(uneven_rows(hires))
        runner.loops.come_in(by_step, even, worth, of_one, one.flows[: len(LEAVING)], one.lost, book.stocks, book.flows, book.lost)
        hired = book.flow[Flow.HIRE]
        hired[0] += by_step
        hired[1] += by_step * hire_fte

    return bring


def known(people: People, ages: bool) -> tuple[Book, np.ndarray, Course, LoopedAfterHire | None, Bring]:
    """Today's staff in a book, their sums of squares, one new colleague, the moves of those, and how hires are booked. ages: people by
    age will be asked, so they are told in one go."""
    runner, found = people.runner, people.today(squares=True, ages=ages)  # asked later, squares would cost all years again
    book = Book(runner.base, runner.steps)
    book.stocks, book.own, book.flows, book.lost = found.stocks, found.stocks[0].copy(), found.flows, found.lost
    ways, same = people.ways() if len(runner.source) else None, np.ones((len(runner.source), 2))
    if ways is not None:
        ways.follow(found.early, found.late, same, book, 0, found.ages)
    one = people.one(ages)
    book.today = book.flows[0, 0].copy()

    def by_age() -> Snapshots:
        again = people.today(ages=True)
        return _by_age(ways, (again.early, again.late, same), again.ages, 0)

    book.parts = [(lambda: [[(EVERY, table)] for table in found.ages]) if ages else cache(by_age)]
    stocks, flows = one.stocks, one.flows
    told = Ages(runner.steps, (lambda: one) if ages else cache(lambda: people.one(ages=True)))
    of_one = Course(stocks[0], stocks[1], stocks[2], stocks[3] + stocks[4], *flows[:5], one.lost, None, None, told)
    after = None if ways is None else LoopedAfterHire(None, of_one, None, ways, (one.early, one.late))
    return book, found.squares, of_one, after, _bringing(runner, one, of_one.elder)

"""What the compiled loops are given and what they give back: the same people, rules and chances, a group at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from analytics.beside import both
from analytics.book import FLOWS, Book
from analytics.columns import YEARS_AT_START, Placed, part_of_step, tenure_band
from analytics.exits import AFTER_PENSION_EXIT, AFTER_PENSION_HOURS, LONG_SERVICE, Rules, retirement_hazard, survival
from analytics.folding import AGES, BANDS, FAR, NO_END, TENURES, Cells
from analytics.grid import BAND_OF_AGE, Base
from analytics.inflow import across
from analytics.movers import Dates
from analytics.tables import absence_by_age
from analytics.workforce import AGE_MIN

ELDER = 60
WORTH_TWO = 64
"""From so many groups on, two threads each take half of them."""
NEVER = FAR
"""Step of an earlier stop that does not come."""


@cache
def clock(loops: ModuleType) -> Any:
    """`loops.Ages`."""
    hazards = retirement_hazard(np.arange(-5, 2))
    return loops.Ages(
        BAND_OF_AGE.astype(np.uint64),
        absence_by_age(),
        ELDER - AGE_MIN,
        AFTER_PENSION_EXIT,
        AFTER_PENSION_HOURS,
        hazards,
        LONG_SERVICE,
        YEARS_AT_START.astype(np.int64),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """People of one timing, laid out for the loops: `loops.Grid`, `Near` and `Terms`; first_age: of the youngest; amounts, past: as
    `loops.Start`; kept (R,): its beginning."""

    grid: Any
    near: Any
    terms: Any
    first_age: int
    amounts: np.ndarray
    past: np.ndarray
    kept: np.ndarray

    def begin(self, loops: ModuleType) -> Any:
        """Everybody at the start."""
        return loops.Start(self.amounts, self.past, self.kept.copy(), np.ones(len(self.terms.row)))


def lay(loops: ModuleType, placed: Placed, fixed: Cells | None, earlier: np.ndarray, steps: int) -> Laid:
    """placed: of all cells; fixed: the fixed-term cells among them; earlier (G,): months an earlier stop comes before the date."""
    columns, groups = placed.columns, placed.amounts.shape[-1]
    age = columns.age.astype(np.uint64)
    present = np.array([columns.present(t) for t in range(steps + 1)], np.uint64)
    there = np.flatnonzero((placed.past[:2] != 0).any(axis=(0, 2)))
    known = [part for part in (age, there, () if fixed is None else fixed.age) if len(part)]
    grid = loops.Grid(
        age, columns.leave.astype(np.int64), present, np.uint64(columns.far), max((int(part.max()) + 1 for part in known), default=0)
    )
    near, row_of, kept = _near(loops, placed, fixed, groups)
    terms = _terms(loops, placed, fixed, earlier, row_of, groups)
    youngest = min((int(part.min()) for part in (age, () if fixed is None else fixed.age) if len(part)), default=0)
    return Laid(grid, near, terms, youngest, *(np.ascontiguousarray(part, float) for part in (placed.amounts, placed.past)), kept)


def _near(loops: ModuleType, placed: Placed, fixed: Cells | None, groups: int) -> tuple[Any, np.ndarray, np.ndarray]:
    """The rows, where each row of `placed.near` went, and 0 for those whose contract has yet to end, else 1."""
    near = placed.near
    order = np.lexsort((part_of_step(near.month), near.column, near.month // 12, near.group))
    step, group = (near.month // 12).astype(np.int64)[order], near.group[order]
    opens = near.opens[order]
    opens_step = np.where(opens < 0, -1, np.where(opens >= FAR, NEVER, opens // 12)).astype(np.int64)
    row_of = np.empty(len(order), np.int64)
    row_of[order] = np.arange(len(order))
    here = np.ones(len(order))
    if fixed is not None:
        waiting = placed.fixed_near[_waiting(fixed)]
        here[row_of[waiting[waiting >= 0]]] = 0.0
    found = loops.Near(
        np.searchsorted(group, np.arange(groups + 1)).astype(np.uint64),
        np.stack([step, near.track[order], near.column[order]], axis=1).astype(np.uint32),
        part_of_step(near.month[order].astype(float)),
        opens_step,
        part_of_step(np.maximum(opens, 0).astype(float)),
        np.lexsort((opens_step, group)).astype(np.uint64),
        np.ascontiguousarray(near.amounts[:, order].T),
    )
    return found, row_of, here


def _waiting(fixed: Cells) -> np.ndarray:
    """Contracts that have yet to end; the others are in the stock from the start."""
    return np.flatnonzero((fixed.end_step != NO_END) & (fixed.month >= 0))


def _terms(loops: ModuleType, placed: Placed, fixed: Cells | None, earlier: np.ndarray, row_of: np.ndarray, groups: int) -> Any:
    if fixed is None or not len(rows := _waiting(fixed)):
        none = np.zeros(0, np.int64), np.zeros(0)
        return loops.Terms(np.zeros(groups + 1, np.uint64), np.zeros((0, 7), np.uint32), *none, *none, np.zeros((0, 3)))
    rows = rows[np.lexsort((-fixed.end_step[rows], fixed.group[rows]))]
    group, month = fixed.group[rows], placed.fixed_month[rows]
    opens = np.where(earlier[group] > 0, month - earlier[group], FAR)
    opens_step = np.where(opens < 0, -1, np.where(opens >= FAR, NEVER, opens // 12)).astype(np.int64)
    leave, near = (month // 12).astype(np.int64), placed.fixed_near[rows]
    return loops.Terms(
        np.searchsorted(group, np.arange(groups + 1)).astype(np.uint64),
        np.stack(
            [
                fixed.age[rows],
                fixed.tenure[rows],
                placed.fixed_column[rows],
                np.where(near >= 0, row_of[near] + 1 if len(row_of) else 0, 0),
                fixed.end_step[rows],
                np.rint(fixed.end_part[rows] * loops.PARTS),
                np.maximum(np.minimum(leave, opens_step), 0),
            ],
            axis=1,
        ).astype(np.uint32),
        leave,
        part_of_step(month.astype(float)),
        opens_step,
        part_of_step(np.maximum(opens, 0).astype(float)),
        np.ascontiguousarray(fixed.amounts[:, rows].T),
    )


@cache
def path(loops: ModuleType, tracks: int, steps: int, new: bool) -> Any:
    """Tracks become one as service grows. new: each step of new colleagues lies across two years of service, a class of its own."""
    service = YEARS_AT_START[:tracks].copy()
    now = np.arange(tracks)
    found = {name: np.zeros((steps + 1, tracks), np.uint64) for name in ("now", "joins", "service", "late")}
    count = np.zeros(steps + 1, np.uint64)
    for t in range(steps + 1):
        many = len(service)
        count[t], found["now"][t] = many, now
        found["service"][t, :many] = min(t, NEW_CLASSES - 1) if new else tenure_band(service)
        found["late"][t, :many] = service + 1 >= LONG_SERVICE
        service, onto = np.unique(np.minimum(service + 1, LONG_SERVICE), return_inverse=True)
        found["joins"][t, :many], now = onto, onto[now]
    return loops.Path(count, found["now"], found["joins"], found["service"], found["late"])


NEW_CLASSES = LONG_SERVICE + 1
"""Steps after coming in from which the chances of new colleagues no longer change with service."""


def law_of(loops: ModuleType, rules: Rules, hazards: np.ndarray, ahead: np.ndarray | None = None, new: np.ndarray | None = None) -> Any:
    """hazards (2 causes, 2 contracts, B, K, G); for new colleagues new (2 causes, N, B, G) in their place, and ahead (3, B, G)."""
    by_class = hazards.transpose(1, 0, 3, 2, 4)
    own = by_class[0] if new is None else new
    groups = own.shape[-1]
    fixed = by_class[1] if new is None else np.zeros((2, TENURES, BANDS, groups))
    parts = [np.ascontiguousarray(part) for part in (*own, *fixed)]
    whole = [survival(parts[at] + parts[at + 1], 1.0) for at in (0, 2)]
    return loops.Law(
        rules.ends,
        *(
            np.ascontiguousarray(part, float)
            for part in (rules.work_on, rules.earlier, rules.earlier_inside, rules.leave_group, rules.renewal)
        ),
        *parts,
        *(part for kind in whole for part in kind),
        np.zeros((3, 0, groups)) if ahead is None else np.ascontiguousarray(ahead),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """Where one run is written, by the names of `loops.Told`, and those told beside it."""

    told: Any
    flows: np.ndarray
    lost: np.ndarray
    stocks: np.ndarray
    squares: np.ndarray
    ages: np.ndarray
    after: np.ndarray
    early: np.ndarray
    late: np.ndarray


def room(runner: Runner, new: bool, squares: bool, ages: bool) -> Room:
    """new: for new colleagues, who are one person each, else for today's staff."""
    steps, groups, source = runner.steps, len(runner.base.groups), runner.source
    moments, early = (steps, LONG_SERVICE) if new else (steps + 1, LONG_SERVICE - 1)
    place = np.full(groups, -1, np.int64)
    place[source] = np.arange(len(source))
    movers = (len(source), 1 if new else 2, AGES - runner.first_age)
    parts = (
        np.zeros((len(FLOWS), 2, steps, groups)),
        np.zeros((steps, groups)),
        np.zeros((5, moments, groups)),
        np.zeros((3 if squares else 0, moments, groups)),
        np.zeros((moments if ages else 0, AGES, groups)),
        np.zeros((moments if ages and new else 0, AGES, groups)),
        np.zeros((min(early, steps), *movers)),
        np.zeros((steps, *movers)),
    )
    return Room(runner.loops.Told(*parts, place, runner.first_age), *parts)


@dataclass(frozen=True, slots=True, eq=False)
class Runner:
    """The loops with what no scenario changes. source: groups that somebody moves out of; first_age: nobody is younger (index)."""

    loops: ModuleType
    base: Base
    steps: int
    rules: Rules
    source: np.ndarray
    first_age: int

    def today(self, laid: Laid, hazards: np.ndarray, tracks: int, squares: bool = False, ages: bool = False) -> Room:
        """Today's staff through the years. hazards (2 causes, 2 contracts, B, K, G)."""
        found = room(self, False, squares, ages)
        law, way = law_of(self.loops, self.rules, hazards), path(self.loops, tracks, self.steps, False)
        self._stay(self.steps, laid, law, way, found)
        return found

    def one(self, laid: Laid, resign: np.ndarray, other: np.ndarray, lapse: np.ndarray, ages: bool = False) -> Room:
        """What one new colleague does (`inflow.course`). resign (B, 5, G), other (B, K, G), lapse (G,)."""
        found, groups = room(self, True, False, ages), len(self.base.groups)
        new = np.stack([np.stack(across(resign, other, u)) for u in range(1, NEW_CLASSES + 1)], axis=1)[:, :, 0]
        ahead = np.zeros((3, BANDS, groups))
        ahead[0], ahead[1], ahead[2, 0] = resign[:, 0], other[:, 0], lapse
        law = law_of(self.loops, self.rules, np.zeros((2, 2, BANDS, TENURES, groups)), ahead, new)
        self._stay(self.steps - 1, laid, law, path(self.loops, 1, self.steps, True), found)
        return found

    def _stay(self, steps: int, laid: Laid, law: Any, way: Any, found: Room) -> None:
        """In two threads, each half of the groups, where there are enough."""
        groups, begin = len(self.base.groups), laid.begin(self.loops)

        def through(start: int, stop: int) -> None:
            self.loops.stay(steps, start, stop, laid.grid, laid.near, laid.terms, law, way, clock(self.loops), begin, found.told)

        if groups < WORTH_TWO:
            through(0, groups)
        else:
            both(lambda: through(0, groups // 2), lambda: through(groups // 2, groups))


class Ways:
    """Moves between groups, and how who moved leaves: `loops.Ways` and `Going`."""

    def __init__(self, runner: Runner, resign: np.ndarray, other: np.ndarray, dates: Dates) -> None:
        """resign, other (B, 2, G): hazards under and over five years of service."""
        base, rules, loops = runner.base, runner.rules, runner.loops
        self.runner = runner
        place = np.unique(base.link_to)
        order = np.argsort(base.link_to, kind="stable")
        origin, target = base.link_from[order], base.link_to[order]
        here = np.searchsorted(place, runner.source)
        known = here < len(place)
        known[known] = place[here[known]] == runner.source[known]
        self.ways = loops.Ways(
            place.astype(np.int64),
            rules.leave_group[place].astype(float),
            np.where(known, here, -1).astype(np.int64),
            np.searchsorted(target, np.append(place, len(base.groups))).astype(np.int64),
            np.searchsorted(runner.source, origin).astype(np.int64),
            base.link_chance[order] / rules.leave_group[origin],
        )
        ends = rules.ends[place]
        matters = (dates.share > 0).any(axis=0) | ((dates.hazard > 0).any(axis=0) & (not ends.all()))
        self.going = loops.Going(
            *(np.ascontiguousarray(hazards[:, :, place].transpose(2, 1, 0)) for hazards in (resign, other)),
            ends,
            dates.which[place].astype(np.int64),
            dates.share,
            dates.middle,
            dates.hazard,
            runner.first_age,
            int(matters.argmax()) if matters.any() else AGES,
        )

    def follow(self, early: np.ndarray, late: np.ndarray, each: np.ndarray, book: Book, kind: int, ages: np.ndarray) -> None:
        """Add to `book` what first moves (E or T, S, 2 or 1, W), times each (S, 2), lead to. kind 0: of today's staff, 1: of new
        colleagues; ages (M, A, G), or nothing: people by age are added."""
        loops, runner = self.runner.loops, self.runner
        out = loops.Followed(book.flows, book.stocks, book.movers_mean, book.survives[kind], book.first_moves[kind], ages)
        moves = loops.FirstMoves(early, late, each)

        def amount(which: int) -> None:
            loops.follow(which, runner.steps, self.ways, self.going, moves, runner.source, clock(loops), out)

        both(lambda: amount(0), lambda: amount(1))

"""Adds everything up, year by year: stocks and flows of today's staff, of who moved and of new colleagues."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

import numpy as np

from analytics.exits import Outflow, per_group
from analytics.fixed_term import FixedTerm
from analytics.grid import AGES, Base
from analytics.inflow import Course, convolve, uneven_rows
from analytics.moments import Counted
from analytics.movers import Moved
from analytics.stock import Stock
from analytics.tables import absence_by_age
from analytics.workforce import AGE_MIN, Flow

ELDER = 60
LEAVING = (
    (Flow.RETIREMENT, "retired"),
    (Flow.RESIGNATION, "resigned"),
    (Flow.OTHER_EXIT, "other"),
    (Flow.MOVE_OUT, "moved"),
    (Flow.CONTRACT_END, "lapsed"),
)
FLOWS = (*(flow for flow, _ in LEAVING), Flow.MOVE_IN, Flow.HIRE, Flow.RETRAINED_IN)
PULSED = [0, 1, 2, 3, FLOWS.index(Flow.MOVE_IN)]
"""Rows of FLOWS that people after a move add to."""
PLACE = {flow: place for place, flow in enumerate(FLOWS)}


@dataclass(frozen=True, slots=True, eq=False)
class Deeds:
    """What one new colleague does by years since coming in, each (15, U, G) and summed over those years: people, fte, absence, elder, hours
    lost, then people and fte of each flow of LEAVING."""

    each: np.ndarray
    summed: np.ndarray


def deeds(one: Course, hire_fte: np.ndarray) -> Deeds:
    """hire_fte (G,) of one."""
    both = np.stack([np.ones_like(hire_fte), hire_fte])[:, None]
    state = [one.people, one.fte * hire_fte, one.absence * hire_fte, one.elder * hire_fte, one.hours_lost * hire_fte]
    each = np.concatenate([np.stack(state), *(getattr(one, name) * both for _, name in LEAVING)])
    return Deeds(each, np.cumsum(each, axis=1))


Snapshots = list[list[tuple[np.ndarray, np.ndarray]]]


class Book:
    """Arrays (..., T, G) of flows and (..., T+1, G) of stocks."""

    def __init__(self, base: Base, steps: int) -> None:
        groups = len(base.groups)
        self.base, self.steps, self.groups = base, steps, groups
        self.stocks = np.zeros((5, steps + 1, groups))  # people, fte, absence, elder_new, elder_old
        self.own = np.zeros((steps + 1, groups))  # people of today still in their group
        self.movers_mean = np.zeros((2, steps + 1, groups))
        self.flows = np.zeros((len(FLOWS), 2, steps, groups))
        self.lost = np.zeros((steps, groups))
        self.today = np.zeros((steps, groups))
        self.moments: Snapshots = []
        self.parts: list[Callable[[], Snapshots]] = [lambda: self.moments]
        self.first_moves, self.survives = np.zeros((2, steps, groups)), np.zeros((2, steps, groups))
        self.absence = absence_by_age()
        self.shifted: tuple[Book, np.ndarray] | None = None

    def copy(self) -> Book:
        """One to go on writing in."""
        out = copy(self)
        for name in ("stocks", "movers_mean", "flows", "lost", "first_moves", "survives"):
            setattr(out, name, getattr(self, name).copy())
        out.parts = list(self.parts)
        return out

    @property
    def flow(self) -> dict[Flow, np.ndarray]:
        """(2, T, G) each, people and fte: views."""
        return {flow: self.flows[PLACE[flow]] for flow in Flow}

    @property
    def snapshots(self) -> Snapshots:
        """People by age, but for new colleagues who never moved: per moment ages (N,) and people (N, G), which add up."""
        return [[rows for part in known for rows in part] for known in zip(*(part() for part in self.parts if part()), strict=True)]

    def leave(self, t: int, out: Outflow) -> None:
        """Who of today's staff left their group in this step."""
        for flow, name in LEAVING:
            self.flow[flow][:, t] += getattr(out, name)
        self.lost[t] += out.hours_lost
        self.today[t] += out.retired[0]

    def moment(self, t: int, stock: Stock) -> None:
        """Book the stock at the end of step t - 1."""
        column, after = stock.by_column(), stock.after
        column_age, after_age = stock.ages_now()
        self.own[t] = self._weigh(t, *column, column_age, stock.columns.age) + self._weigh(t, *after, after_age, np.arange(AGES))
        ages = [(column_age, column[0].copy()), (after_age, after[0].copy())]
        if stock.waiting and stock.fixed is not None:
            ages.append(self._weigh_fixed(t, stock.fixed))
        self.moments.append(ages)

    def moved(self, found: Moved, kind: int) -> None:
        """People after a move: of today's staff (kind 0), or of those who come in later (1)."""
        for flow, name in (*LEAVING[:4], (Flow.MOVE_IN, "came")):
            self.flow[flow] += getattr(found, name)
        if kind == 0:
            self.today += found.retired[0]
        every = np.arange(AGES)
        self.stocks[0, 1:, found.place] += found.now[:, 0].sum(axis=1).T
        weighed = self._weights(every, np.zeros(AGES, int)) @ found.now[:, 1]
        self.stocks[1:, 1:, found.place] += weighed.transpose(1, 0, 2)
        self.movers_mean[:, 1:, found.place] += found.now.sum(axis=2).transpose(1, 0, 2)
        self.survives[kind] = found.survived
        self.first_moves[kind][:, np.unique(self.base.link_from)] = found.first
        ages: Snapshots = [[]]
        for people in found.now[:, 0]:
            everywhere = np.zeros((AGES, self.groups))
            everywhere[:, found.place] = people
            ages.append([(every, everywhere)])
        self.parts.append(lambda: ages)

    def add_shifted(self, pulse: Book, times: np.ndarray, each: np.ndarray, summed: np.ndarray) -> None:
        """Moves of new colleagues as shifted copies of `pulse`, which came in in the first step: `times` (T,) as many in each step; each,
        summed: as `shifting` gives them."""
        lag = np.arange(self.steps)[:, None] - np.arange(self.steps)
        shift = np.where(lag >= 0, times[np.maximum(lag, 0)], 0.0)  # (T, T): moment x years since coming in
        if (times[1:] == times[-1]).all():
            done = times[0] * each
            done[:, 1:] += times[-1] * summed[:, :-1]
        else:
            done = shift @ each
        pulsed = len(PULSED)
        self.stocks[:, 1:] += done[:5]
        self.movers_mean[:, 1:] += done[5:7]
        self.flows[PULSED] += done[7 : 7 + 2 * pulsed].reshape(pulsed, 2, self.steps, self.groups)
        before, after, self.first_moves[1] = done[7 + 2 * pulsed :]
        self.survives[1] = np.divide(after, before, out=np.zeros_like(after), where=before > 1e-12)
        self.shifted = (pulse, shift)

    def shifting(self, was: np.ndarray, still: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """All amounts of people who came in in the first step, (N, T, G), and their running sums over the years."""
        parts = (self.stocks[:, 1:], self.movers_mean[:, 1:], self.flows[PULSED].reshape(-1, *was.shape), [was, still, self.first_moves[1]])
        each = np.concatenate([np.asarray(part) for part in parts])
        return each, np.cumsum(each, axis=1)

    def _weights(self, age: np.ndarray, start: np.ndarray) -> np.ndarray:
        """(4, N): 1, absence, turned 60 after the start, was 60 at the start."""
        elder, was = age + AGE_MIN >= ELDER, start + AGE_MIN >= ELDER
        return np.stack([np.ones(len(age)), self.absence[age], elder & ~was, elder & was])

    def _weigh(self, t: int, people: np.ndarray, fte: np.ndarray, age: np.ndarray, start: np.ndarray) -> np.ndarray:
        """Book rows by age, (N, G); returns the people, (G,)."""
        size = people.sum(axis=0)
        self.stocks[0, t] += size
        self.stocks[1:, t] += self._weights(age, start) @ fte
        return size

    def _weigh_fixed(self, t: int, fixed: FixedTerm) -> tuple[np.ndarray, np.ndarray]:
        """Book the contracts that have yet to end; returns ages and people, (A,) and (A, G)."""
        rows, cells = fixed.present, fixed.cells
        age, amounts = np.minimum(cells.age[rows] + t, AGES - 1), cells.amounts[:2, rows] * fixed.alive[rows]
        weights = self._weights(age, cells.age[rows]) * amounts[1]
        found = per_group(cells.group[rows], np.concatenate([amounts[:1], weights]), self.groups)
        self.stocks[:, t] += found
        self.own[t] += found[0]
        table = np.bincount(age * self.groups + cells.group[rows], weights=amounts[0], minlength=AGES * self.groups)
        return np.arange(AGES), table.reshape(AGES, self.groups)

    def new_movers(self, hires: np.ndarray, one: Course, source: np.ndarray) -> np.ndarray:
        """(T, S, 2 amounts, 2 tenures, A): movers in each step among everybody hired before it."""
        moves = np.zeros((0, len(source), 2, AGES)) if one.movers is None else one.movers
        people = hires[source, 0][:, None, None] * moves
        if self.steps > 1 and one.movers_before is not None:
            people[1:] += hires[source, 1][:, None, None] * one.movers_before[:-1]
        uneven = uneven_rows(hires[source])
        if len(uneven):
            people[:, uneven] = convolve(hires[source][uneven], moves[:, uneven].transpose(2, 3, 0, 1)).transpose(2, 3, 0, 1)
        return np.stack([people, people * self.base.hire_fte[source][:, None, None]], axis=2)

    def hires(self, hires: np.ndarray, deeds: Deeds) -> None:
        """Everybody who comes in from now on, at once: what one of them does, times how many."""
        done = convolve(hires, deeds.each, deeds.summed)
        self.stocks[:4, 1:] += done[:4]
        self.lost += done[4]
        self.flows[: len(LEAVING)] += done[5:].reshape(len(LEAVING), 2, self.steps, self.groups)
        hired = self.flow[Flow.HIRE]
        hired[0] += hires.T
        hired[1] += hires.T * self.base.hire_fte

    def counted(self, squares: np.ndarray) -> Counted:
        """What the variance needs. squares (3, T+1, G): as `squares.squares`."""
        fte_squared, people, weighed = squares
        spread = np.stack([self.own, fte_squared, people, weighed])
        return Counted(spread, self.movers_mean, self.first_moves, self.survives, self.stocks[0, 0])

    def ages(self, step: int, hires: np.ndarray, one: Course) -> np.ndarray:
        """(G, A) people by single age."""
        out = np.zeros((AGES, self.groups))
        for age, people in self.snapshots[step]:
            _add(out, age[: len(people)], people)
        if self.shifted is not None and step:
            pulse, shift = self.shifted
            snapshots = pulse.snapshots
            for since, many in enumerate(shift[step - 1]):
                for age, people in snapshots[since + 1] if many else ():
                    _add(out, age, people * many)
        for s in range(step):
            age, people, after = one.ages[step - 1 - s]
            _add(out, age, people * hires[:, s])
            if after.any():
                _add(out, np.minimum(np.arange(AGES) + step - 1 - s, AGES - 1), after * hires[:, s])
        return out.T


def _add(out: np.ndarray, age: np.ndarray, people: np.ndarray) -> None:
    """Add rows (N, G) at their age; several rows may have the same one."""
    table = np.zeros((AGES, len(age)))
    table[age, np.arange(len(age))] = 1.0
    out += table @ people

"""All people of a projection together: today's staff, new colleagues and those who moved, year by year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from analytics.assumptions import per_group
from analytics.columns import Columns, Placed, Timing, place, spread
from analytics.estimate import FIRST_YEAR_DEFAULT
from analytics.fixed_term import YEARS_AT_START, FixedTerm, tenure_band
from analytics.grid import AGES, LAPSE_DEFAULT, Base
from analytics.inflow import Course, convolve, course, unit_grid
from analytics.moments import Counted, Moments, moments
from analytics.movers import Movers
from analytics.rates import hazard
from analytics.scenario import Scenario
from analytics.stock import Rules, Stock
from analytics.tables import absence_by_age
from analytics.workforce import AGE_MIN, Flow

EXTRA_STEPS = 6
"""Steps beyond the horizon in which a pension date still matters, where people retire in the years before it."""
ELDER = 60


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Raw results, fte before generation pact and part-time changes; shapes (G, T+1) for stocks and (G, T) for flows.

    absence: fte weighted with the share of time lost to sickness at each age; elder_new, elder_old: fte of people of 60 and over who
    turned 60 after, and before, `as_of`; fresh, fresh_before: fte of those hired in the last step and the one before; moved_in: fte.
    hires (G, T) people; new_people (T, G): chance that a hire is still in the group so many years after the step of hiring.
    """

    people: np.ndarray
    fte: np.ndarray
    absence: np.ndarray
    elder_new: np.ndarray
    elder_old: np.ndarray
    moments: Callable[[], Moments]
    flows: dict[Flow, np.ndarray]
    flows_fte: dict[Flow, np.ndarray]
    hours_lost: np.ndarray
    retired_today: np.ndarray
    fresh: np.ndarray
    fresh_before: np.ndarray
    moved_in: np.ndarray
    hires: np.ndarray
    new_people: np.ndarray
    ages: Callable[[int], np.ndarray]


def months_to(start: date, end: date) -> int:
    """Whole months between two days."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def run_staff(base: Base, scenario: Scenario, hires: np.ndarray, steps: int) -> Run:
    """hires (G, steps) people per step."""
    lever, rules = rules_of(base, scenario)
    hazards = base.hazards.copy()
    hazards[0] *= lever["resignation_multiplier"]
    columns, grid, past, placed = _start(base, timing_of(base, lever, rules, steps), steps)
    source = np.unique(base.link_from) if len(base.link_from) else None
    stock = _stock(grid, past, columns, rules)
    temporary = _fixed(base, placed, rules, lever)
    lapse = lapse_chance(base, lever["fixed_term_renewal"])
    first = base.first_year * lever["resignation_multiplier"] * hazard(lever["first_year_exit"] / 100) / hazard(FIRST_YEAR_DEFAULT)
    resign = np.concatenate([first[:, None], hazards[0, 0]], axis=1)
    one = course(
        base, _unit(base, lever, rules, steps), rules, resign, hazards[1, 0], absence_by_age(), steps, source, base.hire_fixed * lapse
    )
    movers = _movers(base, lever, rules, hazards) if source is not None else None
    book = _Book(base, steps)
    book.hires(hires, one)
    book.moment(0, stock, temporary, movers)
    for t in range(steps):
        _step(t, book, stock, temporary, movers, hazards, source, hires, one)
    return book.run(hires, one)


LEVERS = (
    "retirement_shift_months", "contract_ends_at_aow", "statutory_age_step_months", "rvu_uptake", "rvu_months_before", "work_on_after_aow",
    "resignation_multiplier", "first_year_exit", "fixed_term_renewal",
)  # fmt: skip


def rules_of(base: Base, scenario: Scenario) -> tuple[dict[str, np.ndarray], Rules]:
    """The levers of this room per group, and the rules that follow from them."""
    lever = {name: per_group(scenario, name, base.groups) for name in LEVERS}
    return lever, _rules(base, lever)


def lapse_chance(base: Base, renewal: np.ndarray) -> np.ndarray:
    """Chance that an ending contract is not renewed, (G,): the firm's own, moved in the measure the lever differs from its default."""
    return np.minimum(base.lapse * (1 - renewal / 100) / LAPSE_DEFAULT, 1.0)


def _rules(base: Base, lever: dict[str, np.ndarray]) -> Rules:
    """Those whose window was open already passed it by at the default uptake; a higher uptake makes some of them go now."""
    usual = Scenario().rvu_uptake / 100
    uptake = lever["rvu_uptake"] / 100
    leave_group = np.bincount(base.link_from, weights=base.link_chance, minlength=len(base.groups))
    return Rules(
        ends=lever["contract_ends_at_aow"] > 0,
        work_on=lever["work_on_after_aow"] / 100,
        earlier=uptake,
        earlier_inside=np.maximum(uptake - usual, 0) / (1 - usual),
        earlier_months=np.rint(lever["rvu_months_before"]).astype(int) * base.heavy,
        leave_group=leave_group,
    )


def timing_of(base: Base, lever: dict[str, np.ndarray], rules: Rules, steps: int) -> Timing:
    """When pension dates and windows fall, under these levers."""
    whole = {
        name: np.rint(lever[name]).astype(int) for name in ("retirement_shift_months", "statutory_age_step_months", "rvu_months_before")
    }
    return Timing(
        shift=whole["retirement_shift_months"] + base.rates.pension_shift_months,
        step=whole["statutory_age_step_months"],
        step_from=months_to(base.as_of, date(2032, 1, 1)),
        earlier=rules.earlier_months,
        horizon=steps + (0 if rules.ends.all() else EXTRA_STEPS),
    )


def _key(name: str, timing: Timing) -> tuple:
    return (name, timing.shift.tobytes(), timing.step.tobytes(), timing.step_from, timing.earlier.tobytes(), timing.horizon)


def _cached(base: Base, key: tuple, make: Callable[[], tuple]) -> tuple:
    """Keep the last few results that depend on pension rules only."""
    found = base.cache.get(key)
    if found is None:
        for old in [other for other in base.cache if other[0] == key[0]][:-7]:
            base.cache.pop(old, None)
        found = base.cache[key] = make()
    return found


def _start(base: Base, timing: Timing, steps: int) -> tuple:
    def make() -> tuple:
        columns, placed = place((base.permanent, base.fixed), timing)
        grid, past = spread(base.permanent, placed[0], len(columns), len(base.groups))
        _, past_fixed = spread(base.fixed, placed[1], len(columns), len(base.groups))
        return columns, grid, past + past_fixed, placed[1]

    return _cached(base, _key("start", timing), make)


def _unit(base: Base, lever: dict[str, np.ndarray], rules: Rules, steps: int) -> tuple:
    """People hired later reach the pension date under the law of their own date: the added months hold for all of them."""
    timing = timing_of(base, lever, rules, steps)
    timing = Timing(timing.shift, timing.step, -1, timing.earlier, timing.horizon)
    return _cached(base, _key("unit", timing), lambda: unit_grid(base, timing))


def _stock(grid: np.ndarray, past: np.ndarray, columns: Columns, rules: Rules) -> Stock:
    after = np.concatenate([past, past[[0, 2]]])
    return Stock(grid.copy(), grid[[0, 2]].copy(), after, columns, [int(years) for years in YEARS_AT_START], rules)


def _fixed(base: Base, placed: Placed, rules: Rules, lever: dict[str, np.ndarray]) -> FixedTerm | None:
    if not len(base.fixed):
        return None
    return FixedTerm(base.fixed, placed, rules, 1 - lapse_chance(base, lever["fixed_term_renewal"]), len(base.groups))


def _movers(base: Base, lever: dict[str, np.ndarray], rules: Rules, hazards: np.ndarray) -> Movers:
    age = base.pension_age_months + lever["retirement_shift_months"] + base.rates.pension_shift_months + lever["statutory_age_step_months"]
    return Movers(base, rules, hazards[0, 0][:, 2:], hazards[1, 0][:, 2:], age)


def _step(
    t: int,
    book: _Book,
    stock: Stock,
    temporary: FixedTerm | None,
    movers: Movers | None,
    hazards: np.ndarray,
    source: np.ndarray | None,
    hires: np.ndarray,
    one: Course,
) -> None:
    bands = tenure_band(np.array(stock.service))
    out = stock.step(*(hazards[cause, 0].transpose(1, 0, 2)[bands] for cause in (0, 1)), source=source)
    book.leave(t, out, today=True)
    leaving = out.movers
    if temporary is not None and book.temporary:
        out, lapsed = temporary.step(hazards, stock.after, source)
        book.leave(t, out, today=True)
        book.add(Flow.CONTRACT_END, t, lapsed)
        leaving = leaving + out.movers if leaving is not None else None
        if t >= max(4, temporary.last_step):
            amounts, squares = temporary.into(len(stock.columns))
            stock.amounts[:, -1] += amounts
            stock.squares[:, -1] += squares
            book.temporary = False
    if movers is not None and leaving is not None:
        new = _new_movers(t, book, hires, one, source)
        flow, pensions, came = movers.step(leaving, new)
        book.leave(t, flow, today=False)
        book.today[t] += pensions
        book.add(Flow.MOVE_IN, t, came)
        book.link(t, leaving, new, movers)
    book.moment(t + 1, stock, temporary if book.temporary else None, movers)


def _new_movers(t: int, book: _Book, hires: np.ndarray, one: Course, source: np.ndarray | None) -> np.ndarray:
    """(S, 2 amounts, 2 tenures, A): movers in step t among everybody hired before it."""
    if t and not np.array_equal(hires[:, 1:], np.broadcast_to(hires[:, 1:2], hires[:, 1:].shape)):
        people = sum(hires[source, s][:, None, None] * one.movers[t - s] for s in range(t + 1))
    else:  # the same number every year but the first: a running sum
        book.earlier_movers = book.earlier_movers + (one.movers[t - 1] if t else 0.0)
        people = hires[source, 0][:, None, None] * one.movers[t]
        if t:
            people = people + hires[source, min(1, hires.shape[1] - 1)][:, None, None] * book.earlier_movers
    return np.stack([people, people * book.base.hire_fte[source][:, None, None]], axis=1)


class _Book:
    """Adds everything up."""

    def __init__(self, base: Base, steps: int) -> None:
        groups = len(base.groups)
        self.base, self.steps, self.groups = base, steps, groups
        self.stocks = np.zeros((5, steps + 1, groups))  # people, fte, absence, elder_new, elder_old
        self.spread = np.zeros((4, steps + 1, groups))  # people P, fte_sq P, and the sums of squares of both
        self.movers_mean = np.zeros((2, steps + 1, groups))
        self.flow = {flow: np.zeros((2, steps, groups)) for flow in Flow}
        self.lost = np.zeros((steps, groups))
        self.today = np.zeros((steps, groups))
        self.snapshots: list[list[tuple[np.ndarray, np.ndarray]]] = []
        self.first_moves, self.survives = np.zeros((2, steps, groups)), np.zeros((2, steps, groups))
        self.absence = absence_by_age()
        self.temporary = True
        self.earlier_movers: np.ndarray | float = 0.0

    def add(self, flow: Flow, t: int, amounts: np.ndarray) -> None:
        self.flow[flow][:, t] += amounts[:2]

    def leave(self, t: int, out: object, today: bool) -> None:
        for flow, name in _LEAVING:
            self.add(flow, t, getattr(out, name))
        self.lost[t] += out.hours_lost
        if today:
            self.today[t] += out.retired[0]

    def moment(self, t: int, stock: Stock, temporary: FixedTerm | None, movers: Movers | None) -> None:
        """Book the stock at the end of step t - 1."""
        column, after = stock.by_column(), stock.after
        column_age, after_age = stock.ages_now()
        every = np.arange(AGES)
        self._weigh(t, column[0], column[1], column_age, stock.columns.age)
        self._weigh(t, after[0], after[1], after_age, every)
        ages = [(column_age, column[0].copy()), (after_age, after[0].copy())]
        self.spread[:, t] = [column[0].sum(axis=0) + after[0].sum(axis=0), column[2].sum(axis=0) + after[2].sum(axis=0), *stock.spread()]
        if temporary is not None:
            age = np.minimum(temporary.age + t, AGES - 1)
            for row, values in enumerate(temporary.weighed(self._weights(age, temporary.age))):
                self.stocks[row, t] += values
            self.spread[:, t] += np.concatenate([temporary.people()[[0, 2]], temporary.spread()])
            table = np.bincount(age * self.groups + temporary.group, weights=temporary.amounts[0], minlength=AGES * self.groups)
            ages.append((every, table.reshape(AGES, self.groups)))
        if movers is not None:
            everywhere = np.zeros((2, AGES, self.groups))
            everywhere[..., movers.place] = movers.now()
            self._weigh(t, *everywhere, every, np.zeros(AGES, int))
            self.movers_mean[:, t] = everywhere.sum(axis=1)
            ages.append((every, everywhere[0]))
        self.snapshots.append(ages)

    def _weights(self, age: np.ndarray, start: np.ndarray) -> np.ndarray:
        """(4, N): 1, absence, turned 60 after the start, was 60 at the start."""
        elder, was = age + AGE_MIN >= ELDER, start + AGE_MIN >= ELDER
        return np.stack([np.ones(len(age)), self.absence[age], (elder & ~was).astype(float), (elder & was).astype(float)])

    def _weigh(self, t: int, people: np.ndarray, fte: np.ndarray, age: np.ndarray, start: np.ndarray) -> None:
        self.stocks[0, t] += people.sum(axis=0)
        self.stocks[1:, t] += np.einsum("wc,cg->wg", self._weights(age, start), fte)

    def link(self, t: int, leaving: np.ndarray, new: np.ndarray, movers: Movers) -> None:
        """People who leave the group they started in, today's staff and new ones, per group; and the share of earlier movers who stay."""
        self.survives[:, t] = movers.survived
        source = np.unique(self.base.link_from)
        self.first_moves[0, t, source] = leaving[:, 0].sum(axis=(1, 2))
        self.first_moves[1, t, source] = new[:, 0].sum(axis=(1, 2))

    def hires(self, hires: np.ndarray, one: Course) -> None:
        each = self.base.hire_fte
        for flow, name in _LEAVING:
            self.flow[flow] += convolve(hires, getattr(one, name)) * np.stack([np.ones_like(each), each])[:, None]
        self.flow[Flow.CONTRACT_END] += convolve(hires, one.lapsed) * np.stack([np.ones_like(each), each])[:, None]
        self.flow[Flow.HIRE] += hires.T * np.stack([np.ones_like(each), each])[:, None]
        self.lost += convolve(hires, one.hours_lost) * each
        state = np.stack([one.people, one.fte, one.absence, one.elder])
        state[1:] *= each
        self.stocks[:4, 1:] += convolve(hires, state)
        self.new_people = convolve(hires, one.people)

    def run(self, hires: np.ndarray, one: Course) -> Run:
        each = self.base.hire_fte
        fresh = hires.T * one.fte[:1] * each if self.steps else np.zeros((0, self.groups))
        before = np.zeros_like(fresh)
        if self.steps > 1:
            before[1:] = hires.T[:-1] * one.fte[1:2] * each
        counted = Counted(self.spread, self.movers_mean, self.first_moves, self.survives, self.stocks[0, 0])
        flows = {flow: amounts[0].T.copy() for flow, amounts in self.flow.items()}
        flows_fte = {flow: amounts[1].T.copy() for flow, amounts in self.flow.items()}
        return Run(
            *(row.T.copy() for row in self.stocks),
            moments=cache(lambda: moments(self.base, counted, hires, one)),
            flows=flows,
            flows_fte=flows_fte,
            hours_lost=self.lost.T,
            retired_today=self.today.T,
            fresh=fresh.T,
            fresh_before=before.T,
            moved_in=self.flow[Flow.MOVE_IN][1].T,
            hires=hires,
            new_people=one.people,
            ages=lambda step: self.ages(step, hires, one),
        )

    def ages(self, step: int, hires: np.ndarray, one: Course) -> np.ndarray:
        out = np.zeros((AGES, self.groups))
        for age, people in self.snapshots[step]:
            np.add.at(out, age[: len(people)], people)
        for s in range(step):
            age, people, after = one.ages[step - 1 - s]
            np.add.at(out, age, people * hires[:, s])
            np.add.at(out, np.minimum(np.arange(AGES) + step - 1 - s, AGES - 1), after * hires[:, s])
        return out.T


_LEAVING = ((Flow.RETIREMENT, "retired"), (Flow.RESIGNATION, "resigned"), (Flow.OTHER_EXIT, "other"), (Flow.MOVE_OUT, "moved"))

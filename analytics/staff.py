"""All people of a projection together: today's staff, new colleagues and those who moved, year by year."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from types import ModuleType
from typing import TypeVar

import numpy as np

from analytics import compiled, looped
from analytics.after_hire import AfterHire
from analytics.apprentices import Places, mentors_limit, places
from analytics.assumptions import per_group
from analytics.book import Book, deeds
from analytics.by_group import Runner, lay
from analytics.columns import Placed, Timing, place, tenure_band
from analytics.estimate import FIRST_YEAR_DEFAULT
from analytics.exits import Rules
from analytics.fixed_term import FixedTerm
from analytics.grid import LAPSE_DEFAULT, Base
from analytics.incoming import Incoming
from analytics.inflow import Course, course, unit_grid
from analytics.moments import Spread, moments
from analytics.movers import Movers, dates_of
from analytics.paths import LEVERS as PATHS
from analytics.paths import chances
from analytics.rates import hazard
from analytics.scenario import Scenario
from analytics.squares import squares
from analytics.stock import Stock
from analytics.tables import absence_by_age
from analytics.workforce import Flow

Made = TypeVar("Made")
EXTRA_STEPS = 6
"""Steps beyond the horizon in which a pension date still matters, where people retire in the years before it."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Raw results, fte before generation pact and part-time changes; shapes (G, T+1) for stocks and (G, T) for flows.

    absence: fte weighted with the share of time lost to sickness at each age; elder_new, elder_old: fte of people of 60 and over who
    turned 60 after, and before, `as_of`; fresh, fresh_before: fte of those hired in the last step and the one before; moved_in: fte.
    hires (G, T) people; new_people (T, G): chance that a hire is still in the group so many years after the step of hiring.
    stayed (G, T+1): share of today's staff still in the group; places: apprentice places; learning (G, T+1): people being retrained
    beside those of a usual year, None: nobody.
    """

    people: np.ndarray
    fte: np.ndarray
    absence: np.ndarray
    elder_new: np.ndarray
    elder_old: np.ndarray
    moments: Callable[[], Spread]
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
    stayed: np.ndarray
    places: Places
    learning: np.ndarray | None = None


def months_to(start: date, end: date) -> int:
    """Whole months between two days."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def run_staff(base: Base, scenario: Scenario, hires: np.ndarray, steps: int) -> Run:
    """hires (G, steps) people per step, the same in every step but the first."""
    known = _known(base, scenario, steps)
    found = places(base, scenario, hires, known)
    hires = found.hires
    return _run(known.incoming.booked(known.book, hires), known.squares, found, known.one)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What does not depend on how many come in: today's staff through the years, booked, what one new colleague does, and how hires
    are added to a book."""

    book: Book
    squares: Callable[[], np.ndarray]
    one: Course
    incoming: Incoming


def _known(base: Base, scenario: Scenario, steps: int) -> Known:
    """The last few are kept: changing hires alone finds the same one again."""
    rules = tuple(rule for rule in scenario.overrides if rule.lever in LEVERS)
    key = ("known", steps, rules, *(getattr(scenario, name) for name in LEVERS))
    return _cached(base, key, lambda: follow(base, scenario, steps, compiled.way(base.cache)))


def follow(base: Base, scenario: Scenario, steps: int, loops: ModuleType | None) -> Known:
    """Today's staff and one new colleague through the years, by compiled loops where there are any."""
    lever, rules = rules_of(base, scenario)
    base = replace(base, link_chance=chances(base, lever))
    hazards = base.hazards.copy()
    hazards[0] *= lever["resignation_multiplier"]
    source = np.unique(base.link_from) if len(base.link_from) else None
    first = base.first_year * lever["resignation_multiplier"] * hazard(lever["first_year_exit"] / 100) / hazard(FIRST_YEAR_DEFAULT)
    resign = np.concatenate([first[:, None], hazards[0, 0]], axis=1)
    lapse = base.hire_fixed * (1 - rules.renewal)
    if loops is not None:
        try:
            return _follow_by_loops(loops, base, lever, rules, hazards, resign, lapse, steps)
        except TypeError:  # arrays of a kind that the loops were not compiled for
            logging.getLogger(__name__).exception("compiled loops refused")
    one = course(_unit(base, lever, rules, steps), rules, resign, hazards[1, 0], absence_by_age(), steps, source, lapse)
    placed = _placed(base, timing_of(base, lever, rules, steps))
    stock = Stock(placed, rules, FixedTerm(base.fixed, placed.fixed_month, rules, len(base.groups)) if len(base.fixed) else None)
    book, first_moves = Book(base, steps), []
    book.moment(0, stock)
    for t in range(steps):
        bands = tenure_band(stock.service)
        out = stock.step(*(hazards[cause, 0].transpose(1, 0, 2)[bands] for cause in (0, 1)), source, hazards)
        book.leave(t, out)
        book.moment(t + 1, stock)
        first_moves.append(out.movers)
    movers = None
    if source is not None:
        movers = Movers(base, rules, *_of_movers(hazards), _pension_age(base, lever))
        book.moved(movers.follow(np.stack(first_moves)), 0)
    after = None if movers is None else AfterHire(movers, one)
    done = cache(lambda: deeds(one, base.hire_fte))
    return Known(book, cache(lambda: squares(stock)), one, Incoming(after, lambda book, hires: book.hires(hires, done())))


def _follow_by_loops(
    loops: ModuleType,
    base: Base,
    lever: dict[str, np.ndarray],
    rules: Rules,
    hazards: np.ndarray,
    resign: np.ndarray,
    lapse: np.ndarray,
    steps: int,
) -> Known:
    timing = timing_of(base, lever, rules, steps)
    source = np.unique(base.link_from)
    tracks = int(max(cells.tenure.max(initial=0) for cells in (base.permanent, base.fixed))) + 1
    own = _cached(base, (*_key("laid", timing), steps), lambda: lay(loops, _placed(base, timing), base.fixed, timing.earlier, steps))
    new = _cached(
        base, (*_key("laid_new", timing), steps), lambda: lay(loops, _unit(base, lever, rules, steps), None, timing.earlier, steps)
    )
    ages = _pension_age(base, lever)
    dates = _cached(base, ("dates", ages.tobytes()), lambda: dates_of(ages))
    runner = Runner(loops, base, steps, rules, source, min(own.first_age, new.first_age))
    people = looped.People(runner, own, new, tracks, hazards, resign, hazards[1, 0], lapse, dates)
    book, of_squares, one, after, bring = looped.known(people, mentors_limit(base))
    return Known(book, lambda: of_squares, one, Incoming(after, bring))


LEVERS = (
    "retirement_shift_months", "contract_ends_at_aow", "statutory_age_step_months", "rvu_uptake", "rvu_months_before", "work_on_after_aow",
    "resignation_multiplier", "first_year_exit", "fixed_term_renewal", *PATHS,
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
    leave_group = np.bincount(base.link_from, weights=chances(base, lever), minlength=len(base.groups))
    return Rules(
        ends=lever["contract_ends_at_aow"] > 0,
        work_on=lever["work_on_after_aow"] / 100,
        earlier=uptake,
        earlier_inside=np.maximum(uptake - usual, 0) / (1 - usual),
        earlier_months=np.rint(lever["rvu_months_before"]).astype(int) * base.heavy,
        leave_group=leave_group,
        renewal=1 - lapse_chance(base, lever["fixed_term_renewal"]),
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


def _cached(base: Base, key: tuple, make: Callable[[], Made]) -> Made:
    """Keep the last few results of one name that depend on the rest of the key only: those last asked for."""
    found = base.cache.pop(key, None)
    if found is None:
        for old in [other for other in list(base.cache) if other[0] == key[0]][:-7]:
            base.cache.pop(old, None)
        found = make()
    base.cache[key] = found
    return found


def _placed(base: Base, timing: Timing) -> Placed:
    return _cached(base, _key("placed", timing), lambda: place(base.permanent, base.fixed, timing, len(base.groups)))


def _unit(base: Base, lever: dict[str, np.ndarray], rules: Rules, steps: int) -> Placed:
    """People hired later reach the pension date under the law of their own date: the added months hold for all of them."""
    timing = timing_of(base, lever, rules, steps)
    timing = Timing(timing.shift, timing.step, -1, timing.earlier, timing.horizon)
    return _cached(base, _key("unit", timing), lambda: unit_grid(base, timing))


def _of_movers(hazards: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of resigning and of other exits, (B, 2, G): under and over five years of service."""
    return hazards[0, 0][:, 2:], hazards[1, 0][:, 2:]


def _pension_age(base: Base, lever: dict[str, np.ndarray]) -> np.ndarray:
    """In months, of people whose own month is not known, (G,)."""
    return base.pension_age_months + lever["retirement_shift_months"] + base.rates.pension_shift_months + lever["statutory_age_step_months"]


def _run(book: Book, squares: Callable[[], np.ndarray], found: Places, one: Course) -> Run:
    each, steps, hires = book.base.hire_fte, book.steps, found.hires
    start = book.own[:1]
    fresh = hires.T * one.fte[:1] * each if steps else np.zeros((0, book.groups))
    before = np.zeros_like(fresh)
    if steps > 1:
        before[1:] = hires.T[:-1] * one.fte[1:2] * each
    return Run(
        *(row.T for row in book.stocks),
        moments=cache(lambda: moments(book.base, book.counted(squares()), hires, one, compiled.way(book.base.cache))),
        flows={flow: amounts[0].T for flow, amounts in book.flow.items()},
        flows_fte={flow: amounts[1].T for flow, amounts in book.flow.items()},
        hours_lost=book.lost.T,
        retired_today=book.today.T,
        fresh=fresh.T,
        fresh_before=before.T,
        moved_in=book.flow[Flow.MOVE_IN][1].T,
        hires=hires,
        new_people=one.people,
        ages=cache(lambda step: book.ages(step, hires, one)),
        stayed=np.divide(book.own, start, out=np.zeros_like(book.own), where=start > 0).T,
        places=found,
    )

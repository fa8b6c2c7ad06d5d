"""What the loops are given and what they write.

Axes: G groups, A single ages, W ages from the youngest on, B age bands, K tracks of service, N classes of service with chances of their
own, C columns, R near rows, F fixed-term rows, T steps, M moments, P groups somebody moves into, S groups somebody moves out of. Arrays are
C-contiguous, float64 and int64.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

loops = njit(nogil=True, error_model="numpy", fastmath={"reassoc", "contract", "arcp", "nsz"})
"""Sums may be taken in any order; nothing else is given up."""

RETIRED, RESIGNED, OTHER, MOVED, LAPSED, CAME = range(6)
"""First axis of flows."""
PEOPLE, FTE, ABSENCE, ELDER_NEW, ELDER_OLD = range(5)
"""First axis of stocks."""


class Ages(NamedTuple):
    """band (A,) of each age; absence (A,) share of time lost; elder: first age (index) that counts as elder; past_exit: yearly chance to
    stop of who works on after the pension date, past_hours: their hours; retire (7,): hazard of retiring from five steps before the step
    of the statutory date to one after it, where contracts do not end by law; long_service in years."""

    band: np.ndarray
    absence: np.ndarray
    elder: int
    past_exit: float
    past_hours: float
    retire: np.ndarray
    long_service: int


class Grid(NamedTuple):
    """age, leave (C,): age at the start and step of the pension date; present (T+1,): columns, a prefix, that can hold people at each step;
    far: columns, a prefix, beyond the horizon. Whole numbers that count columns have no sign (uint64): a compiler need not think of
    counting from the end."""

    age: np.ndarray
    leave: np.ndarray
    present: np.ndarray
    far: int


class Near(NamedTuple):
    """Rows with a date within reach, by group (`at`, (G+1,)) and step of that date: track, column, step, part of the step before the date;
    opens_step, opens_part of the earlier stop (step -1: open already; far ahead: never); by_opening: the rows of each group in order of
    opening; amounts (R, 3)."""

    at: np.ndarray
    track: np.ndarray
    column: np.ndarray
    step: np.ndarray
    part: np.ndarray
    opens_step: np.ndarray
    opens_part: np.ndarray
    by_opening: np.ndarray
    amounts: np.ndarray


class Terms(NamedTuple):
    """Fixed-term rows by group (`at`, (G+1,)), the latest end first: age, years of service, track, column, near row (-1 none), step and
    part of the end; leave, part: of the pension date; opens_step, opens_part as in Near; amounts (F, 3)."""

    at: np.ndarray
    age: np.ndarray
    years: np.ndarray
    track: np.ndarray
    column: np.ndarray
    near: np.ndarray
    end_step: np.ndarray
    end_part: np.ndarray
    leave: np.ndarray
    part: np.ndarray
    opens_step: np.ndarray
    opens_part: np.ndarray
    amounts: np.ndarray


class Law(NamedTuple):
    """Per group: ends (bool) at the pension date; shares that work on, stop earlier when it opens, or now when it is open; leave: yearly
    chance to move; renewal of contracts; resign, other (G, N, B) hazards; resign_fixed, other_fixed (G, 4, B) of contracts that have yet
    to end; each with the chance to stay a whole year and the part of it lived, `*_stays` and `*_lived`; ahead (3, G, B or 0): resign and
    other hazard of the half year before the first step, of new colleagues, and lapse (row 2, band 0): chance that their contract ends
    after the first step."""

    ends: np.ndarray
    work_on: np.ndarray
    earlier: np.ndarray
    earlier_inside: np.ndarray
    leave: np.ndarray
    renewal: np.ndarray
    resign: np.ndarray
    other: np.ndarray
    resign_fixed: np.ndarray
    other_fixed: np.ndarray
    stays: np.ndarray
    lived: np.ndarray
    stays_fixed: np.ndarray
    lived_fixed: np.ndarray
    ahead: np.ndarray


class Path(NamedTuple):
    """tracks (T+1,): how many there are at each step; now (T+1, K): where each first track is; joins (T, K): where each track of a step
    goes; service (T, K): class of service; late (T, K): 1 where a track has long service at the end of the step."""

    tracks: np.ndarray
    now: np.ndarray
    joins: np.ndarray
    service: np.ndarray
    late: np.ndarray


class Told(NamedTuple):
    """What is written. flows (5, 2, T, G); lost (T, G) fte given up by who works on; stocks (5, M, G); squares (3, M, G) or empty: sums of
    fte^2 P, P^2 and fte^2 P^2; ages (M, A, G) or empty: people by age at that moment, and after (M, A, G) or empty: those past their date
    by age at the start, else they are in `ages`; early (E, S, 2, W), late (T, S, 2, W): movers by source, amount and age at the end of
    the step, from first_age on; source (G,): place of a group in S or -1."""

    flows: np.ndarray
    lost: np.ndarray
    stocks: np.ndarray
    squares: np.ndarray
    ages: np.ndarray
    after: np.ndarray
    early: np.ndarray
    late: np.ndarray
    source: np.ndarray
    first_age: int


class State(NamedTuple):
    """Where people are while the years pass. x (G, 2, K, C): people and fte; y (G, 3, K, C) as `Told.squares`, one group when those are not
    asked; after (G, 2, A), after_y (G, 3, A): past their date, by age at the start; alive (G, K, C - far): chance to be there of near
    columns by first track; kept (R,): the same of near rows for another reason than a hazard; here (F,): chance of fixed-term rows to be
    there; high (G,): end of those that have yet to end; leaving, opening (G,): next near row by date and by opening; youngest (G,): lowest
    age in `after`."""

    x: np.ndarray
    y: np.ndarray
    after: np.ndarray
    after_y: np.ndarray
    alive: np.ndarray
    kept: np.ndarray
    here: np.ndarray
    high: np.ndarray
    leaving: np.ndarray
    opening: np.ndarray
    youngest: np.ndarray


class Ways(NamedTuple):
    """place (P,): groups that somebody moves into; leave (P,): yearly chance to move out of each; here (S,): place of each source, -1 where
    nobody moves into it; at (P+1,), source, share (L,): the links into each place."""

    place: np.ndarray
    leave: np.ndarray
    here: np.ndarray
    at: np.ndarray
    source: np.ndarray
    share: np.ndarray


class Going(NamedTuple):
    """How who moved leaves the firm: resign, other (P, 2, B) hazards under and over five years of service; ends (P,); which (P,): row of
    share, middle, hazard (W, A): share of an age that reaches its date in a step, the mean part of the step before it, and the hazard of
    retiring where contracts do not end; first: youngest age (index) of all arrays by age that are W long; special: first age at which
    pension matters."""

    resign: np.ndarray
    other: np.ndarray
    ends: np.ndarray
    which: np.ndarray
    share: np.ndarray
    middle: np.ndarray
    hazard: np.ndarray
    first: int
    special: int


class Followed(NamedTuple):
    """Written by `follow`, added to what is there: flows (6, 2, T, G); stocks (5, M, G); mean (2, M, G): people and fte who moved; survived
    (T, G): share of those who were in a group at the start of a step that was still with the firm at its end; first (T, G): first moves
    out of each group; ages (M, A, G) or empty."""

    flows: np.ndarray
    stocks: np.ndarray
    mean: np.ndarray
    survived: np.ndarray
    first: np.ndarray
    ages: np.ndarray


@loops
def retiring(retire, distance):
    """Hazard of retiring so many steps after the step of the statutory date."""
    if distance < -5:
        return 0.0
    return retire[min(distance, 1) + 5]


@loops
def lived(hazard, stays, length):
    """Part of a year lived, of `length`, by who stays with this chance."""
    return (1.0 - stays) / hazard if hazard > 0 else length


@loops
def count_exits(flows, f, g, retired, retired_fte, resigned, resigned_fte, other, other_fte):
    """Add who left a group in a year, people and fte."""
    flows[RETIRED, 0, f, g] += retired
    flows[RETIRED, 1, f, g] += retired_fte
    flows[RESIGNED, 0, f, g] += resigned
    flows[RESIGNED, 1, f, g] += resigned_fte
    flows[OTHER, 0, f, g] += other
    flows[OTHER, 1, f, g] += other_fte


@loops
def stays_past_date(g, row, age, amounts, value, on, less, squared, state):
    """Add to who works on past the pension date, with `less` of their hours: `on` of what is left (`value`) of the people in a row."""
    after, after_y = state.after, state.after_y
    people, fte = amounts[row, 0] * value, amounts[row, 1] * value
    state.youngest[g] = min(state.youngest[g], age)
    after[g, 0, age] += people * on
    after[g, 1, age] += fte * on * less
    if squared:
        chance = value * on
        after_y[g, 0, age] += amounts[row, 2] * chance * less**2
        after_y[g, 1, age] += amounts[row, 0] * chance * chance
        after_y[g, 2, age] += amounts[row, 2] * chance * chance * less**2

"""What the loops are given and what they write.

Axes: G groups, L groups of a block, A single ages, W ages from the youngest on, B age bands, K tracks of service, N classes of service with
chances of their own, C columns, R near rows, F fixed-term rows, T steps, M moments, P groups somebody moves into, S groups somebody moves
out of. Arrays are C-contiguous, float64 and int64; what counts or points and is never negative has no sign (uint64, uint32): a compiler
need not think of counting from the end, and takes many at once.
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
PARTS = 24
"""Parts of a step by which the end of a contract is told: the middle of a month, or of the step."""


class Ages(NamedTuple):
    """band (A,) of each age; absence (A,) share of time lost; elder: first age (index) that counts as elder; past_exit: yearly chance to
    stop of who works on after the pension date, past_hours: their hours; retire (7,): hazard of retiring from five steps before the step
    of the statutory date to one after it, where contracts do not end by law; long_service in years; years (K,) of service taken for each
    track at the start."""

    band: np.ndarray
    absence: np.ndarray
    elder: int
    past_exit: float
    past_hours: float
    retire: np.ndarray
    long_service: int
    years: np.ndarray


class Grid(NamedTuple):
    """age, leave (C,): age at the start and step of the pension date; present (T+1,): columns, a prefix, that can hold people at each step;
    far: columns, a prefix, beyond the horizon; oldest: one more than the highest age (index) of anybody at the start. Whole numbers that
    count columns have no sign (uint64): a compiler need not think of counting from the end."""

    age: np.ndarray
    leave: np.ndarray
    present: np.ndarray
    far: int
    oldest: int


class Near(NamedTuple):
    """Rows with a date within reach, by group (`at`, (G+1,)) and step of that date: row (R, 3) step, track and column; part of the step
    before the date; opens_step, opens_part of the earlier stop (step -1: open already; far ahead: never); by_opening: the rows of each
    group in order of opening; amounts (R, 3)."""

    at: np.ndarray
    row: np.ndarray
    part: np.ndarray
    opens_step: np.ndarray
    opens_part: np.ndarray
    by_opening: np.ndarray
    amounts: np.ndarray


AGE, TRACK, COLUMN, NEAR, END, END_AT, SOON = range(7)
"""Columns of `Terms.row`."""


class Terms(NamedTuple):
    """Fixed-term rows by group (`at`, (G+1,)), the latest end first. row (F, 7), what every step asks, close together: age, track, column,
    one more than the near row (0 none), step of the end and its place in that step counted in parts of `PARTS`, first step in which one of
    the dates may matter; leave, part: of the pension date; opens_step, opens_part as in Near; amounts (F, 3)."""

    at: np.ndarray
    row: np.ndarray
    leave: np.ndarray
    part: np.ndarray
    opens_step: np.ndarray
    opens_part: np.ndarray
    amounts: np.ndarray


class Law(NamedTuple):
    """Per group: ends (bool) at the pension date; shares that work on, stop earlier when it opens, or now when it is open; leave: yearly
    chance to move; renewal of contracts; resign, other (N, B, G) hazards; resign_fixed, other_fixed (4, B, G) of contracts that have yet
    to end; each with the chance to stay a whole year and the part of it lived; ahead (3, B or 0, G): resign and other hazard of the half
    year before the first step, of new colleagues, and lapse (row 2, band 0): chance that their contract ends after the first step."""

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


class Start(NamedTuple):
    """Everybody at the start. amounts (3, K, C, G): people, fte and sum of fte squared; past (3, A, G): past their date, by age; kept (R,):
    0 for near rows of contracts that have yet to end, else 1, and here (F,): 1: both are written in."""

    amounts: np.ndarray
    past: np.ndarray
    kept: np.ndarray
    here: np.ndarray


class State(NamedTuple):
    """Where the people of one block of groups are while the years pass; L groups beside each other, the last axis, so that the same is done
    for all of them at once. x (Q, K, C, L): people, fte, and with squares as `Told.squares`; new colleagues have people alone, one fte
    each. after (2 or 5, A, L): past their date, by age at the start, nobody younger than low (1,); alive (K, C - far, L): chance to be
    there of near columns by first track; kept (R,): the same of near rows for another reason than a hazard; here (F,): chance of fixed-term
    rows to be there; high (L,): end of those that have yet to end; leaving, opening (L,): next near row by date and by opening; moving
    (2, 2, A, L): who is on the grid of those whose group moves, by tenure (under and over five years), amount and age."""

    x: np.ndarray
    after: np.ndarray
    low: np.ndarray
    alive: np.ndarray
    kept: np.ndarray
    here: np.ndarray
    high: np.ndarray
    leaving: np.ndarray
    opening: np.ndarray
    moving: np.ndarray


class Ways(NamedTuple):
    """place (P,): groups that somebody moves into; leave (P,): yearly chance to move out of each; here (S,): place of each source, -1 where
    nobody moves into it; at (P+1,), source, share (L,): the links into each place."""

    place: np.ndarray
    leave: np.ndarray
    here: np.ndarray
    at: np.ndarray
    source: np.ndarray
    share: np.ndarray


class FirstMoves(NamedTuple):
    """early (E, S, 2 or 1, W), late (T, S, 2 or 1, W): first moves by source, amount (people alone: 1) and age, of people under and over
    five years of service; each (S, 2): factors on people and fte."""

    early: np.ndarray
    late: np.ndarray
    each: np.ndarray


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
def stays_past_date(lane, age, people, fte, squares, squared_people, squared_fte, less, state):
    """Add to who works on past the pension date, with `less` of their hours: how many they are."""
    after = state.after
    state.low[0] = min(state.low[0], age)
    after[0, age, lane] += people
    after[1, age, lane] += fte * less
    if after.shape[0] > 2:
        after[2, age, lane] += squares * less**2
        after[3, age, lane] += squared_people
        after[4, age, lane] += squared_fte * less**2

"""New colleagues: what one average hire of a group does in the years after coming in, and the sum of all hires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.columns import Placed, Timing, place, tenure_band
from analytics.exits import Rules, survival
from analytics.folding import AGES, FAR, NO_END, Cells
from analytics.grid import BAND_OF_AGE, Base
from analytics.stock import Stock
from analytics.workforce import AGE_MIN


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Per person hired, by years since the step of hiring (U, G): people and fte (per fte hired) at the end of the step, fte weighted
    by absence and of people of 60 and over. In the step, people and fte (2, U, G): retired, resigned, other, moved, lapsed (contract
    ended); hours_lost (U, G); movers (U, S, 2 tenures, A) people or None, movers_before their sum up to
    that year; ages: per step the columns' age index, (C, G) people, and (A, G) past their pension date.
    """

    people: np.ndarray
    fte: np.ndarray
    absence: np.ndarray
    elder: np.ndarray
    retired: np.ndarray
    resigned: np.ndarray
    other: np.ndarray
    moved: np.ndarray
    lapsed: np.ndarray
    hours_lost: np.ndarray
    movers: np.ndarray | None
    movers_before: np.ndarray | None
    ages: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]]


def new_cells(base: Base, horizon: int) -> Cells:
    """One hire per group, spread over the ages of past hires; near enough to the pension date also over the months of a year."""
    months = np.floor(base.pension_age_months - 12 * (np.arange(AGES)[:, None] + AGE_MIN) - np.arange(12) - 0.5).astype(int)
    rows_age, rows_month, part = [], [], []
    for age in range(AGES):
        if months[age].min() >= 12 * (horizon + 12):
            rows_age.append([age]), rows_month.append([FAR]), part.append([1.0])
        else:
            rows_age.append([age] * 12), rows_month.append(np.maximum(months[age], 0)), part.append([1 / 12] * 12)
    age, month, share = (np.concatenate(rows) for rows in (rows_age, rows_month, part))
    people = base.hire_ages[age] * share[:, None]
    row, group = np.nonzero(people > 0)
    amounts = np.repeat(people[row, group][None], 3, axis=0)
    flat = np.zeros(len(row), int)
    return Cells(group, age[row].astype(int), flat, month[row].astype(int), np.full(len(row), NO_END), flat * 0.5, amounts)


def unit_grid(base: Base, timing: Timing) -> Placed:
    """One hire per group on the grid; cached by the caller, as it depends on the pension rules only."""
    return place(new_cells(base, timing.horizon), None, timing, len(base.groups), fold=True)


def course(
    grid: Placed,
    rules: Rules,
    resign: np.ndarray,
    other: np.ndarray,
    absence: np.ndarray,
    years: int,
    source: np.ndarray | None,
    lapse: np.ndarray,
) -> Course:
    """Follow one hire. resign (B, 5, G): first year of service, then the four tenure bands; other (B, K, G); absence (A,).
    lapse (G,): chance that the contract ends at the end of the step in which the first year is full.

    Hired halfway the step: half a year at first-year chances; after that each step lies across two years of service.
    """
    groups = len(lapse)
    stock = Stock(grid, rules)
    names = ("retired", "resigned", "other", "moved")
    flows = {name: np.zeros((2, years, groups)) for name in (*names, "lapsed")}
    flows["resigned"][:, 0], flows["other"][:, 0] = _first_half(stock, resign[:, 0], other[:, 0])
    state = np.zeros((4, years, groups))
    lost = np.zeros((years, groups))
    movers = None if source is None else np.zeros((years, len(source), 2, AGES))
    ages = []
    weights = np.stack([np.ones(AGES), absence, np.arange(AGES) + AGE_MIN >= 60])
    for u in range(years):
        if u:
            out = stock.step(*across(resign, other, u), source)
            for name in names:
                flows[name][:, u] = getattr(out, name)
            lost[u] = out.hours_lost
            if u == 1:
                flows["lapsed"][:, u] = stock.amounts.sum(axis=(1, 2)) * lapse
                stock.keep(1 - lapse)
            if movers is not None and out.movers is not None:
                movers[u] = out.movers[:, 0]
        column, after = stock.by_column(), stock.after
        column_age, after_age = stock.ages_now()
        state[0, u] = column[0].sum(axis=0) + after[0].sum(axis=0)
        state[1:, u] = weights[:, column_age] @ column[1]
        if after.any():
            state[1:, u] += weights[:, after_age] @ after[1]
        ages.append((column_age, column[0].copy(), after[0].copy()))
    return Course(*state, *flows.values(), lost, movers, None if movers is None else np.cumsum(movers, axis=0), ages)


def _first_half(stock: Stock, resign: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The half year between coming in and the end of that step, hazards (B, G): who resigned and who left otherwise, (G,)."""
    stay, lived = survival(resign + other, 0.5)
    band = BAND_OF_AGE[stock.columns.age]
    hired = stock.amounts[0].sum(axis=0)
    gone, resigned = (hired * (1 - stay)[band]).sum(axis=0), (hired * (resign * lived)[band]).sum(axis=0)
    stock.keep(stay[band])
    return resigned, gone - resigned


def across(resign: np.ndarray, other: np.ndarray, u: int) -> tuple[np.ndarray, np.ndarray]:
    """Hazards (1, B, G) of the step that lies half in one year of service and half in the next."""
    before = resign[:, 0] if u == 1 else resign[:, 1 + tenure_band(u - 1)]
    mean = 0.5 * (before + resign[:, 1 + tenure_band(u)]), 0.5 * (other[:, tenure_band(u - 1)] + other[:, tenure_band(u)])
    return mean[0][None], mean[1][None]


def uneven_rows(hires: np.ndarray) -> np.ndarray:
    """Groups (rows of hires (G, T)) in which not as many come in every step but the first."""
    return np.flatnonzero((hires[:, 2:] != hires[:, 1:2]).any(axis=1))


def convolve(hires: np.ndarray, course: np.ndarray, summed: np.ndarray | None = None) -> np.ndarray:
    """Sum over hiring steps s of hires (G, T) x what a hire does u = t - s steps later (..., T, G): (..., T, G).

    Where as many come in every step but the first, the later ones are a running sum, `summed` over the years where it is known.
    """
    out = hires[:, 0] * course
    steps = course.shape[-2]
    if steps > 1:
        running = np.cumsum(course[..., :-1, :], axis=-2) if summed is None else summed[..., :-1, :]
        out[..., 1:, :] += hires[:, 1] * running
    uneven = uneven_rows(hires)
    if len(uneven):
        own = hires[uneven]
        part = np.zeros((*course.shape[:-1], len(uneven)))
        for s in range(steps):
            part[..., s:, :] += own[:, s] * course[..., : steps - s, uneven]
        out[..., uneven] = part
    return out

"""Each moment of who stays, written down by group."""

from __future__ import annotations

import numpy as np

from analytics.loops.shapes import ABSENCE, ELDER_NEW, ELDER_OLD, FTE, PEOPLE, loops


@loops
def weights_of(steps, grid, ages):
    """Weights of the fte of each column at each moment (3, T+1, C): absence, turned 60 after the start, was 60 at the start; and its
    band of age (T+1, C)."""
    size, last, elder = grid.age.shape[0], ages.band.shape[0] - 1, ages.elder
    weights, bands = np.zeros((3, steps + 1, size)), np.zeros((steps + 1, size), np.uint64)
    for t in range(steps + 1):
        for c in range(size):
            age = min(grid.age[c] + t, last)
            weights[0, t, c] = ages.absence[age]
            if age >= elder:
                weights[2 if grid.age[c] >= elder else 1, t, c] = 1.0
            bands[t, c] = ages.band[age]
    return weights, bands


@loops
def tell(t, first, until, columns, tracks, weights, state, terms, grid, ages, told):
    """Write the moment t of some groups, those whose contract has yet to end among them."""
    x, y, after, after_y, here, high, youngest = (
        state.x, state.y, state.after, state.after_y, state.here, state.high, state.youngest,
    )  # fmt: skip
    absence, elder, age_at = ages.absence, ages.elder, grid.age
    stocks, squares, by_age, apart = told.stocks, told.squares, told.ages, told.after
    at, term_age, amounts = terms.at, terms.age, terms.amounts
    last, squared, with_ages, second = ages.band.shape[0] - 1, squares.shape[0] > 0, by_age.shape[0] > 0, x.shape[1] - 1
    for g in range(first, until):
        people = fte = absent = new = old = s0 = s1 = s2 = 0.0
        for k in range(tracks):
            for c in range(columns[g]):
                hours = x[g, second, k, c]
                people += x[g, 0, k, c]
                fte += hours
                absent += weights[0, t, c] * hours
                new += weights[1, t, c] * hours
                old += weights[2, t, c] * hours
            if with_ages:
                for c in range(columns[g]):
                    by_age[t, min(age_at[c] + t, last), g] += x[g, 0, k, c]
            if squared:
                for c in range(columns[g]):
                    s0 += y[g, 0, k, c]
                    s1 += y[g, 1, k, c]
                    s2 += y[g, 2, k, c]
        for a in range(youngest[g], last + 1):
            many, hours = after[g, 0, a], after[g, 1, a]
            if many == 0.0:
                continue
            age = min(a + t, last)
            people += many
            fte += hours
            absent += absence[age] * hours
            if age >= elder:
                if a >= elder:
                    old += hours
                else:
                    new += hours
            if apart.shape[0] > 0:
                apart[t, a, g] = many
            elif with_ages:
                by_age[t, age, g] += many
            if squared:
                s0 += after_y[g, 0, a]
                s1 += after_y[g, 1, a]
                s2 += after_y[g, 2, a]
        for row in range(at[g], high[g]):
            chance = here[row]
            many, hours = amounts[row, 0] * chance, amounts[row, 1] * chance
            age = min(term_age[row] + t, last)
            people += many
            fte += hours
            absent += absence[age] * hours
            if age >= elder:
                if term_age[row] >= elder:
                    old += hours
                else:
                    new += hours
            if with_ages:
                by_age[t, age, g] += many
            if squared:
                s0 += amounts[row, 2] * chance
                s1 += many * chance
                s2 += amounts[row, 2] * chance * chance
        stocks[PEOPLE, t, g], stocks[FTE, t, g], stocks[ABSENCE, t, g] = people, fte, absent
        stocks[ELDER_NEW, t, g], stocks[ELDER_OLD, t, g] = new, old
        if squared:
            squares[0, t, g], squares[1, t, g], squares[2, t, g] = s0, s1, s2

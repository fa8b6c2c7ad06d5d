"""Each moment of who stays, written down by group."""

from __future__ import annotations

import numpy as np

from analytics.loops.shapes import ABSENCE, AGE, ELDER_NEW, ELDER_OLD, FTE, PEOPLE, loops


@loops
def weights_of(steps, grid, ages):
    """Weights of the fte of each column at each moment (3, T+1, C): absence, turned 60 after the start, was 60 at the start; and its
    band of age (T+1, C)."""
    size, last, elder = grid.age.shape[0], ages.band.shape[0] - 1, ages.elder
    weights, bands = np.zeros((3, steps + 1, size)), np.zeros((steps + 1, size), np.uint64)
    for t in range(steps + 1):
        for c in range(size):
            age = np.uint64(min(grid.age[c] + t, last))
            weights[0, t, c] = ages.absence[age]
            if age >= elder:
                weights[2 if grid.age[c] >= elder else 1, t, c] = 1.0
            bands[t, c] = ages.band[age]
    return weights, bands


@loops
def tell(t, first, until, columns, tracks, weights, state, terms, grid, ages, told):
    """Write the moment t of a block of groups, those whose contract has yet to end among them."""
    x, after, here, high = state.x, state.after, state.here, state.high
    absence, elder, age_at, lanes = ages.absence, ages.elder, grid.age, until - first
    stocks, squares, by_age, apart = told.stocks, told.squares, told.ages, told.after
    at, terms_row, amounts = terms.at, terms.row, terms.amounts
    rows, last, with_ages = x.shape[0], ages.band.shape[0] - 1, by_age.shape[0] > 0
    second, squared = min(1, rows - 1), rows > 2
    for k in range(tracks):
        for c in range(columns):
            absent = weights[0, t, c]
            for w in range(lanes):
                stocks[PEOPLE, t, first + w] += x[0, k, c, w]
            for w in range(lanes):
                stocks[FTE, t, first + w] += x[second, k, c, w]
            for w in range(lanes):
                stocks[ABSENCE, t, first + w] += absent * x[second, k, c, w]
            if weights[1, t, c] > 0:
                for w in range(lanes):
                    stocks[ELDER_NEW, t, first + w] += x[second, k, c, w]
            if weights[2, t, c] > 0:
                for w in range(lanes):
                    stocks[ELDER_OLD, t, first + w] += x[second, k, c, w]
            if squared:
                for q in range(3):
                    for w in range(lanes):
                        squares[q, t, first + w] += x[2 + q, k, c, w]
            if with_ages:
                age = np.uint64(min(age_at[c] + t, last))
                for w in range(lanes):
                    by_age[t, age, first + w] += x[0, k, c, w]
    for a in range(state.low[0], grid.oldest):
        age = np.uint64(min(a + t, last))
        for w in range(lanes):
            stocks[PEOPLE, t, first + w] += after[0, a, w]
        for w in range(lanes):
            stocks[FTE, t, first + w] += after[1, a, w]
        for w in range(lanes):
            stocks[ABSENCE, t, first + w] += absence[age] * after[1, a, w]
        if age >= elder:
            kind = ELDER_OLD if a >= elder else ELDER_NEW
            for w in range(lanes):
                stocks[kind, t, first + w] += after[1, a, w]
        if squared:
            for q in range(3):
                for w in range(lanes):
                    squares[q, t, first + w] += after[2 + q, a, w]
        if apart.shape[0] > 0:
            for w in range(lanes):
                apart[t, a, first + w] = after[0, a, w]
        elif with_ages:
            for w in range(lanes):
                by_age[t, age, first + w] += after[0, a, w]
    for w in range(lanes):
        g = first + w
        people = fte = missed = new = old = s0 = s1 = s2 = 0.0
        for row in range(at[g], high[w]):
            chance = here[row]
            many, hours = amounts[row, 0] * chance, amounts[row, 1] * chance
            began = terms_row[row, AGE]
            age = np.uint64(min(began + t, last))
            people += many
            fte += hours
            missed += absence[age] * hours
            if age >= elder:
                if began >= elder:
                    old += hours
                else:
                    new += hours
            if with_ages:
                by_age[t, age, g] += many
            s0 += amounts[row, 2] * chance
            s1 += many * chance
            s2 += amounts[row, 2] * chance * chance
        stocks[PEOPLE, t, g] += people
        stocks[FTE, t, g] += fte
        stocks[ABSENCE, t, g] += missed
        stocks[ELDER_NEW, t, g] += new
        stocks[ELDER_OLD, t, g] += old
        if squared:
            squares[0, t, g] += s0
            squares[1, t, g] += s1
            squares[2, t, g] += s2

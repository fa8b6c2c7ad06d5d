"""Who stays in the group they started in: the law of `stock`, `fixed_term` and `squares`, a block of groups at a time, which lie beside
each other so that the same is done for all in one go. In other rooms: who stops on a date (`dating`), contracts that have yet to end
(`lasting`), each moment written down (`telling`)."""

from __future__ import annotations

import numpy as np

from analytics.loops.dating import past_date, reach_date, stop_early
from analytics.loops.lasting import contracts
from analytics.loops.shapes import LAPSED, MOVED, OTHER, RESIGNED, RETIRED, State, lived, loops, retiring
from analytics.loops.telling import tell, weights_of

BLOCK = 64
"""Groups that go through the years together at most: few enough to stay close at hand."""


@loops
def chances_of(n, first, lanes, law, chance, factor):
    """What a year brings by band of age, in a class of service: chance (2, B, L) to stay and to resign, factor (2, B+1, L) on people who
    stay in their group, and on squares."""
    for b in range(law.resign.shape[1]):
        for w in range(lanes):
            g = first + w
            chance[0, b, w] = law.stays[n, b, g]
            chance[1, b, w] = law.resign[n, b, g] * law.lived[n, b, g]
            factor[0, b, w] = law.stays[n, b, g] * (1 - law.leave[g])
        for w in range(lanes):
            factor[1, b, w] = factor[0, b, w] * factor[0, b, w]


@loops
def some_retire(t, f, n, b, k, c, first, lanes, grid, law, ages, state, told, chance, factor, moved):
    """Near the pension date of a column, in groups where contracts do not end by law: their own factor, in the last row of `factor`, and
    what that changes in the flows."""
    x, flows, own = state.x, told.flows, factor.shape[1] - 1
    second = min(1, x.shape[0] - 1)
    stop = retiring(ages.retire, t - grid.leave[c])
    for w in range(lanes):
        g = first + w
        stays = chance[0, b, w]
        if not law.ends[g]:
            hazard = law.resign[n, b, g] + law.other[n, b, g] + stop
            stays *= np.exp(-stop)
            part = lived(hazard, stays, 1.0)
            quits, less = law.resign[n, b, g] * part - chance[1, b, w], chance[0, b, w] - stays
            for q in range(2):
                many = x[q * second, k, c, w]
                flows[RETIRED, q, f, g] += many * stop * part
                flows[RESIGNED, q, f, g] += many * quits
                flows[OTHER, q, f, g] += many * (less - stop * part - quits)
                moved[q, w] -= many * less
        factor[0, own, w] = stays * (1 - law.leave[g])
        factor[1, own, w] = factor[0, own, w] * factor[0, own, w]


@loops
def year(t, f, first, until, columns, bands, space, grid, law, path, ages, state, told):
    """Everybody who does not stop on a date of their own in this step; `alive` is carried along. columns: that may hold people; bands
    (T+1, C) of age; space: to write in."""
    x, alive, moving, flows, lanes = state.x, state.alive, state.moving, told.flows, until - first
    far, now, service, age_at = grid.far, path.now, path.service, grid.age
    chance, factor, sums, moved = space
    rows, second, all_end = x.shape[0], min(1, x.shape[0] - 1), True
    count, last, goes = factor.shape[1] - 1, ages.band.shape[0] - 1, False
    for w in range(lanes):
        all_end = all_end and law.ends[first + w]
        goes = goes or told.source[first + w] >= 0
        moved[0, w] = moved[1, w] = 0.0
    for k in range(path.tracks[t]):
        n = service[t, k]
        chances_of(n, first, lanes, law, chance, factor)
        sums[:] = 0.0
        for c in range(columns):
            b = bands[t, c]
            for q in range(second + 1):
                for w in range(lanes):
                    sums[q, b, w] += x[q, k, c, w]
            row = b
            if not all_end and t - grid.leave[c] >= -5:
                row = np.uint64(count)
                some_retire(t, f, n, b, k, c, first, lanes, grid, law, ages, state, told, chance, factor, moved)
            for q in range(rows):
                for w in range(lanes):
                    x[q, k, c, w] *= factor[1 if q > 2 else 0, row, w]
            if c >= far:
                for first_track in range(path.tracks[0]):
                    if now[t, first_track] == k:
                        for w in range(lanes):
                            alive[first_track, c - far, w] *= factor[0, row, w]
            if goes:
                older, kind = np.uint64(min(age_at[c] + t + 1, last)), path.late[t, k]
                for q in range(second + 1):
                    for w in range(lanes):
                        moving[kind, q, older, w] += x[q, k, c, w]
        for q in range(2):
            for b in range(count):
                for w in range(lanes):
                    many = sums[q * second, b, w]
                    flows[RESIGNED, q, f, first + w] += many * chance[1, b, w]
                    flows[OTHER, q, f, first + w] += many * (1 - chance[0, b, w] - chance[1, b, w])
                    moved[q, w] += many * chance[0, b, w]
    for q in range(2):
        for w in range(lanes):
            flows[MOVED, q, f, first + w] += moved[q, w] * law.leave[first + w]
    if goes:
        write_movers(f, first, lanes, law, state, told)


@loops
def write_movers(f, first, lanes, law, state, told):
    """Who moves out of each group, by age; what was counted for it is forgotten."""
    moving, early, late, place, low = state.moving, told.early, told.late, told.source, told.first_age
    width = late.shape[3]
    for w in range(lanes):
        g = first + w
        if place[g] >= 0 and law.leave[g] < 1:
            move, s = law.leave[g] / (1 - law.leave[g]), place[g]
            for q in range(late.shape[2]):
                for i in range(width):
                    late[f, s, q, i] += moving[1, q, i + low, w] * move
                if f < early.shape[0]:
                    for i in range(width):
                        early[f, s, q, i] += moving[0, q, i + low, w] * move
    moving[:] = 0.0


@loops
def join(t, lanes, columns, path, state):
    """A year on: tracks that no longer differ become one."""
    x, joins = state.x, path.joins
    for k in range(path.tracks[t]):
        to = joins[t, k]
        if to == k:
            continue
        for q in range(x.shape[0]):
            for c in range(columns):
                for w in range(lanes):
                    x[q, to, c, w] += x[q, k, c, w]
                for w in range(lanes):
                    x[q, k, c, w] = 0.0


@loops
def half_year(first, lanes, grid, law, ages, state, told):
    """New colleagues come in halfway a step: half a year at first-year chances."""
    x, alive, ahead, age_at, band, flows, far = state.x, state.alive, law.ahead, grid.age, ages.band, told.flows, grid.far
    for c in range(age_at.shape[0]):
        b = band[age_at[c]]
        for w in range(lanes):
            g = first + w
            quits, hazard = ahead[0, b, g], ahead[0, b, g] + ahead[1, b, g]
            stays = np.exp(-0.5 * hazard)
            part = lived(hazard, stays, 0.5)
            for q in range(2):
                flows[RESIGNED, q, 0, g] += x[0, 0, c, w] * quits * part
                flows[OTHER, q, 0, g] += x[0, 0, c, w] * (1 - stays - quits * part)
            x[0, 0, c, w] *= stays
            if c >= far:
                alive[0, np.uint64(c) - far, w] *= stays


@loops
def lapse_of_new(f, first, lanes, columns, grid, law, state, told):
    """The contracts of new colleagues that end when their first year is full."""
    x, alive, ahead, flows, far = state.x, state.alive, law.ahead, told.flows, grid.far
    for c in range(columns):
        for w in range(lanes):
            lapse = ahead[2, 0, first + w]
            for q in range(2):
                flows[LAPSED, q, f, first + w] += x[0, 0, c, w] * lapse
            x[0, 0, c, w] *= 1 - lapse
            if c >= far:
                alive[0, c - far, w] *= 1 - lapse


@loops
def open_block(first, until, rows, begin, near, terms, grid):
    """The people of a block of groups at the start."""
    amounts, past, lanes = begin.amounts, begin.past, until - first
    tracks, columns, ages = amounts.shape[1], amounts.shape[2], past.shape[1]
    x, after = np.empty((rows, tracks, columns, lanes)), np.zeros((max(rows, 2), ages, lanes))
    low = np.full(1, ages)
    high, leaving = np.empty(lanes, np.uint64), np.empty(lanes, np.uint64)
    for q in range(rows):
        amount = (0, 1, 2, 0, 2)[q]
        for k in range(tracks):
            for c in range(columns):
                for w in range(lanes):
                    x[q, k, c, w] = amounts[amount, k, c, first + w]
    for a in range(ages - 1, -1, -1):
        for w in range(lanes):
            if past[0, a, first + w] != 0 or past[1, a, first + w] != 0:
                low[0] = a
    for q in range(after.shape[0]):
        amount = (0, 1, 2, 0, 2)[q]
        for a in range(low[0], ages):
            for w in range(lanes):
                after[q, a, w] = past[amount, a, first + w]
    for w in range(lanes):
        high[w], leaving[w] = terms.at[first + w + np.uint64(1)], near.at[first + w]
    alive = np.ones((tracks, columns - grid.far, lanes))
    return State(x, after, low, alive, begin.kept, begin.here, high, leaving, leaving.copy(), np.zeros((2, 2, ages, lanes)))


@loops
def stay(steps, start, stop, grid, near, terms, law, path, ages, begin, told):
    """Everybody who stays in the group they started in, for the groups from start to stop and all steps; `told` holds zeros at the start.

    With `law.ahead`, new colleagues: `steps` after the half year they come in, which is the first row of flows and moments. Two calls for
    other groups never touch the same number.
    """
    new, size, bands_of = law.ahead.shape[1] > 0, np.uint64(grid.age.shape[0]), law.resign.shape[1]
    rows = 1 if new else 5 if told.squares.shape[0] > 0 else 2
    weights, bands = weights_of(steps, grid, ages)
    blocks = max((stop - start + BLOCK - 1) // BLOCK, 1)
    for block in range(blocks):
        first = np.uint64(start + (stop - start) * block // blocks)
        until = np.uint64(start + (stop - start) * (block + 1) // blocks)
        lanes, columns, all_end = until - first, size, True
        state = open_block(first, until, rows, begin, near, terms, grid)
        space = (
            np.empty((2, bands_of, lanes)), np.empty((2, bands_of + 1, lanes)), np.empty((2, bands_of, lanes)), np.empty((2, lanes)),
        )  # fmt: skip
        for g in range(first, until):
            all_end = all_end and law.ends[g]
        if new:
            half_year(first, lanes, grid, law, ages, state, told)
        tell(0, first, until, columns, path.tracks[0], weights, state, terms, grid, ages, told)
        for t in range(steps):
            f = t + 1 if new else t
            past_date(f, first, until, grid, state, ages, told)
            stop_early(t, f, first, until, near, law, path, grid, ages, state, told)
            reach_date(t, f, first, until, near, law, path, grid, ages, state, told)
            if all_end:
                columns = grid.present[t + 1]
            year(t, f, first, until, columns, bands, space, grid, law, path, ages, state, told)
            contracts(t, f, first, until, terms, law, path, grid, ages, state, told)
            join(t, lanes, columns, path, state)
            if new and t == 0:
                lapse_of_new(f, first, lanes, columns, grid, law, state, told)
            tell(t + 1, first, until, columns, path.tracks[t + 1], weights, state, terms, grid, ages, told)

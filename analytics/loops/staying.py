"""Who stays in the group they started in: the law of `stock`, `fixed_term` and `squares`, a few groups at a time, so that all that is known
of them stays close at hand. In other rooms: who stops on a date (`dating`), contracts that have yet to end (`lasting`), each moment
written down (`telling`)."""

from __future__ import annotations

import numpy as np

from analytics.loops.dating import past_date, reach_date, stop_early
from analytics.loops.lasting import contracts
from analytics.loops.shapes import LAPSED, MOVED, OTHER, RESIGNED, count_exits, lived, loops, retiring
from analytics.loops.telling import tell, weights_of

BLOCK = 16
"""Groups that go through the years together: few enough to stay close at hand."""


@loops
def year(t, f, first, until, bands, space, grid, law, path, ages, state, told):
    """Everybody who does not stop on a date of their own in this step; `alive` is carried along. bands (T+1, C) of age; space: four rows
    (C,) to write in."""
    x, y, alive, flows = state.x, state.y, state.alive, told.flows
    retire, age_at, leave_at, far, present = ages.retire, grid.age, grid.leave, grid.far, grid.present
    resign, other, ends, leaves = law.resign, law.other, law.ends, law.leave
    now, service, is_late, place = path.now, path.service, path.late, told.source
    early, late, low_age, stays_whole, lived_whole = told.early, told.late, told.first_age, law.stays, law.lived
    last, squared, second, size = ages.band.shape[0] - 1, told.squares.shape[0] > 0, x.shape[1] - 1, age_at.shape[0]
    stays, quits, stops, factor = space
    for g in range(first, until):
        leave = leaves[g]
        columns = present[t + 1] if ends[g] else np.uint64(size)
        r0 = r1 = q0 = q1 = o0 = o1 = m0 = m1 = 0.0
        for k in range(path.tracks[t]):
            n = service[t, k]
            for c in range(columns):
                b = bands[t, c]
                stays[c] = stays_whole[g, n, b]
                quits[c] = resign[g, n, b] * lived_whole[g, n, b]
            if not ends[g]:
                for c in range(columns):
                    stop, b = retiring(retire, t - leave_at[c]), bands[t, c]
                    stops[c] = 0.0
                    if stop > 0:
                        stays[c] = stays_whole[g, n, b] * np.exp(-stop)
                        part = lived(resign[g, n, b] + other[g, n, b] + stop, stays[c], 1.0)
                        quits[c], stops[c] = resign[g, n, b] * part, stop * part
            people = fte = stay0 = stay1 = gone0 = gone1 = stop0 = stop1 = 0.0
            for c in range(columns):
                people += x[g, 0, k, c]
                stay0 += x[g, 0, k, c] * stays[c]
                gone0 += x[g, 0, k, c] * quits[c]
            if second:
                for c in range(columns):
                    fte += x[g, 1, k, c]
                    stay1 += x[g, 1, k, c] * stays[c]
                    gone1 += x[g, 1, k, c] * quits[c]
            else:
                fte, stay1, gone1 = people, stay0, gone0
            if not ends[g]:
                for c in range(columns):
                    stop0 += x[g, 0, k, c] * stops[c]
                    stop1 += x[g, second, k, c] * stops[c]
            for c in range(columns):
                factor[c] = stays[c] * (1 - leave)
                x[g, 0, k, c] *= factor[c]
            if second:
                for c in range(columns):
                    x[g, 1, k, c] *= factor[c]
            q0 += gone0
            q1 += gone1
            r0 += stop0
            r1 += stop1
            o0 += people - stay0 - gone0 - stop0
            o1 += fte - stay1 - gone1 - stop1
            m0 += stay0 * leave
            m1 += stay1 * leave
            if squared:
                for c in range(columns):
                    twice = factor[c] * factor[c]
                    y[g, 0, k, c] *= factor[c]
                    y[g, 1, k, c] *= twice
                    y[g, 2, k, c] *= twice
            if columns > far:
                for k0 in range(path.tracks[0]):
                    if now[t, k0] == k:
                        for c in range(columns - far):
                            alive[g, k0, c] *= factor[c + far]
            if place[g] >= 0 and leave < 1:
                move, s = leave / (1 - leave), place[g]
                if is_late[t, k]:
                    for c in range(columns):
                        a = min(age_at[c] + t + 1, last) - low_age
                        late[f, s, 0, a] += x[g, 0, k, c] * move
                        if second:
                            late[f, s, 1, a] += x[g, 1, k, c] * move
                elif f < early.shape[0]:
                    for c in range(columns):
                        a = min(age_at[c] + t + 1, last) - low_age
                        early[f, s, 0, a] += x[g, 0, k, c] * move
                        if second:
                            early[f, s, 1, a] += x[g, 1, k, c] * move
        count_exits(flows, f, g, r0, r1, q0, q1, o0, o1)
        flows[MOVED, 0, f, g] += m0
        flows[MOVED, 1, f, g] += m1


@loops
def join(t, first, until, columns, path, state, told):
    """A year on: tracks that no longer differ become one."""
    x, y, joins, squared = state.x, state.y, path.joins, told.squares.shape[0] > 0
    for k in range(path.tracks[t]):
        to = joins[t, k]
        if to == k:
            continue
        for g in range(first, until):
            for c in range(columns[g]):
                for q in range(x.shape[1]):
                    x[g, q, to, c] += x[g, q, k, c]
                    x[g, q, k, c] = 0.0
                if squared:
                    for q in range(3):
                        y[g, q, to, c] += y[g, q, k, c]
                        y[g, q, k, c] = 0.0


@loops
def half_year(first, until, grid, law, ages, state, told):
    """New colleagues come in halfway a step: half a year at first-year chances."""
    x, alive, ahead, age_at, band, flows, far = state.x, state.alive, law.ahead, grid.age, ages.band, told.flows, grid.far
    for g in range(first, until):
        for c in range(age_at.shape[0]):
            b = band[age_at[c]]
            quits, hazard = ahead[0, g, b], ahead[0, g, b] + ahead[1, g, b]
            stays = np.exp(-0.5 * hazard)
            part = lived(hazard, stays, 0.5)
            for q in range(2):
                flows[RESIGNED, q, 0, g] += x[g, 0, 0, c] * quits * part
                flows[OTHER, q, 0, g] += x[g, 0, 0, c] * (1 - stays - quits * part)
            x[g, 0, 0, c] *= stays
            if c >= far:
                alive[g, 0, np.uint64(c) - far] *= stays


@loops
def lapse_of_new(f, first, until, columns, grid, law, state, told):
    """The contracts of new colleagues that end when their first year is full."""
    x, alive, ahead, flows, far = state.x, state.alive, law.ahead, told.flows, grid.far
    for g in range(first, until):
        lapse = ahead[2, g, 0]
        for c in range(columns[g]):
            for q in range(2):
                flows[LAPSED, q, f, g] += x[g, 0, 0, c] * lapse
            x[g, 0, 0, c] *= 1 - lapse
            if c >= far:
                alive[g, 0, c - far] *= 1 - lapse


@loops
def stay(steps, start, stop, grid, near, terms, law, path, ages, state, told):
    """Everybody who stays in the group they started in, for the groups from start to stop and all steps; `told` holds zeros at the start.

    With `law.ahead`, new colleagues: `steps` after the half year they come in, which is the first row of flows and moments. Two calls for
    other groups never touch the same number.
    """
    new = law.ahead.shape[2] > 0
    columns = np.full(state.x.shape[0], np.uint64(grid.age.shape[0]))
    size = grid.age.shape[0]
    weights, bands = weights_of(steps, grid, ages)
    space = (np.empty(size), np.empty(size), np.empty(size), np.empty(size))
    for first in range(start, stop, BLOCK):
        until = min(first + BLOCK, stop)
        if new:
            half_year(first, until, grid, law, ages, state, told)
        tell(0, first, until, columns, path.tracks[0], weights, state, terms, grid, ages, told)
        for t in range(steps):
            f = t + 1 if new else t
            past_date(f, first, until, state, ages, told)
            stop_early(t, f, first, until, near, law, path, grid, ages, state, told)
            reach_date(t, f, first, until, near, law, path, grid, ages, state, told)
            for g in range(first, until):
                if law.ends[g]:
                    columns[g] = grid.present[t + 1]
            year(t, f, first, until, bands, space, grid, law, path, ages, state, told)
            contracts(t, f, first, until, terms, law, path, grid, ages, state, told)
            join(t, first, until, columns, path, state, told)
            if new and t == 0:
                lapse_of_new(f, first, until, columns, grid, law, state, told)
            tell(t + 1, first, until, columns, path.tracks[t + 1], weights, state, terms, grid, ages, told)

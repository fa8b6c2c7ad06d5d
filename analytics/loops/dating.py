"""Who stops on a date of their own: past the pension date, by the earlier stop, or because the contract ends at the pension date."""

from __future__ import annotations

import numpy as np

from analytics.loops.shapes import OTHER, RESIGNED, RETIRED, count_exits, lived, loops, stays_past_date


@loops
def past_date(f, first, until, state, ages, told):
    """Who works on after the pension date: some stop each year."""
    after, after_y, youngest, flows, stop = state.after, state.after_y, state.youngest, told.flows, ages.past_exit
    squared = told.squares.shape[0] > 0
    for g in range(first, until):
        for q in range(2):
            gone = 0.0
            for a in range(youngest[g], after.shape[2]):
                gone += after[g, q, a]
                after[g, q, a] *= 1 - stop
            flows[RETIRED, q, f, g] += stop * gone
        if squared:
            for a in range(youngest[g], after.shape[2]):
                after_y[g, 0, a] *= 1 - stop
                after_y[g, 1, a] *= (1 - stop) ** 2
                after_y[g, 2, a] *= (1 - stop) ** 2


@loops
def stop_early(t, f, first, until, near, law, path, grid, ages, state, told):
    """Whose window for an earlier stop opens: a share leaves in the middle of that month, unless they left before."""
    x, y, alive, kept, opening, flows = state.x, state.y, state.alive, state.kept, state.opening, told.flows
    at, order, opens, parts, amounts = near.at, near.by_opening, near.opens_step, near.opens_part, near.amounts
    tracks, columns = near.track, near.column
    band, age_at, now, service, resign, other = ages.band, grid.age, path.now, path.service, law.resign, law.other
    earlier, inside = law.earlier, law.earlier_inside
    last, squared, far = band.shape[0] - 1, told.squares.shape[0] > 0, grid.far
    for g in range(first, until):
        spot = opening[g]
        while spot < at[g + 1] and opens[order[spot]] <= t:
            row = order[spot]
            spot += 1
            share = earlier[g] if opens[row] == t else inside[g]
            value = alive[g, tracks[row], columns[row] - far] * kept[row]
            if share <= 0 or value == 0:
                continue
            k, c = now[t, tracks[row]], columns[row]
            b = band[min(age_at[c] + t, last)]
            quits = resign[g, service[t, k], b]
            hazard = quits + other[g, service[t, k], b]
            reach = np.exp(-hazard * parts[row])
            quits *= lived(hazard, reach, parts[row])
            for q in range(2):
                taken = amounts[row, q] * value * share
                if q < x.shape[1]:
                    x[g, q, k, c] -= taken
                flows[RETIRED, q, f, g] += taken * reach
                flows[RESIGNED, q, f, g] += taken * quits
                flows[OTHER, q, f, g] += taken * (1 - reach - quits)
            if squared:
                twice = value * value * (1 - (1 - share) * (1 - share))
                y[g, 0, k, c] -= amounts[row, 2] * value * share
                y[g, 1, k, c] -= amounts[row, 0] * twice
                y[g, 2, k, c] -= amounts[row, 2] * twice
            kept[row] *= 1 - share
        opening[g] = spot


@loops
def reach_date(t, f, first, until, near, law, path, grid, ages, state, told):
    """Whose contract ends at the pension date leaves in the middle of its month, unless they left before or work on."""
    x, y, alive, kept, leaving, flows, lost = state.x, state.y, state.alive, state.kept, state.leaving, told.flows, told.lost
    at, steps, parts, amounts, tracks, columns = near.at, near.step, near.part, near.amounts, near.track, near.column
    band, age_at, now, service, resign, other = ages.band, grid.age, path.now, path.service, law.resign, law.other
    ends, work_on, present = law.ends, law.work_on, grid.present
    last, squared, far, less = band.shape[0] - 1, told.squares.shape[0] > 0, grid.far, ages.past_hours
    for g in range(first, until):
        spot = leaving[g]
        r0 = r1 = q0 = q1 = o0 = o1 = given_up = 0.0
        old_k, old_b, old_part, reach, left = -1, -1, -1.0, 1.0, 0.0
        while spot < at[g + 1] and steps[spot] <= t:
            row = spot
            spot += 1
            value = alive[g, tracks[row], columns[row] - far] * kept[row]
            if not ends[g] or value == 0:
                continue
            k, c = now[t, tracks[row]], columns[row]
            b = band[min(age_at[c] + t, last)]
            if k != old_k or b != old_b or parts[row] != old_part:
                hazard = resign[g, service[t, k], b] + other[g, service[t, k], b]
                reach = np.exp(-hazard * parts[row])
                left = resign[g, service[t, k], b] * lived(hazard, reach, parts[row])
                old_k, old_b, old_part = k, b, parts[row]
            quits = left
            on = reach * work_on[g]
            people, fte = amounts[row, 0] * value, amounts[row, 1] * value
            r0 += people * (reach - on)
            r1 += fte * (reach - on)
            q0 += people * quits
            q1 += fte * quits
            o0 += people * (1 - reach - quits)
            o1 += fte * (1 - reach - quits)
            if on > 0:
                given_up += (1 - less) * fte * on
                stays_past_date(g, row, age_at[c], amounts, value, on, less, squared, state)
        leaving[g] = spot
        lost[f, g] += given_up
        count_exits(flows, f, g, r0, r1, q0, q1, o0, o1)
        if ends[g]:
            for k in range(path.tracks[t]):
                for c in range(present[t + 1], present[t]):
                    for q in range(x.shape[1]):
                        x[g, q, k, c] = 0.0
                    if squared:
                        y[g, 0, k, c] = y[g, 1, k, c] = y[g, 2, k, c] = 0.0

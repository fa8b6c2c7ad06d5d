"""Who stops on a date of their own: past the pension date, by the earlier stop, or because the contract ends at the pension date."""

from __future__ import annotations

import numpy as np

from analytics.loops.shapes import OTHER, RESIGNED, RETIRED, count_exits, lived, loops, stays_past_date

NONE = np.uint64(1 << 62)
"""No track, band or age."""


@loops
def past_date(f, first, until, grid, state, ages, told):
    """Who works on after the pension date: some stop each year."""
    after, flows, stop, lanes = state.after, told.flows, ages.past_exit, until - first
    for q in range(after.shape[0]):
        stays = (1 - stop) ** 2 if q > 2 else 1 - stop
        for a in range(state.low[0], grid.oldest):
            if q < 2:
                for w in range(lanes):
                    flows[RETIRED, q, f, first + w] += stop * after[q, a, w]
            for w in range(lanes):
                after[q, a, w] *= stays


@loops
def stop_early(t, f, first, until, near, law, path, grid, ages, state, told):
    """Whose window for an earlier stop opens: a share leaves in the middle of that month, unless they left before."""
    x, alive, kept, opening, flows = state.x, state.alive, state.kept, state.opening, told.flows
    at, order, opens, parts, amounts, known = near.at, near.by_opening, near.opens_step, near.opens_part, near.amounts, near.row
    band, age_at, now, service, resign, other = ages.band, grid.age, path.now, path.service, law.resign, law.other
    earlier, inside = law.earlier, law.earlier_inside
    last, squared, far = band.shape[0] - 1, x.shape[0] > 2, grid.far
    for w in range(until - first):
        g = first + w
        spot = opening[w]
        while spot < at[g + np.uint64(1)] and opens[order[spot]] <= t:
            row = order[spot]
            spot += np.uint64(1)
            share = earlier[g] if opens[row] == t else inside[g]
            track, c = known[row, 1], known[row, 2]
            value = alive[track, c - far, w] * kept[row]
            if share <= 0 or value == 0:
                continue
            k = now[t, track]
            b = band[np.uint64(min(age_at[c] + t, last))]
            quits = resign[service[t, k], b, g]
            hazard = quits + other[service[t, k], b, g]
            reach = np.exp(-hazard * parts[row])
            quits *= lived(hazard, reach, parts[row])
            for q in range(2):
                taken = amounts[row, q] * value * share
                if q < x.shape[0]:
                    x[q, k, c, w] -= taken
                flows[RETIRED, q, f, g] += taken * reach
                flows[RESIGNED, q, f, g] += taken * quits
                flows[OTHER, q, f, g] += taken * (1 - reach - quits)
            if squared:
                twice = value * value * (1 - (1 - share) * (1 - share))
                x[2, k, c, w] -= amounts[row, 2] * value * share
                x[3, k, c, w] -= amounts[row, 0] * twice
                x[4, k, c, w] -= amounts[row, 2] * twice
            kept[row] *= 1 - share
        opening[w] = spot


@loops
def reach_date(t, f, first, until, near, law, path, grid, ages, state, told):
    """Whose contract ends at the pension date leaves in the middle of its month, unless they left before or work on."""
    x, alive, kept, leaving, flows, lost = state.x, state.alive, state.kept, state.leaving, told.flows, told.lost
    at, parts, amounts, known = near.at, near.part, near.amounts, near.row
    band, age_at, now, service, resign, other = ages.band, grid.age, path.now, path.service, law.resign, law.other
    ends, work_on, present = law.ends, law.work_on, grid.present
    last, far, less = band.shape[0] - 1, grid.far, ages.past_hours
    for w in range(until - first):
        g = first + w
        spot = leaving[w]
        r0 = r1 = q0 = q1 = o0 = o1 = given_up = 0.0
        on0 = on1 = on2 = on3 = on4 = 0.0
        old_k, old_b, age = NONE, NONE, NONE
        old_part, reach, quits, on = -1.0, 1.0, 0.0, 0.0
        while spot < at[g + np.uint64(1)] and known[spot, 0] <= t:
            row = spot
            spot += np.uint64(1)
            track, c = known[row, 1], known[row, 2]
            value = alive[track, c - far, w] * kept[row]
            if not ends[g] or value == 0:
                continue
            k = now[t, track]
            b = band[np.uint64(min(age_at[c] + t, last))]
            if k != old_k or b != old_b or parts[row] != old_part:
                n = service[t, k]
                hazard = resign[n, b, g] + other[n, b, g]
                reach = np.exp(-hazard * parts[row])
                quits = resign[n, b, g] * lived(hazard, reach, parts[row])
                on = reach * work_on[g]
                old_k, old_b, old_part = k, b, parts[row]
            people, fte = amounts[row, 0] * value, amounts[row, 1] * value
            r0 += people * (reach - on)
            r1 += fte * (reach - on)
            q0 += people * quits
            q1 += fte * quits
            o0 += people * (1 - reach - quits)
            o1 += fte * (1 - reach - quits)
            if on > 0:
                if age_at[c] != age:
                    if on0 > 0:
                        stays_past_date(w, age, on0, on1, on2, on3, on4, less, state)
                    age = age_at[c]
                    on0 = on1 = on2 = on3 = on4 = 0.0
                chance = value * on
                given_up += (1 - less) * fte * on
                on0 += people * on
                on1 += fte * on
                on2 += amounts[row, 2] * chance
                on3 += amounts[row, 0] * chance * chance
                on4 += amounts[row, 2] * chance * chance
        if on0 > 0:
            stays_past_date(w, age, on0, on1, on2, on3, on4, less, state)
        leaving[w] = spot
        lost[f, g] += given_up
        count_exits(flows, f, g, r0, r1, q0, q1, o0, o1)
        if ends[g]:
            for q in range(x.shape[0]):
                for k in range(path.tracks[t]):
                    for c in range(present[t + 1], present[t]):
                        x[q, k, c, w] = 0.0

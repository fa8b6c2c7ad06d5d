"""Contracts that have yet to end: the law of `fixed_term`."""

from __future__ import annotations

import numpy as np

from analytics.loops.shapes import LAPSED, MOVED, count_exits, lived, loops, retiring, stays_past_date


@loops
def contracts(t, f, first, until, terms, law, path, grid, ages, state, told):
    """A year of the contracts that have yet to end; those that end in it and are renewed are permanent from then on."""
    x, y, alive_near, kept, here, tops = state.x, state.y, state.alive, state.kept, state.here, state.high
    flows, lost, early, late, place = told.flows, told.lost, told.early, told.late, told.source
    low_age, now, band, retire = told.first_age, path.now, ages.band, ages.retire
    at, age_at, years_at, tracks, columns, near = terms.at, terms.age, terms.years, terms.track, terms.column, terms.near
    end_step, end_part, leave, parts = terms.end_step, terms.end_part, terms.leave, terms.part
    opens, opens_part, amounts = terms.opens_step, terms.opens_part, terms.amounts
    ends, work_on, earlier, inside, leaves, renewal = law.ends, law.work_on, law.earlier, law.earlier_inside, law.leave, law.renewal
    resign, other, resign_fixed, other_fixed = law.resign, law.other, law.resign_fixed, law.other_fixed
    stays_fixed, lived_fixed = law.stays_fixed, law.lived_fixed
    last, squared, far, less, long = band.shape[0] - 1, told.squares.shape[0] > 0, grid.far, ages.past_hours, ages.long_service
    for g in range(first, until):
        top = tops[g]
        r0 = r1 = q0 = q1 = o0 = o1 = m0 = m1 = l0 = l1 = given_up = 0.0
        for row in range(at[g], tops[g]):
            value = here[row]
            b = band[min(age_at[row] + t, last)]
            years = years_at[row] + t
            tenure = 0 if years < 1 else 1 if years < 2 else 2 if years < 5 else 3
            quits, others = resign_fixed[g, tenure, b], other_fixed[g, tenure, b]
            reached = ends[g] and leave[row] == t
            stops = 0.0 if ends[g] else retiring(retire, t - leave[row])
            until_date = parts[row] if reached else 1.0
            turns = end_step[row] == t and end_part[row] < until_date
            turn = end_part[row] if turns else until_date
            whole = quits + others + stops
            share = earlier[g] if opens[row] == t else inside[g] if opens[row] < 0 and t == 0 else 0.0
            resigned = left = retired = 0.0
            if share > 0:
                before = np.exp(-whole * opens_part[row])
                part = lived(whole, before, opens_part[row]) * share
                resigned, left, retired = quits * part, others * part, stops * part + before * share
            if turn == 1.0 and stops == 0.0:
                alive, part = stays_fixed[g, tenure, b], lived_fixed[g, tenure, b] * (1 - share)
            else:
                alive = np.exp(-whole * turn)
                part = lived(whole, alive, turn) * (1 - share)
            resigned += quits * part
            left += others * part
            retired += stops * part
            alive *= 1 - share
            lapse = 0.0
            if turns:
                lapse = alive * (1 - renewal[g])
                alive -= lapse
                quits, others = resign[g, tenure, b], other[g, tenure, b]
                whole = quits + others + stops
                rest = np.exp(-whole * (until_date - turn))
                part = lived(whole, rest, until_date - turn) * alive
                resigned += quits * part
                left += others * part
                retired += stops * part
                alive *= rest
            people, fte = amounts[row, 0] * value, amounts[row, 1] * value
            if reached:
                on = alive * work_on[g]
                retired += alive - on
                alive = 0.0
                if on > 0:
                    given_up += (1 - less) * fte * on
                    stays_past_date(g, row, age_at[row], amounts, value, on, less, squared, state)
            moved = alive * leaves[g]
            r0 += people * retired
            r1 += fte * retired
            q0 += people * resigned
            q1 += fte * resigned
            o0 += people * left
            o1 += fte * left
            m0 += people * moved
            m1 += fte * moved
            l0 += people * lapse
            l1 += fte * lapse
            if place[g] >= 0 and moved > 0:
                a, s = min(age_at[row] + t + 1, last) - low_age, place[g]
                if years + 1 >= long:
                    late[f, s, 0, a] += people * moved
                    late[f, s, 1, a] += fte * moved
                elif f < early.shape[0]:
                    early[f, s, 0, a] += people * moved
                    early[f, s, 1, a] += fte * moved
            value *= alive - moved
            here[row] = value
            if end_step[row] == t:
                top = min(top, row)
                k, c = now[t, tracks[row]], columns[row]
                x[g, 0, k, c] += amounts[row, 0] * value
                x[g, 1, k, c] += amounts[row, 1] * value
                if squared:
                    y[g, 0, k, c] += amounts[row, 2] * value
                    y[g, 1, k, c] += amounts[row, 0] * value * value
                    y[g, 2, k, c] += amounts[row, 2] * value * value
                if near[row] >= 0 and value > 0:
                    kept[near[row]] = value / alive_near[g, tracks[row], c - far]
        tops[g] = top
        lost[f, g] += given_up
        count_exits(flows, f, g, r0, r1, q0, q1, o0, o1)
        flows[MOVED, 0, f, g] += m0
        flows[MOVED, 1, f, g] += m1
        flows[LAPSED, 0, f, g] += l0
        flows[LAPSED, 1, f, g] += l1

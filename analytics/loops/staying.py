"""Who stays in the group they started in: the law of `stock`, `fixed_term` and `squares`, a few groups at a time, so that all that is known
of them stays close at hand."""

from __future__ import annotations

import numpy as np

from analytics.loops.shapes import (
    ABSENCE,
    ELDER_NEW,
    ELDER_OLD,
    FTE,
    LAPSED,
    MOVED,
    OTHER,
    PEOPLE,
    RESIGNED,
    RETIRED,
    lived,
    loops,
    retiring,
)  # fmt: skip

BLOCK = 16
"""Groups that go through the years together: few enough to stay close at hand."""


@loops
def tell(t, first, until, columns, tracks, state, terms, grid, ages, told):
    """Write the moment t of some groups, those whose contract has yet to end among them."""
    x, y, after, after_y, here, high = state.x, state.y, state.after, state.after_y, state.here, state.high
    band, absence, elder, age_at = ages.band, ages.absence, ages.elder, grid.age
    stocks, squares, by_age, apart = told.stocks, told.squares, told.ages, told.after
    at, term_age, amounts = terms.at, terms.age, terms.amounts
    last, squared, with_ages, second = band.shape[0] - 1, squares.shape[0] > 0, by_age.shape[0] > 0, x.shape[1] - 1
    for g in range(first, until):
        people = fte = absent = new = old = 0.0
        for c in range(columns[g]):
            many, hours = x[g, 0, 0, c], x[g, second, 0, c]
            for k in range(1, tracks):
                many += x[g, 0, k, c]
                hours += x[g, second, k, c]
            age = min(age_at[c] + t, last)
            people += many
            fte += hours
            absent += absence[age] * hours
            if age >= elder:
                if age_at[c] >= elder:
                    old += hours
                else:
                    new += hours
            if with_ages:
                by_age[t, age, g] += many
        for a in range(last + 1):
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
        s0 = s1 = s2 = 0.0
        if squared:
            for k in range(tracks):
                for c in range(columns[g]):
                    s0 += y[g, 0, k, c]
                    s1 += y[g, 1, k, c]
                    s2 += y[g, 2, k, c]
            for a in range(last + 1):
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


@loops
def past_date(f, first, until, state, ages, told):
    """Who works on after the pension date: some stop each year."""
    after, after_y, flows, stop = state.after, state.after_y, told.flows, ages.past_exit
    squared = told.squares.shape[0] > 0
    for g in range(first, until):
        for q in range(2):
            gone = 0.0
            for a in range(after.shape[2]):
                gone += after[g, q, a]
                after[g, q, a] *= 1 - stop
            flows[RETIRED, q, f, g] += stop * gone
        if squared:
            for a in range(after.shape[2]):
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
    x, y, after, after_y, alive, kept, leaving = state.x, state.y, state.after, state.after_y, state.alive, state.kept, state.leaving
    flows, lost = told.flows, told.lost
    at, steps, parts, amounts, tracks, columns = near.at, near.step, near.part, near.amounts, near.track, near.column
    band, age_at, now, service, resign, other = ages.band, grid.age, path.now, path.service, law.resign, law.other
    ends, work_on, present = law.ends, law.work_on, grid.present
    last, squared, far, less = band.shape[0] - 1, told.squares.shape[0] > 0, grid.far, ages.past_hours
    for g in range(first, until):
        spot = leaving[g]
        r0 = r1 = q0 = q1 = o0 = o1 = 0.0
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
                a = age_at[c]
                lost[f, g] += (1 - less) * fte * on
                after[g, 0, a] += people * on
                after[g, 1, a] += fte * on * less
                if squared:
                    chance = value * on
                    after_y[g, 0, a] += amounts[row, 2] * chance * less**2
                    after_y[g, 1, a] += amounts[row, 0] * chance * chance
                    after_y[g, 2, a] += amounts[row, 2] * chance * chance * less**2
        leaving[g] = spot
        flows[RETIRED, 0, f, g] += r0
        flows[RETIRED, 1, f, g] += r1
        flows[RESIGNED, 0, f, g] += q0
        flows[RESIGNED, 1, f, g] += q1
        flows[OTHER, 0, f, g] += o0
        flows[OTHER, 1, f, g] += o1
        if ends[g]:
            for k in range(path.tracks[t]):
                for c in range(present[t + 1], present[t]):
                    for q in range(x.shape[1]):
                        x[g, q, k, c] = 0.0
                    if squared:
                        y[g, 0, k, c] = y[g, 1, k, c] = y[g, 2, k, c] = 0.0


@loops
def year(t, f, first, until, grid, law, path, ages, state, told):
    """Everybody who does not stop on a date of their own in this step; `alive` is carried along."""
    x, y, alive, flows = state.x, state.y, state.alive, told.flows
    band, retire, age_at, leave_at, cut, far = ages.band, ages.retire, grid.age, grid.leave, grid.cut, grid.far
    resign, other, ends, leaves = law.resign, law.other, law.ends, law.leave
    now, service, is_late, place = path.now, path.service, path.late, told.source
    early, late, low_age, stays_whole, lived_whole = told.early, told.late, told.first_age, law.stays, law.lived
    last, squared, zero, both = band.shape[0] - 1, told.squares.shape[0] > 0, np.uint64(0), x.shape[1] > 1
    for g in range(first, until):
        leave = leaves[g]
        columns = grid.present[t + 1] if ends[g] else np.uint64(age_at.shape[0])
        r0 = r1 = q0 = q1 = o0 = o1 = m0 = m1 = 0.0
        for k in range(path.tracks[t]):
            n = service[t, k]
            segment, low = 0, zero
            while low < columns:
                b = band[min(age_at[low] + t, last)]
                quits = resign[g, n, b]
                hazard, stays = quits + other[g, n, b], stays_whole[g, n, b]
                segment += 1
                end = min(cut[t, segment], columns)
                while low < end:
                    stop, chance, high, part = 0.0, stays, end, lived_whole[g, n, b]
                    if not ends[g]:  # the hazard of stopping is the same for neighbours with the same date
                        stop = retiring(retire, t - leave_at[low])
                        high = low + np.uint64(1)
                        while high < end and leave_at[high] == leave_at[low]:
                            high += np.uint64(1)
                        if stop > 0:
                            chance = stays * np.exp(-stop)
                            part = lived(hazard + stop, chance, 1.0)
                    factor = chance * (1 - leave)
                    people = fte = 0.0
                    for c in range(low, high):
                        people += x[g, 0, k, c]
                        x[g, 0, k, c] *= factor
                    if both:
                        for c in range(low, high):
                            fte += x[g, 1, k, c]
                            x[g, 1, k, c] *= factor
                    else:
                        fte = people
                    rest = 1 - chance - (quits + stop) * part
                    q0 += people * quits * part
                    q1 += fte * quits * part
                    r0 += people * stop * part
                    r1 += fte * stop * part
                    o0 += people * rest
                    o1 += fte * rest
                    m0 += people * chance * leave
                    m1 += fte * chance * leave
                    if squared:
                        for c in range(low, high):
                            y[g, 0, k, c] *= factor
                            y[g, 1, k, c] *= factor * factor
                            y[g, 2, k, c] *= factor * factor
                    if high > far:
                        begin = max(low, far)
                        for k0 in range(path.tracks[0]):
                            if now[t, k0] == k:
                                for c in range(begin - far, high - far):
                                    alive[g, k0, c] *= factor
                    low = high
            if place[g] >= 0 and leave < 1:
                move, s = leave / (1 - leave), place[g]
                if is_late[t, k]:
                    for c in range(columns):
                        a = min(age_at[c] + t + 1, last) - low_age
                        late[f, s, 0, a] += x[g, 0, k, c] * move
                        if both:
                            late[f, s, 1, a] += x[g, 1, k, c] * move
                elif f < early.shape[0]:
                    for c in range(columns):
                        a = min(age_at[c] + t + 1, last) - low_age
                        early[f, s, 0, a] += x[g, 0, k, c] * move
                        if both:
                            early[f, s, 1, a] += x[g, 1, k, c] * move
        flows[RETIRED, 0, f, g] += r0
        flows[RETIRED, 1, f, g] += r1
        flows[RESIGNED, 0, f, g] += q0
        flows[RESIGNED, 1, f, g] += q1
        flows[OTHER, 0, f, g] += o0
        flows[OTHER, 1, f, g] += o1
        flows[MOVED, 0, f, g] += m0
        flows[MOVED, 1, f, g] += m1


@loops
def contracts(t, f, first, until, terms, law, path, grid, ages, state, told):
    """A year of the contracts that have yet to end; those that end in it and are renewed are permanent from then on."""
    x, y, after, after_y = state.x, state.y, state.after, state.after_y
    alive_near, kept, here, tops = state.alive, state.kept, state.here, state.high
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
        r0 = r1 = q0 = q1 = o0 = o1 = m0 = m1 = l0 = l1 = 0.0
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
                    a = age_at[row]
                    lost[f, g] += (1 - less) * fte * on
                    after[g, 0, a] += people * on
                    after[g, 1, a] += fte * on * less
                    if squared:
                        chance = value * on
                        after_y[g, 0, a] += amounts[row, 2] * chance * less**2
                        after_y[g, 1, a] += amounts[row, 0] * chance * chance
                        after_y[g, 2, a] += amounts[row, 2] * chance * chance * less**2
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
        flows[RETIRED, 0, f, g] += r0
        flows[RETIRED, 1, f, g] += r1
        flows[RESIGNED, 0, f, g] += q0
        flows[RESIGNED, 1, f, g] += q1
        flows[OTHER, 0, f, g] += o0
        flows[OTHER, 1, f, g] += o1
        flows[MOVED, 0, f, g] += m0
        flows[MOVED, 1, f, g] += m1
        flows[LAPSED, 0, f, g] += l0
        flows[LAPSED, 1, f, g] += l1


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
def stay(steps, grid, near, terms, law, path, ages, state, told):
    """Everybody who stays in the group they started in, for all groups and steps; `told` holds zeros at the start.

    With `law.ahead`, new colleagues: `steps` after the half year they come in, which is the first row of flows and moments.
    """
    groups, size, new = state.x.shape[0], grid.age.shape[0], law.ahead.shape[2] > 0
    columns = np.full(groups, np.uint64(size))
    for first in range(0, groups, BLOCK):
        until = min(first + BLOCK, groups)
        if new:
            half_year(first, until, grid, law, ages, state, told)
        tell(0, first, until, columns, path.tracks[0], state, terms, grid, ages, told)
        for t in range(steps):
            f = t + 1 if new else t
            past_date(f, first, until, state, ages, told)
            stop_early(t, f, first, until, near, law, path, grid, ages, state, told)
            reach_date(t, f, first, until, near, law, path, grid, ages, state, told)
            for g in range(first, until):
                if law.ends[g]:
                    columns[g] = grid.present[t + 1]
            year(t, f, first, until, grid, law, path, ages, state, told)
            contracts(t, f, first, until, terms, law, path, grid, ages, state, told)
            join(t, first, until, columns, path, state, told)
            if new and t == 0:
                lapse_of_new(f, first, until, columns, grid, law, state, told)
            tell(t + 1, first, until, columns, path.tracks[t + 1], state, terms, grid, ages, told)

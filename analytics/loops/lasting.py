"""Contracts that have yet to end: the law of `fixed_term`."""

from __future__ import annotations

import numpy as np

from analytics.loops.shapes import (
    AGE,
    COLUMN,
    END,
    END_AT,
    LAPSED,
    MOVED,
    NEAR,
    PARTS,
    SOON,
    TRACK,
    count_exits,
    lived,
    loops,
    retiring,
    stays_past_date,
)  # fmt: skip

STAYS, KEEPS, RESIGNS, LEAVES, QUIT, OTHERS, QUIT_AFTER, OTHERS_AFTER, PER, PER_AFTER = range(10)
"""What a year of one class of service and band brings: chance to stay the whole year, and to stay in the group; to resign and to leave
otherwise; the hazards of both under the contract and after it; one over their sums, 0 where that is 0."""


@loops
def table_of(g, law, table):
    """The ten numbers of each class of service and band, (4 x B, 10)."""
    bands = law.resign.shape[1]
    for n in range(4):
        for b in range(bands):
            row = table[n * bands + b]
            quits, others = law.resign_fixed[n, b, g], law.other_fixed[n, b, g]
            row[STAYS], part = law.stays_fixed[n, b, g], law.lived_fixed[n, b, g]
            row[KEEPS] = row[STAYS] * (1 - law.leave[g])
            row[RESIGNS], row[LEAVES], row[QUIT], row[OTHERS] = quits * part, others * part, quits, others
            row[PER] = 1 / (quits + others) if quits + others > 0 else 0.0
            quits, others = law.resign[n, b, g], law.other[n, b, g]
            row[QUIT_AFTER], row[OTHERS_AFTER] = quits, others
            row[PER_AFTER] = 1 / (quits + others) if quits + others > 0 else 0.0


@loops
def parts_of_year(table, before, after):
    """Chance to stay for each part of a step, (PARTS+1, 4 x B): under the contract that ends, and after it."""
    size = table.shape[0]
    for i in range(size):
        before[0, i] = after[0, i] = 1.0
        before[1, i] = np.exp(-(table[i, QUIT] + table[i, OTHERS]) / PARTS)
        after[1, i] = np.exp(-(table[i, QUIT_AFTER] + table[i, OTHERS_AFTER]) / PARTS)
    for part in range(2, PARTS + 1):
        for i in range(size):
            before[part, i] = before[part - 1, i] * before[1, i]
        for i in range(size):
            after[part, i] = after[part - 1, i] * after[1, i]


@loops
def with_a_date(t, w, g, row, chances, terms, law, ages, state):
    """A year of one contract whose pension date or earlier stop may fall in it: chances to stay with the firm, to retire, resign, leave
    otherwise, not to be renewed, and fte given up per fte."""
    ends, earlier, inside = law.ends[g], law.earlier[g], law.earlier_inside[g]
    value, less, stopped = state.here[row], ages.past_hours, terms.opens_step[row]
    reached = ends and terms.leave[row] == t
    stops = 0.0 if ends else retiring(ages.retire, t - terms.leave[row])
    share = earlier if stopped == t else inside if stopped < 0 and t == 0 else 0.0
    quits, others = chances[QUIT], chances[OTHERS]
    until_date, ending = terms.part[row] if reached else 1.0, terms.row[row, END_AT] / PARTS
    cut = terms.row[row, END] == t and ending < until_date
    turn = ending if cut else until_date
    whole = quits + others + stops
    resigned = left = retired = lapse = given_up = 0.0
    if share > 0:
        before = np.exp(-whole * terms.opens_part[row])
        part = lived(whole, before, terms.opens_part[row]) * share
        resigned, left, retired = quits * part, others * part, stops * part + before * share
    alive = np.exp(-whole * turn)
    part = lived(whole, alive, turn) * (1 - share)
    resigned += quits * part
    left += others * part
    retired += stops * part
    alive *= 1 - share
    if cut:
        lapse = alive * (1 - law.renewal[g])
        alive -= lapse
        quits, others = chances[QUIT_AFTER], chances[OTHERS_AFTER]
        whole = quits + others + stops
        rest = np.exp(-whole * (until_date - turn))
        part = lived(whole, rest, until_date - turn) * alive
        resigned += quits * part
        left += others * part
        retired += stops * part
        alive *= rest
    if reached:
        on = alive * law.work_on[g]
        retired += alive - on
        alive = 0.0
        if on > 0:
            chance, amounts = value * on, terms.amounts
            given_up = (1 - less) * on
            many, weighed = amounts[row, 0] * chance, amounts[row, 2] * chance
            stays_past_date(w, terms.row[row, AGE], many, amounts[row, 1] * chance, weighed, many * chance, weighed * chance, less, state)
    return alive, retired, resigned, left, lapse, given_up


@loops
def contracts(t, f, first, until, terms, law, path, grid, ages, state, told):
    """A year of the contracts that have yet to end; those that end in it and are renewed are permanent from then on."""
    kept, here, tops, alive_near = state.kept, state.here, state.high, state.alive
    flows, lost, early, late, place, low_age = told.flows, told.lost, told.early, told.late, told.source, told.first_age
    at, known, amounts, x = terms.at, terms.row, terms.amounts, state.x
    last, squared, far, long, size = ages.band.shape[0] - 1, x.shape[0] > 2, grid.far, ages.long_service, 4 * law.resign.shape[1]
    bands, now = np.uint64(law.resign.shape[1]), path.now
    before, after, table = np.empty((PARTS + 1, size)), np.empty((PARTS + 1, size)), np.empty((size, 10))
    usual, classes, is_late = np.zeros((2, size)), np.zeros(4, np.uint64), np.zeros(4, np.bool_)
    band = np.empty(ages.band.shape[0], np.uint64)
    for a in range(band.shape[0]):
        band[a] = ages.band[min(a + t, last)]
    for k in range(4):
        years = ages.years[k] + t
        classes[k], is_late[k] = (0 if years < 1 else 1 if years < 2 else 2 if years < 5 else 3) * bands, years + 1 >= long
    for w in range(until - first):
        g = first + w
        top = tops[w]
        if top == at[g]:
            continue
        table_of(g, law, table)
        turning = top
        while turning > at[g] and known[turning - np.uint64(1), END] == t:  # the latest end comes first
            turning -= np.uint64(1)
        if turning < top:
            parts_of_year(table, before, after)
        usual[:] = 0.0
        r0 = r1 = q0 = q1 = o0 = o1 = m0 = m1 = l0 = l1 = given_up = 0.0
        leave, renewed, safe = law.leave[g], law.renewal[g], t if law.ends[g] else t + 5
        moves = place[g] >= 0 and leave > 0
        for row in range(at[g], top):
            value = here[row]
            people, fte = amounts[row, 0] * value, amounts[row, 1] * value
            i = classes[known[row, TRACK]] + band[known[row, AGE]]
            dated = known[row, SOON] <= safe
            if row < turning and not dated:
                usual[0, i] += people
                usual[1, i] += fte
                alive = table[i, STAYS]
                here[row] = value * table[i, KEEPS]
            else:
                if dated:
                    alive, retired, resigned, left, lapse, less = with_a_date(t, w, g, row, table[i], terms, law, ages, state)
                else:
                    until_end = known[row, END_AT]
                    alive = before[until_end, i]
                    part = (1 - alive) * table[i, PER] if table[i, PER] > 0 else until_end / PARTS
                    resigned, left = table[i, QUIT] * part, table[i, OTHERS] * part
                    lapse = alive * (1 - renewed)
                    alive -= lapse
                    rest = after[PARTS - until_end, i]
                    part = ((1 - rest) * table[i, PER_AFTER] if table[i, PER_AFTER] > 0 else 1 - until_end / PARTS) * alive
                    resigned += table[i, QUIT_AFTER] * part
                    left += table[i, OTHERS_AFTER] * part
                    alive *= rest
                    retired = less = 0.0
                r0 += people * retired
                r1 += fte * retired
                q0 += people * resigned
                q1 += fte * resigned
                o0 += people * left
                o1 += fte * left
                l0 += people * lapse
                l1 += fte * lapse
                m0 += people * alive
                m1 += fte * alive
                given_up += fte * less
                here[row] = value * alive * (1 - leave)
            if moves:
                a, s, moved = np.uint64(min(known[row, AGE] + t + 1, last) - low_age), place[g], alive * leave
                if is_late[known[row, TRACK]]:
                    late[f, s, 0, a] += people * moved
                    late[f, s, 1, a] += fte * moved
                elif f < early.shape[0]:
                    early[f, s, 0, a] += people * moved
                    early[f, s, 1, a] += fte * moved
        for i in range(size):
            people, fte = usual[0, i], usual[1, i]
            q0 += people * table[i, RESIGNS]
            q1 += fte * table[i, RESIGNS]
            o0 += people * table[i, LEAVES]
            o1 += fte * table[i, LEAVES]
            m0 += people * table[i, STAYS]
            m1 += fte * table[i, STAYS]
        for row in range(turning, top):
            value, k, c = here[row], now[t, known[row, TRACK]], known[row, COLUMN]
            x[0, k, c, w] += amounts[row, 0] * value
            x[1, k, c, w] += amounts[row, 1] * value
            if squared:
                weighed = amounts[row, 2] * value
                x[2, k, c, w] += weighed
                x[3, k, c, w] += amounts[row, 0] * value * value
                x[4, k, c, w] += weighed * value
            if known[row, NEAR] > 0 and value > 0:
                kept[known[row, NEAR] - np.uint64(1)] = value / alive_near[known[row, TRACK], c - far, w]
        tops[w] = turning
        lost[f, g] += given_up
        count_exits(flows, f, g, r0, r1, q0, q1, o0, o1)
        flows[MOVED, 0, f, g] += m0 * leave
        flows[MOVED, 1, f, g] += m1 * leave
        flows[LAPSED, 0, f, g] += l0
        flows[LAPSED, 1, f, g] += l1

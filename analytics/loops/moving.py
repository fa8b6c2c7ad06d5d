"""Who moved from group to group: the law of `movers`."""

from __future__ import annotations

import numpy as np

from analytics.loops.shapes import ABSENCE, CAME, ELDER_NEW, FTE, MOVED, OTHER, PEOPLE, RESIGNED, RETIRED, lived, loops


@loops
def chances_after_move(going, ages, out):
    """Chances of a step, out (3 stay/retire/resign, P, 2, W): the same for all ages of a band below `special`."""
    bands, share, middle, hazards, special = ages.band, going.share, going.middle, going.hazard, going.special
    for p in range(going.ends.shape[0]):
        w = going.which[p]
        for m in range(2):
            known = -1
            stays = unit = 0.0
            for i in range(out.shape[3]):
                a = i + going.first
                band = bands[a]
                quits = going.resign[p, m, band]
                total = quits + going.other[p, m, band]
                if a < special:
                    if band != known:
                        known, stays = band, np.exp(-total)
                        unit = lived(total, stays, 1.0)
                    out[0, p, m, i], out[2, p, m, i] = stays, unit * quits
                    continue
                reached = share[w, a] if going.ends[p] else 0.0
                hazard = 0.0 if going.ends[p] else hazards[w, a]
                alive = np.exp(-(total + hazard))
                part = lived(total + hazard, alive, 1.0)
                reach = np.exp(-total * middle[w, a])
                split = quits / total if total > 0 else 0.0
                out[0, p, m, i] = (1 - reached) * alive
                out[1, p, m, i] = (1 - reached) * part * hazard + reached * reach
                out[2, p, m, i] = (1 - reached) * part * quits + reached * (1 - reach) * split


TWO_THIRDS, ONE_THIRD = 2 / 3, 1 / 3


@loops
def older_by_a_year(t, q, state, older, left, chance, ways, going, out):
    """Who moved before: some leave, the others grow older; a third of those under five years of service passes that mark."""
    flows, survived, place, leave = out.flows, out.survived, ways.place, ways.leave
    width = state.shape[2]
    late_on = max(going.special - going.first, 0)
    oldest = width - 1
    for p in range(state.shape[0]):
        g = place[p]
        before = stayed = quits = retired = 0.0
        for m in range(2):
            for i in range(width):
                before += state[p, m, i]
                stayed += state[p, m, i] * chance[0, p, m, i]
                quits += state[p, m, i] * chance[2, p, m, i]
            for i in range(late_on, width):
                retired += state[p, m, i] * chance[1, p, m, i]
        for i in range(oldest):
            older[p, 0, i + 1] = state[p, 0, i] * chance[0, p, 0, i] * TWO_THIRDS
        for i in range(oldest):
            older[p, 1, i + 1] = state[p, 1, i] * chance[0, p, 1, i] + state[p, 0, i] * chance[0, p, 0, i] * ONE_THIRD
        young = state[p, 0, oldest] * chance[0, p, 0, oldest]
        older[p, 0, oldest] += young * TWO_THIRDS
        older[p, 1, oldest] += state[p, 1, oldest] * chance[0, p, 1, oldest] + young * ONE_THIRD
        left[p] = stayed
        flows[RETIRED, q, t, g] += retired
        flows[RESIGNED, q, t, g] += quits
        flows[OTHER, q, t, g] += before - stayed - retired - quits
        flows[MOVED, q, t, g] += stayed * leave[p]
        if q == 0:
            survived[t, g] = stayed / before if before > 1e-12 else 0.0


@loops
def move_on(t, q, state, older, left, begun, first_moves, ways, ages, first_age, out):
    """Those who stay, those who move on, and those who move for the first time, in their new groups; written as moment t + 1."""
    flows, stocks, mean, by_age = out.flows, out.stocks, out.mean, out.ages
    early, late, each = first_moves.early, first_moves.late, first_moves.each
    place, leave, here, at, source, share = ways.place, ways.leave, ways.here, ways.at, ways.source, ways.share
    absence, elder, with_ages, width = ages.absence, ages.elder - first_age, by_age.shape[0] > 0, state.shape[2]
    amount = min(q, late.shape[2] - 1)
    for p in range(state.shape[0]):
        g, stays = place[p], 1 - leave[p]
        came = 0.0
        for m in range(2):
            for i in range(width):
                state[p, m, i] = older[p, m, i] * stays
        for link in range(at[p], at[p + 1]):
            s, part = source[link], share[link]
            came += part * begun[s]
            new = part * each[s, q]
            for i in range(width):
                state[p, 1, i] += new * late[t, s, amount, i]
            if t < early.shape[0]:
                for i in range(width):
                    state[p, 0, i] += new * early[t, s, amount, i]
            if here[s] >= 0:
                o = here[s]
                part *= leave[o]
                came += part * left[o]
                for m in range(2):
                    for i in range(width):
                        state[p, m, i] += part * older[o, m, i]
        flows[CAME, q, t, g] += came
        many = absent = old = 0.0
        for i in range(width):
            many += state[p, 0, i] + state[p, 1, i]
        mean[q, t + 1, g] += many
        stocks[FTE if q else PEOPLE, t + 1, g] += many
        if q:
            for i in range(width):
                absent += absence[i + first_age] * (state[p, 0, i] + state[p, 1, i])
            for i in range(elder, width):
                old += state[p, 0, i] + state[p, 1, i]
            stocks[ABSENCE, t + 1, g] += absent
            stocks[ELDER_NEW, t + 1, g] += old
        elif with_ages:
            for i in range(width):
                by_age[t + 1, i + first_age, g] += state[p, 0, i] + state[p, 1, i]


@loops
def begin(t, q, first_moves, source, begun, first):
    """How many move for the first time, by source."""
    early, late, each = first_moves.early, first_moves.late, first_moves.each
    amount = min(q, late.shape[2] - 1)
    for s in range(late.shape[1]):
        total = 0.0
        for i in range(late.shape[3]):
            total += late[t, s, amount, i]
        if t < early.shape[0]:
            for i in range(late.shape[3]):
                total += early[t, s, amount, i]
        begun[s] = total * each[s, q]
        if q == 0:
            first[t, source[s]] = begun[s]


@loops
def follow(q, steps, ways, going, first_moves, source, ages, out):
    """Who moved, from group to group; source (S,): the groups they start in. q: people (0) or their fte (1), which know nothing of each
    other: two calls never touch the same number."""
    places, width = ways.place.shape[0], first_moves.late.shape[3]
    chance = np.zeros((3, places, 2, width))
    chances_after_move(going, ages, chance)
    state, older = np.zeros((places, 2, width)), np.zeros((places, 2, width))
    left, begun = np.zeros(places), np.zeros(first_moves.late.shape[1])
    for t in range(steps):
        older_by_a_year(t, q, state, older, left, chance, ways, going, out)
        begin(t, q, first_moves, source, begun, out.first)
        move_on(t, q, state, older, left, begun, first_moves, ways, ages, going.first, out)


@loops
def convolve(hires, moves, out):
    """Movers in each step among all hires before it, out (T, S, 1, W): hires (S, T), moves (U, S, 1, W) of one of them."""
    steps, sources, width = out.shape[0], out.shape[1], out.shape[3]
    for s in range(sources):
        for come in range(min(hires.shape[1], steps)):
            many = hires[s, come]
            if many == 0.0:
                continue
            for u in range(min(moves.shape[0], steps - come)):
                for i in range(width):
                    out[come + u, s, 0, i] += many * moves[u, s, 0, i]

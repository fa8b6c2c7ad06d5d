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


@loops
def older_by_a_year(t, state, older, left, chance, ways, going, out):
    """Who moved before: some leave, the others grow older; a third of those under five years of service passes that mark."""
    flows, survived, place, leave = out.flows, out.survived, ways.place, ways.leave
    width = state.shape[3]
    late_on = max(going.special - going.first, 0)
    oldest = width - 1
    for p in range(state.shape[0]):
        g = place[p]
        b0 = b1 = a0 = a1 = q0 = q1 = r0 = r1 = 0.0
        for m in range(2):
            for i in range(width):
                people, fte, stays, quits = state[p, 0, m, i], state[p, 1, m, i], chance[0, p, m, i], chance[2, p, m, i]
                b0 += people
                b1 += fte
                q0 += people * quits
                q1 += fte * quits
                a0 += people * stays
                a1 += fte * stays
            for i in range(late_on, width):
                r0 += state[p, 0, m, i] * chance[1, p, m, i]
                r1 += state[p, 1, m, i] * chance[1, p, m, i]
        for q in range(2):
            for i in range(oldest):
                young = state[p, q, 0, i] * chance[0, p, 0, i]
                older[p, q, 0, i + 1] = young * TWO_THIRDS
                older[p, q, 1, i + 1] = state[p, q, 1, i] * chance[0, p, 1, i] + young * ONE_THIRD
            young = state[p, q, 0, oldest] * chance[0, p, 0, oldest]
            older[p, q, 0, oldest] += young * TWO_THIRDS
            older[p, q, 1, oldest] += state[p, q, 1, oldest] * chance[0, p, 1, oldest] + young * ONE_THIRD
        left[p, 0], left[p, 1] = a0, a1
        flows[RETIRED, 0, t, g] += r0
        flows[RETIRED, 1, t, g] += r1
        flows[RESIGNED, 0, t, g] += q0
        flows[RESIGNED, 1, t, g] += q1
        flows[OTHER, 0, t, g] += b0 - a0 - r0 - q0
        flows[OTHER, 1, t, g] += b1 - a1 - r1 - q1
        flows[MOVED, 0, t, g] += a0 * leave[p]
        flows[MOVED, 1, t, g] += a1 * leave[p]
        survived[t, g] = a0 / b0 if b0 > 1e-12 else 0.0


TWO_THIRDS, ONE_THIRD = 2 / 3, 1 / 3


@loops
def move_on(t, state, older, left, begun, early, late, ways, ages, first_age, out):
    """Those who stay, those who move on, and those who move for the first time, in their new groups; written as moment t + 1."""
    flows, stocks, mean, by_age = out.flows, out.stocks, out.mean, out.ages
    place, leave, here, at, source, share = ways.place, ways.leave, ways.here, ways.at, ways.source, ways.share
    absence, elder, with_ages, width = ages.absence, ages.elder - first_age, by_age.shape[0] > 0, state.shape[3]
    for p in range(state.shape[0]):
        g, stays = place[p], 1 - leave[p]
        for q in range(2):
            came = 0.0
            for m in range(2):
                for i in range(width):
                    state[p, q, m, i] = older[p, q, m, i] * stays
            for link in range(at[p], at[p + 1]):
                s, part = source[link], share[link]
                came += part * begun[s, q]
                for i in range(width):
                    state[p, q, 1, i] += part * late[t, s, q, i]
                if t < early.shape[0]:
                    for i in range(width):
                        state[p, q, 0, i] += part * early[t, s, q, i]
                if here[s] >= 0:
                    o = here[s]
                    part *= leave[o]
                    came += part * left[o, q]
                    for m in range(2):
                        for i in range(width):
                            state[p, q, m, i] += part * older[o, q, m, i]
            flows[CAME, q, t, g] += came
        people = fte = absent = old = 0.0
        for i in range(width):
            people += state[p, 0, 0, i] + state[p, 0, 1, i]
            hours = state[p, 1, 0, i] + state[p, 1, 1, i]
            fte += hours
            absent += absence[i + first_age] * hours
            old += hours if i >= elder else 0.0
        if with_ages:
            for i in range(width):
                by_age[t + 1, i + first_age, g] += state[p, 0, 0, i] + state[p, 0, 1, i]
        stocks[PEOPLE, t + 1, g] += people
        stocks[FTE, t + 1, g] += fte
        stocks[ABSENCE, t + 1, g] += absent
        stocks[ELDER_NEW, t + 1, g] += old
        mean[0, t + 1, g] += people
        mean[1, t + 1, g] += fte


@loops
def begin(t, early, late, source, begun, first):
    """How many move for the first time, by source and amount."""
    for s in range(late.shape[1]):
        for q in range(2):
            total = 0.0
            for i in range(late.shape[3]):
                total += late[t, s, q, i]
            if t < early.shape[0]:
                for i in range(late.shape[3]):
                    total += early[t, s, q, i]
            begun[s, q] = total
        first[t, source[s]] = begun[s, 0]


@loops
def follow(steps, ways, going, early, late, source, ages, out):
    """Who moved, from group to group; early (E, S, 2, W), late (T, S, 2, W): first moves by source, amount and age, of people under and
    over five years of service; source (S,): their groups."""
    places, width = ways.place.shape[0], late.shape[3]
    chance = np.zeros((3, places, 2, width))
    chances_after_move(going, ages, chance)
    state, older = np.zeros((places, 2, 2, width)), np.zeros((places, 2, 2, width))
    left, begun = np.zeros((places, 2)), np.zeros((late.shape[1], 2))
    for t in range(steps):
        older_by_a_year(t, state, older, left, chance, ways, going, out)
        begin(t, early, late, source, begun, out.first)
        move_on(t, state, older, left, begun, early, late, ways, ages, going.first, out)

"""Variance of who moved, followed by the group they started in: the law of `moments`. O groups that people move out of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analytics.loops.shapes import loops


class Origins(NamedTuple):
    """Two kinds of people: today's staff and those hired later. own (2, M, G): expected people still in the group they started in; first
    (2,
    T, G): who move out of it; survives (2, T, G) of earlier movers; size (2, M, O): persons or vacancies they come from; fte_moved (M,
    G), fte_stay (2, M, G): mean fte; source (O,); links by
    group they lead to (`at`, (G+1,)): start, place (in O) of the start, chance, share of the start's moves (L,); leave (G,)."""

    own: np.ndarray
    first: np.ndarray
    survives: np.ndarray
    size: np.ndarray
    fte_moved: np.ndarray
    fte_stay: np.ndarray
    source: np.ndarray
    at: np.ndarray
    start: np.ndarray
    place: np.ndarray
    chance: np.ndarray
    share: np.ndarray
    leave: np.ndarray


@loops
def a_year_on(kind, t, g, origins, now, after):
    """Expected people of a group a year later by the group they started in, row g of (G, O); after is written."""
    survives, leave, first, start = origins.survives, origins.leave, origins.first, origins.start
    at, place, chance, share = origins.at, origins.place, origins.chance, origins.share
    size, stays = now.shape[1], survives[kind, t, g] * (1 - leave[g])
    for o in range(size):
        after[g, o] = now[g, o] * stays
    for link in range(at[g], at[g + 1]):
        a = start[link]
        moves = survives[kind, t, a] * chance[link]
        if moves > 0:
            for o in range(size):
                after[g, o] += now[a, o] * moves
        after[g, place[link]] += first[kind, t, a] * share[link]


@loops
def apart(g, after, inverse):
    """Sum over the groups people started in of their expected number in g, less its square over how many they come from."""
    total = 0.0
    for o in range(after.shape[1]):
        total += after[g, o] * (1 - after[g, o] * inverse[o])
    return total


@loops
def spread_of_groups(kind, origins, people, fte):
    """Add to people and fte (M, G) what moves of one kind of people do to the variance of each group."""
    groups, sources, moments = people.shape[1], origins.source.shape[0], people.shape[0]
    own, size, source, fte_moved, fte_stay = origins.own, origins.size, origins.source, origins.fte_moved, origins.fte_stay
    moved = 0.0
    for t in range(moments - 1):
        for g in range(groups):
            moved += origins.first[kind, t, g]
    if moved == 0.0:
        return
    now, after, inverse = np.zeros((groups, sources)), np.zeros((groups, sources)), np.zeros(sources)
    for t in range(moments - 1):
        m = t + 1
        for o in range(sources):
            inverse[o] = 1 / size[kind, m, o] if size[kind, m, o] > NOBODY else 0.0
        for g in range(groups):
            a_year_on(kind, t, g, origins, now, after)
            total = apart(g, after, inverse)
            people[m, g] += total
            fte[m, g] += total * fte_moved[m, g] ** 2
        now, after = after, now
        for o in range(sources):
            g = source[o]
            both = 2 * own[kind, m, g] * now[g, o] * inverse[o]
            people[m, g] -= both
            fte[m, g] -= both * fte_stay[kind, m, g] * fte_moved[m, g]


NOBODY = 1e-12
"""Fewer people than this are none (`moments.NOBODY`)."""


@loops
def spread_of_sums(origins, at, inside, weight, people, fte):
    """Add to people and fte (M, K) what moves do to the variance of sums of groups: at (K+1,), inside: the groups of each sum; weight their
    share."""
    groups, sources, moments = origins.leave.shape[0], origins.source.shape[0], people.shape[0]
    own, size, source, fte_moved, fte_stay = origins.own, origins.size, origins.source, origins.fte_moved, origins.fte_stay
    now, after = np.zeros((groups, sources)), np.zeros((groups, sources))
    first, first_fte, second_fte, inverse = np.zeros(sources), np.zeros(sources), np.zeros(sources), np.zeros(sources)
    home = np.zeros((at.shape[0] - 1, sources))
    for k in range(at.shape[0] - 1):
        for spot in range(at[k], at[k + 1]):
            for o in range(sources):
                if source[o] == inside[spot]:
                    home[k, o] = weight[spot]
    for kind in range(2):
        now[:] = 0.0
        for t in range(moments - 1):
            for g in range(groups):
                a_year_on(kind, t, g, origins, now, after)
            now, after = after, now
            m = t + 1
            for o in range(sources):
                inverse[o] = 1 / size[kind, m, o] if size[kind, m, o] > NOBODY else 0.0
            for k in range(at.shape[0] - 1):
                first[:], first_fte[:], second_fte[:] = 0.0, 0.0, 0.0
                for spot in range(at[k], at[k + 1]):
                    g, part = inside[spot], weight[spot]
                    each = fte_moved[m, g] * part
                    twice = fte_moved[m, g] ** 2 * part
                    for o in range(sources):
                        first[o] += now[g, o] * part
                        first_fte[o] += now[g, o] * each
                        second_fte[o] += now[g, o] * twice
                total = total_fte = 0.0
                for o in range(sources):
                    g = source[o]
                    stays = 2 * own[kind, m, g] * home[k, o]
                    total += first[o] - (first[o] + stays) * first[o] * inverse[o]
                    total_fte += second_fte[o] - (first_fte[o] + stays * fte_stay[kind, m, g]) * first_fte[o] * inverse[o]
                people[m, k] += total
                fte[m, k] += total_fte

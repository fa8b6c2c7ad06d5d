"""Supply in each draw of chances and years, from the flows of one projection: the law of `uncertainty.bent`. D draws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analytics.loops.shapes import loops


class Usual(NamedTuple):
    """What the projection says, per group and step (G, T): keep (share of the fte that stays), resign and other hazards, lapse (contracts
    that ended per fte that stayed), moved_in, hired fte, fresh (fte of one hire more at the end of its step); scale, worth (G, T+1) on
    what was there and on what comes beyond; stay (T, G) of hires beyond those expected; start, settling (G,)."""

    keep: np.ndarray
    resign: np.ndarray
    other: np.ndarray
    lapse: np.ndarray
    moved_in: np.ndarray
    hired: np.ndarray
    fresh: np.ndarray
    scale: np.ndarray
    worth: np.ndarray
    stay: np.ndarray
    start: np.ndarray
    settling: np.ndarray


class Onto(NamedTuple):
    """Moves: at (G+1,), source, share (L,): the links into each group; each (G, T): part of a group that moves out beside who stays;
    measure
    (G, T): what that brings, as the projection has it; known (G, T): whether somebody comes by a link. levels (G, D) or (G, 0): factors
    on the moves."""

    at: np.ndarray
    source: np.ndarray
    share: np.ndarray
    each: np.ndarray
    measure: np.ndarray
    known: np.ndarray
    levels: np.ndarray


@loops
def respond(usual, onto, leave, hire, ended, out):
    """leave (T, 2, G, D): factors on the hazards; hire (T, G or 1, D) on hires; ended (D,) on contracts that end; out (G, T+1, D)."""
    keep, resign, other, moved_in, hired, fresh_fte = usual.keep, usual.resign, usual.other, usual.moved_in, usual.hired, usual.fresh
    lapse, scale, worth, stay, start, settling = usual.lapse, usual.scale, usual.worth, usual.stay, usual.start, usual.settling
    at, source, share, each, measure, known, levels = onto.at, onto.source, onto.share, onto.each, onto.measure, onto.known, onto.levels
    groups, moments, draws = out.shape
    ways, levelled = source.shape[0] > 0, levels.shape[1] > 0
    now, beyond, half, gross = np.empty((groups, draws)), np.zeros((groups, draws)), np.empty((groups, draws)), np.zeros((groups, draws))
    for g in range(groups):
        for d in range(draws):
            now[g, d] = start[g]
            out[g, 0, d] = max(start[g] * scale[g, 0], 0.0)
    for t in range(moments - 1):
        for g in range(groups):
            first, second, third = resign[g, t] / 2, other[g, t] / 2, lapse[g, t]
            stays, new, moves = keep[g, t], stay[t, g], each[g, t]
            for d in range(draws):
                half[g, d] = np.exp((1 - leave[t, 0, g, d]) * first + (1 - leave[t, 1, g, d]) * second)
            for d in range(draws):
                renewed = max(1 + (1 - ended[d]) * third, 0.0)
                now[g, d] *= stays * half[g, d] * renewed
                beyond[g, d] *= new * half[g, d] * renewed
            if ways:
                for d in range(draws):
                    gross[g, d] = (now[g, d] + beyond[g, d]) * moves
                if levelled:
                    for d in range(draws):
                        more = gross[g, d] * (levels[g, d] - 1)
                        gross[g, d] += more
                        now[g, d] -= more
        for g in range(groups):
            came = moved_in[g, t] if not ways or not known[g, t] else 0.0
            for link in range(at[g], at[g + 1]):
                part, origin = share[link] * measure[g, t], source[link]
                for d in range(draws):
                    now[g, d] += part * gross[origin, d]
            h = g if hire.shape[1] > 1 else 0
            came += hired[g, t]
            here, more_here, one, unsettled = scale[g, t + 1], worth[g, t + 1], fresh_fte[g, t], settling[g]
            for d in range(draws):
                now[g, d] = (now[g, d] + came) * half[g, d]
                fresh = (hire[t, h, d] - 1) * one * half[g, d]
                beyond[g, d] = beyond[g, d] * half[g, d] + fresh
                out[g, t + 1, d] = max(now[g, d] * here + (beyond[g, d] - fresh * unsettled) * more_here, 0.0)

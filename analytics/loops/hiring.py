"""Everybody who comes in from now on, at once: what one new colleague does, times how many; the law of `inflow.convolve`."""

from __future__ import annotations

import numpy as np

from analytics.loops.shapes import loops


@loops
def times(hires, even, worth, each, so_far, out):
    """Add to out (T, G): worth (G,) of each hire (T, G), by what one of them is so many years later, each (T, G). even: as many come in
    every step but the first; so_far (G,): to write in."""
    steps, later = out.shape[0], min(1, out.shape[0] - 1)
    so_far[:] = 0.0
    for t in range(steps):
        if even:
            for g in range(out.shape[1]):
                out[t, g] += worth[g] * (hires[0, g] * each[t, g] + hires[later, g] * so_far[g])
            for g in range(out.shape[1]):
                so_far[g] += each[t, g]
        else:
            for s in range(t + 1):
                for g in range(out.shape[1]):
                    out[t, g] += worth[g] * hires[s, g] * each[t - s, g]


@loops
def come_in(hires, even, worth, of_stocks, of_flows, of_lost, stocks, flows, lost):
    """hires (T, G). worth (2, G): one person, and the fte of one. What one does: of_stocks (4, T, G) people, fte, absence and elder fte at
    the end of a step, of_flows (F, 2, T, G), of_lost (T, G); added to stocks (5, T+1, G), flows and lost."""
    so_far = np.empty(hires.shape[1])
    for kind in range(of_stocks.shape[0]):
        times(hires, even, worth[min(kind, 1)], of_stocks[kind], so_far, stocks[kind, 1:])
    for flow in range(of_flows.shape[0]):
        for q in range(2):
            times(hires, even, worth[q], of_flows[flow, q], so_far, flows[flow, q])
    times(hires, even, worth[1], of_lost, so_far, lost)

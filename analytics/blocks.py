"""Ages told in blocks: the people of an atom in order of pension date, cut in blocks of at least k neighbours in age.

A block keeps its people, its fte and its rounded mean, and is spread towards the means of its neighbours; no birth date of a
single person goes in.
"""

from __future__ import annotations

import numpy as np

from analytics.workforce import TENURE_BANDS

MOST_BLOCKS = 24
"""Age blocks per atom at most; a large atom gets larger blocks, which costs nothing in precision."""

NEAR_GRID, FAR_GRID, NEAR = 6, 24, 264
"""Months between the points over which a block is spread: fine enough for a slider that moves in months up to 22 years ahead,
coarser beyond the horizon."""

MEAN_GRID = 6.0
"""The mean pension month of a block is rounded to this many months, so that somebody who knows the birthdays of all the others
in a block still does not know the last one's."""

LATEST_MONTH = 600.0
"""Fifty years before the pension date: working life as far as a block that tells only a mean is spread."""

LAST_STILL_THERE, THINNING = 0.5, 120.0
"""Towards the pension date a year of birth holds fewer and fewer people who still work: over the last ten years down to half.
Own convention, the same for every firm, so that it tells nothing about this one."""

JOINS_AT_25, HALVES_IN = 0.35, 15.0
"""At 25 about this part of people join another firm in a year; it halves in so many years of age. Own convention after the usual
pattern of length of service by age in Dutch and European labour statistics; the same for every firm."""

FITTING = 40
"""Rounds of fitting two sets of sums to each other; the last sums differ by less than a thousandth of a person."""


def blocks_of(people: np.ndarray, size: float) -> np.ndarray:
    """Block number per row, for rows in order: each block holds at least `size` people, a short last one joins its neighbour.

    people: (n,) persons per row (fractions where an age is unknown). Fewer than `size` in all give one block.
    """
    block = np.zeros(len(people), int)
    current, filled, starts = 0, 0.0, [0]
    for row, count in enumerate(people):
        if filled >= size - 1e-9:
            current, filled = current + 1, 0.0
            starts.append(row)
        block[row] = current
        filled += count
    if current and filled < size - 1e-9:
        block[starts[-1] :] = current - 1
    return block


def spread_people(
    month: np.ndarray, age: np.ndarray, people: np.ndarray, fte: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """age, pension month (whole numbers), people, fte of one atom, from block sums only; given its rows in order of pension month."""
    block = blocks_of(people, max(float(k), float(np.ceil(people.sum() / MOST_BLOCKS))))
    persons, hours = np.bincount(block, weights=people), np.bincount(block, weights=fte)
    months = MEAN_GRID * np.round(np.bincount(block, weights=people * month) / persons / MEAN_GRID)
    ages = np.round((np.bincount(block, weights=people * age) / persons + 0.5) * 12 / MEAN_GRID) * MEAN_GRID / 12
    low, high = _edges(months)
    points = [_points(*row) for row in zip(persons, hours, months, ages, low, high, strict=True)]
    years, at, count, time = (np.concatenate(part) for part in zip(*points, strict=True))
    whole = np.stack([years.astype("int64"), at.astype("int64")])
    place, which = np.unique(whole, axis=1, return_inverse=True)
    return place[0], place[1], np.bincount(which.ravel(), weights=count), np.bincount(which.ravel(), weights=time)


def _edges(means: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each block begins and ends: half-way to its neighbours, the outer ones at the limits of working life."""
    middles = (means[1:] + means[:-1]) / 2
    return np.concatenate([[min(means[0], 0.0)], middles]), np.concatenate([middles, [max(means[-1], LATEST_MONTH)]])


def _points(persons: float, fte: float, month: float, age: float, low: float, high: float) -> tuple[np.ndarray, ...]:
    """age, pension month, people, fte per point: a block over its months, keeping its mean; of all such spreads the most even one."""
    cuts = _cuts(low, high)
    at = np.floor((cuts[1:] + cuts[:-1]) / 2)
    share = tilted(at, np.diff(cuts) * (LAST_STILL_THERE + (1 - LAST_STILL_THERE) * np.clip(at / THINNING, 0, 1)), month)
    years = np.floor(age + (month - at) / 12)
    return years, at, persons * share, fte * share


def _cuts(low: float, high: float) -> np.ndarray:
    if high - low < NEAR_GRID:
        middle = (low + high) / 2
        return np.array([middle - 0.5, middle + 0.5])
    near = np.arange(low, min(high, NEAR), NEAR_GRID)
    far = np.arange(max(low, NEAR), high, FAR_GRID)
    return np.append(np.union1d(near, far), high)


STEEPEST = 2000.0
"""Largest slope over the width of a block: all its people within a two-thousandth of one end."""


def tilted(points: np.ndarray, widths: np.ndarray, mean: float) -> np.ndarray:
    """Shares (sum one) proportional to width x exp(slope x point) whose mean is `mean`; the nearest point where none exists.

    The mean grows with the slope, so Newton's step is taken where it stays inside what is known, else the half."""
    if len(points) == 1 or mean <= points[0] or mean >= points[-1]:
        return (np.arange(len(points)) == np.abs(points - mean).argmin()).astype(float)
    scale = (points - mean) / (points[-1] - points[0])
    slope, low, high = 0.0, -STEEPEST, STEEPEST
    for _ in range(100):
        raw = widths * np.exp(slope * scale - np.max(slope * scale))
        shares = raw / raw.sum()
        off = float(shares @ scale)
        if abs(off) < 1e-13 or high - low < 1e-9:
            break
        low, high = (low, slope) if off > 0 else (slope, high)
        spread = float(shares @ scale**2) - off**2  # the derivative of the mean to the slope
        newton = slope - off / spread if spread > 0 else low
        slope = newton if low < newton < high else (low + high) / 2
    return shares


def usual_service(age: np.ndarray, tenure_band: np.ndarray) -> np.ndarray:
    """Usual part of the people of an age whose length of service lies in a band (index in TENURE_BANDS). Never quite zero."""
    joins = JOINS_AT_25 * 0.5 ** ((age - 25.0) / HALVES_IN)
    edges = np.array([low for low, _ in TENURE_BANDS] + [np.inf])
    return np.maximum(np.exp(-joins * edges[tenure_band]) - np.exp(-joins * edges[tenure_band + 1]), 1e-3)

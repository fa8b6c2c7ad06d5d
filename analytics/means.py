"""What is known of the means to close a gap from within: mentors, wishes for more hours, and hired staff beside the own."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.workforce import AGE_BANDS, AGE_MAX, AGE_MIN, GROUP

BANDS = len(AGE_BANDS)
MENTOR_WORDS = ("leermeester", "mentor", "praktijkbegeleider")
"""Folded names of the skill that makes somebody a mentor of apprentices."""
MENTOR_LEVEL = 3


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """As counted in the store. mentors: GROUP, age_band (index in AGE_BANDS), people; wishes, hired: GROUP, people, fte. An empty
    frame: nothing is recorded."""

    mentors: pd.DataFrame
    wishes: pd.DataFrame
    hired: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """The same on the groups of a projection (G,): mentors people, of_band (B,) those by age band; wished: fte that people want more;
    hired: fte of agency, seconded and self-employed workers."""

    mentors: np.ndarray
    of_band: np.ndarray
    wished: np.ndarray
    hired: np.ndarray = field(default_factory=lambda: np.zeros(0))


def means(known: Known, groups: pd.DataFrame, people: np.ndarray, k: int = 1) -> Means:
    """On these groups; people (G,) own staff. For a threshold k above 1 only totals of at least k people are used, spread over the
    groups by their people, so that no group's own count goes in."""
    index = pd.MultiIndex.from_frame(groups[list(GROUP)].astype(str))
    mentors, wished, hired = (
        _placed(frame, column, index, people, k)
        for frame, column in ((known.mentors, "people"), (known.wishes, "fte"), (known.hired, "fte"))
    )
    bands = known.mentors.groupby("age_band")["people"].sum().reindex(range(BANDS), fill_value=0.0).to_numpy(float)
    if k > 1:
        bands = _joined(bands, k)
    total = bands.sum()
    return Means(mentors, bands * (mentors.sum() / total if total > 0 else 0.0), wished, hired)


def _placed(frame: pd.DataFrame, column: str, index: pd.MultiIndex, people: np.ndarray, k: int) -> np.ndarray:
    out = np.zeros(len(index))
    if frame.empty:
        return out
    if k > 1:
        enough = float(frame["people"].sum()) >= k and people.sum() > 0
        return people * (float(frame[column].sum()) / people.sum()) if enough else out
    place = np.asarray(index.get_indexer(pd.MultiIndex.from_frame(frame[list(GROUP)].fillna("").astype(str))), int)
    np.add.at(out, place[place >= 0], frame[column].to_numpy(float)[place >= 0])
    return out


def _joined(bands: np.ndarray, k: int) -> np.ndarray:
    """Bands of fewer than k people are told together with the next, all alike."""
    out, start = bands.copy(), 0
    for end in range(1, len(bands) + 1):
        rest = bands[end:].sum()
        if bands[start:end].sum() >= k and (rest == 0 or rest >= k):
            out[start:end] = bands[start:end].mean()
            start = end
    if start < len(bands):
        out[start:] = bands[start:].mean()
    return out


def band_shares(of_band: np.ndarray, ages: np.ndarray) -> np.ndarray:
    """Share of mentors at each single age (A,): mentors over people at the middle of each age band that has people, straight lines
    between. ages (A,) people."""
    middle, share = [], []
    for band, (low, high) in enumerate(AGE_BANDS):
        inside = ages[low - AGE_MIN : high - AGE_MIN + 1]
        if inside.sum() > 0:
            middle.append(float(np.average(np.arange(len(inside)), weights=inside)) + low - AGE_MIN)
            share.append(min(of_band[band] / inside.sum(), 1.0))
    every = np.arange(AGE_MAX - AGE_MIN + 1)
    return np.interp(every, middle, share) if middle else np.zeros(len(every))

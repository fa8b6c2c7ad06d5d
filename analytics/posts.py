"""Posts that come or go by decision, per role and year: beside growth, productivity and technology."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class Post:
    """Fte that come (plus) or go (minus) in a role from 1 January of a year on; unit "" = wherever the role is, by today's work."""

    role: str
    unit: str
    year: int
    fte: float
    note: str = ""


def decided(posts: Sequence[Post], groups: pd.DataFrame, weight: np.ndarray, as_of: date, years: int) -> np.ndarray:
    """Fte decided on so far at each moment, (G, T+1): 0 today, because what is there is in the establishment.

    groups: GROUP columns; weight (G,): a post for several groups is divided by it, evenly where all are zero.
    """
    out = np.zeros((len(groups), years + 1))
    for post in posts:
        inside = (groups["role"] == post.role).to_numpy() & ((groups["unit"] == post.unit).to_numpy() | (post.unit == ""))
        if not inside.any():
            continue
        size = weight[inside]
        share = size / size.sum() if size.sum() > 0 else np.full(int(inside.sum()), 1 / inside.sum())
        begun = np.array([t > 0 and as_of.year + t >= post.year for t in range(years + 1)])
        out[inside] += post.fte * share[:, None] * begun
    return out

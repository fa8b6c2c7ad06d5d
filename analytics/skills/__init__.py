"""Skills: what people can do, what roles need, and how both change."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def half_life(level: ArrayLike, years: ArrayLike, half_life: ArrayLike, floor: ArrayLike = 0) -> np.ndarray | float:
    """Level of an unused skill after some years: floor + (level - floor) 2^(-years/half_life); arrays broadcast.

    years since last use or assessment (before it: no change); half_life in years, above 0, may be infinite. A level at or below
    the floor stays as it is. How fast skills fade is an assumption. Example: (4, 5, 5) -> 2.
    """
    start, passed = np.asarray(level, float), np.maximum(np.asarray(years, float), 0.0)
    half = np.asarray(half_life, float)
    if not (half > 0).all():
        raise ValueError("a half-life is above zero")
    base = np.minimum(np.asarray(floor, float), start)
    now = base + (start - base) * np.exp2(-passed / half)
    return float(now) if np.ndim(now) == 0 else now


def single_points(levels: ArrayLike | pd.DataFrame, required_level: ArrayLike) -> pd.DataFrame:
    """Skills that hang on one person: index skill; columns holders, unassessed (people), single_point (exactly one holder).

    levels: people x skills, NaN = not assessed, which is unknown and not zero; a frame gives the skills their names.
    required_level: one number, or one per skill; a skill required at NaN or 0 is needed by nobody and is no single point.
    """
    table = pd.DataFrame(levels)
    held = table.to_numpy(float)
    required = np.broadcast_to(np.asarray(required_level, float), (held.shape[1],))
    wanted = required > 0
    with np.errstate(invalid="ignore"):
        holders = ((held >= required) & wanted).sum(axis=0)
    columns = {"holders": holders, "unassessed": np.isnan(held).sum(axis=0), "single_point": holders == 1}
    return pd.DataFrame(columns, index=pd.Index(table.columns, name="skill"))

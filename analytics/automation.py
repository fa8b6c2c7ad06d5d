"""Technology as a what-if: exposed work is not lost work."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit


def adoption(year: ArrayLike, midpoint: float, rate: float, maximum: float) -> np.ndarray | float:
    """Share of the possible use reached in a year: maximum/(1 + exp(-rate (year - midpoint))); half the maximum at the midpoint.

    maximum in the unit of the answer (0-1 or percent); rate per year. Logistic substitution: Fisher & Pry (1971),
    Technological Forecasting and Social Change 3.
    """
    share = maximum * expit(rate * (np.asarray(year, float) - midpoint))
    return float(share) if np.ndim(share) == 0 else share


def takeover_rate(years: float) -> float:
    """Rate at which adoption goes from 10 % to 90 % of its maximum in so many years: ln(81)/years (Fisher & Pry's takeover time)."""
    if years <= 0:
        raise ValueError("a takeover takes some time")
    return float(np.log(81.0) / years)


def released(fte: ArrayLike, exposed: ArrayLike, feasible: ArrayLike, adoption: ArrayLike, realised: ArrayLike) -> np.ndarray | float:
    """Fte of work taken over: the plain product fte x exposed x feasible x adoption x realised, shares 0-1, arrays broadcast."""
    shares = [np.asarray(share, float) for share in (exposed, feasible, adoption, realised)]
    work = np.asarray(fte, float) * shares[0] * shares[1] * shares[2] * shares[3]
    return float(work) if np.ndim(work) == 0 else work


def mean_exposure(fte: ArrayLike, scores: ArrayLike) -> tuple[float | None, float]:
    """Exposure of a group of roles, weighted by their own fte, and the share of fte without a score (NaN), which is left out.

    (None, 1.0) when nobody has a score: unknown is not zero.
    """
    weight, score = np.asarray(fte, float), np.asarray(scores, float)
    known = ~np.isnan(score)
    covered, total = weight[known].sum(), weight.sum()
    if covered <= 0:
        return None, 1.0
    return float((weight[known] * score[known]).sum() / covered), float(1 - covered / total)

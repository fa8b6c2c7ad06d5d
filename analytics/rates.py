"""Yearly chances from small numbers: shrinkage toward a prior, and conversions that never divide by twelve or add causes up.

A *chance* p is the probability of leaving within a year; a *hazard* mu is the rate at which it happens, mu = -ln(1 - p).
Formulas: docs/method.md, "Chances".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

STRENGTH_LOW, STRENGTH_HIGH = 5.0, 500.0
"""Bounds of an estimated prior strength, in person-years."""


def _counts(events: ArrayLike, exposure: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    x, n = np.broadcast_arrays(np.asarray(events, float), np.asarray(exposure, float))
    if not (np.isfinite(x).all() and np.isfinite(n).all()) or (x < 0).any() or (n < 0).any():
        raise ValueError("events and exposure must be numbers of zero or more")
    return x, n


def pooled(events: ArrayLike, exposure: ArrayLike) -> float:
    """All events over all person-years, at most 1; ValueError when there is no exposure at all."""
    x, n = _counts(events, exposure)
    if n.sum() <= 0:
        raise ValueError("no exposure: give a prior")
    return min(float(x.sum() / n.sum()), 1.0)


def prior_strength(events: ArrayLike, exposure: ArrayLike, prior: ArrayLike | None = None) -> float:
    """Strength K of the prior in person-years, by the method of moments over groups.

    tau2 = max(0, [sum n_g (p_g - p0)^2 - (G-1) p0(1-p0)] / [N - sum n_g^2/N]); K = p0(1-p0)/tau2 - 1 within [5, 500];
    tau2 = 0 (groups differ no more than chance does) gives 500. Groups without exposure do not count. With a prior per group,
    p0(1-p0) is its mean weighted by exposure. Casella (1985) Am. Stat. 39; Buhlmann & Straub (1970).
    """
    x, n = _counts(events, exposure)
    p0 = np.broadcast_to(np.asarray(pooled(x, n) if prior is None else prior, float), n.shape)
    seen = n > 0
    x, n, p0 = x[seen], n[seen], p0[seen]
    if len(n) < 2:
        return STRENGTH_HIGH
    noise = float((n * p0 * (1 - p0)).sum() / n.sum())
    spread = float((n * (x / n - p0) ** 2).sum()) - (len(n) - 1) * noise
    tau2 = spread / float(n.sum() - (n**2).sum() / n.sum())
    if tau2 <= 0:
        return STRENGTH_HIGH
    return float(np.clip(noise / tau2 - 1, STRENGTH_LOW, STRENGTH_HIGH))


def shrink(
    events: ArrayLike, exposure: ArrayLike, prior: ArrayLike | None = None, strength: ArrayLike | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Yearly chance per group and the weight of its own data: mean = Z x/n + (1-Z) p0, Z = n/(n+K).

    events x, exposure n in person-years: same shape (G,). prior p0: one number or one per group; the pooled chance when None.
    strength K >= 0: by `prior_strength` when None. A group without exposure gets the prior with weight 0. Exposure is counted
    in part years, so x may exceed n; the mean is kept within [0, 1]. ValueError: negative numbers, or no exposure and no prior.
    Example: shrink([1], [10], prior=.05, strength=10) -> ([.075], [.5]).
    """
    x, n = np.atleast_1d(*_counts(events, exposure))
    if n.size == 0:
        return np.zeros(0), np.zeros(0)
    p0 = np.asarray(pooled(x, n) if prior is None else prior, float)
    if not ((p0 >= 0) & (p0 <= 1)).all():
        raise ValueError("a prior is a chance between 0 and 1")
    if strength is None:
        strength = prior_strength(x, n, p0) if n.sum() > 0 else STRENGTH_HIGH
    k = np.asarray(strength, float)
    if not (k >= 0).all():
        raise ValueError("a strength is zero or more person-years")
    total = n + k
    safe = np.where(total > 0, total, 1.0)
    mean = np.where(total > 0, (x + k * p0) / safe, p0)
    return np.clip(mean, 0.0, 1.0), n / safe


def posterior(mean: ArrayLike, exposure: ArrayLike, strength: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Parameters (a, b) of the Beta distribution round a shrunk chance: total strength n + K spread as mean and its complement."""
    total = np.asarray(exposure, float) + np.asarray(strength, float)
    middle = np.asarray(mean, float)
    return total * middle, total * (1 - middle)


def beta_binomial_variance(people: ArrayLike, a: ArrayLike, b: ArrayLike) -> np.ndarray:
    """Variance of next year's leavers among `people` when their chance is Beta(a, b): n p (1-p) (n + a + b)/(1 + a + b)."""
    n, alpha, beta = (np.asarray(value, float) for value in (people, a, b))
    total = alpha + beta
    return n * alpha * beta / total**2 * (n + total) / (1 + total)


def hazard(chance: ArrayLike) -> np.ndarray:
    """Yearly hazard of a yearly chance: -ln(1 - p); infinite at p = 1."""
    with np.errstate(divide="ignore"):
        return -np.log1p(-np.asarray(chance, float))


def chance(yearly_hazard: ArrayLike) -> np.ndarray:
    """Yearly chance of a yearly hazard: 1 - e^-mu."""
    return -np.expm1(-np.asarray(yearly_hazard, float))


def monthly(annual: ArrayLike) -> np.ndarray | float:
    """Chance in one month of a yearly chance: 1 - (1-p)^(1/12). Not p/12."""
    month = chance(hazard(annual) / 12)
    return float(month) if month.ndim == 0 else month


def multiply(annual: ArrayLike, factor: ArrayLike) -> np.ndarray:
    """A yearly chance after its hazard is multiplied: "20 % more people leave" keeps every chance below 1."""
    p, f = np.broadcast_arrays(np.asarray(annual, float), np.asarray(factor, float))
    with np.errstate(invalid="ignore"):
        return np.where(f == 0, 0.0, chance(hazard(p) * f))


def competing(hazards: ArrayLike) -> np.ndarray:
    """Yearly chances of causes that act together, same shape: p_k = (mu_k/mu)(1 - e^-mu), mu the sum over the last axis.

    The chances of one row sum to 1 - e^-mu, never to more than 1. All zero gives zero; an infinite hazard (somebody who
    certainly leaves) takes everything, shared when there are several. ValueError for a negative or missing hazard.
    Example: [.2, .1] -> [.17279..., .08639...].
    """
    mu = np.asarray(hazards, float)
    if not (mu >= 0).all():
        raise ValueError("a hazard is zero or more")
    certain = np.isinf(mu)
    if certain.any():
        rows = certain.any(axis=-1, keepdims=True)
        mu = np.where(rows, np.where(certain, 1e6, 0.0), mu)
    total = mu.sum(axis=-1, keepdims=True)
    return mu * np.where(total > 0, -np.expm1(-total) / np.where(total > 0, total, 1.0), 1.0)

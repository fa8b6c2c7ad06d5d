"""Random numbers that belong to a thing, not to an order of calls: a function of seed, draw, subject, year and cause."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analytics.estimate import RHO
from analytics.workforce import GROUP

LEAST_EVENTS = 0.5

_STEP, _MIX_A, _MIX_B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def key(*parts: str) -> np.uint64:
    """64 bits of a name; the same in every run and on every machine."""
    return np.uint64(int.from_bytes(blake2b("\x1f".join(parts).encode(), digest_size=8).digest(), "little"))


def group_keys(groups: pd.DataFrame) -> np.ndarray:
    """One key per row of a frame with the GROUP columns, by name: another group beside it changes nothing."""
    return np.array([key(*names) for names in groups[list(GROUP)].itertuples(index=False, name=None)], dtype=np.uint64)


def normals(*keys: np.ndarray | np.uint64 | int) -> np.ndarray:
    """Standard normal numbers, one per combination of keys (broadcast): splitmix64 of the keys in turn, then the normal quantile."""
    state = np.zeros((), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for part in keys:
            state = _mixed((state ^ np.asarray(part).astype(np.uint64)) + _STEP)
    uniform = ((state >> np.uint64(11)).astype(float) + 0.5) / 2.0**53
    return ndtri(uniform)


def mirrored(seed: int, number: np.ndarray, *keys: np.ndarray | np.uint64 | int) -> np.ndarray:
    """Normal numbers by draw, of which each second one is the one before with the other sign: what all groups share then leans to neither
    side, however few the draws."""
    return normals(seed, number // 2, *keys) * (1.0 - 2.0 * (number % 2))


def gamma(events: np.ndarray | float, normal: np.ndarray) -> np.ndarray:
    """Gamma numbers with mean 1 and shape `events`, at least a half, from normal ones (Wilson & Hilferty 1931)."""
    shape = np.maximum(events, LEAST_EVENTS)
    root = normal * (1 / (3 * np.sqrt(shape)))
    root += 1 - 1 / (9 * shape)
    root = np.maximum(root, 0.0, out=root if root.ndim else None)
    return root * root * root


def shocks(seed: int, number: np.ndarray, years: int, sigma: float, cause: str = "resignation") -> np.ndarray:
    """(D, T) yearly shocks: standard deviation sigma in every year, correlation RHO with the year before."""
    fresh = mirrored(seed, number[:, None], np.arange(years), key("year", cause))
    out = np.empty_like(fresh)
    for t in range(years):
        out[:, t] = fresh[:, t] if t == 0 else RHO * out[:, t - 1] + np.sqrt(1 - RHO**2) * fresh[:, t]
    return sigma * out


def _mixed(value: np.ndarray) -> np.ndarray:
    value = (value ^ (value >> np.uint64(30))) * _MIX_A
    value = (value ^ (value >> np.uint64(27))) * _MIX_B
    return value ^ (value >> np.uint64(31))

"""How good earlier forecasts would have been."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def scores(
    actual: ArrayLike,
    forecast: ArrayLike,
    lower: ArrayLike | None,
    upper: ArrayLike | None,
    alpha: float,
    naive: ArrayLike | None = None,
) -> dict[str, float]:
    """Errors of forecasts against what happened; arrays of one shape, [lower, upper] holding 1 - alpha of the chance.

    mae, rmse, bias (mean of forecast - actual) in the unit of the data; mape, smape, wape in percent; coverage a share 0-1.
    mape: mean |f-a|/a over actuals other than 0. smape: mean 200|f-a|/(|a|+|f|), 0 where both are 0.
    wape: 100 sum|f-a| / sum|a|. coverage: lower <= actual <= upper.
    interval_score: mean of (u-l) + 2/alpha (l-a)+ + 2/alpha (a-u)+, Gneiting & Raftery (2007) JASA 102.
    skill: 1 - mae/mae of `naive` (forecasts of the simple rule; one number or one per actual): above 0 is better than the rule.
    NaN means undefined: no data, only zeros to divide by, bounds or naive not given, or a naive forecast without error
    (skill 0 when this one has none either).
    """
    a, f = np.broadcast_arrays(np.asarray(actual, float), np.asarray(forecast, float))
    if not 0 < alpha < 1:
        raise ValueError("alpha is the chance outside the range, between 0 and 1")
    error = f - a
    size = np.abs(error)
    both = np.abs(a) + np.abs(f)
    symmetric = np.divide(200 * size, both, out=np.zeros_like(both), where=both > 0)
    coverage, interval = _interval(a, lower, upper, alpha)
    return {
        "mae": _mean(size),
        "rmse": float(np.sqrt(_mean(error**2))),
        "bias": _mean(error),
        "mape": 100 * _mean(size[a != 0] / np.abs(a[a != 0])),
        "smape": _mean(symmetric),
        "wape": 100 * float(size.sum() / np.abs(a).sum()) if np.abs(a).sum() > 0 else np.nan,
        "coverage": coverage,
        "interval_score": interval,
        "skill": _skill(_mean(size), a, naive),
    }


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else np.nan


def _interval(a: np.ndarray, lower: ArrayLike | None, upper: ArrayLike | None, alpha: float) -> tuple[float, float]:
    if lower is None or upper is None:
        return np.nan, np.nan
    low, high = np.asarray(lower, float), np.asarray(upper, float)
    outside = np.maximum(low - a, 0) + np.maximum(a - high, 0)
    return _mean(np.asarray((low <= a) & (a <= high), float)), _mean(high - low + 2 / alpha * outside)


def _skill(mae: float, a: np.ndarray, naive: ArrayLike | None) -> float:
    if naive is None or not a.size:
        return np.nan
    other = _mean(np.abs(np.broadcast_to(np.asarray(naive, float), a.shape) - a))
    if other > 0:
        return 1 - mae / other
    return 0.0 if mae == 0 else np.nan

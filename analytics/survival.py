"""How long people stay: product-limit, cumulative hazard and competing causes, with late entry (left truncation).

Durations are years since hire (or any one unit). People already employed when observation starts enter the risk set at their
service on that day (`entry`); leaving that out makes everybody look more loyal than they are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtri


class _Steps(NamedTuple):
    time: np.ndarray
    at_risk: np.ndarray
    codes: np.ndarray  # cause of each kept person, -1 = censored
    position: np.ndarray  # row in `time` of each kept person


def _steps(durations: ArrayLike, codes: np.ndarray, entry: ArrayLike | None) -> _Steps:
    """Distinct times and the people under observation just before each: entry < time <= duration.

    Nobody is at risk with entry = duration, and an entry of 0 means from the start, so that an exit at 0 counts.
    """
    last = np.asarray(durations, float).ravel()
    first = np.zeros_like(last) if entry is None else np.asarray(entry, float).ravel()
    if not (len(last) == len(codes) == len(first)):
        raise ValueError("durations, events and entry must be equally long")
    if not (np.isfinite(last).all() and np.isfinite(first).all()) or (last < 0).any() or (first > last).any():
        raise ValueError("durations are numbers of zero or more, and nobody enters after leaving")
    first = np.where(first <= 0, -np.inf, first)
    kept = first < last
    first, last, codes = np.sort(first[kept]), last[kept], codes[kept]
    time, position = np.unique(last, return_inverse=True)
    entered = np.searchsorted(first, time, side="left")
    gone = np.searchsorted(np.sort(last), time, side="left")
    return _Steps(time, entered - gone, codes, position)


def _event_codes(events: ArrayLike) -> np.ndarray:
    return np.where(np.asarray(events, float).ravel() > 0, 0, -1)


def _table(steps: _Steps, columns: dict[str, np.ndarray]) -> pd.DataFrame:
    """One row per distinct time; the row for time 0 is left out, its effect on later rows stays."""
    frame = pd.DataFrame({"time": steps.time, "at_risk": steps.at_risk, **columns})
    return frame[frame["time"] > 0].reset_index(drop=True)


def _count(steps: _Steps, code: int) -> np.ndarray:
    return np.bincount(steps.position[steps.codes == code], minlength=len(steps.time))


def kaplan_meier(durations: ArrayLike, events: ArrayLike, entry: ArrayLike | None = None) -> pd.DataFrame:
    """Share still there after each time. events: 1 left, 0 censored; entry: time from which each person was observed.

    Columns time, at_risk, events, censored, survival, se; one row per distinct time above 0. S = prod(1 - d/n);
    se by Greenwood: S sqrt(sum d/(n(n-d))). Where S reaches 0 the se is its limit, 0. Kaplan & Meier (1958) JASA 53.
    """
    steps = _steps(durations, _event_codes(events), entry)
    left, n = _count(steps, 0), steps.at_risk
    survival = np.cumprod(1 - left / n)
    stayed = np.where(n > left, n - left, 1)
    spread = np.cumsum(np.where(n > left, left / (n * stayed), 0.0))
    columns = {"events": left, "censored": _count(steps, -1), "survival": survival, "se": survival * np.sqrt(spread)}
    return _table(steps, columns)


def log_log_interval(curve: pd.DataFrame, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Low and high bound of each survival of `kaplan_meier`, on the log(-log S) scale, so within [0, 1].

    S^exp(-+ z se/(S ln S)); where S is 1 or 0 both bounds equal S. Kalbfleisch & Prentice (2002), section 1.4.
    """
    survival = curve["survival"].to_numpy(float)
    inner = (survival > 0) & (survival < 1)
    s = np.where(inner, survival, 0.5)
    width = ndtri((1 + level) / 2) * curve["se"].to_numpy(float) / np.abs(s * np.log(s))
    return np.where(inner, s ** np.exp(width), survival), np.where(inner, s ** np.exp(-width), survival)


def nelson_aalen(durations: ArrayLike, events: ArrayLike, entry: ArrayLike | None = None) -> pd.DataFrame:
    """Cumulative hazard sum d/n: columns time, at_risk, events, hazard, se (Aalen: sqrt of sum d/n^2). Aalen (1978) Ann. Stat. 6."""
    steps = _steps(durations, _event_codes(events), entry)
    left, n = _count(steps, 0), steps.at_risk
    columns = {"events": left, "hazard": np.cumsum(left / n), "se": np.sqrt(np.cumsum(left / n**2))}
    return _table(steps, columns)


def aalen_johansen(durations: ArrayLike, causes: ArrayLike, entry: ArrayLike | None = None) -> pd.DataFrame:
    """Share that has left by each cause, the causes competing: columns time, at_risk, survival and one per cause, in sorted order.

    causes: 0, "", None or NaN = censored, anything else names a cause. F_k(t) = sum S(t-) d_k/n; survival + all F_k = 1.
    One minus Kaplan-Meier per cause says too much: who retires cannot resign any more. Aalen & Johansen (1978) Scand. J. Stat. 5.
    """
    given = pd.Series(np.asarray(causes, object).ravel(), dtype=object)
    given = given.where(given.notna() & (given != 0) & (given != ""), None)
    names = sorted(given.dropna().unique())
    codes = np.full(len(given), -1)
    for number, name in enumerate(names):
        codes[(given == name).to_numpy()] = number
    steps = _steps(durations, codes, entry)
    per_cause = np.array([_count(steps, number) for number in range(len(names))]).reshape(len(names), len(steps.time))
    survival = np.cumprod(1 - per_cause.sum(axis=0) / steps.at_risk)
    before = np.concatenate([[1.0], survival[:-1]])[: len(survival)]
    incidence = np.cumsum(before * per_cause / steps.at_risk, axis=1)
    return _table(steps, {"survival": survival, **{str(name): incidence[number] for number, name in enumerate(names)}})


def stay_chance(curve: pd.DataFrame, times: ArrayLike) -> np.ndarray:
    """Survival of `kaplan_meier` read at any times (a step function, 1 before the first row)."""
    steps = np.concatenate([[1.0], curve["survival"].to_numpy(float)])
    return steps[np.searchsorted(curve["time"].to_numpy(float), np.asarray(times, float), side="right")]

"""Solving the programme with HiGHS (scipy), first with fractions, then with whole people, within a given effort.

Effort is counted in steps and branches, not in seconds: on a busy machine the same question takes longer and has the same answer, so the
screen, the slides and the sheet name the same measures. Seconds end only what is far larger than any firm's plan.

The plan with fractions gives the bound, the dual values ("what one more place brings") and the neighbourhood: a large plan with
whole people is searched between the whole numbers around it first, because a full search would not end in seconds.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from scipy.sparse import csr_array, vstack

from analytics.plan.model import Model
from analytics.plan.rounding import rounded

TINY = 1e-7
NAMED = 0.05
"""Least units or fte of a measure that is named as a step: less rounds to nothing on every screen."""
_SMALL = 150  # decisions in whole people up to which everything is searched at once
_BRANCHES = 50  # of the search with whole people; almost every plan is found in the first
_PATIENCE = 30.0
"""Seconds after which a search ends although its branches have not: far more than the largest firm in the tests asks."""
_NEAR = 0.01  # a rounded plan this near to the bound is good enough: the costs themselves are not known better


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that holds the plan back. kind: capacity, resource, wishes, pool, minimum_stay, team_share, surplus, budget, target;
    name: of the measure, resource or pool; year: index or -1 for all years; brings: what one more of it is worth, in euro saved
    (least cost) or fte-years of shortage less (budget), from the plan without whole numbers."""

    kind: str
    name: str
    year: int
    brings: float


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Of one solve: values of the model's own columns, distance to the bound (share), whether people are whole, and the solution
    with fractions, for its dual values."""

    values: np.ndarray
    gap: float
    whole: bool
    relaxed: Any


def optimise(
    model: Model, goal: np.ndarray, extra: csr_array, most: np.ndarray, *, whole: bool = True, gap: float = 0.001
) -> Answer | None:
    """Least `goal` under the model and the extra rows; None when impossible.

    `gap`: stop when that near to the bound. When no plan with whole people is found within the effort, the one with
    fractions is given (whole = False); when there surely is none, None.
    """
    below, limits = csr_array(vstack([model.below, extra])), np.concatenate([model.at_most, most])
    relaxed = scipy.optimize.linprog(goal, below, limits, model.equal, model.equal_to, np.column_stack([0 * goal, model.upper]), "highs")
    if relaxed.x is None:
        return None
    if not whole or not model.whole.any():
        return Answer(_settle(model, relaxed.x), 0.0, not model.whole.any(), relaxed)
    rules = [scipy.optimize.LinearConstraint(model.equal, model.equal_to, model.equal_to)]
    if below.shape[0]:
        rules.append(scipy.optimize.LinearConstraint(below, -np.inf, limits))
    end = time.monotonic() + _PATIENCE
    small = model.whole.sum() <= _SMALL
    best = None if small else _by_steps(model, goal, below, limits, relaxed, 0.8 * _PATIENCE)
    if best is not None and best.gap <= max(gap, _NEAR):
        return best
    found = None
    for low, high in _rooms(model, relaxed.x) if best is None else [_around(model, relaxed.x, best.values)]:
        left = max(end - time.monotonic(), 0.2)
        options = {"time_limit": left, "node_limit": _BRANCHES, "mip_rel_gap": gap}
        found = scipy.optimize.milp(
            goal, integrality=model.whole, bounds=scipy.optimize.Bounds(low, high), constraints=rules, options=options
        )
        if found.x is not None:
            searched = _read(model, goal, found.x, relaxed)
            return searched if best is None or searched.gap < best.gap else best
    if best is None and found is not None and found.status == 2:
        return None
    return best or Answer(_settle(model, relaxed.x), 0.0, False, relaxed)


def _by_steps(model: Model, goal: np.ndarray, below: csr_array, limits: np.ndarray, relaxed: Any, seconds: float) -> Answer | None:
    if len(goal) != len(model.cost):  # the search for the nearest target has columns of its own
        return None
    starts = rounded(model, goal, below, limits, relaxed.x, seconds)
    if starts is None:
        return None
    return _read(model, goal, _settle(model, starts), relaxed)


def _rooms(model: Model, relaxed: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Bounds to search between, narrow ones first: around the fractions, then everything."""
    everything = (np.zeros_like(model.upper), model.upper)
    if model.whole.sum() <= _SMALL:
        return [everything]
    people = model.whole > 0
    used = people & (relaxed > TINY)
    low, high = everything[0].copy(), model.upper.copy()
    low[used] = np.maximum(np.floor(relaxed[used] + TINY) - 1, 0)
    high[used] = np.minimum(np.ceil(relaxed[used] - TINY) + 1, model.upper[used])
    high[people & ~used] = 0.0
    return [(low, high), everything]


def _around(model: Model, relaxed: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bounds near a plan with whole people that is already known, so that a plan surely lies between them."""
    people = np.flatnonzero(model.whole > 0)
    low, high = np.zeros_like(model.upper), model.upper.copy()
    both = np.sort(np.stack([known[people], relaxed[people]]), axis=0)
    low[people] = np.maximum(np.floor(both[0] + TINY) - 1, 0)
    high[people] = np.where(both[1] > TINY, np.minimum(np.ceil(both[1] - TINY) + 1, model.upper[people]), 0.0)
    return low, high


def _read(model: Model, goal: np.ndarray, values: np.ndarray, relaxed: Any) -> Answer:
    kept = np.maximum(values, 0.0)
    kept[model.whole > 0] = np.round(kept[model.whole > 0])
    distance = max(float(goal @ kept) - float(relaxed.fun), 0.0) / max(abs(float(goal @ kept)), 1e-9)
    return Answer(_settle(model, kept), distance, True, relaxed)


def _settle(model: Model, values: np.ndarray) -> np.ndarray:
    """Shortage and surplus exactly as the starts make them: never both in one role-unit and year."""
    begun = np.maximum(values[: model.starts], 0.0)
    left = model.equal_to - model.effect @ begun
    return np.concatenate([begun, np.maximum(left, 0.0), np.maximum(-left, 0.0)])


def worth(model: Model, relaxed: Any, labels: list[tuple[str, str, int]]) -> tuple[Limit, ...]:
    """What one more of each limit brings: the dual values, most first. labels: names of the extra rows."""
    years, found = model.problem.years, []
    rows = -np.asarray(relaxed.ineqlin.marginals)
    for (kind, name, year), value in zip([*model.labels, *labels], rows, strict=True):
        if value > TINY:
            found.append(Limit(kind, name, year, float(value)))
    upper = -np.asarray(relaxed.upper.marginals)[: model.starts]
    for column in np.flatnonzero(upper > TINY):
        found.append(Limit("capacity", model.problem.measures[column // years].name, int(column % years), float(upper[column])))
    return tuple(sorted(found, key=lambda limit: (-limit.brings, limit.kind, limit.name, limit.year)))

"""Goal seek: the smallest move of a single lever that reaches a target, on the slider's own steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from analytics.scenario import LEVERS, Lever


@dataclass(frozen=True, slots=True)
class Goal:
    """lever; value: where to set it (the nearest step to the present value that reaches the target; the best end when none does);
    reached; result: the figure there; now: the figure at the present value; asked: how often the model was run."""

    lever: str
    value: float
    reached: bool
    result: float
    now: float
    asked: int


def seek(figure: Callable[[float], float], present: float, low: float, high: float, step: float, target: float, lever: str = "") -> Goal:
    """Smallest change from `present` on the grid low, low + step, ..., high after which figure(value) <= target.

    figure must be monotone between low and high (up or down, levels allowed): then bisection finds the edge with about
    log2(steps) runs. Both ends are tried first: when neither reaches the target it says so and gives the better end. A present
    value that reaches the target already is returned unchanged.
    """
    seen: dict[float, float] = {}

    def ask(value: float) -> float:
        if value not in seen:
            seen[value] = float(figure(value))
        return seen[value]

    now = ask(present)
    if now <= target:
        return Goal(lever, present, True, now, now, len(seen))
    options = [edge for edge in (_edge(ask, present, end, step, low, target) for end in (low, high) if end != present) if edge is not None]
    if options:
        value = min(options, key=lambda found: (abs(found - present), found))
        return Goal(lever, value, True, ask(value), now, len(seen))
    best = min((low, high, present), key=lambda value: (ask(value), abs(value - present)))
    return Goal(lever, best, False, ask(best), now, len(seen))


def _edge(ask: Callable[[float], float], present: float, end: float, step: float, low: float, target: float) -> float | None:
    """The grid value nearest to `present`, towards `end`, that reaches the target; None when the end does not."""
    if ask(end) > target:
        return None
    first = (present - low) / step
    last = (end - low) / step
    near = np.floor(first + 1e-9) + 1 if last > first else np.ceil(first - 1e-9) - 1
    steps = int(max(np.floor(abs(last - near) + 1e-9), 0))
    sign = 1 if last > first else -1

    def at(k: int) -> float:
        value = round(low + step * (near + sign * k), 10)
        return min(value, end) if sign > 0 else max(value, end)

    if ask(at(steps)) > target:  # the end itself is no whole step
        return end
    below, above = -1, steps
    while above - below > 1:
        middle = (below + above) // 2
        if ask(at(middle)) <= target:
            above = middle
        else:
            below = middle
    return at(above)


def single_levers(
    figure: Callable[[str, float], float],
    present: Mapping[str, float],
    target: float,
    levers: Mapping[str, Lever] | None = None,
    basis: Mapping[str, float] | None = None,
) -> tuple[Goal, ...]:
    """Goal seek for each lever by itself ("at most 2 fte short in 2030 needs ..."): those that reach it first, least change first
    (as a share of the lever's range), then those that come nearest.

    figure(lever, value): the shortage when only that lever is moved; present: value of each lever asked about (a from_history
    lever at the firm's own figure, which is also its basis).
    """
    known = levers or LEVERS
    found = []
    for name, value in present.items():
        low, high = known[name].bounds((basis or present).get(name))
        low, high = min(low, value), max(high, value)
        goal = seek(lambda v, name=name: figure(name, v), value, low, high, known[name].step, target, name)
        found.append((goal, abs(goal.value - value) / max(high - low, 1e-12)))
    found.sort(key=lambda pair: (not pair[0].reached, pair[1] if pair[0].reached else pair[0].result, pair[0].lever))
    return tuple(goal for goal, _ in found)

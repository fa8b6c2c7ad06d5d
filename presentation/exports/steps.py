"""Stairs as stacked columns, for slides and workbook: an unseen base and the step on it."""

from __future__ import annotations

from collections.abc import Sequence


def stacked(values: Sequence[float]) -> list[tuple[float, float, float, float]]:
    """Per step: unseen base, the first or last figure, a step up, a step down. values: first figure, the steps, last figure.

    A surplus lies below nought, and columns below nought are stacked apart from those above: everything is lifted so that the
    lowest point is nought.
    """
    levels, level = [], 0.0
    for place, value in enumerate(values):
        ends = place in (0, len(values) - 1)
        low, high = (min(0.0, value), max(0.0, value)) if ends else (min(level, level + value), max(level, level + value))
        levels.append((low, high - low, ends, value))
        level = value if place == 0 else level if ends else level + value
    lift = -min([0.0, *(low for low, *_ in levels)])
    return [
        (low + lift, size if ends else 0.0, size if not ends and value > 0 else 0.0, size if not ends and value <= 0 else 0.0)
        for low, size, ends, value in levels
    ]

"""From a plan with fractions to one with whole people, one step at a time.

For plans too large to search completely in seconds: round all starts down, then add single units, each time the one that mends
most of what is still asked for its price; then add or take away units as long as that betters the goal. Never breaks a limit
that holds. The distance to the bound is measured afterwards, so a poor result is visible.
"""

from __future__ import annotations

import time

import numpy as np
from scipy.sparse import csc_array, csr_array

from analytics.plan.model import Model

_EPS = 1e-9
_LOOKS = 2000  # at all columns; a plan of sixty role-units takes less than a hundred
_AT_ONCE = 6  # steps between two looks at all columns while mending


class _Steps:
    """The state of a plan while it is rounded. Rows are of two kinds: `plain` ones depend on starts alone, `far` ones also on
    shortage and surplus (targets, budgets) and are few."""

    def __init__(self, model: Model, goal: np.ndarray, below: csr_array, most: np.ndarray, starts: np.ndarray) -> None:
        count, self.cells = model.starts, len(model.equal_to)
        self.starts, self.target, self.upper = starts, model.equal_to, model.upper[:count]
        self.people = model.whole[:count] > 0
        on_cells = below[:, count : count + 2 * self.cells]
        far = np.diff(csr_array(on_cells).indptr) > 0
        room = most + 1e-6 * np.maximum(np.abs(most), 1.0)
        self.plain, self.plain_room = csc_array(below[~far][:, :count]), room[~far]
        self.far_own, self.far_most, self.far_room = below[far][:, :count].toarray(), most[far], room[far]
        self.goal = goal[:count]
        self.lines = np.vstack([goal[None, count : count + 2 * self.cells], on_cells[far].toarray()])
        self.effect = csc_array(model.effect)
        self.columns = np.repeat(np.arange(count), np.diff(self.effect.indptr))
        self.plain_columns = np.repeat(np.arange(count), np.diff(self.plain.indptr))
        self.refresh()

    def refresh(self) -> None:
        self.left = self.target - self.effect @ self.starts
        self.plain_use = self.plain @ self.starts
        ends = self.lines @ np.concatenate([np.maximum(self.left, 0), np.maximum(-self.left, 0)])
        self.far_use = self.far_own @ self.starts + ends[1:]

    def allowed(self, sign: float) -> np.ndarray:
        """Columns of which one unit more (1) or less (-1) keeps its bounds and all plain rows."""
        after = self.starts + sign
        fine = self.people & (after <= self.upper + _EPS) & (after >= -_EPS)
        change = sign * self.plain.data
        worse = (change > 0) & (self.plain_use[self.plain.indices] + change > self.plain_room[self.plain.indices])
        fine[self.plain_columns[worse]] = False
        return fine

    def change(self, sign: float) -> tuple[np.ndarray, np.ndarray]:
        """For one unit more or less of every column: change of the goal (columns,) and of the far rows (rows, columns)."""
        left = self.left[self.effect.indices]
        after = left - sign * self.effect.data
        short = np.maximum(after, 0) - np.maximum(left, 0)
        over = np.maximum(-after, 0) - np.maximum(-left, 0)
        rows = []
        for line in self.lines:
            value = line[self.effect.indices] * short + line[self.effect.indices + self.cells] * over
            rows.append(np.bincount(self.columns, value, minlength=len(self.goal)))
        return sign * self.goal + rows[0], sign * self.far_own + np.array(rows[1:]).reshape(-1, len(self.goal))

    def worth(self, sign: float) -> np.ndarray:
        """(columns,) worth of one step of this sign, 0 = none. While a far row is broken only mending counts."""
        goal, use = self.change(sign)
        broken = self.broken()
        fine = self.allowed(sign)
        whole = ~broken
        fine &= ((use[whole] <= _EPS) | (self.far_use[whole, None] + use[whole] <= self.far_room[whole, None])).all(axis=0)
        if broken.any():
            mended = np.minimum((self.far_use - self.far_most)[broken, None], -use[broken]).sum(axis=0)
            value = np.where(mended > 1e-6, mended / np.maximum(goal, 1e-3), 0.0)
        else:
            value = np.where(goal < -_EPS, -goal, 0.0)
        return np.where(fine, value, 0.0)

    def broken(self) -> np.ndarray:
        return self.far_use > self.far_room

    def take(self, column: int, sign: float) -> bool:
        """Make the step unless it breaks a row that holds."""
        held = ~self.broken()
        self.starts[column] += sign
        self.refresh()
        if (self.plain_use > self.plain_room).any() or (self.broken() & held).any():
            self.starts[column] -= sign
            self.refresh()
            return False
        return True


def rounded(model: Model, goal: np.ndarray, below: csr_array, most: np.ndarray, relaxed: np.ndarray, seconds: float) -> np.ndarray | None:
    """(M*T,) starts with whole people that keep all rows `below @ columns <= most`; None when none was found within the looks."""
    count = model.starts
    start = relaxed[:count].copy()
    people = model.whole[:count] > 0
    start[people] = np.floor(start[people] + 1e-6)
    steps = _Steps(model, goal, below, most, start)
    end = time.monotonic() + seconds
    for _ in range(_LOOKS):
        if time.monotonic() > end:
            return None
        mending = bool(steps.broken().any())
        best = max(((sign, steps.worth(sign)) for sign in ((1.0,) if mending else (1.0, -1.0))), key=lambda pair: pair[1].max(initial=0))
        order = np.argsort(-best[1], kind="stable")[: _AT_ONCE if mending else 1]
        taken = [steps.take(int(column), best[0]) for column in order if best[1][column] > 0]
        if not any(taken):
            break
    kept = (steps.far_use <= steps.far_room).all() and (steps.plain_use <= steps.plain_room).all()
    return steps.starts if kept else None

"""Who reaches the pension date in which step: the people of one age, split by the step their date falls in.

A *column* holds people of one age at the start whose pension date falls in one step (and, in heavy roles, whose earlier-stop
window opens in one step). Within a column everybody has the same chances until that step; there, the months in the step are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analytics.grid import AGES, TENURES, Cells

NEVER = 99
"""Step of a pension or window beyond every horizon, or without one."""
INSIDE = -1
"""Window already open at the start, not yet used."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Per group, (G,): months the pension date shifts, months added to dates from `step_from` on, months an earlier stop comes
    before the date (0 = none: not heavy), and the number of steps."""

    shift: np.ndarray
    step: np.ndarray
    step_from: int
    earlier: np.ndarray
    horizon: int


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """age, leave, window: int (C,), sorted by `leave` downwards, so that the columns still present at step t are a prefix.

    months: (C', 12, G) share of a column's people whose date lies in each month of its step, for the columns with leave < horizon:
    the last C' ones, first of them `first_old`; window_months the same for the window step, for the columns `window_rows`.
    """

    age: np.ndarray
    leave: np.ndarray
    window: np.ndarray
    first_old: int
    months: np.ndarray
    window_rows: np.ndarray
    window_months: np.ndarray

    def __len__(self) -> int:
        return len(self.age)

    def present(self, step: int) -> int:
        """How many columns (a prefix) can still hold people at the start of this step."""
        return int(np.searchsorted(-self.leave, -step, side="right"))


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Where each cell went: column (-1 = pension date passed), effective pension month and part of the step before it."""

    column: np.ndarray
    past: np.ndarray


def place(cells: tuple[Cells, ...], timing: Timing, groups: int) -> tuple[Columns, tuple[Placed, ...]]:
    """Columns over all cells, and the column of each cell. Only the first cells, those of permanent staff, have an earlier stop."""
    plain = replace(timing, earlier=np.zeros_like(timing.earlier))
    parts = [_steps(one, plain if number else timing) for number, one in enumerate(cells)]
    keys = [
        ((NEVER - leave) * AGES + one.age) * (NEVER + 2) + window + 1 for one, (leave, _, window, _, _) in zip(cells, parts, strict=True)
    ]
    alive = [key[~part[4]] for key, part in zip(keys, parts, strict=True)]
    unique = np.unique(np.concatenate(alive)) if alive else np.zeros(0, int)
    leave = NEVER - unique // ((NEVER + 2) * AGES)
    age = unique // (NEVER + 2) % AGES
    window = unique % (NEVER + 2) - 1
    placed = tuple(Placed(np.where(part[4], -1, np.searchsorted(unique, key)), part[4]) for key, part in zip(keys, parts, strict=True))
    first_old = int((leave == NEVER).sum())
    rows = np.flatnonzero(window != NEVER)
    lookup = np.full(len(unique), -1)
    lookup[rows] = np.arange(len(rows))
    months = np.zeros((len(unique) - first_old, 12, groups))
    window_months = np.zeros((len(rows), 12, groups))
    for one, spot, (_, month, _, window_month, past) in zip(cells, placed, parts, strict=True):
        old = ~past & (spot.column >= first_old)
        _add(months, (spot.column - first_old)[old], month[old] % 12, one.group[old], one.amounts[0][old])
        column = np.where(past, 0, spot.column)
        opens = ~past & (lookup[column] >= 0) if len(unique) else past & False
        _add(window_months, lookup[column[opens]], window_month[opens] % 12, one.group[opens], one.amounts[0][opens])
    for share in (months, window_months):
        total = share.sum(axis=1, keepdims=True)
        np.divide(share, total, out=share, where=total > 0)
    return Columns(age, leave, window, first_old, months, rows, window_months), placed


def _steps(cells: Cells, timing: Timing) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Per cell: step of leaving, effective month, step of the window, its month, and whether the date had passed at the start."""
    group = cells.group
    past = cells.month < 0
    month = np.maximum(cells.month + timing.shift[group] + timing.step[group] * (cells.month >= timing.step_from), 0)
    leave = np.where(month // 12 >= timing.horizon, NEVER, month // 12)
    earlier = timing.earlier[group]
    opened = month - earlier
    window = np.where(earlier <= 0, NEVER, np.where(opened < 0, INSIDE, np.where(opened // 12 >= timing.horizon, NEVER, opened // 12)))
    return leave, month, window, np.maximum(opened, 0), past


def _add(target: np.ndarray, first: np.ndarray, month: np.ndarray, group: np.ndarray, people: np.ndarray) -> None:
    if len(first):
        flat = (first * 12 + month) * target.shape[2] + group
        target += np.bincount(flat, weights=people, minlength=target.size).reshape(target.shape)


def spread(cells: Cells, placed: Placed, columns: int, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """(3, K, C, G) amounts of the cells that are not past by tenure and column, and (3, A, G) of those whose date has passed."""
    here = ~placed.past
    flat = ((cells.tenure * columns + placed.column) * groups + cells.group)[here]
    shape = (TENURES, columns, groups)
    size = TENURES * columns * groups
    grid = np.stack([np.bincount(flat, weights=row[here], minlength=size).reshape(shape) for row in cells.amounts])
    flat = (cells.age * groups + cells.group)[placed.past]
    past = np.stack([np.bincount(flat, weights=row[placed.past], minlength=AGES * groups).reshape(AGES, groups) for row in cells.amounts])
    return grid.astype(float), past.astype(float)  # an empty count comes back as whole numbers

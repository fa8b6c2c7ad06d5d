"""When people reach the pension date: the people of one age, split by the month of that date.

A *column* holds people of one age at the start whose pension date falls in one month, so that within a tenure class and a group
everybody in it has the same chances in every step. All who lie beyond the horizon share one column per age.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.grid import AGES, FAR, TENURES, Cells


@dataclass(frozen=True, slots=True)
class Timing:
    """Per group, (G,): months the pension date shifts, months added to dates from `step_from` on, months an earlier stop comes
    before the date (0 = none: not heavy), and the number of steps."""

    shift: np.ndarray
    step: np.ndarray
    step_from: int
    earlier: np.ndarray
    horizon: int

    def months(self, cells: Cells) -> np.ndarray:
        """Month of each cell's pension date in this scenario, never before the start; FAR beyond every effect within the horizon."""
        group = cells.group
        month = np.maximum(cells.month + self.shift[group] + self.step[group] * (cells.month >= self.step_from), 0)
        return np.where(month >= 12 * self.horizon + self.earlier.max(initial=0), FAR, month)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """age, month: int (C,), latest month first, so that the columns still present at step t are a prefix."""

    age: np.ndarray
    month: np.ndarray

    def __len__(self) -> int:
        return len(self.age)

    @property
    def leave(self) -> np.ndarray:
        """Step in which the date falls."""
        return self.month // 12

    def present(self, step: int) -> int:
        """How many columns (a prefix) can still hold people at the start of this step."""
        return int(np.searchsorted(-self.month, -12 * step, side="right"))


def part_of_step(month: np.ndarray) -> np.ndarray:
    """Part of the step before a date in this month: dates lie at the middle of their month."""
    return (month % 12 + 0.5) / 12


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Where each cell went: its column and month, and whether its date had passed at the start (then it is in no column)."""

    column: np.ndarray
    month: np.ndarray
    past: np.ndarray


def place(cells: tuple[Cells, ...], timing: Timing) -> tuple[Columns, tuple[Placed, ...]]:
    """Columns over all cells, and the column of each cell."""
    months = [timing.months(one) for one in cells]
    past = [one.month < 0 for one in cells]
    keys = [(FAR - month) * AGES + one.age for one, month in zip(cells, months, strict=True)]
    unique = np.unique(np.concatenate([key[~gone] for key, gone in zip(keys, past, strict=True)]))
    columns = Columns(unique % AGES, FAR - unique // AGES)
    placed = tuple(
        Placed(np.where(gone, 0, np.searchsorted(unique, key)), month, gone) for key, month, gone in zip(keys, months, past, strict=True)
    )
    return columns, placed


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

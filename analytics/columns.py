"""Where today's people lie on the grid of a projection: tracks of equal service, columns of equal age and pension year.

A *column* holds people of one age at the start whose pension date falls in one step; all who lie beyond the horizon share one column
per age. A *track* holds people with one kind of contract and one length of service. Inside a track, a column and a group everybody
has the same chances in every step, but for the month within the step of their pension date or earlier stop: those who can reach
either within the horizon are also kept as rows, `Near`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from scipy import sparse

from analytics.folding import AGES, FAR, NO_END, Cells

FAR_STEP = FAR // 12
"""Step in which dates beyond every effect within the horizon fall."""
YEARS_AT_START = np.array([0, 1, 3, 5])
"""Whole years of service taken for a tenure band: those of 2 to 5 years are in their fourth."""


def tenure_band(years: np.ndarray | int) -> np.ndarray:
    """Index in TENURE_BANDS of whole years of service."""
    return np.searchsorted([1, 2, 5], years, side="right")


def part_of_step(month: np.ndarray) -> np.ndarray:
    """Part of the step before a date in this month: dates lie at the middle of their month."""
    return (month % 12 + 0.5) / 12


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
    """age, leave (step of the pension date): int (C,), latest step first, so that the columns still present at step t are a prefix.
    Within a step the youngest come first."""

    age: np.ndarray
    leave: np.ndarray

    def __len__(self) -> int:
        return len(self.age)

    @property
    def far(self) -> int:
        """How many columns, a prefix, lie beyond the horizon."""
        return int(np.searchsorted(-self.leave, -FAR_STEP, side="right"))

    def present(self, step: int) -> int:
        """How many columns (a prefix) can still hold people at the start of this step."""
        return int(np.searchsorted(-self.leave, -step, side="right"))


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Rows of people (R,) with a pension date within reach, in order of the step of that date: track, column, group, month of the
    date (a mean where rows were folded), opens (month from which the earlier stop is open; FAR where the group has none); amounts
    (3, R). leaving[t], opening[t]: rows whose date falls in step t, and for which the earlier stop opens in it; inside: open already."""

    track: np.ndarray
    column: np.ndarray
    group: np.ndarray
    month: np.ndarray
    opens: np.ndarray
    amounts: np.ndarray
    leaving: tuple[np.ndarray, ...]
    opening: tuple[np.ndarray, ...]
    inside: np.ndarray


def near_rows(
    track: np.ndarray, column: np.ndarray, group: np.ndarray, month: np.ndarray, opens: np.ndarray, amounts: np.ndarray, horizon: int
) -> Near:
    """Rows, already in order of their step, with the index of each step."""
    first = np.searchsorted(month // 12, np.arange(horizon + 1))
    leaving = tuple(np.arange(low, high) for low, high in pairwise(first))
    by_window = np.argsort(opens // 12, kind="stable")
    first = np.searchsorted((opens // 12)[by_window], np.arange(horizon + 1))
    opening = tuple(by_window[low:high] for low, high in pairwise(first))
    return Near(track, column, group, month, opens, amounts, leaving, opening, np.flatnonzero(opens < 0))


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Everybody on the grid. amounts (3, K, C, G): people, fte and sum of squared fte by track of service at the start, without the
    contracts that have yet to end; past (3, A, G): those whose date had passed at the start, by age; near: rows of all of them;
    merged: the near rows without their tracks, and onto (R,) where each row goes then; by_age (A, C): 1 where a column is of that age
    at the start. Of the fixed-term cells: their month,
    column, and index in `near` (-1: not there)."""

    columns: Columns
    amounts: np.ndarray
    past: np.ndarray
    near: Near
    merged: Near
    onto: np.ndarray
    by_age: sparse.csr_matrix
    fixed_month: np.ndarray
    fixed_column: np.ndarray
    fixed_near: np.ndarray

    def together(self, amounts: np.ndarray) -> Near:
        """`merged` with amounts (Q, R) of the rows of `near` added up: for when all tracks have become one."""
        size = len(self.merged.group)
        return replace(
            self.merged, amounts=np.stack([np.bincount(self.onto, weights=row, minlength=size) for row in amounts]).astype(float)
        )


def place(cells: Cells, fixed: Cells | None, timing: Timing, groups: int, fold: bool = False) -> Placed:
    """Permanent and fixed-term cells on tracks and columns. fold: near rows are not kept by month but by step, at their mean month,
    which is enough for people whose birthday nobody knows."""
    both = (cells,) if fixed is None else (cells, fixed)
    group, age, tenure, end = (np.concatenate([getattr(one, name) for one in both]) for name in ("group", "age", "tenure", "end_step"))
    month, amounts = np.concatenate([timing.months(one) for one in both]), np.concatenate([one.amounts for one in both], axis=1)
    gone = np.concatenate([one.month < 0 for one in both])
    columns, column = _columns(age, month, ~gone)
    shape = (int(tenure.max(initial=0)) + 1, len(columns), groups)
    rows = np.flatnonzero(~gone & (month < FAR))
    near, order = _near(tenure[rows], column[rows], group[rows], month[rows], amounts[:, rows], timing, fold)
    merged, onto = _merged(near, groups, timing.horizon)
    where = np.full(len(group), -1)
    if not fold:
        where[rows[order]] = np.arange(len(rows))
    return Placed(
        columns=columns,
        amounts=_sums((tenure * len(columns) + column) * groups + group, amounts, ~gone & (end == NO_END), shape),
        past=_sums(age * groups + group, amounts, gone, (AGES, groups)),
        near=near,
        merged=merged,
        onto=onto,
        by_age=sparse.csr_matrix((np.ones(len(columns)), (columns.age, np.arange(len(columns)))), shape=(AGES, len(columns))),
        fixed_month=month[len(cells) :],
        fixed_column=column[len(cells) :],
        fixed_near=where[len(cells) :],
    )


def _columns(age: np.ndarray, month: np.ndarray, here: np.ndarray) -> tuple[Columns, np.ndarray]:
    key = (FAR_STEP - month // 12) * AGES + age
    seen = np.zeros((FAR_STEP + 1) * AGES, bool)
    seen[key[here]] = True
    unique = np.flatnonzero(seen)
    return Columns(unique % AGES, FAR_STEP - unique // AGES), np.where(here, np.searchsorted(unique, key), 0)


def _sums(flat: np.ndarray, amounts: np.ndarray, chosen: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    size = int(np.prod(shape))
    rows = [np.bincount(flat[chosen], weights=row[chosen], minlength=size).reshape(shape) for row in amounts]
    return np.stack(rows).astype(float)  # an empty count comes back as whole numbers


def _near(
    track: np.ndarray, column: np.ndarray, group: np.ndarray, month: np.ndarray, amounts: np.ndarray, timing: Timing, fold: bool
) -> tuple[Near, np.ndarray]:
    """The rows in their order, and which row each was."""
    earlier = timing.earlier[group]
    opens = np.where(earlier > 0, month - earlier, FAR)
    if fold and len(group):
        key = ((track * (int(column.max()) + 1) + column) * len(timing.earlier) + group) * (2 * FAR_STEP) + opens // 12 + FAR_STEP // 2
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        amounts = np.stack([np.bincount(inverse, weights=row) for row in amounts])
        mean = np.bincount(inverse, weights=month * amounts[0][inverse]) / np.bincount(inverse, weights=amounts[0][inverse])
        month = _within_step(mean, month[first])
        track, column, group = track[first], column[first], group[first]
        opens = np.where(opens[first] < FAR, _within_step(month - timing.earlier[group], opens[first]), FAR)
    order = np.argsort(month // 12, kind="stable")
    return near_rows(*(row[order] for row in (track, column, group, month, opens)), amounts[:, order], timing.horizon), order


def _within_step(mean: np.ndarray, month: np.ndarray) -> np.ndarray:
    """A mean of months of one step, kept in that step: of equal months it can come out a hair below them, in the step before."""
    start = month // 12 * 12
    return np.clip(mean, start, start + 11)


def _merged(near: Near, groups: int, horizon: int) -> tuple[Near, np.ndarray]:
    moment = np.unique(near.month, return_inverse=True)[1]  # a mean month is a fraction: in a key it could look like another row
    key = (moment * (int(near.column.max(initial=0)) + 1) + near.column) * groups + near.group
    _, first, onto = np.unique(key, return_index=True, return_inverse=True)
    parts = [getattr(near, name)[first] for name in ("column", "group", "month", "opens")]
    return near_rows(np.zeros(len(first), int), *parts, near.amounts[:, first], horizon), onto

"""Where today's people lie on the grid of a projection: tracks of equal service, columns of equal age and pension year.

A *column* holds people of one age at the start whose pension date falls in one step; all who lie beyond the horizon share one column
per age. A *track* holds people with one kind of contract and one length of service. Inside a track, a column and a group everybody
has the same chances in every step, but for the month within the step of their pension date or earlier stop: those who can reach
either within the horizon are also kept as rows, `Near`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.grid import AGES, FAR, NO_END, TENURES, Cells

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
    date, opens (month from which the earlier stop is open; FAR where the group has none); amounts (3, R)."""

    track: np.ndarray
    column: np.ndarray
    group: np.ndarray
    month: np.ndarray
    opens: np.ndarray
    amounts: np.ndarray

    def leaving(self, step: int) -> np.ndarray:
        """Rows whose date falls in this step."""
        leave = self.month // 12
        return np.arange(np.searchsorted(leave, step), np.searchsorted(leave, step, side="right"))

    def opening(self, step: int) -> np.ndarray:
        """Rows for which the earlier stop opens in this step."""
        return np.flatnonzero((self.opens >= 12 * step) & (self.opens < 12 * step + 12))


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Everybody on the grid. service, end (K,): whole years of service of each track at the start, and the step in which its contracts
    end (NO_END: permanent); part (K, G): part of that step before they do; amounts (3, K, C, G): people, fte and sum of squared fte; past (3, A, G): those
    whose date had passed at the start, by age."""

    columns: Columns
    service: np.ndarray
    end: np.ndarray
    part: np.ndarray
    amounts: np.ndarray
    past: np.ndarray
    near: Near


def place(cells: tuple[Cells, ...], timing: Timing, groups: int) -> Placed:
    """All cells, permanent and fixed-term together, on tracks and columns."""
    group, age, tenure, end, end_part = (
        np.concatenate([getattr(one, name) for one in cells]) for name in ("group", "age", "tenure", "end_step", "end_part")
    )
    month, amounts = np.concatenate([timing.months(one) for one in cells]), np.concatenate([one.amounts for one in cells], axis=1)
    gone = np.concatenate([one.month < 0 for one in cells])
    here = ~gone
    columns, column = _columns(age, month, here)
    kind = (end + 1) * TENURES + tenure
    kinds, track = np.unique(kind, return_inverse=True) if len(kind) else (np.zeros(1, int), kind)
    shape = (len(kinds), len(columns), groups)
    grid = _sums((track * len(columns) + column) * groups + group, amounts, here, shape)
    return Placed(
        columns=columns,
        service=YEARS_AT_START[kinds % TENURES],
        end=kinds // TENURES - 1,
        part=_parts(end, group, end_part, kinds // TENURES - 1, groups),
        amounts=grid,
        past=_sums(age * groups + group, amounts, gone, (AGES, groups)),
        near=_near(track, column, group, month, amounts, here, timing),
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


def _parts(end: np.ndarray, group: np.ndarray, part: np.ndarray, ends: np.ndarray, groups: int) -> np.ndarray:
    """(K, G) by the step in which the contracts of a track end. All contracts of a group that end in one step share their part."""
    out = np.full((int(ends.max(initial=NO_END)) + 2, groups), 0.5)
    out[end + 1, group] = part
    return out[ends + 1]


def _near(
    track: np.ndarray, column: np.ndarray, group: np.ndarray, month: np.ndarray, amounts: np.ndarray, here: np.ndarray, timing: Timing
) -> Near:
    rows = np.flatnonzero(here & (month < FAR))
    rows = rows[np.argsort(month[rows] // 12, kind="stable")]
    earlier = timing.earlier[group[rows]]
    opens = np.where(earlier > 0, month[rows] - earlier, FAR)
    return Near(track[rows], column[rows], group[rows], month[rows], opens, amounts[:, rows])

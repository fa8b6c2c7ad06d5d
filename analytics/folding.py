"""Counted rows folded into the cells of the grid: what `grid.prepare` does with people, without a text or a frame on the way.

A large firm has nearly as many rows as cells, and they come from the store in order: then nothing needs sorting. What is folded, those
whose pension lies beyond any horizon, falls into a small table that is counted at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.coded import DENSE
from analytics.workforce import AGE_BANDS, AGE_MAX, AGE_MIN, FIXED, TENURE_BANDS

AGES = AGE_MAX - AGE_MIN + 1
BANDS, TENURES = len(AGE_BANDS), len(TENURE_BANDS)
FAR = 9_999
"""Pension month of everybody whose pension lies beyond any horizon and shift."""
NO_END = -1
LONGEST_FIXED = 9
"""Fixed-term contracts that end later than this many years are treated as permanent."""
ENDS = 12 * (LONGEST_FIXED + 1) + 2
"""Months in which a contract can end, beside none and an unknown one."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Rows (group, age, tenure, pension month): one cell of the grid each, people in it interchangeable but for their own fte.

    Integer arrays (R,) group, age (0 = 15 years), tenure, month (FAR = beyond the horizon), end_step (fixed contracts: the step in
    which the contract ends, else NO_END), end_part (part of that step before the end); `amounts` (3, R):
    people, fte, sum of fte squared.
    """

    group: np.ndarray
    age: np.ndarray
    tenure: np.ndarray
    month: np.ndarray
    end_step: np.ndarray
    end_part: np.ndarray
    amounts: np.ndarray

    def __len__(self) -> int:
        return len(self.group)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The columns of `Cohorts.frame` as arrays (R,): group as a number, age in years, months from the day on, whether the contract is
    for a fixed term; amounts: people, fte and fte squared, (R,) each."""

    group: np.ndarray
    age: np.ndarray
    tenure: np.ndarray
    month: np.ndarray
    end: np.ndarray
    fixed: np.ndarray
    amounts: tuple[np.ndarray, np.ndarray, np.ndarray]


def rows_of(frame: pd.DataFrame, group: np.ndarray) -> Rows:
    contract = frame["contract"]
    if isinstance(contract.dtype, pd.CategoricalDtype):
        fixed = contract.cat.codes.to_numpy() == contract.cat.categories.get_indexer([FIXED])[0]
    else:
        fixed = (contract == FIXED).to_numpy(bool)
    whole = (_whole(frame[name].to_numpy()) for name in ("age", "tenure_band", "pension_month", "contract_end_month"))
    people, fte, squares = (frame[name].to_numpy(float) for name in ("people", "fte", "fte_sq"))
    return Rows(group, *whole, fixed, (people, fte, squares))


def _whole(values: np.ndarray) -> np.ndarray:
    return values if values.dtype.kind == "i" else values.astype(float).astype(np.int64)


def fold(rows: Rows, years: int) -> tuple[Cells, Cells]:
    """Permanent and fixed-term cells; years: the longest horizon."""
    far = rows.month >= 12 * (years + 12)
    near_or_far = np.flatnonzero(~far), np.flatnonzero(far)
    groups = int(rows.group.max(initial=-1)) + 1
    found = []
    for fixed in (False, True):
        of_kind = [at[rows.fixed[at] == fixed] for at in near_or_far]
        parts = [_folded(rows, at, beyond, fixed, groups) for at, beyond in zip(of_kind, (False, True), strict=True)]
        found.append(Cells(*(np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in Cells.__slots__)))
    return found[0], found[1]


def _folded(rows: Rows, at: np.ndarray, beyond: bool, fixed: bool, groups: int) -> Cells:
    """The rows `at`, those alike as one: near ones, or those whose pension lies beyond any lever, which is one month for all."""
    group, age = rows.group[at].astype(np.int64), np.clip(rows.age[at], AGE_MIN, AGE_MAX).astype(np.int64) - AGE_MIN
    tenure, amounts = np.clip(rows.tenure[at], 0, TENURES - 1).astype(np.int64), [row[at] for row in rows.amounts]
    month = np.full(len(at), FAR) if beyond else np.maximum(rows.month[at], -1).astype(np.int64)
    until = _until(rows.end[at]) if fixed else np.zeros(len(at), np.int64)
    key = (group * AGES + age) * TENURES + tenure
    if not beyond:
        key = ((group * AGES + age) * (FAR + 2) + month + 1) * TENURES + tenure
    if fixed:
        key = key * ENDS + until
    if beyond and not fixed and groups * AGES * TENURES <= DENSE:
        some = np.full(groups * AGES * TENURES, -1)
        some[key] = np.arange(len(key))
        cells = np.flatnonzero(some >= 0)
        first, amounts = some[cells], [np.bincount(key, weights=row, minlength=len(some))[cells] for row in amounts]
    elif (key[1:] > key[:-1]).all():
        first = slice(None)
    else:
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        amounts = [np.bincount(inverse, weights=row, minlength=len(first)) for row in amounts]
    group, age, tenure, month = (values[first] for values in (group, age, tenure, month))
    step, part = _ends(until[first]) if fixed else (np.full(len(group), NO_END), np.full(len(group), 0.5))
    return Cells(group, age, tenure, month, step, part, np.stack(amounts).astype(float))


def _until(end: np.ndarray) -> np.ndarray:
    """When a contract ends as a whole number: 0 never, 1 a fixed contract without a date, else two more than the month."""
    until = np.maximum(end, -1).astype(np.int64) + 2
    until[until >= ENDS] = 0
    return until


def _ends(until: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Step and part of it; a fixed contract without a date ends in the coming year, at its middle."""
    end = until - 2
    return np.where(until == 0, NO_END, np.where(end < 0, 0, end // 12)), np.where(end < 0, 0.5, (end % 12 + 0.5) / 12)


def pension_age(rows: Rows) -> float:
    """Statutory pension age in months that holds for the younger half of the staff, read back from their own pension months."""
    people = rows.amounts[0] * ((rows.age >= AGE_MIN) & (rows.age <= 60) & (rows.month > 0))
    total = people.sum()
    if total <= 0:
        return 807.0  # 67 years and 3 months: the Dutch age set by law from 2028 on
    return float(np.round((people @ rows.month + 12 * (people @ rows.age)) / total + 6.5))

"""Groups as numbers: which distinct group each row of a frame is of, without comparing the texts of a million rows.

The store hands its counted cells over with the GROUP columns as categories (a small code per row, sorted names beside them); everybody
else's frames hold text, which is coded here first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.workforce import GROUP

DENSE = 4_000_000
"""Up to so many combinations of codes, or possible cells, a table of them all is quicker than sorting the rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """names: frame of the GROUP columns, distinct, as text; of_row (R,): which of them each row is."""

    names: pd.DataFrame
    of_row: np.ndarray

    def sums(self, values: np.ndarray) -> np.ndarray:
        """(R,) added up per name."""
        return np.bincount(self.of_row, weights=values, minlength=len(self.names)).astype(float)


def grouped(frame: pd.DataFrame) -> Grouped:
    """Missing names count as empty ones. The names come in the order of their codes: that of the alphabet, from the store."""
    coded = [_coded(frame[name]) for name in GROUP]
    key, size = np.zeros(len(frame), np.int64), 1
    for codes, names in coded:
        key *= len(names)
        key += codes
        size *= max(len(names), 1)
    if size <= DENSE:
        seen = np.zeros(size, bool)
        seen[key] = True
        present = np.flatnonzero(seen)
        place = np.empty(size, np.int64)
        place[present] = np.arange(len(present))
        of_row = place[key]
    else:
        present, of_row = np.unique(key, return_inverse=True)
    columns, rest = {}, present
    for name, (_, names) in reversed(list(zip(GROUP, coded, strict=True))):
        columns[name] = pd.Series(names.take(rest % max(len(names), 1)), dtype="str")
        rest = rest // max(len(names), 1)
    return Grouped(pd.DataFrame({name: columns[name] for name in GROUP}), of_row)


def _coded(column: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """A code per row and the name of each code."""
    if isinstance(column.dtype, pd.CategoricalDtype) and not (column.cat.codes.to_numpy() < 0).any():
        return column.cat.codes.to_numpy(), column.cat.categories
    codes, names = pd.factorize(column.fillna("").astype("str"), sort=True)
    return codes, pd.Index(names)


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame with text where there were categories: for who puts other names in their place."""
    coded = {name: column.astype("str") for name, column in frame.items() if isinstance(column.dtype, pd.CategoricalDtype)}
    return frame.assign(**coded) if coded else frame

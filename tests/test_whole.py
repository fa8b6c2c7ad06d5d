"""Whole numbers that add up: rounding a table must not make a person appear or vanish in a sum."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from analytics.whole import whole_numbers


@given(arrays(float, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.floats(0, 40)))
def test_cells_and_sums_are_the_whole_number_above_or_below(table: np.ndarray) -> None:
    told = whole_numbers(table)
    for exact, whole in ((table, told), (table.sum(axis=0), told.sum(axis=0)), (table.sum(axis=1), told.sum(axis=1))):
        assert (np.abs(exact - whole) < 1 + 1e-6).all()
    assert abs(table.sum() - told.sum()) <= 0.5 + 1e-6


def test_thirds_make_wholes() -> None:
    told = whole_numbers(np.full((3, 3), 1 / 3))
    assert told.sum(axis=0).tolist() == told.sum(axis=1).tolist() == [1, 1, 1]
    assert whole_numbers(np.zeros((0, 4))).shape == (0, 4)
    assert whole_numbers(np.array([[2.0, 3.0]])).tolist() == [[2, 3]]

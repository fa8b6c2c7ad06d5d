"""Whole numbers from fractions so that every sum stays right: controlled rounding of a table with two margins."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, eye_array, kron, vstack


def whole_numbers(table: np.ndarray) -> np.ndarray:
    """The table (R, C) with each cell, row sum, column sum and the grand total rounded up or down; the total to the nearest.

    Such a rounding always exists (Bacharach 1966): the conditions form a network, so the best mixture of ups and downs found by
    linear programming is a whole one. Preferred are cells with a large fraction.
    """
    table = np.asarray(table, float)
    low = np.floor(table + 1e-9)
    rest = np.clip(table - low, 0.0, 1.0)
    rows, columns = table.shape
    if not rest.size or not rest.any():
        return low.astype(int)
    sums = vstack(
        [
            kron(eye_array(rows), csr_array(np.ones((1, columns)))),
            kron(csr_array(np.ones((1, rows))), eye_array(columns)),
            csr_array(np.ones((1, rows * columns))),
        ]
    )
    exact = np.concatenate([rest.sum(axis=1), rest.sum(axis=0)])
    total = np.round(table.sum()) - low.sum()
    most, least = (np.append(bound, total) for bound in (np.ceil(exact - 1e-9), np.floor(exact + 1e-9)))
    from scipy.optimize import linprog  # slow to load, and only needed for protected tables

    found = linprog(-rest.ravel(), A_ub=vstack([sums, -sums]), b_ub=np.concatenate([most, -least]), bounds=(0, 1), method="highs-ds")
    return (low + np.round(found.x).reshape(table.shape)).astype(int)

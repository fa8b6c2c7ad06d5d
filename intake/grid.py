"""A sheet as the reader delivered it: text cells with their place in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(slots=True, eq=False)
class Grid:
    """Cells of one sheet as text.

    table: one column of texts per sheet column, null = empty; of a large sheet as codes into one dictionary of texts (`cells` gives
    texts either way). Row i of the table is Excel row first_row + i;
    column j is sheet column first_column + j (0 = A). lines: line number per row where that differs (csv with
    line breaks inside quotes). hidden: sheet is hidden. problems: cells the reader could not give
    ({"error_cells": {column: [rows]}, ...}, 0-based columns, Excel rows).
    """

    name: str
    table: pa.Table
    first_row: int = 1
    first_column: int = 0
    hidden: bool = False
    lines: np.ndarray | None = None
    hidden_rows: int = 0
    hidden_columns: int = 0
    filtered: bool = False
    problems: dict[str, dict[int, list[int]]] = field(default_factory=dict)
    totals: dict[str, dict[int, int]] = field(default_factory=dict)
    remarks: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """(reason, details) of what was seen while the sheet was laid out anew, as a matrix is: to be told as warnings."""
    held: dict[int, np.ndarray] = field(default_factory=dict)
    """What `filled` found, so that it looks only once."""

    @property
    def height(self) -> int:
        return self.table.num_rows

    @property
    def width(self) -> int:
        return self.table.num_columns

    def row_number(self, index: int) -> int:
        """Excel row (or csv line) of table row `index`."""
        return int(self.lines[index]) if self.lines is not None else self.first_row + index

    def row_numbers(self) -> np.ndarray:
        return self.lines if self.lines is not None else np.arange(self.first_row, self.first_row + self.height)

    def letter(self, column: int) -> str:
        return column_letter(self.first_column + column)

    def row(self, index: int) -> list[str]:
        """Texts of one row, "" for empty."""
        return [(self.table.column(j)[index].as_py() or "") for j in range(self.width)]

    def top(self, count: int) -> list[list[str]]:
        """The first rows as lists of texts."""
        columns = [self.table.column(j).slice(0, count).to_pylist() for j in range(self.width)]
        return [[cell or "" for cell in row] for row in zip(*columns, strict=True)]

    def cells(self, column: int, rows: np.ndarray | None = None) -> pa.ChunkedArray:
        """One column as texts, or those of some rows; null for empty."""
        cells = self.table.column(column)
        return texts_of(cells if rows is None else cells.take(pa.array(rows)))

    def text(self, column: int) -> pd.Series:
        """One column as a str Series, "" for empty, indexed by table row."""
        return pd.Series(pc.fill_null(self.cells(column), "").to_pandas(), dtype="str")

    def filled(self, column: int) -> np.ndarray:
        """Boolean per row: the cell holds something other than white space."""
        if column not in self.held:
            self.held[column] = filled(self.cells(column))
        return self.held[column]


def filled(cells: pa.ChunkedArray | pa.Array) -> np.ndarray:
    """Boolean per cell: holds something other than white space."""
    has = pc.fill_null(pc.and_not(pc.greater(pc.binary_length(cells), 0), pc.utf8_is_space(cells)), False)
    return np.asarray(has.to_numpy(zero_copy_only=False) if isinstance(has, pa.Array) else has.to_numpy(), dtype=bool)


def all_filled(table: pa.Table) -> dict[int, np.ndarray]:
    """`filled` of every column; of codes into one dictionary the texts are looked at once."""
    if not table.num_columns or not table.num_rows or not pa.types.is_dictionary(table.column(0).type):
        return {index: filled(column) for index, column in enumerate(table.columns)}
    has = np.append(filled(table.column(0).chunk(0).dictionary), False)
    codes = (column.chunk(0).indices.fill_null(len(has) - 1) for column in table.columns)
    return {index: has[line.to_numpy()] for index, line in enumerate(codes)}


def texts_of(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells as texts, where they are codes of texts."""
    return cells.cast(pa.string()) if pa.types.is_dictionary(cells.type) else cells


def column_letter(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A -> 0, AA -> 26."""
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - 64
    return value - 1

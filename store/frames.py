"""Between pandas and DuckDB: frames go in registered under a name, answers come back as frames with text columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa


@contextmanager
def given(cursor: duckdb.DuckDBPyConnection, **frames: pd.DataFrame | pa.Table) -> Iterator[None]:
    """Make frames readable by name in SQL on this cursor, for the length of a block."""
    for name, frame in frames.items():
        cursor.register(name, frame)
    try:
        yield
    finally:
        for name in frames:
            cursor.unregister(name)


def ask(cursor: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> pd.DataFrame:
    """The answer as a frame: numbers as numpy, text as `str`."""
    return cursor.execute(sql, values if isinstance(values, dict) else list(values)).df()


def fetch(cursor: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any] | None = None) -> pd.DataFrame:
    """The same by columns, each by itself: a million rows without laying them together, a few rows without pandas' ceremony."""
    table = cursor.sql(sql, params=values).to_arrow_table()
    return pd.DataFrame({name: _series(_laid(table[name])) for name in table.column_names}, copy=False)


def _laid(pieces: pa.ChunkedArray) -> pa.Array:
    """Laid together, which copies even a single piece."""
    return pieces.chunk(0) if pieces.num_chunks == 1 else pieces.combine_chunks()


def _series(values: pa.Array) -> pd.Series | np.ndarray:
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return pd.Series(pd.array(values.cast(pa.large_string()), dtype="str"))
    return values.to_numpy(zero_copy_only=False)


def number(cursor: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> int:
    """The answer of a question with one whole number as answer; 0 when there is none."""
    row = first(cursor, sql, values)
    return int(row[0]) if row and row[0] is not None else 0


def first(cursor: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> tuple[Any, ...] | None:
    """The first row, None without rows. All rows are fetched: an unfinished result would keep the connection busy."""
    rows = cursor.execute(sql, values if isinstance(values, dict) else list(values)).fetchall()
    return rows[0] if rows else None


def text(frame: pd.DataFrame, column: str, default: str = "") -> pd.Series:
    """A text column, trimmed, missing as `default`; a column that is not there counts as missing."""
    if column not in frame:
        return pd.Series(default, index=frame.index, dtype="str")
    return frame[column].astype("str").fillna(default).str.strip()


def numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    """A number column, missing as NaN."""
    if column not in frame:
        return pd.Series(np.nan, index=frame.index)
    return pd.to_numeric(frame[column], errors="coerce").astype(float)


def days(frame: pd.DataFrame, column: str) -> pd.Series:
    """A date column as datetime64[s] at midnight, missing as NaT."""
    if column not in frame:
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
    return pd.to_datetime(frame[column], errors="coerce").astype("datetime64[s]").dt.normalize()


def flags(frame: pd.DataFrame, column: str) -> pd.Series:
    if column not in frame:
        return pd.Series(False, index=frame.index)
    return frame[column].fillna(False).astype(bool)


def spelled(codes: np.ndarray, names: Sequence[str]) -> pd.Series:
    """Text from positions in a list of names; through Arrow, for a million rows in milliseconds."""
    coded = pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(names), type=pa.large_string()))
    return pd.Series(pd.array(coded.cast(pa.large_string()), dtype="str"))


def runs(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each row of equal values begins and how long it is. Counted cells come in order of group: a few hundred rows of thousands,
    of which what holds for each is laid out several times faster than cell by cell."""
    first = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]])) if len(values) else np.zeros(0, dtype="int64")
    return first, np.diff(first, append=len(values))


def categories(places: np.ndarray, length: np.ndarray, names: Sequence[str]) -> pd.Categorical:
    """Names by place, of rows (`runs`) that are so long: as codes in the order of the alphabet, so that sorting goes by name."""
    every = sorted(set(names))
    at = {name: number for number, name in enumerate(every)}
    kind = np.min_scalar_type(-max(len(every), 1))
    codes = np.repeat(np.array([at[name] for name in names], kind)[places], length) if len(places) else np.zeros(0, kind)
    return pd.Categorical.from_codes(codes, categories=pd.Index(every, dtype="str"), validate=False)

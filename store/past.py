"""Counts kept of earlier days when their rows about people go: chances stay what they were, nobody can be looked up any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from store.frames import ask, given
from store.renames import known

TABLES = ("exposure", "moves", "hires", "pension")


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The frames of `store.history.Counts`, read back."""

    exposure: pd.DataFrame
    moves: pd.DataFrame
    hires: pd.DataFrame
    pension: pd.DataFrame


def keep(cursor: duckdb.DuckDBPyConnection, from_day: date, to_day: date, frames: Sequence[pd.DataFrame]) -> None:
    """Save the counts of one step; frames in the order of TABLES."""
    for table, frame in zip(TABLES, frames, strict=True):
        with given(cursor, counted=frame):
            cursor.execute(f"INSERT INTO past_{table} SELECT $one, $other, * FROM counted", {"one": from_day, "other": to_day})


def spans(cursor: duckdb.DuckDBPyConnection, until: date | None) -> list[tuple[date, date]]:
    """The days each kept step compares, oldest first."""
    sql = "SELECT DISTINCT from_day, to_day FROM past_exposure WHERE to_day <= ? ORDER BY to_day"
    return [(start, end) for start, end in cursor.execute(sql, [until or date.max]).fetchall()]


def kept(cursor: duckdb.DuckDBPyConnection, until: date | None) -> list[Kept]:
    """The counts of all kept steps up to a day, under the present names of the groups; nothing where none are kept."""
    if not spans(cursor, until):
        return []
    sql = "SELECT * FROM past_{} WHERE to_day <= ?"
    return [Kept(*(_renamed(cursor, ask(cursor, sql.format(table), [until or date.max])) for table in TABLES))]


def _renamed(cursor: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> pd.DataFrame:
    """Groups under the names they were given after the step, oldest change first."""
    for change in known(cursor):
        earlier = frame["to_day"] < pd.Timestamp(change.since)
        for prefix in ("", "from_", "to_"):
            name = prefix + change.column
            if name in frame:
                frame[name] = frame[name].mask(earlier & (frame[name] == change.old), change.new)
    return frame.drop(columns=["from_day", "to_day"])

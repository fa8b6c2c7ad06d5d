"""What somebody parked in meetings: questions for later and assumptions that were not believed. Everybody has their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import duckdb
import pandas as pd

from analytics.errors import Refusal
from store.frames import ask, number

LONGEST, MOST = 300, 50
"""Letters of a question, and questions one person has open: as many as a decision takes along."""
KEPT_DAYS = 30
"""Days that a question which was ticked off can still be put back."""


def questions(cursor: duckdb.DuckDBPyConnection, who: str) -> pd.DataFrame:
    """parked_no, text, moment, done (NaT = open), oldest first."""
    return ask(
        cursor, "SELECT parked_no, text, moment, done FROM parked WHERE who = $who AND kind = 'question' ORDER BY parked_no", {"who": who}
    )


def park(cursor: duckdb.DuckDBPyConnection, who: str, text: str, moment: datetime | None = None) -> int:
    """Its number. moment: when it was parked first, for one that is put back after it was removed. Refusals: parked_empty, parked_many."""
    if not text.strip():
        raise Refusal("parked_empty")
    if number(cursor, "SELECT count(*) FROM parked WHERE who = $who AND kind = 'question' AND done IS NULL", {"who": who}) >= MOST:
        raise Refusal("parked_many", most=MOST)
    return _add(cursor, who, "question", text.strip()[:LONGEST], moment or datetime.now())


def tick(cursor: duckdb.DuckDBPyConnection, who: str, parked: int, done: bool) -> None:
    """Tick a question off, or put it back. Refusal parked_unknown, also for somebody else's."""
    _own(cursor, who, parked)
    cursor.execute("UPDATE parked SET done = ? WHERE parked_no = ?", [datetime.now() if done else None, parked])


def remove(cursor: duckdb.DuckDBPyConnection, who: str, parked: int) -> None:
    """Refusal parked_unknown, also for somebody else's."""
    _own(cursor, who, parked)
    cursor.execute("DELETE FROM parked WHERE parked_no = ?", [parked])


def expire(cursor: duckdb.DuckDBPyConnection, now: datetime) -> int:
    """Delete what was ticked off more than KEPT_DAYS ago; how many."""
    gone = {"before": now - timedelta(days=KEPT_DAYS)}
    count = number(cursor, "SELECT count(*) FROM parked WHERE done < $before", gone)
    cursor.execute("DELETE FROM parked WHERE done < $before", gone)
    return count


def doubts(cursor: duckdb.DuckDBPyConnection, who: str) -> list[str]:
    """Names of assumptions, in the order they were chosen."""
    rows = ask(cursor, "SELECT text FROM parked WHERE who = $who AND kind = 'doubt' ORDER BY parked_no", {"who": who})
    return rows["text"].tolist()


def set_doubts(cursor: duckdb.DuckDBPyConnection, who: str, names: Sequence[str]) -> None:
    cursor.execute("DELETE FROM parked WHERE who = ? AND kind = 'doubt'", [who])
    for name in dict.fromkeys(names):
        _add(cursor, who, "doubt", name, datetime.now())


def _add(cursor: duckdb.DuckDBPyConnection, who: str, kind: str, text: str, moment: datetime) -> int:
    place = number(cursor, "SELECT coalesce(max(parked_no), 0) + 1 FROM parked")
    cursor.execute("INSERT INTO parked VALUES (?, ?, ?, ?, ?, NULL)", [place, who, kind, text, moment])
    return place


def _own(cursor: duckdb.DuckDBPyConnection, who: str, parked: int) -> None:
    found = "SELECT count(*) FROM parked WHERE parked_no = $parked AND who = $who AND kind = 'question'"
    if not number(cursor, found, {"parked": parked, "who": who}):
        raise Refusal("parked_unknown")

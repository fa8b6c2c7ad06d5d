"""The decision log of meetings: lines are added, never changed."""

from __future__ import annotations

from datetime import date, datetime

import duckdb
import pandas as pd

from analytics.errors import Refusal
from store.frames import ask, number

COUNCIL = ("unknown", "no", "advice", "consent")
COLUMNS = "decision_no, moment, who, day, text, owner, council, body, method, fingerprint, figures, doubts, parked"


def decisions(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Newest first, the columns of COLUMNS; figures, doubts and parked are JSON."""
    return ask(cursor, f"SELECT {COLUMNS} FROM decision ORDER BY decision_no DESC")


def add_decision(cursor: duckdb.DuckDBPyConnection, who: str, day: date, text: str, owner: str, council: str, made: dict[str, str]) -> int:
    """made: body, method, fingerprint, figures, doubts, parked. Returns its number. Refusals: decision_empty, decision_council."""
    if not text.strip():
        raise Refusal("decision_empty")
    if council not in COUNCIL:
        raise Refusal("decision_council")
    place = number(cursor, "SELECT coalesce(max(decision_no), 0) + 1 FROM decision")
    rest = [made[name] for name in ("body", "method", "fingerprint", "figures", "doubts", "parked")]
    values = [place, datetime.now(), who, day, text.strip()[:2000], owner.strip()[:200], council, *rest]
    cursor.execute("INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    return int(place)

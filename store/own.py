"""Tables people fill in themselves: every edit is a version of the whole table, and the newest one can be taken back."""

from __future__ import annotations

from datetime import datetime

import duckdb

from analytics.errors import Refusal
from store.frames import first, number

KEPT_VERSIONS = 200
NEWEST = "SELECT version, body FROM own_figures WHERE name = ? AND NOT undone ORDER BY version DESC LIMIT 1"


def own_figures(cursor: duckdb.DuckDBPyConnection, name: str) -> str:
    """The text in force; "" where nobody filled in anything."""
    row = first(cursor, NEWEST, [name])
    return str(row[1]) if row else ""


def set_own_figures(cursor: duckdb.DuckDBPyConnection, name: str, body: str, who: str) -> int:
    """Save the whole table; returns the number of the version."""
    version = number(cursor, "SELECT max(version) FROM own_figures") + 1
    cursor.execute("INSERT INTO own_figures VALUES (?, ?, ?, ?, ?, false)", [name, version, datetime.now(), who, body])
    cursor.execute(
        "DELETE FROM own_figures WHERE name = ? AND version NOT IN (SELECT version FROM own_figures WHERE name = ? "
        f"ORDER BY version DESC LIMIT {KEPT_VERSIONS})",
        [name, name],
    )
    return version


def undo_own_figures(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
    """Take back the newest edit. Refusal nothing_to_undo."""
    row = first(cursor, NEWEST, [name])
    if row is None:
        raise Refusal("nothing_to_undo")
    cursor.execute("UPDATE own_figures SET undone = true WHERE name = ? AND version = ?", [name, row[0]])


def counted(cursor: duckdb.DuckDBPyConnection) -> int:
    """Another number after every edit and every step back."""
    return number(cursor, "SELECT coalesce(max(epoch_us(moment)), 0) + count(*) FILTER (undone) FROM own_figures")

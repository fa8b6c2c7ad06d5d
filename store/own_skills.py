"""Skills people filled in about themselves on their own page: they stand beside what files say. Functions over one cursor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from store.frames import ask, number
from store.renames import LIVE

STANDING = f"""
    WITH file AS (
        SELECT * FROM skill_record WHERE {LIVE} QUALIFY import_no = max(import_no) OVER (PARTITION BY person, skill)
    ), own AS (
        SELECT o.* FROM own_skill o WHERE NOT EXISTS (
            SELECT 1 FROM file f WHERE f.person = o.person AND f.skill = o.skill AND f.import_no > o.after_import
        )
    )
    SELECT coalesce(o.person, f.person) AS person, coalesce(o.skill, f.skill) AS skill, coalesce(o.level, f.level) AS level,
        coalesce(o.sent, f.assessed) AS assessed, CASE WHEN o.person IS NULL THEN f.source ELSE 'self' END AS source, f.expiry
    FROM file f FULL JOIN own o ON o.person = f.person AND o.skill = f.skill
"""
"""What counts per person and skill: the newest of what a file says and what somebody sent. A certificate's end is the file's."""


@dataclass(frozen=True, slots=True, eq=False)
class Abilities:
    """Of one person. skills: skill, level, assessed, source, expiry. courses: training, completed, expiry. asked: skill, level: what
    the own role asks. names: every skill that is known here."""

    skills: pd.DataFrame
    courses: pd.DataFrame
    asked: pd.DataFrame
    names: tuple[str, ...]


def holdings(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """person, skill, level, assessed, source, expiry of everybody, in an order that says nothing."""
    return ask(cursor, f"SELECT * FROM ({STANDING}) ORDER BY hash((person, skill))")


def of_person(cursor: duckdb.DuckDBPyConnection, person: int, role: str) -> Abilities:
    required = f"SELECT * FROM requirement WHERE import_no = (SELECT max(import_no) FROM requirement WHERE {LIVE}) AND skill <> ''"
    return Abilities(
        ask(cursor, f"SELECT * EXCLUDE (person) FROM ({STANDING}) WHERE person = ? ORDER BY skill", [person]),
        ask(
            cursor,
            f"""SELECT training, max(completed) AS completed, max(expiry) AS expiry FROM training_done
            WHERE person = ? AND {LIVE} GROUP BY training ORDER BY training""",
            [person],
        ),
        ask(cursor, f"SELECT skill, max(level) AS level FROM ({required}) WHERE role = ? GROUP BY skill ORDER BY skill", [role]),
        tuple(
            ask(
                cursor,
                f"""SELECT DISTINCT skill FROM (
                    SELECT skill FROM ({required}) UNION ALL SELECT skill FROM skill WHERE {LIVE}
                ) WHERE skill <> '' ORDER BY skill""",
            )["skill"]
        ),
    )


def send(cursor: duckdb.DuckDBPyConnection, person: int, levels: Mapping[str, float], day: date) -> None:
    """Keep the levels somebody gave; a skill said again takes the place of what was said before."""
    newest = number(cursor, "SELECT max(import_no) FROM import_log")
    for skill, level in levels.items():
        cursor.execute("DELETE FROM own_skill WHERE person = ? AND skill = ?", [person, skill])
        cursor.execute("INSERT INTO own_skill VALUES (?, ?, ?, ?, ?)", [person, skill, float(level), day, newest])


def sent_by(cursor: duckdb.DuckDBPyConnection, person: int) -> pd.DataFrame:
    """skill, level, sent: what somebody filled in, by name."""
    return ask(cursor, "SELECT skill, level, sent FROM own_skill WHERE person = ? ORDER BY skill", [person])


def stamp(cursor: duckdb.DuckDBPyConnection) -> str:
    """Changes with everything people told of themselves that the plan reads: conversations and own skills."""
    tables = ("conversation", "own_skill")
    return "-".join(str(number(cursor, f"SELECT coalesce(bit_xor(hash(t)), 0) % 1000000007 FROM {name} t")) for name in tables)

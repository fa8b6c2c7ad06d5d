"""Which snapshots there are, and taking one back. Deleting is by import: what came together goes together."""

from __future__ import annotations

from datetime import datetime

import duckdb

from analytics.errors import Refusal
from store import cells
from store.board import BOARD_TABLES
from store.db import Database
from store.frames import first, number
from store.present import LIVE_SNAPSHOT
from store.types import Snapshot

DATA_TABLES = (
    "finding", "person", "staff_group", "snapshot", "employment", "cell", "cell_stand", "role",
    "formation_version", "formation", "departure", "vacancy", "rename", "regrouped", "skill_record", "wish",
    "training_done", "skill", "requirement", "training", "training_skill", "training_need", "role_choice", "action",
    "past_exposure", "past_moves", "past_hires", "past_pension", "conversation", "own_skill", "link",
    "told_atom", "told_person", "told_skill", "told_wish", "told_course", *BOARD_TABLES,
)  # fmt: skip
"""Everything that came out of files or was typed beside them; settings and saved scenarios are not here."""
OF_AN_IMPORT = (
    "finding", "role", "departure", "vacancy", "rename", "regrouped", "skill_record", "wish", "training_done", "skill", "requirement",
    "training", "training_skill", "training_need", "conversation",
)  # fmt: skip
ABILITIES = ("skill_record", "wish", "training_done", "conversation", "own_skill")
"""What is known of a person beside the employment."""
TOLD_OF_A_PERSON = ("told_person", "told_skill", "told_wish", "told_course")
"""The copy of it that everybody but HR is answered from (`store.told`)."""
IMPORTED = "action = 'import' AND undone_by IS NULL"
"""Imports in force."""


def undo_last(database: Database, who: str) -> tuple[Snapshot, ...]:
    """Take back the newest import; what it replaced is back. Returns the snapshots that went. Refusal nothing_to_undo."""
    with database.write() as cursor:
        row = first(
            cursor,
            f"SELECT import_no, file_name, sample FROM import_log WHERE {IMPORTED} ORDER BY import_no DESC LIMIT 1",
        )
        if row is None:
            raise Refusal("nothing_to_undo")
        import_no, file_name, sample = row
        gone = tuple(snapshot for snapshot in list_snapshots(cursor) if snapshot.import_no == import_no)
        undo_no = log(cursor, "undo", who, file_name, "", "", sample)
        cursor.execute("UPDATE import_log SET undone_by = ? WHERE import_no = ?", [undo_no, import_no])
        cursor.execute("DELETE FROM employment WHERE snapshot IN (SELECT snapshot FROM snapshot WHERE import_no = ?)", [import_no])
        cells.drop(cursor, "SELECT snapshot FROM regrouped WHERE import_no = ?", [import_no])
        cursor.execute(
            """UPDATE employment SET grp = r.grp FROM regrouped r
            WHERE r.import_no = ? AND r.snapshot = employment.snapshot AND r.person = employment.person""",
            [import_no],
        )
        cursor.execute("DELETE FROM snapshot WHERE import_no = ?", [import_no])
        cursor.execute("UPDATE snapshot SET replaced_by = NULL WHERE replaced_by = ?", [import_no])
        for table in OF_AN_IMPORT:
            cursor.execute(f"DELETE FROM {table} WHERE import_no = ?", [import_no])
        cursor.execute("UPDATE formation_version SET undone = true WHERE import_no = ?", [import_no])
        drop_orphans(cursor)
        cells.refresh(cursor)
    return gone


def clear_sample(database: Database, who: str) -> bool:
    """Remove the sample firm; False when there is none."""
    with database.write() as cursor:
        if not is_sample(cursor):
            return False
        wipe(cursor)
        log(cursor, "clear", who, "", "", "", True)
    return True


def is_sample(cursor: duckdb.DuckDBPyConnection) -> bool:
    return number(cursor, f"SELECT count(*) FROM import_log WHERE {IMPORTED} AND sample") > 0


def list_snapshots(cursor: duckdb.DuckDBPyConnection) -> tuple[Snapshot, ...]:
    """Those in force, oldest first."""
    rows = cursor.execute(
        f"""SELECT s.snapshot, s.as_of, l.content_hash, l.file_name, s.people, s.active, l.who, l.moment, s.import_no, l.sample
        FROM snapshot s JOIN import_log l USING (import_no) WHERE {LIVE_SNAPSHOT}"""
    ).fetchall()
    return tuple(sorted((Snapshot(*row) for row in rows), key=lambda snapshot: snapshot.as_of))


def log(cursor: duckdb.DuckDBPyConnection, action: str, who: str, file_name: str, content_hash: str, reading: str, sample: bool) -> int:
    """Add a line to the import log; its number is never used again."""
    import_no = number(cursor, "SELECT max(import_no) FROM import_log") + 1
    values = [import_no, action, datetime.now(), who, file_name[:100], content_hash, reading, sample]
    cursor.execute("INSERT INTO import_log VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)", values)
    return import_no


def wipe(cursor: duckdb.DuckDBPyConnection) -> None:
    for table in DATA_TABLES:
        cursor.execute(f"DELETE FROM {table}")
    cursor.execute(f"UPDATE import_log SET undone_by = import_no WHERE {IMPORTED}")


def drop_orphans(cursor: duckdb.DuckDBPyConnection) -> None:
    """People and groups nothing refers to any more, and what was told of people who are gone and their links."""
    holding = " UNION ALL ".join(f"SELECT person FROM {table}" for table in ("employment", "departure", *ABILITIES))
    cursor.execute(f"DELETE FROM person WHERE person NOT IN ({holding})")
    for table in TOLD_OF_A_PERSON:
        cursor.execute(f"DELETE FROM {table} WHERE person NOT IN (SELECT person FROM person)")
    cursor.execute("DELETE FROM link WHERE person IS NOT NULL AND person NOT IN (SELECT person FROM person)")
    cursor.execute("DELETE FROM staff_group WHERE grp NOT IN (SELECT grp FROM employment UNION ALL SELECT grp FROM regrouped)")

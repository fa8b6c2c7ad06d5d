"""Rows about people, for `workflows.people` alone, and forgetting a person or a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from store.cohorts import EMPLOYED, pick
from store.frames import ask, given, number
from store.snapshots import ABILITIES, drop_orphans, log

ABOUT = (
    ("employment", "SELECT s.as_of, g.location, g.unit, g.role, e.* EXCLUDE (snapshot, person, grp) FROM employment e "
     "JOIN snapshot s USING (snapshot) JOIN staff_group g USING (grp) JOIN wanted USING (person) ORDER BY s.as_of"),
    ("regrouped", "SELECT s.as_of, g.location, g.unit, g.role FROM regrouped r JOIN snapshot s USING (snapshot) "
     "JOIN staff_group g USING (grp) JOIN wanted USING (person) ORDER BY s.as_of"),
    ("departure", "SELECT d.leave, d.leave_reason FROM departure d JOIN wanted USING (person) ORDER BY d.leave"),
    ("skill_record", "SELECT r.* EXCLUDE (import_no, person) FROM skill_record r JOIN wanted USING (person) ORDER BY r.skill, r.assessed"),
    ("wish", "SELECT w.* EXCLUDE (import_no, person) FROM wish w JOIN wanted USING (person) ORDER BY w.wish_date"),
    ("training_done", "SELECT t.* EXCLUDE (import_no, person) FROM training_done t JOIN wanted USING (person) ORDER BY t.training"),
)  # fmt: skip
"""Every table that holds something about a person, and the question that lists it. A new table belongs here too."""
OF_A_PERSON = ("employment", "regrouped", "departure", *ABILITIES)


def rows(cursor: duckdb.DuckDBPyConnection, as_of: date | None) -> pd.DataFrame:
    """Own staff employed on a day: key, location, unit, role, birth, birth_estimated, hire, contract, contract_end, fte."""
    snapshot, day = pick(cursor, as_of)
    return ask(
        cursor,
        f"""SELECT p.key, g.location, g.unit, g.role, e.birth, e.birth_estimated, e.hire, e.contract, e.contract_end, e.fte
        FROM employment e JOIN person p USING (person) JOIN staff_group g USING (grp)
        WHERE e.snapshot = $snapshot AND {EMPLOYED.format(day="$day")} ORDER BY g.location, g.unit, g.role, p.key""",
        {"snapshot": snapshot.number, "day": day},
    )


def about(cursor: duckdb.DuckDBPyConnection, keys: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Everything stored about the person with these keys, per table."""
    with given(cursor, wanted=_numbers(cursor, keys)):
        return {name: ask(cursor, sql).to_dict(orient="records") for name, sql in ABOUT}


def erase(cursor: duckdb.DuckDBPyConnection, keys: Sequence[str], who: str) -> int:
    """Delete every row of the person; returns how many. Counts of the snapshots follow."""
    removed = 0
    with given(cursor, wanted=_numbers(cursor, keys)):
        for table in OF_A_PERSON:
            removed += number(cursor, f"SELECT count(*) FROM {table} WHERE person IN (SELECT person FROM wanted)")
            cursor.execute(f"DELETE FROM {table} WHERE person IN (SELECT person FROM wanted)")
        cursor.execute("DELETE FROM person WHERE person IN (SELECT person FROM wanted)")
    if removed:
        log(cursor, "erase", who, "", "", "", False)
        recount(cursor)
        drop_orphans(cursor)
    return removed


def forget(cursor: duckdb.DuckDBPyConnection, leavers_before: date | None, snapshots_before: date | None, who: str) -> int:
    """Delete rows of people who left before a day, and whole snapshots before a day; returns the number of rows. The newest
    snapshot always stays."""
    removed = 0
    if snapshots_before is not None:
        old = "SELECT snapshot FROM snapshot WHERE as_of < $day AND as_of < (SELECT max(as_of) FROM snapshot)"
        removed += number(cursor, f"SELECT count(*) FROM employment WHERE snapshot IN ({old})", {"day": snapshots_before})
        cursor.execute(f"DELETE FROM employment WHERE snapshot IN ({old})", {"day": snapshots_before})
        cursor.execute("DELETE FROM snapshot WHERE snapshot NOT IN (SELECT snapshot FROM employment)")
        cursor.execute("DELETE FROM regrouped WHERE snapshot NOT IN (SELECT snapshot FROM employment)")
    if leavers_before is not None:
        gone = "person IN (SELECT person FROM employment GROUP BY person HAVING max(coalesce(leave, DATE '9999-12-31')) < $day)"
        for table in (*ABILITIES, "departure", "regrouped", "employment"):  # the employment last: it says who has gone
            removed += number(cursor, f"SELECT count(*) FROM {table} WHERE {gone}", {"day": leavers_before})
            cursor.execute(f"DELETE FROM {table} WHERE {gone}", {"day": leavers_before})
    if removed:
        _forget_abilities(cursor)
        log(cursor, "retention", who, "", "", "", False)
        recount(cursor)
        drop_orphans(cursor)
    return removed


def _forget_abilities(cursor: duckdb.DuckDBPyConnection) -> None:
    """What was known of people whose employment is no longer kept."""
    for table in ABILITIES:
        cursor.execute(f"DELETE FROM {table} WHERE person NOT IN (SELECT person FROM employment)")


def keys_left(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    return {key for (key,) in cursor.execute("SELECT key FROM person").fetchall()}


def recount(cursor: duckdb.DuckDBPyConnection) -> None:
    """Rows and active people per snapshot, after rows were deleted."""
    cursor.execute(
        f"""UPDATE snapshot SET people = c.people, active = c.active FROM (
            SELECT s.snapshot, count(e.person) AS people, count(e.person) FILTER ({EMPLOYED.format(day="s.as_of")}) AS active
            FROM snapshot s LEFT JOIN employment e USING (snapshot) GROUP BY s.snapshot
        ) AS c WHERE c.snapshot = snapshot.snapshot"""
    )


def _numbers(cursor: duckdb.DuckDBPyConnection, keys: Sequence[str]) -> pd.DataFrame:
    with given(cursor, keys_in=pd.DataFrame({"key": pd.Series(list(keys), dtype="str")})):
        return ask(cursor, "SELECT person FROM person JOIN keys_in USING (key)")

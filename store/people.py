"""Rows about people, for `workflows.people` alone, and forgetting a person or a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from store import cells
from store.cohorts import pick
from store.frames import ask, given, number
from store.history import count, live_steps
from store.past import keep
from store.present import EMPLOYED
from store.snapshots import ABILITIES, TOLD_OF_A_PERSON, drop_orphans, log

ABOUT = (
    ("employment", "SELECT s.as_of, g.location, g.unit, g.role, e.* EXCLUDE (snapshot, person, grp) FROM employment e "
     "JOIN snapshot s USING (snapshot) JOIN staff_group g USING (grp) JOIN wanted USING (person) ORDER BY s.as_of"),
    ("regrouped", "SELECT s.as_of, g.location, g.unit, g.role FROM regrouped r JOIN snapshot s USING (snapshot) "
     "JOIN staff_group g USING (grp) JOIN wanted USING (person) ORDER BY s.as_of"),
    ("departure", "SELECT d.leave, d.leave_reason FROM departure d JOIN wanted USING (person) ORDER BY d.leave"),
    ("skill_record", "SELECT r.* EXCLUDE (import_no, person) FROM skill_record r JOIN wanted USING (person) ORDER BY r.skill, r.assessed"),
    ("wish", "SELECT w.* EXCLUDE (import_no, person) FROM wish w JOIN wanted USING (person) ORDER BY w.wish_date"),
    ("training_done", "SELECT t.* EXCLUDE (import_no, person) FROM training_done t JOIN wanted USING (person) ORDER BY t.training"),
    ("conversation", "SELECT c.* EXCLUDE (conversation, person, import_no) FROM conversation c JOIN wanted USING (person) ORDER BY c.held"),
    ("own_skill", "SELECT o.skill, o.level, o.sent FROM own_skill o JOIN wanted USING (person) ORDER BY o.skill"),
    ("told_person", "SELECT s.as_of FROM told_person t LEFT JOIN snapshot s USING (snapshot) JOIN wanted USING (person)"),
    ("told_skill", "SELECT t.* EXCLUDE (person) FROM told_skill t JOIN wanted USING (person) ORDER BY t.skill"),
    ("told_wish", "SELECT t.* EXCLUDE (person) FROM told_wish t JOIN wanted USING (person)"),
    ("told_course", "SELECT t.* EXCLUDE (person) FROM told_course t JOIN wanted USING (person) ORDER BY t.training"),
    ("link", "SELECT l.kind, l.expires, l.revoked FROM link l JOIN wanted USING (person) ORDER BY l.expires"),
)  # fmt: skip
"""Every table that holds something about a person, and the question that lists it. A new table belongs here too."""
OF_A_PERSON = ("employment", "regrouped", "departure", *ABILITIES, *TOLD_OF_A_PERSON, "link")
CUT = "left-"
"""Begins what stands in the place of a code of which the way back was cut."""
LEFT_BEFORE = """
WITH seen AS (
    SELECT e.person, max(s.as_of) AS last_seen, arg_max(coalesce(e.leave, DATE '9999-12-31'), s.as_of) AS leave
    FROM employment e JOIN snapshot s USING (snapshot) GROUP BY e.person
)
SELECT person FROM seen WHERE least(leave, coalesce((SELECT min(as_of) FROM snapshot s WHERE s.as_of > last_seen), leave)) < $day
"""
"""Who left before a day: by the leave date of the newest file that has them, or because the next file has them no more."""
OLD_SNAPSHOTS = "SELECT snapshot FROM snapshot WHERE as_of < $day AND as_of < (SELECT max(as_of) FROM snapshot)"


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
        cells.refresh(cursor)
    return removed


def forget(cursor: duckdb.DuckDBPyConnection, leavers_before: date | None, snapshots_before: date | None, who: str) -> int:
    """What is past its time goes; returns the number of rows. What happened in between was counted first (`store.past`).

    Snapshots before a day go whole (the newest always stays). Of people who left before a day: the rows of files made after they
    had left, their lines in lists of departures, and the way back from code to employee number; in earlier snapshots that are kept
    a row without a name to it stays, so that the stand of then does not change.
    """
    cursor.execute(f"CREATE TEMP TABLE leaver AS {LEFT_BEFORE}", {"day": leavers_before or date.min})
    cursor.execute(f"CREATE TEMP TABLE old AS {OLD_SNAPSHOTS}", {"day": snapshots_before or date.min})
    going = {
        **dict.fromkeys((*ABILITIES, *TOLD_OF_A_PERSON, "departure", "link"), "person IN (SELECT person FROM leaver)"),
        "employment": """snapshot IN (SELECT snapshot FROM old) OR (person IN (SELECT person FROM leaver)
            AND leave <= (SELECT as_of FROM snapshot s WHERE s.snapshot = employment.snapshot))""",
    }
    removed = sum(number(cursor, f"SELECT count(*) FROM {table} WHERE {part}") for table, part in going.items())
    if removed:
        _count_first(cursor, max(day for day in (leavers_before, snapshots_before) if day))
    for table, part in going.items():
        cursor.execute(f"DELETE FROM {table} WHERE {part}")
    cursor.execute("DELETE FROM snapshot WHERE snapshot IN (SELECT snapshot FROM old)")
    cursor.execute(
        """DELETE FROM regrouped WHERE NOT EXISTS (
            SELECT 1 FROM employment e WHERE e.snapshot = regrouped.snapshot AND e.person = regrouped.person
        )"""
    )
    cut = f"""key NOT LIKE '{CUT}%' AND person IN (SELECT person FROM leaver) AND person IN (SELECT person FROM employment)"""
    removed += number(cursor, f"SELECT count(*) FROM person WHERE {cut}")
    cursor.execute(f"UPDATE person SET key = '{CUT}' || person WHERE {cut}")
    cursor.execute("DROP TABLE leaver")
    cursor.execute("DROP TABLE old")
    if removed:
        _forget_abilities(cursor)
        log(cursor, "retention", who, "", "", "", False)
        recount(cursor)
        drop_orphans(cursor)
        cells.refresh(cursor)
    return removed


def _forget_abilities(cursor: duckdb.DuckDBPyConnection) -> None:
    """What was known of people whose employment is no longer kept."""
    for table in (*ABILITIES, *TOLD_OF_A_PERSON):
        cursor.execute(f"DELETE FROM {table} WHERE person NOT IN (SELECT person FROM employment)")


def _count_first(cursor: duckdb.DuckDBPyConnection, before: date) -> None:
    """Keep the counts of every step that begins before the day: it cannot be counted any more when rows are gone."""
    for step in live_steps(cursor, None):
        if step.from_day < before:
            counted = count(cursor, [step])
            keep(cursor, step.from_day, step.to_day, (counted.exposure, counted.moves, counted.hires, counted.pension))


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

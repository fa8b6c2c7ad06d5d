"""Names change, people stay: a department or role that goes by another name is not a crowd of leavers and joiners.

A rename holds for every snapshot before its day: those are read under the new name, by the cohorts and by the history alike.
"""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from store.frames import ask
from store.types import Rename

COLUMNS = ("location", "unit", "role")
TOGETHER = 0.8
"""More than this share of those who stayed must be found under the one new name."""
LEAST = 3
"""Fewer people than this prove nothing."""

IN_FORCE = "SELECT import_no FROM import_log WHERE undone_by IS NULL"
LIVE = f"import_no IN ({IN_FORCE})"

_VANISHED = """
WITH before AS (
    SELECT e.person, g.{column} AS name FROM employment e JOIN staff_group g USING (grp) JOIN snapshot s USING (snapshot)
    WHERE e.snapshot = $before AND (e.hire IS NULL OR e.hire <= s.as_of) AND (e.leave IS NULL OR e.leave > s.as_of)
), after AS (
    SELECT e.person, g.{column} AS name FROM employment e JOIN staff_group g USING (grp) JOIN snapshot s USING (snapshot)
    WHERE e.snapshot = $after AND (e.hire IS NULL OR e.hire <= s.as_of) AND (e.leave IS NULL OR e.leave > s.as_of)
), gone AS (SELECT DISTINCT name FROM before WHERE name <> '' AND name NOT IN (SELECT name FROM after)),
fresh AS (SELECT DISTINCT name FROM after WHERE name <> '' AND name NOT IN (SELECT name FROM before)),
went AS (
    SELECT before.name AS old, after.name AS new, count(*) AS people
    FROM before JOIN after USING (person) WHERE before.name IN (SELECT name FROM gone) GROUP BY ALL
), stayed AS (SELECT old, sum(people)::BIGINT AS people FROM went GROUP BY old)
SELECT went.old, went.new, went.people::BIGINT AS people FROM went JOIN stayed USING (old)
WHERE went.new IN (SELECT name FROM fresh) AND went.people > $together * stayed.people AND went.people >= $least
ORDER BY went.old
"""


def detect(cursor: duckdb.DuckDBPyConnection, before: int, after: int, since: date) -> list[Rename]:
    """Names of snapshot `before` that are gone in `after`, while nearly all who stayed appear under one name that is new."""
    values = {"before": before, "after": after, "together": TOGETHER, "least": LEAST}
    found: list[Rename] = []
    for column in COLUMNS:
        rows = cursor.execute(_VANISHED.format(column=column), values).fetchall()
        found += [Rename(column, old, new, since, int(people)) for old, new, people in rows]
    return found


def known(cursor: duckdb.DuckDBPyConnection) -> list[Rename]:
    """All renames in force, oldest first."""
    if not cursor.execute("SELECT 1 FROM rename LIMIT 1").fetchall():  # as with most; asking which are in force takes twice as long
        return []
    rows = cursor.execute(f'SELECT "column", old, new, since, people FROM rename WHERE {LIVE} ORDER BY since, import_no').fetchall()
    return [Rename(*row) for row in rows]


def final_groups(cursor: duckdb.DuckDBPyConnection, snapshots: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, str, str]]]:
    """Which group each stored group is today.

    snapshots: frame snapshot, as_of. Returns a frame snapshot, grp, place (position in the list) and the list of
    (location, unit, role) under their present names.
    """
    groups = ask(cursor, "SELECT grp, location, unit, role FROM staff_group ORDER BY grp")
    renames = known(cursor)
    names = list(groups[list(COLUMNS)].itertuples(index=False, name=None))
    places: dict[tuple[str, str, str], int] = {}
    parts: list[pd.DataFrame] = []
    for row in snapshots.itertuples():
        later = [rename for rename in renames if pd.Timestamp(rename.since) > pd.Timestamp(row.as_of)]
        own = [places.setdefault(_renamed(name, later), len(places)) for name in names]
        parts.append(pd.DataFrame({"snapshot": int(row.snapshot), "grp": groups["grp"].to_numpy("int32"), "place": own}))
    empty = pd.DataFrame({"snapshot": pd.Series(dtype="int32"), "grp": pd.Series(dtype="int32"), "place": pd.Series(dtype="int32")})
    table = pd.concat(parts, ignore_index=True) if parts else empty
    return table.astype({"snapshot": "int32", "place": "int32"}), list(places)


def placed(cursor: duckdb.DuckDBPyConnection, as_of: date) -> tuple[np.ndarray, list[tuple[str, str, str]]]:
    """The same for one day, shorter: place by grp (nothing: 0), and the list."""
    stored = sorted(cursor.execute("SELECT grp, location, unit, role FROM staff_group").fetchall())  # few: sooner in order here
    later = [rename for rename in known(cursor) if rename.since > as_of]
    places: dict[tuple[str, str, str], int] = {}
    place_of = np.zeros(stored[-1][0] + 1 if stored else 1, dtype="int64")
    for grp, *name in stored:
        place_of[grp] = places.setdefault(_renamed((name[0], name[1], name[2]), later), len(places))
    return place_of, list(places)


def _renamed(name: tuple[str, str, str], later: list[Rename]) -> tuple[str, str, str]:
    if not later:
        return name
    parts = dict(zip(COLUMNS, name, strict=True))
    for rename in later:
        if parts[rename.column] == rename.old:
            parts[rename.column] = rename.new
    return parts["location"], parts["unit"], parts["role"]

"""Names that change between two uploads: what it looks like before saving, and what follows from the answer."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date

import duckdb
import pandas as pd

from analytics.renames import find_renames
from store import cells, delivered, renames
from store.db import Database
from store.frames import ask, first, given, number
from store.keys import Keys
from store.snapshots import LIVE_SNAPSHOT, is_sample, list_snapshots
from store.types import Difference, NameChange, Rename

COLUMNS = ("level", "change", "old", "new", "people", "share", "since")
MOST_DAYS = 36
"""Days of a stacked file that are compared with their neighbour; names change seldom."""

_PRESENT = """SELECT p.key AS person, g.unit, g.role FROM employment e JOIN person p USING (person) JOIN staff_group g USING (grp)
JOIN snapshot s USING (snapshot)
WHERE e.snapshot = $snapshot AND own AND (hire IS NULL OR hire <= s.as_of) AND (leave IS NULL OR leave > s.as_of)"""

_DIFFERENCE = """
WITH old AS (
    SELECT p.key, g.location, g.unit, g.role, e.birth, e.fte FROM employment e JOIN person p USING (person) JOIN staff_group g USING (grp)
    JOIN snapshot s USING (snapshot)
    WHERE e.snapshot = $before AND own AND (hire IS NULL OR hire <= s.as_of) AND (leave IS NULL OR leave > s.as_of)
), new AS (
    SELECT * FROM staff_in WHERE own AND (hire IS NULL OR hire <= as_of) AND (leave IS NULL OR leave > as_of)
)
{wanted}
FROM old FULL JOIN new USING (key) {grouped}
"""
_COUNTS = """SELECT count(*) FILTER (old.key IS NOT NULL AND new.key IS NOT NULL), count(*) FILTER (old.key IS NULL),
    count(*) FILTER (new.key IS NULL),
    count(*) FILTER (old.key IS NOT NULL AND new.key IS NOT NULL
        AND (old.location, old.unit, old.role) <> (new.location, new.unit, new.role)),
    count(*) FILTER (old.birth <> new.birth::DATE), count(*) FILTER (abs(old.fte - new.fte) > 0.004 AND NOT isnan(new.fte)),
    count(*) FILTER (new.key IS NULL AND old.key IN (SELECT key FROM unread_in))"""
_MOVES = """SELECT old.unit AS unit_old, old.role AS role_old, new.unit AS unit_new, new.role AS role_new,
    old.location <> new.location AS elsewhere, count(*) FILTER (old.key IS NOT NULL AND new.key IS NOT NULL
        AND (old.location, old.unit, old.role) <> (new.location, new.unit, new.role)) AS people"""


def compare(
    database: Database, keys: Keys, frame: pd.DataFrame, unread: Sequence[str] = ()
) -> tuple[Difference | None, pd.DataFrame, pd.DataFrame]:
    """A frame as intake delivers it against what is stored; stores nothing. unread: people in rows of the file that were not kept.

    Returns the counts of its newest day against the stored snapshot before it (None: there is none); COLUMNS: names of
    departments and roles that seem to have changed between two neighbouring days; and unit_old, role_old, unit_new, role_new,
    elsewhere (another location too), people: those of the first counts who changed group.
    """
    staff = delivered.employees(frame)
    staff = staff[staff["own"]]
    days = sorted(staff["as_of"].unique())
    with database.read() as cursor:
        stored = [] if is_sample(cursor) else list_snapshots(cursor)  # the sample firm makes way for real data
        stored = [snapshot for snapshot in stored if pd.Timestamp(snapshot.as_of) not in set(days)]
        if not days or len(stored) + len(days) < 2:  # nothing to compare with
            return None, pd.DataFrame(columns=list(COLUMNS)), pd.DataFrame()
        people = staff["person"].drop_duplicates()
        known = pd.Series(keys.keys(people.tolist()), index=people.to_numpy(), dtype="str")
        staff = staff.assign(key=staff["person"].map(known).astype("str"))
        earlier = [snapshot for snapshot in stored if pd.Timestamp(snapshot.as_of) < days[-1]]
        difference, moves = None, pd.DataFrame()
        if earlier:
            newest = staff[staff["as_of"] == days[-1]].drop_duplicates("person")
            lost = pd.DataFrame({"key": pd.Series(keys.keys(unread), dtype="str")})
            with given(cursor, staff_in=newest, unread_in=lost):
                row = first(cursor, _DIFFERENCE.format(wanted=_COUNTS, grouped=""), {"before": earlier[-1].number})
                moves = ask(
                    cursor, _DIFFERENCE.format(wanted=_MOVES, grouped="GROUP BY ALL HAVING people > 0"), {"before": earlier[-1].number}
                )
            assert row is not None
            difference = Difference(earlier[-1].as_of, pd.Timestamp(days[-1]).date(), *(int(count) for count in row))
        around = {pd.Timestamp(snapshot.as_of): snapshot.number for snapshot in _neighbours(stored, days)}
        at = {moment: ask(cursor, _PRESENT, {"snapshot": snapshot}) for moment, snapshot in around.items()}
    here = (staff["hire"].isna() | (staff["hire"] <= staff["as_of"])) & (staff["leave"].isna() | (staff["leave"] > staff["as_of"]))
    present = staff.loc[here, ["as_of", "key", "unit", "role"]].rename(columns={"key": "person"})
    at |= {pd.Timestamp(day): part.drop(columns="as_of") for day, part in present.groupby("as_of") if day in set(days[-MOST_DAYS:])}
    found = [
        find_renames(at[before], at[after]).assign(since=after.date())
        for before, after in itertools.pairwise(sorted(at))
        if len(at[before]) and len(at[after])
    ]
    filled = [part for part in found if len(part)]
    names = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS))
    return difference, names, moves


def _neighbours(stored: list, days: list) -> list:
    """The stored snapshots just before the first day and just after the last one."""
    before = [snapshot for snapshot in stored if pd.Timestamp(snapshot.as_of) < days[0]][-1:]
    return before + [snapshot for snapshot in stored if pd.Timestamp(snapshot.as_of) > days[-1]][:1]


def names_in_use(cursor: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """unit and role: names of the newest snapshot, and of the sheet with roles."""
    newest = number(cursor, f"SELECT snapshot FROM snapshot WHERE {LIVE_SNAPSHOT} ORDER BY as_of DESC LIMIT 1")
    used = "SELECT DISTINCT {0} AS name FROM staff_group WHERE grp IN (SELECT grp FROM employment WHERE snapshot = $newest)"
    roles = f"{used.format('role')} UNION SELECT role FROM role WHERE {renames.LIVE}"
    questions = {"unit": used.format("unit"), "role": roles}
    return {
        field: [
            name
            for (name,) in cursor.execute(f"SELECT name FROM ({sql}) AS t WHERE name <> '' ORDER BY name", {"newest": newest}).fetchall()
        ]
        for field, sql in questions.items()
    }


def settle(cursor: duckdb.DuckDBPyConnection, import_no: int, answers: tuple[NameChange, ...] | None) -> list[Rename]:
    """Carry out what was answered about names, or, where nobody was asked, what the evidence says beyond doubt."""
    if answers is None:
        return _keep(cursor, import_no, _detected(cursor, import_no))
    whole = [change for change in answers if change.change in ("rename", "merge")]
    kept = _keep(cursor, import_no, [Rename(change.column, change.old, change.new, change.since, change.people) for change in whole])
    parts = [change for change in answers if change.change in ("split", "split_off")]
    for key in dict.fromkeys((change.column, change.change, change.old, change.since) for change in parts):
        column, kind, old, since = key
        news = [change.new for change in parts if (change.column, change.change, change.old, change.since) == key]
        _regroup(cursor, import_no, column, old, news, since, everybody=kind == "split")
    return kept


def _detected(cursor: duckdb.DuckDBPyConnection, import_no: int) -> list[Rename]:
    """Every pair of neighbours in time of which this import brought at least one."""
    found: list[Rename] = []
    for before, after in itertools.pairwise(list_snapshots(cursor)):
        if import_no in (before.import_no, after.import_no):
            found += renames.detect(cursor, before.number, after.number, after.as_of)
    return found


def _keep(cursor: duckdb.DuckDBPyConnection, import_no: int, found: list[Rename]) -> list[Rename]:
    known = {(rename.column, rename.old, rename.new, rename.since) for rename in renames.known(cursor)}
    fresh = [rename for rename in found if (rename.column, rename.old, rename.new, rename.since) not in known]
    for rename in fresh:
        cursor.execute(
            "INSERT INTO rename VALUES (?, ?, ?, ?, ?, ?)", [import_no, rename.column, rename.old, rename.new, rename.since, rename.people]
        )
    return fresh


_WENT = """CREATE TEMP TABLE went AS
SELECT e.person, any_value(g.{column}) AS name, any_value(g.{other}) AS other
FROM employment e JOIN staff_group g USING (grp) JOIN snapshot s USING (snapshot)
JOIN new_names n ON n.name = g.{column} WHERE s.as_of = $since AND s.replaced_by IS NULL GROUP BY e.person"""

_TARGETS = """CREATE TEMP TABLE target AS
WITH own AS (
    SELECT e.snapshot, e.person, e.grp, g.location, g.unit, g.role, g.{other} AS other, w.name
    FROM employment e JOIN staff_group g USING (grp) JOIN snapshot s USING (snapshot) JOIN old_names o ON o.name = g.{column}
    LEFT JOIN went w ON w.person = e.person WHERE s.as_of < $since
), beside AS (SELECT other, mode(name) AS name FROM went GROUP BY other), most AS (SELECT mode(name) AS name FROM went)
SELECT own.* EXCLUDE (name), coalesce(own.name, CASE WHEN $everybody THEN coalesce(beside.name, most.name) END) AS name
FROM own LEFT JOIN beside ON beside.other = own.other CROSS JOIN most
WHERE own.name IS NOT NULL OR $everybody"""


def _regroup(
    cursor: duckdb.DuckDBPyConnection, import_no: int, column: str, old: str, news: list[str], since: date, everybody: bool
) -> None:
    """Put earlier rows of a name that was split under the part each person went to.

    everybody: those who left before follow the others with the same role (or department), else the largest part; without it
    the old name goes on, and only those who went to a part are moved.
    """
    other = "role" if column == "unit" else "unit"
    olds = _earlier_names(cursor, column, old, since)
    frames = {
        "old_names": pd.DataFrame({"name": pd.Series(olds, dtype="str")}),
        "new_names": pd.DataFrame({"name": pd.Series(news, dtype="str")}),
    }
    with given(cursor, **frames):
        cursor.execute(_WENT.format(column=column, other=other), {"since": since})
        cursor.execute(_TARGETS.format(column=column, other=other), {"since": since, "everybody": everybody})
    names = ", ".join(f"t.name AS {name}" if name == column else f"t.{name}" for name in renames.COLUMNS)
    cursor.execute(
        f"""INSERT INTO staff_group SELECT (SELECT coalesce(max(grp), 0) FROM staff_group) + row_number() OVER (), location, unit, role
        FROM (SELECT DISTINCT {names} FROM target t) AS seen
        WHERE (location, unit, role) NOT IN (SELECT (location, unit, role) FROM staff_group)"""
    )
    cursor.execute("INSERT INTO regrouped SELECT ?, snapshot, person, grp FROM target", [import_no])
    same = " AND ".join(f"g.{name} = {'t.name' if name == column else f't.{name}'}" for name in renames.COLUMNS)
    cursor.execute(
        f"""UPDATE employment SET grp = g.grp FROM target t JOIN staff_group g ON {same}
        WHERE employment.snapshot = t.snapshot AND employment.person = t.person"""
    )
    cells.drop(cursor, "SELECT snapshot FROM target")
    cursor.execute("DROP TABLE target")
    cursor.execute("DROP TABLE went")


def _earlier_names(cursor: duckdb.DuckDBPyConnection, column: str, old: str, since: date) -> list[str]:
    """The name itself and what it was called before."""
    names = [old]
    for rename in reversed(renames.known(cursor)):
        if rename.column == column and rename.since <= since and rename.new in names and rename.old not in names:
            names.append(rename.old)
    return names

"""An import goes in whole or not at all: one transaction, one log line, the same file twice is one snapshot set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.errors import Refusal
from store import cells, naming, skills, talks
from store.db import Database
from store.delivered import departures as departures_of
from store.delivered import employees as employees_of
from store.frames import first, flags, given, number, numbers, text
from store.keys import Keys
from store.snapshots import IMPORTED, LIVE_SNAPSHOT, is_sample, list_snapshots, log, wipe
from store.types import NameChange, Stored

HANDFUL = 10_000
KEEP_REPLACED_DAYS = 35
"""As long as back-ups are kept: until then an undo brings a replaced snapshot back."""


class ReportLike(Protocol):
    """What the store reads of an intake report (the store does not know intake)."""

    @property
    def sheet(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def mapping(self) -> dict[str, str]: ...
    @property
    def findings(self) -> Sequence[Any]: ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """One checked file on its way in. `as_of_given`: the reference date was chosen by a person, so another one is another
    snapshot; else the same bytes are the same snapshot, whatever today is. `replace`: take the place of a snapshot of the same day."""

    frames: dict[str, pd.DataFrame]
    reports: tuple[ReportLike, ...]
    content_hash: str
    file_name: str
    who: str
    sample: bool = False
    replace: bool = False
    as_of_given: bool = False
    names: tuple[NameChange, ...] | None = None
    """What a person said about names that changed; None: the store decides on the evidence."""

    def reading(self) -> str:
        """How the file was read, as far as another choice would give other rows."""
        return json.dumps([[report.kind, report.sheet, dict(report.mapping)] for report in self.reports], sort_keys=True)

    def size(self) -> int:
        """Bytes, roughly; what the disk must be able to take."""
        return int(sum(frame.memory_usage(deep=False).sum() for frame in self.frames.values()))


def save(database: Database, keys: Keys, delivery: Delivery) -> Stored:
    """Store a delivery. Refusals: snapshot_exists (as_of), real_data_present, nothing_to_store, key_missing, disk_full."""
    if not any(len(frame) for frame in delivery.frames.values()):
        raise Refusal("nothing_to_store")
    employees = employees_of(delivery.frames.get("employees"))
    departures = departures_of(delivery.frames.get("departures"))
    pa.default_memory_pool().release_unused()
    with database.write(delivery.size()) as cursor:
        earlier = _same_delivery(cursor, delivery, employees)
        if earlier:
            return earlier
        sample_removed = _make_way(cursor, delivery)
        _check_key(cursor, keys)
        import_no = log(cursor, "import", delivery.who, delivery.file_name, delivery.content_hash, delivery.reading(), delivery.sample)
        with keys.remembering(_people(cursor, keys, employees, departures)):  # before the commit, so that all stored are found back
            replaced = _snapshots(cursor, employees, import_no, delivery.replace)
            _departed(cursor, departures, import_no)
            _roles(cursor, delivery.frames.get("roles"), import_no)
            _formation(cursor, delivery.frames.get("formation"), import_no, delivery.who)
            _vacancies(cursor, delivery.frames.get("vacancies"), import_no)
            skills.save(cursor, keys, delivery.frames, import_no)
            talks.add_file(cursor, keys, delivery.frames.get("wishes"), import_no)
            _findings(cursor, delivery.reports, import_no)
            found = naming.settle(cursor, import_no, delivery.names)
            _purge(cursor)
            cells.refresh(cursor)
        stored = tuple(snapshot for snapshot in list_snapshots(cursor) if snapshot.import_no == import_no)
    return Stored(import_no, stored, False, replaced, sample_removed, tuple(found))


# what stands in the way


def _same_delivery(cursor: duckdb.DuckDBPyConnection, delivery: Delivery, employees: pd.DataFrame) -> Stored | None:
    rows = cursor.execute(
        """SELECT import_no FROM import_log WHERE action = 'import' AND undone_by IS NULL
        AND content_hash = ? AND reading = ? AND sample = ? ORDER BY import_no DESC""",
        [delivery.content_hash, delivery.reading(), delivery.sample],
    ).fetchall()
    wanted = {pd.Timestamp(day).date() for day in employees["as_of"].unique()} if rows else set()
    for (import_no,) in rows:
        snapshots = tuple(snapshot for snapshot in list_snapshots(cursor) if snapshot.import_no == import_no)
        same_days = {snapshot.as_of for snapshot in snapshots} == wanted
        if same_days or (snapshots and not delivery.as_of_given):
            return Stored(import_no, snapshots, already=True)
    return None


def _make_way(cursor: duckdb.DuckDBPyConnection, delivery: Delivery) -> bool:
    """The sample and real data never mix. True when the sample was removed for real data."""
    filled = number(cursor, f"SELECT count(*) FROM import_log WHERE {IMPORTED}") > 0
    if not filled:
        return False
    sample_here = is_sample(cursor)
    if delivery.sample and not sample_here:
        raise Refusal("real_data_present")
    if delivery.sample == sample_here:
        return False
    wipe(cursor)
    return True


def _check_key(cursor: duckdb.DuckDBPyConnection, keys: Keys) -> None:
    """With another secret the same person would look like a leaver and a joiner."""
    row = first(cursor, "SELECT value FROM setting WHERE name = 'key_fingerprint'")
    if row is None:
        cursor.execute("INSERT INTO setting VALUES ('key_fingerprint', ?)", [keys.fingerprint()])
    elif not keys.exists() or row[0] != keys.fingerprint():
        raise Refusal("key_missing", file=keys.key_file.name if keys.key_file else "")


# what goes in


def _people(cursor: duckdb.DuckDBPyConnection, keys: Keys, employees: pd.DataFrame, departures: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Number the people the database does not know yet; fills the temporary table `who` (person text -> number). Returns the
    (key, employee id) of the new ones in order of key, for the way back."""
    people = employees[["person", "employee_id"]]
    if len(departures) or employees["as_of"].nunique() > 1:  # on one day nobody stands in the list twice
        people = pd.concat([people, departures[["person", "employee_id"]]]).drop_duplicates("person")
    names = pa.array(people["person"], pa.string())
    given_in = pa.table({"name": names, "key": keys.column(names)})
    with given(cursor, people_in=given_in):
        cursor.execute(
            """CREATE TEMP TABLE who AS SELECT i.name, i.key, p.person IS NULL AS added, coalesce(p.person,
                (SELECT coalesce(max(person), 0) FROM person) + row_number() OVER (PARTITION BY p.person IS NULL)) AS person
            FROM people_in i LEFT JOIN person p USING (key)"""
        )
        known = cursor.execute("SELECT key FROM who WHERE NOT added").fetchall()
        cursor.execute("INSERT INTO person SELECT person, key FROM who WHERE added")
    return _pairs(given_in["key"].combine_chunks(), pa.array(people["employee_id"], pa.string()), {key for (key,) in known})


def _pairs(keys: pa.Array, ids: pa.Array, known: set[str]) -> Iterator[tuple[str, str]]:
    """(key, employee id) of those who are not known yet in order of key, a handful of Python texts at a time."""
    order = pc.sort_indices(keys)
    for start in range(0, len(order), HANDFUL):
        part = order.slice(start, HANDFUL)
        pairs = zip(keys.take(part).to_pylist(), ids.take(part).to_pylist(), strict=True)
        yield from (pair for pair in pairs if pair[0] not in known)


def _snapshots(cursor: duckdb.DuckDBPyConnection, employees: pd.DataFrame, import_no: int, replace: bool) -> tuple[date, ...]:
    """Store every reference date of the file; returns those that took the place of an earlier snapshot."""
    replaced: list[date] = []
    first = number(cursor, "SELECT max(snapshot) FROM snapshot") + 1
    days_in = sorted(employees["as_of"].unique())
    taken = {row[0] for row in cursor.execute(f"SELECT as_of FROM snapshot WHERE {LIVE_SNAPSHOT}").fetchall()}
    for offset, day in enumerate(days_in):
        as_of = pd.Timestamp(day).date()
        if as_of in taken:
            if not replace:
                raise Refusal("snapshot_exists", as_of=as_of)
            cursor.execute(f"UPDATE snapshot SET replaced_by = ? WHERE as_of = ? AND {LIVE_SNAPSHOT}", [import_no, as_of])
            replaced.append(as_of)
        cursor.execute("INSERT INTO snapshot VALUES (?, ?, ?, 0, 0, NULL)", [first + offset, as_of, import_no])
    if days_in:
        places = np.searchsorted(np.array(days_in, "datetime64[s]"), employees["as_of"].to_numpy("datetime64[s]")).astype("int32")
        _employment(cursor, employees.assign(snapshot=places + np.int32(first)), first)
    return tuple(replaced)


def _employment(cursor: duckdb.DuckDBPyConnection, employees: pd.DataFrame, first: int) -> None:
    staff = pa.Table.from_pandas(employees.drop(columns=["as_of", "employee_id"]), preserve_index=False)  # else as Python texts
    with given(cursor, staff_in=staff):
        cursor.execute(
            """INSERT INTO staff_group
            SELECT (SELECT coalesce(max(grp), 0) FROM staff_group) + row_number() OVER (ORDER BY location, unit, role),
                location, unit, role FROM (SELECT DISTINCT location, unit, role FROM staff_in) AS seen
            WHERE (location, unit, role) NOT IN (SELECT (location, unit, role) FROM staff_group)"""
        )
        cursor.execute(
            """INSERT INTO employment SELECT i.snapshot, w.person, g.grp, i.own, i.birth::DATE, i.birth_estimated, i.hire::DATE,
            i.leave::DATE, i.leave_reason, i.contract, i.contract_end::DATE,
            CASE WHEN isnan(i.fte) THEN NULL ELSE i.fte END, CASE WHEN isnan(i.hours) THEN NULL ELSE i.hours END,
            i.gender, CASE WHEN isnan(i.salary) THEN NULL ELSE i.salary END, i.country, nullif(nullif(i.job_title, i.role), '')
            FROM staff_in i JOIN who w ON w.name = i.person
            JOIN staff_group g ON g.location = i.location AND g.unit = i.unit AND g.role = i.role
            ORDER BY i.snapshot, w.person"""
        )
    cursor.execute(
        """UPDATE snapshot SET people = c.people, active = c.active FROM (
            SELECT e.snapshot, count(*) AS people,
                count(*) FILTER (own AND (hire IS NULL OR hire <= s.as_of) AND (leave IS NULL OR leave > s.as_of)) AS active
            FROM employment e JOIN snapshot s USING (snapshot) WHERE e.snapshot >= ? GROUP BY e.snapshot
        ) AS c WHERE c.snapshot = snapshot.snapshot""",
        [first],
    )


def _departed(cursor: duckdb.DuckDBPyConnection, departures: pd.DataFrame, import_no: int) -> None:
    if len(departures):
        with given(cursor, departures_in=departures):
            cursor.execute(
                """INSERT INTO departure SELECT DISTINCT ?, w.person, d.leave::DATE, d.leave_reason
                FROM departures_in d JOIN who w ON w.name = d.person""",
                [import_no],
            )
    cursor.execute("DROP TABLE who")


def _roles(cursor: duckdb.DuckDBPyConnection, frame: pd.DataFrame | None, import_no: int) -> None:
    if frame is None or frame.empty:
        return
    roles = pd.DataFrame(
        {
            "role": text(frame, "role"),
            "isco": text(frame, "isco"),
            **{column: flags(frame, column) for column in ("critical", "heavy", "apprentice")},
            **{column: numbers(frame, column) for column in ("hire_fte", "cost")},
        }
    ).drop_duplicates("role", keep="last")
    with given(cursor, roles_in=roles):
        cursor.execute(
            """INSERT INTO role SELECT ?, role, isco, critical, heavy, apprentice,
            CASE WHEN isnan(hire_fte) THEN NULL ELSE hire_fte END, CASE WHEN isnan(cost) THEN NULL ELSE cost END FROM roles_in""",
            [import_no],
        )


def _formation(cursor: duckdb.DuckDBPyConnection, frame: pd.DataFrame | None, import_no: int, who: str) -> None:
    if frame is not None and len(frame):
        add_formation(cursor, frame, who, import_no)


def add_formation(cursor: duckdb.DuckDBPyConnection, frame: pd.DataFrame, who: str, import_no: int | None) -> int:
    """A new version of the whole establishment; several rows for one group are added up."""
    columns = ("establishment_fte", "vacancies_fte", "growth")
    rows = pd.DataFrame(
        {name: text(frame, name) for name in ("location", "unit", "role")} | {name: numbers(frame, name) for name in columns}
    )
    version = number(cursor, "SELECT max(version) FROM formation_version") + 1
    cursor.execute("INSERT INTO formation_version VALUES (?, ?, ?, ?, false)", [version, datetime.now(), who, import_no])
    with given(cursor, formation_in=rows):
        cursor.execute(
            """INSERT INTO formation SELECT ?, location, unit, role, sum(establishment_fte) FILTER (NOT isnan(establishment_fte)),
            sum(vacancies_fte) FILTER (NOT isnan(vacancies_fte)), avg(growth) FILTER (NOT isnan(growth))
            FROM formation_in GROUP BY location, unit, role""",
            [version],
        )
    return version


def _vacancies(cursor: duckdb.DuckDBPyConnection, frame: pd.DataFrame | None, import_no: int) -> None:
    if frame is None or frame.empty:
        return
    amount = numbers(frame, "fte" if "fte" in frame else "vacancies_fte")
    rows = pd.DataFrame({name: text(frame, name) for name in ("location", "unit", "role")} | {"fte": amount.fillna(1.0)})
    with given(cursor, vacancies_in=rows):
        cursor.execute(
            "INSERT INTO vacancy SELECT ?, location, unit, role, sum(fte) FROM vacancies_in GROUP BY location, unit, role", [import_no]
        )


def _findings(cursor: duckdb.DuckDBPyConnection, reports: Iterable[ReportLike], import_no: int) -> None:
    """What was found in the file, counted; examples are values and are not kept."""
    rows = [
        [import_no, str(finding.severity), str(finding.reason), str(finding.sheet), str(finding.column), int(finding.count)]
        for report in reports
        for finding in report.findings
    ]
    if rows:
        cursor.executemany("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?)", rows)


def _purge(cursor: duckdb.DuckDBPyConnection) -> None:
    """What was replaced long ago is not kept for an undo any more."""
    limit = [datetime.now() - timedelta(days=KEEP_REPLACED_DAYS)]
    gone = "SELECT s.snapshot FROM snapshot s JOIN import_log l ON l.import_no = s.replaced_by WHERE l.moment < ?"
    cursor.execute(f"DELETE FROM employment WHERE snapshot IN ({gone})", limit)
    cursor.execute(f"DELETE FROM snapshot WHERE snapshot IN ({gone})", limit)

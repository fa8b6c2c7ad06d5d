"""A working copy: the DuckDB file one process answers from when the record is kept in PostgreSQL (`store.record`).

Everything in it is in the record too, so a copy that is damaged, cut off or of another record is made anew.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import duckdb

from analytics.errors import Refusal
from store import copies
from store.db import Database, migrations, undone_on_error
from store.frames import first
from store.record import PARTS, PERSONAL, Part, Record, Shape, State, Turn

COPIES = 64
"""Working copies beside one another at most: processes and commands at the same moment."""
LISTENING = 5.0
"""Seconds after which a process that heard nothing asks for the version itself."""
AGAIN = 1.0
"""Seconds until the next attempt when PostgreSQL is away."""
SEEN = "working_copy"
"""Table of the copy alone: which record it follows and up to which version."""
BEGUN = f"CREATE TABLE {SEEN} (record VARCHAR NOT NULL, version BIGINT NOT NULL, mark VARCHAR NOT NULL)"
NOTHING = -1
"""Version of a copy that has nothing yet."""
WRITING = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
READING = re.compile(r"\s*(?:SELECT|BEGIN|CREATE\s+TEMP|DROP\s+TABLE\s+(?:who|births)\b)", re.IGNORECASE)
_log = logging.getLogger("werkhorizon.record")

Marks = dict[Part, tuple[int, int]]
"""Part -> number of rows and the sum of their hashes."""


class Noting:
    """A cursor that remembers which tables were written to; a statement it does not know counts as all of them."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self.tables: set[str] = set()
        self.all = False

    def execute(self, sql: str, *values: Any) -> duckdb.DuckDBPyConnection:
        self._note(sql)
        return self._cursor.execute(sql, *values)

    def executemany(self, sql: str, *values: Any) -> duckdb.DuckDBPyConnection:
        self._note(sql)
        return self._cursor.executemany(sql, *values)

    def _note(self, sql: str) -> None:
        written = WRITING.match(sql)
        if written:
            self.tables.add(written.group(1))
        elif not READING.match(sql):
            self.all = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class WorkingCopy(Database):
    """Like `Database`; a write is in the record before it is here, and what others wrote arrives by `refresh`."""

    def __init__(self, path: Path, record: Record, state: State) -> None:
        """state: what the record was at opening; the file is made anew when it does not follow that record."""
        self.record = record
        self.identity = state.id
        self.trouble: Refusal | None = None
        self._behind = True
        self._inside = False
        self._leaving = threading.Event()
        super().__init__(path)

    @property
    def title(self) -> str:
        return Path(self.path.stem).stem

    # reading and writing

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if self._behind:
            self.refresh()
        with super().read() as cursor:
            yield cursor

    @contextmanager
    def write(self, needed_bytes: int = 0) -> Iterator[duckdb.DuckDBPyConnection]:
        """See `Database.write`; the record first, then the copy. Refusals too: those of `Record.turn`, database_newer."""
        with self._writer:
            self.require_space(needed_bytes)
            with self._turn() as turn:
                state = self._follow(turn)
                with super().read() as cursor:
                    noting = Noting(cursor)
                    cursor.execute("BEGIN")
                    with undone_on_error(cursor):
                        yield cast(duckdb.DuckDBPyConnection, noting)
                        self._send(turn, state, cursor, noting)
                    self._kept(cursor)

    def _kept(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """It is in the record, so it is stored, whatever happens to this copy now: what is not in it is fetched at the next use."""
        self._behind = True
        try:
            cursor.execute("COMMIT")
            self._behind = False
        except duckdb.Error as error:
            _log.warning("the working copy could not follow its own write: %s", type(error).__name__)
            self._broken = self._broken or isinstance(error, duckdb.FatalException)
        finally:
            self.writes += 1

    @contextmanager
    def still(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor while nobody writes, in no process: what it copies is one moment, and the latest."""
        with self._writer:
            if self._inside:  # this thread has the turn already
                with super().read() as cursor:
                    yield cursor
                return
            with self._turn() as turn:
                self._follow(turn)
                with super().read() as cursor:
                    yield cursor

    @contextmanager
    def _turn(self) -> Iterator[Turn]:
        with self.record.turn() as turn:
            self._inside = True
            try:
                yield turn
            finally:
                self._inside = False

    def refresh(self) -> None:
        """Fetch what other processes wrote. Refusals: record_unreachable, database_newer."""
        with self._writer:
            if not self._inside:
                with self.record.look() as turn:
                    self._follow(turn)

    def replace_all(self, other: duckdb.DuckDBPyConnection) -> None:
        """Give the record the contents of another database of this version, for everybody."""
        with self._writer:
            with self._turn() as turn:
                state = self._follow(turn)
                give_all(turn, other, state.next(erasing=True))
            self.refresh()

    def forget(self) -> None:
        """After rows about people were deleted: what is left of them in PostgreSQL's files goes."""
        try:
            self.record.forget()
        except Refusal:
            _log.exception("tables could not be rewritten after an erasure")

    # following

    def follow(self) -> None:
        """Fetch what others write as soon as they have written it, in a thread of its own, until the copy is closed."""
        threading.Thread(target=self._listen, name="record", daemon=True).start()

    def _listen(self) -> None:
        while not self._leaving.is_set():
            try:
                for _ in self.record.news(LISTENING):
                    if self._leaving.is_set():
                        return
                    self.refresh()
                    self.trouble = None
            except Refusal as problem:
                if self.trouble is None or self.trouble.code != problem.code:
                    _log.warning("the record cannot be followed: %s", problem.code)
                self.trouble = problem
                self._leaving.wait(AGAIN)
            except duckdb.Error:
                if not self._leaving.is_set():  # closed while it was fetching is no trouble
                    _log.exception("what others stored could not be fetched")
                    self._leaving.wait(AGAIN)

    def close(self) -> None:
        self._leaving.set()
        self._behind = False
        super().close()

    def _follow(self, turn: Turn) -> State:
        """Bring the copy to the version of this turn."""
        state, newest = turn.state(), migrations()[-1][0]
        if state is None or state.id != self.identity:
            raise Refusal("record_failed", state="id")
        if state.migration != newest:
            raise Refusal("database_newer", file=self.path.name, version=state.migration, known=newest)
        with super().read() as cursor:
            seen, mark = had, _ = seen_version(cursor)
            if not turn.knows(seen, mark):  # a new copy, or the server was put back to an earlier moment: all of it
                seen = NOTHING
            if seen != state.version:
                fill(turn, cursor, seen, state)
                self.writes += 1
        self._behind = False
        if had != NOTHING and seen < state.erased:
            self._inside, was = True, self._inside
            try:
                copies.rewrite(self)
            finally:
                self._inside = was
        return state

    def follows_record(self) -> bool:
        """Whether this file is a copy of the record it was opened for, and never of a later moment than that has."""
        with super().read() as cursor:
            if not cursor.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = ?", [SEEN]).fetchall():
                return False
            return cursor.execute(f"SELECT record FROM {SEEN}").fetchall() == [(self.identity,)]

    def begin(self) -> None:
        with super().read() as cursor:
            cursor.execute(BEGUN)
            cursor.execute(f"INSERT INTO {SEEN} VALUES (?, ?, '')", [self.identity, NOTHING])

    def _send(self, turn: Turn, state: State, cursor: duckdb.DuckDBPyConnection, noting: Noting) -> None:
        """Send what the open transaction on this cursor changed, and commit the record."""
        shape = shape_of(cursor)
        tables = set(shape) if noting.all else noting.tables & set(shape)
        _without_nul(cursor, {table: shape[table] for table in tables})
        with super().read() as committed:
            before = marks(committed, tables)
        after = marks(cursor, tables)
        parts = {part for part in before.keys() | after.keys() if before.get(part) != after.get(part)}
        if not parts:
            return
        for part in sorted(parts):
            turn.send(part, shape[part[0]], rows_of(cursor, part, shape[part[0]]))
        fewer = any(
            table in PERSONAL and after.get((table, part), (0, 0))[0] < before.get((table, part), (0, 0))[0] for table, part in parts
        )
        made = state.next(erasing=fewer)
        cursor.execute(f"UPDATE {SEEN} SET version = ?, mark = ?", [made.version, made.mark])
        turn.commit(made, parts)


def open_copy(base: Path, address: str) -> WorkingCopy:
    """A working copy of the record for this process: the first of `<name>.copy1.duckdb`, ... that no other process has open.

    Refusals: those of `Record`, database_newer, folder_not_writable, disk_full."""
    record = Record(address)
    with record.turn() as turn:
        state = turn.state()
        newest = migrations()[-1][0]
        if state and state.migration > newest:
            raise Refusal("database_newer", file=base.name, version=state.migration, known=newest)
        if state is None or state.migration < newest:
            state = _brought_up(turn, base, state)
    for number in range(1, COPIES + 1):
        path = base.with_name(f"{base.stem}.copy{number}.duckdb")
        try:
            return _opened(path, record, state)
        except Refusal as problem:
            if problem.code != "database_locked":
                raise
    raise Refusal("database_locked", file=base.name)


def _opened(path: Path, record: Record, state: State) -> WorkingCopy:
    """An existing copy goes on where it was; what is no copy of this record, or cannot be opened, is made anew."""
    try:
        copy = WorkingCopy(path, record, state)
    except Refusal as problem:
        if problem.code not in ("database_damaged", "not_a_database", "not_our_database", "database_newer"):
            raise
        copies.remove(path)
        copy = WorkingCopy(path, record, state)
    try:
        if not copy.follows_record():
            copy.close()
            copies.remove(path)
            copy = WorkingCopy(path, record, state)
            copy.begin()
        copy.refresh()
    except BaseException:
        copy.close()
        raise
    return copy


def _brought_up(turn: Turn, base: Path, state: State | None) -> State:
    """A record with the tables of the newest migration: new, or fetched as it was, migrated in a file, and given back whole."""
    path = base.with_name(f"{base.stem}.migrating.duckdb")
    base.parent.mkdir(parents=True, exist_ok=True)
    copies.remove(path)
    try:
        if state:
            older = Database(path, until=state.migration)
            with older.read() as cursor:
                cursor.execute(BEGUN)
                fill(turn, cursor, NOTHING, state)
                cursor.execute(f"DROP TABLE {SEEN}")
            older.close()
        database = Database(path)
        try:
            made = replace(state or State(uuid.uuid4().hex, 0, 0, 0, ""), migration=migrations()[-1][0]).next(erasing=False)
            with database.read() as cursor:
                give_all(turn, cursor, made)
        finally:
            database.close()
    finally:
        copies.remove(path)
    return made


def restore_record(copy: WorkingCopy, base: Path, file: Path) -> None:
    """Put a back-up in the place of the record, for every process; what was there is kept in the back-up folder. Refusals:
    backup_bad, database_newer, disk_full, those of `Record`."""
    incoming, path = copies.verified_copy(base, file), base.with_name(f"{base.stem}.restoring.duckdb")
    try:
        kept, _ = copies.write_copy(copy)
        os.replace(kept, copies.name_aside(base, copy.backup_dir))
        copies.remove(path)
        os.replace(incoming, path)
        database = Database(path)
        try:
            with database.read() as cursor:
                copy.replace_all(cursor)
        finally:
            database.close()
    finally:
        copies.remove(incoming)
        copies.remove(path)
    copies.bring_keys(base, file)


# rows and parts


def shape_of(cursor: duckdb.DuckDBPyConnection) -> Shape:
    shape: Shape = {}
    rows = cursor.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal AND table_name IN "
        "(SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND NOT internal AND database_name = current_database()) "
        "AND database_name = current_database() ORDER BY table_name, column_index"
    ).fetchall()
    for table, column, kind in rows:
        if table != SEEN:
            shape.setdefault(table, []).append((column, kind))
    return shape


def marks(cursor: duckdb.DuckDBPyConnection, tables: set[str]) -> Marks:
    """What is in each part, short: alike when the rows are alike, in whatever order."""
    found: Marks = {}
    for table in tables:
        sql = f'SELECT {PARTS.get(table, "0")} AS part, count(*), sum(hash(t)::HUGEINT)::VARCHAR FROM "{table}" AS t GROUP BY part'
        for part, count, total in cursor.execute(sql).fetchall():
            found[table, int(part)] = (int(count), int(total))
    return found


def rows_of(cursor: duckdb.DuckDBPyConnection, part: Part, columns: list[tuple[str, str]]) -> Any:
    names = ", ".join(f'"{name}"' for name, _ in columns)
    asked = f'SELECT {names} FROM "{part[0]}" WHERE {PARTS.get(part[0], "0")} = {int(part[1])}'
    return cursor.sql(asked).to_arrow_table()


def seen_version(cursor: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    row = first(cursor, f"SELECT version, mark FROM {SEEN}")
    return (int(row[0]), str(row[1])) if row else (NOTHING, "")


def fill(turn: Turn, cursor: duckdb.DuckDBPyConnection, seen: int, state: State) -> None:
    """Put what changed since version `seen` in the place of what the copy has of it, in one transaction."""
    shape = shape_of(cursor)
    cursor.execute("BEGIN")
    with undone_on_error(cursor):
        if seen == NOTHING:
            for table in shape:
                cursor.execute(f'DELETE FROM "{table}"')
        for part in turn.changed_since(seen):
            table, number = part
            rows = turn.fetch(part, shape[table])
            cursor.execute(f'DELETE FROM "{table}" WHERE {PARTS.get(table, "0")} = ?', [number])
            if rows.num_rows:
                cursor.register("incoming", rows)
                cursor.execute(f'INSERT INTO "{table}" SELECT * FROM incoming')
                cursor.unregister("incoming")
        cursor.execute(f"DELETE FROM {SEEN}")
        cursor.execute(f"INSERT INTO {SEEN} VALUES (?, ?, ?)", [state.id, state.version, state.mark])
        cursor.execute("COMMIT")


def give_all(turn: Turn, cursor: duckdb.DuckDBPyConnection, state: State) -> None:
    """The whole database becomes the record, as this version."""
    shape = shape_of(cursor)
    earlier = set(turn.changed_since(NOTHING)) if turn.state() else set()
    _without_nul(cursor, shape)
    turn.make(shape)
    parts = set(marks(cursor, set(shape)))
    for part in sorted(parts):
        turn.send(part, shape[part[0]], rows_of(cursor, part, shape[part[0]]))
    turn.commit(state, parts | {part for part in earlier if part[0] in shape})


def _without_nul(cursor: duckdb.DuckDBPyConnection, shape: Shape) -> None:
    """PostgreSQL keeps every character but one; nobody types that one, but a file may hold it."""
    for table, columns in shape.items():
        for name, kind in columns:
            if kind == "VARCHAR":
                cursor.execute(f"""UPDATE "{table}" SET "{name}" = replace("{name}", chr(0), '') WHERE contains("{name}", chr(0))""")

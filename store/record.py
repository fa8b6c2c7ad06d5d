"""The store of record in PostgreSQL: the same tables as in every process's working copy, and one version number per commit.

The only file that knows PostgreSQL. What is in the tables goes over as CSV by COPY, in parts, so that a commit sends what
it changed and a copy fetches what it lacks.
"""

from __future__ import annotations

import io
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as arrow_csv

from analytics.errors import Refusal

if TYPE_CHECKING:
    import psycopg

SETTING = "WERKHORIZON_RECORD"
PATIENCE = 60
"""Seconds to wait for the turn of another process, and to get a connection at all a sixth of it."""
STUCK = 300
"""Seconds after which the server ends a writer that holds the turn and does nothing: a process that hangs stops nobody for good."""
ATTEMPTS = 4
"""To find out what became of a commit, with a second more between them each time."""
CHANNEL = "werkhorizon"
PARTS = {
    "employment": "snapshot",
    "cell": "snapshot",
    "person": "person - person % 20000",
    "formation": "version",
    **dict.fromkeys(
        ("finding", "departure", "skill_record", "wish", "training_done", "requirement", "conversation", "regrouped"),
        "coalesce(import_no, -1)",
    ),
}
"""Whole-number expression, the same in both engines, that cuts a large table in parts; other tables are one part, number 0."""
PERSONAL = frozenset(
    {"person", "employment", "departure", "skill_record", "wish", "training_done", "conversation", "own_skill"}
    | {"told_person", "told_skill", "told_wish", "told_course"}
)
"""Tables with rows about people: when rows leave them, no copy may keep them in unused blocks."""
COUNTED = frozenset({"cell"})
"""Tables counted from those. Their rows change with every import, so that alone rewrites no copy; an erasure rewrites them too."""
TYPES = {
    "VARCHAR": ("text", pa.string()),
    "INTEGER": ("integer", pa.int32()),
    "SMALLINT": ("smallint", pa.int16()),
    "BIGINT": ("bigint", pa.int64()),
    "DOUBLE": ("double precision", pa.float64()),
    "DATE": ("date", pa.date32()),
    "TIMESTAMP": ("timestamp", pa.timestamp("us")),
    "BOOLEAN": ("boolean", pa.bool_()),
}
"""DuckDB's type -> PostgreSQL's, Arrow's."""
OWN_TABLES = """
CREATE TABLE werkhorizon_state (id text NOT NULL, version bigint NOT NULL, migration integer NOT NULL, erased bigint NOT NULL);
CREATE TABLE werkhorizon_commit (version bigint PRIMARY KEY, mark text NOT NULL, moment timestamptz NOT NULL DEFAULT now());
CREATE TABLE werkhorizon_part (name text NOT NULL, part bigint NOT NULL, changed bigint NOT NULL, PRIMARY KEY (name, part));
"""

Part = tuple[str, int]
"""Table and number of the part."""
Shape = dict[str, list[tuple[str, str]]]
"""Table -> its columns in order: name, DuckDB's type."""


@dataclass(frozen=True, slots=True)
class State:
    """id: of this record, so that a copy of another one is known; version: commits so far; migration: number of the last one;
    erased: version of the last commit that took rows about people away; mark: of this commit alone, so that a server that was put
    back to an earlier moment and went on from there is noticed."""

    id: str
    version: int
    migration: int
    erased: int
    mark: str

    def next(self, erasing: bool) -> State:
        version = self.version + 1
        return State(self.id, version, self.migration, version if erasing else self.erased, uuid.uuid4().hex)


def configured(path: Path) -> str | None:
    """Where the record of the data at `path` is kept; None: in that file itself."""
    return os.environ.get(SETTING) or None


class Record:
    """One record at one address. Every act has a connection of its own: nothing to go stale while a server is restarted."""

    def __init__(self, address: str) -> None:
        self._address = address
        try:
            import psycopg
        except ImportError as error:
            raise Refusal("record_driver_missing") from error
        self._driver = psycopg
        self.broken = (psycopg.OperationalError, psycopg.InterfaceError)

    @contextmanager
    def connected(self, autocommit: bool = False) -> Iterator[psycopg.Connection[Any]]:
        """Refusals: record_unreachable, record_busy, record_failed (what the server would not do)."""
        pg = self._driver
        try:
            connection = pg.connect(
                self._address, autocommit=autocommit, connect_timeout=PATIENCE // 6, application_name="werkhorizon", keepalives_idle=30
            )
        except pg.Error as error:
            raise Refusal("record_unreachable") from error
        try:
            yield connection
        except pg.errors.LockNotAvailable as error:
            raise Refusal("record_busy") from error
        except self.broken as error:
            raise Refusal("record_unreachable") from error
        except pg.Error as error:
            raise Refusal("record_failed", state=error.sqlstate or "?") from error
        finally:
            connection.close()  # what was not committed is rolled back

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """The one writer over all processes; nothing stays of it without `Turn.commit`."""
        with self.connected() as connection:
            connection.execute(f"SET lock_timeout = '{PATIENCE}s'; SET idle_in_transaction_session_timeout = '{STUCK}s'")
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('werkhorizon ' || current_schema()))")
            yield Turn(connection, self)

    @contextmanager
    def look(self) -> Iterator[Turn]:
        """One moment of the record, beside writers."""
        with self.connected() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield Turn(connection, self)

    def has(self, version: int, mark: str) -> bool:
        """Whether a commit whose connection broke was made after all. Refusal record_unsure when the server does not come back."""
        for attempt in range(ATTEMPTS):
            time.sleep(attempt)
            try:
                with self.look() as turn:
                    return turn.knows(version, mark)
            except Refusal:
                continue
        raise Refusal("record_unsure")

    def news(self, seconds: float) -> Iterator[None]:
        """Something now and every time a commit was made anywhere, and after `seconds` without."""
        with self.connected(autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            yield None
            while True:
                for _ in connection.notifies(timeout=seconds, stop_after=1):
                    pass
                yield None

    def forget(self) -> None:
        """Rewrite the tables about people: deleted rows are not left in unused blocks."""
        with self.connected(autocommit=True) as connection:
            for table in sorted(PERSONAL | COUNTED):
                connection.execute(f'VACUUM (FULL) "{table}"')


class Turn:
    """A transaction on the record."""

    def __init__(self, connection: psycopg.Connection[Any], record: Record) -> None:
        self._connection = connection
        self._record = record

    def state(self) -> State | None:
        """None: nothing has ever been kept here."""
        if self._rows("SELECT to_regclass('werkhorizon_state')")[0][0] is None:
            return None
        asked = "SELECT id, s.version, migration, erased, mark FROM werkhorizon_state s JOIN werkhorizon_commit USING (version)"
        return State(*self._rows(asked)[0])

    def knows(self, version: int, mark: str) -> bool:
        """Whether this version is in this record's past."""
        return bool(self._rows("SELECT 1 FROM werkhorizon_commit WHERE version = %s AND mark = %s", [version, mark]))

    def changed_since(self, version: int) -> list[Part]:
        rows = self._rows("SELECT name, part FROM werkhorizon_part WHERE changed > %s ORDER BY name, part", [version])
        return [(str(name), int(part)) for name, part in rows]

    def fetch(self, part: Part, columns: list[tuple[str, str]]) -> pa.Table:
        """The rows of one part, in the order they were sent as far as the server keeps it."""
        table, number = part
        names = ", ".join(f'"{name}"' for name, _ in columns)
        self._connection.execute("SET LOCAL synchronize_seqscans = off")
        asked = f'COPY (SELECT {names} FROM "{table}" WHERE {PARTS.get(table, "0")} = {int(number)}) TO STDOUT (FORMAT csv)'
        with self._connection.cursor() as cursor, cursor.copy(asked) as copy:
            content = b"".join(copy)
        return _rows_of(content, columns)

    def make(self, shape: Shape) -> None:
        """Tables of this shape, empty, in the place of those of this record; a table of another program is never touched."""
        if self._rows("SELECT to_regclass('werkhorizon_state')")[0][0] is None:
            self._connection.execute(OWN_TABLES)
        else:
            old = {str(name) for (name,) in self._rows("SELECT DISTINCT name FROM werkhorizon_part")}
            for table in sorted(old | set(shape)):
                self._connection.execute(f'DROP TABLE IF EXISTS "{table}"')
            self._connection.execute("DELETE FROM werkhorizon_part")
        for table, columns in shape.items():
            described = ", ".join(f'"{name}" {TYPES[kind][0]}' for name, kind in columns)
            self._connection.execute(f'CREATE TABLE "{table}" ({described})')
            if table in PARTS:
                self._connection.execute(f'CREATE INDEX ON "{table}" (({PARTS[table]}))')

    def send(self, part: Part, columns: list[tuple[str, str]], rows: pa.Table) -> None:
        """Put these rows in the place of a part."""
        table, number = part
        names = ", ".join(f'"{name}"' for name, _ in columns)
        self._connection.execute(f'DELETE FROM "{table}" WHERE {PARTS.get(table, "0")} = {int(number)}')
        if not rows.num_rows:
            return
        with self._connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT csv)') as copy:
            for batch in rows.to_batches(max_chunksize=50_000):
                copy.write(_csv_of(batch))

    def commit(self, state: State, parts: set[Part]) -> None:
        """Make it so, as this version."""
        rows = [(name, part, state.version) for name, part in parts]
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO werkhorizon_part VALUES (%s, %s, %s) ON CONFLICT (name, part) DO UPDATE SET changed = excluded.changed", rows
            )
            cursor.execute("DELETE FROM werkhorizon_state")
            cursor.execute(
                "INSERT INTO werkhorizon_state VALUES (%s, %s, %s, %s)", [state.id, state.version, state.migration, state.erased]
            )
            cursor.execute("INSERT INTO werkhorizon_commit VALUES (%s, %s)", [state.version, state.mark])
            cursor.execute(f"NOTIFY {CHANNEL}")
        try:
            self._connection.commit()
        except self._record.broken as error:
            if not self._record.has(state.version, state.mark):
                raise Refusal("record_unreachable") from error

    def _rows(self, sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, values).fetchall()


def _csv_of(batch: pa.RecordBatch) -> bytes:
    """Text is always in quotes, nothing never, so that an empty text and no text stay two things."""
    sink = io.BytesIO()
    arrow_csv.write_csv(batch, sink, arrow_csv.WriteOptions(include_header=False, quoting_style="needed"))
    return sink.getvalue()


def _rows_of(content: bytes, columns: list[tuple[str, str]]) -> pa.Table:
    """What `COPY TO` gave; an empty text comes in quotes, nothing without."""
    types = {name: TYPES[kind][1] for name, kind in columns}
    if not content:
        return pa.table({name: pa.array([], kind) for name, kind in types.items()})
    reading = arrow_csv.ReadOptions(column_names=list(types), use_threads=False, block_size=min(1 << 30, len(content) + 1))
    parsing = arrow_csv.ParseOptions(newlines_in_values=True)
    options = arrow_csv.ConvertOptions(
        column_types=types,
        null_values=[""],
        true_values=["t"],
        false_values=["f"],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    return arrow_csv.read_csv(io.BytesIO(content), reading, parsing, options)

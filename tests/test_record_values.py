"""Every value comes back from PostgreSQL as it was given: by the hundred, of every kind, made up as badly as can be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import record
from store.record import _csv_of, _rows_of
from tests.postgres import Server

KINDS = [("a", "VARCHAR"), ("b", "DOUBLE"), ("c", "INTEGER"), ("d", "DATE"), ("e", "TIMESTAMP"), ("f", "BOOLEAN"), ("g", "BIGINT")]
TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=12)
ROWS = st.lists(
    st.tuples(
        st.none() | TEXT | st.sampled_from(["", "nan", "NULL", "\\N", '"', ",", "\n", "\\.", "t"]),
        st.none() | st.floats(allow_nan=True, allow_infinity=True),
        st.none() | st.integers(-(2**31), 2**31 - 1),
        st.none() | st.dates(),
        st.none() | st.datetimes(),
        st.none() | st.booleans(),
        st.none() | st.integers(-(2**63), 2**63 - 1),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def table(postgresql: Server) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgresql.for_path(Path("/round/trip"))) as connection:
        kinds = ", ".join(f'"{name}" {record.TYPES[kind][0]}' for name, kind in KINDS)
        connection.execute(f"CREATE TABLE trip ({kinds})")
        yield connection


@given(ROWS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_value_comes_back_as_it_was(table: psycopg.Connection, rows: list[tuple]) -> None:
    """Text that looks like nothing, quotes, line ends, numbers to the last bit, days of the year 1."""
    columns = {name: [row[number] for row in rows] for number, (name, _) in enumerate(KINDS)}
    given_rows = pa.table({name: pa.array(columns[name], record.TYPES[kind][1]) for name, kind in KINDS})
    table.execute("DELETE FROM trip")
    with table.cursor() as cursor:
        with cursor.copy("COPY trip FROM STDIN (FORMAT csv)") as copy:
            for batch in given_rows.to_batches():
                copy.write(_csv_of(batch))
        with cursor.copy("COPY trip TO STDOUT (FORMAT csv)") as copy:
            back = _rows_of(b"".join(copy), KINDS)
    database = duckdb.connect()
    database.register("one", given_rows)
    database.register("other", back)
    assert (
        database.execute("SELECT list(hash(t)) FROM one t").fetchall() == database.execute("SELECT list(hash(t)) FROM other t").fetchall()
    )

"""A PostgreSQL server of the tests themselves, Debian's, on loopback and gone afterwards. `python -m tests.postgres` says whether
there is one."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa

from store.record import PARTS
from store.working import NOTHING, WorkingCopy, marks, shape_of
from tests.waiting import LIMIT, free_port

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=60")
"""The server's own crash safety is not what is tested; ours is."""


def programs() -> Path:
    """Folder of initdb and postgres; RuntimeError with a sentence that says what to do when there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: float(file.parent.parent.name))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    if elsewhere:
        return Path(elsewhere).parent
    raise RuntimeError("No PostgreSQL for the tests of the shared record. On Debian or Ubuntu: apt install postgresql.")


class Server:
    """Where it listens; every path gets a record of its own, a schema."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder = port, folder
        self._made: set[str] = set()

    def address(self, schema: str = "public") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres?options={quote('-csearch_path=' + schema)}"

    def for_path(self, path: Path) -> str:
        """The address of the record that belongs to this path, made at the first question."""
        import psycopg

        schema = "w" + hashlib.sha256(str(Path(path).absolute()).encode()).hexdigest()[:20]
        if schema not in self._made:
            with psycopg.connect(self.address(), autocommit=True) as connection:
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            self._made.add(schema)
        return self.address(schema)


@contextmanager
def server() -> Iterator[Server]:
    """Runs as the user `postgres` when the tests run as root, which PostgreSQL refuses."""
    folder = Path(tempfile.mkdtemp(prefix="werkhorizon-pg-"))
    as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    if as_other:
        shutil.chown(folder, "postgres", "postgres")
    bin_, data, port = programs(), folder / "data", free_port()
    making = [
        *as_other,
        str(bin_ / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
        "--locale=C.UTF-8",
    ]
    process = None
    try:
        subprocess.run(making, check=True, capture_output=True, cwd=folder)
        options = [part for setting in FAST for part in ("-c", setting)]
        command = [*as_other, str(bin_ / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), *options]
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        _wait(port, process, folder / "log")
        yield Server(port, folder)
    finally:
        if process is not None:
            process.terminate()
            process.wait(LIMIT)
        shutil.rmtree(folder, ignore_errors=True)


def same_as_record(copy: WorkingCopy) -> None:
    """Everything in this copy is in the record, and nothing else."""
    copy.refresh()
    with copy.record.look() as turn, copy.read() as cursor:
        shape = shape_of(cursor)
        for table, columns in shape.items():
            parts = sorted(part for part in turn.changed_since(NOTHING) if part[0] == table)
            kept = [turn.fetch(part, columns) for part in parts]
            here = marks(cursor, {table})
            cursor.register("kept_rows", pa.concat_tables(kept) if kept else pa.table({name: [] for name, _ in columns}))
            cursor.execute(f'CREATE OR REPLACE TEMP TABLE kept_table AS SELECT * FROM "{table}" LIMIT 0')
            if kept:
                cursor.execute("INSERT INTO kept_table SELECT * FROM kept_rows")
            cut = f"SELECT {PARTS.get(table, '0')} AS part, count(*), sum(hash(t)::HUGEINT)::VARCHAR FROM kept_table AS t GROUP BY part"
            there = {(table, int(part)): (int(count), int(total)) for part, count, total in cursor.execute(cut).fetchall()}
            assert here == there, table


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    import time

    import psycopg

    until = time.monotonic() + LIMIT
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", connect_timeout=30).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text()[-2000:]) from None
            time.sleep(0.1)


if __name__ == "__main__":
    try:
        print(programs())
    except RuntimeError as problem:
        sys.exit(str(problem))

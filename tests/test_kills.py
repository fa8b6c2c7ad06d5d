"""A process killed without warning while it imports, saves or migrates: what it had acknowledged is there, nothing is torn."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from store import open_store
from store.db import migrations
from tests.staff_frames import Report, many
from tests.test_store_db import KILLED as IMPORT
from tests.test_store_db import child

SAVE = """
import sys
from pathlib import Path
from typing import NamedTuple
from store import open_store
store = open_store(Path(sys.argv[1]))
print("open", flush=True)
for number in range(int(sys.argv[2]), 100_000):
    store.set_setting(f"kept{number}", "x" * 2000, "t")
    print(number + 1, flush=True)
"""
MIGRATE = """
import sys
from pathlib import Path
from typing import NamedTuple
from store import open_store
print("open", flush=True)
open_store(Path(sys.argv[1])).close()
print("1", flush=True)
"""

BETWEEN = [pytest.param(version, marks=pytest.mark.slow) for version in range(2, len(migrations()) - 1)]
EARLIER = [1, *BETWEEN, len(migrations()) - 1]
"""Versions a file may still have: whoever comes from the first goes by all the others."""


def killed(code: str, path: Path, start: int, delay: float) -> int:
    """Run, kill after `delay` seconds; the highest number it had acknowledged."""
    process = child(code, path, start)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "open", process.communicate()[1]
    time.sleep(delay)
    os.kill(process.pid, signal.SIGKILL)
    said = [int(line) for line in process.stdout.read().split() if line.isdigit()]
    process.wait()
    return max(said, default=start)


def imports_whole(path: Path, acknowledged: int) -> int:
    with open_store(path) as store:
        assert store.lost_imports == 0
        found = store.snapshots()
        assert len(found) >= acknowledged
        assert all(snapshot.rows == snapshot.active == 400 for snapshot in found)
        if found:
            assert store.cohorts().frame["people"].sum() == 400
        assert store.audit.last_import() == len(found)
        return len(found)


def settings_whole(path: Path, acknowledged: int) -> int:
    with open_store(path) as store:
        kept = {name: value for name, value in store.settings().items() if name.startswith("kept")}
        assert len(kept) >= acknowledged
        assert set(kept.values()) <= {"x" * 2000}
        return len(kept)


def migrated_whole(path: Path, acknowledged: int) -> int:
    """The people of the older file are there under the newest version, and the copy made before is whole."""
    with open_store(path) as store:
        assert [snapshot.rows for snapshot in store.snapshots()] == [400]
        with store.database.read() as cursor:
            versions = [row[0] for row in cursor.execute("SELECT version FROM schema_version ORDER BY 1").fetchall()]
        assert versions == [number for number, _ in migrations()]
    copies = list((path.parent / "backup").glob("w-before-v*.duckdb"))
    assert copies
    with duckdb.connect(str(max(copies, key=lambda file: file.stat().st_mtime)), read_only=True) as copy:
        assert copy.execute("SELECT count(*) FROM person").fetchall() == [(400,)]
    return 0


def older(path: Path, version: int = 1) -> None:
    """A database of an earlier version with 400 people in it, as that version left it."""
    newest = path.with_name("newest.duckdb")
    with open_store(newest) as store:
        store.save_import({"employees": many(400)}, [Report()], "a", "a.xlsx", "t")
    with duckdb.connect(str(path)) as old:
        old.execute("CREATE TABLE schema_version (version INTEGER NOT NULL, moment TIMESTAMP NOT NULL)")
        for number, sql in migrations()[:version]:
            old.execute(sql)
            old.execute("INSERT INTO schema_version VALUES (?, now())", [number])
        tables = [row[0] for row in old.execute("SELECT table_name FROM duckdb_tables() WHERE table_name <> 'schema_version'").fetchall()]
        old.execute(f"ATTACH '{newest}' AS full_one (READ_ONLY)")
        for table in sorted(tables, key=lambda name: name != "import_log"):
            columns = [
                row[0]
                for row in old.execute(
                    "SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND database_name = ?", [table, path.stem]
                ).fetchall()
            ]
            columns = [f'"{name}"' for name in columns]
            old.execute(f"DELETE FROM {table}")
            old.execute(f"INSERT INTO {table} SELECT {', '.join(columns)} FROM full_one.{table}")
        old.execute("DETACH full_one")
    for kind in ("key", "relink"):
        shutil.copy(newest.with_name(f"{newest.name}.{kind}"), path.with_name(f"{path.name}.{kind}"))


class Reopened(NamedTuple):
    """Seconds by the clock, which what else the machine does makes longer, and of work."""

    clock: float
    work: float


def reopened_in(path: Path) -> Reopened:
    began = time.perf_counter(), time.process_time()
    open_store(path).close()
    return Reopened(time.perf_counter() - began[0], time.process_time() - began[1])


def storm(path: Path, code: str, check: Callable[[Path, int], int], runs: int, longest: float) -> list[Reopened]:
    """Kill again and again at other moments, going on with the same file; what each reopening took."""
    seconds, count = [], 0
    for run in range(runs):
        acknowledged = killed(code, path, count, longest * (run * 37 % 60 + 1) / 60)
        seconds.append(reopened_in(path))
        count = check(path, acknowledged)
    return sorted(seconds)


def told(kind: str, seconds: list[Reopened]) -> None:
    half, slowest, most = seconds[len(seconds) // 2].clock, seconds[-1].clock, max(one.work for one in seconds)
    print(f"\n{len(seconds)} kills during {kind}: reopened in {half:.2f} s (half), {slowest:.2f} s (slowest), at most {most:.2f} s of work")


@pytest.mark.slow
def test_killed_fifty_times_while_importing(tmp_path: Path) -> None:
    seconds = storm(tmp_path / "w.duckdb", IMPORT, imports_whole, 50, 1.0)
    told("import", seconds)
    assert seconds[len(seconds) // 2].clock < 1


@pytest.mark.slow
def test_killed_thirty_times_while_saving(tmp_path: Path) -> None:
    seconds = storm(tmp_path / "w.duckdb", SAVE, settings_whole, 30, 0.6)
    told("save", seconds)
    assert seconds[len(seconds) // 2].clock < 1


@pytest.mark.slow
def test_killed_twenty_times_while_migrating(tmp_path: Path) -> None:
    seconds = []
    for run in range(20):
        path = tmp_path / str(run) / "w.duckdb"
        path.parent.mkdir()
        older(path)
        killed(MIGRATE, path, 0, 0.02 * run)
        seconds.append(reopened_in(path))
        migrated_whole(path, 0)
    told("migration", sorted(seconds))
    assert sorted(seconds)[10].clock < 1


def test_killed_while_saving_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    path, count = tmp_path / "w.duckdb", 0
    for delay in (0.05, 0.3):
        count = settings_whole(path, killed(SAVE, path, count, delay))


def test_killed_while_migrating_the_older_file_or_the_newer_is_there_whole(tmp_path: Path) -> None:
    """The delays are about the copy, the migration, and afterwards."""
    for number, delay in enumerate((0.02, 0.1, 0.6)):
        path = tmp_path / str(number) / "w.duckdb"
        path.parent.mkdir()
        older(path)
        killed(MIGRATE, path, 0, delay)
        migrated_whole(path, 0)


@pytest.mark.parametrize("version", EARLIER)
def test_people_of_every_earlier_version_are_there_under_the_newest(version: int, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    older(path, version)
    migrated_whole(path, 0)
    with open_store(path) as store:
        assert store.cohorts().frame["people"].sum() == 400
        assert len(store.person_rows()) == 400
        store.save_import({"employees": many(410, as_of="2027-01-01")}, [Report()], "next", "b.xlsx", "t")
        assert [snapshot.rows for snapshot in store.snapshots()] == [400, 410]

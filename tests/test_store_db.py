"""Opening, hardening, migrating, and the faults a database must survive. Every file here is a real one."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from analytics.errors import Refusal
from store import open_store
from store.db import Database, migrations
from tests.staff_frames import Report, many
from tests.waiting import LIMIT

HOME = Path(__file__).resolve().parent.parent


def refused(path: Path, **more) -> str:
    with pytest.raises(Refusal) as caught:
        open_store(path, **more)
    return caught.value.code


def fill(path: Path, people: int = 3, day: str = "2026-01-01", content: str = "a") -> None:
    with open_store(path) as store:
        store.save_import({"employees": many(people, as_of=day)}, [Report()], content, f"{content}.xlsx", "tester")


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_new_folder_is_made_and_work_is_there_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "new" / "data" / "w.duckdb"
    fill(path)
    with open_store(path) as store:
        assert [snapshot.rows for snapshot in store.snapshots()] == [3]


@pytest.mark.one_file
@pytest.mark.parametrize("make", ["text", "empty", "sqlite", "short"])
def test_another_kind_of_file_is_refused_and_left_alone(make: str, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    if make == "sqlite":
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE t (a)")
        connection.commit()
        connection.close()
    else:
        path.write_bytes({"text": b"this is a letter, not a database" * 100, "empty": b"", "short": b"DUC"}[make])
    before = path.read_bytes()
    assert refused(path) == "not_a_database"
    assert path.read_bytes() == before


@pytest.mark.one_file
def test_a_duckdb_file_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE theirs AS SELECT 42 AS answer")
    assert refused(path) == "not_our_database"
    with duckdb.connect(str(path)) as other:
        assert other.execute("SELECT answer FROM theirs").fetchall() == [(42,)]


@pytest.mark.one_file
def test_a_database_of_a_newer_version_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    fill(path)
    with duckdb.connect(str(path)) as other:
        other.execute("INSERT INTO schema_version VALUES (9999, now())")
    assert refused(path) == "database_newer"
    with duckdb.connect(str(path)) as other:
        assert other.execute("SELECT max(version) FROM schema_version").fetchall() == [(9999,)]


@pytest.mark.one_file
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_cut_off_database_is_refused_and_left_alone(part: float, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    fill(path, 2000)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    assert refused(path) == "database_damaged"
    assert path.stat().st_size == int(len(whole) * part)


@pytest.mark.one_file
def test_a_damaged_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    fill(path)
    data = bytearray(path.read_bytes())
    for at in (4096 + 20, 8192 + 20):
        data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    assert refused(path) == "database_damaged"


@pytest.mark.one_file
def test_a_second_opening_in_this_process_is_refused_without_breaking_the_first(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_store(path) as store:
        assert refused(path) == "database_locked"
        store.save_import({"employees": many(3)}, [Report()], "a", "a.xlsx", "tester")
        other = child("import sys; from pathlib import Path; from store import open_store; open_store(Path(sys.argv[1]))", path)
        assert other.wait(LIMIT) == 1
        assert "database_locked" in other.stderr.read()  # type: ignore[union-attr]
    with open_store(path) as store:
        assert len(store.snapshots()) == 1


@pytest.mark.one_file
def test_sql_cannot_reach_outside(tmp_path: Path) -> None:
    database = Database(tmp_path / "w.duckdb")
    victim = tmp_path / "victim.csv"
    victim.write_text("a\n1\n")
    for sql in (
        f"SELECT * FROM read_csv('{victim}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
        f"ATTACH '{tmp_path / 'other.duckdb'}'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "INSTALL httpfs",
        "LOAD httpfs",
    ):
        with pytest.raises(duckdb.Error), database.read() as cursor:
            cursor.execute(sql)
    local_frame = pd.DataFrame({"a": [1]})
    assert len(local_frame) == 1
    with pytest.raises(duckdb.Error), database.read() as cursor:
        cursor.execute("SELECT * FROM local_frame")
    database.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["backup", "victim.csv", "w.duckdb"]


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    names = ["'); DROP TABLE employment; --", 'Robert"; DELETE FROM person', "naïef 𝟙 \u202eabc", "a" * 5000]
    frame = pd.concat([many(1, unit=name, as_of="2026-01-01").assign(person=f"p{n}", employee_id=f"p{n}") for n, name in enumerate(names)])
    with open_store(tmp_path / "w.duckdb") as store:
        store.save_import({"employees": frame}, [Report()], names[0], names[1], "tester'; --")
        assert sorted(store.cohorts().frame["unit"]) == sorted(names)
        assert store.snapshots()[0].file_name == names[1]


@pytest.mark.one_file
def test_migrations_are_numbered_without_gaps() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


@pytest.mark.one_file
@pytest.mark.parametrize("version", range(1, len(migrations())))
def test_every_older_version_is_brought_up_with_a_copy_kept(version: int, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as old:
        old.execute("CREATE TABLE schema_version (version INTEGER NOT NULL, moment TIMESTAMP NOT NULL)")
        for number, sql in migrations()[:version]:
            old.execute(sql)
            old.execute("INSERT INTO schema_version VALUES (?, now())", [number])
        old.execute("INSERT INTO setting VALUES ('k', '7')")
    with open_store(path) as store:
        assert store.settings() == {"k": "7"}
        assert store.snapshots() == ()
    copies = list((tmp_path / "backup").glob("w-before-v*.duckdb"))
    assert len(copies) == 1
    with duckdb.connect(str(copies[0]), read_only=True) as copy:
        assert copy.execute("SELECT max(version) FROM schema_version").fetchall() == [(version,)]


def test_many_threads_read_while_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    fill(path, 200)
    problems: list[BaseException] = []
    with open_store(path) as store:

        def read() -> None:
            try:
                for _ in range(6):
                    assert store.cohorts().frame["people"].sum() in (200, 300)
                    store.fingerprint()
            except BaseException as problem:
                problems.append(problem)

        threads = [threading.Thread(target=read) for _ in range(6)]
        for thread in threads:
            thread.start()
        for number in range(5):
            day = f"2026-0{number + 2}-01"
            store.save_import({"employees": many(300, as_of=day)}, [Report()], f"b{number}", "b.xlsx", "tester")
        for thread in threads:
            thread.join()
    assert not problems


def test_two_imports_of_one_file_at_once_are_one_snapshot(tmp_path: Path) -> None:
    with open_store(tmp_path / "w.duckdb") as store:
        gate, results = threading.Barrier(4), []

        def save() -> None:
            gate.wait()
            results.append(store.save_import({"employees": many(50)}, [Report()], "same", "a.xlsx", "tester").already)

        threads = [threading.Thread(target=save) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == [False, True, True, True]
        assert len(store.snapshots()) == 1


def test_a_full_disk_is_refused_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The free space is the one thing that is pretended here; a real full disk is in the slow suite."""
    with open_store(tmp_path / "w.duckdb") as store:
        usage = shutil.disk_usage(tmp_path)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=2**20))
        with pytest.raises(Refusal) as caught:
            store.save_import({"employees": many(3)}, [Report()], "a", "a.xlsx", "tester")
        assert caught.value.code == "disk_full"
        monkeypatch.undo()
        assert store.snapshots() == ()


KILLED = """
import sys
from pathlib import Path
from store import open_store
from tests.staff_frames import Report, many
store = open_store(Path(sys.argv[1]))
print("open", flush=True)
for number in range(int(sys.argv[2]), 230):
    stored = store.save_import({"employees": many(400, as_of=f"{2020 + number}-01-01")}, [Report()], f"h{number}", "a.xlsx", "t")
    print(stored.import_no, flush=True)
"""


def _killed_run(path: Path, start: int, delay: float) -> int:
    """Import in a child, kill it without warning; the highest acknowledged import."""
    process = child(KILLED, path, start)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "open", process.communicate()[1]
    time.sleep(delay)
    os.kill(process.pid, signal.SIGKILL)
    said = [int(line) for line in process.stdout.read().split() if line.isdigit()]
    process.wait()
    return max(said, default=0)


def _whole_after_kill(path: Path, acknowledged: int) -> int:
    with open_store(path) as store:
        assert store.lost_imports == 0
        assert store.audit.last_import() >= acknowledged
        snapshots = store.snapshots()
        assert len(snapshots) >= acknowledged
        for snapshot in snapshots:
            assert snapshot.rows == snapshot.active == 400
        if snapshots:
            assert store.cohorts().frame["people"].sum() == 400
        return len(snapshots)


@pytest.mark.one_file
def test_killed_while_importing_nothing_acknowledged_is_lost_and_nothing_is_torn(tmp_path: Path) -> None:
    path, count = tmp_path / "w.duckdb", 0
    for delay in (0.05, 0.2, 0.45, 1.0, 2.0, 4.0, 8.0):
        acknowledged = _killed_run(path, count, delay)
        count = _whole_after_kill(path, acknowledged)
        if count and delay >= 0.45:  # a busy machine needs longer for its first import
            break
    assert count > 0


def _killed_with_log(path: Path) -> Path:
    """A database whose last imports are only in its write-ahead log."""
    for delay in (0.5, 1.0, 2.0, 4.0, 8.0):
        _killed_run(path, 0 if delay == 0.5 else 100, delay)
        wal = path.with_name(path.name + ".wal")
        if wal.exists() and wal.stat().st_size > 20_000:
            return wal
    pytest.fail("no write-ahead log was left behind")


@pytest.mark.one_file
def test_a_damaged_write_ahead_log_is_refused_and_kept(tmp_path: Path) -> None:
    wal = _killed_with_log(tmp_path / "w.duckdb")
    data = bytearray(wal.read_bytes())
    data[len(data) // 2] ^= 0x55
    wal.write_bytes(bytes(data))
    assert refused(tmp_path / "w.duckdb") == "database_damaged"
    assert wal.read_bytes() == bytes(data)


@pytest.mark.one_file
def test_a_shortened_write_ahead_log_opens_whole_and_says_what_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    wal = _killed_with_log(path)
    wal.write_bytes(wal.read_bytes()[: wal.stat().st_size // 10])
    with open_store(path) as store:
        assert store.lost_imports > 0
        assert all(snapshot.rows == 400 for snapshot in store.snapshots())


@pytest.mark.one_file
def test_a_lost_import_is_noticed_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    fill(path)
    shutil.copy(path, tmp_path / "older")
    fill(path, 4, "2026-02-01", "b")
    shutil.copy(tmp_path / "older", path)
    with open_store(path) as store:
        assert store.lost_imports == 1
        assert len(store.snapshots()) == 1


def test_the_log_is_a_chain_without_values(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    fill(path)
    with open_store(path) as store:
        store.undo_last("somebody")
        assert [entry["action"] for entry in store.audit.entries()] == ["import", "undo_import"]
        assert store.audit.first_broken() is None
        lines = store.audit.path.read_text().splitlines()  # type: ignore[union-attr]
        assert "00001" not in "".join(lines)
        store.audit.path.write_text(lines[0].replace('"rows": 3', '"rows": 2') + "\n" + lines[1] + "\n")  # type: ignore[union-attr]
        assert store.audit.first_broken() == 1
        store.audit.path.write_text(lines[1] + "\n")  # type: ignore[union-attr]
        assert store.audit.first_broken() == 1
        store.audit.path.write_text(lines[0] + "\n" + lines[1][:40])  # type: ignore[union-attr]
        store.audit.append("x", "y")
        assert store.audit.first_broken() == 2
        assert store.audit.entries()[-1]["action"] == "y"

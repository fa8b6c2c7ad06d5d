"""The record in PostgreSQL, working copies beside it: several processes, kills between the two commits, a server that is away."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import psycopg
import pytest

from analytics.errors import Refusal
from store import Store, open_for_reading, open_store, record
from store.db import Database, migrations
from store.working import WorkingCopy
from tests import test_kills
from tests.calling import run
from tests.postgres import Server, same_as_record
from tests.staff_frames import Report, many, staff
from tests.test_importing import workbook
from tests.test_store_db import KILLED, child
from tests.waiting import LIMIT, until
from workflows.workspace import Workspace


@pytest.fixture
def path(tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data whose record is in PostgreSQL, for this process and those it starts."""
    data = tmp_path / "w.duckdb"
    monkeypatch.setenv(record.SETTING, postgresql.for_path(data))
    return data


def save(store: Store, people: int, day: str = "2026-01-01") -> None:
    store.save_import({"employees": many(people, as_of=day)}, [Report()], f"{people} {day}", "a.xlsx", "tester")


def whole(store: Store) -> list[int]:
    assert isinstance(store.database, WorkingCopy)
    same_as_record(store.database)
    return [snapshot.rows for snapshot in store.snapshots()]


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.code


def test_two_copies_give_the_same_answers_under_one_fingerprint(path: Path) -> None:
    with open_store(path) as one, open_store(path) as other:
        assert one.database.path != other.database.path
        save(one, 40)
        other.set_setting("k", "7", "tester")  # a writer is up to date before it writes
        assert [snapshot.rows for snapshot in other.snapshots()] == [40]
        one.database.refresh()  # type: ignore[attr-defined]
        assert one.settings() == {"k": "7"}
        assert one.fingerprint() == other.fingerprint()
        pd.testing.assert_frame_equal(one.cohorts().frame, other.cohorts().frame)
        assert whole(one) == whole(other) == [40]
    with open_store(path) as again:
        assert whole(again) == [40]
        assert again.lost_imports == 0


def test_a_process_that_stays_open_hears_of_what_others_store(path: Path) -> None:
    with open_store(path, publishing=True) as app:
        assert not path.with_name("w.duckdb.read").exists()
        done = run("import", workbook(path.parent / "a.xlsx", 12), "--as-of", "2026-01-01", database=path)[0]
        assert done["stored"] is True
        until(lambda: [snapshot.rows for snapshot in app.snapshots()] == [12])
        save(app, 30, "2026-02-01")
    assert [row["people"] for row in run("snapshots", database=path)[0]["snapshots"]] == [12, 30]


@pytest.mark.slow
def test_two_processes_import_at_once_and_both_are_stored(path: Path) -> None:
    code = """
    import sys
    from pathlib import Path
    from store import open_store
    from tests.staff_frames import Report, many
    with open_store(Path(sys.argv[1])) as store:
        for month in range(1, 6):
            frames = {"employees": many(50, as_of=f"{sys.argv[2]}-0{month}-01")}
            store.save_import(frames, [Report()], f"{sys.argv[2]} {month}", "a.xlsx", "t")
    """
    both = [child(code, path, year) for year in (2024, 2025)]
    for process in both:
        assert process.wait(LIMIT) == 0, process.communicate()[1]
    with open_store(path) as store:
        assert whole(store) == [50] * 10
        with store.database.read() as cursor:
            numbers = [row[0] for row in cursor.execute("SELECT import_no FROM import_log ORDER BY 1").fetchall()]
            assert numbers == list(range(1, 11))
            assert cursor.execute("SELECT count(*), count(DISTINCT person), count(DISTINCT key) FROM person").fetchall() == [(50, 50, 50)]
        assert store.audit.first_broken() is None


DYING = """
import os, sys
from pathlib import Path
import store.record, store.working
from store import open_store
from tests.staff_frames import Report, many
opened = open_store(Path(sys.argv[1]))
def die(*_):
    os.kill(os.getpid(), 9)
if sys.argv[2] == "before":
    store.record.Turn.commit = die
else:
    store.working.WorkingCopy._kept = die
opened.save_import({"employees": many(70, as_of="2026-02-01")}, [Report()], "b", "b.xlsx", "t")
"""


@pytest.mark.parametrize(("moment", "kept"), [("before", [40]), ("between", [40, 70])])
def test_killed_around_the_two_commits_record_and_copy_agree_at_the_next_start(moment: str, kept: list[int], path: Path) -> None:
    with open_store(path) as store:
        save(store, 40)
    assert child(DYING, path, moment).wait(LIMIT) == -9
    with open_store(path) as store:
        assert store.database.path.name == "w.copy1.duckdb"  # the one the killed process had
        assert whole(store) == kept
        assert store.lost_imports == 0
        assert store.audit.last_import() == len(kept)


def test_killed_while_importing_nothing_acknowledged_is_lost(path: Path) -> None:
    count = 0
    for delay in (0.1, 1.2, 3.0, 8.0):
        acknowledged = test_kills.killed(KILLED, path, count, delay)
        count = shared_whole(path, acknowledged)
        if count and delay > 1:
            break
    assert count > 0


def shared_whole(path: Path, acknowledged: int) -> int:
    with open_store(path) as store:
        same_as_record(store.database)  # type: ignore[arg-type]
    return test_kills.imports_whole(path, acknowledged)


@pytest.mark.slow
def test_killed_fifty_times_while_importing_into_postgresql(path: Path) -> None:
    seconds = test_kills.storm(path, KILLED, shared_whole, 50, 3.0)
    test_kills.told("import into PostgreSQL", seconds)


@pytest.mark.parametrize(
    "kind", ["cut off", "of another record", "older moment", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("text", "gone"))]
)
def test_a_copy_is_made_anew_when_it_is_not_one(kind: str, path: Path) -> None:
    with open_store(path) as store:
        save(store, 40)
        file = store.database.path
    older = file.read_bytes()
    with open_store(path) as store:
        save(store, 50, "2026-02-01")
    if kind == "text":
        file.write_text("a letter" * 1000)
    elif kind == "cut off":
        file.write_bytes(file.read_bytes()[:60_000])
    elif kind == "of another record":
        with duckdb.connect(str(file)) as copy:
            copy.execute("UPDATE working_copy SET record = 'another'")
            copy.execute("DELETE FROM employment")
    elif kind == "older moment":
        file.write_bytes(older)
    else:
        file.unlink()
    with open_store(path) as store:
        assert whole(store) == [40, 50]
        assert store.lost_imports == 0


def test_a_server_put_back_to_an_earlier_moment_is_noticed(path: Path) -> None:
    """The record goes on from version 2 while copies know a version 3 of another future: they fetch everything, and say what is lost."""
    with open_store(path) as store:
        save(store, 40)
        with psycopg.connect(os.environ[record.SETTING]) as server:
            kept = {
                table: server.execute(f'SELECT * FROM "{table}"').fetchall()
                for table in ("employment", "snapshot", "import_log", "werkhorizon_state", "werkhorizon_commit", "werkhorizon_part")
            }
        save(store, 50, "2026-02-01")
    with psycopg.connect(os.environ[record.SETTING]) as server:
        for table, rows in kept.items():
            server.execute(f'DELETE FROM "{table}"')
            marks = ", ".join(["%s"] * len(rows[0]))
            server.cursor().executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
    with open_store(path) as store:
        assert [snapshot.rows for snapshot in store.snapshots()] == [40]
        assert store.lost_imports == 1
        store.set_setting("k", "1", "t")  # version 3 of this future
        assert whole(store) == [40]


def test_while_the_server_is_away_everybody_can_look_and_nobody_can_save(
    path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace.open(path, publishing=True) as workspace:
        store = workspace.store
        save(store, 40)
        assert workspace.ready().problem == ""
        with psycopg.connect(postgresql.address(), autocommit=True) as server:
            monkeypatch.setattr(store.database.record, "_address", "postgresql://postgres@127.0.0.1:1/none")  # type: ignore[attr-defined]
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'werkhorizon'")
        assert store.cohorts().frame["people"].sum() == 40
        assert code_of(lambda: store.set_setting("k", "1", "t")) == "record_unreachable"
        until(lambda: workspace.ready().problem == "record_unreachable")
        assert not workspace.ready().ready
        assert store.cohorts().frame["people"].sum() == 40
        monkeypatch.undo()
        monkeypatch.setenv(record.SETTING, postgresql.for_path(path))
        store.database.record._address = postgresql.for_path(path)  # type: ignore[attr-defined]
        until(lambda: workspace.ready().ready)
        store.set_setting("k", "1", "t")
        assert whole(store) == [40]


def test_without_a_server_the_start_is_refused_in_words(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(record.SETTING, "postgresql://postgres:SECRET@127.0.0.1:1/none")
    body, sentence = run("snapshots", database=path, code=1)
    assert body["error"]["code"] == "record_unreachable"
    assert "SECRET" not in sentence + str(body)


def test_a_commit_whose_connection_breaks_is_looked_up(path: Path) -> None:
    """The server ends the connection at the commit: what was not made is refused; what was made after all counts."""
    with open_store(path) as store:
        save(store, 40)
        plain = psycopg.Connection.commit

        def broken_after(connection: psycopg.Connection) -> None:
            plain(connection)
            raise psycopg.OperationalError("the line fell silent")

        def broken_before(connection: psycopg.Connection) -> None:
            raise psycopg.OperationalError("the line fell silent")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(psycopg.Connection, "commit", broken_before)
            assert code_of(lambda: store.set_setting("a", "1", "t")) == "record_unreachable"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(psycopg.Connection, "commit", broken_after)
            store.set_setting("b", "1", "t")
        assert store.settings() == {"b": "1"}
        assert whole(store) == [40]


def test_erasing_takes_a_person_out_of_every_copy_and_out_of_the_servers_tables(path: Path, postgresql: Server) -> None:
    person = {"id": "CANARY-1", "salary": 87_654.321, "unit": "CANARY-UNIT"}
    with open_store(path) as one, open_store(path, publishing=True) as other:
        frame = pd.concat([many(5), staff(person)])
        one.save_import({"employees": frame}, [Report()], "a", "a.xlsx", "tester")
        until(lambda: [snapshot.rows for snapshot in other.snapshots()] == [6])
        key = one.keys.key("CANARY-1")
        one.erase_person("CANARY-1", "tester")
        until(lambda: [snapshot.rows for snapshot in other.snapshots()] == [5])
        assert whole(one) == whole(other) == [5]
        with psycopg.connect(os.environ[record.SETTING], autocommit=True) as server:
            server.execute("CHECKPOINT")
            tables = ("employment", "person", "staff_group")
            stored = [postgresql.folder / "data" / server.execute("SELECT pg_relation_filepath(%s)", [t]).fetchone()[0] for t in tables]
    left = {file: file.read_bytes() for file in (*path.parent.glob("w.copy*.duckdb"), path.with_name("w.duckdb.relink"), *stored[:2])}
    assert len(left) == 5
    for file, data in left.items():
        for trace in (b"CANARY-1", key.encode(), __import__("struct").pack("<d", 87_654.321)):
            assert trace not in data, (file, trace)


def test_a_backup_moves_the_data_to_postgresql_and_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = os.environ[record.SETTING]
    monkeypatch.delenv(record.SETTING)
    first = path.parent / "first" / "w.duckdb"
    with open_store(first) as store:
        save(store, 40)
        store.save_scenario("A", "{}", "tester")
        there = store.backup(path.parent / "safe", "tester").file
        before = store.cohorts().frame
    monkeypatch.setenv(record.SETTING, address)
    assert run("restore", there, database=path)[0]["snapshots"] == ["2026-01-01"]
    with open_store(path) as store:
        assert whole(store) == [40]
        pd.testing.assert_frame_equal(store.cohorts().frame, before)
        save(store, 50, "2026-02-01")
        back = store.backup(path.parent / "safe2", "tester").file
    monkeypatch.delenv(record.SETTING)
    run("restore", back, database=first)
    with open_store(first) as store:
        assert [snapshot.rows for snapshot in store.snapshots()] == [40, 50]
        assert [kept.name for kept in store.scenarios()] == ["A"]


def test_a_restore_reaches_every_process_and_keeps_what_was_there(path: Path) -> None:
    with open_store(path) as one, open_store(path, publishing=True) as other:
        save(one, 40)
        made = one.backup(path.parent / "safe", "tester").file
        save(one, 50, "2026-02-01")
        one.restore(made, "tester")
        until(lambda: [snapshot.rows for snapshot in other.snapshots()] == [40])
        assert whole(one) == whole(other) == [40]
    kept = list((path.parent / "backup").glob("w-before-restore-*.duckdb"))
    assert len(kept) == 1
    with duckdb.connect(str(kept[0]), read_only=True) as copy:
        assert copy.execute("SELECT count(*) FROM employment").fetchall() == [(90,)]


def test_a_record_of_a_newer_version_is_refused_and_left_alone(path: Path) -> None:
    with open_store(path) as store:
        save(store, 40)
    with psycopg.connect(os.environ[record.SETTING]) as server:
        server.execute("UPDATE werkhorizon_state SET migration = 9999")
    assert code_of(lambda: open_store(path)) == "database_newer"
    with psycopg.connect(os.environ[record.SETTING]) as server:
        assert server.execute("SELECT count(*) FROM employment").fetchone() == (40,)


@pytest.mark.parametrize("version", test_kills.EARLIER)
def test_a_record_of_every_older_version_is_brought_up(version: int, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = migrations()
    with pytest.MonkeyPatch.context() as patch:
        for module in ("store.db", "store.working"):
            patch.setattr(f"{module}.migrations", lambda: everything[:version])
        with_old = store_of_then(path)
        with_old.close()
    with open_store(path) as store:
        assert store.settings() == {"k": "7"}
        assert whole(store) == []
        save(store, 40)
        assert whole(store) == [40]
    assert list((path.parent / "backup").glob("w.migrating-before-v*.duckdb"))


def store_of_then(path: Path) -> Database:
    """A working copy as the program of an earlier version made it, with a setting in it."""
    from store.working import open_copy

    copy = open_copy(path, os.environ[record.SETTING])
    with copy.write() as cursor:
        cursor.execute("INSERT INTO setting VALUES ('k', '7')")
    return copy


def test_a_table_of_another_program_is_not_touched(path: Path) -> None:
    with psycopg.connect(os.environ[record.SETTING]) as server:
        server.execute("CREATE TABLE person (theirs integer)")
        server.execute("INSERT INTO person VALUES (42)")
    assert code_of(lambda: open_store(path)) == "record_failed"
    with psycopg.connect(os.environ[record.SETTING]) as server:
        assert server.execute("SELECT theirs FROM person").fetchall() == [(42,)]


def test_a_character_the_server_cannot_keep_is_dropped_everywhere(path: Path) -> None:
    with open_store(path) as store:
        store.set_setting("k", "one\x00two", "t")
        assert store.settings() == {"k": "onetwo"}
        assert whole(store) == []


def test_reading_needs_no_turn(path: Path) -> None:
    """While one process holds the turn for long, others open, read and are told to wait when they write."""
    with open_store(path) as one:
        save(one, 40)
        held, free = threading.Event(), threading.Event()

        def hold() -> None:
            with one.database.write() as cursor:
                cursor.execute("INSERT INTO setting VALUES ('slow', '1')")
                held.set()
                free.wait(LIMIT)

        holding = threading.Thread(target=hold)
        with open_for_reading(path) as other:
            holding.start()
            assert held.wait(LIMIT)
            other.database.refresh()  # type: ignore[attr-defined]
            assert [snapshot.rows for snapshot in other.snapshots()] == [40]
            assert other.settings() == {}
            free.set()
            holding.join()
            other.database.refresh()  # type: ignore[attr-defined]
            assert other.settings() == {"slow": "1"}


def test_only_what_changed_is_sent_and_fetched(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(path) as one, open_store(path) as other:
        save(one, 40)
        save(one, 50, "2026-02-01")
        other.database.refresh()  # type: ignore[attr-defined]
        sent: list[tuple[str, int]] = []
        fetched: list[tuple[str, int]] = []
        send, fetch = record.Turn.send, record.Turn.fetch
        monkeypatch.setattr(record.Turn, "send", lambda turn, part, *rest: (sent.append(part), send(turn, part, *rest))[1])
        monkeypatch.setattr(record.Turn, "fetch", lambda turn, part, *rest: (fetched.append(part), fetch(turn, part, *rest))[1])
        save(one, 60, "2026-03-01")
        other.database.refresh()  # type: ignore[attr-defined]
        assert sorted(sent) == sorted(fetched)
        assert [part for part in sent if part[0] == "employment"] == [("employment", 3)]
        sent.clear()
        one.set_setting("k", "1", "t")
        assert sent == [("setting", 0)]


def test_the_driver_is_asked_for_when_it_is_missing(path: Path) -> None:
    code = "import sys; sys.modules['psycopg'] = None; from store import open_store; open_store(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    assert "record_driver_missing" in done.stderr


def test_every_table_about_people_is_known_to_be_one() -> None:
    """A new table with a person in it must be said to be personal, so that erasing takes its rows out of every copy. A link and a
    row that was put under another group are not about anybody once the person's number is gone."""
    with open_store(":memory:") as store, store.database.read() as cursor:
        asked = "SELECT table_name FROM duckdb_columns() WHERE column_name = 'person' AND NOT internal"
        found = {name for (name,) in cursor.execute(asked).fetchall()}
        kinds = {kind for (kind,) in cursor.execute("SELECT DISTINCT data_type FROM duckdb_columns() WHERE NOT internal").fetchall()}
    assert found - {"link", "regrouped"} == record.PERSONAL
    assert kinds <= set(record.TYPES)

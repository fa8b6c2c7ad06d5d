"""Back-up, restore, the copy for reading beside a running app, erasing and forgetting."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from analytics.errors import Refusal
from store import Store, open_for_reading, open_store, restore
from store.copies import read_copy_path
from tests.staff_frames import Report, many, staff
from tests.waiting import LIMIT

HOME = Path(__file__).resolve().parent.parent


def save(store: Store, frame: pd.DataFrame, content: str = "a", **frames: pd.DataFrame) -> None:
    store.save_import({"employees": frame, **frames}, [Report()], content, f"{content}.xlsx", "tester")


def code_of(call) -> str:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.code


def test_a_backup_made_in_use_restores_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "data" / "w.duckdb"
    with open_store(path) as store:
        save(store, many(30, as_of="2025-01-01"))
        made = store.backup(tmp_path / "safe", "tester")
        assert made.rows > 60
        before = store.cohorts().frame
        save(store, many(5, as_of="2026-01-01"), "b")
    with restore(path, made.file, "tester") as store:
        pd.testing.assert_frame_equal(store.cohorts().frame, before)
        assert [s.as_of for s in store.snapshots()] == [date(2025, 1, 1)]
        assert store.audit.first_broken() is None
        save(store, many(5, as_of="2026-01-01"), "b")
    assert len(list((tmp_path / "data" / "backup").glob("w-before-restore-*.duckdb"))) == 1
    with open_store(path) as store:
        assert store.lost_imports == 0
        assert len(store.snapshots()) == 2


def test_a_backup_restores_on_another_machine_with_its_keys(tmp_path: Path) -> None:
    with open_store(tmp_path / "here" / "w.duckdb") as store:
        save(store, many(3, as_of="2025-01-01"))
        made = store.backup(tmp_path / "safe", "tester")
    assert made.keys is not None
    assert made.keys.stat().st_mode & 0o777 == 0o700
    with restore(tmp_path / "there" / "w.duckdb", made.file, "tester") as store:
        save(store, many(2, as_of="2026-01-01"), "b")
        assert store.history().exposure["resignation"].sum() == 1


@pytest.mark.one_file
def test_a_damaged_database_makes_place_for_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_store(path) as store:
        save(store, many(30))
        made = store.backup(tmp_path / "safe", "tester")
    path.write_bytes(path.read_bytes()[:50_000])
    assert code_of(lambda: open_store(path)) == "database_damaged"
    with restore(path, made.file, "tester") as store:
        assert store.snapshots()[0].rows == 30


@pytest.mark.parametrize("kind", ["text", "cut", "other", "gone"])
def test_a_bad_backup_changes_nothing(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_store(path) as store:
        save(store, many(300))
        file = store.backup(tmp_path / "safe", "tester").file
    if kind == "text":
        file.write_text("no database")
    elif kind == "cut":
        file.write_bytes(file.read_bytes()[:-200_000])
    elif kind == "other":
        file.unlink()
        with duckdb.connect(str(file)) as other:
            other.execute("CREATE TABLE t AS SELECT 1 AS a")
    else:
        file.unlink()
    assert code_of(lambda: restore(path, file, "tester")) == "backup_bad"
    with open_store(path) as store:
        assert store.snapshots()[0].rows == 300
    assert not list((tmp_path / "backup").glob("restoring-*"))


@pytest.mark.one_file
def test_a_database_in_use_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_store(path) as store:
        save(store, many(3))
        file = store.backup(tmp_path / "safe", "tester").file
        assert code_of(lambda: restore(path, file, "tester")) == "database_locked"
        assert store.snapshots()[0].rows == 3


def test_old_backups_expire(tmp_path: Path) -> None:
    with open_store(tmp_path / "w.duckdb") as store:
        save(store, many(3))
        old = store.backup(tmp_path / "backup", "tester").file
        os.utime(old, (time.time() - 40 * 86400,) * 2)
        assert store.expire_backups("tester") == 1
        assert not old.exists()


def test_every_file_that_must_reach_the_disk_is_open_for_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows flushes no other: with a file that can only be read, `os.fsync` fails there, and with it every copy."""
    flushed, real = [], os.fsync

    def look(handle: int) -> None:
        os.write(handle, b"")  # refused where it cannot be written, on every system
        flushed.append(handle)
        real(handle)

    monkeypatch.setattr(os, "fsync", look)
    with open_store(tmp_path / "w.duckdb", publishing=True) as store:
        save(store, many(3))
        file = store.backup(tmp_path / "safe", "tester").file
    restore(tmp_path / "w.duckdb", file, "tester").close()
    assert len(flushed) > 4


@pytest.mark.one_file
def test_the_read_copy_follows_every_commit_and_others_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    ask = "import sys; from pathlib import Path; from store import open_for_reading\n"
    ask += (
        "with open_for_reading(Path(sys.argv[1])) as s: print(s.read_only, [x.rows for x in s.snapshots()], s.cohorts().frame.people.sum())"
    )

    def other() -> str:
        done = subprocess.run([sys.executable, "-c", ask, str(path)], cwd=HOME, capture_output=True, text=True, timeout=LIMIT)
        return done.stdout.strip() or done.stderr.strip().splitlines()[-1]

    with open_store(path, publishing=True) as store:
        save(store, many(3))
        assert other() == "True [3] 3.0"
        save(store, many(4, as_of="2026-02-01"), "b")
        assert other() == "True [3, 4] 4.0"
        store.undo_last("tester")
        with open_store(read_copy_path(path), read_only=True) as copy:
            assert [s.rows for s in copy.snapshots()] == [3]
            assert code_of(lambda: copy.undo_last("tester")) == "database_locked"
    assert other() == "False [3] 3.0"
    assert not read_copy_path(path).exists()


@pytest.mark.one_file
def test_writes_that_belong_together_renew_the_copy_once(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with open_store(path, publishing=True) as store:
        before = read_copy_path(path).stat().st_ino
        with store.one_copy(), store.one_copy():
            save(store, many(3))
            save(store, many(4, as_of="2026-02-01"), "b")
            assert read_copy_path(path).stat().st_ino == before
        with open_store(read_copy_path(path), read_only=True) as copy:
            assert [s.rows for s in copy.snapshots()] == [3, 4]
        store.undo_last("tester")
        with open_store(read_copy_path(path), read_only=True) as copy:
            assert [s.rows for s in copy.snapshots()] == [3]


@pytest.mark.one_file
def test_a_log_that_has_become_long_is_folded_into_the_file_after_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, log = tmp_path / "w.duckdb", tmp_path / "w.duckdb.wal"
    with open_store(path, publishing=True) as store:
        save(store, many(30))
        assert log.stat().st_size > 0  # short: it stays, and what is acknowledged stands in it
        monkeypatch.setattr("store.db.LONG_LOG", log.stat().st_size)
        save(store, many(40, as_of="2026-02-01"), "b")
        assert not log.exists() or log.stat().st_size == 0
        assert [s.rows for s in store.snapshots()] == [30, 40]
    with open_store(path) as store:
        assert [s.rows for s in store.snapshots()] == [30, 40]


@pytest.mark.one_file
def test_reading_without_a_copy_says_the_database_is_locked(tmp_path: Path) -> None:
    with open_store(tmp_path / "w.duckdb"):
        assert code_of(lambda: open_for_reading(tmp_path / "w.duckdb")) == "database_locked"


def test_an_erased_person_is_gone_from_every_file(tmp_path: Path) -> None:
    """The salary and the unit are unique to the person: neither they nor the key are left in the rewritten files."""
    path = tmp_path / "w.duckdb"
    person = {"id": "CANARY-1", "salary": 87_654.321, "unit": "CANARY-UNIT", "leave_date": "2025-06-01", "leave_reason": "resignation"}
    departures = pd.DataFrame({"employee_id": ["CANARY-1"], "leave_date": pd.to_datetime(["2025-06-01"]), "leave_reason": ["resignation"]})
    with open_store(path, publishing=True) as store:
        save(store, pd.concat([many(5), staff(person)]), departures=departures)
        key = store.keys.key("CANARY-1")
        assert [row["salary"] for row in store.about_person("CANARY-1")["employment"]] == [87_654.321]
        assert len(store.about_person("CANARY-1")["departure"]) == 1
        assert store.erase_person("CANARY-1", "tester") == 2
        assert code_of(lambda: store.about_person("CANARY-1")) == "person_unknown"
        assert code_of(lambda: store.erase_person("CANARY-1", "tester")) == "person_unknown"
        assert [(s.rows, s.active) for s in store.snapshots()] == [(5, 5)]
        assert store.cohorts().frame["people"].sum() == 5
        assert store.lost_imports == 0
        file = store.database.path.name
        copy = b"" if store.shared else read_copy_path(path).read_bytes()  # it goes when the database closes
    salary = __import__("struct").pack("<d", 87_654.321)
    left = {file: (tmp_path / file).read_bytes() for file in (file, "w.duckdb.relink", "w.duckdb.log")}
    for file, data in {**left, "the read copy": copy}.items():
        for trace in (b"CANARY", key.encode(), salary):
            assert trace not in data, (file, trace)


def test_readers_wait_while_the_file_is_rewritten(tmp_path: Path) -> None:
    problems: list[BaseException] = []
    with open_store(tmp_path / "w.duckdb") as store:
        save(store, many(50))
        stop = threading.Event()

        def read() -> None:
            try:
                while not stop.is_set():
                    assert store.snapshots()[0].rows in (48, 49, 50)
                    time.sleep(0.001)  # three that only read would leave the writer no turn
            except BaseException as problem:
                problems.append(problem)

        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        store.erase_person("00001", "tester")
        store.erase_person("00002", "tester")
        stop.set()
        for thread in threads:
            thread.join()
        assert store.snapshots()[0].rows == 48
    assert not problems


def test_people_rows_carry_the_id_back_for_hr(tmp_path: Path) -> None:
    with open_store(tmp_path / "w.duckdb") as store:
        save(store, staff({"id": "0012"}, {"id": "0013", "leave_date": "2025-01-01"}))
        rows = store.person_rows()
        assert rows["employee_id"].tolist() == ["0012"]
        assert "salary" not in rows


def test_retention_forgets_leavers_and_old_snapshots(tmp_path: Path) -> None:
    with open_store(tmp_path / "w.duckdb") as store:
        gone = {"id": "gone", "leave_date": "2022-03-01"}
        save(store, pd.concat([many(4, as_of="2020-01-01"), staff({"id": "00000"}, gone, as_of="2026-01-01")]))
        assert store.apply_retention(date(2024, 1, 1), date(2023, 1, 1), "tester") == 5
        assert [(s.as_of, s.rows) for s in store.snapshots()] == [(date(2026, 1, 1), 1)]
        assert store.keys.employee_ids() == {store.keys.key("00000"): "00000"}
        assert store.apply_retention(date(2024, 1, 1), date(2027, 1, 1), "tester") == 0


def staff_over_years() -> list[pd.DataFrame]:
    """Six yearly stands: people leave with and without a date, come and move."""
    frames = []
    for year in range(2020, 2027):
        people = [
            {
                "id": f"p{n}",
                "birth_date": f"{1962 + n % 30}-05-01",
                "hire_date": f"{2012 + n % 12}-04-01",
                "role": "AB"[(n + year) % 7 == 0],
            }
            for n in range(4 * (year - 2020), 60 + 3 * (year - 2020))
        ]
        dated = [{**people[0], "id": f"d{back}", "leave_date": f"{back}-09-01"} for back in range(2019, year)]
        frames.append(staff(*people, *dated, as_of=f"{year}-01-01"))
    return frames


def test_chances_stay_when_rows_past_their_time_go(tmp_path: Path) -> None:
    """Rows of five old stands and of who left become counts: the history says the same, nobody of then can be looked up."""
    with open_store(tmp_path / "w.duckdb") as store:
        for number, frame in enumerate(staff_over_years()):
            save(store, frame, f"h{number}")
        before, early = store.history(), store.history(date(2023, 1, 1))
        assert store.about_person("p1")
        assert store.apply_retention(date(2024, 6, 1), date(2024, 6, 1), "tester") > 300
        after = store.history()
        assert [s.as_of.year for s in store.snapshots()] == [2025, 2026]
        assert after.years == before.years
        for name, keys in (("exposure", ["role", "age_band", "tenure_band", "contract", "year"]), ("hires", ["role", "year", "age"])):
            one, other = (getattr(told, name).groupby(keys).sum(numeric_only=True) for told in (before, after))
            pd.testing.assert_frame_equal(one, other)
        assert after.moves["people"].sum() == before.moves["people"].sum()
        assert store.history(date(2023, 1, 1)).exposure["person_years"].sum() == pytest.approx(early.exposure["person_years"].sum())
        assert code_of(lambda: store.about_person("p1")) == "person_unknown"
        assert store.apply_retention(date(2024, 6, 1), date(2024, 6, 1), "tester") == 0
        with store.database.read() as cursor:
            columns = cursor.execute("SELECT column_name FROM duckdb_columns() WHERE table_name LIKE 'past_%'").fetchall()
        assert not {"person", "key", "birth", "salary"} & {name for (name,) in columns}


def test_who_left_keeps_a_place_in_an_earlier_stand_but_no_name(tmp_path: Path) -> None:
    with open_store(tmp_path / "w.duckdb") as store:
        for number, frame in enumerate(staff_over_years()):
            save(store, frame, f"h{number}")
        people = [store.cohorts(snapshot.as_of).frame["people"].sum() for snapshot in store.snapshots()]
        assert store.apply_retention(date(2024, 6, 1), None, "tester") > 0
        assert [store.cohorts(snapshot.as_of).frame["people"].sum() for snapshot in store.snapshots()] == people
        assert code_of(lambda: store.about_person("p1")) == "person_unknown"  # left in 2021, without a date
        assert code_of(lambda: store.about_person("d2021")) == "person_unknown"
        assert store.about_person("p62")
        assert not {"p1", "d2021"} & set(store.keys.employee_ids().values())

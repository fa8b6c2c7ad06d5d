"""A disk that is really full: a small one is mounted, filled, and given room again. Nothing acknowledged is lost, and the store goes on by
itself, without a restart."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from analytics.errors import Refusal
from store import Store, open_store, restore
from tests.staff_frames import Report, many

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="needs the right to mount a small disk"),
]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(folder)], capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


def save(store: Store, people: int, day: str) -> None:
    pay = np.random.default_rng(people).random(people)
    store.save_import({"employees": many(people, as_of=day).assign(salary=pay)}, [Report()], day, f"{day}.xlsx", "tester")


def refusal_of(act) -> str:
    try:
        act()
    except Refusal as problem:
        return problem.code
    return ""


def filled(disk: Path) -> Path:
    """A file that takes the last byte."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 65536)
        except OSError:
            return ballast


def test_imports_until_it_is_full_lose_nothing(disk: Path) -> None:
    stored, code = 0, ""
    with open_store(disk / "w.duckdb") as store:
        while not code:
            code = refusal_of(partial(save, store, 20_000, f"{1960 + stored}-01-01"))
            stored += not code
            assert stored < 60
        assert code in ("disk_full", "database_failed")
        assert len(store.snapshots()) == stored > 0
    with open_store(disk / "w.duckdb") as store:
        assert len(store.snapshots()) == stored


def test_filled_up_in_the_middle_of_a_write_it_goes_on_by_itself_when_there_is_room(disk: Path, kept_in: str) -> None:
    """Where the record is in PostgreSQL the write is kept there although the copy had no room for it."""
    with open_store(disk / "w.duckdb") as store:
        save(store, 2000, "2026-01-01")

        def write() -> None:
            with store.database.write() as cursor:
                cursor.execute("INSERT INTO setting SELECT 'big' || i, repeat(hash(i)::VARCHAR, 100) FROM range(5000) AS t(i)")
                filled(disk)

        code = refusal_of(write)
        assert (code in ("disk_full", "database_failed")) == (kept_in == "duckdb"), code
        while_full = refusal_of(lambda: store.cohorts())
        assert while_full in ("", "disk_full", "database_failed")
        assert refusal_of(lambda: save(store, 10, "2026-02-01")) == "disk_full"
        (disk / "ballast").unlink()
        refusal_of(lambda: store.cohorts())  # the first question may be the one that finds the file must be opened again
        assert store.cohorts().frame["people"].sum() == 2000
        assert len(store.settings()) == (0 if kept_in == "duckdb" else 5000)
        save(store, 10, "2026-02-01")
        assert [snapshot.rows for snapshot in store.snapshots()] == [2000, 10]
    with open_store(disk / "w.duckdb") as store:
        assert [snapshot.rows for snapshot in store.snapshots()] == [2000, 10]
        assert store.lost_imports == 0


def test_the_log_goes_on_by_itself_when_there_is_room(disk: Path) -> None:
    """What looks is refused and leaves no half line; what was done is written down later, in its turn."""
    with open_store(disk / "w.duckdb") as store:
        save(store, 20, "2026-01-01")
        names = ["Werkplaats"] * 1000
        ballast = filled(disk)
        assert refusal_of(lambda: store.audit.append("tester", "people_seen", units=names)) == "log_unusable"
        store.audit.done("tester", "retention", units=names)
        assert (store.audit.first_broken(), store.audit.waiting) == (None, 1)
        ballast.unlink()
        store.audit.append("tester", "people_seen", rows=1)
        assert [entry["action"] for entry in store.audit.entries()] == ["import", "retention", "people_seen"]
        assert (store.audit.first_broken(), store.audit.waiting) == (None, 0)


def test_a_backup_that_does_not_fit_where_it_goes_leaves_nothing_there(disk: Path, tmp_path: Path) -> None:
    """Half a copy under the name of a whole one would be found on the day it is needed."""
    with open_store(tmp_path / "data" / "w.duckdb") as store:
        save(store, 2000, "2026-01-01")
        ballast = filled(disk)
        os.truncate(ballast, ballast.stat().st_size - 2**20)
        assert refusal_of(lambda: store.backup(disk / "safe", "tester")) == "disk_full"
        assert [path.name for path in (disk / "safe").iterdir()] == []
        assert [path.name for path in (tmp_path / "data" / "backup").glob("copying-*")] == []
        assert [entry["action"] for entry in store.audit.entries()] == ["import"]
        ballast.unlink()
        made = store.backup(disk / "safe", "tester")
    with restore(tmp_path / "elsewhere" / "w.duckdb", made.file, "tester") as back:
        assert [snapshot.rows for snapshot in back.snapshots()] == [2000]
    assert sorted(path.suffix for path in (disk / "safe").iterdir()) == [".duckdb", ".keys"]

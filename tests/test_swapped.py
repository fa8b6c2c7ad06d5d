"""One file in the place of another, killed at every step of it: there is always one in that place, the old one or the new one, whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import open_store
from store.copies import unfinished
from tests.staff_frames import Report, many
from tests.test_store_db import child

pytestmark = pytest.mark.one_file
KILLED_AT = """
import os, sys
from pathlib import Path
from store import open_store, restore
path, act, last = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
steps = 0

def dying(plain):
    def step(*given, **more):
        global steps
        steps += 1
        if steps == last:
            os._exit(9)
        return plain(*given, **more)
    return step

def watched():
    for name in ("replace", "rename", "link", "unlink"):
        setattr(os, name, dying(getattr(os, name)))

if act == "restore":
    watched()
    restore(path, Path(sys.argv[4]), "t").close()
else:
    store = open_store(path)
    watched()
    if act == "erase":
        store.erase_person("00001", "t")
    else:
        store.restore(Path(sys.argv[4]), "t")
print("done", flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("act", ["erase", "restore", "restore in use"])
def test_killed_at_every_step_of_a_swap_there_is_a_whole_file(act: str, tmp_path: Path) -> None:
    for last in range(1, 40):
        path = tmp_path / str(last) / "w.duckdb"
        with open_store(path) as store:
            store.save_import({"employees": many(20)}, [Report()], "a", "a.xlsx", "t")
            copy = store.backup(tmp_path / str(last) / "safe", "t").file
        process = child(KILLED_AT, path, act, last, copy)
        said, problem = process.communicate()
        assert process.returncode in (0, 9), problem
        assert path.exists(), f"killed at step {last}"
        with open_store(path) as store:
            assert [snapshot.rows for snapshot in store.snapshots()] in ([20], [19]), f"killed at step {last}"
            assert store.lost_imports == 0
        assert sorted(left.name for left in (path.parent / "backup").iterdir() if "before" not in left.name) == []
        if "done" in said:
            break
    assert last > 2


def test_what_a_killed_process_was_making_is_thrown_away_and_what_a_living_one_makes_is_not(tmp_path: Path) -> None:
    """A copy without a number is of an earlier version."""
    path, folder = tmp_path / "w.duckdb", tmp_path / "backup"
    open_store(path).close()
    gone = child("print(1)")
    gone.communicate()
    mine = folder / unfinished("copying")
    mine.write_bytes(b"x")
    also = folder / unfinished("restoring")
    names = [f"copying-{gone.pid}-a.part", f"copying-{gone.pid}-a.old", f"restoring-{gone.pid}-a.part", "copying-1234abcd.duckdb"]
    for left in [also, *(folder / name for name in names)]:
        left.write_bytes(b"x")
    assert sorted(file.name for file in folder.iterdir()) == sorted([mine.name, also.name, *names])
    open_store(path).close()
    assert sorted(file.name for file in folder.iterdir()) == sorted([mine.name, also.name])

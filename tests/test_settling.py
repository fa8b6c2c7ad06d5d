"""Keeping what lives for long out of the clean-up after each run of a page."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import streamlit as st

from presentation.settling import LEAST_SECONDS, POOLS, SMALL_EVERY, WHOLE_EVERY, Settling, again
from tests.sampling import with_sample
from tests.serving import served
from tests.visitors import warm
from workflows.workspace import Workspace

HOME = Path(__file__).resolve().parent.parent


class Knot:
    """Refers to itself, so that only the clean-up can free it."""

    def __init__(self) -> None:
        self.self = self


def test_rounds_come_after_many_runs_and_whole_ones_after_some_time_too() -> None:
    turns = Settling()
    quick = [turns.turn(1000.0) for _ in range(2 * WHOLE_EVERY)]
    assert quick[0] == "keep"  # what was loaded stays
    assert "whole" not in quick  # no time has passed since
    assert quick.count("small") == 2 * WHOLE_EVERY // SMALL_EVERY - 1
    assert turns.turn(1000.0 + LEAST_SECONDS) == "whole"
    assert [turns.turn(1000.0 + LEAST_SECONDS + 1) for _ in range(SMALL_EVERY)].count("small") == 1


def test_the_screen_librarys_own_clean_up_is_off() -> None:
    assert st.get_option("runner.postScriptGC") is False


def test_a_frozen_cycle_is_freed_by_the_next_round() -> None:
    knot = Knot()
    gone = weakref.ref(knot)
    again()
    try:
        assert gc.get_freeze_count() > 0
        del knot
        gc.collect()
        assert gone() is not None
        again()
        assert gone() is None
    finally:
        gc.unfreeze()


POOLS_OF = """
import ctypes, importlib, sys, threading
importlib.import_module(sys.argv[1])
libc = ctypes.CDLL(None) if sys.platform == "linux" else None
if not hasattr(libc, "malloc_info"):
    sys.exit("no pools")
gate, leave = threading.Barrier(13), threading.Event()
def work():
    kept = [bytes(2000) for _ in range(50)]  # larger than what Python keeps pools of itself for
    gate.wait()
    leave.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
for thread in threads:
    thread.start()
gate.wait()
libc.fopen.restype = ctypes.c_void_p
file = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(file))
libc.fclose(ctypes.c_void_p(file))
leave.set()
"""


@pytest.fixture(scope="module")
def pools(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], int]:
    """How many pools a process has that imports this and then has twelve threads at work."""

    def count(module: str) -> int:
        file = tmp_path_factory.mktemp("pools") / "told.xml"
        outside = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
        command = [sys.executable, "-c", POOLS_OF, module, str(file)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=HOME, env=outside)
        if "no pools" in done.stderr:
            pytest.skip("this C library has none")
        assert done.returncode == 0, done.stderr
        return file.read_text().count("<heap nr=")

    return count


@pytest.mark.parametrize("started", ["presentation.service", "presentation.opening"])
def test_the_app_shares_a_few_pools_of_memory(started: str, pools: Callable[[str], int]) -> None:
    """Each run of a page is a thread. Left alone, twelve at once make more pools than that, and hardly ever give one back."""
    assert pools("threading") > POOLS
    assert pools(started) <= POOLS


def heaps_of(process: int) -> int:
    """Pools of a running process beside its first one, by the room that each sets aside: as much as its address is a multiple of. A pool
    that has filled its room sets aside another, in which is written first whose it is, and then after which it came."""
    lines = [line.split()[:2] for line in Path(f"/proc/{process}/maps").read_text().splitlines()]
    regions = [(*(int(end, 16) for end in span.split("-")), rights) for span, rights in lines]
    room = 64 * 2**20
    rooms = [
        start
        for (start, end, rights), (after, later, shut) in pairwise(regions)
        if start % room == 0 and rights == "rw-p" and (after, later, shut) == (end, start + room, "---p")
    ]
    with Path(f"/proc/{process}/mem").open("rb") as memory:
        return sum(memory.seek(start + 8) > 0 and int.from_bytes(memory.read(8), sys.byteorder) == 0 for start in rooms)


def test_the_started_app_shares_a_few_pools_of_memory(tmp_path: Path, pools: Callable[[str], int]) -> None:
    """By then its libraries have had threads, of which the app's own word comes too late."""
    assert pools("threading") > POOLS  # else this C library has none, and is skipped
    with served(with_sample(tmp_path / "w.duckdb")) as app:
        warm(app.address)
        assert 0 < heaps_of(app.process.pid) < POOLS


FREED = """
import ctypes, sys, threading
from pathlib import Path
from presentation import settling
if not hasattr(ctypes.CDLL(None) if sys.platform == "linux" else None, "malloc_trim"):
    sys.exit("gives nothing back")
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
def work():
    made = [b"x" * 20_000 for _ in range(5_000)]  # a hundred million bytes, of which one piece in fifty is kept
    kept.extend(made[::50])
settling.few_pools()
settling.again()
before, kept = resident(), []
thread = threading.Thread(target=work)
thread.start()
thread.join()
full = resident()
settling.again()
print(full - before, resident() - before, sum(len(piece) for piece in kept))
"""


def test_a_whole_round_gives_back_what_lies_unused_between_what_is_used() -> None:
    """A page's thread frees nearly all that it took; a piece here and there stays, so that the C library itself hands nothing back."""
    done = subprocess.run([sys.executable, "-c", FREED], capture_output=True, text=True, cwd=HOME)
    if "gives nothing back" in done.stderr:
        pytest.skip("this C library has no call for it")
    assert done.returncode == 0, done.stderr
    full, left, used = map(int, done.stdout.split())
    assert full > 80 * 1_000_000
    assert left < used + 10 * 1_000_000


LARGE = """
import importlib, sys, threading
from pathlib import Path
importlib.import_module(sys.argv[1])
if sys.platform != "linux":
    sys.exit("no pools")
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
def work():
    first = b"x" * 20_000_000
    del first  # from now on, left alone, the library puts what is smaller than this into a pool
    for _ in range(50):
        made.append((b"x" * 1_000_000, b"x" * 20_000))
    kept.extend(small for large, small in made)
    made.clear()
before, made, kept = resident(), [], []
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(resident() - before)
"""


@pytest.fixture(scope="module")
def left_by_large() -> Callable[[str], int]:
    """Bytes by which a process that imports this has grown once fifty million bytes were freed, with something small kept between them."""

    def count(module: str) -> int:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
        done = subprocess.run([sys.executable, "-c", LARGE, module], capture_output=True, text=True, cwd=HOME, env=outside)
        if "no pools" in done.stderr:
            pytest.skip("another C library")
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    return count


@pytest.mark.parametrize("started", ["presentation.service", "presentation.opening"])
def test_what_is_large_leaves_no_room_unused_between_what_is_small(started: str, left_by_large: Callable[[str], int]) -> None:
    if left_by_large("threading") < 40_000_000:
        pytest.skip("this C library keeps nothing")
    assert left_by_large(started) < 10_000_000


MANY = """
import sys
from pathlib import Path
from presentation import settling
if sys.platform != "linux":
    sys.exit("no pools")
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
def left():  # of thirty megabytes that are taken and freed
    settling.again()
    before = resident()
    made = [b"x" * 1_000_000 for _ in range(30)]
    del made
    return resident() - before
settling.few_pools()
found = [left()]
for people in (40, 1_000_000, 40):
    settling.room_for(people)
    found.append(left())
with settling.room_to_read():
    with settling.room_to_read():
        pass
    found.append(left())
found.append(left())
print(*found)
"""


def test_memory_for_many_people_stays_at_hand_and_for_few_goes_back() -> None:
    done = subprocess.run([sys.executable, "-c", MANY], capture_output=True, text=True, cwd=HOME)
    if "no pools" in done.stderr:
        pytest.skip("this C library has none")
    assert done.returncode == 0, done.stderr
    started, few, many, few_again, reading, read = map(int, done.stdout.split())
    assert max(started, few, few_again, read) < 5_000_000
    assert min(many, reading) > 25_000_000


@pytest.mark.parametrize(("given", "kept_in"), [({}, "system"), ({"ARROW_DEFAULT_MEMORY_POOL": "mimalloc"}, "mimalloc")])
@pytest.mark.parametrize("started", ["presentation.service", "presentation.opening"])
def test_columns_are_kept_in_memory_of_the_c_library_unless_told_otherwise(started: str, given: dict[str, str], kept_in: str) -> None:
    """Which a clean-up gives back, and which stays at hand while there are many people."""
    outside = {name: value for name, value in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    asked = f"import {started}, pyarrow; print(pyarrow.default_memory_pool().backend_name)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, cwd=HOME, env=outside | given)
    assert done.stdout.strip() == kept_in, done.stderr


def test_how_many_people_there_are_is_known_before_the_first_answer(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "empty.duckdb") as none:
        assert none.people() == 0
    with Workspace.open(with_sample(tmp_path / "sample.duckdb")) as some:
        assert some.people() == some.store.snapshots()[-1].rows > 1000

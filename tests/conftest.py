"""Settings for every test, and the two places where a record may be kept."""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

# before numpy is there: two threads that turn round while they wait for each other cost tenfold on a machine that does something else too
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import settings

from store import record
from store.working import WorkingCopy
from tests import postgres, sampling

# machines are shared and slow at times: a law holds or not, however long it takes
settings.register_profile("shared_machine", deadline=None, max_examples=50)
settings.load_profile("shared_machine")

# apps that tests start answer the same way from the first question to the last; what is compiled has its own tests
os.environ.setdefault("WERKHORIZON_LOOPS", "off")

MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30
"""A folder in memory: thousands of small databases need not wait for a disk."""
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

LONG_BESIDE = (
    "test_store_cells",
    "test_store_copies",
    "test_store_cohorts",
    "test_store_skills",
    "test_store_history",
    "test_store_saving",
    "test_store_told",
)
"""Their runs with PostgreSQL are in the slow suite; `test_record` and `test_store_db` show the same ways there in the fast one."""
BOTH = "test_store_"
"""Modules of this beginning run with the record in the DuckDB file and in PostgreSQL, but for tests marked `one_file`."""


def pytest_collection_finish() -> None:
    """What is loaded now stays: no round of the garbage collector looks at it again, and no started app looks a second time through all
    installed packages for parts of screens."""
    if "streamlit" in sys.modules:
        from streamlit.components.v2 import manifest_scanner

        manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2].startswith(BOTH):
        only_here = metafunc.definition.get_closest_marker("one_file")
        long = metafunc.module.__name__.rpartition(".")[2] in LONG_BESIDE
        there = pytest.param("postgresql", marks=pytest.mark.slow) if long else "postgresql"
        metafunc.parametrize("kept_in", ["duckdb"] if only_here else ["duckdb", there], indirect=True)


@pytest.fixture(scope="session", autouse=True)
def side_by_side(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Workers are told of one folder for what serves them all."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        sampling.shared(tmp_path_factory.getbasetemp().parent)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres.Server]:
    try:
        with postgres.server() as running:
            yield running
    except RuntimeError as problem:
        pytest.fail(str(problem))


@pytest.fixture(autouse=True)
def kept_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the stores of this test keep their record: "duckdb", the file itself, unless the test is parametrised otherwise. With
    "postgresql" every path has a record of its own, and each copy is compared with its record, row by row, when it closes."""
    where = getattr(request, "param", "duckdb")
    if where == "postgresql":
        monkeypatch.setattr(record, "configured", request.getfixturevalue("postgresql").for_path)
        close = WorkingCopy.close

        def compared(copy: WorkingCopy) -> None:
            if hasattr(copy, "_root") and copy.follows_record():
                postgres.same_as_record(copy)
            close(copy)

        monkeypatch.setattr(WorkingCopy, "close", compared)
    return where


@pytest.fixture(autouse=True)
def nobody_waits_any_more() -> Iterator[None]:
    """The visitors of a test leave at its end: what would be made beside their pages is not made during the next test, nor do its pages
    wait for a browser that only this test had."""
    yield
    if loaded := sys.modules.get("presentation.controls.beside"):
        loaded.beside.clear()
        loaded.served.clear()


@pytest.fixture
def pages_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what stands on a page at once: what is made beside it afterwards (earlier years, the plan) never gets its turn, as in
    an office where pages do not rest."""
    for name in ("QUIET", "PATIENCE"):
        monkeypatch.setattr(f"presentation.controls.beside.{name}", 1e6)


@pytest.fixture
def place(kept_in: str, tmp_path: Path) -> str | Path:
    """For a store that need not be a file: in memory, or a working copy."""
    return ":memory:" if kept_in == "duckdb" else tmp_path / "w.duckdb"

"""Settings for every test, and the two places where a record may be kept."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from store import record
from store.working import WorkingCopy
from tests import postgres

# machines are shared and slow at times: a law holds or not, however long it takes
settings.register_profile("shared_machine", deadline=None)
settings.load_profile("shared_machine")

# apps that tests start answer the same way from the first question to the last; what is compiled has its own tests
os.environ.setdefault("WERKHORIZON_LOOPS", "off")

LONG_BESIDE = ("test_store_copies", "test_store_cohorts", "test_store_skills")
"""Their runs with PostgreSQL are in the slow suite."""
BOTH = "test_store_"
"""Modules of this beginning run with the record in the DuckDB file and in PostgreSQL, but for tests marked `one_file`."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2].startswith(BOTH):
        only_here = metafunc.definition.get_closest_marker("one_file")
        long = metafunc.module.__name__.rpartition(".")[2] in LONG_BESIDE
        there = pytest.param("postgresql", marks=pytest.mark.slow) if long else "postgresql"
        metafunc.parametrize("kept_in", ["duckdb"] if only_here else ["duckdb", there], indirect=True)


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


@pytest.fixture
def place(kept_in: str, tmp_path: Path) -> str | Path:
    """For a store that need not be a file: in memory, or a working copy."""
    return ":memory:" if kept_in == "duckdb" else tmp_path / "w.duckdb"

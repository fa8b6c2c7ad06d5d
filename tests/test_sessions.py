"""Many visitors at once over real websockets: nobody sees another's answer, and the answers are those of a quiet app."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tests.calling import run
from tests.sampling import with_sample
from tests.serving import served
from tests.test_importing import workbook
from tests.visitors import Crowd, Visitor, crowd, warm


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("crowd") / "w.duckdb"
    return with_sample(path)


def stormed(database: Path, sessions: int, moves: int, think: float) -> Crowd:
    with served(database) as app:
        warm(app.address)
        return crowd(lambda: (app.address, {}), [app.process.pid], sessions, moves, think)


def same_as_quiet(database: Path, found: Crowd, most: int) -> None:
    """A process of its own, one visitor at a time: what it says is what everybody in the crowd was shown."""
    with served(database) as app:
        warm(app.address)
        assert found.unlike(app.address, most) == []


def test_visitors_at_once_see_their_own_answers(database: Path) -> None:
    found = stormed(database, sessions=5, moves=4, think=0.1)
    assert not found.wrong
    assert len(found.seconds) == 20
    assert not found.torn()
    shown = [page for pages in found.answers.values() for page in pages]
    assert len(set(shown)) == len(shown) > 10  # nobody was shown what another asked
    same_as_quiet(database, found, most=2)


@pytest.mark.slow
def test_fifty_visitors_of_two_hundred_moves(database: Path) -> None:
    """WERKHORIZON_MOVES shortens it, WERKHORIZON_VISITORS makes it a soak of few. Each visitor looks at an answer for eight seconds on
    average before the next move."""
    visitors, moves = int(os.environ.get("WERKHORIZON_VISITORS", "50")), int(os.environ.get("WERKHORIZON_MOVES", "200"))
    found = stormed(database, sessions=visitors, moves=moves, think=8.0)
    print(f"\n{visitors} visitors x {moves} moves: {found.told()}")
    assert not found.wrong
    assert not found.torn()
    assert len(found.seconds) == visitors * moves
    same_as_quiet(database, found, most=20)
    assert max(found.memory_mb) < 4096
    assert found.share(0.95) < 1.5


def test_a_visitor_who_leaves_while_a_file_is_read_leaves_nothing_behind(tmp_path: Path) -> None:
    """Six windows are closed in the middle of a computation; an import goes on beside them; the app answers the next visitor."""
    database = tmp_path / "data" / "w.duckdb"
    with served(database) as app:
        run("import", workbook(tmp_path / "a.xlsx", 300), "--as-of", "2026-01-01", database=database)

        def leave_early(number: int) -> None:
            visitor = Visitor(app.address, f"lang=EN&year={2027 + number}")
            with visitor:
                threading.Timer(0.03 * number, visitor.leave).start()
                try:
                    visitor.arrive()
                except Exception:
                    return

        leaving = [threading.Thread(target=leave_early, args=(number,)) for number in range(6)]
        for thread in leaving:
            thread.start()
        taken, _ = run("import", workbook(tmp_path / "b.xlsx", 280), "--as-of", "2026-06-01", database=database)
        for thread in leaving:
            thread.join()
        assert taken["snapshots"] == ["2026-06-01"]
        with Visitor(app.address) as visitor:
            assert any("280 people counted" in text for text in visitor.arrive().texts)

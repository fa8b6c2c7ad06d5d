"""Several processes of the app behind one proxy, the record in PostgreSQL: visitors stay where they are, and all get the same answers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from store import record
from tests.calling import run
from tests.nginx import SHIPPED, Proxy, proxied
from tests.postgres import Server
from tests.serving import Served, served
from tests.test_importing import workbook
from tests.visitors import Crowd, Visitor, crowd, warm
from tests.waiting import until
from workflows import importing
from workflows.types import Viewer
from workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Pool:
    apps: list[Served]
    proxy: Proxy

    def stormed(self, sessions: int, moves: int, think: float, kinds: int) -> Crowd:
        for app in self.apps:
            warm(app.address)
        return crowd(self.proxy.visitor, [app.process.pid for app in self.apps], sessions, moves, think, kinds)


@contextmanager
def pool(folder: Path, address: str, processes: int) -> Iterator[Pool]:
    """The sample firm in a record, and this many apps before it behind nginx."""
    database = folder / "data" / "w.duckdb"
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setenv(record.SETTING, address)
        with Workspace.open(database) as workspace:
            importing.load_sample(Viewer.local(), workspace)
        apps = [stack.enter_context(served(database)) for _ in range(processes)]
        proxy = stack.enter_context(proxied(folder, SHIPPED / "nginx.conf", [app.address for app in apps]))
        yield Pool(apps, proxy)


def one_answer_each(found: Crowd, proxy: Proxy, processes: int) -> None:
    assert not found.wrong
    assert found.torn() == []
    served_by = proxy.served_by()
    assert all(len(apps) == 1 for apps in served_by.values())
    assert len({app for apps in served_by.values() for app in apps}) == processes


@pytest.mark.slow
def test_two_processes_answer_alike_and_follow_each_other(tmp_path: Path, postgresql: Server) -> None:
    with pool(tmp_path, postgresql.for_path(tmp_path), 2) as pair:
        found = pair.stormed(sessions=10, moves=3, think=0.1, kinds=3)
        one_answer_each(found, pair.proxy, 2)
        assert len(found.seconds) == 30
        database = pair.apps[0].database
        assert run("import", workbook(tmp_path / "a.xlsx", 9), "--as-of", "2026-01-01", database=database)[0]["stored"] is True
        for app in pair.apps:
            until(lambda app=app: any("9 people counted" in text for text in arrived(app)))


def arrived(app: Served) -> tuple[str, ...]:
    with Visitor(app.address) as visitor:
        return visitor.arrive().texts


@pytest.mark.slow
def test_a_hundred_visitors_over_several_processes(tmp_path: Path, postgresql: Server) -> None:
    """WERKHORIZON_PROCESSES (3) and WERKHORIZON_MOVES (20) change it; a hundred visitors look at an answer for eight seconds on average."""
    processes, moves = int(os.environ.get("WERKHORIZON_PROCESSES", "3")), int(os.environ.get("WERKHORIZON_MOVES", "20"))
    with pool(tmp_path, postgresql.for_path(tmp_path), processes) as several:
        found = several.stormed(sessions=100, moves=moves, think=8.0, kinds=50)
        print(f"\n100 visitors x {moves} moves over {processes} processes: {found.told()}")
        one_answer_each(found, several.proxy, processes)
        assert len(found.seconds) == 100 * moves

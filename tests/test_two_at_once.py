"""Two users at the same moment, where one takes away or renews what the other uses: nothing is lost, torn or half shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.errors import Refusal
from store import Store, copies, open_store
from store import saving as saving_of_store
from store.copies import read_copy_path
from store.db import Database
from tests.staff_frames import Report, many
from tests.waiting import LIMIT


def together(*acts: Callable[[], object]) -> list[BaseException]:
    """Run them at once; what they raised."""
    gate, problems = threading.Barrier(len(acts)), []

    def go(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return problems


def save(store: Store, people: int, day: str) -> None:
    store.save_import({"employees": many(people, as_of=day)}, [Report()], f"{people} {day}", "a.xlsx", "tester")


def test_an_erasure_during_an_import_forgets_nobody_who_is_coming_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers of new people are in the re-link file before the people are in the data; cleaning that file waits for them."""
    with open_store(tmp_path / "w.duckdb") as store:
        save(store, 3, "2026-01-01")
        remembered, erased, employment = threading.Event(), threading.Event(), saving_of_store._employment

        def slow(*given: object) -> None:
            remembered.set()  # the people are numbered, nothing is committed
            erased.wait(1.0)
            employment(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(saving_of_store, "_employment", slow)
        importing = threading.Thread(target=save, args=(store, 40, "2026-02-01"))
        importing.start()
        assert remembered.wait(LIMIT)
        store.rewrite()  # what an erasure does after its transaction
        erased.set()
        importing.join()
        assert len(store.keys.employee_ids()) == 40
        assert "" not in store.person_rows()["employee_id"].tolist()


def test_a_scenario_saved_during_an_import_is_kept_and_so_is_the_import(tmp_path: Path) -> None:
    with open_store(tmp_path / "w.duckdb", publishing=True) as store:
        save(store, 30, "2026-01-01")
        acts = [lambda n=n: store.save_scenario(f"S{n}", "{}", "tester") for n in range(4)]
        imports = [lambda m=m: save(store, 300, f"2026-0{m}-01") for m in (2, 3)]
        assert together(*acts, *imports) == []
        assert sorted(kept.name for kept in store.scenarios()) == ["S0", "S1", "S2", "S3"]
        assert [snapshot.rows for snapshot in store.snapshots()] == [30, 300, 300]
        assert store.audit.first_broken() is None
        with open_store(read_copy_path(store.database.path), read_only=True) as copy:
            assert len(copy.scenarios()) == 4
            assert [snapshot.rows for snapshot in copy.snapshots()] == [30, 300, 300]


def test_the_copy_for_readers_never_goes_back_to_somebody_who_was_erased(tmp_path: Path) -> None:
    """While one erases, others publish: the copy that stays is of after the erasure."""
    with open_store(tmp_path / "w.duckdb", publishing=True) as store:
        save(store, 60, "2026-01-01")
        key = store.keys.key("00001")
        acts = [lambda n=n: store.set_setting(f"k{n}", "1", "tester") for n in range(4)]
        assert together(lambda: store.erase_person("00001", "tester"), *acts) == []
        assert key.encode() not in read_copy_path(store.database.path).read_bytes()
        assert key.encode() not in store.database.path.read_bytes()
        with open_store(read_copy_path(store.database.path), read_only=True) as copy:
            assert copy.snapshots()[0].rows == 59
            assert len(copy.settings()) == 4


def test_two_who_erase_the_same_person_get_one_erasure_and_one_refusal(tmp_path: Path) -> None:
    with open_store(tmp_path / "w.duckdb") as store:
        save(store, 20, "2026-01-01")
        problems = together(*[lambda: store.erase_person("00001", "tester") for _ in range(2)])
        assert [problem.code for problem in problems if isinstance(problem, Refusal)] == ["person_unknown"]
        assert len(problems) == 1
        assert store.snapshots()[0].rows == 19


def test_answers_read_beside_an_import_are_of_before_or_after_never_between(tmp_path: Path) -> None:
    """Small answers are remembered until something is written; an answer of before is never kept for after."""
    with open_store(tmp_path / "w.duckdb") as store:
        save(store, 10, "2026-01-01")
        done, seen = threading.Event(), []

        def look() -> None:
            while not done.is_set():
                seen.append((len(store.snapshots()), store.fingerprint()))
                time.sleep(0.001)  # three that only read would leave the writer no turn

        looking = [threading.Thread(target=look) for _ in range(3)]
        for thread in looking:
            thread.start()
        for month in range(2, 8):
            save(store, 10 + month, f"2026-0{month}-01")
            assert len(store.snapshots()) == month  # at once, for who stored it
        done.set()
        for thread in looking:
            thread.join()
        assert {count for count, _ in seen} <= set(range(1, 8))
        assert len(store.snapshots()) == 7


def paused_after_copying(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> list[threading.Thread]:
    """Have somebody else begin `act` at the worst moment: the copy has been made and has not got its name yet."""
    begun: list[threading.Thread] = []
    plain = copies.write_copy

    def slow(database: Database) -> tuple[Path, int]:
        made = plain(database)
        if not begun:
            begun.append(threading.Thread(target=act))
            begun[0].start()
            begun[0].join(2.0)
        return made

    monkeypatch.setattr(copies, "write_copy", slow)
    return begun


def test_what_is_saved_while_the_file_is_rewritten_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(tmp_path / "w.duckdb") as store:
        save(store, 20, "2026-01-01")
        begun = paused_after_copying(monkeypatch, lambda: store.save_scenario("Kept", "{}", "tester"))
        store.erase_person("00001", "tester")
        begun[0].join()
        assert [kept.name for kept in store.scenarios()] == ["Kept"]
        assert store.snapshots()[0].rows == 19


def test_a_slow_copy_for_readers_never_takes_the_place_of_a_later_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(tmp_path / "w.duckdb", publishing=True) as store:
        save(store, 20, "2026-01-01")
        key = store.keys.key("00001").encode()
        assert key in read_copy_path(store.database.path).read_bytes()
        begun = paused_after_copying(monkeypatch, lambda: store.erase_person("00001", "tester"))
        store.set_setting("k", "1", "tester")
        begun[0].join()
        assert key not in read_copy_path(store.database.path).read_bytes()

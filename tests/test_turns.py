"""Visitors take turns: one page at a time, in the order asked, and nobody waits for who takes long."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager

import pytest

from presentation.controls.beside import FIRST, PATIENCE, QUIET, Beside, Passed, Waiting, aside, served
from presentation.turns import Turns
from tests.waiting import until


def started(turns: Turns, log: list[int], number: int) -> threading.Thread:
    """A visitor who has asked: their thread stands in the queue."""

    def visit() -> None:
        with turns.turn():
            log.append(number)

    before = len(turns.queue)
    thread = threading.Thread(target=visit)
    thread.start()
    while len(turns.queue) == before and thread.is_alive():
        time.sleep(0.001)
    return thread


def test_one_after_the_other_in_the_order_they_asked() -> None:
    turns, log = Turns(longest=60.0), []
    with turns.turn():
        threads = [started(turns, log, number) for number in range(8)]
        assert log == []
        assert turns.busy()
    for thread in threads:
        thread.join(10)
    assert log == list(range(8))


def test_nobody_waits_for_who_takes_long() -> None:
    turns, log = Turns(longest=0.05), []
    with turns.turn():
        for thread in [started(turns, log, number) for number in range(3)]:
            thread.join(10)
        assert log == [0, 1, 2]


def test_who_took_long_does_not_end_the_turn_of_another() -> None:
    turns, log, inside, go_on = Turns(longest=0.05), [], threading.Event(), threading.Event()

    def second() -> None:
        with turns.turn():
            turns.longest = 60.0
            inside.set()
            go_on.wait(10)

    with turns.turn():
        other = threading.Thread(target=second)
        other.start()
        inside.wait(10)
    third = started(turns, log, 3)
    assert log == []  # the second still has the turn
    go_on.set()
    for thread in (other, third):
        thread.join(10)
    assert log == [3]


def test_a_page_that_breaks_off_passes_the_turn_on() -> None:
    turns = Turns(longest=60.0)
    with pytest.raises(KeyboardInterrupt), turns.turn():
        raise KeyboardInterrupt
    with turns.turn():
        assert not turns.busy()


def test_what_is_made_beside_the_page_is_passed_over_when_nobody_waits_for_it() -> None:
    beside, waiting, hold = Beside(), Waiting("first"), threading.Event()
    first = beside.begin("first", waiting, lambda: hold.wait(10))
    second = beside.begin("second", waiting, lambda: "made for nobody")
    assert beside.undone() == 2
    hold.set()
    assert first.result(10) is True
    assert second.exception(10) is not None
    assert beside.look("second") is None
    assert beside.undone() == 0


def test_pages_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """While pages are drawn one after the other nothing is begun beside them; it is when they rest, or after a while all the same."""
    turns, beside = Turns(), Beside()
    monkeypatch.setattr("presentation.controls.beside.PAGES", turns)
    with turns.turn():
        made = beside.begin("key", Waiting("key"), lambda: "made")
        with pytest.raises(TimeoutError):
            made.result(0.3)
    assert not turns.quiet(60.0)
    assert made.result(60) == "made"
    assert turns.quiet(0.8)
    monkeypatch.setattr("presentation.controls.beside.PATIENCE", 0.1)
    with turns.turn():
        assert beside.begin("other", Waiting("other"), lambda: "all the same").result(60) == "all the same"


@contextmanager
def counting(turns: Turns) -> Iterator[list[int]]:
    """Work in a thread of its own that stands aside for these turns; how many calls of a function it has done."""
    count, stop, left = [0], threading.Event(), []

    def step() -> None:
        count[0] += 1

    def work() -> None:
        with aside(turns):
            while not stop.is_set():
                step()
        left.append(sys.getprofile())

    thread = threading.Thread(target=work)
    thread.start()
    try:
        until(lambda: count[0] > 100)
        yield count
    finally:
        stop.set()
        thread.join(60)
    assert left == [None], "work that follows is not looked at"


def stands(count: list[int]) -> bool:
    before = count[0]
    time.sleep(0.1)
    return count[0] == before


def test_work_that_goes_on_stands_aside_for_a_page_and_goes_on_after_it() -> None:
    turns = Turns(longest=300.0)
    with counting(turns) as count:
        assert not stands(count)
        for _ in range(2):
            with turns.turn():
                until(lambda: stands(count))
                assert stands(count)
                assert stands(count)
            until(lambda: not stands(count))


def test_a_page_may_wait_for_what_stands_aside_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not longer than a turn, not longer than a while in all, and not while visitors wait for each other."""
    turns = Turns(longest=0.05)
    with counting(turns) as count, turns.turn():
        until(lambda: not stands(count))
    turns = Turns(longest=300.0)
    monkeypatch.setattr("presentation.controls.beside.PATIENCE", 0.05)
    with counting(turns) as count:
        for _ in range(2):
            with turns.turn():
                until(lambda: not stands(count))
    monkeypatch.undo()
    turns.waited = time.monotonic() + 3600
    with counting(turns) as count, turns.turn():
        assert not stands(count)


def test_nobody_waits_behind_what_is_not_wanted_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a busy office pages never rest: what visitors moved on from is passed over at once, and the others' patience runs side by side."""
    turns, beside, moved_on = Turns(), Beside(), Waiting("first")
    monkeypatch.setattr("presentation.controls.beside.PAGES", turns)
    with turns.turn():
        monkeypatch.setattr("presentation.controls.beside.PATIENCE", 1e6)
        passed = beside.begin("first", moved_on, lambda: "made for nobody")
        moved_on.key = "another"
        assert isinstance(passed.exception(60), Passed)
        monkeypatch.setattr("presentation.controls.beside.PATIENCE", 2.0)
        many = [beside.begin(number, Waiting(number), lambda: "made") for number in range(50)]
        assert not wait(many, 60).not_done, "one patience for all, not fifty one after the other"


def test_an_app_that_stops_begins_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    turns, beside, made = Turns(), Beside(), []
    monkeypatch.setattr("presentation.controls.beside.PAGES", turns)
    with turns.turn():
        waited, queued = (beside.begin(key, Waiting(key), lambda: made.append(1)) for key in ("first", "second"))
        beside.close()
        assert isinstance(waited.exception(60), Passed)
        assert queued.cancelled()
    assert not made


def test_who_looks_at_a_first_page_in_a_browser_waits_until_it_is_drawn() -> None:
    assert (Waiting("page").quiet(), Waiting("page", float("-inf")).quiet()) == (QUIET, QUIET), "a test has no browser"
    served.set()
    try:
        assert (Waiting("page").quiet(), Waiting("page", time.monotonic() - FIRST).quiet()) == (FIRST, QUIET)
        assert FIRST < PATIENCE
    finally:
        served.clear()

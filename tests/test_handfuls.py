"""Parts of a page are handed over together: none is lost, none overtakes another, none waits for a page that takes long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from presentation.controls.handing import Place
from presentation.handfuls import Handfuls
from presentation.turns import Turns

LIMIT = 30.0


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop at work in a thread of its own."""
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever)
    thread.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join(LIMIT)
    made.close()


class Counting(Handfuls):
    """Counts how often the loop was woken."""

    def __init__(self, loop: asyncio.AbstractEventLoop, turns: Turns) -> None:
        super().__init__(loop, turns)
        self.woken, wake = 0, self.straight

        def counted(*arguments: Any, **more: Any) -> Any:
            self.woken += 1
            return wake(*arguments, **more)

        self.straight = counted


def test_the_end_of_a_page_comes_after_all_of_its_parts(loop: asyncio.AbstractEventLoop) -> None:
    turns, shown, seen = Turns(), [], threading.Event()
    handfuls = Counting(loop, turns)
    handfuls.stand()
    for page in range(20):
        seen.clear()
        with turns.turn():
            for part in range(90):
                loop.call_soon_threadsafe(shown.append, (page, part))
        loop.call_soon_threadsafe(shown.append, (page, "end"))
        loop.call_soon_threadsafe(seen.set)
        assert seen.wait(LIMIT)
        assert shown == [*((page, part) for part in range(90)), (page, "end")]
        shown.clear()
    assert handfuls.woken < 20 * 30


def test_what_is_drawn_before_long_work_is_seen_during_it(loop: asyncio.AbstractEventLoop) -> None:
    turns, seen = Turns(), threading.Event()
    Handfuls(loop, turns).stand()
    with turns.turn():
        loop.call_soon_threadsafe(seen.set)
        assert seen.wait(LIMIT)


def test_who_has_no_turn_is_not_kept(loop: asyncio.AbstractEventLoop) -> None:
    turns, seen = Turns(), threading.Event()
    handfuls = Counting(loop, turns)
    handfuls.stand()
    with turns.turn():
        other = threading.Thread(target=lambda: loop.call_soon_threadsafe(seen.set))
        other.start()
        other.join(LIMIT)
        assert handfuls.woken == 1
    assert seen.wait(LIMIT)


def test_pages_of_visitors_at_once_begin_go_on_and_end_in_this_order(loop: asyncio.AbstractEventLoop) -> None:
    turns, shown = Turns(longest=0.001), {number: [] for number in range(6)}
    Handfuls(loop, turns).stand()
    ended = threading.Barrier(7)

    def visit(number: int) -> None:
        for _ in range(20):
            loop.call_soon_threadsafe(shown[number].append, "begin")
            with turns.turn():
                for part in range(100):
                    loop.call_soon_threadsafe(shown[number].append, part)
            loop.call_soon_threadsafe(shown[number].append, "end")
        ended.wait(LIMIT)

    for number in shown:
        threading.Thread(target=visit, args=(number,)).start()
    ended.wait(LIMIT)
    last = threading.Event()
    loop.call_soon_threadsafe(last.set)
    assert last.wait(LIMIT)
    assert all(parts == 20 * ["begin", *range(100), "end"] for parts in shown.values())


def test_a_part_that_fails_is_told_and_the_next_ones_come(loop: asyncio.AbstractEventLoop) -> None:
    turns, told, seen = Turns(), [], threading.Event()
    Handfuls(loop, turns).stand()
    loop.set_exception_handler(lambda _loop, context: told.append(context["exception"]))
    with turns.turn():
        loop.call_soon_threadsafe(lambda: 1 / 0)
        loop.call_soon_threadsafe(seen.set)
    assert seen.wait(LIMIT)
    assert isinstance(told[0], ZeroDivisionError)


def test_what_goes_ahead_comes_first_and_in_its_own_place_once_more(loop: asyncio.AbstractEventLoop) -> None:
    turns, shown, seen = Turns(), [], threading.Event()
    handfuls = Handfuls(loop, turns).stand()
    for _ in range(20):
        seen.clear()
        with turns.turn():
            loop.call_soon_threadsafe(shown.append, "title")
            assert handfuls.leads()
            with handfuls.ahead():
                loop.call_soon_threadsafe(shown.append, "figure")
            assert not handfuls.leads()
            loop.call_soon_threadsafe(shown.append, "table")
        loop.call_soon_threadsafe(shown.append, "end")
        loop.call_soon_threadsafe(seen.set)
        assert seen.wait(LIMIT)
        assert shown == ["figure", "title", "figure", "table", "end"]
        shown.clear()


def test_nothing_leads_outside_a_turn_and_one_part_in_each(loop: asyncio.AbstractEventLoop) -> None:
    turns = Turns()
    handfuls = Handfuls(loop, turns).stand()
    assert not handfuls.leads()
    for _ in range(2):
        with turns.turn():
            assert [handfuls.leads() for _ in range(3)] == [True, False, False]


def test_a_figure_is_the_same_on_its_page_under_its_key_in_its_place() -> None:
    here = Place("ageing", "chart_age", (0, 3, 1), 11, 5.0)
    assert here.same(Place("ageing", "chart_age", (0, 3, 1), 12, 1.0))
    for other in (None, here._replace(page=""), here._replace(key="chart_flow"), here._replace(path=(0, 4, 1))):
        assert not here.same(other)


def test_a_page_that_is_broken_off_waits_for_no_figure(loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slider moved on: what it shows next must not wait until the browser has drawn what it showed before."""
    monkeypatch.setattr("presentation.handfuls.DRAWING", 1e6)
    turns, shown, seen = Turns(), [], threading.Event()
    handfuls = Handfuls(loop, turns).stand()
    looks = iter(range(3))

    def look() -> None:
        if next(looks) == 2:
            raise KeyboardInterrupt

    def page() -> None:
        with turns.turn(), handfuls.ahead(look):
            loop.call_soon_threadsafe(shown.append, "figure")

    with pytest.raises(KeyboardInterrupt):
        page()
    loop.call_soon_threadsafe(seen.set)
    assert seen.wait(LIMIT)
    assert shown == ["figure", "figure"]


def test_a_page_whose_figure_went_ahead_rests_while_it_is_drawn_but_for_nobody_who_waits(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next visitor's turn comes at once, however long the rest would be."""
    monkeypatch.setattr("presentation.handfuls.DRAWING", 1e6)
    turns, rests, seen = Turns(longest=1e6), threading.Event(), threading.Event()
    handfuls = Handfuls(loop, turns).stand()

    def page() -> None:
        with turns.turn(), handfuls.ahead(rests.set):
            loop.call_soon_threadsafe(lambda: None)

    def other() -> None:
        with turns.turn():
            seen.set()

    first, second = threading.Thread(target=page), threading.Thread(target=other)
    first.start()
    assert rests.wait(LIMIT)
    assert first.is_alive()
    second.start()
    assert seen.wait(LIMIT)
    first.join(LIMIT)
    second.join(LIMIT)
    assert not first.is_alive()

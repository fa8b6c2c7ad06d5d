"""Visitors without a browser: each speaks the app's own websocket, moves one slider and reads what comes back."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from statistics import median
from typing import Any, NamedTuple

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from tests.waiting import LIMIT

LEVER = "resignation_multiplier"


@dataclass(slots=True)
class Seen:
    """What a visitor sees after one run: the slider as the server shows it, the headline, every other text of the page, the seconds."""

    slider: float
    headline: str
    texts: tuple[str, ...]
    seconds: float


@dataclass(slots=True)
class Visitor:
    """One open page. `query` is its address, `page` its name ("" the first one); `move` sets the slider as a hand would."""

    address: str
    query: str = "lang=EN"
    limit: float = LIMIT
    options: dict[str, Any] = field(default_factory=dict)
    """More for the websocket: what a proxy asks of it."""
    page: str = ""
    _opening: Any = None
    _socket: Any = None
    _kept: dict[str, ForwardMsg] = field(default_factory=dict)
    _elements: dict[tuple[int, ...], Any] = field(default_factory=dict)
    _slider: str = ""
    _value: float | None = None

    def __enter__(self) -> Visitor:
        address = self.address.replace("http", "ws", 1) + "/_stcore/stream"
        more = {"subprotocols": ["streamlit"], "max_size": None, "open_timeout": self.limit, "ping_interval": None, **self.options}
        self._opening = connect(address, **more)
        self._socket = self._opening.__enter__()
        return self

    def __exit__(self, *problem: Any) -> None:
        self._opening.__exit__(*problem)

    def leave(self) -> None:
        """Go in the middle of an answer, as a closed tab does."""
        self._socket.close()

    def arrive(self) -> Seen:
        return self._run()

    def move(self, value: float) -> Seen:
        self._value = value
        return self._run()

    def _run(self) -> Seen:
        began = time.perf_counter()
        asked = BackMsg()
        asked.rerun_script.query_string, asked.rerun_script.page_name = self.query, self.page
        if self._value is not None:
            state = asked.rerun_script.widget_states.widgets.add()
            state.id = self._slider
            state.double_array_value.data.append(self._value)
        self._socket.send(asked.SerializeToString())
        started = False
        while True:
            message = self._next()
            kind = message.WhichOneof("type")
            if kind == "new_session":
                started = True
                self._elements.clear()
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._elements[tuple(message.metadata.delta_path)] = message.delta.new_element
            elif kind == "script_finished" and started and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return self._seen(time.perf_counter() - began)

    def _next(self) -> ForwardMsg:
        message = ForwardMsg()
        message.ParseFromString(self._socket.recv(timeout=self.limit))
        if message.WhichOneof("type") == "ref_hash":
            kept = ForwardMsg()
            kept.CopyFrom(self._kept[message.ref_hash])
            kept.metadata.CopyFrom(message.metadata)
            return kept
        if message.hash:
            self._kept[message.hash] = message
        return message

    def _seen(self, seconds: float) -> Seen:
        slider, headline, texts = None, "", []
        for element in self._elements.values():
            kind = element.WhichOneof("type")
            if kind == "slider" and element.slider.id.endswith(f"-{LEVER}"):
                slider = element.slider
            elif kind == "exception":
                raise AssertionError(element.exception.message)
            elif kind == "heading":
                headline = headline or element.heading.body
            elif kind == "markdown":
                texts.append(element.markdown.body)
            elif kind == "metric":
                texts.append(element.metric.body)
        if slider is None:
            raise AssertionError(f"no slider {LEVER}; the page says {headline!r} {texts[:5]}")
        self._slider = slider.id
        shown = list(slider.value) if slider.set_value else [self._value if self._value is not None else slider.default[0]]
        return Seen(float(shown[0]), headline, tuple(texts), seconds)


class Asked(NamedTuple):
    """What an answer depends on. hires: the lever that the address carried, None where it carried none."""

    year: int
    value: float
    hires: int | None = None

    @property
    def query(self) -> str:
        return f"lang=EN&year={self.year}" + ("" if self.hires is None else f"&hires_per_year={self.hires}")


@dataclass(slots=True)
class Crowd:
    """What a crowd of visitors saw. answers: what was asked -> every different page shown for it; wrong: sentences about pages
    that showed another visitor's slider or year; seconds: of every move; at: when its answer came, in seconds since the beginning;
    memory_mb: of the server, once a second; spent: seconds of a core it had spent by then, which does not depend on what else the machine
    does; cpu: on all of it."""

    answers: dict[Asked, set[tuple[str, ...]]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def share(self, part: float) -> float:
        """Seconds within which this part of the moves was answered."""
        return share(self.seconds, part)

    def between(self, start: float, end: float) -> tuple[list[float], list[float], float]:
        """Seconds of the moves answered in this stretch of time, the memory in it, and the seconds of a core it took."""
        moves = [spent for spent, when in zip(self.seconds, self.at, strict=True) if start <= when < end]
        spent = self.spent[int(start) : int(end)]
        return moves, self.memory_mb[int(start) : int(end)], spent[-1] - spent[0] if spent else 0.0

    def grown(self) -> float:
        """MB by which the last third of the time differs from the one before, in the middle of each: the memory of a server goes up and
        down by tens of MB with what is being computed and what is cleaned up, so that two moments say nothing."""
        third = len(self.memory_mb) // 3
        return median(self.memory_mb[-third:]) - median(self.memory_mb[third : 2 * third]) if third else 0.0

    def torn(self) -> list[Asked]:
        """What was answered in different ways."""
        return [asked for asked, pages in self.answers.items() if not all(alike(min(pages), page) for page in pages)]

    def unlike(self, quiet: str, most: int) -> list[Asked]:
        """Which of the first `most` questions a quiet app at this address answers otherwise."""
        return [
            asked for asked in list(self.answers)[:most] if not all(alike(answered(quiet, asked), page) for page in self.answers[asked])
        ]

    def told(self) -> str:
        """The figures in one line."""
        if not self.seconds:
            return f"nothing was answered: {self.wrong[:3]}"
        memory = f"memory at most {max(self.memory_mb, default=0):.0f} MB, last third against middle third {self.grown():+.0f} MB"
        return (
            f"{len(self.seconds)} answers, half within {self.share(0.5):.2f} s, 95 % within {self.share(0.95):.2f} s, slowest "
            f"{max(self.seconds):.2f} s; {memory}; {1000 * self.cpu / len(self.seconds):.0f} ms of a core an answer; "
            f"{len(self.memory_mb)} s in all"
        )


def answered(address: str, asked: Asked) -> tuple[str, ...]:
    """The page that one visitor sees who asks just this."""
    with Visitor(address, asked.query) as visitor:
        visitor.arrive()
        seen = visitor.move(asked.value)
    return (seen.headline, *seen.texts)


def share(seconds: Sequence[float], part: float) -> float:
    """Seconds within which this part of the moves was answered."""
    return sorted(seconds)[min(len(seconds) - 1, int(part * len(seconds)))]


def warm(address: str) -> None:
    """A first visitor, who stays until what the app computes once beside the pages is there, and looks again seldom enough to leave it the
    quiet in which it begins."""
    with Visitor(address) as first:
        while any("being checked" in text for text in first.arrive().texts):
            time.sleep(1.5)


def unfinished(page: tuple[str, ...]) -> int:
    """How many sentences of a page say that they are still being made beside it."""
    return sum("being worked out" in text or "being checked" in text for text in page)


def alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two pages say the same, but for sentences (each perhaps with a badge) that one of them had not finished yet."""
    more, less = Counter(one) - Counter(other), Counter(other) - Counter(one)
    said, also = sum(more.values()) - unfinished(tuple(more.elements())), sum(less.values()) - unfinished(tuple(less.elements()))
    return one[0] == other[0] and said <= 2 * unfinished(other) and also <= 2 * unfinished(one)


Door = Callable[[], tuple[str, dict[str, Any]]]
"""Gives the address and the websocket options of the next visitor."""


def crowd(door: Door, servers: Sequence[int], sessions: int, moves: int, think: float, kinds: int = 50, lasting: float = inf) -> Crowd:
    """That many visitors at once, pausing `think` seconds on average between moves. `kinds` of them ask what no other of those asks;
    with more visitors than kinds the same is asked several times, and must get the same answer. Nobody moves any more once `lasting`
    seconds have passed; with an end each visitor takes a lever of their own along and moves over the whole slider, so that nearly every
    answer has to be worked out."""
    found, lock, done, began = Crowd(), threading.Lock(), threading.Event(), time.monotonic()

    def visit(number: int) -> None:
        year, values = own(number % kinds)
        hires = None
        if lasting < inf:
            values, hires = tuple(round(0.6 + 0.05 * step, 2) for step in range(20)), 80 + number % min(kinds, 150)
        chance = random.Random(number)
        try:
            address, options = door()
            with Visitor(address, Asked(year, 1.0, hires).query, options=options) as visitor:
                visitor.arrive()
                for move in range(moves):
                    pause = think * chance.uniform(0.5, 1.5)
                    if time.monotonic() + pause - began > lasting:
                        break
                    time.sleep(pause)
                    value = values[(move + chance.randrange(2)) % len(values)]
                    seen = visitor.move(value)
                    with lock:
                        found.seconds.append(seen.seconds)
                        found.at.append(time.monotonic() - began)
                        found.answers.setdefault(Asked(year, value, hires), set()).add((seen.headline, *seen.texts))
                        if seen.slider != value or str(year) not in seen.headline:
                            found.wrong.append(f"visitor {number} asked {year} {value}, saw {seen.slider} and {seen.headline}")
        except Exception as problem:
            with lock:
                found.wrong.append(f"visitor {number}: {type(problem).__name__} {problem}")

    processes = [psutil.Process(server) for server in servers]

    def spent() -> float:
        return sum(sum(process.cpu_times()[:2]) for process in processes)

    before = spent()

    def watch() -> None:
        while not done.wait(1.0):
            found.memory_mb.append(sum(process.memory_info().rss for process in processes) / 2**20)
            found.spent.append(spent() - before)

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(sessions)]
    watcher = threading.Thread(target=watch)
    for thread in (*threads, watcher):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    watcher.join()
    found.cpu = spent() - before
    return found


def own(number: int) -> tuple[int, tuple[float, ...]]:
    """The year and the slider values that only visitor `number` of 50 uses."""
    block = number // 10 % 5
    return 2027 + number % 10, tuple(round(0.6 + 0.05 * (3 * block + step), 2) for step in range(3))

"""The word that a page is being worked out goes behind the first part of it, once, and never after the word that it has ended."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from presentation.controls.heralding import TOLD, running_told_behind
from tests.sampling import with_sample
from tests.serving import browsing, serving, settled
from tests.waiting import LIMIT


def named(message: ForwardMsg) -> str:
    kind = str(message.WhichOneof("type"))
    if kind == "session_status_changed":
        return "running" if message.session_status_changed.script_is_running else "ended"
    if kind == "delta":
        return str(message.delta.new_element.WhichOneof("type") or "block")
    return kind


def part(kind: str) -> ForwardMsg:
    message = ForwardMsg()
    if kind in ("running", "ended"):
        message.session_status_changed.script_is_running = kind == "running"
    elif kind == "new_session":
        message.new_session.name = "page"
    elif kind == "script_finished":
        message.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    else:
        message.delta.new_element.text.body = kind
    return message


def arriving(*kinds: str, rest: float = 0.0) -> list[str]:
    """What has reached a session after these were sent and so many seconds went by."""

    class Session:
        def __init__(self) -> None:
            self.got: list[str] = []

        def _enqueue_forward_msg(self, message: ForwardMsg) -> None:
            self.got.append(named(message))

    running_told_behind(Session)

    async def run() -> list[str]:
        session = Session()
        for kind in kinds:
            session._enqueue_forward_msg(part(kind))
        await asyncio.sleep(rest)
        return session.got

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        (("new_session", "running", "a", "b", "c"), ["new_session", "text", "text", "running", "text"]),
        (("new_session", "running", "a"), ["new_session", "text"]),
        (("new_session", "running", "script_finished", "ended"), ["new_session", "script_finished", "ended"]),
        (
            ("new_session", "running", "ended", "new_session", "running", "a", "b"),
            ["new_session", "ended", "new_session", *2 * ["text"], "running"],
        ),
        (("ended", "a", "b", "c"), ["ended", "text", "text", "text"]),
    ],
)
def test_the_word_goes_behind_two_messages_or_is_spared(sent: tuple[str, ...], got: list[str]) -> None:
    assert arriving(*sent) == got


def test_a_page_of_which_nothing_comes_is_told_all_the_same_and_once() -> None:
    assert arriving("new_session", "running", rest=3 * TOLD) == ["new_session", "running"]
    assert arriving("new_session", "running", "a", "b", rest=3 * TOLD) == ["new_session", "text", "text", "running"]


def test_another_screen_library_keeps_its_way() -> None:
    class Other:
        pass

    running_told_behind(Other)
    assert not hasattr(Other, "_enqueue_forward_msg")


@pytest.mark.browser
def test_after_a_slider_the_figure_comes_before_that_word(tmp_path: Path) -> None:
    got: list[str] = []

    def note(frame: bytes | str) -> None:
        if isinstance(frame, bytes):
            message = ForwardMsg()
            message.ParseFromString(frame)
            got.append(named(message))

    with serving(with_sample(tmp_path / "w.duckdb")) as address, browsing(tmp_path / "profile") as context:
        page = context.pages[0]
        page.on("websocket", lambda socket: socket.on("framereceived", note))
        page.goto(f"{address}/shortages?lang=NL")
        page.wait_for_selector(".js-plotly-plot .main-svg")
        settled(page, 1000)
        assert got[-1] == "ended"
        page.locator(".st-key-resignation_multiplier input[type=range]").first.focus()
        before = page.locator("h1").first.inner_text()
        for _ in range(4):
            _moved(page, got)
            assert got[0] == "new_session"
            assert got.index("bidi_component") < got.index("running") < len(got) - 1 - got[::-1].index("ended")
        assert page.locator("h1").first.inner_text() != before


def _moved(page: Page, got: list[str]) -> None:
    got.clear()
    page.keyboard.press("ArrowRight")
    end = time.monotonic() + LIMIT
    while "ended" not in got and time.monotonic() < end:
        page.wait_for_timeout(50)
    settled(page)

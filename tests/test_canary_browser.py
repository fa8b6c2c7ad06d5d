"""Two hundred marked values again, now in all that a real browser receives: messages, pages and downloads, as director and as HR."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from oidc_provider_mock import User
from playwright.sync_api import Page, WebSocket

from analytics.release import Role, Viewer
from tests.oidc import serving_with_login
from tests.serving import browsing, settled
from tests.test_canary import KINDS, births, found, ids, names, salaries, unpacked, written
from tests.test_login import enter
from workflows import importing, rules
from workflows.identity import Grant
from workflows.workspace import Workspace

pytestmark = pytest.mark.browser

USERS = (User(sub="chef"), User(sub="hr-1"))
GRANTS = (Grant("beheer", Role.ADMIN), Grant("hr-1", Role.HR), Grant("chef", Role.DIRECTOR, ("*",)))
PAGES = ("", "ageing", "shortages", "compare", "method", "access")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The app with the marked staff list, read in as HR reads it; its address and its folder."""
    folder = tmp_path_factory.mktemp("canary")
    upload = written(tmp_path_factory.mktemp("upload") / "personeel.xlsx")
    local = Viewer.local()
    with Workspace.open(folder / "firm.duckdb") as workspace:
        importing.save(local, workspace, importing.check(local, workspace, upload, upload.name, as_of=datetime(2026, 1, 1).date()))
        rules.set_grants(local, workspace, GRANTS)
    with serving_with_login(folder / "firm.duckdb", USERS) as address:
        yield address, folder


def as_bytes() -> list[bytes]:
    """Salaries and birth dates as tables carry them: eight bytes each."""
    moments = [int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) for day in births()]
    whole = [struct.pack("<q", moment * unit) for moment in moments for unit in (10**3, 10**6, 10**9)]
    return [struct.pack("<d", amount) for amount in salaries()] + whole


def listen(page: Page) -> list[bytes]:
    """Everything that comes in over websockets from now on."""
    received: list[bytes] = []

    def take(payload: str | bytes) -> None:
        received.append(payload if isinstance(payload, bytes) else payload.encode())

    def watch(socket: WebSocket) -> None:
        socket.on("framereceived", take)

    page.on("websocket", watch)
    return received


def downloads(page: Page) -> list[bytes]:
    """The table of the first figure and what the menu on top hands out."""
    got: list[bytes] = []
    page.locator("[class*=st-key-table_]").first.get_by_role("button").first.click()
    for name in ("csv", "xlsx"):
        with page.expect_download() as waited:
            page.locator(f"[class*=st-key-{name}_]").first.get_by_role("button").first.click()
        got.append(Path(waited.value.path()).read_bytes())
    return got


def test_two_hundred_values_are_marked() -> None:
    assert len({*names(), *ids(), *map(str, salaries()), *map(str, births())}) == 200


@pytest.mark.slow
@pytest.mark.parametrize("who", ["chef", "hr-1"])
def test_no_marked_value_reaches_a_browser(who: str, app: tuple[str, Path], tmp_path: Path) -> None:
    address, folder = app
    with browsing(tmp_path / "profile") as context:
        page = context.pages[0]
        received, seen = listen(page), []
        enter(page, address, who)
        for name in PAGES:
            page.goto(f"{address}/{name}")
            page.locator("h1").first.wait_for()
            settled(page)
            seen.append(page.content().encode())
        page.goto(address)
        page.locator(".js-plotly-plot").first.wait_for()
        settled(page)
        files = downloads(page)
    assert len(received) > 50
    assert any(b"Monteur" in message for message in received), "the search must see the groups' names go by"
    everything = [*received, *seen]
    text = "\n".join(part.decode("utf-8", "replace") for part in everything) + "\n".join(map(unpacked, files))
    text += "\n".join(file.read_text("utf-8", "replace") for file in folder.glob("*.server.log"))
    for kind in KINDS:
        assert not found(text, kind), kind
    raw = b"".join(received)
    assert not [value for value in as_bytes() if value in raw]

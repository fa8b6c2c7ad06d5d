"""A director in a real browser: an exception for one role, a scenario kept with its reason, and its link in another window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.sampling import with_sample
from tests.serving import browsing, record_outside, serving, settled

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("director") / "w.duckdb"
    return with_sample(path)


@pytest.fixture(scope="module")
def address(database: Path) -> Iterator[str]:
    with serving(database) as running:
        yield running


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with browsing(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def test_an_exception_and_a_kept_scenario(address: str, context: BrowserContext) -> None:
    outside = record_outside(context)
    page = context.pages[0]
    page.goto(f"{address}/?fill_rate=50")
    page.wait_for_selector("h1")
    settled(page)
    before = page.locator("h1").first.inner_text()
    page.get_by_role("button", name="Uitzondering maken").click()
    page.get_by_role("dialog").get_by_role("spinbutton").fill("9")
    page.get_by_role("dialog").get_by_role("spinbutton").press("Tab")
    settled(page)
    page.get_by_role("button", name="Toepassen").click()
    expect(page.locator("h1").first).not_to_have_text(before)
    settled(page)
    after = page.locator("h1").first.inner_text()
    page.get_by_role("button", name="Scenario bewaren").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").nth(0).fill("Krap")
    dialog.get_by_role("textbox").nth(1).fill("zo kan het ook")
    dialog.get_by_role("textbox").nth(1).press("Tab")
    settled(page)
    with page.expect_download() as file:
        dialog.get_by_role("button", name="Download als bestand").click()
    content = Path(file.value.path()).read_bytes()
    dialog.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.get_by_text("Krap is bewaard")).to_be_visible()
    settled(page)

    page.goto(f"{address}/compare")
    expect(page.get_by_text("zo kan het ook")).to_be_visible()
    settled(page)
    page.locator("[class*='st-key-_more_'] button").first.click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    other = context.new_page()
    other.goto(f"{address}/{link[link.index('?') :]}")
    expect(other.locator("h1").first).to_have_text(after)
    other.close()
    assert not outside, outside
    assert b'"overrides"' in content
    assert b"zo kan het ook" in content

"""What is being worked out anew fades when it takes long; until then a move of a slider leaves the page as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.sampling import with_sample
from tests.serving import browsing, serving, settled

pytestmark = pytest.mark.browser
STALE = "[data-testid='stElementContainer'][data-stale='true']"
LEVER = ".st-key-resignation_multiplier input[type=range]"
WATCH = """() => {
    window.seen = [];
    const look = () => {
        const late = getComputedStyle(document.querySelector("[data-testid='stApp']")).getPropertyValue('--fresh') !== '';
        for (const one of document.querySelectorAll("[data-testid='stElementContainer'][data-stale='true']"))
            seen.push([late, Number(getComputedStyle(one).opacity), one.getAnimations().length]);
        requestAnimationFrame(look);
    };
    look();
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(with_sample(tmp_path_factory.mktemp("fading") / "w.duckdb")) as running:
        yield running


@pytest.fixture
def page(address: str, tmp_path: Path) -> Iterator[Page]:
    with browsing(tmp_path) as context:
        shown = context.pages[0]
        shown.goto(f"{address}/?lang=NL")
        shown.wait_for_selector(LEVER)
        settled(shown)
        yield shown


def test_a_move_of_a_slider_leaves_the_page_as_it_is_unless_it_takes_long(page: Page) -> None:
    """Each part that moves gets a layer of its own in the browser: it was ninety of them with every move."""
    page.evaluate(WATCH)
    page.locator(LEVER).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => seen.length > 10")
    settled(page)
    assert {(opacity, moving) for late, opacity, moving in page.evaluate("() => seen") if not late} <= {(1, 0)}
    assert page.locator(STALE).count() == 0


def test_what_takes_long_fades(page: Page) -> None:
    """Said to be at work again with every look: a run that ends meanwhile says that it is not."""
    page.wait_for_function("""() => {
        const part = document.querySelector("[data-testid='stElementContainer']");
        document.querySelector("[data-testid='stApp']").setAttribute("data-test-script-state", "running");
        part.dataset.stale = "true";
        return Number(getComputedStyle(part).opacity) < 0.4;
    }""")

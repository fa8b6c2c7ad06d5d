"""What a hand does in a browser, each step waited for: a choice in a cell of a table, a click in a figure, a name from a list."""

from __future__ import annotations

import re
import time
from contextlib import suppress

from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.waiting import LIMIT, until

STILL = """async element => {
    const at = () => JSON.stringify(element.getBoundingClientRect());
    for (let same = 0, last = at(); same < 10;) {
        await new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)));
        const now = at();
        same = now === last ? same + 1 : 0;
        last = now;
    }
}"""
"""Until it has stood in one place for ten frames: a box that opens above it moves it without any change of the document."""
SOON = 20_000
"""Milliseconds after which a step is taken once more."""
MARKED = """element => {
    const held = () => element.closest('[data-testid="stDataFrame"]').contains(document.activeElement);
    if (element.getAttribute('aria-selected') !== 'true' || !held()) element.focus();
    return element.getAttribute('aria-selected') === 'true' && held();
}"""
"""The first touch gives the table the keyboard, the next one marks the cell. A choice with Enter marks the cell below, and a page that is
drawn anew may take the keyboard away from it."""
RESTED_ON = "element => Boolean(element.closest('.js-plotly-plot')?._hoverdata?.length)"


def choose_in_table(page: Page, table: Locator, row: int, column: int, option: str) -> None:
    """In this cell of an editable table this option of its list, by keyboard: no place on the screen is counted out. Begun again when
    a page that is drawn anew closed the list."""
    cell, entry = table.get_by_test_id(f"glide-cell-{column}-{row}"), page.locator("#portal").get_by_role("combobox")
    found = page.locator("#portal").get_by_role("option")
    exactly = found.filter(has_text=re.compile(f"^{re.escape(option)}$"))
    expect(cell).to_be_attached()

    def chosen() -> bool:
        page.wait_for_function(MARKED, arg=cell.element_handle(), polling=200)
        page.keyboard.press("Enter")
        with suppress(AssertionError):
            expect(entry).to_be_focused(timeout=SOON)
            page.keyboard.type(option)
            expect(entry).to_have_value(option, timeout=SOON)
            expect(exactly).to_have_count(1, timeout=SOON)
            for _ in range(found.all_inner_texts().index(option)):  # other names hold it too
                page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            expect(entry).to_have_count(0, timeout=SOON)
            expect(cell).to_have_text(option, timeout=SOON)
            return True
        page.keyboard.press("Escape")
        return False

    until(chosen)


def choose_from_list(page: Page, box: Locator, text: str) -> None:
    """The one option with this text of a box that opens a list; opened again when a page that is drawn anew closed it."""
    found = page.get_by_role("option").filter(has_text=text)

    def opened() -> bool:
        box.click()
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(text)
        with suppress(AssertionError, TimeoutError):
            expect(found).to_have_count(1, timeout=SOON)
            found.click(timeout=SOON)
            expect(page.get_by_role("option")).to_have_count(0, timeout=SOON)
            return True
        page.keyboard.press("Escape")
        return False

    until(opened)


def click(page: Page, target: Locator, beside: tuple[float, float] = (0.0, 0.0), at: float = 0.0, figure: bool = True) -> None:
    """Where a hand would click: over figures and tables lies a layer that takes the click. at: share of the size from the corner."""
    target.scroll_into_view_if_needed()
    target.evaluate(STILL)
    box = target.bounding_box()
    assert box is not None
    x, y = box["x"] + at * box["width"] + beside[0], box["y"] + at * box["height"] + beside[1]
    page.mouse.move(x, y)
    limit = time.monotonic() + LIMIT
    while figure and not target.evaluate(RESTED_ON):  # it takes the point that the hand rests on
        assert time.monotonic() < limit
        page.wait_for_timeout(100)
        page.mouse.move(x + 1, y)
        page.mouse.move(x, y)
    page.mouse.click(x, y)

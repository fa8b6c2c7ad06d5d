"""What a hand does in a browser, each step waited for: a choice in a cell of a table, a click in a figure, a name from a list."""

from __future__ import annotations

import time

from playwright.sync_api import Locator, Page, expect

from tests.waiting import LIMIT

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
MARKED = """element => {
    if (element.getAttribute('aria-selected') !== 'true') element.focus();
    return element.getAttribute('aria-selected') === 'true';
}"""
"""The first touch gives the table the keyboard, the next one marks the cell."""
RESTED_ON = "element => Boolean(element.closest('.js-plotly-plot')?._hoverdata?.length)"


def choose_in_table(page: Page, table: Locator, row: int, column: int, option: str) -> None:
    """In this cell of an editable table this option of its list, by keyboard: no place on the screen is counted out."""
    cell = table.get_by_test_id(f"glide-cell-{column}-{row}")
    expect(cell).to_be_attached()
    page.wait_for_function(MARKED, arg=cell.element_handle(), polling=200)
    page.keyboard.press("Enter")
    entry = page.locator("#portal").get_by_role("combobox")
    expect(entry).to_be_focused()
    page.keyboard.type(option)
    expect(entry).to_have_value(option)
    found = page.locator("#portal").get_by_role("option")
    expect(found).to_have_count(1)
    expect(found).to_have_text(option)
    page.keyboard.press("Enter")
    expect(entry).to_have_count(0)
    expect(cell).to_have_text(option)


def choose_from_list(page: Page, box: Locator, text: str) -> None:
    """The one option with this text of a box that opens a list."""
    box.click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.type(text)  # the rest of the page is out of reach while a list is open
    found = page.get_by_role("option").filter(has_text=text)
    expect(found).to_have_count(1)
    found.click()
    expect(page.get_by_role("option")).to_have_count(0)


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

"""A director without a mouse, in a real browser: everything is reached by Tab in the order of the page, the place of the keyboard is to
be seen, parts of figures open by keys, and Escape closes what was opened."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from presentation.texts import Words
from tests.sampling import with_sample
from tests.screenshots import DRAWN
from tests.serving import browsing, serving, settled

pytestmark = pytest.mark.browser
NL = Words("nl")
MOST = 160
"""Presses of Tab on one page."""

CONTROLS = """() => {
    const seen = one => one.checkVisibility({visibilityProperty: true, opacityProperty: true}) && one.getBoundingClientRect().width > 1;
    const kinds = 'button, a[href], input, select, textarea, [role=slider], [tabindex="0"]';
    const all = [...document.querySelectorAll(`[data-testid=stMain] :is(${kinds})`)];
    window.controls = all.filter(one => one.tabIndex >= 0 && !one.disabled && seen(one));
    return window.controls.length;
}"""
"""Everything in the page that answers the keyboard; kept in the window."""

HERE = """() => {
    const one = document.activeElement;
    return {at: window.controls.indexOf(one), inside: Boolean(one.closest('[data-testid=stMain]')), top: one === document.body,
        said: (one.getAttribute('aria-label') || one.innerText || one.outerHTML).slice(0, 80)};
}"""

PASSED = """visited => {
    const been = visited.map(at => window.controls[at]), group = one => one.closest('[role=radiogroup],[role=tablist],[role=toolbar]');
    return window.controls.filter(one => !been.includes(one) && !been.some(other => group(one) && group(one) === group(other)))
        .map(one => one.outerHTML.slice(0, 160));
}"""
"""What Tab went past. Inside a group the arrow keys go on."""

MARKED = """async one => {
    const look = part => { const style = getComputedStyle(part);
        return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor, style.backgroundColor, style.color].join(); };
    const over = [1, 2, 3].reduce((up, _) => [...up, up.at(-1)?.parentElement], [one]).filter(Boolean);
    const around = [...over, ...one.querySelectorAll('*')].slice(0, 30);
    const still = () => document.getAnimations().forEach(one => { try { one.finish(); } catch {} });
    still();
    const with_keyboard = around.map(look);
    one.blur();
    await new Promise(done => requestAnimationFrame(() => setTimeout(done, 60)));
    still();
    const without = around.map(look);
    one.focus({preventScroll: true});
    return with_keyboard.some((style, at) => style !== without[at]) || one.closest('[data-testid=stDataFrame]') !== null;
}"""
"""Whether anything looks different because the keyboard is here. A table draws its own marked cell."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(with_sample(tmp_path_factory.mktemp("keys") / "w.duckdb")) as running:
        yield running


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with browsing(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def opened(context: BrowserContext, address: str) -> Page:
    page = context.pages[0]
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    page.wait_for_function(DRAWN)
    settled(page, 800)
    return page


@pytest.mark.slow
def test_a_part_of_a_figure_is_chosen_and_opened_by_keys(address: str, context: BrowserContext) -> None:
    page = opened(context, f"{address}/shortages?lang=NL")
    keys = page.locator(".st-key-chart_heat_map [role=slider]")
    assert keys.get_attribute("aria-label") == NL("explained.keys")
    keys.focus()
    assert (keys.get_attribute("aria-valuetext") or "").startswith("Elektromonteur, 2026: ")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    chosen = keys.get_attribute("aria-valuetext") or ""
    assert chosen.startswith("Elektromonteur, 2027: ")
    expect(page.locator(".st-key-chart_heat_map .hoverlayer")).to_contain_text("2027")  # shown to who sees it
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Elektromonteur in 2027")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["", "shortages", "compare", "meeting"])
def test_tab_goes_through_the_page_in_its_order_and_is_always_to_be_seen(where: str, address: str, context: BrowserContext) -> None:
    page = opened(context, f"{address}/{where}?lang=NL")
    if not where:
        page.wait_for_selector(".st-key-question_5 .stMarkdownBadge")
        settled(page, 800)
    page.evaluate(CONTROLS)
    page.locator("[data-testid=stMain]").evaluate("one => { one.tabIndex = -1; one.focus(); }")
    visited: list[int] = []
    unseen: list[str] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if not here["inside"]:
            break
        visited.append(here["at"])
        if not page.evaluate(f"async () => ({MARKED})(document.activeElement)"):
            unseen.append(here["said"])
    else:
        raise AssertionError(f"after {MOST} presses still in the page")
    known = [at for at in visited if at >= 0]
    assert known == sorted(known), "the order of the page"
    told = page.evaluate(PASSED, known)
    assert not told, "\n".join(told)
    assert not unseen, unseen


@pytest.mark.slow
def test_the_bar_of_a_meeting_works_by_keys_alone(address: str, context: BrowserContext) -> None:
    page = opened(context, f"{address}/meeting?lang=NL")
    first = page.locator("h1").first.inner_text()
    page.get_by_role("button", name=NL("meeting.agenda")).focus()
    page.keyboard.press("Enter")
    second = page.locator(".st-key-_agenda_1 button")
    expect(second).to_be_visible()
    page.keyboard.press("Escape")
    expect(second).to_be_hidden()
    page.keyboard.press("Enter")
    expect(second).to_be_visible()
    second.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1").first).not_to_have_text(first)


@pytest.mark.slow
def test_what_was_opened_closes_by_escape_and_the_keyboard_is_back_where_it_was(address: str, context: BrowserContext) -> None:
    page = opened(context, f"{address}/?lang=NL")
    keys = page.locator(".st-key-chart_bridge [role=slider]")
    keys.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("stand ")
    assert page.evaluate("document.querySelector('[role=dialog]').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(keys).to_be_focused()
    menu = page.locator(".st-key-table_supply_demand button").first
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-csv_supply_demand button")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-csv_supply_demand")).to_have_count(0)

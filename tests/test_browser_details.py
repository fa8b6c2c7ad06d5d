"""Small things of the screen in a real browser: what the screen library says or draws by itself, in the reader's words and ink."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from presentation.charts import CONFIG
from presentation.controls.menu import SECTIONS
from presentation.plotting import OURS
from presentation.texts import Words
from presentation.theme import DARK, LIGHT, contrast
from tests.sampling import with_sample
from tests.screenshots import PHONE
from tests.serving import browsing, serving, settled

pytestmark = pytest.mark.browser
INK = "(where) => getComputedStyle(document.querySelector(where)).color"
SAYS = """() => [...document.querySelectorAll("[role='listbox'][data-empty] [role='option']")].map(
    line => [line.innerText.trim(), getComputedStyle(line, '::after').content])"""

HINTS = """() => [...document.querySelectorAll("[data-testid='stSidebarNavItems'] a")].map(
    link => [link.innerText.split("\\n").pop(), link.title])"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(with_sample(tmp_path_factory.mktemp("details") / "w.duckdb")) as running:
        yield running


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    settled(page)
    return page


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_list_in_which_nothing_is_found_says_so_in_the_readers_language(language: str, address: str, tmp_path: Path) -> None:
    words = Words(language)
    said = [["", f'"{words("app.none_found")}"']]
    with browsing(tmp_path) as context:
        page = opened(context.pages[0], f"{address}/skills?lang={language.upper()}")
        field = page.locator("[data-testid='stSelectbox'] input").first
        field.click()
        field.fill("qqqq")
        page.wait_for_selector("[role='listbox'][data-empty]")
        assert page.evaluate(SAYS) == said
        page.keyboard.press("Escape")
        page.get_by_role("button", name=words("app.scope_all")).first.click()
        field = page.locator("[data-testid='stMultiSelect'] input").first
        field.click()
        field.fill("qqqq")
        page.wait_for_selector("[data-testid='stMultiSelectDropdown'] [role='listbox'][data-empty]")
        assert page.evaluate(SAYS) == said


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_what_opens_the_menu_is_as_dark_as_text(scheme: str, address: str, tmp_path: Path) -> None:
    palette = DARK if scheme == "dark" else LIGHT
    with browsing(tmp_path, width=390, height=844, scheme=scheme, agent=PHONE) as context:
        page = opened(context.pages[0], f"{address}/skills")
        drawn = page.evaluate(INK, "[data-testid='stExpandSidebarButton'] [data-testid='stIconMaterial']")
    colour = re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", drawn)
    assert colour, f"{drawn} lets the background through"
    assert contrast("#" + "".join(f"{int(part):02X}" for part in colour.groups()), palette.paper) >= 7


def test_each_entry_of_the_menu_says_what_its_page_answers_in_the_readers_language(address: str, tmp_path: Path) -> None:
    with browsing(tmp_path) as context:
        page = opened(context.pages[0], f"{address}/shortages?lang=NL")
        for language in ("nl", "en"):
            words = Words(language)
            wanted = [[words(f"nav.{name}"), words(f"nav.{name}_help")] for names in SECTIONS.values() for name in names]
            page.get_by_role("radio", name=language.upper(), exact=True).click()
            page.wait_for_function("lang => document.documentElement.lang === lang", arg=language)
            settled(page)
            assert page.evaluate(HINTS) == wanted


HEIGHTS = """window.heights = [];
const look = () => {
    const title = document.querySelector('h1');
    if (title?.innerText) window.heights.push(Math.round(title.getBoundingClientRect().top));
    requestAnimationFrame(look);
};
look();"""
"""From the first frame with a title on: how high it stands, frame by frame."""


@pytest.mark.parametrize("name", ["", "shortages", "skills"])
def test_the_title_stands_still_while_the_rest_of_the_page_comes(name: str, address: str, tmp_path: Path) -> None:
    with browsing(tmp_path) as context:
        context.add_init_script(HEIGHTS)
        for language in ("NL", "EN"):
            page = opened(context.pages[0], f"{address}/{name}?lang={language}")
            heights = page.evaluate("window.heights")
            assert len(heights) > 1
            assert set(heights) == {heights[-1]}


OVERTAKEN = """async ([address, config]) => {
    const parent = document.querySelector(".st-key-chart_supply_demand [data-testid='stBidiComponentRegular']");
    const svg = parent.querySelector(".main-svg");
    const drawn = (await import(address)).default;
    const spec = {data: [{type: "bar", x: [1, 2], y: [3, 4]}], layout: {height: 360, title: {text: "Ingehaald"}}, config};
    const told = figure => ({parentElement: parent, setTriggerValue() {}, data: {figure: JSON.stringify(figure), alt: "-", height: 360}});
    const overtaken = drawn(told(spec));
    overtaken();
    spec.layout.title.text = "Gebleven";
    const last = drawn(told(spec));
    const until = performance.now() + 5000;
    while (!parent.innerText.includes("Gebleven") && performance.now() < until) await new Promise(done => setTimeout(done, 50));
    const stands = [svg.isConnected, parent.querySelectorAll("[role='figure']").length, parent.innerText.includes("Gebleven")];
    const box = parent.querySelector("[role='figure']");
    parent.remove();
    last();
    await new Promise(done => setTimeout(done, 50));
    return [...stands, Boolean(parent.querySelector("[role='figure']")), Boolean(box._fullLayout)];
}"""
"""Numbers that are overtaken while the screen library makes them ready, as in a quick series of moves: it hands them over all the same and
clears up after them at once. What goes for good has left the page before that."""


def test_numbers_that_are_overtaken_leave_the_figure_where_it_stands(address: str, tmp_path: Path) -> None:
    with browsing(tmp_path) as context:
        page = opened(context.pages[0], f"{address}/")
        stays, figures, told, left, held = page.evaluate(OVERTAKEN, [f"/_stcore/bidi-components/{OURS}/figure.js", CONFIG])
    assert stays, "the figure was taken away and built anew"
    assert (figures, told) == (1, True)
    assert (left, held) == (False, False), "a figure that has gone from the page is still held"

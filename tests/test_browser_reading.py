"""Reading in a real browser: a bar, a box and a row open how they are made and narrow the other figures; keys; meeting
mode; and an exception for one role, a scenario kept with its reason, and its link in another window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from presentation import lists
from presentation.texts import Words
from tests.accessible import grave_faults
from tests.hands import click
from tests.sampling import with_sample
from tests.serving import browsing, record_outside, serving, settled
from workflows import decisions
from workflows.types import Viewer
from workflows.workspace import Workspace

pytestmark = pytest.mark.browser
NL = Words("nl")


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
    with browsing(tmp_path_factory.mktemp("profile"), height=1400) as opened:
        yield opened


def opened(context: BrowserContext, address: str) -> Page:
    page = context.pages[0]
    page.goto(address)
    page.wait_for_selector("h1")
    settled(page)
    return page


def turned(page: Page, key: str, done: Callable[[], bool]) -> None:
    """Press the key until it has been heard: the page listens a moment after it is drawn, and a machine may be slow."""
    for _ in range(6):
        page.keyboard.press(key)
        for _ in range(40):
            if done():
                return
            page.wait_for_timeout(500)
    raise AssertionError(f"{key} was not heard")


@pytest.mark.slow
def test_all_five_questions_are_answered_and_checked(address: str, context: BrowserContext) -> None:
    page = opened(context, f"{address}/?lang=NL")
    outside = record_outside(context)
    expect(page.locator(".st-key-question_5")).to_contain_text("soorten maatregelen dichten")
    settled(page)
    for number in range(1, 6):
        row = page.locator(f".st-key-question_{number}")
        assert row.get_by_role("link").count() == 1
        assert NL("answers.working") not in row.inner_text()
    assert page.locator(".st-key-question_sixth").count() == 1
    assert grave_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert not outside, outside


@pytest.mark.slow
def test_a_bar_opens_its_step_with_the_numbers_filled_in(address: str, context: BrowserContext) -> None:
    page = opened(context, f"{address}/?lang=NL")
    bar = page.locator(".st-key-card_bridge .barlayer .point path").nth(1)
    click(page, bar, at=0.5)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("stand ")
    expect(dialog).to_contain_text("= ")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_box_opens_its_year_and_a_move_is_taken_back_and_made_again(address: str, context: BrowserContext) -> None:
    page = opened(context, f"{address}/?lang=NL")
    dialog = page.get_by_role("dialog")
    for _ in range(2):  # the same box once more: the first role, now, near the edge of its box
        click(page, page.locator(".st-key-card_heat_map .heatmaplayer image"), at=0.02)
        expect(dialog).to_contain_text("Elektromonteur in 2026")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        settled(page)
    title = page.locator("h1").first
    before = title.inner_text()
    lever = page.locator(".st-key-resignation_multiplier").get_by_role("slider")
    lever.focus()
    lever.press("ArrowRight")
    expect(title).not_to_have_text(before)
    settled(page)
    moved = title.inner_text()
    page.locator(".st-key-_undo button").first.click()
    expect(title).to_have_text(before)
    settled(page)
    page.locator(".st-key-_redo button").first.click()
    expect(title).to_have_text(moved)


def test_a_role_fits_on_one_sheet_of_paper(address: str, context: BrowserContext, tmp_path: Path) -> None:
    for lang in ("NL", "EN"):
        page = opened(context, f"{address}/role_outlook?lang={lang}")
        with page.expect_download() as file:
            page.locator(".st-key-role_file button").first.click()
        sheet = tmp_path / f"{lang}.html"
        file.value.save_as(str(sheet))
        paper = context.new_page()
        paper.goto(sheet.as_uri())
        printed = paper.pdf(format="A4")
        paper.close()
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
        assert not re.search(r"\b[PM]\d{4,}", sheet.read_text(encoding="utf-8"))  # nobody's number


def test_a_row_opens_its_shortage_and_narrows_every_figure(address: str, context: BrowserContext) -> None:
    page = opened(context, f"{address}/shortages?lang=NL")
    before = page.locator("[data-testid='stMetricValue']").first.inner_text()
    click(page, page.locator(".st-key-card_shortage_list .dvn-scroller").first, (18, 52), figure=False)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("nodig ")
    dialog.locator(".st-key-_filter_on button").click()
    expect(page.locator(".st-key-chips button")).to_have_count(2)
    settled(page)
    assert page.locator("[data-testid='stMetricValue']").first.inner_text() != before
    page.locator(".st-key-_chips_clear button").click()
    expect(page.locator("[data-testid='stMetricValue']").first).to_have_text(before)


def test_the_first_figure_follows_the_slider_wherever_one_comes_from(address: str, context: BrowserContext) -> None:
    """It goes to the browser ahead of its page when it stands there already; a page of another shape is never taken for that."""
    page, faults = opened(context, f"{address}/?lang=NL"), []
    page.on("pageerror", lambda problem: faults.append(str(problem)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    figure, slider = page.get_by_test_id("figure").first, page.locator(".st-key-resignation_multiplier input[type=range]").first
    for name in ("shortages", "", "shortages", ""):
        for _ in range(2):
            told = figure.get_attribute("aria-label") or ""
            slider.focus()
            page.keyboard.press("ArrowRight")
            expect(figure).not_to_have_attribute("aria-label", told)
            settled(page)
        page.locator(f"[data-testid='stSidebarNavLink'][href$='/{name}']").first.evaluate("link => link.click()")
        page.wait_for_function("name => location.pathname === `/${name}`", arg=name)
        figure.wait_for()
        settled(page)
    assert faults == []


def test_a_meeting_goes_by_arrow_keys_and_ends_in_a_decision(address: str, context: BrowserContext, database: Path) -> None:
    page = opened(context, f"{address}/meeting?lang=NL")
    first = page.locator("h1").first.inner_text()
    turned(page, "ArrowRight", lambda: page.locator("h1").first.inner_text() != first)  # no click is needed first
    turned(page, "ArrowLeft", lambda: page.locator("h1").first.inner_text() == first)
    year = page.get_by_role("slider").first
    year.focus()
    year.press("ArrowRight")
    expect(page.locator("h1").first).to_contain_text("2032")  # the sliders are live
    settled(page)
    page.locator("h1").first.click()  # arrows belong to the slider until it is left
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        settled(page)
    expect(page.locator("h1").first).to_have_text(NL("meeting.decide_title"))
    settled(page)
    page.get_by_role("textbox", name=NL("meeting.decision")).fill("Meer leerplekken")
    page.get_by_role("textbox", name=NL("meeting.owner")).fill("HR")
    page.get_by_text(NL("meeting.council_advice"), exact=True).first.click()
    page.get_by_role("button", name=NL("meeting.decide")).click()
    expect(page.get_by_text(NL("meeting.decided"))).to_be_visible()
    with Workspace.open(database, reading=True) as workspace:
        row = decisions.decisions(Viewer.local(), workspace).iloc[0]
    assert (row["text"], row["owner"], row["council"]) == ("Meer leerplekken", "HR", "advice")


@pytest.mark.slow
def test_an_exception_and_a_kept_scenario(address: str, context: BrowserContext) -> None:
    outside = record_outside(context)
    page = opened(context, f"{address}/?fill_rate=50")
    before = page.locator("h1").first.inner_text()
    page.get_by_role("button", name="Uitzondering maken").click()
    value = page.get_by_role("dialog").get_by_role("textbox").last
    value.fill("veel")
    value.press("Tab")
    settled(page)
    page.get_by_role("button", name="Toepassen").click()
    expect(page.get_by_text("Dit is geen getal: veel")).to_be_visible()
    value.fill("9,5")
    value.press("Tab")
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
    _kept_as_a_decision(page)
    assert not outside, outside
    assert b'"overrides"' in content
    assert b"zo kan het ook" in content


def _kept_as_a_decision(page: Page) -> None:
    """Renamed, fixed as a decision, copied, put away and taken back, each by a click; what is fixed cannot be renamed or deleted."""

    def press(name: str, row: int = 0) -> None:
        menu = page.locator("[class*='st-key-_more_'] button").nth(row)
        button = page.get_by_role("button", name=name, exact=True)
        if not button.count():
            menu.click()
        button.click()
        settled(page)

    rows = page.locator("[class*='st-key-saved_']")
    name = page.get_by_role("textbox", name="Naam", exact=True)
    name.fill("Krap en laat")
    name.press("Tab")
    settled(page)
    press("Naam wijzigen")
    expect(rows.first.get_by_text("Krap en laat")).to_be_visible()
    press("Vastzetten als besluit")
    expect(rows.first).to_contain_text("besluit")
    expect(page.get_by_role("button", name="Naam wijzigen")).to_be_disabled()
    expect(page.get_by_role("button", name="Verwijderen")).to_be_disabled()
    press("Kopie maken")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="Krap en laat (kopie)")).to_have_count(1)
    page.keyboard.press("Escape")
    settled(page)
    press("Naar archief")
    expect(rows).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_text("1 scenario in het archief").click()
    page.get_by_role("button", name="Terughalen").click()
    expect(rows).to_have_count(2)


@pytest.mark.parametrize("name", ["skills", "changing"])
def test_pages_that_draw_their_figures_first_tell_what_they_are_about_as_well(context: BrowserContext, address: str, name: str) -> None:
    """Scenario, reference date, people counted and range, also after a slider: the line that the overview has."""

    def told(page: Page) -> str:
        settled(page)
        return page.locator(".st-key-context").inner_text()

    page = opened(context, f"{address}/?lang=NL&resignation_multiplier=1.2")
    overview = told(page)
    page.goto(f"{address}/{name}?lang=NL&resignation_multiplier=1.2")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    assert told(page) == overview
    assert "1.194" in overview
    page.locator(".st-key-resignation_multiplier input[type=range]").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('.st-key-context').innerText !== before", arg=overview)
    moved = told(page)
    page.goto(f"{address}/?{page.url.split('?')[1]}")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    assert told(page) == moved


def test_an_assumption_that_was_not_believed_is_read_whole(context: BrowserContext, address: str) -> None:
    page = opened(context, f"{address}/meeting?lang=NL")
    page.get_by_role("button", name=NL("meeting.agenda")).click()
    page.locator(".st-key-_agenda_6 button").click()
    page.keyboard.press("Escape")
    settled(page)
    label = lists.lever_name(NL, "freed_hours_per_week")
    field = page.locator(".st-key-card_doubt [data-testid=stMultiSelect]")
    field.locator("input").click()
    expect(page.get_by_role("option").first).to_be_visible()
    assert not page.get_by_text("Select all").count(), "English in every language"
    field.locator("input").fill(label[:20])
    page.get_by_role("option", name=label).click()
    tag = field.locator("[data-tag] > span").first
    expect(tag).to_have_text(label)
    assert tag.evaluate("one => one.scrollWidth <= one.clientWidth")

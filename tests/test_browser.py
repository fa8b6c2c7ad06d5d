"""One real run in a real browser: load the sample, move a slider, share the address, upload a file; nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import BrowserContext, Page, expect

from tests.hands import choose_in_table
from tests.serving import browsing, record_outside, serving, settled
from tests.test_pointing import FRENCH, french

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("app") / "w.duckdb") as running:
        yield running


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with browsing(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def outside(context: BrowserContext) -> list[str]:
    return record_outside(context)


def headline(page: Page) -> str:
    return page.locator("h1").first.inner_text()


HOSTILE = '<img src="http://kwaad.invalid/x" onerror="window.gepakt=1"> [klik](javascript:window.gepakt=1) $\\href{x}{y}$ %{customdata}'
"""A department that would fetch a picture, run a script or fill in a hover, were it anything but letters."""


WATCHED = """() => {
    window.frames_while_saving = [];
    const look = () => {
        if (document.querySelector('h1')?.innerText.includes('wordt opgeslagen')) {
            const steps = [...document.querySelectorAll("[class*='st-key-step_']")].filter(step => step.getBoundingClientRect().height);
            window.frames_while_saving.push(steps.map(step => [...step.classList].find(name => name.startsWith('st-key-step_'))));
        }
        requestAnimationFrame(look);
    };
    look();
}"""
"""Which steps of the upload are in sight while a file is being saved, frame by frame."""


def small_firm(folder: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("Personeelsnummer", "Geboortedatum", "Datum in dienst", "Afdeling", "Functie", "Deeltijdfactor"))
    for number in range(40):
        sheet.append(
            (f"{number:05}", date(1958 + number, 3, 1), date(2015, 1, 1), HOSTILE, "Lasser" if number % 2 else "<b>Monteur</b>", 0.8)
        )
    book.save(folder / "klein.xlsx")
    return folder / "klein.xlsx"


def test_from_empty_app_to_shared_scenario_to_own_file(address: str, context: BrowserContext, outside: list[str], tmp_path: Path) -> None:
    page = context.pages[0]
    page.goto(address)
    page.get_by_role("button", name="Voorbeelddata laden").click()
    expect(page.get_by_text("1.194 mensen geteld").first).to_be_visible()
    page.wait_for_selector(".js-plotly-plot .main-svg")
    settled(page)
    assert page.evaluate("document.documentElement.lang") == "nl"
    before = headline(page)
    assert any(character.isdigit() for character in before)

    figure = page.locator(".st-key-chart_supply_demand .main-svg").first.element_handle()
    told = page.locator(".st-key-chart_supply_demand [role=figure]").get_attribute("aria-label")
    slider = page.get_by_test_id("stSidebar").get_by_role("slider").nth(1)
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator("h1").first).not_to_have_text(before)
    settled(page)
    after = headline(page)
    assert "?" in page.url
    expect(page.locator(".st-key-chart_supply_demand [aria-busy]")).to_have_count(0)
    assert figure.evaluate("svg => svg.isConnected"), "a figure changes where it stands"
    assert page.locator(".st-key-chart_supply_demand [role=figure]").get_attribute("aria-label") != told

    shared = context.new_page()
    shared.goto(page.url)
    expect(shared.locator("h1").first).to_have_text(after)
    shared.goto(address + "/?rvu_uptake=99&onzin=1")
    expect(shared.get_by_text("onzin").first).to_be_visible()
    assert not shared.locator(".modebar-btn").count()
    shared.close()

    page.goto(address + "/upload")
    page.locator("input[type='file']").set_input_files(str(small_firm(tmp_path)))
    expect(page.get_by_text("40 mensen klaar om op te slaan").first).to_be_visible()
    page.evaluate(WATCHED)
    page.locator(".st-key-save").get_by_role("button").click()
    expect(page.get_by_text("Opgeslagen: 1 meting")).to_be_visible()
    frames = page.evaluate("window.frames_while_saving")
    alone = ["st-key-step_file"]
    assert alone in frames, "the title says that it is being saved, and nothing of the steps before is left on the page"
    begun = frames.index(alone)  # a slow browser may draw the new title a frame before it takes the old steps away
    assert all(frame == alone for frame in frames[begun:])
    settled(page)
    page.goto(address)
    expect(page.get_by_text("40 mensen geteld").first).to_be_visible()
    expect(page.get_by_text("Voorbeelddata")).to_have_count(0)
    assert not outside, outside


@pytest.mark.parametrize("where", ["shortages", *(pytest.param(name, marks=pytest.mark.slow) for name in ("", "ageing", "upload"))])
def test_hostile_names_stay_letters(address: str, context: BrowserContext, outside: list[str], where: str) -> None:
    """The file of the test before: its department is written out, and nothing of it became a node, a link, a request or a window."""
    page, windows = context.pages[0], []
    page.on("dialog", lambda window: (windows.append(window.message), window.dismiss()))
    page.goto(f"{address}/{where}")
    expect(page.locator("h1").first).to_be_visible()
    settled(page, 1500)
    assert page.locator("img[src*='kwaad'], a[href^='javascript'], [onerror]").count() == 0
    assert page.evaluate("window.gepakt === undefined")
    assert not windows
    assert not outside, outside


def test_a_file_that_is_no_workbook_gets_one_sentence_and_the_app_lives(address: str, context: BrowserContext, tmp_path: Path) -> None:
    page = context.pages[0]
    bad = tmp_path / "kapot.xlsx"
    bad.write_bytes(b"MZ this is a program" * 100)
    page.goto(address + "/upload")
    page.locator("input[type='file']").set_input_files(str(bad))
    expect(page.get_by_test_id("stAlert").first).to_be_visible()
    assert "Traceback" not in page.content()
    page.goto(address)
    expect(page.locator("h1").first).to_be_visible()


def strange_firm(folder: Path) -> Path:
    """One header that nobody knows, and one role under two names."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("Personeelsnummer", "Kenmerk X", "Geboortedatum", "Datum in dienst", "Functie", "Deeltijdfactor"))
    for number in range(20):
        role = "Monteur" if number % 4 else "Monteur (m/v)"
        sheet.append((f"{number:05}", ("Noord", "Zuid")[number % 2], date(1970, 3, 1 + number), date(2015, 1, 1), role, 0.8))
    book.save(folder / "vreemd.xlsx")
    return folder / "vreemd.xlsx"


@pytest.mark.slow
def test_another_choice_for_a_column_and_a_name_is_read_again(address: str, context: BrowserContext, tmp_path: Path) -> None:
    """By keyboard and mouse, as an adviser does it; nothing is stored meanwhile."""
    page = context.pages[0]
    page.goto(address + "/upload")
    page.locator("input[type='file']").set_input_files(str(strange_firm(tmp_path)))
    columns, preview = page.locator(".st-key-step_columns"), page.locator(".st-key-step_preview")
    expect(page.locator(".st-key-step_save")).to_be_visible()
    settled(page)
    columns.locator("summary").click()
    settled(page)
    choose_in_table(page, columns.get_by_test_id("stDataFrame"), row=1, column=1, option="Afdeling")
    page.locator(".st-key-_again").get_by_role("button").click()
    expect(columns.get_by_text("6 kolommen herkend").first).to_be_visible()
    settled(page)
    preview.locator("summary").first.click()
    page.locator(".st-key-_apply_values").get_by_role("button").click()
    settled(page, 1200)
    preview.locator("summary").last.click()
    settled(page)
    shown = preview.get_by_test_id("stDataFrame").last
    heads, cells = shown.locator("th").all_inner_texts(), shown.locator("td").all_inner_texts()
    assert "Afdeling" in heads
    assert {"Noord", "Zuid", "Monteur"} <= set(cells)
    assert "Monteur (m/v)" not in cells
    page.locator(".st-key-cancel").get_by_role("button").click()
    expect(page.locator(".st-key-step_save")).to_have_count(0)


@pytest.mark.slow
def test_headers_nobody_knows_are_pointed_out_and_known_for_the_next_file(address: str, context: BrowserContext, tmp_path: Path) -> None:
    """In the table on the page; what was pointed out is read at once, and the next file with these headers needs no pointing."""
    page = context.pages[0]
    first, second = french(tmp_path, 12), french(tmp_path, 14)
    page.goto(address + "/upload")
    page.locator("input[type='file']").set_input_files(str(first.rename(tmp_path / "liste 2025-01-01.xlsx")))
    pointed = page.locator(".st-key-step_point")
    expect(pointed).to_be_visible()
    settled(page)
    table, again = pointed.get_by_test_id("stDataFrame"), pointed.locator(".st-key-_point_read").get_by_role("button")
    expect(again).to_be_disabled()
    for header, field in (
        ("Matricule", "Personeelsnummer"),
        ("Date de naissance", "Geboortedatum"),
        ("Atelier", "Afdeling"),
        ("Métier", "Functie"),
    ):
        choose_in_table(page, table, FRENCH.index(header), 1, field)
        expect(again).to_be_enabled()
        settled(page)
    again.click()
    expect(page.get_by_text("12 mensen klaar om op te slaan").first).to_be_visible()
    settled(page)
    columns = page.locator(".st-key-step_columns")
    recognised = columns.locator("summary").first.text_content() or ""
    page.locator(".st-key-save").get_by_role("button").click()
    expect(page.get_by_text("Opgeslagen: 1 meting")).to_be_visible()
    settled(page)
    page.locator("input[type='file']").set_input_files(str(second.rename(tmp_path / "liste 2025-07-01.xlsx")))
    expect(page.locator(".st-key-step_save")).to_be_visible()
    settled(page)
    expect(page.locator(".st-key-step_point")).to_have_count(0)
    expect(columns.locator("summary").first).to_have_text(recognised)
    expect(page.locator(".st-key-step_check").get_by_text("14", exact=True).first).to_be_visible()
    page.locator(".st-key-cancel").get_by_role("button").click()
    expect(page.locator(".st-key-step_save")).to_have_count(0)

"""Slides and workbook: native, inert, in the reader's language, and with the screen's numbers to the last digit."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.util import Emu

from presentation import figures, kpis, sentences
from presentation.exports.deck import deck
from presentation.exports.workbook import workbook
from presentation.texts import Words
from presentation.theme import LIGHT
from workflows import importing, outlook
from workflows.answers import Deeper
from workflows.outlook import Outlook
from workflows.types import Scenario, Viewer
from workflows.workspace import Workspace

NL, EN = Words("nl"), Words("en")
CALM = Deeper({}, {}, {}, {}, {})
BASIS = {"hires_per_year": 141.6, "demand_growth": 1.7}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Outlook:
    with Workspace.open(tmp_path_factory.mktemp("away") / "w.duckdb") as workspace:
        importing.load_sample(Viewer.local(), workspace)
        return outlook.outlook(Viewer.local(), workspace, Scenario(fill_rate=50))


def texts_of(slide) -> str:
    lines = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            lines += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(lines)


@pytest.mark.parametrize("words", [NL, EN], ids=["nl", "en"])
def test_deck_opens_and_tells_the_story(found: Outlook, words: Words) -> None:
    slides = list(Presentation(io.BytesIO(deck(words, found, BASIS, CALM))).slides)
    assert 8 <= len(slides) <= 10
    assert sentences.headline(words, found.facts, found.scope) in texts_of(slides[0])
    for item in kpis.overview(words, found):
        assert item.value in texts_of(slides[0])
    for slide in slides:
        assert words("app.sample_badge") in texts_of(slide)  # source on every slide, and that it is sample data
        assert words("lever.fill_rate.label") in slide.notes_slide.notes_text_frame.text


def test_charts_are_native_and_hold_the_screens_numbers(found: Outlook) -> None:
    slides = list(Presentation(io.BytesIO(deck(NL, found, BASIS, CALM))).slides)
    charts = {slide.shapes[0].text_frame.text: shape.chart for slide in slides for shape in slide.shapes if shape.has_chart}
    assert len(charts) == 5
    told = figures.supply(NL, LIGHT, found)
    fan = charts[told.title]
    by_name = {series.name: list(series.values) for plot in fan.plots for series in plot.series}
    assert by_name["Bezetting"] == pytest.approx(told.figure.table.iloc[:, 1].tolist(), abs=1e-9)
    assert by_name["Nodig"] == pytest.approx(told.figure.table.iloc[:, 5].tolist(), abs=1e-9)
    low, span = by_name["Bezetting laag"], by_name["Bandbreedte bezetting"]
    assert [a + b for a, b in zip(low, span, strict=True)] == pytest.approx(told.figure.table.iloc[:, 4].tolist(), abs=1e-9)
    waves = figures.waves(NL, LIGHT, found)
    shown = {series.name: list(series.values) for series in charts[waves.title].plots[0].series}
    for name, values in shown.items():
        assert values == pytest.approx(waves.figure.table[name].tolist(), abs=1e-9)


def test_numbers_on_slides_are_dutch_whatever_the_machine(found: Outlook) -> None:
    content = zipfile.ZipFile(io.BytesIO(deck(NL, found, BASIS, CALM)))
    charts = [content.read(name).decode() for name in content.namelist() if re.fullmatch(r"ppt/charts/chart\d+\.xml", name)]
    assert charts
    assert all("[$-413]#,##0" in xml for xml in charts)


def test_figures_on_slides_have_a_description(found: Outlook) -> None:
    for slide in Presentation(io.BytesIO(deck(NL, found, BASIS, CALM))).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                assert len(shape._element.xpath(".//p:cNvPr")[0].get("descr")) > 30


def test_nothing_sticks_out_of_a_slide(found: Outlook) -> None:
    file = Presentation(io.BytesIO(deck(NL, found, BASIS, CALM)))
    for slide in file.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert Emu(shape.left + shape.width) <= file.slide_width
            assert Emu(shape.top + shape.height) <= file.slide_height


def test_deck_takes_the_firms_own_master(found: Outlook) -> None:
    master = io.BytesIO()
    Presentation().save(master)
    file = Presentation(io.BytesIO(deck(NL, found, BASIS, CALM, master.getvalue())))
    assert file.slides[0].shapes.title.text == sentences.headline(NL, found.facts, found.scope)


@pytest.mark.parametrize("words", [NL, EN], ids=["nl", "en"])
def test_workbook_has_a_sheet_a_figure_and_no_formula(found: Outlook, words: Words) -> None:
    book = load_workbook(io.BytesIO(workbook(words, found, BASIS, CALM)))
    assert len(book.sheetnames) == 9
    for sheet in book:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    told = figures.supply(words, LIGHT, found)
    sheet = book[words("workbook.supply_demand")]
    assert sheet["A1"].value == told.title
    column = [sheet.cell(row, 2).value for row in range(5, 5 + len(told.figure.table))]
    assert column == pytest.approx(told.figure.table.iloc[:, 1].tolist(), abs=1e-9)
    assert sum(len(sheet._charts) for sheet in book) == 5  # native, so that they can be edited


def test_workbook_fetches_nothing(found: Outlook) -> None:
    content = zipfile.ZipFile(io.BytesIO(workbook(NL, found, BASIS, CALM)))
    assert not [name for name in content.namelist() if "externalLink" in name or "connections" in name]
    assert Path("xl/workbook.xml").as_posix() in content.namelist()

"""Slides and workbook: native, inert, in the reader's language, and with the screen's numbers to the last digit."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.util import Emu, Inches

from presentation import figures, kpis, sentences
from presentation.answers import five
from presentation.exports.deck import deck
from presentation.exports.steps import stacked
from presentation.exports.workbook import workbook
from presentation.texts import Words
from presentation.theme import LIGHT
from tests.sampling import with_sample
from workflows import outlook
from workflows.answers import Deeper
from workflows.outlook import Outlook
from workflows.types import Scenario, Viewer
from workflows.workspace import Workspace

NL, EN = Words("nl"), Words("en")
BOTH = [pytest.param(NL, id="nl"), pytest.param(EN, id="en", marks=pytest.mark.slow)]
CALM = Deeper({}, {}, {}, {}, {})
BASIS = {"hires_per_year": 141.6, "demand_growth": 1.7}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Outlook:
    with Workspace.open(with_sample(tmp_path_factory.mktemp("away") / "w.duckdb")) as workspace:
        return outlook.outlook(Viewer.local(), workspace, Scenario(fill_rate=50))


def texts_of(slide) -> str:
    lines = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            lines += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(lines)


def title_of(slide) -> str:
    return next(shape.text_frame.text for shape in slide.shapes if shape.name == "Title")


@pytest.mark.parametrize("words", BOTH)
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
    charts = {title_of(slide): shape.chart for slide in slides for shape in slide.shapes if shape.has_chart}
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


@pytest.mark.parametrize("words", BOTH)
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


# every figure, to the last digit


def _told(words: Words, found: Outlook) -> list[figures.Told]:
    made = (figures.supply, figures.stairs, figures.pyramid, figures.waves, figures.exits)
    return [make(words, LIGHT, found) for make in made]


@pytest.mark.parametrize("words", BOTH)
def test_every_figure_in_the_workbook_is_the_screens_table(found: Outlook, words: Words) -> None:
    book = load_workbook(io.BytesIO(workbook(words, found, BASIS, CALM)))
    for told in [*_told(words, found), figures.heat(words, LIGHT, found, "role", 10)]:
        sheet, table = book[words(f"workbook.{told.figure.name}")], told.figure.table
        assert sheet["A1"].value == told.title
        assert [sheet.cell(4, column + 1).value for column in range(len(table.columns))] == [str(name) for name in table.columns]
        for row, line in enumerate(table.itertuples(index=False), start=5):
            shown = [sheet.cell(row, column + 1).value for column in range(len(line))]
            assert shown == [
                value if isinstance(value, str) else pytest.approx(float(value), rel=1e-15, abs=1e-15) for value in line
            ]  # a file holds sixteen digits


@pytest.mark.parametrize("words", BOTH)
def test_every_figure_on_the_slides_is_the_screens_table(found: Outlook, words: Words) -> None:
    slides = list(Presentation(io.BytesIO(deck(words, found, BASIS, CALM))).slides)
    by_title = {title_of(slide): slide for slide in slides}
    for told in _told(words, found)[2:]:
        chart = next(shape.chart for shape in by_title[told.title].shapes if shape.has_chart)
        shown = {series.name: list(series.values) for plot in chart.plots for series in plot.series}
        for name, values in shown.items():
            assert values == told.figure.table[name].astype(float).tolist(), name
        assert set(shown) == {str(name) for name in told.figure.table.columns[1:]}
    stairs = figures.stairs(words, LIGHT, found)
    chart = next(shape.chart for shape in by_title[stairs.title].shapes if shape.has_chart)
    base, ends, worse, better, _ = ([*series.values] for series in chart.plots[0].series)
    steps = [up - down if up or down else end for end, up, down in zip(ends, worse, better, strict=True)]
    assert steps == pytest.approx(stairs.figure.table.iloc[:, 1].tolist(), abs=1e-9)
    assert min(base) >= 0
    heat = figures.heat(words, LIGHT, found, "role", 12)
    rows = next(shape.table for shape in by_title[heat.title].shapes if shape.has_table).rows
    shown_rows = [[cell.text for cell in row.cells] for row in rows][1:]
    full = {row[0]: [words.number(float(gap)) for gap in row[1:]] for row in heat.figure.table.itertuples(index=False)}
    assert len(shown_rows) == 12
    assert all(full[name] == gaps for name, *gaps in shown_rows)
    assert shown_rows[0][0] in heat.title


def test_stairs_of_a_surplus_stand_on_their_lowest_point() -> None:
    parts = stacked([-20.0, 30.0, -50.0, -40.0])
    assert parts[0] == (20.0, 20.0, 0.0, 0.0)  # from -20 to 0, lifted by 40
    assert parts[1] == (20.0, 0.0, 30.0, 0.0)  # from -20 to +10
    assert parts[2] == (0.0, 0.0, 0.0, 50.0)  # from +10 to -40
    assert parts[3] == (0.0, 40.0, 0.0, 0.0)
    assert stacked([0.0]) == [(0.0, 0.0, 0.0, 0.0)]


@pytest.mark.parametrize(
    ("wide", "high"),
    [(10.0, 5.625), (8.27, 11.69), *(pytest.param(*size, marks=pytest.mark.slow) for size in ((10.0, 7.5), (13.333, 7.5)))],
)
def test_on_any_master_everything_stays_on_the_slide_and_below_its_title(found: Outlook, wide: float, high: float) -> None:
    master, sink = Presentation(), io.BytesIO()
    master.slide_width, master.slide_height = Inches(wide), Inches(high)
    master.save(sink)
    file = Presentation(io.BytesIO(deck(NL, found, BASIS, CALM, sink.getvalue())))
    for slide in file.slides:
        title = slide.shapes.title
        for shape in slide.shapes:
            if shape.shape_id == title.shape_id:
                continue
            assert shape.left + shape.width <= file.slide_width + 10
            assert shape.top + shape.height <= file.slide_height + 10
            assert shape.top >= min(title.top + title.height, round(file.slide_height * 0.32)) - 10


def test_five_questions_stand_on_a_slide_and_a_sheet(found: Outlook) -> None:
    slides = list(Presentation(io.BytesIO(deck(EN, found, BASIS, CALM))).slides)
    front = load_workbook(io.BytesIO(workbook(EN, found, BASIS, CALM))).worksheets[0]
    cells = [cell.value for row in front.iter_rows() for cell in row]
    for answer in five(EN, found, CALM):
        assert answer.answer in texts_of(slides[1])
        assert answer.answer in cells

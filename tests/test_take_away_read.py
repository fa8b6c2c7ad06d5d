"""What a reader of slides and workbook sees on paper and in another office program: whole words, whole rows, units, one page wide."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, range_boundaries
from pptx import Presentation
from pptx.util import Pt

from presentation import figures, lists
from presentation.exports.deck import deck
from presentation.exports.extra import Extra
from presentation.exports.workbook import workbook
from presentation.texts import Words
from presentation.theme import LIGHT
from tests.sampling import with_sample
from tests.test_take_away import BASIS, CALM, texts_of, title_of
from workflows import outlook
from workflows.outlook import Outlook
from workflows.types import Scenario, Viewer
from workflows.workspace import Workspace

NL, EN = Words("nl"), Words("en")
BOTH = [pytest.param(NL, id="nl"), pytest.param(EN, id="en")]
LETTER = 0.62
"""Width of a letter as part of its height, in the widest of the fonts that stand in for the slides' own."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outlook]:
    with Workspace.open(with_sample(tmp_path_factory.mktemp("read") / "w.duckdb")) as workspace:
        yield outlook.outlook(Viewer.local(), workspace, Scenario())


def book_of(words: Words, found: Outlook):
    return load_workbook(io.BytesIO(workbook(words, found, BASIS, CALM)))


def slide_titled(words: Words, found: Outlook, title: str):
    slides = Presentation(io.BytesIO(deck(words, found, BASIS, CALM))).slides
    return next(slide for slide in slides if title_of(slide) == title)


@pytest.mark.parametrize("words", BOTH)
def test_no_word_under_the_stairs_is_broken(found: Outlook, words: Words) -> None:
    slide = slide_titled(words, found, figures.stairs(words, LIGHT, found).title)
    shape = next(shape for shape in slide.shapes if shape.has_chart)
    names = list(shape.chart.plots[0].categories)
    longest = max(len(word) for name in names for word in name.split())
    size = shape.chart.category_axis.tick_labels.font.size
    assert size >= Pt(8)
    assert longest * LETTER * size <= shape.width / len(names)


@pytest.mark.parametrize("words", BOTH)
def test_an_axis_with_numbers_names_its_unit(found: Outlook, words: Words) -> None:
    units = {figures.supply: "fte", figures.waves: "people", figures.pyramid: "people", figures.exits: "people"}
    for make, unit in units.items():
        slide = slide_titled(words, found, make(words, LIGHT, found).title)
        axis = next(shape.chart.value_axis for shape in slide.shapes if shape.has_chart)
        assert axis.has_title
        assert axis.axis_title.text_frame.text == words(f"axis.{unit}")


@pytest.mark.parametrize("words", BOTH)
def test_assumptions_that_do_not_fit_are_counted_and_said_where(found: Outlook, words: Words) -> None:
    slide = slide_titled(words, found, words("deck.assumptions"))
    table = next(shape for shape in slide.shapes if shape.has_table)
    away = len(lists.assumptions(words, found.scenario, BASIS)) - (len(table.table.rows) - 1)
    assert away > 0
    assert words("deck.assumptions_more", n=away) in texts_of(slide)
    said = next(shape for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text == words("deck.assumptions_more", n=away))
    assert said.top >= table.top + table.height


@pytest.mark.parametrize("words", BOTH)
def test_the_chance_of_a_shortage_is_told_in_percent(found: Outlook, words: Words) -> None:
    table = figures.supply(words, LIGHT, found).figure.table
    shown = table[words("column.p_short_percent")]
    assert shown.tolist() == pytest.approx((found.total["p_short"].astype(float) * 100).tolist())
    assert "%" in words("column.p_short_percent")


@pytest.mark.parametrize("words", BOTH)
def test_rows_of_the_workbook_are_as_high_as_their_words(found: Outlook, words: Words) -> None:
    """A row whose words go on below is given room for them: not every office program does that by itself."""
    tall = 0
    for sheet in book_of(words, found).worksheets[1:]:
        for row in sheet.iter_rows(min_row=5):
            for cell in row:
                wide = sheet.column_dimensions[cell.column_letter].width
                if isinstance(cell.value, str) and len(cell.value) > wide:
                    tall += 1
                    assert (sheet.row_dimensions[cell.row].height or 15) >= 15 * -(-len(cell.value) // int(wide)), (sheet.title, cell.value)
    assert tall


@pytest.mark.parametrize("words", BOTH)
def test_a_sheet_prints_on_a4_with_its_chart_below_its_table(found: Outlook, words: Words) -> None:
    charts = 0
    for sheet in book_of(words, found):
        assert int(sheet.page_setup.paperSize) == 9
        for chart in sheet._charts:
            charts += 1
            start, end = chart.anchor._from, chart.anchor.to
            rows = next(row for row in range(5, 200) if sheet.cell(row, 1).value is None) - 1
            assert start.row >= rows
            area = sheet.print_area
            assert area
            assert sheet.page_setup.fitToHeight in (1, None)  # one page, which a file need not say
            left, top, right, bottom = (int(side or 0) for side in range_boundaries(area.split("!")[-1].replace("$", "")))
            assert (left, top) == (1, 1)
            assert right > end.col
            assert bottom > end.row
            assert right <= column_index_from_string("N")
    assert charts == 5


def test_axes_of_the_workbook_write_numbers_as_the_reader_does_with_light_lines(found: Outlook) -> None:
    content = zipfile.ZipFile(io.BytesIO(workbook(NL, found, BASIS, CALM)))
    charts = [content.read(name).decode() for name in content.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    assert len(charts) == 5
    for xml in charts:
        value_axis = re.search(r"<c:valAx>.*?</c:valAx>", xml)
        assert value_axis
        if 'c:delete val="1"' not in value_axis[0]:
            assert "[$-413]#,##0" in value_axis[0]
            assert LIGHT.grid.removeprefix("#") in value_axis[0]


@pytest.mark.parametrize("words", BOTH)
def test_steps_of_the_workbooks_stairs_have_their_value(found: Outlook, words: Words) -> None:
    content = zipfile.ZipFile(io.BytesIO(workbook(words, found, BASIS, CALM)))
    steps = figures.stairs(words, LIGHT, found).figure.table
    shown = [content.read(name).decode() for name in content.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    stairs = next(xml for xml in shown if all(f"<a:t>{text}</a:t>" in xml for text in _step_texts(words, steps)))
    assert "<c:f>" not in re.sub(r"<c:(tx|cat|val)>.*?</c:\1>", "", stairs)


def _step_texts(words: Words, steps) -> list[str]:
    values = steps.iloc[:, 1].astype(float).tolist()
    return [words.number(value, sign=place not in (0, len(values) - 1)) for place, value in enumerate(values)]


def test_a_table_of_shares_keeps_clear_of_the_count_before_it(found: Outlook) -> None:
    ability = Extra("Werkvermogen", "Werkvermogen", pd.DataFrame({"Team": ["Staf"], "Mensen": [44], "Slecht": ["20 %"]}))
    sheet = load_workbook(io.BytesIO(workbook(NL, found, BASIS, CALM, (ability,))))["Werkvermogen"]
    assert (sheet["B5"].value, sheet["C5"].value) == (44, "20 %")
    for cell in (sheet["C4"], sheet["C5"]):
        assert (cell.alignment.horizontal, cell.alignment.indent) == ("left", 1)

"""The open presentation and the parts slides are made of: a title, text, a native chart, a table, the source, the notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from math import ceil
from typing import Any

import pandas as pd
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.exc import PythonPptxError
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from presentation import lists, sentences
from presentation.exports.fitting import fit
from presentation.texts import Words
from presentation.theme import LIGHT
from workflows.outlook import Outlook
from workflows.types import LEVERS, Refusal

WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT, TOP, FULL = Inches(0.6), Inches(1.55), Inches(12.13)
BODY = Inches(5.2)
FONT = "Arial"
FORMATS = {"nl": "[$-413]#,##0", "en": "[$-809]#,##0"}
"""Number formats that write thousands the same way on every machine."""
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
TITLE = 60
"""Characters of a title on one line in the house style."""


def opened_file(master: bytes | None) -> Any:
    try:
        file = Presentation(io.BytesIO(master) if master else None)
        if not len(file.slide_layouts):
            raise ValueError("no layouts")
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, etree.XMLSyntaxError, PythonPptxError) as problem:
        raise Refusal("master_bad") from problem
    return file


class Slides:
    """An outlook's presentation while it is being made; in the house style, or on the firm's own master."""

    def __init__(self, words: Words, found: Outlook, master: bytes | None) -> None:
        self.words, self.found = words, found
        self.file = opened_file(master)
        if master is None:
            self.file.slide_width, self.file.slide_height = WIDE, HIGH
        self.own_master = master is not None
        self.layout = _title_only(self.file)

    def bytes(self) -> bytes:
        """The file as it stands, everything on its page."""
        if self.own_master:
            for slide in self.file.slides:
                fit(slide, self.file.slide_width, self.file.slide_height)
        sink = io.BytesIO()
        self.file.save(sink)
        return sink.getvalue()

    def slide(self, title: str) -> Any:
        slide = self.file.slides.add_slide(self.layout)
        for shape in list(slide.placeholders):
            if shape.placeholder_format.type is not None and shape != slide.shapes.title:
                shape._element.getparent().remove(shape._element)
        head = slide.shapes.title
        if head is None or not self.own_master:
            if head is not None:
                head._element.getparent().remove(head._element)
            strip = slide.shapes.add_shape(1, 0, 0, WIDE, Inches(0.14))
            strip.fill.solid()
            strip.fill.fore_color.rgb = rgb(LIGHT.have)
            strip.line.fill.background()
            strip.shadow.inherit = False
            strip.name = "Strip"
            self.text(slide, title, LEFT, Inches(0.45), FULL, Inches(0.95), 28 if len(title) <= TITLE else 24, bold=True, name="Title")
        else:
            head.text = title
        self.text(slide, self.source(), LEFT, Inches(7.0), FULL - Inches(0.8), Inches(0.3), 11, colour=LIGHT.soft)
        number = self.text(slide, str(len(self.file.slides)), LEFT + FULL - Inches(0.8), Inches(7.0), Inches(0.8), Inches(0.3), 11)
        number.paragraphs[0].alignment = PP_ALIGN.RIGHT
        slide.notes_slide.notes_text_frame.text = self.notes()
        return slide

    def source(self) -> str:
        name = sentences.scenario_name(self.words, self.found.scenario)
        text = self.words("card.note_source", app=self.words("app.name"), as_of=self.found.as_of, scenario=name)
        return f"{text} · {self.words('app.sample_badge')}" if self.found.sample else text

    def notes(self) -> str:
        """What has to be known to read a slide: reference date, people, what differs from the baseline, the range, the source."""
        words, scenario = self.words, self.found.scenario
        parts = [
            f"{lists.lever_name(words, name)}: {lists.lever_value(words, LEVERS[name], value)}"
            for name, value in scenario.changed().items()
        ]
        parts += lists.override_lines(words, scenario.overrides)
        text = words("deck.assumptions_changed", changed="; ".join(parts)) if parts else words("deck.assumptions_same")
        return words("deck.notes", as_of=self.found.as_of, people=self.found.people_counted, assumptions=text, source=self.source())

    def text(
        self,
        slide: Any,
        text: str,
        x: Any,
        y: Any,
        wide: Any,
        high: Any,
        size: int,
        bold: bool = False,
        colour: str = LIGHT.ink,
        name: str = "",
    ) -> Any:
        box = slide.shapes.add_textbox(x, y, wide, high)
        if name:
            box.name = name
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = 0
        self.run(frame.paragraphs[0], text, size, bold, colour)
        return frame

    def run(self, paragraph: Any, text: str, size: int, bold: bool = False, colour: str = LIGHT.ink) -> None:
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, rgb(colour)
        if not self.own_master:
            run.font.name = FONT
        run._r.get_or_add_rPr().set("lang", "nl-NL" if self.words.lang == "nl" else "en-GB")

    def chart(self, slide: Any, kind: Any, data: CategoryChartData, legend: bool = True, unit: str = "") -> tuple[Any, Any]:
        """unit: what the numbers along the axis count ("" = each part has its own number printed on it)."""
        shape = slide.shapes.add_chart(kind, LEFT, TOP, FULL, BODY, data)
        chart = shape.chart
        chart.has_title = False
        chart.has_legend = legend
        if legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
            chart.legend.font.size = Pt(14)
        chart.font.size, chart.font.color.rgb = Pt(14), rgb(LIGHT.ink)
        if not self.own_master:
            chart.font.name = FONT
        values = chart.value_axis
        values.tick_labels.number_format, values.tick_labels.number_format_is_linked = FORMATS[self.words.lang], False
        values.major_gridlines.format.line.color.rgb = rgb(LIGHT.grid)
        values.format.line.fill.background()
        if unit:
            title = values.axis_title.text_frame
            self.run(title.paragraphs[0], unit, 12, colour=LIGHT.soft)
        chart.category_axis.format.line.color.rgb = rgb(LIGHT.grid)
        return shape, chart

    def data(self, categories: list[Any], series: list[tuple[str, list[float]]]) -> CategoryChartData:
        data = CategoryChartData(number_format=FORMATS[self.words.lang])
        data.categories = [str(name) for name in categories]
        for name, values in series:
            data.add_series(name, values)
        return data

    def box(self, cell: Any, text: str, ink: str, fill: str | None, centred: bool) -> None:
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        cell.margin_top = cell.margin_bottom = Inches(0.02)
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.CENTER if centred else PP_ALIGN.LEFT
        self.run(paragraph, text, 13, False, ink)
        if fill:
            cell.fill.solid()
            cell.fill.fore_color.rgb = rgb(fill)

    def table(self, slide: Any, shown: pd.DataFrame, wide: tuple[float, ...]) -> None:
        height = Emu(int(Inches(0.34) * (len(shown) + 1)))
        shape = slide.shapes.add_table(len(shown) + 1, len(shown.columns), LEFT, TOP, FULL, height)
        shape._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
        for column, (name, inches) in enumerate(zip(shown.columns, wide, strict=True)):
            shape.table.columns[column].width = Inches(inches)
            self.box(shape.table.cell(0, column), str(name), LIGHT.soft, "#F3F6FA", False)
        for line, row in enumerate(shown.itertuples(index=False), start=1):
            for column, value in enumerate(row):
                self.box(shape.table.cell(line, column), str(value), LIGHT.ink, None, False)


def rows_that_fit(shown: pd.DataFrame, wide: tuple[float, ...], kept: float = 0.0) -> int:
    """How many rows a slide has room for when long words wrap. kept: inches below them."""
    room, count = BODY / Inches(1) - 0.4 - kept, 0
    for row in shown.itertuples(index=False):
        room -= _inches(row, wide)
        if room < 0:
            break
        count += 1
    return count


def inches_of(shown: pd.DataFrame, wide: tuple[float, ...]) -> float:
    """Height of such a table with its heads, about."""
    return 0.75 + sum(_inches(row, wide) for row in shown.itertuples(index=False))


def _inches(row: Sequence[Any], wide: tuple[float, ...]) -> float:
    """Of one row: about eleven characters an inch at this size."""
    return 0.1 + 0.23 * max(ceil(len(str(value)) / (inches * 11)) for value, inches in zip(row, wide, strict=True))


def _title_only(file: Any) -> Any:
    """The layout with a title and as little else as can be."""
    with_title = [layout for layout in file.slide_layouts if any(shape.placeholder_format.type in (1, 3) for shape in layout.placeholders)]
    return min(with_title or list(file.slide_layouts), key=lambda layout: len(layout.placeholders))


def rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#"))

"""Nine slides with native charts: every figure can be edited in PowerPoint, every number is the screen's.

In the house style, or on the firm's own master when one is given: then its layouts, fonts and colours are used.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from math import ceil
from typing import Any

import pandas as pd
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.exc import PythonPptxError
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from presentation import figures, kpis, lists, sentences
from presentation.answers import five
from presentation.exports.extra import Extra, add_slides
from presentation.exports.fitting import fit
from presentation.exports.steps import stacked
from presentation.figures import Told
from presentation.texts import Words
from presentation.theme import LIGHT, on_scale, readable_on
from workflows.answers import Deeper
from workflows.outlook import Outlook
from workflows.types import LEVERS, Refusal

WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT, TOP, FULL = Inches(0.6), Inches(1.55), Inches(12.13)
BODY = Inches(5.2)
FONT = "Arial"
FORMATS = {"nl": "[$-413]#,##0", "en": "[$-809]#,##0"}
"""Number formats that write thousands the same way on every machine."""
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
HEAT_ROWS = 12
TITLE = 60
"""Characters of a title on one line in the house style."""


def deck(
    words: Words,
    found: Outlook,
    basis: Mapping[str, float],
    deeper: Deeper,
    master: bytes | None = None,
    decided: pd.DataFrame | None = None,
    extras: Sequence[Extra] = (),
) -> bytes:
    """The slides of an outlook as .pptx. basis: the firm's own figure per lever that starts from its history; deeper: what the
    questions of a first meeting ask more; master: the firm's own .pptx; decided: the decision log, whose newest lines become a slide;
    extras: what else becomes a slide before the assumptions.

    Refusal master_bad when the master is no presentation."""
    return _Deck(words, found, basis, deeper, master, decided).bytes(extras)


def check_master(master: bytes) -> None:
    """Refusal master_bad when this is no presentation that slides can be made on."""
    _opened(master)


def _opened(master: bytes | None) -> Any:
    try:
        file = Presentation(io.BytesIO(master) if master else None)
        if not len(file.slide_layouts):
            raise ValueError("no layouts")
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, etree.XMLSyntaxError, PythonPptxError) as problem:
        raise Refusal("master_bad") from problem
    return file


class _Deck:
    """The open presentation."""

    def __init__(
        self,
        words: Words,
        found: Outlook,
        basis: Mapping[str, float],
        deeper: Deeper,
        master: bytes | None,
        decided: pd.DataFrame | None,
    ) -> None:
        self.words, self.found, self.basis, self.deeper, self.decided = words, found, basis, deeper, decided
        self.file = _opened(master)
        if master is None:
            self.file.slide_width, self.file.slide_height = WIDE, HIGH
        self.own_master = master is not None
        self.layout = _title_only(self.file)

    def bytes(self, extras: Sequence[Extra] = ()) -> bytes:
        words, found = self.words, self.found
        self._front()
        self._questions()
        told = figures.supply(words, LIGHT, found)
        self._figure(told, self._fan)
        self._figure(figures.stairs(words, LIGHT, found), self._stairs)
        self._figure(figures.heat(words, LIGHT, found, "role", HEAT_ROWS), self._heat)
        self._figure(figures.waves(words, LIGHT, found), self._waves)
        self._figure(figures.pyramid(words, LIGHT, found), self._pyramid)
        self._figure(figures.exits(words, LIGHT, found), self._exits)
        if self.decided is not None and len(self.decided):
            self._decisions(self.decided)
        add_slides(self, extras)
        self._assumptions()
        if self.own_master:
            for slide in self.file.slides:
                fit(slide, self.file.slide_width, self.file.slide_height)
        sink = io.BytesIO()
        self.file.save(sink)
        return sink.getvalue()

    # -- parts of a slide --------------------------------------------------------------------------------------------------

    def _slide(self, title: str) -> Any:
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
            strip.fill.fore_color.rgb = _rgb(LIGHT.have)
            strip.line.fill.background()
            strip.shadow.inherit = False
            strip.name = "Strip"
            self._text(slide, title, LEFT, Inches(0.45), FULL, Inches(0.95), 28 if len(title) <= TITLE else 24, bold=True, name="Title")
        else:
            head.text = title
        self._text(slide, self._source(), LEFT, Inches(7.0), FULL - Inches(0.8), Inches(0.3), 11, colour=LIGHT.soft)
        number = self._text(slide, str(len(self.file.slides)), LEFT + FULL - Inches(0.8), Inches(7.0), Inches(0.8), Inches(0.3), 11)
        number.paragraphs[0].alignment = PP_ALIGN.RIGHT
        slide.notes_slide.notes_text_frame.text = self._notes()
        return slide

    def _source(self) -> str:
        name = sentences.scenario_name(self.words, self.found.scenario)
        text = self.words("card.note_source", app=self.words("app.name"), as_of=self.found.as_of, scenario=name)
        return f"{text} · {self.words('app.sample_badge')}" if self.found.sample else text

    def _notes(self) -> str:
        changed = self.found.scenario.changed()
        parts = [
            f"{lists.lever_name(self.words, name)}: {lists.lever_value(self.words, LEVERS[name], value)}" for name, value in changed.items()
        ]
        text = self.words("deck.assumptions_changed", changed="; ".join(parts)) if parts else self.words("deck.assumptions_same")
        return self.words("deck.notes", as_of=self.found.as_of, people=self.found.people_counted, assumptions=text)

    def _text(
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
        self._run(frame.paragraphs[0], text, size, bold, colour)
        return frame

    def _run(self, paragraph: Any, text: str, size: int, bold: bool = False, colour: str = LIGHT.ink) -> None:
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, _rgb(colour)
        if not self.own_master:
            run.font.name = FONT
        run._r.get_or_add_rPr().set("lang", "nl-NL" if self.words.lang == "nl" else "en-GB")

    # -- slides ------------------------------------------------------------------------------------------------------------

    def _front(self) -> None:
        words, found = self.words, self.found
        slide = self._slide(sentences.headline(words, found.facts, found.scope))
        self._text(slide, sentences.under_headline(words, found.facts), LEFT, Inches(1.55), FULL, Inches(0.8), 18, colour=LIGHT.soft)
        step = Inches(3.08)
        for place, item in enumerate(kpis.overview(words, found)):
            x = LEFT + step * place
            card = slide.shapes.add_shape(5, x, Inches(2.8), Inches(2.88), Inches(2.5))
            card.adjustments[0] = 0.06
            card.fill.solid()
            card.fill.fore_color.rgb = _rgb("#F3F6FA")
            card.line.fill.background()
            card.shadow.inherit = False
            inner = x + Inches(0.22)
            self._text(slide, item.label, inner, Inches(2.98), Inches(2.5), Inches(0.4), 14, colour=LIGHT.soft)
            self._text(slide, item.value, inner, Inches(3.4), Inches(2.5), Inches(0.8), 34, bold=True)
            colour = LIGHT.soft if item.worse is None else LIGHT.need if item.worse else LIGHT.have
            self._text(
                slide,
                " ".join(part for part in (item.change, item.against) if part),
                inner,
                Inches(4.3),
                Inches(2.5),
                Inches(0.8),
                14,
                colour=colour,
            )
        self._text(slide, self.words("app.line"), LEFT, Inches(5.9), FULL, Inches(0.5), 16, colour=LIGHT.soft)

    def _questions(self) -> None:
        slide = self._slide(self.words("deck.questions"))
        frame = None
        for answer in five(self.words, self.found, self.deeper):
            if frame is None:
                frame = self._text(slide, answer.question, LEFT, TOP, FULL, BODY, 15, bold=True, colour=LIGHT.have)
            else:
                paragraph = frame.add_paragraph()
                paragraph.space_before = Pt(11)
                self._run(paragraph, answer.question, 15, True, LIGHT.have)
            paragraph = frame.add_paragraph()
            paragraph.space_before = Pt(2)
            self._run(paragraph, answer.answer, 15)

    def _figure(self, told: Told, draw: Any) -> None:
        slide = self._slide(told.title)
        if told.figure.table.empty:
            self._text(slide, self.words("card.nothing"), LEFT, TOP, FULL, Inches(0.5), 18, colour=LIGHT.soft)
            return
        shape = draw(slide, told.figure.table)
        shape._element.xpath(".//p:cNvPr")[0].set("descr", told.figure.alt)

    def _chart(self, slide: Any, kind: Any, data: CategoryChartData, legend: bool = True) -> tuple[Any, Any]:
        shape = slide.shapes.add_chart(kind, LEFT, TOP, FULL, BODY, data)
        chart = shape.chart
        chart.has_title = False
        chart.has_legend = legend
        if legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
            chart.legend.font.size = Pt(14)
        chart.font.size, chart.font.color.rgb = Pt(14), _rgb(LIGHT.ink)
        if not self.own_master:
            chart.font.name = FONT
        values = chart.value_axis
        values.tick_labels.number_format, values.tick_labels.number_format_is_linked = FORMATS[self.words.lang], False
        values.major_gridlines.format.line.color.rgb = _rgb(LIGHT.grid)
        values.format.line.fill.background()
        chart.category_axis.format.line.color.rgb = _rgb(LIGHT.grid)
        return shape, chart

    def _data(self, categories: list[Any], series: list[tuple[str, list[float]]]) -> CategoryChartData:
        data = CategoryChartData(number_format=FORMATS[self.words.lang])
        data.categories = [str(name) for name in categories]
        for name, values in series:
            data.add_series(name, values)
        return data

    def _fan(self, slide: Any, table: pd.DataFrame) -> Any:
        """Range as an area, staffing and need as lines over it, all from one embedded sheet so that "Edit data" works."""
        supply, low, high, demand = (table.iloc[:, place].astype(float).tolist() for place in (1, 2, 4, 5))
        span = [top - bottom for top, bottom in zip(high, low, strict=True)]
        words = self.words
        named = [(words("deck.low"), low), (words("deck.range"), span), (words("series.supply"), supply), (words("series.demand"), demand)]
        shape, chart = self._chart(slide, XL_CHART_TYPE.AREA_STACKED, self._data(table.iloc[:, 0].tolist(), named))
        year = table.iloc[:, 0].tolist().index(self.found.target_year)
        _lines_over_area(chart, [(LIGHT.have, False, "b"), (LIGHT.need, True, "t")], year, FORMATS[words.lang])
        area = chart.plots[0].series
        area[0].format.fill.background()
        area[1].format.fill.solid()
        area[1].format.fill.fore_color.rgb = _rgb("#CBDDF0")
        _hide_legend_entry(chart, 0)
        floor = min(*low, *demand)
        chart.value_axis.minimum_scale = max(0.0, (floor * 0.97) // 10 * 10)
        return shape

    def _stairs(self, slide: Any, table: pd.DataFrame) -> Any:
        """Stairs: an unseen base and the step on it; the printed value is the step."""
        names, values = table.iloc[:, 0].tolist(), table.iloc[:, 1].astype(float).tolist()
        parts = [list(part) for part in zip(*stacked(values), strict=True)]
        top = max(map(sum, stacked(values)))
        series = [(" ", parts[0]), (self.words("axis.fte"), parts[1]), ("+", parts[2]), ("−", parts[3]), ("  ", [0.07 * top] * len(values))]
        shape, chart = self._chart(slide, XL_CHART_TYPE.COLUMN_STACKED, self._data(names, series), legend=False)
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 40, 100
        for place, colour in enumerate((None, LIGHT.plain, LIGHT.worse, LIGHT.better, None)):
            fill = plot.series[place].format.fill
            if colour is None:
                fill.background()
            else:
                fill.solid()
                fill.fore_color.rgb = _rgb(colour)
        for point, value in enumerate(values):  # printed on the unseen piece above each column
            label = plot.series[4].points[point].data_label
            ends = point in (0, len(values) - 1)
            self._run(label.text_frame.paragraphs[0], self.words.number(value, sign=not ends), 13, True)
            label.position = XL_LABEL_POSITION.CENTER
        chart.category_axis.tick_labels.font.size = Pt(12)
        chart.value_axis.visible = False
        chart.value_axis.has_major_gridlines = False
        return shape

    def _heat(self, slide: Any, table: pd.DataFrame) -> Any:
        names = figures.grid(self.found, "role").largest(HEAT_ROWS, self.found.target_year).names
        rows = table[table.iloc[:, 0].isin(list(names))]
        shape = slide.shapes.add_table(len(rows) + 1, len(table.columns), LEFT, TOP, FULL, Emu(int(BODY * 0.98)))
        grid = shape.table
        shape._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
        grid.columns[0].width = Inches(4.4)
        for column in range(1, len(table.columns)):
            grid.columns[column].width = Emu(int((FULL - Inches(4.4)) / (len(table.columns) - 1)))
        largest = max(float(rows.iloc[:, 1:].abs().to_numpy().max()), 1.0)
        for column, name in enumerate(table.columns):
            self._box(grid.cell(0, column), str(name), LIGHT.soft, None, column > 0)
        for line, row in enumerate(rows.itertuples(index=False), start=1):
            self._box(grid.cell(line, 0), str(row[0]), LIGHT.ink, None, False)
            for column, gap in enumerate(row[1:], start=1):
                colour = on_scale(LIGHT.scale, 0.5 + float(gap) / largest / 2)
                self._box(grid.cell(line, column), self.words.number(float(gap)), readable_on(colour), colour, True)
        return shape

    def _box(self, cell: Any, text: str, ink: str, fill: str | None, centred: bool) -> None:
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        cell.margin_top = cell.margin_bottom = Inches(0.02)
        paragraph = cell.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.CENTER if centred else PP_ALIGN.LEFT
        self._run(paragraph, text, 13, False, ink)
        if fill:
            cell.fill.solid()
            cell.fill.fore_color.rgb = _rgb(fill)

    def _waves(self, slide: Any, table: pd.DataFrame) -> Any:
        series = [(str(name), table[name].astype(float).tolist()) for name in table.columns[1:]]
        shape, chart = self._chart(slide, XL_CHART_TYPE.LINE, self._data(table.iloc[:, 0].tolist(), series))
        for line, (colour, dashed) in zip(
            chart.plots[0].series, ((LIGHT.plain, True), (LIGHT.have, False), (LIGHT.need, True)), strict=True
        ):
            _draw_line(line, colour, dashed)
        return shape

    def _pyramid(self, slide: Any, table: pd.DataFrame) -> Any:
        series = [(str(name), table[name].astype(float).tolist()) for name in table.columns[1:]]
        shape, chart = self._chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, self._data(table.iloc[:, 0].tolist(), series))
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 45, 0
        for bars, colour in zip(plot.series, ("#9DBFE0", LIGHT.have), strict=True):
            bars.format.fill.solid()
            bars.format.fill.fore_color.rgb = _rgb(colour)
        return shape

    def _exits(self, slide: Any, table: pd.DataFrame) -> Any:
        series = [(str(name), table[name].astype(float).tolist()) for name in table.columns[1:]]
        shape, chart = self._chart(slide, XL_CHART_TYPE.COLUMN_STACKED, self._data(table.iloc[:, 0].tolist(), series))
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 55, 100
        for place, bars in enumerate(plot.series):
            bars.format.fill.solid()
            bars.format.fill.fore_color.rgb = _rgb(LIGHT.series[place % len(LIGHT.series)])
        return shape

    def _decisions(self, decided: pd.DataFrame) -> None:
        """The newest decisions with owner, day, works council and the figure they were taken on."""
        shown = lists.decisions(self.words, decided).head(8)
        self._table(self._slide(self.words("meeting.log_title", n=len(decided))), shown, (4.9, 1.7, 1.5, 2.2, 1.83))

    def _table(self, slide: Any, shown: pd.DataFrame, wide: tuple[float, ...]) -> None:
        height = Emu(int(Inches(0.34) * (len(shown) + 1)))
        shape = slide.shapes.add_table(len(shown) + 1, len(shown.columns), LEFT, TOP, FULL, height)
        shape._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
        for column, (name, inches) in enumerate(zip(shown.columns, wide, strict=True)):
            shape.table.columns[column].width = Inches(inches)
            self._box(shape.table.cell(0, column), str(name), LIGHT.soft, "#F3F6FA", False)
        for line, row in enumerate(shown.itertuples(index=False), start=1):
            for column, value in enumerate(row):
                self._box(shape.table.cell(line, column), str(value), LIGHT.ink, None, False)

    def _assumptions(self) -> None:
        """The levers that were moved first, then the surest to matter; never more than fit."""
        table = lists.assumptions(self.words, self.found.scenario, self.basis)
        used, base = self.words("column.used"), self.words("column.base")
        table = table.assign(_moved=(table[used] != table[base]).astype(int)).sort_values("_moved", ascending=False, kind="stable")
        shown = table[[self.words(f"column.{name}") for name in ("assumption", "used", "base", "unit_of", "certainty", "source")]]
        wide = (4.0, 1.0, 1.0, 1.5, 1.13, 3.5)
        self._table(self._slide(self.words("deck.assumptions")), shown.head(_rows_that_fit(shown, wide)), wide)


def _rows_that_fit(shown: pd.DataFrame, wide: tuple[float, ...]) -> int:
    """How many rows a slide has room for when long words wrap: about eleven characters an inch at this size."""
    room, count = BODY / Inches(1) - 0.4, 0
    for row in shown.itertuples(index=False):
        lines = max(ceil(len(str(value)) / (inches * 11)) for value, inches in zip(row, wide, strict=True))
        room -= 0.1 + 0.23 * lines
        if room < 0:
            break
        count += 1
    return count


def _title_only(file: Any) -> Any:
    """The layout with a title and as little else as can be."""
    with_title = [layout for layout in file.slide_layouts if any(shape.placeholder_format.type in (1, 3) for shape in layout.placeholders)]
    return min(with_title or list(file.slide_layouts), key=lambda layout: len(layout.placeholders))


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#"))


def _draw_line(series: Any, colour: str, dashed: bool) -> None:
    series.format.line.color.rgb, series.format.line.width = _rgb(colour), Pt(3)
    series.format.line.dash_style = MSO_LINE.DASH if dashed else MSO_LINE.SOLID
    series.smooth = False


def _lines_over_area(chart: Any, styles: list[tuple[str, bool, str]], year: int, shape: str) -> None:
    """Move the last series of an area chart into a line chart on the same axes: the library has no call for a mixed chart."""
    area = chart._chartSpace.chart.plotArea.find(qn("c:areaChart"))
    lines = etree.Element(qn("c:lineChart"))
    etree.SubElement(lines, qn("c:grouping")).set("val", "standard")
    etree.SubElement(lines, qn("c:varyColors")).set("val", "0")
    for series, (colour, dashed, side) in zip(area.findall(qn("c:ser"))[-len(styles) :], styles, strict=True):
        area.remove(series)
        line = _as_line(series, colour, dashed)
        line.find(qn("c:marker")).addnext(_label_at(year, colour, side, shape))
        lines.append(line)
    etree.SubElement(lines, qn("c:marker")).set("val", "1")
    for axis in area.findall(qn("c:axId")):
        lines.append(deepcopy(axis))
    area.addnext(lines)


def _as_line(series: Any, colour: str, dashed: bool) -> Any:
    """A c:ser in the order a line chart wants: idx, order, tx, spPr, marker, cat, val, smooth."""
    made = etree.Element(qn("c:ser"))
    for tag in ("c:idx", "c:order", "c:tx"):
        made.append(deepcopy(series.find(qn(tag))))
    look = etree.SubElement(made, qn("c:spPr"))
    line = etree.SubElement(look, qn("a:ln"), w=str(Pt(3.25)), cap="rnd")
    etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr")).set("val", colour.removeprefix("#"))
    if dashed:
        etree.SubElement(line, qn("a:prstDash")).set("val", "dash")
    etree.SubElement(etree.SubElement(made, qn("c:marker")), qn("c:symbol")).set("val", "none")
    for tag in ("c:cat", "c:val"):
        made.append(deepcopy(series.find(qn(tag))))
    etree.SubElement(made, qn("c:smooth")).set("val", "0")
    return made


def _label_at(point: int, colour: str, side: str, shape: str) -> Any:
    """The value of one point, printed beside the line in its colour."""
    labels = etree.Element(qn("c:dLbls"))
    one = etree.SubElement(labels, qn("c:dLbl"))
    etree.SubElement(one, qn("c:idx")).set("val", str(point))
    etree.SubElement(one, qn("c:numFmt"), formatCode=shape, sourceLinked="0")
    etree.SubElement(one, qn("c:spPr"))
    text = etree.SubElement(one, qn("c:txPr"))
    etree.SubElement(text, qn("a:bodyPr"))
    look = etree.SubElement(etree.SubElement(etree.SubElement(text, qn("a:p")), qn("a:pPr")), qn("a:defRPr"), sz="1600", b="1")
    etree.SubElement(etree.SubElement(look, qn("a:solidFill")), qn("a:srgbClr")).set("val", colour.removeprefix("#"))
    etree.SubElement(one, qn("c:dLblPos")).set("val", side)
    for parent, value in ((one, "1"), (labels, "0")):
        for name in ("c:showLegendKey", "c:showVal", "c:showCatName", "c:showSerName", "c:showPercent", "c:showBubbleSize"):
            etree.SubElement(parent, qn(name)).set("val", value if name == "c:showVal" else "0")
    return labels


def _hide_legend_entry(chart: Any, place: int) -> None:
    """The unseen base of a range has no name worth reading."""
    legend = chart.legend._element
    entry = etree.Element(qn("c:legendEntry"))
    etree.SubElement(entry, qn("c:idx")).set("val", str(place))
    etree.SubElement(entry, qn("c:delete")).set("val", "1")
    legend.find(qn("c:legendPos")).addnext(entry)

"""The six figures of the story as native charts, which PowerPoint can edit, and a table for the heat map."""

from __future__ import annotations

from copy import deepcopy
from math import ceil, floor, log10
from typing import Any

import pandas as pd
from lxml import etree
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from presentation import figures
from presentation.exports.slides import BODY, FORMATS, FULL, LEFT, NO_STYLE, TOP, Slides, rgb
from presentation.exports.steps import stacked
from presentation.theme import LIGHT, on_scale, readable_on

HEAT_ROWS = 12
LETTER = 0.64
"""Width of a letter as part of its height, in the widest font that stands in for the slides' own: a word that is too wide is broken."""


def fan(deck: Slides, slide: Any, table: pd.DataFrame) -> Any:
    """Range as an area, staffing and need as lines over it, all from one embedded sheet so that "Edit data" works."""
    supply, low, high, demand = (table.iloc[:, place].astype(float).tolist() for place in (1, 2, 4, 5))
    span = [top - bottom for top, bottom in zip(high, low, strict=True)]
    words = deck.words
    named = [(words("deck.low"), low), (words("deck.range"), span), (words("series.supply"), supply), (words("series.demand"), demand)]
    shape, chart = deck.chart(slide, XL_CHART_TYPE.AREA_STACKED, deck.data(table.iloc[:, 0].tolist(), named), unit=words("axis.fte"))
    year = table.iloc[:, 0].tolist().index(deck.found.target_year)
    _lines_over_area(chart, [(LIGHT.have, False, "b"), (LIGHT.need, True, "t")], year, FORMATS[words.lang])
    area = chart.plots[0].series
    area[0].format.fill.background()
    area[1].format.fill.solid()
    area[1].format.fill.fore_color.rgb = rgb("#CBDDF0")
    _hide_legend_entry(chart, 0)
    values = chart.value_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = round_axis(min(*low, *demand), max(*high, *demand))
    return shape


def round_axis(least: float, most: float) -> tuple[float, float, float]:
    """Ends on whole steps around the values, never below nought, and a step that people count in: 1, 2 or 5 times a power of ten."""
    rough = max((most - least) / 5, 0.1)
    power = 10.0 ** floor(log10(rough))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= rough)
    bottom = max(0.0, floor(least / step) * step)
    return bottom, max(ceil(most / step) * step, bottom + step), step


def stairs(deck: Slides, slide: Any, table: pd.DataFrame) -> Any:
    """Stairs: an unseen base and the step on it; the printed value is the step."""
    names, values = table.iloc[:, 0].tolist(), table.iloc[:, 1].astype(float).tolist()
    parts = [list(part) for part in zip(*stacked(values), strict=True)]
    top = max(map(sum, stacked(values)))
    series = [(" ", parts[0]), (deck.words("axis.fte"), parts[1]), ("+", parts[2]), ("−", parts[3]), ("  ", [0.07 * top] * len(values))]
    shape, chart = deck.chart(slide, XL_CHART_TYPE.COLUMN_STACKED, deck.data(names, series), legend=False)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    for place, colour in enumerate((None, LIGHT.plain, LIGHT.worse, LIGHT.better, None)):
        fill = plot.series[place].format.fill
        if colour is None:
            fill.background()
        else:
            fill.solid()
            fill.fore_color.rgb = rgb(colour)
    for point, value in enumerate(values):  # printed on the unseen piece above each column
        label = plot.series[4].points[point].data_label
        ends = point in (0, len(values) - 1)
        deck.run(label.text_frame.paragraphs[0], deck.words.number(value, sign=not ends), 13, True)
        label.position = XL_LABEL_POSITION.CENTER
    labels = chart.category_axis.tick_labels
    longest = max(len(word) for name in names for word in str(name).split())
    labels.font.size = Pt(max(8, min(12, int(FULL / len(names) / Pt(1) / longest / LETTER))))
    for text in chart.category_axis._element.iter(qn("a:bodyPr")):  # upright, however many there are
        text.set("rot", "0")
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    return shape


def heat(deck: Slides, slide: Any, table: pd.DataFrame) -> Any:
    names = figures.grid(deck.found, "role").largest(HEAT_ROWS, deck.found.target_year).names
    rows = table[table.iloc[:, 0].isin(list(names))]
    shape = slide.shapes.add_table(len(rows) + 1, len(table.columns), LEFT, TOP, FULL, Emu(int(BODY * 0.98)))
    grid = shape.table
    shape._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
    grid.columns[0].width = Inches(4.4)
    for column in range(1, len(table.columns)):
        grid.columns[column].width = Emu(int((FULL - Inches(4.4)) / (len(table.columns) - 1)))
    largest = max(float(rows.iloc[:, 1:].abs().to_numpy().max()), 1.0)
    for column, name in enumerate(table.columns):
        deck.box(grid.cell(0, column), str(name), LIGHT.soft, None, column > 0)
    for line, row in enumerate(rows.itertuples(index=False), start=1):
        deck.box(grid.cell(line, 0), str(row[0]), LIGHT.ink, None, False)
        for column, gap in enumerate(row[1:], start=1):
            colour = on_scale(LIGHT.scale, 0.5 + float(gap) / largest / 2)
            deck.box(grid.cell(line, column), deck.words.number(float(gap)), readable_on(colour), colour, True)
    return shape


def _charted(deck: Slides, slide: Any, kind: XL_CHART_TYPE, table: pd.DataFrame) -> tuple[Any, Any]:
    """The shape and its chart: the first column names the categories, every other column is a series."""
    series = [(str(name), table[name].astype(float).tolist()) for name in table.columns[1:]]
    return deck.chart(slide, kind, deck.data(table.iloc[:, 0].tolist(), series), unit=deck.words("axis.people"))


def waves(deck: Slides, slide: Any, table: pd.DataFrame) -> Any:
    shape, chart = _charted(deck, slide, XL_CHART_TYPE.LINE, table)
    for line, (colour, dashed) in zip(chart.plots[0].series, ((LIGHT.plain, True), (LIGHT.have, False), (LIGHT.need, True)), strict=True):
        _draw_line(line, colour, dashed)
    return shape


def pyramid(deck: Slides, slide: Any, table: pd.DataFrame) -> Any:
    shape, chart = _charted(deck, slide, XL_CHART_TYPE.BAR_CLUSTERED, table)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 0
    for bars, colour in zip(plot.series, ("#9DBFE0", LIGHT.have), strict=True):
        bars.format.fill.solid()
        bars.format.fill.fore_color.rgb = rgb(colour)
    return shape


def exits(deck: Slides, slide: Any, table: pd.DataFrame) -> Any:
    shape, chart = _charted(deck, slide, XL_CHART_TYPE.COLUMN_STACKED, table)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 55, 100
    for place, bars in enumerate(plot.series):
        bars.format.fill.solid()
        bars.format.fill.fore_color.rgb = rgb(LIGHT.series[place % len(LIGHT.series)])
    return shape


def _draw_line(series: Any, colour: str, dashed: bool) -> None:
    series.format.line.color.rgb, series.format.line.width = rgb(colour), Pt(3)
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

"""Further slides and sheets beside the story of shortage: a sentence, its table, and bars where one number stands beside a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Pt

from presentation.exports.slides import Slides
from presentation.theme import LIGHT

MOST_ROWS = 9
"""Bars on one slide."""


@dataclass(frozen=True, slots=True, eq=False)
class Extra:
    """sheet: name of its sheet; title: the sentence; table: what is shown; slide: also as a slide, which draws the first two columns
    (a name and a number) as bars; alt: what the bars show, for who cannot see them."""

    sheet: str
    title: str
    table: pd.DataFrame
    slide: bool = False
    alt: str = ""


def add_slides(deck: Slides, extras: Sequence[Extra]) -> None:
    """A slide for each that asks for one and has something to show ."""
    for extra in extras:
        if extra.slide and len(extra.table):
            _bars(deck, extra)


def _bars(deck: Slides, extra: Extra) -> None:
    slide = deck.slide(extra.title)
    rows = extra.table.head(MOST_ROWS).iloc[::-1]
    named = [(str(extra.table.columns[1]), rows.iloc[:, 1].astype(float).tolist())]
    shape, chart = deck.chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, deck.data(rows.iloc[:, 0].tolist(), named), legend=False)
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 50, True
    plot.data_labels.font.size, plot.data_labels.font.bold = Pt(14), True
    plot.series[0].format.fill.solid()
    plot.series[0].format.fill.fore_color.rgb = RGBColor.from_string(LIGHT.have.removeprefix("#"))
    chart.value_axis.visible, chart.value_axis.has_major_gridlines, chart.value_axis.minimum_scale = False, False, 0
    shape._element.xpath(".//p:cNvPr")[0].set("descr", extra.alt or extra.title)


def add_sheets(book: Any, extras: Sequence[Extra]) -> None:
    """A sheet for each that has something to show. book: the open workbook."""
    for extra in extras:
        if len(extra.table):
            book._table(book._start(extra.sheet, extra.title), extra.table)

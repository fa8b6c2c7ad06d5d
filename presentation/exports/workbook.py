"""The figures as one Excel file: a sheet per figure with its sentence, its table and a chart that Excel can edit; then the
assumptions and the words. Values only: nothing in it is computed or fetched when it is opened."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import pandas as pd
import xlsxwriter

from presentation import figures, kpis, lists, sentences
from presentation.answers import five
from presentation.exports.extra import Extra, add_sheets
from presentation.exports.steps import stacked
from presentation.figures import Told
from presentation.texts import Words, leaves, upper_first
from presentation.theme import LIGHT
from workflows.answers import Deeper
from workflows.outlook import Outlook

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEAD, TOP = 3, 4
"""Rows (from nought) of the column heads and of the first values."""
WIDEST = 48
"""Letters of a column of words."""
LINE = 15
"""Points of a row of one line."""
A4 = 9
CHART, CHART_ROWS = (760, 400), 21
"""Pixels of a chart, and the rows it covers at most."""
COLUMN = 64
"""Pixels of a column that was given no width."""
YEARS = (1900, 2200)
"""A column of whole numbers between these is one of years, written without a point."""


def workbook(words: Words, found: Outlook, basis: Mapping[str, float], deeper: Deeper, extras: Sequence[Extra] = ()) -> bytes:
    """The whole story of an outlook; `basis` is the firm's own figure per lever that starts from its history, `deeper` what the
    questions of a first meeting ask more; extras become sheets before the assumptions."""
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink, OPTIONS)
    made = _Book(book, words, found)
    made.front(deeper)
    made.sheet(figures.supply(words, LIGHT, found), _lines)
    made.sheet(figures.stairs(words, LIGHT, found), _stairs)
    made.sheet(figures.heat(words, LIGHT, found, "role", 10), _heat)
    made.sheet(figures.pyramid(words, LIGHT, found), _bars)
    made.sheet(figures.waves(words, LIGHT, found), _lines)
    made.sheet(figures.exits(words, LIGHT, found), _stacked)
    add_sheets(made, extras)
    made.plain("assumptions", lists.assumptions(words, found.scenario, basis))
    made.plain("glossary", _glossary(words))
    book.close()
    return sink.getvalue()


def _glossary(words: Words) -> pd.DataFrame:
    terms = sorted({key.split(".")[1] for key in leaves(words.lang) if key.startswith("term.")})
    rows = [(upper_first(words(f"term.{term}.word")), words(f"term.{term}.meaning")) for term in terms]
    return pd.DataFrame(rows, columns=[words("workbook.term"), words("workbook.meaning")])


class _Book:
    """The open workbook with its formats and the line every sheet ends with."""

    def __init__(self, book: xlsxwriter.Workbook, words: Words, found: Outlook) -> None:
        self.book, self.words, self.found = book, words, found
        self.title = book.add_format({"bold": True, "font_size": 15, "font_color": LIGHT.ink})
        self.soft = book.add_format({"font_color": LIGHT.soft})
        top = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#F3F6FA"}
        self.head, self.head_right = book.add_format(top), book.add_format(top | {"align": "right"})
        self.head_text = book.add_format(top | {"align": "left", "indent": 1})
        locale = {"nl": "[$-413]", "en": "[$-809]"}[words.lang]
        self.axis = {
            "num_format": f"{locale}#,##0",
            "major_gridlines": {"visible": True, "line": {"color": LIGHT.grid}},
            "line": {"none": True},
        }
        self.broken = book.add_format({"num_format": f'{locale}#,##0.0;{locale}"−"#,##0.0;0', "valign": "top"})
        self.nought = book.add_format({"num_format": f"{locale}0.0;{locale}0.0;0", "valign": "top"})
        self.whole = book.add_format({"num_format": f'{locale}#,##0;{locale}"−"#,##0;0', "valign": "top"})
        self.year = book.add_format({"num_format": "0", "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "align": "left", "valign": "top", "indent": 1})
        self.first = book.add_format({"text_wrap": True, "valign": "top"})
        self.question = book.add_format({"bold": True, "font_color": LIGHT.have, "valign": "vcenter"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.big = book.add_format({"bold": True, "font_size": 20, "font_color": LIGHT.have, "align": "left"})

    def _start(self, name: str, title: str) -> Any:
        sheet = self.book.add_worksheet(name[:31])
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, self.source(), self.soft)
        return sheet

    def source(self) -> str:
        name = sentences.scenario_name(self.words, self.found.scenario)
        text = self.words("card.note_source", app=self.words("app.name"), as_of=self.found.as_of, scenario=name)
        return f"{text} · {self.words('app.sample_badge')}" if self.found.sample else text

    def front(self, deeper: Deeper) -> None:
        """The headline, the figures on top, and the answered questions."""
        words, facts = self.words, self.found.facts
        sheet = self._start(words("nav.overview"), sentences.headline(words, facts, self.found.scope))
        sheet.set_column(0, 3, 30)
        sheet.write_string(2, 0, sentences.under_headline(words, facts))
        for column, item in enumerate(kpis.overview(words, self.found)):
            sheet.write_string(4, column, item.label, self.soft)
            sheet.write_string(5, column, item.value, self.big)
            sheet.write_string(6, column, " ".join(part for part in (item.change, item.against) if part), self.soft)
        sheet.set_row(5, 30)
        row = 8
        for answer in five(words, self.found, deeper):
            sheet.merge_range(row, 0, row, 3, answer.question, self.question)
            sheet.merge_range(row + 1, 0, row + 1, 3, answer.answer, self.wrap)
            sheet.set_row(row, 20)
            sheet.set_row(row + 1, 16 * (1 + len(answer.answer) // 110))
            row += 3

    def sheet(self, told: Told, draw: Any) -> None:
        """One figure: its sentence, its table, and beside it the chart."""
        sheet = self._start(self.words(f"workbook.{told.figure.name}"), told.title)
        table = told.figure.table
        self._table(sheet, table)
        if len(table):
            draw(self, sheet, sheet.get_name(), table, told)

    def plain(self, name: str, table: pd.DataFrame) -> None:
        """A table of words."""
        sheet = self._start(self.words(f"workbook.{name}"), self.words(f"workbook.{name}"))
        self._table(sheet, table)

    def _table(self, sheet: Any, table: pd.DataFrame) -> None:
        for column, name in enumerate(table.columns):
            cells = table[name]
            numbers = pd.api.types.is_numeric_dtype(cells)
            sheet.set_column(column, column, _width(str(name), cells, numbers))
            head = self.head if not column else self.head_right if numbers else self.head_text
            sheet.write_string(HEAD, column, str(name), head)
            whole = self._shape_of_whole(cells)
            for row, value in enumerate(cells, start=TOP):
                self._cell(sheet, row, column, value, whole)
        for row, lines in enumerate(_lines_of(table), start=TOP):
            if lines > 1:
                sheet.set_row(row, lines * LINE)
        sheet.freeze_panes(TOP, 1)
        sheet.set_row(HEAD, 32)
        sheet.repeat_rows(HEAD)

    def _shape_of_whole(self, cells: pd.Series) -> Any:
        """How a column of years or of counts is written; None for other columns."""
        if not _whole(cells):
            return None
        return self.year if cells.between(*YEARS).all() else self.whole

    def _cell(self, sheet: Any, row: int, column: int, value: Any, whole: Any) -> None:
        if isinstance(value, str):
            sheet.write_string(row, column, value, self.text if column else self.first)
        elif value is None or value != value:
            sheet.write_blank(row, column, None)
        else:
            number = float(value)
            sheet.write_number(row, column, number, whole or (self.nought if abs(number) < 0.05 else self.broken))

    def place(self, sheet: Any, chart: Any, table: pd.DataFrame, told: Told) -> None:
        """Below the table, so that both are printed as wide as the page; without a title: the sentence stands above them."""
        below = TOP + len(table) + 1
        chart.set_title({"none": True})
        chart.set_size({"width": CHART[0], "height": CHART[1]})
        chart.set_legend({"position": "bottom"})
        chart.set_chartarea({"border": {"none": True}})
        sheet.insert_chart(below, 0, chart, {"description": told.figure.alt})
        wide = sum(7 * _width(str(name), cells, pd.api.types.is_numeric_dtype(cells)) + 5 for name, cells in table.items())
        beyond = max(0, ceil((CHART[0] - wide) / COLUMN))
        sheet.fit_to_pages(1, 1)
        sheet.print_area(0, 0, below + CHART_ROWS, len(table.columns) - 1 + beyond)


def _width(name: str, cells: pd.Series, numbers: bool) -> float:
    """Room for the longest text, up to a line that is still read at a glance; longer ones go on below, as heads do."""
    head = max(max((len(word) for word in name.split()), default=0), -(-len(name) // 2)) + 3
    if numbers:
        return max(12, head)
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0) + 3
    return max(12, head, min(longest, WIDEST))


def _lines_of(table: pd.DataFrame) -> list[int]:
    """Lines each row needs where its words go on below."""
    lines = [1] * len(table)
    for name, cells in table.items():
        if not pd.api.types.is_numeric_dtype(cells):
            letters = int(_width(str(name), cells, False)) - 2
            lines = [max(most, -(-len(str(cell)) // letters)) for most, cell in zip(lines, cells, strict=True)]
    return lines


def _whole(cells: pd.Series) -> bool:
    """Years and counts: every number of the column is whole."""
    return pd.api.types.is_numeric_dtype(cells) and bool((cells.dropna() % 1 == 0).all())


def _series(name: str, table: pd.DataFrame, column: int, **more: Any) -> dict[str, Any]:
    last = TOP + len(table) - 1
    return {"name": [name, HEAD, column], "categories": [name, TOP, 0, last, 0], "values": [name, TOP, column, last, column], **more}


def _lines(book: _Book, sheet: Any, name: str, table: pd.DataFrame, told: Told) -> None:
    """Supply against need gets its range as two thin lines; other figures one line a column."""
    chart = book.book.add_chart({"type": "line"})
    if told.figure.name == "supply_demand":
        for column, colour, width, dash in (
            (1, LIGHT.have, 2.75, "solid"),
            (5, LIGHT.need, 2.5, "dash"),
            (2, LIGHT.have, 0.75, "square_dot"),
            (4, LIGHT.have, 0.75, "square_dot"),
        ):
            chart.add_series(_series(name, table, column, line={"color": colour, "width": width, "dash_type": dash}))
        chart.set_y_axis(book.axis | {"min": _floor(table), "name": book.words("axis.fte")})
    else:
        chart.set_y_axis(book.axis | {"name": book.words("axis.people")})
        for column, colour in zip(range(1, len(table.columns)), (LIGHT.plain, LIGHT.have, LIGHT.need), strict=False):
            chart.add_series(_series(name, table, column, line={"color": colour, "width": 2.5}))
    book.place(sheet, chart, table, told)


def _floor(table: pd.DataFrame) -> float:
    low = float(table.iloc[:, [1, 2, 5]].min().min())
    return max(0.0, low * 0.97 // 10 * 10)


def _stairs(book: _Book, sheet: Any, name: str, table: pd.DataFrame, told: Told) -> None:
    """Stairs as stacked columns: an unseen base and the step on it, from a helper table far to the right; each step's value is printed
    on an unseen piece above it."""
    values = [float(value) for value in table.iloc[:, 1]]
    parts = stacked(values)
    rows = [(*step, 0.07 * max(map(sum, parts))) for step in parts]
    at = len(table.columns) + 14
    for row, step in enumerate(rows, start=TOP):
        for column, value in enumerate(step, start=at):
            sheet.write_number(row, column, value, book.broken)
    chart = book.book.add_chart({"type": "column", "subtype": "stacked"})
    last = TOP + len(rows) - 1
    said = [{"value": book.words.number(value, sign=place not in (0, len(values) - 1))} for place, value in enumerate(values)]
    printed = {"value": True, "custom": said, "position": "center", "font": {"bold": True}}
    for column, colour in zip(range(at, at + 5), (None, LIGHT.plain, LIGHT.worse, LIGHT.better, None), strict=True):
        fill = {"none": True} if colour is None else {"color": colour}
        series = {"categories": [name, TOP, 0, last, 0], "values": [name, TOP, column, last, column], "fill": fill, "gap": 40}
        chart.add_series(series | ({"data_labels": printed} if column == at + 4 else {}))
    book.place(sheet, chart, table, told)
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"none": True})


def _heat(book: _Book, sheet: Any, name: str, table: pd.DataFrame, told: Told) -> None:
    last, right = TOP + len(table) - 1, len(table.columns) - 1
    scale = {
        "type": "3_color_scale",
        "min_color": "#4184BF",
        "mid_color": "#F1F4F8",
        "max_color": "#D55E00",
        "mid_type": "num",
        "mid_value": 0,
    }
    sheet.conditional_format(TOP, 1, last, right, scale)


def _bars(book: _Book, sheet: Any, name: str, table: pd.DataFrame, told: Told) -> None:
    chart = book.book.add_chart({"type": "bar"})
    for column, colour in ((1, "#8DBBE0"), (2, LIGHT.have)):
        chart.add_series(_series(name, table, column, fill={"color": colour}, gap=50))
    chart.set_x_axis(book.axis | {"name": book.words("axis.people")})
    book.place(sheet, chart, table, told)


def _stacked(book: _Book, sheet: Any, name: str, table: pd.DataFrame, told: Told) -> None:
    chart = book.book.add_chart({"type": "column", "subtype": "stacked"})
    for column in range(1, len(table.columns)):
        chart.add_series(_series(name, table, column, fill={"color": LIGHT.series[(column - 1) % len(LIGHT.series)]}, gap=60))
    chart.set_y_axis(book.axis | {"name": book.words("axis.people")})
    book.place(sheet, chart, table, told)

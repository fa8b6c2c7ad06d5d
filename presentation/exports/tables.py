"""The table behind one figure as a file: .csv for anyone, .xlsx for Excel. Values only, nothing in them can run."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import pandas as pd
import xlsxwriter

from presentation.texts import Words

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""First characters that make a spreadsheet read a text as something to carry out."""


def inert(value: Any) -> Any:
    """A text that a spreadsheet would carry out gets an apostrophe before it; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def csv_bytes(words: Words, table: pd.DataFrame) -> bytes:
    """The table as the reader's Excel opens it at a double click: Dutch has semicolons and decimal commas."""
    dutch = words.lang == "nl"
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=";" if dutch else ",", lineterminator="\r\n")
    writer.writerow([inert(str(name)) for name in table.columns])
    for row in table.itertuples(index=False, name=None):
        writer.writerow([_cell(value, dutch) for value in row])
    return sink.getvalue().encode("utf-8-sig")


def _cell(value: Any, dutch: bool) -> Any:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float):
        text = f"{value:.4f}".rstrip("0").rstrip(".")
        return text.replace(".", ",") if dutch else text
    return inert(value)


def xlsx_bytes(words: Words, table: pd.DataFrame, title: str, source: str) -> bytes:
    """One sheet: the sentence, the table, and under it where the figures come from."""
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(
        sink, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet(words("card.table")[:31])
    heading, head = (
        book.add_format({"bold": True, "font_size": 14}),
        book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
    )
    soft = book.add_format({"font_color": "#5B6673"})
    shapes = tuple(book.add_format({"num_format": shape}) for shape in ("0", "#,##0.0", "0.0;0.0"))
    sheet.write_string(0, 0, title, heading)
    for column, name in enumerate(table.columns):
        sheet.write_string(2, column, str(name), head)
        _write_column(sheet, column, list(table[name]), *shapes)
    sheet.write_string(len(table) + 4, 0, source, soft)
    sheet.freeze_panes(3, 1)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, max(len(table.columns) - 1, 1), 15)
    book.close()
    return sink.getvalue()


def _write_column(sheet: Any, column: int, cells: Sequence[Any], whole: Any, broken: Any, nought: Any) -> None:
    """nought: what rounds to 0.0 has no sign."""
    for row, value in enumerate(cells, start=3):
        if value is None or value != value:
            sheet.write_blank(row, column, None)
        elif isinstance(value, bool | str):
            sheet.write_string(row, column, str(value))
        elif isinstance(value, list):
            sheet.write_string(row, column, " ".join(str(item) for item in value))
        else:
            number = float(value)
            sheet.write_number(row, column, number, whole if number.is_integer() else nought if abs(number) < 0.05 else broken)

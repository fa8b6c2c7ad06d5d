"""One role on one page to print or send: a file that opens in any browser, with no person in it and nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from presentation.texts import Words

STYLE = (
    "body{font:15px/1.5 Arial,sans-serif;max-width:46em;margin:2em auto;color:#111827}"
    "h1{font-size:1.5em}h2{font-size:1.1em;margin-top:1.4em}"
    "table{border-collapse:collapse;width:100%;font-size:.92em}"
    "th,td{border-bottom:1px solid #d1d5db;padding:.25em .5em;text-align:left}"
    "th.n,td.n{text-align:right}footer{margin-top:2em;font-size:.85em;color:#4b5563}"
    "@page{size:A4;margin:14mm}@media print{body{font-size:10.5px;line-height:1.35;margin:0;max-width:none}"
    "h2{margin:.9em 0 .3em}ul{margin:.3em 0}th,td{padding:.15em .5em}footer{margin-top:1em}}"
)

Part = tuple[str, Sequence[str], pd.DataFrame | None]
"""A heading, sentences under it, and a table or none."""


def role_sheet(title: str, lead: str, parts: Sequence[Part], footer: str, words: Words) -> bytes:
    """The page as HTML in UTF-8. Every text is escaped: names of roles and skills come from somebody's file."""
    body = [f"<h1>{escape(title)}</h1><p>{escape(lead)}</p>"]
    for heading, sentences, table in parts:
        body.append(f"<h2>{escape(heading)}</h2>")
        if sentences:
            body.append("<ul>" + "".join(f"<li>{escape(text)}</li>" for text in sentences) + "</ul>")
        if table is not None and len(table):
            body.append(_table(table, words))
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    inside = f"{''.join(body)}<footer>{escape(footer)}</footer>"
    return f'<!doctype html><html lang="{words.lang}"><head>{head}</head><body>{inside}</body></html>'.encode()


def _table(table: pd.DataFrame, words: Words) -> str:
    """Numbers at the right, those of one column with the same decimals."""
    columns = [_column(table.iloc[:, at], words) for at in range(table.shape[1])]
    heads = "".join(f"<th{mark}>{escape(str(name))}</th>" for name, (mark, _) in zip(table.columns, columns, strict=True))
    rows = "".join("<tr>" + "".join(f"<td{mark}>{cells[line]}</td>" for mark, cells in columns) + "</tr>" for line in range(len(table)))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _column(values: pd.Series, words: Words) -> tuple[str, list[str]]:
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return "", [escape(str(value)) for value in values]
    numbers = values.astype(float)
    digits = 0 if (numbers.dropna() % 1 == 0).all() else 1
    return ' class="n"', ["–" if number != number else words.number(number, digits) for number in numbers]

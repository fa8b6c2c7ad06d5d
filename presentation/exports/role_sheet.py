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
    "td.n{text-align:right}footer{margin-top:2em;font-size:.85em;color:#4b5563}@media print{body{margin:0}}"
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
    heads = "".join(f"<th>{escape(str(name))}</th>" for name in table.columns)
    rows = "".join("<tr>" + "".join(_cell(value, words) for value in line) + "</tr>" for line in table.itertuples(index=False))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(value: object, words: Words) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"<td>{escape(str(value))}</td>"
    if value != value:
        return '<td class="n">–</td>'
    return f'<td class="n">{words.number(float(value), 0 if float(value).is_integer() else 1)}</td>'

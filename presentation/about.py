"""All that is stored about one person in words: a title and a table per kind of data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from presentation.texts import Words

FORMS = {"contract": "upload.stored_", "leave_reason": "upload.stored_", "kind": "about.link.", "stop_timing": "sheet."}
"""Columns whose values are codes, and where their words stand."""


def about_tables(words: Words, found: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[tuple[str, pd.DataFrame]]:
    """Kinds that hold something: a title with how many rows, and a table with the items down and the rows across."""
    out = []
    for table, rows in found.items():
        if not rows:
            continue
        told = [{words(f"about.column.{name}"): _told(words, table, name, value) for name, value in row.items()} for row in rows]
        frame = pd.DataFrame(told).T
        frame = frame[(frame != "").any(axis=1)]  # what is not stored takes no room
        out.append((f"{words(f'about.table.{table}')} ({len(rows)})", frame.rename(columns=lambda n: str(n + 1))))
    return out


def _told(words: Words, table: str, name: str, value: Any) -> str:
    if value is None or (not isinstance(value, str) and pd.isna(value)) or value == "":
        return ""
    if isinstance(value, bool):
        return words("yes_no.yes" if value else "yes_no.no")
    if isinstance(value, pd.Timestamp) or hasattr(value, "isoformat"):
        return words.day(pd.Timestamp(value).date(), short=True)
    if isinstance(value, float):
        return words.number(value, 0 if value == int(value) else 2)
    text = str(value)
    if name == "wishes":
        return ", ".join(words(f"wish.{code}") for code in text.split(","))
    if name in ("basis", "purpose") and text == "own":
        return words("talks.own_ground")
    key = f"talks.sources.{text}" if table == "conversation" and name == "source" else f"{FORMS.get(name, 'yes_no.')}{text}"
    return words(key) if words.known(key) else text

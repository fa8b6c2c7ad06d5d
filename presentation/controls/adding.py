"""Tables that are filled in, on a phone: what was chosen is read as a text over several lines, which a cell for choosing would cut; a row
more, or another choice for a row, is filled in below the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from presentation.controls.widths import HIGH
from presentation.texts import Words

TALL, FEW = 5 * HIGH, 4
"""Pixels of a table of more than so many high rows on a phone."""


def read_whole(table: pd.DataFrame, names: Sequence[str], label: str, config: Mapping[str, Any]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The table with what its rows are called as a column `name` of text, and how it is drawn. label: the heading of that column."""
    named = table.assign(name=pd.Series(list(names), index=table.index, dtype="str"))
    return named, {"name": st.column_config.TextColumn(label), **config}


def drawn_whole(rows: int, fixed: bool, kept: Sequence[str] = ("name",)) -> dict[str, Any]:
    """How such a table is drawn: high rows, which can be deleted and not added. kept: columns that are read only; fixed: all of them."""
    tall: int | str = TALL if rows > FEW else "auto"
    return {"num_rows": "fixed" if fixed else "delete", "disabled": fixed or list(kept), "height": tall, "row_height": HIGH}


def row_below(words: Words, name: str, fields: Mapping[str, Callable[[str], Any]]) -> dict[str, Any] | None:
    """A form below the table for one row more, where the table has no room for one to be filled in. fields: draws the field under a key.
    What was filled in, once it was sent."""
    at = st.session_state.get(f"_added_{name}", 0)
    with st.expander(words("owning.add"), icon=":material/add:"), st.form(f"add_{name}_form", border=False):
        told = {field: ask(f"_add_{field}_{name}_{at}") for field, ask in fields.items()}
        sent = st.form_submit_button(words("owning.add"), key=f"add_{name}")
    return told if sent else None


def choice_below(words: Words, name: str, what: str, rows: Sequence[str], into: str, options: Sequence[str]) -> tuple[int, str] | None:
    """A form below the table for another choice in one of its rows. what, into: the headings of the two columns. The number of the row and
    what was chosen, once it was sent."""
    with st.form(f"change_{name}_form"):
        row = st.selectbox(what, range(len(rows)), format_func=lambda at: rows[at], key=f"_row_{name}")
        choice = st.selectbox(into, options, format_func=lambda one: one or "–", key=f"_choice_{name}")
        sent = st.form_submit_button(words("owning.change"), key=f"change_{name}")
    return (row, choice) if sent and row is not None else None


def next_begins_empty(name: str) -> None:
    """A row was added: the form is for the next one."""
    st.session_state[f"_added_{name}"] = st.session_state.get(f"_added_{name}", 0) + 1

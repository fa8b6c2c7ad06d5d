"""Where a file does not tell by itself which row holds its headers and what its columns are, a person points it out."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from presentation import lists
from presentation.controls import widths
from presentation.controls.adding import choice_below
from presentation.controls.cards import shown_table
from presentation.session import View
from presentation.texts import Words
from workflows import asking
from workflows.asking import KINDS, SheetSeen
from workflows.types import Refusal

HELPED = frozenset(
    {
        "no_table_found",
        "no_birth_date_or_age",
        "only_hidden_sheet",
        "header_only",
        "all_rows_invalid",
        "mapping_header_missing",
        "sheet_not_found",
        "statistics_not_people",
        "fte_months_without_year",
    }
)
"""Refusals after which somebody who knows the file can point out what is what."""
HEADER_ROW, SHEET, SEEN = "_header_row", "_pointed_sheet", "_glance"
SHOWN = 90
WORDS = 8


def forget() -> None:
    for name in (HEADER_ROW, SHEET, SEEN):
        st.session_state.pop(name, None)


def header_row() -> int | None:
    """The row chosen for the headers, if any."""
    return st.session_state.get(HEADER_ROW)


def sheet() -> str | None:
    """The sheet pointed out, if any."""
    return st.session_state.get(SHEET)


def choose_header_row(words: Words, sheet: SheetSeen, current: int) -> None:
    """Another row as the headers, where the sheet has more than one that could be them."""
    tops = dict(sheet.tops)
    if len(tops) < 2 or current not in tops:
        return
    key, rows = f"_choose_row_{st.session_state.get('_upload', 0)}", list(tops)
    st.selectbox(
        words("point.row"),
        rows,
        rows.index(current),
        format_func=lambda row: _told(words, row, tops[row]),
        key=key,
        on_change=_take,
        args=(key,),
    )


def _take(key: str) -> None:
    st.session_state[HEADER_ROW] = st.session_state.get(key)
    st.session_state.pop("_mapping", None)


def point(view: View, name: str, content: bytes) -> None:
    """Sheet, row of the headers and a field for each column; read again with them at a press."""
    words, sheets = view.words, _glance(view, name, content)
    sheets = [sheet for sheet in sheets if sheet.tops]
    if not sheets:
        return
    with st.container(border=True, key="step_point"):
        st.markdown(f"##### {words('point.title')}")
        st.markdown(words("point.text"))
        left, middle, right = st.columns(3)
        names = [sheet.name for sheet in sheets]
        number = left.selectbox(words("point.sheet"), range(len(sheets)), format_func=lambda at: names[at] or name, key="_point_sheet")
        kind = middle.selectbox(words("point.kind"), KINDS, format_func=lambda kind: words(f"kind.{kind}"), key="_point_kind")
        tops = dict(sheets[number].tops)
        rows = list(tops)
        likely = max(range(len(rows)), key=lambda at: len(tops[rows[at]]))
        row = right.selectbox(
            words("point.row"), rows, likely, format_func=lambda row: _told(words, row, tops[row]), key=f"_point_row_{number}"
        )
        field, fields = words("upload.column_field"), lists.field_names(words, kind)
        headers = list(dict.fromkeys(tops[row]))
        table = pd.DataFrame({words("upload.column_header"): headers, field: [""] * len(headers)})
        edited = _pointed(words, table, list(fields), f"_point_{number}_{row}_{kind}")
        chosen = {fields[told]: header for header, told in zip(headers, edited[field], strict=True) if told in fields}
        if st.button(words("point.read"), key="_point_read", type="primary", icon=":material/check:", disabled=not chosen):
            st.session_state["_mapping"], st.session_state[HEADER_ROW] = chosen, row
            st.session_state[SHEET] = names[number]
            st.rerun()


def _pointed(words: Words, table: pd.DataFrame, fields: list[str], key: str) -> pd.DataFrame:
    """The table with what was pointed out: chosen in it, on a phone below it."""
    header, field = table.columns
    if not widths.on_phone():
        return st.data_editor(
            table,
            hide_index=True,
            disabled=[header],
            column_config={field: st.column_config.SelectboxColumn(options=["", *fields])},
            placeholder="–",
            key=key,
            alt=words("point.title"),
        )
    room, kept = st.container(), st.session_state.setdefault(f"{key}_kept", {})
    chosen = choice_below(words, "point", header, list(table[header]), field, ["", *fields])
    if chosen is not None:
        kept[chosen[0]] = chosen[1]
    table = table.assign(**{field: [kept.get(at, "") for at in range(len(table))]})
    with room:
        shown_table(table, words("point.title"))
    return table


def _told(words: Words, row: int, texts: tuple[str, ...]) -> str:
    whole = " · ".join(texts[:WORDS])
    return words("point.row_told", row=row, texts=whole if len(whole) <= SHOWN else whole[: SHOWN - 1] + "…")


def _glance(view: View, name: str, content: bytes) -> tuple[SheetSeen, ...]:
    """Looked at once per file."""
    key = hashlib.sha256(content).hexdigest()
    kept = st.session_state.get(SEEN)
    if kept is None or kept[0] != key:
        try:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"upload{Path(name).suffix.lower()}"
                path.write_bytes(content)
                kept = (key, asking.glance(view.viewer, path))
        except Refusal:  # not even to be opened: that has been said
            kept = (key, ())
        st.session_state[SEEN] = kept
    return kept[1]


__all__ = ["HELPED", "choose_header_row", "forget", "header_row", "point", "sheet"]

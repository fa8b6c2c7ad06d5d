"""What is stored: the snapshots and taking the last one back, and the establishment by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from presentation import lists
from presentation.controls import widths
from presentation.controls.cards import named_table, number_columns
from presentation.controls.frame import refusal_text
from presentation.controls.widths import for_phone, high_on_phone
from presentation.session import View
from presentation.texts import Words
from workflows import demand, importing
from workflows.types import Refusal

NAMES = (("location", 90), ("unit", 105), ("role", 130))
"""Pixels of the columns that name a group, so that the table fits a screen of 1280; on a wider one they grow."""


def stored_title(view: View) -> str:
    """What stands in the database now, in one sentence."""
    words, stored = view.words, importing.snapshots(view.viewer, view.workspace)
    if not stored:
        return words("upload.title_none")
    newest = max(stored, key=lambda item: item["as_of"])
    if newest["sample"]:
        return words("upload.title_sample", n=newest["people"])
    return words("upload.title_stored", n=len(stored), day=newest["as_of"], people=newest["people"])


def snapshot_card(view: View) -> None:
    """What is stored, and taking the last save back."""
    words = view.words
    table = lists.snapshots(words, importing.snapshots(view.viewer, view.workspace))
    with st.container(border=True, key="card_snapshots"):
        st.markdown(f"##### {words('upload.list_title', n=len(table)) if len(table) else words('upload.list_none')}")
        if not len(table):
            return
        named_table(words, "snapshots", table, words("upload.list_title", n=len(table)), number_columns(table) | _dates(words))
        row = st.container(horizontal=True)
        row.button(
            words("upload.undo"),
            icon=":material/undo:",
            key="undo_import",
            on_click=_act,
            args=(view, importing.undo_last, "upload.undone"),
        )
        if view.outlook is not None and view.outlook.sample:
            row.button(
                words("upload.clear_sample"),
                icon=":material/delete:",
                key="clear_sample",
                on_click=_act,
                args=(view, importing.clear_sample, "upload.sample_cleared"),
            )


def _dates(words: Words) -> dict[str, Any]:
    day, moment = words("upload.snapshot_as_of"), words("upload.snapshot_when")
    return {day: st.column_config.DateColumn(format="DD-MM-YYYY"), moment: st.column_config.DatetimeColumn(format="DD-MM-YYYY HH:mm")}


def _act(view: View, action: Any, done: str) -> None:
    """Carry out one workflow call from a button; say what happened."""
    try:
        action(view.viewer, view.workspace)
    except Refusal as refusal:
        st.toast(refusal_text(view.words, refusal), icon=":material/error:")
        return
    st.toast(view.words(done), icon=":material/check_circle:")


def _role_first(words: Words, table: pd.DataFrame) -> list[str]:
    """A phone has room for a role and one number; a screen for all, place and department first."""
    first = [words("column.role"), *lists.formation_numbers(words)[:1]] if widths.on_phone() else []
    return first + [name for name in table.columns if name not in first]


def formation_card(view: View) -> None:
    """Establishment per role and department, typed by hand; every save is a version that can be taken back."""
    words = view.words
    with st.container(border=True, key="card_formation"):
        st.markdown(f"##### {words('upload.formation_title')}")
        st.caption(words("upload.formation_text"))
        rows = demand.formation(view.viewer, view.workspace)
        if rows.empty:
            st.caption(words("upload.formation_none"))
            return
        table = lists.formation(words, rows)
        numbers = {
            name: st.column_config.NumberColumn(min_value=0.0, step=0.1, format="localized", width=145)
            for name in lists.formation_numbers(words)
        } | {words(f"column.{name}"): st.column_config.TextColumn(width=wide) for name, wide in NAMES}
        numbers[words("column.growth_percent")] = st.column_config.NumberColumn(step=0.1, format="localized", width=165)
        key = f"_formation_{view.workspace.store.fingerprint()}"
        order, drawn = for_phone(words, "formation", numbers, _role_first(words, table), key)
        edited = st.data_editor(
            table,
            hide_index=True,
            disabled=list(table.columns[: len(table.columns) - 3]),
            column_config=drawn,
            column_order=order,
            height=380,
            row_height=high_on_phone(table[words("column.role")], drawn.get(words("column.role"))),
            placeholder=words("upload.formation_blank"),
            key=key,
            alt=words("upload.formation_title"),
        )
        row = st.container(horizontal=True)
        changed = not edited.equals(table)
        if row.button(words("upload.formation_save"), type="primary", disabled=not changed, key="formation_save", icon=":material/save:"):
            _save_formation(view, rows, edited)
        row.button(
            words("upload.formation_undo"),
            icon=":material/undo:",
            key="formation_undo",
            disabled=not demand.can_undo(view.viewer, view.workspace),
            on_click=_act,
            args=(view, demand.undo_formation, "upload.formation_undone"),
        )


def _save_formation(view: View, rows: pd.DataFrame, edited: pd.DataFrame) -> None:
    try:
        demand.set_formation(view.viewer, view.workspace, lists.formation_rows(view.words, rows, edited))
    except Refusal as refusal:
        st.error(refusal_text(view.words, refusal))
        return
    st.toast(view.words("upload.formation_saved"), icon=":material/check_circle:")
    st.rerun()

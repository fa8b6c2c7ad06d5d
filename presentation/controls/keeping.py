"""Copies of the data on the screen: make one, put one back, also when the data themselves cannot be opened."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from presentation import session
from presentation.controls.cards import table_card
from presentation.session import View
from presentation.texts import Words
from workflows import keeping
from workflows.access import Right, may
from workflows.types import Refusal, Viewer
from workflows.workspace import Workspace


def copies_card(view: View) -> None:
    """For who may back up: a button, the copies there are, and one of them put back after a second thought."""
    words, viewer = view.words, view.viewer
    if not may(viewer, Right.BACKUP):
        return
    with st.container(border=True, key="card_keeping"):
        st.markdown(f"##### {words('keeping.title')}")
        st.caption(words("keeping.lead"))
        message = st.session_state.pop("_kept_safe", None)
        if message:
            st.success(message, icon=":material/check_circle:")
        if st.button(words("keeping.make"), icon=":material/save:", type="primary", key="make_backup"):
            _make(words, viewer, view.workspace)
        files = keeping.backups(viewer, view.workspace)
        if files:
            rows = [(file.name, _moment(file), file.stat().st_size / 2**20) for file in files]
            table = pd.DataFrame(rows, columns=[words("keeping.file"), words("keeping.made"), words("keeping.size")])
            with st.expander(words("keeping.back_title"), icon=":material/history:"):
                put_back(words, viewer, view.workspace, files)
                table_card(view, "copies", words("keeping.list_title", n=len(files)), table)
        else:
            st.info(words("keeping.none"))


def put_back(words: Words, viewer: Viewer, workspace: Workspace, files: list[Path]) -> None:
    """Choose a copy, say that it is meant, put it back; what was there is kept."""
    names = {f"{file.name} · {words.day(_moment(file))} {_moment(file):%H:%M}": file for file in files}
    chosen = st.selectbox(words("keeping.choose"), list(names), key="copy_chosen")
    meant = st.checkbox(words("keeping.meant"), key="copy_meant")
    if st.button(words("keeping.put_back"), icon=":material/settings_backup_restore:", disabled=not meant, key="put_back"):
        try:
            with st.spinner(words("keeping.busy")):
                keeping.restore(viewer, workspace, names[chosen])
        except Refusal as refusal:
            st.error(words.refused(refusal))
            return
        st.session_state["_kept_safe"] = words("keeping.done_back", file=names[chosen].name)
        st.rerun()


def rescue(words: Words) -> None:
    """Under the message that the data cannot be opened: put a copy back. The file that is there is never thrown away."""
    viewer = session.rescuer()
    if viewer is None:
        st.info(words("keeping.ask_admin"))
        return
    workspace = Workspace(session.database().resolve())
    files = keeping.backups(viewer, workspace)
    with st.container(border=True, key="card_rescue"):
        st.markdown(f"##### {words('keeping.rescue_title')}")
        if not files:
            st.markdown(words("keeping.rescue_none", folder=str(workspace.path)))
            return
        st.markdown(words("keeping.rescue_text"))
        put_back(words, viewer, workspace, files)


def _make(words: Words, viewer: Viewer, workspace: Workspace) -> None:
    try:
        with st.spinner(words("keeping.busy")):
            made = keeping.backup(viewer, workspace)
    except Refusal as refusal:
        st.error(words.refused(refusal))
        return
    st.success(words("keeping.done", file=made.file.name, n=made.rows), icon=":material/check_circle:")


def _moment(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime)

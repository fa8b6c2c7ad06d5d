"""What helps where there is nothing to tell yet: the workbook to fill in, and the page where it goes."""

from __future__ import annotations

import streamlit as st

from presentation.controls.taking import XLSX
from presentation.exports.template import template
from presentation.session import View
from presentation.texts import Words
from workflows.access import Right, may


def template_button(words: Words, kind: str = "secondary", width: str = "stretch", key: str = "template") -> None:
    """Download the empty workbook; made only when asked for."""
    st.download_button(
        words("empty.template_button"),
        lambda: template(words.lang),
        f"werkhorizon-{words.lang}.xlsx",
        XLSX,
        type=kind,
        width=width,
        icon=":material/download:",
        on_click="ignore",
        key=key,
    )


def what_helps(view: View, key: str) -> None:
    """Under the sentence that says what is missing. Who may not upload is told who can. key: tells it from others on the page."""
    words = view.words
    if not may(view.viewer, Right.IMPORT):
        st.caption(words("empty.by_hr"))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        template_button(words, width="content", key=f"template_{key}")
        st.page_link("pages/upload.py", label=words("empty.to_upload"), icon=":material/arrow_forward:", width="content")

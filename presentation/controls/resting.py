"""A page whose answer takes long keeps up with the sliders: while they move it shows what is known at once, the rest when they rest."""

from __future__ import annotations

from typing import Any

import streamlit as st

from presentation import sentences, session
from presentation.controls.cards import heading, plain
from presentation.session import View

REST = 1.2
"""Seconds the sliders stand still before what takes long is made."""


def moving(view: View, page: str) -> bool:
    """Whether a slider, the year or the chosen part was moved since this page was last drawn; a page opened first is at rest."""
    key = (view.scenario.to_json(), view.scope, view.outlook.target_year)
    name = f"_rest_{page}"
    before = st.session_state.get(name, key)
    st.session_state[name] = key
    return before != key


def meanwhile(view: View, working: str) -> None:
    """What is short, which follows at once; the page itself comes when the sliders have rested."""
    words, found = view.words, view.outlook
    heading(view, plain(sentences.headline(words, found.facts, view.scope)), sentences.under_headline(words, found.facts))
    st.caption(f":material/hourglass_top: {working}")
    st.session_state["_rest_looks"] = 0
    st.fragment(_look, run_every=REST)()


def _look() -> Any:
    """The first look comes with the page itself, the next when nothing moved in between."""
    st.session_state["_rest_looks"] += 1
    if st.session_state["_rest_looks"] > 1 and not session.dialog_open():
        st.rerun()

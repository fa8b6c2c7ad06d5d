"""The directors' page about what people want and can: four figures, wishes, shortages they point to, hidden capacity."""

from __future__ import annotations

import streamlit as st

from presentation import voices
from presentation.controls.beginning import what_helps
from presentation.controls.cards import card, heading, kpi_row, table_card
from presentation.controls.telling import told_line
from presentation.controls.widths import HALF
from presentation.session import View
from workflows import ideas, pulse, talks
from workflows.access import Right, may


def willing(view: View) -> None:
    """The whole page; needs loaded data."""
    words = view.words
    said = talks.said(view.viewer, view.workspace)
    heading(view, *voices.willing_title(words, said))
    if said.least > 1:
        st.caption(f":material/shield: {words('willing.protected', k=said.least)}")
        told_line(view)
    if view.viewer.units:
        st.caption(words("told.whole"))
    if not said.held and may(view.viewer, Right.IMPORT):
        st.page_link("pages/conversations.py", label=words("nav.conversations"), icon=":material/forum:", width="content")
        what_helps(view, "wishes")
    if said.held:
        kpi_row(words, voices.willing_kpis(words, said, view.outlook))
        _figures(view, said)
    _further(view)


def _figures(view: View, said: talks.Said) -> None:
    words = view.words
    left, right = st.columns(2)
    told = voices.wishes_told(words, view.palette, said)
    with left:
        if told is not None:
            card(view, told)
    with right:
        title, table = voices.capacity_table(words, said)
        table_card(view, "capacity", title, table, room=HALF)
    title, table = voices.targets_table(words, said, view.outlook)
    first = tuple(words(f"willing.{name}", year=view.outlook.target_year) for name in ("target", "short"))
    table_card(view, "targets", title, table, height=340, phone=first)
    st.caption(words("willing.supply_note"))
    table_card(view, "wish_groups", words("willing.wishes_groups"), voices.wishes_table(words, said), height=320)


def _further(view: View) -> None:
    words = view.words
    board, results = ideas.board(view.viewer, view.workspace), pulse.results(view.viewer, view.workspace)
    st.markdown(f"##### {words('willing.more_title')}")
    with st.container(horizontal=True):
        st.page_link("pages/ideas.py", label=words("willing.link_ideas", n=len(board)), icon=":material/lightbulb:")
        firm = voices.pulse_firm(results)
        if len(firm):
            mean = float(firm[firm["question"] == "committed"]["mean"].iloc[-1])
            label = words("willing.link_pulse", mean=words.number(mean, 1))
            st.page_link("pages/pulse.py", label=label, icon=":material/favorite:")
        st.page_link("pages/rotation.py", label=words("willing.link_rotation"), icon=":material/sync_alt:")
        st.page_link("pages/selfscan.py", label=words("willing.link_scan"), icon=":material/checklist:")

"""The pulse: results for everybody, holding one and reading one in for HR."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from presentation import voices
from presentation.controls.cards import XLSX, card, heading, table_card
from presentation.controls.doing import and_again, attempt, link_address
from presentation.controls.widths import HALF
from presentation.exports.tables import xlsx_bytes
from presentation.session import View
from presentation.texts import Words
from workflows import ideas, pulse
from workflows.access import Right, may
from workflows.types import BANDS, QUESTIONS


def pulse_results(view: View) -> None:
    """Headline, trend, teams of the newest round, work ability."""
    words, found = view.words, pulse.results(view.viewer, view.workspace)
    heading(view, *voices.pulse_title(words, found))
    if found.pulse.empty:
        return
    left, right = st.columns(2)
    with left:
        card(view, voices.pulse_trend(words, view.palette, found))
    with right:
        title, table = voices.pulse_teams(words, found)
        table_card(view, "pulse_teams", title, table, room=HALF)
    if len(found.ability):
        title, table = voices.ability_table(words, found)
        table_card(view, "work_ability", title, table)
        st.caption(words("pulse.ability_note", k=found.least_ability))


def hold_pulse(view: View) -> None:
    """Open a round, make links per team, close it; read in a round taken elsewhere. Nothing for who may not import."""
    if not may(view.viewer, Right.IMPORT):
        return
    st.markdown(f"#### {view.words('pulse.manage')}")
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        _rounds(view)
    with right.container(border=True, height="stretch"):
        _import(view)


def _rounds(view: View) -> None:
    words, viewer, workspace = view.words, view.viewer, view.workspace
    rounds = pulse.rounds(viewer, workspace)
    open_ = rounds[~rounds["closed"]]
    if open_.empty:
        name = st.text_input(words("pulse.name"), key="round_name", max_chars=80)
        if st.button(words("pulse.open"), type="primary", key="open_round"):
            and_again(words, lambda: pulse.open_round(viewer, workspace, name), words("pulse.opened"))
        return
    current = int(open_["round"].iloc[-1])
    st.markdown(f"**{open_['name'].iloc[-1]}**")
    st.caption(words("pulse.tickets_text"))
    units = list(ideas.fte_per_unit(viewer, workspace)) if view.outlook is not None else []
    team = st.selectbox(words("pulse.team"), units, key="ticket_team", accept_new_options=True)
    count = st.number_input(words("pulse.count"), 1, pulse.MOST_TICKETS, 20, key="ticket_count")
    if team and st.button(words("pulse.tickets"), key="make_tickets", icon=":material/link:"):
        made = attempt(words, lambda: pulse.tickets(viewer, workspace, current, {team: int(count)}))
        if made:
            table = pd.DataFrame({words("pulse.one_link", n=team): [link_address("pulse", token) for token in made[team]]})
            st.download_button(
                words("pulse.download"), xlsx_bytes(words, table, str(team), words("pulse.tickets_text")), "links.xlsx", XLSX
            )
            st.dataframe(table, hide_index=True, height=180)
    if st.button(words("pulse.close"), key="close_round", icon=":material/lock:"):
        and_again(words, lambda: pulse.close(viewer, workspace, current), words("pulse.closed"))


def _import(view: View) -> None:
    words = view.words
    st.markdown(f"##### {words('pulse.import')}")
    st.caption(words("pulse.import_text"))
    st.download_button(
        words("pulse.example"), lambda: example_sheet(words), "peiling.xlsx", XLSX, key="pulse_example", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip
    file = st.file_uploader(words("pulse.import"), ["xlsx", "csv"], key="pulse_file", label_visibility="collapsed")
    if file is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"pulse{Path(file.name).suffix.lower()}"
        path.write_bytes(file.getvalue())
        found = attempt(words, lambda: pulse.check(view.viewer, path))
    if not found:
        return
    st.markdown(words("pulse.found", n=found.answers, skipped=found.skipped))
    name = st.text_input(words("pulse.name"), key="import_name", max_chars=80)
    held = st.date_input(words("pulse.held"), date.today(), key="import_held", format="DD-MM-YYYY")
    if st.button(words("pulse.import_save"), type="primary", key="import_round"):
        and_again(words, lambda: pulse.save(view.viewer, view.workspace, found, name, held), words("pulse.saved"))


def example_sheet(words: Words) -> bytes:
    """A sheet to fill in: one row per answer."""
    columns = {words("pulse.team"): ["Service & Beheer", "Service & Beheer"]}
    columns |= {words(f"pulse.word.{question}"): [4, 3] for question in QUESTIONS}
    return xlsx_bytes(words, pd.DataFrame(columns), words("nav.pulse"), ", ".join(words(f"pulse.band.{band}") for band in BANDS))

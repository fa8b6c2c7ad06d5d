"""Is this right? The page that holds earlier forecasts against what came, and its one line on the overview."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import streamlit as st

from presentation import session, tested
from presentation.controls.beginning import what_helps
from presentation.controls.beside import Waiting, beside
from presentation.controls.cards import card, plain, table_card
from presentation.session import View
from workflows import backtest
from workflows.access import Right, may
from workflows.backtest import Tested
from workflows.types import Refusal

LOOK_AGAIN = 3
"""Seconds between two looks whether the check of earlier years is done."""


def room() -> Any:
    """A place on the page that is filled later."""
    return st.container()


def _proof(view: View) -> Tested | None:
    """The back-test, with a word while it is made; None when there are no data."""
    try:
        with st.spinner(view.words("tested.checking")):
            return backtest.backtest(view.viewer, view.workspace)
    except Refusal:
        return None


def truth_title(view: View) -> Tested | None:
    """The sentence for directors as the title of the page; returns what it was made of."""
    found = _proof(view)
    if found is not None:
        st.title(tested.answer(view.words, found), anchor=False)
        st.markdown(view.words("tested.lead" if found.testable else "tested.lead_none"))
        if not found.testable:
            what_helps(view, "earlier")
    return found


def proof_cards(view: View, found: Tested) -> None:
    """Stock and flows apart: a chart of what was said beside what came, and the scores."""
    words = view.words
    if not found.testable:
        return
    left, right = st.columns(2)
    for place, stock in ((left, True), (right, False)):
        with place:
            _chart(view, found, stock)
    first = tuple(words(f"tested.column_{name}") for name in ("measure", "horizon", "wape"))
    table_card(view, "scores_stock", words("tested.stock_title"), tested.scores_table(words, found, tested.STOCK), phone=first)
    flows = tuple(name for name in tested.ORDER if name not in tested.STOCK)
    table_card(
        view, "scores_flows", words("tested.flow_title"), tested.scores_table(words, found, flows).dropna(axis=1, how="all"), phone=first
    )
    st.caption(words("tested.read"))
    if found.small_roles:
        st.caption(plain(words("tested.note_roles", roles=list(found.small_roles))))


def _chart(view: View, found: Tested, stock: bool) -> None:
    words, choices = view.words, tested.measures(found, stock)
    if not choices:
        return
    row = st.container(horizontal=True)
    measure = choices[0]
    if len(choices) > 1:
        measure = row.selectbox(words("tested.which"), choices, format_func=lambda name: words(f"tested.measure_{name}"), key="_flow")
    ahead = tested.horizons(found, measure)
    horizon = row.segmented_control(words("tested.ahead"), ahead, default=ahead[0], required=True, key=f"_ahead_{stock}")
    card(view, tested.told(words, view.palette, found, measure, horizon if horizon in ahead else ahead[0]))


# the sixth question on the overview: never in the way of a slider


def _begun(view: View) -> Future[Tested]:
    """The check of earlier years, made beside the page; whatever the levers do, it is waited for."""
    viewer = view.viewer
    key = ("backtest", str(view.workspace.path), view.workspace.store.fingerprint(), viewer.role.value, viewer.units, viewer.k)
    return beside().begin(key, Waiting(key, float("-inf")), lambda: backtest.backtest(viewer, view.workspace))


def truth_line(view: View, place: Any) -> None:
    """The sixth question with its answer as soon as it is known, in `place`."""
    if not may(view.viewer, Right.GROUPS):
        return
    made = _begun(view)
    with place:
        done = made.done()
        _line(view, made.result() if done and made.exception() is None else None, done)
        if not done:
            st.fragment(_look, run_every=LOOK_AGAIN)(made)


def _look(made: Future[Tested]) -> None:
    """Draws nothing: has the page drawn when the answer is known."""
    if made.done() and not session.dialog_open():
        st.rerun()


def _line(view: View, found: Tested | None, done: bool) -> None:
    words = view.words
    with st.container(border=True, key="question_sixth", horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{words('tested.question')}**", width="content")
        if found is not None:
            st.markdown(plain(tested.answer(words, found)), width="stretch")
        elif not done:
            st.caption(words("tested.checking"))
        st.page_link("pages/backtest.py", label=words("tested.go"), icon=":material/arrow_forward:", width="content")

"""The five questions of the first meeting on the overview. The second and the fifth have a place of their own."""

from __future__ import annotations

from typing import Any

import streamlit as st

from presentation import session
from presentation.answers import five
from presentation.controls.beside import Waiting, beside
from presentation.controls.cards import plain
from presentation.sentences import Answer
from presentation.session import View
from workflows.answers import Deeper, deeper
from workflows.as_told import mark
from workflows.types import Scenario

LOOK_AGAIN = 1.2
"""Seconds between two looks. A scenario is worked out once its levers have rested that long: not while one is being moved."""
LONGEST_LOOK = 6.0
"""The same where many visitors wait for their answers."""


def questions(view: View) -> None:
    """All five with their answers; what takes longer comes when it is known."""
    key = _key(view)
    waiting: Waiting = st.session_state.setdefault("_waiting", Waiting())
    first, rested = waiting.key is None, waiting.key == key
    waiting.key = key
    made = beside().look(key)
    if made is None and (rested or (first and view.scenario == Scenario())):
        made = _begun(view, key, waiting)
    done = made is not None and made.done()
    with st.container():  # of its own: what stands below keeps its place, and is not built anew, when nobody looks any more
        _drawn(view, made.result() if made is not None and done and made.exception() is None else None)
        if not done:
            st.fragment(_look, run_every=min(LOOK_AGAIN * (1 + beside().undone() / 4), LONGEST_LOOK))(view, key, waiting)


def _key(view: View) -> tuple[Any, ...]:
    """Everything that decides what the answers are."""
    viewer, scope = view.viewer, view.scope
    return (
        *(str(view.workspace.path), mark(viewer, view.workspace), viewer.role.value, viewer.units, viewer.k),
        *(view.scenario.to_json(), scope.locations, scope.units, scope.roles, view.outlook.target_year),
    )


def _begun(view: View, key: tuple[Any, ...], waiting: Waiting) -> Any:
    return beside().begin(key, waiting, lambda: deeper(view.viewer, view.workspace, view.scenario, view.scope, view.outlook.target_year))


def _look(view: View, key: tuple[Any, ...], waiting: Waiting) -> None:
    """Draws nothing: begins what is wanted when the levers have rested since the page was drawn; has the page drawn when it is known."""
    made = beside().look(key)
    if made is None and st.session_state.get("_looked") == key:
        made = _begun(view, key, waiting)
    st.session_state["_looked"] = key
    if made is not None and made.done() and not session.dialog_open():
        st.rerun()


def _drawn(view: View, known: Deeper | None) -> None:
    answers = five(view.words, view.outlook, known)
    cost = float(view.outlook.facts.get("cost_of_nothing", 0.0))
    badges = {2: view.words.euro(cost)} if cost else {}
    if known and known.decisions.get("measures"):
        badges[5] = view.words("answers.closed", share=view.words.percent(known.decisions["share"]))
    with st.container(border=True, key="questions", gap="small"):
        for number, answer in enumerate(answers, start=1):
            _row(number, answer, badges.get(number, ""))


def _row(number: int, answer: Answer, badge: str) -> None:
    """One question with its sentence and, at the right, the page that shows more; a figure stands out where it has its own place."""
    with st.container(key=f"question_{number}", horizontal=True, wrap=False, gap="small"):
        mark = f" :{'orange' if number == 2 else 'blue'}-badge[{plain(badge)}]" if badge else ""
        st.markdown(f"**{number}. {plain(answer.question)}**{mark}  \n{plain(answer.answer)}", help=answer.note or None, width="stretch")
        st.page_link(f"pages/{answer.page}.py", label=answer.link, icon=":material/arrow_forward:", width="content")

"""What a meeting leaves for later: its parked questions, ticked off, removed and put back, and the assumptions it did not believe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from presentation import lists, session
from presentation.controls.cards import plain, refusal_text
from presentation.session import View
from workflows import parked
from workflows.access import Right, may
from workflows.types import LEVERS, Refusal

HERE = "_parked"
"""Questions of somebody whose role keeps nothing: they end with the visit."""
GONE = "_parked_gone"
"""The question that was removed last, for as long as the visit lasts."""
SAID = "_parked_said"


def open_questions(view: View) -> list[str]:
    """As they were typed, oldest first."""
    return [one.text for one in _kept(view) if not one.done] + st.session_state.get(HERE, [])


def parked_list(view: View, row: Any) -> None:
    """Behind a button in `row`: the open questions, a field for one more, and what was ticked off or removed."""
    words, kept = view.words, _kept(view)
    with row.popover(words("meeting.parked", n=len(open_questions(view))), icon=":material/local_parking:"):
        said = st.session_state.pop(SAID, "")
        if said:
            st.error(said)
        for one in kept:
            if not one.done:
                _line(view, one)
        for line in st.session_state.get(HERE, []):
            st.markdown(f"- {plain(line)}")
        keeps = may(view.viewer, Right.SCENARIOS)
        st.text_input(
            words("meeting.park"),
            key="_park",
            max_chars=300,
            on_change=_park,
            args=(view,),
            help=words("meeting.park_help" if keeps else "meeting.park_here"),
        )
        _back(view, [one for one in kept if one.done])


def doubt_field(view: View) -> None:
    """Which assumptions were not believed, as they were chosen the last time."""
    words = view.words
    stored = parked.doubts(view.viewer, view.workspace)
    ranked = [name for name in session.ground(view.viewer, view.workspace).ranking if name in LEVERS]
    if "_doubted" not in st.session_state:
        st.session_state["_doubted"] = list(stored)
    st.multiselect(
        words("meeting.doubt"),
        [*ranked, *(name for name in stored if name not in ranked)],
        format_func=lambda name: lists.lever_name(words, name),
        key="_doubted",
        placeholder=words("meeting.doubt_none"),
        select_all=False,
        label_visibility="collapsed",
        persist_state="session",
        on_change=_doubted,
        args=(view,),
    )


def doubts(view: View) -> list[str]:
    return [view.words(f"lever.{name}.label") for name in st.session_state.get("_doubted") or []]


def _kept(view: View) -> tuple[parked.Question, ...]:
    return parked.questions(view.viewer, view.workspace) if may(view.viewer, Right.SCENARIOS) else ()


def _line(view: View, one: parked.Question) -> None:
    words, viewer, workspace = view.words, view.viewer, view.workspace
    st.markdown(plain(one.text), help=words("meeting.parked_on", day=one.parked.date()))
    row = st.container(horizontal=True)
    ticked = (view, lambda: parked.tick(viewer, workspace, one.number))
    row.button(words("meeting.tick"), icon=":material/check:", type="tertiary", key=f"_tick_{one.number}", on_click=_do, args=ticked)

    def remove() -> None:
        st.session_state[GONE] = parked.remove(viewer, workspace, one.number)

    row.button(
        words("meeting.remove"), icon=":material/delete:", type="tertiary", key=f"_drop_{one.number}", on_click=_do, args=(view, remove)
    )


def _back(view: View, done: list[parked.Question]) -> None:
    """What was ticked off and what was removed last, each with the way back."""
    words, viewer, workspace = view.words, view.viewer, view.workspace
    gone: parked.Question | None = st.session_state.get(GONE)
    if done:
        st.caption(words("meeting.ticked", n=len(done)))
    for one in reversed(done):
        st.markdown(f"~~{plain(one.text)}~~")
        back = (view, lambda one=one: parked.tick(viewer, workspace, one.number, False))
        st.button(words("meeting.back"), icon=":material/undo:", type="tertiary", key=f"_back_{one.number}", on_click=_do, args=back)
    if gone is None:
        return

    def restore() -> None:
        parked.restore(viewer, workspace, gone)
        del st.session_state[GONE]

    st.markdown(words("meeting.removed", text=plain(gone.text)))
    st.button(words("meeting.back"), icon=":material/undo:", type="tertiary", key="_back_gone", on_click=_do, args=(view, restore))


def _park(view: View) -> None:
    text = str(st.session_state["_park"]).strip()
    if not text:
        return
    if not may(view.viewer, Right.SCENARIOS):
        st.session_state[HERE] = [*st.session_state.get(HERE, []), text]
    elif not _do(view, lambda: parked.park(view.viewer, view.workspace, text)):
        return  # what was typed stays in the field
    st.session_state["_park"] = ""


def _doubted(view: View) -> None:
    _do(view, lambda: parked.set_doubts(view.viewer, view.workspace, st.session_state["_doubted"]))


def _do(view: View, act: Callable[[], object]) -> bool:
    """Carry it out before the page is drawn; why not is said in the list."""
    try:
        act()
    except Refusal as refusal:
        st.session_state[SAID] = refusal_text(view.words, refusal)
        return False
    return True

"""The upload's last step: the press that saves, and what stands on the page while that is done."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from presentation import session, settling
from presentation.controls import asking, pointing
from presentation.controls.cards import heading, plain
from presentation.controls.frame import refusal_text
from presentation.controls.speaking import to_the_top
from presentation.controls.ticking import moving
from presentation.session import View
from presentation.standing import standing_lines
from workflows import importing
from workflows.importing import Draft
from workflows.types import Refusal, Scenario, Scope

PRESSED, REFUSED = "_saving", "_not_saved"
"""Session state: that saving was asked for, and whether it may replace a snapshot; why it was not done."""
WHERE = "[data-testid='stMain'] [class*='st-key-{0}_']{1}"
GONE = f"<style>{WHERE.format('step', ':not(.st-key-step_file)')}, {WHERE.format('card', '')} {{ display: none; }}</style><i></i>"
"""While something takes long, the screen library leaves what the run before drew on the page, grey and mixed with the new. The letterless
sign keeps the style where it is written: a style alone is held for the whole page until the next run."""


PACE = 25_000
"""Rows that are stored in about a second."""


def clear_old() -> None:
    """Take the steps and cards of the run before off the page, as long as this stands on it."""
    st.html(GONE)


def forget() -> None:
    """A fresh uploader and no draft."""
    st.session_state["_upload"] = st.session_state.get("_upload", 0) + 1
    asking.forget()
    pointing.forget()
    for name in ("_draft", "_mapping", "_as_of", "_sheet", PRESSED):
        st.session_state.pop(name, None)


def save_step(view: View, draft: Draft) -> None:
    """The two buttons, and what saving would replace."""
    words = view.words
    refusal = st.session_state.pop(REFUSED, None)
    if refusal is not None:
        st.error(refusal_text(words, refusal))
    if view.outlook is not None and view.outlook.sample:
        st.caption(f":material/info: {words('upload.replaces_sample')}")
    replace = bool(draft.taken) and st.checkbox(words("upload.replace", days=[words.day(day) for day in draft.taken]), key="_replace")
    row = st.container(horizontal=True)
    blocked = draft.blocked or (bool(draft.taken) and not replace)
    row.button(words("upload.save"), type="primary", disabled=blocked, key="save", icon=":material/save:", on_click=_press, args=(replace,))
    row.button(words("upload.cancel"), key="cancel", on_click=forget)


def _press(replace: bool) -> None:
    st.session_state[PRESSED] = replace


def pressed() -> bool:
    return PRESSED in st.session_state


def not_yet() -> None:
    """The file is read again, as after somebody else stored something: what was pressed was about what stood there before."""
    st.session_state.pop(PRESSED, None)


def carry_out(view: View, draft: Draft, title: st.delta_generator.DeltaGenerator) -> None:
    """Save, and make the first answer ready behind the same bar; then the page anew."""
    words, replace = view.words, bool(st.session_state.pop(PRESSED))
    to_the_top()
    with title.container():
        heading(view, words("upload.saving_title", file=plain(draft.file_name)), words("upload.saving_lead"))
        bar = st.progress(0.0, words("upload.saving"))
        clear_old()
    seconds = 1 + sum(report.rows_kept for report in draft.reports) / PACE
    try:
        with moving(lambda share: bar.progress(share, _far(words("upload.saving"), share)), 0.0, 0.6, seconds):
            _store(view, draft, replace)
    except Refusal as refusal:
        st.session_state[REFUSED] = refusal
        st.rerun()
    with suppress(Refusal), moving(lambda share: bar.progress(share, _far(words("upload.saving_figures"), share)), 0.6, 1.0, seconds):
        ground = session.ground(view.viewer, view.workspace)  # without a staff list there is no answer yet
        session.outlook(view.viewer, view.workspace, Scenario(), Scope(), ground.as_of.year + 5)
    st.rerun()


def _far(text: str, share: float) -> str:
    return f"{text} · {round(share * 100)} %"


def _store(view: View, draft: Draft, replace: bool) -> None:
    """From here on it is stored, also when the visitor leaves."""
    words = view.words
    with settling.room_to_read():
        stored = importing.save(view.viewer, view.workspace, draft, replace)
    lines = [words("upload.saved_same") if stored.already else words("upload.saved", n=len(stored.snapshots))]
    lines += standing_lines(words, draft.standing)
    if stored.sample_removed:
        lines.append(words("upload.saved_cleared"))
    st.session_state["_saved"] = " ".join(lines)
    forget()

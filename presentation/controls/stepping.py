"""The next steps that came out of a scan, a conversation or a plan for handing over: adding one, and the list."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from presentation.controls.cards import table_card
from presentation.controls.doing import and_again
from presentation.session import View
from workflows import followup
from workflows.access import Right, may

QUARTER = 91
STATUSES = ("planned", "running", "done", "stopped")


def step_form(view: View, kind: str, what: str, key: str, unit: str = "", due: date | None = None) -> None:
    """A small form behind a button: who and when."""
    words = view.words
    if not may(view.viewer, Right.SCENARIOS):
        return
    with st.popover(words("scan.to_actions"), icon=":material/playlist_add:", key=f"pop_{key}"), st.form(f"act_{key}", border=False):
        st.markdown(what)
        owner = st.text_input(words("scan.owner"), key=f"act_owner_{key}", max_chars=80)
        day = st.date_input(words("scan.due"), due or date.today() + timedelta(days=QUARTER), key=f"act_due_{key}", format="DD-MM-YYYY")
        if st.form_submit_button(words("ideas.save"), type="primary") and isinstance(day, date):
            and_again(words, lambda: _added(view, kind, what, owner, day, unit), words("scan.acted"))


def _added(view: View, kind: str, what: str, owner: str, day: date, unit: str) -> bool:
    followup.add(view.viewer, view.workspace, kind, what, owner, day, unit)
    return True


def step_list(view: View) -> None:
    """All these steps with their owner and date; whoever plans sets how far a step is."""
    words, rows = view.words, followup.steps(view.viewer, view.workspace)
    table = pd.DataFrame(
        {
            words("followup.what"): rows["note"],
            words("followup.from"): [words(f"followup.kinds.{kind}") for kind in rows["kind"]],
            words("column.unit"): rows["unit"],
            words("scan.owner"): rows["owner"],
            words("scan.due"): [words.day(pd.Timestamp(day).date(), short=True) if pd.notna(day) else "" for day in rows["due"]],
            words("ideas.status"): [words(f"followup.statuses.{status}") for status in rows["status"]],
        }
    )
    if rows.empty:
        st.info(f"**{words('followup.none')}.** {words('followup.how')}", icon=":material/playlist_add:")
        return
    table_card(view, "followup", words("followup.title", n=len(rows)), table)
    if may(view.viewer, Right.SCENARIOS):
        names = dict(zip(rows["id"], rows["note"], strict=True))
        one, two, three = st.columns([3, 2, 1], vertical_alignment="bottom")
        step = one.selectbox(words("followup.what"), list(names), format_func=lambda name: names[name], key="step_which")
        status = two.selectbox(
            words("ideas.status"), STATUSES, 1, format_func=lambda name: words(f"followup.statuses.{name}"), key="step_status"
        )
        if three.button(words("ideas.save"), key="step_save"):
            and_again(words, lambda: _set(view, str(step), status), words("pulse.saved"))


def _set(view: View, step: str, status: str) -> bool:
    followup.set_status(view.viewer, view.workspace, step, status)
    return True

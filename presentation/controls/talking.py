"""Conversations, for HR: who had none, recording an outcome, taking back, and personal links."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from presentation.controls.cards import heading, table_card
from presentation.controls.doing import and_again, attempt, link_address
from presentation.controls.stepping import step_form
from presentation.controls.telling import waiting_line
from presentation.controls.visiting import ground, talk_fields
from presentation.controls.widths import HALF
from presentation.session import View
from presentation.texts import Words
from workflows import talks
from workflows.own import Talk
from workflows.types import WISHES


def conversations(view: View) -> None:
    """The working screen: form, links and taking back on the left, lists on the right."""
    words = view.words
    rows = talks.rows(view.viewer, view.workspace)
    year = talks.year_of(view.viewer, view.workspace)
    silent = talks.without(view.viewer, view.workspace, year, rows)
    heading(view, words("talks.title", n=len(silent), people=len(rows), year=year), words("talks.lead"))
    st.caption(f":material/lock: {words('talks.hr_only')}")
    waiting_line(view)
    left, right = st.columns([1, 1])
    with left:
        person = st.selectbox(
            words("talks.person"), rows["employee_id"].tolist(), index=None, placeholder=words("talks.choose"), key="talk_person"
        )
        if person is not None:
            _person(view, rows[rows["employee_id"] == person].iloc[0])
        else:
            st.info(words("talks.choose_text"), icon=":material/forum:")
    with right:
        table_card(view, "silent", words("talks.silent_title"), silent_table(words, silent), height=300, room=HALF)
    table_card(view, "recorded", words("talks.all_title"), recorded_table(words, rows[rows["held"].notna()]), height=360)
    st.caption(words("talks.all_text"))


def _person(view: View, row: pd.Series) -> None:
    words, viewer, workspace, person = view.words, view.viewer, view.workspace, str(row["employee_id"])
    now = None
    if pd.notna(row["held"]):
        step = row["step_date"].date() if pd.notna(row["step_date"]) else None
        fte = float(row["wished_fte"]) if pd.notna(row["wished_fte"]) else None
        wishes = tuple(wish for wish in WISHES if wish in str(row["wishes"]).split(","))
        grounds = (row["basis"], row["purpose"])
        now = Talk(row["held"].date(), wishes, row["wished_role"], fte, row["can"], row["needs"], row["step"], step, *grounds)
    st.caption(f"{row['role']} · {row['unit']} · {words('axis.fte')} {words.number(float(row['fte']), 2)}")
    with st.form("talk_form", border=True):
        st.markdown(f"##### {words('talks.record')}")
        held = st.date_input(words("talks.held"), date.today(), key="talk_held", format="DD-MM-YYYY")
        roles = tuple(sorted(set(talks.roles(viewer, workspace))))
        talk = talk_fields(words, roles, now, str(row["role"]))
        one, two = st.columns([2, 1])
        step = one.text_input(words("talks.step"), now.step if now else "", key="talk_step", max_chars=300)
        step_date = two.date_input(words("talks.step_date"), None, key="talk_step_date", format="DD-MM-YYYY")
        one, two = st.columns(2)
        standing = talks.purpose(viewer, workspace)
        purpose = one.text_input(words("talks.purpose"), standing, help=words("talks.purpose_help"), key="talk_purpose", max_chars=200)
        standing = talks.basis(viewer, workspace)
        basis = two.text_input(words("talks.basis"), standing, help=words("talks.basis_help"), key="talk_basis", max_chars=200)
        keep = st.checkbox(words("talks.set_basis"), key="talk_keep_basis")
        if st.form_submit_button(words("talks.save"), type="primary"):
            day = step_date if isinstance(step_date, date) else None
            made = replace(talk, held=held, step=step, step_date=day, basis=basis, purpose=purpose)
            if keep:
                talks.set_grounds(viewer, workspace, purpose, basis)
            and_again(words, lambda: talks.record(viewer, workspace, person, made), words("talks.saved"))
    if now is not None and now.step:
        unit = str(row["unit"])
        step_form(view, "conversation", words("followup.of_talk", unit=unit), "talk", unit, now.step_date)
    _own_skills(view, person)
    one, two = st.columns(2)
    with one.container(border=True, height="stretch"):
        _link(view, person)
    with two.container(border=True, height="stretch"):
        st.markdown(f"##### {words('talks.withdraw')}")
        st.caption(words("talks.withdraw_text"))
        if st.button(words("talks.withdraw_button"), key="withdraw", icon=":material/delete:", disabled=now is None):
            gone = attempt(words, lambda: talks.withdraw(viewer, workspace, person))
            if gone:
                and_again(words, lambda: True, words("talks.withdrawn", n=int(gone)))


def _own_skills(view: View, person: str) -> None:
    words, rows = view.words, talks.own_skills(view.viewer, view.workspace, person)
    if rows.empty:
        return
    days = [words.day(pd.Timestamp(day).date(), short=True) for day in rows["sent"]]
    table = {words("rotation.skill"): rows["skill"], words("talks.own_level"): rows["level"], words("talks.own_sent"): days}
    table_card(view, "own_skills", words("talks.own_title", n=len(rows)), pd.DataFrame(table))
    st.caption(words("talks.own_text"))


def _link(view: View, person: str) -> None:
    words, viewer, workspace = view.words, view.viewer, view.workspace
    st.markdown(f"##### {words('talks.links')}")
    st.caption(words("talks.links_text", days=talks.LINK_DAYS))
    if st.button(words("talks.make_link"), key="make_link", icon=":material/link:"):
        token = attempt(words, lambda: talks.new_link(viewer, workspace, person))
        if token:
            st.code(link_address("own", token), language=None, wrap_lines=True)
    links = talks.links(viewer, workspace)
    open_ = links[(links["employee_id"] == person) & ~links["revoked"]]
    if len(open_) and st.button(words("talks.revoke"), key="revoke", icon=":material/link_off:"):
        gone = talks.revoke(viewer, workspace, person)
        and_again(words, lambda: True, words("talks.revoked", n=gone))


def silent_table(words: Words, rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            words("talks.person"): rows["employee_id"],
            words("column.unit"): rows["unit"],
            words("column.role"): rows["role"],
            words("talks.last"): [words.day(day.date(), short=True) if pd.notna(day) else "–" for day in rows["held"]],
        }
    )


def recorded_table(words: Words, rows: pd.DataFrame) -> pd.DataFrame:
    """As a sheet that the Upload page reads again: the same headers as the template."""
    yes, no = words("yes_no.yes"), ""
    said = {wish: [yes if wish in wishes.split(",") else no for wishes in rows["wishes"]] for wish in WISHES}
    timing = ["earlier" if "earlier" in wishes.split(",") else "later" if "later" in wishes.split(",") else "" for wishes in rows["wishes"]]

    def head(name: str) -> str:
        return words(f"template.header.{name}")

    return pd.DataFrame(
        {
            head("employee_id"): rows["employee_id"].to_numpy(),
            head("wish_date"): [words.day(day.date(), short=True) for day in rows["held"]],
            head("wished_role"): rows["wished_role"].to_numpy(),
            head("wished_fte"): [words.number(float(fte), 2) if pd.notna(fte) else "" for fte in rows["wished_fte"]],
            **{head(name): said[name] for name in ("more_hours", "fewer_hours", "deepen", "other_direction", "teach")},
            head("outside_firm"): said["outside"],
            head("stop_timing"): [words(f"sheet.{name}") if name else "" for name in timing],
            head("can"): rows["can"].to_numpy(),
            head("needs"): rows["needs"].to_numpy(),
            head("agreed_step"): rows["step"].to_numpy(),
            head("agreed_date"): [words.day(day.date(), short=True) if pd.notna(day) else "" for day in rows["step_date"]],
            head("purpose"): [ground(words, text) for text in rows["purpose"]],
            head("basis"): [ground(words, text) for text in rows["basis"]],
            words("talks.source"): [words(f"talks.sources.{source}") for source in rows["source"]],
        }
    )

"""Project groups: what each works on, who leads it, what it expects and what came of it; forming and updating one."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from presentation import doings, session
from presentation.controls.cards import plain, table_card
from presentation.controls.doing import and_again, lever_button
from presentation.controls.levers import base_value
from presentation.controls.numbers import number_text, read
from presentation.session import View
from presentation.texts import Words
from workflows import groups, ideas
from workflows.access import Right, may
from workflows.types import LEVERS

COLOURS = {"forming": "violet", "running": "blue", "done": "green", "stopped": "gray"}


def challenges_and_roles(view: View) -> list[str]:
    """What an idea or a group can be for: open challenges of the scan, then the roles as this viewer may see them."""
    listed = ideas.open_challenges(view.viewer, view.workspace)
    roles = sorted({str(role) for role in view.outlook.groups["role"]}) if view.outlook is not None else []
    return list(dict.fromkeys([*listed, *roles]))


def about_choice(view: View, label: str, key: str, now: str = "") -> str:
    """A challenge or role from the list, or something typed."""
    options = list(dict.fromkeys([*([now] if now else []), *challenges_and_roles(view)]))
    chosen = st.selectbox(
        label, options, 0 if now else None, key=key, accept_new_options=True, placeholder=view.words("ideas.about_choose")
    )
    return str(chosen or "")[:120]


def lever_choice(words: Words, lever: str, key: str) -> str:
    """The lever a group or idea works on; "" when nobody estimated it yet."""
    names = ["", *(name for name, made in LEVERS.items() if made.kind == "number")]
    return st.selectbox(
        words("ideas.lever"), names, names.index(lever) if lever in names else 0, key=key,
        format_func=lambda name: words(f"lever.{name}.label") if name else words("ideas.no_lever"),
    )  # fmt: skip


def try_button(view: View, lever: str, amount: float, key: str) -> None:
    """Put the expected effect on the sidebar's lever; nothing where it was not estimated."""
    if lever not in LEVERS or amount != amount or view.outlook is None:
        return
    words = view.words
    value = base_value(lever, session.ground(view.viewer, view.workspace)) + float(amount)
    done = words("ideas.tried", lever=words(f"lever.{lever}.label"), value=words.number(value, 1))
    lever_button(view, words("ideas.try"), lever, value, key, done, words("ideas.try_help"))


def project_groups(view: View) -> None:
    """The list, a card per group at work, and the form for who plans."""
    words, rows = view.words, groups.groups(view.viewer, view.workspace)
    st.markdown(f"#### {words('groups.title', n=len(rows)) if len(rows) else words('groups.none')}")
    st.caption(words("groups.lead") if len(rows) else words("groups.none_text"))
    found = {}
    if view.outlook is not None and rows["since"].notna().any():
        found = {row.project: row for row in groups.measured(view.viewer, view.workspace).itertuples()}
    with st.grid(3, min_column_width=300):
        for row in rows[rows["status"].isin(("running", "forming"))].itertuples():
            with st.container(border=True, height="stretch", key=f"group_{row.project}"):
                _group(view, row, found.get(row.project))
    if len(rows):
        table_card(view, "groups", words("groups.all"), doings.groups_table(words, rows, found))
        if found:
            st.caption(words("groups.measured_note"))
    if may(view.viewer, Right.SCENARIOS):
        with st.expander(words("groups.form"), icon=":material/groups:"):
            _form(view, rows)


def _group(view: View, row, found) -> None:
    words = view.words
    head = st.container(horizontal=True)
    head.badge(words(f"groups.statuses.{row.status}"), color=COLOURS[row.status])
    head.badge(words(f"ideas.themes.{row.theme}"), color="gray", icon=":material/sell:")
    st.markdown(f"**{plain(row.name)}**")
    lines = [f"{words('groups.for')} {row.challenge}"] if row.challenge else []
    lines += [words("groups.led", owner=row.owner)] if row.owner else []
    lines += [words("groups.until", day=pd.Timestamp(row.agreed).date())] if pd.notna(row.agreed) else []
    lines += [words("groups.works_on", n=int(row.ideas)), f"{words('groups.effect')}: {doings.effect_told(words, row.lever, row.amount)}"]
    if found is not None and view.outlook is not None:
        given = {name: words.number(getattr(found, name), 1) for name in ("now", "planned", "realised", "expected")}
        lines += [words("groups.measured", day=view.outlook.as_of, role=found.role or words("groups.measured_all"), **given)]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    try_button(view, row.lever, row.amount, f"try_group_{row.project}")


def _form(view: View, rows: pd.DataFrame) -> None:
    words = view.words
    names = {0: words("groups.new")} | dict(zip(rows["project"].astype(int), rows["name"], strict=True))
    which = st.selectbox(words("groups.which"), list(names), format_func=lambda number: names[number], key="group_which")
    row = None if not which else rows[rows["project"] == which].iloc[0]
    board = ideas.board(view.viewer, view.workspace)
    titles = dict(zip(board["idea"], board["title"], strict=True))
    with st.form(f"group_form_{which}", border=False):
        left, right = st.columns(2)
        with left:
            name = st.text_input(words("groups.name"), "" if row is None else row["name"], max_chars=120, key=f"group_name_{which}")
            challenge = about_choice(view, words("groups.challenge"), f"group_challenge_{which}", "" if row is None else row["challenge"])
            theme = st.selectbox(
                words("groups.theme"), ideas.THEMES, 0 if row is None else ideas.THEMES.index(row["theme"]), key=f"group_theme_{which}",
                format_func=lambda value: words(f"ideas.themes.{value}"),
            )  # fmt: skip
            owner = st.text_input(words("groups.owner"), "" if row is None else row["owner"], max_chars=80, key=f"group_owner_{which}")
            day = None if row is None or pd.isna(row["agreed"]) else pd.Timestamp(row["agreed"]).date()
            agreed = st.date_input(words("groups.agreed"), day, key=f"group_day_{which}", format="DD-MM-YYYY")
        with right:
            status = st.selectbox(
                words("groups.status"), groups.STATUSES, 0 if row is None else groups.STATUSES.index(row["status"]),
                format_func=lambda value: words(f"groups.statuses.{value}"), key=f"group_status_{which}",
            )  # fmt: skip
            mine = [] if row is None else board.loc[board["project"] == which, "idea"].tolist()
            chosen = st.multiselect(
                words("groups.ideas"), list(titles), mine, format_func=lambda idea: titles[idea], key=f"group_ideas_{which}",
                placeholder=words("groups.ideas_choose"), select_all=False,
            )  # fmt: skip
            lever = lever_choice(words, "" if row is None else row["lever"], f"group_lever_{which}")
            now = None if row is None or pd.isna(row["amount"]) else float(row["amount"])
            amount = number_text(st, words, words("ideas.amount"), now, f"group_amount_{which}")
            realised = st.text_area(
                words("groups.realised"), "" if row is None else row["realised"], key=f"group_realised_{which}", height=80
            )
        if st.form_submit_button(words("groups.save"), type="primary"):
            until = agreed if isinstance(agreed, date) else None

            def save() -> object:
                given = read(words, amount) or 0.0 if lever else None
                made = groups.Group(name, challenge, theme, owner, status, until, lever, given, realised)
                return groups.save(view.viewer, view.workspace, made, chosen, int(which) or None)

            and_again(words, save, words("groups.saved"))

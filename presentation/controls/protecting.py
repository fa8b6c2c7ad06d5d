"""Cards of the access page about people: what was joined, how long things are kept, and one person's rights."""

from __future__ import annotations

import json

import streamlit as st

from presentation.about import about_tables
from presentation.controls.cards import plain, table_card
from presentation.controls.frame import refusal_text
from presentation.controls.shield import carried_table, joined_table
from presentation.controls.telling import told_line, waiting_line
from presentation.session import View
from workflows import keeping, people, protection
from workflows.access import Right, may
from workflows.types import Refusal, Scenario

KEPT = ("stand", "leavers", "talks", "voices", "counts", "upload", "backups", "log", "meeting", "choices")
"""What is stored, in the order in which the page tells how long."""


def protection_card(view: View) -> None:
    """Which groups are shown as one, which show an earlier day, and (for who may see both) what that costs in precision."""
    words = view.words
    try:
        with st.spinner(words("app.computing")):
            found = protection.protection(view.viewer, view.workspace, view.scope)
    except Refusal as refusal:
        st.info(refusal_text(words, refusal))
        return
    st.markdown(f"##### {words('access.protection_title', sets=found.sets, groups=found.groups, least=found.least)}")
    st.caption(words("access.protection_text"))
    table_card(view, "joined", words("access.joined_title", n=len(found.joined)), joined_table(words, found))
    if len(found.carried):
        table_card(view, "carried", words("access.carried_title", n=len(found.carried)), carried_table(words, found))
    else:
        st.caption(words("access.carried_none"))
    if may(view.viewer, Right.PERSONS):
        waiting_line(view)
        _price(view)
    else:
        told_line(view)


def _price(view: View) -> None:
    words = view.words
    found = protection.price(view.viewer, view.workspace, Scenario())
    st.caption(
        words(
            "access.price",
            year=found.year,
            exact=words.number(found.exact, 0),
            told=words.number(found.told, 0),
            share=words.percent(abs(found.told - found.exact) / max(found.staff_fte, 1.0), 1),
        )
    )


def keeping_card(view: View) -> None:
    """How long what is kept, per kind of data, and what becomes of it."""
    words = view.words
    leavers, snapshots = keeping.months_kept(view.viewer, view.workspace)
    terms = {"stand": snapshots, "leavers": leavers}
    rows = []
    for name in KEPT:
        months = terms.get(name)
        if name in terms:
            term = words("access.months", n=months) if months else words("access.without_end")
        else:
            term = words(f"access.kept_{name}_term")
        rows.append((words(f"access.kept_{name}"), term, words(f"access.kept_{name}_then")))
    with st.container(border=True, height="stretch", key="card_terms"):
        st.markdown(f"##### {words('access.keeping_title')}")
        for what, term, then in rows:  # lines and not a table: on a phone that would have to be pushed sideways, which keys cannot
            st.markdown(f"**{plain(what)}** · {plain(term)}  \n{plain(then)}")


def person_card(view: View) -> None:
    """All about one person and erasing one person, for who has that right. The number typed here is nowhere kept."""
    words = view.words
    st.markdown(f"##### {words('access.person_title')}")
    st.caption(words("access.person_text"))
    asked = st.text_input(words("access.person_number"), key="person_number", max_chars=60, autocomplete="off").strip()
    if not asked:
        return
    try:
        found = _about(view, asked)
    except Refusal as refusal:
        st.warning(refusal_text(words, refusal))
        return
    st.markdown(words("access.person_found", n=sum(map(len, found.values()))))
    for title, table in about_tables(words, found):
        st.markdown(f"**{title}**")
        st.dataframe(table, alt=title)
    _take_or_erase(view, asked, found)


def _about(view: View, asked: str) -> dict:
    """One look is one line in the log, however often the page is drawn."""
    kept = st.session_state.get("_about")
    if kept is None or kept[0] != asked:
        kept = (asked, people.about(view.viewer, view.workspace, asked))
        st.session_state["_about"] = kept
    return kept[1]


def _take_or_erase(view: View, asked: str, found: dict) -> None:
    words = view.words
    row = st.container(horizontal=True)
    row.download_button(
        words("access.person_take"),
        lambda: json.dumps(found, default=str, ensure_ascii=False, indent=1).encode(),
        "inzage.json",
        "application/json",
        on_click="ignore",
        key="person_take",
    )
    with row.popover(words("access.person_erase"), icon=":material/delete_forever:"):
        st.markdown(words("access.person_erase_text"))
        if st.button(words("access.person_erase_sure"), type="primary", key="person_erase"):
            try:
                rows = people.erase(view.viewer, view.workspace, asked)
            except Refusal as refusal:
                st.error(refusal_text(words, refusal))
                return
            st.session_state.pop("_about", None)
            st.success(words("access.person_erased", n=rows))

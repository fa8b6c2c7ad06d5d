"""The idea board and the register of controls: read, support, add, decide, and try an idea in the scenario."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from presentation import doings
from presentation.controls.cards import plain, table_card
from presentation.controls.doing import and_again, attempt, lever_button, link_address
from presentation.controls.grouping import about_choice, lever_choice, try_button
from presentation.controls.numbers import number_text, read
from presentation.session import View
from presentation.texts import Words
from workflows import ideas
from workflows.access import Right, may

SHOWN = 12
"""Ideas drawn as cards; the rest stands in the table."""
COLOURS = {"new": "gray", "group": "violet", "doing": "blue", "done": "green", "declined": "gray"}


def idea_cards(view: View) -> None:
    """Most supported ideas as cards."""
    board, words = ideas.board(view.viewer, view.workspace), view.words
    st.markdown(f"#### {words('ideas.board')}")
    with st.grid(3, min_column_width=300):
        for row in board.head(SHOWN).itertuples():
            with st.container(border=True, height="stretch", key=f"idea_{row.idea}"):
                _idea(view, row)
    if len(board) > SHOWN:
        table_card(view, "idea_table", words("ideas.board"), doings.board_table(words, board))


def _idea(view: View, row) -> None:
    words = view.words
    head = st.container(horizontal=True)
    head.badge(words(f"ideas.statuses.{row.status}"), color=COLOURS[row.status])
    head.badge(words(f"ideas.themes.{row.theme}"), color="gray", icon=":material/sell:")
    st.markdown(f"**{plain(row.title)}**")
    st.markdown(plain(row.body))
    said = [words("ideas.week", day=words.day(pd.Timestamp(row.week).date(), short=True)), row.author or words("ideas.anonymous")]
    said += [row.about] if row.about else []
    said += [words("groups.led", owner=row.owner)] if row.owner else []
    st.caption(" · ".join(plain(part) for part in said))
    if row.realised:
        st.caption(f":material/check_circle: {plain(row.realised)}")
    foot = st.container(horizontal=True, vertical_alignment="center")
    count = words("ideas.supports", n=int(row.supports))
    if foot.button(count, key=f"support_{row.idea}", icon=":material/thumb_up:", help=words("ideas.support")):
        attempt(words, lambda: ideas.support(view.viewer, view.workspace, row.idea))
        st.rerun()
    with foot:
        try_button(view, row.lever, row.amount, f"try_{row.idea}")
    if may(view.viewer, Right.SCENARIOS):
        with foot.popover(words("ideas.manage"), icon=":material/edit:"):
            _manage(view, row)


def _manage(view: View, row) -> None:
    words, key = view.words, row.idea
    with st.form(f"manage_{key}", border=False):
        status = st.selectbox(
            words("ideas.status"),
            ideas.STATUSES,
            ideas.STATUSES.index(row.status),
            format_func=lambda name: words(f"ideas.statuses.{name}"),
            key=f"status_{key}",
        )
        owner = st.text_input(words("ideas.owner"), row.owner, key=f"owner_{key}")
        about = about_choice(view, words("ideas.about"), f"about_{key}", row.about)
        lever = lever_choice(words, row.lever, f"lever_{key}")
        amount = number_text(st, words, words("ideas.amount"), row.amount, f"amount_{key}")
        realised = st.text_area(words("ideas.realised"), row.realised, key=f"realised_{key}")
        if st.form_submit_button(words("ideas.save"), type="primary"):
            changes = {"status": status, "owner": owner, "about": about, "lever": lever, "realised": realised}

            def change() -> object:
                given = read(words, amount) or 0.0 if lever else None
                return ideas.change(view.viewer, view.workspace, row.idea, amount=given, **changes)

            and_again(words, change, words("pulse.saved"))


def add_idea(view: View) -> None:
    """A form for everybody who sees the board, and the link for the shop floor."""
    words = view.words
    left, right = st.columns([3, 2])
    with left, st.form("new_idea", clear_on_submit=True):
        st.markdown(f"##### {words('ideas.new')}")
        title = st.text_input(words("ideas.idea"), max_chars=120, key="idea_title")
        body = st.text_area(words("ideas.body"), max_chars=1500, key="idea_body", height=80)
        one, two = st.columns(2)
        theme = one.selectbox(words("ideas.theme"), ideas.THEMES, format_func=lambda name: words(f"ideas.themes.{name}"), key="idea_theme")
        with two:
            about = about_choice(view, words("ideas.about"), "idea_about")
        author = st.text_input(words("ideas.name"), max_chars=80, help=words("ideas.name_help"), key="idea_author")
        if st.form_submit_button(words("ideas.send"), type="primary"):
            and_again(words, lambda: ideas.add(view.viewer, view.workspace, title, body, theme, about, author), words("ideas.sent"))
    if may(view.viewer, Right.SCENARIOS):
        with right.container(border=True, height="stretch"):
            st.markdown(f"##### {words('ideas.link')}")
            st.markdown(words("ideas.link_text", days=ideas.LINK_DAYS))
            if st.button(words("ideas.link_make"), icon=":material/link:", key="idea_link"):
                token = attempt(words, lambda: ideas.new_link(view.viewer, view.workspace))
                if token:
                    st.code(link_address("idea", token), language=None, wrap_lines=True)


def controls_card(view: View) -> None:
    """The register with its decisions, what it frees, and the form to propose one."""
    words, viewer, workspace = view.words, view.viewer, view.workspace
    register = ideas.controls(viewer, workspace)
    table_card(view, "controls", words("ideas.register"), register_table(words, register))
    if view.outlook is not None and (register["decision"] == "removed").any():
        hours = ideas.freed(viewer, workspace)
        text = words.number(hours, 1)
        lever_button(view, words("ideas.freed_button", hours=text), ideas.FREED, hours, "freed", words("ideas.freed_done", hours=text))
    left, right = st.columns(2)
    with left, st.form("new_control", clear_on_submit=True):
        title = st.text_input(words("ideas.control"), max_chars=120, key="control_title")
        why = st.text_input(words("ideas.why"), max_chars=500, key="control_why")
        one, two = st.columns(2)
        units = ["", *(ideas.fte_per_unit(viewer, workspace) if view.outlook is not None else ())]
        unit = one.selectbox(words("ideas.unit"), units, format_func=lambda name: name or words("ideas.everybody"), key="control_unit")
        hours = two.slider(words("ideas.hours"), 0.0, 8.0, 0.5, 0.1, key="control_hours", format="localized")
        if st.form_submit_button(words("ideas.propose"), type="primary"):
            and_again(words, lambda: ideas.add_control(viewer, workspace, title, why, unit, hours), words("ideas.proposed"))
    if may(viewer, Right.SCENARIOS) and len(register):
        with right, st.form("decide_control"):
            names = dict(zip(register["control"].astype(int), register["title"], strict=True))
            control = st.selectbox(words("ideas.control"), list(names), format_func=lambda number: names[number], key="decide_which")
            decision = st.segmented_control(
                words("ideas.decision"),
                list(ideas.DECISIONS),
                default="removed",
                required=True,
                format_func=lambda name: words(f"ideas.decisions.{name}"),
                key="decide_what",
            )
            reason = st.text_input(words("ideas.reason"), max_chars=500, key="decide_why")
            if st.form_submit_button(words("ideas.decide"), type="primary"):
                and_again(words, lambda: ideas.decide(viewer, workspace, control, decision, reason), words("pulse.saved"))


def register_table(words: Words, register: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            words("ideas.control"): register["title"],
            words("ideas.unit"): [unit or words("ideas.everybody") for unit in register["unit"]],
            words("ideas.hours_short"): register["hours"].astype(float),
            words("ideas.decision"): [words(f"ideas.decisions.{name}") for name in register["decision"]],
            words("ideas.decided"): [words.day(day.date(), short=True) if pd.notna(day) else "" for day in register["decided"]],
            words("ideas.reason"): register["reason"],
        }
    )


def board_heading(view: View) -> tuple[str, str]:
    """Headline and lead of the page."""
    words = view.words
    board, register = ideas.board(view.viewer, view.workspace), ideas.controls(view.viewer, view.workspace)
    removed = int((register["decision"] == "removed").sum())
    busy = int(board["status"].isin(("group", "doing", "done")).sum())
    title = words("ideas.title", n=len(board), busy=busy) if len(board) else words("ideas.title_none")
    if not removed or view.outlook is None:
        return title, words("ideas.lead_none") if board.empty else words("ideas.freed_none")
    return title, words("ideas.lead", n=removed, hours=words.number(ideas.freed(view.viewer, view.workspace), 1))

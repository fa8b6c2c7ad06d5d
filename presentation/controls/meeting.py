"""Meeting mode: one message a slide in large type, arrow keys, live sliders, and what the meeting doubted, parked and decided."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from presentation import figures, kpis, lists, sentences, session
from presentation.controls import widths
from presentation.controls.cards import figure_in, kpi_row, plain, refusal_text, table_card
from presentation.controls.parking import doubt_field, doubts, open_questions, parked_list
from presentation.figures import Told
from presentation.session import View
from workflows import decisions
from workflows.access import Right, may
from workflows.types import Refusal

STEPS = ("headline", "supply", "stairs", "heat", "waves", "levers", "decide")
LARGER = 1.45
"""How much larger figures' letters are than on the other pages."""
ROOMIER = (1.3, 330)
"""Height as a multiple and least width of the cards, for the page's larger letters: two rows of two, or one of four."""
LARGE = """<style>
html { font-size: 20px; }
[data-testid="stSidebarNav"], [data-testid="stHeader"] { display: none; }
.stMainBlockContainer { max-width: 1760px; padding-top: 1.2rem; padding-bottom: 1.5rem; }
@media (max-width: 640px) { html { font-size: 16px; } }
</style>"""


def meeting(view: View) -> None:
    """The slide of this moment and the buttons around it."""
    st.html(LARGE)
    words, at = view.words, min(st.session_state.get("_step", 0), len(STEPS) - 1)
    _bar(view, at)
    name = STEPS[at]
    if name == "headline":
        st.title(plain(sentences.headline(words, view.outlook.facts, view.scope)), anchor=False)
        st.markdown(f"### {plain(sentences.under_headline(words, view.outlook.facts))}")
        kpi_row(words, kpis.overview(words, view.outlook), *ROOMIER)
        facts = view.outlook.facts
        for answer in (sentences.how_short(words, facts, view.outlook.as_of.year), sentences.how_dear(words, facts)):
            st.markdown(f"#### {plain(answer.question)}\n\n{plain(answer.answer)}")
    elif name == "decide":
        _decide(view)
    else:
        told = _told(view, name)
        st.title(plain(told.title), anchor=False)
        figure_in(view, replace(larger(told), title=words(f"meeting.step_{name}")))


def _bar(view: View, at: int) -> None:
    words = view.words
    row = st.container(horizontal=True, vertical_alignment="center", key="meeting_bar")
    row.button(
        words("meeting.previous"),
        icon=":material/arrow_back:",
        shortcut="Left",
        disabled=not at,
        on_click=_go,
        args=(at - 1,),
        key="_before",
    )
    last = at == len(STEPS) - 1
    row.button(
        words("meeting.next"), icon=":material/arrow_forward:", shortcut="Right", disabled=last, on_click=_go, args=(at + 1,), key="_after"
    )
    row.caption(words("meeting.where", at=at + 1, total=len(STEPS)), width="content")
    agenda = row.popover(words("meeting.agenda"), icon=":material/list:")
    for place, name in enumerate(STEPS):
        agenda.button(f"{place + 1}. {words(f'meeting.step_{name}')}", type="tertiary", on_click=_go, args=(place,), key=f"_agenda_{place}")
    parked_list(view, row)
    row.page_link("pages/overview.py", label=words("meeting.close"), icon=":material/close:")


def _go(place: int) -> None:
    st.session_state["_step"] = place


def _told(view: View, name: str) -> Told:
    words, colours, found, height = view.words, view.palette, view.outlook, 400 if widths.on_phone() else 620
    made: dict[str, Callable[[], Told]] = {
        "supply": lambda: figures.supply(words, colours, found, height),
        "stairs": lambda: figures.stairs(words, colours, found, height),
        "heat": lambda: figures.heat(words, colours, found, "role", 10),
        "waves": lambda: figures.waves(words, colours, found, height),
        "levers": lambda: figures.levers(words, colours, session.effects(view.viewer, view.workspace).head(7)),
    }
    return made[name]()


def larger(told: Told, factor: float = LARGER) -> Told:
    """The same figure with larger letters, more room for them and a name of its own; on a phone, which is held close, as it is."""
    if widths.on_phone():
        return replace(told, figure=replace(told.figure, name=f"meeting_{told.figure.name}"))
    spec = _grown(deepcopy(told.figure.spec), factor)
    layout = spec["layout"]
    layout["margin"] = layout["margin"] | {"r": round(layout["margin"]["r"] * factor)}
    layout["height"] = max(layout["height"], 560)
    return replace(told, figure=replace(told.figure, name=f"meeting_{told.figure.name}", spec=spec))


def _grown(part: Any, factor: float) -> Any:
    if isinstance(part, list):
        return [_grown(one, factor) if isinstance(one, dict | list) else one for one in part]
    for key, value in part.items():
        if key in ("font", "tickfont", "textfont") and isinstance(value, dict) and "size" in value:
            part[key] = value | {"size": round(value["size"] * factor)}
        elif isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
            part[key] = _grown(value, factor)
    return part


# -- deciding ----------------------------------------------------------------------------------------------------------------


def _decide(view: View) -> None:
    words = view.words
    st.title(words("meeting.decide_title"), anchor=False)
    if not may(view.viewer, Right.SCENARIOS):
        st.markdown(words("meeting.read_only"))
        return
    left, right = st.columns([3, 2])
    with left, st.form("decide", border=True, clear_on_submit=True):
        text = st.text_area(words("meeting.decision"), key="_decision", max_chars=2000, height=110)
        one, two = st.columns(2)
        owner = one.text_input(words("meeting.owner"), key="_owner", max_chars=200)
        day = two.date_input(words("meeting.day"), "today", format="DD-MM-YYYY", key="_day")
        council = st.radio(
            words("meeting.council"),
            decisions.COUNCIL,
            format_func=lambda name: words(f"meeting.council_{name}"),
            horizontal=True,
            help=words("meeting.council_help"),
            key="_council",
        )
        if st.form_submit_button(words("meeting.decide"), type="primary", icon=":material/gavel:"):
            _store(view, decisions.Decision(text, owner, day or date.today(), council, tuple(doubts(view)), tuple(open_questions(view))))
    with right, st.container(border=True, height="stretch", key="card_doubt"):
        st.markdown(f"##### {words('meeting.doubt')}")
        doubt_field(view)
        st.caption(words("meeting.doubt_text"))
        for line in open_questions(view):
            st.markdown(f"- {plain(line)}")
    log = decisions.decisions(view.viewer, view.workspace)
    if log.empty:
        st.caption(words("meeting.log_none"))
        return
    table_card(view, "decisions", words("meeting.log_title", n=len(log)), lists.decisions(words, log))
    if not log["same_ground"].all():
        st.caption(f":material/info: {words('meeting.other_ground')}")


def _store(view: View, made: decisions.Decision) -> None:
    try:
        decisions.decide(view.viewer, view.workspace, view.outlook, made)
    except Refusal as refusal:
        st.error(refusal_text(view.words, refusal))
        return
    st.toast(view.words("meeting.decided"), icon=":material/gavel:")

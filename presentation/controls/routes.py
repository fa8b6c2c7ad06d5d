"""The page about ways from work to work, inside and outside the organisation."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from presentation.charts import ways
from presentation.controls.answering import answered, percents, titled
from presentation.controls.beginning import what_helps
from presentation.controls.cards import card, heading, plain, shown_table, table_card
from presentation.controls.frame import refusal_text
from presentation.controls.subsidies import subsidy_card
from presentation.controls.telling import told_line
from presentation.controls.widths import HALF
from presentation.figures import Told
from presentation.session import View
from presentation.texts import Words
from workflows import people, routes, subsidies
from workflows.access import Right, may
from workflows.routes import Routes
from workflows.types import Refusal, tightness_class


def chosen_role(view: View, title: str) -> str | None:
    """The role the page is about; opens on the one that matters most."""
    known = answered(view, title, lambda: routes.choices(view.viewer, view.workspace))
    first = answered(view, title, lambda: _first(view)) if known else None
    if not known or first is None:
        return None
    return str(st.selectbox(view.words("routes.from"), known, known.index(first), key="_from_role", persist_state="session"))


def _first(view: View) -> str:
    return routes.matters_most(view.viewer, view.workspace, view.scenario, view.outlook.target_year)


def routes_page(view: View) -> None:
    words, found = view.words, view.outlook
    head = st.container()
    role = chosen_role(view, words("nav.routes"))
    if role is None:
        return
    group = st.number_input(words("routes.people"), 1, 500, 5, key="_group", width=220)
    told = answered(
        view, words("nav.routes"), lambda: routes.from_role(view.viewer, view.workspace, role, view.scenario, found.target_year, int(group))
    )
    if told is None:
        return
    with head:
        nearest = told.ways.sort_values("hours").head(1)
        title = (
            words("routes.title", n=len(told.ways), role=plain(role), to=nearest["role"].iloc[0], hours=float(nearest["hours"].iloc[0]))
            if len(nearest)
            else words("routes.title_none", role=plain(role))
        )
        heading(view, title, words("routes.lead"))
        told_line(view)
    left, right = st.columns(2)
    with left:
        _by_role(view, told)
    with right:
        _by_wish(view)
    with st.expander(words("routes.every_way")):
        shown_table(ways_table(words, told), words("routes.every_way"))
    _leaving(view, told)
    _outside(view, told)
    moves = answered(view, words("nav.routes"), lambda: routes.overview(view.viewer, view.workspace, view.scenario, found.target_year))
    if moves is not None:
        _moves(view, moves, told.year)
    _matches(view)


def _moves(view: View, moves: pd.DataFrame, year: int) -> None:
    """Who could go where, as bands with their table; nothing to move is said in words."""
    words = view.words
    if moves.empty:
        st.info(words("routes.moves_none"))
        return
    title = words("routes.moves_title", n=round(float(moves["people"].sum())))
    table = titled(words, moves, {"role": "present_role", "to": "to_role", "people": "people_count", "hours": "hours"})
    card(
        view,
        Told(
            title,
            ways.moves(moves, table, words, view.palette, title),
            ("work_to_work", "retraining"),
            words("routes.moves_note", year=year),
        ),
    )


def _by_role(view: View, told: Routes) -> None:
    """The short answer by function, beside the answer by wish; all that is known of a way stands below."""
    words = view.words
    names = {"role": "to_role", "hours": "hours", "cost": "cost", "wished": "wished", "openings": "openings"}
    rows = told.ways.round(1).dropna(axis="columns", how="all")
    table_card(
        view,
        "ways",
        words("routes.by_role"),
        titled(words, rows, {name: key for name, key in names.items() if name in rows}),
        height=360,
        room=HALF,
    )
    st.caption(words("routes.by_role_note"))


def ways_table(words: Words, told: Routes) -> pd.DataFrame:
    rows = percents(told.ways, "coverage").round(1)
    rows = rows.assign(via=[", ".join(via) for via in rows["via"]], trainings=[", ".join(names) for names in rows["trainings"]])
    names = {
        "role": "to_role",
        "via": "via",
        "hours": "hours",
        "cost": "cost",
        "pay_difference": "pay_difference",
        "coverage": "fit",
        "wished": "wished",
        "openings": "openings",
        "safe": "safe",
        "trainings": "trainings",
    }
    return titled(
        words, rows, {name: key for name, key in names.items() if name in rows and (name != "wished" or rows[name].notna().any())}
    )


def _leaving(view: View, told: Routes) -> None:
    words, cost = view.words, told.cost
    if cost is None:
        return
    counted = bool(st.session_state.get("_count_subsidies", False))
    maybe = subsidies.possible(view.viewer, view.workspace, cost.retraining)
    retraining = cost.retraining - (maybe[0].most if counted else 0.0)
    key = "routes.cost_title" if cost.leaving > retraining else "routes.cost_cheaper"
    title = words(key, n=told.group, leaving=words.euro(cost.leaving), retraining=words.euro(retraining))
    parts = ("payment", "notice", "guidance", "refill", "leaving", "retraining")
    table = pd.DataFrame(
        {
            words("col.measure"): [words(f"routes.{part}") for part in parts],
            words("col.cost"): [round(getattr(cost, part)) for part in parts],
        }
    )
    table_card(view, "leaving_cost", title, table)
    st.caption(words("routes.cost_note"))
    subsidy_card(view, maybe)


def _by_wish(view: View) -> None:
    words = view.words
    try:
        rows = routes.wishes(view.viewer, view.workspace)
    except Refusal as refusal:
        st.info(refusal_text(words, refusal))
        what_helps(view, refusal.code)
        return
    names = {"to": "to_role", "people": "people_count"}
    if may(view.viewer, Right.PERSONS):
        names |= {"hours_low": "hours_low", "hours_high": "hours_high", "without": "without_way"}
    persons = may(view.viewer, Right.PERSONS)
    right = routes.pointing(view.viewer, view.workspace, view.scenario, view.outlook.target_year) if persons else 0
    title = words("routes.by_wish_right", n=right) if right else words("routes.by_wish")
    table = titled(words, rows, names)
    table_card(view, "wishes", title, table, height=360, room=HALF)
    if view.viewer.units:
        st.caption(words("routes.by_wish_whole"))
    st.caption(words("routes.by_wish_note" if persons else "routes.by_wish_least"))


def _outside(view: View, told: Routes) -> None:
    words = view.words
    if told.outside.empty:
        st.info(words("routes.outside_none"))
        return
    rows = told.outside.head(12)
    rows = rows.assign(title=rows[f"title_{words.lang}"], relation=[words(f"col.{code}") for code in rows["relation"]])
    rows = rows.assign(market=[tightness_class(ratio, words.lang) if ratio == ratio else "" for ratio in rows["ratio"]])
    table_card(
        view,
        "outside",
        words("routes.outside_title"),
        titled(words, rows, {"title": "title", "relation": "relation", "ratio": "tightness", "market": "market"}),
    )
    st.caption(words("routes.outside_note"))


def _matches(view: View) -> None:
    """Names beside a vacancy, for HR alone, and only when asked for: every look is logged."""
    words = view.words
    if not may(view.viewer, Right.PERSONS):
        return
    with st.expander(words("routes.match_title")):
        st.caption(words("routes.match_note"))
        role = st.selectbox(words("routes.match_role"), routes.choices(view.viewer, view.workspace), key="_vacancy")
        if not st.button(words("routes.match_show"), key="_show_matches"):
            return
        rows = people.matches(view.viewer, view.workspace, (role,))
        rows = rows.assign(
            reason=[words(f"routes.reason.{code}") for code in rows["reason"]],
            missing=[", ".join(names) for names in rows["missing"]],
            trainings=[", ".join(names) for names in rows["trainings"]],
        )
        names = {name: name for name in ("present_role", "employee_id", "reason", "missing", "trainings")}
        shown_table(titled(words, rows, names), words("routes.match_title"))


# one role

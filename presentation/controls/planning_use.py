"""What is done with a plan: a mix becomes a scenario and actions, and a shortage figure is sought back to what it would take."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pandas as pd
import streamlit as st

from presentation.controls.answering import titled
from presentation.controls.cards import plain, shown_table
from presentation.controls.frame import refusal_text
from presentation.controls.numbers import needed, number_text
from presentation.session import View
from presentation.texts import Words
from workflows import goal, plan_use
from workflows import plan as plans
from workflows.access import Right, may
from workflows.plan import Planned
from workflows.types import LEVERS, Refusal, Scope

Made = TypeVar("Made")
SHOWN_SETTINGS = 40


def measure_name(words: Words, name: str) -> str:
    """The programme's own name of a measure, in words."""
    lever, _, role = name.partition(" ")
    if " > " in name and not words.known(f"plan_lever.{lever}"):
        return name.replace(" > ", " → ")
    role = role.replace(" > ", " → ")
    return f"{words(f'plan_lever.{lever}')}: {role}" if words.known(f"plan_lever.{lever}") else name


def progressing(view: View, text: str, act: Callable[[Callable[[float], None]], Made]) -> Made:
    """Do something that tells how far it is, behind a bar."""
    bar = st.progress(0.0, text)
    try:
        return act(lambda share: bar.progress(min(max(share, 0.0), 1.0), text) and None)
    finally:
        bar.empty()


def use_card(view: View, made: Planned) -> None:
    """A mix becomes a scenario in which every lever it uses is set, and a list of actions."""
    words = view.words
    if not may(view.viewer, Right.SCENARIOS):
        return
    with st.container(border=True, key="card_plan_use"):
        st.markdown(f"##### {words('plan.use_title')}")
        st.caption(words("plan_use.text"))
        row = st.container(horizontal=True, vertical_alignment="bottom")
        mix = row.selectbox(
            words("plan.use_mix"), range(len(made.found)), format_func=lambda at: words("plan.mix_name", n=at + 1), key="_mix", width=160
        )
        name = row.text_input(words("plan.use_name"), words("plan.use_default", year=made.until.year), key="_plan_name", width=260)
        save = row.button(words("plan.use_scenario"), key="plan_scenario")
        act = row.button(words("plan.use_actions"), key="plan_actions", type="primary")
        try:
            if save:
                _saved(view, made, name, mix)
            if act:
                count = plan_use.to_actions(view.viewer, view.workspace, made, mix)
                st.success(words("plan.use_actions_done", n=count))
                st.page_link("pages/actions.py", label=words("nav.actions"), icon=":material/arrow_forward:")
        except Refusal as refusal:
            st.error(refusal_text(words, refusal))


def _saved(view: View, made: Planned, name: str, mix: int) -> None:
    """What the scenario now holds: the shortage promised and reached, each lever from where to where, and what has no lever."""
    words = view.words
    saved, turned = progressing(
        view,
        words("plan_use.working"),
        lambda tell: plan_use.to_scenario(view.viewer, view.workspace, made, view.scenario, name, mix, tell),
    )
    sums = turned.roles[["before", "promised", "reached", "hired"]].clip(lower=0.0).sum()
    st.success(plain(words("plan_use.saved", name=saved.name, until=made.until, **{key: float(sums[key]) for key in sums.index})))
    if sums["hired"] >= 0.05:
        st.caption(words("plan_use.hired", n=float(sums["hired"])))
    if len(turned.left):
        names = [f"{words('plan_lever.' + row.lever)}: {row.role}" for row in turned.left.itertuples()]
        st.info(plain(words("plan_use.left", n=len(turned.left), fte=float(turned.left["fte_years"].sum()), names=names[:6])))
    st.caption(_between(words, turned.years.assign(year=list(made.years))))
    rows = pd.DataFrame(
        [(words(f"lever.{item.lever}.label"), item.role, item.before, item.value, item.promised) for item in turned.settings],
        columns=["lever", "role", "before", "value", "promised"],
    ).head(SHOWN_SETTINGS)
    names = {"lever": "lever", "role": "present_role", "before": "stood", "value": "set_to", "promised": "promised"}
    with st.expander(words("plan_use.set", n=len(turned.settings))):
        shown_table(titled(words, rows.round(2), names), words("plan_use.set", n=len(turned.settings)))
        per_role = turned.roles.round(1)
        names = {"role": "present_role"} | {name: f"short_{name}" for name in ("before", "promised", "reached", "hired")}
        shown_table(titled(words, per_role, names), words("plan_use.per_role"))
        per_year = turned.years.assign(year=[str(year) for year in made.years]).round(1)
        per_year["apart"] = (per_year["reached"] - per_year["promised"]).round(1)
        names = {"year": "of_year"} | {name: f"short_{name}" for name in ("before", "promised", "reached", "apart")}
        shown_table(titled(words, per_year, names), words("plan_use.per_year"))


def _between(words: Words, years: pd.DataFrame) -> str:
    """How far the scenario is from the package in the years before the last, and why."""
    apart = years.assign(apart=years["reached"] - years["promised"]).iloc[:-1]
    if apart.empty or apart["apart"].abs().max() < 0.5:
        return words("plan_use.between_none", last=int(years["year"].iloc[-1]))
    row = apart.loc[apart["apart"].abs().idxmax()]
    key = "plan_use.between_more" if row["apart"] > 0 else "plan_use.between_less"
    told = {name: float(row[name]) for name in ("promised", "reached")}
    return words(key, year=int(row["year"]), last=int(years["year"].iloc[-1]), n=abs(float(row["apart"])), **told)


# goal seek


def goal_card(view: View) -> None:
    """From a shortage figure to what it would take: each lever by itself, and the cheapest mix."""
    words = view.words
    with st.container(border=True, key="card_goal"):
        st.markdown(f"##### {words('plan_goal.title')}")
        st.caption(words("plan_goal.text"))
        places = _places(view)
        first = view.outlook.as_of.year
        asked = st.session_state.pop("_goal_asked", None)
        if asked in places:
            st.session_state["_goal_place"] = asked
        with st.form("goal", border=False):
            row = st.container(horizontal=True, vertical_alignment="bottom")
            figure = row.selectbox(
                words("plan_goal.figure"),
                goal.FIGURES,
                format_func=lambda name: words(f"plan_goal.figure_{name}"),
                key="_goal_figure",
                width=330,
            )
            place = row.selectbox(
                words("plan_goal.place"), list(places), format_func=lambda key: _place_name(words, key), key="_goal_place", width=300
            )
            year = row.number_input(words("plan_goal.year"), first + 1, first + 10, view.outlook.target_year, key="_goal_year", width=140)
            most = number_text(row, words, words("plan_goal.most"), 2.0, "_goal", width=140, help=words("plan_goal.most_help"))
            pressed = row.form_submit_button(words("plan.goal_ask"), type="primary", key="goal_seek")
        if not pressed:
            return
        try:
            asked_for = needed(words, most, 0.0, 100_000.0)
            _sought(view, str(figure), places[place], _place_name(words, place), int(year), asked_for)
        except Refusal as refusal:
            st.info(refusal_text(words, refusal))


def _places(view: View) -> dict[tuple[str, str], Scope]:
    """What a figure can be about: all that is chosen, a location, a department, a role."""
    groups, scope = view.outlook.groups, view.scope
    found: dict[tuple[str, str], Scope] = {("", ""): scope}
    for by in ("location", "unit", "role"):
        names = groups[by].dropna().drop_duplicates().sort_values() if by in groups else []
        for name in names:
            here = {"locations": scope.locations, "units": scope.units, "roles": scope.roles, f"{by}s": (str(name),)}
            found[by, str(name)] = Scope(**here)
    return found


def _place_name(words: Words, key: tuple[str, str]) -> str:
    by, name = key
    return f"{words(f'column.{by}')}: {name}" if by else words("plan_goal.everything")


def _sought(view: View, figure: str, scope: Scope, place: str, year: int, most: float) -> None:
    words = view.words
    target = float(year) if figure == "first_year" else min(most, 100.0) if figure == "chance" else most
    found = progressing(
        view,
        words("plan_goal.working"),
        lambda tell: goal.goal(view.viewer, view.workspace, target, view.scenario, scope, year, figure, tell),
    )
    basis = goal.present(view.viewer, view.workspace, view.scenario)
    told = {"place": place, "year": year, "most": target}
    now = _written(words, figure, found[0].now)
    st.markdown(f"**{plain(words(f'plan_goal.head_{figure}', **told))}**")
    st.markdown(plain(words("plan_goal.now", now=now)))
    if figure == "net" or figure == "gross":
        _cheapest(view, scope, year, most)
    asked = [item for item in found if not item.reached or abs(item.value - basis[item.lever]) >= 1e-9]
    if not asked:
        st.markdown(words("plan_goal.enough_now"))
    for item in asked:
        lever = LEVERS[item.lever]
        text = {
            "lever": words(f"lever.{item.lever}.label"),
            "present": words.number(basis[item.lever], None),
            "value": words.number(float(item.value), None),
            "unit": words(f"unit.{lever.unit}"),
        }
        line = (
            words("plan_goal.hit", **text) if item.reached else words("plan_goal.miss", result=_written(words, figure, item.result), **text)
        )
        st.markdown(f"- {plain(line)}")


def _written(words: Words, figure: str, value: float) -> str:
    """A figure with its unit."""
    if value != value:
        return words("plan_goal.never")
    if figure == "first_year":
        return str(int(value))
    return words.percent(value / 100) if figure == "chance" else f"{words.number(value)} {words('unit.fte')}"


def _cheapest(view: View, scope: Scope, year: int, most: float) -> None:
    """The cheapest mix for the same figure, one line per measure."""
    words = view.words
    try:
        made = progressing(
            view,
            words("plan.working"),
            lambda tell: plans.plan(view.viewer, view.workspace, view.scenario, scope, year, most, None, tell),
        )
    except Refusal as refusal:
        if refusal.code != "nothing_short":
            raise
        st.markdown(words("plan_goal.nothing"))
        return
    rows = made.mix.groupby(["lever", "role"], as_index=False)["units"].sum().sort_values("units", ascending=False)
    steps = [
        plain(words("plan_goal.step", measure=words(f"plan_lever.{row.lever}"), role=row.role, n=words.number(float(row.units))))
        for row in rows.head(8).itertuples()
    ]
    key = "plan_goal.mix" if made.reached else "plan_goal.mix_missed"
    cost = words.euro(made.cost) if made.cost == made.cost else words("plan_goal.no_cost")
    st.markdown(words(key, steps=steps, after=float(made.facts["after"]), cost=plain(cost)))

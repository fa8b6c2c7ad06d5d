"""Bars that can be clicked: a step of the stairs, a year of those who leave. Each opens how that figure is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from presentation import sentences, session
from presentation.charts.flows import MOVES, tidy_steps
from presentation.controls.cards import card, pointed, shown_table
from presentation.figures import Told
from presentation.session import View
from presentation.texts import Words, upper_first


def stairs_card(view: View, told: Told) -> None:
    """From today's shortage to the target year's; a click on a bar opens that step."""
    card(view, _clickable(told, view.words("picking.pick_step")), _remember("bridge", "_step", "point_index"))
    chosen = st.session_state.pop("_step_picked", None)
    if chosen is not None and told.figure.spec["data"]:
        _step_drawer(view, int(chosen))


def exits_card(view: View, told: Told) -> None:
    """Who leaves each year, by reason; a click on a bar opens that year."""
    card(view, _clickable(told, view.words("picking.pick_year")), _remember("exits", "_exits", "x"))
    chosen = st.session_state.pop("_exits_picked", None)
    if chosen is not None and (view.outlook.flows["year"] == int(chosen)).any():
        _exits_drawer(view, int(chosen))


def _clickable(told: Told, note: str) -> Told:
    """Bars answer a click."""
    return replace(told, note=" ".join(part for part in (told.note, note) if part))


def _remember(figure: str, name: str, part: str) -> Callable[[], None]:
    def picked() -> None:
        point = pointed(figure)
        if point:
            st.session_state[f"{name}_picked"] = point[part]

    return picked


def _step_drawer(view: View, place: int) -> None:
    words, found = view.words, view.outlook
    steps = tidy_steps(found.bridge.steps)
    if place in (0, len(steps) + 1):
        year = found.as_of.year if place == 0 else found.target_year
        row = found.total[found.total["year"] == year].iloc[0].to_dict()
        _show(words("picking.year", year=year), [*sentences.gap_formula(words, row)], None, "")
        return
    if not 0 < place <= len(steps):
        return
    name, value = steps[place - 1]
    before = found.bridge.start + sum(amount for _, amount in steps[: place - 1])
    lines = [sentences.step_formula(words, before, value)]
    table = _per_year(words, found.flows[found.flows["year"] < found.target_year], name)
    _show(upper_first(words(f"step.{name}")), lines, table, words("picking.per_year") if table is not None else words("picking.step_note"))


def _per_year(words: Words, flows: pd.DataFrame, name: str) -> pd.DataFrame | None:
    """Fte a year of one flow (of both ways of moving); None for a step that is no flow of people."""
    mine = flows[flows["flow"].isin(MOVES if name == "moves" else (name,))]
    if mine.empty:
        return None
    wide = mine.pivot_table(index="year", columns="flow", values="fte", aggfunc="sum").reset_index()
    return wide.rename(columns={"year": words("column.year")} | {flow: words(f"step.{flow}") for flow in wide.columns if flow != "year"})


def _exits_drawer(view: View, year: int) -> None:
    words, flows = view.words, view.outlook.flows
    here = flows[(flows["year"] == year) & flows["flow"].isin(sentences.EXIT_ORDER) & (flows["people"] > 0.05)]
    rows = sorted(here.itertuples(), key=lambda row: -row.people)
    table = pd.DataFrame(
        {
            words("picking.reason"): [upper_first(words(f"step.{row.flow}")) for row in rows],
            words("picking.people"): [float(row.people) for row in rows],
            words("axis.fte"): [float(row.fte) for row in rows],
        }
    )
    made = sentences.exits_formula(words, year, [(words(f"step.{row.flow}"), float(row.people)) for row in rows])
    _show(words("picking.leaving", year=year), [made], table, "")


def _show(title: str, lines: list[str], table: pd.DataFrame | None, about: str) -> None:
    """At the right: the formula with its numbers, then what it is made of."""

    @st.dialog(title, width="medium", position="right")
    def show(first: str, rest: Any) -> None:
        st.markdown(f"**{first}**")
        for line in rest:
            st.markdown(line)
        if table is not None and len(table):
            if about:
                st.markdown(f"##### {about}")
            shown_table(table.round(1), title)
        elif about:
            st.caption(about)

    session.dialog(True)
    show(lines[0], lines[1:])

"""Where is it short: the heat map with its drill-down, and the choice of what its rows are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from presentation import charts, figures, sentences, session
from presentation.controls.cards import card, plain, pointed, shown_table
from presentation.controls.drawing import draw
from presentation.session import View, split
from presentation.texts import Words

SPLITS = ("role", "unit", "location")


def split_choice(view: View) -> str:
    """What one row is: role, department or location. A choice with only one value is not offered."""
    words, groups = view.words, view.outlook.groups
    offered = [by for by in SPLITS if by == "role" or groups[by].nunique() > 1]
    if len(offered) < 2:
        return "role"
    return st.segmented_control(
        words("shortages.show"),
        offered,
        default="role",
        required=True,
        format_func=lambda by: words(f"shortages.by_{by}"),
        key="_split",
        persist_state="session",
        label_visibility="collapsed",
    )


def heat_card(view: View, by: str, count: int, drill: bool = True) -> None:
    """The rows with the largest shortage or surplus; a click on a box opens how that figure is made."""
    told = figures.heat(view.words, view.palette, view.outlook, by, count)
    if drill:
        told = replace(told, note=" ".join(part for part in (told.note, view.words("shortages.pick")) if part))
    card(view, told, _picked if drill else None)
    chosen = st.session_state.pop("_drill", None)
    if chosen and drill and (view.outlook.groups[by] == chosen[0]).any():
        _drawer(view, by, chosen[0], int(chosen[1]))


def _picked() -> None:
    point = pointed("heat_map")
    if point:
        st.session_state["_drill"] = tuple(point["customdata"][:2])


def row_opens(names: Sequence[str], year: int) -> Callable[[], None]:
    """For a table beside the heat map: a chosen row opens how its shortage in `year` is made."""

    def picked() -> None:
        rows = st.session_state["rows_shortage_list"].selection.rows
        if rows:
            st.session_state["_drill"] = (names[rows[0]], year)

    return picked


def _drawer(view: View, by: str, name: str, year: int) -> None:
    """How one figure is made: its formula with the numbers in, its range and chance, and its years."""
    words = view.words
    path = split(view, by)
    path = path[path[by] == name]
    inside = view.outlook.groups[(view.outlook.groups[by] == name) & (view.outlook.groups["year"] == year)]
    row = path[path["year"] == year].iloc[0].to_dict()

    @st.dialog(words("shortages.drawer", role=plain(name), year=year), width="medium", position="right")
    def show() -> None:
        made, spread = sentences.gap_formula(words, row)
        st.markdown(f"**{made}**")
        st.markdown(spread)
        figure = charts.supply_demand(path, year, words, view.palette, name, 300)
        st.markdown(f"##### {words('shortages.drawer_path')}")
        draw(figure, "drawer_chart")
        if len(inside) > 1:
            table = _inside(words, inside.sort_values("gap_fte", ascending=False))
            shown_table(table, name)
        if st.button(words("meeting.filter", name=name), icon=":material/filter_alt:", key="_filter_on"):
            st.session_state["_filter"] = (by, name)
            st.rerun()
        if st.button(words("plan_goal.from_here"), icon=":material/arrow_forward:", key="_goal_from_here"):
            st.session_state["_goal_asked"] = (by, name)
            st.switch_page("pages/plan.py")

    session.dialog(True)
    show()


def _inside(words: Words, rows: pd.DataFrame) -> pd.DataFrame:
    columns = [column for column in ("location", "unit", "role") if rows[column].nunique() > 1]
    out = rows[[*columns, "supply_fte", "demand_fte", "gap_fte"]].round(1)
    return out.rename(columns={column: words(f"column.{column}") for column in out.columns})


def shortage_columns(words: Words, rows: pd.DataFrame, year: int) -> dict[str, Any]:
    """How the columns of the shortage list are drawn."""
    config = st.column_config
    number = {"format": "localized", "step": 0.1}
    return {
        words("column.gap_now"): config.NumberColumn(**number),
        words("column.gap_then", year=year): config.NumberColumn(**number),
        words("column.short_years"): config.NumberColumn(**number, help=words("term.short_years.meaning")),
        words("owning.cost_short"): config.NumberColumn(format="localized", step=1000, help=words("term.doing_nothing.meaning")),
        words("column.p_short"): config.ProgressColumn(
            format="%d\u00a0%%" if words.lang == "nl" else "%d%%", min_value=0, max_value=100, help=words("term.chance_short.meaning")
        ),
        words("column.first_year"): config.NumberColumn(format="%d", help=words("term.first_year.meaning")),
        words("column.path"): config.AreaChartColumn(help=words("column.gap_fte")),
    }

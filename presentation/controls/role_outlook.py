"""One role on one printable page, with no person in it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from presentation.controls.answering import answered, titled
from presentation.controls.cards import heading, plain, shown_table
from presentation.controls.routes import chosen_role, ways_table
from presentation.session import View
from workflows import changing as changing_work
from workflows import routes
from workflows.routes import Routes
from workflows.types import Refusal

HIDDEN = "[data-testid='stSidebar'],[data-testid='stHeader'],.st-key-topbar,.st-key-_from_role,button"
"""What does not belong on paper."""


def role_page(view: View) -> None:
    """One role on one printable page, with no person in it."""
    words, found = view.words, view.outlook
    st.html(f"<style>@media print{{{HIDDEN}{{display:none!important}}}}</style>")
    head = st.container()
    role = chosen_role(view, words("nav.role_outlook"))
    if role is None:
        return
    told = answered(
        view, words("nav.role_outlook"), lambda: routes.from_role(view.viewer, view.workspace, role, view.scenario, found.target_year)
    )
    if told is None:
        return
    with head:
        heading(view, words("role_outlook.title", role=plain(role), year=told.year), words("role_outlook.lead"))
    for line in _role_lines(view, role, told):
        st.markdown(f"- {plain(line)}")
    st.markdown(f"##### {words('role_outlook.skills_title')}")
    asked = told.asked.sort_values(["weight", "skill"], ascending=[False, True])
    for key, part in (("rising", asked[asked["change"] > 0]), ("falling", asked[asked["change"] < 0])):
        if len(part):
            st.markdown(f"- {words(f'role_outlook.{key}', names=part['skill'].tolist())}")
    if not asked["change"].any():
        st.markdown(f"- {words('role_outlook.steady')}")
    shown_table(titled(words, asked, {"skill": "skill", "level": "level", "weight": "weight"}), role, width=560)
    st.markdown(f"##### {words('role_outlook.routes_title')}")
    ways = ways_table(words, told).head(6)
    shown_table(ways[[words(f"col.{key}") for key in ("to_role", "via", "hours", "fit", "trainings")]], role)
    st.markdown(f"##### {words('role_outlook.talk_title')}")
    st.markdown(words("role_outlook.talk"))
    st.caption(words("role_outlook.print"))


def _role_lines(view: View, role: str, told: Routes) -> list[str]:
    words, found = view.words, view.outlook
    rows = found.groups[found.groups["role"] == role]
    sums = rows.groupby("year")[["demand_fte", "supply_fte", "gap_fte"]].sum()
    out = []
    if told.year in sums.index and found.as_of.year in sums.index:
        then = sums.loc[told.year]
        out.append(
            words("role_outlook.work", now=float(sums["demand_fte"].loc[found.as_of.year]), then=float(then["demand_fte"]), year=told.year)
        )
        key = "role_outlook.people" if then["gap_fte"] >= 0 else "role_outlook.people_over"
        out.append(words(key, people=told.people, year=told.year, supply=float(then["supply_fte"]), gap=abs(float(then["gap_fte"]))))
    try:
        change = changing_work.changing(view.viewer, view.workspace, view.scenario, view.scope, told.year).roles
        mine = change[change["role"] == role]
    except Refusal:
        mine = pd.DataFrame()
    if len(mine) and mine["exposed"].notna().all():
        row = mine.iloc[0]
        out.append(
            words(
                "role_outlook.exposure",
                share=words.percent(float(row["exposed"])),
                year=told.year,
                replaced=float(row["replaced"]),
                helped=float(row["helped"]),
            )
        )
    else:
        out.append(words("role_outlook.exposure_none"))
    return out

"""Learning from each other: pairs, the plan for handing over, a rotation round, and what learning took per department."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from presentation import doings
from presentation.controls.beginning import what_helps
from presentation.controls.cards import heading, table_card
from presentation.controls.stepping import step_form
from presentation.controls.telling import told_line
from presentation.session import View
from workflows import learning
from workflows.access import Right, may
from workflows.learning_effect import learning_effect


def learn(view: View) -> None:
    """The whole page; names for HR alone."""
    words = view.words
    months = int(st.session_state.get("takes_months", learning.TAKES_MONTHS))
    found = learning.learning(view.viewer, view.workspace, months)
    title = words("rotation.title", n=found.count) if found.count else words("rotation.title_none")
    lead = words("rotation.lead", n=found.at_risk, still=found.still, before=found.before, after=found.after)
    heading(view, title, lead if found.at_risk else words("rotation.lead_none"))
    st.caption(f":material/lock: {words('rotation.hr_only')}")
    told_line(view)
    if not found.at_risk:
        what_helps(view, "learn")
    if found.pairs is not None and found.plan is not None and found.at_risk:
        _pairs(view, found)
    _round(view)
    _budget(view)


def _pairs(view: View, found: learning.Learning) -> None:
    words, plan, pairs = view.words, found.plan, found.pairs
    assert plan is not None
    assert pairs is not None
    with st.container():
        names = {name: words(f"rotation.{name}") for name in ("skill", "holder", "learner")}
        table_card(view, "pairs", words("rotation.pairs"), pairs.rename(columns=names))
    with st.container():
        shown = pd.DataFrame(
            {
                words("rotation.skill"): plan["skill"],
                words("rotation.holders"): plan["holders"],
                words("rotation.expected"): plan["expected"].astype(float),
                words("rotation.start"): [words.day(day, short=True) for day in plan["start"]],
                words("rotation.ready"): [words.day(day, short=True) for day in plan["ready"]],
            }
        )
        table_card(view, "transfer", words("rotation.plan"), shown)
        st.slider(words("rotation.teach_months"), 1, 24, learning.TAKES_MONTHS, key="takes_months")
        for row in plan.itertuples():
            line = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
            what = words("rotation.transfer_of", skill=row.skill)
            line.markdown(what)
            with line:
                step_form(view, "transfer", what, f"transfer_{row.Index}", due=row.ready)


def _round(view: View) -> None:
    words = view.words
    with st.container(border=True):
        st.markdown(f"##### {words('rotation.rounds')}")
        st.caption(words("rotation.rounds_text"))
        share = "%d %%" if words.lang == "nl" else "%d%%"
        keep = st.slider(words("rotation.keep"), 70, 100, round(100 * learning.KEEP), 5, key="rotation_keep", format=share)
        found = learning.round_of(view.viewer, view.workspace, keep / 100)
        asked = words("rotation.asked" if found.moves is not None else "rotation.asked_about", n=found.asked, fit=found.fit)
        st.markdown(f"**{words('rotation.moves', n=found.count) if found.count else words('rotation.moves_none')}** {asked}")
    if found.moves is not None and len(found.moves):
        names = {"person": words("talks.person"), "from": words("rotation.from_role"), "to": words("rotation.to_role")}
        table_card(view, "round", words("rotation.moves", n=found.count).removesuffix("."), found.moves.rename(columns=names), height=320)


def _budget(view: View) -> None:
    words, rows, money = view.words, learning.budget(view.viewer, view.workspace), may(view.viewer, Right.MONEY)
    if rows.empty:
        st.caption(words("learning.none"))
        return
    table = doings.budget_table(words, rows)
    table_card(view, "learning", words("learning.title"), table if money else table.drop(columns=words("learning.cost")))
    told = {"hours": float(rows["hours"].sum()), "cost": words.euro(float(rows["cost"].sum())), "expiring": int(rows["expiring"].sum())}
    hidden = f" {words('learning.hidden_note', k=view.viewer.k)}" if view.viewer.k > 1 else ""
    st.caption(words("learning.text" if money else "learning.text_hours", **told) + hidden)
    _effect(view)


def _effect(view: View) -> None:
    """What courses did and can do to the gap in skills."""
    words, found = view.words, learning_effect(view.viewer, view.workspace)
    if found is None:
        st.caption(words("learning.effect_unknown"))
        return
    title = words("learning.effect_title", n=found.short, covered=found.covered) if found.short else words("learning.effect_none")
    table_card(view, "learning_effect", title, doings.effect_table(words, found), height=380)
    if found.now > 0:
        share, after = (words.percent(part / found.now) for part in (found.before - found.now, found.now - found.after))
        st.caption(words("learning.effect_text", n=found.people, share=share, next=after))

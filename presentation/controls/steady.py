"""Were the years alike that the chances come from?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from presentation.controls.cards import plain, table_card
from presentation.session import View
from workflows import steadiness


def steady_card(view: View) -> None:
    """The verdict in one sentence, what it means, and for HR the years behind it."""
    words, told = view.words, steadiness.steady(view.viewer, view.workspace)
    found = told.found
    title = words(f"steady.{found.verdict}", n=told.years)
    with st.container(border=True, key="card_steady"):
        st.markdown(f"##### {title}")
        st.markdown(words(f"steady.means_{found.verdict}"))
        if found.df:
            st.caption(words("steady.luck", share=words.percent(found.chance, 1)))
        if len(found.roles) and found.verdict == "differs":
            most = found.roles.iloc[0]
            counted, expected = words.number(float(most["counted"])), words.number(float(most["expected"]))
            st.markdown(words("steady.role", role=plain(str(most["role"])), year=int(most["year"]), counted=counted, expected=expected))
    if len(found.years):
        people = found.years["people"].where(found.years["people"] > 0)
        table = pd.DataFrame(
            {
                words("steady.year"): found.years["year"].astype(int),
                words("steady.people"): found.years["people"].round(0).astype(int),
                words("steady.moved"): found.years["moved"].round(0).astype(int),
                words("steady.left"): found.years["left"].round(0).astype(int),
                words("steady.moved_share"): (100 * found.years["moved"] / people).round(1),
                words("steady.left_share"): (100 * found.years["left"] / people).round(1),
            }
        )
        table_card(view, "steady_years", words("steady.table"), table)

"""What may come back of a cost, with the limits of each scheme; taken off only when somebody asks for it."""

from __future__ import annotations

import streamlit as st

from presentation.controls.cards import plain
from presentation.session import View
from workflows.subsidies import Possible


def subsidy_card(view: View, maybe: tuple[Possible, ...]) -> None:
    words = view.words
    with st.container(border=True, key="card_subsidies"):
        st.markdown(f"##### {words('subsidy.title')}")
        for one in maybe:
            key = f"subsidy.{one.code}" if one.allowed else f"subsidy.{one.code}_not"
            st.markdown(f"- {plain(words(key, unit=words.euro(one.unit), most=words.euro(one.most), people=one.people))}")
        st.toggle(words("subsidy.count"), key="_count_subsidies", help=words("subsidy.count_help"), disabled=maybe[0].most <= 0)

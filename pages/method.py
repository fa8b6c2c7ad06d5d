"""What was used, and how certain is it?"""

import streamlit as st

from presentation import controls, lists

view = controls.view()
words = view.words
controls.heading(view, lists.how_certain(words, controls.missing(view)), words("method.lead"))
basis = controls.own_figures(view)
changed = len(view.scenario.changed())
title = words("method.assumptions", n=changed) if changed else words("method.assumptions_same")
controls.table_card(
    view,
    "assumptions",
    title,
    lists.assumptions(words, view.scenario, basis, controls.missing(view)),
    terms=("scenario", "baseline"),
    height=560,
    phone=(words("column.assumption"), words("column.used"), words("column.base")),
)

left, right = st.columns(2)
with left, st.container(border=True, height="stretch"):
    st.markdown(f"##### {words('method.formulas')}")
    st.markdown(words("method.formulas_text"))
    st.caption(words("method.more"))
with right, st.container(border=True, height="stretch"):
    st.markdown(f"##### {words('method.quality')}")
    controls.quality_list(view)
    st.caption(words("method.information"))

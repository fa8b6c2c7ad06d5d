"""Who leaves, and when?"""

import streamlit as st

from presentation import controls, figures, kpis, sentences

view = controls.view()
found, words, colours = view.outlook, view.words, view.palette
if found is None:
    controls.empty_state(view)
    st.stop()

controls.heading(view, sentences.ageing_title(words, found.facts), sentences.ageing_lead(words, found.facts))
controls.kpi_row(words, kpis.ageing(words, found))
left, right = st.columns(2)
with left:
    controls.card(view, figures.waves(words, colours, found))
with right:
    controls.card(view, figures.pyramid(words, colours, found))
controls.exits_card(view, figures.exits(words, colours, found))

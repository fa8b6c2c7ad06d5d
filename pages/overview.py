"""How big is the problem?"""

import streamlit as st

from presentation import controls, figures, kpis, sentences

view = controls.view()
found, words, colours = view.outlook, view.words, view.palette
if found is None:
    controls.empty_state(view)
    st.stop()

controls.heading(view, controls.plain(sentences.headline(words, found.facts, view.scope)), sentences.under_headline(words, found.facts))
controls.kpi_row(words, kpis.overview(words, found))
controls.questions(view)
sixth = controls.room()
left, right = st.columns([3, 2])
with left:
    controls.card(view, figures.supply(words, colours, found))
with right:
    controls.stairs_card(view, figures.stairs(words, colours, found, 360))
controls.heat_card(view, "role", 10)
controls.truth_line(view, sixth)

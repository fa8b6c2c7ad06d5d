"""Who leaves, and when?"""

import streamlit as st

from presentation import charts, controls, kpis, sentences, session

view = session.view()
found, words, colours = view.outlook, view.words, view.palette
if found is None:
    controls.empty_state(view)
    st.stop()

facts, year = found.facts, found.target_year
controls.heading(view, sentences.ageing_title(words, facts), sentences.ageing_lead(words, facts))
controls.kpi_row(words, kpis.ageing(words, found))

left, right = st.columns(2)
with left:
    title = sentences.waves_title(words, facts)
    controls.card(view, charts.waves(found.retire, year, words, colours, title, 440), title, ("can_stop", "expected_stop", "pension_age"))
with right:
    title = sentences.pyramid_title(words, facts)
    controls.card(view, charts.pyramid(found.ages, year, words, colours, title), title, ("age_pressure",))

title = sentences.exits_title(words, facts)
controls.card(
    view, charts.exits(found.flows, sentences.EXIT_ORDER, words, colours, title, 320), title, ("outflow", "turnover", "resignation")
)

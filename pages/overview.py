"""How big is the problem?"""

import streamlit as st

from presentation import charts, controls, kpis, sentences, session

view = session.view()
found, words, colours = view.outlook, view.words, view.palette
if found is None:
    controls.empty_state(view)
    st.stop()

facts, year = found.facts, found.target_year
controls.heading(view, sentences.headline(words, facts, view.scope), sentences.under_headline(words, facts))
controls.kpi_row(words, kpis.overview(words, found))

left, right = st.columns([3, 2])
with left:
    title = sentences.supply_title(words, facts)
    figure = charts.supply_demand(found.total, year, words, colours, title)
    controls.card(view, figure, title, ("staffing", "shortage", "range"))
with right:
    title = sentences.bridge_title(words, charts.tidy_steps(found.bridge.steps))
    figure = charts.bridge(found.bridge.start, found.bridge.steps, found.bridge.end, year, words, colours, title, 360)
    controls.card(view, figure, title, ("shortage", "replacement_demand", "growth_demand"))

controls.question_cards(view, sentences.first_three(words, facts, found.as_of.year))
controls.heat_card(view, "role", 10)

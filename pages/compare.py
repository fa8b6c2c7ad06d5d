"""What if?"""

import streamlit as st

from presentation import controls, figures, lists

view = controls.view()
words, colours = view.words, view.palette
if view.outlook is None:
    controls.empty_state(view)
    st.stop()

head = st.container()
runs = controls.choose_runs(view)
told = figures.gaps(words, colours, [(run.name, run.outlook) for run in runs])
with head:
    controls.heading(view, controls.plain(told.title), words("compare.lead"))
controls.card(view, told)
left, right = st.columns(2)
with left:
    controls.bridge_card(view, runs)
with right:
    controls.card(view, figures.levers(words, colours, controls.effects(view, 9)))
table = lists.differences(words, [(run.name, run.scenario) for run in runs], controls.own_figures(view))
if len(table):
    controls.table_card(view, "differences", words("compare.differences", n=len(table)), table)
controls.saved_card(view)
st.markdown(f"##### {words('compare.ready')}")
controls.preset_cards(view)

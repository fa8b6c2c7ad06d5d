"""Who may see what, and what was done?"""

import streamlit as st

from presentation import controls

view = controls.view()
controls.heading(view, view.words("access.title"), view.words("access.lead"))
left, right = st.columns(2)
with left:
    controls.rules_card(view)
with right:
    controls.rights_card(view)
controls.copies_card(view)
controls.roles_card(view)
controls.log_card(view)
with st.expander(view.words("access.intended_title")):
    st.markdown(view.words("access.intended_text"))

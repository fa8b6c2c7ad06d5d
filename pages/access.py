"""Who may see what, and what was done?"""

import streamlit as st

from presentation import controls

view = controls.view()
words = view.words
controls.heading(view, controls.access_headline(view), words("access.lead"))
controls.trouble(view)
names = controls.access_parts(view)
for name, tab in zip(names, st.tabs([words(f"access.part_{name}") for name in names]), strict=True):
    with tab:
        controls.ACCESS_PARTS[name](view)

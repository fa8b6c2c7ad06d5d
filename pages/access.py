"""Who may see what, and what was done?"""

import streamlit as st

from presentation import controls

view = controls.view()
words = view.words
controls.heading(view, controls.access_headline(view), words("access.lead"))
controls.trouble(view)
names = controls.access_parts(view)
parts = st.tabs([words(f"access.part_{name}") for name in names], on_change="rerun", key="access_part")
for name, part in zip(names, parts, strict=True):
    if part.open:
        with part:
            controls.ACCESS_PARTS[name](view)

"""Which skills walk out of the door?"""

import streamlit as st

from presentation import controls

view = controls.view()
if view.empty:
    controls.empty_state(view)
    st.stop()
controls.skills_page(view)

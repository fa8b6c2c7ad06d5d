"""Who does what, and does it work?"""

import streamlit as st

from presentation import controls

view = controls.view()
if view.outlook is None:
    controls.empty_state(view)
    st.stop()
controls.actions_page(view)

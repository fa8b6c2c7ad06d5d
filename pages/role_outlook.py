"""What changes in one role? A page to print, with no person in it."""

import streamlit as st

from presentation import controls

view = controls.view()
if view.outlook is None:
    controls.empty_state(view)
    st.stop()
controls.role_page(view)

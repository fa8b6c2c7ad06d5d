"""What do we decide? One message a slide."""

import streamlit as st

from presentation import controls

view = controls.view()
if view.outlook is None:
    controls.empty_state(view)
    st.stop()

controls.meeting(view)

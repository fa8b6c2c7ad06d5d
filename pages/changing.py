"""Which work changes or disappears?"""

import streamlit as st

from presentation import controls

view = controls.view()
if view.empty:
    controls.empty_state(view)
    st.stop()
controls.changing_page(view)

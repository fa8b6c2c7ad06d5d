"""What closes the gap, at what cost?"""

import streamlit as st

from presentation import controls

view = controls.view()
if view.outlook is None:
    controls.empty_state(view)
    st.stop()
controls.plan_page(view)

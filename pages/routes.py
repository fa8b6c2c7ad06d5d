"""Who could do what is needed?"""

import streamlit as st

from presentation import controls

view = controls.view()
if view.outlook is None:
    controls.empty_state(view)
    st.stop()
controls.routes_page(view)

"""Is this right? How far off earlier forecasts would have been."""

import streamlit as st

from presentation import controls

view = controls.view()
if view.outlook is None:
    controls.empty_state(view)
    st.stop()

found = controls.truth_title(view)
if found is not None:
    controls.proof_cards(view, found)

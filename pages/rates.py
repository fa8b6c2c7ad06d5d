"""With which chances is reckoned, and where do they come from?"""

import streamlit as st

from presentation import controls

view = controls.view()
if view.outlook is None:
    controls.empty_state(view)
    st.stop()

controls.chance_cards(view)
controls.steady_card(view)
controls.deaths_card(view)

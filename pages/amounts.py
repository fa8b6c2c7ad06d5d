"""What does it cost, and is that a lot?"""

import streamlit as st

from presentation import controls

view = controls.view()
if view.outlook is None:
    controls.empty_state(view)
    st.stop()

controls.money_cards(view)
controls.own_tables(view)
controls.said_taken(view)
controls.market_card(view)

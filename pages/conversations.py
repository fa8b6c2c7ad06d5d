"""(HR) What was said in development conversations, and with whom do we still have to talk?"""

import streamlit as st

from presentation import controls

view = controls.view()
if view.outlook is None:
    controls.empty_state(view)
    st.stop()
controls.say_news()
controls.conversations(view)

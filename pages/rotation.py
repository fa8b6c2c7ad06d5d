"""Who can learn from whom, and when must handing over begin?"""

import streamlit as st

from presentation import controls

view = controls.view()
if view.outlook is None:
    controls.empty_state(view)
    st.stop()
controls.say_news()
controls.learn(view)

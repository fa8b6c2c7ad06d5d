"""The frame: page settings, language, levers, navigation; then the page. Everything else is in presentation."""

import streamlit as st

from presentation import controls, session

st.set_page_config(page_title="Werkhorizon", page_icon="🌅", layout="wide")
session.settle()
words = session.words()
page = controls.navigation(words)
workspace = controls.open_or_say(words)
if workspace is not None:
    session.keep(controls.begin(words, workspace))
    page.run()

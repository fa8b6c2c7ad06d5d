"""The least Streamlit page with a slider and one chart: what any page costs before it does something."""

import gc

import streamlit as st


@st.cache_resource
def settle() -> bool:
    gc.collect()
    gc.freeze()
    return True


st.set_page_config(layout="wide")
settle()
level = st.sidebar.slider("Level", 0, 100, 50, key="level")
years = list(range(2026, 2037))
st.title(f"Level {level}")
figure = {
    "data": [{"type": "scatter", "mode": "lines", "x": years, "y": [level + year % 7 for year in years]}],
    "layout": {"height": 360, "yaxis": {"range": [0, 110]}},
}
st.plotly_chart(figure, key="chart", config={"displayModeBar": False})

"""The address of a page reproduces its figures: levers stand in it by themselves, exceptions and a mark of data and formulas by this."""

from __future__ import annotations

import streamlit as st

from presentation.session import View
from presentation.texts import Words
from workflows import scenarios
from workflows.types import Scenario, Viewer
from workflows.workspace import Workspace

MARK = "on"


def read_mark(viewer: Viewer, workspace: Workspace) -> None:
    """Once per visit, before the address gets the mark of now: whether a link was made on other data or with other formulas."""
    if "_link_other" in st.session_state:
        return
    told, now = str(st.query_params.get(MARK, "")).split("."), scenarios.link_mark(viewer, workspace).split(".")
    other = [key for key, one, mine in zip(("data", "method"), told, now, strict=False) if one != mine] if len(told) == len(now) else []
    st.session_state["_link_other"] = other


def say_other(words: Words, scenario: Scenario) -> None:
    """What a link with moved levers was made on, where that is no longer what there is; until it is read."""
    other = st.session_state.get("_link_other")
    if not other or scenario == Scenario():
        return
    with st.container(border=True, key="other_ground"):
        st.markdown("\n\n".join(f":material/warning: {words(f'saved.link_other_{key}')}" for key in other))
        st.button(words("levers.rejected_dismiss"), on_click=_forget, key="_other_ok")


def _forget() -> None:
    st.session_state["_link_other"] = []


def to_address(view: View) -> None:
    """Written only where it differs: while somebody moves a slider the browser alone writes the address."""
    wanted = {MARK: scenarios.link_mark(view.viewer, view.workspace)}
    rules = Scenario(overrides=view.scenario.overrides).to_query()
    for name, value in (wanted | rules).items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value
    if not rules and "exceptions" in st.query_params:
        del st.query_params["exceptions"]

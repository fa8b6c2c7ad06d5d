"""Exceptions to a lever: another value for one role, department or location, set in a dialog, shown under the levers."""

from __future__ import annotations

from typing import Any

import streamlit as st

from presentation import lists, session
from presentation.controls.doing import attempt
from presentation.controls.levers import base_value, limits
from presentation.controls.numbers import needed, number_text
from presentation.session import Ground, View, ground
from workflows.types import LEVERS, Override

FIRM_WIDE = frozenset({"statutory_age_step_months", "mentor_capacity"})
"""Levers that are the law's, the same for everybody."""


def exception_controls(view: View) -> None:
    """Under the levers: the exceptions that hold, each with a way back, and the button that makes one."""
    words = view.words
    if view.empty:
        return
    with st.sidebar:
        rules = view.scenario.overrides
        many = len(rules) > lists.FEW_EXCEPTIONS
        place_of = st.expander(words("override.many", n=len(rules)), key="_override_list") if many else st.container()
        if many:
            place_of.button(words("override.remove_all"), on_click=_remove_all, key="_override_none", type="tertiary")
        for place, rule in enumerate(rules):
            text = lists.override_text(words, rule)
            place_of.button(
                text, icon=":material/close:", key=f"_override_{place}", on_click=_remove, args=(rule,), help=words("override.remove")
            )
        if st.button(words("override.add"), icon=":material/rule:", key="_override_new", width="stretch", help=words("override.help")):
            _dialog(view)


def _remove_all() -> None:
    st.session_state["_overrides"] = ()


def _remove(rule: Override) -> None:
    st.session_state["_overrides"] = tuple(other for other in st.session_state.get("_overrides", ()) if other != rule)


def _dialog(view: View) -> None:
    words, base = view.words, ground(view.viewer, view.workspace)

    @st.dialog(words("override.add"), icon=":material/rule:")
    def show() -> None:
        st.markdown(words("override.help"))
        names = [name for name in base.ranking if name in LEVERS and LEVERS[name].kind == "number" and name not in FIRM_WIDE]
        name = st.selectbox(words("override.lever"), names, format_func=lambda key: lists.lever_name(words, key), key="_override_lever")
        where = st.selectbox(
            words("override.where"),
            _places(base),
            format_func=lambda place: f"{words(f'column.{place[0]}')}: {place[1]}",
            key="_override_place",
        )
        low, high = limits(name, base)
        start = base_value(name, base)
        label = f"{lists.lever_name(words, name)} · {words('override.between', low=low, high=high)}"
        text = number_text(st, words, label, float(start), f"_override_value_{name}")
        if st.button(words("override.set"), type="primary", key="_override_set"):
            value = attempt(words, lambda: needed(words, text, float(low), float(high)))
            if value is not None:
                _add(Override(name, value, **{where[0]: where[1]}))
                st.rerun()

    session.dialog(True)
    show()


def _places(base: Ground) -> list[tuple[str, str]]:
    """What an exception can be made for: roles first, then departments and locations."""
    groups: tuple[tuple[str, Any], ...] = (("role", base.choices.roles), ("unit", base.choices.units), ("location", base.choices.locations))
    return [(kind, name) for kind, names in groups for name in names if name]


def _add(rule: Override) -> None:
    """A new value for the same lever and place takes the place of the old one."""
    kept = [
        other
        for other in st.session_state.get("_overrides", ())
        if (other.lever, other.location, other.unit, other.role) != (rule.lever, rule.location, rule.unit, rule.role)
    ]
    st.session_state["_overrides"] = (*kept, rule)

"""Levers, made from Scenario's own declaration: a slider or switch for each, bound to the address by its field name."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from presentation import lists, session
from presentation.session import Ground
from presentation.texts import Words
from workflows.types import LEVERS, Lever, Scenario, clamp

VISIBLE = 6
GROUPS = ("leaving", "inflow", "learning", "work", "technology")


def scenario_controls(words: Words, ground: Ground) -> Scenario:
    """Draw the levers in the sidebar and return the scenario they stand for."""
    session.accept_link(ground.basis)
    _follow_base(ground)
    shown = [name for name in ground.ranking if name in LEVERS][:VISIBLE]
    shown.sort(key=list(LEVERS).index)
    values: dict[str, Any] = {}
    with st.sidebar:
        head = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
        head.markdown(f"#### {words('levers.title')}")
        for name in shown:
            values[name] = _control(words, name, ground)
        rest = [name for name in LEVERS if name not in shown]
        changed = [name for name in rest if _is_changed(name, ground)]
        label = words("levers.more_changed", n=len(changed)) if changed else words("levers.more")
        more = st.expander(label, key="_more", on_change="rerun")
        drawn = rest if more.open else changed  # what nobody sees or has touched stands at its base, and costs a page nothing
        if drawn:
            _into_address(drawn, ground)
            with more:
                values |= _by_question(words, drawn, ground)
        scenario = Scenario(**values, overrides=tuple(st.session_state.get("_overrides", ())))
        session.remember(scenario)
        _buttons(words, head, scenario, ground)
    return scenario


def _follow_base(ground: Ground) -> None:
    """Other data have other figures of their own: a slider that nobody moved stands where the new ones put it."""
    own = {name: base_value(name, ground) for name in LEVERS if getattr(Scenario(), name) is None}
    for name, before in st.session_state.get("_own_figures", {}).items():
        if own.get(name, before) != before and st.session_state.get(name) == before:
            st.session_state[name] = own[name]
    st.session_state["_own_figures"] = own


def _by_question(words: Words, names: list[str], ground: Ground) -> dict[str, Any]:
    """Levers under the question they answer."""
    values = {}
    for group in GROUPS:
        of_group = [name for name in names if LEVERS[name].group == group]
        if of_group:
            st.markdown(f"**{words(f'levergroup.{group}')}**")
        for name in of_group:
            values[name] = _control(words, name, ground)
    return values


def _buttons(words: Words, row: Any, scenario: Scenario, ground: Ground) -> None:
    to_levers = partial(set_levers, ground)
    for back, icon, key in ((True, ":material/undo:", "undo"), (False, ":material/redo:", "redo")):
        row.button(
            "",
            icon=icon,
            key=f"_{key}",
            type="tertiary",
            help=words(f"levers.{key}"),
            disabled=not session.can_step(back),
            on_click=session.step,
            args=(back, to_levers),
        )
    changed = len(scenario.changed()) + len(scenario.overrides)
    with st.sidebar:
        if changed:
            st.caption(words("levers.changed_count", n=changed))
            st.button(
                words("levers.reset"), icon=":material/restart_alt:", key="_reset", width="stretch", on_click=to_levers, args=(Scenario(),)
            )
        else:
            st.caption(words("levers.same"))


def base_value(name: str, ground: Ground) -> Any:
    """Where the slider stands in the baseline: the default, or the firm's own figure rounded to the slider's step."""
    lever = LEVERS[name]
    default = getattr(Scenario(), name)
    if lever.kind == "yes_no":
        return bool(default)
    if default is None:
        default = ground.basis.get(name, 0.0)
    low, high = limits(name, ground)
    return _fit(lever, min(max(_round(lever, default), low), high))


def limits(name: str, ground: Ground) -> tuple[float, float]:
    """Ends of the slider, on whole steps around the firm's own figure where there is one."""
    lever = LEVERS[name]
    low, high = lever.bounds(ground.basis.get(name))
    return _fit(lever, _round(lever, low)), _fit(lever, max(_round(lever, high), _round(lever, low) + lever.step))


def _round(lever: Lever, value: float) -> float:
    return round(round(float(value) / lever.step) * lever.step, 6)


def _fit(lever: Lever, value: float) -> float | int:
    return round(value) if float(lever.step).is_integer() and float(lever.low).is_integer() else float(value)


def _is_changed(name: str, ground: Ground) -> bool:
    return name not in ground.missing and name in st.session_state and st.session_state[name] != base_value(name, ground)


def _into_address(names: list[str], ground: Ground) -> None:
    """A control that a button moved before it was ever drawn would keep its value from the address: the browser writes there what
    changes in a control it knows."""
    for name in names:
        if name not in ground.missing:
            _mend(name, LEVERS[name], ground)
        if _is_changed(name, ground) and name not in st.query_params:
            with suppress(StreamlitAPIException):  # drawn before: then the browser writes it
                st.query_params[name] = _in_address(st.session_state[name])


def _in_address(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _control(words: Words, name: str, ground: Ground) -> Any:
    """One lever; returns the value for Scenario, None where it stands at the firm's own figure."""
    lever, base = LEVERS[name], base_value(name, ground)
    if name in ground.missing:
        return _no_data(words, name)
    _mend(name, lever, ground)
    text = lists.lever_name(words, name)
    if _is_changed(name, ground):
        text += f" :orange-badge[{words('levers.was', value=lists.lever_value(words, lever, base))}]"
    help_text = f"{words(f'lever.{name}.help')}\n\n*{words(f'levers.certainty_{lever.certainty}')} · {words(f'source.{lever.source}')}*"
    if lever.kind == "yes_no":
        return st.toggle(text, value=base, key=name, bind="query-params", help=help_text)
    low, high = limits(name, ground)
    if isinstance(base, float):
        value = st.slider(
            text, float(low), float(high), base, float(lever.step), key=name, bind="query-params", help=help_text, format="localized"
        )
    else:
        plain = "%d" if lever.unit == "year" else None
        value = st.slider(text, int(low), int(high), base, int(lever.step), key=name, bind="query-params", help=help_text, format=plain)
    if value == base:
        return getattr(Scenario(), name)
    return clamp(name, float(value), ground.basis.get(name))


def missing(view: session.View) -> tuple[str, ...]:
    """Levers for which there are no data; none before there are any."""
    return session.ground(view.viewer, view.workspace).missing if view.outlook is not None else ()


def _no_data(words: Words, name: str) -> Any:
    """A lever that nothing in these data can move: shown where it belongs, with what is missing, and not to be touched."""
    text = f"{lists.lever_name(words, name)} :gray-badge[{words('levers.no_data')}]"
    st.slider(text, 0, 1, 0, disabled=True, key=f"_missing_{name}", help=words(f"levers.no_data_help.{name}"))
    return getattr(Scenario(), name)


def _mend(name: str, lever: Lever, ground: Ground) -> None:
    """A value set from a link or a step back must be of the slider's own kind and inside its ends."""
    if name not in st.session_state:
        return
    value = st.session_state[name]
    if value is None:
        fitted: Any = base_value(name, ground)
    elif lever.kind == "yes_no":
        fitted = bool(value)
    else:
        low, high = limits(name, ground)
        fitted = _fit(lever, min(max(_round(lever, float(value)), low), high))
    if fitted != value or type(fitted) is not type(value):
        st.session_state[name] = fitted


def set_levers(ground: Ground, scenario: Scenario) -> None:
    """Put the controls on a scenario. Call from a button's callback, before the controls are drawn."""
    st.session_state["_overrides"] = scenario.overrides
    for name in LEVERS:
        value = getattr(scenario, name)
        st.session_state[name] = base_value(name, ground) if value is None or value == getattr(Scenario(), name) else value

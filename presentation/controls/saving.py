"""Scenarios that are kept: the dialog that saves one, the list on the compare page, links and files that open one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from presentation import lists, session
from presentation.controls.cards import plain, refusal_text
from presentation.controls.levers import set_levers
from presentation.session import Ground, View
from presentation.texts import Words
from workflows import scenarios
from workflows.access import Right, may
from workflows.scenarios import Opened
from workflows.types import LEVERS, Refusal, Scenario, Viewer
from workflows.workspace import Workspace

JSON = "application/json"


def save_button(view: View) -> None:
    """In the menu of levers: keep what is set now, with its reason."""
    if view.empty or not may(view.viewer, Right.SCENARIOS):
        return
    words = view.words
    said = st.session_state.pop("_said", None)
    if said:
        st.toast(said, icon=":material/check_circle:")
    with st.sidebar:
        if st.button(words("saved.save"), icon=":material/bookmark_add:", key="_keep", width="stretch", help=words("saved.save_help")):
            _save_dialog(view)


def _save_dialog(view: View) -> None:
    words = view.words

    @st.dialog(words("saved.dialog"), icon=":material/bookmark_add:")
    def show() -> None:
        for line in changes(words, view.scenario, own(view)) or [words("saved.nothing_changed")]:
            st.markdown(f"- {plain(line)}")
        name = st.text_input(words("saved.name"), key="_keep_name", max_chars=80)
        note = st.text_area(words("saved.note"), key="_keep_note", max_chars=2000, height=90, placeholder=words("saved.note_hint"))
        row = st.container(horizontal=True)
        if row.button(words("saved.save_now"), type="primary", key="_keep_now") and _tell(
            words, partial(scenarios.keep, view.viewer, view.workspace, view.scenario, name, note)
        ):
            st.session_state["_said"] = words("saved.saved", name=name.strip())
            st.rerun()
        row.download_button(
            words("saved.file"),
            lambda: scenarios.to_file(view.viewer, view.workspace, view.outlook, name.strip() or "scenario", note),
            "werkhorizon-scenario.json",
            JSON,
            icon=":material/download:",
            help=words("saved.file_help"),
            key="_keep_file",
            on_click="ignore",
        )

    session.dialog(True)
    show()


def own(view: View) -> dict[str, float]:
    """The firm's own figure per lever that starts from its history."""
    return session.ground(view.viewer, view.workspace).basis


def changes(words: Words, scenario: Scenario, basis: dict[str, float]) -> list[str]:
    """What differs from the baseline, in words: one line a lever or exception."""
    lines = []
    for name, value in scenario.changed().items():
        lever = LEVERS[name]
        base = lists.lever_value(words, lever, lists.base_of(name, lever, basis))
        lines.append(words("saved.change", name=lists.lever_name(words, name), value=lists.lever_value(words, lever, value), base=base))
    return [*lines, *lists.override_lines(words, scenario.overrides)]


def _tell(words: Words, act: Callable[[], Any]) -> bool:
    """Carry out one workflow call; a refusal is said. Whether it was done."""
    try:
        act()
    except Refusal as refusal:
        st.toast(refusal_text(words, refusal), icon=":material/error:", duration="long")
        return False
    return True


# -- opening -----------------------------------------------------------------------------------------------------------------


def open_linked(words: Words, viewer: Viewer, workspace: Workspace, ground: Ground) -> None:
    """Once per visit: `?scenario=<id>` sets the levers to a kept scenario, before any control exists."""
    asked = st.query_params.get("scenario")
    if not asked:
        return
    del st.query_params["scenario"]
    _tell(words, lambda: _apply(scenarios.opened(viewer, workspace, asked), ground))


def _apply(found: Opened, ground: Ground) -> None:
    """Put the controls on an opened scenario and remember what has to be said about it. Before the controls are drawn."""
    set_levers(ground, found.scenario)
    if found.year is not None:
        st.session_state["year"] = min(max(found.year, ground.as_of.year + 1), ground.as_of.year + 10)
        for name, values, choices in (
            ("location", found.scope.locations, ground.choices.locations),
            ("unit", found.scope.units, ground.choices.units),
            ("role", found.scope.roles, ground.choices.roles),
        ):
            st.session_state[name] = [value for value in values if value in choices]
    st.session_state["_opened"] = found


def say_opened(words: Words) -> None:
    """Which scenario was opened, and whether its figures can differ from when it was made; until it is read."""
    found: Opened | None = st.session_state.get("_opened")
    if found is None:
        return
    with st.container(border=True, key="opened_scenario"):
        lines = [f"**{words('saved.opened', name=plain(found.name or words('saved.unnamed')))}**"]
        lines += [plain(found.note)] if found.note else []
        for other, key in ((found.other_data, "saved.other_data"), (found.other_method, "saved.other_method")):
            lines += [f":material/warning: {words(key)}"] if other else []
        if not (found.other_data or found.other_method):
            lines.append(words("saved.same_figures"))
        st.markdown("\n\n".join(lines))
        st.button(words("levers.rejected_dismiss"), on_click=lambda: st.session_state.pop("_opened", None), key="_opened_ok")


# -- the list on the compare page --------------------------------------------------------------------------------------------


def saved_card(view: View) -> None:
    """Every kept scenario with what can be done with it, and a file from elsewhere."""
    words, viewer = view.words, view.viewer
    if not may(viewer, Right.SCENARIOS):
        return
    kept, away = scenarios.kept(viewer, view.workspace), scenarios.kept(viewer, view.workspace, archived=True)
    ground = session.ground(viewer, view.workspace)
    with st.container(border=True, key="card_saved"):
        st.markdown(f"##### {words('saved.title', n=len(kept)) if kept else words('saved.title_none')}")
        for saved in kept:
            _row(view, saved, ground)
        with st.expander(words("saved.from_file"), icon=":material/upload_file:"):
            given = st.file_uploader(words("saved.from_file"), ["json"], key="_scenario_file", label_visibility="collapsed")
            st.button(
                words("saved.open"), disabled=given is None, key="_scenario_open", on_click=_open_file, args=(view, ground), type="primary"
            )
        if away:
            with st.expander(words("saved.archived", n=len(away)), icon=":material/archive:"):
                for saved in away:
                    row = st.container(horizontal=True, vertical_alignment="center")
                    row.markdown(plain(saved.name), width="stretch")
                    act = partial(scenarios.archive, viewer, view.workspace, saved.id, False)
                    row.button(words("saved.unarchive"), key=f"_back_{saved.id}", on_click=_tell, args=(words, act))


def _open_file(view: View, ground: Ground) -> None:
    given = st.session_state.get("_scenario_file")
    if given is not None:
        _tell(view.words, lambda: _apply(scenarios.from_file(view.viewer, view.workspace, given.getvalue()), ground))


def _row(view: View, saved: Any, ground: Ground) -> None:
    words, viewer, workspace = view.words, view.viewer, view.workspace
    found = scenarios.opened(viewer, workspace, saved.id)
    row = st.container(horizontal=True, vertical_alignment="center", key=f"saved_{saved.id}")
    with row.container(width="stretch", gap="xsmall"):
        head = st.container(horizontal=True, vertical_alignment="center", gap="small")
        head.markdown(f"**{plain(saved.name)}**", width="content")
        if saved.locked:
            head.badge(words("saved.locked"), icon=":material/lock:", color="blue")
        for other, key in ((found.other_data, "badge_data"), (found.other_method, "badge_method")):
            if other:
                head.badge(words(f"saved.{key}"), color="orange", help=words(f"saved.{key.replace('badge', 'other')}"))
        if saved.note:
            st.markdown(plain(saved.note))
        told = changes(words, found.scenario, ground.basis)
        st.caption(
            plain(
                " · ".join(
                    [*told, words("saved.made", who=words("saved.you") if saved.owner == "local" else saved.owner, day=saved.changed)]
                )
            )
        )
    row.button(words("saved.open"), key=f"_open_{saved.id}", on_click=_apply, args=(found, ground))
    menu = row.popover(
        "", icon=":material/more_vert:", help=words("saved.more", name=saved.name), key=f"_more_{saved.id}", on_change="rerun"
    )
    if menu.open:
        with menu:
            _menu(view, saved, found)


def _menu(view: View, saved: Any, found: Opened) -> None:
    words, viewer, workspace, which = view.words, view.viewer, view.workspace, saved.id

    def button(key: str, icon: str, act: Callable[[], Any], off: bool = False) -> None:
        st.button(words(f"saved.{key}"), icon=icon, key=f"_{key}_{which}", on_click=_tell, args=(words, act), disabled=off, width="stretch")

    name = st.text_input(words("saved.name"), saved.name, key=f"_name_{which}", max_chars=80)
    button(
        "rename", ":material/edit:", lambda: scenarios.rename(viewer, workspace, which, st.session_state[f"_name_{which}"]), saved.locked
    )
    copy = words("saved.copy_of", name=name)
    button("duplicate", ":material/content_copy:", lambda: scenarios.duplicate(viewer, workspace, which, copy))
    button(
        "unlock" if saved.locked else "lock",
        ":material/lock_open:" if saved.locked else ":material/lock:",
        lambda: scenarios.lock(viewer, workspace, which, not saved.locked),
    )
    button("archive", ":material/archive:", lambda: scenarios.archive(viewer, workspace, which))
    button("delete", ":material/delete:", lambda: scenarios.delete(viewer, workspace, which), saved.locked)
    st.download_button(
        words("saved.file"),
        lambda: scenarios.to_file(viewer, workspace, _outlook(view, found.scenario), saved.name, saved.note),
        "werkhorizon-scenario.json",
        JSON,
        icon=":material/download:",
        key=f"_file_{which}",
        on_click="ignore",
        width="stretch",
    )
    st.caption(words("saved.link"))
    st.code(f"{str(st.context.url or '').split('?')[0]}?scenario={which}", language=None, wrap_lines=True)


def _outlook(view: View, scenario: Scenario) -> Any:
    return session.outlook(view.viewer, view.workspace, scenario, view.scope, view.outlook.target_year)

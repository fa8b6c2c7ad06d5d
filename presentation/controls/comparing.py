"""Choosing what to compare: the baseline, the levers as they stand, and ready-made scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from presentation import session
from presentation.controls.levers import set_levers
from presentation.session import View
from workflows.outlook import Outlook
from workflows.presets import presets
from workflows.types import Scenario

MOST = 3
"""Scenarios beside the baseline: more lines than four cannot be told apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One scenario with its name in words and its outlook."""

    name: str
    scenario: Scenario
    outlook: Outlook


def choose_runs(view: View) -> list[Run]:
    """The baseline first, then the levers as they stand when they differ, then what is picked."""
    words, ready = view.words, presets(view.viewer, view.workspace)
    moved = view.scenario.changed() or view.scenario.overrides
    picked = st.pills(
        words("compare.choose"),
        list(ready),
        selection_mode="multi",
        default=["tight", "learning"],
        format_func=lambda name: words(f"preset.{name}.name"),
        key="_presets",
        persist_state="session",
    )
    wanted = [(words("app.scenario_base"), Scenario())]
    wanted += [(words("compare.mine"), view.scenario)] if moved else []
    wanted += [(words(f"preset.{name}.name"), ready[name]) for name in picked]
    if len(wanted) > MOST + 1:
        st.caption(words("compare.most", n=MOST))
    with st.spinner(words("app.computing")):
        year = view.outlook.target_year
        return [Run(name, made, session.outlook(view.viewer, view.workspace, made, view.scope, year)) for name, made in wanted[: MOST + 1]]


def preset_cards(view: View) -> None:
    """Each ready-made scenario with its reason, and a button that sets the levers so."""
    words, ground = view.words, session.ground(view.viewer, view.workspace)
    with st.grid(len(presets(view.viewer, view.workspace)), min_column_width=150):
        for name, made in presets(view.viewer, view.workspace).items():
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{words(f'preset.{name}.name')}**")
                st.caption(words(f"preset.{name}.note"))
                st.button(
                    words("compare.use"),
                    key=f"use_{name}",
                    on_click=partial(set_levers, ground, made),
                    type="tertiary",
                    icon=":material/tune:",
                )


def effects(view: View, count: int) -> pd.DataFrame:
    """The levers with the largest reach over their plausible range, largest first."""
    return session.effects(view.viewer, view.workspace).head(count)

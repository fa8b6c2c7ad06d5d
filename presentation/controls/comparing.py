"""Choosing what to compare: the baseline, the levers as they stand, and ready-made scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from presentation import figures, session
from presentation.controls.cards import figure_in
from presentation.controls.levers import set_levers
from presentation.session import View
from workflows import scenarios
from workflows.access import Right, may
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
    words, ready = view.words, _on_offer(view)
    moved = view.scenario.changed() or view.scenario.overrides
    picked = st.pills(
        words("compare.choose"),
        list(ready),
        selection_mode="multi",
        default=["tight", "learning"],
        format_func=lambda name: ready[name][0],
        key="_presets",
        persist_state="session",
    )
    wanted = [(words("app.scenario_base"), Scenario())]
    wanted += [(words("compare.mine"), view.scenario)] if moved else []
    wanted += [ready[name] for name in picked if name in ready]
    if len(wanted) > MOST + 1:
        st.caption(words("compare.most", n=MOST))
    with st.spinner(words("app.computing")):
        year = view.outlook.target_year
        return [Run(name, made, session.outlook(view.viewer, view.workspace, made, view.scope, year)) for name, made in wanted[: MOST + 1]]


def _on_offer(view: View) -> dict[str, tuple[str, Scenario]]:
    """Kept scenarios by id and ready-made ones by name, each with its name in words."""
    words, out = view.words, {}
    if may(view.viewer, Right.SCENARIOS):
        for saved in scenarios.kept(view.viewer, view.workspace):
            out[saved.id] = (saved.name, scenarios.opened(view.viewer, view.workspace, saved.id).scenario)
    return out | {name: (words(f"preset.{name}.name"), made) for name, made in presets(view.viewer, view.workspace).items()}


def bridge_card(view: View, runs: Sequence[Run]) -> None:
    """Why two of the scenarios differ: from the shortage of one to that of the other, by cause."""
    if len(runs) < 2:
        return
    words, names = view.words, [run.name for run in runs]
    with st.container(border=True, height="stretch", key="card_between"):
        left, right = st.columns(2)
        one = left.selectbox(words("between.from"), names, 0, key="_between_from")
        other = right.selectbox(words("between.to"), [name for name in names if name != one], key="_between_to")
        by_name = {run.name: run.outlook for run in runs}
        steps = scenarios.difference(view.viewer, by_name[one], by_name[other])
        figure_in(view, figures.between(words, view.palette, (one, other), steps, view.outlook.target_year))


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

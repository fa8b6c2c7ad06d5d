"""Every lever of a plan in one table, used or not and why, with what it means to leave the rest open."""

from __future__ import annotations

import pandas as pd

from presentation.controls.answering import titled
from presentation.controls.cards import table_card
from presentation.session import View
from presentation.texts import Words
from workflows.plan import Planned

ROWS_SHOWN = 11
COLUMNS = {
    "lever": "measure", "state": "state", "units": "units", "fte_years": "fte_years", "cost": "cost", "cost_per_fte_year": "per_fte_year",
    "lead_months": "lead_months", "on_offer": "on_offer",
}  # fmt: skip


def lever_card(view: View, made: Planned) -> None:
    words = view.words
    table_card(view, "plan_mix", words("plan.every_title"), every_lever(words, made), height=ROWS_SHOWN * 35 + 40)


def every_lever(words: Words, made: Planned) -> pd.DataFrame:
    """The ten levers with their state in words; the last row is what is left open."""
    rows = made.every.assign(
        lever=[words(f"plan_lever.{lever}") for lever in made.every["lever"]],
        state=[_state(words, row.lever, row.state) for row in made.every.itertuples()],
    )
    return titled(
        words, rows.round({"units": 1, "fte_years": 1, "cost": 0, "cost_per_fte_year": 0, "lead_months": 1, "on_offer": 1}), COLUMNS
    )


def _state(words: Words, lever: str, state: str) -> str:
    key = f"plan_none.{lever}"
    return words(key) if state == "none" and words.known(key) else words(f"plan_state.{state}")

"""Skills of the firm beside their name in ESCO: HR confirms, everybody sees what was confirmed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from presentation.controls import widths
from presentation.controls.adding import choice_below, drawn_whole, read_whole
from presentation.controls.doing import and_again
from presentation.controls.owning import take_back
from presentation.controls.widths import for_phone
from presentation.session import View
from workflows import esco
from workflows.access import Right, may


def esco_card(view: View) -> None:
    """Every skill with the nearest concept; what is ticked counts, nothing else does."""
    words = view.words
    if not may(view.viewer, Right.DEMAND):
        return
    with st.expander(words("esco.title"), icon=":material/link:", key="esco", on_change="rerun") as room:
        if not room.open:
            return
        st.caption(words("esco.text"))
        rows, names = esco.proposals(view.viewer, view.workspace), esco.options(view.viewer, view.workspace, words.lang)
        addresses = {title: uri for uri, title in names.items()}
        table = pd.DataFrame(
            {"skill": rows["skill"], "title": [names.get(uri) for uri in rows["uri"]], "confirmed": rows["confirmed"].astype(bool)}
        )
        config = st.column_config
        columns: dict[str, Any] = {
            "skill": config.TextColumn(words("col.skill")),
            "title": config.SelectboxColumn(words("esco.column"), options=list(addresses), width="large"),
            "confirmed": config.CheckboxColumn(words("esco.confirmed"), default=False),
        }
        key, order = f"_esco_{view.workspace.store.fingerprint()}", list(columns)
        drawn: dict[str, Any] = {"disabled": ["skill"], "height": 420}
        stored = table
        if widths.on_phone():
            called = [f"{row.skill}: {row.title or '–'}" for row in table.itertuples()]
            table, columns = read_whole(table, called, words("col.skill"), columns)
            order, columns = for_phone(words, "esco", columns, ["name", "confirmed"], key)
            drawn = drawn_whole(len(table), False) | {"num_rows": "fixed"}
        edited = st.data_editor(table, hide_index=True, column_config=columns, column_order=order, key=key, **drawn)[list(stored.columns)]
        links = {row.skill: addresses[row.title] for row in edited.itertuples() if row.confirmed and row.title in addresses}
        skills, concept = list(stored["skill"]), words("esco.column")
        chosen = choice_below(words, "esco", words("col.skill"), skills, concept, list(addresses)) if widths.on_phone() else None
        if chosen is not None:  # which is confirmed by that
            links[skills[chosen[0]]] = addresses[chosen[1]]
        if chosen is not None or st.button(words("esco.save"), key="save_esco", type="primary", disabled=edited.equals(stored)):
            and_again(words, lambda: esco.confirm(view.viewer, view.workspace, links), words("esco.saved", n=len(links)))
        take_back(view, "esco", lambda: esco.undo(view.viewer, view.workspace))
        st.caption(words("esco.source"))

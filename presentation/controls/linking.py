"""Skills of the firm beside their name in ESCO: HR confirms, everybody sees what was confirmed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from presentation.controls.doing import and_again
from presentation.controls.owning import take_back
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
        edited = st.data_editor(
            table,
            hide_index=True,
            disabled=["skill"],
            column_config={
                "skill": config.TextColumn(words("col.skill")),
                "title": config.SelectboxColumn(words("esco.column"), options=list(addresses), width="large"),
                "confirmed": config.CheckboxColumn(words("esco.confirmed"), default=False),
            },
            height=420,
            key=f"_esco_{view.workspace.store.fingerprint()}",
        )
        if st.button(words("esco.save"), key="save_esco", type="primary", disabled=edited.equals(table)):
            links = {row.skill: addresses[row.title] for row in edited.itertuples() if row.confirmed and row.title in addresses}
            and_again(words, lambda: esco.confirm(view.viewer, view.workspace, links), words("esco.saved", n=len(links)))
        take_back(view, "esco", lambda: esco.undo(view.viewer, view.workspace))
        st.caption(words("esco.source"))

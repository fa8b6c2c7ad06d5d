"""The table of labour-market tightness: looked at by everybody, filled in or uploaded by HR, every edit with a step back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from presentation.controls.cards import plain
from presentation.controls.frame import refusal_text
from presentation.controls.owning import changed, day_of, take_back
from presentation.controls.widths import for_phone
from presentation.session import View
from workflows import money, tightness
from workflows.tightness import Tightness
from workflows.types import Refusal, tightness_class

FIELDS = ("isco", "market", "ratio", "valid_from", "source", "last_checked")


def market_card(view: View) -> None:
    """Vacancies per jobseeker for each occupation, the class in words, and the two ways to fill it in."""
    words = view.words
    rows = tightness.tightness(view.viewer, view.workspace)
    with st.container(border=True, key="card_tightness"):
        st.markdown(f"##### {words('market.title', n=len(rows))}", help=words.meaning("tightness"))
        st.caption(words("market.text"))
        _filled(view)
        table = pd.DataFrame(
            [(row.isco, tightness_class(row.ratio, words.lang), row.ratio, row.valid_from, row.source, row.last_checked) for row in rows],
            columns=list(FIELDS),
        )
        fixed = not money.may_edit(view.viewer)
        key = f"_tightness_{view.workspace.store.fingerprint()}"
        order, drawn = for_phone(words, "tightness", _columns(view), list(FIELDS), key)
        edited = st.data_editor(
            table,
            hide_index=True,
            num_rows="dynamic",
            column_config=drawn,
            column_order=order,
            disabled=True if fixed else ["market"],
            placeholder="–",
            key=key,
        )
        if fixed:
            return
        if st.button(words("owning.save"), key="save_tightness", type="primary", disabled=edited.equals(table)):
            wanted = tuple(_row(row) for row in edited.to_dict("records"))
            changed(view, lambda: tightness.set_tightness(view.viewer, view.workspace, wanted))
        take_back(view, "tightness", lambda: tightness.undo(view.viewer, view.workspace))
        _upload(view)


def _filled(view: View) -> None:
    """What the own table decides: for which roles which share of vacancies is filled."""
    words = view.words
    try:
        found = tightness.decides(view.viewer, view.workspace)
    except Refusal:
        return
    if not found:
        st.caption(words("market.fill_none"))
        return
    names = [f"{role} {words.percent(percent / 100)}" for role, percent in sorted(found.items())]
    st.markdown(plain(words("market.fill", n=len(found), names=names[:8])))


def _columns(view: View) -> dict[str, Any]:
    words, config = view.words, st.column_config
    return {
        "isco": config.TextColumn("ISCO-08", width=100, help=words("market.isco"), required=True, max_chars=4, validate="^[0-9]{1,4}$"),
        "market": config.TextColumn(words("col.market"), width=125),
        "ratio": config.NumberColumn(
            words("market.ratio_short"), width=160, help=words("market.ratio"), required=True, min_value=0.0, format="localized", step=0.01
        ),
        "valid_from": config.DateColumn(words("owning.field_valid_from"), required=True, format="DD-MM-YYYY"),
        "source": config.TextColumn(words("owning.field_source"), required=True),
        "last_checked": config.DateColumn(words("owning.field_last_checked"), required=True, format="DD-MM-YYYY"),
    }


def _row(row: dict[str, Any]) -> Tightness:
    """A row of the editor as what is stored."""
    ratio = row["ratio"]
    return Tightness(
        str(row["isco"] or ""), day_of(row["valid_from"]), float(ratio) if ratio is not None else -1.0, str(row["source"] or ""),
        day_of(row["last_checked"]),
    )  # fmt: skip


def _upload(view: View) -> None:
    words = view.words
    with st.expander(words("market.upload"), icon=":material/upload_file:"), st.form("tightness_file", border=False, clear_on_submit=True):
        st.caption(words("market.upload_text"))
        file = st.file_uploader(words("market.file"), ["csv"], max_upload_size=1)
        left, right = st.columns(2)
        source = left.text_input(words("owning.field_source"), placeholder="UWV")
        start = right.date_input(words("owning.field_valid_from"), date.today(), format="DD-MM-YYYY")
        if not st.form_submit_button(words("market.take"), type="primary"):
            return
        if file is None:
            st.error(words("market.no_file"))
            return
        try:
            taken = tightness.take(view.viewer, view.workspace, file.getvalue(), source, start)
        except Refusal as refusal:
            st.error(_why(view, refusal))
            return
        st.session_state["_tightness_taken"] = (taken.rows, taken.refused)
        st.rerun()


def said_taken(view: View) -> None:
    """What the last upload gave, said once."""
    found = st.session_state.pop("_tightness_taken", None)
    if not found:
        return
    words, (count, refused) = view.words, found
    st.success(words("market.taken", n=count))
    if refused:
        st.warning(words("market.refused", n=len(refused), lines=", ".join(map(str, refused[:20]))))


def _why(view: View, refusal: Refusal) -> str:
    words = view.words
    key = f"market.why_{refusal.params.get('why', '')}"
    return plain(words(key)) if refusal.code == "tightness_file" and words.known(key) else refusal_text(words, refusal)

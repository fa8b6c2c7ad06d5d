"""Beside the shortage: hired staff, what learning costs first, and what one leaver sets in motion."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from presentation.controls.cards import table_card
from presentation.session import View
from presentation.texts import Words
from workflows import beside as besides
from workflows.beside import Beside
from workflows.types import Refusal

SMALL = 0.5
FTE = ("gap_fte", "hired_fte", "open_fte", "learning_fte", "retrained", "learners", "room")


def beside_cards(view: View) -> None:
    """Two tables with their sentences; nothing where nothing may be told."""
    words, ask = view.words, (view.viewer, view.workspace, view.scenario, view.scope)
    try:
        found = besides.beside(*ask, view.outlook.target_year if view.outlook else None)
        rows = besides.chain(*ask)
    except Refusal:
        return
    table_card(view, "beside", hired_title(words, found), _years(words, found))
    st.caption(" ".join(part for part in (learning_said(words, found), words("beside.note")) if part))
    if len(rows):
        table_card(view, "chain", chain_title(words, rows), _chain(words, rows))
        st.caption(words("beside.chain_note"))


def hired_title(words: Words, found: Beside) -> str:
    """How much of the shortage hired staff fill."""
    row = found.years[found.years["year"] == found.target_year].iloc[0]
    if found.years["hired_fte"].sum() < SMALL:
        gap = float(row["gap_fte"])
        return words("beside.none" if gap >= SMALL else "beside.none_spare", year=found.target_year, gap=gap)
    key = "beside.open" if row["open_fte"] >= SMALL else "beside.filled"
    return words(key, year=found.target_year, hired=float(row["hired_fte"]), open=max(float(row["open_fte"]), 0.0))


def learning_said(words: Words, found: Beside) -> str:
    """What learning costs first and brings, and who cannot start for want of mentors."""
    until = found.years[found.years["year"] <= found.target_year]
    worst = until.loc[until["learning_fte"].idxmax()]
    said = []
    if worst["learning_fte"] >= SMALL:
        said.append(words("beside.dip", fte=float(worst["learning_fte"]), at=int(worst["year"])))
    if until["retrained"].sum() >= SMALL:
        said.append(words("beside.retrained", n=round(float(until["retrained"].sum())), year=found.target_year))
    if found.wanted - found.placed >= SMALL:
        said.append(words("beside.mentors", n=round(found.wanted - found.placed), wanted=round(found.wanted), year=found.target_year))
    return " ".join(said)


def chain_title(words: Words, rows: pd.DataFrame) -> str:
    """The role whose leavers set most in motion."""
    first = rows.iloc[0]
    if first["in_motion"] < 1.05:
        return words("beside.chain_alone")
    return words("beside.chain", role=str(first["role"]), n=words.number(float(first["in_motion"]), 1), source=str(first["from_role"]))


def _years(words: Words, found: Beside) -> pd.DataFrame:
    table = found.years.round({name: 1 for name in FTE})
    kept = ["year", *(name for name in FTE if table[name].notna().any())]
    return table[kept].rename(
        columns={name: words(f"column.{name}") if name == "gap_fte" else words(f"beside.column_{name}") for name in kept if name != "year"}
        | {"year": words("column.year")}
    )


def _chain(words: Words, rows: pd.DataFrame) -> pd.DataFrame:
    table = rows.assign(
        from_inside=(100 * rows["from_inside"]).round(), capped=[words("yes_no.yes" if one else "yes_no.no") for one in rows["capped"]]
    )
    table = table.round({"leavers": 1, "in_motion": 2, "outside": 2})
    return table.rename(
        columns={"role": words("column.role")}
        | {name: words(f"beside.column_{name}") for name in ("leavers", "in_motion", "from_inside", "from_role", "outside", "capped")}
    )

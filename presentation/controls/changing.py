"""The page about changing work: exposure, what natural outflow absorbs, and who needs other work."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from presentation.charts import growing
from presentation.controls.answering import answered, percents, titled
from presentation.controls.cards import card, heading, kpi_row, number_columns, plain, table_card
from presentation.controls.doing import and_again
from presentation.controls.frame import refusal_text
from presentation.controls.widths import FULL, room_on
from presentation.figures import Told
from presentation.kpis import Kpi
from presentation.session import View
from presentation.texts import Words
from workflows import changing as changing_work
from workflows.access import Right, may
from workflows.changing import Changing
from workflows.types import Refusal

SHOWN_BARS = 14
AXIS = 100
"""Pixels of a figure that its vertical axis and margins take."""
LETTERS_A_LINE = 68
"""Of a long text in a table, before it takes another line."""


def changing_page(view: View) -> None:
    words = view.words
    told = answered(
        view,
        words("nav.changing"),
        lambda: changing_work.changing(view.viewer, view.workspace, view.scenario, view.scope, view.year),
    )
    if told is None:
        _own_estimate(view)
        return
    facts, year = told.facts, told.year
    number = {name: facts[name] for name in ("open_work", "looking")}
    lead = [words("changing.lead", short=facts["still_short"], **number)]
    if told.hidden is not None and told.hidden.roles:
        names = [plain(role) for role in told.hidden.roles[:3]]
        looking = told.hidden.hidden
        lead.append(words("changing.hidden", year=told.as_of.year + told.hidden.step, roles=names, n=len(names), looking=looking))
    heading(view, words("changing.title", year=year, automated=facts["automated"], absorbed=facts["absorbed"]), " ".join(lead))
    st.info(
        words("changing.honest") + (" " + words("changing.unscored", share=words.percent(told.unscored)) if told.unscored > 0.005 else "")
    )
    fte = {name: f"{words.number(facts[name])} {words('axis.fte')}" for name in ("automated", "absorbed", "looking")}
    kpi_row(
        words,
        [
            Kpi(words("changing.kpi_exposed"), words.percent(told.mean) if told.mean == told.mean else "–", terms=("exposure",)),
            Kpi(words("changing.kpi_automated", year=year), fte["automated"], terms=("exposure",)),
            Kpi(words("changing.kpi_absorbed"), fte["absorbed"], terms=("natural_outflow",)),
            Kpi(words("changing.kpi_looking"), fte["looking"], terms=("work_to_work",)),
        ],
    )
    card(view, _ledger(view, told))
    card(view, _ledger_years(view, told))
    card(view, _quadrant(view, told))
    corner = told.corners[told.corners["roles"] > 0]
    corner = corner.assign(
        advice=[words(f"advice.{code}") for code in corner["advice"]], names=[", ".join(names) for names in corner["names"]]
    )
    table = titled(words, corner, {"advice": "advice", "roles": "roles_count", "fte": "fte_now", "names": "names"})
    wide = {words("col.advice"): st.column_config.TextColumn(width=210), words("col.names"): st.column_config.TextColumn(width="large")}
    lines = math.ceil(max(corner["names"].str.len(), default=0) / LETTERS_A_LINE)
    high = 24 + 20 * max(lines, 2)
    table_card(
        view, "corners", words("changing.corner_title"), table, number_columns(table) | wide, row_height=high, height=42 + high * len(table)
    )
    table_card(view, "exposed", words("changing.roles_title"), _exposure_table(words, told), height=360)
    _own_estimate(view)


def _ledger(view: View, told: Changing) -> Told:
    words, colours = view.words, view.palette
    rows = told.ledger[told.ledger["year"] == told.year].sort_values("automated", ascending=False)
    top = rows[rows["automated"] > 0.005].head(SHOWN_BARS)
    names = {
        "role": "present_role",
        **{name: name for name in ("automated", "absorbed", "open_work", "looking", "filled", "still_short", "already_over")},
    }
    table = titled(words, rows, names)
    parts = [
        (words(f"changing.{part}"), top[part].tolist(), colour)
        for part, colour in (("absorbed", colours.have), ("open_work", colours.plain), ("looking", colours.need))
    ]
    figure = growing.stacked("ledger", top["role"].tolist(), parts, table, words("changing.ledger_alt"), words, colours)
    title = words("changing.ledger_none", year=told.year)
    if len(top):
        most = top.iloc[0]
        share = words.percent(float(most["absorbed"]) / float(most["automated"]))
        title = words("changing.ledger_title", year=told.year, role=str(most["role"]), automated=float(most["automated"]), share=share)
    return Told(title, figure, ("exposure", "natural_outflow"), words("changing.ledger_note"))


def _ledger_years(view: View, told: Changing) -> Told:
    words, colours = view.words, view.palette
    frame = told.ledger.groupby("year", as_index=False)[["automated", "absorbed", "open_work", "looking", "still_short"]].sum()
    series = [
        (words(f"changing.{name}"), frame[name].tolist(), colour, dash)
        for name, colour, dash in (
            ("automated", colours.ink, "solid"),
            ("absorbed", colours.have, "solid"),
            ("looking", colours.need, "dash"),
        )
    ]
    table = frame.rename(columns={"year": words("column.year")} | {name: words(f"col.{name}") for name in frame.columns if name != "year"})
    figure = growing.lines("ledger_years", frame["year"].tolist(), series, table, words("changing.years_alt"), words, colours)
    then = frame[frame["year"] == told.year].iloc[0]
    key = "years_title" if then["looking"] >= 0.05 else "years_title_none"
    title = words(f"changing.{key}", year=told.year, automated=float(then["automated"]), looking=float(then["looking"]))
    return Told(title, figure, ("exposure", "natural_outflow", "shortage"), words("changing.years_note"))


def _quadrant(view: View, told: Changing) -> Told:
    words = view.words
    frame = told.quadrant
    shown = percents(frame, "leaving", "automatable").assign(advice=[words(f"advice.{code}") for code in frame["advice"]])
    table = titled(
        words, shown, {"role": "present_role", "fte": "fte_now", "leaving": "leaving_pension", "automatable": "exposed", "advice": "advice"}
    )
    title = words("changing.quadrant_title", fte=float(told.facts.get("corner_recruit_hand_over", 0.0)))
    figure = growing.quadrant(frame, told.year, table, words, view.palette, room_on(FULL) - AXIS)
    return Told(title, figure, ("exposure", "pension_age"), words("changing.quadrant_note"))


def _exposure_table(words: Words, told: Changing) -> pd.DataFrame:
    rows = told.roles.sort_values("exposed", ascending=False)
    source = [
        words("changing.source_own", note=row.note)
        if row.estimated
        else words("changing.source_ilo", code=row.isco)
        if row.exposed == row.exposed and row.isco
        else words("changing.source_none")
        if row.exposed != row.exposed
        else "ILO 2025"
        for row in rows.itertuples()
    ]
    rows = percents(rows.assign(source=source), "exposed").round(1)
    return titled(
        words,
        rows,
        {"role": "present_role", "fte": "fte_now", "exposed": "exposed", "replaced": "replaced", "helped": "helped", "source": "source"},
    )


def _suggested(view: View) -> None:
    """Codes by the likeness of titles: nothing counts before a person pressed the button."""
    words, rows = view.words, changing_work.suggestions(view.viewer, view.workspace)
    if rows.empty:
        return
    st.markdown(f"**{words('changing.suggest_title')}**")
    for row in rows.itertuples():
        line = st.container(horizontal=True, vertical_alignment="center")
        line.markdown(plain(words("changing.suggest", role=row.role, title=row.title, isco=row.isco)))
        if line.button(words("changing.suggest_confirm", title=row.title, isco=row.isco), key=f"isco_{row.role}"):
            and_again(
                words,
                lambda role=row.role, isco=row.isco: changing_work.choose(view.viewer, view.workspace, role, isco),
                words("changing.own_saved", role=row.role),
            )


def _own_estimate(view: View) -> None:
    """HR may correct a score or confirm a code; everybody sees that it was an own estimate."""
    words = view.words
    if not may(view.viewer, Right.DEMAND):
        return
    with st.expander(words("changing.own_title")):
        _suggested(view)
        with st.form("own_exposure", border=False):
            role = st.selectbox(
                words("changing.own_role"), view.outlook.groups["role"].drop_duplicates().sort_values().tolist(), key="_own_role"
            )
            isco = st.text_input(words("changing.own_isco"), key="_own_isco", max_chars=4)
            use = st.checkbox(words("changing.own_use"), key="_own_use")
            share = st.slider(words("changing.own_share"), 0, 100, 40, key="_own_share")
            note = st.text_input(words("changing.own_note"), key="_own_note", max_chars=200)
            if st.form_submit_button(words("changing.own_save")):
                try:
                    changing_work.choose(view.viewer, view.workspace, role, isco.strip(), share / 100 if use else None, note)
                    st.toast(words("changing.own_saved", role=role))
                    st.rerun()
                except Refusal as refusal:
                    st.error(refusal_text(words, refusal))

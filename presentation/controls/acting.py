"""What stands on the page of the action list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from presentation.charts import dates, growing
from presentation.controls import widths
from presentation.controls.adding import drawn_whole, next_begins_empty, read_whole, row_below
from presentation.controls.answering import titled
from presentation.controls.cards import card, heading, kpi_row, table_card
from presentation.controls.frame import refusal_text
from presentation.controls.numbers import number_text, read
from presentation.controls.widths import for_phone
from presentation.figures import Told
from presentation.kpis import Kpi
from presentation.session import View
from presentation.texts import Words
from workflows import actions as action_list
from workflows.access import Right, may
from workflows.actions import Actions
from workflows.types import Refusal, later

SHOWN = 16
LEAST = 0.05
"""Fte of an effect that is drawn: less is written 0,0."""
STATUSES = ("planned", "running", "done", "stopped")
LEVERS = ("retain", "extra_hours", "train", "rotate", "move_in", "automate", "free_hours", "recruit", "apprentices", "temporary")


def actions_page(view: View) -> None:
    words = view.words
    try:
        found = action_list.actions(view.viewer, view.workspace, view.scenario)
    except Refusal as refusal:
        heading(view, words("actions.empty"), words("actions.begin") if refusal.code == "no_actions" else refusal_text(words, refusal))
        st.page_link("pages/plan.py", label=words("nav.plan"), icon=":material/arrow_forward:")
        _edit(view, None)
        return
    facts = found.facts
    lead = [words("actions.lead", n=facts["unowned"])] if facts["unowned"] else []
    lead += [words("actions.over", n=facts["over"])] if facts["over"] else []
    heading(view, actions_title(words, found), " ".join(lead))
    items = [
        Kpi(words(f"actions.kpi_{name}"), words.number(int(facts[key]), 0), terms=("measure",))
        for name, key in (("open", "open"), ("unowned", "unowned"), ("late", "late"))
    ]
    if may(view.viewer, Right.MONEY):
        items.append(Kpi(words("actions.kpi_cost"), words.euro(float(facts["cost"])), terms=("measure",)))
    kpi_row(words, items)
    _edit(view, found)
    dated = _calendar(view, found)
    if dated is not None:
        card(view, dated)
    if _promises(found):
        left, right = st.columns(2)
        with left:
            card(view, _years(view, found))
        with right:
            card(view, _timeline(view, found))
    else:
        st.info(words("acting.no_effect"))
        st.page_link("pages/plan.py", label=words("nav.plan"), icon=":material/arrow_forward:")
    shown = found.table.assign(
        lever=[words(f"plan_lever.{lever}") for lever in found.table["lever"]],
        status=[words(f"action_status.{status}") for status in found.table["status"]],
        start=[_written(words, day) for day in found.table["start"]],
        due=[_written(words, day) for day in found.table["due"]],
        over=[words("yes_no.yes" if over else "yes_no.no") for over in found.table["over"]],
    )
    names = {
        "lever": "measure",
        "role": "present_role",
        **{name: name for name in ("owner", "start", "due", "units", "cost", "status", "expected", "realised", "over", "note")},
    }
    table_card(
        view,
        "actions",
        words("actions.table_title"),
        titled(words, shown[list(names)].round({"units": 1, "cost": 0, "expected": 1, "realised": 1}), names),
        height=320,
    )


def _promises(found: Actions) -> bool:
    """Whether there is any effect to draw: a step of a plan brings its own, a line added by hand has none."""
    return bool((found.timeline["expected"] > LEAST).any())


def actions_title(words: Words, found: Actions) -> str:
    """What part of the shortage in their roles the actions close in the last year they speak of; without one what they promise."""
    if not found.facts["open"]:
        return words("acting.none_open")
    if not _promises(found):
        return words("acting.title_no_effect", n=found.facts["open"])
    last = found.timeline[found.timeline["year"] == found.timeline["year"].max()]
    short = float(last["gap"].clip(lower=0.0).sum())
    if short < 0.5:
        return words("actions.title", n=found.facts["open"], fte=float(found.facts["expected"]))
    closed = float(last["expected"].clip(lower=0.0).clip(upper=last["gap"].clip(lower=0.0)).sum())
    return words(
        "acting.title", n=found.facts["open"], share=words.percent(closed / short), gap=short, until=_until(found, last["year"].iloc[0])
    )


def _until(found: Actions, year: Any) -> date:
    """The day a year of the timeline ends."""
    return later(found.as_of, int(year) - found.as_of.year + 1)


def _over_title(words: Words, found: Actions) -> str:
    over = found.timeline[found.timeline["flagged"]].groupby("role")["over"].max()
    if over.empty:
        return words("acting.over_none")
    return words("acting.over_some", n=len(over), role=str(over.idxmax()), fte=float(over.max()))


def _written(words: Words, day: Any) -> str:
    return "" if pd.isna(day) else words.day(pd.Timestamp(day).date(), short=True)


def _calendar(view: View, found: Actions) -> Told | None:
    """From when to when, the first to end on top; actions without a day are left out."""
    words, colours = view.words, view.palette
    rows = found.table.dropna(subset=["start", "due"]).sort_values(["due", "start"])
    rows = rows[rows["status"].isin(("planned", "running", "done"))].head(SHOWN)
    if rows.empty:
        return None
    kinds = [words(f"action_status.{status}") for status in rows["status"]]
    tints = {words("action_status.running"): colours.have, words("action_status.planned"): colours.soft}
    tints |= {words("action_status.done"): colours.better}
    spans = [(pd.Timestamp(row.start).date(), pd.Timestamp(row.due).date()) for row in rows.itertuples()]
    names = [f"{words('plan_lever.' + row.lever)}: {row.role}" for row in rows.itertuples()]
    table = pd.DataFrame(
        {
            words("col.measure"): names,
            words("col.start"): [_written(words, day) for day, _ in spans],
            words("col.due"): [_written(words, day) for _, day in spans],
            words("col.status"): kinds,
        }
    )
    figure = dates.calendar("calendar", names, spans, kinds, tints, found.as_of, table, words("acting.calendar_alt"), words, colours)
    soon = sum(due <= (pd.Timestamp(found.as_of) + pd.DateOffset(months=12)).date() for _, due in spans)
    title = words("acting.calendar_title", n=soon) if soon else words("acting.calendar_first", day=min(due for _, due in spans))
    return Told(title, figure, ("measure",), words("acting.calendar_note"))


def _years(view: View, found: Actions) -> Told:
    """What the actions promise together in each year, beside the shortage of the same roles."""
    words, colours = view.words, view.palette
    rows = found.timeline.assign(gap=found.timeline["gap"].clip(lower=0.0)).groupby("year", as_index=False)[["gap", "expected"]].sum()
    series = [
        (words("acting.short"), rows["gap"].tolist(), colours.need, "dash"),
        (words("acting.promise"), rows["expected"].tolist(), colours.have, "solid"),
    ]
    table = rows.round(1).rename(columns={"year": words("column.year"), "gap": words("acting.short"), "expected": words("acting.promise")})
    figure = growing.lines("action_years", rows["year"].astype(int).tolist(), series, table, words("acting.years_alt"), words, colours)
    last = rows.iloc[-1] if len(rows) else {"expected": 0.0, "gap": 0.0, "year": found.as_of.year}
    title = words("acting.years_title", expected=float(last["expected"]), gap=float(last["gap"]), until=_until(found, last["year"]))
    return Told(title, figure, ("shortage",))


def _timeline(view: View, found: Actions) -> Told:
    words, colours = view.words, view.palette
    line = found.timeline[found.timeline["expected"] > LEAST]
    last = line.sort_values("year").groupby("role", as_index=False).last().sort_values("expected", ascending=False)
    top = last.head(14)
    within = top[["expected"]].min(axis=1).clip(upper=top["gap"].clip(lower=0.0)).tolist()
    parts = [(words("col.expected"), within, colours.have), (words("col.over"), top["over"].clip(lower=0.0).tolist(), colours.need)]
    table = titled(
        words,
        found.timeline.round(1).assign(year=found.timeline["year"].astype(str)),
        {"role": "present_role", "expected": "expected", "over": "over"},
    )
    table.insert(1, words("column.year"), found.timeline["year"].tolist())
    figure = growing.stacked("timeline", top["role"].tolist(), parts, table, words("actions.timeline_title"), words, colours)
    return Told(_over_title(words, found), figure, ("shortage",), words("actions.timeline_title"))


def _edit(view: View, found: Actions | None) -> None:
    words = view.words
    if not may(view.viewer, Right.SCENARIOS):
        st.caption(words("actions.read_only"))
        return
    columns = ["id", "lever", "role", "owner", "start", "due", "units", "status", "note"]
    frame = found.table[columns].copy() if found is not None else pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
    frame["lever"] = frame["lever"].map(lambda code: words(f"plan_lever.{code}"))
    frame["status"] = frame["status"].map(lambda code: words(f"action_status.{code}"))
    frame["units"] = pd.to_numeric(frame["units"])
    for name in ("start", "due"):
        frame[name] = pd.to_datetime(frame[name])
    config = st.column_config
    levers, statuses = {words(f"plan_lever.{code}"): code for code in LEVERS}, {words(f"action_status.{code}"): code for code in STATUSES}
    roles = sorted({*view.outlook.groups["role"].unique(), *frame["role"].dropna().tolist()})
    with st.container(border=True):
        st.markdown(f"##### {words('actions.table_title')}")
        st.caption(words("actions.edit_note"))
        drawn: dict[str, Any] = {
            "lever": config.SelectboxColumn(words("col.measure"), options=list(levers), required=True),
            "role": config.SelectboxColumn(words("col.present_role"), options=roles, required=True),
            "owner": config.TextColumn(words("col.owner"), max_chars=80),
            "start": config.DateColumn(words("col.start"), format="DD-MM-YYYY"),
            "due": config.DateColumn(words("col.due"), format="DD-MM-YYYY"),
            "units": config.NumberColumn(words("col.units"), min_value=0.0, step=0.1, format="localized"),
            "status": config.SelectboxColumn(words("col.status"), options=list(statuses), default=words("action_status.planned")),
            "note": config.TextColumn(words("col.note"), max_chars=500),
        }
        phone, order, how = widths.on_phone(), list(drawn), {"num_rows": "dynamic"}
        if phone:
            called = [f"{row.role}: {row.lever}" for row in frame.itertuples()]
            frame, drawn = read_whole(frame, called, words("col.measure"), drawn)
            order = ["name", "status", *(name for name in order if name not in ("lever", "role", "status"))]
            how = drawn_whole(len(frame), False)
        if not phone or len(frame):
            order, drawn = for_phone(words, "action_list", drawn, order, "action_editor")
            frame = st.data_editor(
                frame, hide_index=True, key="action_editor", column_config=drawn | {"id": None}, column_order=order, **how
            )
            if st.button(words("actions.save"), key="save_actions", type="primary"):
                _save(view, frame.to_dict(orient="records"), levers, statuses)
        more = _one_more(words, list(levers), roles) if phone else None
        if more is not None:
            _save(view, [*frame.to_dict(orient="records"), more], levers, statuses)


def _one_more(words: Words, levers: list[str], roles: list[str]) -> dict[str, Any] | None:
    """A row more on a phone, as the table has it."""
    told = row_below(
        words,
        "actions",
        {
            "lever": lambda at: st.selectbox(words("col.measure"), levers, key=at),
            "role": lambda at: st.selectbox(words("col.present_role"), roles, key=at),
            "units": lambda at: number_text(st, words, words("col.units"), None, key=at),
            "owner": lambda at: st.text_input(words("col.owner"), max_chars=80, key=at),
            "start": lambda at: st.date_input(words("col.start"), "today", format="DD-MM-YYYY", key=at),
            "due": lambda at: st.date_input(words("col.due"), None, format="DD-MM-YYYY", key=at),
            "note": lambda at: st.text_input(words("col.note"), max_chars=500, key=at),
        },
    )
    return told and told | {"id": "", "status": words("action_status.planned")}


def _save(view: View, rows: list[dict[str, Any]], levers: dict[str, str], statuses: dict[str, str]) -> None:
    """The whole list, with what was chosen in the reader's language."""
    words = view.words
    try:
        for row in rows:
            row["lever"], row["status"] = levers.get(row["lever"], ""), statuses.get(row["status"], "planned")
            row["id"], row["owner"], row["note"] = (row[name] if isinstance(row[name], str) else "" for name in ("id", "owner", "note"))
            if isinstance(row["units"], str):
                row["units"] = read(words, row["units"])
        st.toast(words("actions.saved", n=action_list.save(view.viewer, view.workspace, rows)))
    except Refusal as refusal:
        st.error(refusal_text(words, refusal))
        return
    next_begins_empty("actions")
    st.rerun()

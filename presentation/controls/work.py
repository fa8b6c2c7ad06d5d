"""Tables HR fills in about work and deaths: posts per year, workload beside the establishment, a life table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from presentation.controls import widths
from presentation.controls.adding import drawn_whole, next_begins_empty, read_whole, row_below
from presentation.controls.cards import shown_table
from presentation.controls.numbers import needed, number_text, read
from presentation.controls.owning import changed, take_back
from presentation.controls.widths import for_phone
from presentation.session import View
from presentation.texts import Words
from workflows import mortality, work
from workflows.types import Refusal

YEARS, MOST_FTE = (2000, 2100), 100_000.0
"""What may be typed on a phone; the work itself refuses a year it does not know."""


def work_cards(view: View) -> None:
    """Posts that come or go, and workload; nothing before there are people."""
    try:
        names = work.roles(view.viewer, view.workspace)
    except Refusal:
        return
    _posts(view, names)
    _workload(view, names)


def _posts(view: View, names: tuple[str, ...]) -> None:
    words, rows = view.words, work.posts(view.viewer, view.workspace)
    table = pd.DataFrame([(row.role, row.year, row.fte, row.note) for row in rows], columns=["role", "year", "fte", "note"])
    table = table.astype({"role": "str", "year": "Int64", "fte": "float64", "note": "str"})
    config = {
        "role": st.column_config.SelectboxColumn(words("column.role"), options=list(names), required=True),
        "year": st.column_config.NumberColumn(words("work.from_year"), step=1, format="%d", required=True),
        "fte": st.column_config.NumberColumn(words("work.fte"), step=0.1, format="localized", required=True),
        "note": st.column_config.TextColumn(words("work.note")),
    }

    fields = {
        "role": lambda at: st.selectbox(words("column.role"), names, key=at),
        "year": lambda at: st.number_input(words("work.from_year"), *YEARS, date.today().year + 1, key=at),
        "fte": lambda at: number_text(st, words, words("work.fte"), None, key=at),
        "note": lambda at: st.text_input(words("work.note"), max_chars=500, key=at),
    }

    def row(told: dict[str, Any]) -> dict[str, Any]:
        return told | {"fte": needed(words, told["fte"], -MOST_FTE, MOST_FTE)}

    def save(edited: pd.DataFrame) -> None:
        made = tuple(work.Post(str(row.role), "", int(row.year), float(row.fte), _text(row.note)) for row in edited.itertuples())
        work.set_posts(view.viewer, view.workspace, made)

    with st.container(border=True, key="card_posts"):
        st.markdown(f"##### {words('work.posts_title', n=len(rows))}")
        st.caption(words("work.posts_text"))
        called = [f"{one.role}, {words('work.from_year').lower()} {one.year}" for one in rows]
        _edited(view, work.POSTS, table, config, save, called, fields, row)


def _workload(view: View, names: tuple[str, ...]) -> None:
    words, rows = view.words, work.workload(view.viewer, view.workspace)
    fields = ("role", "volume", "hours_each", "category_allowance", "individual_hours", "available_hours", "source")
    table = pd.DataFrame([[getattr(row, field) for field in fields] for row in rows], columns=list(fields))
    table = table.astype({field: "str" if field in ("role", "source") else "float64" for field in fields})
    config: dict[str, Any] = {
        field: st.column_config.NumberColumn(
            words(f"work.short.{field}"), min_value=0.0, format="localized", width=104, help=words(f"work.{field}")
        )
        for field in fields
        if field not in ("role", "source")
    }
    config["role"] = st.column_config.SelectboxColumn(words("column.role"), options=list(names), required=True, width=120)
    config["source"] = st.column_config.TextColumn(words("work.source"), width=90)

    filled: dict[str, Callable[[str], Any]] = {"role": lambda at: st.selectbox(words("column.role"), names, key=at)}
    for field in fields[1:-1]:
        filled[field] = partial(_number, words, field)
    filled["source"] = lambda at: st.text_input(words("work.source"), max_chars=500, key=at)

    def row(told: dict[str, Any]) -> dict[str, Any]:
        return told | {field: read(words, told[field]) for field in fields[1:-1]}

    def save(edited: pd.DataFrame) -> None:
        made = []
        for row in edited.to_dict("records"):
            numbers = {field: float(row[field]) for field in fields[1:-1] if pd.notna(row[field])}
            made.append(work.Workload(str(row["role"]), **({"volume": 0.0, "hours_each": 0.0} | numbers), source=_text(row["source"])))
        work.set_workload(view.viewer, view.workspace, tuple(made))

    with st.container(border=True, key="card_workload"):
        found = work.compared(view.viewer, view.workspace)
        apart = found[found["difference"].abs() >= 0.5]
        if len(apart):
            first = apart.iloc[0]
            key = "work.workload_more" if first["difference"] > 0 else "work.workload_less"
            title = words(key, role=str(first["role"]), fte=abs(float(first["difference"])))
        else:
            title = words("work.workload_title")
        st.markdown(f"##### {title}")
        st.caption(words("work.workload_text"))
        if len(found):
            names_of = {name: words(f"work.column_{name}") for name in ("workload_fte", "establishment_fte", "difference")}
            shown_table(found.round(1).rename(columns=names_of | {"role": words("column.role")}), title)
        _edited(view, work.WORKLOAD, table, config, save, [one.role for one in rows], filled, row)


def _number(words: Words, field: str, at: str) -> str:
    return number_text(st, words, words(f"work.{field}"), None, key=at)


def _edited(
    view: View,
    name: str,
    table: pd.DataFrame,
    config: dict[str, Any],
    save: Callable[[pd.DataFrame], None],
    called: Sequence[str],
    fields: Mapping[str, Callable[[str], Any]],
    row: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    """called: each row on a phone; fields, row: a row more on a phone, drawn and as it is stored."""
    words, fixed = view.words, not work.may_edit(view.viewer)
    key = f"_{name}_{view.workspace.store.fingerprint()}"
    drawn: dict[str, Any] = {"num_rows": "fixed" if fixed else "dynamic", "disabled": fixed}
    order, phone, shown = list(table.columns), widths.on_phone(), table
    if phone:
        first = "fte" if "fte" in table else "volume"
        config[first] = config[first] | {
            "label": words("axis.fte" if first == "fte" else f"work.short.{first}"),
            "help": words(f"work.{first}"),
        }
        shown, config = read_whole(table, called, words("column.role"), config)
        order = ["name", first, *(field for field in order if field not in ("role", first))]
        drawn = drawn_whole(len(table), fixed)
    if not phone or len(table):
        order, config = for_phone(words, name, config, order, key)
    edited = shown if phone and table.empty else st.data_editor(
        shown, hide_index=True, column_config=config, placeholder="–", key=key, alt=words(f"work.{name}_text"), column_order=order, **drawn,
    )  # fmt: skip
    if fixed:
        return
    if not (phone and table.empty) and st.button(words("owning.save"), key=f"save_{name}", type="primary", disabled=edited.equals(shown)):
        changed(view, lambda: save(edited.dropna(subset=["role"])))
    told = row_below(words, name, fields) if phone else None
    if told is not None:

        def add() -> None:
            save(pd.DataFrame([*edited.to_dict("records"), row(told)]).dropna(subset=["role"]))
            next_begins_empty(name)

        changed(view, add)
    take_back(view, name, lambda: work.undo(view.viewer, view.workspace, name))


def _text(value: Any) -> str:
    return "" if pd.isna(value) or value == "nan" else str(value)[:500]


def deaths_card(view: View) -> None:
    """Which chances of death are used, and the way to put a published table in their place."""
    words, on = view.words, view.outlook.as_of if view.outlook else date.today()
    table = mortality.deaths(view.viewer, view.workspace, on)
    with st.container(border=True, key="card_deaths"):
        title = words("deaths.title_formula") if table is None else words("deaths.title_own", source=table.source)
        st.markdown(f"##### {title}")
        st.caption(words("deaths.text"))
        if table is None:
            st.markdown(words("deaths.formula"))
        else:
            st.markdown(words("deaths.in_force", day=table.valid_from, n=len(table.ages)))
            told = pd.DataFrame(
                {words("deaths.age"): list(table.ages), words("deaths.used"): [round(1000 * one, 2) for one in table.chances]}
            )
            shown_table(told[(told.iloc[:, 0] >= 15) & (told.iloc[:, 0] <= 79)], title, height=220)
        if not mortality.may_upload(view.viewer):
            return
        file = st.file_uploader(words("deaths.file"), type=["csv", "txt"], key="deaths_file")
        left, right = st.columns([1, 2])
        day = left.date_input(words("deaths.valid_from"), value=date(on.year, 1, 1), format="DD-MM-YYYY", key="deaths_from")
        source = right.text_input(words("deaths.source"), key="deaths_source")
        if st.button(words("deaths.save"), type="primary", disabled=file is None, key="save_deaths") and file is not None:
            changed(view, lambda: mortality.set_deaths(view.viewer, view.workspace, file.getvalue(), day, source))
        take_back(view, "deaths", lambda: mortality.undo_deaths(view.viewer, view.workspace))

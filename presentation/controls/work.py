"""Tables HR fills in about work and deaths: posts per year, workload beside the establishment, a life table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from presentation.controls.cards import shown_table
from presentation.controls.owning import changed, take_back
from presentation.controls.widths import for_phone
from presentation.session import View
from workflows import mortality, work
from workflows.types import Refusal


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

    def save(edited: pd.DataFrame) -> None:
        made = tuple(work.Post(str(row.role), "", int(row.year), float(row.fte), _text(row.note)) for row in edited.itertuples())
        work.set_posts(view.viewer, view.workspace, made)

    with st.container(border=True, key="card_posts"):
        st.markdown(f"##### {words('work.posts_title', n=len(rows))}")
        st.caption(words("work.posts_text"))
        _edited(view, work.POSTS, table, config, save)


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
        _edited(view, work.WORKLOAD, table, config, save)


def _edited(view: View, name: str, table: pd.DataFrame, config: dict[str, Any], save: Callable[[pd.DataFrame], None]) -> None:
    words, fixed = view.words, not work.may_edit(view.viewer)
    key = f"_{name}_{view.workspace.store.fingerprint()}"
    order, config = for_phone(words, name, config, list(table.columns), key)
    edited = st.data_editor(
        table, hide_index=True, num_rows="fixed" if fixed else "dynamic", column_config=config, disabled=fixed, placeholder="–",
        key=key, alt=words(f"work.{name}_text"), column_order=order,
    )  # fmt: skip
    if fixed:
        return
    if st.button(words("owning.save"), key=f"save_{name}", type="primary", disabled=edited.equals(table)):
        changed(view, lambda: save(edited.dropna(subset=["role"])))
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

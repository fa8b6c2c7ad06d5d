"""Chances, amounts and sector figures: read by everybody who may, filled in by HR, every edit with a step back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from presentation.controls import widths
from presentation.controls.adding import drawn_whole, next_begins_empty, read_whole, row_below
from presentation.controls.cards import plain, table_card
from presentation.controls.frame import refusal_text
from presentation.controls.numbers import needed, number_text
from presentation.session import View
from presentation.texts import Words
from workflows import assumed, money
from workflows.types import Refusal

CAUSES = ("resignation", "other_exit")
FEW = 8
"""Rows of a table that are shown whole."""
WIDTHS = {"key": 145, "valid_from": 115, "value": 85, "unit": 95, "certainty": 100, "source": 80, "last_checked": 120}
"""Of the table of amounts, so that it fits on a screen of 1280 pixels; on a wider one they grow."""


def chance_cards(view: View) -> None:
    """The chance of leaving per role and cause with its range and source; HR may put its own word before it."""
    words = view.words
    found = assumed.chances(view.viewer, view.workspace)
    quits = found[found["cause"] == "resignation"]
    years = float(quits["person_years"].sum())
    weight = quits["person_years"] if years else pd.Series(1.0, index=quits.index)
    mean = float((quits["chance"] * weight).sum() / weight.sum()) if len(quits) else 0.0
    own = int((quits["source"] == "own").sum())
    st.title(words("owning.chance_title", share=words.percent(mean, 1), n=own, total=len(quits)), anchor=False)
    st.markdown(words("owning.chance_lead"))
    table = pd.DataFrame(
        {
            words("column.location"): found["location"],
            words("column.unit"): found["unit"],
            words("column.role"): found["role"],
            words("owning.cause"): [words(f"tested.measure_{cause}") for cause in found["cause"]],
            words("owning.years_short"): found["person_years"].round(1),
            words("owning.chance_short"): (100 * found["chance"]).round(1),
            words("owning.low"): (100 * found["low"]).round(1),
            words("owning.high"): (100 * found["high"]).round(1),
            words("owning.source"): [words(f"owning.source_{source}") for source in found["source"]],
            words("owning.weight"): (100 * found["weight"]).round(0),
        }
    )
    if "events" in found:
        table.insert(5, words("owning.events"), found["events"].astype(int))
    config = st.column_config
    columns = {
        words("owning.years_short"): config.NumberColumn(width=60, format="localized", help=words("owning.years")),
        words("owning.events"): config.NumberColumn(width=85, format="localized"),
        words("owning.chance_short"): config.NumberColumn(width=75, format="localized", step=0.1, help=words("owning.chance")),
        **{words(f"owning.{name}"): config.NumberColumn(width=75, format="localized", step=0.1) for name in ("low", "high")},
    }
    first = (words("column.role"), words("owning.chance_short"))
    table_card(view, "chances", words("owning.chance_table"), table, columns, height=460, phone=first)
    if assumed.may_overrule(view.viewer):
        _firm_wide(view)
    _overrules(view, sorted(set(found["role"])))


def _firm_wide(view: View) -> None:
    """Contracts that end and the moment of retiring: one measure for the firm, moved by a lever."""
    words, found = view.words, assumed.firm_wide(view.viewer, view.workspace)
    when = "on" if found.shift_months == 0 else "late" if found.shift_months > 0 else "early"
    with st.container(border=True, key="card_firm_wide"):
        st.markdown(f"##### {words('owning.wide_title')}")
        st.markdown(
            "- "
            + words(
                "owning.wide_contracts" if found.years else "owning.wide_contracts_default",
                share=words.percent(found.lapse, 1),
                low=words.percent(found.ends[0], 1),
                high=words.percent(found.ends[1], 1),
                ended=found.ended,
                due=found.due,
                usual=words.percent(found.usual[0]),
                counts=found.usual[1],
            )
        )
        st.markdown("- " + words(f"owning.wide_pension_{when}", n=round(found.retired), months=abs(found.shift_months)))
        st.caption(words("owning.wide_lever"))


def _overrules(view: View, roles: list[str]) -> None:
    words, rules = view.words, assumed.overrules(view.viewer, view.workspace)
    with st.container(border=True, key="card_overrules"):
        st.markdown(f"##### {words('owning.own_title', n=len(rules))}")
        for rule in rules:
            who = plain(rule.role) or words("owning.every_role")
            said = words("owning.own_line", role=who, cause=words(f"tested.measure_{rule.cause}"), share=words.percent(rule.chance, 1))
            st.markdown(f"- {said} *{plain(rule.note)}*")
        if not assumed.may_overrule(view.viewer):
            return
        with st.form("overrule", border=False, clear_on_submit=True):
            left, middle, right = st.columns([3, 2, 1])
            role = left.selectbox(words("column.role"), ["", *roles], format_func=lambda name: name or words("owning.every_role"))
            cause = middle.selectbox(words("owning.cause"), CAUSES, format_func=lambda name: words(f"tested.measure_{name}"))
            share = number_text(right, words, words("owning.chance"), 5.0)
            note = st.text_input(words("owning.note"))
            if st.form_submit_button(words("owning.save"), type="primary"):

                def overrule() -> None:
                    chance = needed(words, share, 0.0, 90.0) / 100
                    assumed.overrule(view.viewer, view.workspace, assumed.Overrule(role, cause, chance, note))

                changed(view, overrule)
        take_back(view, "rates", lambda: assumed.undo(view.viewer, view.workspace))


def money_cards(view: View) -> None:
    """Wage bill and cost of doing nothing a year."""
    words = view.words
    try:
        found = money.bill(view.viewer, view.workspace, view.scenario, view.scope)
    except Refusal as refusal:
        st.title(words("nav.amounts"), anchor=False)
        st.info(refusal_text(words, refusal))
        return
    year = view.outlook.target_year if view.outlook is not None else 0
    until = until_target(found.rows, view.outlook.years, year)
    first, last = (words.euro(float(until["wage_bill"].iloc[at])) for at in (0, -1))
    title = words("owning.money_title", year=year, cost=words.euro(float(until["cost_of_nothing"].sum())), first=first, last=last)
    st.title(title, anchor=False)
    st.markdown(words("owning.money_lead", known=words.percent(found.known), month=words.euro(found.open_post_month)))
    table = found.rows.round({"wage_bill": -3, "cost_of_nothing": -3, "short_fte": 1})
    names = {name: words(f"owning.{name}") for name in ("wage_bill", "short_fte", "cost_of_nothing")} | {"year": words("column.year")}
    first = (words("column.year"), words("owning.cost_of_nothing"))
    table_card(view, "money", words("owning.money_table"), table.rename(columns=names), phone=first)
    st.caption(words("owning.money_note"))


def until_target(rows: pd.DataFrame, years: tuple[int, ...], target: int) -> pd.DataFrame:
    """The steps up to the stand the overview speaks of. By their number, not by their year: with a reference date within a year the
    last of them ends in the target year itself. rows: one per step; years: of every stand, the first of them now."""
    return rows.iloc[: years.index(target)]


def own_tables(view: View) -> None:
    """The dated amounts and the sector figures."""
    try:
        amounts = money.amounts(view.viewer, view.workspace)
    except Refusal:
        return
    _table(view, "amounts", amounts, money.set_amounts)
    _table(view, "sector", money.sector(view.viewer, view.workspace), money.set_sector)


def _table(view: View, name: str, rows: tuple[Any, ...], save: Callable[..., Any]) -> None:
    words, fields = view.words, ("key", "valid_from", "value", "low", "high", "unit", "certainty", "source", "last_checked")
    shown = [field for field in fields if name == "amounts" or field in ("key", "valid_from", "value", "source", "last_checked")]
    choices = money.SECTOR_KEYS if name == "sector" else sorted({row.key for row in rows})
    table = pd.DataFrame([[getattr(row, field) for field in shown] for row in rows], columns=shown)
    said = {text: amount_said(words, text) for row in rows for text in (getattr(row, "unit", ""), row.source)}
    for field in {"unit", "source"} & set(shown):
        table[field] = [said[text] for text in table[field]]
    config: dict[str, Any] = {field: st.column_config.Column(words(f"owning.field_{field}")) for field in shown}
    config["key"] = st.column_config.SelectboxColumn(
        words("owning.field_key"), options=list(choices), required=True, format_func=lambda key: _named(words, key),
    )  # fmt: skip
    for field in {"value", "low", "high"} & set(shown):
        config[field] = st.column_config.NumberColumn(words(f"owning.field_{field}"), format="localized")
    for field in ("valid_from", "last_checked"):
        config[field] = st.column_config.DateColumn(words(f"owning.field_{field}"), required=True, format="DD-MM-YYYY")
    for field, width in WIDTHS.items() if name == "amounts" else ():
        config[field] = config[field] | {"width": width}
    with st.container(border=True, key=f"card_{name}"):
        st.markdown(f"##### {words(f'owning.{name}_title')}")
        st.caption(words(f"owning.{name}_text"))
        fixed = not money.may_edit(view.viewer)
        key = f"_{name}_{view.workspace.store.fingerprint()}"
        order, phone = _order(words, name, shown), widths.on_phone()
        if phone:
            table, config = read_whole(table, _names(words, table), words("owning.field_key"), config)
            order = ["name", "value", *(field for field in order if field not in ("key", "value"))]
        if not phone or len(table):
            order, config = widths.for_phone(words, name, config, order, key)
        drawn: dict[str, Any] = {"column_config": config, "column_order": order, "key": key, "hide_index": True, "placeholder": "–"}
        if phone:
            drawn |= drawn_whole(len(table), fixed)
        else:
            drawn |= {"num_rows": "dynamic", "disabled": fixed, "height": 320 if len(table) > FEW else "auto"}
        edited = table if phone and table.empty else st.data_editor(table, **drawn)
        if fixed:
            return
        meant = {shown_text: text for text, shown_text in said.items()}

        def kept() -> tuple[Any, ...]:
            rows = edited.drop(columns="name", errors="ignore").to_dict("records")
            return tuple(_row(name, {field: _meant(meant, value) for field, value in row.items()}) for row in rows)

        if edited is not table and st.button(words("owning.save"), key=f"save_{name}", type="primary", disabled=edited.equals(table)):
            changed(view, lambda: save(view.viewer, view.workspace, kept()))
        if phone:
            added = _added(words, name, choices)
            if added is not None:

                def add() -> None:
                    save(view.viewer, view.workspace, (*kept(), added(rows)))
                    next_begins_empty(name)

                changed(view, add)
        take_back(view, name, lambda: money.undo(view.viewer, view.workspace, name))


def _named(words: Words, key: str) -> str:
    return words(f"amount.{key}") if words.known(f"amount.{key}") else key


def _names(words: Words, table: pd.DataFrame) -> list[str]:
    """What each row is called, with its day where there are several of it."""
    several = table["key"].duplicated(keep=False)
    return [
        f"{_named(words, key)} ({words.day(day, short=True)})" if more else _named(words, key)
        for key, day, more in zip(table["key"], table["valid_from"], several, strict=True)
    ]


def _added(words: Words, name: str, choices: Sequence[str]) -> Callable[[tuple[Any, ...]], Any] | None:
    """A row more, filled in below the table. What makes the row of those that are there, once it was sent."""
    told = row_below(
        words,
        name,
        {
            "key": lambda at: st.selectbox(words("owning.field_key"), choices, format_func=lambda one: _named(words, one), key=at),
            "value": lambda at: number_text(st, words, words("owning.field_value"), None, key=at),
            "day": lambda at: st.date_input(words("owning.field_valid_from"), "today", format="DD-MM-YYYY", key=at),
            "source": lambda at: st.text_input(words("owning.field_source"), max_chars=300, key=at),
        },
    )
    if told is None:
        return None

    def row(rows: tuple[Any, ...]) -> Any:
        unit = next((one.unit for one in reversed(rows) if one.key == told["key"] and hasattr(one, "unit")), "")
        made = {"key": told["key"], "valid_from": told["day"], "value": needed(words, told["value"]), "unit": unit, "certainty": "C"}
        return _row(name, made | {"low": None, "high": None, "source": told["source"], "last_checked": date.today()})

    return row


def _order(words: Words, name: str, shown: list[str]) -> list[str]:
    """The columns that fit on any screen; the range of an amount when asked for."""
    if name == "amounts" and not st.toggle(words("owning.with_range"), key="amounts_range"):
        return [field for field in shown if field not in ("low", "high")]
    return shown


def amount_said(words: Words, text: str) -> str:
    """A unit or source that comes with the app in the reader's language; one that somebody filled in as it is."""
    key = f"amount_said.{re.sub('[^a-z0-9]+', '_', text.lower()).strip('_')}"
    return words(key) if text and words.known(key) else text


def _meant(meant: dict[str, str], value: Any) -> Any:
    """Back from the reader's language: what was not touched is stored as it was."""
    return meant.get(value, value) if isinstance(value, str) else value


def _row(name: str, row: dict[str, Any]) -> Any:
    """A row of the editor as what is stored; what was left open becomes unknown."""
    kept = {field: None if value is None or value != value else value for field, value in row.items()}
    for field in ("valid_from", "last_checked"):
        kept[field] = day_of(kept[field])
    text = {field: str(kept[field] or "") for field in ("key", "source")}
    value = float(kept["value"]) if kept["value"] is not None else -1.0
    if name == "sector":
        return money.SectorFigure(text["key"], kept["valid_from"], value, text["source"], kept["last_checked"])
    like = money.Amount(text["key"], kept["valid_from"], value, str(kept["unit"] or ""), "C", text["source"], kept["last_checked"])
    return replace(like, certainty=str(kept["certainty"] or "C"), low=kept["low"], high=kept["high"])


def day_of(value: Any) -> date:
    """A day of the editor; today where it was left open."""
    return date.today() if value is None else pd.Timestamp(value).date()


def changed(view: View, act: Callable[[], Any]) -> None:
    """Carry out an edit, say that it is kept or why not, and draw the page anew."""
    try:
        act()
    except Refusal as refusal:
        st.error(refusal_text(view.words, refusal))
        return
    st.toast(view.words("owning.saved"), icon=":material/check_circle:")
    st.rerun()


def take_back(view: View, name: str, act: Callable[[], Any]) -> None:
    """The button that takes the newest edit of a table back."""
    if st.button(view.words("owning.undo"), key=f"undo_{name}", icon=":material/undo:"):
        changed(view, act)

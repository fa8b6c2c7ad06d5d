"""Cards: a sentence as heading, the figure, and beside it its table with downloads and the meaning of its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from presentation import sentences
from presentation.controls import widths
from presentation.controls.drawing import clicked, draw
from presentation.controls.widths import FULL, ROW_CHOICE, fitted, narrowed, room_on
from presentation.explained import terms_of
from presentation.exports.tables import csv_bytes, xlsx_bytes
from presentation.figures import Told
from presentation.kpis import Kpi
from presentation.session import View
from presentation.texts import Words
from workflows.types import Refusal

YEARS = (1900, 2200)
"""Whole numbers that all lie between these are read as years."""
LARGE = 10_000
"""From here on a column is written without decimals."""
PLAIN_ROW = 35
"""Pixels of a row, and of the heads, where nothing else is asked."""
SHORT_TABLE = 12
"""So many rows are shown at once, however high they are."""
MENU_ROOM = 620
"""Pixels of a table in the menu beside a figure."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def kpi_row(words: Words, items: Sequence[Kpi], larger: float = 1.0, width: int = 190) -> None:
    """The row of cards; one below the other on a phone, each as high as it needs. Lower where no card has a line of the
    years, higher for larger letters."""
    height = round(larger * (202 if any(len(item.chart) for item in items) else 128))
    with st.grid(len(items), min_column_width=width, row_height="content" if widths.on_phone() else height):
        for item in items:
            st.metric(
                item.label,
                item.value,
                item.change or None,
                delta_color="gray" if item.worse is None else "orange" if item.worse else "blue",
                delta_arrow="off" if not item.change or item.worse is None else "up" if not item.change.startswith("−") else "down",
                delta_description=item.against or None,
                chart_data=[round(float(value), 2) for value in item.chart] or None,
                chart_type="area",
                border=True,
                height="stretch",
                help=words.meaning(*item.terms) if item.terms else None,
            )


def heading(view: View, title: str, lead: str = "") -> None:
    """The conclusion as title and what stands under it."""
    st.title(title, anchor=False)
    if lead:
        st.markdown(lead)


def card(view: View, told: Told, on_select: Callable[[], None] | None = None) -> None:
    """A figure in a bordered card. on_select: called after a click; `pointed(name)` then tells on what."""
    with st.container(border=True, height="stretch", key=f"card_{told.figure.name}"):
        figure_in(view, told, on_select)


def figure_in(view: View, told: Told, on_select: Callable[[], None] | None = None) -> None:
    """The same without the border, inside a card that has more in it."""
    figure = told.figure
    _head(view, figure.name, told.title, lambda: figure.table, told.terms)
    if figure.empty:
        st.caption(view.words("card.nothing"))
        return
    draw(told.described(), f"chart_{figure.name}", on_select, view.words("explained.keys"))
    if told.note:
        st.caption(told.note)


def pointed(name: str) -> dict[str, Any] | None:
    """The part of a figure that was just clicked."""
    return clicked(f"chart_{name}")


def table_card(
    view: View,
    name: str,
    title: str,
    table: pd.DataFrame,
    columns: dict[str, Any] | None = None,
    terms: tuple[str, ...] = (),
    height: int | str = "auto",
    on_row: Callable[[], None] | None = None,
    row_height: int | None = None,
    room: int = FULL,
    phone: tuple[str, ...] = (),
) -> None:
    """A table in a bordered card with the same downloads. on_row: called after a choice; st.session_state[f"rows_{name}"] has it.
    row_height: higher rows show long texts over several lines; None: as high as its names need. room: the pixels it has; columns that do
    not fit stand behind a switch. phone: what a phone shows first, where not the first columns."""
    with st.container(border=True, height="stretch", key=f"card_{name}"):
        rows_of = table
        _head(view, name, title, lambda: rows_of, terms, with_table=False)
        if table.empty:
            st.caption(view.words("card.nothing"))
            return
        choose: dict[str, Any] = {"on_select": on_row, "selection_mode": "single-row", "key": f"rows_{name}"} if on_row else {}
        drawn = columns or number_columns(table)
        if phone and widths.on_phone():
            table = table[sorted(table.columns, key=lambda name: phone.index(name) if name in phone else len(phone))]
        fit = fitted(table, drawn, room_on(room) - (ROW_CHOICE if on_row else 0))
        away, whole = fit.away, bool(fit.away) and bool(st.session_state.get(f"more_{name}"))
        order = list(fit.pixels) if away and not whole else None
        sized = drawn if whole else narrowed(drawn, fit)
        rows = row_height if whole or (not fit.away and row_height) else fit.row_height
        height = "auto" if row_height and rows != row_height else height
        height = no_taller(height, len(table), rows)
        height = "content" if height == "auto" and rows and len(table) <= SHORT_TABLE else height
        shown_table(table, title, sized, height=height, row_height=rows, column_order=order, **choose)
        if away:
            st.toggle(view.words("card.more_columns", n=len(away)), key=f"more_{name}", help=view.words.listed([str(one) for one in away]))


def no_taller(height: int | str, rows: int, row_height: int | None) -> int | str:
    """The height asked for, in pixels, where the rows need it: of fewer the library fills the rest with empty rows."""
    return "auto" if isinstance(height, int) and (row_height or PLAIN_ROW) * rows + PLAIN_ROW <= height else height


def shown_table(table: pd.DataFrame, alt: str, columns: dict[str, Any] | None = None, **more: Any) -> None:
    """A table where one is drawn: numbers as the reader writes them, a dash where nothing is known, and never a nought with a minus."""
    numbers = {name: _numbers(values) for name, values in table.items() if pd.api.types.is_float_dtype(values)}
    below = [name for name, values in numbers.items() if (np.signbit(values) & (values == 0)).any()]
    table = table.assign(**{name: table[name] + 0.0 for name in below}) if below else table
    drawn = columns or number_columns(table)
    if "column_order" not in more:  # else it has been fitted already
        fit = fitted(table, drawn, room_on(FULL))
        if not fit.away:
            drawn, more = narrowed(drawn, fit), {"row_height": fit.row_height} | more
    st.dataframe(table, hide_index=True, column_config=drawn, alt=alt, placeholder="–", **more)


def named_table(words: Words, name: str, table: pd.DataFrame, alt: str, columns: dict[str, Any] | None = None, room: int = FULL) -> None:
    """A table without a card of its own: the columns that fit, the others behind a switch."""
    drawn = columns or number_columns(table)
    fit = fitted(table, drawn, room_on(room))
    if fit.away and st.session_state.get(f"more_{name}"):
        shown_table(table, alt, drawn)
    else:
        order = list(fit.pixels) or list(table.columns)
        shown_table(table, alt, narrowed(drawn, fit), column_order=order, row_height=fit.row_height)
    if fit.away:
        st.toggle(words("card.more_columns", n=len(fit.away)), key=f"more_{name}", help=words.listed([str(one) for one in fit.away]))


def number_columns(table: pd.DataFrame) -> dict[str, Any]:
    """Numbers as the reader writes them; years without separators."""
    out = {}
    for name, values in table.items():
        if pd.api.types.is_float_dtype(values):
            numbers = _numbers(values)
            whole = (numbers[~np.isnan(numbers)] % 1 == 0).all()
            out[name] = st.column_config.NumberColumn(format="localized", step=1 if whole else 0.1)
        elif pd.api.types.is_integer_dtype(values):
            years = bool(len(table)) and bool(values.between(*YEARS).all())
            out[name] = st.column_config.NumberColumn(format="%d" if years else "localized")
    return out


def _numbers(values: pd.Series) -> np.ndarray:
    return values.to_numpy(float, na_value=np.nan)


def _head(view: View, name: str, title: str, rows: Callable[[], pd.DataFrame], terms: tuple[str, ...], with_table: bool = True) -> None:
    words, explained = view.words, terms_of(name, terms)
    row = st.container(horizontal=True, vertical_alignment="top", horizontal_alignment="distribute", wrap=False, gap="small")
    row.markdown(f"##### {plain(title)}", help=words.meaning(*explained) if explained else None, width="stretch")
    menu = row.popover(
        "", icon=":material/table_view:", type="tertiary", key=f"table_{name}", on_change="rerun", help=words("card.table_help")
    )
    if not menu.open:
        return
    table = rows()
    with menu:
        if with_table:
            large = [name for name in table.select_dtypes("number").columns if table[name].abs().max() >= LARGE]
            rounded = table.round({name: 0 if name in large else 1 for name in table.columns})
            drawn = number_columns(rounded)
            fit = fitted(rounded, drawn, room_on(MENU_ROOM))
            order = [name for name in rounded.columns if name not in fit.away]
            shown_table(rounded, title, narrowed(drawn, fit), column_order=order, width="stretch", row_height=fit.row_height)
            if fit.away:
                st.caption(words("card.in_download", names=words.listed([str(one) for one in fit.away])))
        files = st.container(horizontal=True)
        source = source_line(view)
        files.download_button(
            words("card.csv"), lambda: csv_bytes(words, table), f"{name}.csv", "text/csv", key=f"csv_{name}", on_click="ignore"
        )
        files.download_button(
            words("card.xlsx"), lambda: xlsx_bytes(words, table, title, source), f"{name}.xlsx", XLSX, key=f"xlsx_{name}", on_click="ignore"
        )


def source_line(view: View) -> str:
    """Where figures come from: app, reference date, scenario."""
    if view.outlook is None:
        return view.words("app.name")
    return view.words(
        "card.note_source",
        app=view.words("app.name"),
        as_of=view.outlook.as_of,
        scenario=sentences.scenario_name(view.words, view.scenario),
    )


def plain(text: str) -> str:
    """Text from data in a heading: marks that Markdown would read are escaped."""
    return re.sub(r"([\\`*_\[\]<>#$~|:])", r"\\\1", text)


def refusal_text(words: Words, refusal: Refusal) -> str:
    """A refusal in words."""
    return words.refused(refusal)

"""How wide the columns of a table are, so that it can be read without pushing it sideways on a screen of 1280 pixels and more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from presentation.texts import Words, number

FULL, HALF = 784, 324
"""Pixels a table has in a card over the whole page on a screen of 1280, and over half of it, which is what a phone has; on a wider
screen columns grow."""
ROW_CHOICE = 36
"""What the boxes take with which a row is chosen."""
LETTER, HEAD, CELL = 7, 24, 18
"""Pixels of a letter, and what a heading and a cell take beside their letters."""
READ = 6.3
"""Pixels of a letter in a long text, where narrow and wide ones even out."""
HIGH, OFTEN, LINES, LINE = 66, 0.2, 3, 20
"""Pixels of a row in which texts go on below, so many lines of so many pixels: the screen library breaks lines in rows higher than 64
only. Rows are made so where at least this share of them has a text that would be cut; a single long name is shown by pointing at it.
Nobody points on a phone: there one such name is enough."""
MOST_LINES, LOST = 6, 0.15
"""A row is never higher than for so many lines; the part of a line that stays empty because the next word does not fit."""
NAME = 112
"""A column of names can be made as narrow as this; what does not fit goes on below, in higher rows."""
WORD = 180
"""The longest word a narrow table makes room for."""
DRAWN = 110
"""A small chart or bar in a cell."""
SIZES = {"small": 75, "medium": 200, "large": 400}
EDITED, SIGN = HALF - ROW_CHOICE, 22
"""Pixels a table that is filled in has on a phone beside the boxes of its rows, and of the sign at the head of a column."""
COUNTED = re.compile(r" \((fte|FTE|euro|mensen|people)\)$")
"""What is counted, at the end of a heading: where room is short it stands in the help of the heading."""


@dataclass(frozen=True, slots=True)
class Fit:
    """pixels per column, shorter headings, the columns that stay away until asked for, and whether texts go on below."""

    pixels: dict[str, int] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    away: list[str] = field(default_factory=list)
    broken: bool = False
    lines: int = LINES

    @property
    def row_height(self) -> int | None:
        """Pixels of a row, None = as rows are."""
        return HIGH + LINE * (self.lines - LINES) if self.broken else None


PHONE = re.compile(r"\b(Mobi|Android|iPhone)", re.IGNORECASE)
"""What a phone says of itself."""


def on_phone() -> bool:
    """Whether this reader looks at a phone."""
    return bool(PHONE.search(str(st.context.headers.get("User-Agent") or "")))


def room_on(screen: int) -> int:
    """The pixels of a table that may take `screen` of them, on the screen of this reader."""
    return min(screen, HALF) if on_phone() else screen


def fitted(table: pd.DataFrame, columns: Mapping[str, Any] | None = None, room: int = FULL) -> Fit:
    """Nothing is changed where all fits as it is. Else headings lose what is counted and names give way, then the last columns do;
    headings are never cut."""
    given = columns or {}
    shown = {name: _Column.of(values, given.get(name)) for name, values in table.items() if given.get(name, 0) is not None}
    if sum(column.wanted(str(name)) for name, column in shown.items()) <= room or len(shown) < 2:
        return Fit()
    heads = {name: COUNTED.sub("", str(name)) for name in shown}
    wanted = {name: column.wanted(heads[name]) for name, column in shown.items()}
    least = {name: column.least(heads[name], wanted[name], whole_words=room <= HALF) for name, column in shown.items()}
    kept = list(shown)
    while len(kept) > 2 and sum(least[name] for name in kept) > room:
        kept.pop()
    spare = max(room - sum(least[name] for name in kept), 0)
    asked = sum(wanted[name] - least[name] for name in kept)
    share = min(spare / asked, 1.0) if asked else 0.0
    pixels = {name: int(least[name] + share * (wanted[name] - least[name])) for name in kept}
    away = [name for name in shown if name not in kept]
    cut = np.zeros(len(table), bool)
    for name in kept:
        cut |= shown[name].cut(pixels[name])
    often = min(OFTEN, 1 / max(len(table), 1)) if on_phone() else OFTEN
    shorter = {name: head for name, head in heads.items() if head != name}
    most = max((shown[name].lines(pixels[name]) for name in kept), default=LINES) if on_phone() else LINES
    return Fit(pixels, shorter, away, bool(len(table)) and cut.mean() >= often, min(max(most, LINES), MOST_LINES))


def narrowed(columns: Mapping[str, Any], fit: Fit) -> dict[str, Any]:
    """The same columns with these widths and headings."""
    out = dict(columns)
    for name, width in fit.pixels.items():
        told = out.get(name)
        out[name] = ({"label": told} if isinstance(told, str) else dict(told or {})) | {"width": width}
        if name in fit.heads:
            known = out[name].get("help")
            out[name] |= {"label": fit.heads[name], "help": f"{name}. {known}" if known else name}
    return out


def for_phone(words: Words, name: str, columns: Mapping[str, Any], order: Sequence[str], key: str) -> tuple[list[str], dict[str, Any]]:
    """Of a table that stands outside a card or is filled in, the columns in their order and how they are drawn: on a phone those that fit,
    the first one as wide as the others leave it, and the rest once a switch asks for them. Elsewhere as given. key: of the table."""
    shown = list(order)
    if not on_phone():
        return shown, dict(columns)
    columns = {field: _short(columns.get(field), _label(columns, field)) for field in [*shown, *columns]}
    kept = first_that_fit(columns, shown)
    away = [_label(columns, field) for field in shown if field not in kept]
    if away and rest_is_asked_for(words, name, away, key):
        return shown, dict(columns)
    others = {field: _told_width(columns, field) for field in kept[1:]}
    pixels = {kept[0]: EDITED - sum(others.values())} | others
    return kept, dict(columns) | {field: dict(columns.get(field) or {}) | {"width": width} for field, width in pixels.items()}


def _short(told: Any, label: str) -> Any:
    """A column under a heading without what is counted, which then stands in its help."""
    short = COUNTED.sub("", label)
    if told is None or short == label:
        return told
    help_ = told.get("help")
    return dict(told) | {"label": short, "help": f"{label}. {help_}" if help_ else label}


def high_on_phone(names: pd.Series, told: Any) -> int | None:
    """Pixels of the rows of a table that is filled in: high on a phone where one of these names would be cut in its column, None = as rows
    are. told: how that column is drawn; only a text goes on below, a cell for choosing never does."""
    pixels = _own(told) or EDITED
    return HIGH if on_phone() and any(READ * len(str(name)) + CELL > pixels for name in names) else None


def rest_is_asked_for(words: Words, name: str, away: Sequence[str], key: str) -> bool:
    """A switch for the columns that stay away. While something was filled in and is not saved it rests: a table with other columns begins
    anew, and what was typed would be gone."""
    unsaved = any((st.session_state.get(key) or {}).get(kind) for kind in ("edited_rows", "added_rows", "deleted_rows"))
    told = words("card.more_after_saving") if unsaved else words.listed(away)
    return st.toggle(words("card.more_columns", n=len(away)), key=f"more_{name}", help=told, disabled=unsaved)


def first_that_fit(columns: Mapping[str, Any], order: Sequence[str]) -> list[str]:
    """The first column and those after it that leave it the room of a name."""
    kept, room = list(order[:1]), EDITED - NAME
    for name in order[1:]:
        room -= _told_width(columns, name)
        if room < 0:
            break
        kept.append(name)
    return kept


def _label(columns: Mapping[str, Any], field: str) -> str:
    return str((columns.get(field) or {}).get("label") or field)


def _told_width(columns: Mapping[str, Any], field: str) -> int:
    """With the sign that a column can be filled in."""
    return max(_head(_label(columns, field)) + SIGN, LETTER * 10 + CELL)


def _own(told: Any) -> int | None:
    """The width somebody chose for this column."""
    width = told.get("width") if isinstance(told, Mapping) else None
    return SIZES.get(width, DRAWN) if isinstance(width, str) else width


def _head(name: str) -> int:
    return LETTER * len(name) + HEAD


@dataclass(frozen=True, slots=True)
class _Column:
    """What decides how wide a column is: the width somebody chose for it, the pixels its widest cell asks for, and the letters of every
    cell and of the longest word where it holds words, which alone go on below. Looked at once: a table is fitted at every move of a
    slider."""

    own: int | None
    cells: int
    letters: np.ndarray | None
    longest: int = 0

    @classmethod
    def of(cls, values: pd.Series, told: Any) -> _Column:
        if not pd.api.types.is_string_dtype(values):
            return cls(_own(told), _cells(values, None), None)
        texts = ["" if _missing(value) else str(value) for value in values.tolist()]
        letters = np.array([len(text) for text in texts], int)
        longest = max((len(word) for text in set(texts) for word in text.replace("-", "- ").split()), default=0)
        return cls(_own(told), _cells(values, letters), letters, longest)

    def wanted(self, name: str) -> int:
        """Pixels at which nothing is cut, under a heading."""
        return self.own or max(_head(name), self.cells)

    def least(self, name: str, wanted: int, whole_words: bool = False) -> int:
        """Pixels it can be made as narrow as. whole_words: no word is broken in two, but for one that would fill the table."""
        if self.own or self.letters is None:
            return wanted
        word = min(LETTER * self.longest + CELL, WORD) if whole_words else 0
        return min(wanted, max(_head(name), NAME, word))

    def lines(self, pixels: int) -> int:
        """How many lines its longest text takes at this width, the room at the end of a line for a word that does not fit among them."""
        if self.letters is None or not len(self.letters):
            return 1
        return int(np.ceil(READ * int(self.letters.max()) * (1 + LOST) / max(pixels - CELL, READ)))

    def cut(self, pixels: int) -> np.ndarray | bool:
        """Which of its texts do not fit a column of this width."""
        return False if self.letters is None else READ * self.letters + CELL > pixels


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)


def _cells(values: pd.Series, letters: np.ndarray | None) -> int:
    if letters is not None:
        return LETTER * int(letters.max()) + CELL if len(letters) and letters.any() else 0
    if pd.api.types.is_float_dtype(values):
        numbers = values.to_numpy(float, na_value=np.nan)
        numbers = numbers[~np.isnan(numbers)]
        ends = (numbers.min(), numbers.max()) if len(numbers) else ()
        return max((LETTER * len(number("nl", value, 1)) + CELL for value in ends), default=0)
    known = [value for value in values.tolist() if not _missing(value)]
    if not known:
        return 0
    if isinstance(known[0], list | tuple):
        return DRAWN
    if pd.api.types.is_datetime64_any_dtype(values):
        return LETTER * 10 + CELL
    return LETTER * max(len(str(value)) for value in known) + CELL

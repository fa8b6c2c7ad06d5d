"""What all parts of one sheet's reading share: its data rows as text, options, and the findings so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from intake.grid import texts_of
from intake.recognise import Table
from intake.report import Findings, Options
from intake.values.dates import Dates, parse_dates
from intake.values.numbers import Numbers, parse_numbers
from intake.values.text import Distinct
from intake.values.words import null_mask
from intake.vocabulary import normalise

_DUTCH = (
    "geboorte",
    "dienst",
    "afdeling",
    "functie",
    "geslacht",
    "personeel",
    "medewerker",
    "vestiging",
    "einddatum",
    "contractsoort",
    "werknemer",
    "leeftijd",
    "naam",
    "uren",
)
_GERMAN = (
    "geburt",
    "eintritt",
    "austritt",
    "abteilung",
    "personalnummer",
    "mitarbeiter",
    "geschlecht",
    "standort",
    "stelle",
    "vertrag",
    "persnr",
    "beschaftigung",
    "stunden",
)


def language_of(headers: list[str]) -> str:
    """nl, de or en, from the words in the headers."""
    joined = [normalise(header) for header in headers if header]
    dutch = sum(any(part in header for part in _DUTCH) for header in joined)
    german = sum(any(part in header for part in _GERMAN) for header in joined)
    if not dutch and not german:
        return "en"
    return "nl" if dutch >= german else "de"


MOST_TRIED = 20
"""Cells looked at for an example."""


def may_be_citizen_number(text: str) -> bool:
    """Eight or nine digits that pass the check of the Dutch citizen service number (weights 9 to 2 and -1, a multiple of eleven)."""
    digits = text.replace(".", "").replace(" ", "")
    if not digits.isascii() or not digits.isdecimal() or len(digits) not in (8, 9):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits.zfill(9), strict=True)) % 11 == 0


@dataclass(slots=True, eq=False)
class Rows:
    """The data rows of a recognised table.

    indices: grid rows; lines: Excel rows. rejected: {reason: boolean per row}. Texts come cleaned, null words as "".
    """

    table: Table
    indices: np.ndarray
    findings: Findings
    options: Options
    today: date
    epoch_1904: bool = False
    order_hint: str = ""
    decimal_hint: str = ""
    typed_cells: bool = False
    language: str = "en"
    shown_name: str = ""
    hushed: np.ndarray | None = None
    """Rows whose cells stand under the wrong headers: what is found in them is not told cell by cell, and no example is taken
    from them, for it may be the sensitive number of a neighbouring column."""
    elsewhere: frozenset[str] = frozenset()
    """Employee numbers of the whole list, where this is one sheet of it."""
    _distinct: dict[int, Distinct] = field(default_factory=dict)
    _text: dict[str, pd.Series] = field(default_factory=dict)
    _signs: dict[int, bool] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.indices)

    @property
    def lines(self) -> np.ndarray:
        return self.table.grid.row_numbers()[self.indices]

    def header(self, name: str) -> str:
        return self.table.header(name)

    def has(self, name: str) -> bool:
        return name in self.table.fields

    def raw(self, name: str) -> pd.Series:
        """Cells of a field as they are in the file, "" for empty."""
        return self.column(self.table.fields[name])

    def column(self, column: int) -> pd.Series:
        """Cells of a grid column in the data rows, "" for empty."""
        return pd.Series(pc.fill_null(texts_of(self.cells(column)), "").to_pandas(), dtype="str")

    def cells(self, column: int) -> pa.ChunkedArray:
        """Cells of a grid column in the data rows, as the table holds them."""
        cells = self.table.grid.table.column(column)
        if len(self.indices) and self.indices[-1] - self.indices[0] + 1 == len(self.indices):
            return cells.slice(self.indices[0], len(self.indices))
        return cells.take(pa.array(self.indices))

    def distinct(self, name: str) -> Distinct:
        """Distinct texts of a field, found once."""
        return self.distinct_of(self.table.fields[name])

    def distinct_of(self, column: int) -> Distinct:
        if column not in self._distinct:
            self._distinct[column] = Distinct(self.cells(column))
        return self._distinct[column]

    def errors(self, column: int) -> np.ndarray:
        """Rows in which a grid column holds the words of an error of Excel, in any of its languages: they count as empty."""
        if not self._signed(self.cells(column)):
            return np.zeros(self.size, dtype=bool)
        distinct = self.distinct_of(column)
        marked = np.array([text.startswith("#") for text in distinct.texts], dtype=bool)
        marked[marked] = null_mask([text for text, one in zip(distinct.texts, marked, strict=True) if one])
        return distinct.spread(marked)

    def _signed(self, cells: pa.ChunkedArray) -> bool:
        """Whether any text holds the sign that words of errors begin with. The columns of a large sheet share their texts, which are
        looked through once."""
        if not pa.types.is_dictionary(cells.type):
            return bool(pc.any(pc.match_substring(cells, "#")).as_py())
        for chunk in cells.chunks:
            texts = chunk.dictionary
            place = texts.buffers()[2].address if texts.buffers()[2] else 0
            if place not in self._signs:
                self._signs[place] = bool(pc.any(pc.match_substring(texts, "#")).as_py())
            if self._signs[place]:
                return True
        return False

    def text(self, name: str) -> pd.Series:
        """Cleaned texts of a field, null words and a missing column as ""; values mapped by the options."""
        if not self.has(name):
            return one_text("", self.size)
        if name not in self._text:
            self._text[name] = self.distinct(name).series(self.texts(name))
        return self._text[name]

    def texts(self, name: str) -> list[str]:
        """`text`, one for each distinct cell."""
        distinct = self.distinct(name)
        own = self.options.values.get(name, {})
        texts = [own.get(text, text) for text in distinct.texts] if own else list(distinct.texts)
        for index in np.flatnonzero(null_mask(distinct.texts)):
            texts[index] = ""
        return texts

    def dates(self, name: str, role: str, as_of: date) -> Dates:
        """A field read as dates; says when the order of day and month is open or mixed."""
        header = self.header(name)
        answer = self.options.answers.get(f"date_order:{header}", self.options.answers.get("date_order", ""))
        read = parse_dates(self.distinct(name), role, as_of, self.order_hint, answer, self.epoch_1904, self.typed_cells)
        if read.half_swapped:
            self.findings.warn("dates_half_swapped", column=header, count=self.size, example=read.half_swapped)
        if read.ambiguous:
            assumed = "mdy" if read.order == "mdy" else "dmy"
            self.findings.warn(
                "date_order_unknown", column=header, count=self.size, example=_first(read), question="date_order", assumed=assumed
            )
        self.findings.warn(
            "date_order_mixed", column=header, rows=self.lines[read.mixed], example=self.example(name, read.mixed), order=read.order
        )
        if read.two_digit:
            self.findings.note("two_digit_years", column=header, count=read.two_digit, example=read.short_example)
        return read

    def numbers(self, name: str, small: bool = False, least: float = 0.0) -> Numbers:
        """A field read as numbers; says what is no number. least: where the values tell nothing about the decimal sign and most of them
        would be less than this, the sign in them parts thousands after all, and that is asked."""
        header = self.header(name)
        answer = self.options.answers.get(f"decimal_sign:{header}", self.options.answers.get("decimal_sign", ""))
        answer = answer if answer in (",", ".") else ""
        read = parse_numbers(self.distinct(name), self.decimal_hint, small, self.typed_cells, answer)
        sign = "."
        if read.hinted and (read.values > 0).any() and np.median(read.values[read.values > 0]) < least:
            sign = {",": ".", ".": ","}[read.decimal]
            read = replace(parse_numbers(self.distinct(name), sign, small, self.typed_cells, sign), ambiguous=True)
        self.findings.warn("not_a_number", column=header, rows=self.lines[read.bad], example=self.example(name, read.bad))
        if read.ambiguous:
            self.findings.warn(
                "decimal_sign_unknown", column=header, count=self.size, question="decimal_sign", assumed=sign, example=_some(read.text)
            )
        return read

    def example(self, name: str, mask: np.ndarray) -> str:
        """The first cell of a field in the marked rows; one that may be a citizen service number (BSN) from the column beside it is
        passed over, other than among ids."""
        found = np.flatnonzero(mask if self.hushed is None else mask & ~self.hushed)
        if not len(found) or not self.has(name):
            return ""
        cells = self.table.grid.table.column(self.table.fields[name]).take(pa.array(self.indices[found[:MOST_TRIED]]))
        texts = (text or "" for text in texts_of(cells).to_pylist())
        return next((text for text in texts if name == "employee_id" or not may_be_citizen_number(text)), "")


def _some(texts: Distinct | None) -> str:
    return next((text for text in (texts.texts if texts else []) if "," in text or "." in text), "")


def _first(read: Dates) -> str:
    return next((text for text in (read.text.texts if read.text else []) if text), "")


def one_text(text: str, size: int) -> pd.Series:
    """The same text in every row, as a str Series."""
    return pd.Series(text, index=range(size), dtype="str")


def stamps(values: object) -> pd.Series:
    """Anything date-like as datetime64[us]."""
    return pd.Series(np.asarray(values, dtype="datetime64[us]"))

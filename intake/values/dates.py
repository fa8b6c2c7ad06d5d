"""Dates as people and systems write them. The order of day and month is decided per column on evidence, never per cell.

Cells whose meaning stays open are reported, not guessed one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from intake.values.text import Distinct
from intake.values.words import is_null

_PLAIN_DAY = r"^(?:19[1-9]\d|20[0-8]\d)-\d\d-\d\d(?: 00:00:00)?$"
_TIME = r"(?:[ T,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:utc|gmt|z|cet|cest|[+-]\d{2}:?\d{2})?)?"
_YMD = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME + "$", re.I)
_COMPACT = re.compile(r"^(\d{8})(?:\.0+)?$")
_SERIAL = re.compile(r"^(\d{4,5})(?:[.,](\d+))?$")
_NUMERIC = re.compile(r"^(\d{1,2})\s?([-/. ])\s?(\d{1,2})\s?[-/. ]\s?'?(\d{4}|\d{2})\.?" + _TIME + "$", re.I)
_DAY_NAME = re.compile(
    r"^(?:[a-zà-ü]{2,10}[.,]?\s+)?(\d{1,2})(?:\.|e|st|nd|rd|th)?[-/\s]*(?:of\s)?([a-zà-ü]{3,10})\.?[-/,\s]*'?(\d{4}|\d{2})" + _TIME + "$",
    re.I,
)
_NAME_DAY = re.compile(r"^([a-zà-ü]{3,10})\.?[-/\s]+(\d{1,2})(?:st|nd|rd|th)?[-/,\s]+(\d{4}|\d{2})" + _TIME + "$", re.I)
_YEAR = re.compile(r"^(19\d\d|20\d\d)(?:\.0)?$")
_ZERO = re.compile(r"^[0\s./:-]+$")
_LATER = re.compile(r"^(?:\d{1,2}[-/.]\d{1,2}[-/.])?(?:9999|2999)(?:[-/.]\d{1,2}[-/.]\d{1,2})?" + _TIME + "$|^(?:9999|2999)\\d{4}$", re.I)

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january januar janner",
            "feb februari february februar febr",
            "mrt maart mar march marz mrz maerz",
            "apr april",
            "mei may mai",
            "jun juni june",
            "jul juli july",
            "aug augustus august",
            "sep sept september",
            "okt oct oktober october",
            "nov november",
            "dec dez december dezember",
        ),
        start=1,
    )
    for name in names.split()
}

EPOCH = date(1899, 12, 30)
SERIAL_LOW, SERIAL_HIGH = 3_000, 80_000
FAR = 2090
SWAPPED = 5
"""Different texts and different dates of a column from which on they may tell that day and month were swapped."""
_NO_DATES = frozenset(
    {date(1, 1, 1), date(1753, 1, 1), date(1800, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1901, 1, 1)}
)
"""First days of calendars of systems, written where there is no date."""


@dataclass(slots=True, eq=False)
class Dates:
    """values: datetime64[us] per row (NaT = none). bad: filled but unreadable. sentinel: an "open end" or zero date, read as none.
    year_only: only a year was given (1 July is used). order: dmy | mdy | "" (no numeric spelling). ambiguous: nothing in the
    column tells the order. mixed: rows that contradict the order of their own column. serial: rows read as Excel day numbers.
    half_swapped: a text of a column in which a spreadsheet seems to have swapped day and month of the dates that are no text."""

    values: np.ndarray
    bad: np.ndarray
    sentinel: np.ndarray
    year_only: np.ndarray
    serial: np.ndarray
    mixed: np.ndarray
    order: str = ""
    ambiguous: bool = False
    two_digit: int = 0
    short_example: str = ""
    spellings: tuple[str, ...] = ()
    text: Distinct | None = field(default=None)
    half_swapped: str = ""


@dataclass(slots=True)
class _Read:
    """One distinct text taken apart. kind: ymd | numeric | named | serial | year | null | sentinel | bad."""

    kind: str
    a: int = 0
    b: int = 0
    year: int = 0
    short: bool = False
    separator: str = ""


def evidence(column: Distinct) -> tuple[int, int]:
    """(texts that can only be day first, texts that can only be month first)."""
    return _count(list(_reads(column).values()))


def _reads(distinct: Distinct) -> dict[int, _Read]:
    """Every distinct text that is no plain day taken apart, once, by its place."""
    if "dates" not in distinct.memo:
        open_places = np.flatnonzero(np.isnat(_plain_days(distinct)))
        distinct.memo["dates"] = {int(place): _take_apart(distinct.texts[place]) for place in open_places}
    return distinct.memo["dates"]


def _plain_days(distinct: Distinct) -> np.ndarray:
    """Days written as 2026-07-01, as a workbook's own dates arrive, read all at once; NaT for any other text."""
    if "plain_days" not in distinct.memo:
        texts = pa.array(distinct.texts, pa.string())
        plain = pc.if_else(pc.match_substring_regex(texts, _PLAIN_DAY), pc.utf8_slice_codeunits(texts, 0, 10), None)
        days = pc.strptime(plain, format="%Y-%m-%d", unit="us", error_is_null=True)
        told = pc.cast(pc.utf8_slice_codeunits(plain, 8, 10), pa.int64())
        back = pc.equal(pc.day(days), told)  # some systems read 31 February as 2 March
        distinct.memo["plain_days"] = np.asarray(pc.if_else(back, days, None).to_numpy(zero_copy_only=False), dtype="datetime64[us]")
    return distinct.memo["plain_days"]


def _count(reads: list[_Read]) -> tuple[int, int]:
    numeric = [read for read in reads if read.kind == "numeric"]
    return sum(r.a > 12 and r.b <= 12 for r in numeric), sum(r.b > 12 and r.a <= 12 for r in numeric)


def parse_dates(
    column: pd.Series | Distinct, role: str, as_of: date, hint: str = "", answer: str = "", epoch_1904: bool = False, typed: bool = False
) -> Dates:
    """Read a column of dates.

    role: birth | hire | leave | end | any, for the century of two-digit years and for open ends.
    hint: order told by the rest of the file ("dmy"/"mdy"/""), used when this column tells nothing.
    answer: order chosen by a person, wins over everything. typed: cells come from a workbook, whose own dates are written 2026-07-01.
    """
    distinct = column if isinstance(column, Distinct) else Distinct(column)
    places = _reads(distinct)
    reads = list(places.values())
    orders, order, ambiguous, clash = _orders(reads, hint, answer)
    values = _plain_days(distinct).copy()
    size = len(values)
    flags = {name: np.zeros(size, dtype=bool) for name in ("bad", "sentinel", "year_only", "serial", "mixed")}
    open_end = _open_end(distinct, places) if role in ("leave", "end") else -1
    for index, read in places.items():
        if read.kind == "null":
            continue
        if index == open_end or read.kind == "sentinel" or (read.kind != "bad" and read.year >= FAR):
            flags["sentinel"][index] = True
            continue
        day = None if read.kind == "bad" else _day(read, orders, role, as_of, epoch_1904)
        if day is None:
            flags["bad"][index] = True
            continue
        if day in _NO_DATES or day.year >= FAR:
            flags["sentinel"][index] = True
            continue
        values[index] = np.datetime64(day, "us")
        flags["year_only"][index] = read.kind == "year"
        flags["serial"][index] = read.kind == "serial"
        flags["mixed"][index] = read.kind == "numeric" and _contradicts(read, orders)
    swapped = _half_swapped(distinct, places) if typed and order else ""
    two_digit = int(sum(distinct.counts[i] for i, read in places.items() if read.short and not flags["bad"][i]))
    short = next((distinct.texts[place] for place, read in places.items() if read.short), "")
    spread = {name: distinct.spread(flag) for name, flag in flags.items()}
    seen = {read.kind + read.separator for read in reads if read.kind not in ("null", "bad", "sentinel")}
    spellings = tuple(sorted(seen | ({"ymd"} if len(reads) < size else set())))
    return Dates(
        distinct.spread(values),
        **spread,
        order=order,
        ambiguous=ambiguous and not clash,
        two_digit=two_digit,
        short_example=short,
        spellings=spellings,
        text=distinct,
        half_swapped=swapped,
    )


def _half_swapped(distinct: Distinct, places: dict[int, _Read]) -> str:
    """A text of a column that a spreadsheet of another country took for dates, "" for any other column: it swaps day and month where it
    can (every day of its dates is at most 12, and they differ) and leaves as text what it cannot read (every text has a day above 12)."""
    numeric = [read for read in places.values() if read.kind == "numeric"]
    days = _plain_days(distinct)
    days = days[~np.isnat(days)]
    if len(numeric) < SWAPPED or len(days) < SWAPPED or sum(_count(numeric)) < len(numeric) or all(_count(numeric)):
        return ""
    of_month = (days.astype("datetime64[D]") - days.astype("datetime64[M]")).astype(int) + 1
    if of_month.max() > 12 or len(np.unique(of_month)) <= 3:
        return ""
    return next(distinct.texts[place] for place, read in places.items() if read.kind == "numeric")


def _open_end(distinct: Distinct, places: dict[int, _Read]) -> int:
    """Place of the text that shortens 31-12-9999 to 31-12-99, -1 for none: it stands in most of the filled cells."""
    filled = len(distinct.codes) - sum(int(distinct.counts[place]) for place, read in places.items() if read.kind == "null")
    for place, read in places.items():
        if read.kind == "numeric" and read.short and read.year == 99 and {read.a, read.b} == {31, 12}:
            return place if 2 * int(distinct.counts[place]) > filled else -1
    return -1


def _take_apart(text: str) -> _Read:
    if is_null(text) or _ZERO.match(text):
        return _Read("null" if not _ZERO.match(text) else "sentinel") if text else _Read("null")
    if found := _YMD.match(text):
        return _Read("ymd", int(found[3]), int(found[2]), int(found[1]))
    if found := _NUMERIC.match(text):
        year = int(found[4])
        return _Read("numeric", int(found[1]), int(found[3]), year, len(found[4]) == 2, found[2])
    if found := _YEAR.match(text):
        return _Read("year", 1, 7, int(found[1]))
    if found := _SERIAL.match(text):
        serial = int(found[1])
        return _Read("serial", serial) if SERIAL_LOW <= serial <= SERIAL_HIGH else _Read("bad")
    if found := _COMPACT.match(text):
        digits = found[1]
        if (1900 <= int(digits[:4]) <= 2100 and 1 <= int(digits[4:6]) <= 12) or digits[:4] in ("9999", "2999"):
            return _Read("ymd", int(digits[6:]), int(digits[4:6]), int(digits[:4]))
        return _Read("numeric", int(digits[:2]), int(digits[2:4]), int(digits[4:]), False, "")
    return _named(text)


def _named(text: str) -> _Read:
    from intake.vocabulary import plain

    flat = plain(text)
    if found := _DAY_NAME.match(flat):
        month = MONTHS.get(found[2])
        if month:
            return _Read("named", int(found[1]), month, int(found[3]), len(found[3]) == 2)
    if found := _NAME_DAY.match(flat):
        month = MONTHS.get(found[1])
        if month:
            return _Read("named", int(found[2]), month, int(found[3]), len(found[3]) == 2)
    return _Read("sentinel") if _LATER.match(flat) else _Read("bad")


def _orders(reads: list[_Read], hint: str, answer: str) -> tuple[dict[str, str], str, bool, bool]:
    """Order per separator, the column's order, whether it is open, whether one separator contradicts itself."""
    separators = sorted({read.separator for read in reads if read.kind == "numeric"})
    if not separators:
        return {}, "", False, False
    if answer in ("dmy", "mdy"):
        return dict.fromkeys(separators, answer), answer, False, False
    counts = {sep: _count([r for r in reads if r.separator == sep]) for sep in separators}
    known = {sep: ("dmy" if day >= month else "mdy") for sep, (day, month) in counts.items() if day or month}
    if "." in separators:
        known.setdefault(".", "dmy")
    clash = any(day and month for day, month in counts.values())
    total_day, total_month = (sum(pair[i] for pair in counts.values()) for i in (0, 1))
    order = ("dmy" if total_day >= total_month else "mdy") if total_day or total_month else known.get(".", "")
    ambiguous = not order and any(r.kind == "numeric" and r.a != r.b for r in reads)
    order = order or hint or "dmy"
    return {sep: known.get(sep, order) for sep in separators}, order, ambiguous and not hint, clash


def _contradicts(read: _Read, orders: dict[str, str]) -> bool:
    month = read.b if orders[read.separator] == "dmy" else read.a
    return month > 12


def _day(read: _Read, orders: dict[str, str], role: str, as_of: date, epoch_1904: bool) -> date | None:
    if read.kind == "serial":
        return date.fromordinal(EPOCH.toordinal() + read.a + (1462 if epoch_1904 else 0))
    day, month = read.a, read.b
    if read.kind == "numeric" and (orders[read.separator] == "mdy") != _contradicts(read, orders):
        day, month = month, day
    year = century(read.year, role, as_of) if read.short else read.year
    try:
        return date(year, month, day)
    except ValueError:
        return None


def century(short: int, role: str, as_of: date) -> int:
    """Full year of a two-digit one: nobody is born less than 14 years ago, nobody was hired in the future."""
    latest = {"birth": as_of.year - 14, "hire": as_of.year + 1}.get(role, as_of.year + 30)
    return 2000 + short if 2000 + short <= latest else 1900 + short

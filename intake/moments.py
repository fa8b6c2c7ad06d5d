"""The reference date of a staff list, and lists that stack several of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from intake.context import Rows, stamps
from intake.recognise import Table
from intake.values.dates import MONTHS, parse_dates
from intake.vocabulary import plain

_ISO = re.compile(r"(?<!\d)(20\d\d)[-_./]?(0[1-9]|1[0-2])[-_./]?(0[1-9]|[12]\d|3[01])(?!\d)")
_DMY = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[-_./](0?[1-9]|1[0-2])[-_./](20\d\d)(?!\d)")
_SAYS_DATE = re.compile(
    r"(?i)peildatum|stand|stichtag|per\b|as of|reference|snapshot|datum|date|momentopname|moment"
    r"|xport|afgedrukt|aangemaakt|gemaakt op|gedraaid|erstellt|generated|created|printed|run on"
)
_QUARTER_PART = r"(?:(?:q|kw?|kwartaal|quarter|quartal)[. ]*([1-4])|([1-4])(?:e|ste|de|st|nd|rd|th|\.)? ?(?:kwartaal|quarter|quartal))"
_QUARTER = re.compile(rf"^(20\d\d)[-/ ]*{_QUARTER_PART}$|^{_QUARTER_PART}[-/ ]*(20\d\d)$")
_ONLY_QUARTER = re.compile(rf"^{_QUARTER_PART}$")
_YEAR_MONTH = re.compile(r"^(20\d\d)[-/. ]?(0[1-9]|1[0-2])(?:\.0)?$")
_MONTH_YEAR = re.compile(r"^(0?[1-9]|1[0-2])[-/. ](20\d\d)$")
_NAMED_MONTH = re.compile(r"^([a-z]{3,9})\.?[-/ ']*(20\d\d|\d\d)$|^(20\d\d)[-/ ]*([a-z]{3,9})\.?$")
_YEAR = re.compile(r"^(19[5-9]\d|20\d\d)(?:\.0)?$")


@dataclass(slots=True, eq=False)
class Moments:
    """as_of: the latest reference date. per_row: datetime64[us] per row (NaT = unreadable period). source: option | column |
    title | sheet | file | today. stacked: more than one date. column: header of the period column, where that is the source."""

    as_of: date
    per_row: pd.Series
    source: str
    stacked: bool = False
    column: str = ""


def date_in(text: str) -> date | None:
    """The one date written inside a text such as a file name, None when there is none or more than one."""
    found: set[date] = set()
    for pattern, order in ((_ISO, (1, 2, 3)), (_DMY, (3, 2, 1))):
        for match in pattern.finditer(text):
            try:
                found.add(date(*(int(match[group]) for group in order)))
            except ValueError:
                continue
    return found.pop() if len(found) == 1 else None


def moment_of_sheet(name: str, today: date) -> date | None:
    """The day a sheet called "2024", "Personeel 2024", "2024-06" or "01-01-2025" tells about; the end of a period, or the first of
    January of a year that has not ended yet."""
    found = date_in(name)
    if found is not None:
        return found
    written = period(name.strip())
    if written is None:
        years = {int(year) for year in re.findall(r"(?<!\d)(20\d\d)(?!\d)", name)}
        written = date(years.pop(), 12, 31) if len(years) == 1 else None
    return written if written is None or written <= today else date(written.year, 1, 1)


def month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def period(text: str) -> date | None:
    """Last day of a quarter, month or year written as a period."""
    text = plain(text)
    if match := _QUARTER.match(text):
        return month_end(int(match[1] or match[6]), 3 * int(match[2] or match[3] or match[4] or match[5]))
    if (match := _NAMED_MONTH.match(text)) and (month := MONTHS.get(match[1] or match[4])):
        year = int(match[2] or match[3])
        return month_end(year if year > 99 else 2000 + year, month)
    if match := _YEAR_MONTH.match(text):
        return month_end(int(match[1]), int(match[2]))
    if match := _MONTH_YEAR.match(text):
        return month_end(int(match[2]), int(match[1]))
    if match := _YEAR.match(text):
        return date(int(match[1]), 12, 31)
    return None


def reference_dates(rows: Rows) -> Moments:
    """Reference date per row: period column of the file, else option, title, sheet name, file name, else today."""
    options, (name, found) = rows.options, _column_dates(rows)
    readable = found is not None and found.notna().any()
    if found is not None and (not readable or found.nunique() > 1 or options.as_of is None):
        filled = (rows.text(name) != "").to_numpy() if not readable else np.ones(rows.size, dtype=bool)
        rows.findings.warn("period_unreadable", column=rows.header(name), rows=rows.lines[found.isna().to_numpy() & filled])
    if found is not None and readable and (found.nunique() > 1 or options.as_of is None):
        return Moments(found.max().date(), found, "column", found.nunique() > 1, rows.header(name))
    chosen, source = options.as_of, "option"
    if chosen is None:
        chosen, source = _written_date(rows.table, rows.shown_name)
    if chosen is None:
        chosen, source = rows.today, "today"
    return Moments(chosen, stamps(np.full(rows.size, np.datetime64(chosen, "us"))), source)


def _column_dates(rows: Rows) -> tuple[str, pd.Series | None]:
    """The field that tells the period, and its day per row (NaT unreadable): whole periods, else a year with its month or quarter."""
    whole = _from_texts(rows, "snapshot_date") if rows.has("snapshot_date") else None
    if whole is not None and whole.notna().any():
        return "snapshot_date", whole
    if rows.has("snapshot_year") and _YEAR.match(next(iter(rows.text("snapshot_year")[lambda s: s != ""]), "")):
        return "snapshot_year", _from_years(rows)
    if whole is None and rows.has("snapshot_month"):
        months = _from_texts(rows, "snapshot_month")
        if months.notna().any():
            return "snapshot_month", months
    return "snapshot_date", whole


def _from_years(rows: Rows) -> pd.Series:
    """The end of the month or quarter that stands beside the year, else of the year."""
    years = pd.to_numeric(rows.text("snapshot_year"), errors="coerce")
    months = pd.Series(12.0, index=years.index)
    beside = next((name for name in ("snapshot_month", "snapshot_date") if (rows.text(name) != "").any()), "")
    if beside:
        quarters = any(word in plain(rows.header(beside)) for word in ("kwart", "quart"))
        texts = rows.text(beside)
        months = texts.map({text: _month(text, quarters) for text in set(texts)}).astype("float64")
    pairs = list(zip(years.fillna(0.0), months.fillna(0.0), strict=True))  # NaN would be another key every time
    ends = {pair: _safe_end(*pair) for pair in set(pairs)}
    return stamps([ends[pair] for pair in pairs])


def _month(text: str, quarters: bool) -> float:
    """Number of the last month of what stands beside a year: 3, "03", "maart", "2026-03", "Q1"; NaN for anything else."""
    short = plain(text).removesuffix(".").removesuffix(".0")
    if match := _ONLY_QUARTER.match(short):
        return 3.0 * int(match[1] or match[2])
    if short.isdecimal() and len(short) <= 2:
        return int(short) * (3.0 if quarters else 1.0)
    if short in MONTHS:
        return float(MONTHS[short])
    whole = period(text)
    return float(whole.month) if whole else float("nan")


def _safe_end(year: float, month: float) -> np.datetime64:
    if not (1950 <= year <= 2100 and 1 <= month <= 12):
        return np.datetime64("NaT", "us")
    return np.datetime64(month_end(int(year), int(month)), "us")


def _from_texts(rows: Rows, name: str) -> pd.Series:
    distinct = rows.distinct(name)
    periods = [period(text) for text in distinct.texts]
    if any(periods):
        values = np.array([np.datetime64(day, "us") if day else np.datetime64("NaT", "us") for day in periods])
        return stamps(distinct.spread(values))
    if rows.options.as_of is not None and len(distinct.texts) == 1:
        return stamps(parse_dates(distinct, "any", rows.today, rows.order_hint, "", rows.epoch_1904).values)  # not used: nothing to ask
    return stamps(rows.dates(name, "any", rows.today).values)


def _written_date(table: Table, shown_name: str) -> tuple[date | None, str]:
    for number in range(max(table.header_index - 20, 0), table.header_index):
        line = " ".join(cell.split(" 00:00:00")[0] for cell in table.grid.row(number) if cell)
        found = date_in(line)
        if found and _SAYS_DATE.search(line):
            return found, "title"
    for text, source in ((table.grid.name, "sheet"), (shown_name, "file")):
        found = date_in(text)
        if found:
            return found, source
    return None, ""

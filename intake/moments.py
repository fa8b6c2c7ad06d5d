"""The reference date of a staff list, and lists that stack several of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from intake.context import Rows, stamps
from intake.recognise import Table
from intake.values.dates import MONTHS, parse_dates
from intake.vocabulary import plain

_ISO = re.compile(r"(?<!\d)(20\d\d)[-_./]?(0[1-9]|1[0-2])[-_./]?(0[1-9]|[12]\d|3[01])(?!\d)")
_DMY = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[-_./](0?[1-9]|1[0-2])[-_./](20\d\d)(?!\d)")
_SAYS_STAND = re.compile(r"(?i)peildatum|\bstand\b|stand per|stichtag|as of|reference|snapshot|momentopname|effective")
_SAYS_DATE = re.compile(
    r"(?i)stand|per\b|datum|date|moment|xport|afgedrukt|aangemaakt|gemaakt op|gedraaid|erstellt|generated|created|printed|run on"
)
_SAYS_OTHER = re.compile(r"(?i)\b(?:vanaf|sinds|na|since|from|after|ab|seit|nach)\b|geboorte|birth|geburt|hire|datum (?:in|uit)[- ]?dienst")
"""A line of a selection: the day in it is not that of the list."""
_QUARTER_PART = r"(?:(?:q|kw?|kwartaal|quarter|quartal)[. ]*([1-4])|([1-4])(?:e|ste|de|st|nd|rd|th|\.)? ?(?:kwartaal|quarter|quartal))"
_QUARTER = re.compile(rf"^(20\d\d)[-/ ]*{_QUARTER_PART}$|^{_QUARTER_PART}[-/ ]*(20\d\d)$")
_ONLY_QUARTER = re.compile(rf"^{_QUARTER_PART}$")
_YEAR_MONTH = re.compile(r"^(20\d\d)[-/. ]?(0[1-9]|1[0-2])(?:\.0)?$")
_YEAR_PERIOD = re.compile(r"^(20\d\d)[-/. ]?(0[1-9]|1[0-3])(?:\.0)?$")
_MONTH_YEAR = re.compile(r"^(0?[1-9]|1[0-2])[-/. ](20\d\d)$")
_NAMED_MONTH = re.compile(r"^([a-z]{3,9})\.?[-/ ']*(20\d\d|\d\d)$|^(20\d\d)[-/ ]*([a-z]{3,9})\.?$")
_YEAR = re.compile(r"^(19[5-9]\d|20\d\d)(?:\.0)?$")


FEW_DAYS, AGAIN, A_FEW = 3, 1.1, 4
"""Days from which on a column may be that of single people; days a person stands on then, people a day, both on the average."""
GOES_ON = 0.3
"""Share of people on one day who stand on the next one too, below which the days are those of changes."""
FAR_AHEAD = timedelta(days=31)
"""A month that is still running ends in the future."""


@dataclass(slots=True, eq=False)
class Moments:
    """as_of: the latest reference date. per_row: datetime64[us] per row (NaT = unreadable period). source: option | column |
    title | sheet | file | today. stacked: more than one date. column: header of the period column, where that is the source.
    effective: days of changes from which rows hold (NaT not told), where the period column has those; its header is `column` then."""

    as_of: date
    per_row: pd.Series
    source: str
    stacked: bool = False
    column: str = ""
    effective: pd.Series | None = None


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


def year_in(texts: Iterable[str]) -> int | None:
    """The one year written in some names, None when there is none or more than one."""
    years = {int(year) for text in texts for year in re.findall(r"(?<!\d)(20\d\d)(?!\d)", text)}
    return years.pop() if len(years) == 1 else None


def moment_of_sheet(name: str, today: date, year: int | None = None) -> date | None:
    """The day a sheet called "2024", "Personeel 2024", "2024-06" or "01-01-2025" tells about; the end of a period, or the first of
    January of a year that has not ended yet. year: that of the file, for a sheet called "mrt" or "Q1"."""
    found = date_in(name)
    if found is not None:
        return found
    written = period(name.strip())
    if written is None:
        own = year_in([name])
        written = date(own, 12, 31) if own else None
    if written is None and year and any(char.isalpha() for char in name):
        written = period(f"{name.strip()} {year}")
    return written if written is None or written <= today else date(written.year, 1, 1)


def month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def four_weeks_end(year: int, number: int) -> date:
    """Last day of one of the thirteen periods of a year."""
    return date(year, 12, 31) if number == 13 else date(year, 1, 1) + timedelta(days=28 * number - 1)


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
    if found is not None and _of_each_person(rows, found):
        return _one_day(rows, name, min(found.max().date(), rows.today))
    if found is not None and name == "snapshot_date" and _of_changes(rows, found):
        moments = _one_day(rows, name, min(found.max().date(), rows.today))
        return replace(moments, column=rows.header(name), effective=found)
    readable = found is not None and found.notna().any()
    if found is not None and (not readable or found.nunique() > 1 or options.as_of is None):
        filled = (rows.text(name) != "").to_numpy() if not readable else np.ones(rows.size, dtype=bool)
        rows.findings.warn("period_unreadable", column=rows.header(name), rows=rows.lines[found.isna().to_numpy() & filled])
    if found is not None and readable and (found.nunique() > 1 or options.as_of is None):
        return Moments(found.max().date(), found, "column", found.nunique() > 1, rows.header(name))
    return _one_day(rows)


def _one_day(rows: Rows, told_by: str = "", told: date | None = None) -> Moments:
    """One reference date for all rows: the option, else what is written above or in a name, else `told`, else today."""
    chosen, source = rows.options.as_of, "option"
    if chosen is None:
        chosen, source = _written_date(rows.table, rows.shown_name)
    if chosen is None and told is not None:
        chosen, source = told, "column"
    if chosen is None:
        chosen, source = rows.today, "today"
    if told_by:
        asked = {} if source == "option" else {"question": "as_of"}
        rows.findings.warn("period_of_each_person", column=rows.header(told_by), count=rows.size, as_of=chosen, **asked)
    return Moments(chosen, stamps(np.full(rows.size, np.datetime64(chosen, "us"))), source)


def _of_each_person(rows: Rows, found: pd.Series) -> bool:
    """Whether the days are those of single people, such as of a last change: a list that stacks months names its people again, and
    where nobody stands on two days and many days hold a person or two there are no months."""
    if not rows.has("employee_id") or found.nunique() < FEW_DAYS:
        return False
    codes = rows.distinct("employee_id").codes
    known = found.notna().to_numpy()
    days = found.rank(method="dense").fillna(0).to_numpy(dtype=np.int64)
    pairs = np.unique(codes[known].astype(np.int64) * (int(days.max()) + 1) + days[known])
    people = len(np.unique(codes[known]))
    return len(pairs) < people * AGAIN and people < found.nunique() * A_FEW


def _of_changes(rows: Rows, found: pd.Series) -> bool:
    """Whether the days are those from which rows of a history hold: who stands on one of them hardly ever stands on the next one too,
    as everybody does in a list that stacks months."""
    if not rows.has("employee_id") or found.nunique() < FEW_DAYS:
        return False
    known = found.notna().to_numpy()
    days = found.rank(method="dense").fillna(0).to_numpy(dtype=np.int64)
    width = int(days.max()) + 2
    pairs = np.unique(rows.distinct("employee_id").codes[known].astype(np.int64) * width + days[known])
    going = pairs[pairs % width < width - 2]
    return len(going) > 0 and np.isin(going + 1, pairs).mean() < GOES_ON


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
        bare = _months(rows, "snapshot_month")
        if bare.nunique() > 1:  # without a year nowhere they are several periods all the same, and none that can be read
            return "snapshot_month", _ends(rows, np.full(rows.size, _year_of_file(rows) or np.nan), bare)
    return "snapshot_date", whole


def _from_years(rows: Rows) -> pd.Series:
    """The end of the month or quarter that stands beside the year, else of the year."""
    years = pd.to_numeric(rows.text("snapshot_year"), errors="coerce")
    beside = next((name for name in ("snapshot_month", "snapshot_date") if (rows.text(name) != "").any()), "")
    months = _months(rows, beside) if beside else pd.Series(12.0, index=years.index)
    return _ends(rows, years.to_numpy(dtype=float), months)


def _months(rows: Rows, name: str) -> pd.Series:
    """Number of the last month of what a column says, NaN for what is none; 13 for the last of thirteen periods."""
    quarters = any(word in plain(rows.header(name)) for word in ("kwart", "quart"))
    texts = rows.text(name)
    return texts.map({text: _month(text, quarters) for text in set(texts)}).astype("float64")


def _ends(rows: Rows, years: np.ndarray, months: pd.Series) -> pd.Series:
    """Last day of each month, or of each period of four weeks where there are thirteen of them."""
    four_weeks = bool(months.max() == 13)
    if four_weeks:
        rows.findings.note("four_week_periods", count=rows.size)
    pairs = list(zip(np.nan_to_num(years), months.fillna(0.0), strict=True))  # NaN would be another key every time
    ends = {pair: _safe_end(*pair, four_weeks) for pair in set(pairs)}
    return stamps([ends[pair] for pair in pairs])


def _year_of_file(rows: Rows) -> int | None:
    """The year in the lines above the headers, the name of the sheet or that of the file."""
    grid = rows.table.grid
    above = [cell for number in range(max(rows.table.header_index - 20, 0), rows.table.header_index) for cell in grid.row(number)]
    return year_in(above) or year_in([grid.name]) or year_in([rows.shown_name])


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


def _safe_end(year: float, month: float, four_weeks: bool = False) -> np.datetime64:
    if not (1950 <= year <= 2100 and 1 <= month <= (13 if four_weeks else 12)):
        return np.datetime64("NaT", "us")
    return np.datetime64((four_weeks_end if four_weeks else month_end)(int(year), int(month)), "us")


def _from_texts(rows: Rows, name: str) -> pd.Series:
    distinct = rows.distinct(name)
    thirteen = [_YEAR_PERIOD.match(text) for text in distinct.texts]
    if any(found and found[2] == "13" for found in thirteen):
        pairs = np.array([(int(found[1]), int(found[2])) if found else (0, 0) for found in thirteen], dtype=float)
        return _ends(rows, distinct.spread(pairs[:, 0]), pd.Series(distinct.spread(pairs[:, 1])))
    periods = [period(text) for text in distinct.texts]
    if any(periods):
        values = np.array([np.datetime64(day, "us") if day else np.datetime64("NaT", "us") for day in periods])
        return stamps(distinct.spread(values))
    if rows.options.as_of is not None and len(distinct.texts) == 1:
        return stamps(parse_dates(distinct, "any", rows.today, rows.order_hint, "", rows.epoch_1904).values)  # not used: nothing to ask
    return stamps(rows.dates(name, "any", rows.today).values)


def _written_date(table: Table, shown_name: str) -> tuple[date | None, str]:
    above = range(max(table.header_index - 20, 0), table.header_index)
    lines = [" ".join(cell.split(" 00:00:00")[0] for cell in table.grid.row(number) if cell) for number in above]
    for says in (_SAYS_STAND, _SAYS_DATE):  # the day of the list goes before the day of the print
        for line in lines:
            if says.search(line) and (says is _SAYS_STAND or not _SAYS_OTHER.search(line)) and (found := date_in(line)):
                return found, "title"
    for text, source in ((table.grid.name, "sheet"), (shown_name, "file")):
        found = date_in(text)
        if found:
            return found, source
    return None, ""

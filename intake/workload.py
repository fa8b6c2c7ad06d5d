"""Fte, hours and pay: percent or fraction or hours is decided per column, and what was assumed is said."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analytics.amounts import HOLIDAY_ALLOWANCE
from intake.context import Rows
from intake.values.numbers import parse_numbers
from intake.vocabulary import plain

FULL_TIME = (36.0, 37.0, 37.5, 38.0, 38.5, 39.0, 40.0)
DEFAULT_FULL_TIME = {"NL": 40.0, "BE": 38.0, "DE": 39.0}
FTE_HIGHEST = 1.5
LEAST_PERCENT = 3
"""Nobody works for so few percent or hours only."""
OTHER_FTE = 0.02
PART_TIME, WHOLE_TIME = 0.9, 0.95
"""Fte below which somebody works part-time, and from which full-time, for telling which pay a column holds."""
FEW_PART_TIMERS = 5
CLEARLY = 3.0
"""How much nearer to one answer than to the other the pay of part-timers lies, for it not to be asked."""
_FULL_WEEK_WORDS = ("bij ft", "voltijd", "fulltime", "full time", "full week", "volle week", "vollzeit", "100%")
_AS_PAID_WORDS = ("werkelijk", "uitbetaald", "actual", "as paid", "parttime", "part time", "tatsachlich")
_HOLIDAY = re.compile(r"(incl\w*|inkl\w*|met|with|mit|plus|\+)\W*(vakantie|holiday|urlaubsgeld|vt\b)")
ODDLY = 10
"""Times the usual pay, above which somebody's is named; and twice as many times less: another period, or a sign in the wrong place."""
PAY_OF_A_YEAR = (3_000, 1_300_000)
"""Euro between which the usual pay of a year lies, whoever works there; the template takes up to 100,000 a month."""
HOURLY_BELOW, MONTHLY_BELOW = 200, 15_000
_OF_HOURS = re.compile(
    r"\d+(?:[.,]\d+)?[\s-]*(?:u\b|uur|uren|urige|hours?|hrs?|stunden|std)\w*(?:\s*(?:per|p/|p\.|pro|a)\s*(?:week|woche|w\b))?"
    r"|(?:volle|full|volledige)[\s-]*(?:week|woche)|(?:werk|arbeids|arbeits)[\s-]*(?:week|woche)|work(?:ing)?[\s-]*week"
)
"""How long the week is that pay is for: says nothing of how often it is paid."""
PER_YEAR = {"year": 1.0, "month": 12.0, "four_weeks": 13.0, "week": 52.0}
_PERCENT_WORDS = ("%", "percent", "prozent", "pct", "procent", "graad", "grad")


def hours(rows: Rows) -> pd.Series:
    """Contract hours a week, NaN unknown; more than 80 is no week."""
    if not rows.has("hours_per_week"):
        return pd.Series(np.full(rows.size, np.nan))
    read = rows.numbers("hours_per_week", small=True)
    values = pd.Series(read.values)
    known = values.dropna()
    told = any(word in plain(rows.header("hours_per_week")) for word in ("maand", "month", "monat"))
    if len(known) and (told or 80 < known.median() <= 200):
        values = values * 12 / 52
        rows.findings.note("hours_per_month", column=rows.header("hours_per_week"), count=len(known))
    bad = (values > 80) | (values < 0)
    rows.findings.warn(
        "hours_out_of_range",
        column=rows.header("hours_per_week"),
        rows=rows.lines[bad],
        example=rows.example("hours_per_week", bad.to_numpy()),
    )
    return values.mask(bad)


def full_time_week(hours_per_week: pd.Series, country: str) -> float:
    """Hours of a full week: the most frequent usual full week in the file, else that of the country."""
    usual = hours_per_week[hours_per_week.isin(FULL_TIME)]
    return float(usual.mode().max()) if len(usual) else DEFAULT_FULL_TIME.get(country, 40.0)


def fte(rows: Rows, hours_per_week: pd.Series, several_lines: np.ndarray) -> pd.Series:
    """Fte per row, NaN where neither fte nor hours tell it: counted as 1.0 then, and said so. Percent, fraction or hours by evidence;
    missing from hours; out of range is said and replaced.

    several_lines: rows of people with more than one line, where a negative correction is allowed.
    """
    values, unit = _given(rows) if rows.has("fte") else (pd.Series(np.full(rows.size, np.nan)), "")
    wrong = (values > FTE_HIGHEST) | ((values < 0) & ~several_lines)
    if rows.has("fte"):
        example = rows.example("fte", wrong.to_numpy())
        asked = {} if _tells_percent(rows) else {"question": "fte_unit", "assumed": unit}
        rows.findings.warn("fte_out_of_range", column=rows.header("fte"), rows=rows.lines[wrong], example=example, **asked)
    _say_second(rows, values)
    values = values.mask(wrong)
    missing = values.isna()
    if not missing.any():
        return values
    week = full_time_week(hours_per_week, rows.options.country)
    from_hours = missing & hours_per_week.notna()
    values = values.mask(from_hours, (hours_per_week / week).clip(upper=FTE_HIGHEST))
    if from_hours.any():
        rows.findings.note("fte_from_hours", column=rows.header("hours_per_week"), count=int(from_hours.sum()), full_time=week)
    assumed = values.isna()
    if assumed.any():
        listed = rows.lines[assumed] if rows.has("fte") else ()
        rows.findings.note("fte_assumed_full_time", column=rows.header("fte"), count=int(assumed.sum()), rows=listed)
    return values


def _say_second(rows: Rows, fte: pd.Series) -> None:
    """Where a second column tells the fte, the rows in which it says something else than the one that is used."""
    for column in (column for column, name in rows.table.duplicates.items() if name == "fte"):
        read = parse_numbers(rows.distinct_of(column), rows.decimal_hint, small=True)
        other = pd.Series(read.values)
        other = other / (100 if read.percent.any() or other.median() > FTE_HIGHEST else 1)
        apart = ((other - fte).abs() > OTHER_FTE).to_numpy()
        rows.findings.warn("second_fte_differs", column=rows.table.headers[column], rows=rows.lines[apart], used=rows.header("fte"))


def _given(rows: Rows) -> tuple[pd.Series, str]:
    """The fte column as fractions, and the unit it is written in: fraction | percent | hours. A header that names the unit is
    believed; else the unit is asked about."""
    read = rows.numbers("fte", small=True)
    values = pd.Series(read.values)
    header = rows.header("fte")
    values = values.mask(read.percent, values / 100)
    bare = values[~read.percent & values.notna()]
    unit = _unit(bare, header, rows.options.answers.get("fte_unit", ""))
    if unit == "fraction" or bare.empty:
        return values, unit
    divisor = 100.0 if unit == "percent" else full_time_week(bare, rows.options.country)
    parts = ((values > 0) & (values <= FTE_HIGHEST) & ~pd.Series(read.percent)).to_numpy()
    rows.findings.warn("fte_fraction_among_others", column=header, rows=rows.lines[parts], example=rows.example("fte", parts))
    asked = {} if unit == "percent" and _tells_percent(rows) else {"question": "fte_unit", "assumed": unit}
    rows.findings.note("fte_read_as_" + unit, column=header, count=len(bare), full_time=divisor, **asked)
    return values.mask(~pd.Series(read.percent) & ~parts, values / divisor), unit


def _tells_percent(rows: Rows) -> bool:
    """The header says so itself: nothing to ask."""
    return any(word in plain(rows.header("fte")) for word in _PERCENT_WORDS)


def _unit(bare: pd.Series, header: str, answer: str) -> str:
    """fraction | percent | hours."""
    if answer in ("fraction", "percent", "hours"):
        return answer
    positive = bare[bare > 0]
    if positive.empty or (positive <= FTE_HIGHEST).mean() > 0.5 or positive.max() < LEAST_PERCENT:
        return "fraction"
    if any(word in plain(header) for word in _PERCENT_WORDS):
        return "percent"
    return "hours" if positive.quantile(0.99) <= 48 and positive.isin((*FULL_TIME, 32.0, 24.0)).mean() > 0.2 else "percent"


def salary(rows: Rows, own_fte: pd.Series, hours_per_week: pd.Series, role: pd.Series) -> tuple[pd.Series, bool]:
    """(euro a year per row, whether it is that of its own line: times its fte or its hours).

    Gross pay of twelve months of the person as it is paid, NaN unknown; without holiday allowance, which the employer's factor holds:
    where the header says that it is in the pay it is taken out. Per month or hour is told by the header, else by the size. Pay for a full
    week counts by fte. Pay per hour counts for the hours somebody works: those of the contract, else of the fte; where neither is known
    the year's pay is not known either, and said so."""
    if not rows.has("salary"):
        return pd.Series(np.full(rows.size, np.nan)), False
    header = rows.header("salary")
    hourly = _told_period(plain(header)) == "hour"
    values = pd.Series(rows.numbers("salary", least=0 if hourly else HOURLY_BELOW).values)
    known = values[values > 0]
    if known.empty:
        return values, False
    if _HOLIDAY.search(plain(header)):
        values = values / (1 + HOLIDAY_ALLOWANCE)
        rows.findings.note("salary_with_holiday_allowance", column=header, count=len(known))
    period = _told_period(plain(header)) or _pay_period(float(known.median()))
    rows.findings.note("salary_per_" + period, column=header, count=len(known))
    odd = ((values > 0) & ((values > ODDLY * known.median()) | (values * 2 * ODDLY < known.median()))).to_numpy()
    rows.findings.warn("pay_far_off", column=header, rows=rows.lines[odd], example=rows.example("salary", odd))
    if period != "hour":
        typical = float(known.median()) * PER_YEAR[period]
        if not PAY_OF_A_YEAR[0] < typical < PAY_OF_A_YEAR[1]:
            example = rows.example("salary", (values > 0).to_numpy())
            rows.findings.warn("pay_unlikely", column=header, count=len(known), year=round(typical), example=example)
        full_week = _for_a_full_week(rows, values, own_fte, role)
        return values * PER_YEAR[period] * (own_fte.fillna(1.0) if full_week else 1.0), full_week
    week = full_time_week(hours_per_week, rows.options.country)
    worked = hours_per_week.fillna(own_fte * week)
    open_ended = values.notna() & worked.isna()
    rows.findings.warn("hourly_pay_without_hours", column=header, rows=rows.lines[open_ended])
    return values * 52 * worked, True


def say_below_zero(rows: Rows, people: pd.DataFrame) -> None:
    """Name the people whose pay of all lines together is less than nothing; people: of the employees table, with `line` (Excel row)."""
    if rows.has("salary"):
        below = np.isin(rows.lines, people.loc[people["salary"] < 0, "line"])
        rows.findings.warn("pay_below_zero", column=rows.header("salary"), rows=rows.lines[below], example=rows.example("salary", below))


def _for_a_full_week(rows: Rows, pay: pd.Series, fte: pd.Series, role: pd.Series) -> bool:
    """Whether pay is that of a full week, or what somebody gets who works part of it. The answer of a person goes first, then the header,
    then the part-timers: beside full-timers of their role they have as much, or as much less as they work less. What is not clear is
    asked about; where nobody works part-time both are the same."""
    header = rows.header("salary")
    parted = (pay > 0) & fte.between(0.0, PART_TIME, inclusive="neither")
    answer = rows.options.answers.get("salary_basis", "")
    told = answer or _told_basis(plain(header))
    if told:
        parted = (pay > 0) & fte.between(0.0, 1.0, inclusive="neither")
    if not parted.any() and not answer:
        return False
    basis, clear = (told, True) if told else _basis_of_part_timers(pay, fte, role, parted)
    asked = {} if clear and not answer else {"question": "salary_basis", "assumed": basis}
    rows.findings.note("salary_" + basis, column=header, count=int(parted.sum()), **asked)
    return basis == "full_week"


def _told_basis(header: str) -> str:
    for words, basis in ((_FULL_WEEK_WORDS, "full_week"), (_AS_PAID_WORDS, "as_paid")):
        if any(word in header for word in words):
            return basis
    return ""


def _basis_of_part_timers(pay: pd.Series, fte: pd.Series, role: pd.Series, parted: pd.Series) -> tuple[str, bool]:
    """The likelier basis, and whether it is clear: medians of log pay against the full-timers of the same role."""
    usual = pay[(pay > 0) & (fte >= WHOLE_TIME)].groupby(role[(pay > 0) & (fte >= WHOLE_TIME)]).median()
    beside = np.log(pay[parted] / role[parted].map(usual)).dropna()
    if len(beside) < FEW_PART_TIMERS:
        return "as_paid", False
    from_full = abs(float(beside.median()))
    from_paid = abs(float((beside - np.log(fte[beside.index])).median()))
    basis = "full_week" if from_full < from_paid else "as_paid"
    return basis, max(from_full, from_paid) > CLEARLY * min(from_full, from_paid)


def _pay_period(median: float) -> str:
    return "hour" if median < HOURLY_BELOW else "month" if median < MONTHLY_BELOW else "year"


def _told_period(header: str) -> str:
    header = _OF_HOURS.sub(" ", header)
    for words, period in (
        (("uur", "hour", "stunde"), "hour"),
        (("maand", "month", "monat"), "month"),
        (("jaar", "annual", "year", "jahr"), "year"),
        (("4 we", "4-we", "4we", "vier we", "vierwe", "four we", "four-we", "4 wo", "vier wo", "vierwo"), "four_weeks"),
        (("week", "wekelijks", "woche", "wochen"), "week"),
    ):
        if any(word in header for word in words):
            return period
    return ""

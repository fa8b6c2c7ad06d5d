"""Amounts that change every January: one dated table, each row with its source, certainty and the day it was last looked up.

A firm's own figures go before the shipped ones (`own`). Certainty: A law or public statistic, B published but narrower or to
be checked, C own convention.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from analytics.tables import reference

HOLIDAY_ALLOWANCE = 0.08
"""Dutch holiday allowance, a share of gross pay (Wet minimumloon, article 15: at least this). Pay is kept without it: it is in the
employer's factor, which counts twelve months of gross pay up to all that the employer pays."""


@dataclass(frozen=True, slots=True)
class Amount:
    """One value from `valid_from` until the next row of the same key; low and high = plausible range, None where there is none."""

    key: str
    valid_from: date
    value: float
    unit: str
    certainty: Literal["A", "B", "C"]
    source: str
    last_checked: date
    low: float | None = None
    high: float | None = None


@cache
def shipped() -> tuple[Amount, ...]:
    """Every row of the shipped table, by key and date."""
    return tuple(
        Amount(
            row.key,
            date.fromisoformat(row.valid_from),
            float(row.value),
            row.unit,
            row.certainty,
            row.source,
            date.fromisoformat(row.last_checked),
            float(row.low) if row.low else None,
            float(row.high) if row.high else None,
        )
        for row in reference("amounts.csv").itertuples(index=False)
    )


def keys() -> tuple[str, ...]:
    """Every key of the shipped table, once."""
    return tuple(dict.fromkeys(row.key for row in shipped()))


def amount(key: str, on: date, own: Iterable[Amount] = ()) -> Amount:
    """The row in force on a day: the latest of `own` valid by then, else the latest shipped one.

    Before the first row of a key that first row is returned (its `valid_from` is then after `on`: say so). Unknown key: KeyError.
    """
    mine = [row for row in own if row.key == key and row.valid_from <= on]
    rows = mine or [row for row in shipped() if row.key == key]
    if not rows:
        raise KeyError(key)
    started = [row for row in rows if row.valid_from <= on]
    if started:
        return max(started, key=lambda row: row.valid_from)
    return min(rows, key=lambda row: row.valid_from)


@dataclass(frozen=True, slots=True)
class Range:
    """A default with its plausible range, in the unit of the function that gives it."""

    low: float
    value: float
    high: float


def open_post_month(on: date, own: Iterable[Amount] = ()) -> Range:
    """Euro a month that one fte of work not done costs: productive hours/12 x margin per hour (2083, 4600, 8750 in 2026).

    Holds for roles that sell hours. The cost of doing nothing is the shortage in fte-months times this.
    """
    rows = tuple(own)
    hours, margin = amount("productive_hours", on, rows), amount("margin_per_hour", on, rows)
    low = (hours.low or hours.value) / 12 * (margin.low or margin.value)
    high = (hours.high or hours.value) / 12 * (margin.high or margin.value)
    return Range(low, hours.value / 12 * margin.value, high)


def settling_in_cost(months: float, employer_cost: float, on: date, own: Iterable[Amount] = ()) -> float:
    """Euro of output missed while somebody settles in: months x (1 - worth) x employer cost a year / 12."""
    return months * (1 - amount("settling_in_worth", on, own).value) * employer_cost / 12


def rvu_cost(months: float, on: date, own: Iterable[Amount] = ()) -> float:
    """Euro for leaving so many months early under the RVU exemption; months above the limit of the law do not count."""
    rows = tuple(own)
    return min(max(months, 0.0), amount("rvu_months_max", on, rows).value) * amount("rvu_threshold_month", on, rows).value


def transition_payment(gross_month: float, years_of_service: float, on: date, own: Iterable[Amount] = ()) -> float:
    """Transitievergoeding in euro: a third of a gross month per year of service, to the day, BW 7:673 (WAB, since 2020).

    gross_month: with holiday pay and fixed extras; years_of_service: may be a fraction. At most the maximum of the year of `on`,
    or twelve gross months when that is more. Not due when leaving at own wish or at the AOW age: the caller knows that.
    """
    if gross_month < 0 or years_of_service < 0:
        raise ValueError("a wage and years of service are zero or more")
    limit = max(amount("transition_payment_max", on, own).value, 12 * gross_month)
    return min(gross_month * years_of_service / 3, limit)

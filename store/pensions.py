"""Statutory pension dates for SQL: a small table of birth days, made by the one formula in analytics and kept per day and country."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd

from analytics.pension import pension_months, statutory_pension_date

OLDEST, YOUNGEST = 110, 10
"""Years before the reference date between which birth days are tabulated; whoever is outside is put at the edge."""
MONTH_ZERO = date(2000, 1, 1)


def birth_limits(as_of: date) -> dict[str, date]:
    """first and last birth day in the table of that day; values for SQL."""
    return {"first": date(as_of.year - OLDEST, 1, 1), "last": date(as_of.year - YOUNGEST, 12, 31)}


@lru_cache(maxsize=64)
def _months(origin: date, near: date, country: str) -> pd.DataFrame:
    limits = birth_limits(near)
    births = np.arange(np.datetime64(limits["first"], "D"), np.datetime64(limits["last"], "D") + 1)
    months, _ = pension_months(births, origin, country)
    return pd.DataFrame({"country": country, "birth": births.astype("datetime64[s]"), "months": np.asarray(months, dtype="int32")})


def months_table(as_of: date, countries: Iterable[str]) -> pd.DataFrame:
    """country, birth, months: whole months from `as_of` to the statutory pension date of somebody born that day."""
    return _joined(as_of, as_of, countries)


def month_index_table(near: date, countries: Iterable[str]) -> pd.DataFrame:
    """country, birth, months: calendar month of the pension date, counted from January 2000 (from the first of a month on,
    whole months are calendar months)."""
    return _joined(MONTH_ZERO, near, countries)


def _joined(origin: date, near: date, countries: Iterable[str]) -> pd.DataFrame:
    parts = [_months(origin, near, country) for country in sorted(set(countries))]
    return pd.concat(parts, ignore_index=True) if parts else _months(origin, near, "NL").iloc[:0]


def dates_table(births: pd.DataFrame) -> pd.DataFrame:
    """The exact pension date of each distinct (country, birth) of the frame, as column `day`."""
    days = [statutory_pension_date(pd.Timestamp(row.birth).date(), row.country) for row in births.itertuples()]
    return births.assign(day=pd.to_datetime(pd.Series(days, index=births.index, dtype="object")).astype("datetime64[s]"))

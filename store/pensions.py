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


def birth_codes(day: date, countries: Iterable[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Birth days by position, for a join that is an array look-up.

    First frame: at (days since the first birth day, plus the country's offset; -1 for an unknown birth date), code. Second
    frame: age (last birthday at `day`) and months (whole months from `day` to the pension date) by code; the last code is the
    unknown birth date (NaN, NaN).
    """
    return _codes(day, tuple(sorted(set(countries))) or ("NL",))


def country_offsets(day: date, countries: Iterable[str]) -> pd.DataFrame:
    """country, offset_days: where each country's birth days begin in `birth_codes`."""
    names = sorted(set(countries))
    return pd.DataFrame({"country": pd.Series(names, dtype="str"), "offset_days": np.arange(len(names)) * _span(day)})


def _span(day: date) -> int:
    """Birth days per country, and one for the unknown."""
    limits = birth_limits(day)
    return (limits["last"] - limits["first"]).days + 2


@lru_cache(maxsize=16)
def _codes(day: date, countries: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    parts = []
    for number, country in enumerate(countries):
        births = _months(day, day, country)
        age = _ages(births["birth"], day)
        known = pd.DataFrame({"at": np.arange(len(births)), "age": age, "months": births["months"].to_numpy(float)})
        unknown = pd.DataFrame({"at": [-1], "age": [np.nan], "months": [np.nan]})
        parts.append(pd.concat([known, unknown]).assign(at=lambda part, number=number: part["at"] + number * _span(day)))
    every = pd.concat(parts, ignore_index=True)
    code = every.groupby(["age", "months"], dropna=False, sort=True).ngroup()
    table = every.assign(code=code).drop_duplicates("code").sort_values("code")[["age", "months"]].reset_index(drop=True)
    return pd.DataFrame({"at": every["at"].astype("int32"), "code": code.astype("int32")}), table


def _ages(births: pd.Series, day: date) -> np.ndarray:
    """Age last birthday; 29 February counts as 1 March in other years."""
    month_day = births.dt.month * 100 + births.dt.day
    return (day.year - births.dt.year - (day.month * 100 + day.day < month_day)).to_numpy(float)


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

"""When somebody reaches the statutory pension age, by country, birth date and (where the law differs) sex.

The Netherlands: Algemene Ouderdomswet art. 7a. The age belongs to a calendar year, and somebody retires in the first year y
with birth + age(y) <= 31 December of y; the shipped table holds the birth intervals that follow from it up to 2031. After that
the last age is kept and called a projection. Other countries: a table by cohort, read the same way.
A day that does not exist rolls to the first of the next month (31 August 1950 + 65y3m = 1 December 2015).
"""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Literal, NamedTuple

import numpy as np

from analytics.errors import Refusal
from analytics.tables import reference

Status = Literal["law", "projection"]
Sex = Literal["m", "f"]
_BEFORE_ALL = np.datetime64("0001-01-01", "D")


class Rule(NamedTuple):
    """Ages by birth date: `months[i]` holds for births from `starts[i]` to the day before `starts[i + 1]`.

    `projected[i]`: not decided yet. `known_until`: pension dates after this day are a projection as well.
    """

    starts: np.ndarray
    months: np.ndarray
    projected: np.ndarray
    known_until: np.datetime64


COUNTRIES: tuple[str, ...] = tuple(reference("statutory_pension_ages.csv")["country_code"])
"""ISO 3166 codes (two letters) of the countries whose pension age is known."""


def _folded(text: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in plain.casefold()).split())


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for row in reference("country_names.csv").itertuples(index=False):
        for name in (row.country_code, row.name_en, row.name_nl, row.code_3, *filter(None, row.also.split(";"))):
            names[_folded(name)] = row.country_code
    return names


def known_country(text: str) -> str | None:
    """Two-letter code of a country written as code (2 or 3 letters) or as English or Dutch name; None when it isn't in COUNTRIES."""
    return _names().get(_folded(str(text)))


def add_months(dates: np.ndarray, months: np.ndarray | int) -> np.ndarray:
    """Calendar months after dates (datetime64[D], any shape); a day that does not exist becomes the first of the next month."""
    days = np.asarray(dates, "datetime64[D]")
    first = days.astype("datetime64[M]")
    offset = days - first.astype("datetime64[D]")
    target = first + np.asarray(months, int).astype("timedelta64[M]")
    following = (target + np.timedelta64(1, "M")).astype("datetime64[D]")
    return np.minimum(target.astype("datetime64[D]") + offset, following)


def whole_months(as_of: date | np.datetime64, dates: np.ndarray) -> np.ndarray:
    """Whole months from as_of to each date, rounded down (one day ago = -1): the largest n with add_months(as_of, n) <= date."""
    start = np.asarray(as_of, "datetime64[D]")
    ends = np.asarray(dates, "datetime64[D]")
    if np.isnat(ends).any():
        raise ValueError("a date is missing")
    first, ends_first = start.astype("datetime64[M]"), ends.astype("datetime64[M]")
    months = (ends_first - first).astype(int)
    return months - ((ends - ends_first.astype("datetime64[D]")) < (start - first.astype("datetime64[D]")))


@cache
def tables_digest() -> str:
    """Changes when a table changes that a pension date is read from."""
    names = ("nl_aow_age_by_birth_date.csv", "pension_cohort_steps.csv", "statutory_pension_ages.csv")
    return sha256("".join(reference(name).to_csv() for name in names).encode()).hexdigest()[:12]


def _dutch_rule() -> Rule:
    table = reference("nl_aow_age_by_birth_date.csv")
    decided = (table["aow_years"] != "").to_numpy()
    last = table[decided].iloc[-1]
    years = table["aow_years"].where(decided, last["aow_years"]).astype(int)
    months = table["aow_months"].where(decided, last["aow_months"]).astype(int)
    starts = table["birth_date_from"].where(table["birth_date_from"] != "", str(_BEFORE_ALL))
    return Rule(starts.to_numpy("datetime64[D]"), (12 * years + months).to_numpy(), ~decided, np.datetime64("9999-12-31", "D"))


@cache
def _rule(country: str, sex: Sex) -> Rule:
    if country == "NL":
        return _dutch_rule()
    steps = reference("pension_cohort_steps.csv")
    steps = steps[(steps["country_code"] == country) & steps["sex"].isin(("", sex))]
    if len(steps):
        starts = steps["cohort_from"].to_numpy("datetime64[D]")
        starts[0] = _BEFORE_ALL  # earlier cohorts have retired; the oldest listed age is the nearest
        months = 12 * steps["years"].astype(int) + steps["months"].astype(int)
        return Rule(starts, months.to_numpy(), (steps["status"] == "projection").to_numpy(), np.datetime64("9999-12-31", "D"))
    ages = reference("statutory_pension_ages.csv").set_index("country_code").loc[country]
    who = "women" if sex == "f" else "men"
    unsure = ages["linked_to_life_expectancy"].startswith("yes") or ages["confidence"] == "low"
    known_until = np.datetime64(f"{int(ages['reference_year']) + 1}-12-31" if unsure else "9999-12-31", "D")
    months = 12 * int(ages[f"{who}_years"]) + int(ages[f"{who}_months"])
    return Rule(np.array([_BEFORE_ALL]), np.array([months]), np.array([False]), known_until)


def pension_dates(births: np.ndarray, country: str = "NL", sex: Sex | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Pension dates (datetime64[D]) and whether each is a projection (bool), in the shape of births.

    births: dates without gaps (a missing one is a ValueError: impute first, and say so). country: anything known_country reads.
    sex: "m" or "f" where the law differs; men's age unless given, the later of the two. Unknown country: Refusal country_unknown.
    """
    code = known_country(country)
    if code is None:
        raise Refusal("country_unknown", country=country)
    days = np.asarray(births, "datetime64[D]")
    if np.isnat(days).any():
        raise ValueError("a birth date is missing")
    rule = _rule(code, sex or "m")
    row = np.searchsorted(rule.starts, days, side="right") - 1
    dates = add_months(days, rule.months[row])
    return dates, rule.projected[row] | (dates > rule.known_until)


def pension_months(
    births: np.ndarray, as_of: date | np.datetime64, country: str = "NL", sex: Sex | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Whole months from as_of to the pension date (rounded down, negative when past) and whether that date is a projection."""
    days = np.asarray(births, "datetime64[D]")
    if days.size > 1 and not np.isnat(days).any():
        first, last = days.min(), days.max()
        if days.size > int((last - first).astype(int)) + 1:  # more people than birthdays: answer once per day
            months, projected = pension_months(np.arange(first, last + 1), as_of, country, sex)
            at = (days - first).astype(int)
            return months[at], projected[at]
    dates, projected = pension_dates(days, country, sex)
    return whole_months(as_of, dates), projected


def pension_status(birth_date: date, country: str = "NL", sex: Sex | None = None) -> tuple[date, Status]:
    """The pension date of one birth date, and whether it is set by law or a projection."""
    dates, projected = pension_dates(np.array([birth_date], "datetime64[D]"), country, sex)
    return dates[0].item(), "projection" if projected[0] else "law"


def statutory_pension_date(birth_date: date, country: str = "NL", sex: Sex | None = None) -> date:
    """First day of the statutory pension: date(1960, 12, 31) -> date(2027, 12, 31)."""
    return pension_status(birth_date, country, sex)[0]

"""Pension dates: every edge of the Dutch table, month ends, other countries, and laws that hold for any birth date."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import Refusal
from analytics.pension import (
    COUNTRIES,
    add_months,
    known_country,
    pension_dates,
    pension_months,
    pension_status,
    statutory_pension_date,
    whole_months,
)
from analytics.tables import reference

# AOW age in years and months per calendar year, Algemene Ouderdomswet art. 7a lid 1 and the announcements to 2031.
AGE_IN_YEAR = {
    2013: (65, 1),
    2014: (65, 2),
    2015: (65, 3),
    2016: (65, 6),
    2017: (65, 9),
    2018: (66, 0),
    2019: (66, 4),
    2020: (66, 4),
    2021: (66, 4),
    2022: (66, 7),
    2023: (66, 10),
    **dict.fromkeys(range(2024, 2028), (67, 0)),
    **dict.fromkeys(range(2028, 2032), (67, 3)),
}
WORKING_BIRTHS = st.dates(date(1900, 1, 1), date(2012, 12, 31))


def _later(day: date, years: int, months: int) -> date:
    """Calendar addition written out: a day that does not exist is the first of the next month."""
    total = day.year * 12 + day.month - 1 + 12 * years + months
    try:
        return date(total // 12, total % 12 + 1, day.day)
    except ValueError:
        total += 1
        return date(total // 12, total % 12 + 1, 1)


def _by_the_law(birth: date) -> date:
    """Art. 7a read literally: the first year y with birth + age(y) <= 31 December y."""
    for year, (years, months) in AGE_IN_YEAR.items():
        reached = _later(birth, years, months)
        if reached <= date(year, 12, 31):
            return reached
    raise AssertionError("reached after 2031")


@pytest.mark.parametrize(
    ("birth", "pension"),
    [
        (date(1947, 12, 31), date(2012, 12, 31)),
        (date(1950, 8, 31), date(2015, 12, 1)),  # 31 November does not exist: not 30 November
        (date(1949, 12, 31), date(2015, 3, 31)),
        (date(1954, 10, 31), date(2021, 3, 1)),  # 66y4m: 31 February does not exist
        (date(1960, 12, 31), date(2027, 12, 31)),
        (date(1961, 1, 1), date(2028, 4, 1)),
        (date(1961, 9, 30), date(2028, 12, 30)),
        (date(1961, 10, 1), date(2029, 1, 1)),
        (date(1963, 11, 30), date(2031, 3, 1)),  # 30 February
        (date(1964, 9, 30), date(2031, 12, 30)),
    ],
)
def test_dutch_dates_published_by_the_law(birth: date, pension: date) -> None:
    assert pension_status(birth) == (pension, "law")
    assert statutory_pension_date(birth, "NL") == pension


def test_every_birth_day_equals_the_law_read_literally() -> None:
    days = pd.date_range("1948-01-01", "1964-09-30", freq="D")
    dates, projected = pension_dates(days.to_numpy("datetime64[D]"))
    assert [d.item() for d in dates] == [_by_the_law(day.date()) for day in days]
    assert not projected.any()


@pytest.mark.parametrize("side", ["birth_date_from", "birth_date_to"])
def test_every_edge_of_the_shipped_table(side: str) -> None:
    rows = [row for row in reference("nl_aow_age_by_birth_date.csv").to_dict("records") if row[side] and row["aow_years"]]
    assert len(rows) >= 19
    for row in rows:
        birth = date.fromisoformat(row[side])
        expected = _later(birth, int(row["aow_years"]), int(row["aow_months"]))
        assert statutory_pension_date(birth) == expected
        assert row["reached_in_year"] in (str(expected.year), "<=2012")


def test_nobody_reaches_the_pension_age_in_the_first_quarter_of_2028() -> None:
    dates, _ = pension_dates(np.arange("1955-01-01", "1970-01-01", dtype="datetime64[D]"))
    quarters = pd.Series(dates).dt.to_period("Q").value_counts()
    assert quarters.get(pd.Period("2028Q1"), 0) == 0
    assert quarters[pd.Period("2027Q4")] > 80
    assert quarters[pd.Period("2028Q2")] > 80


def test_after_2031_the_last_age_is_kept_and_called_a_projection() -> None:
    assert pension_status(date(1964, 9, 30)) == (date(2031, 12, 30), "law")
    assert pension_status(date(1964, 10, 1)) == (date(2032, 1, 1), "projection")
    assert pension_status(date(1990, 5, 17)) == (date(2057, 8, 17), "projection")


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("sex", [None, "m", "f"])
def test_who_is_born_later_never_retires_earlier(country: str, sex: str | None) -> None:
    dates, _ = pension_dates(np.arange("1945-01-01", "2005-01-01", dtype="datetime64[D]"), country, sex)
    assert (np.diff(dates).astype(int) >= 0).all()


@given(WORKING_BIRTHS, st.sampled_from(COUNTRIES))
def test_every_country_retires_people_between_60_and_71(birth: date, country: str) -> None:
    for sex in ("m", "f"):
        reached = statutory_pension_date(birth, country, sex)
        assert _later(birth, 60, 0) <= reached <= _later(birth, 70, 1)


@pytest.mark.parametrize(
    ("country", "sex", "birth", "age"),
    [
        ("DE", None, date(1958, 5, 1), (66, 0)),
        ("DE", None, date(1959, 5, 1), (66, 2)),
        ("DE", None, date(1963, 12, 31), (66, 10)),
        ("DE", None, date(1964, 1, 1), (67, 0)),
        ("BE", None, date(1963, 12, 31), (66, 0)),
        ("BE", None, date(1964, 1, 1), (67, 0)),
        ("FI", None, date(1955, 6, 1), (63, 3)),
        ("FI", None, date(1962, 6, 1), (65, 0)),
        ("DK", None, date(1962, 12, 31), (67, 0)),
        ("DK", None, date(1963, 1, 1), (68, 0)),
        ("DK", None, date(1971, 1, 1), (70, 0)),
        ("GB", None, date(1960, 4, 5), (66, 0)),
        ("GB", None, date(1960, 4, 6), (66, 1)),
        ("GB", None, date(1961, 3, 5), (66, 11)),
        ("GB", None, date(1961, 3, 6), (67, 0)),
        ("US", None, date(1959, 12, 31), (66, 10)),
        ("US", None, date(1960, 1, 1), (67, 0)),
        ("AT", "f", date(1963, 12, 31), (60, 0)),
        ("AT", "f", date(1968, 7, 1), (65, 0)),
        ("AT", None, date(1963, 12, 31), (65, 0)),
        ("PL", "f", date(1970, 3, 3), (60, 0)),
        ("PL", "m", date(1970, 3, 3), (65, 0)),
        ("ES", None, date(1959, 4, 30), (66, 8)),
        ("ES", None, date(1960, 3, 1), (67, 0)),
        ("SE", None, date(1959, 12, 31), (66, 0)),
        ("SE", None, date(1960, 1, 1), (67, 0)),
        ("MT", None, date(1962, 1, 1), (65, 0)),
        ("CH", "f", date(1961, 6, 1), (64, 3)),
        ("CH", "f", date(1964, 6, 1), (65, 0)),
        ("IE", None, date(1970, 6, 1), (66, 0)),
    ],
)
def test_cohort_steps_of_other_countries(country: str, sex: str | None, birth: date, age: tuple[int, int]) -> None:
    assert statutory_pension_date(birth, country, sex) == _later(birth, *age)


BY_COHORT = ("AT", "BE", "CH", "CZ", "DE", "EE", "FI", "FR", "SK", "US")
"""Ages by year of birth: in June of the reference year nobody, or another cohort, may reach the age named for that year."""


@pytest.mark.parametrize(
    "row",
    [row for row in reference("statutory_pension_ages.csv").to_dict("records") if row["country_code"] not in BY_COHORT],
    ids=lambda row: row["country_code"],
)
@pytest.mark.parametrize("sex", ["men", "women"])
def test_who_reaches_the_age_in_the_reference_year_has_the_published_age(row: dict[str, str], sex: str) -> None:
    years, months = int(row[f"{sex}_years"]), int(row[f"{sex}_months"])
    birth = _later(date(2025, 6, 15), -years, -months)
    assert pension_status(birth, row["country_code"], "f" if sex == "women" else "m")[0] == date(2025, 6, 15)


def test_ages_not_decided_are_called_a_projection() -> None:
    assert pension_status(date(1975, 1, 1), "IT")[1] == "projection"
    assert pension_status(date(1975, 1, 1), "CY")[1] == "projection"
    assert pension_status(date(1980, 1, 1), "GB")[1] == "projection"
    assert pension_status(date(1970, 1, 1), "DE")[1] == "law"
    assert pension_status(date(1970, 1, 1), "IE")[1] == "law"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NL", "NL"),
        ("nl ", "NL"),
        ("Nederland", "NL"),
        ("The Netherlands", "NL"),
        ("BELGIË", "BE"),
        ("belgie", "BE"),
        ("Duitsland", "DE"),
        ("Germany", "DE"),
        ("deu", "DE"),
        ("UK", "GB"),
        ("Groot-Brittannië", "GB"),
        ("Verenigde Staten", "US"),
        ("EL", "GR"),
        ("Czech Republic", "CZ"),
        ("Roemenië", "RO"),
        ("Atlantis", None),
        ("", None),
        ("BR", None),
    ],
)
def test_countries_by_code_english_and_dutch_name(text: str, code: str | None) -> None:
    assert known_country(text) == code


def test_all_countries_of_the_table_are_known_by_both_names() -> None:
    assert len(COUNTRIES) == 31
    for row in reference("country_names.csv").itertuples():
        assert {known_country(row.country_code), known_country(row.name_en), known_country(row.name_nl)} == {row.country_code}
    assert set(reference("country_names.csv")["country_code"]) == set(COUNTRIES)


def test_unknown_country_is_refused_and_never_read_as_67() -> None:
    with pytest.raises(Refusal) as refused:
        statutory_pension_date(date(1970, 1, 1), "Atlantis")
    assert (refused.value.code, refused.value.params) == ("country_unknown", {"country": "Atlantis"})


def test_missing_birth_date_is_an_error_not_a_date() -> None:
    with pytest.raises(ValueError, match="missing"):
        pension_months(np.array(["NaT", "1970-01-01"], "datetime64[D]"), date(2026, 1, 1))


def test_months_to_the_pension_date_round_down() -> None:
    births = np.array(["1960-12-31", "1961-01-01", "1964-10-01", "1940-01-01"], "datetime64[D]")
    months, projected = pension_months(births, date(2026, 1, 1))
    assert months.tolist() == [23, 27, 72, -252]
    assert projected.tolist() == [False, False, True, False]
    assert whole_months(date(2026, 1, 1), np.array(["2025-12-31", "2026-01-31", "2026-02-01"], "datetime64[D]")).tolist() == [-1, 0, 1]
    assert pension_months(births.reshape(2, 2), date(2026, 1, 1))[0].shape == (2, 2)


@given(st.dates(date(1930, 1, 1), date(2060, 12, 31)), st.dates(date(1930, 1, 1), date(2060, 12, 31)))
def test_whole_months_is_the_largest_number_that_fits(as_of: date, day: date) -> None:
    start = np.array([as_of], "datetime64[D]")
    months = whole_months(as_of, np.array([day], "datetime64[D]"))
    assert add_months(start, months)[0].item() <= day < add_months(start, months + 1)[0].item()


@given(st.dates(date(1930, 1, 1), date(2060, 12, 31)), st.integers(-600, 1200))
def test_adding_months_equals_the_calendar_rule_written_out(day: date, months: int) -> None:
    assert add_months(np.array([day], "datetime64[D]"), months)[0].item() == _later(day, 0, months)


@given(st.lists(WORKING_BIRTHS, min_size=1, max_size=30), st.sampled_from(COUNTRIES))
def test_many_dates_at_once_equal_one_at_a_time(births: list[date], country: str) -> None:
    dates, projected = pension_dates(np.array(births, "datetime64[D]"), country)
    one_by_one = [pension_status(birth, country) for birth in births]
    assert [(d.item(), "projection" if p else "law") for d, p in zip(dates, projected, strict=True)] == one_by_one


def test_a_day_of_difference_in_birth_never_jumps_more_than_the_step_in_the_law() -> None:
    dates, _ = pension_dates(np.arange("1948-01-01", "1975-01-01", dtype="datetime64[D]"))
    assert max(np.diff(dates)).item() <= timedelta(days=124)  # four months, at the step to 66y4m in 2019


def test_more_people_than_birthdays_are_answered_alike() -> None:
    births = np.random.default_rng(3).integers(-2400, -1400, 5000).astype("datetime64[D]")
    months, projected = pension_months(births.reshape(50, 100), date(2026, 1, 15))
    dates, expected = pension_dates(births)
    assert months.ravel().tolist() == whole_months(date(2026, 1, 15), dates).tolist()
    assert projected.ravel().tolist() == expected.tolist()

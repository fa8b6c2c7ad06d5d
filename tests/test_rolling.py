"""The back-test: nothing later leaks in, what is scored is what happened, and it says when it cannot tell."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

from analytics.rolling import rolling_backtest
from analytics.workforce import EXITS
from tests.firms import cohorts, history, person

DAYS = [date(year, 1, 1) for year in range(2021, 2027)]


def _snapshot(day, shrink=0.0):
    people = 10 * (1 - shrink) ** (day.year - 2021)
    rows = [person("A", age, people=people, tenure=3) for age in range(25, 60)] + [person("B", 40, people=3)]
    return cohorts(rows, as_of=day)


def _history(day, rate=0.08):
    years = range(2022, day.year + 1)
    exposure = [
        {"role": "A", "age_band": band, "tenure_band": 3, "year": year, "person_years": 87.5, "resignation": 87.5 * rate}
        for band in range(4)
        for year in years
    ]
    hires = [("A", year, 30, 28) for year in years]
    return history(exposure, hires=hires, years=len(years))


@cache
def _tested():
    return rolling_backtest({day: _snapshot(day) for day in DAYS}, _history, draws=50)


def test_every_origin_with_a_history_meets_every_later_snapshot():
    rows = _tested().rows
    firm = rows[(rows["measure"] == "people") & (rows["role"] == "")]
    assert len(firm) == 4 + 3 + 2 + 1
    assert set(firm["from"]) == set(DAYS[1:-1])
    assert (firm["horizon"] == [later.year - start.year for start, later in zip(firm["from"], firm["to"], strict=True)]).all()
    np.testing.assert_allclose(firm["actual"], 353.0)
    assert set(rows["measure"]) == {"people", "hire", *map(str, EXITS)}


def test_a_steady_firm_is_forecast_well_and_its_flows_are_counted():
    found = _tested()
    people = found.scores.set_index(["measure", "horizon"]).loc[("people", 1)]
    assert people["wape"] < 2
    flows = found.rows[(found.rows["measure"] == "resignation") & (found.rows["horizon"] == 1)]
    np.testing.assert_allclose(flows["actual"], 28.0)
    np.testing.assert_allclose(flows["forecast"], 29.0, rtol=0.2)
    hires = found.rows[found.rows["measure"] == "hire"]
    np.testing.assert_allclose(hires["forecast"], 28.0)
    assert (found.rows["low"] <= found.rows["forecast"] + 1e-9).all()
    assert (found.rows["high"] >= found.rows["forecast"] - 1e-9).all()


def test_a_role_of_three_is_named_not_judged():
    assert _tested().small_roles == ("B",)


def test_the_range_of_few_people_is_in_whole_people():
    """As the pages tell it: a normal curve for three people would be another range than the one that is used."""
    rows = _tested().rows
    few = rows[(rows["measure"] == "people") & (rows["role"] == "B")]
    for end in ("low", "high"):
        np.testing.assert_array_equal(few[end], few[end].round())
    many = rows[(rows["measure"] == "people") & (rows["role"] == "A")]
    assert (many["low"] != many["low"].round()).all()


def test_what_came_later_does_not_change_an_earlier_forecast():
    other = rolling_backtest({day: _snapshot(day, 0.0 if day < DAYS[3] else 0.3) for day in DAYS}, _history, draws=50)
    key = ["from", "to", "measure", "role"]
    before = _tested().rows.set_index(key)
    after = other.rows.set_index(key)
    early = [row for row in before.index if row[0] < DAYS[3]]
    np.testing.assert_array_equal(before.loc[early, "forecast"], after.loc[early, "forecast"])
    assert (before.loc[early, "actual"] != after.loc[early, "actual"]).any()


def test_only_history_up_to_the_origin_is_asked():
    asked = []

    def watched(day):
        asked.append(day)
        return _history(day)

    rolling_backtest({day: _snapshot(day) for day in DAYS}, watched, draws=20)
    assert sorted(asked) == DAYS


@pytest.mark.parametrize("days", [DAYS[:1], DAYS[:2], [date(2021, 1, 1), date(2021, 7, 1), date(2021, 9, 1)]])
def test_too_little_is_said(days):
    found = rolling_backtest({day: _snapshot(day) for day in days}, _history)
    assert not found.testable
    assert found.rows.empty


def test_a_simple_forecast_is_beaten_when_people_really_leave():
    """Nobody is replaced: no change is wrong by the leavers, the model is not."""
    rate = 0.08

    def leaving(day):
        return history(
            [
                {"role": "A", "age_band": band, "tenure_band": 3, "year": year, "person_years": 1000.0, "resignation": 1000 * rate}
                for band in range(4)
                for year in range(2022, day.year + 1)
            ],
            years=day.year - 2021,
        )

    found = rolling_backtest({day: _snapshot(day, rate) for day in DAYS}, leaving, draws=50)
    people = found.scores.set_index(["measure", "horizon"]).loc["people"]
    assert (people["skill"] > 0.6).all()

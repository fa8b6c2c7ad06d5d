"""The functions that other programs rely on: each under its name, called as they call it (lists too), with the example of its contract."""

from __future__ import annotations

import importlib
import inspect
from datetime import date

import numpy as np
import pytest

from analytics.automation import adoption, released
from analytics.backtest import scores
from analytics.mobility import expected_years, push, vacancy_chain
from analytics.pension import statutory_pension_date
from analytics.rates import competing, monthly, shrink
from analytics.skills import half_life, single_points
from analytics.survival import kaplan_meier

SIGNATURES = {
    "pension.statutory_pension_date": ("birth_date", "country"),
    "rates.shrink": ("events", "exposure", "prior", "strength"),
    "rates.monthly": ("annual",),
    "rates.competing": ("hazards",),
    "survival.kaplan_meier": ("durations", "events", "entry"),
    "mobility.push": ("stock", "transitions", "recruits", "years"),
    "mobility.vacancy_chain": ("vacancies", "fill_shares"),
    "mobility.expected_years": ("transitions",),
    "backtest.scores": ("actual", "forecast", "lower", "upper", "alpha", "naive"),
    "skills.half_life": ("level", "years", "half_life", "floor"),
    "skills.single_points": ("levels", "required_level"),
    "automation.adoption": ("year", "midpoint", "rate", "maximum"),
    "automation.released": ("fte", "exposed", "feasible", "adoption", "realised"),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_it_is_there_under_its_name_with_its_parameters(name: str) -> None:
    module, _, function = name.rpartition(".")
    found = getattr(importlib.import_module(f"analytics.{module}"), function)
    names = tuple(inspect.signature(found).parameters)
    assert names[: len(SIGNATURES[name])] == SIGNATURES[name]
    more = list(inspect.signature(found).parameters.values())[len(SIGNATURES[name]) :]
    assert all(one.default is not one.empty for one in more)


def test_pension_date() -> None:
    assert statutory_pension_date(date(1960, 12, 31)) == date(2027, 12, 31)
    assert statutory_pension_date(date(1960, 12, 31), country="NL") == date(2027, 12, 31)


def test_shrink() -> None:
    mean, weight = shrink([1], [10], prior=0.05, strength=10)
    assert (list(mean), list(weight)) == ([pytest.approx(0.075)], [pytest.approx(0.5)])
    mean, weight = shrink([1, 9], [20, 30])  # prior and strength from the groups themselves
    assert 1 / 20 < mean[0] < mean[1] < 9 / 30
    assert np.all((weight > 0) & (weight < 1))


def test_monthly_and_competing() -> None:
    assert monthly(0.12) == pytest.approx(1 - 0.88 ** (1 / 12))
    np.testing.assert_allclose(monthly([0.0, 0.12]), [0.0, 1 - 0.88 ** (1 / 12)])
    np.testing.assert_allclose(competing([0.2, 0.1]), [0.172787, 0.086393], atol=1e-6)
    assert np.shape(competing([[0.2, 0.1], [0.0, 0.3]])) == (2, 2)


def test_kaplan_meier() -> None:
    found = kaplan_meier([2, 2, 3, 5], [1, 0, 1, 1])
    assert list(found.columns) == ["time", "at_risk", "events", "censored", "survival", "se"]
    assert found["time"].tolist() == [2, 3, 5]
    assert found["survival"].tolist() == pytest.approx([0.75, 0.375, 0.0])
    assert found["se"].iloc[0] == pytest.approx(0.75 * np.sqrt(1 / (4 * 3)))
    assert 0 not in kaplan_meier([0, 1], [0, 1], entry=[0, 0])["time"].tolist()


def test_mobility() -> None:
    np.testing.assert_allclose(push([100], [[0.9]], [5], 1), [[100], [95]])
    np.testing.assert_allclose(push([100], [[0.9]], [[5], [7]], 2), [[100], [95], [92.5]])
    np.testing.assert_allclose(vacancy_chain([0, 10], [[0, 0], [0.6, 0]]), [6, 10])
    np.testing.assert_allclose(expected_years([[0.5]]), [[2]])


def test_scores() -> None:
    found = scores([10, 20], [12, 18], [8, 19], [14, 21], 0.2, naive=[10, 24])
    assert set(found) == {"mae", "rmse", "bias", "mape", "smape", "wape", "coverage", "interval_score", "skill"}
    assert found["bias"] == pytest.approx(0.0)  # forecast - actual
    assert found["mae"] == pytest.approx(2.0)
    assert found["wape"] == pytest.approx(100 * 4 / 30)
    assert found["coverage"] == pytest.approx(1.0)
    assert found["skill"] == pytest.approx(1 - 2 / 2)


def test_skills() -> None:
    assert half_life(4, 5, 5) == pytest.approx(2)
    assert half_life(4, 5, 5, floor=2) == pytest.approx(3)
    found = single_points([[3, np.nan], [1, 4], [np.nan, 5]], [3, 4])
    assert {"holders", "unassessed", "single_point"} <= set(found.columns)
    assert found["holders"].tolist() == [1, 2]
    assert found["unassessed"].tolist() == [1, 1]
    assert found["single_point"].tolist() == [True, False]


def test_automation() -> None:
    assert adoption(2031, 2031, 0.5, 0.8) == pytest.approx(0.4)
    assert adoption(2050, 2031, 0.5, 0.8) == pytest.approx(0.8 / (1 + np.exp(-0.5 * 19)))
    assert released(100, 0.5, 0.4, 0.25, 0.5) == pytest.approx(100 * 0.5 * 0.4 * 0.25 * 0.5)

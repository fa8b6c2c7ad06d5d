"""Scores of a forecast: definitions, worked numbers, and what zeros do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from analytics.backtest import scores

KEYS = {"mae", "rmse", "bias", "mape", "smape", "wape", "coverage", "interval_score", "skill"}
NUMBERS = arrays(float, 5, elements=st.integers(-10_000, 10_000).map(float))


def test_all_scores_by_hand() -> None:
    """Actual 100, 50, 0, 20; forecast 110, 45, 2, 20: errors 10, -5, 2, 0. Range of 80 %: alpha .2."""
    got = scores([100, 50, 0, 20], [110, 45, 2, 20], [105, 40, 0, 15], [115, 48, 4, 25], 0.2, naive=[90, 60, 10, 20])
    assert set(got) == KEYS
    assert got["mae"] == pytest.approx(17 / 4)
    assert got["rmse"] == pytest.approx(math.sqrt((100 + 25 + 4) / 4))
    assert got["bias"] == pytest.approx(7 / 4)
    assert got["mape"] == pytest.approx(100 * (0.10 + 0.10 + 0) / 3)
    assert got["smape"] == pytest.approx((2000 / 210 + 1000 / 95 + 200 + 0) / 4)
    assert got["wape"] == pytest.approx(100 * 17 / 170)
    assert got["coverage"] == pytest.approx(2 / 4)
    assert got["interval_score"] == pytest.approx((10 + 10 * 5 + 8 + 10 * 2 + 4 + 10) / 4)
    assert got["skill"] == pytest.approx(1 - 17 / 30)


def test_interval_score_of_gneiting_and_raftery() -> None:
    """(u - l) + 2/alpha (l - x) below, + 2/alpha (x - u) above. Gneiting & Raftery (2007), JASA 102, equation 43."""
    for actual, expected in ((5, 4), (3, 4), (7, 4), (2, 4 + 40 * 1), (9.5, 4 + 40 * 2.5)):
        assert scores([actual], [5], [3], [7], 0.05)["interval_score"] == pytest.approx(expected)


def test_the_honest_range_has_the_best_interval_score() -> None:
    """The score is proper: over many draws of a standard normal the true 10 and 90 % points beat narrower and wider ones."""
    actual = norm.ppf((np.arange(4000) + 0.5) / 4000)
    bound = norm.ppf(0.9)
    score = {f: scores(actual, 0 * actual, -f * bound + 0 * actual, f * bound + 0 * actual, 0.2) for f in (0.7, 1.0, 1.4)}
    assert score[1.0]["coverage"] == pytest.approx(0.8, abs=0.002)
    assert score[1.0]["interval_score"] < min(score[0.7]["interval_score"], score[1.4]["interval_score"])


def test_zeros_never_break_a_score() -> None:
    got = scores([0, 0], [0, 0], [0, 0], [0, 0], 0.2, naive=[0, 0])
    assert (got["mae"], got["smape"], got["coverage"], got["interval_score"], got["skill"]) == (0, 0, 1, 0, 0)
    assert math.isnan(got["mape"])
    assert math.isnan(got["wape"])
    assert scores([0, 10], [1, 11], None, None, 0.2)["mape"] == pytest.approx(10)
    assert math.isnan(scores([3], [4], None, None, 0.2, naive=[3])["skill"])


def test_what_was_not_given_is_undefined() -> None:
    got = scores([1, 2], [1, 3], None, None, 0.2)
    assert all(math.isnan(got[key]) for key in ("coverage", "interval_score", "skill"))
    empty = scores([], [], [], [], 0.2)
    assert set(empty) == KEYS
    assert all(math.isnan(value) for value in empty.values())
    with pytest.raises(ValueError, match="alpha"):
        scores([1], [1], [0], [2], 20)
    with pytest.raises(ValueError, match=r"shape|broadcast"):
        scores([1, 2, 3], [1, 2], None, None, 0.2)


@given(NUMBERS, NUMBERS)
def test_laws_of_the_errors(actual: np.ndarray, forecast: np.ndarray) -> None:
    got = scores(actual, forecast, forecast - 1, forecast + 1, 0.2, naive=forecast)
    assert abs(got["bias"]) <= got["mae"] + 1e-9
    assert got["mae"] <= got["rmse"] + 1e-9
    assert 0 <= got["smape"] <= 200 + 1e-9
    assert 0 <= got["coverage"] <= 1
    assert got["interval_score"] >= 2 - 1e-9
    if got["mae"] > 0:
        assert got["skill"] == pytest.approx(0)

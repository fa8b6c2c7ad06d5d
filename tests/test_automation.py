"""Adoption of technology and the work it releases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.automation import adoption, mean_exposure, released, takeover_rate


def test_fisher_and_pry_substitution() -> None:
    """Fisher & Pry (1971): f = 1/2 [1 + tanh a (t - t0)], with takeover time (10 % to 90 %) 2.2/a; our rate is 2a."""
    a, middle = 0.11, 1980.0
    years = np.arange(1950, 2011)
    assert adoption(years, middle, 2 * a, 1.0) == pytest.approx(0.5 * (1 + np.tanh(a * (years - middle))))
    assert takeover_rate(2.2 / a) == pytest.approx(2 * a, rel=2e-3)


def test_half_the_maximum_in_the_middle_year() -> None:
    assert adoption(2031, 2031, 0.6, 50) == pytest.approx(25)
    assert isinstance(adoption(2031, 2031, 0.6, 50), float)


@given(st.floats(1, 30), st.floats(2028, 2036), st.floats(0.01, 1))
def test_takeover_from_ten_to_ninety_percent(years: float, midpoint: float, maximum: float) -> None:
    rate = takeover_rate(years)
    ends = adoption([midpoint - years / 2, midpoint + years / 2], midpoint, rate, maximum)
    assert ends == pytest.approx([0.1 * maximum, 0.9 * maximum])


@given(st.floats(-1e6, 1e6), st.floats(2028, 2036), st.floats(0, 5), st.floats(0, 1))
def test_adoption_stays_between_nothing_and_the_maximum(year: float, midpoint: float, rate: float, maximum: float) -> None:
    share = adoption(year, midpoint, rate, maximum)
    assert 0 <= share <= maximum
    assert adoption(year + 1, midpoint, rate, maximum) >= share


def test_released_work_is_the_plain_product() -> None:
    assert released(30, 0.5, 0.4, 0.5, 0.5) == pytest.approx(1.5)
    assert released([30, 10], [0.5, 0.0], 0.4, 0.5, 0.5) == pytest.approx([1.5, 0])
    assert released(30, 1, 1, 1, 1) == 30


def test_exposure_of_a_group_is_weighted_by_its_own_fte_and_unknown_is_not_zero() -> None:
    score, missing = mean_exposure([30, 10, 10], [0.6, 0.2, np.nan])
    assert score == pytest.approx(0.5)
    assert missing == pytest.approx(0.2)
    assert mean_exposure([10], [np.nan]) == (None, 1.0)


def test_a_takeover_takes_time() -> None:
    with pytest.raises(ValueError, match="some time"):
        takeover_rate(0)

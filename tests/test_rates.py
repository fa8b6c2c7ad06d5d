"""Chances: published shrinkage, conversions, and the two faults of other tools (dividing by twelve, adding causes up)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate
from scipy.stats import betabinom

from analytics.rates import (
    beta_binomial_variance,
    chance,
    competing,
    hazard,
    monthly,
    multiply,
    pooled,
    posterior,
    prior_strength,
    shrink,
)

CHANCES = st.floats(0, 0.999)
HAZARDS = st.lists(st.floats(0, 8), min_size=1, max_size=6)

# Efron & Morris (1977), Scientific American 236: hits in the first 45 at bats of 18 players in 1970.
HITS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
SEASON = np.array([346, 298, 276, 222, 273, 270, 263, 210, 269, 230, 264, 256, 303, 264, 226, 285, 316, 200]) / 1000


def test_example_of_the_contract() -> None:
    mean, weight = shrink([1], [10], prior=0.05, strength=10)
    assert mean == pytest.approx([0.075])
    assert weight == pytest.approx([0.5])
    assert competing([0.2, 0.1]) == pytest.approx([0.17278785, 0.08639393])
    assert monthly(0.12) == pytest.approx(1 - 0.88 ** (1 / 12))


def test_efron_and_morris_baseball_players() -> None:
    """The article shrinks with c = .212 to .265: the first .400 -> .294, the last .156 -> .242."""
    strength = 45 * (1 - 0.212) / 0.212
    mean, weight = shrink(HITS, [45], strength=strength)
    assert pooled(HITS, np.full(18, 45)) == pytest.approx(0.265, abs=5e-4)
    assert weight == pytest.approx(np.full(18, 0.212))
    assert mean[[0, 17]] == pytest.approx([0.294, 0.242], abs=1e-3)


def test_baseball_players_shrunk_by_the_method_of_moments_beat_their_own_averages() -> None:
    """Efron & Morris: total squared error of the own averages is three to four times that of the shrunken ones."""
    mean, _ = shrink(HITS, np.full(18, 45))
    own = ((HITS / 45 - SEASON) ** 2).sum()
    assert own / ((mean - SEASON) ** 2).sum() > 3


def test_strength_by_the_method_of_moments_worked_by_hand() -> None:
    """Two groups of 100 with 10 and 30 leavers: p0 = .2, noise .16; sum n(p-p0)^2 = 2; tau2 = (2 - .16)/(200 - 100) = .0184;
    K = .16/.0184 - 1 = 7.6957; Z = 100/107.6957 = .92854; means .2 -+ .092854."""
    assert prior_strength([10, 30], [100, 100]) == pytest.approx(0.16 / 0.0184 - 1)
    mean, weight = shrink([10, 30], [100, 100])
    assert weight == pytest.approx([0.928543, 0.928543], abs=1e-6)
    assert mean == pytest.approx([0.107146, 0.292854], abs=1e-6)


def test_unequal_groups_by_hand() -> None:
    """x = 2, 30 in n = 20, 80: p0 = .32, noise .2176; spread = 20(.22)^2 + 80(.055)^2 = 1.21; tau2 = (1.21 - .2176)/(100 - 68)."""
    assert prior_strength([2, 30], [20, 80]) == pytest.approx(0.2176 / ((1.21 - 0.2176) / 32) - 1)


def test_groups_that_differ_by_chance_only_are_pooled() -> None:
    mean, weight = shrink([5, 5, 5], [50, 50, 50])
    assert mean == pytest.approx([0.1, 0.1, 0.1])
    assert weight == pytest.approx(np.full(3, 50 / 550))
    assert prior_strength([1], [10]) == 500
    assert prior_strength([0, 0], [10, 10]) == 500


def test_strength_stays_between_5_and_500() -> None:
    assert prior_strength([0, 100], [100, 100]) == 5
    assert prior_strength([1001, 1099], [10_000, 10_000]) <= 500


def test_a_group_of_40_that_never_lost_anyone_can_lose_someone() -> None:
    mean, weight = shrink([0, 12, 8, 10], [40, 100, 120, 90])
    assert 0 < mean[0] < pooled([0, 12, 8, 10], [40, 100, 120, 90])
    assert 0 < weight[0] < 1


def test_nobody_seen_gives_the_prior_with_no_weight() -> None:
    mean, weight = shrink([0, 3], [0, 30], prior=[0.2, 0.1], strength=0)
    assert mean == pytest.approx([0.2, 0.1])
    assert weight == pytest.approx([0, 1])
    mean, weight = shrink([0], [0], prior=0.07)
    assert (mean[0], weight[0]) == pytest.approx((0.07, 0.0))
    assert [len(part) for part in shrink([], [])] == [0, 0]


@pytest.mark.parametrize(
    ("events", "exposure", "more"),
    [([-1], [10], {}), ([1], [-10], {}), ([1], [np.nan], {}), ([0], [0], {}), ([1], [10], {"prior": 1.2}), ([1], [10], {"strength": -1})],
)
def test_impossible_counts_are_refused(events: list, exposure: list, more: dict) -> None:
    with pytest.raises(ValueError, match=r"zero or more|no exposure|between 0 and 1"):
        shrink(events, exposure, **more)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 500)), min_size=1, max_size=20), st.floats(0, 1))
def test_a_shrunk_chance_lies_between_the_own_rate_and_the_prior(groups: list[tuple[int, int]], prior: float) -> None:
    n = np.array([float(exposure) for _, exposure in groups])
    x = np.minimum([float(events) for events, _ in groups], n)
    mean, weight = shrink(x, n, prior=prior)
    own = np.where(n > 0, x / np.where(n > 0, n, 1), prior)
    assert ((weight >= 0) & (weight < 1)).all()
    assert (mean >= np.minimum(own, prior) - 1e-12).all()
    assert (mean <= np.maximum(own, prior) + 1e-12).all()
    assert mean == pytest.approx(weight * own + (1 - weight) * prior)


@given(HAZARDS)
def test_competing_chances_sum_to_the_chance_of_leaving_at_all(hazards: list[float]) -> None:
    p = competing(hazards)
    assert p.shape == (len(hazards),)
    assert ((p >= 0) & (p <= 1)).all()
    assert p.sum() == pytest.approx(1 - np.exp(-sum(hazards)))


@given(st.floats(1e-6, 5), st.floats(1e-6, 5))
def test_each_competing_chance_equals_the_integral_over_the_year(first: float, second: float) -> None:
    """P(cause 1) = integral over the year of mu1 exp(-(mu1+mu2) t) dt: Chiang's competing risks with constant forces."""
    integral, _ = integrate.quad(lambda t: first * np.exp(-(first + second) * t), 0, 1)
    assert competing([first, second])[0] == pytest.approx(integral, rel=1e-6)


def test_separate_chances_are_never_added_up() -> None:
    separate = np.array([0.6, 0.6])
    together = competing(hazard(separate))
    assert separate.sum() > 1
    assert together.sum() == pytest.approx(1 - 0.4 * 0.4)
    assert (together < separate).all()


def test_zero_and_certain_hazards() -> None:
    assert competing(np.zeros((2, 3))).tolist() == [[0, 0, 0], [0, 0, 0]]
    assert competing([[np.inf, 0.5], [0.0, 0.5]]).tolist() == [[1, 0], [0, pytest.approx(1 - np.exp(-0.5))]]
    assert competing([np.inf, np.inf]) == pytest.approx([0.5, 0.5])
    assert competing([1e-12, 2e-12]) == pytest.approx([1e-12, 2e-12])
    with pytest.raises(ValueError, match="zero or more"):
        competing([0.1, -0.1])
    with pytest.raises(ValueError, match="zero or more"):
        competing([0.1, np.nan])


@given(CHANCES)
def test_twelve_months_make_the_year_again(annual: float) -> None:
    month = monthly(annual)
    assert 1 - (1 - month) ** 12 == pytest.approx(annual)
    assert month >= annual / 12 - 1e-15
    if annual > 1e-3:
        assert month > annual / 12


def test_a_yearly_chance_is_not_divided_by_twelve() -> None:
    """30 % a year is 2.93 % a month; 2.5 % a month would lose only 26 % in a year."""
    assert monthly(0.30) == pytest.approx(0.029285, abs=5e-6)
    assert pytest.approx(0.262, abs=1e-3) == 1 - (1 - 0.30 / 12) ** 12
    assert monthly([0.0, 1.0]).tolist() == [0, 1]


@given(CHANCES, st.floats(0, 10))
def test_multiplying_acts_on_the_hazard_so_a_chance_stays_a_chance(annual: float, factor: float) -> None:
    raised = float(multiply(annual, factor))
    assert 0 <= raised <= 1
    assert raised == pytest.approx(1 - (1 - annual) ** factor, abs=1e-12)


def test_multiplying_examples() -> None:
    assert float(multiply(0.9, 1.2)) == pytest.approx(1 - 0.1**1.2)  # .937, where 0.9 x 1.2 would be 1.08
    assert multiply([0.0, 1.0, 1.0], [2.0, 2.0, 0.0]).tolist() == [0, 1, 0]


@given(CHANCES)
def test_hazard_and_chance_are_inverse(annual: float) -> None:
    assert float(chance(hazard(annual))) == pytest.approx(annual)


def test_posterior_and_its_predictive_variance() -> None:
    """Casella (1985), Am. Stat. 39: Beta-binomial; checked against scipy's own distribution."""
    mean, _ = shrink([3], [40], prior=0.1, strength=20)
    a, b = posterior(mean, [40], 20)
    assert (a[0], b[0]) == pytest.approx((20 * 0.1 + 3, 20 * 0.9 + 37))
    assert beta_binomial_variance(25, a, b)[0] == pytest.approx(betabinom(25, a[0], b[0]).var())

"""Moves: published staffing examples with full numbers, vacancy chains with caps, and laws for any matrix."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chi2_contingency

from analytics.mobility import (
    absorb,
    chance_ever,
    estimate_transitions,
    expected_moves,
    expected_years,
    homogeneity,
    push,
    push_covariance,
    push_fixed_size,
    steady_state,
    vacancy_chain,
    vacancy_moves,
)
from analytics.tables import life_table_us

# Heneman, Judge & Kammeyer-Mueller, Staffing Organizations, "Markov analysis" application: sales force of 2012, chances 2010-11.
SALES = np.array([500, 150, 50, 30])
SALES_CHANCES = np.array([[0.50, 0.10, 0.05, 0.00], [0.05, 0.60, 0.10, 0.00], [0.05, 0.00, 0.80, 0.10], [0.00, 0.00, 0.00, 0.70]])

# Idem, the Tanglewood case, table 1.1: workforce of the previous year, and where it is now (last column left).
STORE = np.array([8500, 1200, 850, 150, 50])
STORE_FLOWS = np.array(
    [
        [3655, 510, 0, 0, 0, 4335],
        [0, 648, 192, 0, 0, 360],
        [0, 0, 544, 51, 0, 255],
        [0, 0, 9, 78, 12, 51],
        [0, 0, 0, 0, 33, 17],
    ]
)

# Grinstead & Snell (1997), Introduction to Probability, examples 11.13-11.15: the drunkard's walk over three corners.
WALK = np.array([[0, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0]])


@st.composite
def firms(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """A stock and a transition matrix with at least 2 % leaving every role."""
    k = draw(st.integers(1, 5))
    weights = draw(arrays(float, (k, k + 1), elements=st.floats(0, 1)))
    weights[:, -1] += 0.02 * (weights.sum(axis=1) + 1)
    stock = draw(arrays(float, k, elements=st.floats(0, 500)))
    return stock, (weights / weights.sum(axis=1, keepdims=True))[:, :-1]


def test_examples_of_the_contract() -> None:
    assert push([100], [[0.9]], [5], 1).tolist() == [[100], [95]]
    assert vacancy_chain([0, 10], [[0, 0], [0.6, 0]]) == pytest.approx([6, 10])
    assert expected_years([[0.5]]) == pytest.approx(np.array([[2]]))


def test_published_sales_force_forecast() -> None:
    """Printed answers: 175, 37.5, 2.5 and 9 leave; 260, 140, 80 and 26 are available."""
    moves, leavers = expected_moves(SALES, SALES_CHANCES)
    assert leavers == pytest.approx([175, 37.5, 2.5, 9])
    assert moves[0] == pytest.approx([250, 50, 25, 0])
    assert push(SALES, SALES_CHANCES, np.zeros(4), 1)[1] == pytest.approx([260, 140, 80, 26])


def test_published_store_chances_from_counts() -> None:
    """Printed table 1.1: shares .43 .06 / .54 .16 / .64 .06 / .06 .52 .08 / .66, exits .51 .30 .30 .34 .34."""
    chances, weight = estimate_transitions(STORE_FLOWS[:, :-1], STORE_FLOWS[:, -1], strength=0)
    assert np.diag(chances) == pytest.approx([0.43, 0.54, 0.64, 0.52, 0.66])
    assert [chances[0, 1], chances[1, 2], chances[2, 3], chances[3, 2], chances[3, 4]] == pytest.approx([0.06, 0.16, 0.06, 0.06, 0.08])
    assert 1 - chances.sum(axis=1) == pytest.approx([0.51, 0.30, 0.30, 0.34, 0.34])
    assert weight == pytest.approx(np.ones(5))
    assert push(STORE, chances, np.zeros(5), 1)[1] == pytest.approx([3655, 1158, 745, 129, 45])


def test_published_fundamental_matrix() -> None:
    assert expected_years(WALK) == pytest.approx(np.array([[1.5, 1, 0.5], [1, 2, 1], [0.5, 1, 1.5]]))
    assert expected_years(WALK).sum(axis=1) == pytest.approx([3, 4, 3])
    assert chance_ever(WALK)[0] == pytest.approx([1, 0.5, 1 / 3])  # gambler's ruin: from corner 1, 3 before 0 is 1/3


def test_published_life_expectancy_is_expected_years_less_half_a_year() -> None:
    """US period life table: a chain of single ages has the printed e0 (75.90 men, 80.81 women) and e65 as row sums - 1/2.

    Deaths fall half a year later than the start of their year; infants die earlier, which explains up to 0.01."""
    table = life_table_us()
    for sex in ("male", "female"):
        ladder = np.diag(1 - table[f"{sex}_qx"].to_numpy()[:-1], k=1)
        remaining = expected_years(ladder).sum(axis=1) - 0.5
        printed = table[f"{sex}_ex"].to_numpy()
        assert remaining[[0, 20, 40, 65]] == pytest.approx(printed[[0, 20, 40, 65]], abs=0.02)


def test_steady_state_stays_and_pulls() -> None:
    recruits = np.array([120.0, 40, 2, 1])
    level = steady_state(SALES_CHANCES, recruits)
    assert push(level, SALES_CHANCES, recruits, 7) == pytest.approx(np.tile(level, (8, 1)))
    assert push(SALES, SALES_CHANCES, recruits, 200)[-1] == pytest.approx(level, rel=1e-6)
    assert level.sum() == pytest.approx((recruits @ expected_years(SALES_CHANCES)).sum())


def test_recruits_that_differ_by_year_do_not_move_in_the_year_they_come() -> None:
    path = push([10, 0], [[0.5, 0.5], [0, 1]], [[4, 0], [0, 6]], 2)
    assert path.tolist() == [[10, 0], [9, 5], [4.5, 15.5]]


def test_fixed_size_by_hand() -> None:
    """n = (60, 40), P = [[.6,.2],[0,.9]]: 36 and 48 stay, 16 are hired, three in four in the first role: (48, 52)."""
    path, hired = push_fixed_size([60, 40], [[0.6, 0.2], [0, 0.9]], [0.75, 0.25], 1)
    assert hired[0] == pytest.approx([12, 4])
    assert path[1] == pytest.approx([48, 52])


def test_fixed_size_reaches_the_stationary_structure() -> None:
    """Bartholomew, Forbes & McClean: Q = P + w'r is stochastic and the structure tends to pi with pi Q = pi."""
    chances, shares = np.array([[0.6, 0.2], [0, 0.9]]), np.array([0.75, 0.25])
    path, _ = push_fixed_size([60, 40], chances, shares, 300)
    closed = chances + np.outer(1 - chances.sum(axis=1), shares)
    assert path.sum(axis=1) == pytest.approx(np.full(301, 100))
    assert path[-1] @ closed == pytest.approx(path[-1])


def test_a_plan_that_shrinks_faster_than_people_leave_hires_nobody() -> None:
    path, hired = push_fixed_size([100.0], [[0.95]], [1.0], 3, growth=[-20, 0, 0])
    assert hired[0] == 0
    assert path[1] == pytest.approx([95])
    assert path[3].sum() >= 80


@given(firms(), st.integers(0, 8), st.floats(0, 50))
def test_nobody_appears_or_vanishes(firm: tuple[np.ndarray, np.ndarray], years: int, recruits: float) -> None:
    stock, chances = firm
    path = push(stock, chances, np.full(len(stock), recruits), years)
    assert (path >= 0).all()
    for year in range(years):
        moves, leavers = expected_moves(path[year], chances)
        assert moves.sum() + leavers.sum() == pytest.approx(path[year].sum())
        assert path[year + 1].sum() == pytest.approx(path[year].sum() - leavers.sum() + recruits * len(stock))


@given(firms())
def test_covariance_of_people_who_decide_alone(firm: tuple[np.ndarray, np.ndarray]) -> None:
    stock, chances = firm
    covariance = push_covariance(stock, chances)
    leave = 1 - chances.sum(axis=1)
    assert covariance == pytest.approx(covariance.T)
    assert covariance.sum() == pytest.approx((stock * leave * (1 - leave)).sum(), abs=1e-6)  # the total is binomial
    assert np.diag(covariance) == pytest.approx((stock[:, None] * chances * (1 - chances)).sum(axis=0), abs=1e-6)


@pytest.mark.parametrize("matrix", [[[1.1]], [[-0.1]], [[0.6, 0.6], [0, 1]], [[0.5, 0.5]], [[np.nan]]])
def test_impossible_chances_are_refused_not_rescaled(matrix: list) -> None:
    with pytest.raises(ValueError, match=r"transitions must be square|sums to at most 1"):
        push(np.ones(len(matrix)), matrix, np.zeros(len(matrix)), 1)


def test_a_role_nobody_can_leave_has_no_expected_years() -> None:
    with pytest.raises(ValueError, match="never be left"):
        expected_years([[1.0]])
    with pytest.raises(ValueError, match="filled from outside"):
        vacancy_chain([1, 1], [[0, 1], [1, 0]])


def test_vacancy_chain_multiplier() -> None:
    """White (1970), Chains of Opportunity: when a share s of every vacancy is filled from inside, a chain has 1/(1-s) vacancies."""
    assert vacancy_chain([8], [[0.75]]) == pytest.approx([32])


def test_one_leaver_sets_a_ladder_in_motion_by_hand() -> None:
    """Ten lead posts, half filled by mechanics (5), of whose posts four in five are filled by apprentices (4)."""
    shares = [[0, 0, 0], [0.8, 0, 0], [0, 0.5, 0]]
    chain = vacancy_moves([0, 0, 10], shares)
    assert chain.vacancies == pytest.approx([4, 5, 10])
    assert chain.moves[1, 2] == pytest.approx(5)
    assert chain.moves[0, 1] == pytest.approx(4)
    assert chain.hires == pytest.approx([4, 1, 5])
    assert not chain.capped.any()


def test_no_role_gives_more_people_than_it_has() -> None:
    chain = vacancy_moves([0, 0, 10], [[0, 0, 0], [0.8, 0, 0], [0, 0.5, 0]], stock=[10, 2, 10])
    assert chain.moves[1].sum() == pytest.approx(2)
    assert chain.vacancies == pytest.approx([1.6, 2, 10])
    assert chain.hires == pytest.approx([1.6, 0.4, 8])
    assert chain.capped.tolist() == [False, True, False]


@given(firms(), st.booleans())
def test_hires_from_outside_equal_the_first_vacancies(firm: tuple[np.ndarray, np.ndarray], limited: bool) -> None:
    vacancies, shares = firm
    stock = np.arange(len(vacancies)) * 10.0 if limited else None
    chain = vacancy_moves(vacancies, shares, stock)
    assert chain.hires.sum() == pytest.approx(vacancies.sum(), abs=1e-5)
    assert (chain.hires >= -1e-6).all()
    assert chain.vacancies == pytest.approx(vacancies + chain.moves.sum(axis=1), abs=1e-5)
    if limited:
        assert (chain.moves.sum(axis=1) <= stock + 1e-6).all()


def test_vanishing_posts_first_absorb_leavers() -> None:
    vacancies, surplus = absorb([-3, -3, 2], [5, 1, 4])
    assert vacancies.tolist() == [2, 0, 6]
    assert surplus.tolist() == [0, 2, 0]


def test_estimates_shrink_toward_the_firm_by_hand() -> None:
    """Role B (4 people, all stayed) with K = 16 toward prior (0, .9): stay (16 x .9 + 4)/20 = .92, leave .08."""
    chances, weight = estimate_transitions([[80, 10], [0, 4]], [10, 0], prior=[[0.8, 0.1], [0, 0.9]], strength=16)
    assert chances[1] == pytest.approx([0, 0.92])
    assert weight == pytest.approx([100 / 116, 0.2])


def test_an_empty_role_gets_the_firms_chances_and_never_nan() -> None:
    chances, weight = estimate_transitions([[80, 10, 0], [0, 45, 5], [0, 0, 0]], [10, 0, 0])
    assert np.isfinite(chances).all()
    assert weight[2] == 0
    assert 0 < chances[2].sum() < 1
    with pytest.raises(ValueError, match="give a prior"):
        estimate_transitions([[0]], [0])


def test_years_are_pooled_by_counts_not_by_averaging_rates() -> None:
    """1 of 10 leaves in the first year, 30 of 100 in the second: 31/110, where the mean of rates would be .20."""
    chances, _ = estimate_transitions([[[9]], [[70]]], [[1], [30]], strength=0)
    assert 1 - chances[0, 0] == pytest.approx(31 / 110)


@given(
    st.integers(1, 4).flatmap(lambda k: arrays(int, (k, k + 1), elements=st.integers(0, 60))),
    st.one_of(st.none(), st.floats(0, 100)),
)
def test_estimated_rows_are_chances(counts: np.ndarray, strength: float | None) -> None:
    if counts.sum() == 0:
        return
    chances, weight = estimate_transitions(counts[:, :-1], counts[:, -1], strength=strength)
    assert (chances >= 0).all()
    assert (chances.sum(axis=1) <= 1 + 1e-12).all()
    assert ((weight >= 0) & (weight <= 1)).all()


def test_homogeneity_equals_pearsons_test_of_years_against_outcomes() -> None:
    """One role, two years: Anderson & Goodman's statistic is the ordinary chi-square of the 2 x 3 table."""
    years = np.array([[80, 10, 10], [60, 30, 10]])
    counts = np.zeros((2, 2, 2))
    counts[:, 0, :] = years[:, :2]
    leavers = np.zeros((2, 2))
    leavers[:, 0] = years[:, 2]
    result = homogeneity(counts, leavers)
    expected = chi2_contingency(years)
    assert result == pytest.approx((expected.statistic, expected.dof, expected.pvalue))
    assert result.p_value < 0.01


def test_homogeneity_with_nothing_to_test() -> None:
    assert homogeneity([[[9]]], [[1]]).p_value == 1
    assert homogeneity([[[90]], [[90]]], [[10], [10]]) == (0, 1, 1)


def test_the_firm_as_a_whole_by_hand() -> None:
    """150 people, 10 move (all to role 1), 15 leave, 125 stay. Role 0: 1/15 moves, the rest stays 125 : 15 leaves;
    role 1 has nowhere to go. So much strength that only the firm counts."""
    chances, _ = estimate_transitions([[80, 10], [0, 45]], [10, 5], strength=1e12)
    assert chances == pytest.approx(np.array([[14 / 15 * 125 / 140, 1 / 15], [0, 125 / 140]]))


def test_strength_of_rows_is_the_method_of_moments_on_who_does_not_stay() -> None:
    """10 and 30 of 100 go: K = .16/.0184 - 1, the example of test_rates; weight 100/(100 + K)."""
    _, weight = estimate_transitions([[90, 0], [0, 70]], [10, 30])
    assert weight == pytest.approx(np.full(2, 100 / (99 + 0.16 / 0.0184)))


def test_homogeneity_keeps_small_cells_and_skips_tiny_ones() -> None:
    table = np.array([[30, 5], [20, 8]])
    expected = chi2_contingency(table, correction=False)
    assert homogeneity(table[:, :1, None], table[:, 1:])[:2] == pytest.approx((expected.statistic, 1))
    tiny = np.array([[49, 1], [50, 0]])  # half a leaver expected a year: only the stayers count
    assert homogeneity(tiny[:, :1, None], tiny[:, 1:]).chi2 == pytest.approx(2 * 0.5**2 / 49.5)

"""How sure the numbers coming in are: laws of the draws of hires and moves."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analytics import coming
from analytics.coming import firm_variance, hire_factors, hires_seen, move_levels
from analytics.estimate import HIRE_SIGMA_DEFAULT, default_chances, estimate
from analytics.moments import FILLED
from analytics.projection import prepare, project
from analytics.scenario import Override, Scenario
from analytics.small import counts
from analytics.uncertainty import bent, factors, quantiles, ranges, responses
from analytics.workforce import PERMANENT
from tests.firms import cohorts, history, no_history, person
from tests.simulation import Person, World, simulate
from tests.test_projection_simulation import _chance

YEARS = 6
DRAWS = 4000
SET = Scenario(hires_per_year=12.0)


@cache
def firm(years=3, each=6, moves=True, calm=False, roles=("A", "B")):
    """Two roles of forty people; `each` hires a role in each of `years` years; moves from A to B."""
    rows = [person(role, age, people=8) for role in roles for age in (25, 32, 39, 46, 53)]
    found = cohorts(rows)
    past = list(range(2026 - years, 2026))
    exposure = [
        {"role": role, "age_band": 1, "tenure_band": 3, "year": year, "person_years": 40.0, "resignation": 2.0}
        for role in roles
        for year in past
    ]
    hires = [(role, year, 28, each) for role in roles for year in past if each]
    moved = [("A", "B", year, 4) for year in past] if moves else ()
    rates = estimate(history(exposure, moved, hires, years=years), found)
    if calm:
        rates = replace(rates, table=rates.table.assign(resignation=0.0, other_exit=0.0))
    return prepare(found, rates, YEARS)


def width(base, scenario, member, step=3):
    found = ranges(base, project(base, scenario), np.asarray(member, float), draws=400)
    return (found.high - found.low)[:, step]


# keys


def test_the_same_scenario_has_the_same_hires_in_every_draw():
    base = firm()
    first, second = (hire_factors(base, project(base, Scenario()), 50, 7) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    first, second = (responses(base, project(base, Scenario()), 50, 7) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("scenario", [Scenario(resignation_multiplier=1.4), Scenario(demand_growth=3.0), Scenario(absence_multiplier=1.3)])
def test_other_levers_change_no_hire(scenario):
    base = firm()
    usual, changed = (hire_factors(base, project(base, asked), 50, 7) for asked in (Scenario(), scenario))
    np.testing.assert_array_equal(usual, changed)


def test_hires_of_one_role_change_nothing_elsewhere():
    base = firm(moves=False)
    more = Scenario(overrides=(Override("hires_per_year", 9.0, role="A"),))
    usual, changed = (responses(base, project(base, asked), 50, 7) for asked in (Scenario(), more))
    np.testing.assert_array_equal(usual[1], changed[1])
    assert np.abs(usual[0] - changed[0])[1:].min() > 0
    before = factors(base, 50, 7, YEARS).copy()
    project(base, more)
    np.testing.assert_array_equal(factors(base, 50, 7, YEARS), before)


def test_numbers_belong_to_the_role_not_to_its_place():
    alone, among = firm(moves=False, roles=("B",)), firm(moves=False)
    one, two = (hire_factors(base, project(base, asked), 50, 7) for base, asked in ((alone, Scenario(hires_per_year=6.0)), (among, SET)))
    np.testing.assert_allclose(one[:, 0], two[:, 1], rtol=1e-12)


# the layers, one by one


def test_on_average_as_many_come_in_as_the_projection_says():
    base = firm()
    found = hire_factors(base, project(base, Scenario()), DRAWS, 3)
    np.testing.assert_allclose(found.mean(axis=2), 1.0, atol=0.04)
    assert found.min() >= 0


def test_how_many_posts_fall_open_makes_hires_a_poisson_number(monkeypatch):
    """Each post is filled or not: n f (1 - f). Posts that fall open by chance add what is missing to n f."""
    monkeypatch.setattr(coming, "FILL_SPREAD", 0.0)
    base = firm()
    base = replace(base, rates=replace(base.rates, hire_sigma=0.0), cache={})
    projection = project(base, SET)
    hires = projection.run.hires[:, 2]
    found = hire_factors(base, projection, DRAWS, 3)[2].std(axis=1)
    np.testing.assert_allclose(hires * (1 - FILLED) + (hires * found) ** 2, hires, rtol=0.06)


def test_a_year_in_which_filling_takes_longer_gives_its_hires_to_the_next(monkeypatch):
    base = firm()
    base = replace(base, rates=replace(base.rates, hire_sigma=0.0), cache={})
    found = coming._common(base, np.full(len(base.groups), 4.0), DRAWS, 3, YEARS)[:, 0]
    one = found[0].std()
    assert one == pytest.approx(coming.FILL_SPREAD * 4 / 12, rel=0.05)
    np.testing.assert_allclose(found.sum(axis=0).std(), one, rtol=0.05)  # only the last year's are still to come
    longer = coming._common(base, np.full(len(base.groups), 8.0), DRAWS, 3, YEARS)[:, 0]
    np.testing.assert_allclose(longer - 1, 2 * (found - 1), atol=1e-12)


def test_fewer_years_are_less_certain_and_a_decision_is_not_in_doubt():
    one, three = firm(years=1), firm(years=3)
    np.testing.assert_allclose(hires_seen(one.rates, one), 6)
    np.testing.assert_allclose(hires_seen(three.rates, three), 18)
    few, more, chosen = (
        hire_factors(base, project(base, asked), DRAWS, 3)[2].std(axis=1)
        for base, asked in ((one, Scenario()), (three, Scenario()), (three, SET))
    )
    assert np.all(few > 1.05 * more)
    assert np.all(more > 1.02 * chosen)
    assert width(one, Scenario(), [[1, 1]])[0] > width(three, Scenario(), [[1, 1]])[0] > width(three, SET, [[1, 1]])[0]


def test_good_and_bad_years_are_in_the_range_of_the_total():
    """Nobody leaves: what varies is who comes in, and it varies together."""
    base = firm(moves=False, calm=True, each=30)
    found = width(base, Scenario(), [[1, 0], [0, 1], [1, 1]])
    assert found[2] > 1.15 * np.hypot(found[0], found[1])
    steady = replace(base, rates=replace(base.rates, hire_sigma=0.0), cache={})
    assert width(steady, Scenario(), [[1, 1]])[0] < 0.8 * found[2]


def test_unsteady_years_of_hiring_widen_the_shock():
    def sigma(numbers):
        found = cohorts([person("A", 40)])
        hires = [("A", 2021 + n, 28, number) for n, number in enumerate(numbers)]
        exposure = [{"role": "A", "age_band": 1, "tenure_band": 3, "year": 2021 + n, "person_years": 100.0} for n in range(len(numbers))]
        return estimate(history(exposure, (), hires, years=len(numbers)), found).hire_sigma

    assert sigma([100, 100, 100, 100, 100]) < HIRE_SIGMA_DEFAULT
    assert sigma([20, 180, 30, 200, 40]) > 2 * HIRE_SIGMA_DEFAULT
    assert sigma([20, 180]) == HIRE_SIGMA_DEFAULT
    assert estimate(no_history(), cohorts([person("A", 40)])).hire_sigma == HIRE_SIGMA_DEFAULT


def test_the_firms_own_variance_is_that_of_the_draws():
    base = firm(each=30)
    projection = project(base, Scenario())
    hires = projection.run.hires[:, 2]
    drawn = (hires[:, None] * hire_factors(base, projection, DRAWS, 3)[2]).sum(axis=0).var() + hires.sum() * (1 - FILLED)
    assert firm_variance(base.rates, hires.sum()) == pytest.approx(drawn, rel=0.2)


# moves


def test_moves_in_doubt_move_people_and_lose_nobody():
    base = firm(each=0, calm=True)
    projection = project(base, Scenario(generation_pact_uptake=0.0))
    found = bent(base, projection, np.ones((2, 60, 2, YEARS)), np.ones((YEARS, 1, 60)), move_levels(base, 60, 3))
    flat = projection.run.fte.sum(axis=0)[:, None]
    scale = projection.fte / projection.run.fte
    np.testing.assert_allclose((found / scale[..., None]).sum(axis=0), np.broadcast_to(flat, (YEARS + 1, 60)), rtol=1e-9)
    assert found[0, 3].std() > 0.1
    assert found.min() > 0


def test_more_moves_seen_are_more_certain():
    few, many = (move_levels(firm(years=years), DRAWS, 3)[0].std() for years in (1, 3))
    assert few > many > 0
    np.testing.assert_array_equal(move_levels(firm(), 20, 3)[1], 1.0)  # nobody leaves B for another role


@pytest.mark.parametrize("factor", [0.7, 1.4])
def test_response_to_hires_agrees_with_projecting_again(factor):
    base = firm()
    usual, again = (project(base, Scenario(hires_per_year=12.0 * each)) for each in (1.0, factor))
    quick = bent(base, usual, np.ones((2, 1, 2, YEARS)), np.full((YEARS, 1, 1), factor))[..., 0]
    effect = np.abs(again.fte - usual.fte)
    assert np.all(np.abs(quick - again.fte)[:, 1:] <= 0.12 * effect[:, 1:] + 0.05)


# few people


def test_few_people_keep_their_number_when_a_draw_has_more_than_there_can_be():
    """A draw with half as many again: who is there cannot be there twice, so the others come in from outside."""
    found = cohorts([person("A", 40, people=5)])
    base = prepare(found, estimate(no_history(), found), 3)
    projection = project(base, Scenario(hires_per_year=1.0))
    law = counts(base, projection, np.ones((1, 1)), np.full((1, 4, 1), 1.5))[0]
    np.testing.assert_allclose(law @ np.arange(law.shape[1]), 1.5 * projection.people[0], rtol=1e-6)


# coverage


def _hiring_firm(rng):
    """A made-up firm: true levels of leaving and of hiring, and a history of both drawn from them."""
    rows = [person("A", int(age), tenure=3, offset=int(rng.integers(0, 12))) for age in rng.integers(22, 56, 120)]
    level, rate = np.exp(rng.normal(0, 0.2)), 12.0 * np.exp(rng.normal(0, 0.3))
    years = int(rng.integers(1, 6))
    leave, hire = (_shocks(rng, 15) for _ in range(2))
    exposure, hires = [], []
    for year in range(years):
        z, came = leave[year], int(rng.poisson(rate * np.exp(hire[year])))
        for row in default_chances()[lambda frame: frame["contract"] == PERMANENT].itertuples():
            seen = 40 if row.tenure_band == 3 and row.age_band in (1, 2) else 4
            chance = 1 - np.exp(np.log1p(-row.resignation) * level * np.exp(z))
            where = {"role": "A", "age_band": row.age_band, "tenure_band": row.tenure_band, "year": 2026 - years + year}
            exposure.append(
                where | {"person_years": float(seen), "resignation": float(rng.binomial(seen, chance)), "other_exit": seen * row.other_exit}
            )
        hires.append(("A", 2026 - years + year, 28, came))
    return rows, history(exposure, (), hires, years=years), level, leave[years:], rate, hire[years:]


def _shocks(rng, number):
    out = np.zeros(number)
    for t in range(number):
        out[t] = rng.normal(0, 0.15) if t == 0 else 0.5 * out[t - 1] + rng.normal(0, 0.15 * np.sqrt(0.75))
    return out


@pytest.mark.slow
def test_ninety_percent_range_covers_firms_that_hire_too():
    """Two hundred firms whose chances to leave and whose hires are drawn, known from one to five years only: 86 to 94 of 100 inside."""
    resign, other = _chance("resignation"), _chance("other_exit")
    inside = []
    for number in range(200):
        rng = np.random.default_rng(1000 + number)
        rows, past, level, z, rate, hire = _hiring_firm(rng)
        found = cohorts(rows)
        base = prepare(found, estimate(past, found), 5)
        projection = project(base, Scenario(work_on_after_aow=0.0), 5)
        people = responses(base, projection, 400, number, people=True)
        low, high = quantiles(people, np.sqrt(projection.var_people), (0.05, 0.95))
        posts = [float(rng.poisson(rate / FILLED * np.exp(hire[t]))) for t in range(5)]
        world = World(None, other, first_year=None, hires={"A": (posts, FILLED, [(28, 1.0)], 1.0)})
        world.resign = lambda g, a, s, world=world, level=level, z=z: 1 - (1 - resign(g, a, s)) ** (level * np.exp(z[world.now]))
        staff = [Person("A", row["age"], row["pension_month"], 6) for row in rows]
        final = simulate(world, staff, 5, number)[-1]["people"].get("A", 0)
        inside.append(low[0, 5] <= final <= high[0, 5])
    assert 0.86 <= np.mean(inside) <= 0.94, np.mean(inside)

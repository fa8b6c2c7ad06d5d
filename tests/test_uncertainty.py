"""Ranges: keyed random numbers, the response against full projections, exact law of few people, coverage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.draws import gamma, group_keys, key, normals, shocks
from analytics.estimate import estimate
from analytics.projection import prepare, project
from analytics.renewal import lapse_levels, relative_variance
from analytics.scenario import LEVERS, Override, Scenario
from analytics.small import stay_chances
from analytics.uncertainty import bent, factors, few_people, past_shock, ranges, responses
from analytics.workforce import FIXED, PERMANENT
from tests.firms import cohorts, history, no_history, person

YEARS = 15


def _staff(role, people=4, ages=range(20, 67)):
    return [
        person(role, age, tenure=age % 4, offset=age % 12, people=people, contract=FIXED if age % 9 == 0 else PERMANENT, end=7)
        for age in ages
    ]


def _base(rows, **more):
    firm = cohorts(rows, **more)
    return prepare(firm, estimate(no_history(), firm), YEARS)


@pytest.fixture(scope="module")
def two():
    return _base([*_staff("A"), *_staff("B")], demand={"A": (190.0, 0, 0.01), "B": (170.0, 0, 0.0)}, heavy=("A",))


def test_the_same_scenario_differs_by_nothing_in_every_draw(two):
    first, second = (responses(two, project(two, Scenario(hires_per_year=9.0)), 50, 7) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_lever_for_one_role_changes_nothing_elsewhere(two):
    scenario = Scenario(hires_per_year=9.0)
    usual = responses(two, project(two, scenario), 50, 7)
    changed = responses(two, project(two, replace(scenario, overrides=(Override("resignation_multiplier", 1.3, role="A"),))), 50, 7)
    np.testing.assert_array_equal(usual[1], changed[1])
    assert np.abs(usual[0] - changed[0])[1:].min() > 0


def test_the_same_firm_prepared_twice_differs_by_nothing_in_every_draw(two):
    """Not because an answer is kept: a second process draws the same numbers."""
    again = _base([*_staff("A"), *_staff("B")], demand={"A": (190.0, 0, 0.01), "B": (170.0, 0, 0.0)}, heavy=("A",))
    first, second = (responses(base, project(base, Scenario(hires_per_year=9.0)), 50, 7) for base in (two, again))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("lever", sorted(LEVERS))
def test_any_lever_for_one_role_leaves_every_draw_of_the_other_as_it_was(two, lever):
    value = 0.0 if LEVERS[lever].kind == "yes_no" else LEVERS[lever].bounds(4.0)[1]
    usual = responses(two, project(two, Scenario()), 20, 7)
    changed = responses(two, project(two, Scenario(overrides=(Override(lever, float(value), role="A"),))), 20, 7)
    dates = lever in ("contract_ends_at_aow", "retirement_shift_months", "statutory_age_step_months")  # people are added in another order
    np.testing.assert_allclose(changed[1], usual[1], rtol=1e-13 if dates else 0)


def test_demand_changes_no_supply_range(two):
    member = np.ones((1, 2))
    first, second = (ranges(two, project(two, Scenario(demand_growth=growth)), member) for growth in (0.0, 3.0))
    np.testing.assert_array_equal(first.low, second.low)
    assert np.all(second.p_short >= first.p_short)


def test_numbers_belong_to_the_group_not_to_its_place():
    """Another role beside it, or another order, leaves a role's draws as they were."""
    alone, among = _base(_staff("B")), _base([*_staff("A"), *_staff("B"), *_staff("C")])
    one, three = (factors(base, 30, 5, 10) for base in (alone, among))
    np.testing.assert_array_equal(one[:, :, 0], three[:, :, 1])
    assert not np.array_equal(factors(alone, 30, 6, 10), one)


def test_normal_numbers_are_normal():
    draws = normals(3, np.arange(200_000), key("x"))
    assert abs(draws.mean()) < 0.01
    assert abs(draws.std() - 1) < 0.01
    assert abs(np.corrcoef(draws[1:], draws[:-1])[0, 1]) < 0.01
    assert len(np.unique(group_keys(_base([*_staff("A"), *_staff("B")]).groups))) == 2


def test_what_all_share_leans_to_neither_side():
    z = shocks(2026, np.arange(200), 10, 0.15)
    np.testing.assert_allclose(z.mean(axis=0), 0.0, atol=1e-15)
    np.testing.assert_allclose(z[::2], -z[1::2])


def test_shocks_have_the_spread_and_memory_asked_for():
    z = shocks(1, np.arange(20_000), 6, 0.15)
    np.testing.assert_allclose(z.std(axis=0), 0.15, rtol=0.03)
    assert np.corrcoef(z[:, 3], z[:, 4])[0, 1] == pytest.approx(0.5, abs=0.03)


def test_levels_have_mean_one_and_the_spread_of_their_events():
    levels = gamma(25.0, normals(1, np.arange(100_000)))
    assert levels.mean() == pytest.approx(1.0, abs=0.01)
    assert levels.std() == pytest.approx(0.2, rel=0.03)


@pytest.mark.parametrize("factor", [0.75, 1.3])
def test_response_agrees_with_projecting_again(two, factor):
    """A factor on the hazard of resigning, all years: the quick response is within a twentieth of the effect it measures."""
    scenario = Scenario(hires_per_year=9.0)
    usual = project(two, scenario)
    again = project(two, replace(scenario, resignation_multiplier=factor))
    quick = _respond(two, usual, np.full(YEARS, factor))
    effect = np.abs(again.fte - usual.fte)
    assert np.all(np.abs(quick - again.fte)[:, 1:] <= 0.12 * effect[:, 1:] + 0.05)
    assert np.abs(quick - again.fte)[:, -1].max() / effect[:, -1].max() < 0.12


@pytest.mark.parametrize("factor", [0.6, 1.5])
def test_response_to_contracts_that_end_agrees_with_projecting_again(factor):
    """A factor on the chance that a contract is not renewed, of today's staff and of new colleagues: within a tenth of its effect
    in the years in which they end; later those who were renewed leave less or more than their group, and it is off by a quarter."""
    base = replace(_temporary(), hire_fixed=np.array([0.3]), cache={})
    usual, again = (project(each, Scenario(hires_per_year=9.0)) for each in (base, replace(base, lapse=base.lapse * factor, cache={})))
    ones = np.ones((2, 1, 1, YEARS))
    quick = bent(base, usual, ones, np.ones((YEARS, 1, 1)), lapse=np.array([factor]))[..., 0]
    effect, off = np.abs(again.fte - usual.fte)[:, 1:], np.abs(quick - again.fte)[:, 1:]
    assert effect.max() > 1
    assert np.all(off[:, :5] <= 0.1 * effect.max())
    assert np.all(off <= 0.27 * effect.max())


def test_renewal_of_contracts_is_in_doubt():
    """One chance for the firm, more certain with more contracts behind it, and nobody's contract ends twice."""
    base = _temporary()
    levels = lapse_levels(base, 4000, 7)
    assert levels.mean() == pytest.approx(1.0, abs=0.02)
    assert levels.std() == pytest.approx(np.sqrt(relative_variance(base)), rel=0.06)
    assert levels.max() * base.lapse <= 1.0
    np.testing.assert_array_equal(levels, lapse_levels(base, 4000, 7))
    seen = replace(base, rates=replace(base.rates, years=5), cache={})
    assert lapse_levels(seen, 4000, 7).std() < 0.7 * levels.std()
    assert np.all(lapse_levels(replace(base, lapse=1.0), 50, 7) == 1.0)  # beyond doubt: never renewed
    known, member = project(base, Scenario(hires_per_year=0.0)), np.ones((1, 1))
    wide, narrow = (ranges(each, known, member) for each in (base, replace(base, lapse=1.0)))
    curve = ~few_people(known, member)[0]  # whole people are too coarse to compare
    curve[:3] = False
    assert curve.sum() >= 10
    assert np.all((wide.high - wide.low)[:, curve] > (narrow.high - narrow.low)[:, curve] + 0.2)


def _temporary():
    """Eighty people, half of whom have a contract that ends within the year."""
    rows = [person("A", age, tenure=1, people=2) for age in range(20, 40)]
    return _base([*rows, *(person("A", age, tenure=1, people=2, contract=FIXED, end=6) for age in range(20, 40))])


def test_the_years_a_chance_is_of_were_good_or_bad_ones_too(two):
    """Resigning known from one year is less sure than from five, beyond the number of events; without a history there were no years."""
    one, five = (replace(two, rates=replace(two.rates, years=years), cache={}) for years in (1, 5))
    assert past_shock(two.rates) == 0.0
    assert past_shock(one.rates) == pytest.approx(two.rates.sigma)
    assert past_shock(five.rates) < 0.8 * past_shock(one.rates)
    level = [np.log(factors(base, 4000, 3, 1)[0, :, 0, 0]).var() for base in (one, five)]
    assert level[0] - level[1] == pytest.approx(past_shock(one.rates) ** 2 - past_shock(five.rates) ** 2, rel=0.35)


def _respond(base, projection, factor):
    years = projection.people.shape[1] - 1
    fixed = np.ones((2, 1, len(base.groups), years))
    fixed[0] *= factor[:years]
    return bent(base, projection, fixed, np.ones((years, 1, 1)))[..., 0]


def test_ranges_are_in_order_and_start_from_what_is_known(two):
    found = ranges(two, project(two, Scenario(hires_per_year=9.0)), np.array([[1.0, 0], [0, 1], [1, 1]]))
    assert np.all(found.low <= found.middle + 1e-9)
    assert np.all(found.middle <= found.high + 1e-9)
    np.testing.assert_allclose(found.low[:, 0], found.high[:, 0])
    assert np.all((found.p_short >= 0) & (found.p_short <= 1))
    assert np.all(found.high[:, 5] - found.low[:, 5] > 0)


def test_common_years_make_the_total_wider_than_independent_groups(two):
    found = ranges(two, project(two, Scenario(hires_per_year=9.0)), np.array([[1.0, 0], [0, 1], [1, 1]]), draws=400)
    width = (found.high - found.low)[:, 5]
    assert width[2] > 1.05 * np.hypot(width[0], width[1])


def test_first_year_short_and_person_years():
    base = _base(_staff("A"), demand={"A": (188.0, 0, 0.0)})
    shrinking = ranges(base, project(base, Scenario(hires_per_year=0.0, productivity_growth=0.5)), np.ones((1, 1)))
    assert shrinking.first_year[0] == 1
    assert shrinking.person_years_short[0] > 100
    plenty = _base(_staff("A"), demand={"A": (10.0, 0, -0.05)})
    found = ranges(plenty, project(plenty, Scenario(hires_per_year=9.0)), np.ones((1, 1)))
    assert found.first_year[0] == -1
    assert found.person_years_short[0] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("scenario", [
    Scenario(), Scenario(contract_ends_at_aow=False), Scenario(rvu_uptake=30.0, work_on_after_aow=15.0, retirement_shift_months=-5),
])  # fmt: skip
def test_chances_of_single_people_add_up_to_the_engine(two, scenario):
    """Two derivations of the same law: the grid, and a formula per person."""
    scenario = replace(scenario, hires_per_year=0.0)
    projection = project(two, scenario)
    total = np.zeros_like(projection.people)
    for cells, fixed in ((two.permanent, False), (two.fixed, True)):
        np.add.at(total, cells.group, cells.amounts[0][:, None] * stay_chances(two, projection, cells, fixed))
    np.testing.assert_allclose(total, projection.people, atol=1e-9)


def test_few_people_are_whole_people():
    """Three people with one chance: the binomial, worked out by hand; never a normal curve."""
    base = _base([person("A", 40, people=3)], demand={"A": (2.5, 0, 0.0)})
    base = replace(base, rates=replace_rates(base.rates))
    scenario = Scenario(hires_per_year=0.0, productivity_growth=0.0, adoption_max=10.0)
    projection = project(base, scenario)
    found = ranges(base, projection, np.ones((1, 1)))
    p = projection.people[0] / 3
    each = projection.fte[0] / projection.people[0]
    np.testing.assert_allclose(found.p_short[0, 1:], 1 - p[1:] ** 3, atol=1e-6)  # short unless all three are there
    for step in (1, 5, 15):
        law = np.array([(1 - p[step]) ** 3, 3 * p[step] * (1 - p[step]) ** 2, 3 * p[step] ** 2 * (1 - p[step]), p[step] ** 3])
        for level, point in ((0.1, found.low), (0.5, found.middle), (0.9, found.high)):
            assert point[0, step] == pytest.approx(each[step] * np.argmax(np.cumsum(law) >= level), rel=1e-9)


def test_a_role_that_becomes_small_is_told_in_whole_people_from_then_on():
    """Forty people now and fewer than thirty later: what was a normal curve for the rest of the years is the law of people."""
    base = _base([person("A", age, people=4, fte=0.8) for age in range(40, 50)], demand={"A": (20.0, 0, 0.0)})
    projection = project(base, Scenario(hires_per_year=0.0, resignation_multiplier=1.6))
    found = ranges(base, projection, np.ones((1, 1)))
    few = projection.people[0] < 30
    assert not few[:3].any()
    assert few[5:].all()
    each = projection.fte[0] / projection.people[0]
    for point in (found.low, found.middle, found.high):
        whole = point[0] / each
        np.testing.assert_allclose(whole[few], np.round(whole[few]), atol=1e-9)
        assert np.abs(whole - np.round(whole))[1:3].max() > 1e-3
    start = int(np.argmax(few))
    assert abs(found.middle[0, start] - projection.fte[0, start]) < 1  # and goes on where the curve was


def replace_rates(rates):
    """The same chances, known for certain."""
    sure = rates.certainty.assign(resignation=1e12, other_exit=1e12)
    return replace(rates, certainty=sure, shared={"resignation": 1e12, "other_exit": 1e12}, sigma=0.0)


def test_few_vacancies_are_filled_or_not():
    """One person about to retire and one vacancy: the law of 0 or 1 new people."""
    base = _base([person("A", 66, month=0)], demand={"A": (1.0, 0, 0.0)})
    base = replace(base, rates=replace_rates(base.rates))
    projection = project(base, Scenario(hires_per_year=0.65, work_on_after_aow=0.0, productivity_growth=0.0), 1)
    found = ranges(base, projection, np.ones((1, 1)))
    present = projection.people[0, 1]
    assert 0.55 < present < 0.65
    assert found.low[0, 1] == 0.0
    assert found.p_short[0, 1] >= 1 - present - 1e-9


def _firm_and_truth(rng):
    """A made-up firm with a true level of leaving, and a history of five years drawn from it."""
    from analytics.estimate import default_chances

    rows = [person("A", int(age), tenure=int(rng.integers(0, 4)), offset=int(rng.integers(0, 12))) for age in rng.integers(20, 66, 150)]
    level = np.exp(rng.normal(0, 0.3))
    z = np.zeros(13)
    for t in range(13):
        z[t] = rng.normal(0, 0.15) if t == 0 else 0.5 * z[t - 1] + rng.normal(0, 0.15 * np.sqrt(0.75))
    table = default_chances()
    table = table[table["contract"] == PERMANENT]
    exposure = []
    for year in range(5):
        for row in table.itertuples():
            years = 150 / 20
            hazard = -np.log1p(-row.resignation) * level * np.exp(z[year])
            left = rng.binomial(8, (1 - np.exp(-hazard)) * years / 8)
            where = {"role": "A", "age_band": row.age_band, "tenure_band": row.tenure_band, "year": 2021 + year}
            exposure.append(where | {"person_years": years, "resignation": float(left), "other_exit": row.other_exit * years})
    return rows, history(exposure, years=5), level, z[5:]


@pytest.mark.slow
def test_ninety_percent_range_covers_the_truth_in_two_hundred_firms():
    """Firms whose chances are drawn, not known: the range from their own history holds the outcome in 86 to 94 of 100."""
    from analytics import uncertainty
    from tests.simulation import Person, World, simulate
    from tests.test_projection_simulation import _chance

    resign, other = _chance("resignation"), _chance("other_exit")
    inside = []
    for number in range(200):
        rng = np.random.default_rng(number)
        rows, past, level, z = _firm_and_truth(rng)
        firm = cohorts(rows)
        base = prepare(firm, estimate(past, firm), 5)
        projection = project(base, Scenario(work_on_after_aow=0.0, rvu_uptake=0.0, generation_pact_uptake=0.0), 5)
        supply = uncertainty.responses(base, projection, 400, number) / np.where(projection.fte > 0, projection.fte, 1)[..., None]
        low, high = uncertainty.quantiles(supply * projection.people[..., None], np.sqrt(projection.var_people), (0.05, 0.95))
        world = World(None, other)
        world.resign = lambda g, a, s, world=world, level=level, z=z: 1 - (1 - resign(g, a, s)) ** (level * np.exp(z[world.now]))
        staff = [Person("A", row["age"], row["pension_month"], (0, 1, 3, 5)[row["tenure_band"]]) for row in rows]
        final = simulate(world, staff, 5, number)[-1]["people"].get("A", 0)
        inside.append(low[0, 5] <= final <= high[0, 5])
    assert 0.86 <= np.mean(inside) <= 0.94, np.mean(inside)

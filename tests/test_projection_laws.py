"""What must hold for any firm and any scenario."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.bridge import bridge, compare
from analytics.estimate import estimate
from analytics.projection import prepare, project
from analytics.retraining import OUTSIDE_DEFAULT, PLACES_DEFAULT, SMALLEST
from analytics.scenario import LEVERS, Override, Scenario
from analytics.sensitivity import basis
from analytics.workforce import FIXED, PERMANENT, Flow
from tests.firms import cohorts, history, learning_firm, no_history, person

YEARS = 12
QUIET = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def made(rows, links=(), **more):
    firm = cohorts(rows, **more)
    moves = [(a, b, 2024, 3) for a, b in links]
    exposure = [{"role": a, "age_band": 1, "tenure_band": 3, "year": 2024, "person_years": 30.0, "resignation": 2.0} for a, _ in links]
    past = history(exposure, moves, [(rows[0]["role"], 2024, 28, 2)], years=1) if links else no_history()
    return prepare(firm, estimate(past, firm), YEARS)


def unasked(base):
    """The same firm of which nothing was asked yet; nobody can write in what the two share."""
    for part in fields(base):
        if isinstance(value := getattr(base, part.name), np.ndarray):
            value.flags.writeable = False
    return replace(base, cache={})


PEOPLE = st.builds(
    person,
    role=st.sampled_from(["A", "B", "C"]),
    age=st.integers(15, 79),
    tenure=st.integers(0, 3),
    contract=st.sampled_from([PERMANENT, PERMANENT, FIXED]),
    end=st.integers(-1, 40),
    people=st.sampled_from([1, 2, 7]),
    fte=st.sampled_from([0.2, 0.6, 1.0]),
    offset=st.integers(0, 11),
)
FIRMS = st.lists(PEOPLE, min_size=1, max_size=25)


def _value(name):
    lever = LEVERS[name]
    if lever.kind == "yes_no":
        return st.booleans()
    low, high = (0.0, 8.0) if name == "hires_per_year" else (lever.low, lever.high)
    return st.floats(low, high)


SCENARIOS = st.fixed_dictionaries({name: _value(name) for name in LEVERS}).map(lambda values: Scenario(**values))


@QUIET
@given(rows=FIRMS, scenario=SCENARIOS, moves=st.booleans())
def test_everything_adds_up(rows, scenario, moves):
    roles = sorted({row["role"] for row in rows})
    base = made(
        rows, [(roles[0], roles[-1])] if moves and len(roles) > 1 else [], heavy=("B",), isco={"A": "4110"}, demand={"A": (9.0, 1, 0.02)}
    )
    projection = project(base, scenario)
    projection.check_balance()
    assert projection.people.min() > -1e-9
    assert min(amount.min() for flows in (projection.flows, projection.flows_fte) for amount in flows.values()) > -1e-9
    assert projection.run.fte.min() > -1e-9
    np.testing.assert_allclose(projection.fte[:, 0], projection.contract_fte[:, 0])
    np.testing.assert_allclose(projection.contract_fte[:, 0], base.staff[1], atol=1e-9)
    assert projection.var_people.min() >= 0
    assert projection.var_fte.min() >= 0
    for step in (0, 1, 5, YEARS):
        np.testing.assert_allclose(projection.ages(step).sum(axis=1), projection.people[:, step], atol=1e-9)
    everyone = np.ones(len(base.groups), bool)
    steps = bridge(projection, everyone, YEARS)
    assert steps.start + sum(value for _, value in steps.steps) == pytest.approx(steps.end, abs=1e-8)
    between = compare(project(base, Scenario()), projection, everyone, YEARS)
    assert between.start + sum(value for _, value in between.steps) == pytest.approx(between.end, abs=1e-8)
    exits = projection.flows[Flow.RETIREMENT][:, :].sum()
    assert projection.retire["expected"][:, -1].sum() <= exits + 1e-9
    assert np.all(np.diff(projection.retire["reached"], axis=1) >= 0)
    assert np.all(projection.retire["can_leave"] >= projection.retire["reached"] - 1e-9)


def test_nobody_is_kept_from_work_outside_who_learned_another_trade_before():
    """Fewer who go outside were counted among those who would have resigned without more places for retraining: in a role that places
    nearly emptied, fewer than nobody resigned."""
    rows = [person(role=role, age=15, tenure=0, people=1, fte=fte, end=0) for role, fte in (("A", 0.2), ("B", 0.6))]
    base = made(rows, [], heavy=("B",), isco={"A": "4110"}, demand={"A": (9.0, 1, 0.02)})
    asked = Scenario(hires_per_year=5, resignation_multiplier=0.625, first_year_exit=8, training_places=13, outside_share=0)
    projection = project(base, asked)
    projection.check_balance()
    assert min(amount.min() for amount in projection.flows.values()) >= 0


@pytest.mark.parametrize("fte", [(0.2, 1.0), (1.0, 0.2)])
def test_a_role_that_is_emptied_holds_and_loses_no_fte_whatever_hours_its_leavers_work(fte):
    """Clerks learn another trade until next to nobody is left, while those who retire and resign work fewer or more hours than the others:
    fte that had left already left once more, so that fewer than none resigned or retired, or fte stayed of nobody."""
    older, younger = fte
    rows = [person("Kantoor", 62, people=6, fte=older, offset=3), person("Kantoor", 25, tenure=0, people=6, fte=younger)]
    rows += [person("Monteur", 30, people=6)]
    base = made(rows, demand={"Kantoor": (0.0, 0, 0.0), "Monteur": (40.0, 0, 0.0)})
    for levers in ({"training_places": 60, "training_success": 95, "move_acceptance": 70}, {"outside_share": 0}, {"outside_share": 60}):
        projection = project(base, Scenario(hires_per_year=0.0, **levers))
        projection.check_balance()
        for flow, amount in projection.flows_fte.items():
            assert amount.min() >= -1e-12, flow
            assert np.all(amount <= 1.001 * projection.flows[flow] + 1e-9), flow  # nobody works more than a full week
        assert projection.run.fte.min() >= -1e-12
        assert np.all(projection.run.fte <= 1.001 * projection.people + 1e-9)


def test_hires_of_next_to_nobody_are_nobody():
    """A link may ask for any number: as a multiple of 1e-309 people a year the hires of the next question were no number."""
    base = made([person("A", 30, people=3)])
    for number in ("2.2e-309", "5"):
        projection = project(base, Scenario.from_query({"hires_per_year": number})[0])
        projection.check_balance()
        assert np.isfinite(projection.fte).all()


@pytest.mark.parametrize("months", range(10))
def test_the_mean_month_of_new_colleagues_stays_in_its_step(months):
    """A mean of equal months came out a hair below them, in the step before: a few ten-thousandths of a person were lost."""
    rows = [person(role="A", age=15, tenure=0, people=people, fte=0.2, offset=offset) for people, offset in ((1, 11), (1, 3), (7, 10))]
    project(made(rows), Scenario(statutory_age_step_months=months, hires_per_year=3)).check_balance()


@QUIET
@given(rows=FIRMS, scenario=SCENARIOS)
def test_groups_sum_to_the_total(rows, scenario):
    """The same people in one group, or each role in its own department: the total does not change.

    Not with more places for retraining than now: a place in a department that is short is taken by somebody of a department with people
    to spare, or else by somebody from outside. In one group nobody is spare, so more come from outside and the total is another one.
    For the same reason not with more or fewer who go to work outside: those are people of a department that has people to spare.
    """
    apart = [row | {"role": "A", "unit": f"U{number % 3}"} for number, row in enumerate(rows)]
    together = [row | {"role": "A", "unit": "U"} for row in rows]
    scenario = replace(
        scenario, hires_per_year=0.0, training_places=min(scenario.training_places, PLACES_DEFAULT), outside_share=OUTSIDE_DEFAULT
    )
    one, many = (project(made(part), scenario) for part in (together, apart))
    np.testing.assert_allclose(one.people.sum(axis=0), many.people.sum(axis=0), atol=1e-9)
    np.testing.assert_allclose(one.var_people.sum(axis=0), many.var_people.sum(axis=0), atol=1e-9)
    for flow in Flow:
        np.testing.assert_allclose(one.flows[flow].sum(axis=0), many.flows[flow].sum(axis=0), atol=1e-9)
    np.testing.assert_allclose(one.contract_fte.sum(axis=0), many.contract_fte.sum(axis=0), atol=1e-9)


@QUIET
@given(rows=FIRMS, scenario=SCENARIOS, factor=st.sampled_from([2.0, 10.0, 1000.0]))
def test_twice_as_many_people_give_twice_as_much(rows, scenario, factor):
    """Hires and the places beside those of now are numbers of people, so they grow too. Nobody learns a role of fewer than half a person: a
    firm with such a role is too small for the law with more places, and is held to it with those of now."""
    more = [row | {name: row[name] * factor for name in ("people", "fte", "fte_sq")} for row in rows]
    one = project(made(rows), scenario)
    if one.people.min() <= SMALLEST:
        scenario = replace(scenario, training_places=min(scenario.training_places, PLACES_DEFAULT), outside_share=OUTSIDE_DEFAULT)
        one = project(made(rows), scenario)
    places = PLACES_DEFAULT + factor * max(scenario.training_places - PLACES_DEFAULT, 0.0)
    places = places if scenario.training_places > PLACES_DEFAULT else scenario.training_places
    large = replace(scenario, hires_per_year=scenario.hires_per_year * factor, training_places=places)
    other = project(made(more), large)
    np.testing.assert_allclose(other.people, factor * one.people, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(other.fte, factor * one.fte, rtol=1e-9, atol=1e-8)
    np.testing.assert_allclose(other.demand, factor * one.demand, rtol=1e-9)


@cache
def every_age(roles):
    """Somebody of every age in each role, heavy and exposed work."""
    rows = [
        person(role, age, tenure=age % 4, offset=age % 12 if roles == "A" else 0, contract=FIXED if age == 30 else PERMANENT, end=5)
        for role in roles
        for age in range(20, 67)
    ]
    return made(rows, heavy=tuple(roles), isco=dict.fromkeys(roles, "4110"))


def more_people(lever, low, high):
    base = unasked(every_age("A"))
    first, second = (project(base, Scenario(hires_per_year=5.0).with_value(lever, value)) for value in (low, high))
    return first, second


@pytest.mark.parametrize(("lever", "low", "high"), [
    ("resignation_multiplier", 1.4, 0.7), ("first_year_exit", 30, 10), ("fixed_term_renewal", 55, 90), ("rvu_uptake", 30, 0),
    ("retirement_shift_months", -12, 12), ("work_on_after_aow", 0, 20), ("statutory_age_step_months", 0, 9), ("rvu_months_before", 36, 6),
    ("hires_per_year", 2, 9), ("fill_rate", 40, 80), ("time_to_fill_months", 9, 2),
])  # fmt: skip
def test_levers_move_people_the_right_way(lever, low, high):
    fewer, more = more_people(lever, low, high)
    assert np.all(more.people[0] >= fewer.people[0] - 1e-12)
    assert more.people[0, -1] > fewer.people[0, -1]
    np.testing.assert_array_equal(fewer.demand, more.demand)


@pytest.mark.parametrize(("lever", "low", "high"), [
    ("generation_pact_uptake", 50, 0), ("generation_pact_hours", 60, 90), ("absence_multiplier", 1.3, 0.8),
    ("part_time_factor_shift", -0.05, 0.05),
    ("settling_in_months", 18, 2),
])  # fmt: skip
def test_levers_move_hours_not_people(lever, low, high):
    fewer, more = more_people(lever, low, high)
    np.testing.assert_array_equal(fewer.people, more.people)
    assert np.all(more.fte[0, 1:] > fewer.fte[0, 1:])
    assert more.fte[0, 0] == fewer.fte[0, 0]


@pytest.mark.parametrize(("lever", "low", "high"), [
    ("demand_growth", -2, 3), ("productivity_growth", 2, 0), ("freed_hours_per_week", 2, 0), ("adoption_max", 90, 20),
    ("feasible_share", 80, 20),
    ("realised_share", 80, 20), ("replaced_share", 80, 0), ("adoption_midpoint_year", 2028, 2036),
])  # fmt: skip
def test_levers_move_demand_only(lever, low, high):
    less, more = more_people(lever, low, high)
    np.testing.assert_array_equal(less.fte, more.fte)
    assert more.demand[0, 6] > less.demand[0, 6]
    assert more.demand[0, 0] == less.demand[0, 0]


def test_no_lever_does_nothing():
    base = learning_firm(
        YEARS, extra=[person("Zwaar", 58, contract=FIXED, end=5, people=5)], heavy=("Zwaar",), isco={"Administratie": "4110"}
    )
    own = basis(base)
    usual = project(base, Scenario())
    for name, lever in LEVERS.items():
        ends = (not getattr(Scenario(), name),) if lever.kind == "yes_no" else lever.bounds(own.get(name))
        found = [project(base, replace(Scenario(), **{name: value})) for value in ends]
        left = usual.gap - usual.hired_staff
        assert max(np.abs(changed.gap - changed.hired_staff - left).max() for changed in found) > 1e-6, name


OF_THE_WAYS = (
    "apprentice_places", "apprentice_success", "mentor_capacity", "training_places", "training_success", "training_hours_lost",
    "move_acceptance", "outside_share", "extra_hours_uptake", "flex_fte_max",
)  # fmt: skip
"""Levers on ways between roles, wishes and hired staff: `test_learning` has firms with those."""


@pytest.mark.parametrize("lever", sorted(set(LEVERS) - set(OF_THE_WAYS)))
def test_every_lever_can_be_overruled_for_one_role(lever):
    base, scenario = unasked(every_age("AB")), Scenario(hires_per_year=10.0)
    value = 0.0 if LEVERS[lever].kind == "yes_no" else LEVERS[lever].bounds(4.0)[1]
    usual = project(base, scenario)
    changed = project(base, replace(scenario, overrides=(Override(lever, float(value), role="B"),)))
    assert np.abs(changed.gap - usual.gap)[1].max() > 1e-9
    if lever != "hires_per_year":  # the firm's number is for those without a number of their own
        np.testing.assert_allclose(changed.gap[0], usual.gap[0], atol=1e-9)


def test_a_group_without_people_needs_people():
    base = made([person("A", 30)], demand={"A": (2.0, 0, 0.0), ("", "Bouw", "B"): (3.0, 0, 0.01)})
    projection = project(base, Scenario(hires_per_year=0.0))
    projection.check_balance()
    assert projection.people[1].max() == 0
    assert projection.gap[1, 0] == 3.0
    assert np.isfinite(projection.fte).all()
    hired = project(base, Scenario(hires_per_year=5.0))
    np.testing.assert_allclose(hired.flows[Flow.HIRE][:, 0], [2.0, 3.0])  # no past hires: spread by today's work


def test_three_people():
    base = made([person("A", 40, people=3)])
    projection = project(base, Scenario(resignation_multiplier=1.0))
    p = projection.people[0] / 3
    np.testing.assert_allclose(projection.var_people[0], 3 * p * (1 - p), atol=1e-12)


def test_unknown_establishment_starts_from_people_and_vacancies():
    base = made([person("A", 40, people=3, fte=0.8)], demand={"A": (np.nan, 1.5, np.nan)})
    projection = project(base, Scenario())
    assert projection.demand[0, 0] == pytest.approx(3 * 0.8 + 1.5)
    assert not projection.establishment_known[0]
    assert not base.growth_known[0]
    assert projection.demand_parts["growth"][0, 1] == pytest.approx(0.015 * 3.9)


def test_horizon_must_have_been_prepared():
    base = made([person("A", 40)])
    with pytest.raises(ValueError, match="prepared"):
        project(base, Scenario(), YEARS + 1)
    assert len(project(base, Scenario(), 3).dates) == 4


def test_a_shorter_horizon_is_the_same_beginning():
    rows = [person("A", age, tenure=age % 4, offset=age % 12) for age in range(20, 67)]
    base = made(rows, heavy=("A",))
    for ends in (True, False):
        scenario = Scenario(hires_per_year=3.0, contract_ends_at_aow=ends)
        long, short = project(base, scenario), project(base, scenario, 4)
        np.testing.assert_allclose(short.fte, long.fte[:, :5], atol=1e-9)
        np.testing.assert_allclose(short.var_people, long.var_people[:, :5], atol=1e-9)


def test_what_is_kept_for_later_does_not_leak():
    """A second scenario on the same base gives what a fresh base gives, in any order of asking."""
    rows = [person("A", age, tenure=age % 4, offset=age % 12, contract=FIXED if age == 30 else PERMANENT, end=5) for age in range(20, 67)]
    asked = [
        Scenario(), Scenario(demand_growth=3.0), Scenario(rvu_uptake=30.0), Scenario(absence_multiplier=1.3), Scenario(hires_per_year=3.0),
        Scenario(overrides=(Override("resignation_multiplier", 1.4, role="A"),)), Scenario(retirement_shift_months=-7.0), Scenario(),
    ]  # fmt: skip
    shared = made(rows, heavy=("A",))
    for scenario in asked:
        fresh, again = project(made(rows, heavy=("A",)), scenario), project(shared, scenario)
        np.testing.assert_array_equal(fresh.gap, again.gap)
        np.testing.assert_array_equal(fresh.var_fte, again.var_fte)


@pytest.mark.parametrize("lever", sorted(LEVERS))
def test_what_is_kept_belongs_to_every_lever_it_reads(lever):
    """After the usual scenario was asked, one lever of another value gives what a fresh firm gives: for the firm and for one role."""
    kind, kept = LEVERS[lever], unasked(two_ways())
    value = 0.0 if kind.kind == "yes_no" else float(kind.bounds(4.0)[1])
    asked = [Scenario(**{lever: value}), Scenario(overrides=(Override(lever, value, role="A"),))]
    project(kept, Scenario())
    for scenario in asked:
        again, fresh = project(kept, scenario), project(unasked(two_ways()), scenario)
        np.testing.assert_allclose(again.fte, fresh.fte, rtol=1e-12)  # moves of hires are multiples of those asked first
        np.testing.assert_allclose(again.demand, fresh.demand, rtol=1e-12)


@cache
def two_ways():
    """Two roles between which people move in both directions."""
    rows = [person(role, age, tenure=age % 4, offset=age % 12, contract=FIXED if age % 9 == 0 else PERMANENT, end=5)
            for role in ("A", "B") for age in range(20, 67)]  # fmt: skip
    return made(rows, [("A", "B"), ("B", "A")])

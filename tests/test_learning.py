"""Learning, mentors, wishes and hired staff: each lever does what it says, costs capacity first, and everything still adds up."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.bridge import bridge
from analytics.estimate import estimate
from analytics.projection import prepare, project
from analytics.scenario import LEVERS, Override, Scenario
from analytics.sensitivity import basis, without_data
from analytics.workforce import Flow
from tests.firms import CLERKS, LEARNERS, MECHANICS, cohorts, learning_firm, no_history, person

YEARS = 12
LEARNING = ("apprentice_places", "apprentice_success", "mentor_capacity", "training_places", "training_success", "training_hours_lost",
            "move_acceptance", "outside_share", "extra_hours_uptake", "part_time_pension_uptake", "flex_fte_max")  # fmt: skip


@cache
def firm(**more):
    return learning_firm(YEARS, **more)


def ahead(base=None, **levers):
    found = project(base or firm(), Scenario(**levers))
    found.check_balance()
    return found


def of(projection, values, role):
    return values[(projection.groups["role"] == role).to_numpy()].sum(axis=0)


def supply(projection):
    return projection.fte.sum(axis=0)


# conservation and identities


@settings(max_examples=40)
@given(
    st.fixed_dictionaries(
        {
            "apprentice_places": st.floats(0, 20),
            "mentor_capacity": st.floats(1, 3),
            "flex_fte_max": st.floats(0, 15),
            **{
                name: st.floats(LEVERS[name].low, LEVERS[name].high)
                for name in LEARNING
                if name not in ("apprentice_places", "mentor_capacity", "flex_fte_max")
            },
        }
    )
)
def test_people_and_fte_add_up_whatever_is_learned(levers):
    projection = ahead(**levers)
    came, went = (
        sum(projection.flows[flow].sum(axis=0) for flow in flows) for flows in ((Flow.MOVE_IN, Flow.RETRAINED_IN), (Flow.MOVE_OUT,))
    )
    np.testing.assert_allclose(came, went, atol=1e-9)
    came, went = (
        sum(projection.flows_fte[flow].sum() for flow in flows) for flows in ((Flow.MOVE_IN, Flow.RETRAINED_IN), (Flow.MOVE_OUT,))
    )
    assert came == pytest.approx(went, abs=1e-8)
    assert projection.people.min() > -1e-9
    assert min(amount.min() for flows in (projection.flows, projection.flows_fte) for amount in flows.values()) > -1e-9
    assert projection.hired_staff.min() >= 0
    assert projection.var_people.min() >= 0
    assert np.all(projection.hired_staff[:, 1:] <= np.maximum(projection.gap[:, 1:], 0) + 1e-9)
    for step in (0, 3, YEARS):
        np.testing.assert_allclose(projection.ages(step).sum(axis=1), projection.people[:, step], atol=1e-9)
    steps = bridge(projection, np.ones(len(projection.groups), bool), 7)
    assert steps.start + sum(value for _, value in steps.steps) == pytest.approx(steps.end, abs=1e-9)


def test_as_now_is_as_if_the_levers_were_not_there():
    """Defaults change nothing but what is recorded: wishes for more hours, a quarter of which goes through, and the time mentors spend on
    more apprentices than there are today."""
    bare = replace(firm(), means=None, cache={})
    np.testing.assert_allclose(ahead(bare).people, ahead().people, atol=1e-12)
    np.testing.assert_allclose(ahead(bare).flows[Flow.MOVE_OUT], ahead().flows[Flow.MOVE_OUT], atol=1e-12)
    quiet = learning_firm(YEARS, wished=0.0)
    mentors = ahead(quiet).people[(quiet.groups["role"] == LEARNERS).to_numpy()].sum(axis=0)
    rest = ahead(quiet).fte + 0.1 * (mentors - mentors[0]) * (quiet.groups["role"] == MECHANICS).to_numpy()[:, None]
    unlearned = ahead(replace(quiet, apprentice=np.zeros(3, bool), cache={}))
    np.testing.assert_array_equal(quiet.groups["role"], unlearned.groups["role"])
    np.testing.assert_allclose(rest, unlearned.fte, atol=1e-9)


# every lever


@pytest.mark.parametrize("name", LEARNING)
def test_each_lever_does_something_and_without_its_data_is_said_to_be_missing(name):
    base, own = firm(), basis(firm())
    usual = ahead()
    low, high = (project(base, Scenario().with_value(name, value)) for value in LEVERS[name].bounds(own.get(name)))
    left = [(found.gap - found.hired_staff)[:, 1:] for found in (low, usual, high)]
    assert max(np.abs(left[0] - left[1]).max(), np.abs(left[2] - left[1]).max()) > 0.01
    assert name not in without_data(base)


@pytest.mark.parametrize("name", LEARNING)
def test_each_lever_can_be_overruled_for_a_role(name):
    role = {"part_time_pension_uptake": MECHANICS, "extra_hours_uptake": MECHANICS, "training_places": MECHANICS, "flex_fte_max": MECHANICS}
    where = role.get(name, LEARNERS if name.startswith(("apprentice", "mentor")) else CLERKS)
    usual, moved = ahead(), []
    for value in LEVERS[name].bounds(basis(firm()).get(name)):
        moved.append(ahead_of(Scenario(overrides=(Override(name, float(value), role=where),))))
    left = usual.gap - usual.hired_staff
    assert max(np.abs(found.gap - found.hired_staff - left).max() for found in moved) > 0.01


def ahead_of(scenario):
    found = project(firm(), scenario)
    found.check_balance()
    return found


def test_levers_without_data():
    bare = replace(firm(), means=None, cache={})
    assert set(without_data(bare)) == {"mentor_capacity", "extra_hours_uptake", "flex_fte_max"}
    nobody = replace(learning_firm(YEARS, links=False, mentors=0, wished=0, hired=0), apprentice=np.zeros(3, bool))
    missing = without_data(nobody)
    assert set(missing) == {"apprentice_places", "apprentice_success", "mentor_capacity", "extra_hours_uptake", "flex_fte_max"}
    usual = project(nobody, Scenario())
    for name in missing:
        changed = project(nobody, Scenario().with_value(name, LEVERS[name].high))
        np.testing.assert_allclose(changed.gap - changed.hired_staff, usual.gap - usual.hired_staff, atol=1e-12)


# apprentices and mentors


def test_more_apprentices_fail_on_mentors_not_on_the_number_asked():
    few, many, more = (ahead(apprentice_places=places) for places in (14.0, 20.0, 200.0))
    places = many.run.places
    assert places.wanted[0] == pytest.approx(20)
    assert places.placed.sum() < places.wanted.sum()
    learners = of(many, many.people, LEARNERS)
    assert np.all(learners[1:] <= places.room[1:] + 1e-9)
    np.testing.assert_allclose(of(more, more.people, LEARNERS)[6:], more.run.places.room[6:], rtol=0.02)
    assert few.run.places.placed[0] == pytest.approx(14)


def test_a_mentor_more_or_less_moves_the_limit():
    room = [ahead(apprentice_places=20.0, mentor_capacity=value).run.places.room for value in (1.0, 2.0, 3.0)]
    np.testing.assert_allclose(room[1], 2 * room[0])
    np.testing.assert_allclose(room[2], 3 * room[0])
    assert room[1][0] == pytest.approx(28)  # 14 mentors, two each


def test_mentors_leave_too():
    """Six in ten are over 55. Who stops earlier is no mentor either."""
    usual, early = ahead(), ahead(retirement_shift_months=-24)
    assert usual.run.places.mentors[0] == early.run.places.mentors[0] == pytest.approx(14)
    assert early.run.places.mentors[4] < usual.run.places.mentors[4] - 0.5
    assert ahead(hires_per_year=0.0).run.places.mentors[-1] < 11


def test_a_staffwith_more_learners_than_the_default_allows_keeps_its_own_ratio():
    crowded = learning_firm(YEARS, mentors=5)  # 20 learners on 5 mentors
    places = ahead(crowded).run.places
    assert places.room[0] == pytest.approx(20)
    assert ahead(crowded, mentor_capacity=1.0).run.places.room[0] == pytest.approx(10)


def test_a_learner_takes_a_tenth_of_a_mentor():
    usual, more = ahead(), ahead(apprentice_places=12.0)
    extra = of(more, more.people, LEARNERS)[1] - of(usual, usual.people, LEARNERS)[1]
    lost = of(usual, usual.supply_parts["learning"], MECHANICS)[0] - of(more, more.supply_parts["learning"], MECHANICS)[0]
    assert extra > 3
    assert lost == pytest.approx(0.1 * extra)


def test_who_passes_becomes_a_mechanic():
    usual, more = ahead(), ahead(apprentice_success=80.0)
    came = [of(found, found.flows[Flow.MOVE_IN], MECHANICS)[0] for found in (usual, more)]
    clerks = of(usual, usual.flows[Flow.MOVE_OUT], CLERKS)[0]
    assert came[1] - clerks == pytest.approx((came[0] - clerks) * 80 / 60, rel=1e-6)


# retraining


def test_learning_costs_capacity_first_and_brings_it_later():
    usual, more = ahead(), ahead(training_places=20.0)
    change = supply(more) - supply(usual)
    assert change[0] == 0
    assert change[1] < -0.2
    assert change[2] > 1
    started = more.run.learning[:, 1].sum()
    assert change[1] == pytest.approx(-started * 200 / 1380, rel=1e-9)
    part = usual.supply_parts["learning"].sum(axis=0)[0] - more.supply_parts["learning"].sum(axis=0)[0]
    assert part == pytest.approx(started * 200 / 1380)


def test_the_dip_stands_in_the_bridge():
    more = ahead(training_places=20.0)
    steps = dict(bridge(more, np.ones(3, bool), 1).steps)
    assert steps["learning"] > 0.2
    assert dict(bridge(more, np.ones(3, bool), 2).steps)["retrained_in"] < -1


def test_people_go_from_where_they_are_spare_to_where_they_are_short():
    more, usual = ahead(training_places=20.0), ahead()
    for role in (CLERKS, LEARNERS):  # after eight years clerks are short too
        assert of(more, more.flows[Flow.RETRAINED_IN], role)[:8].sum() == 0
    arrived = of(more, more.flows[Flow.RETRAINED_IN], MECHANICS)[1]
    left = of(more, more.flows[Flow.MOVE_OUT], CLERKS)[1] - of(usual, usual.flows[Flow.MOVE_OUT], CLERKS)[1]
    assert arrived > 1
    assert left == pytest.approx(arrived)


def test_who_says_no_is_replaced_by_somebody_from_outside():
    """Eight places more than now: 9 fte spare in two years less one said yes to; the rest comes from outside as vacancies get filled."""
    shy, keen = (ahead(training_places=20.0, move_acceptance=value) for value in (10.0, 70.0))
    inside = [found.flows[Flow.RETRAINED_IN].sum() for found in (shy, keen)]
    outside = [of(found, found.flows[Flow.HIRE], MECHANICS)[1] for found in (shy, keen)]
    assert inside[1] > 2 * inside[0]
    assert outside[0] > outside[1] + 1


def test_success_and_hours_of_retraining():
    lost = [-ahead(training_places=20.0, training_hours_lost=hours).supply_parts["learning"].sum(axis=0)[0] for hours in (200.0, 400.0)]
    assert lost[1] > lost[0] + 0.3
    arrived = [ahead(training_places=20.0, training_success=value).flows[Flow.RETRAINED_IN].sum(axis=0)[1] for value in (50.0, 80.0)]
    assert arrived[1] == pytest.approx(arrived[0] * 80 / 50, rel=0.1)


def test_nobody_learns_a_role_without_work():
    """Half of the clerks reach their pension in one year after many of the others learned another trade: who had left with that year was
    counted as missing once more, so that places went to clerks for whom there is no work."""
    clerks = [person("Kantoor", 62, people=6, fte=0.2, offset=3), person("Kantoor", 25, tenure=0, people=6)]
    staff = cohorts([*clerks, person("Monteur", 30, people=6)], demand={"Kantoor": (0.0, 0, 0.0), "Monteur": (40.0, 0, 0.0)})
    base = prepare(staff, estimate(no_history(), staff), YEARS)
    found = ahead(base, hires_per_year=0.0, training_places=60.0, training_success=95.0, move_acceptance=70.0)
    for flow in (Flow.RETRAINED_IN, Flow.HIRE):
        assert of(found, found.flows[flow], "Kantoor").max() < 1e-9
    assert of(found, found.flows[Flow.RETRAINED_IN], "Monteur")[1] > 3


def test_a_role_that_empties_has_nobody_left_to_learn():
    """Hours of learning were those of today's people for ever: after they had left, more hours went into learning than there were."""
    base = learning_firm(YEARS)
    usual, more = (ahead(base, training_hours_lost=hours, hires_per_year=0.0, resignation_multiplier=1.6) for hours in (200.0, 800.0))
    np.testing.assert_array_equal(more.people, usual.people)
    lost = of(usual, usual.fte, CLERKS) - of(more, more.fte, CLERKS)
    here = of(usual, usual.people, CLERKS) / 30
    assert here[-1] < 0.6
    np.testing.assert_allclose(lost[1:], lost[1] / here[1] * here[1:], rtol=1e-9)


def test_fewer_places_than_now_mean_fewer_of_the_moves_of_now():
    usual, half = ahead(), ahead(training_places=6.0)
    moves = [of(found, found.flows[Flow.MOVE_OUT], CLERKS)[0] for found in (usual, half)]
    assert moves[1] == pytest.approx(moves[0] / 2, rel=1e-6)


def test_places_for_one_role_only():
    extra = replace(firm(), cache={})
    scenario = Scenario(overrides=(Override("training_places", 20.0, role=MECHANICS),))
    one, whole = project(extra, scenario), ahead(training_places=20.0)
    np.testing.assert_allclose(one.flows[Flow.RETRAINED_IN][:, :8], whole.flows[Flow.RETRAINED_IN][:, :8], atol=0.2)
    clerks_only = project(extra, Scenario(overrides=(Override("training_places", 20.0, role=LEARNERS),)))
    assert clerks_only.flows[Flow.RETRAINED_IN].sum() == 0


def test_nobody_short_nobody_retrained():
    full = ahead(training_places=60.0, demand_growth=-6.0, hires_per_year=30.0)
    assert full.flows[Flow.RETRAINED_IN][:, 6:].sum() < 1e-9


# work outside


def test_who_needs_other_work_and_goes_outside():
    """30 clerks of 0.9 fte for 18 posts: of those who are over, 40 in 100 more than now go in the first year, and nobody elsewhere does."""
    usual, more = ahead(), ahead(outside_share=60.0)
    over = -of(usual, usual.gap, CLERKS)[1] / (of(usual, usual.fte, CLERKS)[1] / of(usual, usual.people, CLERKS)[1])
    gone = of(more, more.flows[Flow.RESIGNATION], CLERKS) - of(usual, usual.flows[Flow.RESIGNATION], CLERKS)
    assert over > 5
    assert gone[0] == pytest.approx(0.4 * over)
    for role in (MECHANICS, LEARNERS):
        early = of(more, more.flows[Flow.RESIGNATION], role) - of(usual, usual.flows[Flow.RESIGNATION], role)
        assert early[0] == 0
    assert np.all(of(more, more.gap, CLERKS)[1:4] > of(usual, usual.gap, CLERKS)[1:4])
    assert np.all(of(more, more.gap, CLERKS)[1:4] < 0)  # nobody more than those who are over


def test_fewer_who_go_outside_are_fewer_resignations_and_never_below_none():
    usual, fewer = ahead(), ahead(outside_share=0.0)
    stayed = of(usual, usual.flows[Flow.RESIGNATION], CLERKS) - of(fewer, fewer.flows[Flow.RESIGNATION], CLERKS)
    assert stayed[0] == pytest.approx(0.9 * of(usual, usual.flows[Flow.RESIGNATION], CLERKS)[0])
    assert fewer.flows[Flow.RESIGNATION].min() >= 0


def test_a_place_inside_goes_before_work_outside():
    outside, both = ahead(outside_share=60.0), ahead(outside_share=60.0, training_places=20.0)
    gone = [of(found, found.flows[Flow.RESIGNATION], CLERKS)[0] for found in (outside, both)]
    assert gone[1] < gone[0] - 0.1


# hours and hired staff


def test_extra_hours_come_from_wishes_and_go_with_the_people():
    none, all_of_it = ahead(extra_hours_uptake=0.0), ahead(extra_hours_uptake=50.0)
    change = of(all_of_it, all_of_it.contract_fte, MECHANICS) - of(none, none.contract_fte, MECHANICS)
    assert change[0] == 0
    np.testing.assert_allclose(change[1:], 2.0 * of(none, none.run.stayed, MECHANICS)[1:])
    assert np.all(np.diff(change[1:]) < 0)
    np.testing.assert_array_equal(none.people, all_of_it.people)


def test_part_time_pension_takes_hours_not_people():
    usual, part = ahead(), ahead(part_time_pension_uptake=20.0)
    np.testing.assert_array_equal(usual.people, part.people)
    lost = (usual.contract_fte - part.contract_fte).sum(axis=0)
    elder = (usual.run.elder_new + usual.run.elder_old).sum(axis=0)
    assert lost[0] == 0
    np.testing.assert_allclose(lost[1:], 0.2 * 0.5 * elder[1:])


def test_hired_staff_stand_beside_and_are_in_no_flow():
    none, usual, many = (ahead(flex_fte_max=value) for value in (0.0, None, 15.0))
    for found in (none, many):
        np.testing.assert_array_equal(found.gap, usual.gap)
        for flow in Flow:
            np.testing.assert_array_equal(found.flows[flow], usual.flows[flow])
    assert usual.hired_staff[:, 0].sum() == pytest.approx(6.0)
    assert none.hired_staff[:, 1:].sum() == 0
    short = np.maximum(usual.gap, 0).sum(axis=0)
    np.testing.assert_allclose(usual.hired_staff.sum(axis=0)[1:], np.minimum(6.0, short[1:]))
    np.testing.assert_allclose(many.hired_staff.sum(axis=0)[1:], np.minimum(15.0, short[1:]))


def test_hires_that_differ_by_year_are_followed_one_by_one():
    """The limit of mentors makes them differ; the quick sum and the slow one are the same for what does not."""
    from analytics.inflow import convolve

    rng = np.random.default_rng(3)
    hires, course = rng.random((4, 6)), rng.random((2, 6, 4))
    hires[:2, 2:] = hires[:2, 1:2]
    slow = np.zeros_like(course)
    for s in range(6):
        slow[:, s:] += hires[:, s] * course[:, : 6 - s]
    np.testing.assert_allclose(convolve(hires, course), slow)


def test_facts_that_come_after_the_people_are_reckoned_with():
    """Mentors and wishes are read after the people, and again with every wish: what was worked out without them is forgotten."""
    whole, scenario = learning_firm(YEARS), Scenario(apprentice_places=40.0, mentor_capacity=1.0, extra_hours_uptake=100.0)
    bare = replace(whole, means=None, cache={})
    without = project(bare, scenario)
    later, fresh = project(bare.changed(means=whole.means), scenario), project(replace(whole, cache={}), scenario)
    np.testing.assert_array_equal(later.fte, fresh.fte)
    assert np.abs(later.fte - without.fte).max() > 1

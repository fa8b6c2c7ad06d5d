"""Apprentices, lending and the mentors behind them: worked by hand, and through the whole programme."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.amounts import amount
from analytics.plan.costs import KEYS, costs_on
from analytics.plan.growing import lend, mentor_room, more_apprentices, teaching
from analytics.plan.measures import Costs, profile, simple
from analytics.plan.model import Problem
from analytics.plan.offer import Ground, Offer, problem
from analytics.plan.programme import solve
from analytics.skills.distance import matrix
from analytics.skills.routes import Network
from analytics.skills.training import Thresholds

ROLES = ("Monteur", "Planner", "Leerling")


def ground(**given) -> Ground:
    """Three roles, four years: mechanics short, planners over."""
    made = Ground(
        roles=ROLES, supply=np.array([[20.0] * 4, [12.0] * 4, [6.0] * 4]), demand=np.array([[26.0] * 4, [8.0] * 4, [6.0] * 4]),
        hires=np.array([2.0, 0.0, 3.0]), retiring=np.array([1.0, 0.0, 0.0]), staff=np.array([20.0, 12.0, 6.0]), fte=np.ones(3),
        pay=np.full(3, 60_000.0), exposed=np.full(3, np.nan), wished_hours={}, wished_moves={}, places=0.0,
        mentors=np.array([5.0, 4.0, 3.0, 2.0]), teaching=np.array([0.2, 0.0, 0.0]), learners=6.0, arrivals=np.array([3.0, 0.0, 0.0]),
        learning=np.array([False, False, True]),
    )  # fmt: skip
    return replace(made, **given)


def test_mentors_are_free_for_what_todays_learners_leave() -> None:
    """Five mentors of two learners each keep 10; six learners are there, so two mentors are free; with two left, none is."""
    assert mentor_room(np.array([5.0, 4.0, 2.0]), 6.0).tolist() == [2.0, 1.0, 0.0]


def test_lending_moves_work_and_makes_none() -> None:
    """Ten people of 40 hours' learning: one may go, after a month; the source misses it for the year that the target has nine tenths."""
    (measure,) = lend("x", 1, 0, 3, 12.0, Costs(), hours=40.0)
    target, source = (np.array(effect.fte) for effect in measure.effects)
    assert measure.capacity[0] == 1
    assert target.sum() == pytest.approx(0.9)
    assert source.sum() == pytest.approx(-1.0 - 40.0 / 1380.0)
    assert (target + source).sum() < 0
    assert sum(measure.cost) == pytest.approx(40 * 45.0)


def test_nobody_is_lent_for_a_long_training_or_from_a_small_team() -> None:
    assert lend("x", 1, 0, 3, 12.0, Costs(), hours=200.0) == ()
    assert lend("x", 1, 0, 3, 9.0, Costs(), hours=40.0) == ()


def test_no_places_where_no_apprentice_ever_became_it() -> None:
    assert more_apprentices("x", 0, 4, 0.2, Costs()) == ()
    (measure,) = more_apprentices("x", 0, 4, 3.0, Costs())
    assert measure.capacity == (3.0,) * 4
    assert dict(measure.uses)["mentors"][0] == pytest.approx(0.5)


def test_the_offer_holds_what_the_firm_can_do_and_nothing_else() -> None:
    found = problem(ground(), None)
    assert {measure.lever for measure in found.measures} >= {"recruit", "apprentices", "temporary", "free_hours"}
    assert [measure.name for measure in found.measures if measure.lever == "apprentices"] == ["apprentices Monteur"]
    assert found.resources["mentors"].tolist() == [2.0, 1.0, 0.0, 0.0]
    assert not [measure for measure in found.measures if measure.lever == "rotate"]


def test_lending_needs_people_to_spare_a_short_way_and_no_learners_role() -> None:
    asked = pd.DataFrame({"role": list(ROLES), "skill": "s", "level": 2, "weight": 1.0})
    hours = np.array([[0.0, 900, 900], [40.0, 0, 40], [900.0, 900, 0]])
    nothing = np.zeros((3, 3))
    net = Network(matrix(asked, ROLES, ("s",)), None, Thresholds(), nothing, hours, nothing, hours, nothing)
    names = [measure.name for measure in problem(ground(), net).measures if measure.lever == "rotate"]
    assert names == ["rotate Planner > Monteur"]
    balanced = ground(demand=ground().supply)
    assert not [measure for measure in problem(balanced, net).measures if measure.lever == "rotate"]


def test_a_mentor_who_stays_makes_room_for_learners() -> None:
    """No mentor is free. Four who stay are mentors for a half: each gives half a mentor, so one learner each."""
    years = 3
    stays = simple("retain", "retain", 0, years, 4, fte=0.0, yearly=1.0, uses=teaching(0.5, profile(years, settle_worth=1.0)))
    (places,) = more_apprentices("bbl", 0, years, 10.0, Costs(), school_months=12.0, learner_fte=1.0, success=1.0, keep=1.0)
    units = pd.DataFrame({"location": [""], "unit": [""], "role": ["Monteur"]})
    need = np.full((1, years), 30.0)
    none = {"mentors": np.zeros(years)}
    alone = solve(Problem(units, np.zeros((1, years)), need, (places,), none), budget=1e9)
    assert alone.starts.sum() == 0
    both = solve(Problem(units, np.zeros((1, years)), need, (stays, places), none), budget=1e9)
    assert both.starts[0].sum() == 4 * years
    assert both.starts[1, 0] == 4


def test_every_cost_of_a_plan_stands_in_the_dated_table() -> None:
    """The shipped table says what the plan used before it read the table; an own amount goes before it, from its day on."""
    assert set(KEYS) == {field.name for field in fields(Costs)}
    assert costs_on(date(2026, 6, 1)) == Costs()
    dearer = replace(amount("recruitment_per_hire", date(2026, 6, 1)), value=9_000.0, valid_from=date(2026, 5, 1))
    assert costs_on(date(2026, 6, 1), (dearer,)).recruitment == 9_000.0
    assert costs_on(date(2026, 4, 30), (dearer,)).recruitment == Costs().recruitment


def test_guidance_is_a_cost_and_a_capacity() -> None:
    """38 people with an hour each a year: 38 hours, so three persons of ten hours may start; with a quarter of an hour none may."""
    usual = problem(ground(arrivals=np.array([9.0, 0.0, 0.0]), mentors=np.full(4, 30.0)), None)
    assert usual.resources["guidance"].tolist() == [38.0] * 4
    (learning,) = [measure for measure in usual.measures if measure.lever == "apprentices"]
    assert dict(learning.uses)["guidance"] == (10.0, 0.0, 0.0, 0.0)
    assert learning.cost[0] > Costs().guidance
    only = replace(usual, measures=(learning,))
    assert solve(only, budget=1e9).starts.sum(axis=1)[0] == 4 * 3
    little = problem(ground(arrivals=np.array([9.0, 0.0, 0.0]), mentors=np.full(4, 30.0)), None, Offer(costs=Costs(guidance_room=0.25)))
    assert solve(replace(little, measures=(learning,)), budget=1e9).starts.sum() == 0

"""Apprentices, mentors and retraining, person by person: mean and variance of the closed form within four standard errors."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analytics.moments import FILLED
from analytics.projection import project
from analytics.retraining import OUTSIDE_DEFAULT, plan
from analytics.scenario import Scenario
from analytics.workforce import Flow
from tests.firms import CLERKS, LEARNERS, MECHANICS, learning_firm
from tests.simulation import RETRAINED, Person, World, simulate
from tests.test_projection_simulation import _check

YEARS = 7
RUNS = 1000
RESIGN = {LEARNERS: 0.10, MECHANICS: 0.05, CLERKS: 0.04}
OTHER = 0.01
ONWARD = 0.3
PLAIN = Scenario(generation_pact_uptake=0.0, work_on_after_aow=0.0, rvu_uptake=0.0, extra_hours_uptake=0.0)


@cache
def firm():
    """The firm of `learning_firm` with one chance to leave a role, whatever the age and service, and no one near a pension: then whoever is
    retrained is an average of the old role, as the closed form takes them to be."""
    base = learning_firm(YEARS, wished=0.0, hired=0.0)
    near = base.permanent
    young = replace(near, age=np.minimum(near.age, 28), month=np.full(len(near), 9_999))
    roles = base.groups["role"].tolist()
    hazards = np.zeros_like(base.hazards)
    for g, role in enumerate(roles):
        hazards[0, ..., g], hazards[1, ..., g] = -np.log1p(-RESIGN[role]), -np.log1p(-OTHER)
    chance = np.where([roles[g] == LEARNERS for g in base.link_from], ONWARD, 0.01)
    first = np.broadcast_to(hazards[0, 0, :, 0], base.first_year.shape).copy()
    ages = np.zeros_like(base.hire_ages)
    ages[10] = 1.0  # 25 years old
    return replace(
        base, permanent=young, hazards=hazards, first_year=first, link_chance=chance, hire_ages=ages, hire_fixed=np.zeros(3), cache={}
    )  # fmt: skip


def world(base, projection, scenario):
    roles = base.groups["role"].tolist()
    run = projection.run
    moves = {}
    for origin, target, chance in zip(base.link_from, base.link_to, base.link_chance, strict=True):
        moves.setdefault(roles[origin], []).append((roles[target], chance))
    hires = {
        role: ([float(number) / FILLED for number in run.hires[g]], FILLED, [(25, 1.0)], float(base.hire_fte[g]))
        for g, role in enumerate(roles)
    }
    retrain = {}
    if run.learning is not None:
        for t in range(1, YEARS):
            came = projection.flows[Flow.RETRAINED_IN][:, t]
            targets = {roles[g]: float(number) for g, number in enumerate(came) if number > 0}
            started = {roles[g]: (float(number), 0.8, targets) for g, number in enumerate(run.learning[:, t]) if number > 0}
            retrain[t - 1] = started if targets else {}
    outward = {}
    if scenario.outside_share != OUTSIDE_DEFAULT:
        usual = project(base, PLAIN)
        made = plan(base, scenario, usual.run, usual.fte, usual.demand)
        share = (scenario.outside_share - OUTSIDE_DEFAULT) / 100
        outward = {
            t: {role: (float(made.chosen[g, t]), share) for g, role in enumerate(roles) if made.chosen[g, t] > 0} for t in range(YEARS)
        }
    return World(
        lambda role, age, service: RESIGN[role], lambda *_: OTHER, first_year=None, moves=moves, hires=hires, retrain=retrain,
        outward=outward,        hours=scenario.training_hours_lost / 1380, apprentices=(LEARNERS,),
    )  # fmt: skip


def staff(base):
    cells, roles = base.permanent, base.groups["role"].tolist()
    each = cells.amounts[1] / cells.amounts[0]
    return [
        Person(roles[cells.group[row]], 15 + int(cells.age[row]), 9_999, 6, float(each[row]))
        for row in range(len(cells))
        for _ in range(round(cells.amounts[0][row]))
    ]


@pytest.mark.slow
@pytest.mark.parametrize("levers", [
    {"apprentice_places": 14.0},
    {"training_places": 20.0},
    {"training_places": 20.0, "training_hours_lost": 400.0, "apprentice_places": 10.0},
    {"outside_share": 60.0},
], ids=["apprentices", "retraining", "both", "outside"])  # fmt: skip
def test_learning_person_by_person(levers):
    compared(levers, RUNS)


@pytest.mark.parametrize("levers", [{"training_places": 20.0}, {"outside_share": 60.0}], ids=["retraining", "outside"])
def test_person_by_person_in_few_runs(levers):
    compared(levers, 100)


def compared(levers, count):
    base, scenario = firm(), replace(PLAIN, **levers)
    projection = project(base, scenario)
    made = world(base, projection, scenario)
    assert any(part for part in made.retrain.values()) == ("training_places" in levers)
    people = staff(base)
    runs = [simulate(made, people, YEARS, seed) for seed in range(count)]
    roles = base.groups["role"].tolist()
    taught = ~base.apprentice[base.link_from]  # moves of a usual year take more hours as well
    there = np.minimum(projection.people, base.staff[0][:, None])[base.link_from[taught]]
    usual = base.link_chance[taught] @ there * (scenario.training_hours_lost - 200) / 1380
    var_fte = projection.run.moments().of_groups()[1]
    for year in (1, 2, 3, 5, YEARS):
        for g, role in enumerate(roles):
            heads = [run[year - 1]["people"].get(role, 0) for run in runs]
            _check(heads, projection.people[g, year], projection.var_people[g, year], ("people", role, year))
            hours = [run[year - 1]["fte"].get(role, 0.0) for run in runs]
            _check(hours, projection.run.fte[g, year], var_fte[g, year], ("fte", role, year))
        lost = -projection.supply_parts["learning"][:, :year].sum()
        _check([run[year - 1]["learning"] + usual[year] for run in runs], lost, None, ("learning", year))
        total = [sum(run[year - 1]["people"].values()) for run in runs]
        _check(total, projection.people[:, year].sum(), projection.variance(np.ones((1, 3)))[0][0, year], ("total", year))
        passed = [run[year - 1]["flows"][RETRAINED] for run in runs]
        _check(passed, projection.flows[Flow.RETRAINED_IN][:, year - 1].sum(), None, ("retrained", year))

"""Steps that add up, for any scope, and between two scenarios; the effect of each lever."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.bridge import bridge, compare
from analytics.projection import project
from analytics.scenario import LEVERS, Scenario
from analytics.sensitivity import sensitivity
from analytics.workforce import FIXED, PERMANENT, Flow
from tests.firms import person
from tests.test_projection_laws import YEARS, made

ROWS = [
    person(role, age, tenure=age % 4, offset=age % 12, people=3, fte=0.9, contract=FIXED if age == 31 else PERMANENT, end=5)
    for role in "AB"
    for age in range(20, 67)
]


@pytest.fixture(scope="module")
def base():
    return made(ROWS, [("A", "B")], heavy=("A",), isco={"B": "4110"}, demand={"A": (140.0, 0, 0.02), "B": (np.nan, 3.0, -0.01)})


SCENARIO = Scenario(hires_per_year=11.0, freed_hours_per_week=0.5, part_time_factor_shift=0.02, settling_in_months=9.0)


@pytest.mark.parametrize("mask", [(True, True), (True, False), (False, True), (False, False)])
@pytest.mark.parametrize("step", [0, 1, 5, YEARS])
def test_steps_add_up_exactly(base, mask, step):
    found = bridge(project(base, SCENARIO), np.array(mask), step)
    assert found.start + sum(value for _, value in found.steps) == pytest.approx(found.end, abs=1e-9)
    if not any(mask):
        assert found.start == found.end == 0


def test_names_and_signs(base):
    projection = project(base, SCENARIO)
    steps = dict(bridge(projection, np.ones(2, bool), 5).steps)
    assert list(steps) == [str(flow) for flow in Flow] + [
        "hours",
        "absence",
        "settling_in",
        "learning",
        "growth",
        "productivity",
        "automation",
        "freed_hours",
        "posts",
    ]
    assert min(steps[name] for name in ("retirement", "resignation", "contract_end", "other_exit", "growth")) > 0
    assert max(steps[name] for name in ("hire", "productivity", "automation", "freed_hours")) < 0
    assert steps["retirement"] == pytest.approx(projection.flows_fte[Flow.RETIREMENT][:, :5].sum())


def test_moves_cancel_over_the_firm_but_not_in_one_role(base):
    projection = project(base, SCENARIO)
    both, one = (dict(bridge(projection, np.array(mask), 5).steps) for mask in ((True, True), (True, False)))
    assert both["move_in"] + both["move_out"] == pytest.approx(0.0, abs=1e-9)
    assert one["move_out"] > 0.5
    assert one["move_in"] == 0


def test_two_scenarios(base):
    first, second = project(base, Scenario()), project(base, Scenario(resignation_multiplier=1.4, productivity_growth=1.0))
    found = compare(first, second, np.ones(2, bool), 6)
    steps = dict(found.steps)
    assert found.start + sum(steps.values()) == pytest.approx(found.end, abs=1e-9)
    assert steps["resignation"] > 5
    assert steps["retirement"] < 0  # who resigned does not retire
    assert steps["productivity"] < 0
    same = compare(first, project(base, Scenario()), np.ones(2, bool), 6)
    assert all(value == 0 for _, value in same.steps)


def test_sensitivity_orders_levers_by_effect(base):
    found = sensitivity(base, Scenario(), np.ones(2, bool), 5)
    assert sorted(found["lever"]) == sorted(LEVERS)
    assert found["effect"].is_monotonic_decreasing
    row = found.set_index("lever").loc["resignation_multiplier"]
    ends = [project(base, Scenario(resignation_multiplier=value)).gap[:, 5].sum() for value in (0.6, 1.6)]
    assert (row["low_gap"], row["high_gap"]) == pytest.approx(ends)
    assert row["base_gap"] == pytest.approx(project(base, Scenario()).gap[:, 5].sum())
    assert row["effect"] == pytest.approx(ends[1] - ends[0])

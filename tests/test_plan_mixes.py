"""Near-equal other mixes, and the way from a mix to actions."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.plan.actions import actions, overshoot, realised
from analytics.plan.as_scenario import promises
from analytics.plan.measures import Effect, Measure, recruit, simple
from analytics.plan.mixes import compare, difference, mixes
from analytics.plan.model import Problem
from analytics.plan.programme import solve

ZERO = np.zeros(3)


def _problem(costs: dict[str, float], gap: float = 6.0, capacity: float = 10.0) -> Problem:
    units = pd.DataFrame({"location": "", "unit": "U", "role": ["monteur"]})
    measures = tuple(
        Measure(name, name, (Effect(0, (1.0, 1.0, 1.0)),), (capacity,) * 3, (cost, 0.0, 0.0), target=0) for name, cost in costs.items()
    )
    return Problem(units, np.full((1, 3), 50.0), np.full((1, 3), 50.0 + gap), measures)


def test_other_mixes_cost_little_more_and_use_other_levers() -> None:
    problem = _problem({"recruit": 100.0, "train": 103.0, "retain": 104.5, "temporary": 300.0})
    best = solve(problem, target=ZERO)
    found = mixes(best, target=ZERO)
    assert len(found) == 3
    assert found[0].plan is best
    for mix in found:
        assert mix.plan.cost <= best.cost * 1.05 + 1e-6
        assert mix.plan.shortage.sum() <= 1e-6
        assert "temporary" not in mix.shares
        assert sum(mix.shares.values()) == pytest.approx(1)
    assert found[1].difference == 1.0
    assert {lever for mix in found for lever in mix.shares} == {"recruit", "train", "retain"}
    assert found[1].extra > 0
    assert set(compare(found)["mix"]) == {0, 1, 2}


def test_when_only_one_mix_is_near_there_is_only_one() -> None:
    problem = _problem({"recruit": 100.0, "temporary": 900.0})
    assert len(mixes(solve(problem, target=ZERO), target=ZERO)) == 1


def test_with_a_budget_other_mixes_close_nearly_as_much() -> None:
    problem = _problem({"recruit": 100.0, "train": 102.0}, gap=20.0, capacity=20.0)
    best = solve(problem, budget=1050.0)
    found = mixes(best, budget=1050.0)
    closed = best.before.sum() - best.shortage.sum()
    assert len(found) >= 2
    for mix in found:
        assert mix.plan.cost <= 1050 + 1e-6
        assert mix.plan.before.sum() - mix.plan.shortage.sum() >= 0.95 * closed - 1e-6


def test_no_alternatives_to_doing_nothing_or_to_all_there_is() -> None:
    enough = _problem({"recruit": 1.0}, gap=-1.0)
    assert len(mixes(solve(enough, target=ZERO), target=ZERO)) == 1
    too_far = _problem({"recruit": 1.0}, gap=100.0)
    assert len(mixes(solve(too_far, target=ZERO), target=ZERO)) == 1


def test_difference_is_a_distance() -> None:
    a, b = {"x": 0.5, "y": 0.5}, {"y": 1.0}
    assert difference(a, b) == difference(b, a) == 0.5
    assert difference(a, a) == 0
    assert difference(a, {"z": 1.0}) == 1


# from a mix to actions -----------------------------------------------------------------------------------------------


def _plan():
    units = pd.DataFrame({"location": "", "unit": ["E", "W"], "role": ["elektro", "cv"]})
    measures = (
        recruit("r-elektro", 0, 3, 3, time_to_fill=6, keep=1.0, settle_months=0),
        simple("keep-cv", "retain", 1, 3, 2, yearly=8_000, fte=1.0),
    )
    demand = np.array([[10.0, 12, 12], [20, 21, 22]])
    supply = np.array([[10.0, 10, 10], [20, 20, 20]])
    return solve(Problem(units, supply, demand, measures, {"recruitment": np.full(3, 9.0)}), target=np.array([np.nan, 0, 0]))


def test_mix_becomes_actions_with_dates() -> None:
    table = actions(_plan(), date(2026, 1, 31)).set_index("lever")
    assert table.loc["recruit", "role"] == "elektro"
    assert table.loc["recruit", "units"] == 2
    assert (table.loc["recruit", "start"], table.loc["recruit", "due"]) == (date(2026, 1, 31), date(2026, 7, 31))
    assert table.loc["recruit", "expected"] == pytest.approx((1, 2, 2))
    assert table.loc["retain", "expected"] == pytest.approx((0, 1, 2))
    assert (table.loc["retain", "start"], table.loc["retain", "due"]) == (date(2027, 1, 31), date(2028, 1, 31))
    assert (table["status"] == "planned").all()
    assert table["cost"].sum() == pytest.approx(_plan().cost)


def test_no_starts_no_actions() -> None:
    plan = solve(_problem({"recruit": 1.0}, gap=-1.0), target=ZERO)
    assert actions(plan, date(2026, 1, 1)).empty
    assert promises(plan) == {}
    assert overshoot(actions(plan, date(2026, 1, 1)), pd.DataFrame()).empty
    assert realised(actions(plan, date(2026, 1, 1)), pd.DataFrame(), pd.DataFrame()).empty


def _table(**more: object) -> pd.DataFrame:
    rows = pd.DataFrame({"action": [1, 2, 3], "location": "", "unit": "E", "role": "elektro", "status": ["running", "done", "stopped"]})
    rows["expected"] = [(0.0, 3.0), (1.0, 1.0), (9.0, 9.0)]
    return rows.assign(**more)


def _gap(*values: float) -> pd.DataFrame:
    return pd.DataFrame({"location": "", "unit": "E", "role": "elektro", "year": range(len(values)), "gap": values})


def test_promising_more_than_is_short_is_flagged() -> None:
    """Stopped actions promise nothing; 4 promised against 2 short is 2 too many; half an fte is no overshoot."""
    out = overshoot(_table(), _gap(0.6, 2.0)).set_index("year")
    assert out["expected"].tolist() == [1, 4]
    assert out["over"].tolist() == pytest.approx([0.4, 2])
    assert out["flagged"].tolist() == [False, True]
    assert overshoot(_table(), _gap(-5, 9)).set_index("year")["flagged"].tolist() == [True, False]


def test_what_came_of_it_is_shared_by_promise() -> None:
    """Forecast 6 short, found 4: two fte closed, shared 3 to 1 by what each action promised for that year."""
    out = realised(_table(), _gap(5, 6), _gap(5, 4))
    year = out[out["year"] == 1].set_index("action")
    assert year["realised"].to_dict() == {1: 1.5, 2: 0.5}
    assert year["part"].tolist() == [0.5, 0.5]
    assert np.isnan(out[(out["year"] == 0) & (out["action"] == 1)]["part"].iloc[0])
    only_first = realised(_table(), _gap(5, 6), _gap(5))
    assert set(only_first["year"]) == {0}

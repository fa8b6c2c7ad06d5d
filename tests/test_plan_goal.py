"""Goal seek on a slider's own steps: against trying every value, out of reach, few runs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.plan.goal import seek, single_levers
from analytics.scenario import LEVERS


def test_smallest_change_that_reaches_the_target() -> None:
    """Shortage 20 - 3 x, target 2: x = 6 exactly; on steps of 0.5 a target of 1.9 needs 6.5."""
    assert seek(lambda x: 20 - 3 * x, 0, 0, 20, 0.5, 2).value == 6
    assert seek(lambda x: 20 - 3 * x, 0, 0, 20, 0.5, 1.9).value == 6.5
    down = seek(lambda x: 3 * x, 10, 0, 20, 1, 15)
    assert (down.value, down.reached, down.now) == (5, True, 30)


def test_out_of_reach_says_so_and_gives_the_nearer_end() -> None:
    goal = seek(lambda x: 20 - x, 2, 0, 10, 1, 5)
    assert (goal.reached, goal.value, goal.result, goal.now) == (False, 10, 10, 18)
    flat = seek(lambda x: 7.0, 2, 0, 10, 1, 5)
    assert (flat.reached, flat.value) == (False, 2)


def test_reached_already_moves_nothing() -> None:
    goal = seek(lambda x: x, 3, 0, 10, 1, 4)
    assert (goal.value, goal.reached, goal.asked) == (3, True, 1)


def test_end_that_is_no_whole_step() -> None:
    goal = seek(lambda x: 10 - x, 0, 0, 9.7, 1, 0.4)
    assert (goal.value, goal.reached) == (9.7, True)


@settings(max_examples=200, deadline=None)
@given(
    slope=st.floats(-5, 5),
    bend=st.floats(-3, 3),
    start=st.integers(0, 40),
    target=st.floats(-20, 60),
    steps=st.sampled_from([0.25, 0.5, 1.0, 2.0]),
)
def test_same_as_trying_every_value(slope: float, bend: float, start: int, target: float, steps: float) -> None:
    def figure(x: float) -> float:  # monotone, with a level part
        return 20 + slope * x + np.sign(slope) * max(0.0, bend) * max(0.0, x - 5)

    low, high = 0.0, 10.0
    present = min(low + steps * start, high)
    goal = seek(figure, present, low, high, steps, target)
    grid = np.append(np.arange(low, high + 1e-9, steps), present)
    good = [v for v in grid if figure(v) <= target]
    assert goal.reached == bool(good)
    if good:
        assert abs(goal.value - present) == pytest.approx(min(abs(v - present) for v in good))
        assert figure(goal.value) <= target


def test_bisection_needs_few_runs() -> None:
    asked = []
    goal = seek(lambda x: (asked.append(x), 1000 - x)[1], 0, 0, 1000, 1, 137)
    assert goal.value == 863
    assert len(asked) == len(set(asked)) == goal.asked <= 14


def test_levers_side_by_side() -> None:
    """Half a range of pension shift does what the fill rate does over its whole range; adoption never gets there."""

    def figure(name: str, value: float) -> float:
        return {
            "retirement_shift_months": 10 - value / 9 * 8,
            "fill_rate": 10 - (value - 65) * 8 / 30,
            "adoption_max": 10 - (value - 50) / 40,
        }[name]

    present = {"retirement_shift_months": 0.0, "fill_rate": 65.0, "adoption_max": 50.0}
    found = single_levers(figure, present, 2.0)
    assert [goal.lever for goal in found] == ["retirement_shift_months", "fill_rate", "adoption_max"]
    assert [goal.reached for goal in found] == [True, True, False]
    assert [goal.value for goal in found] == [9, 95, 90]


def test_a_lever_of_the_firms_own_uses_its_own_range() -> None:
    found = single_levers(lambda _, hires: 30 - hires, {"hires_per_year": 12.0}, 10.0)[0]
    assert LEVERS["hires_per_year"].bounds(12.0) == (0, 24)
    assert (found.value, found.reached) == (20, True)

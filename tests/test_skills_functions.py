"""Half-life of a skill and knowledge that hangs on one person."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.skills import half_life, single_points

NAN = np.nan


def test_half_life_examples() -> None:
    assert half_life(4, 5, 5) == 2
    assert half_life(4, 10, 5) == 1
    assert half_life(4, 0, 5) == 4
    assert half_life(5, 2.5, 2.5, floor=1) == pytest.approx(3)
    assert half_life([4, 2], [5, 5], 5).tolist() == [2, 1]
    assert half_life(4, 40, np.inf) == 4


def test_before_the_assessment_nothing_fades_and_below_the_floor_nothing_rises() -> None:
    assert half_life(4, -3, 5) == 4
    assert half_life(1, 5, 5, floor=2) == 1
    with pytest.raises(ValueError, match="half-life"):
        half_life(4, 5, 0)


@given(st.floats(0, 5), st.floats(0, 40), st.floats(0, 40), st.floats(0.5, 20), st.floats(0, 5))
def test_fading_goes_down_in_steps_that_can_be_joined(level: float, first: float, more: float, half: float, floor: float) -> None:
    now = half_life(level, first, half, floor)
    later = half_life(level, first + more, half, floor)
    assert min(level, floor) - 1e-9 <= later <= now + 1e-9 <= level + 2e-9
    assert half_life(now, more, half, min(floor, level)) == pytest.approx(later, abs=1e-9)


def test_single_points_by_hand() -> None:
    """Steam: one holder. Relays: one holder and one unknown. Wiring: two. Scaffolds: nobody. Old tool: required by nobody."""
    levels = pd.DataFrame(
        {
            "steam": [4, 2, 1],
            "relays": [3, NAN, 2],
            "wiring": [3, 5, 1],
            "scaffolds": [1, 1, NAN],
            "old tool": [5, 0, 0],
        }
    )
    table = single_points(levels, [3, 3, 3, 2, 0])
    assert table["holders"].tolist() == [1, 1, 2, 0, 0]
    assert table["unassessed"].tolist() == [0, 1, 0, 1, 0]
    assert table["single_point"].tolist() == [True, True, False, False, False]
    assert table.index.tolist() == list(levels.columns)


def test_unknown_is_not_zero_and_arrays_will_do() -> None:
    table = single_points([[NAN, 3], [NAN, 2]], 3)
    assert table["unassessed"].tolist() == [2, 0]
    assert table["single_point"].tolist() == [False, True]
    assert single_points(np.empty((0, 2)), 3)["holders"].tolist() == [0, 0]


@given(st.integers(1, 30), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_one_person_more_or_less_changes_holders_by_at_most_one(people: int, skills: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    levels = rng.integers(0, 6, (people, skills)).astype(float)
    levels[rng.random((people, skills)) < 0.2] = NAN
    all_of_them, without = single_points(levels, 3), single_points(levels[1:], 3)
    assert set((all_of_them["holders"] - without["holders"]).tolist()) <= {0, 1}
    assert (all_of_them["holders"] + all_of_them["unassessed"] <= people).all()

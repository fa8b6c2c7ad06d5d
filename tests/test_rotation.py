"""Learning pairs, rotation rounds and handing over in time: equal to brute force on small cases, within every limit on large ones."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import rotation

PAIR = st.tuples(st.sampled_from("st"), st.sampled_from("abc"), st.sampled_from("bxyz"), st.integers(1, 9))
MOVE = st.tuples(st.sampled_from("pqrs"), st.sampled_from("ABC"), st.sampled_from("ABC"), st.integers(1, 9))


def pairs_of(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["skill", "holder", "learner", "value"]).drop_duplicates(["skill", "holder", "learner"])
    return frame[frame["holder"] != frame["learner"]].reset_index(drop=True)


def pairs_allowed(chosen: pd.DataFrame, needed: dict[str, int], most: int) -> bool:
    return (
        not chosen["learner"].duplicated().any()
        and (chosen["holder"].value_counts() <= most).all()
        and all(chosen["skill"].eq(skill).sum() <= count for skill, count in needed.items())
        and not set(chosen["holder"]) & set(chosen["learner"])
    )


def brute(frame: pd.DataFrame, allowed) -> float:
    """The best value over every subset of the rows."""
    top = 0.0
    for size in range(len(frame) + 1):
        for rows in combinations(range(len(frame)), size):
            chosen = frame.iloc[list(rows)]
            if allowed(chosen):
                top = max(top, float(chosen["value"].sum()))
    return top


@settings(max_examples=30, deadline=None)
@given(st.lists(PAIR, max_size=7), st.integers(1, 2), st.integers(0, 2))
def test_pairs_equal_brute_force(rows, most: int, need: int) -> None:
    frame, needed = pairs_of(rows), {"s": need, "t": 2}
    found = rotation.learning_pairs(frame, needed, most)
    assert pairs_allowed(found, needed, most)
    assert float(found["value"].sum()) == brute(frame, lambda chosen: pairs_allowed(chosen, needed, most))


def moves_of(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["person", "origin", "target", "value"]).drop_duplicates(["person", "target"])
    first = frame.groupby("person")["origin"].transform("first")  # somebody works in one place
    return frame.assign(origin=first)[lambda rows: rows["origin"] != rows["target"]].reset_index(drop=True)


def moves_allowed(chosen: pd.DataFrame, staff: dict[str, float], keep: float) -> bool:
    if chosen["person"].duplicated().any():
        return False
    return all(
        count - chosen["origin"].eq(group).sum() + chosen["target"].eq(group).sum() >= keep * count - 1e-9 for group, count in staff.items()
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(MOVE, max_size=9), st.integers(0, 4), st.integers(0, 4), st.sampled_from([0.5, 0.8, 1.0]))
def test_rounds_equal_brute_force(rows, a: int, b: int, keep: float) -> None:
    frame, staff = moves_of(rows), {"A": float(a), "B": float(b), "C": 3.0}
    found = rotation.rotation_round(frame, staff, keep)
    assert moves_allowed(found, staff, keep)
    assert float(found["value"].sum()) == brute(frame, lambda chosen: moves_allowed(chosen, staff, keep))


def test_with_everybody_needed_only_exchanges_are_left() -> None:
    frame = moves_of([("p", "A", "B", 1), ("q", "B", "A", 1), ("r", "A", "C", 9)])
    found = rotation.rotation_round(frame, {"A": 2, "B": 2, "C": 2}, 1.0)
    assert set(found["person"]) == {"p", "q"}


def test_a_large_round_stays_within_its_limits() -> None:
    rng = np.random.default_rng(4)
    groups = [f"g{n}" for n in range(12)]
    frame = pd.DataFrame(
        {"person": np.arange(300), "origin": rng.choice(groups, 300), "target": rng.choice(groups, 300), "value": rng.uniform(0.1, 1, 300)}
    )
    frame = frame[frame["origin"] != frame["target"]].reset_index(drop=True)
    staff = {group: 25.0 for group in groups}
    found = rotation.rotation_round(frame, staff, 0.9)
    assert moves_allowed(found, staff, 0.9)
    assert len(found) > 100


def test_nothing_to_match_gives_nothing() -> None:
    assert rotation.learning_pairs(pairs_of([]), {}).empty
    assert rotation.rotation_round(moves_of([]), {}, 0.8).empty


def test_expected_holders_fall_at_pension_dates_and_by_the_groups_chance() -> None:
    still = rotation.expected_holders([12, 24], 0.0, 24)
    assert (still[0], still[11], still[12], still[24]) == (2, 2, 1, 0)
    assert rotation.expected_holders([999], 0.1, 12)[12] == pytest.approx(0.9)
    assert rotation.expected_holders([], 0.1, 3).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(("takes", "expected"), [(6, date(2026, 7, 1)), (0, date(2027, 1, 1)), (24, date(2026, 1, 1))])
def test_handing_over_starts_early_enough(takes: int, expected: date) -> None:
    """Two holders, one pension after twelve months: from then on fewer than two."""
    holders = rotation.expected_holders([12, 300], 0.0, 60)
    assert rotation.start_by(date(2026, 1, 1), holders, 2, takes) == expected


def test_no_start_where_enough_people_stay() -> None:
    assert rotation.start_by(date(2026, 1, 1), rotation.expected_holders([300, 300], 0.0, 60), 2, 6) is None


def test_single_points_before_and_after() -> None:
    holders = {"a": 1, "b": 1, "c": 3, "d": 0}
    assert rotation.single_points(holders) == 2
    assert rotation.single_points(holders, {"a": 1}) == 1
    assert rotation.single_points(holders, {"d": 1}) == 3

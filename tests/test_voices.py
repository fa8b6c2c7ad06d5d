"""What people say is told about groups only: laws of the cut, of shares and of differences between any two answers."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import voices

NAMES = st.text("abcdefgh", min_size=1, max_size=3)
COUNTS = st.dictionaries(NAMES, st.integers(0, 60), max_size=12)
LEAST = st.integers(2, 25)


@settings(max_examples=100, deadline=None)
@given(COUNTS, LEAST)
def test_groups_are_disjoint_whole_and_large_enough(counts: dict[str, int], least: int) -> None:
    groups = voices.cut(counts, least)
    members = [name for names in groups for name in names]
    assert len(members) == len(set(members))
    assert set(members) == (set(counts) if sum(counts.values()) >= least else set())
    assert all(sum(counts[name] for name in names) >= least for names in groups)


@settings(max_examples=60, deadline=None)
@given(COUNTS, LEAST)
def test_any_two_answers_differ_by_nobody_or_by_enough_people(counts: dict[str, int], least: int) -> None:
    """An answer is a sum over whole groups; so is every difference of two nested answers."""
    groups = voices.cut(counts, least)[:6]
    answers = [set(chosen) for size in range(len(groups) + 1) for chosen in combinations(groups, size)]
    for one in answers:
        for other in answers:
            if one < other:
                assert sum(counts[name] for names in other - one for name in names) >= least


@given(COUNTS)
def test_the_same_counts_give_the_same_cut_in_any_order(counts: dict[str, int]) -> None:
    turned = dict(reversed(list(counts.items())))
    assert voices.cut(counts, 10) == voices.cut(turned, 10)


def test_with_full_rights_every_name_with_somebody_stands_alone() -> None:
    assert voices.cut({"b": 1, "a": 3, "c": 0}, 1) == [("a",), ("b",)]


@given(st.floats(0, 1), st.integers(10, 200), st.integers(10, 25))
def test_a_small_group_never_says_nobody_or_everybody(share: float, people: int, least: int) -> None:
    told = voices.told_share(share, people, least)
    assert abs(told * 10 - round(told * 10)) < 1e-9
    if people < 2 * least:
        assert 0.1 <= told <= 0.9


def answers_of(teams: dict[str, int], rng: np.random.Generator, name: str = "r") -> pd.DataFrame:
    rows = [
        (1, name, pd.Timestamp("2026-01-05"), team, question, int(rng.integers(1, 6)), 1)
        for team, people in teams.items()
        for _ in range(people)
        for question in voices.QUESTIONS
    ]
    frame = pd.DataFrame(rows, columns=["round", "name", "opened", "team", "question", "score", "answers"])
    return frame.groupby(["round", "name", "opened", "team", "question", "score"], as_index=False)["answers"].sum()


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, st.integers(1, 30), min_size=1, max_size=7), st.integers(0, 99))
def test_every_pulse_figure_is_about_ten_people_and_the_same_groups(teams: dict[str, int], seed: int) -> None:
    found = voices.pulse_results(answers_of(teams, np.random.default_rng(seed)), 10)
    assert (found["answers"] >= 10).all()
    assert found["mean"].between(1, 5).all()
    cuts = found.groupby("question")["teams"].apply(lambda column: tuple(sorted(column)))
    assert cuts.nunique() <= 1
    assert len(found) == (0 if sum(teams.values()) < 10 else len(voices.QUESTIONS) * len(cuts.iloc[0]))


def test_a_question_that_few_answered_decides_how_large_its_group_is() -> None:
    counts = answers_of({"a": 12, "b": 12}, np.random.default_rng(1))
    skipped = counts[(counts["team"] == "a") & (counts["question"] == "safe")].index[:1]
    few = counts.drop(index=counts[(counts["team"] == "a") & (counts["question"] == "safe")].index.difference(skipped))
    found = voices.pulse_results(few, 10)
    assert set(found["teams"]) == {("a", "b")}


def test_means_of_a_worked_example() -> None:
    rows = [(1, "r", pd.Timestamp("2026-01-05"), "a", q, s, n) for q in voices.QUESTIONS for s, n in ((2, 10), (4, 20), (5, 10))]
    frame = pd.DataFrame(rows, columns=["round", "name", "opened", "team", "question", "score", "answers"])
    found = voices.pulse_results(frame, 10).iloc[0]
    assert (found["answers"], found["mean"]) == (40, 3.8)  # (20 + 80 + 50) / 40 = 3.75
    assert found["agree"] == pytest.approx(0.8)  # 30 of 40, in steps of ten


def test_work_ability_needs_fifteen() -> None:
    rows = [(1, "r", pd.Timestamp("2026-01-05"), team, "good", people) for team, people in (("a", 14), ("b", 14), ("c", 20))]
    frame = pd.DataFrame(rows, columns=["round", "name", "opened", "team", "band", "people"])
    assert set(voices.ability_results(frame, 15)["teams"]) == {("a", "b"), ("c",)}
    assert voices.ability_results(frame.iloc[:1], 15).empty


def people(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["unit", "wishes", "fte", "wished_fte"])


def test_hidden_capacity_adds_wished_hours_above_the_contract() -> None:
    frame = people([("a", "more_hours", 0.5, 0.8)] * 10 + [("a", "more_hours", 0.5, 0.4), ("a", "", 0.5, 1.0), ("b", "deepen", 0.5, 1.0)])
    found = voices.hidden_capacity(frame, "unit", 10)
    assert found["fte"].tolist() == [3.0]
    assert found["names"].tolist() == [("a", "b")]


def test_a_sum_that_one_person_carries_is_not_told() -> None:
    frame = people([("a", "more_hours", 0.1, 1.0)] + [("a", "more_hours", 0.5, 0.51)] * 12)
    assert np.isnan(voices.hidden_capacity(frame, "unit", 10)["fte"].iloc[0])
    assert voices.hidden_capacity(frame, "unit", 1)["fte"].iloc[0] == pytest.approx(1.0)


def test_wishes_are_whole_words() -> None:
    assert voices.has_wish(pd.Series(["later,teach", "teach", "outside", ""]), "later").tolist() == [True, False, False, False]


def test_freed_hours_weigh_by_fte_and_count_removed_controls_only() -> None:
    frame = pd.DataFrame(
        [("", 0.2, "removed"), ("a", 1.0, "removed"), ("b", 2.0, "kept"), ("b", 2.0, "open"), ("gone", 4.0, "removed")],
        columns=["unit", "hours", "decision"],
    )
    assert voices.freed_hours(frame, {"a": 25.0, "b": 75.0}) == pytest.approx(0.2 + 0.25)
    assert voices.freed_hours(frame, {}) == 0.0

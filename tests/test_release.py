"""The privacy gate: whatever two answers are subtracted, the difference is nobody or at least k people."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import Refusal
from analytics.release import Viewer, chosen_atoms, make_atoms, merged_notes, windowed, windows
from analytics.workforce import Scope

LOCATIONS, UNITS, ROLES = ("Noord", "Zuid"), ("W", "E", "Staf"), ("monteur", "planner", "lasser", "adviseur")


@st.composite
def staffs(draw: st.DrawFn) -> pd.DataFrame:
    keys = draw(st.lists(st.sampled_from(list(itertools.product(LOCATIONS, UNITS, ROLES))), min_size=1, max_size=24, unique=True))
    counts = draw(st.lists(st.integers(0, 12), min_size=len(keys), max_size=len(keys)))
    return pd.DataFrame([(*key, count) for key, count in zip(keys, counts, strict=True)], columns=["location", "unit", "role", "people"])


def scopes() -> st.SearchStrategy[Scope]:
    def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
        return st.lists(st.sampled_from(values), unique=True, max_size=len(values)).map(tuple)

    return st.builds(Scope, some(LOCATIONS), some(UNITS), some(ROLES))


@settings(max_examples=120, deadline=None)
@given(staffs(), scopes(), scopes(), st.integers(5, 10))
def test_two_answers_never_differ_by_a_few_people(people: pd.DataFrame, one: Scope, other: Scope, k: int) -> None:
    if 0 < people["people"].sum() < k:
        with pytest.raises(Refusal):
            make_atoms(people, k)
        return
    atoms, viewer = make_atoms(people, k), Viewer.director(k=k)
    counts = people["people"].to_numpy(float)
    first, second = (atoms.membership[chosen_atoms(atoms, people, scope, viewer)].sum(axis=0) > 0 for scope in (one, other))
    for difference in (first & ~second, second & ~first, first ^ second, first & second):
        isolated = counts[difference].sum()
        assert isolated == 0 or isolated >= k


@settings(max_examples=100, deadline=None)
@given(staffs(), st.integers(1, 10))
def test_every_group_is_in_exactly_one_atom_and_nobody_is_lost(people: pd.DataFrame, k: int) -> None:
    if 0 < people["people"].sum() < k:
        return
    atoms = make_atoms(people, k)
    assert (atoms.membership.sum(axis=0) == 1).all()
    assert atoms.sums(people["people"].to_numpy(float)).sum() == people["people"].sum()
    if k > 1 and people["people"].sum():
        assert (atoms.labels["people"] >= k).all()


def test_with_full_rights_each_group_stands_alone() -> None:
    people = pd.DataFrame([("Noord", "W", "monteur", 1), ("Noord", "W", "lasser", 30)], columns=["location", "unit", "role", "people"])
    atoms = make_atoms(people, 1)
    assert (atoms.membership == np.eye(2)).all()
    assert not merged_notes(atoms, np.array([True, True]))


def test_the_answer_says_what_was_merged() -> None:
    people = pd.DataFrame(
        [("Eiland", "W", "monteur", 3), ("Eiland", "W", "lasser", 4), ("Noord", "W", "monteur", 30)],
        columns=["location", "unit", "role", "people"],
    )
    atoms = make_atoms(people, 5)
    notes = merged_notes(atoms, np.ones(len(atoms.labels), bool))
    assert [(note.location, note.role, note.groups, note.people) for note in notes] == [("Eiland", "monteur + lasser", 2, 7)]


def test_a_director_sees_only_own_departments() -> None:
    people = pd.DataFrame([("", "W", "monteur", 30), ("", "E", "monteur", 30)], columns=["location", "unit", "role", "people"])
    atoms = make_atoms(people, 5)
    assert list(chosen_atoms(atoms, people, Scope(), Viewer.director(units=("E",)))) == [False, True]


def test_a_director_cannot_lower_the_threshold() -> None:
    assert Viewer.director(k=1).k == 5
    assert Viewer.director(k=900).k == 25


@settings(max_examples=120, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=1, max_size=20), st.integers(5, 10))
def test_yearly_counts_below_k_come_in_windows(counts: list[int], k: int) -> None:
    series = np.array(counts, float)
    cuts = windows(series, k)
    assert cuts[0][0] == 0
    assert cuts[-1][1] == len(series)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(cuts))
    assert len(cuts) == 1 or all(series[slice(*cut)].sum() >= k for cut in cuts)
    assert windowed(series, k).sum() == pytest.approx(series.sum())


def test_with_full_rights_each_year_stands_alone() -> None:
    assert windows(np.array([1.0, 0.0, 7.0]), 1) == [(0, 1), (1, 2), (2, 3)]

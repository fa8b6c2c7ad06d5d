"""Linear audit: everything the engine can say, as equations about persons; no combination of them is about fewer than k."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.estimate import estimate
from analytics.projection import prepare, project
from analytics.protect import all_groups, atom_names, gathered, smoothed
from analytics.release import make_atoms
from analytics.scenario import Scenario
from analytics.uncertainty import ranges
from analytics.workforce import Cohorts
from tests.attacked_firms import KEYS, K
from tests.test_protect import cohorts_of, no_history
from tests.test_protect import firm as firm_cells

QUESTIONS = tuple(
    Scenario(retirement_shift_months=shift, rvu_uptake=rvu, rvu_months_before=before, resignation_multiplier=0.6, first_year_exit=8)
    for shift, rvu, before in ((-24, 0, 0), (-7, 35, 36), (18, 10, 24))
)


def everything(cohorts: Cohorts, protected: bool) -> np.ndarray:
    """All numbers per atom of several scenarios as one vector: stocks, flows, pension lines, ages, ranges, demand."""
    groups = all_groups(cohorts)
    atoms = make_atoms(groups, K)
    names, rows, history = groups, atoms.membership, no_history()
    if protected:
        gathering, history = gathered(cohorts, history, groups, atoms, K)
        cohorts, names = smoothed(gathering, K), atom_names(atoms)
    base = prepare(cohorts, estimate(history, names))
    if protected:
        order = {name: at for at, name in enumerate(names[KEYS].itertuples(index=False, name=None))}
        rows = np.eye(len(names))[:, [order[name] for name in base.groups[KEYS].itertuples(index=False, name=None)]]
    parts = []
    for scenario in QUESTIONS:
        told = project(base, scenario, 6)
        spread = ranges(base, told, rows, 4, 1)
        series = [
            told.people,
            told.fte,
            told.demand,
            *told.flows.values(),
            *told.flows_fte.values(),
            *told.retire.values(),
            told.ages(0),
            told.ages(6),
        ]
        parts += [(rows @ value).ravel() for value in series] + [spread.low.ravel(), spread.high.ravel(), spread.p_short.ravel()]
    return np.concatenate(parts)


def equations(frame: pd.DataFrame, column: str, step: float, protected: bool) -> np.ndarray:
    """(numbers, persons): how each number reacts when one person's value moves by `step`."""
    start = everything(cohorts_of(frame), protected)
    columns = []
    for row in frame.index:
        moved = frame.copy()
        moved.loc[row, column] += step
        if column == "fte":
            moved["fte_sq"] = moved["fte"] ** 2
        columns.append((everything(cohorts_of(moved), protected) - start) / step)
    return np.stack(columns, axis=1)


def told_apart(matrix: np.ndarray, k: int) -> list[np.ndarray]:
    """Classes of persons no equation distinguishes that are smaller than k, and touched by some equation at all.

    Every vector in the row space is constant on such a class, so with all classes at least k no combination of answers, however
    long, is about fewer than k people.
    """
    scale = np.abs(matrix).max() or 1.0
    seen: list[list[int]] = []
    for person in range(matrix.shape[1]):
        for family in seen:
            if np.abs(matrix[:, person] - matrix[:, family[0]]).max() <= 1e-7 * scale:
                family.append(person)
                break
        else:
            seen.append([person])
    return [np.array(family) for family in seen if len(family) < k and np.abs(matrix[:, family[0]]).max() > 1e-7 * scale]


def in_row_space(matrix: np.ndarray, person: int) -> bool:
    """Whether some combination of answers is about this person alone (elimination by singular values)."""
    _, sizes, rows = np.linalg.svd(matrix, full_matrices=False)
    basis = rows[sizes > 1e-8 * sizes[0]] if sizes[0] > 0 else rows[:0]
    return bool(np.linalg.norm(basis[:, person]) > 1 - 1e-6)


def spaced_firm() -> pd.DataFrame:
    """Twenty-four people in a few groups, ages 21 months apart, so that moving one of them by a month passes nobody."""
    frame = firm_cells(24, locations=2, roles=1).assign(tenure_band=2, contract="permanent", contract_end_month=-1)
    frame = frame.sort_values(["location", "unit", "role"], ignore_index=True)
    frame["pension_month"] = np.random.default_rng(4).permutation(24) * 21 + 20
    return frame.assign(age=(807 - frame["pension_month"]) // 12)


@pytest.mark.parametrize(("column", "step"), [("pension_month", 1), pytest.param("fte", 0.01, marks=pytest.mark.slow)])
def test_no_combination_of_answers_is_about_fewer_than_k_people(column: str, step: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounding is switched off here: the proof must not lean on it."""
    monkeypatch.setattr("analytics.blocks.MEAN_GRID", 1e-6)
    frame = spaced_firm()
    matrix = equations(frame, column, step, protected=True)
    assert np.abs(matrix).max() > 0, "nothing reacts: the audit would prove nothing"
    assert not told_apart(matrix, K)
    assert not any(in_row_space(matrix, person) for person in range(len(frame)))


@pytest.mark.slow
def test_the_audit_finds_persons_when_the_engine_gets_birth_dates() -> None:
    """Sums over atoms alone do not protect: the sliders solve for single birth months. This is why `smoothed` exists."""
    matrix = equations(spaced_firm(), "pension_month", 1, protected=False)
    assert told_apart(matrix, K)
    assert sum(in_row_space(matrix, person) for person in range(matrix.shape[1])) >= 2

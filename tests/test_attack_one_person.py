"""One person more or less, or born on another day: whatever the sliders stand at, only that person's own atom moves."""

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
from analytics.workforce import GROUP
from tests.test_protect import K, cohorts_of, firm, no_history

SETTINGS = (
    Scenario(),
    Scenario(retirement_shift_months=-24),
    Scenario(retirement_shift_months=7, rvu_uptake=40, rvu_months_before=36),
    Scenario(retirement_shift_months=18, work_on_after_aow=60),
    Scenario(resignation_multiplier=0.5, fixed_term_renewal=90),
    Scenario(demand_growth=3, productivity_growth=1, replaced_share=60),
)
KEYS = list(GROUP)


def told(frame: pd.DataFrame) -> dict[tuple[str, ...], np.ndarray]:
    """Per atom all that is told of it at every setting, as one row of numbers: (atom -> (numbers,)), from the engine fed with groups."""
    cohorts = cohorts_of(frame)
    groups = all_groups(cohorts)
    atoms = make_atoms(groups, K)
    whole, history = gathered(cohorts, no_history(), groups, atoms, K)
    names = atom_names(atoms)
    base = prepare(smoothed(whole, K), estimate(history, names))
    parts = []
    for scenario in SETTINGS:
        ahead = project(base, scenario, 6)
        series = [ahead.people, ahead.fte, *ahead.retire.values(), ahead.ages(6), *ahead.flows.values()]
        if scenario is SETTINGS[2]:
            spread = ranges(base, ahead, np.eye(len(base.groups)), 4, 1)
            series += [spread.low, spread.high]
        parts += [np.asarray(value).reshape(len(base.groups), -1) for value in series]
    rows = np.concatenate(parts, axis=1)
    return dict(zip(base.groups[KEYS].itertuples(index=False, name=None), rows, strict=True))


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return firm(90, locations=2, roles=2).assign(tenure_band=2, contract="permanent", contract_end_month=-1)


def moved(before: dict, after: dict, least: float) -> list:
    return [name for name in before if np.abs(after[name] - before[name]).max() > least]


def test_another_birth_date_moves_the_own_atom_only_at_every_setting(frame: pd.DataFrame) -> None:
    before, seen = told(frame), set()
    for row in range(0, 90, 18):
        other = frame.copy()
        other.loc[row, "pension_month"] += 60
        other.loc[row, "age"] -= 5
        after = told(other)
        assert after.keys() == before.keys()
        found = moved(before, after, 1e-9)
        assert len(found) <= 1, (row, found)  # none: the mean of the block, rounded to half a year, stayed where it was
        seen |= set(found)
    assert len(seen) >= 3, "hardly anything moved: the test proves nothing"


def test_a_person_less_moves_the_own_atom_only_at_every_setting(frame: pd.DataFrame) -> None:
    before, looked = told(frame), 0
    for row in range(0, 90, 18):
        after = told(frame.drop(index=row))
        if after.keys() != before.keys():
            continue  # the atom fell below k and was joined to another one
        assert len(moved(before, after, 1e-9)) == 1, row
        looked += 1
    assert looked >= 3

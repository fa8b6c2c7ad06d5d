"""A curious director over all days and ways of asking: pairs of answers as sets of persons, and every way of asking as the same sets."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from analytics.errors import Refusal
from analytics.release import Viewer, chosen_atoms
from analytics.scenario import LEVERS, Scenario
from analytics.workforce import GROUP, Scope
from presentation.exports.workbook import workbook
from presentation.texts import Words
from tests.attacked_firms import DIRECTOR, K, filled, months_of_a_firm, some_scope, staff_of, twin_of
from workflows import answers, outlook, reports
from workflows.prepared import Prepared, prepared
from workflows.workspace import Workspace

KEYS = list(GROUP)
QUESTIONS = {"normal": 110, "slow": 1450}
"""Questions asked; every one is held against every other: 110 x 110 = 12 100 and 1 450 x 1 450 = 2.1 million pairs."""


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A firm of 120 with eight monthly stands in which a few people come, go, move or change hours."""
    with filled(tmp_path_factory.mktemp("pairs") / "months.duckdb", *months_of_a_firm(120, 8, seed=12)) as workspace:
        yield workspace


def versions(workspace: Workspace, days: list[date]) -> pd.DataFrame:
    """One row per person and day: GROUP columns, `version` = a number that changes when anything about the person changes."""
    parts = []
    for day in days:
        with workspace.store.database.read() as cursor:
            rows = cursor.execute(
                "SELECT e.person, g.location, g.unit, g.role, e.birth, e.fte, e.salary, e.contract, e.contract_end FROM employment e "
                "JOIN snapshot s USING (snapshot) JOIN staff_group g USING (grp) WHERE s.as_of = ?",
                [day],
            ).df()
        parts.append(rows.assign(day=day))
    every = pd.concat(parts, ignore_index=True)
    told = ["person", *KEYS, "birth", "fte", "salary", "contract", "contract_end"]
    return every.assign(version=every.groupby(told, dropna=False).ngroup())


def told_versions(ready: Prepared, chosen: np.ndarray, people: pd.DataFrame, width: int) -> np.ndarray:
    """Which versions of persons an answer sums over: of each chosen atom those of the day it shows."""
    inside = np.zeros(width, bool)
    for atom in np.flatnonzero(chosen):
        groups = ready.groups.loc[ready.atoms.membership[atom] > 0, KEYS]
        there = people[people["day"] == ready.stamps[atom]].merge(groups, on=KEYS)
        inside[there["version"].to_numpy()] = True
    return inside


def ask_all(workspace: Workspace, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Random scopes of random directors on random days; (questions x versions of persons, day of each question)."""
    rng = np.random.default_rng(seed)
    days = [snapshot.as_of for snapshot in workspace.store.snapshots()]
    people = versions(workspace, days)
    width, rows, asked = int(people["version"].max()) + 1, [], []
    cells: dict[tuple[int, int], np.ndarray] = {}
    while len(rows) < count:
        at = int(rng.integers(len(days)))
        ready = prepared(workspace, DIRECTOR, days[at])
        units = sorted(ready.groups["unit"].unique())
        own = () if rng.random() < 0.5 else tuple(rng.choice(units, 1 + int(rng.integers(len(units))), replace=False))
        chosen = chosen_atoms(ready.atoms, ready.groups, some_scope(rng, ready.groups), Viewer.director(units=own, k=K))
        if not chosen.any():
            continue
        row = np.zeros(width, bool)
        for atom in np.flatnonzero(chosen):
            if (at, atom) not in cells:
                cells[at, atom] = told_versions(ready, np.arange(len(chosen)) == atom, people, width)
            row |= cells[at, atom]
        rows.append(row)
        asked.append(at)
    return np.array(rows), np.array(asked)


def smallest_isolated(told: np.ndarray, asked: np.ndarray) -> tuple[int, int]:
    """(fewest persons any pair isolates, pairs looked at). Of one day: what is in one answer and not in the other, or in both. Of two
    days: what is left when one answer lies inside the other; otherwise the difference mixes both ways and is no sum of persons."""
    ones = told.astype(np.float32)
    sizes = ones.sum(axis=1)
    common = ones @ ones.T
    rest = sizes[:, None] - common  # in the first, not in the second
    same_day = asked[:, None] == asked[None, :]
    nested = rest.T == 0
    isolated = np.concatenate([rest[same_day], common[same_day], rest[nested & ~same_day]])
    isolated = isolated[isolated > 0]
    return int(isolated.min()), told.shape[0] ** 2


@pytest.mark.slow
def test_pairs_over_all_days_isolate_nobody(months: Workspace) -> None:
    told, asked = ask_all(months, QUESTIONS["normal"], seed=21)
    fewest, pairs = smallest_isolated(told, asked)
    assert pairs >= 10_000
    assert len(set(asked)) == 8
    assert fewest >= K


@pytest.mark.slow
def test_two_million_pairs_over_all_days_isolate_nobody(months: Workspace) -> None:
    fewest, pairs = smallest_isolated(*ask_all(months, QUESTIONS["slow"], seed=22))
    assert pairs >= 1_000_000
    assert fewest >= K


def test_the_search_finds_a_newcomer_when_stands_are_not_held_back(months: Workspace) -> None:
    """The whole firm of two months, told as it is: the difference is the few who came. The search must see that."""
    days = [snapshot.as_of for snapshot in months.store.snapshots()]
    people = versions(months, days)
    width = int(people["version"].max()) + 1
    stayed = people[people["day"] == days[0]]["version"].to_numpy()
    fewer, whole = np.zeros(width, bool), np.zeros(width, bool)
    fewer[stayed[:-2]] = whole[stayed] = True
    assert smallest_isolated(np.array([fewer, whole]), np.array([0, 1]))[0] == 2


def atoms_now(workspace: Workspace, scope: Scope) -> float:
    ready = prepared(workspace, DIRECTOR, None)
    return float(ready.atoms.labels.loc[chosen_atoms(ready.atoms, ready.groups, scope, DIRECTOR), "people"].sum())


def test_every_way_of_asking_tells_the_same_whole_groups(months: Workspace) -> None:
    """Sliders, links, splits, downloads: the people of today in each of them are those of the chosen whole groups, k or more."""
    rng = np.random.default_rng(5)
    ready, looked = prepared(months, DIRECTOR, None), 0
    for _ in range(25):
        name = str(rng.choice(list(LEVERS)))
        lever = LEVERS[name]
        moved = Scenario().with_value(name, float(rng.uniform(lever.low, lever.high)))
        linked, rejected = Scenario.from_query(moved.to_query())  # as the address bar carries it
        assert not rejected
        scope = some_scope(rng, ready.groups)
        try:
            told = outlook.outlook(DIRECTOR, months, linked, scope, years=2)
        except Refusal:
            continue
        expected = atoms_now(months, scope)
        assert told.total["supply_people"].iloc[0] == pytest.approx(expected)
        assert expected >= K
        split = outlook.split(DIRECTOR, months, linked, str(rng.choice(KEYS)), scope, years=1)
        first = split[split["date"] == split["date"].min()]["supply_people"]
        assert first.sum() == pytest.approx(expected)
        assert first.min() >= K - 1e-6
        looked += 1
    assert looked >= 10
    for by in ((), ("unit",), ("location", "role"), GROUP):
        rows = reports.project_rows(DIRECTOR, months, Scenario(), by, 1).rows
        today = rows[rows["date"] == rows["date"].min()]["supply_people"]
        assert today.sum() == pytest.approx(atoms_now(months, Scope()))
        assert today.min() >= K - 1e-6


def cells(workspace: Workspace, viewer: Viewer) -> list[object]:
    """Every cell of the workbook a viewer can take along."""
    told = outlook.outlook(viewer, workspace, Scenario(retirement_shift_months=7), years=4)
    more = answers.deeper(viewer, workspace, told.scenario, told.scope, told.target_year)
    book = load_workbook(io.BytesIO(workbook(Words("en"), told, outlook.basis(viewer, workspace), more)), read_only=True)
    return [cell for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


@pytest.mark.slow
def test_the_workbook_of_firms_that_differ_inside_a_block_is_alike(tmp_path: Path) -> None:
    """For a director cell by cell the same; for HR not, so the comparison can see a difference."""
    frame = staff_of(300, seed=6)
    with filled(tmp_path / "one.duckdb", frame) as one, filled(tmp_path / "twin.duckdb", twin_of(frame)) as twin:
        mine, other = cells(one, DIRECTOR), cells(twin, DIRECTOR)
        assert len(mine) > 200
        for cell, same in zip(mine, other, strict=True):
            assert cell == (pytest.approx(same, rel=1e-9) if isinstance(same, float) else same)
        assert cells(one, Viewer.local()) != cells(twin, Viewer.local())

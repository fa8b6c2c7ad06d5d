"""Curious directors of some departments who lay their answers about skills and ways together, and beside those of the whole firm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.scenario import Override, Scenario
from analytics.skills.departments import pieces_of
from analytics.workforce import Scope
from tests.able_firms import abilities_of, able
from tests.attacked_firms import K, staff_of, twin_of
from tests.staff_frames import Report
from tests.test_attack_skills import same
from workflows import answers, groups, learning_effect, routes, skills
from workflows.abilities import Abilities
from workflows.narrowed import told_of
from workflows.workspace import Workspace

MANY = 5
EVERY = Viewer.director(k=K)


def staff_of_roles_in_many_departments() -> pd.DataFrame:
    """Unlike the sample firm, a role is found in several departments, unevenly."""
    staff = staff_of(260, seed=11)
    rng = np.random.default_rng(5)
    share = np.array([0.4, 0.25, 0.2, 0.1, 0.05])
    moved = rng.random(len(staff)) < 0.6
    units = np.where(moved, rng.choice([f"Afdeling {n}" for n in range(MANY)], len(staff), p=share), staff["unit"])
    return staff.assign(unit=units, fte=1.0)


@pytest.fixture(scope="module")
def staff() -> pd.DataFrame:
    return staff_of_roles_in_many_departments()


@pytest.fixture(scope="module")
def firm(staff: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with able(tmp_path_factory.mktemp("parts") / "one.duckdb", staff, abilities_of(staff)) as workspace:
        yield workspace


def directors(staff: pd.DataFrame) -> list[Viewer]:
    """One of every set of departments."""
    units = sorted(staff["unit"].unique())
    sets = chain.from_iterable(combinations(units, size) for size in range(1, len(units) + 1))
    return [Viewer.director(units=chosen, k=K) for chosen in sets]


def told_apart(found: Abilities) -> Iterator[tuple[int, np.ndarray]]:
    """Of each skill the sets of records that one viewer's figures are about: everything they are sums over."""
    assert found.pooled is not None
    rows, at = found.pooled.base.rows, np.flatnonzero(found.pooled.kept)
    for (skill, _cell), inside in rows.groupby(["skill", "cell"]).indices.items():
        told = np.zeros(len(found.base.rows), bool)
        told[at[inside]] = True
        yield int(skill), told


def test_all_directors_together_isolate_nobody(firm: Workspace, staff: pd.DataFrame) -> None:
    """Every set of departments asks, and the whole firm too. The finest parts that all their answers cut a skill's records into, by
    whatever adding and subtracting, hold at least k people each."""
    answered, parts = 0, set()
    signs: dict[int, list[np.ndarray]] = {}
    for viewer in [*directors(staff), EVERY]:
        try:
            found = told_of(viewer, firm)
        except Refusal as refusal:
            if refusal.code != "nothing_in_scope":
                raise
            continue
        answered += 1
        for skill, told in told_apart(found):
            signs.setdefault(skill, []).append(told)
    assert answered > 20, "too few directors got an answer: nothing is tried"
    base = told_of(EVERY, firm).base
    for skill, sets in signs.items():
        here = (base.rows["skill"] == skill).to_numpy()
        cut = Counter(map(tuple, np.array(sets)[:, here].T))
        untold = tuple([False] * len(sets))
        parts |= {count for sign, count in cut.items() if sign != untold}
    assert len(parts) > 5, "one part: the directors do not differ"
    assert min(parts) >= K


def test_the_search_finds_parts_that_are_cut_for_each_director_alone(firm: Workspace, staff: pd.DataFrame) -> None:
    """Counted of each department by itself, without the cut of the whole firm, small parts come out: the search above must see them."""
    base = told_of(EVERY, firm).base
    unit = base.cells["unit"].to_numpy(str)[base.rows["cell"].to_numpy(int)]
    counts = base.rows.assign(unit=unit).groupby(["skill", "unit"])["people"].sum()
    assert (counts < K).any()


@given(
    known=st.lists(st.integers(0, 14), min_size=1, max_size=14),
    outer=st.lists(st.integers(0, 2), min_size=14, max_size=14),
    units=st.lists(st.sampled_from("ABC"), min_size=14, max_size=14),
    k=st.integers(2, 8),
)
@settings(deadline=None, max_examples=300)
def test_pieces_hold_k_people_and_lie_inside_one_piece_of_the_whole(known: list[int], outer: list[int], units: list[str], k: int) -> None:
    people = np.array(known, float)
    inside = np.array(outer[: len(people)])
    for piece in np.unique(inside):  # a piece of the whole organisation holds k people assessed, or nothing is told of it
        if people[inside == piece].sum() < k:
            people[inside == piece] = 0.0
    made = pieces_of(people, (people > 0) & (people < k), inside, tuple(units[: len(people)]), k)
    members = np.concatenate(made) if made else np.array([], int)
    assert sorted(members) == np.flatnonzero(people > 0).tolist()
    for piece in made:
        assert people[piece].sum() >= k
        assert len(set(inside[piece])) == 1


def everything(workspace: Workspace, viewer: Viewer) -> Iterator[tuple[str, object]]:
    aimed = Scenario(overrides=(Override("resignation_multiplier", 1.6, "", "Afdeling 0", ""),))
    for number, scenario in enumerate((Scenario(retirement_shift_months=-7), aimed)):
        yield f"coverage {number}", skills.coverage(viewer, workspace, scenario, 2031)
        yield f"skills {number}", skills.skills(viewer, workspace, scenario, 2031)
        yield f"moves {number}", routes.overview(viewer, workspace, scenario, 2031)
        for role in routes.choices(viewer, workspace)[:4]:
            yield f"from {role} {number}", routes.from_role(viewer, workspace, role, scenario, 2031)
    for skill in told_of(viewer, workspace).base.skills["skill"]:
        yield f"holders {skill}", skills.holders(viewer, workspace, skill)
    yield "questions", answers.deeper(viewer, workspace, Scenario(), Scope(), 2031)
    yield "learning", learning_effect.learning_effect(viewer, workspace)


SOME = (Viewer.director(units=("Afdeling 0",), k=K), Viewer.director(units=("Afdeling 1", "Afdeling 2"), k=K))


def test_twins_are_alike_for_who_sees_some_departments(firm: Workspace, staff: pd.DataFrame, tmp_path: Path) -> None:
    """Two neighbours in age trade two months: no slider and no year brings that out in any department."""
    with able(tmp_path / "twin.duckdb", twin_of(staff), abilities_of(staff)) as twin:
        for viewer in SOME:
            for (name, mine), (_, other) in zip(everything(firm, viewer), everything(twin, viewer), strict=True):
                same(mine, other, f"{viewer.units} {name}")


def test_what_lies_outside_the_departments_is_not_told(firm: Workspace, staff: pd.DataFrame, tmp_path: Path) -> None:
    """Everybody outside loses all their skills but as many as keep the pieces where they are: levels outside are turned round, and the
    departments' own figures stay the same."""
    lists = abilities_of(staff)
    viewer = SOME[0]
    outside = set(staff.loc[~staff["unit"].isin(viewer.units), "employee_id"])
    there = lists["skills"]["employee_id"].isin(outside)
    turned = lists["skills"].assign(level=lists["skills"]["level"].where(~there, 6 - lists["skills"]["level"]))
    with able(tmp_path / "turned.duckdb", staff, lists | {"skills": turned}) as other:
        same(skills.skills(viewer, firm), skills.skills(viewer, other), "skills")
        with pytest.raises(AssertionError):
            same(skills.skills(EVERY, firm), skills.skills(EVERY, other), "the whole firm must differ")


def test_a_director_of_one_department_sees_its_roles_and_no_other(firm: Workspace, staff: pd.DataFrame) -> None:
    for viewer in SOME:
        own = set(staff.loc[staff["unit"].isin(viewer.units), "role"])
        told = skills.skills(viewer, firm)
        assert len(told.by_role)
        assert {role for label in told.by_role["role"] for role in label.split(" (")[0].split(" + ")} <= own
        assert K <= told.facts["people"] <= staff["unit"].isin(viewer.units).sum()
        assert set(routes.choices(viewer, firm)) <= own
        ways = routes.from_role(viewer, firm, routes.choices(viewer, firm)[0]).ways
        assert ways.loc[~ways["role"].isin(own), "openings"].isna().all()
        assert ways["wished"].isna().all()


def test_a_director_of_all_departments_by_name_sees_no_less_than_their_parts(firm: Workspace, staff: pd.DataFrame) -> None:
    """All departments named one by one: the same people as the whole firm, in finer pieces."""
    named = Viewer.director(units=tuple(sorted(staff["unit"].unique())), k=K)
    whole, parts = told_of(EVERY, firm).pooled, told_of(named, firm).pooled
    assert whole is not None
    assert parts is not None
    assert np.array_equal(whole.kept, parts.kept)


@pytest.mark.slow
def test_what_came_of_a_group_is_measured_with_whole_groups(staff: pd.DataFrame, tmp_path: Path) -> None:
    """Twin firms with a group planned a year before: directors read the same figures of both, and not those of HR."""
    told = []
    for name, now in (("one", staff), ("twin", twin_of(staff))):
        before = now.assign(as_of=pd.Timestamp("2025-01-01"))
        with able(tmp_path / name / "firm.duckdb", before, abilities_of(staff)) as firm:
            groups.save(Viewer.local(), firm, groups.Group("later", "", "smarter", "", lever="retirement_shift_months", amount=11.0))
            firm.store.save_import({"employees": now}, (Report(),), "later", "later.xlsx", "test")
            told.append([groups.measured(viewer, firm) for viewer in (Viewer.local(), EVERY, SOME[0])])
            assert len(told[-1][0]) == 1
    for mine, other in zip(told[0][1:], told[1][1:], strict=True):
        assert len(mine)
        same(mine, other, "measured")
    with pytest.raises(AssertionError):
        same(told[0][0], told[0][1], "HR's figures are others: the comparison can see that")

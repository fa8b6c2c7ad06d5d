"""What the engine is fed with for a director: nothing in it is about fewer than k people, today or between two snapshots."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.blocks import blocks_of, tilted
from analytics.carry import Stand, first_stand, may_be_told, next_stand
from analytics.protect import all_groups, atom_names, gathered, money_may_be_told, smoothed
from analytics.release import make_atoms
from analytics.workforce import EXITS, FIXED, GROUP, PERMANENT, Cohorts, History

KEYS = list(GROUP)
K = 5


def firm(people: int, seed: int = 1, locations: int = 3, roles: int = 6) -> pd.DataFrame:
    """One row per person, in the columns of Cohorts.frame."""
    rng = np.random.default_rng(seed)
    months = rng.integers(-6, 580, people)
    fixed = rng.random(people) < 0.15
    fte = rng.choice([0.5, 0.8, 1.0], people)
    return pd.DataFrame(
        {
            "location": rng.choice([f"L{i}" for i in range(locations)], people),
            "unit": rng.choice(["W", "E"], people),
            "role": rng.choice([f"r{i}" for i in range(roles)], people),
            "age": 67 - months // 12,
            "pension_month": months,
            "tenure_band": rng.integers(0, 4, people),
            "contract": np.where(fixed, FIXED, PERMANENT),
            "contract_end_month": np.where(fixed, rng.integers(0, 30, people), -1),
            "people": 1.0,
            "fte": fte,
            "fte_sq": fte**2,
            "cost": rng.normal(50_000, 9_000, people).round(),
        }
    )


def cohorts_of(frame: pd.DataFrame) -> Cohorts:
    demand = frame[KEYS].drop_duplicates().assign(establishment_fte=10.0, vacancies_fte=1.0, growth=0.01)
    roles = pd.DataFrame({"role": sorted(frame["role"].unique())}).assign(
        isco="7411", critical=False, heavy=True, apprentice=False, hire_fte=np.nan, cost=np.nan
    )
    return Cohorts(date(2026, 1, 1), frame, demand, roles)


def no_history() -> History:
    ends = [f"{end}_{key}" for end in ("from", "to") for key in KEYS]
    exposure = pd.DataFrame(columns=[*KEYS, "age_band", "tenure_band", "contract", "year", "person_years", *map(str, EXITS)])
    return History(
        exposure,
        pd.DataFrame(columns=[*ends, "year", "people"]),
        pd.DataFrame(columns=[*KEYS, "year", "age", "people", "fte"]),
        pd.DataFrame(columns=["months", "people"]),
        0,
    )


def fed(frame: pd.DataFrame, k: int = K) -> pd.DataFrame:
    cohorts = cohorts_of(frame)
    groups = all_groups(cohorts)
    return smoothed(gathered(cohorts, no_history(), groups, make_atoms(groups, k), k)[0], k).frame


@pytest.mark.parametrize("people", [40, 300])
def test_people_fte_and_cost_of_each_atom_stay(people: int) -> None:
    frame = firm(people)
    groups = all_groups(cohorts_of(frame))
    atoms = make_atoms(groups, K)
    named = fed(frame).groupby(KEYS)[["people", "fte"]].sum()
    place = {key: row for row, key in enumerate(groups[KEYS].itertuples(index=False, name=None))}
    atom_of = [atoms.membership.argmax(axis=0)[place[key]] for key in frame[KEYS].itertuples(index=False, name=None)]
    real = frame.groupby(atom_of)[["people", "fte"]].sum()
    names = atom_names(atoms)
    assert len(names.drop_duplicates()) == len(names)
    for number, row in real.iterrows():
        assert named.loc[tuple(names.iloc[number])].to_numpy() == pytest.approx(row.to_numpy())


def test_atoms_that_share_a_label_keep_apart() -> None:
    """Four places with three people in the same role make two atoms of the same label: they must not be added up."""
    frame = pd.concat([firm(3, seed=i, locations=1, roles=1).assign(location=name, unit="W") for i, name in enumerate("ABCD")])
    groups = all_groups(cohorts_of(frame))
    atoms = make_atoms(groups, K)
    assert len(atoms.labels) == 2
    assert len(atom_names(atoms).drop_duplicates()) == 2
    assert fed(frame.reset_index(drop=True)).groupby(KEYS)["people"].sum().tolist() == pytest.approx([6, 6])


def test_the_staffing_of_a_part_without_establishment_is_not_told() -> None:
    """Known posts of one half of an atom, need taken from the staffing of the other half: the difference would be that half."""
    frame = pd.concat([firm(3, seed=i, locations=1, roles=1).assign(unit="W", role=name) for i, name in enumerate("ab")], ignore_index=True)
    cohorts = cohorts_of(frame)
    cohorts.demand.loc[cohorts.demand["role"] == "b", "establishment_fte"] = np.nan
    groups = all_groups(cohorts)
    told = gathered(cohorts, no_history(), groups, make_atoms(groups, K), K)[0].demand
    assert len(told) == 1
    assert np.isnan(told["establishment_fte"].iloc[0])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=60), st.integers(2, 12))
def test_blocks_hold_at_least_k_people(people: list[int], size: int) -> None:
    block = blocks_of(np.array(people, float), size)
    assert (np.diff(block) >= 0).all()
    sums = np.bincount(block, weights=people)
    assert len(sums) == 1 or (sums >= size).all()


def test_what_happens_inside_a_block_cannot_be_seen() -> None:
    """Two neighbours in age trade two months, one up and one down: nothing at all changes."""
    frame = firm(60, locations=1, roles=1).assign(unit="W", fte=1.0, fte_sq=1.0).sort_values("pension_month", ignore_index=True)
    frame["pension_month"] = np.arange(len(frame)) * 9
    frame["age"] = 40
    traded = frame.copy()
    traded.loc[10, "pension_month"] += 2
    traded.loc[11, "pension_month"] -= 2
    pd.testing.assert_frame_equal(fed(frame), fed(traded))


def test_who_of_an_atom_has_been_there_how_long_cannot_be_seen() -> None:
    """The oldest and the youngest trade length of service and contract: nothing changes, because the usual relation of age and
    service joins the two sets of sums, not this firm's own."""
    frame = firm(60, locations=1, roles=1).assign(unit="W").sort_values("pension_month", ignore_index=True)
    traded = frame.copy()
    kinds = ["tenure_band", "contract", "contract_end_month"]
    at = next(n for n in range(1, 60) if (frame.loc[0, kinds] != frame.loc[n, kinds]).any())
    traded.loc[[0, at], kinds] = frame.loc[[at, 0], kinds].to_numpy()
    pd.testing.assert_frame_equal(fed(frame), fed(traded))


@pytest.mark.parametrize("people", [40, 300])
def test_joining_age_and_service_keeps_the_sums_of_both(people: int) -> None:
    """Blocks keep their people and classes theirs; young people have shorter service than old ones."""
    frame = firm(people)
    told = fed(frame)
    for kind, count in frame.groupby("tenure_band")["people"].sum().items():
        assert told.loc[told["tenure_band"] == kind, "people"].sum() == pytest.approx(count, abs=K)
    assert told["people"].min() > 0
    old, young = (told[part] for part in (told["age"] >= 55, told["age"] < 35))
    long = [part.loc[part["tenure_band"] == 3, "people"].sum() / part["people"].sum() for part in (young, old)]
    assert long[0] < long[1]


def test_shares_of_contract_and_service_come_from_k_people() -> None:
    """One newcomer on a fixed contract in an otherwise settled atom is not visible in it."""
    settled = firm(40, locations=1, roles=1).assign(unit="W", tenure_band=3, contract=PERMANENT, contract_end_month=-1)
    one = settled.copy()
    one.loc[7, ["tenure_band", "contract", "contract_end_month"]] = [0, FIXED, 4]
    pd.testing.assert_frame_equal(fed(settled), fed(one))


def test_removing_one_person_changes_that_persons_atom_only() -> None:
    """The stock of today; chances and the firm-wide mix of contracts are averages of all and may move a little everywhere."""
    frame = firm(150)
    before = fed(frame).groupby(KEYS)[["people", "fte"]].sum()
    names_before = set(before.index)
    changed_elsewhere = 0
    for row in range(0, 150, 7):
        after = fed(frame.drop(index=row)).groupby(KEYS)[["people", "fte"]].sum()
        if set(after.index) != names_before:
            continue  # the atom fell below k and was joined to another one
        moved = (after - before).abs().max(axis=1) > 1e-9
        assert moved.sum() == 1
        changed_elsewhere += 1
    assert changed_elsewhere > 12


def test_totals_survive_the_smoothing() -> None:
    """The price of the protection: pension counts of the whole firm within about a tenth after five and ten years."""
    frame = firm(1200, locations=2, roles=12)
    told = fed(frame)
    for years, most in ((5, 0.15), (10, 0.10), (15, 0.10)):
        real = (frame["pension_month"] < 12 * years).sum()
        assert abs(told.loc[told["pension_month"] < 12 * years, "people"].sum() / real - 1) < most


def test_a_tilted_spread_keeps_the_mean() -> None:
    points = np.arange(0.0, 600.0, 3.0)
    for mean in (4.0, 60.0, 300.0, 590.0):
        share = tilted(points, np.full(len(points), 3.0), mean)
        assert share.sum() == pytest.approx(1.0)
        assert share @ points == pytest.approx(mean, abs=1e-6)


def test_money_is_told_only_when_nobody_dominates() -> None:
    assert money_may_be_told(np.full(5, 50_000.0), 5)
    assert not money_may_be_told(np.full(4, 50_000.0), 5)
    assert not money_may_be_told(np.array([50_000.0] * 4 + [200_000.0]), 5)  # one is half the sum
    assert not money_may_be_told(np.array([3.0, 3.0, 0.3, 0.3, 0.3]), 5)
    assert not money_may_be_told(np.array([50_000.0] * 9 + [np.nan]), 5)


def test_one_leaver_of_the_past_has_no_age_and_one_hire_no_hours() -> None:
    """An atom's count of leavers and hires stays; who they were is told as in the firm."""
    cells = [
        (*group, band, 2, PERMANENT, 2025, 8.0, 0.0, float(hit), 0.0, 0.0)
        for group in (("", "W", "a"), ("", "W", "b"))
        for band, hit in ((0, 0), (4, 1))
    ]
    names = [*KEYS, "age_band", "tenure_band", "contract", "year", "person_years", *map(str, EXITS)]
    hires = [("", "W", role, 2025, age, 1.0, fte) for role, age, fte in [("a", 62, 0.2), *[("b", 25, 1.0)] * 6]]
    past = replace(
        no_history(),
        exposure=pd.DataFrame(cells, columns=names),
        hires=pd.DataFrame(hires, columns=[*KEYS, "year", "age", "people", "fte"]),
        years=1,
    )
    frame = pd.concat(
        [firm(8, seed=i, locations=1, roles=1).assign(location="", unit="W", role=role) for i, role in enumerate("ab")], ignore_index=True
    )
    groups = all_groups(cohorts_of(frame))
    told = gathered(cohorts_of(frame), past, groups, make_atoms(groups, K), K)[1]
    assert told.exposure.groupby("role")["resignation"].sum().tolist() == pytest.approx([1.0, 1.0])
    few = told.hires[told.hires["role"] == "a"]
    assert few["people"].sum() == pytest.approx(1.0)
    assert few["fte"].sum() == pytest.approx(1.0)  # one person's 0.2 is not told
    assert told.hires[told.hires["role"] == "b"]["people"].sum() == pytest.approx(6.0)


# -- between snapshots ------------------------------------------------------------------------------------------------------


class Life:
    """Persons who join, leave, move and change; `seen[day]` is {person: (group, version)}."""

    def __init__(self, seed: int, people: int, groups: int, restless: float) -> None:
        self.rng = np.random.default_rng(seed)
        self.groups = [(f"L{i % 2}", "WE"[i % 3 == 0], f"r{i}") for i in range(groups)]
        self.now = {person: (self._group(), 0) for person in range(people)}
        self.following, self.restless = people, restless

    def _group(self) -> tuple[str, str, str]:
        return self.groups[int(self.rng.integers(len(self.groups)) * self.rng.random())]

    def step(self) -> dict[int, tuple[tuple[str, str, str], int]]:
        for person, (group, version) in list(self.now.items()):
            luck = self.rng.random() / self.restless
            if luck < 0.25:
                del self.now[person]
            elif luck < 0.5:
                self.now[person] = (self._group(), version)
            elif luck < 0.7:
                self.now[person] = (group, version + 1)
        for _ in range(self.rng.poisson(self.restless * 0.3 * len(self.now))):
            self.now[self.following] = (self._group(), 0)
            self.following += 1
        return dict(self.now)


def changes_between(one: dict, other: dict) -> pd.DataFrame:
    rows = []
    for person in one.keys() | other.keys():
        start, end = one.get(person), other.get(person)
        if start != end:
            rows.append([*(start[0] if start else (None,) * 3), *(end[0] if end else (None,) * 3), 1.0])
    ends = [f"{end}_{key}" for end in ("from", "to") for key in KEYS]
    return pd.DataFrame(rows, columns=[*ends, "people"]).astype({name: object for name in ends})


def counts_of(seen: dict) -> pd.DataFrame:
    frame = pd.DataFrame([group for group, _ in seen.values()], columns=KEYS)
    return frame.groupby(KEYS).size().rename("people").reset_index().astype({"people": float})


def shown(stand: Stand, seen: dict[date, dict]) -> list[frozenset]:
    """Per atom the set of (person, version) whose sums are told."""
    where = {key: number for *key, number in stand.groups[[*KEYS, "atom"]].itertuples(index=False, name=None) for key in [tuple(key)]}
    found = []
    for number, stamp in stand.stamps.items():
        people = ((person, version) for person, (group, version) in seen[stamp].items() if where.get(group) == number)
        found.append(frozenset(people))
    return found


@pytest.mark.parametrize("restless", [0.01, 0.05, 0.3])
@pytest.mark.parametrize("seed", [0, 1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_two_snapshots_cannot_be_subtracted(seed: int, restless: float) -> None:
    """Every atom, every total and every pair of atoms of one snapshot against those of every other: nobody or k people."""
    life = Life(seed, 90, 9, restless)
    days = [date(2025, month, 1) for month in (1, 4, 7, 10)] + [date(2026, month, 1) for month in (1, 4, 7)]
    seen: dict[date, dict] = {days[0]: dict(life.now)}
    stand = first_stand(counts_of(seen[days[0]]), days[0], K)
    answers = [shown(stand, seen)]
    for day in days[1:]:
        seen[day] = life.step()
        changes = {stamp: changes_between(seen[stamp], seen[day]) for stamp in set(stand.stamps.values())}
        stand = next_stand(stand, counts_of(seen[day]), changes, day, K, recut=day.month == 1)
        answers.append(shown(stand, seen))
        assert sorted(stand.groups["atom"].unique()) == sorted(stand.stamps)
    told = [
        [*map(Counter, atoms), *(Counter([*a, *b]) for a, b in itertools.combinations(atoms, 2)), Counter(itertools.chain(*atoms))]
        for atoms in answers
    ]
    for earlier, later in itertools.combinations(told, 2):
        for one, other in itertools.product(earlier, later):
            if one <= other or other <= one:  # sums: somebody who moved may stand in an old and in a new atom
                assert may_be_told(len((one - other) + (other - one)), K)
    for atoms in answers:
        assert all(may_be_told(len(atom), K) for atom in atoms)


def test_one_newcomer_waits_until_five_have_come() -> None:
    group = ("", "W", "monteur")
    seen = {date(2026, 1, 1): {person: (group, 0) for person in range(12)}}
    stand = first_stand(counts_of(seen[date(2026, 1, 1)]), date(2026, 1, 1), K)
    told = []
    for month in range(2, 8):
        day = date(2026, month, 1)
        seen[day] = {person: (group, 0) for person in range(12 + month - 1)}
        changes = {stamp: changes_between(seen[stamp], seen[day]) for stamp in set(stand.stamps.values())}
        stand = next_stand(stand, counts_of(seen[day]), changes, day, K, recut=False)
        told.append(len(shown(stand, seen)[0]))
    assert told == [12, 12, 12, 12, 17, 17]


def test_a_group_of_which_a_few_are_left_keeps_its_earlier_stand() -> None:
    """Six of eight leave: enough to tell, but the two who stay would stand alone."""
    group, other = ("", "W", "a"), ("", "W", "b")
    first, second = date(2026, 1, 1), date(2026, 2, 1)
    seen = {
        first: {p: (group if p < 8 else other, 0) for p in range(30)},
        second: {p: (group if p < 2 else other, 0) for p in (0, 1, *range(8, 30))},
    }
    stand = first_stand(counts_of(seen[first]), first, K)
    stand = next_stand(stand, counts_of(seen[second]), {first: changes_between(seen[first], seen[second])}, second, K, recut=False)
    assert sorted(len(atom) for atom in shown(stand, seen)) == [8, 22]


def test_a_reorganisation_does_not_single_out_a_newcomer() -> None:
    """Six people move from one department to the other and one joins it: both are told by themselves, their sum would be one."""
    a, b = ("", "W", "a"), ("", "E", "b")
    first, second = date(2026, 1, 1), date(2026, 2, 1)
    before = {p: (a if p < 20 else b, 0) for p in range(40)}
    after = {**{p: (b if p < 6 else at, 0) for p, (at, _) in before.items()}, 40: (b, 0)}
    stand = first_stand(counts_of(before), first, K)
    stand = next_stand(stand, counts_of(after), {first: changes_between(before, after)}, second, K, recut=False)
    assert set(stand.stamps.values()) == {first}

"""What one colleague tells cannot be read from two days: everybody but HR is told it by ten people at once, or not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.release import Role, Viewer
from analytics.scenario import Scenario
from analytics.told import OUTSIDE, due, labelled
from store.talks import Talk
from workflows import as_told, learning, learning_effect, outlook, own, people, routes, skills, talks
from workflows.workspace import Workspace

UNITS, ROLES, EACH = ("A", "B", "C"), ("lasser", "planner"), 20
LEAST, K = 10, 5
DAY = date(2026, 3, 2)
Look = Callable[[Workspace], dict[str, str]]
LOCAL, EVERY = Viewer.local(), Viewer.director()
LOOKING = (EVERY, Viewer.director("chef", ("A",)))


def ids() -> list[str]:
    return [f"P{n:03}" for n in range(len(UNITS) * len(ROLES) * EACH)]


def staff(day: str = "2026-01-01", without: tuple[str, ...] = ()) -> pd.DataFrame:
    places = [(unit, role) for unit in UNITS for role in ROLES for _ in range(EACH)]
    units, roles = zip(*places, strict=True)
    frame = pd.DataFrame(
        {
            "as_of": pd.Timestamp(day), "employee_id": ids(), "location": "", "unit": units, "role": roles,
            "birth_date": pd.to_datetime([f"{1962 + n % 40}-0{1 + n % 9}-11" for n in range(len(places))]),
            "hire_date": pd.Timestamp("2015-01-01"), "fte": 0.6, "contract_type": "permanent",
        }
    )  # fmt: skip
    return frame[~frame["employee_id"].isin(without)]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A firm of six groups of twenty: half of them were assessed, half told a wish, a third took a course."""
    path = tmp_path_factory.mktemp("told") / "w.duckdb"
    who = ids()
    known = pd.DataFrame({"employee_id": who[::2], "skill": "lassen", "level": [1 + n % 4 for n in range(60)]})
    wishes = pd.DataFrame({"employee_id": who[::2], "more_hours": "yes", "wished_fte": 0.9, "wish_date": pd.Timestamp("2026-01-02")})
    wishes["wished_role"] = "planner"
    offers = pd.DataFrame({"training": ["Lassen 1"], "hours": [40.0], "cost": [900.0]})
    took = pd.DataFrame({"employee_id": who[::3], "training": "Lassen 1", "completed_date": pd.Timestamp("2025-10-01")})
    with Workspace.open(path) as workspace:
        workspace.store.save_import(
            {
                "employees": staff(), "skills": known.assign(assessed_date=pd.Timestamp("2025-12-01")), "wishes": wishes,
                "requirements": pd.DataFrame({"role": list(ROLES), "skill": "lassen", "required_level": 2}),
                "trainings": pd.concat([offers, took]), 
                "training_skills": pd.DataFrame({"training": ["Lassen 1"], "skill": ["lassen"], "level": [3]}),
            },
            [], "a", "a.xlsx", "test",
        )  # fmt: skip
        as_told.as_told(EVERY, workspace)
    return path


@pytest.fixture
def firm(stored: Path, tmp_path: Path) -> Iterator[Workspace]:
    for file in stored.parent.glob("w.*"):
        shutil.copy(file, tmp_path / file.name)
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        yield workspace


def told(workspace: Workspace, person: str, wish: str = "teach", **more: Any) -> None:
    talks.record(LOCAL, workspace, person, Talk(**{"held": DAY, "wishes": (wish,), "basis": "b", "purpose": "p", **more}))


def plain(value: Any) -> str:
    """An answer as text, every figure in it."""
    if isinstance(value, pd.DataFrame):
        return value.to_csv(float_format="%.6f")
    if hasattr(value, "__slots__"):
        return "|".join(f"{name}={plain(getattr(value, name))}" for name in value.__slots__)
    return str(value)


def answers(workspace: Workspace) -> dict[str, str]:
    """Everything that is made of skills, wishes, courses and conversations, for each who is not HR."""
    scenario = Scenario(extra_hours_uptake=50)
    found = {}
    for viewer in LOOKING:
        whole = not viewer.units
        parts = [
            talks.said(viewer, workspace), skills.skills(viewer, workspace), learning.learning(viewer, workspace),
            learning.round_of(viewer, workspace), learning.budget(viewer, workspace), routes.from_role(viewer, workspace, "lasser"),
            outlook.outlook(viewer, workspace, scenario, years=3).groups, skills.holders(viewer, workspace, "lassen") if whole else "",
            routes.wishes(viewer, workspace),
            learning_effect.learning_effect(viewer, workspace) if whole else "",
        ]  # fmt: skip
        found |= {f"{viewer.who} {place}": plain(part) for place, part in enumerate(parts)}
    return found


def light(workspace: Workspace) -> dict[str, str]:
    """The answers that move with any wish, skill or conversation, and what the others are made of."""
    found = {f"{viewer.who} said": plain(talks.said(viewer, workspace)) for viewer in LOOKING}
    return found | {"round": plain(learning.round_of(EVERY, workspace)), "data": plain(workspace.store.skills(as_told=True))}


def differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [name for name, text in before.items() if after[name] != text]


def copy_of(workspace: Workspace) -> dict[str, pd.DataFrame]:
    with workspace.store.database.read() as cursor:
        return {name: cursor.execute(f"SELECT * FROM {name}").df() for name in ("told_person", "told_skill", "told_wish", "told_course")}


@pytest.mark.parametrize("look", [light, pytest.param(answers, marks=pytest.mark.slow)])
def test_what_one_colleague_tells_moves_no_answer_until_ten_of_the_group_told_something(look: Look, firm: Workspace) -> None:
    first = look(firm)
    token = talks.new_link(LOCAL, firm, "P001", DAY)  # one by the own page, with a skill nobody knew of
    own.send(Viewer("", Role.GUEST), firm, token, Talk(DAY, ("teach",)), DAY, {"lassen": 4})
    for n, person in enumerate(ids()[3:19:2], start=2):
        told(firm, person)
        assert talks.said(LOCAL, firm).told["teach"] == n  # HR sees each at once
    told(firm, ids()[21])  # of another group: nine and one are not ten
    assert not differing(first, look(firm))
    assert as_told.as_told(LOCAL, firm).waiting == 10
    told(firm, ids()[19])
    assert len(differing(first, look(firm))) >= 3
    assert talks.said(EVERY, firm).told["teach"] == LEAST  # the ten of the group; the eleventh still waits
    council = replace(EVERY, who="or", role=Role.COUNCIL)
    assert plain(talks.said(council, firm)) == plain(talks.said(EVERY, firm))
    assert (as_told.as_told(LOCAL, firm).waiting, as_told.as_told(EVERY, firm).waiting) == (1, 0)  # how many wait is for HR


def test_who_takes_something_back_is_nowhere_in_the_copy_and_the_group_falls_silent(firm: Workspace) -> None:
    everybody = firm.store.voices.standing()
    person = int(everybody.set_index("employee_id")["person"]["P000"])
    assert sum((frame["person"] == person).any() for frame in copy_of(firm).values()) == 4
    before = talks.said(EVERY, firm)
    talks.withdraw(LOCAL, firm, "P000")
    assert not any((frame["person"] == person).any() for frame in copy_of(firm).values())
    after = talks.said(EVERY, firm)
    assert before.told["more_hours"] - after.told["more_hours"] == LEAST  # the whole group of twenty, of whom ten had this wish
    assert as_told.as_told(EVERY, firm).silent == EACH - 1
    silent = light(firm)
    for mate in ids()[1:9]:
        told(firm, mate)
    assert light(firm) == silent  # eight and the one who took it back
    told(firm, ids()[9])
    assert as_told.as_told(EVERY, firm).silent == 0
    assert light(firm) != silent
    assert before.told["more_hours"] - talks.said(EVERY, firm).told["more_hours"] == 5  # P000 and the four who now told something else


def test_who_told_nothing_that_was_told_on_takes_it_back_unseen(firm: Workspace) -> None:
    first = light(firm)
    told(firm, "P001")
    assert as_told.as_told(LOCAL, firm).waiting == 1
    talks.withdraw(LOCAL, firm, "P001")
    assert light(firm) == first
    assert as_told.as_told(LOCAL, firm).waiting == 0


def test_an_erased_person_is_out_of_the_copy_and_the_group_is_silent(firm: Workspace) -> None:
    people.erase(LOCAL, firm, "P000")
    assert [len(frame) for name, frame in copy_of(firm).items() if name == "told_person"] == [len(ids()) - 1]
    assert as_told.as_told(EVERY, firm).silent == EACH - 1


def test_one_who_leaves_moves_nothing_and_a_file_that_is_taken_back_moves_nothing(firm: Workspace) -> None:
    def now() -> str:
        budgets = plain(learning.budget(EVERY, firm)), plain(firm.store.skills(as_told=True).holdings)
        return "|".join([*(plain(talks.said(viewer, firm)) for viewer in LOOKING), *budgets])

    before = now()
    firm.store.save_import({"employees": staff("2026-02-01", without=("P000",))}, [], "b", "b.xlsx", "test")
    assert now() == before
    firm.store.undo_last("test")
    assert now() == before


def test_another_organisation_begins_anew(firm: Workspace) -> None:
    other = staff().assign(employee_id=[f"Q{n:03}" for n in range(len(ids()))], as_of=pd.Timestamp("2026-06-01"))
    firm.store.save_import({"employees": other}, [], "c", "c.xlsx", "test")
    assert talks.said(EVERY, firm).held == 0
    assert as_told.as_told(EVERY, firm).people == len(ids())


def test_an_older_version_of_the_product_finds_the_copy_made_at_the_first_look(firm: Workspace) -> None:
    with firm.store.database.write() as cursor:
        for name in ("told_atom", *copy_of(firm)):
            cursor.execute(f"DELETE FROM {name}")
    found = as_told.as_told(EVERY, firm)
    assert (found.people, found.silent, found.newest) == (len(ids()), 0, date.today())


# the rule by itself


@settings(max_examples=250, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6))
@example(387, 6)  # a bundle that had become small was renewed whole: eight people in the sum of all
@example(1241, 6)  # all but one of those who counted afterwards
def test_two_stands_of_the_copy_differ_by_nobody_or_by_enough_in_every_atom_and_bundle(seed: int, steps: int) -> None:
    """People come, go, move, change and take things back; the copy follows when it may."""
    rng = np.random.default_rng(seed)
    bundle = np.array([0, 0, 1, 2])
    atom = np.repeat([0, 1, 2, 3], [6, 7, 14, 12])
    place, known = dict(enumerate(atom.tolist())), dict.fromkeys(range(len(atom)), 0)
    copy = {one: (place[one], 0) for one in place}
    gone = np.zeros(4)
    for _ in range(steps):
        _live_a_while(rng, place, known)
        everybody = sorted({*place, *copy})
        old, new = (
            np.array([where.get(one, OUTSIDE) for one in everybody]) for where in ({one: at for one, (at, _) in copy.items()}, place)
        )
        changed = np.array([one in copy and one in place and copy[one][1] != known[one] for one in everybody])
        found = due(old, new, changed, gone, bundle, K, LEAST)
        after = {one: copy[one] for one, goes in zip(everybody, found.leaves, strict=True) if one in copy and not goes}
        after |= {one: (place[one], known[one]) for one, comes in zip(everybody, found.joins, strict=True) if comes}
        _differ_enough(copy, after, gone, bundle)
        gone[np.isin(bundle, [bundle[after[one][0]] for one, comes in zip(everybody, found.joins, strict=True) if comes])] = 0
        copy = after
        if rng.random() < 0.3 and copy:
            out = int(rng.choice(sorted(copy)))
            gone[copy.pop(out)[0]] += 1
            if rng.random() < 0.5:
                place.pop(out, None)


def _live_a_while(rng: np.random.Generator, place: dict[int, int], known: dict[int, int]) -> None:
    for one in sorted(place):
        luck = rng.random()
        if luck < 0.25:
            known[one] += 1
        elif luck < 0.30:
            place[one] = int(rng.integers(4))
        elif luck < 0.34:
            del place[one]
    for _ in range(int(rng.integers(3))):
        fresh = max(known) + 1
        place[fresh], known[fresh] = int(rng.integers(4)), 0


def _differ_enough(before: dict, after: dict, gone: np.ndarray, bundle: np.ndarray) -> None:
    """Of each atom, each bundle and all together: who counts in one stand and not, or otherwise, in the other."""
    both = {*before, *after}

    def differing_in(atoms: set[int]) -> int:
        inside = {one: (before.get(one, (OUTSIDE, 0)), after.get(one, (OUTSIDE, 0))) for one in both}
        return sum((was[0] in atoms) != (now[0] in atoms) or (was[0] in atoms and was[1] != now[1]) for was, now in inside.values())

    moved = [one for one in both if before.get(one) != after.get(one)]
    lost = gone.sum() if moved else 0
    for number in range(len(bundle)):
        count = differing_in({number})
        size = max(sum(at == number for at, _ in stand.values()) for stand in (before, after)) + gone[number]
        assert count == 0 or count + gone[number] >= min(K, size)
    for one in set(bundle.tolist()):
        atoms = set(np.flatnonzero(bundle == one).tolist())
        count, missing = differing_in(atoms), gone[list(atoms)].sum()
        size = max(sum(at in atoms for at, _ in stand.values()) for stand in (before, after)) + missing
        assert count == 0 or count + missing >= min(LEAST, size)
    whole = differing_in({0, 1, 2, 3})
    assert not moved or whole + lost >= min(LEAST, len(before))


def test_a_cut_that_only_grows_keeps_its_numbers_and_another_cut_is_told_so() -> None:
    known = pd.DataFrame({"location": "", "unit": ["A", "B"], "role": "r", "atom": [7, 9], "bundle": [3, 4]})
    grown = pd.DataFrame({"location": "", "unit": ["A", "B", "C"], "role": "r", "atom": [0, 1, 2]})
    labels, other = labelled(grown, known, pd.Series({0: 30, 1: 12, 2: 4}), LEAST)
    assert not other
    assert labels[["atom", "bundle"]].to_numpy().tolist() == [[7, 3], [9, 4], [10, 4]]  # too small for itself: with the smallest
    joined = grown.assign(atom=[0, 0, 1])
    labels, other = labelled(joined, known, pd.Series({0: 42, 1: 14}), LEAST)
    assert other
    assert labels["atom"].tolist() == [0, 0, 1]

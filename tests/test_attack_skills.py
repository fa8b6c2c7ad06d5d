"""The curious director on the pages about skills, ways from work to work, changing work, the plan and learning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.scenario import Override, Scenario
from analytics.workforce import Scope
from tests.able_firms import abilities_of, able
from tests.attacked_firms import K, filled, months_of_a_firm, staff_of, twin_of
from tests.staff_frames import Report
from workflows import (
    abilities,
    actions,
    answers,
    assumed,
    backtest,
    beside,
    changing,
    decisions,
    demand,
    goal,
    ideas,
    learning,
    learning_effect,
    money,
    outlook,
    people,
    plan,
    presets,
    protection,
    routes,
    selfscan,
    skills,
    talks,
)
from workflows.workspace import Workspace

DIRECTOR = Viewer.director(k=K)


def moved_sliders() -> list[Scenario]:
    """What a curious director turns: the levers that tell dates apart, whole and for one part of the firm."""
    plain = [Scenario(retirement_shift_months=shift, rvu_uptake=rvu) for shift, rvu in ((-7, 0), (1, 40))]
    aimed = [Override("resignation_multiplier", 1.6, "", "", "Functie 1"), Override("retirement_shift_months", 5, "", "Afdeling 2", "")]
    return plain + [Scenario(overrides=(one,)) for one in aimed]


def everything(workspace: Workspace) -> Iterator[tuple[str, Any]]:
    """Whatever a director of all departments can ask of these pages; a refusal is an answer too."""

    def ask(name: str, call: Callable[..., Any], *words: Any, **named: Any) -> tuple[str, Any]:
        try:
            return name, call(DIRECTOR, workspace, *words, **named)
        except Refusal as refusal:
            return name, (refusal.code, sorted(refusal.params))

    for number, scenario in enumerate(moved_sliders()):
        for year in (2028, 2031):
            yield ask(f"coverage {number} {year}", skills.coverage, scenario, year)
            yield ask(f"skills {number} {year}", skills.skills, scenario, year)
            yield ask(f"moves {number} {year}", routes.overview, scenario, year)
            yield ask(f"opens on {number} {year}", routes.matters_most, scenario, year)
            yield ask(f"changing {number} {year}", changing.changing, scenario, None, year)
        for role in routes.choices(DIRECTOR, workspace):
            yield ask(f"from {role} {number}", routes.from_role, role, scenario, 2030)
    for skill in range(8):
        yield ask(f"holders {skill}", skills.holders, f"Vaardigheid {skill}")
    for target in (None, 3.0):
        made = plan.plan(DIRECTOR, workspace, Scenario(), target=target)
        yield f"plan {target}", [made.levers, made.mix, made.path, made.prices, made.facts]
        yield ask(f"goal {target}", goal.goal, target or 5.0)
    yield ask("goal chance", goal.goal, 20.0, figure="chance")
    for name, call in (
        ("learning", learning.learning),
        ("round", learning.round_of),
        ("budget", learning.budget),
        ("effect", learning_effect.learning_effect),
    ):
        yield ask(name, call)
    for name, call in (("chances", assumed.chances), ("basis", goal.present), ("fte", ideas.fte_per_unit), ("freed", ideas.freed)):
        yield ask(name, call)
    for number, scenario in enumerate(moved_sliders()):
        yield ask(f"bill {number}", money.bill, scenario)
        yield ask(f"beside {number}", beside.beside, scenario)
        yield ask(f"chain {number}", beside.chain, scenario)
    decided = plan.decided(DIRECTOR, workspace)
    yield "decided", [decided.levers, decided.mix, decided.path, decided.prices, decided.every, decided.facts]
    yield ask("questions", answers.deeper, moved_sliders()[0], Scope(), 2031)
    yield ask("protection", protection.protection)
    yield ask("presets", presets.presets)
    yield ask("scan", selfscan.scanned, outlook.outlook(DIRECTOR, workspace, Scenario()))
    yield ask("wishes", routes.wishes)
    yield ask("said", talks.said)


def same(one: Any, other: Any, name: str) -> None:
    """Equal in every part, floats to nine figures."""
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=False, rtol=1e-9, atol=1e-9, obj=name)
    elif is_dataclass(one):
        for part in fields(one):
            same(getattr(one, part.name), getattr(other, part.name), f"{name} {part.name}")
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), name
        for key in one:
            same(one[key], other[key], f"{name} {key}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), name
        for at, (mine, its) in enumerate(zip(one, other, strict=True)):
            same(mine, its, f"{name} {at}")
    elif isinstance(one, float):
        assert other == pytest.approx(one, rel=1e-9, abs=1e-9, nan_ok=True), name
    else:
        assert one == other, name


@pytest.fixture(scope="module")
def staff() -> pd.DataFrame:
    return staff_of(300, seed=6)


@pytest.fixture(scope="module")
def firm(staff: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with able(tmp_path_factory.mktemp("able") / "one.duckdb", staff, abilities_of(staff)) as workspace:
        yield workspace


@pytest.mark.slow
def test_firms_that_differ_inside_a_block_are_alike(staff: pd.DataFrame, firm: Workspace, tmp_path: Path) -> None:
    """Two neighbours in age trade two months: no year, slider or override brings that out."""
    with able(tmp_path / "twin.duckdb", twin_of(staff), abilities_of(staff)) as twin:
        for (name, mine), (_, other) in zip(everything(firm), everything(twin), strict=True):
            same(mine, other, name)
        shift = Scenario(retirement_shift_months=11)
        exact = [abilities.projected(Viewer.local(), one, shift).fte.sum() for one in (firm, twin)]
        assert exact[0] != exact[1], "the twins must differ for HR"


def records_moved(lists: dict[str, pd.DataFrame], staff: pd.DataFrame, hidden: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The same lists, but somebody of one hidden class lost a record and somebody of another has it now."""
    skill, one, other = next(hidden.itertuples(index=False, name=None))
    role, records = staff.set_index("employee_id")["role"], lists["skills"]
    several = records["employee_id"].map(records["employee_id"].value_counts()) > 1  # the share of people with any record stays
    mine = records[(records["skill"] == skill) & (records["employee_id"].map(role) == one) & several].index[0]
    having = set(records.loc[records["skill"] == skill, "employee_id"])
    free = next(name for name in records["employee_id"] if role[name] == other and name not in having)
    moved = records.copy()
    moved.loc[mine, "employee_id"] = free
    return lists | {"skills": moved}


@pytest.mark.slow
def test_in_which_small_class_a_skill_sits_is_not_told(tmp_path: Path) -> None:
    """One record moves from one hidden class to another, of equal size and hours: no override aimed at either shows which has it."""
    staff = staff_of(300, seed=6).assign(fte=1.0)
    lists = abilities_of(staff)
    with able(tmp_path / "one.duckdb", staff, lists) as firm:
        found = abilities.abilities(DIRECTOR, firm)
        assert found.classes is not None
        assert found.pooled is not None
        pairs = []
        for place, skill in enumerate(found.base.skills["skill"]):
            single = [
                role for role, at in found.classes.alone.items() if found.pooled.hidden[at, place] and found.pooled.known[at, place] > 1
            ]
            pairs += [(skill, one, other) for one in single for other in single if one != other]
        assert pairs, "nothing is hidden: the test proves nothing"
        moved = records_moved(lists, staff, pd.DataFrame(pairs))
        with able(tmp_path / "other.duckdb", staff, moved) as other:
            for role in sorted(staff["role"].unique()):
                aimed = Scenario(overrides=(Override("resignation_multiplier", 1.8, "", "", role),))
                for call in (skills.skills, changing.changing):
                    same(call(DIRECTOR, firm, aimed), call(DIRECTOR, other, aimed), f"{call.__name__} {role}")
            for place in range(8):
                name = f"Vaardigheid {place}"
                same(skills.holders(DIRECTOR, firm, name), skills.holders(DIRECTOR, other, name), name)


def test_wishes_for_a_role_less_those_of_each_role_are_nobody_or_ten(firm: Workspace) -> None:
    """Told in one cut: what `wishes` says of a role, less what every way out says of it, is about nobody or at least ten."""
    told = routes.wishes(DIRECTOR, firm).set_index("to")["people"]
    exact = abilities.abilities(Viewer.local(), firm)
    shown = dict.fromkeys(told.index, 0)
    for role in routes.choices(DIRECTOR, firm):
        ways = routes.from_role(DIRECTOR, firm, role).ways
        for row in ways[ways["wished"] > 0].itertuples():
            shown[row.role] += row.wished
    assert len(told)
    for name, count in told.items():
        rest = count - shown[name]
        assert rest == 0 or rest >= 10, name
        assert count == (exact.data.wishes["wished_role"] == name).sum()


def test_the_establishment_is_for_who_keeps_it(firm: Workspace) -> None:
    """Posts less vacancies are the staff of a group, also of one person."""
    with pytest.raises(Refusal):
        demand.formation(DIRECTOR, firm)
    assert len(demand.formation(Viewer.local(), firm))


def test_figures_of_a_decision_are_for_eyes_that_see_as_much(firm: Workspace) -> None:
    """HR decides on full detail: a director reads the decision, not its figures; and the other way round both read both."""
    made = decisions.Decision("Werven", "HR", date(2026, 2, 1))
    for viewer in (Viewer.local(), DIRECTOR, Viewer.director(units=("Afdeling 1",))):
        decisions.decide(viewer, firm, outlook.outlook(viewer, firm, Scenario()), made)
    seen = {
        name: [bool(kept) for kept in decisions.decisions(viewer, firm)["figures"]]
        for name, viewer in (("hr", Viewer.local()), ("all", DIRECTOR), ("some", Viewer.director(units=("Afdeling 1", "Afdeling 2"))))
    }
    assert seen == {"hr": [True] * 3, "all": [True, True, False], "some": [True, False, False]}


def test_actions_are_those_of_the_own_departments_and_saving_keeps_the_others(tmp_path: Path) -> None:
    staff = staff_of(300, seed=6)
    with able(tmp_path / "one.duckdb", staff, abilities_of(staff)) as firm:
        roles = staff.groupby("unit")["role"].first()
        rows = [{"lever": "train", "role": role, "owner": unit, "units": 1.0, "status": "planned"} for unit, role in roles.items()]
        actions.save(Viewer.local(), firm, rows)
        some = Viewer.director(units=("Afdeling 1",))
        mine = actions.actions(some, firm)
        assert set(mine.table["owner"]) == {"Afdeling 1"}
        assert set(mine.timeline["role"]) <= set(staff.loc[staff["unit"] == "Afdeling 1", "role"])
        assert actions.save(some, firm, []) == len(rows) - 1
        assert set(actions.actions(Viewer.local(), firm).table["owner"]) == set(roles.index) - {"Afdeling 1"}


@pytest.mark.slow
def test_what_came_of_an_action_is_measured_with_the_groups_a_director_sees(tmp_path: Path) -> None:
    """The shortage HR planned with comes from full detail: a director's figure must not move with it."""
    first, later = staff_of(120, seed=6, as_of="2025-01-01"), staff_of(120, seed=6)
    realised = []
    for number, kept in enumerate(("[40.0]", "[2.0]")):
        with able(tmp_path / f"{number}.duckdb", first, abilities_of(first)) as firm:
            actions.save(Viewer.local(), firm, [{"lever": "train", "role": "Functie 0", "units": 1.0, "status": "running"}])
            stored = firm.store.actions().to_dict(orient="records")[0]
            days = {name: None if pd.isna(stored[name]) else stored[name] for name in ("start", "due")}
            firm.store.set_actions([stored | days | {"gap": kept, "expected": "[1.0]"}], "test")
            firm.store.save_import({"employees": later}, (Report(),), "later", "later.xlsx", "test")
            realised.append([float(actions.actions(eyes, firm).table["realised"].iloc[0]) for eyes in (Viewer.local(), DIRECTOR)])
    (hr, director), (hr_other, director_other) = realised
    assert hr != hr_other
    assert director == director_other


def test_a_back_test_tells_of_whole_groups(tmp_path: Path) -> None:
    """Counts that came true: today's people of a role at least k, events in multiples of k."""
    years = [frame.assign(as_of=pd.Timestamp(2026 + n, 1, 1)) for n, frame in enumerate(months_of_a_firm(120, 3, seed=12))]
    with filled(tmp_path / "years.duckdb", *years) as firm:
        found = backtest.backtest(DIRECTOR, firm)
        assert found.testable, found.reason
        people = found.rows[found.rows["measure"] == "people"]
        events = found.rows[found.rows["measure"] != "people"]
        assert len(people)
        assert len(events)
        assert people["actual"].min() >= K
        assert (events["actual"] % K == 0).all()


def test_who_differs_in_birth_date_only_gets_the_same_ways_and_trainings(tmp_path: Path) -> None:
    """Two people of one role, one department and the same wishes and skills: change the birth date of one from young to near the end
    of working life, and HR is shown the same names with the same missing skills and trainings, and everybody the same ways."""
    staff = staff_of(300, seed=6)
    lists = abilities_of(staff)
    role = staff["role"].value_counts().index[0]
    other = next(name for name in sorted(staff["role"].unique()) if name != role)
    twins = staff.index[staff["role"] == role][:2]
    one, two = staff.loc[twins, "employee_id"]
    staff.loc[twins[1], ["unit", "location", "hire_date", "contract_type", "fte"]] = staff.loc[
        twins[0], ["unit", "location", "hire_date", "contract_type", "fte"]
    ].to_numpy()
    records = lists["skills"][~lists["skills"]["employee_id"].isin([one, two])]
    mine = pd.DataFrame({"employee_id": [one, two], "skill": "Vaardigheid 0", "level": 3, "assessed_date": pd.Timestamp("2025-11-01")})
    wishes = lists["wishes"][~lists["wishes"]["employee_id"].isin([one, two])]
    wished = pd.DataFrame({"employee_id": [one, two], "wished_role": other, "wish_date": pd.Timestamp("2025-11-01")})
    lists |= {"skills": pd.concat([records, mine]), "wishes": pd.concat([wishes, wished.assign(more_hours="", deepen="", wished_fte=1.0)])}
    told = []
    for number, birth in enumerate(("2001-05-04", "1961-05-04")):
        aged = staff.copy()
        aged.loc[twins[0], "birth_date"], aged.loc[twins[1], "birth_date"] = pd.Timestamp("1985-01-01"), pd.Timestamp(birth)
        with able(tmp_path / str(number) / "firm.duckdb", aged, lists) as firm:
            names = people.matches(Viewer.local(), firm, (other,)).set_index("employee_id")
            ways = routes.from_role(Viewer.local(), firm, role).ways.drop(columns="openings")
            told.append((names.sort_index(), ways))
    assert {one, two} <= set(told[0][0].index)
    for kept in told:
        pair = kept[0].loc[[one, two], ["present_role", "reason", "missing", "trainings"]]
        assert pair.iloc[0].tolist() == pair.iloc[1].tolist()
    same(told[0][0], told[1][0], "names")
    same(told[0][1], told[1][1], "ways")

"""A mix as a scenario that brings what was promised, its steps as actions, and goal seek from every shortage figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics import retraining
from analytics.plan.actions import actions as steps_of
from analytics.plan.as_scenario import ENOUGH, LEVER_OF, promises
from analytics.plan.solver import NAMED
from analytics.projection import project
from analytics.scenario import LEVERS, Override
from tests.able_firms import abilities_of, able
from tests.attacked_firms import staff_of
from tests.sampling import with_sample
from tests.staff_frames import Report
from workflows import actions, goal, plan, plan_use
from workflows.outlook import outlook
from workflows.plan import Planned
from workflows.prepared import prepared
from workflows.types import Refusal, Scenario, Scope, Viewer
from workflows.workspace import Workspace

ME = Viewer.local()
ROLE_TOLERANCE, TOTAL_TOLERANCE = 0.5, 0.02
"""How far a scenario may be from what its mix promised in the last year: fte per role, and a share of the shortage of all of them."""


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open(with_sample(tmp_path_factory.mktemp("use") / "firm.duckdb")) as workspace:
        yield workspace


@pytest.fixture(scope="module")
def made(firm: Workspace) -> Planned:
    return plan.plan(ME, firm)


def gap_of_role(firm: Workspace, scenario: Scenario, year: int) -> pd.Series:
    """Fte short per role in a year of a plan, a mean of its ends, as the screens show it."""
    groups = outlook(ME, firm, scenario).groups
    return groups[groups["year"].isin((year, year + 1))].groupby(["role", "year"])["gap_fte"].sum().groupby("role").mean()


def test_the_scenario_of_a_mix_brings_what_the_mix_promised(firm: Workspace, made: Planned) -> None:
    saved, turned = plan_use.to_scenario(ME, firm, made, Scenario(), "Plan")
    roles = turned.roles.set_index("role")
    assert (roles["reached"] - roles["promised"]).abs().max() <= ROLE_TOLERANCE
    assert roles["reached"].clip(lower=0).sum() == pytest.approx(roles["promised"].clip(lower=0).sum(), rel=TOTAL_TOLERANCE)
    assert roles["promised"].sum() < roles["before"].sum() - 20
    again = gap_of_role(firm, Scenario.from_json(saved.body), made.years[-1])
    np.testing.assert_allclose(again[roles.index], roles["reached"], atol=1e-6)
    path = made.path.iloc[-1]  # promised here, less the hired staff that stands beside it and what has no lever, is what the plan leaves
    no_lever = {role: fte for (way, role), fte in promises(made.found[0].plan).items() if way not in LEVER_OF}
    left = pd.Series(no_lever, dtype=float)
    of_plan = roles["promised"] - roles["hired"] - left.reindex(roles.index).fillna(0.0)
    assert turned.years["year"].tolist() == list(range(len(made.years)))
    for name in ("before", "promised", "reached"):
        assert turned.years[name].iloc[-1] == pytest.approx(roles[name].clip(lower=0).sum(), abs=1e-9)
    second = gap_of_role(firm, Scenario.from_json(saved.body), made.years[1])  # the years on the way are told as they are
    assert turned.years["reached"].iloc[1] == pytest.approx(second[roles.index].clip(lower=0).sum(), abs=1e-6)
    others = made.found[0].plan.shortage[:, -1][~made.found[0].plan.problem.units["role"].isin(roles.index)].sum()
    assert of_plan.clip(lower=0).sum() + others == pytest.approx(path["after"], abs=0.5)


def test_every_lever_the_mix_uses_is_set_and_the_rest_is_named(firm: Workspace, made: Planned) -> None:
    for mix in range(min(len(made.found), 1)):
        saved, turned = plan_use.to_scenario(ME, firm, made, Scenario(), f"Plan {mix}", mix)
        promised = promises(made.found[mix].plan)
        asked = {LEVER_OF[way] for (way, _), fte in promised.items() if way in LEVER_OF and abs(fte) > ENOUGH}
        assert {rule.lever for rule in Scenario.from_json(saved.body).overrides} == asked
        assert {item.lever for item in turned.settings} == asked
        assert len(asked) >= 4
        assert set(turned.left["lever"]) == {way for way, _ in promised if way not in LEVER_OF} <= {"rotate"}
        hired = {item.role: item for item in turned.settings if item.lever == "flex_fte_max"}
        for role, item in hired.items():
            assert item.value - item.before == pytest.approx(promised["temporary", role])


@pytest.mark.slow
def test_other_mixes_become_scenarios_as_well(firm: Workspace, made: Planned) -> None:
    for mix in range(1, len(made.found)):
        _, turned = plan_use.to_scenario(ME, firm, made, Scenario(), f"Mix {mix}", mix)
        roles = turned.roles
        assert (roles["reached"] - roles["promised"]).abs().max() <= ROLE_TOLERANCE
        assert roles["reached"].clip(lower=0).sum() == pytest.approx(roles["promised"].clip(lower=0).sum(), rel=TOTAL_TOLERANCE)


def test_every_way_of_a_measure_stands_on_a_lever_that_exists() -> None:
    assert set(LEVER_OF.values()) <= LEVERS.keys()


def test_no_step_and_no_lever_of_nothing_is_named(firm: Workspace, made: Planned) -> None:
    """What rounds to 0,0 is no measure: lending that ended before the last year is told in person-years."""
    _, turned = plan_use.to_scenario(ME, firm, made, Scenario(), "Named")
    assert (turned.left["fte_years"].abs() >= NAMED).all()
    assert (made.mix["units"] >= NAMED).all()
    steps = steps_of(made.found[0].plan, made.as_of)
    assert (steps["units"] >= NAMED).all()
    assert all(max(map(abs, expected)) >= NAMED for expected in steps["expected"])


def test_the_steps_become_actions_that_promise_the_same(firm: Workspace, made: Planned) -> None:
    count = plan_use.to_actions(ME, firm, made)
    table = actions.actions(ME, firm).table
    assert len(table) == count
    promised = promises(made.found[0].plan)
    per_role = pd.Series({role: 0.0 for _, role in promised})
    for (_, role), fte in promised.items():
        per_role[role] += fte
    told = table.groupby("role")["expected"].sum()
    np.testing.assert_allclose(told[per_role.index], per_role, atol=1e-3)


def test_a_plan_for_one_department_touches_only_that_one(firm: Workspace) -> None:
    scope = Scope(units=("E-installatie",))
    made = plan.plan(ME, firm, Scenario(), scope)
    saved, turned = plan_use.to_scenario(ME, firm, made, Scenario(), "E", 0)
    groups = prepared(firm, ME, None).base.groups
    before, after = (outlook(ME, firm, scenario).groups for scenario in (Scenario(), Scenario.from_json(saved.body)))
    roles = set(groups.loc[groups["unit"] == "E-installatie", "role"])
    assert set(turned.roles["role"]) <= roles
    for rule in Scenario.from_json(saved.body).overrides:
        named = groups[(groups["role"] == rule.role) & ((rule.unit == "") | (groups["unit"] == rule.unit))]
        assert set(named["unit"]) == {"E-installatie"}
    far = (before["unit"] == "Staf").to_numpy()
    np.testing.assert_allclose(before.loc[far, "gap_fte"], after.loc[far, "gap_fte"], atol=1e-9)


def test_two_roles_with_the_same_number_of_places_each_get_them(firm: Workspace) -> None:
    base = prepared(firm, ME, None).base
    roles = ("Elektromonteur", "Servicemonteur W")
    each = [Scenario(overrides=(Override("training_places", 14.0, role=role),)) for role in roles]
    both = Scenario(overrides=tuple(rule for one in each for rule in one.overrides))

    def started(scenario: Scenario) -> float:
        usual = project(base, Scenario(), 5)
        made = retraining.plan(base, scenario, usual.run, usual.fte, usual.demand)
        assert made is not None
        return float(made.arrive[:, 1].sum() + made.outside[:, 1].sum())

    assert started(both) > 1.5 * max(started(one) for one in each)  # less than the sum: they draw on the same people to spare


def test_what_came_of_an_action_is_measured_at_a_later_snapshot(tmp_path: Path) -> None:
    """Planned a year ago against 10 fte short; today the shortage is what the screens say: the difference came of it."""
    first, later = staff_of(60, seed=6, as_of="2025-01-01"), staff_of(60, seed=6)
    with able(tmp_path / "firm.duckdb", first, abilities_of(first)) as workspace:
        actions.save(ME, workspace, [{"lever": "recruit", "role": "Functie 0", "units": 1.0, "status": "running"}])
        stored = workspace.store.actions().to_dict(orient="records")[0]
        days = {name: None if pd.isna(stored[name]) else stored[name] for name in ("start", "due")}
        workspace.store.set_actions([stored | days | {"gap": "[10.0]", "expected": "[4.0]"}], "test")
        assert np.isnan(actions.actions(ME, workspace).table["realised"].iloc[0])  # no later snapshot yet
        workspace.store.save_import({"employees": later}, (Report(),), "later", "later.xlsx", "test")
        groups = outlook(ME, workspace, Scenario()).groups
        now = groups[(groups["role"] == "Functie 0") & (groups["year"] == 2026)]["gap_fte"].sum()
        row = actions.actions(ME, workspace).table.iloc[0]
        assert row["realised"] == pytest.approx(10.0 - now)
        assert row["part"] == pytest.approx((10.0 - now) / 4.0)


# goal seek


@pytest.mark.parametrize(("figure", "target"), [("gross", 80.0), ("chance", 20.0), ("first_year", 2030.0)])
def test_a_lever_that_is_said_to_be_enough_is_enough(figure: str, target: float, firm: Workspace) -> None:
    scope = Scope() if figure == "gross" else Scope(roles=("Timmerman",) if figure == "chance" else ("Tekenaar/modelleur",))
    found = goal.goal(ME, firm, target, Scenario(), scope, 2030, figure)
    enough = [item for item in found if item.reached]
    assert enough
    for item in enough[:2]:
        total = outlook(ME, firm, replace(Scenario(), **{item.lever: item.value}), scope, 2030)
        if figure == "gross":
            rows = total.groups[total.groups["year"] == 2030]
            assert rows["gap_fte"].clip(lower=0).sum() == pytest.approx(item.result, abs=1e-6)
            assert item.result <= target
        elif figure == "chance":
            chance = float(total.total.loc[total.total["year"] == 2030, "p_short"].iloc[0])
            assert 100 * chance == pytest.approx(item.result)
            assert item.result <= target
        else:
            ahead = total.total[(total.total["year"] > 2026) & (total.total["year"] < target)]
            assert (ahead["p_short"] <= 0.5).all()
            assert np.isnan(item.result) or item.result >= target


def test_goal_seek_about_something_else_is_refused(firm: Workspace) -> None:
    with pytest.raises(Refusal, match="goal_unknown_figure"):
        goal.goal(ME, firm, 1.0, figure="mood")

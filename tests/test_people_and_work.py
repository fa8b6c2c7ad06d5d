"""Skills, changing work, routes, plan and actions through the workflows: laws, rights, small numbers and empty states."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from analytics.changing import LEDGER
from analytics.release import Role
from analytics.skills.pooled import hidden_together
from cli import cli
from tests.sampling import with_sample
from workflows import actions, changing, goal, people, plan, plan_use, routes, skills
from workflows.abilities import abilities, projected, stays
from workflows.types import Refusal, Scenario, Viewer
from workflows.workspace import Workspace

LOCAL, DIRECTOR = Viewer.local(), Viewer.director()
COUNCIL = replace(DIRECTOR, who="council", role=Role.COUNCIL)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("people") / "firm.duckdb"
    return with_sample(path)


@pytest.fixture(scope="module")
def full(database: Path) -> Iterator[Workspace]:
    with Workspace.open(database) as workspace:
        yield workspace


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Workspace]:
    """A firm of which nothing but the staff is known."""
    with Workspace.open(tmp_path / "bare.duckdb") as workspace:
        staff = pd.DataFrame(
            {
                "as_of": pd.Timestamp("2026-01-01"), "employee_id": [f"P{n}" for n in range(30)], "unit": "Hal",
                "role": ["Lasser"] * 20 + ["Planner"] * 10, "birth_date": pd.Timestamp("1970-02-03"),
                "hire_date": pd.Timestamp("2010-01-01"), "fte": 1.0,
            }
        )  # fmt: skip
        workspace.store.save_import({"employees": staff}, (), "bare", "bare.xlsx", "test")
        yield workspace


def add(workspace: Workspace, name: str, **frames: pd.DataFrame) -> None:
    workspace.store.save_import(frames, (), name, f"{name}.xlsx", "test")


def refused(code: str, call) -> None:
    with pytest.raises(Refusal) as problem:
        call()
    assert problem.value.code == code


# skills


def test_the_story_of_the_sample_shows(full: Workspace) -> None:
    found = skills.skills(LOCAL, full, Scenario(), 2031)
    rows = found.by_skill.set_index("skill")
    assert rows.loc["warmtepomp inregelen", "near"] == pytest.approx(52, abs=3)
    assert found.people_assessed == pytest.approx(0.68, abs=0.01)
    held = found.knowledge.set_index("skill")
    assert held.loc["stoom- en ketelinstallaties", "holders"] == 4
    assert held.loc["stoom- en ketelinstallaties", "chance_lost"] > 0.5


def test_parts_add_up_and_ranges_enclose(full: Workspace) -> None:
    rows = skills.skills(LOCAL, full, Scenario(), 2031).by_skill
    parts = rows[["have_now", "exits", "expiry", "decay", "training", "hires"]].sum(axis=1)
    np.testing.assert_allclose(parts, rows["have_then"])
    assert (rows["low_then"] <= rows["middle_then"] + 1e-9).all()
    assert (rows["middle_then"] <= rows["high_then"] + 1e-9).all()


def test_those_who_stay_agree_with_the_engine(full: Workspace) -> None:
    """The same chances, followed per cell: pensions of today's staff within a tenth of the engine's, leavers of a year within three."""
    staying, ahead = stays(LOCAL, full, Scenario()), projected(LOCAL, full, Scenario())
    assert staying.retired[:, 5].sum() == pytest.approx(ahead.retire["expected"][:, 5].sum(), rel=0.1)
    assert (np.diff(staying.stay, axis=1) <= 1e-12).all()
    np.testing.assert_allclose(staying.stay[:, 0], 1.0)


def test_a_director_sees_no_role_of_fewer_than_k_people_and_no_chance_about_few(full: Workspace) -> None:
    found = skills.skills(DIRECTOR, full, Scenario(), 2031)
    assert (found.by_role["people"] >= DIRECTOR.k).all()
    few = found.knowledge[found.knowledge["holders"] < DIRECTOR.k]
    assert len(few)
    assert few["chance_lost"].isna().all()
    assert (skills.holders(DIRECTOR, full, "leermeester")["people"] >= DIRECTOR.k).all()


def test_what_is_hidden_of_a_skill_cannot_be_had_by_subtraction(full: Workspace) -> None:
    """People assessed: in every class a director sees nobody or at least k, and so in what the total holds beside those."""
    exact = abilities(LOCAL, full)
    assessed = exact.base.rows.assign(role=exact.data.cells["role"].to_numpy(str)[exact.base.rows["cell"].to_numpy(int)])
    looked = 0
    for k in (5, 10, 25):
        asker = replace(DIRECTOR, k=k)
        told, count = skills.skills(asker, full), abilities(asker, full)
        assert count.classes is not None
        assert count.pooled is not None
        of = assessed["role"].map(count.classes.of_role)
        for place, skill in enumerate(exact.base.skills["skill"]):
            people = np.bincount(of[assessed["skill"] == place], minlength=len(count.classes.labels))
            seen = told.by_role[(told.by_role["skill"] == skill) & told.by_role["coverage_now"].notna()]
            shown = np.isin(count.classes.labels, seen["role"])
            total = people[count.pooled.known[:, place] > 0].sum()
            rest = total - people[shown].sum()
            assert total == 0 or total >= k
            assert (people[shown] >= k).all()
            assert rest == 0 or rest >= k, (k, skill, rest)
            looked += bool(rest)
    assert looked, "nothing was hidden: the test is too easy"


def test_parts_of_few_take_the_next_smallest_along() -> None:
    known = np.array([2.0, 30.0, 7.0, 6.0])
    assert hidden_together(known, known < 5, 5).tolist() == [True, False, False, True]
    assert hidden_together(known[1:], known[1:] < 5, 5).tolist() == [False, False, False]


def test_who_sees_some_departments_gets_those_and_wishes_of_the_whole_firm_only(full: Workspace) -> None:
    """Of departments that share no group with others the figures are those of the whole firm, for these roles and no other."""
    some = replace(DIRECTOR, units=("Engineering", "Projecten"))
    mine, whole = skills.skills(some, full), skills.skills(DIRECTOR, full)
    roles = set(full.store.skills().cells.query("unit in ['Engineering', 'Projecten']")["role"])
    assert {role for label in mine.by_role["role"] for role in label.split(" + ")} == roles
    both = mine.by_role.merge(whole.by_role, on=["role", "skill"], suffixes=("", "_whole"))
    assert len(both) == len(mine.by_role)
    told = both["coverage_now"].notna() & both["coverage_now_whole"].notna()
    assert told.sum() > 20
    assert np.allclose(both.loc[told, "coverage_now"], both.loc[told, "coverage_now_whole"])
    assert mine.facts["people"] == 192
    assert set(skills.holders(some, full, "projectleiding")["role"]) <= roles
    assert set(routes.choices(some, full)) == roles
    assert routes.wishes(some, full).equals(routes.wishes(DIRECTOR, full))
    assert changing.changing(some, full).facts


def test_a_department_without_a_whole_group_gets_a_reason(full: Workspace) -> None:
    nowhere = replace(DIRECTOR, units=("Bestaat niet",))
    for call in (skills.skills, routes.choices):
        refused("nothing_in_scope", lambda call=call: call(nowhere, full))


def test_unknown_skill_and_role_are_refused(full: Workspace) -> None:
    refused("unknown_skill", lambda: skills.holders(LOCAL, full, "geen"))
    refused("unknown_role", lambda: routes.from_role(LOCAL, full, "geen"))


# changing work


def test_every_fte_ends_in_one_place(full: Workspace) -> None:
    scenario = replace(Scenario(), adoption_max=85.0, replaced_share=80.0)
    rows = changing.changing(LOCAL, full, scenario, None, 2031).ledger
    np.testing.assert_allclose(rows["automated"], rows["absorbed"] + rows["open_work"] + rows["looking"], atol=1e-9)
    assert (rows[list(LEDGER)] >= -1e-9).all().all()


def test_an_own_estimate_counts_and_says_so(tmp_path: Path) -> None:
    with Workspace.open(with_sample(tmp_path / "w.duckdb")) as workspace:
        changing.choose(LOCAL, workspace, "Tekenaar/modelleur")  # the sample firm comes with an estimate of its own
        before = changing.changing(LOCAL, workspace, Scenario(), None, 2031).roles.set_index("role")
        refused("estimate_note_missing", lambda: changing.choose(LOCAL, workspace, "Tekenaar/modelleur", exposed=0.55))
        refused("not_allowed", lambda: changing.choose(DIRECTOR, workspace, "Tekenaar/modelleur", exposed=0.55, note="x"))
        changing.choose(LOCAL, workspace, "Tekenaar/modelleur", exposed=0.55, note="eigen proef")
        after = changing.changing(LOCAL, workspace, Scenario(), None, 2031).roles.set_index("role")
    assert before.loc["Tekenaar/modelleur", "exposed"] == pytest.approx(0.35)
    assert after.loc["Tekenaar/modelleur", "exposed"] == pytest.approx(0.55)
    assert bool(after.loc["Tekenaar/modelleur", "estimated"])


# routes


def test_two_people_who_differ_in_birth_date_only_get_the_same_routes(bare: Workspace, tmp_path: Path) -> None:
    asked = pd.DataFrame(
        {"role": ["Lasser", "Planner", "Planner"], "skill": ["meten", "meten", "plannen"], "required_level": [3.0, 3.0, 1.0]}
    )
    add(bare, "asked", requirements=asked)
    before = routes.from_role(LOCAL, bare, "Lasser").ways
    older = bare.store.skills().cells
    assert older["age"].nunique() == 1
    staff = pd.DataFrame(
        {
            "as_of": pd.Timestamp("2026-02-01"), "employee_id": [f"P{n}" for n in range(30)], "unit": "Hal",
            "role": ["Lasser"] * 20 + ["Planner"] * 10, "birth_date": pd.Timestamp("1999-02-03"),
            "hire_date": pd.Timestamp("2010-01-01"), "fte": 1.0,
        }
    )  # fmt: skip
    add(bare, "younger", employees=staff)
    after = routes.from_role(LOCAL, bare, "Lasser").ways
    columns = ["role", "hours", "price", "cost", "coverage", "wished"]
    pd.testing.assert_frame_equal(before[columns], after[columns])


def test_wishes_of_fewer_than_ten_are_for_hr_alone(full: Workspace) -> None:
    assert (routes.wishes(DIRECTOR, full)["people"] >= 10).all()
    assert (routes.wishes(LOCAL, full)["people"] < 10).any()


def test_amounts_only_for_those_with_the_right(full: Workspace) -> None:
    told = routes.from_role(COUNCIL, full, "Tekenaar/modelleur")
    assert told.cost is None
    assert not {"cost", "price", "pay_difference"} & set(told.ways.columns)
    made = plan.plan(COUNCIL, full)
    assert np.isnan(made.cost)
    assert made.levers["cost"].isna().all()


def test_names_beside_a_vacancy_are_for_hr_and_logged(full: Workspace) -> None:
    refused("not_allowed", lambda: people.matches(DIRECTOR, full, ("Werkvoorbereider",)))
    found = people.matches(LOCAL, full, ("Werkvoorbereider",))
    assert len(found)
    assert set(found.columns) == {"vacancy", "present_role", "reason", "employee_id", "missing", "trainings"}
    assert (found["employee_id"] != "").all()


# plan and actions


def test_the_plan_reaches_its_target_or_says_what_holds_it_back(full: Workspace) -> None:
    made = plan.plan(LOCAL, full)
    assert made.reached
    assert made.facts["after"] <= made.target + 1e-3
    assert made.whole
    assert made.gap >= 0
    assert len(made.found) >= 2
    missed = plan.plan(LOCAL, full, target=0.0)
    assert not missed.reached
    assert len(missed.binding) + len(missed.blocked)


def test_a_budget_is_kept_and_the_director_plans_too(full: Workspace) -> None:
    made = plan.plan(DIRECTOR, full, budget=500_000)
    assert made.cost <= 500_001
    assert made.facts["closed_years"] > 0


def test_goal_seek_names_a_value_that_reaches_the_target(full: Workspace) -> None:
    found = goal.goal(LOCAL, full, 60.0)
    assert found[0].reached
    assert found[0].result <= 60


def test_a_mix_becomes_a_scenario_and_actions_that_can_be_edited(tmp_path: Path) -> None:
    with Workspace.open(with_sample(tmp_path / "w.duckdb")) as workspace:
        refused("no_actions", lambda: actions.actions(LOCAL, workspace))
        made = plan.plan(LOCAL, workspace)
        saved, _ = plan_use.to_scenario(LOCAL, workspace, made, Scenario(), "Plan")
        assert "hires_per_year" in saved.body
        refused("not_allowed", lambda: plan_use.to_actions(COUNCIL, workspace, made))
        count = plan_use.to_actions(LOCAL, workspace, made)
        found = actions.actions(LOCAL, workspace)
        assert len(found.table) == count
        rows = found.table.to_dict(orient="records")
        rows[0] |= {"owner": "HR", "status": "running"}
        assert actions.save(LOCAL, workspace, rows[:2]) == 2
        kept = actions.actions(LOCAL, workspace).table.set_index("id")
        assert kept.loc[rows[0]["id"], "owner"] == "HR"
        assert kept.loc[rows[0]["id"], "expected"] == pytest.approx(found.table["expected"].iloc[0])
        refused("action_dates", lambda: actions.save(LOCAL, workspace, [rows[0] | {"start": "2027-01-01", "due": "2026-01-01"}]))


# empty states


def test_a_firm_of_which_only_the_staff_is_known(bare: Workspace) -> None:
    refused("no_requirements", lambda: skills.skills(LOCAL, bare))
    refused("no_requirements", lambda: routes.choices(LOCAL, bare))
    refused("no_isco", lambda: changing.changing(LOCAL, bare))
    refused("no_wishes", lambda: routes.wishes(LOCAL, bare))
    add(bare, "asked", requirements=pd.DataFrame({"role": ["Lasser"], "skill": ["meten"], "required_level": [3.0]}))
    refused("no_skills", lambda: skills.skills(LOCAL, bare))
    refused("role_asks_nothing", lambda: routes.from_role(LOCAL, bare, "Planner"))


def test_courses_that_wait_for_each_other_are_named(bare: Workspace) -> None:
    offer = pd.DataFrame({"training": ["A", "B"], "hours": [8.0, 8.0], "cost": [1.0, 1.0]})
    circle = pd.DataFrame({"training": ["A", "B"], "needs": ["B", "A"]})
    asked = pd.DataFrame({"role": ["Lasser"], "skill": ["meten"], "required_level": [3.0]})
    add(bare, "circle", requirements=asked, trainings=offer, training_needs=circle)
    refused("training_cycle", lambda: routes.choices(LOCAL, bare))


# the command line


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (("skills",), {"as_of", "year", "assessed", "rows", "knowledge"}),
        (("skills", "--by", "role", "--role", "Planner"), {"rows"}),
        (("routes",), {"rows"}),
        (("routes", "--from", "Tekenaar/modelleur"), {"role", "rows", "outside", "leaving"}),
        (("plan", "--budget", "500000"), {"years", "reached", "whole", "distance", "levers", "mixes", "limits"}),
    ],
)
@pytest.mark.parametrize("viewer", ["hr", "director"])
def test_commands_print_one_object(words: tuple[str, ...], keys: set[str], viewer: str, full: Workspace, monkeypatch) -> None:
    monkeypatch.setattr("commands.base.Call.workspace", lambda call: _Lent(full))
    result = CliRunner().invoke(cli, [*words, "--json", "--viewer", viewer])
    assert result.exit_code == 0, result.output
    body = json.loads(result.output)
    assert keys <= set(body)
    assert "NaN" not in result.output


class _Lent:
    """The open workspace, not closed by the command."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def __enter__(self) -> Workspace:
        return self.workspace

    def __exit__(self, *_: object) -> None:
        return None

"""Every lever of a plan: training inside a role by hand, who goes on after the pension date, what is not used and why, and leaving."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.plan.inside import SKILL_WORTH, Missing, learn_inside, stay_on
from analytics.plan.measures import LEVERS, Costs, simple
from analytics.plan.model import Problem
from analytics.plan.programme import solve
from analytics.plan.standing import standing
from analytics.release import Role
from analytics.skills.gaps import prepare
from analytics.skills.inside import individual_gap, missing_inside
from analytics.skills.moves import refilled
from analytics.skills.training import trainings
from tests.sampling import with_sample
from workflows import ideas, plan, subsidies
from workflows.types import Refusal, Viewer
from workflows.workspace import Workspace

ME = Viewer.local()


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open(with_sample(tmp_path_factory.mktemp("levers") / "firm.duckdb")) as workspace:
        yield workspace


def test_individual_gap_by_hand() -> None:
    """Asked 4 and 2 with weights 1 and 3; held 2 and 3: (1 x 2 + 3 x 0) / (4 + 6) = 0.2, no credit for more than asked."""
    assert individual_gap(np.array([2.0, 3.0]), np.array([4.0, 2.0]), np.array([1.0, 3.0])) == pytest.approx(0.2)
    assert individual_gap(np.array([2.0, np.nan]), np.array([4.0, 2.0]), np.array([1.0, 3.0])) == pytest.approx(0.5)
    assert np.isnan(individual_gap(np.array([np.nan]), np.array([4.0]), np.array([1.0])))


def test_what_courses_mend_inside_a_role_by_hand() -> None:
    """Three mechanics; the role asks soldering 4 (weight 1) and metering 2 (weight 3). One lacks two levels of soldering (gap 0.2 of what
    was assessed), one lacks all metering (no course for it), one was not assessed: the course helps one person, 16 hours, 500 euro."""
    cells = pd.DataFrame({"location": "", "unit": "", "role": ["Monteur"] * 3, "people": 1.0, "fte": 1.0})
    held = pd.DataFrame(
        {"cell": [0, 0, 1, 1], "skill": ["a", "b", "a", "b"], "level": [2.0, 3.0, 4.0, 0.0], "people": 1.0, "fte": 1.0,
         "assessed": pd.Timestamp("2025-12-01")}
    )  # fmt: skip
    asked = pd.DataFrame({"role": "Monteur", "skill": ["a", "b"], "level": [4.0, 2.0], "weight": [1.0, 3.0]})
    base = prepare(cells, held, asked, pd.DataFrame({"skill": ["a", "b"]}), date(2026, 1, 1))
    offer = trainings(
        pd.DataFrame({"training": ["cursus", "lang"], "hours": [16.0, 80.0], "price": [500.0, 900.0]}),
        pd.DataFrame({"training": ["cursus", "lang"], "skill": ["a", "a"], "level": [4.0, 5.0]}), None, ("a", "b"),
    )  # fmt: skip
    row = missing_inside(base, offer).iloc[0]
    assert (row["role"], row["people"], row["hours"], row["price"]) == ("Monteur", 1.0, 16.0, 500.0)
    assert row["missing"] == pytest.approx(0.2)
    nothing = trainings(pd.DataFrame(columns=["training", "hours", "price"]), pd.DataFrame(), None, ("a", "b"))
    assert missing_inside(base, nothing).empty


def test_learning_inside_a_role_costs_hours_first() -> None:
    """Ten people who miss a fifth: each gains 0.5 x 0.2 = 0.1 fte after three months; 40 hours of 1380 are lost before."""
    (measure,) = learn_inside("train x", 0, 3, Missing(10.0, 0.2, 40.0, 700.0), 1.0, 69_000.0, Costs())
    assert measure.limit == 10
    assert measure.capacity[0] == 5
    assert measure.cost[0] == pytest.approx(700 + 40 * 69_000 / 1380 + Costs().guidance)
    first, second = measure.effects[0].fte[:2]
    assert second == pytest.approx(0.9 * SKILL_WORTH * 0.2 * 0.95**1.25, rel=0.01)
    assert first < second * 0.75
    assert learn_inside("train x", 0, 3, Missing(10.0, 0.01, 40.0, 700.0), 1.0, 69_000.0, Costs()) == ()
    assert learn_inside("train x", 0, 3, None, 1.0, 69_000.0, Costs()) == ()


def test_who_goes_on_after_the_pension_date_is_a_tenth_for_half_the_hours() -> None:
    (measure,) = stay_on("stay_on x", 0, 5, 4.0, 1.0, Costs())
    assert measure.limit == 2  # 0.1 x 4 x 5
    assert measure.effects[0].fte[0] < 0.5
    assert measure.effects[0].fte[2:] == pytest.approx((0.0, 0.0, 0.0))
    assert stay_on("stay_on x", 0, 5, 1.0, 1.0, Costs()) == ()


def test_every_lever_has_a_state_and_what_stays_open_has_a_price() -> None:
    units = pd.DataFrame({"location": [""], "unit": [""], "role": ["x"]})
    measures = (
        simple("recruit x", "recruit", 0, 2, 2.0, once=10.0, keep=1.0),
        simple("temporary x", "temporary", 0, 2, 9.0, once=100.0),
        simple("automate x", "automate", 0, 2, 1.0, once=5.0, lead_months=60.0),
    )
    made = solve(Problem(units, np.zeros((1, 2)), np.full((1, 2), 3.0), measures), target=np.array([1.0, 1.0]))
    table = standing(made, 1000.0).set_index("lever")
    assert list(table.index) == list(LEVERS)
    assert table.loc["recruit", "state"] == "used"
    assert table.loc["temporary", "state"] == "dearer"
    assert table.loc["automate", "state"] == "no_gain"
    assert table.loc["retain", "state"] == "none"
    assert table.loc["accept", "fte_years"] == pytest.approx(made.shortage.sum())
    assert table.loc["accept", "cost"] == pytest.approx(1000.0 * made.shortage.sum())


def test_the_sample_firm_has_every_lever_on_offer_and_what_is_used_adds_up(firm: Workspace) -> None:
    made = plan.plan(ME, firm)
    table = made.every.set_index("lever")
    assert (table.loc[list(LEVERS[:-1]), "state"] != "none").all()
    used = table[table["state"] == "used"]
    assert used["cost"].sum() == pytest.approx(made.levers["cost"].sum())
    assert used["units"].sum() == pytest.approx(made.levers["units"].sum())
    closed = float(made.path["before"].sum() - made.path["after"].sum())
    assert table.loc["accept", "fte_years"] == pytest.approx(float(made.path["before"].sum()) - closed)


def test_controls_that_were_decided_on_free_nothing_more(tmp_path: Path) -> None:
    """With a register the plan offers what is still open in it; without one a convention."""
    with Workspace.open(with_sample(tmp_path / "firm.duckdb")) as workspace:
        number = ideas.add_control(ME, workspace, "Dubbele urenstaat", "niemand leest hem", "", 1.0)
        offered = plan.plan(ME, workspace).every.set_index("lever").loc["free_hours", "on_offer"]
        for control in ideas.controls(ME, workspace)["control"]:
            ideas.decide(ME, workspace, int(control), "removed")
        assert number
        assert offered > 0
        assert plan.plan(ME, workspace).every.set_index("lever").loc["free_hours", "state"] == "none"


@pytest.mark.parametrize(
    ("short", "group", "share"), [(3.0, 5.0, 1.0), (0.0, 5.0, 1.0), (-2.0, 5.0, 0.6), (-9.0, 5.0, 0.0), (1.0, 0.0, 0.0)]
)
def test_posts_that_are_filled_again(short: float, group: float, share: float) -> None:
    assert refilled(short, group) == pytest.approx(share)


def test_a_large_firm_may_not_ask_for_slim_alone(firm: Workspace) -> None:
    slim, apprentice, mentor = subsidies.possible(ME, firm, 50_000.0, 2)
    assert (slim.allowed, slim.most, slim.unit) == (False, 0.0, 24_999.0)
    assert (apprentice.most, mentor.most) == (5_400.0, 2_400.0)
    with pytest.raises(Refusal):
        subsidies.possible(replace(Viewer.director(), who="council", role=Role.COUNCIL), firm, 1.0)


def test_a_small_firm_may_and_gets_at_most_the_maximum(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "small.duckdb") as workspace:
        staff = pd.DataFrame(
            {
                "as_of": pd.Timestamp("2026-01-01"), "employee_id": [f"P{n}" for n in range(30)], "unit": "Hal", "role": "Lasser",
                "birth_date": pd.Timestamp("1980-02-03"), "hire_date": pd.Timestamp("2015-01-01"), "fte": 1.0,
            }
        )  # fmt: skip
        workspace.store.save_import({"employees": staff}, (), "small", "small.xlsx", "test")
        assert subsidies.possible(ME, workspace, 10_000.0)[0].most == pytest.approx(6_000.0)
        assert subsidies.possible(ME, workspace, 1_000_000.0)[0].most == pytest.approx(24_999.0)

"""Kept scenarios: saved with a reason, opened, locked, and carried as a file that reproduces every figure on the same data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.sampling import with_sample
from workflows import demand, outlook, scenarios
from workflows.types import Override, Refusal, Role, Scenario, Scope, Viewer
from workflows.workspace import Workspace

LOCAL = Viewer.local()
MOVED = Scenario(fill_rate=50, demand_growth=2.5, overrides=(Override("resignation_multiplier", 1.4, role="Elektromonteur"),))


def made(path: Path) -> Workspace:
    return Workspace.open(with_sample(path))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory):
    with made(tmp_path_factory.mktemp("kept") / "kept.duckdb") as opened:
        yield opened


def refused(act) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


def test_a_scenario_is_kept_with_its_reason_and_opens_the_same(workspace: Workspace) -> None:
    kept = scenarios.keep(LOCAL, workspace, MOVED, "Plan A", "de markt blijft krap")
    again = scenarios.opened(LOCAL, workspace, kept.id)
    assert (again.name, again.note, again.scenario) == ("Plan A", "de markt blijft krap", MOVED)
    assert not again.other_data
    assert not again.other_method
    assert refused(lambda: scenarios.keep(LOCAL, workspace, Scenario(), " plan a ")) == "scenario_name_taken"
    scenarios.delete(LOCAL, workspace, kept.id)
    assert refused(lambda: scenarios.opened(LOCAL, workspace, kept.id)) == "scenario_unknown"


def test_a_locked_scenario_is_a_decision(workspace: Workspace) -> None:
    kept = scenarios.keep(LOCAL, workspace, MOVED, "Besluit")
    scenarios.lock(LOCAL, workspace, kept.id)
    assert refused(lambda: scenarios.keep(LOCAL, workspace, Scenario(), "Besluit", scenario_id=kept.id)) == "scenario_locked"
    assert refused(lambda: scenarios.rename(LOCAL, workspace, kept.id, "Anders")) == "scenario_locked"
    assert refused(lambda: scenarios.delete(LOCAL, workspace, kept.id)) == "scenario_locked"
    copy = scenarios.duplicate(LOCAL, workspace, kept.id, "Besluit (kopie)")
    scenarios.rename(LOCAL, workspace, copy.id, "Vervolg")
    assert scenarios.opened(LOCAL, workspace, copy.id).scenario == MOVED
    scenarios.archive(LOCAL, workspace, copy.id)
    assert "Vervolg" not in [saved.name for saved in scenarios.kept(LOCAL, workspace)]
    assert "Vervolg" in [saved.name for saved in scenarios.kept(LOCAL, workspace, archived=True)]


def test_who_may_not_keep_scenarios_is_refused(workspace: Workspace) -> None:
    council = replace(Viewer.director(), role=Role.COUNCIL)
    assert refused(lambda: scenarios.kept(council, workspace)) == "not_allowed"
    assert refused(lambda: scenarios.keep(council, workspace, MOVED, "x")) == "not_allowed"


def test_a_file_reproduces_every_figure_in_another_database_with_the_same_data(workspace: Workspace, tmp_path: Path) -> None:
    scope = Scope(units=("E-installatie",))
    found = outlook.outlook(LOCAL, workspace, MOVED, scope, 2033)
    content = scenarios.to_file(LOCAL, workspace, found, "Krap", "reden")
    assert len(content) < 4000
    with made(tmp_path / "other.duckdb") as other:
        read = scenarios.from_file(LOCAL, other, content)
        assert (read.name, read.note, read.year, read.scope) == ("Krap", "reden", 2033, scope)
        assert not read.other_data
        assert not read.other_method
        again = outlook.outlook(LOCAL, other, read.scenario, read.scope, read.year)
        pd.testing.assert_frame_equal(again.total, found.total)
        pd.testing.assert_frame_equal(again.groups, found.groups)
        assert scenarios.figures_of(LOCAL, again) == json.loads(content)["figures"]
        rows = demand.formation(LOCAL, other)
        demand.set_formation(LOCAL, other, rows.assign(establishment_fte=rows["establishment_fte"] + 1))
        assert scenarios.from_file(LOCAL, other, content).other_data


def test_other_formulas_are_said(workspace: Workspace) -> None:
    found = outlook.outlook(LOCAL, workspace, MOVED)
    body = json.loads(scenarios.to_file(LOCAL, workspace, found, "x"))
    read = scenarios.from_file(LOCAL, workspace, json.dumps(body | {"method": "an older one"}).encode())
    assert read.other_method
    assert not read.other_data


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[1]",
        b'{"werkhorizon_scenario": 1}',
        b'{"werkhorizon_scenario": 1, "scenario": {"no_such_lever": 1}}',
        b'{"fill_rate": "veel"}',
        b'{"overrides": [{"lever": ["fill_rate"], "value": 50}]}',
        b"[" * 5000,
        b'{"a": "' + b"x" * 300_000 + b'"}',
    ],
)
def test_what_is_no_scenario_file_is_refused(workspace: Workspace, content: bytes) -> None:
    assert refused(lambda: scenarios.from_file(LOCAL, workspace, content)) == "scenario_file_bad"


def test_the_bridge_between_two_scenarios_adds_up(workspace: Workspace) -> None:
    one, other = (outlook.outlook(LOCAL, workspace, scenario) for scenario in (Scenario(), MOVED))
    steps = scenarios.difference(LOCAL, one, other)
    assert steps.start == pytest.approx(float(one.facts["gap_target"]))
    assert steps.end == pytest.approx(float(other.facts["gap_target"]))
    assert steps.start + sum(value for _, value in steps.steps) == pytest.approx(steps.end, abs=1e-6)
    assert dict(steps.steps)["growth"] > 0
    elsewhere = outlook.outlook(LOCAL, workspace, MOVED, target_year=2028)
    assert refused(lambda: scenarios.difference(LOCAL, one, elsewhere)) == "not_comparable"


def test_the_lever_that_matters_most_is_the_one_that_moves_the_shortage_most(workspace: Workspace) -> None:
    """Each bar is what the whole page would say with that lever at its end, the others at the baseline."""
    reach = outlook.lever_effects(LOCAL, workspace, Scenario())
    base = outlook.outlook(LOCAL, workspace, Scenario())
    assert reach["base_gap"].iloc[0] == pytest.approx(float(base.facts["gap_target"]), abs=1e-6)
    assert reach["effect"].is_monotonic_decreasing
    for row in reach.head(4).to_dict("records"):
        for end in ("low", "high"):
            alone = outlook.outlook(LOCAL, workspace, Scenario(**{row["lever"]: row[end]}))
            assert float(alone.facts["gap_target"]) == pytest.approx(row[f"{end}_gap"], abs=1e-6)
    assert reach["effect"].iloc[0] > 2 * reach["effect"].iloc[5]

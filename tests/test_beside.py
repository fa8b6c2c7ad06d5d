"""Own tables about work and what stands beside the shortage, through the workflows: rights, undo, the gate and the sample firm."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from analytics.errors import Refusal
from analytics.release import Role, Viewer
from analytics.scenario import Scenario
from analytics.workforce import EXITS
from tests.sampling import with_sample
from tests.test_work_decided import LIFE
from workflows import beside, mortality, presets, work
from workflows.outlook import outlook, without_data
from workflows.workspace import Workspace

LOCAL, DIRECTOR = Viewer.local(), Viewer("d", Role.DIRECTOR, (), 5)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory):
    with Workspace.open(with_sample(Path(tmp_path_factory.mktemp("beside")) / "werk.duckdb")) as workspace:
        yield workspace


def gap(viewer: Viewer, workspace: Workspace) -> float:
    return float(outlook(viewer, workspace, Scenario()).facts["gap_target"])


def test_a_decided_post_is_in_everybodys_figure_and_can_be_taken_back(full: Workspace) -> None:
    before = gap(LOCAL, full), gap(DIRECTOR, full)
    work.set_posts(LOCAL, full, (work.Post("Planner", "", 2028, 5.0, "nieuwe vestiging"),))
    after = gap(LOCAL, full), gap(DIRECTOR, full)
    np.testing.assert_allclose(np.subtract(after, before), 5.0, atol=1e-6)
    for rows, code in (((work.Post("Piloot", "", 2028, 1.0),), "role_not_there"), ((work.Post("Planner", "", 2020, 1.0),), "post_invalid")):
        with pytest.raises(Refusal, match=code):
            work.set_posts(LOCAL, full, rows)
    with pytest.raises(Refusal, match="not_allowed"):
        work.set_posts(Viewer("c", Role.COUNCIL, (), 5), full, ())
    work.undo(LOCAL, full, work.POSTS)
    assert gap(LOCAL, full) == pytest.approx(before[0])


def test_workload_shows_where_it_does_not_agree_with_the_establishment(full: Workspace) -> None:
    work.set_workload(LOCAL, full, (work.Workload("Planner", 30_000, 1.0, 10.0, 200.0),))
    row = work.compared(LOCAL, full).iloc[0]
    assert row["workload_fte"] == pytest.approx(30_000 / 1_380 / 0.9 + 200 / 1_380)
    assert row["difference"] == pytest.approx(row["workload_fte"] - 20.0)
    work.undo(LOCAL, full, work.WORKLOAD)
    assert work.compared(LOCAL, full).empty


def test_an_uploaded_life_table_is_dated_used_and_can_be_taken_back(full: Workspace) -> None:
    before = gap(LOCAL, full)
    mortality.set_deaths(LOCAL, full, LIFE.encode(), date(2025, 1, 1), "CBS")
    assert mortality.deaths(LOCAL, full, date(2024, 12, 31)) is None
    assert gap(LOCAL, full) != before
    with pytest.raises(Refusal, match="deaths_source_missing"):
        mortality.set_deaths(LOCAL, full, LIFE.encode(), date(2025, 1, 1), " ")
    mortality.undo_deaths(LOCAL, full)
    assert gap(LOCAL, full) == before


def test_hired_staff_stand_beside_in_the_sample_firm(full: Workspace) -> None:
    found = beside.beside(LOCAL, full, Scenario())
    assert found.years["hired_fte"].iloc[0] == pytest.approx(69.6, abs=0.1)
    np.testing.assert_allclose(found.years["open_fte"], found.years["gap_fte"] - found.years["hired_fte"])
    assert without_data(LOCAL, full) == ()
    many = beside.beside(LOCAL, full, Scenario(apprentice_places=60.0, training_places=45.0))
    assert many.wanted > many.placed + 20
    assert many.years["learning_fte"].iloc[1] > 2
    assert many.years["retrained"].iloc[1:].sum() > 5


def test_one_leaver_sets_a_chain_in_motion(full: Workspace) -> None:
    rows = beside.chain(LOCAL, full, Scenario())
    lead = rows[rows["role"] == "Leidinggevend monteur E"].iloc[0]
    assert lead["from_role"] == "Elektromonteur"
    assert 1.3 < lead["in_motion"] < 3
    np.testing.assert_allclose(rows["outside"], 1.0, atol=1e-9)  # each chain ends with one person from outside
    told = beside.chain(DIRECTOR, full, Scenario())
    assert (5 * told["leavers"] >= DIRECTOR.k).all()


def test_presets_have_their_learning_levers(full: Workspace) -> None:
    made = presets.presets(LOCAL, full)
    assert made["learning"].training_places == 45
    assert made["learning"].extra_hours_uptake == 60
    assert made["learning"].apprentice_places == 45  # one and a half times thirty
    assert made["energy"].training_places == 25


def test_what_must_be_filled_is_who_leaves_and_what_is_added(full: Workspace) -> None:
    """Replacement demand follows who leaves, growth demand the work: work that shrinks never fills a post, and lowers no replacement."""
    grows, shrinks = (outlook(LOCAL, full, Scenario(demand_growth=percent)) for percent in (3.0, -3.0))
    for found in (grows, shrinks):
        facts = found.facts
        assert facts["openings"] == pytest.approx(facts["replacement"] + facts["growth"])
        assert facts["replacement_share"] == pytest.approx(facts["replacement"] / facts["openings"])
    assert grows.facts["replacement"] == pytest.approx(shrinks.facts["replacement"])
    assert grows.facts["growth"] > 0 == shrinks.facts["growth"]
    steps = dict(grows.bridge.steps)
    exits = [steps[str(flow)] for flow in EXITS]
    assert sum(exits) == pytest.approx(grows.facts["replacement"])

"""A projection is worked out once for all that a page shows of it: nobody who is given it may change a number in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pandas as pd
import pytest

from tests.sampling import with_sample
from workflows import answers, beside, changing, money, outlook, plan, reports, skills
from workflows.outlook import HORIZON
from workflows.prepared import PROJECTIONS, prepared
from workflows.types import Scenario, Scope, Viewer
from workflows.workspace import Workspace

SCENARIO = Scenario(resignation_multiplier=1.2, fill_rate=60)
ASKED: dict[str, Callable[[Viewer, Workspace], object]] = {
    "outlook": lambda viewer, workspace: outlook.outlook(viewer, workspace, SCENARIO),
    "split": lambda viewer, workspace: outlook.split(viewer, workspace, SCENARIO, "role"),
    "total": lambda viewer, workspace: outlook.total(viewer, workspace, SCENARIO, Scope()),
    "beside": lambda viewer, workspace: beside.beside(viewer, workspace, SCENARIO),
    "chain": lambda viewer, workspace: beside.chain(viewer, workspace, SCENARIO),
    "coverage": lambda viewer, workspace: skills.coverage(viewer, workspace, SCENARIO, 2031),
    "skills": lambda viewer, workspace: skills.skills(viewer, workspace, SCENARIO, 2031),
    "changing": lambda viewer, workspace: changing.changing(viewer, workspace, SCENARIO, None, 2031),
    "plan": lambda viewer, workspace: plan.plan(viewer, workspace, SCENARIO),
    "deeper": lambda viewer, workspace: answers.deeper(viewer, workspace, SCENARIO, Scope(), 2031),
    "rows": lambda viewer, workspace: reports.project_rows(viewer, workspace, SCENARIO, ("role",)),
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open(with_sample(tmp_path_factory.mktemp("one") / "firm.duckdb")) as workspace:
        yield workspace


def arrays(found: object, path: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Every array in it, by where it stands."""
    if isinstance(found, np.ndarray):
        yield path, found
    elif isinstance(found, pd.DataFrame):
        yield path, found.to_numpy(object)
    elif isinstance(found, dict):
        for name, value in found.items():
            yield from arrays(value, f"{path}[{name}]")
    elif is_dataclass(found):
        for one in fields(found):
            yield from arrays(getattr(found, one.name), f"{path}.{one.name}")


@pytest.mark.parametrize("viewer", [Viewer.local(), Viewer.director()], ids=["local", "director"])
def test_nobody_changes_the_projection_that_all_are_given(workspace: Workspace, viewer: Viewer) -> None:
    ready = prepared(workspace, viewer, None)
    shared = ready.project(SCENARIO, HORIZON)
    shared.var_fte  # noqa: B018  (worked out when first asked, and kept with it)
    before = {where: values.copy() for where, values in arrays(shared)}
    assert len(before) > 40
    spread = shared.run.moments().of_groups()[0].copy()
    for name, ask in ASKED.items():
        ask(viewer, workspace)
        assert ready.project(SCENARIO, HORIZON) is shared, f"{name}: the same scenario worked out again"
        for where, values in arrays(shared):
            np.testing.assert_array_equal(values, before[where], err_msg=f"{name} changed {where}")
        np.testing.assert_array_equal(shared.run.moments().of_groups()[0], spread, err_msg=name)


def test_money_stands_on_it_too(workspace: Workspace) -> None:
    viewer = Viewer.local()
    shared = prepared(workspace, viewer, None).project(SCENARIO, HORIZON)
    before = {where: values.copy() for where, values in arrays(shared)}
    money.bill(viewer, workspace, SCENARIO)
    for where, values in arrays(shared):
        np.testing.assert_array_equal(values, before[where], err_msg=where)


def test_other_data_and_other_scenarios_have_projections_of_their_own(workspace: Workspace) -> None:
    """And of many only the last are kept."""
    ready = prepared(workspace, Viewer.local(), None)
    other = replace(ready, base=replace(ready.base, cache={}))
    assert other.project(SCENARIO, HORIZON) is not ready.project(SCENARIO, HORIZON)
    first = ready.project(Scenario(fill_rate=1), HORIZON)
    for number in range(PROJECTIONS):
        assert ready.project(Scenario(fill_rate=2 + number), HORIZON).fte.sum() > first.fte.sum()
    assert ready.project(Scenario(fill_rate=1), HORIZON) is not first
    np.testing.assert_array_equal(ready.project(Scenario(fill_rate=1), HORIZON).fte, first.fte)

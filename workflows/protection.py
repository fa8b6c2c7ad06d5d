"""What the protection of small groups did to an answer: which groups were joined, which show an earlier day, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.release import Viewer, chosen_atoms
from analytics.scenario import Scenario
from analytics.workforce import GROUP, Scope
from workflows.access import Right, require
from workflows.identity import as_director
from workflows.outlook import outlook
from workflows.prepared import prepared
from workflows.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class Protection:
    """joined: location, unit, role, groups, people of every set of groups that is shown as one. carried: location, unit, role,
    people, shows (the day) of every set that shows an earlier day. sets: how many sets the answer is made of; least: people in
    the smallest of them at least."""

    least: int
    sets: int
    groups: int
    joined: pd.DataFrame
    carried: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Price:
    """The same question asked with full detail and with protected groups: shortage in fte at the start of `year`."""

    year: int
    exact: float
    told: float
    staff_fte: float


def protection(viewer: Viewer, workspace: Workspace, scope: Scope | None = None) -> Protection:
    """What was joined and carried in the answers to this viewer; for who sees full detail, in those to a director.

    Refusals: not_allowed, no_data, too_few_people.
    """
    require(viewer, Right.GROUPS)
    asker = viewer if viewer.k > 1 else as_director(viewer, workspace)
    ready = prepared(workspace, asker, None)
    chosen = chosen_atoms(ready.atoms, ready.groups, scope or Scope(), asker)
    labels = ready.atoms.labels.assign(people=np.round(ready.atoms.labels["people"]).astype(int), shows=pd.to_datetime(list(ready.stamps)))
    seen = labels[chosen]
    joined = seen.loc[seen["groups"] > 1, [*GROUP, "groups", "people"]].sort_values(list(GROUP), ignore_index=True)
    carried = seen.loc[seen["shows"] < pd.Timestamp(ready.as_of), [*GROUP, "people", "shows"]].sort_values("shows", ignore_index=True)
    return Protection(asker.k, len(seen), int(seen["groups"].sum()), joined, carried)


def price(viewer: Viewer, workspace: Workspace, scenario: Scenario) -> Price:
    """What the protection costs in precision: told to those who may see both. Refusals: not_allowed, no_data, too_few_people."""
    require(viewer, Right.PERSONS)
    exact = outlook(viewer, workspace, scenario)
    told = outlook(as_director(viewer, workspace), workspace, scenario)
    gaps = (float(answer.facts["gap_target"]) for answer in (exact, told))
    return Price(exact.target_year, *gaps, float(exact.facts["fte"]))

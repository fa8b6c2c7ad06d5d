"""Rows about people: the only workflow that hands them out. The role is checked on every call, and every look is logged."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.skills.moves import matches as named
from analytics.workforce import Scope
from workflows.abilities import abilities
from workflows.access import Right, may, require
from workflows.workspace import Workspace


def rows(viewer: Viewer, workspace: Workspace, as_of: date | None = None, units: tuple[str, ...] = ()) -> pd.DataFrame:
    """Own staff of a day, for HR: employee_id, location, unit, role, birth, birth_estimated, hire, contract, contract_end, fte.

    Facts as delivered; no chance of leaving, no rank, nothing computed about a person. Refusals: not_allowed, no_data.
    """
    require(viewer, Right.PERSONS)
    found = workspace.store.person_rows(as_of).drop(columns="key")
    if units:
        found = found.loc[found["unit"].isin(units)]
    workspace.store.audit.append(viewer.who, "people_seen", rows=len(found), units=list(units))
    return found.reset_index(drop=True)


def scope_seen(viewer: Viewer, workspace: Workspace, scope: Scope) -> None:
    """Note which part of the firm somebody with full detail looked at; names of groups, no figures. Nothing is noted for viewers of
    protected groups: those tell of no person. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    if viewer.k > 1 or not may(viewer, Right.PERSONS):
        return
    chosen = {"locations": list(scope.locations), "units": list(scope.units), "roles": list(scope.roles)}
    workspace.store.audit.append(viewer.who, "scope_seen", **{name: values for name, values in chosen.items() if values})


def about(viewer: Viewer, workspace: Workspace, employee_id: str) -> dict[str, list[dict[str, Any]]]:
    """Everything stored about one person, per table, for a request of access. Refusals: not_allowed, person_unknown."""
    require(viewer, Right.RIGHTS_OF_PERSONS)
    found = workspace.store.about_person(employee_id)
    workspace.store.audit.append(viewer.who, "person_access", rows=sum(map(len, found.values())))
    return found


def erase(viewer: Viewer, workspace: Workspace, employee_id: str) -> int:
    """Delete everything about one person and rewrite the file; returns the number of rows. Refusals: not_allowed, person_unknown."""
    require(viewer, Right.RIGHTS_OF_PERSONS)
    return workspace.store.erase_person(employee_id, viewer.who)


def matches(viewer: Viewer, workspace: Workspace, roles: tuple[str, ...]) -> pd.DataFrame:
    """For HR, per vacancy the people who recorded a wish that fits, with the reason: vacancy, present_role, reason, employee_id,
    missing (skills to learn), trainings. No number about a person; within a reason the order is no rank. Refusals: not_allowed,
    no_data, no_requirements, unknown_role."""
    require(viewer, Right.PERSONS)
    found = abilities(viewer, workspace)
    if not found.required:
        raise Refusal("no_requirements")
    levels = np.full((len(found.data.cells), len(found.between.skills)), np.nan)
    rows = found.base.rows
    levels[rows["cell"].to_numpy(int), rows["skill"].to_numpy(int)] = rows["level"].to_numpy(float)
    people = pd.DataFrame({"person": found.data.cells.index.astype(str), "role": found.data.cells["role"]})
    wished = found.data.wishes
    known = wished["wished_role"].isin(found.between.roles)
    wanted = pd.concat(
        [
            pd.DataFrame({"person": wished.loc[known, "cell"].astype(str), "role": wished.loc[known, "wished_role"]}),
            pd.DataFrame({"person": wished.loc[wished["other_direction"] == "yes", "cell"].astype(str), "role": ""}),
        ]
    )
    table = named(roles, levels, people, wanted, found.between, found.offer)
    ids = workspace.store.skill_people(found.data.as_of).set_index("cell")["employee_id"]
    workspace.store.audit.append(viewer.who, "matches_seen", rows=len(table), roles=list(roles))
    shown = table.assign(employee_id=table["person"].astype(int).map(ids).to_numpy() if len(table) else [])
    return shown[["vacancy", "present_role", "reason", "employee_id", "missing", "trainings"]]

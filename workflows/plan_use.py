"""From a mix to a scenario and to actions."""

from __future__ import annotations

import json
from datetime import datetime
from secrets import token_urlsafe

import pandas as pd

from analytics.errors import Refusal
from analytics.plan.actions import actions as steps_of
from analytics.plan.as_scenario import AsScenario, as_scenario
from analytics.plan.programme import Plan
from analytics.release import Viewer
from analytics.scenario import Scenario
from store import SavedScenario
from workflows.access import Right, require
from workflows.ground import inside_of
from workflows.plan import TELL, Planned
from workflows.prepared import prepared
from workflows.workspace import Workspace


def to_scenario(
    viewer: Viewer, workspace: Workspace, made: Planned, scenario: Scenario, name: str, mix: int = 0, tell: TELL | None = None
) -> tuple[SavedScenario, AsScenario]:
    """Save the mix as a scenario in which every lever it uses is set; returns it, and what was promised and is reached per role. What no
    lever stands for is named there and lives on as actions. scenario: the one the plan was made under.

    Refusals: not_allowed, plan_unknown_mix, those of the store.
    """
    require(viewer, Right.SCENARIOS)
    chosen = _chosen(made, mix)
    ready = prepared(workspace, viewer, None)
    turned = as_scenario(chosen, ready.base, scenario, inside_of(ready, viewer, made.scope), tell)
    return workspace.store.save_scenario(name, turned.scenario.to_json(), viewer.who, "", "plan"), turned


def _chosen(made: Planned, mix: int) -> Plan:
    if not 0 <= mix < len(made.found):
        raise Refusal("plan_unknown_mix", n=mix)
    return made.found[mix].plan


def to_actions(viewer: Viewer, workspace: Workspace, made: Planned, mix: int = 0) -> int:
    """Add the steps of a mix to the action list; returns how many. Refusals: not_allowed, plan_unknown_mix."""
    require(viewer, Right.SCENARIOS)
    chosen = _chosen(made, mix)
    table = steps_of(chosen, made.as_of)
    roles = chosen.problem.units["role"].tolist()
    rows = []
    for row in table.itertuples(index=False):
        gap = chosen.before[roles.index(row.role)].tolist()
        rows.append(
            {
                "id": token_urlsafe(6),
                "lever": row.lever,
                "location": row.location,
                "unit": row.unit,
                "role": row.role,
                "owner": "",
                "start": row.start,
                "due": row.due,
                "units": float(row.units),
                "cost": float(row.cost),
                "status": row.status,
                "expected": json.dumps([round(value, 3) for value in row.expected]),
                "gap": json.dumps([round(value, 3) for value in gap]),
                "as_of": made.as_of,
                "note": "",
                "who": viewer.who,
                "moment": datetime.now(),
            }
        )
    kept_rows = workspace.store.actions().to_dict(orient="records")
    workspace.store.set_actions([*_plain(kept_rows), *rows], viewer.who)
    return len(rows)


def _plain(rows: list[dict]) -> list[dict]:
    """Timestamps as dates, a missing date as None."""
    out = []
    for row in rows:
        days = {name: None if pd.isna(row[name]) else pd.Timestamp(row[name]).date() for name in ("start", "due", "as_of")}
        out.append({**row, **days, "moment": pd.Timestamp(row["moment"]).to_pydatetime()})
    return out

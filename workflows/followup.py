"""Concrete next steps: what a scan, a conversation or a plan for handing over leads to, in the one list of actions.

A step says what, who takes it up and when; never whom it is about, so that it can stay when somebody is forgotten.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

import pandas as pd

from analytics.errors import Refusal
from analytics.plan.actions import STATUSES
from analytics.release import Viewer
from workflows.access import Right, require
from workflows.workspace import Workspace

LEVER = {"scan": "retain", "conversation": "train", "transfer": "rotate"}
"""Where a step comes from, which begins its id, and the lever of the plan under which the list counts it."""


def steps(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """Steps that came from people's side: id, kind, unit, owner, due, status, note; the first due first. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    rows = workspace.store.actions()
    kind = rows["id"].astype("str").str.split("-").str.get(0)
    mine = rows.assign(kind=kind)[kind.isin(list(LEVER))]
    if viewer.units:
        mine = mine[mine["unit"].isin(("", *viewer.units))]
    return mine[["id", "kind", "unit", "owner", "due", "status", "note"]].sort_values(["due", "id"], ignore_index=True)


def add(
    viewer: Viewer, workspace: Workspace, kind: str, what: str, owner: str, due: date, unit: str = "", today: date | None = None
) -> None:
    """Put a step in the list. Refusals: not_allowed, action_incomplete."""
    require(viewer, Right.SCENARIOS)
    if kind not in LEVER or not what.strip():
        raise Refusal("action_incomplete")
    day = today or date.today()
    row = {
        "id": f"{kind}-{secrets.token_hex(8)}", "lever": LEVER[kind], "location": "", "unit": unit, "role": "",
        "owner": owner.strip()[:80], "start": day, "due": due, "units": 1.0, "cost": 0.0, "status": STATUSES[0],
        "expected": "[]", "gap": "[]", "as_of": day, "note": what.strip()[:300], "who": viewer.who, "moment": datetime.now(),
    }  # fmt: skip
    _write(viewer, workspace, [*_kept(workspace), row])


def set_status(viewer: Viewer, workspace: Workspace, step: str, status: str) -> None:
    """Refusals: not_allowed, action_incomplete (no such status), action_unknown."""
    require(viewer, Right.SCENARIOS)
    rows = _kept(workspace)
    if status not in STATUSES:
        raise Refusal("action_incomplete")
    if step not in {row["id"] for row in rows}:
        raise Refusal("action_unknown")
    _write(viewer, workspace, [{**row, "status": status} if row["id"] == step else row for row in rows])


def _kept(workspace: Workspace) -> list[dict]:
    """The list as it is, days as days."""
    rows = workspace.store.actions().to_dict(orient="records")
    days = ("start", "due", "as_of")
    return [{name: _day(value) if name in days else value for name, value in row.items()} for row in rows]


def _day(value) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _write(viewer: Viewer, workspace: Workspace, rows: list[dict]) -> None:
    workspace.store.set_actions(rows, viewer.who)

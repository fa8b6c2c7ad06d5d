"""The action list: who does what by when, what it should bring, and what it brought by later snapshots."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Any

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.plan.actions import STATUSES, overshoot, realised
from analytics.plan.measures import LEVERS
from analytics.projection import Projection, project
from analytics.release import Viewer, chosen_atoms
from analytics.scenario import Scenario
from analytics.workforce import GROUP, Scope
from workflows.access import Right, may, require
from workflows.prepared import Prepared, prepared
from workflows.workspace import Workspace

EDITED = ("lever", "role", "owner", "start", "due", "units", "status", "note")


@dataclass(frozen=True, slots=True, eq=False)
class Actions:
    """table: id, lever, role, owner, start, due, units, cost (NaN without the right to money), status, expected (fte in its last
    year), realised (fte by the newest snapshot, NaN not yet measurable), part (0-1), over (bool: more promised than short), note.
    timeline: role, year, expected, gap, over (fte), flagged."""

    as_of: date
    sample: bool
    table: pd.DataFrame
    timeline: pd.DataFrame
    facts: dict[str, float | int | str]


def actions(viewer: Viewer, workspace: Workspace, scenario: Scenario | None = None) -> Actions:
    """Those of the viewer's departments, against the shortage this viewer may see. Refusals: not_allowed, no_data, no_actions."""
    require(viewer, Right.GROUPS)
    ready = prepared(workspace, viewer, None)
    rows = workspace.store.actions()
    rows = rows[_mine(viewer, ready, rows)].reset_index(drop=True)
    if rows.empty:
        raise Refusal("no_actions")
    live = rows.assign(action=rows["id"], expected=[tuple(json.loads(text)) for text in rows["expected"]])
    ahead = ready.project(scenario or Scenario(), 10)
    inside = ready.rows[chosen_atoms(ready.atoms, ready.groups, Scope(), viewer)].sum(axis=0) > 0
    line = overshoot(live, _gaps(ahead, live, inside))
    found = _realised(live, ahead, inside, _planned(viewer, workspace))
    table = rows.drop(columns=["expected", "gap", "who", "moment", *(name for name in GROUP if name != "role")])
    table["expected"] = [float(values[-1]) if values else np.nan for values in live["expected"]]
    table["realised"], table["part"] = (
        rows["id"].map(found[name]).to_numpy(float) if len(found) else np.nan for name in ("realised", "part")
    )
    over = set(line.loc[line["flagged"], "role"])
    table["over"] = table["role"].isin(list(over))
    if not may(viewer, Right.MONEY):
        table["cost"] = np.nan
    line["year"] = ready.as_of.year + line["year"].astype(int)
    today = ready.as_of
    late = (pd.to_datetime(table["due"]) < pd.Timestamp(today)) & table["status"].isin(["planned", "running"])
    facts = {
        "count": len(table), "open": int(table["status"].isin(["planned", "running"]).sum()), "unowned": int((table["owner"] == "").sum()),
        "expected": float(table.loc[table["status"] != "stopped", "expected"].sum()), "over": len(over), "late": int(late.sum()),
        "cost": float(table["cost"].sum()) if may(viewer, Right.MONEY) else float("nan"),
    }  # fmt: skip
    return Actions(ready.as_of, ready.sample, table.reset_index(drop=True), line.drop(columns=["location", "unit"]), facts)


def _mine(viewer: Viewer, ready: Prepared, rows: pd.DataFrame) -> np.ndarray:
    """Which actions are about this viewer's departments: by their department, else by a role that is found there."""
    if not viewer.units:
        return np.ones(len(rows), bool)
    roles = set(ready.groups.loc[ready.groups["unit"].isin(viewer.units), "role"])
    unit, role = rows["unit"].fillna("").astype("str"), rows["role"].fillna("").astype("str")
    return (unit.isin(viewer.units) | ((unit == "") & ((role == "") | role.isin(list(roles))))).to_numpy(bool)


def _gaps(ahead: Projection, live: pd.DataFrame, inside: np.ndarray) -> pd.DataFrame:
    """Shortage per role and year without the actions: GROUP, year (index of the plan, a year's mean), gap."""
    gap = _yearly(ahead, inside)
    rows = [("", "", role, year, float(gap.loc[role, year])) for role in live["role"].unique() if role in gap.index for year in gap.columns]
    return pd.DataFrame(rows, columns=[*GROUP, "year", "gap"])


def _yearly(ahead: Projection, inside: np.ndarray) -> pd.DataFrame:
    gap = (ahead.gap[inside, :-1] + ahead.gap[inside, 1:]) / 2
    return pd.DataFrame(gap).groupby(ahead.groups["role"].to_numpy()[inside]).sum()


Planning = Callable[[Any, date, int], float]


def _planned(viewer: Viewer, workspace: Workspace) -> Planning:
    """The shortage an action was planned against, in its role and year (from 0) after the day of planning. Who sees groups only gets
    it from the groups of that day: what HR planned with would tell more than those."""
    if viewer.k <= 1:
        return lambda row, _, year: json.loads(row.gap)[min(year, len(json.loads(row.gap)) - 1)] if json.loads(row.gap) else np.nan

    def own(row: Any, day: date, year: int) -> float:
        try:
            then = prepared(workspace, viewer, day)
        except Refusal:  # that day has been forgotten
            return np.nan
        inside = then.rows[chosen_atoms(then.atoms, then.groups, Scope(), viewer)].sum(axis=0) > 0
        gap = _yearly(project(then.base, Scenario(), year + 1), inside)
        return float(gap.loc[row.role, year]) if row.role in gap.index else np.nan

    return own


def _realised(live: pd.DataFrame, ahead: Projection, inside: np.ndarray, planning: Planning) -> pd.DataFrame:
    """By id, for actions planned on an earlier snapshot: the gap of today against the gap that was planned without them."""
    now = pd.Series(ahead.gap[inside, 0]).groupby(ahead.groups["role"].to_numpy()[inside]).sum()
    parts = []
    for as_of, part in live.groupby("as_of"):
        day = pd.Timestamp(as_of).date()
        passed = ahead.as_of.year - day.year
        if passed < 1:
            continue
        planned = [("", "", row.role, passed - 1, planning(row, day, passed - 1)) for row in part.itertuples()]
        before = pd.DataFrame(planned, columns=[*GROUP, "year", "gap"]).dropna(subset=["gap"]).drop_duplicates(list(GROUP))
        measured = before.assign(gap=before["role"].map(now).astype(float)).dropna(subset=["gap"])
        parts.append(realised(part, before, measured))
    empty = pd.DataFrame({"action": [], "realised": [], "part": []})
    return (pd.concat(parts) if parts else empty).groupby("action")[["realised", "part"]].last()


def save(viewer: Viewer, workspace: Workspace, edited: list[dict[str, Any]]) -> int:
    """Save the list as edited: rows of EDITED and id ("" = new); rows left out are deleted, those of departments the viewer does not
    see stay. Returns how many there are.

    Refusals: not_allowed, action_unknown_status, action_unknown_lever, action_dates.
    """
    require(viewer, Right.SCENARIOS)
    known = {row["id"]: row for row in workspace.store.actions().to_dict(orient="records")}
    today = prepared(workspace, viewer, None).as_of
    rows = [_row(viewer, row, known.get(str(row.get("id") or "")), today) for row in edited]
    return workspace.store.set_actions([*_of_others(viewer, workspace), *rows], viewer.who)


def _of_others(viewer: Viewer, workspace: Workspace) -> list[dict[str, Any]]:
    """Actions of departments this viewer does not see: they stay as they are."""
    rows = workspace.store.actions()
    rest = rows[~_mine(viewer, prepared(workspace, viewer, None), rows)].to_dict(orient="records")
    return [row | {name: _day(row[name]) for name in ("start", "due", "as_of")} for row in rest]


def _row(viewer: Viewer, row: dict[str, Any], old: dict[str, Any] | None, today: date) -> dict[str, Any]:
    fresh = {"id": token_urlsafe(6), "location": "", "unit": "", "cost": 0.0, "expected": "[]", "gap": "[]", "as_of": today}
    base = {**fresh, **(old or {})}
    days = {name: _day(row.get(name)) for name in ("start", "due")}
    status, lever = str(row.get("status") or "planned"), str(row.get("lever") or "")
    if status not in STATUSES:
        raise Refusal("action_unknown_status", name=status[:40])
    if lever not in LEVERS:
        raise Refusal("action_unknown_lever", name=lever[:40])
    if days["start"] and days["due"] and days["due"] < days["start"]:
        raise Refusal("action_dates", role=str(row.get("role") or ""))
    units = row.get("units")
    return {
        **base, **days, "as_of": _day(base["as_of"]), "status": status, "lever": lever, "role": str(row.get("role") or "")[:200],
        "owner": str(row.get("owner") or "")[:80], "note": str(row.get("note") or "")[:500], "who": viewer.who, "moment": datetime.now(),
        "units": float(units) if units is not None and units == units else 0.0,
    }  # fmt: skip


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()

"""The chances of death that are used: a published table HR uploaded, or the labelled formula."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

from analytics.deaths import Deaths
from analytics.errors import Refusal
from analytics.release import Viewer
from intake.mortality import read_deaths
from workflows.access import Right, may, require
from workflows.owned import DEATHS, owned
from workflows.workspace import Workspace


def deaths(viewer: Viewer, workspace: Workspace, on: date) -> Deaths | None:
    """The table in force on a day; None: the formula. Refusal not_allowed."""
    require(viewer, Right.GROUPS)
    return owned(workspace).deaths_on(on)


def set_deaths(viewer: Viewer, workspace: Workspace, file: bytes, valid_from: date, source: str) -> Deaths:
    """Save an uploaded table beside the earlier ones. Refusals: not_allowed, source_missing, those of `read_deaths`."""
    require(viewer, Right.DEMAND)
    if not source.strip():
        raise Refusal("deaths_source_missing")
    made = Deaths(valid_from, source.strip()[:200], *read_deaths(file))
    kept = [table for table in owned(workspace).deaths if table.valid_from != valid_from]
    rows = [asdict(table) | {"valid_from": table.valid_from.isoformat()} for table in (*kept, made)]
    workspace.store.set_own_figures(DEATHS, json.dumps(rows), viewer.who)
    return made


def undo_deaths(viewer: Viewer, workspace: Workspace) -> None:
    """Take back the newest upload. Refusals: not_allowed, nothing_to_undo."""
    require(viewer, Right.DEMAND)
    workspace.store.undo_own_figures(DEATHS, viewer.who)


def may_upload(viewer: Viewer) -> bool:
    return may(viewer, Right.DEMAND)

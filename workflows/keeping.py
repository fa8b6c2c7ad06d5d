"""Keeping the data safe and no longer than needed: back-up, restore, retention, the log, readiness."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer
from store import Backup
from workflows.access import Right, require
from workflows.workspace import Workspace

LEAVERS, SNAPSHOTS = "retention_leavers_months", "retention_snapshots_months"
"""Settings: months after leaving, and months after its reference date, that rows are kept. Not set: kept."""


def backup(viewer: Viewer, workspace: Workspace, folder: Path | None = None) -> Backup:
    """A verified copy, made in use; into the data folder's own back-up folder unless told otherwise."""
    require(viewer, Right.BACKUP)
    store = workspace.store
    return store.backup(folder or store.database.backup_dir, viewer.who)


def backups(viewer: Viewer, workspace: Workspace) -> list[Path]:
    """Copies in the back-up folder, newest first; also when the database itself cannot be opened."""
    require(viewer, Right.BACKUP)
    folder = Path(workspace.path).absolute().parent / "backup"
    return sorted(folder.glob("*.duckdb"), key=lambda file: file.stat().st_mtime, reverse=True)


def restore(viewer: Viewer, workspace: Workspace, file: Path) -> None:
    """Put a back-up in the place of the database; what was there is kept in the back-up folder."""
    require(viewer, Right.BACKUP)
    workspace.restore(file, viewer.who)


def set_retention(viewer: Viewer, workspace: Workspace, leavers_months: int | None, snapshots_months: int | None) -> None:
    """How long rows are kept; None: without end. Applied by `apply_retention`. Refusals: not_allowed, retention_invalid."""
    require(viewer, Right.SETTINGS)
    for name, months in ((LEAVERS, leavers_months), (SNAPSHOTS, snapshots_months)):
        if months is not None and months < 1:
            raise Refusal("retention_invalid")
        workspace.store.set_setting(name, "" if months is None else str(months), viewer.who)


def apply_retention(viewer: Viewer, workspace: Workspace, today: date | None = None) -> int:
    """Forget what is past its time, and back-ups that have expired; returns the number of rows forgotten."""
    require(viewer, Right.SETTINGS)
    settings, day = workspace.store.settings(), pd.Timestamp(today or date.today())
    limits = [(day - pd.DateOffset(months=int(settings[name]))).date() if settings.get(name) else None for name in (LEAVERS, SNAPSHOTS)]
    workspace.store.expire_backups(viewer.who)
    return workspace.store.apply_retention(limits[0], limits[1], viewer.who)


def log(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """The whole log, newest first: n, at, who, action, details."""
    require(viewer, Right.LOG)
    rows = [{name: entry[name] for name in ("n", "at", "who", "action", "details")} for entry in workspace.store.audit.entries()]
    return pd.DataFrame(rows[::-1], columns=["n", "at", "who", "action", "details"])


def log_summary(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """How often what was done: action, count, last."""
    require(viewer, Right.LOG_SUMMARY)
    rows = pd.DataFrame([(e["action"], e["at"]) for e in workspace.store.audit.entries()], columns=["action", "at"])
    return rows.groupby("action", as_index=False).agg(count=("at", "size"), last=("at", "max"))

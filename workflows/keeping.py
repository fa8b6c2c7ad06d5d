"""Keeping the data safe and no longer than needed: back-up, restore, retention, the log, readiness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer
from store import Backup
from store.copies import KEEP_BACKUPS_DAYS
from workflows.access import GRANTED, Right, require
from workflows.workspace import Workspace

LEAVERS, SNAPSHOTS = "retention_leavers_months", "retention_snapshots_months"
"""Settings: months after leaving, and months after its reference date, that rows are kept. Empty text: without end."""
DEFAULT_MONTHS = {LEAVERS: 24, SNAPSHOTS: 84}
"""Until somebody with the right to it sets another term."""
BACKUP_DAYS = KEEP_BACKUPS_DAYS


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


def months_kept(viewer: Viewer, workspace: Workspace) -> tuple[int | None, int | None]:
    """Months that rows of leavers and of earlier snapshots are kept; None without end. Refusal not_allowed without a role."""
    if not GRANTED.get(viewer.role):
        raise Refusal("not_allowed")
    settings = workspace.store.settings()
    kept = (settings.get(name, str(DEFAULT_MONTHS[name])) for name in (LEAVERS, SNAPSHOTS))
    leavers, snapshots = (int(months) if months.isdigit() else None for months in kept)
    return leavers, snapshots


@dataclass(frozen=True, slots=True)
class Start:
    """What was found and done when the app started. forgotten: rows past their time that went; lost_imports: acknowledged imports
    the database does not have; log_broken_at: first line of the log that does not follow from the one before, None: whole."""

    forgotten: int
    lost_imports: int
    log_broken_at: int | None


def at_start(viewer: Viewer, workspace: Workspace, today: date | None = None) -> Start:
    """The work of a start: check the log, compare it with the database, apply the terms. Both findings go into the log.

    A fictional firm has no terms. Refusals: not_allowed, disk_full (the terms are then applied at a later start).
    """
    require(viewer, Right.SETTINGS)
    store = workspace.store
    broken, lost = store.audit.first_broken(), store.lost_imports
    if broken is not None:
        store.audit.append(viewer.who, "log_broken_at_start", line=broken)
    if lost:
        store.audit.append(viewer.who, "imports_lost_at_start", count=lost)
    forgotten = 0 if store.is_sample() or store.read_only else apply_retention(viewer, workspace, today)
    return Start(forgotten, lost, broken)


def apply_retention(viewer: Viewer, workspace: Workspace, today: date | None = None) -> int:
    """Forget what is past its time, back-ups that have expired and parked questions ticked off long ago; returns the number of rows about
    people forgotten."""
    require(viewer, Right.SETTINGS)
    day = pd.Timestamp(today or date.today())
    kept = months_kept(viewer, workspace)
    limits = [(day - pd.DateOffset(months=months)).date() if months else None for months in kept]
    workspace.store.expire_backups(viewer.who)
    workspace.store.expire_parked(viewer.who, day.to_pydatetime())
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

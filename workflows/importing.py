"""From a file to a snapshot: check, look, save, undo. The same road for the screen, the command line and the inbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer, nearest
from intake import Import, ImportReport, Options, read_file
from intake.guard import inspect
from intake.mapping import from_json, to_json
from intake.proposals import propose_roles, propose_units
from intake.reader import read_grids
from intake.report import MAX_ROWS_LISTED as MAX_ROWS_LISTED
from store import Difference, Stored
from workflows.access import Right, require
from workflows.workspace import Workspace

SAMPLE_FILE = Path(__file__).resolve().parent.parent / "sample_data" / "merwerode.xlsx"
SAMPLE_SKILLS = SAMPLE_FILE.with_name("merwerode_vaardigheden.xlsx")


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A file that was read and not stored. `difference`: with the snapshot before it, counts only (None: there is none)."""

    file_name: str
    options: Options
    imported: Import
    difference: Difference | None = None
    taken: tuple[date, ...] = ()

    @property
    def report(self) -> ImportReport:
        """The report of the main sheet."""
        return self.imported.main

    @property
    def reports(self) -> tuple[ImportReport, ...]:
        return self.imported.reports

    @property
    def blocked(self) -> bool:
        return self.imported.blocked

    def summary(self) -> dict[str, Any]:
        """The report as the command line prints it (README, command line): plain values, no words."""
        report = self.report
        findings = [finding for part in self.reports for finding in part.findings]
        return {
            "file": report.file,
            "kind": str(report.kind),
            "sheet": report.sheet,
            "header_row": report.header_row,
            "as_of": report.as_of,
            "stored": False,
            "rows_read": report.rows_read,
            "rows_kept": report.rows_kept,
            "rows_rejected": report.rows_rejected,
            "people": report.people,
            "active": report.active,
            "mapping": dict(report.mapping),
            "snapshots": list(report.snapshots),
            "findings": [
                {
                    "severity": str(finding.severity),
                    "reason": str(finding.reason),
                    "sheet": finding.sheet,
                    "column": finding.column,
                    "count": finding.count,
                    "rows": list(finding.rows),
                    "example": finding.example,
                    "params": dict(finding.params),
                }
                for finding in findings
            ],
        }


def check(
    viewer: Viewer,
    workspace: Workspace | None,
    path: Path,
    shown_name: str,
    options: Options | None = None,
    *,
    sheet: str | None = None,
    as_of: date | None = None,
    mapping: dict[str, str] | str | Path | None = None,
) -> Draft:
    """Read a file and say what would be kept; nothing is stored. Column names chosen before are used again.

    sheet, as_of and mapping ({field: header}, or a JSON file of it) are shorthand for `options`. taken: days that have a
    snapshot from another file already. Refusals: not_allowed, mapping_unreadable, those of intake.
    """
    require(viewer, Right.IMPORT)
    chosen = options or asked(viewer, sheet, as_of, mapping)
    imported = read_file(path, shown_name, chosen)
    if workspace is None:
        return Draft(shown_name, chosen, imported)
    again = _remembered(workspace, imported, chosen)
    if again is not None:
        chosen, imported = again, read_file(path, shown_name, again)
    employees = imported.frames.get("employees")
    difference = workspace.store.difference(employees) if employees is not None and len(employees) else None
    stored = {snapshot.as_of: snapshot.content_hash for snapshot in workspace.store.snapshots()}
    taken = tuple(day for day in imported.main.snapshots if stored.get(day, imported.content_hash) != imported.content_hash)
    return Draft(shown_name, chosen, imported, difference, taken if not workspace.store.is_sample() else ())


def lines(viewer: Viewer, path: Path, reports: Sequence[ImportReport]) -> dict[str, dict[int, dict[str, str]]]:
    """Texts of the rows that findings point at: {sheet: {row: {column letter: text}}}. Nothing is stored.

    Refusals: not_allowed, those of reading.
    """
    require(viewer, Right.IMPORT)
    wanted = {report.sheet: sorted({row for finding in report.findings for row in finding.rows}) for report in reports}
    grids, _, _ = read_grids(path, inspect(path), Options())
    return {
        grid.name: {
            grid.row_number(int(index)): {grid.letter(column): text for column, text in enumerate(grid.row(int(index)))}
            for index in np.flatnonzero(np.isin(grid.row_numbers(), wanted[grid.name]))
        }
        for grid in grids
        if wanted.get(grid.name)
    }


def proposals(viewer: Viewer, draft: Draft) -> pd.DataFrame:
    """Names that are likely the same: field ("role" | "unit"), title, proposed, why, people; only rows that would change.

    Nothing is merged here; what a person confirms goes back as Options.values.
    """
    require(viewer, Right.IMPORT)
    staff = draft.imported.frames.get("employees", pd.DataFrame())
    found = []
    for field, propose in (("role", propose_roles), ("unit", propose_units)):
        counts = {str(name): int(count) for name, count in staff[field].value_counts().items()} if field in staff else {}
        found.append(propose(counts).assign(field=field))
    table = pd.concat(found, ignore_index=True)
    return table.loc[table["title"] != table["proposed"], ["field", "title", "proposed", "why", "people"]].reset_index(drop=True)


def mapping_file(viewer: Viewer, draft: Draft) -> str:
    """The choices of columns and values as JSON, for --mapping next time."""
    require(viewer, Right.IMPORT)
    return to_json(draft.report, draft.options)


def save(viewer: Viewer, workspace: Workspace, draft: Draft, replace_existing: bool = False) -> Stored:
    """Store a draft. Refusals: not_allowed, import_blocked, snapshot_exists unless `replace_existing`, those of the store."""
    require(viewer, Right.IMPORT)
    _refuse_blocked(draft)
    stored = workspace.store.save_import(
        draft.imported.frames,
        draft.reports,
        draft.imported.content_hash,
        draft.file_name,
        viewer.who,
        replace=replace_existing,
        as_of_given=draft.options.as_of is not None,
    )
    if draft.options.mapping:
        workspace.store.remember_mapping({header: field for field, header in draft.options.mapping.items()})
    return stored


def undo_last(viewer: Viewer, workspace: Workspace) -> list[dict[str, Any]]:
    """Take the newest import back; returns the snapshots that are left. Refusals: not_allowed, nothing_to_undo."""
    require(viewer, Right.IMPORT)
    workspace.store.undo_last(viewer.who)
    return snapshots(viewer, workspace)


def load_sample(viewer: Viewer, workspace: Workspace, file: Path = SAMPLE_FILE) -> Stored:
    """Load the fictional firm, and what its people can and want, into a database without real data. Returns what the staff file
    gave. Refusals: not_allowed, real_data_present."""
    require(viewer, Right.IMPORT)
    if workspace.store.latest() is not None and not workspace.store.is_sample():
        raise Refusal("real_data_present")
    stored = _sample_file(viewer, workspace, file)
    if file == SAMPLE_FILE and SAMPLE_SKILLS.exists():
        _sample_file(viewer, workspace, SAMPLE_SKILLS)
    return stored


def _sample_file(viewer: Viewer, workspace: Workspace, file: Path) -> Stored:
    imported = read_file(file, file.name, Options())
    return workspace.store.save_import(imported.frames, imported.reports, imported.content_hash, file.name, viewer.who, sample=True)


def clear_sample(viewer: Viewer, workspace: Workspace) -> bool:
    """Remove the sample firm; False when there is none."""
    require(viewer, Right.IMPORT)
    return workspace.store.clear_sample(viewer.who)


def snapshots(viewer: Viewer, workspace: Workspace) -> list[dict[str, Any]]:
    """Stored snapshots, oldest first: as_of, people (own staff employed that day), rows, file, who, at, sample, import_no."""
    require(viewer, Right.GROUPS)
    return [
        {
            "as_of": snapshot.as_of,
            "people": nearest(snapshot.active, viewer.k),
            "rows": nearest(snapshot.rows, viewer.k),
            "file": snapshot.file_name,
            "who": snapshot.who,
            "at": snapshot.at,
            "sample": snapshot.sample,
            "import_no": snapshot.import_no,
        }
        for snapshot in workspace.store.snapshots()
    ]


def _refuse_blocked(draft: Draft) -> None:
    for report in draft.reports:
        for finding in report.findings:
            if str(finding.severity) == "error":
                raise Refusal("import_blocked", reason=str(finding.reason), count=finding.count, column=finding.column)


def asked(
    viewer: Viewer, sheet: str | None = None, as_of: date | None = None, mapping: dict[str, str] | str | Path | None = None
) -> Options:
    """Options from what a command was given. Refusals: not_allowed, mapping_unreadable."""
    require(viewer, Right.IMPORT)
    return _with_mapping(Options(sheet=sheet, as_of=as_of), mapping)


def _with_mapping(options: Options, mapping: dict[str, str] | str | Path | None) -> Options:
    """Options with a mapping given as {field: header}, or as a file of it or of `mapping_file`."""
    if mapping is None or isinstance(mapping, dict):
        return replace(options, mapping=mapping)
    try:
        return from_json(Path(mapping).read_text(encoding="utf-8-sig"), options)
    except (OSError, ValueError) as error:
        raise Refusal("mapping_unreadable", file=Path(mapping).name) from error
    except Refusal as refusal:
        if refusal.code != "mapping_file_invalid":
            raise
        raise Refusal("mapping_unreadable", file=Path(mapping).name) from refusal


def _remembered(workspace: Workspace, imported: Import, options: Options) -> Options | None:
    """Options with the column names this firm chose before, where they would change the reading; None when they would not."""
    memory = workspace.store.mapping_memory()
    chosen = dict(options.mapping or {})
    extra = {
        memory[column.header]: column.header
        for column in imported.main.columns
        if column.header in memory and column.field != memory[column.header] and memory[column.header] not in chosen
    }
    return replace(options, mapping={**extra, **chosen}) if extra else None

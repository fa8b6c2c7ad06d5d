"""From a file to a snapshot: check, look, save, undo. The same road for the screen, the command line and the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer, nearest
from intake import Import, ImportReport, Options, read_file
from intake.mapping import from_json, to_json
from intake.proposals import propose_roles, propose_units
from intake.reader import read_grids
from intake.report import MAX_ROWS_LISTED as MAX_ROWS_LISTED
from intake.strangers import name_strangers
from intake.tabs import QUESTION as SHEETS
from intake.together import agree
from store import Difference, NameChange, Stored
from workflows.access import Right, require
from workflows.remembering import headers_known, keep, recaller
from workflows.sample_voices import load_sample_voices
from workflows.standing import Standing
from workflows.workspace import Workspace

SAMPLE_FILE = Path(__file__).resolve().parent.parent / "sample_data" / "merwerode.xlsx"
SAMPLE_SKILLS = SAMPLE_FILE.with_name("merwerode_vaardigheden.xlsx")
"""Skills, trainings and conversations of the same firm."""


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A file that was read and not stored. `difference`: with the snapshot before it, counts only (None: there is none)."""

    file_name: str
    options: Options
    imported: Import
    difference: Difference | None = None
    taken: tuple[date, ...] = ()
    moves: pd.DataFrame = field(default_factory=pd.DataFrame)
    names: pd.DataFrame = field(default_factory=pd.DataFrame)
    """Names that seem to have changed since the upload before: level, change, old, new, people, share, since, same (the answer)."""

    def with_names(self, renames: Iterable[tuple[str, str, str, bool]]) -> Draft:
        """The same with answers about names that changed; the file need not be read again."""
        given = {(level, old, new): same for level, old, new, same in (*self.options.renames, *renames)}
        options = replace(self.options, renames=tuple((*key, same) for key, same in given.items()))
        return replace(self, options=options, names=_answered(self.names, options))

    @property
    def moved(self) -> int:
        """People who stayed and changed department or role, other than by a change of name that was confirmed."""
        if self.moves.empty:
            return 0
        same = {(row["level"], row["old"], row["new"]) for row in self.names.to_dict(orient="records") if row["same"]}
        same |= {(level, old, new) for level, old, new, told in self.options.renames if told}
        return sum(
            int(row["people"])
            for row in self.moves.to_dict(orient="records")
            if row["elsewhere"]
            or any(row[f"{n}_old"] != row[f"{n}_new"] and (n, row[f"{n}_old"], row[f"{n}_new"]) not in same for n in ("unit", "role"))
        )

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

    @property
    def standing(self) -> Standing | None:
        """Why the staff on the newest day is smaller than the file; None where the file holds no people."""
        return Standing.of(self.imported.frames.get("employees"))

    def summary(self) -> dict[str, Any]:
        """The report as the command line prints it (README, command line): plain values, no words."""
        report = self.report
        findings = [finding for part in self.reports for finding in part.findings]
        stand = self.standing
        alike = [part for part in self.reports if part.kind == report.kind]  # a workbook with a sheet for every year has several
        return {
            "file": report.file,
            "kind": str(report.kind),
            "sheet": report.sheet,
            "header_row": report.header_row,
            "as_of": report.as_of,
            "stored": False,
            "rows_read": sum(part.rows_read for part in alike),
            "rows_kept": sum(part.rows_kept for part in alike),
            "rows_rejected": sum(part.rows_rejected for part in alike),
            "people": report.people,
            "active": report.active,
            "standing": asdict(stand) if stand else None,
            "mapping": dict(report.mapping),
            "snapshots": list(report.snapshots),
            "renames": self.names.to_dict(orient="records"),
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
    together: bool = False,
) -> Draft:
    """Read a file and say what would be kept; nothing is stored. Column names chosen before are used again.

    sheet, as_of, mapping ({field: header}, or a JSON file of it) and together (sheets with the same headers are one staff list) are
    shorthand for `options`. taken: days that have a
    snapshot from another file already. Refusals: not_allowed, mapping_unreadable, those of intake.
    """
    require(viewer, Right.IMPORT)
    chosen = options or asked(viewer, sheet, as_of, mapping, together)
    if workspace is None:
        imported = _with_strangers(None, agree(read_file(path, shown_name, chosen)))
        return Draft(shown_name, imported.options, imported)
    imported = read_file(path, shown_name, replace(chosen, recall=recaller(workspace.store), known=headers_known(workspace.store)))
    alone = "employees" in imported.frames or workspace.store.is_sample()
    used = {} if alone else workspace.store.names_in_use()  # without a staff list the stored one tells how names are spelled
    imported = _with_strangers(workspace, agree(imported, used))
    chosen = replace(imported.options, recall=None, known=frozenset())
    employees = imported.frames.get("employees")
    difference, names, moves = None, pd.DataFrame(), pd.DataFrame()
    if employees is not None and len(employees):
        difference, names, moves = workspace.store.compare(employees, imported.main.unread)
    stored = {snapshot.as_of: snapshot.content_hash for snapshot in workspace.store.snapshots()}
    taken = tuple(day for day in imported.main.snapshots if stored.get(day, imported.content_hash) != imported.content_hash)
    taken = taken if not workspace.store.is_sample() else ()
    return Draft(shown_name, chosen, imported, difference, taken, moves, _answered(names, chosen))


def _with_strangers(workspace: Workspace | None, imported: Import) -> Import:
    """Says which lines are about people whom neither the staff list of the file nor a stored one holds; the sample firm is no list."""
    stored = workspace is not None and not workspace.store.is_sample() and workspace.store.latest() is not None
    if workspace is not None and stored:
        return name_strangers(imported, workspace.store.without_staff)
    return name_strangers(imported, list) if "employees" in imported.frames else imported


def _answered(names: pd.DataFrame, options: Options) -> pd.DataFrame:
    """With `same`: the answer given, else yes, except where the old name goes on and only a part seems to have left it."""
    given = {(level, old, new): same for level, old, new, same in options.renames}
    keys = list(zip(names["level"], names["old"], names["new"], strict=True)) if len(names) else []
    usual = [change != "split_off" for change in names["change"]] if len(names) else []
    return names.assign(same=[given.get(key, default) for key, default in zip(keys, usual, strict=True)])


def lines(viewer: Viewer, path: Path, reports: Sequence[ImportReport]) -> dict[str, dict[int, dict[str, str]]]:
    """Texts of the rows that findings point at: {sheet: {row: {column letter: text}}}. Nothing is stored.

    Refusals: not_allowed, those of reading.
    """
    require(viewer, Right.IMPORT)
    wanted = {report.sheet: sorted({row for finding in report.findings for row in finding.rows}) for report in reports}
    grids = read_grids(path, Options()).grids
    return {
        grid.name: {
            grid.row_number(int(index)): {grid.letter(column): text for column, text in enumerate(grid.row(int(index)))}
            for index in np.flatnonzero(np.isin(grid.row_numbers(), wanted[grid.name]))
        }
        for grid in grids
        if wanted.get(grid.name)
    }


def proposals(viewer: Viewer, workspace: Workspace | None, draft: Draft, everything: bool = False) -> pd.DataFrame:
    """What each name in the file becomes: field ("role" | "unit"), title, proposed, why, people (rows); those that change, or all.

    why "chosen": confirmed now or for an earlier file, and used already. The rest is only proposed, names in use today first;
    what a person confirms goes back as Options.values.
    """
    require(viewer, Right.IMPORT)
    used = workspace.store.names_in_use() if workspace is not None and not workspace.store.is_sample() else {}
    found = []
    for name, propose in (("role", propose_roles), ("unit", propose_units)):
        counts, chosen = draft.report.values.get(name, {}), draft.options.values.get(name, {})
        table = propose(counts, {*used.get(name, []), *chosen.values()})
        confirmed = table["title"].isin(list(chosen))
        table["proposed"] = table["proposed"].mask(confirmed, table["title"].map(chosen))
        table["why"] = table["why"].mask(confirmed, "chosen")
        found.append(table.assign(field=name))
    table = pd.concat(found, ignore_index=True)
    changes = table["title"] != table["proposed"]
    table = table[["field", "title", "proposed", "why", "people"]].assign(changes=changes)
    table = table.sort_values("changes", ascending=False, kind="stable", ignore_index=True)
    return (table if everything else table[table["changes"]]).drop(columns="changes").reset_index(drop=True)


def mapping_file(viewer: Viewer, draft: Draft) -> str:
    """The choices of columns, answers, values and changed names as JSON, for --mapping next time."""
    require(viewer, Right.IMPORT)
    told = {(row["level"], row["old"], row["new"]): bool(row["same"]) for row in draft.names.to_dict(orient="records")}
    told |= {(level, old, new): same for level, old, new, same in draft.options.renames}
    renames = tuple((*key, same) for key, same in told.items())
    return to_json(draft.report, replace(draft.options, renames=renames))


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
        names=_name_changes(draft),
    )
    keep(workspace.store, draft.report, draft.options, viewer.who)
    return stored


def _name_changes(draft: Draft) -> tuple[NameChange, ...]:
    """The changes of names that were confirmed, also those a mapping file names and the evidence does not show."""
    shown = [
        NameChange(str(row["level"]), str(row["change"]), str(row["old"]), str(row["new"]), row["since"], int(row["people"]))
        for row in draft.names.to_dict(orient="records")
        if row["same"]
    ]
    seen = {(row["level"], row["old"], row["new"]) for row in draft.names.to_dict(orient="records")}
    days = draft.report.snapshots
    added = [
        NameChange(level, "rename", old, new, min(days))
        for level, old, new, same in draft.options.renames
        if same and days and (level, old, new) not in seen
    ]
    return (*shown, *added)


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
    with workspace.store.one_copy():
        stored = _sample_file(viewer, workspace, file)
        if file == SAMPLE_FILE and SAMPLE_SKILLS.exists():
            _sample_file(viewer, workspace, SAMPLE_SKILLS)
            load_sample_voices(workspace.store, viewer.who)
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
    viewer: Viewer,
    sheet: str | None = None,
    as_of: date | None = None,
    mapping: dict[str, str] | str | Path | None = None,
    together: bool = False,
) -> Options:
    """Options from what a command was given. Refusals: not_allowed, mapping_unreadable."""
    require(viewer, Right.IMPORT)
    options = _with_mapping(Options(sheet=sheet, as_of=as_of), mapping)
    return replace(options, answers={**options.answers, SHEETS: "together"}) if together else options


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

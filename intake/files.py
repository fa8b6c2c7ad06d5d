"""A whole file: guard, read, recognise each sheet, read its rows, report. The one way in."""

from __future__ import annotations

import ctypes
import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.errors import Refusal
from intake import sheets, skills, tabs, trainings
from intake.context import Rows, language_of
from intake.employees import Outcome, read_employees
from intake.glance import header_rows
from intake.grid import Grid
from intake.guard import Inspected
from intake.kinds import FIELDS_OF
from intake.matrix import find_matrix, named_so
from intake.moments import moment_of_sheet, year_in
from intake.months import as_in_file, by_month
from intake.reader import read_grids
from intake.recognise import Table, describe_columns, find_table, fingerprint
from intake.refuse import bare_table, is_absence, is_statistics, refuse_if_no_people
from intake.report import Findings, Import, ImportReport, Kind, Options, SheetSeen
from intake.rows import data_rows
from intake.telling import say_file, say_table
from intake.values.dates import evidence
from intake.values.text import clean
from intake.values.words import is_null
from intake.vocabulary import vocabulary

READERS: dict[Kind, Callable[[Rows], Outcome]] = {
    Kind.EMPLOYEES: read_employees,
    Kind.ROLES: sheets.read_roles,
    Kind.FORMATION: sheets.read_formation,
    Kind.VACANCIES: sheets.read_vacancies,
    Kind.DEPARTURES: sheets.read_departures,
    Kind.SKILLS: skills.read_skills,
    Kind.REQUIREMENTS: skills.read_requirements,
    Kind.TRAININGS: trainings.read_trainings,
    Kind.WISHES: skills.read_wishes,
    Kind.SKILL_LIST: skills.read_skill_list,
}
VALUES_TO_MAP = ("role", "unit", "level", "required_level")
MOST_VALUES = 5_000
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
BLOCK = 1_000_000
BIRTH_FIELDS = ("birth_date", "age", "birth_year")


def read_file(path: Path, shown_name: str = "", options: Options | None = None) -> Import:
    """Read and check a file; stores nothing.

    Refusals: not_a_workbook, empty_file, html_table, encrypted, hostile_file, too_large, far_cell, csv_not_a_table,
    sheet_not_found, no_table_found, header_only, no_birth_date_or_age, all_rows_invalid, country_unknown,
    statistics_not_people, absence_not_people, mapping_field_unknown, mapping_header_missing, fte_months_without_year.
    """
    try:
        return _read_file(path, shown_name, options or Options())
    except Refusal as refusal:
        named = Path(shown_name or path.name).suffix.lower()
        if refusal.code in ("no_table_found", "csv_not_a_table") and named in WORKBOOKS and not _is_container(path):
            raise Refusal("not_a_workbook") from refusal
        raise
    finally:
        _give_back()


def _give_back() -> None:
    """What the sheet took goes back to the system, where it has a call for that: the store needs the room next."""
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _is_container(path: Path) -> bool:
    """A workbook of any age is a zip or an OLE file; a text that is only named so is a table, or nothing."""
    with path.open("rb") as stream:
        return stream.read(4) in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def _read_file(path: Path, shown_name: str, options: Options) -> Import:
    name = clean(shown_name or path.name)[:100]
    tell = options.progress or (lambda step, share: None)
    tell("look", 0.0)
    refused = threading.Event()
    with ThreadPoolExecutor(1, "hash") as beside:
        hashed = beside.submit(content_hash, path, refused)
        try:
            read = read_grids(path, options, tell, meanwhile=vocabulary)
        except BaseException:
            refused.set()  # nobody waits for the fingerprint of what is not read
            raise
        digest = hashed.result()
    found, grids, left_out, csv_facts = read.found, read.grids, read.left_out, read.csv_facts
    tell("recognise", 0.6)
    tables = _tables(grids, left_out, options)
    before, options = options, _recalled_for_unknown(tables, options)
    tables = tables if options is before else _tables(grids, left_out, options)
    main, others, unused = _choose(tables, grids, options)
    recalled = _recalled(main, options)
    if recalled.mapping != options.mapping:
        main, others, unused = _choose(_tables(grids, left_out, recalled), grids, recalled)
    options = recalled
    days = _days_of_sheets(main, unused, options, year_in([name]))
    main = max(days, key=lambda table: days[table]) if days else main
    years = [table for table in sorted(days, key=lambda table: days[table], reverse=True) if table is not main]
    unused = [table for table in unused if table not in days]
    findings = Findings(main.grid.name)
    alike, everybody, twice = tabs.alike(main, [] if days else unused, options)
    joined = alike if tabs.say(findings, alike, twice, options) else []
    unused = [table for table in unused if table not in joined]
    reports, frames = [], {}
    read_now = [main, *years, *joined, *others]
    for number, table in enumerate(read_now):
        tell("check", 0.65 + 0.3 * number / len(read_now))
        findings = Findings(table.grid.name) if number else findings
        if number == 0:
            say_file(findings, found, left_out, csv_facts, grids, unused)
            findings.note("sheets_as_snapshots", count=len(years), example=", ".join(year.grid.name for year in years))
        day = reports[0].as_of if table in joined else days.get(table)
        own = replace(options, as_of=day) if day else options
        tab = everybody if joined and table.kind == Kind.EMPLOYEES else None
        report = _read_table(table, found, own, name, findings, frames, main=number == 0, tab=tab)
        if report is not None:
            reports.append(report)
    if years:
        reports[0] = _of_all_years(reports, frames)
    if joined:
        reports[0] = tabs.whole(reports, frames[str(Kind.EMPLOYEES)])
    tell("done", 1.0)
    kinds = {table.grid.name: str(table.kind or "") for table in [main, *joined, *others, *unused]}
    seen = tuple(SheetSeen(grid.name, grid.hidden, kinds.get(grid.name, ""), header_rows(grid)) for grid in grids)
    return Import(tuple(reports), frames, digest, options, seen)


def _days_of_sheets(main: Table, unused: list[Table], options: Options, year: int | None) -> dict[Table, date]:
    """Day per sheet where a workbook has a sheet of people for every year or month: the same headers, and a day in each name. year: that
    of the file's name."""
    if main.kind != Kind.EMPLOYEES or options.sheet is not None or options.as_of is not None:
        return {}
    if main.has("snapshot_date") or main.has("snapshot_year"):
        return {}
    today = options.today or date.today()
    alike = [main, *(table for table in unused if table.kind == Kind.EMPLOYEES and not table.grid.hidden)]
    alike = [table for table in alike if fingerprint(table.headers) == fingerprint(main.headers)]
    days = {table: day for table in alike if (day := moment_of_sheet(table.grid.name, today, year)) is not None}
    return days if len(days) == len(alike) > 1 and len(set(days.values())) == len(days) else {}


def _of_all_years(reports: list[ImportReport], frames: dict[str, pd.DataFrame]) -> ImportReport:
    """The newest sheet's report with the days and people of all of them; rows stay those of its own sheet."""
    staff = [report for report in reports if report.kind == str(Kind.EMPLOYEES)]
    people = int(frames[str(Kind.EMPLOYEES)]["person"].nunique())
    return replace(reports[0], snapshots=tuple(sorted(day for report in staff for day in report.snapshots)), people=people)


def _recalled(main: Table, options: Options) -> Options:
    """Options with what was chosen for an earlier file of the same kind."""
    if options.recall is None:
        return options
    headers = tuple(header for header in main.headers if header)
    return options.recall(fingerprint(main.headers), headers, {name: main.header(name) for name in main.fields}, options)


def _recalled_for_unknown(tables: list[Table], options: Options) -> Options:
    """Where no sheet says by itself what its rows are: the columns chosen for an earlier file with these headers."""
    if options.mapping or not options.known or any(table.kind in READERS for table in tables):
        return options
    return next((found for table in tables if (found := _recalled(table, options)).mapping), options)


def content_hash(path: Path, stop: threading.Event | None = None) -> str:
    """SHA-256 of the file's bytes; of those read so far when it is told to stop."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while (block := stream.read(BLOCK)) and not (stop is not None and stop.is_set()):
            digest.update(block)
    return digest.hexdigest()


def _tables(grids: list[Grid], left_out: list[tuple[str, str]], options: Options) -> list[Table]:
    names = [grid.name for grid in grids]
    if options.sheet is not None and options.sheet not in names:
        listed = ", ".join(name for name in [*names, *(name for name, _ in left_out)] if name)
        raise Refusal("sheet_not_found", sheet=options.sheet, sheets=listed)
    if not grids:
        raise Refusal("empty_file")
    chosen = options.sheet or ""
    tables = [_table(grid, options, not chosen or grid.name == chosen) for grid in grids]
    return [table for table in tables if table is not None]


def _table(grid: Grid, options: Options, chosen: bool) -> Table | None:
    """A list when the headers say so, else perhaps a matrix of skills. chosen: what a person chose is about this sheet."""
    table = find_table(grid, options.mapping if chosen else None, options.header_row if chosen else None, options.known)
    ageless = table is not None and table.kind == Kind.EMPLOYEES and not any(table.has(field) for field in BIRTH_FIELDS)
    if table is None or table.kind is None or ageless or (table.kind == Kind.WISHES and named_so(grid)):
        matrix = find_matrix(grid)
        return matrix if matrix is not None else table
    return table


def _choose(tables: list[Table], grids: list[Grid], options: Options) -> tuple[Table, list[Table], list[Table]]:
    """(main sheet, further sheets to read, recognised sheets that are not read)."""
    visible = [table for table in tables if not table.grid.hidden or table.grid.name == options.sheet]
    usable = [table for table in visible if table.kind in READERS]
    if options.sheet is not None:
        usable = [table for table in usable if table.grid.name == options.sheet]
    if not usable:
        hidden = [table.grid.name for table in tables if table.grid.hidden and table.kind]
        if hidden:
            raise Refusal("only_hidden_sheet", sheet=hidden[0])
        seen = visible or [bare_table(grid) for grid in grids if not grid.hidden and grid.height]
        for table in seen:
            refuse_if_no_people(table)
        _refuse_if_no_age(visible)
        raise Refusal("no_table_found", seen=_seen(seen))
    filled = [table for table in usable if table.grid.height > table.data_start]
    main = max(filled or usable, key=lambda table: table.score)
    _check_mapping(main, options)
    kinds = {main.kind}
    others, unused = [], [table for table in tables if table.grid.hidden and table.kind and table is not main]
    for table in sorted(usable, key=lambda table: -table.score):
        if table is main:
            continue
        if table.kind in kinds:
            unused.append(table)
        else:
            kinds.add(table.kind)
            others.append(table)
    return main, others, unused


def _refuse_if_no_age(tables: list[Table]) -> None:
    """A list of people with their work, and nothing to tell their age by: that is the one thing to say."""
    for table in tables:
        person = table.has("employee_id") or "name" in table.why.values()
        if person and {"role", "unit", "location", "job_family"} & set(table.fields) and not set(BIRTH_FIELDS) & set(table.fields):
            raise Refusal("no_birth_date_or_age", sheet=table.grid.name, headers=_seen([table]))


def _seen(tables: list[Table]) -> str:
    return ", ".join(header for table in tables[:1] for header in table.headers if header)[:200]


def _check_mapping(table: Table, options: Options) -> None:
    for field, header in (options.mapping or {}).items():
        if header and (field not in table.fields or table.why[table.fields[field]] != "mapping"):
            listed = ", ".join(text for text in table.headers if text)
            raise Refusal("mapping_header_missing", field=field, header=header, headers=listed[:300])


def _read_table(
    table: Table,
    found: Inspected,
    options: Options,
    name: str,
    findings: Findings,
    frames: dict[str, pd.DataFrame],
    *,
    main: bool,
    tab: frozenset[str] | None,
) -> ImportReport | None:
    """Report of one sheet; its rows go into frames. None for a further sheet that is empty, as in a half-filled template. tab: where the
    sheet is one of several that are one staff list, the employee numbers of all of them."""
    indices = data_rows(table, findings)
    if is_absence(table) or (table.kind == Kind.EMPLOYEES and is_statistics(table)):
        refuse_if_no_people(table)
    if table.kind == Kind.EMPLOYEES and not any(table.has(field) for field in BIRTH_FIELDS):
        raise Refusal("no_birth_date_or_age", sheet=table.grid.name, headers=_seen([table]))
    if not len(indices):
        if not main:
            return None
        raise Refusal("header_only", sheet=table.grid.name)
    laid, indices = by_month(table, indices, options, name, findings)
    rows = _rows(laid, indices, found, options, name, findings)
    rows.elsewhere = tab or frozenset()
    say_table(rows)
    outcome = READERS[table.kind](rows)  # type: ignore[index]
    for kind, frame in outcome.frames.items():
        frame = tabs.placed(frame, table) if tab is not None and kind == Kind.EMPLOYEES else frame
        frames[kind] = pd.concat([frames[kind], frame], ignore_index=True) if kind in frames else frame
    return as_in_file(_report(rows, outcome, name), rows, table)


def _rows(table: Table, indices: np.ndarray, found: Inspected, options: Options, name: str, findings: Findings) -> Rows:
    today = options.today or date.today()
    rows = Rows(table, indices, findings, options, today, found.epoch_1904, shown_name=name)
    rows.language = language_of(table.headers)
    rows.order_hint = _order_hint(rows)
    rows.decimal_hint = "," if rows.language in ("nl", "de") else ""
    rows.typed_cells = found.format != "csv"
    return rows


def _order_hint(rows: Rows) -> str:
    """Order of day and month that other date columns prove, else that of the language of the headers."""
    day = month = 0
    for name in ("birth_date", "hire_date", "leave_date", "contract_end_date", "completed_date", "expiry_date"):
        if rows.has(name):
            days, months = evidence(rows.distinct(name))
            day, month = day + days, month + months
    if day or month:
        return "dmy" if day >= month else "mdy"
    return "dmy" if rows.language in ("nl", "de") else ""


def _report(rows: Rows, outcome: Outcome, name: str) -> ImportReport:
    table = rows.table
    rejected = int(outcome.rejected.sum())
    moments = outcome.moments
    dates = tuple(pd.Timestamp(day).date() for day in sorted(moments.per_row.dropna().unique())) if moments else ()
    return ImportReport(
        file=name,
        kind=str(table.kind),
        sheet=table.grid.name,
        header_row=table.header_row,
        as_of=moments.as_of if moments else rows.options.as_of,
        rows_read=rows.size,
        rows_kept=rows.size - rejected,
        rows_rejected=rejected,
        people=outcome.people,
        active=outcome.active,
        mapping={
            field: table.headers[column]
            for field, column in sorted(table.fields.items(), key=lambda item: item[1])
            if field in FIELDS_OF[table.kind]  # type: ignore[index]
        },
        columns=describe_columns(table),
        snapshots=dates,
        findings=rows.findings.sorted(),
        rejected=tuple(int(line) for line in rows.lines[outcome.rejected]),
        fingerprint=fingerprint(table.headers),
        unread=outcome.unread,
        values={name: _counted(rows, name, ~outcome.rejected) for name in VALUES_TO_MAP if rows.has(name)},
    )


def _counted(rows: Rows, name: str, kept: np.ndarray) -> dict[str, int]:
    """Texts of a column in the rows that are kept with their number; none where there are too many to choose from."""
    distinct = rows.distinct(name)
    if len(distinct.texts) > MOST_VALUES:
        return {}
    counts = np.bincount(distinct.codes[kept], minlength=len(distinct.texts))
    return {text: int(count) for text, count in zip(distinct.texts, counts, strict=True) if count and not is_null(text)}

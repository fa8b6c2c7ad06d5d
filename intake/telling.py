"""What a file and a sheet look like around their data, told before a row is read: sheets, encoding, headers, columns, broken cells."""

from __future__ import annotations

import numpy as np

from intake.consistency import short_rows
from intake.context import Rows
from intake.grid import Grid
from intake.guard import Inspected
from intake.recognise import Table, describe_columns
from intake.report import Findings
from intake.rows import data_rows


def say_file(
    findings: Findings, found: Inspected, left_out: list[tuple[str, str]], csv_facts: dict, grids: list[Grid], unused: list[Table]
) -> None:
    """What holds for the whole file, told with its main sheet."""
    if found.macros:
        findings.warn("macros_dropped")
    if found.external_links:
        findings.note("external_links_dropped")
    hidden = [grid.name for grid in grids if grid.hidden]
    if hidden:
        findings.note("hidden_sheets", count=len(hidden), example=", ".join(hidden))
    for sheet, reason in left_out:
        if reason not in ("empty", "not_a_table"):
            findings.warn("sheet_not_read", example=sheet, why=reason)
    for table in unused:
        if not table.grid.hidden:
            rows = len(data_rows(table, Findings("")))
            findings.warn("sheet_same_kind", example=table.grid.name, kind=str(table.kind), left=rows)
    if csv_facts:
        _say_csv(findings, csv_facts)


def _say_csv(findings: Findings, facts: dict) -> None:
    if facts["mixed_lines"]:
        findings.warn("csv_mixed_encoding", count=facts["mixed_lines"])
    elif facts["encoding"] not in ("utf-8",):
        findings.note("csv_encoding", example=facts["encoding"])
    if facts["open_quote"]:
        findings.warn("csv_open_quote")
    if facts["ragged_count"]:
        findings.warn("csv_ragged", count=facts["ragged_count"], rows=facts["ragged"])


def say_table(rows: Rows) -> None:
    """What the sheet looks like around its data."""
    table, grid, findings = rows.table, rows.table.grid, rows.findings
    findings.note("rows_above_header", rows=table.skipped_above)
    for reason, details in grid.remarks:
        (findings.note if reason == "sensitive_column" else findings.warn)(reason, **details)
    if table.combined:
        findings.note("two_header_rows", rows=(table.header_row - 1, table.header_row))
    if table.side:
        columns = sorted(table.side)
        held = np.flatnonzero(np.any([grid.filled(column) for column in columns], axis=0))
        place = f"{grid.letter(columns[0])}{grid.row_number(int(held[0]))}:{grid.letter(columns[-1])}{grid.row_number(int(held[-1]))}"
        findings.note("side_table", count=len(held), rows=[grid.row_number(int(row)) for row in held], example=place)
    for name, attribute in (("hidden_rows", grid.hidden_rows), ("hidden_columns", grid.hidden_columns)):
        findings.note(name, count=attribute)
    if grid.filtered:
        findings.note("filter_active")
    for column in describe_columns(table):
        if column.use == "sensitive":
            findings.note("sensitive_column", column=column.header)
        elif column.why == "unknown" and column.suggestion and not table.has(column.suggestion):
            findings.note("similar_column", column=column.header, field=column.suggestion)
        elif column.use == "used" and column.why == "values":
            findings.warn("column_by_values", column=column.header, field=column.field)
    if "name" in table.why.values():
        findings.note("names_not_stored", count=sum(why == "name" for why in table.why.values()))
    if not rows.typed_cells:
        _say_widths(rows)
    _say_cells(rows)


def _say_widths(rows: Rows) -> None:
    """Lines of a text file with cells beyond the headers, where most have them, or with fewer cells than most."""
    grid, headers = rows.table.grid, rows.table.headers
    beyond = [column for column in range(grid.width) if not any(headers[column:])]
    more = np.any([grid.filled(column)[rows.indices] for column in beyond], axis=0) if beyond else np.zeros(rows.size, dtype=bool)
    if 2 * more.sum() > rows.size:
        rows.findings.warn("csv_ragged", rows=rows.lines[more])
    rows.findings.warn("csv_short", rows=rows.lines[short_rows(rows)])


def _say_cells(rows: Rows) -> None:
    """Error cells (and the words of an error, as in a text file or pasted as values) and formulas without a value, per used column."""
    grid, last = rows.table.grid, int(rows.lines[-1])
    for field, column in rows.table.fields.items():
        for reason in ("error_cells", "uncached_formulas"):
            places = grid.problems.get(reason, {}).get(grid.first_column + column, [])
            listed = [row for row in places if rows.table.header_row < row <= last]
            total = max(len(listed), grid.totals.get(reason, {}).get(grid.first_column + column, 0) if listed else 0)
            if reason == "error_cells":
                words = rows.lines[rows.errors(column)].tolist()
                listed, total = sorted({*listed, *words}), total + len(words)
            vital = reason == "uncached_formulas" and field in ("birth_date", "employee_id", "age") and total > rows.size / 2
            add = rows.findings.error if vital else rows.findings.warn
            add(reason, column=rows.table.headers[column], rows=listed, count=total)

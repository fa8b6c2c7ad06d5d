"""A staff list with a column of fte for every month or quarter, laid out as a list that stacks those months."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analytics.errors import Refusal
from intake.context import Rows
from intake.grid import Grid
from intake.moments import FAR_AHEAD, month_end, period, year_in
from intake.recognise import Table, describe_columns, fingerprint
from intake.report import Column, Findings, ImportReport, Kind, Options
from intake.values.dates import MONTHS
from intake.values.numbers import parse_numbers
from intake.values.words import null_mask
from intake.vocabulary import plain

FEWEST = 3
"""Columns headed by a month from which on they are a row of months."""
MOST = 1.5
"""Amounts up to this may be fte where the headers do not say what they are."""
SURE = 0.9
LOOKED_AT = 200
PLACES = ("fte", "snapshot_date")
_FTE = re.compile(
    r"(?<![a-z])(?:fte'?s?|vza|formatie|bezetting|bsgrd"
    r"|(?:deeltijd|parttime|part time|werktijd|dt|pt)[- ]?(?:factor|percentage|%))(?![a-z])"
)
_HOURS = re.compile(r"(?<![a-z])(?:contract)?(?:uren|hours|stunden)(?![a-z])")
_BETWEEN = re.compile(r"[\s_/():,;%|-]+")
_DAY = re.compile(r"^(20\d\d)-(\d\d)-\d\d(?: 00:00:00)?$|^\d{1,2}[-/.](\d{1,2})[-/.](20\d\d)$")
_QUARTER = re.compile(r"^(?:q|kw?|kwartaal|quarter|quartal) ?([1-4])$")
_NUMBER = re.compile(r"^(?:maand|month|monat|mnd|m) ?(\d{1,2})$|^(\d{1,2})$")
_NOTHING = r"^\s*-?0*[.,]?0*\s*%?\s*$"


@dataclass(frozen=True, slots=True)
class _Heading:
    """A column whose header is a month (a quarter: its last one). year: 0 = not told. fte: the header says what stands below it."""

    column: int
    year: int
    month: int
    fte: bool


def _heading(column: int, header: str) -> _Heading | None:
    text = plain(header)
    bare = _FTE.sub(" ", text)
    fte, bare = bare != text, _HOURS.sub(" ", bare).strip(" _/():,;|-")
    if match := _DAY.match(bare):
        year, month = int(match[1] or match[4]), int(match[2] or match[3])
        return _Heading(column, year, month, fte) if 1 <= month <= 12 else None
    spaced = _BETWEEN.sub(" ", bare).strip().removesuffix(".")
    if spaced in MONTHS:
        return _Heading(column, 0, MONTHS[spaced], fte)
    if match := _QUARTER.match(spaced):
        return _Heading(column, 0, 3 * int(match[1]), fte)
    match = _NUMBER.match(spaced)
    if match and 1 <= int(match[1] or match[2]) <= 12:
        return _Heading(column, 0, int(match[1] or match[2]), fte)
    day = None if re.fullmatch(r"\d{4}", spaced) else period(bare) or period(spaced)
    return _Heading(column, day.year, day.month, fte) if day else None


def _headings(table: Table) -> list[_Heading]:
    """The months across the sheet, [] where there are none: those that say fte where some do."""
    free = [
        column
        for column, header in enumerate(table.headers)
        if header and column not in table.side and (table.why.get(column, "values") == "values") and column not in table.duplicates
    ]
    found = [heading for column in free if (heading := _heading(column, table.headers[column]))]
    if any(heading.fte for heading in found):
        found = [heading for heading in found if heading.fte]
    elif found and _group_says_fte(table, found[0].column):
        found = [replace(heading, fte=True) for heading in found]
    bare = [heading for heading in found if _NUMBER.match(_FTE.sub(" ", plain(table.headers[heading.column])).strip(" _/()-"))]
    if bare and {heading.month for heading in bare} != set(range(1, 13)):
        found = [heading for heading in found if heading not in bare]  # "FTE 1" and "FTE 2" may be two contracts
    if len(found) < FEWEST or len({(heading.year, heading.month) for heading in found}) < len(found):
        return []
    return found


def _group_says_fte(table: Table, column: int) -> bool:
    """Whether the cell above the first month, or the one that reaches over it, or the name of the sheet speaks of fte."""
    above = table.grid.row(table.header_index - 1)[: column + 1] if table.header_index else []
    group = next((cell for cell in reversed(above) if cell.strip()), "")
    return bool(_FTE.search(plain(group)) or _FTE.search(plain(table.grid.name)))


def by_month(table: Table, indices: np.ndarray, options: Options, name: str, findings: Findings) -> tuple[Table, np.ndarray]:
    """(table, data rows) with a row for every person and month in which somebody has any fte, or as they were where the fte does not
    stand in months. name: of the file, which may tell the year.

    Refusal: fte_months_without_year.
    """
    found = _headings(table) if table.kind == Kind.EMPLOYEES else []
    if not found or any(place in (options.mapping or {}) for place in PLACES) or table.has("snapshot_date"):
        return table, indices
    months = {heading.column for heading in found}
    guessed = table.fields.get("fte") in months
    one = any(field in table.fields and table.fields[field] not in months for field in ("fte", "hours_per_week"))
    says, values = found[0].fte, _values(table, found, indices)
    if one or not (says or guessed or _parts(values)):
        if says or (not one and _numbers(values)):
            example = table.headers[found[0].column]
            findings.warn("month_columns_left_out", column=example, count=len(found), last=table.headers[found[-1].column])
        return table, indices
    dated = _dated(table, found, options.as_of, name)
    last = options.as_of or (options.today or date.today()) + FAR_AHEAD
    used = {day: column for day, column in dated.items() if day <= last} or dated
    some = {day: _has_any(table.grid, column, indices) for day, column in used.items()}
    if not np.any(list(some.values())):
        return table, indices
    laid, rows = _laid(table, indices, used, some, sorted(dated.values()))
    findings.warn(
        "fte_by_month",
        column=table.headers[used[min(used)]],
        count=len(used),
        first=min(used),
        last=max(used),
        later=len(dated) - len(used),
    )
    findings.warn("no_fte_in_any_month", rows=table.grid.row_numbers()[indices[~np.any(list(some.values()), axis=0)]])
    return laid, rows


def _values(table: Table, found: list[_Heading], indices: np.ndarray) -> np.ndarray:
    """Amounts in some of the data rows, NaN for what is no number; [] where all of them are empty."""
    some = indices[:: max(1, len(indices) // LOOKED_AT)]
    texts = [text for heading in found for text in table.grid.cells(heading.column, some).to_pylist() if text]
    texts = [text for text, none in zip(texts, null_mask(texts), strict=True) if not none]
    return parse_numbers(pd.Series(texts, dtype="str"), small=True).values


def _numbers(values: np.ndarray) -> bool:
    return len(values) > 0 and bool((~np.isnan(values)).mean() >= SURE)


def _parts(values: np.ndarray) -> bool:
    """Amounts that may be fte: none below zero or far above one, and not all of them whole."""
    known = values[~np.isnan(values)]
    return _numbers(values) and known.min() >= 0 and 0 < known.max() <= MOST and bool((known % 1).any())


def _dated(table: Table, found: list[_Heading], as_of: date | None, name: str) -> dict[date, int]:
    """{last day of the month: grid column}, the year from where it stands: headers, lines above them, sheet, file, reference date."""
    above = [cell for row in range(max(table.header_index - 20, 0), table.header_index) for cell in table.grid.row(row)]
    year = year_in(above) or year_in([table.grid.name]) or year_in([name]) or (as_of.year if as_of else 0)
    if not year and not all(heading.year for heading in found):
        raise Refusal("fte_months_without_year", sheet=table.grid.name, header=table.headers[found[0].column], count=len(found))
    return {month_end(heading.year or year, heading.month): heading.column for heading in found}


def _laid(
    table: Table, indices: np.ndarray, used: dict[date, int], some: dict[date, np.ndarray], months: list[int]
) -> tuple[Table, np.ndarray]:
    """(the table with a row for each person and month, its data rows): the first two of the columns of months hold the day and the fte,
    so that every other column keeps its letter. some: per month, boolean per data row: has fte in it."""
    grid = table.grid
    places = np.concatenate([indices[has] for has in some.values()])
    days = np.repeat([day.isoformat() for day in some], [int(has.sum()) for has in some.values()])
    amounts = pa.chunked_array([grid.cells(used[day], indices[has]).combine_chunks() for day, has in some.items()], pa.string())
    first, second, *rest = months
    take = pa.array(np.concatenate([[table.header_index], places]).astype(np.int64))
    columns: dict[str, pa.ChunkedArray | pa.Array] = {str(column): grid.table.column(column).take(take) for column in range(grid.width)}
    columns[str(first)] = pa.array(["Periode", *days], pa.string())
    columns[str(second)] = pa.chunked_array([pa.array(["FTE"], pa.string()), *amounts.chunks], pa.string())
    columns |= {str(column): pa.nulls(len(places) + 1, pa.string()) for column in rest}
    headers = list(table.headers)
    headers[first], headers[second] = "Periode", "FTE"
    for column in rest:
        headers[column] = ""
    laid = Grid(
        grid.name,
        pa.table(columns),
        first_column=grid.first_column,
        hidden=grid.hidden,
        lines=grid.row_numbers()[np.concatenate([[table.header_index], places]).astype(np.int64)],
        hidden_rows=grid.hidden_rows,
        hidden_columns=grid.hidden_columns,
        filtered=grid.filtered,
        problems=grid.problems,
        totals=grid.totals,
        remarks=grid.remarks,
    )
    fields = {name: column for name, column in table.fields.items() if column not in months}
    why = {column: told for column, told in table.why.items() if column not in months}
    new = replace(
        table,
        grid=laid,
        header_index=0,
        data_start=1,
        headers=headers,
        fields=fields | {"snapshot_date": first, "fte": second},
        why=why | {first: "synonym", second: "synonym"},
    )
    return new, np.arange(1, len(places) + 1)


def _has_any(grid: Grid, column: int, indices: np.ndarray) -> np.ndarray:
    """Boolean per data row: some fte stands in the month; a zero, a dash and an empty cell are none."""
    coded = pc.fill_null(grid.cells(column, indices), "").combine_chunks().dictionary_encode()
    texts = coded.dictionary.to_pylist()
    none = np.array(null_mask([text.strip() for text in texts]), dtype=bool) | pc.match_substring_regex(
        coded.dictionary, _NOTHING
    ).to_numpy(zero_copy_only=False).astype(bool)
    return ~none[coded.indices.to_numpy(zero_copy_only=False)]


def as_in_file(report: ImportReport, rows: Rows, before: Table) -> ImportReport:
    """The report with the columns as they stand in the file: the months are used together, and each can be chosen alone.
    A row of the file is named once, whatever number of months it stands in."""
    if rows.table is before:
        return report
    months = {heading.column for heading in _headings(before)}
    letters = {before.grid.letter(column) for column in months}
    columns = tuple(
        Column(column.header, column.letter, "", "used", "by_month") if column.letter in letters else column
        for column in describe_columns(before)
    )
    mapping = {field: header for field, header in report.mapping.items() if field not in PLACES}
    findings = tuple(replace(finding, rows=tuple(dict.fromkeys(finding.rows))) for finding in report.findings)
    return replace(
        report,
        findings=findings,
        rejected=tuple(dict.fromkeys(report.rejected)),
        columns=columns,
        mapping=mapping,
        fingerprint=fingerprint(before.headers),
    )

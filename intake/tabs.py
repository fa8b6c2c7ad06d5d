"""A sheet of people for every location or department, with the same headers: one staff list, when somebody says so."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pyarrow.compute as pc

from intake.recognise import Table, fingerprint
from intake.report import Findings, ImportReport, Kind, Options
from intake.values.words import null_mask

QUESTION = "sheets"
CHOICES = ("apart", "together")
PERIODS = ("snapshot_date", "snapshot_year", "snapshot_month")
PLACES = ("location", "unit")
MADE = "rij-"
"""Begins the number of somebody who has none: that of the row, which is another one on each sheet."""


def alike(main: Table, unused: list[Table], options: Options) -> tuple[list[Table], frozenset[str], int]:
    """(other visible sheets of people with the headers of the main one, employee numbers on all of them, how many of these stand on more
    than one)."""
    if main.kind != Kind.EMPLOYEES or options.sheet is not None or not main.has("employee_id") or any(map(main.has, PERIODS)):
        return [], frozenset(), 0
    same = fingerprint(main.headers)
    found = [table for table in unused if table.kind == Kind.EMPLOYEES and not table.grid.hidden and fingerprint(table.headers) == same]
    found = [table for table in found if table.grid.height > table.data_start]
    seen: set[str] = set()
    twice: set[str] = set()
    for table in [main, *found] if found else []:
        own = _ids(table)
        twice, seen = twice | (seen & own), seen | own
    return found, frozenset(seen), len(twice)


def _ids(table: Table) -> set[str]:
    cells = pc.unique(table.grid.cells(table.fields["employee_id"]).slice(table.data_start)).drop_null().to_pylist()
    return {text.strip() for text, none in zip(cells, null_mask(cells), strict=True) if not none and text.strip()}


def say(findings: Findings, found: list[Table], twice: int, options: Options) -> bool:
    """Tell of the sheets and ask about them; whether they are to be read together."""
    chosen, names = options.answers.get(QUESTION, ""), ", ".join(table.grid.name for table in found)
    if not found or (twice and chosen != "together"):
        return False
    if twice:
        findings.warn("sheets_overlap", count=twice, example=names)
    elif chosen == "together":
        findings.note("sheets_together", count=len(found), example=names)
    else:
        findings.note("sheets_alike", count=len(found), example=names, question=QUESTION, assumed="apart")
    return chosen == "together" and not twice


def placed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The people of one sheet, at the location (else in the department) that the sheet is called by, where the list does not tell."""
    name = next((place for place in PLACES if not table.has(place)), None)
    frame = frame if name is None else frame.assign(**{name: pd.Series(table.grid.name, index=frame.index, dtype="str")})
    for column in ("employee_id", "person"):
        made = frame[column].str.startswith(MADE)
        if made.any():
            frame = frame.assign(**{column: frame[column].mask(made, frame[column] + "-" + table.grid.name)})
    return frame


def whole(reports: list[ImportReport], frame: pd.DataFrame) -> ImportReport:
    """The main sheet's report with the people and names of all sheets; its rows stay those of its own sheet. frame: of all people."""
    staff = [report for report in reports if report.kind == str(Kind.EMPLOYEES)]
    values: dict[str, dict[str, int]] = {}
    for report in staff:
        for name, counts in report.values.items():
            own = values.setdefault(name, {})
            own |= {text: own.get(text, 0) + count for text, count in counts.items()}
    return replace(
        reports[0],
        people=int(frame["person"].nunique()),
        active=sum(report.active for report in staff),
        unread=tuple(sorted({number for report in staff for number in report.unread} - set(frame["employee_id"]))),
        values=values,
    )

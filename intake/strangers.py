"""Lines about people who are in no staff list: kept, since that list may come later, but said, for till then they count nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from intake.report import Findings, Import, ImportReport, Kind
from intake.together import with_more

ABOUT_PEOPLE = (Kind.SKILLS, Kind.WISHES, Kind.TRAININGS)


def name_strangers(imported: Import, unknown: Callable[[list[str]], list[str]]) -> Import:
    """The same with a warning on each sheet with lines about people who are in no list: neither in the staff list of the file, nor
    known. unknown: those of the given ids whom no earlier staff list holds. No id is an example: a matrix may be headed by names."""
    staff = imported.frames.get(Kind.EMPLOYEES.value)
    here = set() if staff is None else set(staff["employee_id"])
    lines = {kind.value: imported.frames[kind.value]["employee_id"] for kind in ABOUT_PEOPLE if kind.value in imported.frames}
    ids = sorted({who for column in lines.values() for who in column if who} - here)
    strangers = set(unknown(ids)) if ids else set()
    if not strangers:
        return imported
    found = {kind: column[column.isin(strangers)] for kind, column in lines.items()}
    reports = tuple(_said(report, found.pop(str(report.kind), None)) for report in imported.reports)
    return replace(imported, reports=reports)


def _said(report: ImportReport, about: pd.Series | None) -> ImportReport:
    if about is None or about.empty:
        return report
    findings = Findings(report.sheet)
    findings.warn("people_not_in_list", column=report.mapping.get("employee_id", ""), count=len(about), people=int(about.nunique()))
    return with_more(report, findings)

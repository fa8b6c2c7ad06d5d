"""Sheets of one file, and lists of earlier files, that speak of the same roles, departments and people in another spelling.

Names take the spelling of the staff list; employee numbers are never changed, their other spelling is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd
import pyarrow as pa

from intake.identity import folded
from intake.report import Findings, Import, ImportReport, Kind, Severity
from intake.vocabulary import plain

_NAMES = {"location": "location", "unit": "unit", "role": "role", "wished_role": "role"}
"""Column of a frame -> the column of the staff list whose names it holds."""
_OF_PEOPLE = (Kind.DEPARTURES, Kind.SKILLS, Kind.WISHES, Kind.TRAININGS)


def agree(imported: Import, used: Mapping[str, Iterable[str]] | None = None) -> Import:
    """The same with the names of the other sheets as the staff list spells them, and a warning on sheets whose employee numbers differ
    from those of the staff list only in zeros, spaces or capitals. used: {"role" | "unit": names of the stored staff list}."""
    staff = imported.frames.get(Kind.EMPLOYEES.value)
    said: dict[str, Findings] = {}
    frames = dict(imported.frames)
    for kind, frame in imported.frames.items():
        report = _report_about(imported, kind)
        if staff is frame or report is None or frame.empty:
            continue
        findings = said.setdefault(report.sheet, Findings(report.sheet))
        frames[kind] = _spelled(frame, staff, used or {}, report, findings)
        if staff is not None and kind in _OF_PEOPLE:
            _say_other_ids(frame["employee_id"], staff["employee_id"], report, findings)
        if staff is not None and kind == Kind.DEPARTURES:
            _say_still_listed(frame, staff, report, findings)
    if not any(len(findings) for findings in said.values()):
        return imported
    return replace(imported, frames=frames, reports=tuple(with_more(report, said.get(report.sheet)) for report in imported.reports))


def with_more(report: ImportReport, findings: Findings | None) -> ImportReport:
    """A report with further findings, in their order of weight."""
    if findings is None or not len(findings):
        return report
    order = list(Severity)
    return replace(report, findings=tuple(sorted((*report.findings, *findings), key=lambda finding: order.index(finding.severity))))


def _report_about(imported: Import, kind: str) -> ImportReport | None:
    """The report of the sheet that gave a frame; an establishment may stand in the sheet of the roles."""
    wanted = (kind, Kind.ROLES.value) if kind == Kind.FORMATION else (kind,)
    return next((report for name in wanted for report in imported.reports if report.kind == name), None)


def _spelled(
    frame: pd.DataFrame, staff: pd.DataFrame | None, used: Mapping[str, Iterable[str]], report: ImportReport, findings: Findings
) -> pd.DataFrame:
    for column, name in _NAMES.items():
        if column not in frame:
            continue
        known = set(used.get(name, ())) if staff is None else set(staff[name].unique())
        spelled = {_alike(text): text for text in sorted(known) if text}
        changed = {text: spelled.get(_alike(text), text) for text in frame[column].unique() if text and text not in known}
        changed = {text: other for text, other in changed.items() if text != other}
        if changed:
            rows = int(frame[column].isin(list(changed)).sum())
            findings.note("spelling_of_the_list", column=report.mapping.get(column, ""), count=rows, example=min(changed))
            frame = frame.assign(**{column: frame[column].replace(changed)})
    return frame


def _alike(text: str) -> str:
    return plain(text).replace(" ", "")


def _say_other_ids(given: pd.Series, listed: pd.Series, report: ImportReport, findings: Findings) -> None:
    own = listed.unique()
    unknown = sorted(set(given.unique()) - set(own) - {""})
    if not unknown:
        return
    as_listed = dict(zip(folded(pa.array(own, pa.string())).to_pylist(), own, strict=True))
    alike = {text: as_listed.get(key) for text, key in zip(unknown, folded(pa.array(unknown, pa.string())).to_pylist(), strict=True) if key}
    other = [text for text, found in alike.items() if found]
    if other:
        example = f"{other[0]} / {alike[other[0]]}"
        count = int(given.isin(other).sum())
        findings.warn(
            "ids_of_the_list_differ", column=report.mapping.get("employee_id", ""), count=count, example=example, people=len(other)
        )


def _say_still_listed(departures: pd.DataFrame, staff: pd.DataFrame, report: ImportReport, findings: Findings) -> None:
    """People who left by one sheet and are here by the other on the newest reference date; who was hired again after that is here."""
    newest = staff[staff["as_of"] == staff["as_of"].max()]
    here = newest[newest["leave_date"].isna() | (newest["leave_date"] > newest["as_of"])]
    both = departures.merge(here[["employee_id", "as_of", "hire_date"]], on="employee_id")
    both = both[(both["leave_date"] <= both["as_of"]) & (both["hire_date"].isna() | (both["hire_date"] <= both["leave_date"]))]
    people = both["employee_id"].unique()
    if len(people):
        findings.warn("left_and_still_listed", column=report.mapping.get("leave_date", ""), count=len(people), example=people[0])

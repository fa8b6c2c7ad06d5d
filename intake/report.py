"""What an import returns: options in, findings and checked frames out. Words for reasons live in presentation/texts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import pandas as pd

from analytics.errors import Refusal

MAX_ROWS_LISTED = 20
MAX_EXAMPLE = 80
SAID_OF_ALL = frozenset({"shifted_row"})


class Severity(StrEnum):
    """error blocks storing; warning asks to look; note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Kind(StrEnum):
    """What one row of a sheet describes."""

    EMPLOYEES = "employees"
    ROLES = "roles"
    FORMATION = "formation"
    DEPARTURES = "departures"
    VACANCIES = "vacancies"
    SKILLS = "skills"
    REQUIREMENTS = "requirements"
    TRAININGS = "trainings"
    WISHES = "wishes"
    SKILL_LIST = "skill_list"


@dataclass(frozen=True, slots=True)
class Options:
    """What the person importing decides; everything else is found in the file.

    sheet: name of the sheet to read (None = best match). header_row: Excel row of its headers (None = best match).
    as_of: reference date of the staff list.
    mapping: {field: header}, wins over recognition. answers: {question: choice}, for instance
    {"date_order:Geboortedatum": "dmy", "fte_unit": "percent"}. values: {field: {text in the file: own value}}.
    country: whose pension rule holds where the file has no country. today: injectable clock.
    renames: (unit | role, old name, new name, is it the same one) for names that changed between two uploads.
    known: headers chosen for earlier files, by which the row of headers is found where none is a usual one.
    recall: called once with (fingerprint, headers, {field: header} recognised, these options) before anything is checked; what it
    returns is used, so that choices made for an earlier file need no second reading.
    memory: bytes the reading child may use. seconds: time it may take. progress: called with (step name, 0-1).
    """

    sheet: str | None = None
    header_row: int | None = None
    as_of: date | None = None
    mapping: dict[str, str] | None = None
    country: str = "NL"
    today: date | None = None
    answers: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    renames: tuple[tuple[str, str, str, bool], ...] = ()
    known: frozenset[str] = frozenset()
    recall: Callable[[str, tuple[str, ...], dict[str, str], Options], Options] | None = None
    memory: int = 1_200_000_000
    seconds: float = 120.0
    progress: Callable[[str, float], None] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen in the file. `rows` are Excel rows (1-based, at most 20); `count` counts all of them."""

    severity: Severity
    reason: str
    sheet: str = ""
    column: str = ""
    count: int = 1
    rows: tuple[int, ...] = ()
    example: str = ""
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file. use: used | ignored | sensitive; why: synonym | values | mapping | similar | empty | name | unknown | ..."""

    header: str
    letter: str
    field: str = ""
    use: str = "ignored"
    why: str = "unknown"
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """One recognised sheet. rows_read = rows_kept + rows_rejected, data rows only; `active` is of the latest snapshot."""

    file: str
    kind: str
    sheet: str
    header_row: int
    as_of: date | None
    rows_read: int
    rows_kept: int
    rows_rejected: int
    people: int
    active: int
    mapping: dict[str, str]
    columns: tuple[Column, ...]
    snapshots: tuple[date, ...]
    findings: tuple[Finding, ...]
    rejected: tuple[int, ...] = ()
    fingerprint: str = ""
    values: dict[str, dict[str, int]] = field(default_factory=dict)
    """{field: {text in the file: rows}} of the columns whose values a person may map: role, unit, level."""

    unread: tuple[str, ...] = ()
    """Employee ids of rows that were not kept: these people are in the file and would look as if they had left."""

    @property
    def blocked(self) -> bool:
        """True when an error stands in the way of storing."""
        return any(finding.severity == Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class SheetSeen:
    """A sheet of the workbook. kind: what its rows describe ("" = no table found). tops: (Excel row, texts) of what may be headers."""

    name: str
    hidden: bool
    kind: str
    tops: tuple[tuple[int, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Import:
    """Everything read from one file. reports[0] is the main sheet; frames holds one table per kind; options: as used."""

    reports: tuple[ImportReport, ...]
    frames: dict[str, pd.DataFrame]
    content_hash: str
    options: Options = field(default_factory=Options)
    sheets: tuple[SheetSeen, ...] = ()

    @property
    def main(self) -> ImportReport:
        return self.reports[0]

    @property
    def blocked(self) -> bool:
        return any(report.blocked for report in self.reports)


class Findings:
    """Collects what is seen in one sheet, so that everything is said at once."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self._found: list[Finding] = []
        self.unsaid: frozenset[int] = frozenset()
        """Excel rows of which only the reasons in SAID_OF_ALL are told."""

    def add(
        self,
        severity: Severity,
        reason: str,
        *,
        column: str = "",
        rows: object = None,
        count: int | None = None,
        example: object = "",
        **params: object,
    ) -> None:
        """Note a finding; `rows` is any sequence of Excel rows, counted unless `count` says otherwise. Zero is nothing to say."""
        given: Sequence[int] = () if rows is None else rows  # type: ignore[assignment]
        if self.unsaid and rows is not None and reason not in SAID_OF_ALL:
            given = [row for row in given if int(row) not in self.unsaid]
            count = None if count is None else max(count - (len(rows) - len(given)), 0)  # type: ignore[arg-type]
        total = count if count is not None else 1 if rows is None else len(given)
        if total == 0:
            return
        listed = tuple(int(row) for row in itertools.islice(given, MAX_ROWS_LISTED))
        self._found.append(Finding(severity, reason, self.sheet, column, total, listed, shorten(example), params))

    def error(self, reason: str, **details: object) -> None:
        self.add(Severity.ERROR, reason, **details)  # type: ignore[arg-type]

    def warn(self, reason: str, **details: object) -> None:
        self.add(Severity.WARNING, reason, **details)  # type: ignore[arg-type]

    def note(self, reason: str, **details: object) -> None:
        self.add(Severity.NOTE, reason, **details)  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self._found)

    def back_to(self, length: int, unsaid: frozenset[int]) -> None:
        """Forget what was said since, to say it again without the rows that are told of as a whole."""
        del self._found[length:]
        self.unsaid = unsaid

    def __iter__(self):
        return iter(self._found)

    def sorted(self) -> tuple[Finding, ...]:
        """Errors first, then warnings, then notes; within a severity in the order found."""
        order = list(Severity)
        return tuple(sorted(self._found, key=lambda finding: order.index(finding.severity)))


def shorten(value: object) -> str:
    """A cell's text for showing: one line, at most 80 characters."""
    text = " ".join(str(value).split())
    return text if len(text) <= MAX_EXAMPLE else text[: MAX_EXAMPLE - 1] + "…"


__all__ = ["Column", "Finding", "Findings", "Import", "ImportReport", "Kind", "Options", "Refusal", "Severity", "shorten"]

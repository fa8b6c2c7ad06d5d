"""What only a person can tell about a file: order of dates, units, scales. Questions out; answers go in as Options."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analytics.release import Viewer
from intake.employment import UNDATED, UNDATED_CHOICES
from intake.glance import glance as look
from intake.history import CHOICES as LINES
from intake.kinds import FIELDS_OF
from intake.levels import SCALES, convert
from intake.report import SheetSeen
from intake.tabs import CHOICES as SHEETS_CHOICES
from intake.tabs import QUESTION as SHEETS
from workflows.access import Right, require
from workflows.importing import Draft

CHOICES: dict[str, tuple[str, ...]] = {
    "date_order": ("dmy", "mdy"),
    "decimal_sign": (",", "."),
    "fte_unit": ("fraction", "percent", "hours"),
    "salary_basis": ("full_week", "as_paid"),
    "skill_scale": tuple(SCALES),
    "lines": LINES,
    UNDATED: UNDATED_CHOICES,
    SHEETS: SHEETS_CHOICES,
}
"""Question -> what may be answered; the reference date (as_of) is asked for as a date."""
KINDS = tuple(str(kind) for kind in FIELDS_OF)
"""What a row of a sheet may be about; a list of people first."""
PER_COLUMN = ("date_order", "decimal_sign")


@dataclass(frozen=True, slots=True)
class Question:
    """key: what goes into Options.answers. chosen: the answer given ("" = none yet). assumed: what was used meanwhile, if it was told."""

    key: str
    topic: str
    column: str
    example: str
    chosen: str = ""
    assumed: str = ""


def glance(viewer: Viewer, path: Path) -> tuple[SheetSeen, ...]:
    """The sheets of a file that was refused, with the rows that may be their headers: for pointing out what is what. Refusals:
    not_allowed, those of reading."""
    require(viewer, Right.IMPORT)
    return look(path)


def questions(viewer: Viewer, draft: Draft) -> tuple[Question, ...]:
    """Open questions and those answered before, once each."""
    require(viewer, Right.IMPORT)
    answers = draft.options.answers
    found: dict[str, Question] = {}
    for report in draft.reports:
        for finding in report.findings:
            topic = str(finding.params.get("question", ""))
            key = f"{topic}:{finding.column}" if topic in PER_COLUMN else topic
            if topic in CHOICES or topic == "as_of":
                assumed = str(finding.params.get("assumed", ""))
                found.setdefault(key, Question(key, topic, finding.column, finding.example, answers.get(key, ""), assumed))
    for key, answer in answers.items():
        topic, _, column = key.partition(":")
        if topic in CHOICES and key not in found:
            found[key] = Question(key, topic, column, "", answer)
    return tuple(found.values())


def levels(viewer: Viewer, draft: Draft) -> pd.DataFrame:
    """How the levels of a sheet with skills are read: text, rows, level (0-5, NaN = not known); empty when the file has none."""
    require(viewer, Right.IMPORT)
    counts: dict[str, int] = {}
    for report in draft.reports:
        for name in ("level", "required_level"):
            for text, rows in report.values.get(name, {}).items():
                counts[text] = counts.get(text, 0) + rows
    texts = sorted(counts)
    told = next((one.chosen or one.assumed for one in questions(viewer, draft) if one.topic == "skill_scale"), "")
    found, _, _ = convert(texts, draft.options.values.get("level", {}), told)
    return pd.DataFrame({"text": pd.Series(texts, dtype="str"), "rows": [counts[text] for text in texts], "level": found})

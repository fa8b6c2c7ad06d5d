"""Whatever the lists and bounds of the template let through, the import understands: every choice, both ends of every number."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

import intake
from presentation.exports.template import SHEETS, Field, template
from presentation.texts import LANGUAGES, Words

TODAY = date(2026, 1, 1)
ROWS = 24
"""Rows filled per sheet: every list comes round at least three times."""
DAYS = {"birth_date": date(1980, 6, 15), "hire_date": date(2015, 3, 1), "snapshot_date": TODAY, "expiry_date": date(2027, 5, 1)}


def allowed(sheet: Worksheet, column: int, item: Field) -> list[object]:
    """What the rule of a column lets somebody type: all choices of its list, else both ends and a number between them."""
    letter = get_column_letter(column)
    rules = [rule for rule in sheet.data_validations.dataValidation if str(rule.sqref).startswith(f"{letter}2:")]
    if not rules:
        return [f"{item.name} {at}" for at in range(ROWS)]
    [rule] = rules
    if rule.type == "list" and '"' in str(rule.formula1):
        return [*str(rule.formula1).strip('"').split(",")]
    if rule.type == "list":
        return ["een naam"]
    if rule.type == "date":
        return [DAYS.get(item.name, date(2025, 5, 17))]
    low, high = float(str(rule.formula1)), float(str(rule.formula2))
    return [low, high, (low + high) / 2]


@pytest.fixture(scope="module", params=LANGUAGES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, intake.Import]:
    """The template of a language with everything typed into it that its own rules allow, read back."""
    language = request.param
    words, book = Words(language), openpyxl.load_workbook(io.BytesIO(template(language)))
    for kind, columns in SHEETS.items():
        sheet = book[words(f"template.sheet.{kind}")]
        for column, item in enumerate(columns, start=1):
            values = allowed(sheet, column, item)
            for row in range(2, ROWS + 2):
                turn = row // 4 if item.name == "population" else row  # so that each kind of person meets each kind of contract
                sheet.cell(row, column, _value(kind, item, row, values[turn % len(values)]))
    path = tmp_path_factory.mktemp("template") / f"{language}.xlsx"
    book.save(path)
    return language, intake.read_file(path, path.name, intake.Options(today=TODAY))


def _value(kind: str, item: Field, row: int, value: object) -> object:
    """A person, a role and a skill of its own in each row; somebody in ten has left; levels are whole."""
    own = {"employee_id": f"00{1000 + row}", "isco": "7411", "skills_after": "meten 2", "needs_training": "VCA"}
    if item.name in ("role", "skill", "training", "vacancy_id"):
        return f"{item.name} {row}"
    if kind == "employees" and item.name in ("leave_date", "contract_end_date") and row % 10:
        return None
    if item.name in ("level", "required_level", "importance") and isinstance(value, float):
        return int(value)
    return own.get(item.name, value)


def test_every_choice_and_both_ends_of_every_number_are_accepted(filled: tuple[str, intake.Import]) -> None:
    _, result = filled
    assert {str(report.kind) for report in result.reports} == set(SHEETS)
    for report in result.reports:
        assert (report.rows_read, report.rows_kept) == (ROWS, ROWS), (report.kind, report.findings)
    wrong = [
        (finding.sheet, finding.reason, finding.column, finding.example)
        for report in result.reports
        for finding in report.findings
        if finding.severity != "note" and finding.reason not in MEANT
    ]
    assert wrong == []


MEANT = {"fte_against_hours", "wishes_contradict"}
"""Rightly said about somebody with 1.5 fte and no hours, or who wants more and fewer hours, as a row of all choices makes them."""


def test_every_choice_keeps_its_own_meaning(filled: tuple[str, intake.Import]) -> None:
    """A list offers no two words for one thing, and none that ends up empty."""
    language, result = filled
    words = Words(language)
    frames = result.frames
    staff, skills = frames["employees"], frames["skills"]
    assert set(staff["gender"]) == {"m", "f", "x"}
    assert set(staff["population"]) == {"own", "flex"}
    own = staff[staff["population"].eq("own")]
    assert set(own["contract_type"]) >= {"permanent", "fixed", "apprentice", "oncall"}
    for frame, name in ((skills, "source"), (frames["skill_list"], "skill_kind"), (frames["wishes"], "stop_timing")):
        choices = words(f"template.choice.{name}").split("|")
        assert frame[name].nunique() == len(choices), (name, frame[name].unique())
        assert frame[name].ne("").all()
    causes = pd.Series(frames["departures"]["leave_reason"].tolist(), dtype="str")
    assert causes.ne("").all()
    assert set(causes) == {"retirement", "resignation", "contract_end", "other_exit"}
    for name in ("critical", "heavy", "apprentice"):
        assert set(frames["roles"][name]) == {True, False}

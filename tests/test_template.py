"""The empty workbook: complete, inert, without people in it, and understood by the import that asked for it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

import intake
from intake.files import READERS
from intake.vocabulary import vocabulary
from presentation.exports.template import SHEETS, template
from presentation.texts import LANGUAGES, Words

TODAY = date(2026, 11, 1)


def _book(language: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(template(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_has_headers_and_nobody_in_it(language: str) -> None:
    words, book = Words(language), _book(language)
    assert book.sheetnames == [*(words(f"template.sheet.{kind}") for kind in SHEETS), words("template.explanation")]
    for kind, columns in SHEETS.items():
        sheet = book[words(f"template.sheet.{kind}")]
        assert [cell.value for cell in sheet[1]] == [words(f"template.header.{item.name}") for item in columns]
        assert sheet.max_row == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_are_words_the_import_knows(language: str) -> None:
    for kind, columns in SHEETS.items():
        for item in columns:
            header = Words(language)(f"template.header.{item.name}")
            assert item.name in dict(vocabulary().fields(header)), (kind, header)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_has_one_name_on_screen_and_in_the_template(language: str) -> None:
    words = Words(language)
    assert words("template.header.location") == words("app.scope_locations") == words("column.location")


@pytest.mark.parametrize("language", LANGUAGES)
def test_explanation_tells_every_column_with_an_example(language: str) -> None:
    sheet = _book(language)[Words(language)("template.explanation")]
    told = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    assert len(told) == sum(len(columns) for columns in SHEETS.values())
    assert all(row[0] and row[1] and row[3] and row[4] for row in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_fit_in_excel_and_name_existing_sheets(language: str) -> None:
    book = _book(language)
    for sheet in book.worksheets[:-1]:
        for rule in sheet.data_validations.dataValidation:
            source = rule.formula1 or ""
            assert len(source) <= 255
            if "!" in source:
                assert source.split("!")[0].strip("'=") in book.sheetnames
            assert rule.errorStyle == "warning", "typing something else is never forbidden"
    assert book.worksheets[0].data_validations.count > 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_it_can_run(language: str) -> None:
    with zipfile.ZipFile(io.BytesIO(template(language))) as packed:
        for name in packed.namelist():
            text = packed.read(name).decode("utf-8", "replace")
            assert not re.search(r"<f[ >]|<hyperlink|vbaProject|externalLink", text), name
    assert template(language) == template(language)


def _example(text: str) -> object:
    for pattern in ("%d-%m-%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    return text


def _filled(language: str, path: Path) -> Path:
    """The template with its own examples typed into every sheet, dates as dates and numbers as numbers."""
    words, book = Words(language), _book(language)
    for kind, columns in SHEETS.items():
        sheet = book[words(f"template.sheet.{kind}")]
        for row in range(2, 14):
            for column, item in enumerate(columns, start=1):
                if item.name in ("leave_date", "leave_reason", "contract_end_date") and kind == "employees":
                    continue
                value = _example(words(f"template.example.{item.name}"))
                if item.holds == "number":
                    value = float(str(value).replace(",", "."))
                if item.name == "employee_id":
                    value = f"00{1200 + row}"
                if item.name == "birth_date":
                    value = datetime(1960 + row, 6, 15)
                if item.name in ("role", "vacancy_id", "skill") and kind not in ("employees",):
                    value = f"{value} {row}"
                sheet.cell(row, column, value)
    book.save(path)
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_filled_in_it_is_read_without_a_question(language: str, tmp_path: Path) -> None:
    path = _filled(language, tmp_path / "sjabloon.xlsx")
    result = intake.read_file(path, path.name, intake.Options(today=TODAY))
    assert result.main.kind == "employees"
    assert (result.main.rows_read, result.main.rows_kept, result.main.people) == (12, 12, 12)
    for report in result.reports:
        kind = str(report.kind)
        assert set(report.mapping) == {item.name for item in SHEETS[kind]}, kind
        assert not [finding for finding in report.findings if finding.severity != "note"], report.findings
    assert {str(report.kind) for report in result.reports} == {str(kind) for kind in READERS} & set(SHEETS)

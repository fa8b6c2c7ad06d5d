"""The empty workbook to fill in: one sheet per kind of data, headers the import knows, lists to choose from, an explanation.

Examples stand on the explanation sheet only, so that nothing invented is ever read as a person.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import xlsxwriter

from presentation.texts import Words

FILL_ROWS = 20_000
"""Rows that get formats and lists; more rows may be filled all the same."""

LIST_ROWS = 1_000
EARLIEST, LATEST = date(1920, 1, 1), date(2100, 12, 31)
MADE_ON = datetime(2026, 1, 5)
WIDEST = 60

Holds = Literal["text", "date", "number", "choice", "yes_no", "named"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column. low and high bound a number; `source` names the sheet and field whose values a "named" column repeats."""

    name: str
    holds: Holds = "text"
    needed: bool = False
    low: float = 0.0
    high: float = 1e9
    source: tuple[str, str] = ("roles", "role")


PERSON = Field("employee_id", needed=True)
LOCATION = Field("location", "named", source=("formation", "location"))
UNIT = Field("unit", "named", source=("formation", "unit"))
ROLE = Field("role", "named", needed=True)

SHEETS: dict[str, tuple[Field, ...]] = {
    "employees": (
        Field("snapshot_date", "date"),
        PERSON,
        Field("birth_date", "date", needed=True),
        Field("gender", "choice"),
        Field("hire_date", "date", needed=True),
        Field("leave_date", "date"),
        Field("leave_reason", "choice"),
        Field("population", "choice"),
        Field("contract_type", "choice"),
        Field("contract_end_date", "date"),
        LOCATION,
        Field("unit", "named", needed=True, source=("formation", "unit")),
        ROLE,
        Field("fte", "number", needed=True, high=1.5),
        Field("hours_per_week", "number", high=60),
        Field("salary", "number", high=100_000),
    ),
    "departures": (PERSON, Field("leave_date", "date", needed=True), Field("leave_reason", "choice", needed=True)),
    "roles": (
        Field("role", needed=True),
        Field("isco"),
        Field("critical", "yes_no"),
        Field("heavy", "yes_no"),
        Field("apprentice", "yes_no"),
        Field("hire_fte", "number", high=1),
        Field("cost", "number", high=1_000_000),
    ),
    "formation": (
        Field("location"),
        Field("unit"),
        ROLE,
        Field("establishment_fte", "number", needed=True, high=100_000),
        Field("vacancies_fte", "number", high=100_000),
        Field("growth", "number", low=-50, high=50),
    ),
    "vacancies": (
        Field("vacancy_id"),
        LOCATION,
        UNIT,
        ROLE,
        Field("vacancies_fte", "number", needed=True, high=1_000),
        Field("open_since", "date"),
    ),
    "requirements": (
        ROLE,
        Field("skill", needed=True),
        Field("required_level", "number", needed=True, low=1, high=5),
        Field("importance", "number", low=1, high=3),
        Field("mandatory", "yes_no"),
        Field("needed_people", "number", high=100_000),
        Field("share_change", "number", low=-50, high=50),
    ),
    "skills": (
        PERSON,
        Field("skill", "named", needed=True, source=("requirements", "skill")),
        Field("level", "number", high=5),
        Field("assessed_date", "date"),
        Field("source", "choice"),
        Field("expiry_date", "date"),
    ),
    "skill_list": (
        Field("skill", needed=True),
        Field("skill_group"),
        Field("skill_kind", "choice"),
        Field("valid_years", "number", high=50),
    ),
    "trainings": (
        PERSON,
        Field("training", needed=True),
        Field("completed_date", "date"),
        Field("expiry_date", "date"),
        Field("training_hours", "number", high=10_000),
        Field("training_days", "number", high=1_000),
        Field("training_cost", "number", high=100_000),
        Field("certificate", "yes_no"),
        Field("training_places", "number", high=10_000),
        Field("skills_after"),
        Field("needs_training"),
    ),
    "wishes": (
        PERSON,
        Field("wished_role", "named"),
        Field("wished_fte", "number", high=1.5),
        Field("more_hours", "yes_no"),
        Field("fewer_hours", "yes_no"),
        Field("willing_to_move", "yes_no"),
        Field("deepen", "yes_no"),
        Field("other_direction", "yes_no"),
        Field("teach", "yes_no"),
        Field("outside_firm", "yes_no"),
        Field("stop_timing", "choice"),
        Field("can"),
        Field("needs"),
        Field("agreed_step"),
        Field("agreed_date", "date"),
        Field("wish_date", "date"),
        Field("purpose"),
        Field("basis"),
    ),
}
"""Kind of data -> its columns, in the order people think of them."""

INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def template(language: str) -> bytes:
    """An .xlsx without data in the language ("nl" or "en")."""
    words = Words(language)
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, INERT) as book:
        book.set_properties({"title": words("template.title"), "created": MADE_ON})
        for kind, columns in SHEETS.items():
            _data_sheet(book, words, kind, columns)
        _explanation(book, words)
    return sink.getvalue()


def _data_sheet(book: xlsxwriter.Workbook, words: Words, kind: str, columns: tuple[Field, ...]) -> None:
    sheet = book.add_worksheet(words(f"template.sheet.{kind}"))
    sheet.freeze_panes(1, 0)
    for column, item in enumerate(columns):
        header = words(f"template.header.{item.name}")
        look = {"bold": True, "bg_color": "#DCE9F5" if item.needed else "#F0F2F5", "bottom": 1}
        sheet.set_column(column, column, max(14, len(header) + 3), book.add_format(_number_format(item)))
        sheet.write_string(0, column, header, book.add_format(look))
        rule = _validation(words, item)
        if rule:
            sheet.data_validation(1, column, FILL_ROWS, column, rule)


def _number_format(item: Field) -> dict[str, str]:
    """Texts keep their leading zeros; dates look like dates in the reader's own order."""
    return {"num_format": {"date": "dd-mm-yyyy", "number": "General"}.get(item.holds, "@")}


def _validation(words: Words, item: Field) -> dict[str, Any] | None:
    """What Excel checks while typing. It warns and never forbids: the import explains better."""
    ask = {"error_type": "warning", "error_title": words("template.wrong_title"), "error_message": words("template.wrong")}
    if item.holds == "date":
        return ask | {"validate": "date", "criteria": "between", "minimum": EARLIEST, "maximum": LATEST}
    if item.holds == "number":
        return ask | {"validate": "decimal", "criteria": "between", "minimum": item.low, "maximum": item.high}
    if item.holds == "named":
        return ask | {"validate": "list", "source": _cells_of(words, *item.source), "input_message": words("template.choose")}
    choices = _choices(words, item)
    return ask | {"validate": "list", "source": choices} if choices else None


def _choices(words: Words, item: Field) -> list[str]:
    key = {"choice": item.name, "yes_no": "yes_no"}.get(item.holds)
    return words(f"template.choice.{key}").split("|") if key else []


def _cells_of(words: Words, kind: str, name: str) -> str:
    """Reference to the cells under one header of a sheet."""
    letter = chr(ord("A") + [item.name for item in SHEETS[kind]].index(name))
    return f"='{words(f'template.sheet.{kind}')}'!${letter}$2:${letter}${LIST_ROWS}"


def _explanation(book: xlsxwriter.Workbook, words: Words) -> None:
    sheet = book.add_worksheet(words("template.explanation"))
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, words("template.title"), book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, words("template.advice"))
    sheet.write_string(2, 0, words("template.privacy"))
    parts = ("sheet", "column", "must", "meaning", "example", "choices")
    for column, part in enumerate(parts):
        sheet.write_string(4, column, words(f"template.table.{part}"), bold)
    row = 5
    for kind, columns in SHEETS.items():
        for item in columns:
            for column, text in enumerate(_told(words, kind, item)):
                sheet.write_string(row, column, text, wrap)
            row += 1
    for column, width in enumerate((18, 24, 14, WIDEST, 18, WIDEST)):
        sheet.set_column(column, column, width)


def _told(words: Words, kind: str, item: Field) -> tuple[str, ...]:
    return (
        words(f"template.sheet.{kind}"),
        words(f"template.header.{item.name}"),
        words("template.table.needed" if item.needed else "template.table.wanted"),
        words(f"template.meaning.{item.name}"),
        words(f"template.example.{item.name}"),
        ", ".join(_choices(words, item)),
    )

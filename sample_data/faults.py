"""One workbook with one of every mistake an import report must name, and a list of what it should say about which row.

The workbook is wrong on purpose: names, citizen numbers and the like are invented, and stand there to be refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from sample_data.workbook import MADE_ON

AS_OF = date(2026, 1, 1)
HEADER_ROW = 5
SENSITIVE = {
    "Naam": "J. Voorbeeld",
    "BSN": "999999990",
    "Nationaliteit": "Onbekendlandse",
    "Reden ziekmelding": "rug",
    "Geloof": "geen",
    "Woonadres": "Dorpsstraat 1",
    "Privé e-mail": "niemand@voorbeeld.nl",
    "Beoordeling": "7",
}
GOOD: dict[str, object] = {
    "Personeelsnummer": "",
    "Geslacht": "M",
    "Geboortedatum": date(1980, 6, 15),
    "Datum in dienst": date(2015, 3, 1),
    "Datum uit dienst": None,
    "Reden uit dienst": None,
    "Status": "Actief",
    "Soort medewerker": "Personeelslid",
    "Soort contract": "Onbepaalde tijd",
    "Einddatum contract": None,
    "Afdeling": "W-installatie",
    "Functie": "Installatiemonteur W",
    "FTE": 1.0,
    "Contracturen per week": 38.0,
    "Maandsalaris": 3400.0,
    **SENSITIVE,
}
GOOD_ROWS = 12


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell with a formula; `shown` is its kept result, "" when none was kept."""

    text: str
    shown: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a row, and whether the row should be kept."""

    topic: str
    column: str
    changes: dict[str, object]
    kept: bool = True
    note: str = ""


MISTAKES = (
    Mistake("missing_id", "Personeelsnummer", {"Personeelsnummer": None}),
    Mistake("id_scientific", "Personeelsnummer", {"Personeelsnummer": "1,23457E+15"}, note="number lost in Excel"),
    Mistake("id_decimal", "Personeelsnummer", {"Personeelsnummer": "1234.0"}),
    Mistake("id_lost_zeros", "Personeelsnummer", {"Personeelsnummer": 1300}, note="a number among texts of six digits"),
    Mistake("id_of_two_people", "Personeelsnummer", {"Personeelsnummer": "001001", "Geboortedatum": date(1991, 2, 3), "Geslacht": "V"}),
    Mistake("two_employments", "Personeelsnummer", {"Personeelsnummer": "001002", "FTE": 0.2, "Contracturen per week": 7.6}),
    Mistake("no_birth_date", "Geboortedatum", {"Geboortedatum": None}),
    Mistake("null_word", "Geboortedatum", {"Geboortedatum": "onbekend"}),
    Mistake("zero_date", "Geboortedatum", {"Geboortedatum": "00-00-0000"}),
    Mistake("impossible_date", "Geboortedatum", {"Geboortedatum": "31-02-1980"}, kept=False),
    Mistake("date_as_text", "Geboortedatum", {"Geboortedatum": "17-08-1979"}),
    Mistake("date_in_words", "Datum in dienst", {"Datum in dienst": "5 april 2018"}),
    Mistake("two_digit_year", "Datum in dienst", {"Datum in dienst": "20-02-20"}),
    Mistake("serial_as_text", "Geboortedatum", {"Geboortedatum": "29221"}, note="Excel serial for 1-1-1980"),
    Mistake("born_in_future", "Geboortedatum", {"Geboortedatum": date(2031, 5, 1)}, kept=False),
    Mistake("too_young", "Geboortedatum", {"Geboortedatum": date(2021, 5, 1)}, kept=False, note="age 4"),
    Mistake("too_old", "Geboortedatum", {"Geboortedatum": "01-05-1894"}, kept=False, note="age 131"),
    Mistake("hired_before_birth", "Datum in dienst", {"Datum in dienst": date(1979, 3, 1)}),
    Mistake("hired_as_child", "Datum in dienst", {"Datum in dienst": date(1990, 3, 1)}, note="joined at 9"),
    Mistake("hired_in_future", "Datum in dienst", {"Datum in dienst": date(2027, 3, 1)}),
    Mistake("past_pension_age", "Geboortedatum", {"Geboortedatum": date(1955, 3, 1)}),
    Mistake("leave_sentinel", "Datum uit dienst", {"Datum uit dienst": "31-12-9999"}),
    Mistake("leave_sentinel", "Datum uit dienst", {"Datum uit dienst": "01-01-1900"}),
    Mistake("leave_in_future", "Datum uit dienst", {"Datum uit dienst": date(2026, 8, 31), "Reden uit dienst": "Pensioen"}),
    Mistake("left_before_hired", "Datum uit dienst", {"Datum uit dienst": date(2012, 8, 31), "Status": "Uit dienst"}),
    Mistake("status_against_date", "Status", {"Datum uit dienst": date(2024, 5, 31), "Reden uit dienst": "Eigen verzoek"}),
    Mistake(
        "unknown_reason", "Reden uit dienst", {"Datum uit dienst": date(2024, 5, 31), "Status": "Uit dienst", "Reden uit dienst": "zomaar"}
    ),
    Mistake("contract_before_hire", "Einddatum contract", {"Soort contract": "Bepaalde tijd", "Einddatum contract": date(2014, 1, 31)}),
    Mistake("unknown_contract", "Soort contract", {"Soort contract": "Handslag"}),
    Mistake("unknown_gender", "Geslacht", {"Geslacht": "Q"}),
    Mistake("fte_negative", "FTE", {"FTE": -1.0}),
    Mistake("fte_is_hours", "FTE", {"FTE": 36.0}),
    Mistake("fte_is_percent", "FTE", {"FTE": "80%", "Contracturen per week": 30.4}),
    Mistake("fte_comma_text", "FTE", {"FTE": "0,8", "Contracturen per week": 30.4}),
    Mistake("fte_not_a_number", "FTE", {"FTE": "voltijd"}),
    Mistake("fte_absurd", "FTE", {"FTE": 1e307}),
    Mistake("fte_against_hours", "Contracturen per week", {"FTE": 1.0, "Contracturen per week": 12.0}),
    Mistake("hours_absurd", "Contracturen per week", {"Contracturen per week": 168.0}),
    Mistake("money_as_text", "Maandsalaris", {"Maandsalaris": "€ 3.400,00"}),
    Mistake("trailing_minus", "Maandsalaris", {"Maandsalaris": "3400,00-"}),
    Mistake("error_cell", "Maandsalaris", {"Maandsalaris": Formula("=1/0", "#DIV/0!")}),
    Mistake("formula_not_calculated", "FTE", {"FTE": Formula("=38/38", "")}),
    Mistake("no_department", "Afdeling", {"Afdeling": None}),
    Mistake("no_role", "Functie", {"Functie": "n.v.t."}),
    Mistake("spelling_variant", "Afdeling", {"Afdeling": "  w-INSTALLATIE "}),
    Mistake("invisible_characters", "Functie", {"Functie": "Installatie\u200bmonteur\u00a0W"}),
    Mistake("turned_text", "Functie", {"Functie": "Installatiemonteur\u202e W"}),
    Mistake("formula_as_text", "Functie", {"Functie": '=HYPERLINK("http://voorbeeld.invalid";"klik")'}),
    Mistake("html_as_text", "Functie", {"Functie": "<img src=x onerror=alert(1)>"}),
    Mistake("sql_as_text", "Functie", {"Functie": "x'); drop table people; --"}),
    Mistake("hired_staff", "Soort medewerker", {"Soort medewerker": "Uitzendkracht", "Einddatum contract": date(2026, 6, 30)}),
    Mistake(
        "payment_only", "Soort medewerker", {"Soort medewerker": "Nabetaling na uitdienst", "FTE": 0.0, "Contracturen per week": 0.0}, False
    ),
    Mistake("vacant_post", "Personeelsnummer", dict.fromkeys(GOOD) | {"Afdeling": "W-installatie", "Functie": "Lasser", "FTE": 1.0}, False),
    Mistake("shifted_row", "Geboortedatum", {}, False, "one cell missing, the rest moved to the left"),
    Mistake("repeated_header", "", {}, False),
    Mistake("empty_row", "", dict.fromkeys(GOOD), False),
    Mistake("totals_row", "", dict.fromkeys(GOOD) | {"Personeelsnummer": "Totaal", "FTE": 61.0}, False),
    Mistake("instruction_row", "", dict.fromkeys(GOOD) | {"Personeelsnummer": "Let op: gegevens zijn vertrouwelijk"}, False),
)

REASONS = {
    "missing_id": "missing_employee_id",
    "id_scientific": "id_lost_in_excel",
    "id_of_two_people": "id_shared_by_people",
    "two_employments": "several_lines_per_person",
    "no_birth_date": "missing_birth_date",
    "null_word": "missing_birth_date",
    "zero_date": "birth_date_zero",
    "impossible_date": "bad_birth_date",
    "two_digit_year": "two_digit_years",
    "born_in_future": "birth_date_impossible",
    "too_young": "birth_date_impossible",
    "too_old": "birth_date_impossible",
    "hired_before_birth": "hired_before_birth",
    "hired_as_child": "hired_young",
    "hired_in_future": "hired_in_future",
    "leave_sentinel": "open_end_date",
    "leave_in_future": "leaves_in_future",
    "left_before_hired": "left_before_hired",
    "status_against_date": "status_against_date",
    "unknown_reason": "unknown_leave_reason",
    "contract_before_hire": "contract_end_before_hire",
    "unknown_contract": "unknown_contract_type",
    "unknown_gender": "unknown_gender",
    "fte_negative": "fte_out_of_range",
    "fte_is_hours": "fte_out_of_range",
    "fte_not_a_number": "not_a_number",
    "fte_absurd": "not_a_number",
    "fte_against_hours": "fte_against_hours",
    "hours_absurd": "hours_out_of_range",
    "error_cell": "error_cells",
    "formula_not_calculated": "uncached_formulas",
    "no_department": "missing_unit",
    "no_role": "missing_role",
    "spelling_variant": "spelling_unified",
    "formula_as_text": "formula_like_text",
    "hired_staff": "flex_people",
    "payment_only": "payment_row",
    "vacant_post": "vacancy_rows",
    "shifted_row": "shifted_row",
    "repeated_header": "repeated_header",
    "empty_row": "blank_rows",
    "totals_row": "totals_row",
    "instruction_row": "note_rows",
}
"""Topic -> reason code of the finding that must name the row. Topics that are not here are read as they are meant."""


def rows() -> Iterator[tuple[Mistake | None, list[object]]]:
    """Every row under the header, in order; None for a row with nothing wrong."""
    headers = list(GOOD)
    for number in range(GOOD_ROWS):
        yield None, list((GOOD | {"Personeelsnummer": f"{1001 + number:06d}"}).values())
    for number, mistake in enumerate(MISTAKES):
        values = list((GOOD | {"Personeelsnummer": f"{1101 + number:06d}"} | mistake.changes).values())
        if mistake.topic == "shifted_row":
            values = [*values[:1], *values[2:], None]
        yield mistake, headers if mistake.topic == "repeated_header" else values


def write_faults(workbook: Path, listing: Path) -> None:
    """The workbook, and beside it the list of mistakes: Excel row, column, topic, reason code (empty: nothing to say), kept or not."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "default_date_format": "dd-mm-yyyy"}
    with xlsxwriter.Workbook(str(workbook), options) as book:
        book.set_properties({"title": "Alles wat fout kan gaan (verzonnen)", "created": MADE_ON})
        _dashboard(book.add_worksheet("Dashboard"))
        sheet = book.add_worksheet("Medewerkers")
        _title(sheet)
        sheet.write_row(HEADER_ROW - 1, 0, list(GOOD), book.add_format({"bold": True}))
        for row, (_, values) in enumerate(rows(), start=HEADER_ROW):
            _write(sheet, row, values)
        sheet.set_row(HEADER_ROW + 2, None, None, {"hidden": True})
        sheet.set_column(14, 14, None, None, {"hidden": True})
        old = book.add_worksheet("Oud")
        old.write_row(0, 0, ["Personeelsnummer", "Geboortedatum"])
        old.write_row(1, 0, ["000001", "01-01-1950"])
        old.hide()
    listing.write_text(_listing(), encoding="utf-8")


def _dashboard(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.write_column(0, 0, ["Kengetallen", "Aantal medewerkers", "Gemiddelde leeftijd"])
    sheet.write_column(1, 1, [61, 45.5])


def _title(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.write_column(0, 0, ["Personeelsoverzicht (verzonnen)", "Peildatum: 01-01-2026", "Filter: alle afdelingen"])


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, values: list[object]) -> None:
    for column, value in enumerate(values):
        if isinstance(value, Formula):
            sheet.write_formula(row, column, value.text, None, value.shown)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day))
        elif isinstance(value, str):
            sheet.write_string(row, column, value)
        elif isinstance(value, (int, float)):
            sheet.write_number(row, column, value)


def _listing() -> str:
    lines = [
        "# What the import report must say about fouten.xlsx; written by `python -m sample_data`.",
        f'sheet = "Medewerkers"\nheader_row = {HEADER_ROW}\nas_of = {AS_OF.isoformat()}',
        'hidden_sheet = "Oud"\nhidden_column = "Maandsalaris"',
        f"hidden_row = {HEADER_ROW + 3}",
        "refused_columns = [" + ", ".join(f'"{name}"' for name in SENSITIVE) + "]",
    ]
    for row, (mistake, _) in enumerate(rows(), start=HEADER_ROW + 1):
        if mistake is None:
            continue
        note = f'note = "{mistake.note}"\n' if mistake.note else ""
        kept = "true" if mistake.kept else "false"
        reason = REASONS.get(mistake.topic, "")
        told = [f"row = {row}", f'column = "{mistake.column}"', f'topic = "{mistake.topic}"', f'reason = "{reason}"', f"kept = {kept}"]
        lines.append("\n[[mistake]]\n" + "\n".join(told) + ("\n" + note.rstrip() if note else ""))
    return "\n".join(lines) + "\n"

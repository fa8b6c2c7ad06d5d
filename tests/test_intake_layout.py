"""How sheets, headers and rows of real exports lie (docs/import_faults.md). Numbers in the names follow that list."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from analytics.errors import Refusal
from intake import Severity
from tests.intake_files import HEADERS, found, people, read, staff, workbook


def test_01_title_and_filter_lines_above_the_header(tmp_path: Path) -> None:
    above = [["Personeelslijst", None], ["Filter: alles"], ["Peildatum", date(2025, 7, 1)], [], []]
    result = read(workbook(tmp_path / "a.xlsx", [*above, *staff()]), as_of=None)
    assert (result.main.header_row, result.main.rows_kept, result.main.as_of) == (6, 20, date(2025, 7, 1))
    assert found(result, "rows_above_header").rows == (1, 2, 3)
    assert found(result, "as_of_found").params["source"] == "title"


@pytest.mark.parametrize(
    "line", ["Geëxporteerd op 05-03-2025 14:02", "Exportdatum: 5-3-2025", "Report generated 2025-03-05", "Erstellt am 05.03.2025"]
)
def test_01_the_day_of_the_export_is_the_reference_date(tmp_path: Path, line: str) -> None:
    result = read(workbook(tmp_path / "a.xlsx", [["Personeelslijst"], [line], [], *staff(12)]), as_of=None)
    assert result.main.as_of == date(2025, 3, 5)


def test_02_two_row_header_with_groups(tmp_path: Path) -> None:
    upper = ["Medewerker", None, None, "Plaats", None, "Contract", None]
    lower = ["Personeelsnummer", "Geboortedatum", "Datum in dienst", "Afdeling", "Functie", "Einddatum", "FTE"]
    rows = [[*row[:5], None, row[5]] for row in people(12)]
    result = read(workbook(tmp_path / "a.xlsx", [upper, lower, *rows]))
    assert (result.main.header_row, result.main.rows_kept) == (2, 12)
    twice = ["Personeelsnummer", "Geboortedatum", "Functie", "Naam", "Datum", "Naam", "Datum"]
    groups = ["Medewerker", None, None, "Skills", None, "Requirements", None]
    rows = [[*row[:2], row[4], "lassen", 3, "solderen", 2] for row in people(12)]
    result = read(workbook(tmp_path / "b.xlsx", [groups, twice, *rows]))
    assert [column.header for column in result.main.columns][3:] == [
        "Skills / Naam",
        "Skills / Datum",
        "Requirements / Naam",
        "Requirements / Datum",
    ]
    assert found(result, "two_header_rows").rows == (1, 2)


def test_03_totals_notes_and_numbered_rows_are_not_people(tmp_path: Path) -> None:
    below: list[list[object]] = [
        ["Totaal", None, None, None, None, 16.2],
        ["Gemiddelde", None, None, None, None, 0.8],
        [],
        ["Let op: vertrouwelijk"],
        ["21"],
        ["22"],
    ]
    result = read(workbook(tmp_path / "a.xlsx", [*staff(), *below]))
    assert (result.main.rows_read, result.main.people) == (20, 20)
    assert found(result, "totals_row").rows == (22, 23)
    assert found(result, "note_rows").example == "Let op: vertrouwelijk"
    assert found(result, "numbered_rows").count == 2
    assert found(result, "blank_rows").rows == (24,)


def test_04_dashboard_first_data_on_the_fourth_sheet(tmp_path: Path) -> None:
    sheets = {
        "Dashboard": [["HR dashboard"], ["Aantal", 20]],
        "Pivot": [["Rijlabels", "Som van FTE"], ["Zorg", 8]],
        "Leeg": [[]],
        "Data": staff(),
    }
    result = read(workbook(tmp_path / "a.xlsx", sheets))
    assert (result.main.sheet, result.main.people) == ("Data", 20)


def test_05_hidden_parts_are_read_or_named(tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        sheet = book["Data"]
        sheet.row_dimensions[5].hidden = True
        sheet.column_dimensions["F"].hidden = True
        sheet.auto_filter.ref = "A1:F21"
        sheet.auto_filter.add_filter_column(3, ["Zorg"])

    result = read(workbook(tmp_path / "a.xlsx", {"Data": staff(), "Oud": staff(30)}, hidden=("Oud",), change=hide))
    assert (result.main.sheet, result.main.people) == ("Data", 20)
    assert found(result, "hidden_rows").count == 1
    assert found(result, "hidden_columns").count == 1
    assert found(result, "hidden_sheets").example == "Oud"
    assert found(result, "filter_active")
    assert read(tmp_path / "a.xlsx", sheet="Oud").main.people == 30
    with pytest.raises(Refusal) as caught:
        read(workbook(tmp_path / "b.xlsx", {"Voorblad": [["Hallo"]], "Oud": staff()}, hidden=("Oud",)))
    assert caught.value.code == "only_hidden_sheet"


def test_more_the_same_file_twice_has_one_content_hash(tmp_path: Path) -> None:
    first = read(workbook(tmp_path / "a.xlsx", staff()))
    second = read(tmp_path / "a.xlsx")
    assert first.content_hash == second.content_hash
    pd.testing.assert_frame_equal(first.frames["employees"], second.frames["employees"])


def test_more_headers_renamed_between_uploads_give_the_same_people(tmp_path: Path) -> None:
    german = ["Personalnummer", "Geb.-Datum", "Eintritt", "Abteilung", "Stellenbezeichnung", "BsGrd"]
    english = ["Employee ID", "DOB", "Hire Date", "Department", "Job Title", "FTE"]
    first = read(workbook(tmp_path / "a.xlsx", staff())).frames["employees"]
    for headers in (german, english):
        again = read(workbook(tmp_path / "b.xlsx", [headers, *people(20)])).frames["employees"]
        pd.testing.assert_frame_equal(first, again)


def test_more_a_title_beside_the_role_is_kept_and_alone_it_is_the_role(tmp_path: Path) -> None:
    rows = [[*HEADERS, "Functietitel"], *([*row, f"Titel {at}"] for at, row in enumerate(people(12)))]
    both = read(workbook(tmp_path / "a.xlsx", rows))
    frame = both.frames["employees"]
    assert frame["role"].str.startswith("Functie").all()
    assert frame["job_title"].tolist() == [f"Titel {at}" for at in range(12)]
    assert both.main.mapping["job_title"] == "Functietitel"
    alone = [[*(header if header != "Functie" else "Functietitel" for header in HEADERS)], *people(12)]
    only = read(workbook(tmp_path / "b.xlsx", alone))
    assert only.main.mapping["role"] == "Functietitel"
    assert "job_title" not in only.main.mapping


def test_04_people_on_a_sheet_that_is_left_out_are_said(tmp_path: Path) -> None:
    sheets = {"Amsterdam": staff(10), "Rotterdam": [HEADERS, *people(8, start=50), [], ["Totaal"]]}
    said = found(read(workbook(tmp_path / "a.xlsx", sheets)), "sheet_same_kind")
    assert (said.severity, said.example, said.params["left"]) == (Severity.WARNING, "Rotterdam", 8)


def test_03_a_name_that_begins_with_total_is_no_total(tmp_path: Path) -> None:
    headers = ["Personeelsnummer", "Leeftijd", "Functie", "Afdeling"]
    roles = ["Total Rewards Manager", "Monteur", "Total Care Nurse", "Gemiddeld begeleider"]
    result = read(workbook(tmp_path / "a.xlsx", [headers, *([str(n), 30 + n, role, "HR"] for n, role in enumerate(roles)), ["Totaal", 4]]))
    assert result.frames["employees"]["role"].tolist() == roles
    posts = [["Functie", "Formatie fte"], ["Total Rewards Manager", 2], ["Monteur", 8], ["Totaal", 10], ["Totaal Techniek", 8]]
    formation = read(workbook(tmp_path / "b.xlsx", {"Personeel": staff(5), "Formatie": posts})).frames["formation"]
    assert formation["role"].tolist() == roles[:2]

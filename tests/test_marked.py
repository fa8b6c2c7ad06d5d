"""The user's file handed back: cells coloured, links that resolve, no value repeated, nothing in it that runs."""

from __future__ import annotations

import io
import tomllib
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.utils import range_boundaries
from streamlit.testing.v1 import AppTest

from intake import Import, Options, read_file
from presentation.exports.marked import COLOURS, has_marks, marked
from presentation.texts import LANGUAGES, Words
from sample_data.faults import SENSITIVE
from tests.waiting import LIMIT
from workflows import importing
from workflows.types import Viewer

HOME = Path(__file__).resolve().parent.parent
FAULTS = HOME / "sample_data" / "fouten.xlsx"
TODAY = date(2026, 2, 1)
HEADERS = ["Personeelsnummer", "Geboortedatum", "Datum in dienst", "Functie", "Afdeling", "FTE", "Geloof", "Naam"]
BOTH = [lang if lang == "nl" else pytest.param(lang, marks=pytest.mark.slow) for lang in LANGUAGES]
FRONT = 4
"""Lines above the list on the first sheet."""


def _read(path: Path) -> Import:
    return read_file(path, path.name, Options(today=TODAY))


def _back(path: Path, lang: str = "nl"):
    return load_workbook(io.BytesIO(marked(lang, path, path.name, _read(path).reports)))


def _formulas(book) -> set[tuple[str, str]]:
    return {
        (sheet.title, cell.coordinate) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    }


def _comments(book) -> list[str]:
    return [cell.comment.text for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.comment]


def _colour(cell) -> str:
    return cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type == "solid" else ""


def _links_resolve(book) -> int:
    """Every link of the first sheet leads to a marked cell (or a whole row); returns how many there are."""
    front, number = book.worksheets[0], 0
    for row in front.iter_rows(min_row=FRONT + 1):
        link = row[1].hyperlink
        if link is None:
            continue
        sheet, _, place = link.location.rpartition("!")
        target = book[sheet[1:-1].replace("''", "'")]
        left, top, _, _ = range_boundaries(place)
        cell = target.cell(top, left or 1)
        assert _colour(cell) in COLOURS.values(), link.location
        assert row[2].value in cell.comment.text
        number += 1
    return number


def _staff(path: Path, rows: list[list[object]], headers: list[str] = HEADERS) -> Path:
    book = Workbook()
    book.active.title = "Staf 'noord'"
    for row in [headers, *rows]:
        book.active.append(row)
    book.save(path)
    return path


def _people(count: int) -> list[list[object]]:
    return [
        [f"A{number:05d}", date(1970 + number % 30, 3, 4), date(2015, 1, 1), "Monteur", "Techniek", 0.8, "geheim geloof", "P. Persoon"]
        for number in range(count)
    ]


@pytest.mark.parametrize("lang", BOTH)
def test_every_mistake_with_a_reason_is_coloured_and_linked(lang: str) -> None:
    imported, book = _read(FAULTS), _back(FAULTS, lang)
    letters = {column.header: column.letter for column in imported.main.columns}
    found = [f for report in imported.reports for f in report.findings if f.column]
    pointed = {place for f in found for place in zip(f.params.get("cells") or [letters[f.column]] * len(f.rows), f.rows, strict=True)}
    sheet = book[imported.main.sheet]
    assert book.sheetnames[0] == Words(lang)("marked.sheet")
    for letter, row in pointed:
        cell = sheet[f"{letter}{row}"]
        assert _colour(cell) in COLOURS.values(), cell.coordinate
        assert cell.comment.text
    assert _links_resolve(book) >= len(pointed)
    listed = tomllib.loads((HOME / "sample_data" / "fouten.toml").read_text(encoding="utf-8"))["mistake"]
    coloured = {row for _, row in pointed}
    assert {
        item["row"] for item in listed if item["reason"] and item["reason"] in {f.reason for f in imported.main.findings if f.rows}
    } <= (coloured | {row for f in imported.main.findings if not f.column for row in f.rows})


def test_cells_that_are_right_keep_their_looks_and_their_content() -> None:
    imported, before, after = _read(FAULTS), load_workbook(FAULTS), _back(FAULTS)
    pointed = {row for finding in imported.main.findings for row in finding.rows}
    name = imported.main.sheet
    assert after.sheetnames[1:] == before.sheetnames
    for row in before[name].iter_rows():
        for cell in row:
            same = after[name][cell.coordinate]
            assert (same.value, same.data_type) == (cell.value, cell.data_type)
            if cell.row not in pointed:
                assert _colour(same) == _colour(cell)
                assert same.comment is None
    assert after["Oud"].sheet_state == "hidden"


def test_no_formula_is_made_and_nothing_is_fetched() -> None:
    before, after = load_workbook(FAULTS), _back(FAULTS)
    assert _formulas(after) == _formulas(before)
    assert not [cell for row in after.worksheets[0].iter_rows() for cell in row if cell.hyperlink and cell.hyperlink.target]


@pytest.mark.parametrize("lang", BOTH)
def test_no_comment_or_line_repeats_a_sensitive_value(lang: str) -> None:
    """A row shifted by one cell has somebody's name under salary; that name stays where it is, and no finding tells it."""
    book = _back(FAULTS, lang)
    told = " ".join([*_comments(book), *(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row)])
    assert "J. Voorbeeld" in {str(cell.value) for row in load_workbook(FAULTS)[_read(FAULTS).main.sheet].iter_rows() for cell in row}
    assert "J. Voorbeeld" not in {finding.example for finding in _read(FAULTS).main.findings}
    for value in SENSITIVE.values():
        assert len(str(value)) <= 4 or str(value) not in told
    assert "\x00" not in told
    assert "{" not in told


def test_the_copy_reads_back_as_the_same_people(tmp_path: Path) -> None:
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(marked("nl", FAULTS, FAULTS.name, _read(FAULTS).reports))
    again, first = _read(copy), _read(FAULTS)
    assert (again.main.sheet, again.main.people, again.main.rows_read) == (first.main.sheet, first.main.people, first.main.rows_read)


def test_hostile_texts_sheet_names_and_earlier_comments_survive_as_text(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    rows = _people(12)
    rows[3][1], rows[4][5] = "31-02-1980", "veel"
    book = load_workbook(_staff(path, rows))
    sheet = book.active
    sheet["D2"].value, sheet["D2"].data_type = '=HYPERLINK("http://voorbeeld.invalid")', "s"
    sheet["B5"].comment = Comment("van de chef", "chef")
    book.create_sheet("Fouten")
    book.save(path)
    shown = '=cmd|"x".xlsx'
    after = load_workbook(io.BytesIO(marked("nl", path, shown, _read(path).reports)))
    assert not _formulas(after)
    assert after.sheetnames[0] == "Fouten 2"
    assert after["Staf 'noord'"]["D2"].data_type == "s"
    assert after["Staf 'noord'"]["B5"].comment.text.startswith("van de chef\n\n")
    assert _links_resolve(after) >= 2


def test_a_mark_in_a_merged_block_sits_on_the_cell_that_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    rows = _people(12)
    rows[3][3] = rows[4][3] = None
    book = load_workbook(_staff(path, rows))
    book.active["D4"].value = "Monteur"
    book.active.merge_cells("D4:D5")
    book.save(path)
    assert "D5" in {f"D{row}" for finding in _read(path).main.findings if finding.column == "Functie" for row in finding.rows}
    assert _back(path)["Staf 'noord'"]["D4"].comment


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_other_formats_and_long_lists_come_back_as_the_bad_rows_only(tmp_path: Path, suffix: str) -> None:
    rows = [[*row[:1], *(day.strftime("%d-%m-%Y") for day in row[1:3]), *row[3:]] for row in _people(30 if suffix == ".csv" else 20_001)]
    rows[6][1], rows[8][3] = "31-02-1980", '=HYPERLINK("http://voorbeeld.invalid")'
    path = tmp_path / f"staf{suffix}"
    if suffix == ".csv":
        path.write_text("\r\n".join(";".join(str(cell) for cell in row) for row in [HEADERS, *rows]), encoding="utf-8")
    else:
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            sheet = book.add_worksheet("Staf")
            for number, row in enumerate([HEADERS, *rows]):
                sheet.write_row(number, 0, row)
    imported = _read(path)
    after = load_workbook(io.BytesIO(marked("en", path.read_bytes(), path.name, imported.reports)))
    sheet = after.worksheets[1]
    table = {row[0]: dict(zip([cell.value for cell in sheet[1]], row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert set(table) == {row for finding in imported.main.findings if finding.column for row in finding.rows}
    assert len(table) < 60
    assert (table[8]["Personeelsnummer"], table[8]["Geboortedatum"]) == ("A00006", "31-02-1980")
    assert table[10]["Functie"] == '=HYPERLINK("http://voorbeeld.invalid")'
    assert not {"Geloof", "Naam"} & {str(cell.value) for cell in sheet[1]}
    assert not _formulas(after)
    assert _links_resolve(after) >= 2


def test_more_rows_than_are_listed_are_counted(tmp_path: Path) -> None:
    rows = _people(40)
    for row in rows[:25]:
        row[5] = "veel"
    book = _back(_staff(tmp_path / "many.xlsx", rows), "nl")
    assert Words("nl")("marked.more", n=5) in [row[1].value for row in book.worksheets[0].iter_rows(min_row=FRONT + 1)]


def test_a_workbook_that_cannot_be_opened_whole_still_gives_its_rows(tmp_path: Path) -> None:
    """The content is read under its real kind; a name that promises .xlsx does not matter."""
    rows = _people(12)
    rows[3][5] = "veel"
    path = tmp_path / "list.csv"
    text = [[*row[:1], *(day.isoformat() for day in row[1:3]), *row[3:]] for row in rows]
    path.write_text("\n".join(";".join(str(cell) for cell in row) for row in [HEADERS, *text]), encoding="utf-8")
    after = load_workbook(io.BytesIO(marked("nl", path, "list.xlsx", _read(path).reports)))
    assert _links_resolve(after)


def test_a_flawless_list_has_nothing_to_point_at(tmp_path: Path) -> None:
    assert not has_marks(_read(_staff(tmp_path / "good.xlsx", _people(12), HEADERS)).reports)


def test_the_upload_offers_the_file_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(tmp_path / "empty.duckdb"))
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=LIMIT)
    app.query_params["lang"] = "NL"
    app.run()
    app.switch_page("pages/upload.py").run()
    assert not [button for button in app.get("download_button") if button.key == "marked"]
    app.file_uploader[0].upload(FAULTS.name, FAULTS.read_bytes()).run()
    assert not app.exception
    assert app.download_button(key="marked").label == Words("nl")("marked.button")


def test_likely_same_names_are_proposed_and_merged_only_when_chosen(tmp_path: Path) -> None:
    rows = _people(12)
    for row in rows[:4]:
        row[3] = "Monteur (m/v) schaal 8"
    path, viewer = _staff(tmp_path / "names.xlsx", rows), Viewer.local()
    first = importing.check(viewer, None, path, path.name, Options(today=TODAY))
    found = importing.proposals(viewer, None, first)
    assert found[["field", "title", "proposed", "people"]].to_numpy().tolist() == [["role", "Monteur (m/v) schaal 8", "Monteur", 4]]
    assert set(first.imported.frames["employees"]["role"]) == {"Monteur", "Monteur (m/v) schaal 8"}
    chosen = Options(today=TODAY, values={"role": {"Monteur (m/v) schaal 8": "Monteur"}})
    second = importing.check(viewer, None, path, path.name, chosen)
    assert set(second.imported.frames["employees"]["role"]) == {"Monteur"}
    assert (importing.proposals(viewer, None, second)["why"] == "chosen").all()
    kept = tmp_path / "mapping.json"
    kept.write_text(importing.mapping_file(viewer, second), encoding="utf-8")
    third = importing.check(viewer, None, path, path.name, mapping=kept)
    assert set(third.imported.frames["employees"]["role"]) == {"Monteur"}


def test_names_are_merged_on_the_upload_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = _people(12)
    for row in rows[:4]:
        row[3] = "Monteur (m/v) schaal 8"
    path = _staff(tmp_path / "names.xlsx", rows)
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(tmp_path / "empty.duckdb"))
    app = AppTest.from_file(str(HOME / "app.py"), default_timeout=LIMIT).run()
    app.switch_page("pages/upload.py").run()
    app.file_uploader[0].upload(path.name, path.read_bytes()).run()
    assert app.download_button(key="mapping_file")
    app.button(key="_apply_values").click().run()
    assert not app.exception
    kept = app.session_state["_draft"][1]
    assert set(kept.imported.frames["employees"]["role"]) == {"Monteur"}
    assert kept.options.values == {"role": {"Monteur (m/v) schaal 8": "Monteur"}}

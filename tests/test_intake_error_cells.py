"""Error cells and formulas without an outcome in .ods, .xls and .xlsb: counted with their places, as in .xlsx, never silently empty."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from intake import Import, Severity
from tests.intake_files import found, read, silent, table, workbook
from tests.test_intake_formats import ErrorCell, ods, with_content, xls, xlsb

MAKERS = {"a.ods": ods, "a.xls": xls, "a.xlsb": xlsb}
FORMATS = pytest.mark.parametrize(("name", "make"), MAKERS.items())


def lines(count: int = 12) -> list[list[object]]:
    """Headers and people as texts, with a leave date that nobody has."""
    return [["" if cell is None else str(cell) for cell in row] for row in table({"Datum uit dienst": [""] * count})]


def errors(result: Import) -> dict[str, tuple[int, ...]]:
    """{header: Excel rows} of the error cells that were told of."""
    told = [finding for finding in result.main.findings if finding.reason == "error_cells"]
    assert all(finding.count == len(finding.rows) for finding in told)
    return {finding.column: finding.rows for finding in told}


@FORMATS
def test_20_error_cells_of_the_older_formats_are_counted_with_their_places(tmp_path: Path, name: str, make: Callable) -> None:
    rows = lines()
    rows[3][6], rows[5][6], rows[7][1], rows[8][5] = map(ErrorCell, ("#N/A", "#REF!", "#VALUE!", "#DIV/0!"))
    (tmp_path / name).write_bytes(make(rows))
    result = read(tmp_path / name)
    assert errors(result) == {"Datum uit dienst": (4, 6), "Geboortedatum": (8,), "FTE": (9,)}
    assert result.main.people == 12
    (tmp_path / f"sound_{name}").write_bytes(make(lines()))
    assert silent(read(tmp_path / f"sound_{name}"), "error_cells")


@FORMATS
def test_20_errors_that_formulas_end_in_are_counted_as_well(tmp_path: Path, name: str, make: Callable) -> None:
    rows = lines()
    for at, text in enumerate(ErrorCell.CODES):
        rows[at + 2][6] = ErrorCell(text, "A1/0")
    (tmp_path / name).write_bytes(make(rows))
    assert errors(read(tmp_path / name)) == {"Datum uit dienst": tuple(range(3, 10))}


@FORMATS
def test_20_the_place_is_right_below_empty_rows_and_beside_empty_columns(tmp_path: Path, name: str, make: Callable) -> None:
    rows = lines()
    rows[4][6] = ErrorCell("#N/A")
    blank: list[object] = [""] * 9
    shifted = [["Overzicht personeel", *blank[1:]], blank, *(["", "", *row] for row in rows)]
    (tmp_path / name).write_bytes(make(shifted))
    assert errors(read(tmp_path / name)) == {"Datum uit dienst": (7,)}


def test_20_formulas_without_an_outcome_in_ods_are_counted(tmp_path: Path) -> None:
    rows = lines()
    rows[3][6] = rows[9][6] = ErrorCell("", "VERT.ZOEKEN(A1;B2)")
    (tmp_path / "a.ods").write_bytes(ods(rows))
    result = read(tmp_path / "a.ods")
    told = found(result, "uncached_formulas")
    assert (told.column, told.rows, told.severity) == ("Datum uit dienst", (4, 10), Severity.WARNING)
    assert silent(result, "error_cells")
    for row in rows[1:10]:
        row[1] = ErrorCell("", "A1")
    (tmp_path / "b.ods").write_bytes(ods(rows))
    vital = [one for one in read(tmp_path / "b.ods").main.findings if one.reason == "uncached_formulas" and one.column == "Geboortedatum"]
    assert [(one.count, one.severity) for one in vital] == [(9, Severity.ERROR)]


ODS_CELLS = {
    '<table:table-cell table:formula="of:=A1&gt;2" office:value-type="float" office:value="0"><text:p>#REF!</text:p></table:table-cell>': True,  # noqa: E501
    '<table:table-cell table:formula="of:=X()" office:value-type="float" office:value="0"><text:p>Err:508</text:p></table:table-cell>': True,  # noqa: E501
    "<table:table-cell office:value-type='string' office:string-value=''><text:p>#NAAM?</text:p></table:table-cell>": True,
    '<table:table-cell table:formula="of:=X()" office:value-type="string" office:string-value="" calcext:value-type="error"><office:annotation><text:p>let op</text:p></office:annotation><text:p>#NAAM?</text:p></table:table-cell>': True,  # noqa: E501
    '<table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string" office:string-value=""/>': False,
    '<table:table-cell office:value-type="string"><text:p>#ref</text:p></table:table-cell>': False,
    '<table:table-cell office:value-type="string" office:string-value="#TOP!"><text:p>#TOP!</text:p></table:table-cell>': False,
}


@pytest.mark.parametrize(("cell", "wrong"), ODS_CELLS.items())
def test_20_errors_in_ods_however_they_are_written(tmp_path: Path, cell: str, wrong: bool) -> None:
    rows = lines()
    rows[4][6] = "hier"
    sound = '<table:table-cell office:value-type="string"><text:p>hier</text:p></table:table-cell>'
    (tmp_path / "a.ods").write_bytes(with_content(ods(rows), lambda xml: xml.replace(sound, cell)))
    assert errors(read(tmp_path / "a.ods")) == ({"Datum uit dienst": (5,)} if wrong else {})


@pytest.mark.parametrize("count", [12, 20_000])
def test_20_the_words_of_an_error_pasted_as_values_are_counted_beside_real_errors(tmp_path: Path, count: int) -> None:
    rows = table({"Datum uit dienst": [None] * count})
    rows[3][6] = "#N/B"
    rows[5][6] = "#VERW!"
    rows[7][1] = "#N/A"

    def spoil(book: Workbook) -> None:
        cell = book.worksheets[0].cell(9, 7)
        cell.value, cell.data_type = "#REF!", "e"

    path = workbook(tmp_path / "a.xlsx", rows, change=spoil)
    assert errors(read(path)) == {"Datum uit dienst": (4, 6, 9), "Geboortedatum": (8,)}


def test_20_error_cells_and_formulas_without_a_value_are_counted(tmp_path: Path) -> None:
    rows = table({"FTE": ["=1/1", 0.8, "#N/A", "#DIV/0!"]})
    result = read(workbook(tmp_path / "a.xlsx", rows))
    assert found(result, "uncached_formulas").rows == (2,)
    assert found(result, "error_cells").rows == (4, 5)
    births = table({"Geboortedatum": ["=DATE(1980,1,1)"] * 4})
    with_formulas = read(workbook(tmp_path / "b.xlsx", births))
    assert found(with_formulas, "uncached_formulas").severity == Severity.ERROR


def never_worked_out(content: bytes, flags: int = 2, outcome: bytes = bytes(8)) -> bytes:
    """An .xls whose formulas that end in #N/A hold what a library writes that does not calculate: a zero, to be worked out on opening."""
    error = struct.pack("<BBBBHH", 2, 0, 0x2A, 0, 0, 0xFFFF)
    assert error + bytes(2) in content
    return content.replace(error + bytes(2), outcome + struct.pack("<H", flags))


def test_20_formulas_of_an_xls_that_were_never_worked_out_are_counted(tmp_path: Path) -> None:
    rows = lines(40)
    rows[3][6] = rows[9][6] = ErrorCell("#N/A", "VERT.ZOEKEN(A1;B2)")
    rows[5][6] = ErrorCell("#N/A")
    for flags in (2, 3):
        (tmp_path / "a.xls").write_bytes(never_worked_out(xls(rows), flags))
        result = read(tmp_path / "a.xls")
        told = found(result, "uncached_formulas")
        assert (told.column, told.rows, told.count, told.severity) == ("Datum uit dienst", (4, 10), 2, Severity.WARNING)
        assert errors(result) == {"Datum uit dienst": (6,)}
    for row in rows[1:]:
        row[1] = ErrorCell("#N/A", "A1")
    (tmp_path / "b.xls").write_bytes(never_worked_out(xls(rows)))
    vital = [one for one in read(tmp_path / "b.xls").main.findings if one.reason == "uncached_formulas" and one.column == "Geboortedatum"]
    assert [(one.count, one.severity) for one in vital] == [(40, Severity.ERROR)]
    for flags, outcome in ((0, bytes(8)), (1, bytes(8)), (2, struct.pack("<d", 32874))):  # a real zero; a volatile one; worked out
        (tmp_path / "c.xls").write_bytes(never_worked_out(xls(rows[:1] + lines(12)[1:4] + rows[4:5]), flags, outcome))
        assert silent(read(tmp_path / "c.xls"), "uncached_formulas", "error_cells")

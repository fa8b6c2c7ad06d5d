"""A large sheet read by its distinct cells is the sheet read cell by cell; what is not plain is left to the usual way."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from intake import Options, guard, reader
from intake.grid import Grid
from tests.intake_files import SHEET, in_xml, raw_workbook, rewrite, sheet_xml, staff, workbook


def both(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Grid], list[Grid], bool]:
    """The grids cell by cell, those by distinct cells, and whether the sheet was plain."""
    monkeypatch.setattr(guard, "LARGE_PART", 10**12)
    usual = reader.read_grids(path, Options()).grids
    monkeypatch.setattr(guard, "LARGE_PART", 0)
    plain = any(sheet.cells is not None for sheet in guard.inspect(path).sheets)
    return usual, reader.read_grids(path, Options()).grids, plain


def same(usual: list[Grid], distinct: list[Grid]) -> None:
    assert [grid.name for grid in usual] == [grid.name for grid in distinct]
    for one, other in zip(usual, distinct, strict=True):
        assert (one.width, one.height, one.first_column) == (other.width, other.height, other.first_column)
        assert [column.to_pylist() for column in one.table.columns] == [column.to_pylist() for column in other.table.columns]
        assert all((one.filled(column) == other.filled(column)).all() for column in range(one.width))
        assert (one.problems, one.totals, one.hidden_rows, one.filtered) == (
            other.problems,
            other.totals,
            other.hidden_rows,
            other.filtered,
        )


def odd(path: Path, chance: random.Random) -> Path:
    """Whatever a sheet may hold, with gaps: texts, numbers, dates, truths, faults, formulas, empty cells with a style."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    values = ["a & b <c>", " ruim ", "é\u200b", "1", "#N/A", 1, 1.0, 0.1, -3.5e-9, 1e15, True, False, "", "x" * 300]
    values += [date(1980, 5, 17), datetime(2020, 1, 2, 3, 4, 5), 0.5, "regel\nregel"]
    for row in range(chance.randrange(1, 4), 30):
        for column in range(chance.randrange(1, 3), 12):
            if chance.random() < 0.7:
                cell = sheet.cell(row, column, chance.choice(values))
                if chance.random() < 0.2:
                    cell.number_format = chance.choice(["0.00", "dd-mm-yyyy", "00000", "0%", "[h]:mm"])
            elif chance.random() < 0.3:
                sheet.cell(row, column).font = Font(bold=True)
    sheet.row_dimensions[5].hidden = True
    book.create_sheet("Los")["C7"] = "x"
    book.save(path)
    return path


@pytest.mark.parametrize("seed", range(6))
def test_both_ways_give_the_same_cells(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usual, distinct, plain = both(odd(tmp_path / "a.xlsx", random.Random(seed)), monkeypatch)
    assert plain
    same(usual, distinct)


def test_a_list_of_staff_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual, distinct, plain = both(workbook(tmp_path / "a.xlsx", staff(200)), monkeypatch)
    assert plain
    same(usual, distinct)


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><!-- <c r="B1"><v>2</v></c> -->',
        '<row r="1"><c><v>1</v></c><c><v>2</v></c></row>',
        "<row r='1'><c r='A1'><v>1</v></c></row>",
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c s="0" r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>',
        '<row r="1"><x/><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c>los</row>',
        '<row r="1"><c r="A01"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><f>1+1</f><v/></c><c r="B1"><v>2</v></c></row>',
    ],
)
def test_what_is_not_plain_is_read_as_ever(tmp_path: Path, cells: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = raw_workbook(tmp_path / "a.xlsx", sheet_xml(cells.encode()))
    usual, distinct, plain = both(path, monkeypatch)
    assert not plain
    same(usual, distinct)


def test_odd_but_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = b"""<row r="2" spans="1:3"/>
      <row r="3"></row>
      <row r="4"> <c r="C4" s="0"/> <c r="D4" t="str"><f>A1&amp;"x"</f><v>ja</v></c> </row>
      <row r="9"><c r="B9" s="1"></c><c r="E9" t="b"><v>1</v></c><c r="AB9" t="e"><v>#N/A</v></c></row> """
    usual, distinct, plain = both(raw_workbook(tmp_path / "a.xlsx", sheet_xml(rows)), monkeypatch)
    assert plain
    same(usual, distinct)


def test_columns_beyond_z_and_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of the file end anywhere; columns have one, two and three letters."""
    wide = [[f"k{column}" for column in range(720)], *([row * 720 + column % 7 for column in range(720)] for row in range(120))]
    path = workbook(tmp_path / "a.xlsx", wide)
    monkeypatch.setattr(guard, "CHUNK", 10_007)
    usual, distinct, plain = both(path, monkeypatch)
    assert plain
    same(usual, distinct)


def test_a_sheet_of_only_different_cells_is_not_worth_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from intake import compact

    monkeypatch.setattr(compact, "FIRST_LOOK", 1_000)
    path = workbook(tmp_path / "a.xlsx", [[f"r{row}k{column}" for column in range(20)] for row in range(200)])
    usual, distinct, plain = both(path, monkeypatch)
    assert not plain
    same(usual, distinct)


def test_a_sheet_that_cannot_be_read_so_is_read_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that is not in the table of texts: the verdict is that of the usual reader."""
    path = rewrite(workbook(tmp_path / "a.xlsx", staff(3)), {SHEET: in_xml(rb'<row r="3"', b'<row r="3" hidden="1"')})
    usual, distinct, plain = both(path, monkeypatch)
    assert plain
    same(usual, distinct)

"""Hostile files in the formats the guard cannot walk (.ods, .xls, .xlsb): the reading child's limits refuse them, the parent lives on."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import psutil
import pytest

from analytics.errors import Refusal
from tests.intake_files import HEADERS, people, read, zip_bytes
from tests.test_intake_formats import ErrorCell, ods, with_content, xls, xlsb

ROWS = [list(HEADERS), *([str(cell) for cell in row] for row in people(9))]


def repeated(rows: int, columns: int, value: bool = True) -> bytes:
    """An .ods of a few hundred bytes whose one cell says that it stands in the whole sheet."""
    text = "<text:p>x</text:p>" if value else ""
    kind = (
        f'table:number-columns-repeated="{columns}" office:value-type="string"' if value else f'table:number-columns-repeated="{columns}"'
    )
    cell = f"<table:table-cell {kind}>{text}</table:table-cell>"
    line = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row></table:table>'
    return with_content(ods(ROWS), lambda xml: xml.replace("</table:table>", line))


def error_everywhere() -> bytes:
    """An .ods in which every cell of the sheet holds an error."""
    kind = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
    cell = f'<table:table-cell table:number-columns-repeated="16384" {kind}><text:p>#N/A</text:p></table:table-cell>'
    line = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row></table:table>'
    return with_content(ods(ROWS), lambda xml: xml.replace("</table:table>", line))


def nothing_but_records() -> bytes:
    """An .xlsb with an error, and nearly half a million records that hold nothing."""
    with zipfile.ZipFile(io.BytesIO(xlsb([*ROWS, [ErrorCell("#N/A", "A1")]]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.bin"
    return zip_bytes(parts | {name: parts[name].replace(b"\x92\x01\x00", b"\x01\x00" * 480_000 + b"\x92\x01\x00")})


def laughing() -> bytes:
    return with_content(ods(ROWS), lambda xml: '<!DOCTYPE x [<!ENTITY a "ha">]>' + xml)


def far_in_xls() -> bytes:
    """A number in the last cell the format has (row 65 536, column IV; the record can even say column 65 535)."""
    data = bytearray(xls([*ROWS, [1.0]]))
    place = data.rfind(struct.pack("<HHHHH", 0x203, 14, len(ROWS), 0, 0))
    assert place > 0
    data[place + 4 : place + 8] = struct.pack("<HH", 65_535, 65_535)
    return bytes(data)


def far_in_xlsb() -> bytes:
    """A number in cell XFD1048576."""
    with zipfile.ZipFile(io.BytesIO(xlsb([*ROWS, [1.0]]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.bin"
    line = b"\x00\x11" + struct.pack("<I", len(ROWS))
    place = parts[name].rfind(line)
    assert place > 0
    sheet = bytearray(parts[name])
    sheet[place + 2 : place + 6] = struct.pack("<I", 1_048_575)
    cell = sheet.find(b"\x05\x10", place)
    sheet[cell + 2 : cell + 6] = struct.pack("<I", 16_383)
    return zip_bytes(parts | {name: bytes(sheet)})


HOSTILE = {
    "a cell repeated over the whole .ods": (lambda: repeated(1_048_576, 16_384), "a.ods"),
    "a cell repeated over a wide .ods": (lambda: repeated(100_000, 1_000), "a.ods"),
    "an error in the whole .ods": (error_everywhere, "a.ods"),
    "empty records in .xlsb": (nothing_but_records, "a.xlsb"),
    "entities in .ods": (laughing, "a.ods"),
    "a far cell in .xls": (far_in_xls, "a.xls"),
    "a far cell in .xlsb": (far_in_xlsb, "a.xlsb"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_in_older_formats_are_refused_and_harm_nobody(tmp_path: Path, what: str) -> None:
    make, name = HOSTILE[what]
    (tmp_path / name).write_bytes(make())
    assert (tmp_path / name).stat().st_size < 20_000
    before = psutil.Process().memory_info().rss
    with pytest.raises(Refusal) as caught:
        read(tmp_path / name)
    assert caught.value.code in ("hostile_file", "too_large", "not_a_workbook")
    assert psutil.Process().memory_info().rss - before < 50_000_000
    good = tmp_path / "good.ods"
    good.write_bytes(ods(ROWS))
    assert read(good).main.people == 9


def test_empty_cells_repeated_to_the_edge_are_harmless(tmp_path: Path) -> None:
    """As every office program writes them behind the last row."""
    (tmp_path / "a.ods").write_bytes(repeated(1_048_566, 16_384, value=False))
    assert read(tmp_path / "a.ods").main.people == 9

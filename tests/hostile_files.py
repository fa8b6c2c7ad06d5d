"""Files made to break the reader, for the tests that refuse them and for the benchmark that says how soon."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from analytics.errors import Refusal
from tests.intake_files import SHEET, in_xml, raw_workbook, rewrite, sheet_xml, staff, with_cell, workbook

GRACE = 4.0
"""Seconds of work within which a hostile file is refused. Alone on a machine it is less than one (`make bench`, hostile files)."""
MAIN = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def worked() -> float:
    """Seconds of processor time of this process and its children: what others do on this machine is not the file's fault."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@contextmanager
def refused(*codes: str, within: float = GRACE) -> Iterator[None]:
    """The block raises a Refusal with one of these codes, soon, and this process hardly grows."""
    before, started = psutil.Process().memory_info().rss, worked()
    with pytest.raises(Refusal) as caught:
        yield
    assert worked() - started < within
    assert psutil.Process().memory_info().rss - before < 50_000_000
    assert caught.value.code in codes, caught.value


def deflated(path: Path, name: str, size: int, block: bytes) -> Path:
    """A good workbook with one part that unpacks to `size` bytes of the same block."""
    workbook(path, staff())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open(name, "w", force_zip64=True) as part:
        for _ in range(size // len(block)):
            part.write(block)
    return path


def media_bomb(path: Path) -> Path:
    return deflated(path, "xl/media/image1.png", 150_000_000, b"\x00" * 1_000_000)


def sheet_bomb(path: Path) -> Path:
    return deflated(path, "xl/worksheets/sheet9.xml", 150_000_000, b'<row r="1"><c r="A1"><v>1</v></c></row>' * 20_000)


def many_entries(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(5_000):
            archive.writestr(f"xl/{number}.xml", b"<a/>")
    return path


def overlapping(path: Path) -> Path:
    data = bytearray(workbook(path, staff()).read_bytes())
    first = data.find(b"PK\x01\x02")
    second = data.find(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    path.write_bytes(data)
    return path


def lying(path: Path) -> Path:
    data = bytearray(workbook(path, staff()).read_bytes())
    place = data.rfind(SHEET.encode()) - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    path.write_bytes(data)
    return path


def with_doctype(path: Path, part: str = SHEET, doctype: bytes = LAUGHS) -> Path:
    return rewrite(workbook(path, staff()), {part: lambda xml: in_xml(rb"<(?=[A-Za-z])", doctype + b"<")(xml)})


def with_far_cell(path: Path, reference: str = "XFD1048576", row: int = 1_048_576) -> Path:
    return rewrite(workbook(path, staff(3)), {SHEET: with_cell(reference, row)})


def string_bomb(path: Path) -> Path:
    """One long text in a hundred thousand cells."""
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c><c r="B%d" t="s"><v>0</v></c></row>' % (n, n, n) for n in range(1, 60_001))
    noise = bytes(33 + (n * 7919) % 26 for n in range(30_000)).replace(b"<", b"a").replace(b"&", b"b") * 12
    return raw_workbook(path, sheet_xml(cells), MAIN + b"<si><t>" + noise + b"</t></si></sst>")


def long_string(path: Path) -> Path:
    text = bytes(65 + n % 26 for n in range(100)) * 20_000 * 3
    return raw_workbook(path, sheet_xml(b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), MAIN + b"<si><t>" + text + b"</t></si></sst>")


def many_strings(path: Path, count: int = 5_000_000) -> Path:
    """A table of five million texts, each another one, of which one cell uses the first."""
    block = 100_000
    raw_workbook(path, sheet_xml(b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>'))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != "xl/sharedStrings.xml"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        with archive.open("xl/sharedStrings.xml", "w") as part:
            part.write(MAIN)
            for start in range(0, count, block):
                part.write(b"".join(b"<si><t>%d</t></si>" % number for number in range(start, start + block)))
            part.write(b"</sst>")
    return path


def many_sheets(path: Path) -> Path:
    return workbook(path, {f"S{n}": [["x"]] for n in range(201)})


def deep(path: Path) -> Path:
    return raw_workbook(path, sheet_xml(b'<row r="1"><c r="A1"><v>' + b"<a>" * 140_000 + b"</a>" * 140_000 + b"</v></c></row>"))


def beyond_measure(path: Path) -> Path:
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(300_000_001)  # takes no room on the disk
    return path


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a picture that unpacks to 150 MB": (media_bomb, "hostile_file"),
    "a sheet that unpacks to 150 MB": (sheet_bomb, "hostile_file"),
    "5 000 parts": (many_entries, "hostile_file"),
    "parts that overlap": (overlapping, "hostile_file"),
    "a part that lies about its size": (lying, "not_a_workbook"),
    "entities in the sheet": (with_doctype, "hostile_file"),
    "a cell in the last corner": (with_far_cell, "far_cell"),
    "a long text in 120 000 cells": (string_bomb, "hostile_file"),
    "a text of 6 MB": (long_string, "hostile_file"),
    "five million texts": (many_strings, "too_large"),
    "201 sheets": (many_sheets, "too_large"),
    "140 000 tags in each other": (deep, "empty_file"),
    "a file of more than 300 MB": (beyond_measure, "too_large"),
}
"""What, and how it is refused."""

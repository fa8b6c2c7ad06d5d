"""Other formats than .xlsx, each written here byte by byte, and 50 good or odd-but-good files that must all be accepted."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import ClassVar, Self
from xml.sax.saxutils import escape

import pytest
import xlsxwriter
from openpyxl import Workbook

from presentation.exports.template import template
from tests.intake_files import HEADERS, SHEET, csv_file, in_xml, people, read, rewrite, staff, workbook, zip_bytes

ROWS = [list(HEADERS), *([*row[:1], row[1].strftime("%d-%m-%Y"), row[2].strftime("%d-%m-%Y"), *row[3:]] for row in people(9))]


class ErrorCell(str):
    """An error in place of a value, as the office programs store it. formula: what it is the outcome of ("" = the cell's own value)."""

    __slots__ = ("formula",)
    CODES: ClassVar = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}

    def __new__(cls, text: str, formula: str = "") -> Self:
        made = super().__new__(cls, text)
        made.formula = formula
        return made

    @property
    def code(self) -> int:
        """What the binary formats write for it."""
        return self.CODES[self]


def ods(rows: list[list[object]]) -> bytes:
    def cell(value: object) -> str:
        if isinstance(value, ErrorCell):
            formula = f'table:formula="of:={escape(value.formula)}" ' if value.formula else ""
            if not value:
                return f"<table:table-cell {formula}/>"
            return f'<table:table-cell {formula}office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>{value}</text:p></table:table-cell>'  # noqa: E501
        if isinstance(value, float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    space = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    space += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = f'<office:document-content{space}><office:body><office:spreadsheet><table:table table:name="Blad1">{lines}</table:table></office:spreadsheet></office:body></office:document-content>'  # noqa: E501
    return zip_bytes(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": b"<manifest/>",
        }
    )


def with_content(path: bytes, change: Callable[[str], str]) -> bytes:
    """An .ods with its cells changed."""
    with zipfile.ZipFile(io.BytesIO(path)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["content.xml"] = change(parts["content.xml"].decode()).encode()
    return zip_bytes(parts)


def xls(rows: list[list[object]]) -> bytes:
    """BIFF8 in a compound file: one sector of allocation table, one of directory, the rest the workbook."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    start, end = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)), record(0x0A, b"")
    name = b"Blad1"
    place = len(start) + 4 + 6 + 2 + len(name) + len(end)
    book = start + record(0x85, struct.pack("<IBB", place, 0, 0) + bytes((len(name), 0)) + name) + end
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + record(
        0x200, struct.pack("<IIHHH", 0, len(rows), 0, len(rows[0]), 0)
    )
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, ErrorCell) and value.formula:
                outcome = struct.pack("<BBBBHH", 2, 0, value.code, 0, 0, 0xFFFF)
                sheet += record(0x06, struct.pack("<HHH", line, column, 0) + outcome + bytes(6) + struct.pack("<HBH", 3, 0x1E, 1))
            elif isinstance(value, ErrorCell):
                sheet += record(0x205, struct.pack("<HHHBB", line, column, 0, value.code, 1))
            elif isinstance(value, float):
                sheet += record(0x203, struct.pack("<HHHd", line, column, 0, value))
            else:
                text = str(value).encode("latin-1")
                sheet += record(0x204, struct.pack("<HHHHB", line, column, 0, len(text), 0) + text)
    stream = (book + sheet + end).ljust(4096, b"\x00")
    stream += b"\x00" * (-len(stream) % 512)
    count = len(stream) // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))

    def entry(title: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = title.encode("utf-16-le")
        head = text.ljust(64, b"\x00") + struct.pack("<HBBIII", len(text) + 2 if title else 0, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return head + b"\x00" * 36 + struct.pack("<IQ", first, size)

    directory = (
        entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream)) + entry("", 0, 0xFFFFFFFF, 0, 0) * 2
    )
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0) + b"\xff" * 432
    return head + struct.pack("<128I", *table) + directory + stream


def xlsb(rows: list[list[object]]) -> bytes:
    def record(kind: int, body: bytes = b"") -> bytes:
        head = bytes((kind,)) if kind < 128 else bytes((kind & 0x7F | 0x80, kind >> 7))
        size, length = len(body), b""
        while True:
            length += bytes((size & 0x7F | (0x80 if size > 127 else 0),))
            size >>= 7
            if not size:
                return head + length + body

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + text("rId1") + text("Blad1")) + record(144) + record(132)
    sheet = record(129) + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + record(145)
    for line, row in enumerate(rows):
        sheet += record(0, struct.pack("<I", line) + b"\x00" * 13)
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            if isinstance(value, ErrorCell):
                formula = struct.pack("<HIBHI", 0, 3, 0x1E, 1, 0) if value.formula else b""
                sheet += record(11 if value.formula else 3, place + bytes((value.code,)) + formula)
                continue
            sheet += record(5, place + struct.pack("<d", value)) if isinstance(value, float) else record(6, place + text(str(value)))
    sheet += record(146) + record(130)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    links = f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/{{}}" Target="{{}}"/></Relationships>'
    types = f'<Types xmlns="{package}/content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'  # noqa: E501
    return zip_bytes(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": links.format("officeDocument", "xl/workbook.bin").encode(),
            "xl/_rels/workbook.bin.rels": links.format("worksheet", "worksheets/sheet1.bin").encode(),
            "xl/workbook.bin": book,
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


@pytest.mark.parametrize(("make", "name"), [(ods, "a.ods"), (xls, "a.xls"), (xlsb, "a.xlsb"), (xls, "renamed.xlsx"), (ods, "renamed.csv")])
def test_21_other_formats_are_read_by_content(tmp_path: Path, make, name: str) -> None:
    (tmp_path / name).write_bytes(make(ROWS))
    result = read(tmp_path / name)
    frame = result.frames["employees"]
    assert result.main.people == 9
    assert frame["birth_date"].dt.date.tolist() == [row[1] for row in people(9)]
    assert frame["fte"].tolist() == [row[5] for row in people(9)]
    assert frame["employee_id"].tolist() == [row[0] for row in people(9)]


def test_fast_writers_leading_empty_columns_and_prefixed_xml(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"default_date_format": "dd-mm-yyyy"})
    sheet = book.add_worksheet()
    for line, row in enumerate(staff(5)):
        for column, value in enumerate(row):
            (sheet.write_datetime if isinstance(value, date) else sheet.write)(line + 3, column + 2, value)
    book.close()
    result = read(tmp_path / "a.xlsx")
    assert (result.main.header_row, result.main.people) == (4, 5)
    assert [column.letter for column in result.main.columns] == list("CDEFGH")

    def prefix(xml: bytes) -> bytes:
        xml = xml.replace(b"<worksheet xmlns=", b"<worksheet xmlns:x=")
        return in_xml(rb"^", b"")(__import__("re").sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml))

    prefixed = rewrite(workbook(tmp_path / "b.xlsx", staff(5)), {SHEET: prefix})
    assert read(prefixed).main.people == 5


def good_files(folder: Path) -> Iterator[tuple[str, Path, int]]:
    """(what is odd about it, file, people in it)."""
    for count in (1, 2, 50, 1500):
        yield f"{count} people", workbook(folder / f"n{count}.xlsx", staff(count)), count
    for delimiter in ";,\t|":
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            yield f"csv {delimiter!r} {encoding}", csv_file(folder / f"{ord(delimiter)}{encoding}.csv", staff(7), delimiter, encoding), 7
    for ends in ("\n", "\r\n", "\r"):
        yield f"line ends {ends!r}", csv_file(folder / f"e{len(ends)}{ord(ends[0])}.csv", staff(7), ends=ends), 7
    for above in range(6):
        yield f"{above} rows above", workbook(folder / f"a{above}.xlsx", [*([["Overzicht personeel"]] * above), *staff(7)]), 7
    for shift in range(1, 4):
        yield f"{shift} empty columns", workbook(folder / f"c{shift}.xlsx", [[*([None] * shift), *row] for row in staff(7)]), 7
    yield "separator line", _text(folder / "sep.csv", "sep=;\r\n", csv_file(folder / "x.csv", staff(7))), 7
    yield "empty lines between", workbook(folder / "gaps.xlsx", [line for row in staff(7) for line in (row, [])]), 7
    yield "many sheets", workbook(folder / "sheets.xlsx", {"Info": [["x"]], **{f"S{n}": [[n]] for n in range(40)}, "Data": staff(7)}), 7
    yield (
        "merged title",
        workbook(folder / "merge.xlsx", [["Titel"], *staff(7)], change=lambda book: book.worksheets[0].merge_cells("A1:F1")),
        7,
    )
    yield "only needed columns", workbook(folder / "few.xlsx", [row[:2] for row in staff(7)]), 7
    yield "hundred columns", workbook(folder / "wide.xlsx", [[*row, *(f"veld {n}" for n in range(100))] for row in staff(7)]), 7
    yield "column widths and formats", workbook(folder / "style.xlsx", staff(7), change=_styled), 7
    yield "macros", rewrite(workbook(folder / "m.xlsm", staff(7)), {}, {"xl/vbaProject.bin": b"x"}), 7
    for name, make in (("o.ods", ods), ("b.xlsb", xlsb), ("x.xls", xls)):
        (folder / name).write_bytes(make(ROWS))
        yield name, folder / name, 9
    for headers in (
        ["Personalnummer", "Geburtsdatum", "Eintrittsdatum", "Abteilung", "Planstelle", "BsGrd"],
        ["EmpID", "DOB", "DateofHire", "Department", "Position", "FTE"],
    ):
        yield headers[1], workbook(folder / f"{headers[1]}.xlsx", [headers, *people(7)]), 7
    yield "upper case headers", workbook(folder / "upper.xlsx", [[header.upper() + " " for header in HEADERS], *people(7)]), 7
    yield (
        "headers with units",
        workbook(
            folder / "unit.xlsx",
            [
                ["Personeelsnr.", "Geb.datum (dd-mm-jjjj)", "Huidige datum in dienst", "Huidige afdeling", "Functie", "FTE (0-1)"],
                *people(7),
            ],
        ),
        7,
    )
    yield "dates as text", workbook(folder / "text.xlsx", ROWS), 9
    yield (
        "time behind dates",
        csv_file(folder / "time.csv", [HEADERS, *([row[0], f"{row[1]} 00:00:00", f"{row[2]}T00:00:00Z", *row[3:]] for row in people(7))]),
        7,
    )
    yield (
        "far empty row",
        rewrite(
            workbook(folder / "far.xlsx", staff(7)),
            {SHEET: lambda xml: xml.replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>')},
        ),
        7,
    )


def _text(path: Path, before: str, rest: Path) -> Path:
    path.write_bytes(before.encode() + rest.read_bytes())
    return path


def _styled(book: Workbook) -> None:
    sheet = book.worksheets[0]
    for column in "ABCDEF":
        sheet.column_dimensions[column].width = 22
    for row in sheet["B2:C8"]:
        for cell in row:
            cell.number_format = "d mmmm yyyy"


@pytest.mark.slow
def test_fifty_good_and_odd_files_are_all_accepted(tmp_path: Path) -> None:
    files = list(good_files(tmp_path))
    with ThreadPoolExecutor(4) as hands:  # as four visitors would
        results = list(hands.map(lambda file: read(file[1]), files))
    wrong = [
        (what, result.main.people, result.main.rows_read, result.main.rows_kept)
        for (what, _, count), result in zip(files, results, strict=True)
        if result.main.people != count or result.main.rows_read != result.main.rows_kept or result.blocked
    ]
    assert not wrong
    assert len(files) >= 50


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_template_filled_with_its_own_examples_is_understood(tmp_path: Path, language: str) -> None:
    from openpyxl import load_workbook

    from presentation.texts import catalogue

    words = catalogue(language)["template"]
    path = tmp_path / "t.xlsx"
    path.write_bytes(template(language))
    names = {text: name for name, text in words["header"].items()}
    book = load_workbook(path)
    for sheet in book.worksheets:
        for cell in sheet[1] if sheet.title != words["explanation"] else ():
            if cell.value:
                sheet.cell(2, cell.column, words["example"][names[cell.value]])
    book.save(path)
    result = read(path)
    assert {report.kind for report in result.reports} == set(words["sheet"])
    assert result.main.kind == "employees"
    assert all(report.rows_kept == report.rows_read == 1 for report in result.reports)
    assert not [column.header for report in result.reports for column in report.columns if column.use != "used"]
    half = workbook(
        tmp_path / "h.xlsx",
        {
            words["sheet"]["employees"]: staff(3),
            words["sheet"]["roles"]: [[words["header"][name] for name in ("role", "isco", "critical")]],
        },
    )
    assert [report.kind for report in read(half).reports] == ["employees"]


def test_the_zip_written_by_hand_is_a_zip(tmp_path: Path) -> None:
    (tmp_path / "a.xlsb").write_bytes(xlsb(ROWS))
    assert zipfile.is_zipfile(tmp_path / "a.xlsb")


def test_a_sheet_of_thousands_of_columns_is_read(tmp_path: Path) -> None:
    free = [f"kolom {number}" for number in range(4_000)]
    rows = [[*HEADERS, *free], *([*row, *(["x"] * len(free))] for row in people(2))]
    assert read(workbook(tmp_path / "a.xlsx", rows)).main.people == 2


def test_marks_of_direction_in_headers_are_not_shown(tmp_path: Path) -> None:
    rows = [[f"\u202e{header}\u200f" for header in HEADERS], *people(5)]
    result = read(workbook(tmp_path / "a.xlsx", rows))
    assert [column.header for column in result.main.columns] == list(HEADERS)
    assert list(result.main.mapping.values()) == list(HEADERS)

"""Makes the workbooks and text files that the import tests read: good, odd, broken and hostile ones."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

from intake import Finding, Import, Options, read_file

AS_OF = date(2026, 1, 1)
HEADERS = ("Personeelsnummer", "Geboortedatum", "Datum in dienst", "Afdeling", "Functie", "FTE")

Row = Sequence[object]


def people(count: int, start: int = 1) -> list[list[object]]:
    """Good rows under HEADERS."""
    units = ("Zorg", "Techniek", "Kantoor")
    return [
        [
            f"{number:05d}",
            date(1960 + number % 40, 1 + number % 12, 1 + number % 28),
            date(2010 + number % 12, 3, 1),
            units[number % 3],
            f"Functie {number % 4}",
            (1.0, 0.8, 0.6)[number % 3],
        ]
        for number in range(start, start + count)
    ]


def staff(count: int = 20) -> list[Row]:
    return [HEADERS, *people(count)]


def workbook(
    path: Path,
    sheets: dict[str, Sequence[Row]] | Sequence[Row],
    hidden: tuple[str, ...] = (),
    change: Callable[[Workbook], None] | None = None,
) -> Path:
    """An .xlsx of plain cells; texts that start with "=" stay formulas without a value, as openpyxl writes them."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (sheets if isinstance(sheets, dict) else {"Blad1": sheets}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    if change is not None:
        change(book)
    book.save(path)
    return path


def csv_file(path: Path, rows: Sequence[Row], delimiter: str = ";", encoding: str = "utf-8", ends: str = "\r\n") -> Path:
    """A text table; a text holding the delimiter is quoted."""

    def cell(value: object) -> str:
        text = "" if value is None else value.strftime("%d-%m-%Y") if isinstance(value, date) else str(value)
        return f'"{text}"' if delimiter in text else text

    path.write_bytes(ends.join(delimiter.join(cell(value) for value in row) for row in rows).encode(encoding))
    return path


def read(path: Path, **options: object) -> Import:
    """read_file with a fixed reference date unless another is given."""
    chosen: dict[str, object] = {"as_of": AS_OF, "today": AS_OF, **options}
    return read_file(path, path.name, Options(**chosen))  # type: ignore[arg-type]


def found(result: Import, reason: str) -> Finding:
    """The first finding with a reason; fails when there is none."""
    return next(finding for finding in result.main.findings if finding.reason == reason)


def silent(result: Import, *reasons: str) -> bool:
    return not {finding.reason for finding in result.main.findings} & set(reasons)


def table(extra: dict[str, list[object]], count: int | None = None) -> list[list[object]]:
    """Good staff rows with further columns, or with columns replaced."""
    size = count or len(next(iter(extra.values())))
    rows = [dict(zip(HEADERS, row, strict=True)) for row in people(size)]
    headers = [*HEADERS, *(name for name in extra if name not in HEADERS)]
    for name, values in extra.items():
        for row, value in zip(rows, values, strict=True):
            row[name] = value
    return [headers, *([row.get(name) for name in headers] for row in rows)]


def rewrite(path: Path, change: dict[str, Callable[[bytes], bytes]], add: dict[str, bytes] | None = None) -> Path:
    """The same zip with some parts changed or added."""
    with zipfile.ZipFile(path) as archive:
        parts = {item.filename: archive.read(item.filename) for item in archive.infolist()}
    for name, function in change.items():
        parts[name] = function(parts[name])
    parts |= add or {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def with_cell(reference: str, row: int) -> Callable[[bytes], bytes]:
    """Adds one far cell at the end of the sheet's data."""
    cell = f'<row r="{row}"><c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'.encode()
    return lambda content: content.replace(b"</sheetData>", cell)


def raw_workbook(path: Path, sheet_xml: bytes, strings: bytes = b"", extra: dict[str, bytes] | None = None) -> Path:
    """A minimal .xlsx around the XML of one sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'  # noqa: E501
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    root = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'  # noqa: E501
    links = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'  # noqa: E501
    book = f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
    parts = {"[Content_Types].xml": types.encode(), "_rels/.rels": root.encode(), "xl/workbook.xml": book.encode()}
    parts |= {"xl/_rels/workbook.xml.rels": links.encode(), SHEET: sheet_xml}
    parts |= {"xl/sharedStrings.xml": strings or f'<sst xmlns="{main}"/>'.encode()} | (extra or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def sheet_xml(body: bytes) -> bytes:
    return b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + body + b"</sheetData></worksheet>"


def like_employee_sample(path: Path) -> Path:
    """Same shape as a well-known English sample: age without a birth date, ids given twice, subtotals beside the table."""
    rows: list[list[object]] = [
        [
            "EEID",
            "Full Name",
            "Job Title",
            "Department",
            "Gender",
            "Ethnicity",
            "Age",
            "Hire Date",
            "Annual Salary",
            "Country",
            "City",
            "Exit Date",
        ]
    ]
    for number in range(200):
        left = date(2018, 1, 1) + timedelta(days=number) if number < 17 else None
        rows.append(
            [
                f"E{number % 182:05d}",
                f"Person {number}",
                f"Analyst {number % 3}",
                ("IT", "Sales")[number % 2],
                ("Male", "Female")[number % 2],
                "Asian",
                25 + number % 40,
                date(2001, 1, 1) + timedelta(days=17 * number),
                50_000 + number,
                ("United States", "China", "Brazil")[number % 3],
                "Austin",
                left,
            ]
        )

    def beside(book: Workbook) -> None:
        for line in range(7):
            book.worksheets[0].cell(line + 1, 14, f"Team {line} Total")
            book.worksheets[0].cell(line + 1, 15, 11_000_000 + line)

    return workbook(path, {"Data": rows}, change=beside)


def like_human_resources(path: Path) -> Path:
    """Same shape as a well-known csv: two spellings of dates, two-digit years, leave dates with a time zone, many in the future."""
    lines = ["id,first_name,last_name,birthdate,gender,race,department,jobtitle,location,hire_date,termdate,location_city,location_state"]
    for number in range(300):
        born, hired = date(1966, 1, 1) + timedelta(days=44 * number), date(2000, 2, 1) + timedelta(days=23 * number)
        birth, hire = (_us(day, number + shift) for shift, day in enumerate((born, hired)))
        left = f"{2002 + number % 40}-10-29 06:09:38 UTC" if number % 6 == 0 and 2002 + number % 40 > hired.year else ""
        lines.append(
            f"00-{number:07d},Voor{number},Naam{number},{birth},{('Male', 'Female', 'Non-Conforming')[number % 3]},White,Sales,Analyst,Remote,{hire},{left},Cleveland,Ohio"  # noqa: E501
        )
    path.write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    return path


def _us(day: date, number: int) -> str:
    """06-04-91 where both parts fit a month, as Excel leaves them behind, else 6/29/1984."""
    if day.day <= 12 and number % 2:
        return day.strftime("%m-%d-%y")
    return f"{day.month}/{day.day}/{day.year}"


def zip_bytes(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def in_xml(pattern: bytes, replacement: bytes) -> Callable[[bytes], bytes]:
    return lambda content: re.sub(pattern, replacement, content, count=1)

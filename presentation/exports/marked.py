"""The user's own file with what is wrong in it: bad cells coloured, a comment on each, a first sheet with links to them.

An Excel workbook comes back as it was, plus colours. Other formats, and lists over 20 000 rows, come back as a new workbook
with the rows in question. No comment repeats a value from the file: the cell itself shows it, and what slipped into the
wrong column may be somebody's illness.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from presentation import lists
from presentation.exports.template import INERT
from presentation.texts import Words
from workflows import importing
from workflows.types import Viewer

OWN_FORMATS = (".xlsx", ".xlsm")
MOST_ROWS = 20_000
MOST_UNPACKED = 80_000_000
"""Bytes of XML that are still opened cell by cell; about four times a list of 20 000 rows and 20 columns."""

COLOURS = {"error": "F8B4B4", "warning": "FCE3A1", "note": "D6E6F7"}
SEVERITIES = tuple(COLOURS)
LINK, INK = "0B5CAD", "5B6673"
WIDTHS = (18, 22, 80, 60)
TOP = 5
"""First row of the list on the first sheet, from 1; the heads stand one above."""

_HOLE = "\x00"
_ASIDE = re.compile(rf"(?:[:,]\s*|,?\s+(?:bijvoorbeeld|for example|such as|zoals)\s+|\s*\(){{1,2}}[“\"]?{_HOLE}[”\"]?\)?")
_QUOTED = re.compile(rf"[“\"]?{_HOLE}[”\"]?")


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell that needs a look. letter "" = the row as a whole; row 0 = `more` rows that are not listed one by one."""

    severity: str
    sheet: str
    letter: str
    row: int
    what: str
    repair: str
    more: int = 0


def has_marks(reports: Sequence[Any]) -> bool:
    """Whether there is anything to point at."""
    return any(_pointed(finding) for report in reports for finding in report.findings)


def marked(words: Words | str, source: Path | bytes, shown_name: str, reports: Sequence[Any], viewer: Viewer | None = None) -> bytes:
    """The workbook to hand back as .xlsx bytes. words: a language or its words; source: the file as it was read."""
    words = Words(words) if isinstance(words, str) else words
    content = source if isinstance(source, bytes) else Path(source).read_bytes()
    marks = list(_marks(words, reports))
    if Path(shown_name).suffix.lower() in OWN_FORMATS and _small(content, reports):
        try:
            return _own(words, content, shown_name, marks)
        except Exception:  # openpyxl fails in many ways on workbooks that are read well otherwise; the rows still come back
            pass
    return _only_rows(words, content, shown_name, reports, marks, viewer or Viewer.local())


# -- what is said of which cell ----------------------------------------------------------------------------------------------


def _marks(words: Words, reports: Sequence[Any]) -> Iterator[Mark]:
    """Worst first; per finding in the order of the file."""
    found = [(report, finding) for report in reports for finding in report.findings if _pointed(finding)]
    for report, finding in sorted(found, key=lambda pair: SEVERITIES.index(str(pair[1].severity))):
        severity, letter = str(finding.severity), _letter(report, finding.column)
        one = replace(finding, count=1, example=_HOLE)
        what, repair = (_without_values(words, lists.finding_text(words, one, which)) for which in ("what", "repair"))
        letters = finding.params.get("cells") or [letter] * len(finding.rows)  # where every row has a place of its own
        for at, row in zip(letters, finding.rows, strict=True):
            yield Mark(severity, report.sheet, at, row, what, repair)
        if finding.count > len(finding.rows):
            yield Mark(severity, report.sheet, letter, 0, what, repair, finding.count - len(finding.rows))


def _pointed(finding: Any) -> bool:
    """Findings with rows; a note without a column only tells what was skipped."""
    return bool(finding.rows) and (bool(finding.column) or str(finding.severity) != "note")


def _letter(report: Any, header: str) -> str:
    """Column of a header; of two with the same name the one that is used."""
    same = [column for column in report.columns if header and column.header == header]
    return min(same, key=lambda column: column.use != "used").letter if same else ""


def _without_values(words: Words, text: str) -> str:
    """A sentence without the example from the file: an aside goes, elsewhere it becomes "this value"."""
    return _QUOTED.sub(words("marked.this_value"), _ASIDE.sub("", text))


def _place(mark: Mark) -> str:
    """The address people know from Excel: C18, or 18:18 for a whole row."""
    return f"{mark.letter}{mark.row}" if mark.letter else f"{mark.row}:{mark.row}"


def _by_cell(marks: Sequence[Mark]) -> dict[tuple[str, str, int], list[Mark]]:
    """Marks per (sheet, letter, row), worst first; a mark on the row as a whole sits on its first cell."""
    cells: dict[tuple[str, str, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.row:
            cells[mark.sheet, mark.letter or "A", mark.row].append(mark)
    return cells


def _comment(marks: Sequence[Mark]) -> str:
    return "\n\n".join(f"{mark.what}\n→ {mark.repair}" for mark in marks)


def _heads(words: Words) -> tuple[str, ...]:
    return tuple(words(f"marked.column_{name}") for name in ("kind", "place", "what", "repair"))


def _line(words: Words, mark: Mark) -> tuple[str, str, str, str]:
    """Texts of one line of the list."""
    place = " ".join(part for part in (mark.sheet, _place(mark)) if part) if mark.row else words("marked.more", n=mark.more)
    return words(f"marked.severity_{mark.severity}"), place, mark.what, mark.repair


def _free_name(wanted: str, taken: Sequence[str]) -> str:
    """A sheet name Excel accepts that is not in use; Excel does not tell capitals apart."""
    base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", wanted).strip(" '")[:31] or "1"
    name, number, used = base, 1, {other.lower() for other in taken}
    while name.lower() in used or name.lower() == "history":  # Excel keeps that name for itself
        number += 1
        name = f"{base[: 30 - len(str(number))]} {number}"
    return name


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


# -- their own workbook ------------------------------------------------------------------------------------------------------


def _small(content: bytes, reports: Sequence[Any]) -> bool:
    """Whether the workbook can be opened whole: every cell costs memory here, also those of sheets that were not read."""
    if any(report.rows_read > MOST_ROWS for report in reports):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return sum(part.file_size for part in parts.infolist()) <= MOST_UNPACKED
    except zipfile.BadZipFile:
        return False


def _own(words: Words, content: bytes, shown_name: str, marks: Sequence[Mark]) -> bytes:
    book = load_workbook(io.BytesIO(content))
    for (sheet, letter, row), found in _by_cell(marks).items():
        _mark_cell(_solid(book[sheet], letter, row), found, words("app.name"))
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = False
    _front(words, book, shown_name, marks)
    book.calculation.fullCalcOnLoad = True  # results of formulas are not kept in the copy; Excel works them out again
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def _solid(sheet: Worksheet, letter: str, row: int) -> Cell:
    """The cell, or the one that holds the content of its merged block."""
    cell = sheet[f"{letter}{row}"]
    if isinstance(cell, MergedCell):
        block = next(block for block in sheet.merged_cells.ranges if cell.coordinate in block)
        return sheet.cell(block.min_row, block.min_col)
    return cell


def _mark_cell(cell: Cell, found: Sequence[Mark], author: str) -> None:
    """Colour by the worst of what was found; a comment that was there stays in front."""
    cell.fill = PatternFill("solid", fgColor=COLOURS[found[0].severity])
    before = f"{cell.comment.text}\n\n" if cell.comment else ""
    cell.comment = Comment(before + _comment(found), author, height=150, width=320)


def _front(words: Words, book: Workbook, shown_name: str, marks: Sequence[Mark]) -> None:
    sheet = book.create_sheet(_free_name(words("marked.sheet"), book.sheetnames), 0)
    book.active = 0
    _text(sheet, 1, 1, words("marked.title", file=shown_name)).font = Font(bold=True, size=14)
    _text(sheet, 2, 1, words("marked.lead"))
    _text(sheet, 3, 1, words("marked.limit", n=importing.MAX_ROWS_LISTED)).font = Font(color=INK)
    for column, (head, width) in enumerate(zip(_heads(words), WIDTHS, strict=True), start=1):
        _text(sheet, TOP - 1, column, head).font = Font(bold=True)
        sheet.column_dimensions[chr(64 + column)].width = width
    for row, mark in enumerate(marks, start=TOP):
        cells = [_text(sheet, row, column, text) for column, text in enumerate(_line(words, mark), start=1)]
        cells[0].fill = PatternFill("solid", fgColor=COLOURS[mark.severity])
        sheet.row_dimensions[row].height = _height(cells)
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if mark.row:
            target = f"{_quoted(mark.sheet)}!{_place(mark)}"
            cells[1].hyperlink = Hyperlink(ref=cells[1].coordinate, location=target, display=str(cells[1].value))
            cells[1].font = Font(color=LINK, underline="single")
    sheet.freeze_panes = f"A{TOP}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _height(cells: Sequence[Any]) -> float:
    """Room for the longest text of a line; not every program finds it by itself."""
    return 15.0 * max(-(-len(str(cell.value or "")) // (width - 4)) for cell, width in zip(cells, WIDTHS, strict=True))


def _text(sheet: Worksheet, row: int, column: int, text: str) -> Any:
    """A cell with text that stays text, whatever it begins with."""
    cell = sheet.cell(row, column)
    cell.value = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
    cell.data_type = "s"
    return cell


# -- a new workbook with the rows in question --------------------------------------------------------------------------------


def _only_rows(words: Words, content: bytes, shown_name: str, reports: Sequence[Any], marks: Sequence[Mark], viewer: Viewer) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{Path(shown_name).suffix.lower()}"
        path.write_bytes(content)
        rows = importing.lines(viewer, path, reports)
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, INERT) as book:
        front = book.add_worksheet(words("marked.sheet"))
        names: dict[str, str] = {}
        for report in reports:
            wanted = report.sheet or Path(shown_name).stem
            names[report.sheet] = _free_name(wanted, [words("marked.sheet"), *names.values()])
        places = {}
        for report in reports:
            mine = [mark for mark in marks if mark.sheet == report.sheet]
            if any(mark.row for mark in mine):
                sheet = book.add_worksheet(names[report.sheet])
                places |= _sheet_of_rows(words, book, sheet, report, rows.get(report.sheet, {}), mine)
        _front_of_rows(words, book, front, shown_name, marks, {place: (names[place[0]], cell) for place, cell in places.items()})
    return sink.getvalue()


def _sheet_of_rows(
    words: Words, book: Any, sheet: Any, report: Any, rows: dict[int, dict[str, str]], marks: Sequence[Mark]
) -> dict[tuple[str, str, int], str]:
    """The rows of one list, only the columns that are read: any other may hold what nobody should pass on.

    Returns where each mark ended up, as an address.
    """
    shown = [column for column in report.columns if column.use == "used"]
    plain, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    colours = {name: book.add_format({"bg_color": f"#{colour}", "num_format": "@"}) for name, colour in COLOURS.items()}
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(shown), 16)
    for column, head in enumerate([words("marked.row"), *(column.header for column in shown)]):
        sheet.write_string(0, column, head, bold)
    at = {column.letter: number for number, column in enumerate(shown, start=1)}
    line_of = {row: line for line, row in enumerate(sorted({mark.row for mark in marks if mark.row}), start=1)}
    for row, line in line_of.items():
        sheet.write_number(line, 0, row)
        for letter, column in at.items():
            sheet.write_string(line, column, rows.get(row, {}).get(letter, ""), plain)
    gathered: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    places: dict[tuple[str, str, int], str] = {}
    for mark in (mark for mark in marks if mark.row):
        line, column = line_of[mark.row], at.get(mark.letter, 0)
        gathered[line, column].append(mark)
        places[mark.sheet, mark.letter, mark.row] = xlsxwriter.utility.xl_rowcol_to_cell(line, column)
    for (line, column), found in gathered.items():
        if column:
            letter = shown[column - 1].letter
            sheet.write_string(line, column, rows.get(found[0].row, {}).get(letter, ""), colours[found[0].severity])
        else:
            sheet.write_number(line, 0, found[0].row, colours[found[0].severity])
        sheet.write_comment(line, column, _comment(found), {"author": words("app.name"), "x_scale": 2.5, "y_scale": 2})
    return places


def _front_of_rows(
    words: Words, book: Any, sheet: Any, shown_name: str, marks: Sequence[Mark], places: dict[tuple[str, str, int], tuple[str, str]]
) -> None:
    wrap, bold = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"bold": True})
    link = book.add_format({"font_color": f"#{LINK}", "underline": 1, "valign": "top"})
    sheet.write_string(0, 0, words("marked.title", file=shown_name), book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, words("marked.lead_rows"))
    sheet.write_string(2, 0, words("marked.limit", n=importing.MAX_ROWS_LISTED), book.add_format({"font_color": f"#{INK}"}))
    colours = {name: book.add_format({"bg_color": f"#{colour}", "valign": "top"}) for name, colour in COLOURS.items()}
    for column, (head, width) in enumerate(zip(_heads(words), WIDTHS, strict=True)):
        sheet.write_string(TOP - 2, column, head, bold)
        sheet.set_column(column, column, width)
    for row, mark in enumerate(marks, start=TOP - 1):
        kind, place, what, repair = _line(words, mark)
        sheet.write_string(row, 0, kind, colours[mark.severity])
        target = places.get((mark.sheet, mark.letter, mark.row))
        if target:
            sheet.write_url(row, 1, f"internal:{_quoted(target[0])}!{target[1]}", link, place)
        else:
            sheet.write_string(row, 1, place, wrap)
        sheet.write_string(row, 2, what, wrap)
        sheet.write_string(row, 3, repair, wrap)
    sheet.freeze_panes(TOP - 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)

"""Error cells of .ods, .xls and .xlsb as the words that Excel shows, as a text file has them, and formulas without an outcome
(of .ods and .xls: an .xlsb does not tell a zero that was never worked out from one that was).

Of some cells the reader says nothing: it is given a copy in which these are written so that it does, where a file holds any.
For the reading child: imports little and works in pieces.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

CHUNK = 1 << 20
MAX_CELL = 8 << 20
"""Bytes of one cell with all that belongs to it."""
MAX_RECORDS = 30_000_000
LEAST_RECORD = 8
"""Bytes of a record in an .xlsb on the average; a cell alone takes ten."""
ANY_ERROR = "#N/A"
WORDS = {"Null": "#NULL!", "Div0": "#DIV/0!", "Value": "#VALUE!", "Ref": "#REF!", "Name": "#NAME?", "Num": "#NUM!", "NA": ANY_ERROR}
"""The reader's name of an error and Excel's words for it."""
PENDING = "GettingData"
"""The reader's name of the error that a formula without an outcome is given."""
UNCACHED = "\ue000 formula without an outcome \ue000"
"""Stands in a cell of an .ods whose formula was never worked out."""

_ERROR_TEXT = re.compile(rb"#(?:N/A|N/B|NV|[^\s#]{2,12}[!?])|(?:Err|Fout):\d{3}")
"""What a cell with an error shows, in whatever language."""
_IN_ODS = (b'"error"', b">#", b">Err:", b">Fout:", b":formula=")
_BEFORE_CELL = re.compile(rb"(?=<table:(?:covered-)?table-cell\b)")
_CELL = re.compile(
    rb"""(<table:(?:covered-)?table-cell)((?:[^"'<>]++|"[^"<]*+"|'[^'<]*+')*+)>"""
    rb"""(?:\s*<office:annotation\b.*?</office:annotation>)?(?:\s*<text:p[^>]*>(?:<text:span[^>]*>)?([^<]*))?""",
    re.DOTALL,
)
_OUTCOME = re.compile(rb"""\s(?:office:(?:[a-z]+-)?value(?:-type)?|calcext:value-type)=(?:"[^"]*"|'[^']*')""")
_VALUE = re.compile(rb"""\soffice:(?:string-value=(?:""|'')|value=)""")
"""Another value than the words that the cell shows."""

_SHEET = b"\x81\x01"
_FORMULA_ERROR, _ERROR = 0x0B, 0x03
_CODES = b"\x00\x07\x0f\x17\x1d\x24\x2a\x2b"
_IN_XLSB = re.compile(rb"\x0b(?:[\x0c-\x7f]|[\x80-\xff][\x01-\x7f]).[\x00-\x3f]\x00\x00", re.DOTALL)

Pieces = Iterator[bytes]


def copy(path: Path, kind: str, folder: Path) -> Path | None:
    """The copy, or None where nothing needs to be said otherwise. Raises ValueError on records that are no sheet."""
    if kind == "xls":
        from intake import uncalculated

        content = uncalculated.marked(path.read_bytes())
        return None if content is None else _written(folder / "restated.xls", content)
    if kind not in ("ods", "xlsb"):
        return None
    has, change = {"ods": (_holds_ods, _ods), "xlsb": (_holds_xlsb, _xlsb)}[kind]
    with zipfile.ZipFile(path) as archive:
        odd = {name for name in archive.namelist() if has(name, _pieces(archive, name))}
        if not odd:
            return None
        made = folder / f"restated.{kind}"
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
            for name in archive.namelist():
                _copy(target, name, _pieces(archive, name), change if name in odd else iter)
    return made


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def told(batch, broken):
    """(the reader's table with the words of an error where it met one, {column: rows} of formulas without an outcome). 0-based.

    broken: what the reader could not turn into text, None = nothing.
    """
    import pyarrow as pa

    words: dict[int, dict[int, str | None]] = {}
    uncached: dict[int, list[int]] = {}
    for cell in broken.errors if broken else ():
        row, column = cell.position
        name = cell.detail.partition("Error(")[2].partition(")")[0]
        if name == PENDING:
            uncached.setdefault(column, []).append(row)
        words.setdefault(column, {})[row] = None if name == PENDING else WORDS.get(name, ANY_ERROR)
    for column, cells in enumerate(batch.columns):
        if cells.index(UNCACHED).as_py() >= 0:
            uncached[column] = [row for row, text in enumerate(cells.to_pylist()) if text == UNCACHED]
            words.setdefault(column, {}).update(dict.fromkeys(uncached[column]))
    columns = [_replaced(cells, words[column]) if column in words else cells for column, cells in enumerate(batch.columns)]
    return (pa.RecordBatch.from_arrays(columns, names=batch.schema.names) if words else batch), uncached


def _replaced(cells, words: dict[int, str | None]):
    import pyarrow as pa

    texts = cells.to_pylist()
    for row, text in words.items():
        texts[row] = text
    return pa.array(texts, pa.string())


def _pieces(archive: zipfile.ZipFile, name: str) -> Pieces:
    with archive.open(name) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _copy(target: zipfile.ZipFile, name: str, pieces: Pieces, change: Callable[[Pieces], Pieces]) -> None:
    with target.open(name, "w", force_zip64=True) as stream:
        for piece in change(pieces):
            stream.write(piece)


def _overlapping(pieces: Pieces, size: int = 64) -> Pieces:
    last = b""
    for piece in pieces:
        yield last + piece
        last = piece[-size:]


def _holds_ods(name: str, pieces: Pieces) -> bool:
    return name == "content.xml" and any(mark in piece for piece in _overlapping(pieces) for mark in _IN_ODS)


def _ods(pieces: Pieces) -> Pieces:
    """Errors as texts of their own words, and a mark where a formula has no outcome."""
    rest = b""
    for piece in pieces:
        rest += piece
        cut = max(rest.rfind(b"<table:table-row"), rest.rfind(b"<table:table-cell"))
        if cut <= 0 and len(rest) < MAX_CELL:
            continue
        cut = cut if cut > 0 else len(rest)
        yield _ods_block(rest[:cut])
        rest = rest[cut:]
    yield _ods_block(rest)


def _ods_block(block: bytes) -> bytes:
    if not any(mark in block for mark in _IN_ODS):
        return block
    cells = _BEFORE_CELL.split(block)
    return b"".join(_CELL.sub(_ods_cell, cell, count=1) if any(mark in cell for mark in _IN_ODS) else cell for cell in cells)


def _ods_cell(cell: re.Match[bytes]) -> bytes:
    start, attributes, text = cell.group(1), cell.group(2), (cell.group(3) or b"").strip()
    end = b"/" if attributes.endswith(b"/") else b""
    formula, outcome = b":formula=" in attributes, _OUTCOME.search(attributes) is not None
    if b'calcext:value-type="error"' in attributes or (_ERROR_TEXT.fullmatch(text) and (formula or _VALUE.search(attributes))):
        told = text.decode(errors="replace") if text.decode(errors="replace") in WORDS.values() else ANY_ERROR
    elif formula and not outcome and not text:
        told = UNCACHED
    else:
        return cell.group()
    attributes = _OUTCOME.sub(b"", attributes.removesuffix(b"/"))
    said = f' office:value-type="string" office:string-value="{told}"'.encode()
    return start + attributes + said + end + b">" + cell.group()[cell.end(2) - cell.start() + 1 :]


def _holds_xlsb(name: str, pieces: Pieces) -> bool:
    if not name.lower().endswith(".bin"):
        return False
    first = next(pieces, b"")
    return first.startswith(_SHEET) and any(_IN_XLSB.search(piece) for piece in _overlapping(chain([first], pieces)))


def _xlsb(pieces: Pieces) -> Pieces:
    """Formulas that end in an error as cells that hold the error: the reader tells of these alone."""
    rest, records, passed = b"", 0, 0
    for piece in pieces:
        block = bytearray(rest + piece)
        place, found = _xlsb_block(block)
        records, passed = records + found, passed + place
        if records > MAX_RECORDS or len(block) - place > MAX_CELL or (records > 100_000 and passed < records * LEAST_RECORD):
            raise ValueError("records")
        yield bytes(block[:place])
        rest = bytes(block[place:])
    yield rest


def _xlsb_block(block: bytearray) -> tuple[int, int]:
    """Change the block's records in place; (place behind the last whole one, number of them)."""
    place, count, size = 0, 0, len(block)
    while True:
        at = place + (2 if place < size and block[place] > 127 else 1)
        length = shift = 0
        while at < size and shift < 28:
            byte = block[at]
            at += 1
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        else:
            return place, count
        if at + length > size:
            return place, count
        if block[place] == _FORMULA_ERROR and length > 8:
            block[place] = _ERROR
            if block[at + 8] not in _CODES:
                block[at + 8] = 0x2A
        place, count = at + length, count + 1

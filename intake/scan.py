"""A bounded look at the XML of one worksheet: how far it reaches and which cells hold nothing readable.

Works on whole rows a block at a time, so memory does not grow with the file. Cells are located with numpy because a
sheet of 100 000 x 20 holds two million of them and this scan stands before every import.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from intake.compact import Collector
from intake.grid import column_index

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
MAX_ROW_BYTES = 64_000_000
LISTED_PER_COLUMN = 200
NAMED = int.from_bytes(b' r="', "little")
WIDE = 1_000
"""No list of people has this many columns; more rows than this are usual."""

_REFERENCE = re.compile(rb'<c\s[^>]*?\br="([A-Z]{1,7})(\d{1,12})"')
_ERROR = re.compile(rb'<c\s(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_FORMULA_WITHOUT_VALUE = re.compile(rb"<c\s([^>]*)>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_CELL_NAME = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_PREFIX = re.compile(rb"<(\w+:)worksheet[\s>]")
_VALUE_AHEAD = re.compile(rb"<c\s[^>]*[^/>]>\s*<(?:v|is|f)\b|<c>\s*<(?:v|is|f)\b")


@dataclass(slots=True)
class SheetScan:
    """What the scan saw. Columns 0-based, rows as in Excel. errors and uncached: {column: [rows, at most 200]} with totals."""

    cells: int = 0
    first_row: int = MAX_ROW + 1
    last_row: int = 0
    first_column: int = MAX_COLUMN + 1
    last_column: int = -1
    out_of_grid: bool = False
    lowest: str = ""
    rightmost: str = ""
    errors: dict[int, list[int]] = field(default_factory=dict)
    error_count: dict[int, int] = field(default_factory=dict)
    uncached: dict[int, list[int]] = field(default_factory=dict)
    uncached_count: dict[int, int] = field(default_factory=dict)
    hidden_rows: int = 0
    hidden_columns: int = 0
    filtered: bool = False

    @property
    def furthest(self) -> str:
        """Name of the cell that makes the sheet too large: far to the right where it is wide, else far down."""
        return self.rightmost if self.last_column >= WIDE else self.lowest

    @property
    def area(self) -> int:
        """Cells of the dense table a reader would build."""
        if self.last_column < 0:
            return 0
        return (self.last_row - self.first_row + 1) * (self.last_column - min(self.first_column, self.last_column) + 1)


def scan_sheet(chunks: Iterator[bytes], collector: Collector | None = None) -> SheetScan:
    """Read the XML of a worksheet once. Raises ValueError("row_too_long") on a row that never ends. collector: is given all cells."""
    seen = SheetScan()
    rest = b""
    prefix = b""
    first = True
    for chunk in chunks:
        rest += chunk
        if first:
            found = _PREFIX.search(rest[:4096])
            prefix = found.group(1) if found else b""
            if prefix and collector:
                collector.give_up()
            first = False
        cut = rest.rfind(b"<" + prefix + b"row")
        if cut <= 0:
            if len(rest) > MAX_ROW_BYTES:
                raise ValueError("row_too_long")
            continue
        _scan_block(_plain(rest[:cut], prefix), seen, collector)
        rest = rest[cut:]
    _scan_block(_plain(rest, prefix), seen, collector)
    return seen


def text_ends(block: bytes) -> np.ndarray:
    """Places where the texts of a table of shared texts end (a tag cut in two by the block's edge is one text more, not less)."""
    data = np.frombuffer(block, dtype=np.uint8)
    if data.size < 5:
        return np.zeros(0, dtype=np.int64)
    found = (data[:-4] == 60) & (data[1:-3] == 47) & (data[2:-2] == 115) & (data[3:-1] == 105) & (data[4:] == 62)
    return np.flatnonzero(found).astype(np.int64)


def _plain(block: bytes, prefix: bytes) -> bytes:
    if not prefix:
        return block
    return block.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")


def _scan_block(block: bytes, seen: SheetScan, collector: Collector | None) -> None:
    data = np.frombuffer(block, dtype=np.uint8)
    starts, rows, columns = np.zeros((3, 0), dtype=np.int64)
    if data.size >= 3:
        starts = np.flatnonzero((data[:-2] == 60) & (data[1:-1] == 99) & ((data[2:] == 32) | (data[2:] == 62)))
        seen.cells += len(starts)
        if len(starts):
            rows, columns = _reach(block, data, starts, seen)
    if collector and not collector.off:
        collector.add(block, starts, rows, columns)
    # one letter is found many times faster than a word, and most blocks hold none of these letters
    if b"e" in block and b't="e"' in block:
        _collect(_ERROR.finditer(block), seen.errors, seen.error_count)
    if b"f" in block and b"<f" in block:
        _collect(_uncached(block), seen.uncached, seen.uncached_count)
    if b"h" in block and b"hidden=" in block:
        seen.hidden_rows += len(re.findall(rb'<row\s[^>]*hidden="(?:1|true)"', block))
        for low, high in re.findall(rb'<col\s(?=[^>]*hidden="(?:1|true)")[^>]*?min="(\d{1,5})"[^>]*?max="(\d{1,5})"', block):
            seen.hidden_columns += min(max(int(high) - int(low) + 1, 0), MAX_COLUMN)
    if b"f" in block and b"<filterColumn" in block:
        seen.filtered = True


def _uncached(block: bytes) -> Iterator[re.Match[bytes]]:
    for match in _FORMULA_WITHOUT_VALUE.finditer(block):
        if b't="str"' in match.group(1):
            continue
        name = _CELL_NAME.search(match.group(1))
        if name:
            yield name


def _collect(matches: Iterator[re.Match[bytes]], rows: dict[int, list[int]], count: dict[int, int]) -> None:
    for match in matches:
        column = column_index(match.group(1).decode())
        count[column] = count.get(column, 0) + 1
        listed = rows.setdefault(column, [])
        if len(listed) < LISTED_PER_COLUMN:
            listed.append(int(match.group(2)))


def _reach(block: bytes, data: np.ndarray, starts: np.ndarray, seen: SheetScan) -> tuple[np.ndarray, np.ndarray]:
    """Update first and last row and column from the cell references of this block; returns rows and columns of its cells."""
    padded = np.concatenate([data, np.zeros(24, dtype=np.uint8)])
    usual = np.ndarray((padded.size - 3,), "<u4", padded, 0, (1,))[starts + 2] == NAMED
    places = starts if usual.all() else starts[usual]
    rows, columns = _parse_names(padded, places + 6)
    if len(places) < len(starts):
        odd = [(column_index(m.group(1).decode()), int(m.group(2)), m.start()) for m in _REFERENCE.finditer(block)]
        if odd:
            columns = np.array([item[0] for item in odd], dtype=np.int64)
            rows = np.array([item[1] for item in odd], dtype=np.int64)
            places = np.array([item[2] for item in odd], dtype=np.int64)
    if not len(rows):
        return rows, columns
    top, low, right = int(rows.min()), int(rows.max()), int(columns.max())
    if low > MAX_ROW or right >= MAX_COLUMN or top < 1:
        seen.out_of_grid = True
        return rows[:0], columns[:0]
    seen.first_row = min(seen.first_row, top)
    if low > seen.last_row:
        seen.lowest = _name_at(block, places[int(np.argmax(rows))])
    if right > seen.last_column:
        seen.rightmost = _name_at(block, places[int(np.argmax(columns))])
    seen.last_row, seen.last_column = max(seen.last_row, low), max(seen.last_column, right)
    for index in np.flatnonzero(columns < seen.first_column):
        if columns[index] < seen.first_column and _VALUE_AHEAD.match(block, int(places[index])):
            seen.first_column = int(columns[index])
    return rows, columns


def _name_at(block: bytes, place: int) -> str:
    name = _CELL_NAME.search(block, int(place))
    return b"".join(name.groups()).decode() if name else ""


def _parse_names(padded: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cell names ("AB123") at these positions as (rows, columns); a broken name ends up outside the grid.

    Neighbours mostly stand in one row: its number is read once, from the eight bytes behind the letters up to the quote.
    """
    if not len(starts):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    columns, behind, sound = _read_letters(padded, starts)
    eight = np.ndarray((padded.size - 7,), "<u8", padded, 0, (1,))[behind]
    quoted = eight ^ np.uint64(0x2222222222222222)
    quote = (quoted - np.uint64(0x0101010101010101)) & ~quoted & np.uint64(0x8080808080808080)
    quote &= ~quote + np.uint64(1)  # the first one only
    digits = eight & ((quote >> np.uint64(7)) - np.uint64(1))
    runs = np.concatenate([[0], np.flatnonzero(digits[1:] != digits[:-1]) + 1])
    numbers, only = _read_digits(digits[runs])
    if not sound or not only or not quote.all():
        return _parse_odd_names(padded, starts)
    return np.repeat(numbers, np.diff(runs, append=len(starts))), columns


def _read_letters(padded: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray, bool]:
    """Columns from the one to three letters at these places, the places behind them, and whether they are letters."""
    one, two = padded[starts], padded[starts + 1]
    columns, behind, sound = one.astype(np.int64) - 65, starts + 1, bool(((one > 64) & (one <= 90)).all())
    more = np.flatnonzero(two > 64)
    if len(more):
        two, three = two[more], padded[starts[more] + 2]
        most = three > 64
        columns[more] = (columns[more] + 1) * 26 + two - 65
        columns[more[most]] = (columns[more[most]] + 1) * 26 + three[most] - 65
        behind[more] += 1 + most
        sound = sound and int(two.max()) <= 90 and int(three.max()) <= 90
    return columns, behind, sound


def _read_digits(packed: np.ndarray) -> tuple[np.ndarray, bool]:
    """Numbers from up to seven digits packed in little-endian words, and whether there were digits only."""
    values, sound = np.zeros(len(packed), dtype=np.int64), bool((packed > 0).all())
    for step in range(7):
        byte = (packed >> np.uint64(8 * step)) & np.uint64(255)
        digit = (byte >= 48) & (byte <= 57)
        sound = sound and bool((digit | (byte == 0)).all())
        values = np.where(digit, values * 10 + byte.astype(np.int64) - 48, values)
    return values, sound


def _parse_odd_names(padded: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`_parse_names` for whatever stands there, a character at a time."""
    columns = np.zeros(len(starts), dtype=np.int64)
    rows = np.zeros(len(starts), dtype=np.int64)
    open_letters = np.ones(len(starts), dtype=bool)
    open_digits = np.ones(len(starts), dtype=bool)
    for step in range(14):
        byte = padded[starts + step].astype(np.int64)
        letter = (byte >= 65) & (byte <= 90) & open_letters
        columns = np.where(letter, np.minimum(columns * 26 + byte - 64, 10**9), columns)
        open_letters &= letter
        digit = (byte >= 48) & (byte <= 57) & ~open_letters & open_digits
        rows = np.where(digit, np.minimum(rows * 10 + byte - 48, 10**9), rows)
        open_digits &= digit | open_letters
    return rows, columns - 1

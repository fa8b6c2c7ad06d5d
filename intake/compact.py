"""A large sheet read by its distinct cells: the reader of workbooks sees each of them once.

A list of a hundred thousand people holds two million cells and perhaps a tenth as many different ones. The guard walks over all of
them anyway; where a sheet is written in the plain form that every program writes, it notes where each cell stands and what stands
behind its name. What a cell says is left to the same reader that reads everything else, in a workbook with the same styles and texts
and every distinct cell once. Whatever is not exactly plain is read cell by cell in the file itself.
"""

from __future__ import annotations

import zipfile
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MAX_COLUMN = 16_384
FIRST_LOOK = 50_000
"""Cells after which a look is taken at how many of them differ."""
MOST_DISTINCT = 0.5
WAITING = 4
"""Blocks that may wait for the collector before the guard does."""
JOINED = 16
"""Blocks that are joined while the guard looks on."""
MOST_ROWS = 1_000_000
_ATTRIBUTES = r'(?: (?:s|t|cm|vm|ph)="\w*"){0,5}'
_TEXT = r'(?: xml:space="preserve")?>[^<]'
EMPTY = rf"^{_ATTRIBUTES}(?:/>|></c>)\s*$"
PLAIN = (
    rf"^{_ATTRIBUTES}(?:/>|></c>"
    rf"|>(?:<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?<v{_TEXT}+</v></c>"
    rf"|><is><t{_TEXT}*</t></is></c>)\s*$"
)
BETWEEN = r"^</row>\s*(?:<row(?: [^<>]*)?/>\s*)*<row(?: [^<>]*)?>\s*$"
OPENING, CLOSING, ROW_END = b"<sheetData>", b"</sheetData>", b"</row>"
NAMESPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TENS = 10 ** np.arange(1, 7)
LAST = b"last"
NEEDED = {"[content_types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml", "xl/styles.xml", "xl/sharedstrings.xml"}
"""Parts that say what a cell means."""


@dataclass(frozen=True, slots=True, eq=False)
class DistinctCells:
    """rows and columns (from 0) of every cell in the order of the sheet; cells: what stands behind its name; declared: the sheet's XML
    declaration."""

    rows: np.ndarray
    columns: np.ndarray
    cells: pa.DictionaryArray
    declared: bytes


class Collector:
    """Takes the cells of a sheet block by block as the guard finds them, beside the guard's own work; gives up, once, at the first
    that is not plain."""

    def __init__(self, gives_up: Callable[[], None]) -> None:
        self._gives_up = gives_up
        self._rows: list[np.ndarray] = []
        self._columns: list[np.ndarray] = []
        self._bodies: list[pa.DictionaryArray] = []
        self._joined: list[pa.DictionaryArray] = []
        """Blocks of which the cells are looked up in one dictionary already, so that little of that is left for the end."""
        self._worker = ThreadPoolExecutor(1, "cells")
        self._waiting: deque[Future[None]] = deque()
        self._declared: bytes | None = None
        self._seen, self._last = 0, -1
        self._closed = self.off = False

    def add(self, block: bytes, starts: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> None:
        """Whole rows as they stand in the file (the first with all that stands before them, the last with all that follows), where each
        cell starts and its place."""
        if self.off:
            return
        if len(self._waiting) >= WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._worker.submit(self._take, block, starts, rows, columns))

    def _take(self, block: bytes, starts: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> None:
        if not self.off and not self._add(block, starts, rows, columns):
            self.give_up()

    def close(self) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)

    def give_up(self) -> None:
        if not self.off:
            self.off = True
            self._rows, self._columns, self._bodies, self._joined = [], [], [], []
            self._gives_up()

    def finish(self) -> DistinctCells | None:
        """What was collected. None: the sheet is not plain, or there is nothing to gain."""
        while self._waiting:
            self._waiting.popleft().result()
        if not self.off and (not self._closed or not self._seen):
            self.give_up()
        if self.off or self._declared is None:
            return None
        cells = pa.chunked_array([*self._joined, *self._bodies]).unify_dictionaries()
        self._joined, self._bodies = [], []
        cells = cells.combine_chunks()
        rows = np.concatenate(self._rows)
        self._rows = []
        columns = np.concatenate(self._columns)
        self._columns = []
        if len(cells.dictionary) > MOST_ROWS or not _all(cells.dictionary, PLAIN):
            self.give_up()
            return None
        return DistinctCells(rows, columns, cells, self._declared)

    def _add(self, block: bytes, starts: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> bool:
        if self._closed or (b"!" in block and b"<!" in block):  # a comment may hold anything, cells too; one letter is found much faster
            return False
        begin, end = 0, len(block)
        if self._declared is None:
            begin = block.find(OPENING)
            head = block[: max(begin, 0)].removeprefix(b"\xef\xbb\xbf").lstrip()
            if b"<worksheet" not in head:
                return False
            self._declared = head[: head.find(b"?>") + 2] if head.startswith(b"<?xml") else b""
            begin += len(OPENING)
        closing = block.find(CLOSING, begin)
        if closing >= 0:
            end, self._closed = closing, True
        if not len(rows):
            return not block[begin:end].strip() or _all(pa.array([ROW_END + block[begin:end] + b"<row>"], pa.binary()), BETWEEN)
        places = (rows - 1) * MAX_COLUMN + columns
        if places[0] <= self._last or (places[1:] <= places[:-1]).any():
            return False
        bodies = _bodies(block, begin, end, starts, rows, columns)
        if bodies is None:
            return False
        if self._seen < FIRST_LOOK <= self._seen + len(places):
            looked = pa.chunked_array([*self._joined, *self._bodies, bodies]).unify_dictionaries()
            if len(looked.chunk(0).dictionary) > MOST_DISTINCT * len(looked):
                return False
        self._last = int(places[-1])
        self._seen += len(places)
        self._rows.append((rows - 1).astype(np.int32))
        self._columns.append(columns.astype(np.uint16))
        self._bodies.append(bodies)
        if len(self._bodies) >= JOINED:
            self._joined.append(pa.chunked_array(self._bodies).unify_dictionaries().combine_chunks())
            self._bodies = []
        return True


def _bodies(block: bytes, begin: int, end: int, starts: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> pa.DictionaryArray | None:
    """What stands behind the names of the cells of whole rows, which lie between two places of a block; None where anything else than
    rows and cells stands there."""
    data = np.frombuffer(block, dtype=np.uint8)
    if len(starts) != len(rows) or starts[0] < begin or starts[-1] >= end:
        return None
    within = data[begin:end]
    closers = begin + np.flatnonzero((within[1:-1] == 47) & (within[2:] == 114))  # /r
    closers = closers[data[closers] == 60]
    if not len(closers) or closers[-1] < starts[-1]:
        return None
    behind = np.append(starts, end)
    before = np.searchsorted(starts, closers)  # cells before each end of a row
    edges = [ROW_END + block[begin : min(starts[0], closers[0])], block[closers[-1] : end] + b"<row>"]
    between = _texts(block, closers[:-1], np.minimum(behind[before[:-1]], closers[1:]))
    if not _all(pa.array(edges, pa.binary()), BETWEEN) or not _all(between, BETWEEN):
        return None
    ends, last = behind[1:], before > 0
    ends[before[last][::-1] - 1] = closers[last][::-1]  # of several ends of rows behind one cell the first stays
    quotes = _quotes(starts, rows, columns)
    if int(quotes.max()) >= end or not (data[quotes] == 34).all():
        return None
    return _texts(block, quotes + 1, ends).dictionary_encode()


def _quotes(starts: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Where the names of cells end, if they are written as usual."""
    few, many = np.searchsorted(TENS, (rows[0], rows[-1]), side="right")
    quotes = starts + (8 + (few if few == many else np.searchsorted(TENS, rows, side="right")))
    return quotes if columns.max() < 26 else quotes + (columns >= 26) + (columns >= 702)


def _texts(block: bytes, starts: np.ndarray, ends: np.ndarray) -> pa.Array:
    """What stands between ascending places of a block: every other one of the texts that all these places cut it into."""
    if not len(starts):
        return pa.array([], pa.binary())
    offsets = np.stack([starts, ends], axis=1).astype(np.int32).ravel()
    cut = pa.Array.from_buffers(pa.binary(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(block)])
    return cut.take(pa.array(np.arange(0, len(offsets) - 1, 2)))


def _all(texts: pa.Array, pattern: str) -> bool:
    return pc.all(pc.match_substring_regex(texts, pattern)).as_py() is not False


def write(path: Path, part: str, found: DistinctCells, small: Path) -> None:
    """A workbook with the styles and texts of that at `path`, and in the place of the sheet every distinct cell in a row of its own."""
    distinct = found.cells.dictionary
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(small, "w", zipfile.ZIP_STORED) as target:
        for entry in archive.infolist():
            if entry.filename.lower() in NEEDED:
                target.writestr(entry.filename, archive.read(entry))
        numbers = pc.cast(pa.array(np.arange(1, len(distinct) + 2)), pa.string()).cast(pa.binary())
        bodies = pa.concat_arrays([distinct, pa.array([b' t="str"><v>%b</v></c>' % LAST], pa.binary())])
        rows = pc.binary_join_element_wise(b'<row r="', numbers, b'"><c r="A', numbers, b'"', bodies, b"</row>", b"")
        sheet = [found.declared, b'<worksheet xmlns="', NAMESPACE, b'">', OPENING, rows.buffers()[2], CLOSING, b"</worksheet>"]
        with target.open(part, "w") as stream:
            for piece in sheet:
                stream.write(piece)


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """The cells of a sheet on a sheet: one line of codes for each column from the first used one on, rows from 1 on, -1 = nothing."""

    codes: np.ndarray
    distinct: int


def lay(found: DistinctCells) -> Laid:
    """What may be done before the reader has said what the cells mean."""
    codes = found.cells.indices.to_numpy()
    empty = pc.match_substring_regex(found.cells.dictionary, EMPTY).to_numpy(zero_copy_only=False)
    rows, columns = found.rows, found.columns
    if empty.any():
        filled = ~empty[codes]
        codes, rows, columns = codes[filled], rows[filled], columns[filled]
    if not len(codes):
        return Laid(np.zeros((0, 0), dtype=np.int32), len(empty))
    first = int(columns.min())
    laid = np.full((int(columns.max()) - first + 1, int(rows[-1]) + 1), -1, dtype=np.int32)
    laid[columns - first, rows] = codes
    return Laid(laid, len(empty))


def spread(laid: Laid, said: pa.Array) -> pa.Table:
    """The sheet as the reader would give it. Texts stand once, in a dictionary that all columns share. said: what the reader made of
    the small workbook."""
    texts = said.slice(0, laid.distinct).dictionary_encode()
    read = np.append(pc.fill_null(texts.indices, -1).to_numpy(), np.int32(-1))  # nothing, -1, finds the last
    columns = (pa.DictionaryArray.from_arrays(_codes(read[line]), texts.dictionary) for line in laid.codes)
    return pa.table({f"c{at}": column for at, column in enumerate(columns)})


def _codes(line: np.ndarray) -> pa.Array:
    """Codes as Arrow sees them, negative ones as null, without a copy."""
    held = None if (line >= 0).all() else pa.py_buffer(np.packbits(line >= 0, bitorder="little"))
    return pa.Array.from_buffers(pa.int32(), len(line), [held, pa.py_buffer(line)])

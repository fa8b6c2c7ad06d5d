"""Text tables: which encoding, which delimiter, and the cells with the line each row starts on."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from itertools import zip_longest

DELIMITERS = (";", ",", "\t", "|")
MAX_COLUMNS = 2_000
MAX_LINE = 2_000_000
MAX_NEWLINES_IN_CELL = 50
SNIFF_LINES = 200
BATCH = 5_000
MAX_LISTED = 1_000


class CsvRefused(Exception):
    """The text is no table; args[0] is the reason."""


@dataclass(slots=True)
class CsvTable:
    """columns[j][i] = cell, None or "" where empty; lines[i] = first line of the row (1-based)."""

    columns: list[list[str | None]]
    lines: list[int]
    encoding: str
    delimiter: str
    mixed_lines: int = 0
    open_quote: bool = False
    ragged: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    """Lines of rows with more and with fewer cells than most have."""


def decode(data: bytes) -> tuple[str, str, int]:
    """Text, name of the encoding, number of lines that did not fit it (read as Windows-1252 then)."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            body = data[len(mark) :]
            if name == "utf-8":
                return _utf8(body)
            return body.decode(name, errors="replace"), name, 0
    pairs = data[:4096]
    if pairs[1::2].count(0) > 0.4 * max(len(pairs) // 2, 1):
        return data.decode("utf-16-le", errors="replace"), "utf-16-le", 0
    if pairs[0::2].count(0) > 0.4 * max(len(pairs) // 2, 1):
        return data.decode("utf-16-be", errors="replace"), "utf-16-be", 0
    return _utf8(data)


def _utf8(data: bytes) -> tuple[str, str, int]:
    try:
        return data.decode("utf-8"), "utf-8", 0
    except UnicodeDecodeError:
        pass
    lines = data.split(b"\n")
    decoded: list[str] = []
    good = bad = 0
    for line in lines:
        try:
            decoded.append(line.decode("utf-8"))
            good += not line.isascii()
        except UnicodeDecodeError:
            decoded.append(line.decode("cp1252", errors="replace"))
            bad += 1
    return "\n".join(decoded), "cp1252", bad if good else 0


def sniff_delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the most even rows of more than one cell."""
    first = text[:20].lower()
    if first.startswith("sep=") and len(text) > 4:
        return text[4]
    lines = [line for line in text[:400_000].splitlines()[:SNIFF_LINES] if line.strip()]
    best, best_score = ";", 0.0
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        wide = Counter({width: count for width, count in widths.items() if width > 1})
        if not wide:
            continue
        width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
        score = count / max(len(lines), 1) + min(width, 40) / 1000
        if score > best_score:
            best, best_score = delimiter, score
    return best


def read(data: bytes) -> CsvTable:
    """All cells as text. Raises CsvRefused("line_too_long" | "too_many_columns" | "nul" | "empty")."""
    text, encoding, mixed = decode(data)
    if "\x00" in text:
        raise CsvRefused("nul")
    if not text.strip():
        raise CsvRefused("empty")
    if max(map(len, io.StringIO(text)), default=0) > MAX_LINE:
        raise CsvRefused("line_too_long")
    csv.field_size_limit(MAX_LINE)
    delimiter = sniff_delimiter(text)
    offset = 0
    if text[:4].lower() == "sep=":
        text, offset = text.split("\n", 1)[1] if "\n" in text else "", 1
    table = _parse(text, delimiter, csv.QUOTE_MINIMAL, offset)
    open_quote = table is None
    if table is None:
        table = _parse(text, delimiter, csv.QUOTE_NONE, offset)
    if table is None:
        raise CsvRefused("line_too_long")
    table.encoding, table.mixed_lines, table.open_quote = encoding, mixed, open_quote
    return table


def _parse(text: str, delimiter: str, quoting: int, offset: int) -> CsvTable | None:
    """None when a quote was opened and never closed (one cell swallowed many lines)."""
    columns: list[list[str | None]] = []
    lines: list[int] = []
    widths: Counter[int] = Counter()
    long_rows: dict[int, list[int]] = {}
    batch: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    start = 1 + offset
    try:
        for row in reader:
            if reader.line_num + offset - start > MAX_NEWLINES_IN_CELL and quoting != csv.QUOTE_NONE:
                return None
            if len(row) > MAX_COLUMNS:
                raise CsvRefused("too_many_columns")
            batch.append(row)
            lines.append(start)
            widths[len(row)] += 1
            listed = long_rows.setdefault(len(row), [])
            if len(listed) < MAX_LISTED:
                listed.append(start)
            start = reader.line_num + 1 + offset
            if len(batch) == BATCH:
                _append(columns, batch, len(lines))
    except csv.Error:
        return None
    _append(columns, batch, len(lines))
    usual = max((width for width in widths if width), key=lambda width: widths[width], default=0)
    ragged = sorted(line for width, listed in long_rows.items() if width > usual for line in listed)
    short = sorted(line for width, listed in long_rows.items() if 1 < width < usual for line in listed)
    return CsvTable(columns, lines, "", delimiter, ragged=ragged, short=short)


def _append(columns: list[list[str | None]], batch: list[list[str]], total: int) -> None:
    """Move rows into columns; short rows end in empty cells."""
    done = total - len(batch)
    width = max((len(row) for row in batch), default=0)
    while len(columns) < width:
        columns.append([None] * done)
    for column, cells in zip(columns, zip_longest(*batch), strict=False):
        column.extend(cells)
    for column in columns[width:]:
        column.extend([None] * len(batch))
    batch.clear()

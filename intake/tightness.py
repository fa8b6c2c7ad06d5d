"""A table of labour-market tightness from a file: occupation code and open vacancies per jobseeker, one line an occupation."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from intake.csv_text import CsvRefused, read
from intake.values.numbers import parse_numbers
from intake.vocabulary import plain

CODE_WORDS = ("isco", "isco08", "beroepscode", "code")
RATIO_WORDS = ("krapte", "spanning", "tightness", "ratio", "indicator")
MOST_LINES, MOST_BYTES = 2_000, 1_000_000
HIGHEST = 1_000.0


@dataclass(frozen=True, slots=True)
class TightnessRows:
    """rows: (ISCO-08 code of 1 to 4 digits as text, ratio); refused: lines (1-based) that hold no code or no ratio."""

    rows: tuple[tuple[str, float], ...]
    refused: tuple[int, ...]


def read_tightness(data: bytes) -> TightnessRows:
    """Text table (.csv) with a column for the code and one for the ratio. CsvRefused: empty, too_large, no_columns, or no table."""
    if len(data) > MOST_BYTES:
        raise CsvRefused("too_large")
    table = read(data)
    if not table.columns or len(table.lines) < 2 or len(table.lines) > MOST_LINES:
        raise CsvRefused("empty" if len(table.lines) < 2 else "too_large")
    headers = [plain(str(column[0] or "")) for column in table.columns]
    code, ratio = (_place(headers, words) for words in (CODE_WORDS, RATIO_WORDS))
    if code is None or ratio is None or code == ratio:
        raise CsvRefused("no_columns")
    codes = [str(cell or "").strip() for cell in table.columns[code][1:]]
    values = parse_numbers(pd.Series(table.columns[ratio][1:], dtype=object), small=True).values
    rows: dict[str, float] = {}
    refused = []
    for line, text, value in zip(table.lines[1:], codes, values, strict=True):
        if not text and value != value:
            continue
        if text.isdigit() and 1 <= len(text) <= 4 and 0 <= value <= HIGHEST:
            rows[text] = float(value)
        else:
            refused.append(line)
    return TightnessRows(tuple(sorted(rows.items())), tuple(refused))


def _place(headers: list[str], words: tuple[str, ...]) -> int | None:
    """First column whose header is, or else contains, one of the words, in the order of the words."""
    for word in words:
        for test in (lambda header, word=word: header == word, lambda header, word=word: word in header):
            found = next((at for at, header in enumerate(headers) if test(header)), None)
            if found is not None:
                return found
    return None

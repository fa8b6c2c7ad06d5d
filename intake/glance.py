"""The rows of a sheet that could be its headers, for a person to choose from when the file itself does not tell."""

from __future__ import annotations

import re
from pathlib import Path

from intake.grid import Grid
from intake.reader import read_grids
from intake.recognise import LOOK_ROWS
from intake.report import Options, SheetSeen, shorten
from intake.values.text import clean

MIN_WORDS = 2
MOST_WORDS = 200
_VALUE = re.compile(r"^[\d\s.,:/%€$+()-]+$|^\d{4}-\d\d-\d\d")
"""A number, a date or a time: what stands in the rows below headers."""


def header_rows(grid: Grid) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """(Excel row, its texts) of every row near the top that holds only words; never a row of values, which may be about a person."""
    found = []
    for index, row in enumerate(grid.top(LOOK_ROWS)):
        texts = [text for cell in row if (text := clean(cell).strip())]
        if len(texts) >= MIN_WORDS and not any(_VALUE.match(text) for text in texts):
            found.append((grid.row_number(index), tuple(shorten(text) for text in texts[:MOST_WORDS])))
    return tuple(found)


def glance(path: Path, options: Options | None = None) -> tuple[SheetSeen, ...]:
    """The sheets of a file with what could be their headers; nothing is recognised or checked. Refusals: those of reading."""
    grids = read_grids(path, options or Options()).grids
    return tuple(SheetSeen(grid.name, grid.hidden, "", header_rows(grid)) for grid in grids)

"""A skill matrix (people as rows or as columns) turned into lines of employee, skill, level. A blank cell is unknown, not zero."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from intake.grid import Grid
from intake.recognise import LOOK_ROWS, Table, find_table
from intake.values.words import is_null, is_total
from intake.vocabulary import normalise, vocabulary

MIN_SKILLS = 2
MARKS = 0.8
_MARK = re.compile(
    r"(?i)^(?:\d{1,2}(?:[.,]\d)?|\d{1,3} ?%|[a-e]|[xov✓✔✗✘☐☑]|\+{1,3}|-{1,2}"
    r"|ja|nee|j|n|yes|no|y|geen|basis|gevorderd|expert|none|basic|advanced|skilled|highly skilled)$"
)
_ID = re.compile(r"[A-Za-z]{0,4}[-. ]?\d{2,}")
"""A number of a person, with the letters that some firms put before it."""
_SKILL_SHEET = ("vaardig", "skill", "compet", "kennis", "matrix", "qualif", "kompetenz")
_HEADERS = ("Personeelsnummer", "Vaardigheid", "Niveau")


def find_matrix(grid: Grid) -> Table | None:
    """The sheet as a table of lines when it is a matrix, else None."""
    top = grid.top(LOOK_ROWS)
    for index, row in enumerate(top):
        filled = [column for column, cell in enumerate(row) if cell.strip()]
        if len(filled) < 1 + MIN_SKILLS:
            continue
        fields = {column: dict(vocabulary().fields(row[column])) for column in filled}
        key = next((column for column in filled if "employee_id" in fields[column]), None)
        by_skill = next((column for column in filled if "skill" in fields[column]), None)
        if key is None and by_skill is None and not _named_so(grid):
            continue
        people_as_rows = (by_skill is None or key is not None) and not _ids_across(grid, index, row, filled)
        key = key if key is not None else by_skill if by_skill is not None else filled[0]
        values = [
            column for column in filled if column != key and _is_marks(grid, column, index + 1) and _free(fields[column], people_as_rows)
        ]
        if len(values) >= MIN_SKILLS and len(values) >= 0.5 * (len(filled) - 1):
            return _lines(grid, index, key, values, row, people_as_rows)
    return None


def _ids_across(grid: Grid, index: int, row: list[str], filled: list[int]) -> bool:
    """Whether numbers of people stand across the top and words below the corner, whatever the corner is called."""
    below = [text.strip() for text in grid.table.column(filled[0]).slice(index + 1, 400).drop_null().to_pylist()]
    below, across = [text for text in below if text], [row[column].strip() for column in filled[1:]]
    if not below:
        return False
    return sum(map(_is_id, across)) >= MARKS * len(across) and sum(map(_is_id, below)) <= (1 - MARKS) * len(below)


def _is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


def _named_so(grid: Grid) -> bool:
    return any(part in normalise(grid.name) for part in _SKILL_SHEET)


def _free(fields: dict[str, int], people_as_rows: bool) -> bool:
    """A column headed by a known field of staff lists is no skill."""
    return not (set(fields) - {"skill", "level", "training"}) or not people_as_rows


def _is_marks(grid: Grid, column: int, start: int) -> bool:
    texts = [text.strip() for text in grid.table.column(column).slice(start, 400).drop_null().to_pylist()]
    texts = [text for text in texts if text]
    return bool(texts) and sum(bool(_MARK.match(text)) for text in texts) >= MARKS * len(texts)


def _lines(grid: Grid, header: int, key: int, values: list[int], row: list[str], people_as_rows: bool) -> Table | None:
    """The matrix melted: one line per filled cell, with the Excel row it stands on."""
    keys = grid.table.column(key).to_pylist()
    employees, skills, levels, lines = [], [], [], []
    for column in values:
        cells = grid.table.column(column).to_pylist()
        for index in range(header + 1, grid.height):
            own, cell = (keys[index] or "").strip(), (cells[index] or "").strip()
            if not own or not cell or is_total(own) or "=" in own:
                continue
            if is_null(cell) and cell not in ("-", "geen"):
                continue
            employees.append(own if people_as_rows else row[column].strip())
            skills.append(row[column].strip() if people_as_rows else own)
            levels.append(cell)
            lines.append(grid.row_number(index))
    order = np.argsort(np.array(lines, dtype=np.int64), kind="stable")
    melted = {name: [list_[i] for i in order] for name, list_ in zip(_HEADERS, (employees, skills, levels), strict=True)}
    columns = {name: pa.array([name, *cells], pa.string()) for name, cells in melted.items()}
    numbers = np.array([grid.row_number(header), *(lines[i] for i in order)], dtype=np.int64)
    return find_table(Grid(grid.name, pa.table(columns), hidden=grid.hidden, lines=numbers))

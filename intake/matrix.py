"""A skill matrix (people as rows or as columns) turned into lines of employee, skill, level. A blank cell is unknown, not zero."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa

from intake.grid import Grid
from intake.kinds import FIELDS_OF
from intake.moments import period
from intake.recognise import LOOK_ROWS, Table, find_table
from intake.report import Kind
from intake.values.dates import MONTHS
from intake.values.words import is_null, is_total, lists
from intake.values.words import key as key_of
from intake.vocabulary import normalise, plain, vocabulary

MIN_SKILLS = 2
MARKS = 0.8
_MARK = re.compile(
    r"(?i)^(?:\d{1,2}(?:[.,]\d)?|\d{1,3} ?%|[a-e]|[xov✓✔✗✘☐☑]|\+{1,3}|-{1,2}"
    r"|ja|nee|j|n|yes|no|y|geen|basis|gevorderd|expert|none|basic|advanced|skilled|highly skilled)$"
)
_ID = re.compile(r"[A-Za-z]{0,4}[-. ]?\d{2,}")
"""A number of a person, with the letters that some firms put before it."""
_SKILL_SHEET = ("vaardig", "skill", "compet", "kennis", "matrix", "qualif", "kompetenz")
_NO_SKILL = re.compile(
    r"beoordel|eindoordeel|prestatie|performance|perfscore|appraisal|potenti|talent|ninebox|9box|verzuim|ziekmeld|ziektedag|absen|krankmeld"
    r"|fehltag|kinderen|children|tevreden|satisf|engagement|burnout|leistungsb"
)
"""Marks under such headers are about somebody's record or life, never a skill."""
_WEEK_OR_DAY = re.compile(
    r"^(?:week|wk|w|kw|weke|woche|periode|period)\s*\d{1,2}$|^(?:ma|di|wo|do|vr|za|zo|mon|tue|wed|thu|fri|sat|sun)\w*$|^\d{1,2}[-/]\d{1,2}(?:[-/]\d{2,4})?$"
    r"|^\d{4}-\d\d-\d\d"
)
_HEADERS = ("Personeelsnummer", "Vaardigheid", "Niveau")


def find_matrix(grid: Grid) -> Table | None:
    """The sheet as a table of lines when it is a matrix, else None."""
    if vocabulary().is_sensitive(grid.name) and not named_so(grid):
        return None
    top = grid.top(LOOK_ROWS)
    for index, row in enumerate(top):
        filled = [column for column, cell in enumerate(row) if cell.strip()]
        if len(filled) < 1 + MIN_SKILLS:
            continue
        fields = {column: dict(vocabulary().fields(row[column])) for column in filled}
        key = next((column for column in filled if "employee_id" in fields[column]), None)
        by_skill = next((column for column in filled if "skill" in fields[column]), None)
        if key is None and by_skill is None and not named_so(grid):
            continue
        people_as_rows = (by_skill is None or key is not None) and not _ids_across(grid, index, row, filled)
        key = key if key is not None else by_skill if by_skill is not None else filled[0]
        values = [
            column
            for column in filled
            if column != key
            and _is_marks(grid, column, index + 1)
            and _free(fields[column], people_as_rows)
            and not (people_as_rows and _NO_SKILL.search(normalise(row[column])))
        ]
        if 2 * sum(_is_time(row[column]) for column in values) > len(values):
            continue  # hours, days or kilometres a month
        others = [column for column in filled if not named_so(grid) or not _of_people(row[column], fields[column])]
        if any(_MARK.match(row[column].strip()) for column in values) and people_as_rows:
            continue  # a row of levels
        if len(values) >= MIN_SKILLS and len(values) >= 0.5 * (len(others) - (key in others)):
            above = top[index - 1] if index else []
            named = _named_apart(row, above, values)
            left = [column for column in range(grid.width) if column != key and column not in values]
            remarks = _left_out(
                grid, index, row if people_as_rows else [""] * grid.width, left
            )  # else headed by people, perhaps by their names
            if not named_so(grid) and by_skill is None:
                remarks.append(("matrix_taken_for_skills", {"count": len(values), "example": row[values[0]]}))
            return _lines(grid, index, key, values, named, people_as_rows, remarks)
    return None


def _named_apart(row: list[str], above: list[str], values: list[int]) -> list[str]:
    """The headers, those that occur twice with the group that stands above them: "Engels / Spreken"."""
    counts = Counter(normalise(row[column]) for column in values)
    group, named = "", [cell.strip() for cell in row]
    for column, up in enumerate(above):
        group = up.strip() or group
        if column in values and counts[normalise(row[column])] > 1 and group:
            named[column] = f"{group} / {row[column].strip()}"
    return named


def _left_out(grid: Grid, index: int, row: list[str], columns: list[int]) -> list[tuple[str, dict[str, Any]]]:
    """What is said of columns that hold something and are read as no skill: refused, or left out although they may be one. What is known
    of people beside it, such as their name and department, is not needed here."""
    said: list[tuple[str, dict[str, Any]]] = []
    for column in columns:
        header = row[column].strip()
        if not grid.filled(column)[index + 1 :].any():
            continue
        fields = set(dict(vocabulary().fields(header)))
        if vocabulary().is_sensitive(header) or _NO_SKILL.search(normalise(header)):
            said.append(("sensitive_column", {"column": header}))
        elif fields <= {"skill", "level", "training"} or (not fields & FIELDS_OF[Kind.EMPLOYEES] and _is_marks(grid, column, index + 1)):
            rows = grid.row_numbers()[index + 1 :][grid.filled(column)[index + 1 :]]
            said.append(("matrix_column_left_out", {"column": header or grid.letter(column), "rows": rows}))
    return said


def _is_time(header: str) -> bool:
    """A month, a week, a day or a year."""
    text = plain(header).strip(" .")
    return text in MONTHS or period(text) is not None or _WEEK_OR_DAY.match(text) is not None


def _ids_across(grid: Grid, index: int, row: list[str], filled: list[int]) -> bool:
    """Whether numbers of people stand across the top and words below the corner, whatever the corner is called."""
    below = [text.strip() for text in grid.table.column(filled[0]).slice(index + 1, 400).drop_null().to_pylist()]
    below, across = [text for text in below if text], [row[column].strip() for column in filled[1:]]
    if not below:
        return False
    return sum(map(_is_id, across)) >= MARKS * len(across) and sum(map(_is_id, below)) <= (1 - MARKS) * len(below)


def _is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


def named_so(grid: Grid) -> bool:
    return any(part in normalise(grid.name) for part in _SKILL_SHEET)


def _of_people(header: str, fields: dict[str, int]) -> bool:
    """A column beside the skills that tells who somebody is."""
    return bool(set(fields) - {"skill", "level", "training"}) or vocabulary().is_sensitive(header)


def _free(fields: dict[str, int], people_as_rows: bool) -> bool:
    """A column headed by a known field of staff lists is no skill."""
    return not (set(fields) - {"skill", "level", "training"}) or not people_as_rows


def _is_marks(grid: Grid, column: int, start: int) -> bool:
    texts = [text.strip() for text in grid.table.column(column).slice(start, 400).drop_null().to_pylist()]
    texts = [text for text in texts if _MARK.match(text) or not is_null(text)]
    return bool(texts) and sum(bool(_MARK.match(text)) for text in texts) >= MARKS * len(texts)


def _lines(
    grid: Grid, header: int, key: int, values: list[int], row: list[str], people_as_rows: bool, remarks: list[tuple[str, dict[str, Any]]]
) -> Table | None:
    """The matrix melted: one line per filled cell, with the Excel row it stands on. A row of levels without its person or skill gives
    lines without one, so that they are named."""
    keys = grid.table.column(key).to_pylist()
    total = is_total if people_as_rows else lambda text: key_of(text) in lists()["totals"]
    employees, skills, levels, lines = [], [], [], []
    for column in values:
        cells = grid.table.column(column).to_pylist()
        for index in range(header + 1, grid.height):
            own, cell = (keys[index] or "").strip(), (cells[index] or "").strip()
            if not cell or total(own) or "=" in own or (not own and not _MARK.match(cell)):
                continue
            if is_null(cell) and cell not in ("-", "geen"):
                continue
            employees.append(own if people_as_rows else row[column])
            skills.append(row[column] if people_as_rows else own)
            levels.append(cell)
            lines.append(grid.row_number(index))
    order = np.argsort(np.array(lines, dtype=np.int64), kind="stable")
    melted = {name: [list_[i] for i in order] for name, list_ in zip(_HEADERS, (employees, skills, levels), strict=True)}
    columns = {name: pa.array([name, *cells], pa.string()) for name, cells in melted.items()}
    numbers = np.array([grid.row_number(header), *(lines[i] for i in order)], dtype=np.int64)
    return find_table(Grid(grid.name, pa.table(columns), hidden=grid.hidden, lines=numbers, remarks=remarks))

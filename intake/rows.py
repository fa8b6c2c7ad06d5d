"""Which rows below the headers are data: blank, numbered, totals, notes and repeated headers are named and left out."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from intake.recognise import Table
from intake.report import Findings
from intake.values.words import TOTAL_LIKE, is_total, key, lists
from intake.vocabulary import normalise

TEXT_CELLS_TO_LOOK_AT = 3


def data_rows(table: Table, findings: Findings) -> np.ndarray:
    """Indices (grid rows) of the data rows, in order."""
    grid = table.grid
    columns = [column for column in range(grid.width) if column not in table.side]
    held = np.array([grid.filled(column) for column in columns], dtype=bool)
    counts = held.sum(axis=0) if len(columns) else np.zeros(grid.height, dtype=int)
    data = (counts > 0) & (np.arange(grid.height) >= table.data_start)
    numbers = grid.row_numbers()
    blank = (counts == 0) & (np.arange(grid.height) >= table.data_start)
    findings.note("blank_rows", rows=numbers[blank])
    if len([header for header in table.headers if header]) >= 3:
        lonely = data & (counts == 1)
        _name_lonely(table, lonely, findings)
        data &= ~lonely
    for reason, found in (("repeated_header", _repeated(table, data)), ("totals_row", _totals(table, data))):
        if len(found):
            findings.note(reason, rows=numbers[found], example=_example(table, int(found[0])))
            data[found] = False
    return np.flatnonzero(data)


def _example(table: Table, row: int) -> str:
    return " | ".join(cell for cell in table.grid.row(row) if cell)


def _name_lonely(table: Table, lonely: np.ndarray, findings: Findings) -> None:
    """Rows with one filled cell: a number without a person, a note, a total, a merge mark of a version system."""
    rows = np.flatnonzero(lonely)
    if not len(rows):
        return
    numbers = table.grid.row_numbers()
    texts = {int(row): _example(table, int(row)) for row in rows[:5000]}
    marks = [row for row, text in texts.items() if text.startswith(("<<<<<<<", "=======", ">>>>>>>"))]
    numbered = [row for row, text in texts.items() if text.replace(".", "").isdigit()]
    rest = [int(row) for row in rows if int(row) not in set(marks) | set(numbered)]
    for reason, found in (("conflict_marks", marks), ("numbered_rows", numbered), ("note_rows", rest)):
        if found:
            add = findings.warn if reason == "conflict_marks" else findings.note
            add(reason, rows=numbers[found], example=texts.get(found[0], ""))


def _repeated(table: Table, data: np.ndarray) -> np.ndarray:
    """Rows that say the headers again."""
    named = [(column, normalise(header)) for column, header in enumerate(table.headers) if header and column not in table.side]
    if len(named) < 2:
        return np.empty(0, dtype=int)
    candidates = np.zeros(len(data), dtype=bool)
    for column, _ in named[:2]:
        texts = table.grid.text(column)
        candidates |= (texts == texts.iloc[table.header_index]).to_numpy() & data
    found = []
    for row in np.flatnonzero(candidates)[:5000]:
        cells = table.grid.row(int(row))
        equal = sum(normalise(cells[column]) == header for column, header in named)
        if equal >= max(2, 0.6 * sum(bool(cells[column]) for column, _ in named)):
            found.append(row)
    return np.array(found, dtype=int)


def _totals(table: Table, data: np.ndarray) -> np.ndarray:
    """Rows that begin with a word for total or average and give no birth date or role of a person."""
    looked = [column for column in range(table.grid.width) if column not in table.side][:TEXT_CELLS_TO_LOOK_AT]
    possible = data.copy()
    for name in ("birth_date", "hire_date", "age", "birth_year") if table.kind and table.kind.value == "employees" else ():
        if name in table.fields:
            possible &= ~table.grid.filled(table.fields[name])
    places = np.flatnonzero(possible)
    total = np.zeros(len(places), dtype=bool)
    for column in looked if len(places) else ():
        cells = pc.fill_null(table.grid.cells(column, places), "")
        likely = pc.match_substring_regex(cells, TOTAL_LIKE).to_numpy()
        for at in np.flatnonzero(likely):
            text = cells[int(at)].as_py()
            total[at] |= len(text) < 80 and is_total(text) and not _of_somebody(table, int(places[at]), column, text)
    return places[total]


def _of_somebody(table: Table, row: int, column: int, text: str) -> bool:
    """A longer name that begins with a word for a total, in the row of somebody's number: "Total care nurse" is no total."""
    if "employee_id" not in table.fields or column == table.fields["employee_id"] or key(text) in lists()["totals"]:
        return False
    who = table.grid.row(row)[table.fields["employee_id"]]
    return any(char.isdigit() for char in who) and not is_total(who)

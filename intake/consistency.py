"""Cells that each look right and do not fit together: shifted rows, two spellings of one name, fte against hours."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from intake.context import Rows
from intake.values import words
from intake.values.numbers import parse_numbers
from intake.values.text import Distinct
from intake.vocabulary import plain
from intake.workload import full_time_week

MISFITS_OF_A_SHIFT = 3
SHORT_COUNTS = 2
"""Misfits for which a line with too few cells counts."""
DIFFERENCE = 0.25
_FORMULA = r"^[=@\t]|^[+-].*[(|!]"
_DAY = r"^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}$|^[0-9]{4}-[0-9]{2}-[0-9]{2}(?: 00:00:00)?$"
LONE = 0.05
"""At most this share of a column, or a single cell, is an exception in it."""


def shifted(rows: Rows, birth_rejected: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Boolean per row: at least three typed cells hold something of another type, as when one cell is missing and the rest moved, or one
    in a line of a text file that has fewer cells than the others; and the column of the first such cell."""
    found = [("birth_date" if rows.has("birth_date") else "age", wrong) for wrong in birth_rejected.values()]
    found += _misfits(rows)
    count, first = SHORT_COUNTS * short_rows(rows), np.full(rows.size, rows.table.grid.width)
    for name, wrong in found:
        count += wrong
        if rows.has(name):
            first[wrong] = np.minimum(first[wrong], rows.table.fields[name])
    return count >= MISFITS_OF_A_SHIFT, first


def short_rows(rows: Rows) -> np.ndarray:
    """Boolean per row: a line of a text file with fewer cells than most, where such lines are exceptions: some systems end a line at
    its last filled cell."""
    short = np.isin(rows.lines, rows.table.grid.problems.get("short_rows", {}).get(0, []))
    return short if short.sum() <= max(LONE * rows.size, 2) else np.zeros(rows.size, dtype=bool)


def _misfits(rows: Rows) -> Iterator[tuple[str, np.ndarray]]:
    """Fields of which the type is known, with the rows that hold something else there."""
    for name in ("hire_date", "leave_date", "contract_end_date"):
        if rows.has(name):
            yield name, _is_word(rows, name)
    for name, most in (("fte", 200), ("hours_per_week", 250), ("salary", np.inf), ("age", 150)):
        if rows.has(name):
            read = parse_numbers(rows.distinct(name), small=True)
            yield name, read.bad | (np.nan_to_num(read.values) > most)
    if rows.has("gender"):
        distinct = rows.distinct("gender")
        known = words.gender(distinct.texts, rows.language)
        odd = [not value and not words.is_null(text) and words.key(text) != "o" for value, text in zip(known, distinct.texts, strict=True)]
        yield "gender", distinct.spread(np.array(odd, dtype=bool))
    for name in ("unit", "role", "job_title"):
        if rows.has(name):
            yield name, _bare_numbers(rows, name)
    if rows.has("employee_id"):
        days = pc.match_substring_regex(pa.array(rows.distinct("employee_id").texts, pa.string()), _DAY)
        yield "employee_id", _lone(rows, "employee_id", np.asarray(days.to_numpy(zero_copy_only=False), dtype=bool))


def _bare_numbers(rows: Rows, name: str) -> np.ndarray:
    """Cells of a column of names that are a number alone, where they are exceptions."""
    texts = rows.distinct(name).texts
    return _lone(rows, name, np.array([text.replace(",", "").replace(".", "").isdigit() for text in texts], dtype=bool))


def _lone(rows: Rows, name: str, marked: np.ndarray) -> np.ndarray:
    """Cells marked among the distinct ones, where they are exceptions in their column: a bare number among names, a day among ids."""
    cells = rows.distinct(name).spread(marked)
    return cells if cells.sum() <= max(LONE * rows.size, 1) else np.zeros(rows.size, dtype=bool)


def _is_word(rows: Rows, name: str) -> np.ndarray:
    """Cells of a date column without a digit, or holding a small number."""
    distinct = rows.distinct(name)
    cells = pa.array(distinct.texts, pa.string())
    usual = pc.and_(pc.match_substring_regex(cells, r"[0-9]"), pc.greater_equal(pc.utf8_length(cells), 4))
    wrong = ~np.asarray(usual.to_numpy(zero_copy_only=False), dtype=bool)
    for index in np.flatnonzero(wrong):
        text = distinct.texts[index]
        wrong[index] = not words.is_null(text) and (not any(char.isdigit() for char in text) or len(text) < 4)
    return distinct.spread(wrong)


def unify(rows: Rows, name: str, texts: pd.Series) -> pd.Series:
    """Spellings that differ only in case, accents or spaces become the most frequent one; typing errors are left alone."""
    distinct = Distinct(texts)
    best: dict[str, int] = {}
    keys = [plain(text).replace(" ", "") for text in distinct.texts]
    for index in np.argsort(-distinct.counts, kind="stable"):
        best.setdefault(keys[index], int(index))
    chosen = [distinct.texts[best[key]] for key in keys]
    changed = distinct.spread(np.array([text != own for text, own in zip(chosen, distinct.texts, strict=True)], dtype=bool))
    if not changed.any():
        return texts
    rows.findings.note(
        "spelling_unified",
        column=rows.header(name),
        rows=rows.lines[changed],
        example=rows.example(name, changed) if rows.has(name) else "",
    )
    return distinct.series(chosen)


def compare(rows: Rows, people: pd.DataFrame) -> None:
    """Say which kept people have an end of contract before their hiring, or an fte that does not fit their hours."""
    early = people["contract_end_date"] < people["hire_date"]
    rows.findings.warn("contract_end_before_hire", column=rows.header("contract_end_date"), rows=people.loc[early, "line"])
    if rows.has("fte") and rows.has("hours_per_week"):
        week = full_time_week(people["hours_per_week"], rows.options.country)
        apart = (people["fte"] - people["hours_per_week"] / week).abs() > DIFFERENCE
        rows.findings.warn("fte_against_hours", column=rows.header("hours_per_week"), rows=people.loc[apart, "line"], full_time=week)
    for name in ("unit", "role"):
        if rows.has(name):
            odd = _bare_numbers(rows, name)
            odd = odd & np.isin(rows.lines, people["line"]) if odd.any() else odd
            rows.findings.warn("number_as_name", column=rows.header(name), rows=rows.lines[odd], example=rows.example(name, odd))
    for name in ("role", "unit", "location", "employee_id"):
        if rows.has(name):
            texts = pa.array(rows.texts(name), pa.string())
            like = np.asarray(pc.match_substring_regex(texts, _FORMULA).to_numpy(zero_copy_only=False), dtype=bool)
            formula = rows.distinct(name).spread(like)
            rows.findings.note("formula_like_text", column=rows.header(name), rows=rows.lines[formula], example=rows.example(name, formula))

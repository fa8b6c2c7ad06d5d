"""Who is who: ids stay text, one id may be several people, and one person may have several lines."""

from __future__ import annotations

import hashlib
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from intake.context import Rows, one_text
from intake.recognise import name_columns
from intake.values.words import is_null
from intake.vocabulary import plain

_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
_POINT_ZERO = re.compile(r"^(\d+)\.0+$")
_LONG = re.compile(r"^\d{16,}$")
_ODD = r"^'|\.0+$|^\d(?:[.,]\d+)?[eE]\+?\d+$|^\d{16}"
"""Ids that may need tidying or may be lost; of a hundred thousand next to none."""
_NOBODY = ("0", "[onbekend nvt]", "dummy", "test", "vacature", "vacant", "vacancy", "vakant", "n.n.", "nn", "tbd")


def nobody(name: str) -> bool:
    """Says that there is nobody, or nothing."""
    return is_null(name) or name in _NOBODY


def employee_ids(rows: Rows) -> pd.Series:
    """Ids as text, "" where there is none. Says when Excel has destroyed them, and when two differ only in zeros or case."""
    if not rows.has("employee_id"):
        return one_text("", rows.size)
    distinct = rows.distinct("employee_id")
    ids = list(distinct.texts)
    odd = _matching(ids, _ODD)
    if len(odd):
        _say_lost(rows, ids, odd)
    cells = pa.array(ids, pa.string())
    _near_duplicates(rows, ids, cells)
    nobody = np.array(pc.is_in(pc.utf8_lower(cells), pa.array(_NOBODY)).to_numpy(zero_copy_only=False), dtype=bool)
    given = np.array([text != "" for text in rows.texts("employee_id")], dtype=bool)
    for index in np.flatnonzero(nobody | ~given):
        ids[index] = ""
    return distinct.series(ids)


def _say_lost(rows: Rows, ids: list[str], odd: np.ndarray) -> None:
    """Tidy the ids at the odd places in the list itself, and say which of them Excel has destroyed."""
    distinct, column = rows.distinct("employee_id"), rows.header("employee_id")
    for index in odd:
        ids[index] = _POINT_ZERO.sub(r"\1", ids[index].lstrip("'"))
    shortened = np.zeros(len(ids), dtype=bool)
    shortened[[index for index in odd if _SCIENTIFIC.match(ids[index])]] = True
    lost = distinct.spread(shortened)
    rows.findings.error("id_lost_in_excel", column=column, rows=rows.lines[lost], example=rows.example("employee_id", lost))
    long = [ids[index] for index in odd if _LONG.match(ids[index])]
    if len(long) > 1 and all(float(text) == int(text) and int(float(text)) == int(text) for text in long):
        rows.findings.error("id_lost_in_excel", column=column, count=len(long), example=long[0])


def complete_ids(rows: Rows, ids: pd.Series, empty: np.ndarray) -> pd.Series:
    """People without an id keep their place under the row number; they cannot be followed between uploads, and that is said."""
    if not empty.any():
        return ids
    rows.findings.warn(
        "missing_employee_id", column=rows.header("employee_id"), rows=rows.lines[empty], example=rows.example("employee_id", empty)
    )
    completed = ids.copy()
    completed.iloc[np.flatnonzero(empty)] = [f"rij-{line}" for line in rows.lines[empty]]
    return completed


def _matching(texts: list[str], pattern: str) -> np.ndarray:
    """Places of the texts in which the pattern is found."""
    return np.flatnonzero(pc.match_substring_regex(pa.array(texts, pa.string()), pattern).to_numpy(zero_copy_only=False))


def folded(ids: pa.Array) -> pa.Array:
    """Ids without what is lost or added on the way: zeros in front, spaces, capitals."""
    return pc.ascii_ltrim(pc.replace_substring(pc.utf8_lower(ids), " ", ""), "0")


def _near_duplicates(rows: Rows, ids: list[str], cells: pa.Array) -> None:
    if len(pc.unique(folded(cells))) == len(ids):
        return
    seen: dict[str, set[str]] = {}
    for text in ids:
        if text:
            seen.setdefault(text.casefold().replace(" ", "").lstrip("0") or text, set()).add(text)
    twins = [sorted(group) for group in seen.values() if len(group) > 1]
    if twins:
        rows.findings.warn("ids_nearly_equal", column=rows.header("employee_id"), count=len(twins), example=" / ".join(twins[0]))


def names(rows: Rows) -> pd.Series | None:
    """Names of people joined and made comparable; only ever compared, never kept. None when the file has none."""
    columns = name_columns(rows.table)
    if not columns:
        return None
    joined = one_text("", rows.size)
    for column in columns:
        distinct = rows.distinct_of(column)
        joined = joined + distinct.series([plain(text) for text in distinct.texts]) + " "
    return joined.str.strip()


def persons(rows: Rows, ids: pd.Series, repeated: pd.Series, births: pd.Series, estimated: pd.Series, hires: pd.Series) -> pd.Series:
    """A key per person: the id, with something added where one id belongs to several people. repeated: ids of more than one row.

    People under one id differ when their dates of birth differ; without dates of birth when their names differ (or, without
    names, their hire dates within one list). The one hired first keeps the bare id, so that earlier uploads still match.
    """
    if not repeated.any():
        return ids.copy()
    called = names(rows)
    mark = births.dt.strftime("%Y%m%d").fillna("")
    if estimated.any():
        mark = mark.where(~estimated, "")
        mark = mark.mask(estimated, called if called is not None else hires.dt.strftime("%Y%m%d").fillna(""))
    table = pd.DataFrame({"id": ids, "mark": mark, "hire": hires, "row": np.arange(len(ids))})[repeated]
    table["mark"] = _fill_marks(table)
    several = table.groupby("id")["mark"].nunique()
    shared = table[table["id"].isin(several.index[several > 1])]
    result = ids.copy()
    if shared.empty:
        return result
    first = shared.sort_values(["hire", "row"], na_position="last").drop_duplicates("id").set_index("id")["mark"]
    others = shared[shared["mark"] != shared["id"].map(first)]
    result.iloc[others["row"].to_numpy()] = others["id"] + "~" + others["mark"].map(_short)
    _say_shared(rows, shared, others)
    return result


def say_two_numbers(rows: Rows, people: pd.DataFrame) -> None:
    """Name the rows of people who are here under two numbers: the same birth date and the same cells with names. people: one row per
    person and reference date of the employees table, with `line` (Excel row). Cells are compared as they are, by their codes."""
    columns = name_columns(rows.table)
    here = people["leave_date"].isna() | (people["leave_date"] > people["as_of"])
    here &= people["birth_date"].notna() & ~people["birth_estimated"] & (people["population"] == "own")
    found = people.loc[here, ["as_of", "birth_date", "line"]].copy()
    if not columns or found.empty:
        return
    places = np.searchsorted(rows.lines, found["line"].to_numpy())
    filled, full = np.zeros(len(found), dtype=int), np.zeros(len(found), dtype=bool)
    for column in columns:
        cells = rows.cells(column).combine_chunks()
        coded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
        codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)[places]
        spaced = np.append(pc.match_substring(coded.dictionary, " ").to_numpy(zero_copy_only=False), False).astype(bool)
        found[f"name{column}"] = codes
        filled, full = filled + (codes >= 0), full | spaced[codes]
    again = found.drop(columns="line").duplicated().to_numpy() & (full | (filled > 1))
    rows.findings.warn("one_person_two_numbers", column=rows.header("employee_id"), rows=found.loc[again, "line"].tolist())


def _fill_marks(table: pd.DataFrame) -> pd.Series:
    """A line without a mark belongs to the first marked line of the same id."""
    known = table["mark"].where(table["mark"] != "")
    return known.fillna(known.groupby(table["id"]).transform("first")).fillna("")


def _short(mark: str) -> str:
    return mark if mark.isdigit() else hashlib.sha256(mark.encode()).hexdigest()[:10]


def _say_shared(rows: Rows, shared: pd.DataFrame, others: pd.DataFrame) -> None:
    people = others.drop_duplicates(["id", "mark"])
    rows.findings.warn(
        "id_shared_by_people",
        column=rows.header("employee_id"),
        count=len(people),
        rows=rows.lines[people["row"].to_numpy()],
        example=str(people["id"].iloc[0]),
        ids=int(shared["id"].nunique()),
    )


def made_up_ids(rows: Rows, births: pd.Series) -> pd.Series:
    """Ids for a file without any: from name and birth date where there are names, else the row number. Said so."""
    called = names(rows)
    if called is not None and (called != "").any():
        source = called + "|" + births.dt.strftime("%Y%m%d").fillna("")
        rows.findings.warn("no_employee_id", count=rows.size, made_from="name")
        ids = pd.Series(["naam-" + hashlib.sha256(text.encode()).hexdigest()[:12] for text in source], dtype="str")
        again = ids.groupby(ids).cumcount()
        return ids.where(again == 0, ids + "-" + again.astype(str))
    rows.findings.warn("no_employee_id", count=rows.size, made_from="row")
    return pd.Series([f"rij-{line}" for line in rows.lines], dtype="str")

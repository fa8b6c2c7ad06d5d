"""Who leads whom, told by id or by name: names lead to a person where they are the name of one person only; nothing of it is kept."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pandas as pd

from intake.context import Rows
from intake.recognise import manager_name_column, name_columns
from intake.values.words import is_null
from intake.vocabulary import plain

MOST_COLUMNS = 5
"""Of the columns with names, those that are tried together: first name, the word between, last name, and a few more."""
_SEVERAL = "\0several"
"""In the place of an id: more than one person has this name."""
_POINT_ZERO = re.compile(r"\.0+$")
_WORD = re.compile(r"[^\W\d_]+")
_TITLE = frozenset({"dhr", "mevr", "mw", "mr", "mrs", "ms", "drs", "ir", "ing", "dr", "prof", "herr", "frau", "de heer", "mevrouw"})


def check_managers(rows: Rows, ids: pd.Series) -> None:
    """Say which managers are not in the list, whose name is that of several people, and who is their own manager in the end. An id
    goes before a name; a column of names is read where the managers' ids say nothing. No name is an example on a screen."""
    column = rows.table.fields.get("manager_id", manager_name_column(rows.table))
    if column is None:
        return
    known = set(ids) - {""}
    above, texts = _by_id(rows, column, known)
    for other in (other for other, name in rows.table.duplicates.items() if name == "manager_id" and not known & set(texts)):
        further = _by_id(rows, other, known)
        if known & set(further[1]):
            column, (above, texts) = other, further
    named = manager_name_column(rows.table)
    if not _by_name(texts, known) and named is not None and not (set(texts) & known):
        column = named
        above, texts = _by_id(rows, column, known)
    header, given = rows.table.headers[column], (above != "").to_numpy()
    unknown, shared = given & ~above.isin(known).to_numpy(), np.zeros(rows.size, dtype=bool)
    if _by_name(texts, known):
        people = _people_of(rows, ids, {text for text in texts if text and text not in known})
        if people is None:
            rows.findings.note("manager_names_alone", column=header, rows=rows.lines[unknown])
            unknown[:] = False
        else:
            above = above.where(~unknown, above.map(people).fillna(""))
            shared = unknown & (above == _SEVERAL).to_numpy()
            found = unknown & ~shared & (above != "").to_numpy()
            rows.findings.note("manager_by_name", column=header, rows=rows.lines[found])
            rows.findings.note("manager_name_shared", column=header, rows=rows.lines[shared])
            unknown &= (above == "").to_numpy()
            rows.findings.note("manager_name_unknown", column=header, rows=rows.lines[unknown])
    else:
        example = rows.example("manager_id", unknown) if rows.table.fields.get("manager_id") == column else ""
        rows.findings.note("manager_unknown", column=header, rows=rows.lines[unknown], example=example)
    led = above.isin(known).to_numpy() & (ids != "").to_numpy()
    circles = ids.isin(_in_circles(dict(zip(ids[led], above[led], strict=True)))).to_numpy() & led
    example = rows.example("employee_id", circles) if rows.has("employee_id") else ""
    rows.findings.warn("manager_circle", column=header, rows=rows.lines[circles], example=example)


def _by_id(rows: Rows, column: int, known: set[str]) -> tuple[pd.Series, list[str]]:
    """The managers of every row as written, an id as the ids are written; and the distinct ones."""
    distinct = rows.distinct_of(column)
    texts = ["" if is_null(text) else text for text in distinct.texts]
    texts = [text if text in known else _POINT_ZERO.sub("", text) for text in texts]
    return distinct.series(texts), texts


def _by_name(texts: list[str], known: set[str]) -> bool:
    """Most of what is no id in the list is made of words."""
    other = [text for text in texts if text and text not in known]
    return sum(not any(char.isdigit() for char in text) and _WORD.search(text) is not None for text in other) * 2 > len(other)


def _tokens(text: str) -> tuple[str, ...]:
    """The words of a name in an order of their own: "Jansen, Piet" is "Piet Jansen"."""
    return tuple(sorted(word for word in _WORD.findall(plain(text)) if word not in _TITLE))


def _people_of(rows: Rows, ids: pd.Series, managers: set[str]) -> dict[str, str] | None:
    """{manager as written: id of the one person of that name, or that there are several}. The columns of names are joined in the way
    that finds most of the managers. None where the file has no names of people."""
    columns = name_columns(rows.table)[:MOST_COLUMNS]
    if not columns:
        return None
    sought = {text: _tokens(text) for text in managers}
    words = {word for tokens in sought.values() for word in tokens}
    wanted, best = set(sought.values()) - {()}, dict[tuple[str, ...], str]()
    fits, tokens = {}, {}
    for column in columns:  # only who bears no other word than the managers' can be one of them
        distinct = rows.distinct_of(column)
        parts = [_tokens(text) for text in distinct.texts]
        fits[column] = distinct.spread(np.array([words.issuperset(part) for part in parts], dtype=bool))
        tokens[column] = distinct.spread(np.fromiter(parts, dtype=object, count=len(parts)))
    for chosen in (chosen for size in range(len(columns), 0, -1) for chosen in combinations(columns, size)):
        if len(best) == len(wanted):
            break
        found: dict[tuple[str, ...], str] = {}
        for row in np.flatnonzero(np.logical_and.reduce([fits[column] for column in chosen]) & (ids != "").to_numpy()):
            key = tuple(sorted(word for column in chosen for word in tokens[column][row]))
            if key in wanted:
                found[key] = ids[row] if found.get(key, ids[row]) == ids[row] else _SEVERAL
        best = max(best, found, key=len)
    return {text: best[key] for text, key in sought.items() if key in best}


def _in_circles(above: dict[str, str]) -> set[str]:
    """Ids that meet themselves when one goes up from manager to manager; a walk, however deep, not a recursion."""
    done: set[str] = set()
    found: set[str] = set()
    for start in above:
        path: dict[str, int] = {}
        here: str | None = start
        while here is not None and here not in done and here not in path:
            path[here] = len(path)
            here = above.get(here)
        if here is not None and here in path:
            found |= {name for name, place in path.items() if place >= path[here]}
        done |= set(path)
    return found

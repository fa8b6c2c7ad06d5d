"""Who leads whom, told by id or by name: names lead to a person where they are the name of one person only; nothing of it is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from intake.context import Rows
from intake.recognise import manager_name_column, name_columns
from intake.values.text import Distinct
from intake.values.words import null_mask
from intake.vocabulary import plain

MOST_COLUMNS = 5
"""Of the columns with names, those that are tried together: first name, the word between, last name, and a few more."""
_POINT_ZERO = re.compile(r"\.0+$")
_ONLY_WORDS = r"^\P{Nd}*\p{L}\P{Nd}*$"
_BETWEEN_WORDS = r"[^\p{L}]+"
_TITLE = frozenset({"dhr", "mevr", "mw", "mr", "mrs", "ms", "drs", "ir", "ing", "dr", "prof", "herr", "frau", "mevrouw"})
_SIFT = 1 << 20
"""Places of a first sieve: most keys that are not sought fall through it without a search."""


@dataclass(slots=True, eq=False)
class _Led:
    """A column of managers. texts: distinct, "" for nothing; leader: place in `ids` of the person each one is, -1 nobody."""

    column: int
    distinct: Distinct
    texts: list[str]
    leader: np.ndarray

    def rows(self, marked: np.ndarray) -> np.ndarray:
        return self.distinct.spread(marked)


def check_managers(rows: Rows, ids: pd.Series) -> None:
    """Say which managers are not in the list, whose name is that of several people, and who is their own manager in the end. An id
    goes before a name; a column of names is read where the managers' ids say nothing. No name is an example on a screen."""
    column, named = rows.table.fields.get("manager_id"), manager_name_column(rows.table)
    if column is None and named is None:
        return
    codes, distinct_ids = pd.factorize(ids)
    codes = np.where((ids == "").to_numpy(), -1, codes)
    place = {text: number for number, text in enumerate(distinct_ids.tolist()) if text}
    led = _best_column(rows, column, named, place)
    header, given = rows.table.headers[led.column], np.array([text != "" for text in led.texts], dtype=bool)
    unknown = given & (led.leader < 0)
    if _by_name(led):
        people = _people_of(rows, codes, [text if alone else "" for text, alone in zip(led.texts, unknown, strict=True)])
        if people is None:
            rows.findings.note("manager_names_alone", column=header, rows=rows.lines[led.rows(unknown)])
        else:
            first, last = people
            found, shared = unknown & (first >= 0) & (first == last), unknown & (first != last)
            led.leader = np.where(found, first, led.leader)
            rows.findings.note("manager_by_name", column=header, rows=rows.lines[led.rows(found)])
            rows.findings.note("manager_name_shared", column=header, rows=rows.lines[led.rows(shared)])
            rows.findings.note("manager_name_unknown", column=header, rows=rows.lines[led.rows(unknown & ~found & ~shared)])
    else:
        missing = led.rows(unknown & np.array([text not in rows.elsewhere for text in led.texts], dtype=bool))
        example = rows.example("manager_id", missing) if rows.table.fields.get("manager_id") == led.column else ""
        rows.findings.note("manager_unknown", column=header, rows=rows.lines[missing], example=example)
    above, leader = np.full(len(distinct_ids), -1), led.rows(led.leader)
    one_led = (codes >= 0) & (leader >= 0)
    above[codes[one_led]] = leader[one_led]
    circles = one_led & in_circles(above)[codes]
    example = rows.example("employee_id", circles) if rows.has("employee_id") else ""
    rows.findings.warn("manager_circle", column=header, rows=rows.lines[circles], example=example)


def _best_column(rows: Rows, column: int | None, named: int | None, place: dict[str, int]) -> _Led:
    """The managers' ids that lead to people of this list: some systems give two, and only one goes with the ids that are used. Else the
    managers' names."""
    spare = [other for other, name in rows.table.duplicates.items() if name == "manager_id"]
    tried = [_by_id(rows, each, place) for each in [*([] if column is None else [column]), *spare]]
    for led in tried:
        if (led.leader >= 0).any() or _by_name(led):
            return led
    return _by_id(rows, named, place) if named is not None else tried[0]


def _by_id(rows: Rows, column: int, place: dict[str, int]) -> _Led:
    """The managers of every row, an id as the ids are written."""
    distinct = rows.distinct_of(column)
    texts = ["" if nothing else text for text, nothing in zip(distinct.texts, null_mask(distinct.texts), strict=True)]
    texts = [text if text in place else _POINT_ZERO.sub("", text) for text in texts]
    return _Led(column, distinct, texts, np.array([place.get(text, -1) for text in texts], dtype=np.int64))


def _by_name(led: _Led) -> bool:
    """Most of what is no id in the list is made of words."""
    other = pa.array([text for text, leader in zip(led.texts, led.leader.tolist(), strict=True) if text and leader < 0], pa.string())
    return 2 * pc.sum(pc.match_substring_regex(other, _ONLY_WORDS)).as_py() > len(other) if len(other) else False


def _keys(texts: list[str], words: set[str] | None = None) -> tuple[np.ndarray, np.ndarray, set[str]]:
    """A number for each name that is the same whatever the order of its words ("Jansen, Piet" is "Piet Jansen"), whether it has no other
    words than these, and the words in it."""
    cells = pa.array(texts, pa.string())
    lower = pc.utf8_lower(cells).to_pylist()
    for index in np.flatnonzero(~pc.string_is_ascii(cells).to_numpy(zero_copy_only=False)):
        lower[index] = plain(texts[index])
    parts = pc.split_pattern_regex(pa.array(lower, pa.string()), _BETWEEN_WORDS)
    coded = parts.flatten().dictionary_encode()
    met = coded.dictionary.to_pylist()
    numbers = np.array([0 if word in _TITLE or not word else hash(word) for word in met], dtype=np.int64).view(np.uint64)
    other = np.array([bool(number) and words is not None and word not in words for word, number in zip(met, numbers, strict=True)])
    codes, starts = coded.indices.to_numpy(), parts.offsets.to_numpy()[:-1]
    sums = np.add.reduceat(numbers[codes], starts)
    return sums, ~np.logical_or.reduceat(other[codes], starts), {word for word, number in zip(met, numbers, strict=True) if number}


def _people_of(rows: Rows, codes: np.ndarray, managers: list[str]) -> tuple[np.ndarray, np.ndarray] | None:
    """For each manager as written the first and the last person of that name (place in the ids, -1 nobody): another one means that several
    have it. The columns of names are joined in the way that finds most of the managers. None where the file has no names of people."""
    columns = name_columns(rows.table)[:MOST_COLUMNS]
    if not columns:
        return None
    sought, _, words = _keys(managers)
    wanted = np.unique(sought[sought != 0])
    low, high = np.full(len(wanted) + 1, -1), np.full(len(wanted) + 1, -1)
    sieve = np.zeros(_SIFT, dtype=bool)
    sieve[wanted % _SIFT] = True
    keys, fits = {}, {}
    for column in columns:  # only who bears no other word than the managers' can be one of them
        distinct = rows.distinct_of(column)
        number, own, _ = _keys(list(distinct.texts), words)
        keys[column], fits[column] = distinct.spread(number), distinct.spread(own)
    most = 0
    for chosen in (chosen for size in range(len(columns), 0, -1) for chosen in combinations(columns, size)):
        if most == len(wanted):
            break
        key = np.add.reduce([keys[column] for column in chosen])
        able = np.flatnonzero(np.logical_and.reduce([fits[column] for column in chosen]) & (codes >= 0) & sieve[key % _SIFT])
        at = np.searchsorted(wanted, key[able])
        hit = wanted[np.minimum(at, len(wanted) - 1)] == key[able]
        at, who = at[hit], codes[able[hit]]
        found = np.zeros(len(wanted) + 1, dtype=bool)
        found[at] = True
        if found.sum() > most:
            most = int(found.sum())
            low, high = np.where(found, len(codes), -1), np.full(len(wanted) + 1, -1)
            np.minimum.at(low, at, who)
            np.maximum.at(high, at, who)
    back = np.where(sought != 0, np.searchsorted(wanted, sought), len(wanted))
    return low[back], high[back]


def in_circles(above: np.ndarray) -> np.ndarray:
    """Who meets themselves when one goes up from manager to manager. above: place of the manager of each, -1 nobody. Going up twice as
    far each time, one is after a few rounds further than there are people, and whoever can be there is on a circle."""
    nobody = len(above)
    up = np.append(np.where(above < 0, nobody, above), nobody)
    for _ in range(nobody.bit_length()):
        up = up[up]
    on = np.zeros(nobody + 1, dtype=bool)
    on[up] = True
    on[nobody] = False
    return on[:nobody]

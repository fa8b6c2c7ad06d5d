"""Levels of skill on one scale of 0 (cannot) to 5 (teaches others), from whatever scale a file uses. Blank is unknown, not zero."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from intake.context import Rows
from intake.values import words
from intake.values.numbers import parse_numbers

TOP = 5.0
CAN = 3.0
"""Level given to a plain mark or yes: does the work alone."""

SCALES = {
    "0-5": 1.0,
    "1-4": 1.25,
    "0-4": 1.25,
    "1-3": 5 / 3,
    "0-3": 5 / 3,
    "0-2": 2.5,
    "0-1": CAN,
    "1-7": 5 / 7,
    "1-10": 0.5,
    "0-10": 0.5,
    "percent": 0.05,
}
"""What a level of each scale is multiplied by. A 1 beside zeros is a yes."""
ENOUGH = 20
"""Levels without a 5 that make one wonder whether the scale has one."""

_LETTERS = {"a": 5.0, "b": 4.0, "c": 3.0, "d": 2.0, "e": 1.0}
_WORDS = {
    "geen": 0.0,
    "none": 0.0,
    "keine": 0.0,
    "basis": 1.0,
    "basic": 1.0,
    "beginner": 1.0,
    "fondamental": 1.0,
    "grundkenntnisse": 1.0,
    "gevorderd": 3.0,
    "intermediate": 3.0,
    "skilled": 3.0,
    "advanced": 4.0,
    "fortgeschritten": 3.0,
    "highly skilled": 5.0,
    "expert": 5.0,
    "trainer": 5.0,
    "trainer level": 5.0,
    "can not perform": 0.0,
    "+": 3.0,
    "++": 4.0,
    "+++": 5.0,
    "-": 0.0,
    "--": 0.0,
}

_WITH_WORDS = re.compile(
    r"^(?:niveau|level|stufe|score)\s*(\d{1,2})$"
    r"|^(?:(?:niveau|level|stufe|score)\s*)?(\d{1,2})(?:\s*[-–:=.,(]\s*|\s+)(?!jaar|jr|year|yr|jahr|maand|mnd|month|monat|dag|day|tag|uur|hour)[a-z][^\d]*\)?$",
    re.IGNORECASE,
)
"""A number with the words of its level, and not with what it counts."""
_STATED = re.compile(r"(?<![\d-])([01])\s*(?:-|–|t/m|tot|to|bis)\s*(?:en met\s+)?(\d{1,2})(?![\d-])")
"""The header says itself from where to where the scale goes."""
SEVEN = 7.0


def levels(rows: Rows, name: str) -> np.ndarray:
    """Levels 0-5 per row, NaN = not assessed. The scale is decided once for the column, and said when it is another one."""
    if not rows.has(name):
        return np.full(rows.size, np.nan)
    distinct = rows.distinct(name)
    own = {**rows.options.values.get("level", {}), **rows.options.values.get(name, {})}
    header, chosen = rows.header(name), bool(own) or "skill_scale" in rows.options.answers
    stated = _stated(header)
    found, scale, kinds = convert(distinct.texts, own, rows.options.answers.get("skill_scale", stated))
    result = distinct.spread(found)
    if scale != "0-5" or kinds:
        told = ", ".join(sorted(kinds | ({scale} if scale else set())))
        asked = {"question": "skill_scale", "chosen": chosen, "assumed": scale}
        rows.findings.warn("skill_scale", column=header, count=rows.size, scale=told, **asked)
    elif not chosen and not stated:
        highest = _short(distinct.texts, distinct.counts, own_levels=name == "level")
        if highest:
            rows.findings.note("skill_scale_short", column=header, count=rows.size, highest=highest, question="skill_scale")
    filled = np.array([not words.is_null(text) for text in distinct.texts], dtype=bool)
    wrong = distinct.spread((np.isnan(found) | (found < 0) | (found > TOP)) & filled)
    rows.findings.warn("bad_level", column=header, rows=rows.lines[wrong], example=rows.example(name, wrong))
    return np.where(wrong, np.nan, result)


def convert(texts: list[str], own: dict[str, str], chosen: str = "") -> tuple[np.ndarray, str, set[str]]:
    """(level 0-5 per text, NaN unknown; scale of the numbers, "" without numbers; kinds of words met).

    own: {text: level} chosen by a person, wins. chosen: one of SCALES, else the numbers tell.
    """
    stripped = [text if text in own else _bare(text) for text in (text.strip() for text in texts)]
    read = parse_numbers(pd.Series(stripped, dtype="str"), small=True)
    numeric = ~np.isnan(read.values) & np.array([text not in own for text in stripped], dtype=bool)
    known = read.values[numeric]
    scale = (chosen if chosen in SCALES else _scale(known, bool(read.percent.any()))) if len(known) else ""
    result = np.array([_word(text, own) if text else np.nan for text in stripped], dtype=float)
    if not any(text.startswith("+") for text in stripped):  # without pluses a dash is an empty cell, not the lowest level
        result[[text in ("-", "--") and text not in own for text in stripped]] = np.nan
    shares = scale == "percent" and known.max() <= 1 and not read.percent.any()  # as a workbook holds cells shown in percent
    result[numeric] = read.values[numeric] * SCALES.get(scale, 1.0) * (100 if shares else 1)
    kinds = {_kind_of_word(text) for at, text in enumerate(stripped) if text and text not in own and not numeric[at]} - {""}
    return result, scale or ("0-5" if not kinds else ""), kinds


def _stated(header: str) -> str:
    """The scale that a header names, "" where it names none of those known: "Niveau (1-7)"."""
    found = _STATED.search(header)
    return f"{found[1]}-{found[2]}" if found and f"{found[1]}-{found[2]}" in SCALES else ""


def _bare(text: str) -> str:
    """The number of a level that is told with its words: "3 - Zelfstandig", "Niveau 2", "4 (expert)"."""
    found = _WITH_WORDS.match(text)
    return found[1] or found[2] if found else text


def _short(texts: list[str], counts: np.ndarray, own_levels: bool) -> int:
    """The highest of numbers that stop below 5 although there are enough of them to have met a 5: perhaps another scale; else 0.
    own_levels: levels that people have, not such as a role asks: where they stop at 3 or 4 without a 0 among them, nothing tells the
    scale, however few there are."""
    values = parse_numbers(pd.Series([_bare(text.strip()) for text in texts], dtype="str"), small=True).values
    known = ~np.isnan(values)
    highest = float(values[known].max()) if known.any() else 0.0
    if highest not in (1.0, 2.0, 3.0, 4.0):
        return 0
    untold = own_levels and highest > 2 and values[known].min() > 0
    return int(highest) if untold or int(counts[known].sum()) >= ENOUGH else 0


def _scale(known: np.ndarray, percent: bool) -> str:
    """Levels that are all parts of one are shares of the whole scale; whole ones from 1 that end at 7 are a scale of seven."""
    parts = len(known) > 0 and known.min() >= 0 and known.max() <= 1 and bool(((known > 0) & (known < 1)).any())
    if percent or parts or (len(known) and known.max() > 10):
        return "percent"
    if len(known) and known.max() == SEVEN and known.min() >= 1 and not (known % 1).any():
        return "1-7"
    return "0-10" if len(known) and known.max() > TOP else "0-5"


def _word(text: str, own: dict[str, str]) -> float:
    if text in own:
        try:
            level = float(own[text].replace(",", "."))
        except ValueError:
            return np.nan
        return level if 0 <= level <= TOP else np.nan
    word = words.key(text) or text.strip()
    if word in _WORDS:
        return _WORDS[word]
    answer = words.yes_no(text)
    if answer is not None:
        return CAN if answer else 0.0
    return _LETTERS.get(word, np.nan)


def _kind_of_word(text: str) -> str:
    word = words.key(text) or text.strip()
    if word in _WORDS:
        return "" if words.is_null(text) else "woorden"
    if words.yes_no(text) is not None:
        return "ja/nee"
    return "A-E" if word in _LETTERS else ""

"""Levels of skill on one scale of 0 (cannot) to 5 (teaches others), from whatever scale a file uses. Blank is unknown, not zero."""

from __future__ import annotations

import numpy as np
import pandas as pd

from intake.context import Rows
from intake.values import words
from intake.values.numbers import parse_numbers

TOP = 5.0
CAN = 3.0
"""Level given to a plain mark or yes: does the work alone."""

SCALES = {"0-5": 1.0, "1-4": 1.25, "0-4": 1.25, "1-3": 5 / 3, "0-3": 5 / 3, "1-10": 0.5, "0-10": 0.5, "percent": 0.05}
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


def levels(rows: Rows, name: str) -> np.ndarray:
    """Levels 0-5 per row, NaN = not assessed. The scale is decided once for the column, and said when it is another one."""
    texts = rows.raw(name).str.strip()
    own = rows.options.values.get(name, {})
    read = parse_numbers(texts, small=True)
    known = read.values[~np.isnan(read.values)]
    scale = rows.options.answers.get("skill_scale", "") or _scale(known, bool(read.percent.any()))
    result = np.where(np.isnan(read.values), np.nan, read.values * SCALES.get(scale, 1.0))
    table = {text: _word(text, own) for text in set(texts) if text}
    worded = texts.map(lambda text: table.get(text, np.nan)).to_numpy(dtype=float)
    use_word = np.isnan(result) | texts.isin(list(own)).to_numpy()
    result = np.where(use_word, worded, result)
    kinds = {_kind_of_word(text) for text in table if np.isnan(_number(text))} - {""}
    if scale != "0-5" or kinds:
        rows.findings.warn(
            "skill_scale",
            column=rows.header(name),
            count=rows.size,
            scale=", ".join(sorted(kinds | ({scale} if len(known) else set()))),
            question="skill_scale",
        )
    wrong = (np.isnan(result) | (result < 0) | (result > TOP)) & (texts != "").to_numpy() & ~texts.map(words.is_null).to_numpy(dtype=bool)
    rows.findings.warn("bad_level", column=rows.header(name), rows=rows.lines[wrong], example=rows.example(name, wrong))
    return np.where(wrong, np.nan, result)


def _scale(known: np.ndarray, percent: bool) -> str:
    if percent or (len(known) and known.max() > 10):
        return "percent"
    return "0-10" if len(known) and known.max() > TOP else "0-5"


def _number(text: str) -> float:
    return float(parse_numbers(pd.Series([text], dtype="str"), small=True).values[0])


def _word(text: str, own: dict[str, str]) -> float:
    if text in own:
        return float(own[text])
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

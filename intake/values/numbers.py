"""Numbers with Dutch, German or English separators, percentages, money, minus signs in front, behind or as brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from intake.values.text import Distinct
from intake.values.words import is_null

_NOISE = re.compile(r"(?i)[€$£\s'’]|eur(?:o|os)?|usd|gbp|chf|fte|vze|vza|uur|uren|hours?|hrs?|std|stunden|p/?w|per\s?week|,-$|\.-$")
_DIGITS = re.compile(r"^[+-]?\d+(?:[.,]\d+)*$")
_THOUSANDS = re.compile(r"^[+-]?[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*$")


@dataclass(slots=True, eq=False)
class Numbers:
    """values: float per row, NaN = none. bad: filled but no number. percent: written with a % sign. decimal: "," | "." | "".
    hinted: no value tells the decimal sign, it is that of the rest of the file."""

    values: np.ndarray
    bad: np.ndarray
    percent: np.ndarray
    decimal: str = ""
    ambiguous: bool = False
    hinted: bool = False
    text: Distinct | None = None


def parse_numbers(column: pd.Series | Distinct, hint: str = "", small: bool = False, typed: bool = False, answer: str = "") -> Numbers:
    """Read a column of numbers. The decimal sign is decided on the whole column; hint is what the rest of the file uses.

    small: the field never reaches a thousand (fte, hours), so a single separator is always decimal.
    answer: the sign a person chose, wins.
    typed: cells come from a workbook, where a real number never ends in a zero behind the point: "62.000" is then a text
    and follows the hint, "62.125" a number.
    """
    distinct = column if isinstance(column, Distinct) else Distinct(column)
    if "numbers" not in distinct.memo:
        distinct.memo["numbers"] = [None if is_null(text) else _bare(text) for text in distinct.texts]
    bare: list[tuple[str, bool, bool] | None] = distinct.memo["numbers"]
    decimal, open_question = (answer, False) if answer else _decimal_sign([item[0] for item in bare if item], hint, small, typed)
    thousands = not answer and decimal == "." and _points_part_thousands([item[0] for item in bare if item], hint, small, typed)
    ambiguous, hinted = open_question and not decimal, open_question and bool(decimal)
    size = len(bare)
    values = np.full(size, np.nan)
    bad = np.zeros(size, dtype=bool)
    percent = np.zeros(size, dtype=bool)
    for index, item in enumerate(bare):
        if item is None:
            continue
        text, negative, is_percent = item
        parted = thousands and _THOUSANDS.match(text) and (text.endswith("0") or not typed)
        number = _number(text.replace(".", "") if parted else text, decimal)
        bad[index] = number is None
        if number is not None:
            values[index] = -number if negative else number
            percent[index] = is_percent
    return Numbers(distinct.spread(values), distinct.spread(bad), distinct.spread(percent), decimal, ambiguous, hinted, distinct)


def _bare(text: str) -> tuple[str, bool, bool]:
    """Digits and separators, whether negative by brackets or a minus behind, whether a percentage."""
    text = text.strip().replace("\u2212", "-")
    percent = "%" in text
    text = _NOISE.sub("", text.replace("%", ""))
    negative = False
    if text.startswith("(") and text.endswith(")"):
        text, negative = text[1:-1], True
    elif text.endswith("-") and len(text) > 1:
        text, negative = text[:-1], True
    return text, negative, percent


def _decimal_sign(texts: list[str], hint: str, small: bool, typed: bool) -> tuple[str, bool]:
    """The sign, and whether the values left it open."""
    comma = point = 0
    open_question = written = False
    for text in texts:
        if "," in text and "." in text:
            comma, point = (comma + 1, point) if text.rfind(",") > text.rfind(".") else (comma, point + 1)
        elif "," in text or "." in text:
            sign = "," if "," in text else "."
            if text.count(sign) > 1:
                comma, point = (comma, point + 1) if sign == "," else (comma + 1, point)
            elif small or not _THOUSANDS.match(text):
                comma, point = (comma + 1, point) if sign == "," else (comma, point + 1)
            else:
                open_question = True
                written |= sign == "," or text.endswith("0")
    if typed and open_question and not written:
        return ".", False
    if comma or point:
        return ("," if comma > point else "."), False
    return hint, open_question


def _points_part_thousands(texts: list[str], hint: str, small: bool, typed: bool) -> bool:
    """Whether "1.250" is a thousand and more although a point was taken for the decimal sign: as a text among a workbook's own numbers in
    a Dutch or German list, and among small numbers whose decimals all stand behind a comma."""
    if not small:
        return typed and hint == ","
    plain = [text for text in texts if not _THOUSANDS.match(text)]
    return any("," in text for text in plain) and (typed or not any("." in text for text in plain))


def _number(text: str, decimal: str) -> float | None:
    if not _DIGITS.match(text):
        if re.fullmatch(r"[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,3}", text):
            number = float(text)
            return number if abs(number) < 1e15 else None
        return None
    if "," in text and "." in text:
        decimal = "," if text.rfind(",") > text.rfind(".") else "."
    other = "." if decimal == "," else ","
    if decimal and text.count(decimal) > 1:
        text = text.replace(decimal, "")
    if other in text:
        if (decimal and _THOUSANDS.match(text.split(decimal)[0])) or text.count(other) > 1:
            text = text.replace(other, "")
        else:
            text = text.replace(other, ".")
    number = float(text.replace(decimal, ".") if decimal == "," else text)
    return number if abs(number) < 1e15 else None

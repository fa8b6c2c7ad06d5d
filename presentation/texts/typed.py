"""Numbers that people type, read as people of that language write them: 1.000.000 and 2,50 in Dutch, 1,000,000 and 2.50 in English."""

from __future__ import annotations

import re

from presentation.texts import MINUS, number

MARKS = {"nl": (".", ","), "en": (",", ".")}
"""What stands between thousands and before decimals."""


def read_number(lang: str, text: str) -> float | None:
    """The number; None where nothing was typed. ValueError for what is no number.

    Thousands stand in threes (1.000.000); the mark of thousands anywhere else can only be meant as a decimal mark: 2.5 typed by a
    Dutch reader is two and a half. Spaces, an euro sign and a percent sign are passed over."""
    thousands, decimal = MARKS[lang]
    bare = re.sub(r"[\s€%]", "", text).replace(MINUS, "-")
    if not bare:
        return None
    whole = rf"[-+]?(\d{{1,3}}(\{thousands}\d{{3}})+|\d+)"
    if re.fullmatch(rf"{whole}(\{decimal}\d*)?|[-+]?\{decimal}\d+", bare):
        return float(bare.replace(thousands, "").replace(decimal, "."))
    if re.fullmatch(rf"[-+]?\d*\{thousands}\d+", bare):
        return float(bare.replace(thousands, "."))
    raise ValueError(text)


def write_number(lang: str, value: float | None, decimals: int = 2) -> str:
    """As `read_number` reads it again: all decimals that count, no more than `decimals`."""
    if value is None or value != value:
        return ""
    needed = next((places for places in range(decimals) if round(value, places) == round(value, decimals)), decimals)
    return number(lang, value, needed)

"""Cleaning of cell texts, and reading every distinct text of a column only once."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd

_CONTROL = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
_MARKS = re.compile("([\u0300-\u036f]{3})[\u0300-\u036f]+")
MAX_TEXT = 500


def clean(text: str) -> str:
    """Without control, direction and zero-width characters; one normal form; single spaces; at most 500 characters."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()[:MAX_TEXT]
    text = unicodedata.normalize("NFC", text[: MAX_TEXT * 8])
    text = _MARKS.sub(r"\1", text)
    return _SPACES.sub(" ", _CONTROL.sub("", text.replace("\u00a0", " "))).strip()[:MAX_TEXT]


class Distinct:
    """A column as distinct texts and codes into them: `texts[codes]` is the column."""

    def __init__(self, column: pd.Series) -> None:
        codes, texts = pd.factorize(column, use_na_sentinel=False)
        cleaned = [clean(str(text)) if isinstance(text, str) else "" for text in texts]
        again, kept = pd.factorize(np.array(cleaned, dtype=object), use_na_sentinel=False)
        self.codes: np.ndarray = again[codes] if len(again) else codes
        self.texts: list[str] = [str(text) for text in kept]
        self.counts: np.ndarray = np.bincount(self.codes, minlength=len(self.texts))

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Values per distinct text to values per row."""
        return values[self.codes] if len(self.codes) else values[:0]

    def series(self, texts: list[str] | None = None) -> pd.Series:
        """The cleaned column (or other texts in its place) as a str Series."""
        chosen = np.array(self.texts if texts is None else texts, dtype=object)
        return pd.Series(self.spread(chosen), dtype="str")

"""Cleaning of cell texts, and reading every distinct text of a column only once."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_CONTROL = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
_MARKS = re.compile("([\u0300-\u036f]{3})[\u0300-\u036f]+")
MAX_TEXT = 500
_UNTIDY = r"[^ -~]|^ | $|  |.{501}"
"""What `clean` may change: anything but printable ASCII with single inner spaces."""


def clean(text: str) -> str:
    """Without control, direction and zero-width characters; one normal form; single spaces; at most 500 characters."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()[:MAX_TEXT]
    text = unicodedata.normalize("NFC", text[: MAX_TEXT * 8])
    text = _MARKS.sub(r"\1", text)
    return _SPACES.sub(" ", _CONTROL.sub("", text.replace("\u00a0", " "))).strip()[:MAX_TEXT]


class Distinct:
    """A column as distinct texts and codes into them: `texts[codes]` is the column. memo keeps what was read from the texts."""

    def __init__(self, column: pd.Series | pa.ChunkedArray) -> None:
        cells = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([pa.array(column, pa.string())])
        encoded = pc.fill_null(cells, "").combine_chunks().dictionary_encode()
        texts: list[str] = encoded.dictionary.to_pylist()
        self.codes: np.ndarray = encoded.indices.to_numpy(zero_copy_only=False)
        untidy = np.flatnonzero(pc.match_substring_regex(encoded.dictionary, _UNTIDY).to_numpy(zero_copy_only=False)) if texts else []
        for index in untidy:
            texts[index] = clean(texts[index])
        if len(untidy):
            again, kept = pd.factorize(np.array(texts, dtype=object), use_na_sentinel=False)
            self.codes, texts = again[self.codes], [str(text) for text in kept]
        self.texts = texts
        self.counts: np.ndarray = np.bincount(self.codes, minlength=len(self.texts))
        self.memo: dict[str, Any] = {}

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Values per distinct text to values per row."""
        return values[self.codes] if len(self.codes) else values[:0]

    def series(self, texts: list[str] | None = None) -> pd.Series:
        """The cleaned column (or other texts in its place) as a str Series."""
        chosen = pa.array(self.texts if texts is None else texts, pa.string())
        return pd.Series(chosen.take(pa.array(self.codes)).to_pandas(), dtype="str")

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


def _encoded(cells: pa.ChunkedArray) -> tuple[pa.Array, np.ndarray]:
    """(distinct texts in the order in which they are met, code of each cell); null is the empty text."""
    encoded = pc.fill_null(cells.cast(pa.string()), "").combine_chunks().dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False)


def _recoded(cells: pa.ChunkedArray) -> tuple[pa.Array, np.ndarray]:
    """The same of cells that are codes already, into a dictionary of which they need not use all: no text is looked at."""
    coded = cells.combine_chunks()
    texts = pa.concat_arrays([coded.dictionary, pa.array([""], coded.dictionary.type)])
    empty = pc.index(texts, "").as_py()
    codes = pc.fill_null(coded.indices, empty).to_numpy(zero_copy_only=False)
    met = np.full(len(texts), len(codes), dtype=np.int32)
    met[codes[::-1]] = np.arange(len(codes) - 1, -1, -1, dtype=np.int32)  # of several values for one place the last stays
    used = np.flatnonzero(met < len(codes))
    used = used[np.argsort(met[used])]
    met[used] = np.arange(len(used), dtype=np.int32)
    return texts.take(pa.array(used)), met[codes]


class Distinct:
    """A column as distinct texts and codes into them: `texts[codes]` is the column. memo keeps what was read from the texts."""

    def __init__(self, column: pd.Series | pa.ChunkedArray) -> None:
        cells = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([pa.array(column, pa.string())])
        known, self.codes = _recoded(cells) if pa.types.is_dictionary(cells.type) and len(cells) else _encoded(cells)
        texts: list[str] = known.to_pylist()
        untidy = np.flatnonzero(pc.match_substring_regex(known, _UNTIDY).to_numpy(zero_copy_only=False)) if texts else []
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

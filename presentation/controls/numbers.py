"""A field for a number, written and read as the reader writes numbers; the screen library's own knows the decimal point alone."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import streamlit as st

from presentation.texts import Words
from presentation.texts.typed import read_number, write_number
from workflows.types import Refusal


def number_text(place: Any, words: Words, label: str, value: float | None, key: str | None = None, **more: Any) -> str:
    """The field and what stands in it; `read` makes a number of it. What was typed before is shown written out."""
    state = st.session_state
    if key is not None and key in state:
        with suppress(ValueError):  # what is no number stays as it was typed, so that it can be mended
            state[key] = write_number(words.lang, read_number(words.lang, state[key] or ""))
        return place.text_input(label, key=key, **more)
    return place.text_input(label, write_number(words.lang, value), key=key, **more)


def read(words: Words, text: str, low: float = 0.0, high: float = 1e12) -> float | None:
    """The number that was typed; None for an empty field. A refusal says what is no number, or what it must lie between."""
    try:
        value = read_number(words.lang, text)
    except ValueError:
        raise Refusal("no_number", text=text.strip(), example=words.number(1234.5, 1)) from None
    if value is not None and not low <= value <= high:
        raise Refusal("number_outside", text=text.strip(), low=low, high=high)
    return value


def needed(words: Words, text: str, low: float = 0.0, high: float = 1e12) -> float:
    """The same where a number cannot be left out."""
    value = read(words, text, low, high)
    if value is None:
        raise Refusal("number_outside", text=text, low=low, high=high)
    return value

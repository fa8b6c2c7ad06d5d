"""What the pages about skills and plan share: an answer or its refusal, and tables named in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pandas as pd
import streamlit as st

from presentation.controls.beginning import what_helps
from presentation.controls.cards import plain
from presentation.controls.frame import refusal_text
from presentation.session import View
from presentation.texts import Words
from workflows.types import Refusal

Made = TypeVar("Made")
UPLOADS_HELP = frozenset({"no_requirements", "no_skills", "no_isco", "no_wishes", "role_asks_nothing"})
"""Refusals for want of a list that can be uploaded."""


def answered(view: View, title: str, call: Callable[[], Made]) -> Made | None:
    """The answer, or its refusal as the page's empty state: why there is none is the title, what helps stands under it."""
    try:
        with st.spinner(view.words("app.computing")):
            return call()
    except Refusal as refusal:
        why, _, rest = refusal_text(view.words, refusal).partition(". ")
        st.title(plain(why.removesuffix(".") or title), anchor=False)
        if rest:
            st.info(rest)
        if refusal.code in UPLOADS_HELP:
            what_helps(view, refusal.code)
        return None


def titled(words: Words, frame: pd.DataFrame, names: dict[str, str], **params: object) -> pd.DataFrame:
    """Only these columns, named in the reader's language: {column: key under [col]}."""
    shown = {name: words(f"col.{key}", **params) for name, key in names.items()}
    return frame[list(shown)].rename(columns=shown).reset_index(drop=True)


def percents(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame.assign(**{name: 100 * frame[name].astype(float) for name in names})

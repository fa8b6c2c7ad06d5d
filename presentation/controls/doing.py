"""Doing something at a press: the act, one sentence when it went well, one when it was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from presentation.controls.cards import refusal_text
from presentation.session import View
from presentation.texts import Words
from workflows.types import LEVERS, Refusal, clamp

NEWS = "_news"
"""What the last act did, said once at the top of the page after it."""


def attempt(words: Words, act: Callable[[], Any], done: str = "") -> Any:
    """What the act gives; None after a refusal, which has then been said. done: the sentence after success."""
    try:
        found = act()
    except Refusal as refusal:
        st.error(refusal_text(words, refusal))
        return None
    if done:
        st.toast(done, icon=":material/check:")
    return found if found is not None else True


def and_again(words: Words, act: Callable[[], Any], done: str) -> None:
    """Do it, then draw the page anew with what it did; after a refusal the page stays as it is."""
    if attempt(words, act) is not None:
        st.session_state[NEWS] = done
        st.rerun()


def say_news() -> None:
    """The sentence of the act before this run."""
    text = st.session_state.pop(NEWS, "")
    if text:
        st.success(text, icon=":material/check:")


def link_address(kind: str, token: str) -> str:
    """The whole address somebody opens; built on the address this page was asked at."""
    parts = urlsplit(str(st.context.url or ""))
    base = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return f"{base}/?link={kind}.{token}"


def lever_button(view: View, label: str, lever: str, value: float, key: str, done: str, note: str | None = None) -> None:
    """A button that puts one lever of the sidebar on a value."""

    def put() -> None:
        st.session_state[lever] = clamp(lever, value)
        st.session_state[NEWS] = done

    ready = view.outlook is not None and lever in LEVERS
    st.button(label, key=key, on_click=put, icon=":material/tune:", disabled=not ready, help=note)

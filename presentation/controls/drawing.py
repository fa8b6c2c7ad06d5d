"""A figure on the screen: drawn in place by a few lines of our own in the browser, with the library for figures that is installed here.

The screen library's own chart is taken away and built twice with every change of its numbers, all charts of a page in one go: on a page
with three of them most of the time between a slider and its figure went there. Ours stays where it is and only changes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from presentation.charts import CONFIG, Figure
from presentation.controls.handing import leading
from presentation.plotting import FILE, OURS, hand_out


def draw(figure: Figure, key: str, on_click: Callable[[], None] | None = None, keys: str = "") -> None:
    """on_click: called after a click on a part of it; `clicked(key)` then tells which. keys: what is said to who goes there by keyboard."""
    data = {
        "figure": written(figure.spec),
        "alt": figure.alt,
        "height": figure.spec["layout"]["height"],
        "clicks": on_click is not None,
        "keys": keys,
        "library": _address(),
    }
    with leading(key, data["figure"]):
        _shown()(key=key, data=data, on_picked_change=on_click or _nothing)


def clicked(key: str) -> dict[str, Any] | None:
    """The part that was clicked, inside `on_click`."""
    return st.session_state[key].picked


def _nothing() -> None:
    """A click that opens nothing."""


def written(spec: dict[str, Any]) -> str:
    """What the browser reads. A number that is not known is a gap in a line, never a nought."""
    parts = {**spec, "config": CONFIG}
    try:
        return json.dumps(parts, default=_plain, separators=(",", ":"), allow_nan=False)
    except ValueError:
        return json.dumps(_gaps(json.loads(json.dumps(parts, default=_plain))), separators=(",", ":"))


def _plain(value: Any) -> Any:
    """Days as text; numbers and lists of numpy as those of Python."""
    return value.isoformat() if hasattr(value, "isoformat") else value.tolist()


def _gaps(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _gaps(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_gaps(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _address() -> str:
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"{'/' + base if base else ''}/{FILE}"


def _shown() -> Callable[..., Any]:
    hand_out()
    return _component()


@cache
def _component() -> Callable[..., Any]:
    return st.components.v2.component(OURS, js="figure.js", isolate_styles=False)

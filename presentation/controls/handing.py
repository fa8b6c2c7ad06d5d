"""Parts of a page go to the browser together, its first figure ahead of them: see `presentation.handfuls`."""

from __future__ import annotations

import asyncio
import time
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import cache
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator_singletons import get_dg_singleton_instance
from streamlit.runtime import Runtime

from presentation.controls.heralding import running_told_behind
from presentation.handfuls import Handfuls

STANDS, STOOD, PAGE = "figures", "figures_before", "figures_page"
SURE = 0.3
"""Seconds after which what was drawn has reached the browser, as far as the server is concerned: the screen library throws away what it
has not sent yet when a page begins anew."""


class Place(NamedTuple):
    """Where a figure was drawn: name of the page, key, and the positions of it and all around it. told: what it showed; since: from when
    on something of that key has stood there."""

    page: str
    key: str
    path: tuple[int, ...]
    told: int
    since: float

    def same(self, other: Place | None) -> bool:
        return other is not None and self[:3] == other[:3]


@cache
def hand_over_together() -> Handfuls | None:
    """From the first page of this process on. Where pages are tested without a server nothing waits."""
    objects = getattr(Runtime.instance(), "_async_objs", None) if Runtime.exists() else None
    loop = getattr(objects, "eventloop", None)
    if not isinstance(loop, asyncio.AbstractEventLoop):
        return None
    running_told_behind()
    return Handfuls(loop).stand()


def begin_page(name: str) -> bool:
    """Once a run, when it is known which page it is; tells whether that is the page of the last run. Figures of another page, or those
    that the last run did not draw, are not in the browser any more."""
    stood, again = st.session_state.pop(STANDS, {}), st.session_state.get(PAGE) == name
    st.session_state[STOOD] = stood if again else {}
    st.session_state[STANDS], st.session_state[PAGE] = {}, name
    return again


def leading(key: str, told: str) -> AbstractContextManager[None]:
    """Around drawing a figure. The first of a page that changes goes ahead of the rest when it only changes: the same figure stands in
    the same place already. Elsewhere it goes with the others."""
    handfuls, path = hand_over_together(), _path()
    if handfuls is None or not path or STANDS not in st.session_state:
        return nullcontext()
    here = Place(st.session_state[PAGE], key, path, hash(told), time.monotonic())
    stood = st.session_state[STOOD].get(key)
    if not here.same(stood):
        st.session_state[STANDS][key] = here
        return nullcontext()
    st.session_state[STANDS][key] = here._replace(since=stood.since)
    waits = here.told != stood.told and here.since - stood.since >= SURE
    return handfuls.ahead(_look) if waits and handfuls.leads() else nullcontext()


def _look() -> None:
    """A page whose slider has moved on is broken off where it next looks at what is remembered for its visitor."""
    st.session_state.get(PAGE)


def _path() -> tuple[int, ...]:
    """Position of what is drawn next, and of all around it; nothing where the screen library does not say."""
    with suppress(AttributeError):
        return tuple(get_dg_singleton_instance().main_dg._active_dg._cursor.delta_path)  # type: ignore[union-attr]
    return ()

"""The line above protected figures: from how many people on, what was joined and what shows an earlier day; and the log of looking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import streamlit as st

from presentation import session
from presentation.controls.cards import MENU_ROOM, named_table, refusal_text
from presentation.session import View
from presentation.texts import Words
from workflows import people
from workflows.protection import Protection, protection
from workflows.types import Refusal, Scope

LABELS = {"role": "work"}
"""On this page `role` is what somebody may do; the role of a group is work."""


def protected_line(view: View) -> None:
    """For viewers of protected groups: the rule in one sentence, and behind it the groups by name."""
    words = view.words
    found = protection(view.viewer, view.workspace, view.scope)
    parts = [words("app.protected", k=found.least)]
    if len(found.joined):
        parts.append(words("app.merged", n=int(found.joined["groups"].sum()), sets=len(found.joined)))
    if len(found.carried):
        parts.append(words("app.carried", n=len(found.carried)))
    row = st.container(horizontal=True, vertical_alignment="center", key="shield")
    row.caption(f":material/shield: {' '.join(parts)}", width="content", help=words("app.protected_help"))
    if found.joined.empty and found.carried.empty:
        return
    menu = row.popover(words("app.merged_which"), type="tertiary", on_change="rerun", key="shield_which")
    if menu.open:
        with menu:
            for name, table in (("joined", joined_table(words, found)), ("carried", carried_table(words, found))):
                if len(table):
                    st.markdown(f"**{words(f'access.{name}_title', n=len(table))}**")
                    named_table(words, f"shield_{name}", table, words(f"access.{name}_title", n=len(table)), room=MENU_ROOM - 20)


def joined_table(words: Words, found: Protection) -> pd.DataFrame:
    """Joined groups in the reader's words; a part in which they differ reads as several."""
    table = found.joined.assign(**{name: found.joined[name].replace("", words("access.several")) for name in ("location", "unit")})
    return table.rename(columns={name: words(f"access.{LABELS.get(name, name)}") for name in table})


def carried_table(words: Words, found: Protection) -> pd.DataFrame:
    table = found.carried.assign(
        shows=[words.day(day.date()) for day in found.carried["shows"]],
        **{name: found.carried[name].replace("", words("access.several")) for name in ("location", "unit")},
    )
    return table.rename(columns={name: words(f"access.{LABELS.get(name, name)}") for name in table})


def note_scope(view: View) -> None:
    """Once per visit and choice: the log says which part of the firm somebody with full detail looked at."""
    if view.empty or view.viewer.k > 1:
        return
    seen: set[Scope] = st.session_state.setdefault("_scopes_seen", set())
    if view.scope not in seen:
        people.scope_seen(view.viewer, view.workspace, view.scope)
        seen.add(view.scope)  # not before: what the log refused is asked again


@contextmanager
def log_trouble_said() -> Iterator[None]:
    """Where the log cannot take down that somebody looks, or cannot be read, that is said in the place of the page."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code != "log_unusable":
            raise
        st.error(refusal_text(session.words(), refusal), icon=":material/warning:")

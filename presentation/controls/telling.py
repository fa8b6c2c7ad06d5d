"""How old what others than HR see of skills and wishes is, in one line; for HR also how much waits."""

from __future__ import annotations

import streamlit as st

from presentation.session import View
from presentation.texts import Words
from workflows.as_told import AsTold, as_told


def told_line(view: View) -> None:
    """Nothing for HR on the pages it shares with directors: HR sees what is known now."""
    found = as_told(view.viewer, view.workspace)
    if not found.live:
        st.caption(f":material/update: {told_sentence(view.words, found)}", help=view.words("told.help", least=found.least))


def told_sentence(words: Words, found: AsTold) -> str:
    if found.newest is None or found.oldest is None:
        return words("told.never")
    newest, oldest = words.day(found.newest), words.day(found.oldest)
    stand = words("told.stand", newest=newest) if newest == oldest else words("told.stand_between", newest=newest, oldest=oldest)
    return stand + (" " + words("told.silent") if found.silent else "")


def waiting_line(view: View) -> None:
    """For HR: what the others see of this, and how many people's changes wait."""
    words, found = view.words, as_told(view.viewer, view.workspace)
    if found.newest is None:
        return
    waits = words("told.waiting", n=found.waiting) if found.waiting else words("told.waiting_none")
    line = f"{words('told.hr', newest=words.day(found.newest))} {waits}"
    st.caption(f":material/update: {line}", help=words("told.help", least=found.least))

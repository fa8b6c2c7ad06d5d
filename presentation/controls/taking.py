"""The story on the screen, taken along as slides and as a workbook."""

from __future__ import annotations

from typing import Any

import streamlit as st

from presentation.controls.cards import refusal_text
from presentation.session import Ground, View
from workflows import decisions
from workflows.access import Right, may
from workflows.answers import Deeper, deeper
from workflows.types import Refusal

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def take_along(view: View, bar: Any, ground: Ground) -> None:
    """The same story as slides and as a workbook; each is made when it is asked for."""
    words = view.words
    if view.empty:
        return
    menu = bar.popover("", icon=":material/download:", help=words("deck.button"), key="_take", on_change="rerun")
    if not menu.open:
        return
    from presentation.exports.deck import deck  # what makes slides and sheets is slow to load, and not needed for the first page
    from presentation.exports.pdf import office, to_pdf
    from presentation.exports.workbook import workbook
    from presentation.people_story import people_extras, people_slides

    found = view.outlook
    name = f"werkhorizon-{found.as_of.isoformat()}-{found.target_year}"
    with menu:
        master = _master(view)

    def slides() -> bytes:
        decided = decisions.decisions(view.viewer, view.workspace) if may(view.viewer, Right.SCENARIOS) else None
        return deck(words, found, ground.basis, _deeper(view), master, decided, people_slides(words, view.viewer, view.workspace))

    menu.download_button(words("deck.slides"), slides, f"{name}.pptx", PPTX, icon=":material/slideshow:", on_click="ignore", key="deck")
    if office() is None:
        menu.caption(words("meeting.pdf_missing"))
    else:
        menu.download_button(
            words("meeting.pdf"),
            lambda: to_pdf(slides()),
            f"{name}.pdf",
            "application/pdf",
            icon=":material/picture_as_pdf:",
            on_click="ignore",
            key="pdf",
        )
    menu.download_button(
        words("deck.sheets"),
        lambda: workbook(words, found, ground.basis, _deeper(view), people_extras(words, view.viewer, view.workspace, found)),
        f"{name}.xlsx",
        XLSX,
        icon=":material/table:",
        on_click="ignore",
        key="workbook",
    )


def _deeper(view: View) -> Deeper:
    """Mostly known by now: the overview has it made."""
    return deeper(view.viewer, view.workspace, view.scenario, view.scope, view.outlook.target_year)


def _master(view: View) -> bytes | None:
    """The firm's own presentation whose layouts and colours the slides take; None without one, or with one that cannot be read."""
    given = st.file_uploader(view.words("meeting.master"), ["pptx"], key="_master", help=view.words("meeting.master_help"))
    if given is None:
        return None
    from presentation.exports.deck import check_master

    try:
        check_master(given.getvalue())
    except Refusal as refusal:
        st.error(refusal_text(view.words, refusal))
        return None
    return given.getvalue()

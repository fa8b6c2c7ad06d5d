"""The story on the screen, taken along as slides and as a workbook."""

from __future__ import annotations

from typing import Any

from presentation.exports.deck import deck
from presentation.exports.workbook import workbook
from presentation.session import Ground, View

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def take_along(view: View, bar: Any, ground: Ground) -> None:
    """The same story as slides and as a workbook; each is made when it is asked for."""
    words, found = view.words, view.outlook
    if found is None:
        return
    menu = bar.popover("", icon=":material/download:", help=words("deck.button"))
    name = f"werkhorizon-{found.as_of.isoformat()}-{found.target_year}"
    menu.download_button(
        words("deck.slides"),
        lambda: deck(words, found, ground.basis),
        f"{name}.pptx",
        PPTX,
        icon=":material/slideshow:",
        on_click="ignore",
        key="deck",
    )
    menu.download_button(
        words("deck.sheets"),
        lambda: workbook(words, found, ground.basis),
        f"{name}.xlsx",
        XLSX,
        icon=":material/table:",
        on_click="ignore",
        key="workbook",
    )

"""The menu: which pages there are, in which order, and who sees which."""

from __future__ import annotations

from copy import copy

import streamlit as st

from presentation import session
from presentation.texts import Words
from workflows.types import Viewer

ICONS = {
    "overview": ":material/monitoring:",
    "ageing": ":material/elderly:",
    "shortages": ":material/person_alert:",
    "compare": ":material/compare_arrows:",
    "willing": ":material/diversity_3:",
    "conversations": ":material/forum:",
    "rotation": ":material/sync_alt:",
    "ideas": ":material/lightbulb:",
    "pulse": ":material/favorite:",
    "selfscan": ":material/checklist:",
    "meeting": ":material/present_to_all:",
    "skills": ":material/school:",
    "changing": ":material/precision_manufacturing:",
    "routes": ":material/alt_route:",
    "role_outlook": ":material/badge:",
    "plan": ":material/route:",
    "actions": ":material/checklist:",
    "upload": ":material/upload_file:",
    "method": ":material/menu_book:",
    "rates": ":material/percent:",
    "amounts": ":material/euro:",
    "backtest": ":material/fact_check:",
    "access": ":material/shield_person:",
}
SECTIONS = {
    "look": ("overview", "ageing", "shortages", "compare", "meeting"),
    "people": ("willing", "conversations", "rotation", "ideas", "pulse", "selfscan"),
    "growing": ("skills", "changing", "routes", "role_outlook", "plan", "actions"),
    "data": ("upload", "method", "rates", "amounts", "backtest", "access"),
}


def navigation(words: Words, viewer: Viewer | None):
    """The menu of what this viewer may see, hidden while nobody is known; addresses do not change with the language."""
    shown = _shown(viewer)
    pages = {
        words(f"nav.{section}"): [_page(words, name, name == shown[0]) for name in names if name in shown]
        for section, names in SECTIONS.items()
    }
    if shown == ["access"]:
        pages[words("nav.data")].append(_by_name(words, "access"))
    return st.navigation(pages, position="sidebar" if viewer else "hidden", expanded=True)


def _shown(viewer: Viewer | None) -> list[str]:
    return [name for names in SECTIONS.values() for name in names if session.allowed(viewer, name)]


def hints(words: Words, viewer: Viewer) -> dict[str, str]:
    """What each page of the menu answers, by the last part of its address."""
    return {"" if place == 0 else name: words(f"nav.{name}_help") for place, name in enumerate(_shown(viewer))}


def _by_name(words: Words, name: str) -> st.Page:
    """The only page of an administrator or privacy officer under its own address too: the screen library serves what opens first at
    the root alone, and says of a bookmark, in English, that there is no such page."""
    return st.Page(f"pages/{name}.py", title=words(f"nav.{name}"), icon=ICONS[name], url_path=name, visibility="hidden")


_MADE: dict[tuple[str, str, bool], st.Page] = {}
"""Pages as first made, per language, name and whether they open first. Making one asks the disk where its file is, which for a whole
menu took a tenth of a page's time. Visitors get copies, as a page notes for itself whether it may still run."""


def _page(words: Words, name: str, first: bool) -> st.Page:
    key = (words.lang, name, first)
    if key not in _MADE:
        _MADE[key] = st.Page(
            f"pages/{name}.py",
            title=words(f"nav.{name}"),
            icon=ICONS[name],
            url_path="" if first and name == "access" else name,
            default=first,
        )
    return copy(_MADE[key])

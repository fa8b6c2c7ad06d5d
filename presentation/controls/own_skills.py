"""The own page's part about skills: what is known, and the fields to fill in or correct it."""

from __future__ import annotations

import streamlit as st

from presentation.controls.cards import plain
from presentation.texts import Words
from workflows.own import LEVELS, Mine, OwnSkill


def skills_known(words: Words, mine: Mine) -> list[str]:
    """One line per skill with a level and per course, in words."""
    lines = [_known(words, row) for row in mine.skills if row.level is not None]
    for course in mine.courses:
        day = words("own.course_day", day=course.completed) if course.completed else ""
        end = f", {words('own.valid_until', day=course.expiry)}" if course.expiry else ""
        lines.append(f"{course.training}{day}{end}")
    return lines


def _known(words: Words, row: OwnSkill) -> str:
    told = words(f"own.source.{row.source}") if words.known(f"own.source.{row.source}") else ""
    parts = [words("own.level_of", level=row.level), told, words("own.found_on", day=row.day) if row.day else ""]
    parts.append(words("own.valid_until", day=row.expiry) if row.expiry else "")
    return f"{row.skill}: " + ", ".join(part for part in parts if part)


def more_skills(words: Words, mine: Mine) -> list[str]:
    """Other skills somebody wants to add; outside the form, so that their fields appear at once."""
    if not mine.others:
        return []
    label, placeholder = words("own.more_skills"), words("own.more_choose")
    return st.multiselect(label, list(mine.others), key="own_more", placeholder=placeholder, select_all=False)


def skill_fields(words: Words, mine: Mine, more: list[str]) -> dict[str, int | None]:
    """A scale for every skill of the own role, every further one that is known, and those that were added."""
    rows = [*mine.skills, *(OwnSkill(name, None) for name in more)]
    if not rows:
        st.caption(words("own.no_skills"))
        return {}
    st.caption(words("own.scale"))
    given: dict[str, int | None] = {}
    left, right = st.columns(2)
    for place, row in enumerate(rows):
        asked = words("own.asked", level=row.asked) if row.asked else words("own.beside")
        with left if place < (len(rows) + 1) // 2 else right:
            given[row.skill] = st.segmented_control(
                f"{plain(row.skill)} · {asked}", list(LEVELS), default=row.level, key=f"own_level_{row.skill}"
            )
    return given

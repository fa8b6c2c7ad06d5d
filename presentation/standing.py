"""Sentences about who in a file counts on its day, computed from the numbers; one for each group that is there."""

from __future__ import annotations

from presentation.texts import Words
from workflows.standing import Standing

GROUPS = ("left", "later", "flex")


def standing_lines(words: Words, standing: Standing | None) -> list[str]:
    """Nothing when everybody in the file is employed on its day: then no number on a page differs from the file's."""
    counts = {name: getattr(standing, name) for name in GROUPS} if standing else {}
    if standing is None or not any(counts.values()):
        return []
    first = words("standing.active", n=standing.active, day=words.day(standing.as_of))
    return [first, *(words(f"standing.{name}", n=count) for name, count in counts.items() if count)]

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
    lines = [first, *(words(f"standing.{name}", n=count) for name, count in counts.items() if count)]
    if standing.flex:
        lines.append(words("standing.flex_fte", fte=standing.flex_fte, n=standing.flex_ends))
    if standing.flex_cost is not None:
        lines.append(words("standing.flex_cost", cost=words.number(standing.flex_cost, 0)))
    return lines

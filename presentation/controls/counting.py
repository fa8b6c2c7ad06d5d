"""Who is counted: why a file has more people in it than the line above every page counts."""

from __future__ import annotations

from datetime import date

from presentation.texts import Words
from workflows import importing
from workflows.types import Viewer
from workflows.workspace import Workspace


def counted_help(words: Words, viewer: Viewer, workspace: Workspace, as_of: date) -> str:
    """With the numbers of the file for who sees them exactly; the rule alone where groups are protected and numbers are rounded."""
    stored = [one for one in importing.snapshots(viewer, workspace) if one["as_of"] <= as_of]
    if viewer.k > 1 or not stored:
        return words("counted.rule", day=as_of)
    newest = max(stored, key=lambda one: one["as_of"])
    rows, people = newest["rows"], newest["people"]
    if rows == people:
        return words("counted.all", n=rows, day=as_of)
    return " ".join((words("counted.some", n=people, rows=rows, day=as_of), words("counted.others", n=rows - people)))

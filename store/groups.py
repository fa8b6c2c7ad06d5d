"""Project groups that take ideas up. Functions over one cursor."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date

import duckdb
import pandas as pd

from analytics.errors import Refusal
from store.frames import ask, first, number

STATUSES = ("forming", "running", "done", "stopped")


@dataclass(frozen=True, slots=True)
class Group:
    """What is agreed about a group, no members: who is in it is not kept. lever, amount: expected effect ("" and None not estimated).
    since: day of the people it was planned on (None not known)."""

    name: str
    challenge: str
    theme: str
    owner: str
    status: str = STATUSES[0]
    agreed: date | None = None
    lever: str = ""
    amount: float | None = None
    realised: str = ""
    since: date | None = None


def groups(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """project and the fields of `Group`, with ideas (how many) and supports (of those ideas); running ones first."""
    return ask(
        cursor,
        """SELECT * FROM (SELECT g.*, count(DISTINCT i.idea)::INTEGER AS ideas, count(s.mark)::INTEGER AS supports
        FROM project_group g LEFT JOIN idea i USING (project) LEFT JOIN idea_support s ON s.idea = i.idea
        GROUP BY ALL) ORDER BY list_position(['running', 'forming', 'done', 'stopped'], status), agreed, project""",
    )


def save(cursor: duckdb.DuckDBPyConnection, group: Group, project: int | None) -> int:
    """Keep a new group (project None) or change one. Refusals: group_name_missing, group_unknown."""
    if not group.name.strip():
        raise Refusal("group_name_missing")
    if project is None:
        made = number(cursor, "SELECT max(project) FROM project_group") + 1
    elif first(cursor, "SELECT 1 FROM project_group WHERE project = ?", [project]) is None:
        raise Refusal("group_unknown")
    else:
        made = project
        cursor.execute("DELETE FROM project_group WHERE project = ?", [project])
    cursor.execute("INSERT INTO project_group VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [made, *astuple(group)])
    return made


def set_ideas(cursor: duckdb.DuckDBPyConnection, project: int, ideas: tuple[str, ...]) -> None:
    """These ideas are the group's, no others. An idea that enters and was new is with a project group from now on."""
    cursor.execute("UPDATE idea SET project = NULL WHERE project = ? AND NOT list_contains(?::VARCHAR[], idea)", [project, list(ideas)])
    cursor.execute(
        """UPDATE idea SET project = ?, status = CASE WHEN status = 'new' THEN 'group' ELSE status END
        WHERE list_contains(?::VARCHAR[], idea)""",
        [project, list(ideas)],
    )

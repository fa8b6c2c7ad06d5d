"""Tables of what people do with each other: ideas, project groups, learning and what it did to the shortage of skills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from presentation import lists
from presentation.texts import Words
from presentation.voices import group_name
from workflows.learning_effect import LearningEffect
from workflows.types import LEVERS


def board_table(words: Words, board: pd.DataFrame) -> pd.DataFrame:
    """The board as a table for reading and download."""
    return pd.DataFrame(
        {
            words("ideas.idea"): board["title"],
            words("ideas.theme"): [words(f"ideas.themes.{theme}") for theme in board["theme"]],
            words("ideas.status"): [words(f"ideas.statuses.{status}") for status in board["status"]],
            words("ideas.owner"): board["owner"],
            words("ideas.support"): board["supports"].astype("int64"),
        }
    )


def effect_told(words: Words, lever: str, amount: float) -> str:
    if lever not in LEVERS or amount != amount:
        return words("groups.no_effect")
    return f"{lists.lever_name(words, lever)} {words.number(float(amount), sign=True)}"


def groups_table(words: Words, rows: pd.DataFrame, found: Mapping[int, Any] | None = None) -> pd.DataFrame:
    """found: project -> what was measured of it."""
    table = pd.DataFrame(
        {
            words("groups.name"): rows["name"],
            words("groups.challenge_short"): rows["challenge"],
            words("groups.theme"): [words(f"ideas.themes.{theme}") for theme in rows["theme"]],
            words("groups.owner"): rows["owner"],
            words("groups.status"): [words(f"groups.statuses.{status}") for status in rows["status"]],
            words("groups.agreed"): [words.day(pd.Timestamp(day).date(), short=True) if pd.notna(day) else "" for day in rows["agreed"]],
            words("groups.ideas"): rows["ideas"].astype("int64"),
            words("groups.supports"): rows["supports"].astype("int64"),
            words("groups.effect"): [effect_told(words, *pair) for pair in zip(rows["lever"], rows["amount"].astype(float), strict=True)],
            words("groups.realised"): rows["realised"],
        }
    )
    if found:
        for key, name in (("groups.expected_short", "expected"), ("groups.measured_short", "realised")):
            told = [round(float(getattr(found[project], name)), 1) if project in found else float("nan") for project in rows["project"]]
            table[words(key)] = told
    return table


def budget_table(words: Words, rows: pd.DataFrame) -> pd.DataFrame:
    """What learning took per group of departments."""
    return pd.DataFrame(
        {
            words("column.unit"): [group_name(words, names, "willing.several_units") for names in rows["names"]],
            words("learning.people"): rows["people"].astype(float),
            words("learning.hours"): rows["hours"].astype(float),
            words("learning.cost"): rows["cost"].astype(float),
            words("learning.expiring"): rows["expiring"].astype(float),
        }
    )


def effect_table(words: Words, found: LearningEffect) -> pd.DataFrame:
    """Skills that are short with what a course does to them; columns nobody may see are left out."""
    rows = found.rows
    table = pd.DataFrame(
        {
            words("learning.skill"): rows["skill"],
            words("learning.courses"): [course or words("learning.no_course") for course in rows["courses"]],
            words("learning.before"): rows["gap_before"].astype(float).round(1),
            words("learning.gap_now"): rows["gap_now"].astype(float).round(1),
            words("learning.after"): rows["gap_after"].astype(float).round(1),
            words("learning.places"): rows["places"].astype(int),
            words("learning.trained"): rows["people"].astype(float),
        }
    )
    return table.drop(columns=[name for name in table if table[name].isna().all()]) if len(table) else table

"""Trainings: courses on offer with what they lead to, and courses people finished."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from intake import identity
from intake.context import Rows
from intake.employees import Outcome
from intake.levels import CAN
from intake.report import Kind
from intake.sheets import missing_key, numbers_of
from intake.skills import answers, bounded, dates
from intake.vocabulary import plain, words

RAISED, NEEDED = "training_skills", "training_needs"
"""Further frames: training, skill, level; and training, needs."""

_APART = re.compile(r"\s*[;|\n]\s*|(?<=\d)\s*,\s+")
_WITH_LEVEL = re.compile(r"^(.*?\S)[\s:=(]+(?:(?:niveau|level|stufe)\s*)?([0-5](?:[.,]\d)?)\)?$", re.IGNORECASE)
_HOUR_WORDS = frozenset({"uur", "uren", "hour", "hours", "stunden"})


def read_trainings(rows: Rows) -> Outcome:
    """trainings: employee_id ("" for a course on offer), role, training, completed_date, expiry_date, days, hours, cost,
    certificate ("yes" | "no" | ""), places (a year, NaN unknown). training_skills: what a course leads to, level 0-5.
    training_needs: which course must come first.
    """
    rejected = missing_key(rows, "training")
    table = pd.DataFrame(
        {
            "employee_id": identity.employee_ids(rows),
            "role": rows.text("role"),
            "training": rows.text("training"),
            "completed_date": dates(rows, "completed_date"),
            "expiry_date": dates(rows, "expiry_date"),
            **_duration(rows),
            "cost": bounded_cost(rows),
            "certificate": answers(rows, "certificate"),
            "places": bounded(rows, "training_places", 0.0, 1e6),
        }
    )
    done, ends = table["completed_date"], table["expiry_date"]
    backwards, ahead = (ends < done).to_numpy() & ~rejected, (done > np.datetime64(rows.today)).to_numpy() & ~rejected
    rows.findings.warn("expiry_before_completion", column=rows.header("expiry_date"), rows=rows.lines[backwards])
    rows.findings.warn("completed_in_future", column=rows.header("completed_date"), rows=rows.lines[ahead])
    kept = table[~rejected].reset_index(drop=True)
    frames = {Kind.TRAININGS.value: kept}
    if rows.has("skills_after"):
        frames[RAISED] = _raised(rows, ~rejected)
    if rows.has("needs_training"):
        frames[NEEDED] = _needed(rows, ~rejected)
    people = kept.loc[kept["employee_id"] != "", "employee_id"]
    return Outcome(frames, rejected, people=int(people.nunique()))


def bounded_cost(rows: Rows) -> np.ndarray:
    """Price per person; a negative one is listed and unknown."""
    values = numbers_of(rows, "training_cost")
    wrong = values < 0
    if rows.has("training_cost"):
        example = rows.example("training_cost", wrong)
        rows.findings.warn(
            "number_out_of_range", column=rows.header("training_cost"), rows=rows.lines[wrong], example=example, low=0, high=1e6
        )
    return np.where(wrong, np.nan, values)


def _duration(rows: Rows) -> dict[str, np.ndarray]:
    """days and hours; "Duur (uren)" is normalised to the same word as "Duur (dagen)", so the header is read once more, and cells may say
    themselves that they are hours ("16 uur")."""
    days = bounded(rows, "training_days", 0.0, 5_000.0)
    hours = bounded(rows, "training_hours", 0.0, 20_000.0)
    if rows.has("training_days") and _HOUR_WORDS & set(words(rows.header("training_days"))):
        return {"days": np.full(rows.size, np.nan), "hours": np.where(np.isnan(hours), days, hours)}
    if rows.has("training_days"):
        texts = rows.distinct("training_days")
        in_hours = texts.spread(np.array([bool(_HOUR_WORDS & set(words(text))) for text in texts.texts], dtype=bool))
        hours, days = np.where(in_hours & np.isnan(hours), days, hours), np.where(in_hours, np.nan, days)
    return {"days": days, "hours": hours}


def skills_in(text: str) -> list[tuple[str, float]]:
    """(skill, level) of "lassen 3; NEN 3140 3": a last single digit is the level, NaN where there is none."""
    found = []
    for part in _APART.split(text):
        match = _WITH_LEVEL.match(part.strip())
        if match:
            found.append((match[1].rstrip(" :=(-"), float(match[2].replace(",", "."))))
        elif part.strip():
            found.append((part.strip(), np.nan))
    return found


def _raised(rows: Rows, kept: np.ndarray) -> pd.DataFrame:
    names, texts = rows.text("training"), rows.text("skills_after")
    lines = [(names[at], skill, level, at) for at in np.flatnonzero(kept) if texts[at] for skill, level in skills_in(texts[at])]
    frame = pd.DataFrame(lines, columns=["training", "skill", "level", "row"])
    open_ = np.zeros(rows.size, dtype=bool)
    open_[frame.loc[frame["level"].isna(), "row"].to_numpy(dtype=int)] = True
    rows.findings.warn(
        "training_level_assumed",
        column=rows.header("skills_after"),
        rows=rows.lines[open_],
        example=rows.example("skills_after", open_),
        level=int(CAN),
    )
    frame["level"] = frame["level"].fillna(CAN)
    return frame[["training", "skill", "level"]].drop_duplicates(["training", "skill"]).reset_index(drop=True)


def _needed(rows: Rows, kept: np.ndarray) -> pd.DataFrame:
    """Pairs of courses; a course that is not in the list, or that needs itself, is listed and left out."""
    names, texts = rows.text("training"), rows.text("needs_training")
    own = {plain(name): name for name in names[kept] if name}
    pairs, wrong = [], np.zeros(rows.size, dtype=bool)
    for at in np.flatnonzero(kept & (texts != "").to_numpy()):
        whole = own.get(plain(texts[at]))
        parts = [whole] if whole else [own.get(plain(part)) for part in re.split(r"\s*[;|\n,]\s*", texts[at]) if part.strip()]
        wrong[at] = any(part is None or part == names[at] for part in parts)
        pairs += [(names[at], part) for part in parts if part is not None and part != names[at]]
    column = rows.header("needs_training")
    rows.findings.note("training_unknown", column=column, rows=rows.lines[wrong], example=rows.example("needs_training", wrong))
    return pd.DataFrame(pairs, columns=["training", "needs"]).drop_duplicates(ignore_index=True)

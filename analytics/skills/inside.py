"""Training inside a role: who was assessed below what the own role asks, and what the courses that mend it ask."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.skills.gaps import SkillBase
from analytics.skills.training import Trainings

COLUMNS = ("role", "people", "missing", "hours", "price")
LEAST_MISSING = 0.05


def individual_gap(levels: np.ndarray, asked: np.ndarray, weight: np.ndarray) -> float:
    """G = sum w max(0, asked - level) / sum w asked over the skills that were assessed (NaN = not assessed); NaN when none was."""
    known = ~np.isnan(levels) & (asked > 0)
    whole = float((weight * asked)[known].sum())
    return float((weight * np.maximum(asked - levels, 0.0))[known].sum() / whole) if whole > 0 else float("nan")


def missing_inside(base: SkillBase, offer: Trainings) -> pd.DataFrame:
    """Per role, over the people with a gap that courses can mend (at least LEAST_MISSING of what was assessed): people, and per person
    on average the mendable part of the gap, hours and price of the courses. A course that mends two skills counts once."""
    rows = base.rows[base.rows["need"] >= 0]
    if rows.empty or not len(offer.names):
        return pd.DataFrame(columns=list(COLUMNS))
    need = rows["need"].to_numpy(int)
    asked, weight = base.needs["level"].to_numpy(float)[need], base.needs["weight"].to_numpy(float)[need]
    short = np.maximum(asked - rows["level"].to_numpy(float), 0.0)
    course = _cheapest(offer, rows["skill"].to_numpy(int), asked)
    mended = (short > 0) & (course >= 0)
    frame = pd.DataFrame({"cell": rows["cell"].to_numpy(int), "gap": weight * short * mended, "whole": weight * asked})
    person = frame.groupby("cell")[["gap", "whole"]].sum()
    person["missing"] = person["gap"] / person["whole"].where(person["whole"] > 0)
    taken = pd.DataFrame({"cell": frame["cell"].to_numpy()[mended], "course": course[mended]}).drop_duplicates()
    cost = taken.assign(hours=offer.hours[taken["course"]], price=offer.price[taken["course"]]).groupby("cell")[["hours", "price"]].sum()
    person = person[person["missing"] >= LEAST_MISSING].join(cost)
    person["role"] = base.cells["role"].to_numpy()[person.index.to_numpy(int)]
    person["people"] = base.cells["people"].to_numpy(float)[person.index.to_numpy(int)]
    made = person.groupby("role", as_index=False).agg(
        people=("people", "sum"), missing=("missing", "mean"), hours=("hours", "mean"), price=("price", "mean")
    )
    return made[list(COLUMNS)]


def _cheapest(offer: Trainings, skill: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """For each row the course with the fewest hours that brings the skill to the level asked; -1 where there is none."""
    reaches = offer.raises[:, skill] >= asked
    hours = np.where(reaches, offer.hours[:, None], np.inf)
    best = hours.argmin(axis=0)
    return np.where(np.isfinite(hours.min(axis=0)), best, -1)

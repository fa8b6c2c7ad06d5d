"""What courses did to the gap in skills: before last year's courses, now, and once the places there are have been taken."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.skills.gaps import SkillBase, holds

SHORT = 0.5
"""Fte from which a skill is short today."""


def effect(base: SkillBase, gaps: pd.DataFrame, trainings: pd.DataFrame, raises: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    """Per skill that is short now or was before the courses: skill, gap_before, gap_now, gap_after (fte), courses (names joined by
    " + ", "" none), places (a year), people (who took such a course and can do what their role asks), largest gap first.

    gaps: skill, gap_now, near (people one level short whom a course brings there). trainings: training, places; raises: training,
    skill, level; taken: cell, training, of the past year. gap_before: as if those people could not do it yet, so the courses at
    most took away the difference. gap_after: as if every place were taken this year by somebody who is one course away.
    """
    names = list(base.skills["skill"])
    rows = base.rows
    now, _, _ = holds(base, 0.0)
    needed = (rows["need"].to_numpy(int) >= 0) & (now > 0)
    able = pd.DataFrame(
        {
            "cell": rows["cell"].to_numpy(int)[needed],
            "skill": [names[at] for at in rows["skill"].to_numpy(int)[needed]],
            "fte": rows["fte"].to_numpy(float)[needed],
        }
    )
    through = taken.merge(raises[["training", "skill"]].drop_duplicates(), on="training")[["cell", "skill"]].drop_duplicates()
    learned = able.merge(through, on=["cell", "skill"]).groupby("skill")["fte"].agg(["sum", "count"])
    offered = raises[["training", "skill"]].drop_duplicates().merge(trainings[["training", "places"]], on="training")
    courses = offered.sort_values("training").groupby("skill")["training"].agg(" + ".join)
    places = offered.groupby("skill")["places"].sum()
    staff = base.cells["fte"].to_numpy(float)
    mean = float(staff.mean()) if len(staff) else 1.0
    out = gaps[["skill", "gap_now"]].reset_index(drop=True)
    closed = out["skill"].map(learned["sum"]).fillna(0.0).to_numpy(float)
    out["gap_before"] = out["gap_now"] + closed
    out["people"] = out["skill"].map(learned["count"]).fillna(0).astype(int)
    out["courses"] = out["skill"].map(courses).fillna("").astype(str)
    out["places"] = out["skill"].map(places).fillna(0.0).astype(float)
    reach = np.minimum(out["places"].to_numpy(float), gaps["near"].to_numpy(float)) * mean
    out["gap_after"] = np.maximum(out["gap_now"].to_numpy(float) - reach, 0.0)
    short = out[(out["gap_now"] > SHORT) | ((out["gap_before"] > SHORT) & (out["people"] > 0))]
    order = ["skill", "gap_before", "gap_now", "gap_after", "courses", "places", "people"]
    return short.sort_values(["gap_now", "skill"], ascending=[False, True], ignore_index=True)[order]

"""What learning did and can do to the gap in skills, beside what it took: which shortage skills a course covers, before and after."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer, nearest
from analytics.skills.taken import SHORT, effect
from workflows.abilities import abilities
from workflows.access import Right, require
from workflows.rules import rules
from workflows.skills import skills
from workflows.workspace import Workspace


@dataclass(frozen=True, slots=True, eq=False)
class LearningEffect:
    """rows: see `analytics.skills.taken.effect`; for anybody but HR without gap_before and people, which are about those few who took
    one course. short: skills short now; covered: of those, skills a course leads to; before, now, after: fte short over all of them;
    people: who took a course for a shortage skill in the past year (whole groups for anybody but HR)."""

    rows: pd.DataFrame
    short: int
    covered: int
    before: float
    now: float
    after: float
    people: int


def learning_effect(viewer: Viewer, workspace: Workspace) -> LearningEffect | None:
    """None when skills or requirements are not known, or for who sees some departments: this is about the whole organisation.
    Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    if viewer.units:  # who took a course is counted in tens of the whole organisation
        return None
    try:
        gaps = skills(viewer, workspace).by_skill
    except Refusal as refusal:
        if refusal.code in ("no_skills", "no_requirements"):
            return None
        raise
    found = abilities(viewer, workspace)
    data = found.data
    rows = effect(found.base, gaps, data.trainings, data.raises, data.taken)
    short = rows[rows["gap_now"] > SHORT]
    through = data.raises[data.raises["skill"].isin(set(rows["skill"]))]["training"]
    people = int(data.taken.loc[data.taken["training"].isin(set(through)), "cell"].nunique())
    before, now, after = (float(rows[name].sum()) for name in ("gap_before", "gap_now", "gap_after"))
    if viewer.k > 1:
        least = rules(viewer, workspace).least_answers
        people = nearest(people, least)
        before = now + nearest(before - now, least)
        near = rows["skill"].map(gaps.set_index("skill")["near"]).astype(float)
        rows = rows.assign(gap_before=float("nan"), people=float("nan"), gap_after=rows["gap_after"].mask((near > 0) & (near < least)))
    return LearningEffect(rows, len(short), int((short["courses"] != "").sum()), before, now, after, people)

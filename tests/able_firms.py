"""Firms of which also skills, wishes and courses are known, for the attacks on what is told about them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tests.staff_frames import Report
from workflows.workspace import Workspace

SKILLS, COURSES = 8, 4


def abilities_of(staff: pd.DataFrame, seed: int = 3) -> dict[str, pd.DataFrame]:
    """The other lists that come with a staff list: who can what, what roles ask, who wants what, and the courses there are."""
    rng = np.random.default_rng(seed)
    roles = sorted(staff["role"].unique())
    skills = [f"Vaardigheid {n}" for n in range(SKILLS)]
    asked = [
        (role, skill) for n, role in enumerate(roles) for skill in (skills[n % SKILLS], skills[(n + 1) % SKILLS], skills[(n + 3) % SKILLS])
    ]
    known = staff[rng.random(len(staff)) < 0.6]
    records = [
        (name, skill, int(rng.integers(1, 6)))
        for name, role in zip(known["employee_id"], known["role"], strict=True)
        for skill in {skill for other, skill in asked if other == role} | {skills[int(rng.integers(SKILLS))]}
    ]
    wanting = staff[rng.random(len(staff)) < 0.5]
    wishes = pd.DataFrame({"employee_id": wanting["employee_id"], "wished_role": rng.choice([*roles[:3], ""], len(wanting))})
    wishes = wishes.assign(more_hours=rng.choice(["yes", ""], len(wanting)), deepen=rng.choice(["yes", ""], len(wanting)), wished_fte=1.0)
    courses = pd.DataFrame(
        {"training": [f"Cursus {n}" for n in range(COURSES)], "hours": 40.0, "cost": 900.0, "places": 8.0, "employee_id": ""}
    )
    raises = pd.DataFrame({"training": [f"Cursus {n % COURSES}" for n in range(SKILLS)], "skill": skills, "level": 5})
    posts = staff.groupby(["location", "unit", "role"], as_index=False)["fte"].sum()
    return {
        "roles": pd.DataFrame({"role": roles, "isco": [("7412", "3115", "4110")[n % 3] for n in range(len(roles))]}),
        "formation": posts.assign(establishment_fte=(1.15 * posts["fte"]).round(), vacancies_fte=0.0, growth=0.0).drop(columns="fte"),
        "skills": pd.DataFrame(records, columns=["employee_id", "skill", "level"]).assign(assessed_date=pd.Timestamp("2025-11-01")),
        "requirements": pd.DataFrame(asked, columns=["role", "skill"]).assign(required_level=3, weight=1.0),
        "skill_list": pd.DataFrame({"skill": skills, "group": "", "skill_kind": "technical"}),
        "wishes": wishes.assign(wish_date=pd.Timestamp("2025-11-01")),
        "trainings": courses,
        "training_skills": raises,
    }


def able(path: Path, staff: pd.DataFrame, lists: dict[str, pd.DataFrame]) -> Workspace:
    """A workspace with the staff and the lists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    workspace = Workspace.open(path)
    workspace.store.save_import({"employees": staff}, (Report(),), f"staff {path.name}", "staff.xlsx", "test")
    workspace.store.save_import(lists, (Report(),), f"lists {path.name}", "lists.xlsx", "test")
    return workspace

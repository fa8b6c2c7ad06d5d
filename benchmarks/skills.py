"""Skills, routes and the plan for 2 000 people, 300 skills and 150 roles: what a page computes once the snapshot has been read."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.grids import AS_OF, staff
from benchmarks.timing import Row, interleaved, rows
from workflows import changing, plan, routes, skills
from workflows.outlook import total
from workflows.types import Scenario, Scope, Viewer
from workflows.workspace import Workspace

PEOPLE, SKILLS, ROLES, ASKED, HELD, COURSES = 2_000, 300, 150, 8, 10, 60
EYES = {"HR": Viewer.local(), "a director": Viewer.director()}


def _frames(seed: int = 3) -> dict[str, pd.DataFrame]:
    """Each role asks eight skills, each person holds ten of them at some level; a course for every fifth skill."""
    rng = np.random.default_rng(seed)
    people = staff(PEOPLE, ROLES)
    names = [f"skill {number:03d}" for number in range(SKILLS)]
    roles = sorted(people["role"].unique())
    asked = [rng.choice(SKILLS, ASKED, replace=False) for _ in roles]
    needs = pd.DataFrame(
        [(role, names[skill], float(rng.integers(2, 6)), 1.0) for role, mine in zip(roles, asked, strict=True) for skill in mine],
        columns=["role", "skill", "required_level", "weight"],
    )
    of = dict(zip(roles, asked, strict=True))
    held = [
        (who, names[skill], float(rng.integers(1, 6)), pd.Timestamp("2025-06-01"))
        for who, role in zip(people["employee_id"], people["role"], strict=True)
        for skill in np.unique(np.concatenate([of[role], rng.choice(SKILLS, HELD - ASKED)]))
    ]
    courses = pd.DataFrame({"training": [f"course {n}" for n in range(COURSES)], "hours": 40.0, "cost": 800.0, "places": 20.0})
    raises = pd.DataFrame({"training": courses["training"], "skill": names[::5], "level": 4.0})
    catalogue = pd.DataFrame({"role": roles, "isco": [f"{code}" for code in rng.choice([7126, 7411, 4110, 3118, 2144], len(roles))]})
    return {
        "employees": people,
        "skills": pd.DataFrame(held, columns=["employee_id", "skill", "level", "assessed_date"]),
        "requirements": needs,
        "trainings": courses,
        "training_skills": raises,
        "roles": catalogue,
    }


def measure(quick: bool) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, Workspace.open(Path(folder) / "bench.duckdb") as workspace:
        workspace.store.save_import(_frames(), (), "bench", "bench.xlsx", "bench")
        return [line for who, viewer in EYES.items() for line in (*_pages(who, viewer, workspace, quick), *_plans(who, viewer, workspace))]


def _pages(who: str, viewer: Viewer, workspace: Workspace, quick: bool) -> list[Row]:
    """Every round asks a scenario nobody asked before; what belongs to the snapshot is there from the first. Each line is all that a
    page asks, beside the outlook that every page has."""
    step = count()

    def fresh() -> Scenario:
        return Scenario(resignation_multiplier=0.6 + 0.001 * next(step))

    def ways() -> None:
        scenario = fresh()
        role = routes.matters_most(viewer, workspace, scenario)
        routes.from_role(viewer, workspace, role, scenario)
        if viewer.k <= 1:
            routes.pointing(viewer, workspace, scenario)
        routes.overview(viewer, workspace, scenario)

    def one_role() -> None:
        scenario = fresh()
        role = routes.matters_most(viewer, workspace, scenario)
        routes.from_role(viewer, workspace, role, scenario)
        total(viewer, workspace, scenario, Scope((), (), (role,)))

    candidates = {
        "skills": lambda: skills.skills(viewer, workspace, fresh()),
        "changing work": lambda: changing.changing(viewer, workspace, fresh()),
        "from work to work": ways,
        "role outlook": one_role,
    }
    taken = interleaved(candidates, 3 if quick else 9, warm_up=2)
    notes = dict.fromkeys(candidates, "aim: at most 150 ms")
    topic = f"pages for {who}, {PEOPLE} people x {SKILLS} skills x {ROLES} roles, new scenario"
    return rows(topic, taken, dict.fromkeys(list(candidates)[1:], "skills"), notes)


def _plans(who: str, viewer: Viewer, workspace: Workspace) -> list[Row]:
    step = count()

    def made() -> object:
        return plan.plan(viewer, workspace, replace(Scenario(), resignation_multiplier=0.9 + 0.01 * next(step)))

    taken = interleaved({"cheapest mix and two others": made}, 2)
    return rows(f"plan for {who}", taken, {}, {"cheapest mix and two others": f"aim: at most 5 s; reference date {AS_OF:%Y}"})

"""Which skills walk out of the door: required against available now and in a target year, and knowledge that hangs on few people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.scenario import Scenario
from analytics.skills.gaps import SkillGaps, gaps, holds, outlook
from analytics.skills.knowledge import knowledge, shown
from workflows.abilities import Abilities, kept, per_role, projected, stays, step_of
from workflows.access import Right, require
from workflows.narrowed import people_of, stays_of, told_of
from workflows.pooled import ADDED, figures_of_classes, holders_of_classes, in_order, with_coverage
from workflows.workspace import Workspace

HELD = Callable[[], pd.DataFrame]


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """by_role: role (as this viewer may see it), skill, level, people, required_*, low/middle/high_*, coverage_now, coverage_then
    (0-1, NaN: nobody assessed or too few), assessed (0-1); for a threshold roles that are whole groups together.
    by_skill: skill, kind and the same, gap_now, gap, gap_low, gap_high,
    PARTS, near (people one level short for whom a course exists). assessed: share of fte whose level is known."""

    as_of: date
    year: int
    sample: bool
    assessed: float
    by_role: pd.DataFrame
    by_skill: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class SkillOutlook(Coverage):
    """knowledge: see `analytics.skills.knowledge.shown`. people_assessed: share of people with any record (of some departments the same
    share of fte)."""

    people_assessed: float
    knowledge: pd.DataFrame
    half_life: dict[str, float]
    facts: dict[str, float | int | str]


def skills(viewer: Viewer, workspace: Workspace, scenario: Scenario | None = None, year: int | None = None) -> SkillOutlook:
    """Refusals: not_allowed, no_data, no_skills (no levels known), no_requirements (no role says what it asks)."""
    require(viewer, Right.GROUPS)
    found, covered, held = _covered(viewer, workspace, scenario or Scenario(), year)
    holding = covered.assessed if viewer.units else found.data.holdings["cell"].nunique() / max(len(found.data.cells), 1)
    known = {name: getattr(covered, name) for name in Coverage.__slots__}
    out = SkillOutlook(**known, people_assessed=holding, knowledge=shown(held(), viewer.k), half_life=dict(found.half_life), facts={})
    out.facts.update(_facts(out, found))
    return out


def coverage(viewer: Viewer, workspace: Workspace, scenario: Scenario | None = None, year: int | None = None) -> Coverage:
    """What `skills` says of roles and of skills, without the knowledge that hangs on few people: there sooner. Refusals as there."""
    require(viewer, Right.GROUPS)
    return _covered(viewer, workspace, scenario or Scenario(), year)[1]


def _covered(viewer: Viewer, workspace: Workspace, scenario: Scenario, year: int | None) -> tuple[Abilities, Coverage, HELD]:
    """Also what says who holds what, when it is asked. The same for the figure and for what is told below it."""
    found = told_of(viewer, workspace)
    if not found.required:
        raise Refusal("no_requirements")
    if not found.assessed:
        raise Refusal("no_skills")
    step = step_of(found, year)

    def make() -> tuple[Coverage, HELD]:
        if found.pooled is None:
            figures, held = _figures(viewer, workspace, found, scenario, step)
            by_role = _by_role(found, figures)
        else:
            ahead, staying = projected(viewer, workspace, scenario), stays_of(viewer, workspace, scenario)
            figures, held, by_role = figures_of_classes(found, ahead, staying, step)
        known = {name: found.base.skills[name].array for name in ("kind", "level")}
        rows = figures.by_skill.assign(**known, near=_near(found))
        rows = rows[rows["required_then"] + rows["required_now"] > 0].sort_values(["gap", "skill"], ascending=[False, True])
        day = found.data.as_of
        return Coverage(day, day.year + step, found.sample, figures.assessed, by_role, rows.reset_index(drop=True)), held

    return found, *kept(viewer, workspace, "skill_coverage", make, scenario, step)


def _figures(viewer: Viewer, workspace: Workspace, found: Abilities, scenario: Scenario, step: int) -> tuple[SkillGaps, HELD]:
    ahead = projected(viewer, workspace, scenario)
    staying = stays(viewer, workspace, scenario)
    groups = ahead.groups
    demand, supply = per_role(groups, ahead.demand), per_role(groups, ahead.fte)
    cells = found.data.cells
    at, roles = pd.factorize(cells["role"])
    left = np.bincount(at, cells["fte"].to_numpy(float) * staying.stay[:, step], minlength=len(roles))
    here = dict(zip(roles, left.tolist(), strict=True))
    hires = {role: max(float(line[step]) - here.get(role, 0.0), 0.0) for role, line in supply.items()}
    then = outlook(
        staying.stay[:, step],
        step,
        work_now={role: line[0] for role, line in demand.items()},
        work_then={role: line[step] for role, line in demand.items()},
        hires=hires,
    )
    figures = gaps(found.base, then)
    return figures, lambda: knowledge(found.base, 1 - staying.stay, step, staying.retired[:, step])


def _by_role(found: Abilities, figures: SkillGaps) -> pd.DataFrame:
    needs = {name: figures.by_need[name] for name in ("role", "skill", *ADDED, "level", "weight", "assessed")}
    return with_coverage(pd.DataFrame(needs | {name: found.base.needs[name] for name in ("fte", "people")}))


def _near(found: Abilities) -> np.ndarray:
    """Per skill: people one level short of what their role asks (in other roles: of the lowest level any role asks), where a
    course brings them there. NaN where too few were assessed to tell."""
    rows, needs = found.base.rows, found.base.needs
    need, skill = rows["need"].to_numpy(int), rows["skill"].to_numpy(int)
    lowest = found.base.skills["level"].to_numpy(float)[skill]
    asked = np.where(need >= 0, needs["level"].to_numpy(float)[need], lowest) if len(needs) else lowest
    reach = found.offer.raises.max(axis=0) if len(found.offer.names) else np.zeros(len(found.base.skills))
    one = (rows["level"].to_numpy(float) == asked - 1) & (reach[skill] >= asked)
    if found.pooled is not None:
        one &= found.pooled.kept
    count = np.bincount(skill[one], rows["people"].to_numpy(float)[one], minlength=len(found.base.skills))
    return count if found.pooled is None else np.where(found.pooled.few, np.nan, count)


def _facts(out: SkillOutlook, found: Abilities) -> dict[str, float | int | str]:
    held = out.knowledge
    needed = held[held["needed"]]
    likely = needed[(needed["chance_lost"] > 0.5) | (needed["few"] & (needed["holders"] > 0) & (needed["holders"] <= 2))]
    lack = (out.by_skill["gap"] + out.by_skill["expiry"]).clip(lower=0.0)  # a certificate that is renewed in time is no lack
    first = out.by_skill.loc[lack.idxmax()] if len(out.by_skill) else None
    renew = out.by_skill.loc[out.by_skill["expiry"].idxmin()] if len(out.by_skill) else None
    return {
        "skills": len(out.by_skill),
        "short": int((out.by_skill["gap"] > 0.5).sum()),
        "single": int(needed["single_point"].sum()),
        "missing": int(needed["missing"].sum()),
        "likely_lost": int((needed["chance_lost"] > 0.5).sum()),
        "few": int((needed["few"] & ~needed["missing"]).sum()),
        "at_risk": len(likely),
        "worst": str(first["skill"]) if first is not None else "",
        "worst_gap": float(lack.max()) if first is not None else 0.0,
        "renew": str(renew["skill"]) if renew is not None else "",
        "renew_fte": -float(renew["expiry"]) if renew is not None else 0.0,
        "worst_near": float(first["near"]) if first is not None else 0.0,
        "gap_total": float(out.by_skill["gap"].sum()),
        "assessed": out.assessed,
        "people": people_of(found),
    }


def holders(viewer: Viewer, workspace: Workspace, skill: str) -> pd.DataFrame:
    """Where a skill sits: role (as shown), holders, assessed, people. Refusals: not_allowed, no_data, unknown_skill."""
    require(viewer, Right.GROUPS)
    found = told_of(viewer, workspace)
    names = list(found.base.skills["skill"])
    if skill not in names:
        raise Refusal("unknown_skill", names=[skill[:60]], n=1)
    if found.pooled is not None:
        return holders_of_classes(found, names.index(skill))
    rows = found.base.rows
    now, _, _ = holds(found.base, 0.0)
    here = (rows["skill"] == names.index(skill)).to_numpy()
    of = found.data.cells["role"].iloc[rows["cell"].to_numpy(int)[here]].to_numpy()
    frame = pd.DataFrame({"role": of, "holders": now[here], "assessed": 1.0}).groupby("role", as_index=False).sum()
    frame["people"] = frame["role"].map(found.data.cells.groupby("role")["people"].sum())
    return in_order(frame)

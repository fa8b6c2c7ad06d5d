"""Learning from each other and from courses: pairs, rotation rounds, handing over in time, and what learning took per group.

Names are for HR alone and every look is logged; anybody else gets how many, never who, never which skill hangs on one person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from analytics import rotation, voices
from analytics.blocks import MEAN_GRID, blocks_of
from analytics.release import Viewer, nearest
from analytics.scenario import Scenario
from analytics.workforce import GROUP, Flow
from store import SkillData
from workflows.access import Right, may, require
from workflows.outlook import outlook
from workflows.prepared import Prepared, prepared
from workflows.rules import rules
from workflows.told import from_copy, state
from workflows.workspace import Workspace

MONTHS_AHEAD = 60
"""How far handing over looks ahead."""
FEW = 6
"""Up to so many holders a skill can be at risk; above it the group replaces itself."""
SAFE = 2.0
"""Expected holders below which a skill is at risk."""
ALONE = 3.0
"""Level that counts as being able to do it where no role says which level it needs."""
MOST_LEARNERS, CANDIDATES = 3, 10
TAKES_MONTHS = 9
"""Months that handing over takes unless somebody says otherwise; own convention."""
KEEP = 0.9
SHARED = 0.25
"""Least part of the skills the target asks that the own role asks as well, or the person has, for a place in a rotation round."""


@dataclass(frozen=True, slots=True, eq=False)
class Learning:
    """pairs: skill, holder, learner (employee ids; None for who may not see names). plan: skill, holders, expected, learners, start,
    ready (None likewise). count: pairs; before, after: single points of knowledge now and once the pairs succeed; at_risk, still: skills
    with fewer than SAFE holders expected in five years, now and once the pairs succeed; as_of."""

    count: int
    before: int
    after: int
    at_risk: int
    still: int
    as_of: date
    pairs: pd.DataFrame | None = None
    plan: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """moves: person (employee id), from, to; None for who may not see names. count: how many move; asked: how many wished for it; fit: of
    those, how many wish for a role that shares enough skills with the own one."""

    count: int
    asked: int
    fit: int
    moves: pd.DataFrame | None = None


def learning(viewer: Viewer, workspace: Workspace, takes_months: int = TAKES_MONTHS) -> Learning:
    """Pairs for every skill at risk: who can it, who wants to learn it. Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    data = _known(viewer, workspace)
    if viewer.k > 1:
        data = replace(data, cells=_in_blocks(data.cells, prepared(workspace, viewer, None), viewer.k))
    chance = _yearly_chance(viewer, workspace)
    needed_level = _levels(data)
    able = data.holdings[data.holdings["level"] >= data.holdings["skill"].map(needed_level).fillna(ALONE)]
    holders = able.groupby("skill")["cell"].apply(list).to_dict()
    counts = {skill: len(holders.get(skill, [])) for skill in set(data.requirements["skill"]) | set(data.holdings["skill"])}
    ahead = {
        skill: rotation.expected_holders(data.cells["pension_month"].loc[holders[skill]].tolist(), chance, MONTHS_AHEAD)
        for skill, count in counts.items()
        if 1 <= count <= FEW and skill in needed_level
    }
    risky = {skill: line for skill, line in ahead.items() if line[-1] < SAFE}
    needed = {skill: min(MOST_LEARNERS, max(1, int(np.ceil(SAFE - line[-1])))) for skill, line in risky.items()}
    pairs = rotation.learning_pairs(_edges(data, holders, needed_level, list(risky)), needed)
    learned = {str(skill): int(count) for skill, count in pairs["skill"].value_counts().items()} if len(pairs) else {}
    held = {skill: count for skill, count in counts.items() if skill in needed_level}
    still = sum(line[-1] + learned.get(skill, 0) < SAFE for skill, line in risky.items())
    numbers = (len(pairs), rotation.single_points(held), rotation.single_points(held, learned), len(risky), still, data.as_of)
    if not may(viewer, Right.PERSONS):
        return Learning(*numbers)
    names = _names(viewer, workspace)
    told = [(row.skill, names[int(row.holder)], names[int(row.learner)]) for row in pairs.itertuples()]
    return Learning(
        *numbers,
        pairs=pd.DataFrame(told, columns=["skill", "holder", "learner"]),
        plan=_plan(data.as_of, risky, counts, learned, takes_months),
    )


def round_of(viewer: Viewer, workspace: Workspace, keep: float = KEEP) -> Round:
    """Who could work for a while in the role they wish for. keep: share of every role that stays. Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    data = _known(viewer, workspace)
    moves = _moves(data)
    staff = {str(role): float(count) for role, count in data.cells["role"].value_counts().items()}
    near = moves[moves["shared"] >= SHARED]
    found = rotation.rotation_round(near, staff, keep)
    if not may(viewer, Right.PERSONS):
        least = rules(viewer, workspace).least_answers
        return Round(*(nearest(count, least) for count in (len(found), len(moves), len(near))))
    names = _names(viewer, workspace)
    told = [(names[int(row.person)], row.origin, row.target) for row in found.itertuples()]
    return Round(len(found), len(moves), len(near), pd.DataFrame(told, columns=["person", "from", "to"]))


def budget(viewer: Viewer, workspace: Workspace) -> pd.DataFrame:
    """Learning per department over the twelve months before the reference date: names (departments joined), people, hours, cost,
    expiring (certificates that end within a year). Groups of at least the viewer's threshold; a figure about fewer people than that is
    not told (NaN). Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)
    least = rules(viewer, workspace).least if viewer.k > 1 else 1
    state(viewer, workspace)
    staff, taken, ending = workspace.store.voices.learning(from_copy(viewer))
    units = sorted({str(unit) for unit in staff["unit"]})
    learners = taken.groupby("unit")["person"].nunique()
    owners = ending.groupby("unit")["person"].nunique()
    counts = {unit: float(min(filter(None, (learners.get(unit, 0), owners.get(unit, 0))), default=0)) for unit in units}
    rows = []
    for names in voices.cut(counts, least):
        some, held = taken[taken["unit"].isin(names)], ending[ending["unit"].isin(names)]
        learned, owning = some["person"].nunique(), held["person"].nunique()
        took = (learned, float(some["hours"].sum()), float(some["price"].sum())) if not 0 < learned < least else (np.nan,) * 3
        rows.append((names, *took, len(held) if not 0 < owning < least else np.nan))
    found = pd.DataFrame(rows, columns=["names", "people", "hours", "cost", "expiring"])
    if not may(viewer, Right.MONEY):
        found["cost"] = np.nan
    return found[voices.within(found["names"], viewer.units)].reset_index(drop=True)


def _known(viewer: Viewer, workspace: Workspace) -> SkillData:
    """Skills and wishes of today, for everybody but HR as they were last told. Refusal no_data."""
    copy = from_copy(viewer)
    return workspace.cached(("skill_data", copy, *state(viewer, workspace)), lambda: workspace.store.skills(as_told=copy))


def _in_blocks(cells: pd.DataFrame, ready: Prepared, k: int) -> pd.DataFrame:
    """The same people with the mean pension month of their block instead of their own: at least k neighbours in age of one group."""
    atom = ready.groups[list(GROUP)].assign(atom=ready.atoms.membership.argmax(axis=0))
    number = cells[list(GROUP)].merge(atom, on=list(GROUP), how="left")["atom"].fillna(-1).to_numpy(int)
    month = cells["pension_month"].to_numpy(float)
    told = month.copy()
    for one in np.unique(number):
        rows = np.flatnonzero(number == one)
        rows = rows[np.argsort(month[rows], kind="stable")]
        block = blocks_of(np.ones(len(rows)), k)
        mean = np.bincount(block, month[rows]) / np.bincount(block)
        told[rows] = MEAN_GRID * np.round(mean[block] / MEAN_GRID)
    return cells.assign(pension_month=told)


# inside


def _levels(data: SkillData) -> dict[str, float]:
    """The lowest level any role asks of a skill; skills no role asks are not in it."""
    asked = data.requirements[data.requirements["skill"] != ""]
    return {str(skill): float(level) for skill, level in asked.groupby("skill")["level"].min().fillna(ALONE).items()}


def _edges(data: SkillData, holders: dict[str, list[int]], level: dict[str, float], skills: list[str]) -> pd.DataFrame:
    """Every pair worth making: somebody who can it and somebody who wants it and does not yet.

    Wanting: the role wished for asks it, or the own role asks it and the person wants to deepen. Value: one, more for what is known
    already, for the same location, and for a holder who wants to teach.
    """
    wishes = data.wishes.set_index("cell")
    asked_by = data.requirements.groupby("skill")["role"].apply(set).to_dict()
    known = data.holdings.set_index(["cell", "skill"])["level"]
    place, role = data.cells["location"], data.cells["role"]
    teach = wishes.get("teach", pd.Series(dtype="str")).to_dict()
    rows = []
    for skill in sorted(skills):
        learners = []
        for cell, wish in wishes.iterrows():
            wants = wish["wished_role"] in asked_by[skill] or (wish["deepen"] == "yes" and role[cell] in asked_by[skill])
            if wants and cell not in holders[skill]:
                learners.append((float(known.get((cell, skill), 0.0)) / level[skill], int(cell)))  # type: ignore[arg-type]
        for part, learner in sorted(learners, key=lambda item: (-item[0], item[1]))[:CANDIDATES]:
            for holder in holders[skill]:
                near, eager = place[holder] == place[learner], teach.get(holder) == "yes"
                rows.append((skill, int(holder), learner, 1 + 0.3 * part + 0.3 * near + 0.2 * eager))
    return pd.DataFrame(rows, columns=["skill", "holder", "learner", "value"])


def _moves(data: SkillData) -> pd.DataFrame:
    """person (cell), origin, target, value, shared: wished roles that exist; more for asked skills held and the same location. shared:
    part of the target's skills that the own role asks too or the person has; 1 where nobody said what the target asks."""
    wishes = data.wishes[data.wishes["wished_role"].isin(set(data.cells["role"]))]
    asked = data.requirements[data.requirements["skill"] != ""].groupby("role")["skill"].apply(set).to_dict()
    held = data.holdings.groupby("cell")["skill"].apply(set).to_dict()
    at = data.cells.groupby("role")["location"].apply(set).to_dict()
    rows = []
    for wish in wishes.itertuples():
        cell, target = int(wish.cell), str(wish.wished_role)
        origin, wanted = str(data.cells["role"].loc[cell]), asked.get(target, set())
        fit = len(wanted & held.get(cell, set())) / len(wanted) if wanted else 0.0
        shared = len(wanted & (held.get(cell, set()) | asked.get(origin, set()))) / len(wanted) if wanted else 1.0
        if origin != target:
            rows.append((cell, origin, target, 1 + 0.5 * fit + 0.3 * (data.cells["location"].loc[cell] in at[target]), shared))
    return pd.DataFrame(rows, columns=["person", "origin", "target", "value", "shared"])


def _plan(as_of: date, risky: dict[str, np.ndarray], counts: dict[str, int], learned: dict[str, int], takes: int) -> pd.DataFrame:
    """skill, holders, expected (in five years), learners, start, ready; the earliest start first."""
    rows = []
    for skill, line in risky.items():
        start = rotation.start_by(as_of, line, min(SAFE, float(counts[skill])), takes) or as_of
        ready = (pd.Timestamp(start) + pd.DateOffset(months=takes)).date()
        rows.append((skill, counts[skill], round(float(line[-1]), 1), learned.get(skill, 0), start, ready))
    found = pd.DataFrame(rows, columns=["skill", "holders", "expected", "learners", "start", "ready"])
    return found.sort_values(["start", "skill"], ignore_index=True)


def _yearly_chance(viewer: Viewer, workspace: Workspace) -> float:
    """Chance of leaving on own wish in the coming year, the firm's own."""
    found = outlook(viewer, workspace, Scenario(), years=1)
    gone = found.flows[found.flows["flow"] == Flow.RESIGNATION.value]["people"].sum()
    return float(gone) / max(1, found.people_counted)


def _names(viewer: Viewer, workspace: Workspace) -> dict[int, str]:
    """Cell -> employee id, for HR; the look is logged."""
    require(viewer, Right.PERSONS)
    found = workspace.store.skill_people()
    workspace.store.audit.append(viewer.who, "learning_pairs_seen", rows=len(found))
    return {int(cell): str(name) for cell, name in zip(found["cell"], found["employee_id"], strict=True)}

"""What is made once per snapshot about skills, shared by the pages on skills, changing work, routes and the plan.

Full detail is for HR. For a threshold k above 1 everything a slider moves comes from the protected groups of the privacy gate, and
what people can do is counted over classes of roles that are whole atoms of it (`analytics.skills.pooled`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analytics.amounts import amount
from analytics.projection import Projection
from analytics.release import Viewer
from analytics.scenario import Scenario
from analytics.skills.distance import Matrix, matrix
from analytics.skills.gaps import HALF_LIFE, SkillBase, canonical, prepare
from analytics.skills.pooled import Classes, Pooled, classes, pooled
from analytics.skills.routes import Network, network
from analytics.skills.stay import Followed, Staying, chances, followed, mean_of, staying
from analytics.skills.training import Thresholds, Trainings, trainings
from analytics.tables import exposure_by_isco
from analytics.workforce import FIXED, GROUP
from store import SkillData
from workflows.owned import owned
from workflows.prepared import Prepared, prepared
from workflows.told import from_copy, state
from workflows.workspace import Workspace

YEARS = 10
LEAST_WISHES = 10
"""Fewest people with a wish of one kind before anybody but HR is told how many."""
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, eq=False)
class Abilities:
    """data: as stored; base: joined; between, offer: routes; people: role -> staff (for a threshold in whole multiples of it, unless
    the role is a class by itself); pay: role -> employer cost of a fte a year (NaN unknown); isco, exposed: role -> code and score
    (NaN). full: for a threshold protected groups. classes, pooled: for a threshold which roles are told apart, and skills counted so;
    None for full detail; staff: the protected people they are about. half_life: kind of skill -> years until an unused one is half its
    level, from the dated amounts."""

    data: SkillData
    base: SkillBase
    between: Matrix
    offer: Trainings
    people: dict[str, float]
    pay: dict[str, float]
    isco: dict[str, str]
    exposed: dict[str, float]
    estimated: dict[str, str]
    half_life: dict[str, float]
    full: Prepared
    sample: bool
    classes: Classes | None = None
    pooled: Pooled | None = None
    staff: pd.DataFrame | None = None

    @property
    def assessed(self) -> bool:
        return len(self.data.holdings) > 0

    @property
    def required(self) -> bool:
        return len(self.base.needs) > 0


def abilities(viewer: Viewer, workspace: Workspace) -> Abilities:
    """Refusals no_data, training_cycle, duplicate_training, unknown_training."""
    whole = _whole(viewer)
    return kept(whole, workspace, "abilities", lambda: _make(whole, workspace))


def _whole(viewer: Viewer) -> Viewer:
    """The same eyes on all departments: what is the same for everybody of one threshold is made once."""
    return replace(viewer, units=())


def kept(viewer: Viewer, workspace: Workspace, name: str, make: Callable[[], Made], *also: object) -> Made:
    """Made once per state of the data and of what people told, threshold and departments of the viewer, and whatever else decides."""
    return workspace.cached((name, *state(viewer, workspace), viewer.role, viewer.k, viewer.units, *also), make)


def _make(viewer: Viewer, workspace: Workspace) -> Abilities:
    full = prepared(workspace, viewer, None)
    cohorts = workspace.store.cohorts()
    data = _one_spelling(workspace.store.skills(as_told=from_copy(viewer)))
    own = owned(workspace).amounts
    half_life = {kind: amount(f"half_life.{kind}", data.as_of, own).value for kind in HALF_LIFE}
    data = replace(data, skills=data.skills.assign(half_life=data.skills["kind"].map(half_life)))
    roles = cohorts.roles.set_index("role")
    staff = data.cells.groupby("role")["people"].sum()
    asking = tuple(sorted(data.requirements["role"].astype(str).unique()))
    told = classes(full.groups, full.atoms, staff.to_dict(), (*data.cells["role"].unique(), *asking)) if viewer.k > 1 else None
    work = pd.Series(told.weight if told else pd.Series(full.base.demand0).groupby(full.base.groups["role"].to_numpy()).sum())
    base = prepare(data.cells, data.holdings, _asked(data.requirements, work), data.skills, data.as_of)
    skill_names = tuple(base.skills["skill"])
    every = tuple(dict.fromkeys([*sorted(data.cells["role"].unique()), *sorted(base.needs["role"].unique())]))
    between = matrix(base.needs[["role", "skill", "level", "weight"]], every, skill_names)
    courses = data.trainings.fillna({"hours": 0.0, "price": 0.0})
    offer = trainings(courses, data.raises.dropna(), data.needs, skill_names)
    isco = {str(role): str(roles["isco"].get(role, "") or "") for role in every}
    chosen = data.choices.set_index("role") if len(data.choices) else pd.DataFrame(columns=["isco", "exposed", "note"])
    isco |= {str(role): str(row["isco"]) for role, row in chosen.iterrows() if row["isco"]}
    exposed = {role: _score(code) for role, code in isco.items()}
    own = {str(role): float(row["exposed"]) for role, row in chosen.iterrows() if row["exposed"] == row["exposed"]}
    people, pay = (
        {str(role): float(count) for role, count in staff.items()},
        {role: float(roles["cost"].get(role, np.nan)) for role in every},
    )
    counted = None
    if told is not None:
        heads, fte = (per_class(full, told, values) for values in full.base.staff[:2])
        people = told.weight | {role: float(round(heads[at])) for role, at in told.alone.items()}
        assert full.cohorts is not None
        pay = pay_of_groups(full.cohorts.frame)
        counted = pooled(base, told, heads, fte, viewer.k)
    return Abilities(
        data=data,
        base=base,
        between=between,
        offer=offer,
        people=people,
        pay=pay,
        isco=isco,
        exposed=exposed | own,
        half_life=half_life,
        estimated={role: str(chosen.loc[role, "note"]) for role in own},
        full=full,
        sample=full.sample,
        classes=told,
        pooled=counted,
        staff=full.cohorts.frame if told is not None and full.cohorts is not None else None,
    )


def per_class(full: Prepared, told: Classes, values: np.ndarray) -> np.ndarray:
    """Rows per group of the engine added up per class."""
    out = np.zeros((len(told.labels), *values.shape[1:]))
    np.add.at(out, told.of_atom[full.rows.argmax(axis=0)], values)
    return out


def pay_of_groups(staff: pd.DataFrame) -> dict[str, float]:
    """Mean cost of a fte per name of a group, from groups whose cost may be told."""
    frame = staff.dropna(subset=["cost"]).groupby("role")[["cost", "fte"]].sum()
    return {str(role): round(float(row["cost"] / row["fte"]), -2) for role, row in frame.iterrows() if row["fte"] > 0}


def _score(code: str) -> float:
    found = exposure_by_isco(code)[0] if code else None
    return np.nan if found is None else float(found)


def _one_spelling(data: SkillData) -> SkillData:
    """Two spellings of one skill are one skill; skills nobody put in a list exist all the same."""
    used = [data.skills["skill"], data.requirements["skill"], data.holdings["skill"], data.raises["skill"]]
    names = pd.unique(pd.concat(used).astype(str))
    to = dict(zip(names, canonical(names), strict=True))
    listed = data.skills.assign(skill=data.skills["skill"].map(to)).drop_duplicates("skill")
    extra = [name for name in dict.fromkeys(to.values()) if name not in set(listed["skill"])]
    more = pd.DataFrame({"skill": extra, "family": "", "kind": "professional", "valid_years": np.nan})
    every = pd.concat([listed, more], ignore_index=True) if len(more) else listed.reset_index(drop=True)
    every["kind"] = every["kind"].replace("", "professional")
    courses = set(data.trainings["training"])
    raises = data.raises[data.raises["training"].isin(courses)]
    needs = data.needs[data.needs["training"].isin(courses) & data.needs["needs"].isin(courses)]
    return replace(
        data,
        skills=every,
        requirements=data.requirements.assign(skill=data.requirements["skill"].map(to)),
        holdings=data.holdings.assign(skill=data.holdings["skill"].map(to)),
        raises=raises.assign(skill=raises["skill"].map(to)),
        needs=needs,
    )


def _asked(requirements: pd.DataFrame, work: pd.Series) -> pd.DataFrame:
    """A number of people needed becomes a share of today's work, so that it grows and shrinks with it."""
    here = requirements["role"].map(work).astype(float)
    share = (requirements["needed_fte"] / here).where(here > 0).clip(upper=1.0)
    fixed = requirements["needed_fte"].where(~(here > 0))
    return requirements.assign(share=share, needed_fte=fixed).dropna(subset=["level"])


def projected(viewer: Viewer, workspace: Workspace, scenario: Scenario, years: int = YEARS) -> Projection:
    """The scenario over full detail, for a threshold over protected groups."""
    found = abilities(viewer, workspace)
    return found.full.project(scenario, years)


def stays(viewer: Viewer, workspace: Workspace, scenario: Scenario) -> Staying:
    """Chances to be still here per cell, averaged over at least ten people; for a threshold per class, from its protected groups."""
    found = abilities(viewer, workspace)

    def make() -> Staying:
        if found.classes is None:
            cells, base = found.data.cells, found.full.base
            return staying(kept(_whole(viewer), workspace, "followed", lambda: followed(cells, base, YEARS)), base, scenario)
        told = found.classes
        return staying_of_classes(kept(_whole(viewer), workspace, "followed", lambda: of_classes(found.full, told)), found.full, scenario)

    return kept(_whole(viewer), workspace, "staying", make, scenario)


@dataclass(frozen=True, slots=True, eq=False)
class OfClasses:
    """people: of the protected groups; mean (C, W): chances per window -> mean of each class; empty (C,): classes without people."""

    people: Followed
    mean: csr_array
    empty: np.ndarray


def of_classes(full: Prepared, told: Classes) -> OfClasses:
    """What is the same for every scenario about the people of each class."""
    assert full.cohorts is not None
    cells = full.cohorts.frame.assign(fixed=full.cohorts.frame["contract"] == FIXED)
    people = followed(cells, full.base, YEARS)
    atom = pd.MultiIndex.from_frame(full.names[list(GROUP)]).get_indexer(pd.MultiIndex.from_frame(cells[list(GROUP)]))
    of, count = told.of_atom[atom], len(told.labels)
    weight = cells["people"].to_numpy(float)
    return OfClasses(people, mean_of(of, weight, people, count), np.bincount(of, weight, minlength=count) <= 0)


def staying_of_classes(of: OfClasses, full: Prepared, scenario: Scenario) -> Staying:
    """A class without people keeps what it has."""
    each = chances(of.people, full.base, scenario)
    stay = of.mean @ each.stay
    stay[of.empty] = 1.0
    return Staying(stay, of.mean @ each.retired)


def routes_between(viewer: Viewer, workspace: Workspace) -> Network:
    """All ways between roles, once per snapshot."""
    found = abilities(viewer, workspace)
    return kept(_whole(viewer), workspace, "network", lambda: network(found.between, found.offer, Thresholds()))


def per_role(groups: pd.DataFrame, values: np.ndarray) -> dict[str, np.ndarray]:
    """Rows per group added up per role."""
    roles, place = np.unique(groups["role"].astype(str).to_numpy(object), return_inverse=True)
    sums = np.zeros((len(roles), values.shape[1]))
    np.add.at(sums, place, values)
    return dict(zip(roles.tolist(), sums, strict=True))


def gap_per_role(found: Abilities, ahead: Projection) -> dict[str, np.ndarray]:
    """Fte short per role and step; for a threshold of roles that are whole groups by themselves, in the departments seen."""
    if found.classes is None:
        return per_role(ahead.groups, ahead.demand - ahead.fte)
    gap = per_class(found.full, found.classes, ahead.demand - ahead.fte)
    return {role: gap[at].sum(axis=0) for role, at in found.classes.apart.items()}


def step_of(found: Abilities, year: int | None) -> int:
    """Years ahead, at least one and at most ten; five when not asked."""
    return min(max((year or found.data.as_of.year + 5) - found.data.as_of.year, 1), 10)

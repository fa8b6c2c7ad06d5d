"""What is made once per snapshot about skills, shared by the pages on skills, changing work, routes and the plan.

Full detail stays inside: `shown` says which roles may be told apart. For a threshold k above 1 roles with fewer than k people are
joined to roles of the same department, as the groups of the privacy gate are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pandas as pd

from analytics.amounts import amount
from analytics.errors import Refusal
from analytics.projection import Projection, project
from analytics.release import Viewer, make_atoms
from analytics.scenario import Scenario
from analytics.skills.distance import Matrix, matrix
from analytics.skills.gaps import HALF_LIFE, SkillBase, canonical, prepare
from analytics.skills.routes import Network, network
from analytics.skills.stay import Staying, staying
from analytics.skills.training import Thresholds, Trainings, trainings
from analytics.tables import exposure_by_isco
from analytics.workforce import GROUP
from store import SkillData
from workflows.owned import owned
from workflows.prepared import Prepared, prepared
from workflows.workspace import Workspace

YEARS = 10
LEAST_WISHES = 10
"""Fewest people with a wish of one kind before anybody but HR is told how many."""
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, eq=False)
class Abilities:
    """data: as stored; base: joined; between, offer: routes; role_of_cell; shown: role -> label under which this viewer may see it;
    people: role -> staff; pay: role -> employer cost of a fte a year (NaN unknown); isco, exposed: role -> code and score (NaN);
    half_life: kind of skill -> years until an unused one is half its level, from the dated amounts."""

    data: SkillData
    base: SkillBase
    between: Matrix
    offer: Trainings
    shown: dict[str, str]
    people: dict[str, float]
    pay: dict[str, float]
    isco: dict[str, str]
    exposed: dict[str, float]
    estimated: dict[str, str]
    half_life: dict[str, float]
    full: Prepared
    sample: bool

    @property
    def assessed(self) -> bool:
        return len(self.data.holdings) > 0

    @property
    def required(self) -> bool:
        return len(self.base.needs) > 0


def require_whole_firm(viewer: Viewer) -> None:
    """Refusal `whole_firm_only` for who may see some departments: skills and ways from work to work are told about roles of the whole
    organisation."""
    if viewer.units:
        raise Refusal("whole_firm_only")


def hidden_together(known: np.ndarray, few: np.ndarray, k: int) -> np.ndarray:
    """Which parts of a total to hide, (N,) bool: those of too few people, and when they are fewer than k together, the next smallest
    with them, so that the total less what is shown is never about fewer than k. known (N,): people assessed in each part."""
    out = few.copy()
    while 0 < known[out].sum() < k - 1e-9 and (~out & (known > 0)).any():
        rest = np.flatnonzero(~out & (known > 0))
        out[rest[np.argmin(known[rest])]] = True
    return out


def abilities(viewer: Viewer, workspace: Workspace) -> Abilities:
    """Refusals no_data, training_cycle, duplicate_training, unknown_training."""
    return kept(viewer, workspace, "abilities", lambda: _make(viewer, workspace))


def kept(viewer: Viewer, workspace: Workspace, name: str, make: Callable[[], Made], *also: object) -> Made:
    """Made once per state of the data and of what people told, threshold and departments of the viewer, and whatever else decides."""
    stand = (workspace.store.fingerprint(), workspace.store.told())
    return workspace.cached((name, *stand, viewer.role, viewer.k, viewer.units, *also), make)


def _make(viewer: Viewer, workspace: Workspace) -> Abilities:
    full = prepared(workspace, replace(viewer, k=1), None)
    cohorts = workspace.store.cohorts()
    data = _one_spelling(workspace.store.skills())
    own = owned(workspace).amounts
    half_life = {kind: amount(f"half_life.{kind}", data.as_of, own).value for kind in HALF_LIFE}
    data = replace(data, skills=data.skills.assign(half_life=data.skills["kind"].map(half_life)))
    roles = cohorts.roles.set_index("role")
    work = pd.Series(full.base.demand0).groupby(full.base.groups["role"].to_numpy()).sum()
    base = prepare(data.cells, data.holdings, _asked(data.requirements, work), data.skills, data.as_of)
    skill_names = tuple(base.skills["skill"])
    every = tuple(dict.fromkeys([*sorted(data.cells["role"].unique()), *sorted(base.needs["role"].unique())]))
    between = matrix(base.needs[["role", "skill", "level", "weight"]], every, skill_names)
    courses = data.trainings.fillna({"hours": 0.0, "price": 0.0})
    offer = trainings(courses, data.raises.dropna(), data.needs, skill_names)
    people = data.cells.groupby("role")["people"].sum()
    isco = {str(role): str(roles["isco"].get(role, "") or "") for role in every}
    chosen = data.choices.set_index("role") if len(data.choices) else pd.DataFrame(columns=["isco", "exposed", "note"])
    isco |= {str(role): str(row["isco"]) for role, row in chosen.iterrows() if row["isco"]}
    exposed = {role: _score(code) for role, code in isco.items()}
    own = {str(role): float(row["exposed"]) for role, row in chosen.iterrows() if row["exposed"] == row["exposed"]}
    return Abilities(
        data=data,
        base=base,
        between=between,
        offer=offer,
        shown=_shown(data.cells, viewer.k),
        people={str(role): float(count) for role, count in people.items()},
        pay={role: float(roles["cost"].get(role, np.nan)) for role in every},
        isco=isco,
        exposed=exposed | own,
        half_life=half_life,
        estimated={role: str(chosen.loc[role, "note"]) for role in own},
        full=full,
        sample=full.sample,
    )


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


def _shown(cells: pd.DataFrame, k: int) -> dict[str, str]:
    """Under which label each role may be told."""
    main = cells.groupby(["role", "unit"])["people"].sum().reset_index().sort_values(["role", "people"], ascending=[True, False])
    people = cells.groupby("role")["people"].sum()
    rows = main.drop_duplicates("role").assign(location="", people=lambda frame: frame["role"].map(people)).reset_index(drop=True)
    atoms = make_atoms(rows[[*GROUP, "people"]], k)
    label = atoms.membership.argmax(axis=0)
    return {str(role): str(atoms.labels["role"].iloc[at]) for role, at in zip(rows["role"], label, strict=True)}


def projected(viewer: Viewer, workspace: Workspace, scenario: Scenario, years: int = YEARS) -> Projection:
    """The scenario over full detail; results leave as sums over `shown` roles only."""
    found = abilities(viewer, workspace)
    return kept(viewer, workspace, "skill_projection", lambda: project(found.full.base, scenario, years), scenario, years)


def stays(viewer: Viewer, workspace: Workspace, scenario: Scenario, years: int = YEARS) -> Staying:
    """Chances to be still here per cell, averaged over at least ten people."""
    found = abilities(viewer, workspace)
    return kept(viewer, workspace, "staying", lambda: staying(found.data.cells, found.full.base, scenario, years), scenario, years)


def routes_between(viewer: Viewer, workspace: Workspace) -> Network:
    """All ways between roles, once per snapshot."""
    found = abilities(viewer, workspace)
    return kept(viewer, workspace, "network", lambda: network(found.between, found.offer, Thresholds()))


def per_role(groups: pd.DataFrame, values: np.ndarray) -> dict[str, np.ndarray]:
    """Rows per group added up per role."""
    roles, place = np.unique(groups["role"].astype(str).to_numpy(object), return_inverse=True)
    sums = np.zeros((len(roles), values.shape[1]))
    np.add.at(sums, place, values)
    return dict(zip(roles.tolist(), sums, strict=True))


def step_of(found: Abilities, year: int | None) -> int:
    """Years ahead, at least one and at most ten; five when not asked."""
    return min(max((year or found.data.as_of.year + 5) - found.data.as_of.year, 1), 10)

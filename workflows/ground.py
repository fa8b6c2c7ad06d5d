"""What a plan stands on: work, people, wishes, courses and mentors per role, from this firm's own data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from analytics import voices
from analytics.plan.inside import Missing
from analytics.plan.offer import Ground
from analytics.projection import Projection
from analytics.release import Viewer, chosen_atoms, nearest
from analytics.scenario import Scenario
from analytics.skills.gaps import folded
from analytics.skills.inside import missing_inside
from analytics.workforce import Flow, Scope
from workflows.abilities import LEAST_WISHES, Abilities, abilities, kept, per_class, stays
from workflows.ideas import fte_per_unit
from workflows.prepared import Prepared, require_any
from workflows.workspace import Workspace

MENTOR_WORDS = ("leermeester", "mentor", "praktijkbegeleider")


def inside_of(ready: Prepared, viewer: Viewer, scope: Scope) -> np.ndarray:
    """Groups of the scope, as whole atoms of this viewer. Refusal nothing_in_scope."""
    chosen = chosen_atoms(ready.atoms, ready.groups, scope, viewer)
    require_any(chosen)
    return ready.rows[chosen].sum(axis=0) > 0


def ground_of(
    viewer: Viewer, workspace: Workspace, ready: Prepared, ahead: Projection, scenario: Scenario, inside: np.ndarray, horizon: int
) -> Ground:
    found = abilities(viewer, workspace)
    names = ahead.groups["role"].to_numpy()[inside].astype(str)
    roles = tuple(dict.fromkeys(names))
    member = np.array([[name == role for name in names] for role in roles], float)

    def gathered(values: np.ndarray) -> np.ndarray:
        return member @ values[inside]

    mean = lambda line: (line[:, :-1] + line[:, 1:]) / 2  # noqa: E731  a year's figure is the mean of its ends
    people, fte = gathered(ahead.people)[:, 0], gathered(ahead.contract_fte)[:, 0]
    pay = np.array([found.pay.get(role, np.nan) for role in roles])
    pay = np.where(np.isnan(pay), np.nanmean(pay) if not np.isnan(pay).all() else 62_000.0, pay)
    work = gathered(ahead.demand)[:, 0]
    exposed = np.array([found.exposed.get(role, np.nan) for role in roles])
    wishes = _of_units(found, viewer.units)
    return Ground(
        roles=roles,
        supply=mean(gathered(ahead.fte))[:, :horizon],
        demand=mean(gathered(ahead.demand))[:, :horizon],
        hires=gathered(ahead.flows[Flow.HIRE]).mean(axis=1),
        retiring=gathered(ahead.flows[Flow.RETIREMENT])[:, :horizon].mean(axis=1),
        staff=people,
        fte=np.where(people > 0, fte / np.maximum(people, 1e-9), 1.0).clip(0.2, 1.0),
        pay=pay,
        exposed=np.where(work > 0, exposed, np.nan),
        wished_hours=_wished_hours(found, wishes),
        wished_moves=_wished_moves(found, wishes),
        places=float(found.data.trainings["places"].fillna(0.0).sum()) / 4,
        missing=_missing(found, viewer.k),
        freed_hours=freed(viewer, workspace),
        **_growing(viewer, workspace, ready, ahead, scenario, roles, horizon, gathered),
        hours_agreed=ahead.scenario.extra_hours_uptake / 100,
    )


def _missing(found: Abilities, k: int) -> dict[str, Missing]:
    """Skills that courses can bring inside each role; nothing of fewer people than the threshold."""
    rows = missing_inside(found.base, found.offer)
    told = rows[rows["people"] >= max(k, 1)]
    names = ("people", "missing", "hours", "price")
    return {str(row.role): Missing(*(float(getattr(row, name)) for name in names)) for row in told.itertuples()}


def freed(viewer: Viewer, workspace: Workspace) -> float | None:
    """Hours a week per fte that controls still open for a decision would free; None where the register is empty."""
    rows = workspace.store.voices.controls()
    if rows.empty:
        return None
    still = rows[rows["decision"] == "open"].assign(decision="removed")
    return voices.freed_hours(still, fte_per_unit(viewer, workspace))


def _growing(
    viewer: Viewer,
    workspace: Workspace,
    ready: Prepared,
    ahead: Projection,
    scenario: Scenario,
    roles: tuple[str, ...],
    horizon: int,
    gathered: Callable[[np.ndarray], np.ndarray],
) -> dict[str, Any]:
    """What apprentices and mentors ask: who can teach and is still there, who learns now, where apprentices end up."""
    mentors, share = _mentors(viewer, workspace, scenario, roles, horizon)
    learning = kept(viewer, workspace, "roles_that_learn", lambda: _that_learn(workspace))
    of_group = ahead.groups["role"].astype(str).to_numpy()
    apprentice = np.isin(of_group, list(learning))
    base = ready.base
    here = apprentice[base.link_from]
    flow = ahead.people[base.link_from[here], 0] * base.link_chance[here]
    arriving = np.bincount(base.link_to[here], weights=flow, minlength=len(of_group))
    return {
        "mentors": mentors,
        "teaching": share,
        "learners": float(ahead.people[apprentice, 0].sum()),
        "arrivals": gathered(arriving[:, None])[:, 0],
        "learning": np.isin(roles, list(learning)),
    }


def _that_learn(workspace: Workspace) -> frozenset[str]:
    table = workspace.store.cohorts().roles
    return frozenset(table.loc[table["apprentice"].map(lambda mark: mark is True or mark == 1), "role"].astype(str))


def _of_units(found: Abilities, units: tuple[str, ...]) -> pd.DataFrame:
    """Wishes of people in these departments, of everybody when none are named."""
    unit = found.data.cells["unit"].to_numpy(str)[found.data.wishes["cell"].to_numpy(int)]
    return found.data.wishes[np.isin(unit, units)] if units else found.data.wishes


def _told_number(found: Abilities, count: float) -> float:
    """How many want something; for anybody but HR in whole tens, so that it fits every other answer about wishes."""
    return float(count) if found.classes is None else float(LEAST_WISHES * (count // LEAST_WISHES))


def _whole_groups(found: Abilities, role: str) -> bool:
    """Whether wishes of a role may be told by themselves: for anybody but HR when no group that is renewed as one holds other roles too."""
    return found.classes is None or role in found.classes.apart


def _wished_hours(found: Abilities, wishes: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Per role: people who want more hours, and how much together; half a working day where no number was given."""
    rows = wishes[wishes["more_hours"] == "yes"]
    cells = found.data.cells.loc[rows["cell"].to_numpy(int)]
    more = (rows["wished_fte"].to_numpy(float) - cells["fte"].to_numpy(float)).clip(0.0, 1.0)
    frame = pd.DataFrame({"role": cells["role"].to_numpy(), "more": np.where(np.isnan(more) | (more <= 0), 0.1, more)})
    sums = frame.groupby("role")["more"].agg(["size", "mean"])
    told = {str(role): (_told_number(found, row["size"]), float(row["mean"])) for role, row in sums.iterrows()}
    digits = 9 if found.classes is None else 1
    return {role: (count, count * round(mean, digits)) for role, (count, mean) in told.items() if count and _whole_groups(found, role)}


def _wished_moves(found: Abilities, wishes: pd.DataFrame) -> dict[tuple[str, str], float]:
    rows = wishes[wishes["wished_role"] != ""]
    roles = found.data.cells["role"].to_numpy()[rows["cell"].to_numpy(int)]
    counts = pd.DataFrame({"role": roles, "to": rows["wished_role"].to_numpy()}).value_counts()
    told = {(str(role), str(to)): _told_number(found, count) for (role, to), count in counts.items()}
    return {way: count for way, count in told.items() if count and _whole_groups(found, way[0])}


def _able_to_teach(found: Abilities) -> np.ndarray:
    """Cells of people who can teach on the job; none where no such skill is recorded (then one in twenty is assumed)."""
    held = found.data.holdings
    teaching = [name for name in held["skill"].unique() if folded(str(name)) in MENTOR_WORDS]
    able = held[held["skill"].isin(teaching) & (held["level"] >= 3)]
    return np.unique(able["cell"].to_numpy(int))


def _mentors(
    viewer: Viewer, workspace: Workspace, scenario: Scenario, roles: tuple[str, ...], horizon: int
) -> tuple[np.ndarray, np.ndarray]:
    """Per year how many can teach and are still there, and per role the share of its people that can. Where no such skill is recorded,
    or of too few to tell, one in twenty. Who sees groups only is told so many in whole multiples of the threshold, spread evenly."""
    found, staying = abilities(viewer, workspace), stays(viewer, workspace, scenario).stay[:, 1 : horizon + 1]
    able, staff = _able_to_teach(found), float(found.full.base.staff[0].sum())
    if found.classes is not None:
        heads = per_class(found.full, found.classes, found.full.base.staff[0])
        stay, count = heads @ staying / max(staff, 1e-9), float(nearest(len(able), viewer.k))
        return (count or staff / 20) * stay, np.full(len(roles), count / max(staff, 1e-9))
    if not len(able):
        return len(staying) / 20 * staying.mean(axis=0), np.zeros(len(roles))
    of = found.data.cells["role"]
    who, all_ = of.iloc[able].value_counts(), of.value_counts()
    return staying[able].sum(axis=0), np.array([float(who.get(role, 0)) / max(float(all_.get(role, 0)), 1.0) for role in roles])

"""What three of the first meeting's questions need beyond the outlook: knowledge that leaves, what technology and own people can
fill, and the cheapest decisions. Together about a second of work, so it is made beside the page and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.errors import Refusal
from analytics.release import Viewer
from analytics.scenario import Scenario
from analytics.skills.gaps import folded
from analytics.skills.training import bridge_levels
from analytics.workforce import Scope
from workflows import changing, plan, routes, skills
from workflows.abilities import gap_per_role, kept, projected, routes_between, step_of
from workflows.access import Right, require
from workflows.ground import MENTOR_WORDS
from workflows.narrowed import told_of
from workflows.workspace import Workspace

SHORT = 0.5
"""Fte below which a role is not called short: it prints as nought."""
NOTICED = 0.1
"""Share of a plan's last effect from which it is noticed: own convention."""
NAMED = 0.05
"""Units of a measure below which it prints as nought: it is not told as a decision."""
SHOWN_MEASURES = 3
NOT_TOLD = -2
"""In the place of a count that is told of the whole organisation only."""

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Deeper:
    """Per part either its facts or the code of the refusal that says what is missing (then the facts are empty).

    knowledge: lost (skills likelier gone than not, 0-), few (skills with fewer holders than may be told about, for a threshold),
    k, mentors, mentors_55 (-1: too few to be told). technology: automated (fte), most, most_fte. moves: near (people one training
    away from work that is short, whose own work is not), wanting (recorded wishes for work that is short; -1: nobody recorded
    any; NOT_TOLD: for some departments). decisions: share (0-1), until (the day the last year ends), cost (euro, NaN without the
    right to money), measures ((lever, units), most effect first), count (kinds of measures), dip (fte, negative or 0), dip_year,
    from_year (0 = not within the plan).
    """

    knowledge: Facts
    technology: Facts
    moves: Facts
    decisions: Facts
    missing: Mapping[str, str]


def deeper(viewer: Viewer, workspace: Workspace, scenario: Scenario, scope: Scope, year: int) -> Deeper:
    """Kept per state of the data, viewer, scenario, scope and year. Refusals: not_allowed, no_data."""
    require(viewer, Right.GROUPS)

    def make() -> Deeper:
        made: dict[str, Facts] = {}
        missing: dict[str, str] = {}
        parts: dict[str, Callable[[], Facts]] = {
            "knowledge": lambda: _knowledge(viewer, workspace, scenario, year),
            "technology": lambda: _technology(viewer, workspace, scenario, scope, year),
            "moves": lambda: _moves(viewer, workspace, scenario, year),
            "decisions": lambda: _decisions(viewer, workspace, scenario, scope, year),
        }
        for name, part in parts.items():
            try:
                made[name] = part()
            except Refusal as refusal:
                made[name], missing[name] = {}, refusal.code
        return Deeper(**made, missing=missing)

    return kept(viewer, workspace, "answers", make, scenario, scope, year)


def _knowledge(viewer: Viewer, workspace: Workspace, scenario: Scenario, year: int) -> Facts:
    told = skills.skills(viewer, workspace, scenario, year)
    mentors = told.knowledge[told.knowledge["skill"].map(folded).isin(MENTOR_WORDS)]
    held, older = float(mentors["holders"].sum()), float(mentors["older"].sum())
    tell = not mentors.empty and held >= viewer.k and (viewer.k <= 1 or min(older, held - older) >= viewer.k)
    return {
        "lost": int(told.facts["likely_lost"]),
        "few": int(told.facts["few"]) if viewer.k > 1 else 0,
        "k": viewer.k,
        "mentors": round(held) if tell else -1,
        "mentors_55": round(older) if tell else -1,
    }


def _technology(viewer: Viewer, workspace: Workspace, scenario: Scenario, scope: Scope, year: int) -> Facts:
    facts = changing.changing(viewer, workspace, scenario, scope, year).facts
    return {name: facts[name] for name in ("automated", "most", "most_fte")}


def _moves(viewer: Viewer, workspace: Workspace, scenario: Scenario, year: int) -> Facts:
    """Of all the viewer may see: a way to other work does not stop at the part that is looked at."""
    known = set(routes.choices(viewer, workspace))
    found, net = told_of(viewer, workspace), routes_between(viewer, workspace)
    ahead, step = projected(viewer, workspace, scenario), step_of(found, year)
    gap = {role: float(line[step]) for role, line in gap_per_role(found, ahead).items()}
    known &= gap.keys()
    short = [at for at, role in enumerate(net.between.roles) if role in known and gap.get(role, 0.0) >= SHORT]
    near = 0.0
    for at, role in enumerate(net.between.roles):
        if role in known and gap.get(role, 0.0) < SHORT and any(_one_training(net, at, to) for to in short):
            near += found.people.get(role, 0.0)
    names = {net.between.roles[at] for at in short}
    if viewer.units:  # wishes are told of the whole organisation, this answer is about some departments
        return {"near": round(near), "wanting": NOT_TOLD, "roles_short": len(short)}
    try:
        wishes = routes.wishes(viewer, workspace)
        wanting = int(wishes.loc[wishes["to"].isin(list(names)), "people"].sum())
    except Refusal:
        wanting = -1
    return {"near": round(near), "wanting": wanting, "roles_short": len(short)}


def _one_training(net: Any, start: int, end: int) -> bool:
    """Whether a direct step leads there that asks at most one training."""
    if not np.isfinite(net.hours[start, end]):
        return False
    asked = net.between.asked
    return len(bridge_levels(asked[start], asked[end], net.between.skills, net.offer, net.limits).trainings) <= 1


def _decisions(viewer: Viewer, workspace: Workspace, scenario: Scenario, scope: Scope, year: int) -> Facts:
    """The cheapest way to halve the shortage."""
    made = plan.decided(viewer, workspace, scenario, scope, year)
    used = made.levers[(made.levers["units"] >= NAMED) & (made.levers["lever"] != "accept")]  # what is left open is no decision
    used = used.sort_values("fte_years", ascending=False, kind="stable")
    effect = made.path["effect"].to_numpy(float)
    years = made.path["year"].to_numpy(int)
    lowest = int(effect.argmin()) if len(effect) else 0
    dips = bool(len(effect)) and effect[lowest] <= -SHORT
    felt = np.flatnonzero(effect >= max(NOTICED * float(effect[-1]), 1e-9)) if len(effect) and effect[-1] > 0 else np.zeros(0, int)
    after_dip = felt[felt > lowest] if dips else felt
    return {
        "share": float(made.facts["closed_share"]),
        "until": made.until,
        "cost": made.cost,
        "measures": tuple((str(row.lever), float(row.units)) for row in used.head(SHOWN_MEASURES).itertuples()),
        "count": len(used),
        "dip": float(effect[lowest]) if dips else 0.0,
        "dip_year": int(years[lowest]) if dips else 0,
        "from_year": int(years[after_dip[0]]) if len(after_dip) else 0,
    }

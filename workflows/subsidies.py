"""Subsidies that may be possible: shown beside a cost with the limits of the scheme, never taken off it unless somebody asks."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.amounts import amount
from analytics.release import Viewer, nearest
from workflows.abilities import abilities
from workflows.access import Right, require
from workflows.owned import owned
from workflows.workspace import Workspace

SLIM_PEOPLE = 250
"""Employers with fewer people than this may ask for SLIM alone."""
SLIM_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Possible:
    """code: slim, apprentice or mentor. most: euro for this group at most (0 where not allowed); unit: euro of one application, place or
    apprentice a year; allowed: whether an organisation of this size may ask alone; people: how many people that is."""

    code: str
    unit: float
    most: float
    allowed: bool
    people: int


def possible(viewer: Viewer, workspace: Workspace, cost: float, learners: int = 0) -> tuple[Possible, ...]:
    """What might come back of `cost` euro of training and of `learners` apprentice places. Refusals: not_allowed, no_data."""
    require(viewer, Right.MONEY)
    found, own = abilities(viewer, workspace), owned(workspace).amounts
    people = nearest(round(float(found.data.cells["people"].sum())), viewer.k)
    unit = {
        code: amount(key, found.data.as_of, own).value
        for code, key in (("slim", "slim_subsidy_max"), ("apprentice", "apprentice_subsidy_max"), ("mentor", "mentor_subsidy_max"))
    }
    small = people < SLIM_PEOPLE
    slim = min(SLIM_SHARE * max(cost, 0.0), unit["slim"]) if small else 0.0
    return (
        Possible("slim", unit["slim"], slim, small, people),
        Possible("apprentice", unit["apprentice"], unit["apprentice"] * learners, True, people),
        Possible("mentor", unit["mentor"], unit["mentor"] * learners, True, people),
    )

"""What learning costs before it brings anything: hours of those who learn and time of their mentors, beside those of today."""

from __future__ import annotations

import numpy as np

from analytics.apprentices import TIME_PER_LEARNER
from analytics.assumptions import per_group
from analytics.grid import Base
from analytics.retraining import PLACES_DEFAULT
from analytics.scenario import Scenario
from analytics.staff import Run

LEVERS = ("training_hours_lost", "training_places")
HOURS_DEFAULT = Scenario().training_hours_lost
PRODUCTIVE_HOURS = 1380.0
"""Hours an fte works in a year after leave, illness and training (levers_and_story, certainty C)."""


def learning_loss(base: Base, scenario: Scenario, run: Run) -> np.ndarray:
    """Fte of work not done because of learning, above today's, (G, T+1); negative where less is learned than now.

    Hours of a place / productive hours for each who is being retrained beside a usual year, in the role they are in; for the moves of a
    usual year only the difference from the present hours, for as many of today's people as are still there. Ten percent of a mentor for
    each apprentice more than today, over the groups that have mentors, or else those that apprentices move to.
    """
    loss = np.zeros_like(run.fte)
    loss[:, 1:] = (_usual(base, scenario) * _still(base, run) + mentor_time(base, run))[:, 1:]
    if run.learning is not None:
        loss += run.learning * per_group(scenario, "training_hours_lost", base.groups)[:, None] / PRODUCTIVE_HOURS
    return loss


def _usual(base: Base, scenario: Scenario) -> np.ndarray:
    """(G, 1): the moves of a usual year at these hours and places, less those in the present level."""
    hours, places = (per_group(scenario, name, base.groups) for name in ("training_hours_lost", "training_places"))
    taught = ~base.apprentice[base.link_from]
    moves = np.bincount(base.link_from[taught], weights=base.link_chance[taught], minlength=len(base.groups)) * base.staff[0]
    return (moves * (np.minimum(places / PLACES_DEFAULT, 1.0) * hours - HOURS_DEFAULT) / PRODUCTIVE_HOURS)[:, None]


def _still(base: Base, run: Run) -> np.ndarray:
    """(G, T+1): people as a share of today's, at most all: a role that empties has nobody left to learn."""
    start = base.staff[0][:, None]
    return np.clip(np.divide(run.people, start, out=np.zeros_like(run.people), where=start > 0), 0.0, 1.0)


def mentor_time(base: Base, run: Run) -> np.ndarray:
    """(G, T+1): time of mentors for more (or fewer) apprentices than today."""
    learners = run.people[base.apprentice].sum(axis=0)
    return _mentors(base)[:, None] * TIME_PER_LEARNER * (learners - learners[0])


def _mentors(base: Base) -> np.ndarray:
    """Share of the mentoring each group does, (G,), sums to 1."""
    if not base.apprentice.any():
        return np.zeros(len(base.groups))
    known = np.zeros(len(base.groups)) if base.means is None else np.where(base.apprentice, 0.0, base.means.mentors)
    leads = base.apprentice[base.link_from] & ~base.apprentice[base.link_to]
    targets = np.bincount(base.link_to[leads], weights=base.link_chance[leads], minlength=len(base.groups))
    for weight in (known, targets, base.apprentice.astype(float)):
        if weight.sum() > 0:
            return weight / weight.sum()
    return np.zeros(len(base.groups))

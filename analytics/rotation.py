"""Learning from each other: who learns from whom, who changes places for a while, and when handing over has to begin.

Both matchings are small whole-number programmes: one yes or no per possible pair or move, the largest total value within the
limits. Values come from wishes, skills and distance, never from age or years left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
import scipy
from scipy.sparse import csr_array, vstack

TEACH_MOST = 2
"""Learners one person teaches at the same time (levers: mentor_capacity, own convention)."""
HALF = 0.5
BRANCHES, SECONDS = 1000, 30.0
"""Effort of the solver, what it has found by then counts; seconds end only a search far larger than any firm's, so that a busy machine
makes the same pairs."""


def best(value: np.ndarray, rows: Sequence[tuple[np.ndarray, float]]) -> np.ndarray:
    """Which of n choices to take: the largest sum of `value` (n,), where each row (weights (n,), limit) keeps weights @ chosen at
    or below its limit. Choices without a positive value are left alone. Equal sums are told apart by the order given."""
    value = np.asarray(value, float)
    if not len(value):
        return np.zeros(0, bool)
    tie = 1e-7 * np.arange(len(value), 0, -1) / len(value)
    matrix = vstack([csr_array(np.atleast_2d(weights)) for weights, _ in rows]) if rows else csr_array((1, len(value)))
    limits = np.array([limit for _, limit in rows]) if rows else np.zeros(1)
    found = scipy.optimize.milp(
        -(value + tie),
        integrality=np.ones(len(value)),
        bounds=scipy.optimize.Bounds(0.0, np.where(value > 0, 1.0, 0.0)),
        constraints=scipy.optimize.LinearConstraint(matrix, -np.inf, limits),
        options={"node_limit": BRANCHES, "time_limit": SECONDS},
    )
    return np.zeros(len(value), bool) if found.x is None else found.x > HALF


def learning_pairs(edges: pd.DataFrame, needed: Mapping[str, int], teach_most: int = TEACH_MOST) -> pd.DataFrame:
    """The pairs to form: rows of `edges` (skill, holder, learner, value).

    Everybody learns one thing at a time and teaches at most `teach_most` people; needed: learners a skill needs at most. A person
    is a learner or a teacher, not both.
    """
    if edges.empty:
        return edges
    rows = _at_most(edges["learner"], 1.0) + _at_most(edges["holder"], float(teach_most))
    rows += [(edges["skill"].eq(skill).to_numpy(float), float(count)) for skill, count in needed.items()]
    for person in sorted(set(edges["learner"]) & set(edges["holder"])):
        teaches, learns = edges["holder"].eq(person).to_numpy(float), edges["learner"].eq(person).to_numpy(float)
        rows.append((teaches + teach_most * learns, float(teach_most)))
    return edges[best(edges["value"].to_numpy(float), rows)].reset_index(drop=True)


def rotation_round(moves: pd.DataFrame, staff: Mapping[str, float], keep: float) -> pd.DataFrame:
    """The moves of one round: rows of `moves` (person, origin, target, value).

    staff: people per group now; keep: share of its people that every group has at least during the round, newcomers counted.
    Everybody moves once.
    """
    if moves.empty:
        return moves
    rows = _at_most(moves["person"], 1.0)
    for group in sorted(set(moves["origin"]) | set(moves["target"])):
        net = moves["origin"].eq(group).to_numpy(float) - moves["target"].eq(group).to_numpy(float)
        rows.append((net, float(np.floor((1 - keep) * staff.get(group, 0.0) + 1e-9))))
    return moves[best(moves["value"].to_numpy(float), rows)].reset_index(drop=True)


def _at_most(column: pd.Series, limit: float) -> list[tuple[np.ndarray, float]]:
    return [(column.eq(name).to_numpy(float), limit) for name in sorted(column.unique())]


def expected_holders(pension_months: Sequence[float], yearly_chance: float, months: int) -> np.ndarray:
    """Expected number of holders still here after 0..months months, (months + 1,). pension_months: to each one's pension date;
    yearly_chance of leaving before it, the group's own (0.06 = six in a hundred)."""
    ahead = np.arange(months + 1)
    staying = (1 - yearly_chance) ** (ahead / 12)
    here = np.asarray(pension_months, float)[:, None] > ahead[None, :]
    return here.sum(axis=0) * staying if len(here) else np.zeros(months + 1)


def start_by(as_of: date, holders: np.ndarray, least: float, takes_months: int) -> date | None:
    """The last month in which handing over can begin and be ready before fewer than `least` holders are expected; as_of when it is
    late already, None when it does not come to that within the months of `holders`."""
    short = np.flatnonzero(holders < least - 1e-9)
    if not len(short):
        return None
    month = max(0, int(short[0]) - takes_months)
    year, index = divmod(as_of.year * 12 + as_of.month - 1 + month, 12)
    return max(as_of, date(year, index + 1, 1))


def single_points(holders: Mapping[str, int], learned: Mapping[str, int] | None = None) -> int:
    """Skills that exactly one person has, before or after others learned them."""
    more = learned or {}
    return sum(count + more.get(skill, 0) == 1 for skill, count in holders.items())

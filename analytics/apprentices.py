"""Apprentice places: as many as there are mentors for, who grow older and leave too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from analytics.assumptions import per_group
from analytics.grid import AGES, Base
from analytics.inflow import Course
from analytics.means import band_shares
from analytics.scenario import Scenario

CAPACITY_DEFAULT = Scenario().mentor_capacity
TIME_PER_LEARNER = 0.1
"""Fte of a mentor that one apprentice takes (levers_and_story, certainty C)."""


class Ahead(Protocol):
    """Today's staff through the years, and what one new colleague does (`staff.Known`)."""

    @property
    def book(self) -> Counted: ...
    @property
    def one(self) -> Course: ...


class Counted(Protocol):
    stocks: np.ndarray
    snapshots: list[list[tuple[np.ndarray, np.ndarray]]]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """hires (G, T) people, those of apprentice roles limited; wanted, placed (T,) apprentices that were to come in, and do; room (T+1,)
    learners there are mentors for (inf: no mentors are known); mentors (T+1,) people (0 unknown)."""

    hires: np.ndarray
    wanted: np.ndarray
    placed: np.ndarray
    room: np.ndarray
    mentors: np.ndarray


def places(base: Base, scenario: Scenario, hires: np.ndarray, known: Ahead) -> Places:
    """Limit the apprentices that come in by mentors.

    Mentors at t: of each age as many are mentors as today (at the level of each group), among today's staff
    still there and those hired outside the apprentice roles. They take `mentor_capacity` learners each; a firm that has more learners
    today than the default allows keeps its own number per mentor, moved in the same measure. Learners there already go before new ones;
    all apprentice roles give way in the same measure.
    """
    steps, learns = hires.shape[1], base.apprentice
    wanted = hires[learns].sum(axis=0)
    room, mentors = np.full(steps + 1, np.inf), np.zeros(steps + 1)
    if not mentors_limit(base):
        return Places(hires, wanted, wanted, room, mentors)
    mentors = mentor_line(base, hires * ~learns[:, None], known)
    present = known.book.stocks[0][:, learns].sum(axis=1)
    staff = base.staff[0][learns]
    capacity = per_group(scenario, "mentor_capacity", base.groups)[learns]
    each = float(np.average(capacity, weights=staff if staff.sum() > 0 else None)) * max(present[0] / (CAPACITY_DEFAULT * mentors[0]), 1.0)
    room = each * mentors
    stays, asked = known.one.people[:, learns], hires[learns]
    given = np.zeros_like(asked)
    for t in range(steps):
        before = sum(float(given[:, s] @ stays[t - s]) for s in range(t))
        new = float(asked[:, t] @ stays[0])
        share = 1.0 if new <= 1e-12 else min(max(room[t + 1] - present[t + 1] - before, 0.0) / new, 1.0)
        given[:, t] = asked[:, t] * share
    limited = hires.copy()
    limited[learns] = given
    return Places(limited, wanted, given.sum(axis=0), room, mentors)


def mentors_limit(base: Base) -> bool:
    """Whether there are apprentices, and mentors that are known."""
    return bool(base.apprentice.any()) and base.means is not None and float(base.means.mentors.sum()) > 0


def mentor_line(base: Base, hires: np.ndarray, known: Ahead) -> np.ndarray:
    """Expected mentors at each moment, (T+1,)."""
    if base.means is None:
        return np.zeros(hires.shape[1] + 1)
    start = np.zeros((AGES, len(base.groups)))
    for age, people in known.book.snapshots[0]:
        np.add.at(start, age[: len(people)], people)
    share = band_shares(base.means.of_band, start.sum(axis=1))
    usual = share @ start
    level = np.divide(base.means.mentors, usual, out=np.zeros_like(usual), where=usual > 0)
    line = np.array([sum(float(share[age[: len(people)]] @ (people @ level)) for age, people in ages) for ages in known.book.snapshots])
    line *= base.means.mentors.sum() / line[0] if line[0] > 0 else 0.0
    of_one = np.array([share[age[: len(people)]] @ people for age, people, _ in known.one.ages]) * level  # (U, G)
    for s in range(hires.shape[1]):
        line[s + 1 :] += of_one[: len(line) - s - 1] @ hires[:, s]
    return line

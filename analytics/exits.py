"""What all who follow people through the years share: conventions on leaving, the rules of a scenario, and what left in a step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

AFTER_PENSION_EXIT = 0.5
"""Yearly chance to stop of somebody who works on after the pension date (method spec 2.2, bins beyond 0)."""
AFTER_PENSION_HOURS = 0.5
"""Hours of somebody who works on, as a part of the hours before. Convention (levers_and_story)."""
MID_MONTHS = (np.arange(12) + 0.5) / 12
RETIREMENT_CHANCES = {-5: 0.02, -4: 0.02, -3: 0.04, -2: 0.08, -1: 0.15, 0: 0.75}
"""Yearly chance of retiring by whole years between the step of the statutory date and this one, where contracts do not end by
law (method spec 2.2): 0 before -5, 0.5 after 0. Assumption, not estimated."""
LONG_SERVICE = 5
"""Years of service from which the length no longer matters: such tracks become one."""


def retirement_hazard(distance: np.ndarray) -> np.ndarray:
    """Hazard for steps after (positive) or before the step of the statutory date."""
    chance = np.where(distance > 0, 0.5, 0.0)
    for steps, value in RETIREMENT_CHANCES.items():
        chance = np.where(distance == steps, value, chance)
    return -np.log1p(-chance)


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Scenario values per group, (G,): `ends` contracts end at the pension date; shares that work on, use the earlier stop when its
    window opens, or use it now when the window is already open; months by
    which that window comes before the date (0 = none); `leave_group` yearly chance of moving to another group; `renewal` chance that an
    ending contract is renewed."""

    ends: np.ndarray
    work_on: np.ndarray
    earlier: np.ndarray
    earlier_inside: np.ndarray
    earlier_months: np.ndarray
    leave_group: np.ndarray
    renewal: np.ndarray


@dataclass(slots=True, eq=False)
class Outflow:
    """One step, (2, G) each, people and fte: retired, resigned, other, moved, lapsed (contract not renewed); `hours_lost` (G,): fte
    given up by those who work on; movers (S, 2, 2, A): who moved, by source group, amount, tenure (under and over five years) and
    age at the end of the step, or None."""

    retired: np.ndarray
    resigned: np.ndarray
    other: np.ndarray
    moved: np.ndarray
    lapsed: np.ndarray
    hours_lost: np.ndarray
    movers: np.ndarray | None = None


def survival(hazard: np.ndarray, length: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """Chance to be still there after part of a step at a constant yearly hazard, and the expected part of a year lived in it."""
    alive = np.exp(-hazard * length)
    return alive, np.divide(1 - alive, hazard, out=np.zeros_like(alive) + length, where=hazard > 0)


def per_group(group: np.ndarray, amounts: np.ndarray, groups: int) -> np.ndarray:
    """Rows (Q, r) added up by group, (Q, G)."""
    return np.stack([np.bincount(group, weights=row, minlength=groups) for row in amounts])


def put(after: np.ndarray, age: np.ndarray, group: np.ndarray, amounts: np.ndarray) -> None:
    """Add rows (Q, r) to (Q, A, G)."""
    flat = age * after.shape[2] + group
    for row, values in zip(after.reshape(len(after), -1), amounts, strict=True):
        np.add.at(row, flat, values)

"""Chance that people are still here after some years, for skills and wishes: the engine's chances, kept apart per person.

The engine folds people onto a grid and mixes them; who holds which skill has to be known per cell. So the same yearly chances and
pension rules are followed cell by cell here, and then averaged over windows of at least ten people (`knowledge.group_survival`)
before anything is computed with them. Moves inside the firm take no skill away and are left out. A fixed contract is taken to end
in the first year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.fixed_term import YEARS_AT_START, tenure_band
from analytics.grid import AGES, BAND_OF_AGE, Base
from analytics.scenario import Scenario
from analytics.skills.knowledge import group_survival
from analytics.staff import lapse_chance, months_to, rules_of, timing_of
from analytics.workforce import AGE_MIN, GROUP

UNKNOWN_AGE = 42
"""Age taken where none is known: the middle of a working life; nobody retires on it (their pension month is unknown too)."""


@dataclass(frozen=True, slots=True, eq=False)
class Staying:
    """stay, retired: (C, T+1) chance to be still here, and to have left with a pension, both averaged over windows of people."""

    stay: np.ndarray
    retired: np.ndarray


def staying(cells: pd.DataFrame, base: Base, scenario: Scenario, years: int) -> Staying:
    """cells: GROUP, age (NaN unknown), tenure_band, fixed (bool), pension_month (whole months from as_of), people; groups that the
    base does not know take the firm's mean chances."""
    lever, rules = rules_of(base, scenario)
    timing = timing_of(base, lever, rules, years)
    group = pd.MultiIndex.from_frame(base.groups[list(GROUP)]).get_indexer(pd.MultiIndex.from_frame(cells[list(GROUP)]))
    known = np.where(group >= 0, group, 0)
    age = cells["age"].fillna(UNKNOWN_AGE).to_numpy(float).astype(int)
    fixed = cells["fixed"].to_numpy(bool)
    service = YEARS_AT_START[cells["tenure_band"].to_numpy(int)]
    month = cells["pension_month"].to_numpy(float)
    to_2032 = months_to(base.as_of, pd.Timestamp(2032, 1, 1).date())
    later = month + np.asarray(timing.shift)[known] + np.asarray(timing.step)[known] * (month >= to_2032)
    month = np.where(month >= 0, np.maximum(later, 0.0), month)  # who works on past the date has no date any more
    window = month - np.asarray(timing.earlier)[known]
    works_on = lever["work_on_after_aow"][known] / 100
    early = np.where(base.heavy[known], np.where(window >= 0, np.asarray(rules.earlier)[known], np.asarray(rules.earlier_inside)[known]), 0)
    lapse = np.where(fixed, lapse_chance(base, lever["fixed_term_renewal"])[known], 0.0)
    hazards = base.hazards.copy()
    hazards[0] *= lever["resignation_multiplier"]
    stay, retired = np.ones((len(cells), years + 1)), np.zeros((len(cells), years + 1))
    for t in range(years):
        band = BAND_OF_AGE[np.clip(age + t - AGE_MIN, 0, AGES - 1)]
        contract = (fixed & (t == 0)).astype(int)
        yearly = hazards[:, contract, band, tenure_band(service + t), known].sum(axis=0)
        here = stay[:, t] * np.exp(-yearly) * (1 - lapse * (t == 0))
        stops = _inside(month, t) * (1 - works_on)
        goes_early = np.where(month >= 12 * t, _inside(np.maximum(window, 0.0), t) * early, 0.0)
        left = np.maximum(stops, goes_early)
        retired[:, t + 1] = retired[:, t] + here * left
        stay[:, t + 1] = here * (1 - left)
    ages, tenure, people = age.astype(float), cells["tenure_band"].to_numpy(int), cells["people"].to_numpy(float)
    both = group_survival(ages, tenure, people, np.concatenate([stay, retired], axis=1))
    return Staying(both[:, : years + 1], both[:, years + 1 :])


def _inside(month: np.ndarray, t: int) -> np.ndarray:
    """1 where the month falls in step t."""
    return ((month >= 12 * t) & (month < 12 * (t + 1))).astype(float)

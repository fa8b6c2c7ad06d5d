"""Chance that people are still here after some years, for skills and wishes: the engine's chances, kept apart per person.

The engine folds people onto a grid and mixes them; who holds which skill has to be known per cell. So the same yearly chances and
pension rules are followed cell by cell here, and then averaged over windows of at least ten people (`knowledge.age_windows`)
before anything is computed with them. Moves inside the firm take no skill away and are left out. A fixed contract is taken to end
in the first year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analytics.fixed_term import YEARS_AT_START, tenure_band
from analytics.grid import AGES, BAND_OF_AGE, Base
from analytics.scenario import Scenario
from analytics.skills.knowledge import age_windows
from analytics.staff import lapse_chance, months_to, rules_of, timing_of
from analytics.workforce import AGE_MIN, GROUP

UNKNOWN_AGE = 42
"""Age taken where none is known: the middle of a working life; nobody retires on it (their pension month is unknown too)."""


@dataclass(frozen=True, slots=True, eq=False)
class Staying:
    """stay, retired: (C, T+1) chance to be still here, and to have left with a pension, both averaged over windows of people."""

    stay: np.ndarray
    retired: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """People as the chances are followed for them, whatever the scenario; cells stand in the order of their windows, which average over
    at least ten people. (C,): group (row of the base, 0 where unknown), fixed, month (pension date in whole months from as_of, below 0
    none), weight (part of its window). chance (T, C): where a cell's yearly chance stands in the flattened chances of the base,
    contract x age band x length of service x group. starts (W,): first cell of each window; window (C,): that of each cell in the order
    they were given."""

    group: np.ndarray
    chance: np.ndarray
    fixed: np.ndarray
    month: np.ndarray
    weight: np.ndarray
    starts: np.ndarray
    window: np.ndarray


def followed(cells: pd.DataFrame, base: Base, years: int) -> Followed:
    """cells: GROUP, age (NaN unknown), tenure_band, fixed (bool), pension_month (whole months from as_of), people; groups that the
    base does not know take those of the first."""
    age = cells["age"].fillna(UNKNOWN_AGE).to_numpy(float).astype(int)
    window = age_windows(age.astype(float), cells["tenure_band"].to_numpy(int), cells["people"].to_numpy(float))
    order = np.argsort(window, kind="stable")
    age, sorted_window, people = age[order], window[order], cells["people"].to_numpy(float)[order]
    group = pd.MultiIndex.from_frame(base.groups[list(GROUP)]).get_indexer(pd.MultiIndex.from_frame(cells[list(GROUP)]))[order]
    group = np.where(group >= 0, group, 0)
    fixed, service = cells["fixed"].to_numpy(bool)[order], YEARS_AT_START[cells["tenure_band"].to_numpy(int)[order]]
    chance = np.empty((years, len(cells)), np.intp)
    for t in range(years):
        band = BAND_OF_AGE[np.clip(age + t - AGE_MIN, 0, AGES - 1)]
        contract = (fixed & (t == 0)).astype(int)
        chance[t] = np.ravel_multi_index((contract, band, tenure_band(service + t), group), base.hazards.shape[1:])
    return Followed(
        group=group,
        chance=chance,
        fixed=fixed,
        month=cells["pension_month"].to_numpy(float)[order],
        weight=_part(sorted_window, people),
        starts=np.flatnonzero(np.diff(sorted_window, prepend=-1)),
        window=window,
    )


def _part(part: np.ndarray, weight: np.ndarray, count: int = 0) -> np.ndarray:
    """What each cell weighs in the mean of its part; nought where the part weighs nothing."""
    total = np.bincount(part, weight, minlength=count)
    return np.divide(weight, total[part], out=np.zeros(len(part)), where=total[part] > 0)


def mean_of(part: np.ndarray, weight: np.ndarray, people: Followed, count: int) -> csr_array:
    """(count, W): from figures per window to means of parts (C,) of the people; a part without weight is nought."""
    return csr_array((_part(part, weight, count), (part, people.window)), shape=(count, len(people.starts)))


def staying(people: Followed, base: Base, scenario: Scenario) -> Staying:
    """Per cell, averaged over its window."""
    means = chances(people, base, scenario)
    return Staying(means.stay[people.window], means.retired[people.window])


def chances(people: Followed, base: Base, scenario: Scenario) -> Staying:
    """The same per window: (W, T+1) each."""
    years = len(people.chance)
    lever, rules = rules_of(base, scenario)
    timing = timing_of(base, lever, rules, years)
    known, month = people.group, people.month
    to_2032 = months_to(base.as_of, pd.Timestamp(2032, 1, 1).date())
    later = month + np.asarray(timing.shift)[known] + np.asarray(timing.step)[known] * (month >= to_2032)
    month = np.where(month >= 0, np.maximum(later, 0.0), month)  # who works on past the date has no date any more
    window = month - np.asarray(timing.earlier)[known]
    works_on = lever["work_on_after_aow"][known] / 100
    early = np.where(base.heavy[known], np.where(window >= 0, np.asarray(rules.earlier)[known], np.asarray(rules.earlier_inside)[known]), 0)
    lapse = np.where(people.fixed, lapse_chance(base, lever["fixed_term_renewal"])[known], 0.0)
    resigning = np.ones(len(base.hazards))
    resigning[0] = 0.0
    yearly = base.hazards[0] * lever["resignation_multiplier"] + np.tensordot(resigning, base.hazards, axes=1)
    remain = np.exp(-yearly).ravel()
    stay, retired = np.ones((years + 1, len(known))), np.zeros((years + 1, len(known)))
    near = np.flatnonzero((month >= 0) & (np.minimum(month, window) < 12 * years))  # nobody else retires within the years
    date, opens = np.floor(month[near] / 12), np.floor(np.maximum(window[near], 0.0) / 12)
    for t in range(years):
        here = stay[t] * remain[people.chance[t]]
        if t == 0:
            here *= 1 - lapse
        retired[t + 1], stay[t + 1] = retired[t], here
        stops, early_now = date == t, opens == t
        some = np.flatnonzero(stops | early_now)
        at = near[some]
        left = np.maximum(stops[some] * (1 - works_on[at]), early_now[some] * early[at])
        retired[t + 1, at] += here[at] * left
        stay[t + 1, at] *= 1 - left
    return Staying(*((np.add.reduceat(line * people.weight, people.starts, axis=1)).T for line in (stay, retired)))

"""From people to fte that can be set against the work: hours, absence, settling in and learning, all as a change since today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.assumptions import per_row
from analytics.grid import Base
from analytics.learning import LEVERS as LEARNING
from analytics.learning import learning_loss
from analytics.scenario import Scenario
from analytics.staff import Run

SETTLING_LOSS = 0.4
"""Part of the work that somebody new or moved does not yet do while settling in: worth 60 % (levers_and_story, certainty C)."""
PART_TIME_PENSION_CUT = 0.5
"""Part of the hours that somebody with a part-time pension no longer works. Own convention, certainty C."""
PART_TIME_YEARS = 5
"""Equal yearly steps in which a change of the part-time factor reaches everybody."""


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """contract, supply (G, T+1) fte; parts (G, T): fte changes that no flow explains; scale (G, T+1): supply per raw fte."""

    contract: np.ndarray
    supply: np.ndarray
    parts: dict[str, np.ndarray]
    scale: np.ndarray


def supply_fte(base: Base, scenario: Scenario, run: Run) -> Hours:
    """contract = raw fte + part-time shift + extra hours - generation pact - part-time pension; supply = contract x absence factor -
    settling loss and learning loss above today's.

    part_time_factor_shift d: + d x people, in five equal yearly steps, for everybody present. Generation pact: everyone who turns 60
    after `as_of` takes it with chance u and then works h of the hours; those already 60 have the present use in their contract,
    so only a difference from the default counts for them. Part-time pension: a share of everybody of 60 and over, beside those who have it
    today, works half. Extra hours: that part of the recorded wishes is agreed, for as long as the people stay.
    Absence factor: (1 - m a_t)/(1 - a_0), a the fte-weighted mean by age.
    """
    lever = {name: per_row(scenario, name, base.groups) for name in _LEVERS}
    usual = Scenario()
    steps = run.people.shape[1] - 1
    ramp = np.minimum(np.arange(steps + 1), PART_TIME_YEARS) / PART_TIME_YEARS
    part_time = lever["part_time_factor_shift"] * ramp * run.people
    pact = lever["generation_pact_uptake"] / 100 * (1 - lever["generation_pact_hours"] / 100)
    present = usual.generation_pact_uptake / 100 * (1 - usual.generation_pact_hours / 100)
    pact_loss = pact * run.elder_new + (pact - present) * run.elder_old
    pact_loss[:, 0] = 0.0
    early = lever["part_time_pension_uptake"] / 100 * PART_TIME_PENSION_CUT * (run.elder_new + run.elder_old)
    early[:, 0] = 0.0
    extra = _extra_hours(base, run, lever["extra_hours_uptake"])
    contract = run.fte + part_time + extra - pact_loss - early
    factor = _absence_factor(run, lever["absence_multiplier"])
    loss = _settling_loss(base, scenario, run, lever["settling_in_months"])
    learning = learning_loss(base, scenario, run)
    absent = contract * (factor - 1)
    supply = contract + absent - loss - learning
    parts = {
        "part_time": np.diff(part_time),
        "extra_hours": np.diff(extra),
        "part_time_pension": -np.diff(early),
        "generation_pact": -np.diff(pact_loss),
        "work_on": -run.hours_lost,
        "absence": np.diff(absent),
        "settling_in": -np.diff(loss),
        "learning": -np.diff(learning),
    }
    scale = np.divide(contract * factor, run.fte, out=np.ones_like(contract), where=run.fte > 0)
    return Hours(contract, supply, parts, scale)


_LEVERS = (
    "part_time_factor_shift", "generation_pact_uptake", "generation_pact_hours", "absence_multiplier", "settling_in_months",
    "part_time_pension_uptake", "extra_hours_uptake",
)  # fmt: skip
LEVERS = (*_LEVERS, *LEARNING)
"""All that `supply_fte` reads of a scenario beside the run."""


def _extra_hours(base: Base, run: Run, uptake: np.ndarray) -> np.ndarray:
    """Fte agreed on top of the contracts, (G, T+1): from the first step on."""
    if base.means is None:
        return np.zeros_like(run.fte)
    extra = uptake / 100 * base.means.wished[:, None] * run.stayed
    extra[:, 0] = 0.0
    return extra


def _absence_factor(run: Run, multiplier: np.ndarray) -> np.ndarray:
    share = np.divide(run.absence, run.fte, out=np.zeros_like(run.fte), where=run.fte > 0)
    start = np.where(run.fte[:, :1] > 0, share[:, :1], share)
    factor = (1 - multiplier * share) / (1 - start)
    factor[:, 0] = 1.0
    return factor


def _settling_loss(base: Base, scenario: Scenario, run: Run, months: np.ndarray) -> np.ndarray:
    """Loss above the level that is normal today: that of the first year when everything stays as it is."""
    loss = np.zeros_like(run.people)
    if loss.shape[1] == 1:
        return loss
    loss[:, 1:] = _loss(run, months) - _normal_loss(base)
    return loss


def _loss(run: Run, months: np.ndarray | float) -> np.ndarray:
    """(G, T): fte not yet worked by who came in during the last step and, for settling-in times over a year, the one before."""
    last = np.minimum(months, 12) / 12
    earlier = np.clip(np.asarray(months) - 12, 0, 12) / 12
    before = np.zeros_like(run.moved_in)
    before[:, 1:] = run.moved_in[:, :-1]
    return SETTLING_LOSS * (last * (run.fresh + run.moved_in) + earlier * (run.fresh_before + before))


def _normal_loss(base: Base) -> np.ndarray:
    """(G, 1), from one step of the baseline."""
    from analytics.assumptions import hires
    from analytics.staff import run_staff

    found = base.cache.get(("normal",))
    if found is None:
        usual = Scenario()
        run = run_staff(base, usual, hires(usual, base.groups, base.hire_rate, base.demand0, 1), 1)
        found = base.cache[("normal",)] = _loss(run, usual.settling_in_months)
    return found

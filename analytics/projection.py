"""People and work, year by year: `prepare` once per snapshot, `project` for every scenario."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy import sparse

from analytics import assumptions
from analytics.demand import LEVERS as DEMAND_LEVERS
from analytics.demand import demand
from analytics.grid import Base, prepare
from analytics.hired import hired_in
from analytics.hours import LEVERS as HOURS_LEVERS
from analytics.hours import Hours, supply_fte
from analytics.market import filled
from analytics.retraining import Plan, plan, retrained
from analytics.scenario import Scenario
from analytics.staff import LEVERS as STAFF_LEVERS
from analytics.staff import Run, months_to, run_staff
from analytics.workforce import AGE_MIN, EXITS, Flow

Made = TypeVar("Made")

__all__ = ["Base", "Projection", "prepare", "project"]

SIGN = {flow: -1 if flow in EXITS or flow is Flow.MOVE_OUT else 1 for flow in Flow}
RUN_LEVERS = (*STAFF_LEVERS, "hires_per_year", "apprentice_places", "mentor_capacity", "fill_rate", "time_to_fill_months")
"""Levers that change which people there are; all others act on hours or on the work."""
KEPT = 4
"""Runs, and what follows from them, that stay at hand."""
CAN_LEAVE_MONTHS = 60
"""How long before the statutory date somebody can leave with a pension of their own: counted in `retire["can_leave"]`. Own convention."""


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """One scenario worked out; G groups, T steps of a year, T+1 moments from `as_of`. People in persons, fte in full-time equivalents.

    people, contract_fte, fte, demand: (G, T+1). `fte` is what can be set against demand: contract fte corrected for
    the change in absence and settling-in since today.
    flows, flows_fte: per Flow (G, T), positive, also those that lower the stock. demand_parts, supply_parts: see `demand` and `hours`;
    fte[t+1] = fte[t] + signed flows_fte + supply_parts. retire: "can_leave", "expected", "reached", cumulative people of today's staff
    (G, T+1), people past their date at the start left out. establishment_known (G,).
    scaled_fte (G, T+1): fte after hours and absence, before settling in and learning. hired_staff (G, T+1): fte of agency, seconded and
    self-employed workers beside `fte`; in no flow and in no gap.
    """

    scenario: Scenario
    as_of: date
    groups: pd.DataFrame
    dates: tuple[date, ...]
    people: np.ndarray
    contract_fte: np.ndarray
    fte: np.ndarray
    demand: np.ndarray
    flows: dict[Flow, np.ndarray]
    flows_fte: dict[Flow, np.ndarray]
    demand_parts: dict[str, np.ndarray]
    supply_parts: dict[str, np.ndarray]
    retire: dict[str, np.ndarray]
    establishment_known: np.ndarray
    scaled_fte: np.ndarray
    hired_staff: np.ndarray
    run: Run = field(repr=False)
    first_age: int = AGE_MIN

    @property
    def gap(self) -> np.ndarray:
        """Demand less supply, fte (G, T+1); positive is a shortage."""
        return self.demand - self.fte

    @property
    def var_people(self) -> np.ndarray:
        """Variance of `people`, given the chances, (G, T+1); worked out when first asked."""
        return self.run.moments().of_groups()[0]

    @property
    def var_fte(self) -> np.ndarray:
        """Variance of `fte`, given the chances, (G, T+1)."""
        scale = np.divide(self.scaled_fte, self.run.fte, out=np.ones_like(self.fte), where=self.run.fte > 0)
        return self.run.moments().of_groups()[1] * scale**2

    def variance(self, membership: np.ndarray | sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
        """Variance of people and of supply in fte for sums of groups, membership (K, G) of 0 and 1: (K, T+1) each. Not the sum of the
        groups' variances: who moves inside a sum does not change it."""
        member = sparse.csr_matrix(membership, dtype=float)
        people, fte = self.run.moments().of_sums(member)
        raw = member @ self.run.fte
        scale = np.divide(member @ self.scaled_fte, raw, out=np.ones_like(raw), where=raw > 0)
        return people, fte * scale**2

    def ages(self, step: int) -> np.ndarray:
        """People by single age, (G, A), first_age and on; the sum over ages is people[:, step]."""
        return self.run.ages(step)

    def check_balance(self, tolerance: float = 1e-9) -> None:
        """ValueError when people, fte or demand do not follow from their parts, or moves in and out differ; relative to the size."""
        people_change = sum(SIGN[flow] * amount for flow, amount in self.flows.items())
        fte_change = sum(SIGN[flow] * amount for flow, amount in self.flows_fte.items()) + sum(self.supply_parts.values())
        moved = sum(SIGN[flow] * self.flows[flow].sum(axis=0) for flow in (Flow.MOVE_IN, Flow.RETRAINED_IN, Flow.MOVE_OUT))
        faults = {
            "people": np.diff(self.people) - people_change,
            "fte": np.diff(self.fte) - fte_change,
            "demand": self.demand - self.demand[:, :1] - sum(self.demand_parts.values()),
            "moves": moved,
        }
        size = max(1.0, float(np.abs(self.people).max(initial=0.0)), float(np.abs(self.demand).max(initial=0.0)))
        for name, fault in faults.items():
            if np.abs(fault).max(initial=0.0) > tolerance * size:
                raise ValueError(f"{name} do not add up: {np.abs(fault).max()}")


def project(base: Base, scenario: Scenario, years: int | None = None) -> Projection:
    """All of one scenario. years: at most those `base` was prepared for, which is the default."""
    steps = base.years if years is None else int(years)
    if not 1 <= steps <= base.years:
        raise ValueError(f"prepared for 1 to {base.years} years")
    run = _run(base, scenario, steps)
    needed, demand_parts = _work(base, scenario, steps)
    hours = _hours(base, scenario, run)
    more = plan(base, scenario, run, hours.supply, needed)
    if more is not None:
        run = retrained(base, scenario, _with_outsiders(base, scenario, run, more), more)
        hours = supply_fte(base, scenario, run)
    return Projection(
        scenario=scenario,
        as_of=base.as_of,
        groups=base.groups,
        dates=tuple(later(base.as_of, t) for t in range(steps + 1)),
        people=run.people,
        contract_fte=hours.contract,
        fte=hours.supply,
        demand=needed,
        flows=run.flows,
        flows_fte=run.flows_fte,
        demand_parts=demand_parts,
        supply_parts=hours.parts,
        retire=_retire(base, scenario, run, steps),
        establishment_known=base.establishment_known,
        scaled_fte=run.fte * hours.scale,
        hired_staff=hired_in(base, scenario, needed - hours.supply),
        run=run,
    )


def _run(base: Base, scenario: Scenario, steps: int) -> Run:
    """The people of a scenario; a change of demand, hours or absence alone finds the same people again."""

    def made() -> Run:
        hires = assumptions.hires(scenario, base.groups, base.hire_rate, base.demand0, steps, base.apprentice, filled(scenario, base))
        return run_staff(base, scenario, hires, steps)

    return _kept(base, ("run", steps, *_values(scenario, RUN_LEVERS)), made)


def _work(base: Base, scenario: Scenario, steps: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """`demand`; what changes people alone finds the same work again."""

    def made() -> tuple[np.ndarray, dict[str, np.ndarray]]:
        needed, parts = demand(base, scenario, steps)
        _lock(needed, *parts.values())
        return needed, parts

    needed, parts = _kept(base, ("work", steps, *_values(scenario, DEMAND_LEVERS)), made)
    return needed, dict(parts)


def _hours(base: Base, scenario: Scenario, run: Run) -> Hours:
    """`supply_fte` of a run that is kept; a change of the work alone finds it again."""

    def made() -> tuple[Run, Hours]:
        hours = supply_fte(base, scenario, run)
        _lock(hours.contract, hours.supply, hours.scale, *hours.parts.values())
        return run, hours

    # the run goes along: as long as it is kept no other one can have its identity
    hours = _kept(base, ("hours", id(run), *_values(scenario, HOURS_LEVERS)), made)[1]
    return replace(hours, parts=dict(hours.parts))


def _values(scenario: Scenario, levers: tuple[str, ...]) -> tuple:
    """What these levers say, for the firm and in overrides: equal where nothing of theirs differs."""
    return tuple(rule for rule in scenario.overrides if rule.lever in levers), *(getattr(scenario, name) for name in levers)


def _kept(base: Base, key: tuple, make: Callable[[], Made]) -> Made:
    """The last few results of one name, those last asked for: where a visitor began stays at hand while sliders move."""
    found = base.cache.pop(key, None)
    if found is None:
        found = make()
        for old in [other for other in list(base.cache) if other[0] == key[0]][: 1 - KEPT]:
            base.cache.pop(old, None)
    base.cache[key] = found
    return found


def _lock(*arrays: np.ndarray) -> None:
    for array in arrays:
        array.flags.writeable = False


def _with_outsiders(base: Base, scenario: Scenario, run: Run, more: Plan) -> Run:
    """The run with the people from outside among its hires; how many apprentices were asked for stays known."""
    if not more.outside.any():
        return run
    found = run_staff(base, scenario, run.hires + more.outside, run.hires.shape[1])
    return replace(found, places=replace(found.places, wanted=run.places.wanted))


def later(day: date, years: int) -> date:
    """The same day so many years on."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def _retire(base: Base, scenario: Scenario, run: Run, steps: int) -> dict[str, np.ndarray]:
    added = np.rint(assumptions.per_group(scenario, "statutory_age_step_months", base.groups)).astype(int)
    key = ("reached", added.tobytes(), steps)
    if key not in base.cache:
        base.cache[key] = _reached(base, added, steps)
    expected = np.zeros((len(base.groups), steps + 1))
    expected[:, 1:] = np.cumsum(run.retired_today, axis=1)
    lines = base.cache[key]
    return {"can_leave": lines["can_leave"], "expected": expected, "reached": lines["reached"]}


def _reached(base: Base, added: np.ndarray, steps: int) -> dict[str, np.ndarray]:
    """Cumulative people of today whose date, or the moment from which they can leave, lies within the first t steps."""
    groups = len(base.groups)
    lines = {name: np.zeros((groups, steps + 1)) for name in ("can_leave", "reached")}
    for cells in (base.permanent, base.fixed):
        ahead = cells.month >= 0
        month = (cells.month + added[cells.group] * (cells.month >= months_to_2032(base)))[ahead]
        for name, earlier in (("can_leave", CAN_LEAVE_MONTHS), ("reached", 0)):
            moment = np.where(month - earlier < 0, 0, (month - earlier) // 12 + 1)
            inside = moment <= steps
            flat = cells.group[ahead][inside] * (steps + 1) + moment[inside]
            counts = np.bincount(flat, weights=cells.amounts[0][ahead][inside], minlength=groups * (steps + 1))
            lines[name] += np.cumsum(counts.reshape(groups, steps + 1), axis=1)
    for line in lines.values():
        line.flags.writeable = False
    return lines


def months_to_2032(base: Base) -> int:
    """Whole months from `as_of` to 1 January 2032, from which the statutory age is a projection."""
    return months_to(base.as_of, date(2032, 1, 1))

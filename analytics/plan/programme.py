"""The cheapest way to keep a shortage within bounds, or the smallest shortage within a budget. Solver: HiGHS (scipy).

The programme itself is written out in `model.py`. Answers say what was reached, what it costs, what holds it back, and what one
more place or euro would bring (dual values of the plan with fractions).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack, identity, vstack

from analytics.errors import Refusal
from analytics.plan.model import Model, Problem, budget_row, build, closing, gap_of, target_rows
from analytics.plan.solver import NAMED, TINY, Answer, Limit, optimise, worth

_SHORT_TIE = 1e-3  # euro per fte-year: of two equally cheap mixes the one with less shortage
_COST_TIE = 1e-9  # fte-year per euro: of two equally good mixes the cheaper


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """mode: "cost" or "budget". reached: the target is met (always True in budget mode); when False the mix is the nearest possible
    one and `binding` names what holds it back, `blocked` the role-units no measure reaches in time (unit, year index, why:
    "no_measure" or "lead_time").

    starts: (M, T) units; shortage, surplus: (N, T) fte; before: (N, T) shortage when nothing is done; cost: euro over the plan
    (surplus and open_cost included); cost_by_year: (T,) euro of measures; limits: all limits worth something, most first;
    gap: proven distance to the optimum (share, 0 = proven); whole: people are whole.
    """

    problem: Problem
    mode: str
    reached: bool
    starts: np.ndarray
    shortage: np.ndarray
    surplus: np.ndarray
    before: np.ndarray
    cost: float
    cost_by_year: np.ndarray
    limits: tuple[Limit, ...]
    binding: tuple[Limit, ...] = ()
    blocked: tuple[tuple[int, int, str], ...] = ()
    gap: float = 0.0
    whole: bool = True

    def counts(self) -> np.ndarray:
        """(N, T) bool: where an fte more or less is shortage: short when nothing is done, or short in this plan. What a move takes
        from a role with people to spare costs nobody anything."""
        return (self.before > TINY) | (self.shortage > TINY)

    def by_lever(self) -> pd.DataFrame:
        """Per lever used: units, fte_years (net, in role-units and years that are short or would be), cost (euro),
        cost_per_fte_year (NaN when nothing is gained), lead_months (least), share (of the fte-years gained). Cheapest first."""
        years, rows, short = self.problem.years, [], self.counts()
        for at, measure in enumerate(self.problem.measures):
            start = self.starts[at]
            if start.sum() > TINY:
                rows.append(
                    (measure.lever, start.sum(), start @ closing(measure, short), start @ measure.unit_cost(years), measure.lead_months)
                )
        frame = pd.DataFrame(rows, columns=["lever", "units", "fte_years", "cost", "lead_months"])
        frame = frame.groupby("lever", as_index=False).agg(
            units=("units", "sum"), fte_years=("fte_years", "sum"), cost=("cost", "sum"), lead_months=("lead_months", "min")
        )
        gained = frame["fte_years"].clip(lower=0.0)
        frame["cost_per_fte_year"] = (frame["cost"] / gained).where(gained > TINY)
        frame["share"] = gained / gained.sum() if gained.sum() > 0 else 0.0
        frame = frame[(frame["units"] >= NAMED) | (frame["fte_years"].abs() >= NAMED)]
        return frame.sort_values(["cost_per_fte_year", "lever"], na_position="last", ignore_index=True)

    def mix(self) -> pd.DataFrame:
        """One row per measure and start year: measure, lever, GROUP of the target, year (index), units, fte_years, cost."""
        rows = []
        years, short = self.problem.years, self.counts()
        for at, year in np.argwhere(self.starts >= NAMED):
            measure, units = self.problem.measures[at], float(self.starts[at, year])
            where = self.problem.units.iloc[measure.target if measure.target >= 0 else measure.effects[0].at]
            gain, price = closing(measure, short)[year], measure.unit_cost(years)[year]
            rows.append(
                (measure.name, measure.lever, where.location, where.unit, where.role, int(year), units, units * gain, units * price)
            )
        return pd.DataFrame(rows, columns=["measure", "lever", "location", "unit", "role", "year", "units", "fte_years", "cost"])

    def by_year(self) -> pd.DataFrame:
        """year (index), before, after, surplus (fte, all role-units), effect (net fte of the measures; negative = the dip), cost."""
        effect = (gap_of(self.problem) - self.shortage + self.surplus).sum(axis=0)
        return pd.DataFrame(
            {
                "year": np.arange(self.problem.years),
                "before": self.before.sum(axis=0),
                "after": self.shortage.sum(axis=0),
                "surplus": self.surplus.sum(axis=0),
                "effect": effect,
                "cost": self.cost_by_year,
            }
        )


def solve(
    problem: Problem,
    *,
    target: np.ndarray | None = None,
    budget: float | None = None,
    whole: bool = True,
    gap: float = 0.001,
) -> Plan:
    """target: (T,) most fte short in all, per year (NaN = free) -> least cost; budget: euro over the plan -> least fte-years short.

    Exactly one of the two. An unreachable target gives the nearest possible plan with reached = False and what holds it back.
    Refusals: plan_empty (no role-units or years), plan_unknown_resource, plan_unknown_pool, plan_surplus (the ceiling on people
    without work cannot be kept).
    """
    if (target is None) == (budget is None):
        raise ValueError("give a target or a budget")
    if not len(problem.units) or not problem.years:
        raise Refusal("plan_empty")
    model = build(problem)
    if budget is not None:
        extra, most = budget_row(model, budget)
        goal = model.short + _COST_TIE * model.cost
        answer = optimise(model, goal, extra, most, whole=whole, gap=gap)
        if answer is None:
            raise Refusal("plan_surplus")
        return plan_of(model, "budget", answer, True, worth(model, answer.relaxed, [("budget", "", -1)]))
    extra, most, asked = target_rows(model, np.asarray(target, float))
    goal = model.cost + _SHORT_TIE * model.short
    answer = optimise(model, goal, extra, most, whole=whole, gap=gap)
    if answer is not None:
        return plan_of(model, "cost", answer, True, worth(model, answer.relaxed, [("target", "", year) for year in asked]))
    return _nearest(model, np.asarray(target, float), whole, gap)


def _nearest(model: Model, target: np.ndarray, whole: bool, gap: float) -> Plan:
    """Least fte-years above the target, whatever it costs; then the cheapest plan that gets that near."""
    extra, most, asked = target_rows(model, target)
    count = len(asked)
    minus = -csr_array(identity(count))
    blank = csr_array((model.below.shape[0], count))
    soft = replace(
        model,
        equal=csr_array(hstack([model.equal, csr_array((model.equal.shape[0], count))])),
        below=csr_array(vstack([hstack([model.below, blank]), hstack([extra, minus])])),
        at_most=np.concatenate([model.at_most, most]),
        labels=(*model.labels, *(("target", "", year) for year in asked)),
        upper=np.append(model.upper, np.full(count, np.inf)),
        whole=np.append(model.whole, np.zeros(count)),
    )
    over = np.append(np.zeros(len(model.cost)), np.ones(count))
    first = optimise(soft, over, csr_array((0, len(over))), np.zeros(0), whole=whole, gap=gap)
    if first is None:
        raise Refusal("plan_surplus")
    binding = tuple(limit for limit in worth(soft, first.relaxed, []) if limit.kind != "target")
    short = np.split(first.values[model.starts :], 2)[0].reshape(-1, model.problem.years).sum(axis=0)
    extra, most, _ = target_rows(model, np.where(np.isfinite(target), np.maximum(target, short) + 1e-6, np.nan))
    goal = model.cost + _SHORT_TIE * model.short
    answer = optimise(model, goal, extra, most, whole=whole, gap=gap)
    return _with_blocked(plan_of(model, "cost", answer or first, False, binding), target, binding)


def _with_blocked(plan: Plan, target: np.ndarray, binding: tuple[Limit, ...]) -> Plan:
    """Name the role-units and years that stay short and that no measure reaches, or none in time."""
    problem, found = plan.problem, []
    helped = np.zeros_like(plan.shortage, dtype=bool)
    ever = np.zeros(len(problem.units), bool)
    for measure in problem.measures:
        for effect in measure.effects:
            gains = np.array(effect.fte[: problem.years]) > TINY
            startable = np.array(measure.capacity[: problem.years]) > TINY
            for start in np.flatnonzero(startable):
                helped[effect.at, start:] |= gains[: problem.years - start]
            ever[effect.at] |= bool(gains.any())
    over = np.isfinite(target) & (plan.shortage.sum(axis=0) > np.nan_to_num(target) + 1e-6)
    for unit, year in np.argwhere(plan.shortage > 0.05):
        if over[year] and not helped[unit, year]:
            found.append((int(unit), int(year), "lead_time" if ever[unit] else "no_measure"))
    return replace(plan, binding=binding, blocked=tuple(found))


def plan_of(model: Model, mode: str, answer: Answer, reached: bool, limits: tuple[Limit, ...]) -> Plan:
    """Read an answer as a plan."""
    problem, years, starts = model.problem, model.problem.years, model.starts
    begun = answer.values[:starts].reshape(-1, years)
    cells = len(model.equal_to)
    shortage, surplus = (part.reshape(-1, years) for part in np.split(answer.values[starts : starts + 2 * cells], 2))
    by_year = np.zeros(years)
    for at, measure in enumerate(problem.measures):
        by_year += np.convolve(begun[at], measure.cost[:years])[:years]
    cost = float(model.cost @ answer.values[: len(model.cost)])
    before = np.maximum(gap_of(problem), 0.0)
    return Plan(problem, mode, reached, begun, shortage, surplus, before, cost, by_year, limits, gap=answer.gap, whole=answer.whole)

"""The cheapest way to keep a shortage within bounds, or the smallest shortage within a budget. Solver: HiGHS (scipy).

The programme itself is written out in `model.py`. Answers say what was reached, what it costs, what holds it back, and what one
more place or euro would bring (dual values of the plan with fractions).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array, hstack, vstack

from analytics.errors import Refusal
from analytics.plan.model import Model, Problem, budget_row, build, gap_of, target_rows

TINY = 1e-7
_SHORT_TIE = 1e-3  # euro per fte-year: of two equally cheap mixes the one with less shortage
_COST_TIE = 1e-9  # fte-year per euro: of two equally good mixes the cheaper


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that holds the plan back. kind: capacity, resource, wishes, pool, minimum_stay, team_share, surplus, budget, target;
    name: of the measure, resource or pool; year: index or -1 for all years; brings: what one more of it is worth, in euro saved
    (least cost) or fte-years of shortage less (budget), from the plan without whole numbers."""

    kind: str
    name: str
    year: int
    brings: float


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

    def by_lever(self) -> pd.DataFrame:
        """Per lever used: units, fte_years (net, over all role-units), cost (euro), cost_per_fte_year (NaN when nothing is
        gained), lead_months (least), share (of the fte-years gained). Cheapest first."""
        years, rows = self.problem.years, []
        for at, measure in enumerate(self.problem.measures):
            start = self.starts[at]
            if start.sum() > TINY:
                rows.append(
                    (measure.lever, start.sum(), start @ measure.fte_years(years), start @ measure.unit_cost(years), measure.lead_months)
                )
        frame = pd.DataFrame(rows, columns=["lever", "units", "fte_years", "cost", "lead_months"])
        frame = frame.groupby("lever", as_index=False).agg(
            units=("units", "sum"), fte_years=("fte_years", "sum"), cost=("cost", "sum"), lead_months=("lead_months", "min")
        )
        gained = frame["fte_years"].clip(lower=0.0)
        frame["cost_per_fte_year"] = (frame["cost"] / gained).where(gained > TINY)
        frame["share"] = gained / gained.sum() if gained.sum() > 0 else 0.0
        return frame.sort_values(["cost_per_fte_year", "lever"], na_position="last", ignore_index=True)

    def mix(self) -> pd.DataFrame:
        """One row per measure and start year: measure, lever, GROUP of the target, year (index), units, fte_years, cost."""
        rows = []
        years = self.problem.years
        for at, year in np.argwhere(self.starts > TINY):
            measure, units = self.problem.measures[at], float(self.starts[at, year])
            where = self.problem.units.iloc[measure.target if measure.target >= 0 else measure.effects[0].at]
            worth, price = measure.fte_years(years)[year], measure.unit_cost(years)[year]
            rows.append(
                (measure.name, measure.lever, where.location, where.unit, where.role, int(year), units, units * worth, units * price)
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


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Of one solve: values of all columns, proven gap, and whether whole numbers were kept."""

    values: np.ndarray
    gap: float
    whole: bool


def optimise(
    model: Model,
    goal: np.ndarray,
    extra: csr_array,
    extra_most: np.ndarray,
    *,
    whole: bool = True,
    seconds: float = 5.0,
    gap: float = 0.001,
) -> Answer | None:
    """Least `goal` under the model and the extra rows; None when impossible. Without a whole answer in time, the one with fractions."""
    below = csr_array(vstack([model.below, extra]))
    most = np.concatenate([model.at_most, extra_most])
    rules = [LinearConstraint(model.equal, model.equal_to, model.equal_to)]
    if below.shape[0]:
        rules.append(LinearConstraint(below, -np.inf, most))
    marks = model.whole if whole else np.zeros_like(model.whole)
    found = milp(
        goal, integrality=marks, bounds=Bounds(0, model.upper), constraints=rules, options={"time_limit": seconds, "mip_rel_gap": gap}
    )
    if found.x is None:
        if whole and marks.any() and found.status == 1:
            return optimise(model, goal, extra, extra_most, whole=False, seconds=seconds, gap=gap)
        return None
    values = np.maximum(found.x, 0.0)
    values[marks > 0] = np.round(values[marks > 0])
    return Answer(_settle(model, values), float(found.mip_gap or 0.0), bool(marks.any()) or not model.whole.any())


def _settle(model: Model, values: np.ndarray) -> np.ndarray:
    """Shortage and surplus exactly as the starts make them: never both in one role-unit and year."""
    starts, cells = model.starts, len(model.equal_to)
    left = model.equal_to - model.effect @ values[:starts]
    return np.concatenate([values[:starts], np.maximum(left, 0.0), np.maximum(-left, 0.0)]) if cells else values


def solve(
    problem: Problem,
    *,
    target: np.ndarray | None = None,
    budget: float | None = None,
    whole: bool = True,
    seconds: float = 3.0,
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
        answer = optimise(model, goal, extra, most, whole=whole, seconds=seconds, gap=gap)
        return _plan(model, "budget", _kept(answer), True, _worth(model, goal, extra, most, [("budget", "", -1)]))
    extra, most, asked = target_rows(model, np.asarray(target, float))
    goal = model.cost + _SHORT_TIE * model.short
    labels = [("target", "", year) for year in asked]
    answer = optimise(model, goal, extra, most, whole=whole, seconds=seconds, gap=gap)
    if answer is not None:
        return _plan(model, "cost", answer, True, _worth(model, goal, extra, most, labels))
    return _nearest(model, np.asarray(target, float), whole, seconds, gap)


def _kept(answer: Answer | None) -> Answer:
    if answer is None:
        raise Refusal("plan_surplus")
    return answer


def _nearest(model: Model, target: np.ndarray, whole: bool, seconds: float, gap: float) -> Plan:
    """Least fte-years above the target, whatever it costs; then the cheapest plan that gets that near."""
    extra, most, asked = target_rows(model, target)
    count = len(asked)
    minus = csr_array(coo_array((-np.ones(count), (np.arange(count), np.arange(count))), shape=(count, count)))
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
    bounds = np.column_stack([np.zeros_like(soft.upper), soft.upper])
    relaxed = linprog(over, soft.below, soft.at_most, soft.equal, soft.equal_to, bounds, "highs")
    first = optimise(soft, over, csr_array((0, len(over))), np.zeros(0), whole=whole, seconds=seconds, gap=gap)
    if relaxed.x is None or first is None:
        raise Refusal("plan_surplus")
    binding = tuple(limit for limit in _limits(soft, relaxed, []) if limit.kind != "target")
    short = np.split(first.values[model.starts :], 2)[0].reshape(-1, model.problem.years).sum(axis=0)
    extra, most, _ = target_rows(model, np.where(np.isfinite(target), np.maximum(target, short) + 1e-6, np.nan))
    goal = model.cost + _SHORT_TIE * model.short
    answer = optimise(model, goal, extra, most, whole=whole, seconds=seconds, gap=gap)
    return _with_blocked(_plan(model, "cost", answer or first, False, binding), target, binding)


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


def _plan(model: Model, mode: str, answer: Answer, reached: bool, limits: tuple[Limit, ...]) -> Plan:
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


def _worth(model: Model, goal: np.ndarray, extra: csr_array, most: np.ndarray, labels: list[tuple[str, str, int]]) -> tuple[Limit, ...]:
    """What one more of each limit brings, from the plan with fractions (its dual values)."""
    below = csr_array(vstack([model.below, extra]))
    bounds = np.column_stack([np.zeros_like(model.upper), model.upper])
    relaxed = linprog(goal, below if below.shape[0] else None, np.append(model.at_most, most) if below.shape[0] else None, model.equal,
                      model.equal_to, bounds, "highs")  # fmt: skip
    return () if relaxed.x is None else _limits(model, relaxed, labels)


def _limits(model: Model, relaxed: object, labels: list[tuple[str, str, int]]) -> tuple[Limit, ...]:
    years, found = model.problem.years, []
    rows = -np.asarray(relaxed.ineqlin.marginals)  # type: ignore[attr-defined]
    for (kind, name, year), worth in zip([*model.labels, *labels], rows, strict=True):
        if worth > TINY:
            found.append(Limit(kind, name, year, float(worth)))
    for column in np.flatnonzero(-np.asarray(relaxed.upper.marginals)[: model.starts] > TINY):  # type: ignore[attr-defined]
        measure = model.problem.measures[column // years]
        found.append(Limit("capacity", measure.name, int(column % years), float(-relaxed.upper.marginals[column])))  # type: ignore[attr-defined]
    return tuple(sorted(found, key=lambda limit: (-limit.brings, limit.kind, limit.name, limit.year)))

"""Different plans that are nearly as good: what would have to be true for each.

Modelling to generate alternatives, hop-skip-jump (Brill, Chang & Hopkins 1982, Management Science 28): stay within a few percent
of the optimum and use as little as possible of the levers the earlier mixes leaned on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, vstack

from analytics.plan.model import Model, budget_row, build, closing, gap_of, target_rows
from analytics.plan.programme import Plan, plan_of
from analytics.plan.solver import Answer, optimise

SLACK = 0.05
_LEAST_DIFFERENCE = 0.05
_TIE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """plan; shares: lever -> part of the fte-years gained (sums to 1, empty when nothing is done); difference: distance to the
    nearest earlier mix, 0 (the same levers) to 1 (none in common); extra: cost above the cheapest (euro), or fte-years short more
    than the best (budget mode)."""

    plan: Plan
    shares: dict[str, float]
    difference: float
    extra: float


def mixes(
    best: Plan,
    *,
    target: np.ndarray | None = None,
    budget: float | None = None,
    count: int = 3,
    slack: float = SLACK,
    whole: bool = True,
    gap: float = 0.02,
    tell: Callable[[float], None] | None = None,
) -> tuple[Mix, ...]:
    """The best plan and up to count - 1 clearly different ones within `slack` of it (at least 5 % of the gain by other levers).

    Give the same target or budget as for `solve`. In cost mode "within" is cost, in budget mode the fte-years closed. A plan that
    did not reach its target has no alternatives: it already takes all there is. `tell` hears the share that is done (0-1).
    """
    found = [mix_of(best)]
    if not best.reached or not best.problem.measures or best.starts.sum() <= 0:
        return tuple(found)
    model = build(best.problem)
    rows, most = _near(model, best, target, budget, slack)
    gains = np.concatenate([np.maximum(closing(m, best.counts()), 0.0) for m in model.problem.measures])
    levers = np.repeat([m.lever for m in model.problem.measures], model.problem.years)
    leaned = dict(found[0].shares)
    while len(found) < count:
        if tell:
            tell(len(found) / count)
        weight = np.array([leaned.get(lever, 0.0) for lever in levers])
        goal = np.zeros(len(model.cost))
        goal[: model.starts] = weight * gains
        scale = max(float(goal.max()), 1e-9) / max(float(model.cost.max()), 1.0)
        answer = optimise(model, goal + _TIE * scale * model.cost + 1e-9 * model.short, rows, most, whole=whole, gap=gap)
        if answer is None:
            break
        mix = _mix(model, best, answer, found)
        for lever, share in mix.shares.items():
            leaned[lever] = leaned.get(lever, 0.0) + share
        if mix.difference < _LEAST_DIFFERENCE:
            break
        found.append(mix)
    return tuple(found)


def mix_of(best: Plan) -> Mix:
    """The best plan as the first of its mixes."""
    return Mix(best, shares(best), 0.0, 0.0)


def _near(model: Model, best: Plan, target: np.ndarray | None, budget: float | None, slack: float) -> tuple[csr_array, np.ndarray]:
    if best.mode == "cost":
        rows, most, _ = target_rows(model, np.asarray(target, float))
        return csr_array(vstack([rows, csr_array(model.cost[None])])), np.append(most, best.cost * (1 + slack) + 1e-6)
    rows, most = budget_row(model, float(budget or 0.0))
    before = np.maximum(gap_of(model.problem), 0.0).sum()
    closed = before - best.shortage.sum()
    return csr_array(vstack([rows, csr_array(model.short[None])])), np.append(most, before - (1 - slack) * closed + 1e-6)


def _mix(model: Model, best: Plan, answer: Answer, earlier: list[Mix]) -> Mix:
    plan = plan_of(model, best.mode, answer, True, ())
    part = shares(plan)
    extra = plan.cost - best.cost if best.mode == "cost" else float(plan.shortage.sum() - best.shortage.sum())
    return Mix(plan, part, min(difference(part, other.shares) for other in earlier), extra)


def shares(plan: Plan) -> dict[str, float]:
    """Part of the fte-years gained per lever."""
    table = plan.by_lever()
    return {lever: float(share) for lever, share in zip(table["lever"], table["share"], strict=True) if share > 0}


def difference(one: dict[str, float], other: dict[str, float]) -> float:
    """Half the sum of absolute differences in shares: 0 the same, 1 nothing in common."""
    return 0.5 * sum(abs(one.get(lever, 0.0) - other.get(lever, 0.0)) for lever in {*one, *other})


def compare(found: tuple[Mix, ...]) -> pd.DataFrame:
    """Mixes side by side: mix (0 = the cheapest), lever, units, fte_years, cost, cost_per_fte_year, lead_months: what each asks of
    the firm, that is what would have to be true."""
    tables = [mix.plan.by_lever().assign(mix=at) for at, mix in enumerate(found)]
    columns = ["mix", "lever", "units", "fte_years", "cost", "cost_per_fte_year", "lead_months"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def lever_prices(plan: Plan) -> pd.DataFrame:
    """Cost per person-year of every measure on offer, used or not, started in the first possible year; cheapest first.

    Columns: measure, lever, cost_per_fte_year (NaN where nothing is gained within the plan), fte_years, cost, lead_months, capacity
    (units over the plan).
    """
    rows = []
    years, counts = plan.problem.years, plan.counts()
    for measure in plan.problem.measures:
        open_years = np.flatnonzero(np.array(measure.capacity[:years]) > 0)
        if not len(open_years):
            continue
        gain, cost = closing(measure, counts)[open_years[0]], measure.unit_cost(years)[open_years[0]]
        capacity = min(float(sum(measure.capacity[:years])), measure.limit)
        rows.append((measure.name, measure.lever, cost / gain if gain > 0 else np.nan, gain, cost, measure.lead_months, capacity))
    frame = pd.DataFrame(rows, columns=["measure", "lever", "cost_per_fte_year", "fte_years", "cost", "lead_months", "capacity"])
    return frame.sort_values(["cost_per_fte_year", "measure"], na_position="last", ignore_index=True)

"""What closes the gap, at what cost: the cheapest mix of measures, near-optimal others, and what holds a plan back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.plan.costs import costs_on
from analytics.plan.growing import LEARNERS_PER_MENTOR
from analytics.plan.mixes import Mix, compare, lever_prices, mix_of, mixes
from analytics.plan.offer import Offer, problem
from analytics.plan.programme import Plan, solve
from analytics.plan.standing import standing
from analytics.projection import Projection, later
from analytics.release import Viewer
from analytics.scenario import Scenario
from analytics.workforce import Scope
from workflows.abilities import abilities, kept, routes_between
from workflows.access import Right, may, require
from workflows.ground import freed, ground_of, inside_of
from workflows.owned import owned
from workflows.prepared import Prepared, prepared
from workflows.workspace import Workspace

TELL = Callable[[float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """years: the calendar years of the plan. levers: Plan.by_lever; mix: Plan.mix with calendar years; path: Plan.by_year with
    calendar years; prices: every measure on offer; others: near-optimal mixes side by side (mix 0 = the cheapest); extra: per mix
    euro (or fte-years) more than the best; binding, limits: kind, name, year (0 = all), brings; blocked: role, year, why.
    whole False: no plan in whole people was found and amounts have fractions (look at it before `gap`); gap: proven
    distance to the optimum (0 = proven). every: all levers, see `analytics.plan.standing`. scope: what it is
    a plan for. Amounts are NaN without the right to
    money, costs are over and above pay."""

    as_of: date
    sample: bool
    years: tuple[int, ...]
    mode: str
    reached: bool
    whole: bool
    gap: float
    cost: float
    target: float
    budget: float
    levers: pd.DataFrame
    mix: pd.DataFrame
    path: pd.DataFrame
    prices: pd.DataFrame
    others: pd.DataFrame
    extra: tuple[float, ...]
    limits: pd.DataFrame
    binding: pd.DataFrame
    blocked: pd.DataFrame
    facts: dict[str, float | int | str]
    found: tuple[Mix, ...]
    every: pd.DataFrame
    scope: Scope

    @property
    def until(self) -> date:
        """The day the last year ends. A plan counts the mean of each year; the outlook says what is short on that day."""
        return later(self.as_of, len(self.years))


def plan(
    viewer: Viewer,
    workspace: Workspace,
    scenario: Scenario | None = None,
    scope: Scope | None = None,
    year: int | None = None,
    target: float | None = None,
    budget: float | None = None,
    tell: TELL | None = None,
) -> Planned:
    """target: most fte short, in all, in the last year; or budget: euro over the plan. Neither: half of the shortage left.

    Refusals: not_allowed, no_data, nothing_in_scope, nothing_short (there is no shortage to plan for), those of `solve`.
    """
    ask = _asked(viewer, workspace, scenario, scope, year, target, budget)

    def make() -> Planned:
        cheapest = _cheapest(viewer, workspace, ask, tell)
        found = mixes(cheapest.best, target=cheapest.wanted, budget=budget, count=3, tell=_second_half(tell))
        return _told(viewer, cheapest, found, ask)

    return kept(viewer, workspace, "plan", make, *ask)


def decided(
    viewer: Viewer, workspace: Workspace, scenario: Scenario | None = None, scope: Scope | None = None, year: int | None = None
) -> Planned:
    """The plan that halves the shortage without its near-optimal others, which take half of the time: `others` knows mix 0 alone."""
    ask = _asked(viewer, workspace, scenario, scope, year, None, None)

    def make() -> Planned:
        cheapest = _cheapest(viewer, workspace, ask, None)
        return _told(viewer, cheapest, (mix_of(cheapest.best),), ask)

    return kept(viewer, workspace, "plan_decided", make, *ask)


def _second_half(tell: TELL | None) -> TELL | None:
    """Progress of the other mixes, as the second half of all."""
    return None if tell is None else lambda share: tell(0.5 + share / 2)


class Ask(NamedTuple):
    """What a plan is asked for. freed: of the register of controls, which is no part of the data's fingerprint."""

    scenario: Scenario
    scope: Scope
    year: int | None
    target: float | None
    budget: float | None
    freed: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Cheapest:
    """The best plan and what it was made from; wanted: the most fte short per year (NaN: any), None with a budget."""

    ready: Prepared
    ahead: Projection
    best: Plan
    wanted: np.ndarray | None
    before: float


def _asked(
    viewer: Viewer,
    workspace: Workspace,
    scenario: Scenario | None,
    scope: Scope | None,
    year: int | None,
    target: float | None,
    budget: float | None,
) -> Ask:
    require(viewer, Right.GROUPS)
    if budget is not None:  # how far an amount goes is an amount
        require(viewer, Right.MONEY)
    return Ask(scenario or Scenario(), scope or Scope(), year, target, budget, freed(viewer, workspace))


def _cheapest(viewer: Viewer, workspace: Workspace, ask: Ask, tell: TELL | None) -> Cheapest:
    return kept(viewer, workspace, "plan_cheapest", lambda: _solved(viewer, workspace, ask, tell), *ask)


def _solved(viewer: Viewer, workspace: Workspace, ask: Ask, tell: TELL | None) -> Cheapest:
    scenario, scope, year, target, budget, _ = ask
    ready = prepared(workspace, viewer, None)
    inside = inside_of(ready, viewer, scope)
    ahead = ready.project(scenario, 10)
    horizon = min(max((year or ahead.as_of.year + 5) - ahead.as_of.year, 1), 10)
    ground = ground_of(viewer, workspace, ready, ahead, scenario, inside, horizon)
    before = float(np.maximum(ground.demand[:, -1] - ground.supply[:, -1], 0.0).sum())
    if float(np.maximum(ground.demand - ground.supply, 0.0).sum()) < 0.5:
        raise Refusal("nothing_short")
    if tell:
        tell(0.1)
    net = routes_between(viewer, workspace) if abilities(viewer, workspace).required else None
    task = problem(ground, net, Offer(costs=costs_on(ahead.as_of, owned(workspace).amounts)))
    wanted = None
    if budget is None:
        wanted = np.full(horizon, np.nan)
        wanted[-1] = before / 2 if target is None else target
    best = solve(task, target=wanted, budget=budget, gap=0.01)
    if tell:
        tell(0.5)
    return Cheapest(ready, ahead, best, wanted, before)


def _told(viewer: Viewer, cheapest: Cheapest, found: tuple[Mix, ...], ask: Ask) -> Planned:
    ready, ahead, best, before = cheapest.ready, cheapest.ahead, cheapest.best, cheapest.before
    target = np.nan if cheapest.wanted is None else float(cheapest.wanted[-1])
    first = ahead.as_of.year
    years = tuple(first + step for step in range(best.problem.years))
    levers, mix, path, prices, others = best.by_lever(), best.mix(), best.by_year(), lever_prices(best), compare(found)
    for frame in (mix, path):
        frame["year"] = first + frame["year"]
    every = standing(best, costs_on(ahead.as_of, ready.own.amounts).open_post())
    extra = tuple(one.extra for one in found)
    cost = best.cost
    limits, binding = _limits(best.limits, first), _limits(best.binding, first)
    if not may(viewer, Right.MONEY):
        for frame in (levers, mix, path, prices, others, every):
            for name in ("cost", "cost_per_fte_year"):
                if name in frame:
                    frame[name] = np.nan
        cost, extra = np.nan, tuple(np.nan for _ in extra)
        if best.mode == "cost":
            limits["brings"], binding["brings"] = np.nan, np.nan
    roles = best.problem.units["role"]
    blocked = pd.DataFrame([(roles.iloc[unit], first + at, why) for unit, at, why in best.blocked], columns=["role", "year", "why"])
    after = float(best.shortage[:, -1].sum())
    closed = float(best.before.sum() - best.shortage.sum())
    dip = float(path["effect"].iloc[0]) if len(path) else 0.0
    facts = {
        "before": before,
        "after": after,
        "closed_share": 1 - after / before if before > 0 else 0.0,
        "closed_years": closed,
        "per_year": cost / closed if closed > 0 else float("nan"),
        "first_effect": dip,
        "levers": len(levers),
        "measures": len(best.problem.measures),
        **_mentors_told(best),
        "gap_left": after - (target if target == target else after),
        "year": years[-1],
    }
    return Planned(
        ahead.as_of,
        ready.sample,
        years,
        best.mode,
        best.reached,
        best.whole,
        best.gap,
        cost,
        target,
        float("nan") if ask.budget is None else ask.budget,
        levers,
        mix,
        path,
        prices,
        others,
        extra,
        limits,
        binding,
        blocked,
        facts,
        found,
        every,
        ask.scope,
    )


def _mentors_told(best: Plan) -> dict[str, float]:
    """How many more learners there is room for in the first and the last year, and how many places are used and on offer."""
    room = best.problem.resources["mentors"] * LEARNERS_PER_MENTOR
    offered = [at for at, measure in enumerate(best.problem.measures) if measure.lever == "apprentices"]
    return {
        "room_first": float(room[0]),
        "room_last": float(room[-1]),
        "places_offered": float(sum(best.problem.measures[at].capacity[0] for at in offered)),
    }


def _limits(limits: tuple, first: int) -> pd.DataFrame:
    rows = [(limit.kind, limit.name, first + limit.year if limit.year >= 0 else 0, limit.brings) for limit in limits]
    return pd.DataFrame(rows, columns=["kind", "name", "year", "brings"])

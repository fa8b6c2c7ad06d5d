"""The classic manpower planning problem: H. P. Williams, Model Building in Mathematical Programming, problem 12.5.

Three kinds of workers, three years. Published optima: least redundancies 841.8, least cost 498 677 pounds. Solved with the
product's own programme: hiring, retraining, downgrading, redundancy and short time are measures, overmanning is surplus.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.plan.measures import Effect, Measure
from analytics.plan.model import Problem
from analytics.plan.programme import Plan, solve

KINDS = ("unskilled", "semi-skilled", "skilled")
NOW = np.array([2000.0, 1500, 1000])
NEEDED = np.array([[1000.0, 500, 0], [1400, 2000, 2500], [1000, 1500, 2000]])
STAY = np.array([0.90, 0.95, 0.95])  # after the first year of service
FIRST = np.array([0.75, 0.80, 0.90])
YEARS = 3


def _fade(kind: int, size: float) -> tuple[float, ...]:
    return tuple(size * STAY[kind] ** np.arange(YEARS))


def _measure(name: str, effects: list[Effect], capacity: float, cost: float, **more: object) -> Measure:
    return Measure(name, "x", tuple(effects), (capacity,) * YEARS, (cost, 0.0, 0.0), whole=False, **more)  # type: ignore[arg-type]


def _solve(redundancies_only: bool) -> Plan:
    pay = 0.0 if redundancies_only else 1.0
    measures = []
    for kind, places in enumerate((500, 800, 500)):
        measures.append(_measure(f"hire {kind}", [Effect(kind, _fade(kind, FIRST[kind]))], places, 0.0))
    for low, places, cost in ((0, 200, 400), (1, np.inf, 500)):
        effects = [Effect(low, _fade(low, -1.0)), Effect(low + 1, _fade(low + 1, STAY[low + 1]))]
        more = {"team_share": 0.25, "target": 2} if low == 1 else {}
        measures.append(_measure(f"train {low}", effects, places, cost * pay, **more))
    for high, low in ((1, 0), (2, 0), (2, 1)):
        effects = [Effect(high, _fade(high, -1.0)), Effect(low, _fade(low, 0.5))]
        measures.append(_measure(f"down {high}{low}", effects, np.inf, 0.0))
    for kind, cost in enumerate((200, 500, 500)):
        measures.append(_measure(f"redundant {kind}", [Effect(kind, _fade(kind, -1.0))], np.inf, cost if pay else 1.0))
    for kind, cost in enumerate((500, 400, 400)):
        half = Effect(kind, (-0.5, 0.0, 0.0), staff=False)
        measures.append(_measure(f"short time {kind}", [half], 50, cost * pay))
    supply = NOW[:, None] * STAY[:, None] ** np.arange(1, YEARS + 1)
    units = pd.DataFrame({"location": "", "unit": "", "role": KINDS})
    surplus_cost = np.array([1500.0, 2000, 3000]) * pay
    problem = Problem(units, supply, NEEDED, tuple(measures), surplus_cost=surplus_cost, surplus_limit=np.full(YEARS, 150.0))
    return solve(problem, target=np.zeros(YEARS))


def test_least_redundancies() -> None:
    plan = _solve(redundancies_only=True)
    assert plan.reached
    assert plan.cost == pytest.approx(841.8, abs=0.05)


def test_least_cost() -> None:
    plan = _solve(redundancies_only=False)
    assert plan.cost == pytest.approx(498_677, abs=1)
    assert plan.shortage.max() < 1e-6
    gone = sum(plan.starts[at].sum() for at, m in enumerate(plan.problem.measures) if m.name.startswith("redundant"))
    assert gone == pytest.approx(1423.7, abs=0.1)

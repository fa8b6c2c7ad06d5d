"""The optimiser: against brute force, each limit by hand, impossible targets named, speed."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pandas as pd
import pytest

from analytics.errors import Refusal
from analytics.plan.measures import (
    Costs,
    Effect,
    Measure,
    apprentices,
    cost_profile,
    movers,
    per_year,
    profile,
    recruit,
    simple,
    train,
)  # fmt: skip
from analytics.plan.mixes import lever_prices
from analytics.plan.model import Problem
from analytics.plan.programme import Plan, solve


def _units(*roles: str) -> pd.DataFrame:
    return pd.DataFrame({"location": "", "unit": "U", "role": list(roles)})


def _problem(gap: list[list[float]], measures: list[Measure], **more: object) -> Problem:
    demand = np.array(gap, float) + 100
    return Problem(_units(*[f"r{i}" for i in range(len(gap))]), np.full(demand.shape, 100.0), demand, tuple(measures), **more)  # type: ignore[arg-type]


def _plain(name: str, at: int = 0, capacity: float = 10, cost: float = 1.0, years: int = 2, **more: object) -> Measure:
    return Measure(name, name, (Effect(at, (1.0,) * years),), (capacity,) * years, (cost, *([0.0] * (years - 1))), target=at, **more)  # type: ignore[arg-type]


# measures ------------------------------------------------------------------------------------------------------------


def test_profile_by_hand() -> None:
    """Lead time 4 months: 8/12 of year 0. Settling in 6 months at 0.6: months 5-10 at 0.6, 11-12 at 1. Learning 0.3 fte-year first."""
    assert profile(2, 4, settle_worth=1.0) == pytest.approx((8 / 12, 1.0))
    assert profile(2, 4, settle_months=6) == pytest.approx(((6 * 0.6 + 2) / 12, 1.0))
    assert profile(2, 6, settle_worth=1.0, dip=0.3)[0] == pytest.approx(0.5 - 0.3)
    assert profile(3, 0, settle_worth=1.0, lasts_years=1) == pytest.approx((1.0, 0.0, 0.0))
    kept = profile(3, 0, settle_worth=1.0, keep=0.8)
    assert kept[1] / kept[0] == pytest.approx(0.8)
    assert kept[0] == pytest.approx(np.mean(0.8 ** ((np.arange(12) + 0.5) / 12)))
    assert profile(1, 18) == (0.0,)


def test_people_who_can_be_asked() -> None:
    assert movers(10, 20) == 10  # 7 + 3
    assert movers(1) == 0
    assert movers(0, 0) == 0


def test_retraining_costs_supply_first() -> None:
    measure = train("r", 0, 1, 4, 5, 3, hours=690, months=12, success=1.0, keep=1.0, settle_months=0, price=1000, hour_cost=50)
    by_unit = {effect.at: effect.fte for effect in measure.effects}
    assert by_unit[0] == pytest.approx((-0.5, -1, -1, -1))
    assert by_unit[1] == pytest.approx((0, 1, 1, 1))
    assert measure.cost == pytest.approx((1000 + 690 * 50 + 1500, 0, 0, 0))
    inside = train("r", -1, 1, 2, 5, 3, hours=690, months=6, success=1.0, keep=1.0, settle_months=0)
    assert inside.effects[0].fte[0] == pytest.approx(0.5 - 0.5)
    assert len(inside.effects) == 1


def test_apprentices_use_mentors_while_at_school() -> None:
    measure = apprentices("bbl", 0, 4, 5, learner_fte=0.4, success=0.6, keep=1.0)
    assert measure.effects[0].fte == pytest.approx((0.3, 0.3, 0.6, 0.6))
    assert dict(measure.uses)["mentors"] == pytest.approx((0.5, 0.5, 0, 0))


def test_cost_of_an_open_post() -> None:
    assert Costs().open_post() == 55_200
    assert Costs().open_post() / 12 == pytest.approx(4_600)  # the default of the cost table
    assert cost_profile(2, 5, (0.5, 1.0), 10) == (10, 10)


# the programme --------------------------------------------------------------------------------------------------------


def test_cheapest_lever_first_then_the_next() -> None:
    plan = solve(_problem([[5, 5]], [_plain("cheap", capacity=3, cost=10), _plain("dear", cost=100)]), target=np.zeros(2))
    assert plan.reached
    assert plan.cost == pytest.approx(3 * 10 + 2 * 100)
    table = plan.by_lever().set_index("lever")
    assert table["units"].to_dict() == {"cheap": 3, "dear": 2}
    assert table.loc["cheap", "cost_per_fte_year"] == 5.0  # 10 euro for two years
    assert plan.by_year()["after"].tolist() == [0, 0]


def test_budget_buys_the_most() -> None:
    plan = solve(_problem([[5, 5]], [_plain("cheap", capacity=3, cost=10), _plain("dear", cost=100)]), budget=130)
    assert plan.shortage.sum() == 2  # three cheap at once and two more next year; a dear one does not fit any more
    assert plan.cost_by_year.tolist() == [30, 20]
    best = next(limit for limit in plan.limits if limit.kind == "budget")
    assert best.brings == pytest.approx(1 / 90, rel=1e-3)  # a dear one now (100) saves a cheap one next year (10)


def test_one_more_place_in_plain_terms() -> None:
    """The third cheap place replaces a dear one: it saves 90 euro."""
    plan = solve(_problem([[5, 5]], [_plain("cheap", capacity=3, cost=10), _plain("dear", cost=100)]), target=np.array([0.0, np.nan]))
    place = next(limit for limit in plan.limits if (limit.kind, limit.name, limit.year) == ("capacity", "cheap", 0))
    assert place.brings == pytest.approx(90, abs=0.01)
    asked = next(limit for limit in plan.limits if limit.kind == "target")
    assert asked.brings == pytest.approx(100, abs=0.01)


def _random_problem(seed: int) -> Problem:
    rng = np.random.default_rng(seed)
    measures = []
    for at in range(4):
        effects = [Effect(int(rng.integers(0, 2)), tuple(rng.choice([-0.25, 0, 0.5, 1.0], 2)))]
        if rng.random() < 0.5:
            effects.append(Effect(int(rng.integers(0, 2)), tuple(rng.choice([-1.0, -0.5, 0.0], 2))))
        capacity = tuple(float(v) for v in rng.integers(0, 3, 2))
        uses = (("mentors", (1.0, 0.5)),) if rng.random() < 0.6 else ()
        limit = float(rng.integers(1, 4))
        cost = tuple(float(v) for v in rng.integers(1, 50, 2))
        pool = "p" if at < 2 else ""
        measures.append(Measure(f"m{at}", f"m{at}", tuple(effects), capacity, cost, uses, limit=limit, pool=pool, target=0))
    gap = rng.integers(-2, 5, (2, 2)).astype(float)
    return _problem(gap.tolist(), measures, resources={"mentors": rng.integers(1, 4, 2).astype(float)}, pools={"p": 3.0})


def _every_plan(problem: Problem) -> list[tuple[float, np.ndarray]]:
    """Cost and yearly shortage of every whole plan within the limits, written out without matrices."""
    found = []
    ranges = [range(int(m.capacity[y]) + 1) for m in problem.measures for y in range(2)]
    for flat in itertools.product(*ranges):
        x = np.array(flat, float).reshape(-1, 2)
        if any(x[i].sum() > m.limit for i, m in enumerate(problem.measures)) or x[:2].sum() > problem.pools["p"]:
            continue
        used = [sum(x[i, 0] * 1.0 for i, m in enumerate(problem.measures) if m.uses)]
        used.append(sum(x[i, 1] * 1.0 + x[i, 0] * 0.5 for i, m in enumerate(problem.measures) if m.uses))
        if any(used[y] > problem.resources["mentors"][y] for y in range(2)):
            continue
        left = problem.demand - problem.supply
        cost = 0.0
        for i, m in enumerate(problem.measures):
            cost += x[i, 0] * sum(m.cost) + x[i, 1] * m.cost[0]
            for effect in m.effects:
                left = left.copy()
                left[effect.at] -= [x[i, 0] * effect.fte[0], x[i, 0] * effect.fte[1] + x[i, 1] * effect.fte[0]]
        found.append((cost, np.maximum(left, 0).sum(axis=0)))
    return found


@pytest.mark.parametrize("seed", range(10))
def test_against_every_possible_plan(seed: int) -> None:
    problem = _random_problem(seed)
    every = _every_plan(problem)
    least = min(short.sum() for _, short in every)
    target = np.full(2, np.ceil(least / 2 + 0.5))
    possible = [cost for cost, short in every if (short <= target + 1e-9).all()]
    plan = solve(problem, target=target, gap=1e-9)
    assert plan.reached == bool(possible)
    if possible:
        assert plan.cost == pytest.approx(min(possible), abs=1e-6)
    budget = 40.0
    affordable = min(short.sum() for cost, short in every if cost <= budget)
    assert solve(problem, budget=budget, gap=1e-9).shortage.sum() == pytest.approx(affordable, abs=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_answers_keep_every_limit_and_the_balance(seed: int) -> None:
    problem = _random_problem(seed)
    plan = solve(problem, budget=60.0)
    assert np.allclose(plan.starts, plan.starts.round())
    capacity = np.array([m.capacity for m in problem.measures])
    assert (plan.starts <= capacity + 1e-9).all()
    effect = np.zeros_like(problem.demand)
    for at, measure in enumerate(problem.measures):
        for part in measure.effects:
            effect[part.at] += np.convolve(plan.starts[at], part.fte)[:2]
    assert np.allclose(problem.supply + effect + plan.shortage - plan.surplus, problem.demand)
    assert not ((plan.shortage > 1e-9) & (plan.surplus > 1e-9)).any()
    assert plan.by_year()["effect"].to_numpy() == pytest.approx(effect.sum(axis=0))
    assert plan.cost_by_year.sum() == pytest.approx(plan.cost)
    assert plan.by_lever()["cost"].sum() == pytest.approx(plan.cost)
    assert plan.mix()["cost"].sum() == pytest.approx(plan.cost)
    assert plan.mix()["fte_years"].sum() == pytest.approx(effect[plan.counts()].sum())
    assert plan.by_lever()["fte_years"].sum() == pytest.approx(effect[plan.counts()].sum())


def test_more_budget_never_leaves_more_short() -> None:
    problem = _random_problem(3)
    short = [solve(problem, budget=float(b), gap=1e-9).shortage.sum() for b in (0, 20, 40, 80, 160)]
    assert all(after <= before + 1e-9 for before, after in itertools.pairwise(short))


def test_no_move_against_a_wish() -> None:
    """Ten places, three people wish it and say yes: three move, however short the target is."""
    measure = train("r0-r1", 0, 1, 2, 10, 3, months=0, success=1.0, keep=1.0, settle_months=0, hours=0)
    problem = _problem([[-20, -20], [8, 8]], [measure], resources={"training_places": np.full(2, 10.0)})
    plan = solve(problem, target=np.zeros(2))
    assert not plan.reached
    assert plan.starts.sum() == 3
    assert [limit.kind for limit in plan.binding] == ["wishes"]
    assert plan.binding[0].name == "r0-r1"


def test_people_of_one_pool_move_once() -> None:
    moves = [train(f"r0-r{to}", 0, to, 2, 10, 9, months=0, success=1.0, keep=1.0, settle_months=0, hours=0, pool="r0") for to in (1, 2)]
    problem = _problem([[-9, -9], [4, 4], [4, 4]], moves, resources={"training_places": np.full(2, 20.0)}, pools={"r0": 5.0})
    plan = solve(problem, target=np.zeros(2))
    assert (plan.reached, plan.starts.sum(), plan.binding[0].kind) == (False, 5, "pool")


def test_minimum_stay_before_moving_on() -> None:
    """A to B in year 0, then B to C: only from year 2 on, because B's own people may not move."""
    first = train("a-b", 0, 1, 4, 10, 10, months=0, success=1.0, keep=1.0, settle_months=0, hours=0)
    second = train("b-c", 1, 2, 4, 10, 10, months=0, success=1.0, keep=1.0, settle_months=0, hours=0)
    problem = _problem(
        [[-9] * 4, [0] * 4, [0, 3, 3, 3]], [first, second], resources={"training_places": np.full(4, 20.0)},
        people=np.array([9.0, 0.0, 0.0]), min_stay=2,
    )  # fmt: skip
    plan = solve(problem, target=np.array([np.nan, np.nan, 0, 0]))
    assert plan.reached
    assert plan.starts[0, 0] == 3
    assert plan.starts[1].tolist() == [0, 0, 3, 0]
    early = solve(problem, target=np.array([np.nan, 0, 0, 0]))
    assert not early.reached
    assert "minimum_stay" in {limit.kind for limit in early.binding}


def test_mentors_not_money_hold_apprentices_back() -> None:
    problem = _problem([[6, 6, 6, 6]], [apprentices("bbl", 0, 4, 50, keep=1.0)], resources={"mentors": np.full(4, 2.0)})
    plan = solve(problem, target=np.array([np.nan, np.nan, np.nan, 1.0]))
    assert not plan.reached
    assert {limit.kind for limit in plan.binding} == {"resource"}
    assert {limit.name for limit in plan.binding} == {"mentors"}


def test_what_no_measure_reaches_is_named() -> None:
    slow = simple("slow", "automate", 0, 2, 10, lead_months=12)
    plan = solve(_problem([[2, 0], [0, 3]], [slow]), target=np.zeros(2))
    assert not plan.reached
    assert set(plan.blocked) == {(0, 0, "lead_time"), (1, 1, "no_measure")}
    assert plan.binding == ()


def test_nearest_plan_is_the_cheapest_that_gets_that_near() -> None:
    """Eight short, at most three plus two can be closed: three stay short; the useless dear lever of another role is not bought."""
    measures = [_plain("a", capacity=0, cost=5), _plain("b", capacity=0, cost=7), _plain("idle", at=1, cost=1)]
    measures[0] = Measure("a", "a", measures[0].effects, (3.0, 0.0), (5.0, 0.0), target=0)
    measures[1] = Measure("b", "b", measures[1].effects, (2.0, 0.0), (7.0, 0.0), target=0)
    plan = solve(_problem([[8, 8], [0, 0]], measures), target=np.zeros(2))
    assert plan.by_year()["after"].tolist() == [3, 3]
    assert plan.cost == pytest.approx(3 * 5 + 2 * 7)
    assert {(limit.kind, limit.name) for limit in plan.binding} == {("capacity", "a"), ("capacity", "b")}


def test_the_dip_is_visible() -> None:
    measure = train("x", -1, 0, 3, 4, 4, hours=690, months=12, success=1.0, keep=1.0, settle_months=0)
    plan = solve(_problem([[0, 4, 4]], [measure], resources={"training_places": np.full(3, 9.0)}), target=np.array([np.nan, 0, 0]))
    assert plan.by_year()["effect"].tolist() == pytest.approx([-2, 4, 4])
    assert plan.by_year()["after"].tolist() == pytest.approx([2, 0, 0])


def test_a_move_from_people_to_spare_counts_at_the_target_only() -> None:
    """Five too many drawers; two move to a role that is two short: four fte-years gained, not zero."""
    measure = train("r0-r1", 0, 1, 2, 5, 5, months=0, success=1.0, keep=1.0, settle_months=0, hours=0, price=500)
    resources = {"training_places": np.full(2, 9.0)}
    plan = solve(_problem([[-5, -5], [2, 2]], [measure], resources=resources), target=np.zeros(2))
    row = plan.by_lever().iloc[0]
    assert (row.fte_years, row.cost, row.cost_per_fte_year) == (4, 4000, 1000)
    short_too = solve(_problem([[0, 0], [2, 2]], [measure], resources=resources), target=np.array([2.0, 2.0]))
    assert short_too.starts.sum() == 0


def test_open_cost_is_weighed_against_measures() -> None:
    """Leaving it open at 50 a year is cheaper than a measure of 120 for two years, dearer than one of 80."""
    for cost, bought in ((120.0, 0), (80.0, 1)):
        problem = _problem([[1, 1]], [_plain("m", cost=cost)], open_cost=50.0)
        plan = solve(problem, target=np.full(2, np.nan))
        assert plan.starts.sum() == bought
        assert plan.cost == pytest.approx(min(cost, 100))


def test_halves_only_where_units_are_not_people() -> None:
    gap = [[1.5, 1.5]]
    assert solve(_problem(gap, [_plain("people")]), target=np.zeros(2)).starts.sum() == 2
    assert solve(_problem(gap, [_plain("machine", whole=False)]), target=np.zeros(2)).starts.sum() == pytest.approx(1.5)


def test_refusals_and_empty() -> None:
    with pytest.raises(Refusal, match="plan_empty"):
        solve(Problem(_units(), np.zeros((0, 2)), np.zeros((0, 2)), ()), target=np.zeros(2))
    with pytest.raises(Refusal, match="plan_unknown_resource"):
        solve(_problem([[1, 1]], [recruit("x", 0, 2, 3)]), target=np.zeros(2))
    with pytest.raises(Refusal, match="plan_unknown_pool"):
        solve(_problem([[1, 1]], [_plain("m", pool="nowhere")]), target=np.zeros(2))
    with pytest.raises(Refusal, match="plan_surplus"):
        solve(_problem([[-5, -5]], [_plain("m")], surplus_limit=np.zeros(2)), target=np.zeros(2))
    nothing = solve(_problem([[1, 1]], []), target=np.zeros(2))
    assert (nothing.reached, nothing.cost, len(nothing.by_lever()), len(nothing.mix())) == (False, 0, 0, 0)
    enough = solve(_problem([[-1, -1]], [_plain("m")]), target=np.zeros(2))
    assert (enough.reached, enough.cost) == (True, 0)


def test_lever_prices_include_those_not_used() -> None:
    plan: Plan = solve(_problem([[1, 1]], [_plain("cheap", cost=10), _plain("dear", cost=100)]), target=np.zeros(2))
    table = lever_prices(plan)
    assert table["lever"].tolist() == ["cheap", "dear"]
    assert table["cost_per_fte_year"].tolist() == [5, 50]


def firm(units: int = 60, years: int = 8, seed: int = 0) -> Problem:
    """A firm of some size: every role-unit can hire, hire temporary and keep people, and many routes lead between them."""
    rng = np.random.default_rng(seed)
    demand = rng.uniform(8, 60, units)[:, None] * np.ones(years)
    supply = demand - np.linspace(0, 1, years) * rng.uniform(-2, 8, units)[:, None]
    measures: list[Measure] = []
    for at in range(units):
        measures.append(recruit(f"recruit {at}", at, years, 3))
        measures.append(simple(f"hire {at}", "temporary", at, years, 5, yearly=25_000 + 100 * at, lasts_years=1))
        measures.append(simple(f"keep {at}", "retain", at, years, 1, yearly=8_000, fte=0.8, keep=0.6))
        measures.append(apprentices(f"bbl {at}", at, years, 2))
        for to in rng.choice(units, 3, replace=False):
            if to != at:
                measures.append(train(f"{at}-{to}", at, int(to), years, 5, movers(3, 4), pool=f"p{at}"))
    resources = {name: np.full(years, value) for name, value in (("recruitment", 25.0), ("training_places", 12.0), ("mentors", 10.0))}
    return Problem(
        pd.DataFrame({"location": "", "unit": "U", "role": [f"r{i}" for i in range(units)]}), supply, demand, tuple(measures), resources,
        {f"p{i}": 2.0 for i in range(units)}, np.full(units, 4.0), 2,
    )  # fmt: skip


def test_a_firm_of_sixty_role_units_gets_a_whole_plan() -> None:
    problem = firm()
    per_year_target = np.array(per_year(np.nan, 4) + per_year(40.0, 4))
    plan = solve(problem, target=per_year_target, gap=0.01)
    assert plan.whole
    assert plan.reached
    assert plan.by_year()["after"].iloc[4:].max() <= 40 + 1e-6


def test_a_busy_machine_makes_the_same_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Effort is counted, not time: a clock that runs ten times as fast changes nothing."""
    target = np.array(per_year(np.nan, 4) + per_year(40.0, 4))
    usual = solve(firm(), target=target, gap=0.01)
    clock = time.monotonic
    monkeypatch.setattr("analytics.plan.solver.time.monotonic", lambda: 10 * clock())
    busy = solve(firm(), target=target, gap=0.01)
    np.testing.assert_array_equal(busy.starts, usual.starts)
    assert busy.gap == usual.gap

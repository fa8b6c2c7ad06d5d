"""The matrices of the planning problem: a (mixed-integer) linear programme over years and role-units.

Decisions x[m, y] = units of measure m started in year y. Per role-unit u and year t
    shortage[u, t] - surplus[u, t] + sum_m sum_{y <= t} effect[m, u, t - y] x[m, y] = demand[u, t] - supply[u, t]
with capacities per measure and year, shared resources, wishes, people who can move once, a minimum stay, a share of the team,
a ceiling on people without work, and either sum_u shortage[u, t] <= target[t] or cost <= budget. After the manpower planning
problem of Williams (2013), Model Building in Mathematical Programming, 12.5, which is solved as a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array, hstack

from analytics.errors import Refusal
from analytics.plan.measures import Measure


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """units: (N) frame with GROUP columns; supply, demand: (N, T) fte in years 1..T when nothing is done; measures; resources: name
    -> (T,) capacity; pools: name -> people; people: (N,) who may move from each role-unit (None = no check); min_stay: years in a
    new role before moving on; surplus_cost: euro per fte-year (N,) of people without work; surplus_limit: (T,) fte of it in all;
    open_cost: euro per fte-year of shortage, counted in the cost (0 = not)."""

    units: pd.DataFrame
    supply: np.ndarray
    demand: np.ndarray
    measures: tuple[Measure, ...]
    resources: Mapping[str, np.ndarray] = field(default_factory=dict)
    pools: Mapping[str, float] = field(default_factory=dict)
    people: np.ndarray | None = None
    min_stay: int = 0
    surplus_cost: np.ndarray | None = None
    surplus_limit: np.ndarray | None = None
    open_cost: float = 0.0

    @property
    def years(self) -> int:
        return self.demand.shape[1]


def gap_of(problem: Problem) -> np.ndarray:
    """(N, T) fte: positive = shortage when nothing is done."""
    return np.asarray(problem.demand, float) - np.asarray(problem.supply, float)


def closing(measure: Measure, counts: np.ndarray) -> np.ndarray:
    """(T,) net fte-years one unit started in year 0, 1, ... brings where `counts` (N, T) says an fte matters."""
    years = counts.shape[1]
    gain = np.zeros(years)
    for effect in measure.effects:
        fte, where = np.asarray(effect.fte[:years], float), counts[effect.at].astype(float)
        gain += [fte[: years - start] @ where[start:] for start in range(years)]
    return gain


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """The programme as matrices over the columns [starts M*T | shortage N*T | surplus N*T]; labels name the inequality rows."""

    problem: Problem
    equal: csr_array
    equal_to: np.ndarray
    below: csr_array
    at_most: np.ndarray
    labels: tuple[tuple[str, str, int], ...]
    upper: np.ndarray
    whole: np.ndarray
    cost: np.ndarray
    short: np.ndarray
    effect: csr_array

    @property
    def starts(self) -> int:
        return len(self.problem.measures) * self.problem.years


class _Rows:
    """Collects inequality rows: coefficients, right-hand side and a name for each."""

    def __init__(self, columns: int) -> None:
        self.columns, self.labels, self.limits = columns, [], []
        self.row: list[np.ndarray] = []
        self.column: list[np.ndarray] = []
        self.value: list[np.ndarray] = []

    def add(self, kind: str, name: str, year: int, columns: np.ndarray, values: np.ndarray | float, at_most: float) -> None:
        if not np.isfinite(at_most) or not len(columns):
            return
        self.row.append(np.full(len(columns), len(self.labels)))
        self.column.append(np.asarray(columns))
        self.value.append(np.broadcast_to(np.asarray(values, float), len(columns)))
        self.labels.append((kind, name, year))
        self.limits.append(float(at_most))

    def matrix(self) -> csr_array:
        if not self.labels:
            return csr_array((0, self.columns))
        parts = (np.concatenate(self.value), (np.concatenate(self.row), np.concatenate(self.column)))
        return csr_array(coo_array(parts, shape=(len(self.labels), self.columns)))


def build(problem: Problem) -> Model:
    """The matrices of a problem. Refusal plan_unknown_resource when a measure uses what has no capacity, plan_unknown_pool."""
    years, units, count = problem.years, len(problem.units), len(problem.measures)
    starts, cells = count * years, units * years
    effect = _effects(problem, staff_only=False)
    eye = csr_array(coo_array((np.ones(cells), (np.arange(cells), np.arange(cells))), shape=(cells, cells)))
    equal = csr_array(hstack([effect, eye, -eye]))
    rows = _Rows(starts + 2 * cells)
    _resources(problem, rows)
    _wishes(problem, rows)
    _stays(problem, rows)
    _teams(problem, rows)
    if problem.surplus_limit is not None:
        for year in range(years):
            rows.add("surplus", "", year, starts + cells + np.arange(units) * years + year, 1.0, float(problem.surplus_limit[year]))
    upper = np.full(starts + 2 * cells, np.inf)
    upper[:starts] = np.array([m.capacity[:years] for m in problem.measures], float).ravel() if count else np.zeros(0)
    cost = np.zeros(starts + 2 * cells)
    cost[:starts] = np.array([m.unit_cost(years) for m in problem.measures]).ravel() if count else np.zeros(0)
    cost[starts : starts + cells] = problem.open_cost
    if problem.surplus_cost is not None:
        cost[starts + cells :] = np.repeat(np.asarray(problem.surplus_cost, float), years)
    short = np.zeros_like(cost)
    short[starts : starts + cells] = 1.0
    whole = np.zeros(len(cost))
    whole[:starts] = np.repeat([float(m.whole) for m in problem.measures], years) if count else np.zeros(0)
    return Model(
        problem, equal, gap_of(problem).ravel(), rows.matrix(), np.array(rows.limits), tuple(rows.labels), upper, whole, cost, short, effect
    )


def _effects(problem: Problem, staff_only: bool) -> csr_array:
    """(N*T, M*T): fte in a role-unit and year per unit started."""
    years = problem.years
    start, year = np.triu_indices(years)
    row, column, value = [np.zeros(0, int)], [np.zeros(0, int)], [np.zeros(0)]
    for at, measure in enumerate(problem.measures):
        for effect in measure.effects:
            if staff_only and not effect.staff:
                continue
            row.append(effect.at * years + year)
            column.append(at * years + start)
            value.append(np.asarray(effect.fte, float)[year - start])
    shape = (len(problem.units) * years, len(problem.measures) * years)
    return csr_array(coo_array((np.concatenate(value), (np.concatenate(row), np.concatenate(column))), shape=shape))


def _resources(problem: Problem, rows: _Rows) -> None:
    years = problem.years
    used: dict[str, list[tuple[int, np.ndarray]]] = {}
    for at, measure in enumerate(problem.measures):
        for name, use in measure.uses:
            if name not in problem.resources:
                raise Refusal("plan_unknown_resource", name=name, measure=measure.name)
            used.setdefault(name, []).append((at, np.asarray(use, float)))
    for name, users in used.items():
        for year in range(years):
            begun = np.arange(year + 1)
            columns = np.concatenate([at * years + begun for at, _ in users])
            values = np.concatenate([use[year - begun] for _, use in users])
            kept = values != 0
            rows.add("resource", name, year, columns[kept], values[kept], float(problem.resources[name][year]))


def _wishes(problem: Problem, rows: _Rows) -> None:
    years = problem.years
    pools: dict[str, list[int]] = {}
    for at, measure in enumerate(problem.measures):
        rows.add("wishes", measure.name, -1, at * years + np.arange(years), 1.0, measure.limit)
        if measure.pool:
            if measure.pool not in problem.pools:
                raise Refusal("plan_unknown_pool", name=measure.pool, measure=measure.name)
            pools.setdefault(measure.pool, []).append(at)
    for name, members in pools.items():
        columns = np.concatenate([at * years + np.arange(years) for at in members])
        rows.add("pool", name, -1, columns, 1.0, float(problem.pools[name]))


def _stays(problem: Problem, rows: _Rows) -> None:
    """Moves out of a role-unit so far <= people there who may move + moves in at least `min_stay` years ago."""
    if problem.people is None:
        return
    years = problem.years
    leaving: dict[int, list[int]] = {}
    arriving: dict[int, list[int]] = {}
    for at, measure in enumerate(problem.measures):
        if measure.source >= 0:
            leaving.setdefault(measure.source, []).append(at)
            arriving.setdefault(measure.target, []).append(at)
    for unit, name in enumerate(problem.units["role"].astype(str).tolist()):
        out, arrived = leaving.get(unit, []), arriving.get(unit, [])
        for year in range(years if out else 0):
            ripe = np.arange(max(year + 1 - max(problem.min_stay, 1), 0))
            columns = [at * years + np.arange(year + 1) for at in out] + [at * years + ripe for at in arrived]
            signs = [np.ones(year + 1)] * len(out) + [-np.ones(len(ripe))] * len(arrived)
            rows.add("minimum_stay", name, year, np.concatenate(columns), np.concatenate(signs), float(problem.people[unit]))


def _teams(problem: Problem, rows: _Rows) -> None:
    """Starts in a year <= share x staff of the target that year, measures included."""
    limited = [at for at, m in enumerate(problem.measures) if np.isfinite(m.team_share)]
    if not limited:
        return
    years, staff = problem.years, _effects(problem, staff_only=True)
    for at in limited:
        measure = problem.measures[at]
        for year in range(years):
            line = staff[[measure.target * years + year], :].tocoo()
            columns = np.append(line.coords[1], at * years + year)
            values = np.append(-measure.team_share * line.data, 1.0)
            rows.add("team_share", measure.name, year, columns, values, measure.team_share * float(problem.supply[measure.target, year]))


def target_rows(model: Model, target: np.ndarray) -> tuple[csr_array, np.ndarray, list[int]]:
    """sum_u shortage[u, t] <= target[t] for the years with a target (NaN = none)."""
    years, units = model.problem.years, len(model.problem.units)
    rows = _Rows(len(model.cost))
    asked = [year for year in range(years) if np.isfinite(target[year])]
    for year in asked:
        rows.add("target", "", year, model.starts + np.arange(units) * years + year, 1.0, float(target[year]))
    return rows.matrix(), np.array(rows.limits), asked


def budget_row(model: Model, budget: float) -> tuple[csr_array, np.ndarray]:
    """Cost of the measures (and of people without work) <= budget; open_cost is no expense and stays out."""
    spent = np.where(model.short > 0, 0.0, model.cost)
    return csr_array(spent[None]), np.array([float(budget)])

"""Goal seek: how far one lever alone would have to move for a shortage figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from analytics.errors import Refusal
from analytics.plan.goal import Goal, single_levers
from analytics.projection import project
from analytics.release import Viewer, chosen_atoms
from analytics.scenario import LEVERS, Scenario
from analytics.workforce import Scope
from workflows.abilities import kept
from workflows.access import Right, require
from workflows.ground import inside_of
from workflows.outlook import outlook
from workflows.prepared import prepared
from workflows.workspace import Workspace

FIGURES = ("net", "gross", "chance", "first_year")
"""net: fte short less fte over; gross: fte short, each group by itself; chance: percent chance that the whole is short; first_year: the
first year in which it is likelier short than not."""
MORE_STEPS = 6
"""How many steps a lever may go on where the range of outcomes grew on the way."""
TELL = Callable[[float], None]
GOAL_LEVERS = (
    "hires_per_year",
    "resignation_multiplier",
    "productivity_growth",
    "freed_hours_per_week",
    "demand_growth",
    "absence_multiplier",
    "retirement_shift_months",
    "adoption_max",
    "replaced_share",
    "first_year_exit",
)


def goal(
    viewer: Viewer,
    workspace: Workspace,
    target: float,
    scenario: Scenario | None = None,
    scope: Scope | None = None,
    year: int | None = None,
    figure: str = "net",
    tell: TELL | None = None,
) -> tuple[Goal, ...]:
    """How far each lever alone would have to move so that the figure of the scope is at most `target` in the year; for `first_year` so
    that nothing is short before the year `target`. now and result are in the unit of the figure (NaN: no year is short).

    Refusals as `plan`, and goal_unknown_figure.
    """
    require(viewer, Right.GROUPS)
    if figure not in FIGURES:
        raise Refusal("goal_unknown_figure", name=str(figure)[:40])
    scenario, scope = scenario or Scenario(), scope or Scope()
    key = ("goal", scenario, scope, year, target, figure)
    return kept(viewer, workspace, "goal", lambda: _sought(viewer, workspace, target, scenario, scope, year, figure, tell), *key)


def _sought(
    viewer: Viewer, workspace: Workspace, target: float, scenario: Scenario, scope: Scope, year: int | None, figure: str, tell: TELL | None
) -> tuple[Goal, ...]:
    ready = prepared(workspace, viewer, None)
    inside = inside_of(ready, viewer, scope)
    atoms = ready.rows[chosen_atoms(ready.atoms, ready.groups, scope, viewer)]
    first = ready.base.as_of.year
    step = min(max((year or first + 5) - first, 1), 10)
    last = step if figure != "first_year" else min(max(int(target) - first - 1, 1), 10)
    now, done = present(viewer, workspace, scenario), set[str]()

    def gap(lever: str, value: float) -> float:
        """Moves one way when one lever moves, whatever is asked of it."""
        if tell and lever not in done:
            done.add(lever)
            tell(len(done) / (len(now) + 1))
        line = project(ready.base, replace(scenario, **{lever: value}), last).gap
        if figure == "gross":
            return float(np.maximum(atoms @ line[:, step], 0.0).sum())
        net = line[inside].sum(axis=0)
        return float(net[1:].max() if figure == "first_year" else net[step])

    if figure in ("net", "gross"):
        return single_levers(gap, now, target, LEVERS, dict(ready.basis))

    def exact(moved: Scenario) -> float:
        total = outlook(viewer, workspace, moved, scope, first + step).total
        if figure == "chance":
            return 100 * float(total.loc[total["year"] == first + step, "p_short"].iloc[0])
        short = total[(total["p_short"] > 0.5) & (total["year"] > first)]
        return float(short["year"].iloc[0]) if len(short) else np.nan

    found = single_levers(gap, now, _as_gap(viewer, workspace, scenario, scope, first + step, target, figure), LEVERS, dict(ready.basis))
    start = exact(scenario)
    checked = [_checked(item, now[item.lever], start, exact, scenario, dict(ready.basis), target, figure) for item in found]
    return tuple(sorted(checked, key=lambda item: not item.reached))


def _as_gap(viewer: Viewer, workspace: Workspace, scenario: Scenario, scope: Scope, year: int, target: float, figure: str) -> float:
    """The expected shortage at which the figure is about what is asked, with the range of outcomes as it is now."""
    if figure == "first_year":
        return 0.0
    total = outlook(viewer, workspace, scenario, scope, year).total
    row = total[total["year"] == year].iloc[0]
    spread = (float(row["gap_high"]) - float(row["gap_low"])) / (2 * float(ndtri(0.9)))
    return spread * float(ndtri(min(max(target / 100, 0.001), 0.999)))


def _meets(figure: str, value: float, target: float) -> bool:
    return (np.isnan(value) or value >= target) if figure == "first_year" else value <= target + 1e-9


def _checked(
    item: Goal, now: float, start: float, exact: Callable[[Scenario], float], scenario: Scenario, basis: dict, target: float, figure: str
) -> Goal:
    """The goal with the figure itself instead of the expected shortage; a few steps further where that is not yet enough."""
    if _meets(figure, start, target):
        return Goal(item.lever, now, True, start, start, item.asked)
    lever = LEVERS[item.lever]
    low, high = lever.bounds(basis.get(item.lever))
    value, way = item.value, np.sign(item.value - now) * lever.step
    result = exact(replace(scenario, **{item.lever: value}))
    for _ in range(MORE_STEPS if item.reached and way else 0):
        if _meets(figure, result, target):
            break
        value = float(min(max(round(value + way, 10), min(low, now)), max(high, now)))
        result = exact(replace(scenario, **{item.lever: value}))
    return Goal(item.lever, value, _meets(figure, result, target), result, start, item.asked)


def present(viewer: Viewer, workspace: Workspace, scenario: Scenario | None = None) -> dict[str, float]:
    """Where each lever of goal seek stands now; the firm's own figure where the scenario leaves it to history."""
    require(viewer, Right.GROUPS)
    scenario, basis = scenario or Scenario(), prepared(workspace, viewer, None).basis
    return {name: float(basis[name] if getattr(scenario, name) is None else getattr(scenario, name)) for name in GOAL_LEVERS}

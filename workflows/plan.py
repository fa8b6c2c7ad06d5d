"""What closes the gap, at what cost: the cheapest mix of measures, near-optimal others, and what holds a plan back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Any

import numpy as np
import pandas as pd

from analytics import voices
from analytics.errors import Refusal
from analytics.plan.actions import actions as steps_of
from analytics.plan.actions import apply, changes
from analytics.plan.costs import costs_on
from analytics.plan.goal import Goal, single_levers
from analytics.plan.growing import LEARNERS_PER_MENTOR
from analytics.plan.inside import Missing
from analytics.plan.mixes import Mix, compare, lever_prices, mixes
from analytics.plan.offer import Ground, Offer, problem
from analytics.plan.programme import Plan, solve
from analytics.plan.standing import standing
from analytics.projection import Projection, project
from analytics.release import Viewer, chosen_atoms, nearest
from analytics.scenario import LEVERS, Scenario
from analytics.skills.gaps import folded
from analytics.skills.inside import missing_inside
from analytics.workforce import Flow, Scope
from store import SavedScenario
from workflows.abilities import LEAST_WISHES, Abilities, abilities, kept, per_class, routes_between, stays
from workflows.access import Right, may, require
from workflows.ideas import fte_per_unit
from workflows.owned import owned
from workflows.prepared import Prepared, prepared, require_any
from workflows.workspace import Workspace

MENTOR_WORDS = ("leermeester", "mentor", "praktijkbegeleider")
TELL = Callable[[float], None]
SOLVE_SECONDS, MIX_SECONDS = 2.0, 0.8
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


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """years: the calendar years of the plan. levers: Plan.by_lever; mix: Plan.mix with calendar years; path: Plan.by_year with
    calendar years; prices: every measure on offer; others: near-optimal mixes side by side (mix 0 = the cheapest); extra: per mix
    euro (or fte-years) more than the best; binding, limits: kind, name, year (0 = all), brings; blocked: role, year, why.
    whole False: no plan in whole people was found in time and amounts have fractions (look at it before `gap`); gap: proven
    distance to the optimum (0 = proven). every: all levers, see `analytics.plan.standing`. Amounts are NaN without the right to
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
    require(viewer, Right.GROUPS)
    if budget is not None:  # how far an amount goes is an amount
        require(viewer, Right.MONEY)
    scenario, scope = scenario or Scenario(), scope or Scope()
    key = (scenario, scope, year, target, budget, _freed(viewer, workspace))  # the register is no part of the fingerprint
    return kept(viewer, workspace, "plan", lambda: _plan(viewer, workspace, scenario, scope, year, target, budget, tell), *key)


def _plan(
    viewer: Viewer,
    workspace: Workspace,
    scenario: Scenario,
    scope: Scope,
    year: int | None,
    target: float | None,
    budget: float | None,
    tell: TELL | None,
) -> Planned:
    ready = prepared(workspace, viewer, None)
    inside = _inside(ready, viewer, scope)
    ahead = project(ready.base, scenario, 10)
    horizon = min(max((year or ahead.as_of.year + 5) - ahead.as_of.year, 1), 10)
    ground = _ground(viewer, workspace, ready, ahead, scenario, inside, horizon)
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
    best = solve(task, target=wanted, budget=budget, seconds=SOLVE_SECONDS, gap=0.01)
    if tell:
        tell(0.5)
    found = mixes(
        best, target=wanted, budget=budget, count=3, seconds=MIX_SECONDS, tell=(lambda share: tell(0.5 + share / 2)) if tell else None
    )
    return _told(viewer, ready, ahead, best, found, before, float(wanted[-1]) if wanted is not None else np.nan, budget)


def _inside(ready: Prepared, viewer: Viewer, scope: Scope) -> np.ndarray:
    chosen = chosen_atoms(ready.atoms, ready.groups, scope, viewer)
    require_any(chosen)
    return ready.rows[chosen].sum(axis=0) > 0


def _ground(
    viewer: Viewer, workspace: Workspace, ready: Prepared, ahead: Projection, scenario: Scenario, inside: np.ndarray, horizon: int
) -> Ground:
    found = abilities(viewer, workspace)
    names = ahead.groups["role"].to_numpy()[inside].astype(str)
    roles = tuple(dict.fromkeys(names))
    member = np.array([[name == role for name in names] for role in roles], float)

    def gathered(values: np.ndarray) -> np.ndarray:
        return member @ values[inside]

    mean = lambda line: (line[:, :-1] + line[:, 1:]) / 2  # noqa: E731  a year's figure is the mean of its ends
    people, fte = gathered(ahead.people)[:, 0], gathered(ahead.contract_fte)[:, 0]
    pay = np.array([found.pay.get(role, np.nan) for role in roles])
    pay = np.where(np.isnan(pay), np.nanmean(pay) if not np.isnan(pay).all() else 62_000.0, pay)
    work = gathered(ahead.demand)[:, 0]
    exposed = np.array([found.exposed.get(role, np.nan) for role in roles])
    wishes = _of_units(found, viewer.units)
    return Ground(
        roles=roles,
        supply=mean(gathered(ahead.fte))[:, :horizon],
        demand=mean(gathered(ahead.demand))[:, :horizon],
        hires=gathered(ahead.flows[Flow.HIRE]).mean(axis=1),
        retiring=gathered(ahead.flows[Flow.RETIREMENT])[:, :horizon].mean(axis=1),
        staff=people,
        fte=np.where(people > 0, fte / np.maximum(people, 1e-9), 1.0).clip(0.2, 1.0),
        pay=pay,
        exposed=np.where(work > 0, exposed, np.nan),
        wished_hours=_wished_hours(found, wishes),
        wished_moves=_wished_moves(found, wishes),
        places=float(found.data.trainings["places"].fillna(0.0).sum()) / 4,
        missing=_missing(found, viewer.k),
        freed_hours=_freed(viewer, workspace),
        **_growing(viewer, workspace, ready, ahead, scenario, roles, horizon, gathered),
        hours_agreed=ahead.scenario.extra_hours_uptake / 100,
    )


def _missing(found: Abilities, k: int) -> dict[str, Missing]:
    """Skills that courses can bring inside each role; nothing of fewer people than the threshold."""
    rows = missing_inside(found.base, found.offer)
    told = rows[rows["people"] >= max(k, 1)]
    names = ("people", "missing", "hours", "price")
    return {str(row.role): Missing(*(float(getattr(row, name)) for name in names)) for row in told.itertuples()}


def _freed(viewer: Viewer, workspace: Workspace) -> float | None:
    """Hours a week per fte that controls still open for a decision would free; None where the register is empty."""
    rows = workspace.store.voices.controls()
    if rows.empty:
        return None
    still = rows[rows["decision"] == "open"].assign(decision="removed")
    return voices.freed_hours(still, fte_per_unit(viewer, workspace))


def _growing(
    viewer: Viewer,
    workspace: Workspace,
    ready: Prepared,
    ahead: Projection,
    scenario: Scenario,
    roles: tuple[str, ...],
    horizon: int,
    gathered: Callable[[np.ndarray], np.ndarray],
) -> dict[str, Any]:
    """What apprentices and mentors ask: who can teach and is still there, who learns now, where apprentices end up."""
    mentors, share = _mentors(viewer, workspace, scenario, roles, horizon)
    table = workspace.store.cohorts().roles
    learning = set(table.loc[table["apprentice"].map(lambda mark: mark is True or mark == 1), "role"].astype(str))
    of_group = ahead.groups["role"].astype(str).to_numpy()
    apprentice = np.isin(of_group, list(learning))
    base = ready.base
    here = apprentice[base.link_from]
    flow = ahead.people[base.link_from[here], 0] * base.link_chance[here]
    arriving = np.bincount(base.link_to[here], weights=flow, minlength=len(of_group))
    return {
        "mentors": mentors,
        "teaching": share,
        "learners": float(ahead.people[apprentice, 0].sum()),
        "arrivals": gathered(arriving[:, None])[:, 0],
        "learning": np.isin(roles, list(learning)),
    }


def _of_units(found: Abilities, units: tuple[str, ...]) -> pd.DataFrame:
    """Wishes of people in these departments, of everybody when none are named."""
    unit = found.data.cells["unit"].to_numpy(str)[found.data.wishes["cell"].to_numpy(int)]
    return found.data.wishes[np.isin(unit, units)] if units else found.data.wishes


def _told_number(found: Abilities, count: float) -> float:
    """How many want something; for anybody but HR in whole tens, so that it fits every other answer about wishes."""
    return float(count) if found.classes is None else float(LEAST_WISHES * (count // LEAST_WISHES))


def _wished_hours(found: Abilities, wishes: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Per role: people who want more hours, and how much together; half a working day where no number was given."""
    rows = wishes[wishes["more_hours"] == "yes"]
    cells = found.data.cells.loc[rows["cell"].to_numpy(int)]
    more = (rows["wished_fte"].to_numpy(float) - cells["fte"].to_numpy(float)).clip(0.0, 1.0)
    frame = pd.DataFrame({"role": cells["role"].to_numpy(), "more": np.where(np.isnan(more) | (more <= 0), 0.1, more)})
    sums = frame.groupby("role")["more"].agg(["size", "mean"])
    told = {str(role): (_told_number(found, row["size"]), float(row["mean"])) for role, row in sums.iterrows()}
    digits = 9 if found.classes is None else 1
    return {role: (count, count * round(mean, digits)) for role, (count, mean) in told.items() if count}


def _wished_moves(found: Abilities, wishes: pd.DataFrame) -> dict[tuple[str, str], float]:
    rows = wishes[wishes["wished_role"] != ""]
    roles = found.data.cells["role"].to_numpy()[rows["cell"].to_numpy(int)]
    counts = pd.DataFrame({"role": roles, "to": rows["wished_role"].to_numpy()}).value_counts()
    told = {(str(role), str(to)): _told_number(found, count) for (role, to), count in counts.items()}
    return {way: count for way, count in told.items() if count}


def _able_to_teach(found: Abilities) -> np.ndarray:
    """Cells of people who can teach on the job; none where no such skill is recorded (then one in twenty is assumed)."""
    held = found.data.holdings
    able = held[held["skill"].map(folded).isin(MENTOR_WORDS) & (held["level"] >= 3)]
    return np.unique(able["cell"].to_numpy(int))


def _mentors(
    viewer: Viewer, workspace: Workspace, scenario: Scenario, roles: tuple[str, ...], horizon: int
) -> tuple[np.ndarray, np.ndarray]:
    """Per year how many can teach and are still there, and per role the share of its people that can. Where no such skill is recorded,
    or of too few to tell, one in twenty. Who sees groups only is told so many in whole multiples of the threshold, spread evenly."""
    found, staying = abilities(viewer, workspace), stays(viewer, workspace, scenario).stay[:, 1 : horizon + 1]
    able, staff = _able_to_teach(found), float(found.full.base.staff[0].sum())
    if found.classes is not None:
        heads = per_class(found.full, found.classes, found.full.base.staff[0])
        stay, count = heads @ staying / max(staff, 1e-9), float(nearest(len(able), viewer.k))
        return (count or staff / 20) * stay, np.full(len(roles), count / max(staff, 1e-9))
    if not len(able):
        return len(staying) / 20 * staying.mean(axis=0), np.zeros(len(roles))
    of = found.data.cells["role"]
    who, all_ = of.iloc[able].value_counts(), of.value_counts()
    return staying[able].sum(axis=0), np.array([float(who.get(role, 0)) / max(float(all_.get(role, 0)), 1.0) for role in roles])


def _told(
    viewer: Viewer,
    ready: Prepared,
    ahead: Projection,
    best: Plan,
    found: tuple[Mix, ...],
    before: float,
    target: float,
    budget: float | None,
) -> Planned:
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
        float("nan") if budget is None else budget,
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


# from a mix to a scenario and to actions


def to_scenario(
    viewer: Viewer, workspace: Workspace, made: Planned, scenario: Scenario, name: str, mix: int = 0
) -> tuple[SavedScenario, int]:
    """Save the mix as a scenario; returns it, and how many of its changes no lever stands for (they live on as actions).

    Refusals: not_allowed, plan_unknown_mix, those of the store.
    """
    require(viewer, Right.SCENARIOS)
    chosen = _chosen(made, mix)
    ready = prepared(workspace, viewer, None)
    wanted = changes(chosen)
    usual = pd.Series(ready.base.hire_rate).groupby(ready.base.groups["role"].to_numpy()).sum()
    present = {}
    for change in wanted:
        if change.lever == "hires_per_year":
            present[change.lever, change.location, change.unit, change.role] = float(usual.get(change.role, 0.0))
        elif change.lever == "training_places":
            present[change.lever, change.location, change.unit, change.role] = scenario.training_places
        else:
            continue  # the plan counts fte or people of one role, the lever something of everybody: kept as an action
    new, left = apply(scenario, wanted, present)
    saved = workspace.store.save_scenario(name, new.to_json(), viewer.who, "", "plan")
    return saved, len(left)


def _chosen(made: Planned, mix: int) -> Plan:
    if not 0 <= mix < len(made.found):
        raise Refusal("plan_unknown_mix", n=mix)
    return made.found[mix].plan


def to_actions(viewer: Viewer, workspace: Workspace, made: Planned, mix: int = 0) -> int:
    """Add the steps of a mix to the action list; returns how many. Refusals: not_allowed, plan_unknown_mix."""
    require(viewer, Right.SCENARIOS)
    chosen = _chosen(made, mix)
    table = steps_of(chosen, made.as_of)
    roles = chosen.problem.units["role"].tolist()
    rows = []
    for row in table.itertuples(index=False):
        gap = chosen.before[roles.index(row.role)].tolist()
        rows.append(
            {
                "id": token_urlsafe(6),
                "lever": row.lever,
                "location": row.location,
                "unit": row.unit,
                "role": row.role,
                "owner": "",
                "start": row.start,
                "due": row.due,
                "units": float(row.units),
                "cost": float(row.cost),
                "status": row.status,
                "expected": json.dumps([round(value, 3) for value in row.expected]),
                "gap": json.dumps([round(value, 3) for value in gap]),
                "as_of": made.as_of,
                "note": "",
                "who": viewer.who,
                "moment": datetime.now(),
            }
        )
    kept_rows = workspace.store.actions().to_dict(orient="records")
    workspace.store.set_actions([*_plain(kept_rows), *rows], viewer.who)
    return len(rows)


def _plain(rows: list[dict]) -> list[dict]:
    """Timestamps as dates, a missing date as None."""
    out = []
    for row in rows:
        days = {name: None if pd.isna(row[name]) else pd.Timestamp(row[name]).date() for name in ("start", "due", "as_of")}
        out.append({**row, **days, "moment": pd.Timestamp(row["moment"]).to_pydatetime()})
    return out


def goal(
    viewer: Viewer,
    workspace: Workspace,
    target: float,
    scenario: Scenario | None = None,
    scope: Scope | None = None,
    year: int | None = None,
) -> tuple[Goal, ...]:
    """How far each lever alone would have to move for at most `target` fte short in the year. Refusals as `plan`."""
    require(viewer, Right.GROUPS)
    scenario, ready = scenario or Scenario(), prepared(workspace, viewer, None)
    inside = _inside(ready, viewer, scope or Scope())
    step = min(max((year or ready.base.as_of.year + 5) - ready.base.as_of.year, 1), 10)
    now = present(viewer, workspace, scenario)

    def figure(lever: str, value: float) -> float:
        """Shortage less surplus, in all: that moves one way when one lever moves."""
        moved = replace(scenario, **{lever: value})
        return float(project(ready.base, moved, step).gap[inside, step].sum())

    key = ("goal", scenario, scope, step, target)
    return kept(viewer, workspace, "goal", lambda: single_levers(figure, now, target, LEVERS, dict(ready.basis)), *key)


def present(viewer: Viewer, workspace: Workspace, scenario: Scenario | None = None) -> dict[str, float]:
    """Where each lever of goal seek stands now; the firm's own figure where the scenario leaves it to history."""
    require(viewer, Right.GROUPS)
    scenario, basis = scenario or Scenario(), prepared(workspace, viewer, None).basis
    return {name: float(basis[name] if getattr(scenario, name) is None else getattr(scenario, name)) for name in GOAL_LEVERS}

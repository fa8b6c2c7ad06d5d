"""More places for retraining than now: people learn another trade while at work, move to roles that are short, and are missed meanwhile.

Past moves contain the places of a usual year (the default of `training_places`); only more of them act here. The plan is made on
expected numbers, one year after the other, for the shortage of the year in which people are ready: places go to people in roles with
people to spare then, as many as say yes, the others to people from outside, as many as vacancies get filled. A place takes a year: at its
end who passes is in the new role, who does not is where they were; people from outside come in when they have passed. Retrained people
are an average of their old group and leave like an average of the group they are in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy import sparse

from analytics.assumptions import per_group
from analytics.grid import Base
from analytics.moments import Spread
from analytics.paths import chances
from analytics.scenario import Scenario
from analytics.staff import Run, rules_of
from analytics.workforce import EXITS, Flow

PLACES_DEFAULT = Scenario().training_places
LEAVING = (*EXITS, Flow.MOVE_OUT)
SMALLEST = 0.5
"""People a role must have for others to learn it there."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """People per step, (G, T): started in it, by the role they are in; passed, who leave that role for another at its end; arrive, the same
    people by the role they come to; outside, people from outside by the role they come to."""

    started: np.ndarray
    passed: np.ndarray
    arrive: np.ndarray
    outside: np.ndarray


def more_places(base: Base, scenario: Scenario) -> np.ndarray:
    """Places a year beside those of a usual year, by the override that set them: (1,) the firm's, or that of the named groups."""
    return np.maximum(per_group(scenario, "training_places", base.groups) - PLACES_DEFAULT, 0.0)


def plan(base: Base, scenario: Scenario, run: Run, supply: np.ndarray, demand: np.ndarray) -> Plan | None:
    """supply, demand (G, T+1) fte without more places; None when no year has any.

    Places are the firm's number; an override gives its groups (as the roles to move to) that number instead.
    """
    extra = more_places(base, scenario)
    if not extra.any():
        return None
    lever = {name: per_group(scenario, name, base.groups) / 100 for name in ("move_acceptance", "training_success", "fill_rate")}
    steps, leaving = run.people.shape[1] - 1, leaving_chances(run)
    each = np.divide(supply, run.people, out=np.ones_like(supply), where=run.people > SMALLEST)
    coming = np.zeros(len(base.groups))
    made = Plan(*(np.zeros((len(base.groups), steps)) for _ in range(4)))
    can_teach = (run.people.min(axis=1) > SMALLEST) & ~base.apprentice
    for t in range(steps - 1):
        gap = (demand - supply)[:, t + 1] / np.maximum(each[:, t + 1], 0.1) - coming
        spare = np.where(can_teach, np.maximum(-gap, 0.0), 0.0) * lever["move_acceptance"]
        short = np.where(can_teach, np.maximum(gap, 0.0), 0.0)
        for number in np.unique(extra[extra > 0]):
            target = short * (extra == number)
            total = min(float(number), target.sum())
            if total <= 0:
                continue
            to = target / target.sum()
            inside = min(total, spare.sum())
            started = spare * (inside / spare.sum()) if inside > 0 else np.zeros_like(spare)
            spare = spare - started
            passed = started * lever["training_success"]
            new = (total - inside) * to * lever["fill_rate"] * lever["training_success"]
            made.started[:, t] += started
            made.passed[:, t + 1] += passed
            made.arrive[:, t + 1] += passed.sum() * to
            made.outside[:, t + 1] += new
            coming = coming + new + passed.sum() * to - passed
        coming = coming * (1 - sum(chance[:, t] for chance in leaving.values()))
    return made


def retrained(base: Base, scenario: Scenario, run: Run, made: Plan) -> Run:
    """The run with the people of the plan who move inside the firm; its new colleagues are in the hires of `run` already.

    Both ways balanced: every move out of a role is one into another, at the mean fte of the role that is left.
    """
    groups, steps = made.started.shape
    chance = leaving_chances(run)
    today = _part(run.retired_today, at_risk(run))
    onward = _onward(base, scenario, groups)
    fte_each = np.divide(run.fte, run.people, out=np.ones_like(run.fte), where=run.people > 1e-9)
    flows = {flow: amount.copy() for flow, amount in run.flows.items()}
    flows_fte = {flow: amount.copy() for flow, amount in run.flows_fte.items()}
    extra = np.zeros((2, groups, steps + 1))
    moved_in, retired_today = run.moved_in.copy(), run.retired_today.copy()
    for t in range(steps):
        now = extra[:, :, t]
        left = {flow: now * chance[flow][:, t] for flow in LEAVING}
        passed_on = left[Flow.MOVE_OUT] @ onward
        after = now - sum(left.values()) + passed_on
        for flow, amount in (*left.items(), (Flow.MOVE_IN, passed_on)):
            flows[flow][:, t] += amount[0]
            flows_fte[flow][:, t] += amount[1]
        out = np.minimum(made.passed[:, t], np.maximum(run.people[:, t + 1] + after[0], 0.0))
        out_fte = out * fte_each[:, t + 1]
        came = made.arrive[:, t]
        share = came / came.sum() if came.sum() > 0 else came
        arrived = np.stack([share * out.sum(), share * out_fte.sum()])
        flows[Flow.MOVE_OUT][:, t] += out
        flows_fte[Flow.MOVE_OUT][:, t] += out_fte
        flows[Flow.RETRAINED_IN][:, t] += arrived[0]
        flows_fte[Flow.RETRAINED_IN][:, t] += arrived[1]
        moved_in[:, t] += arrived[1] + passed_on[1]
        retired_today[:, t] += now[0] * today[:, t]
        extra[:, :, t + 1] = after - np.stack([out, out_fte]) + arrived
    people, fte = run.people + extra[0], run.fte + extra[1]
    size, hours = _ratio(people, run.people), _ratio(fte, run.fte)
    learning = np.zeros((groups, steps + 1))
    learning[:, 1:] = made.started
    return replace(
        run,
        people=people,
        fte=fte,
        absence=run.absence * hours,
        elder_new=run.elder_new * hours,
        elder_old=run.elder_old * hours,
        flows=flows,
        flows_fte=flows_fte,
        moved_in=moved_in,
        retired_today=retired_today,
        ages=cache(lambda step: run.ages(step) * size[:, step, None]),
        moments=cache(lambda: Scaled(run.moments(), run.people, people, run.fte, fte)),
        learning=learning,
    )


def at_risk(run: Run) -> np.ndarray:
    """People who can leave in each step, (G, T): those there and those who come in during it."""
    return run.people[:, :-1] + run.flows[Flow.HIRE] + run.flows[Flow.MOVE_IN]


def leaving_chances(run: Run) -> dict[Flow, np.ndarray]:
    """Mean chance of each way out of a group, (G, T)."""
    risk = at_risk(run)
    return {flow: _part(run.flows[flow], risk) for flow in LEAVING}


def _part(amount: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(amount, whole, out=np.zeros_like(whole), where=whole > 1e-9)


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """Variance of another number of people with the same chances: how many move is planned, what they do after that is not."""

    first: Spread
    people_before: np.ndarray
    people: np.ndarray
    fte_before: np.ndarray
    fte: np.ndarray

    def of_groups(self) -> tuple[np.ndarray, np.ndarray]:
        people, fte = self.first.of_groups()
        return people * _ratio(self.people, self.people_before), fte * _ratio(self.fte, self.fte_before)

    def of_sums(self, member: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
        people, fte = self.first.of_sums(member)
        return (
            people * _ratio(member @ self.people, member @ self.people_before),
            fte * _ratio(member @ self.fte, member @ self.fte_before),
        )


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.maximum(np.divide(part, whole, out=np.ones_like(whole), where=whole > 1e-9), 0.0)


def _onward(base: Base, scenario: Scenario, groups: int) -> sparse.csr_matrix:
    """(G, G): of those who move out of a group, the share that goes to each other one."""
    lever, rules = rules_of(base, scenario)
    if not len(base.link_from):
        return sparse.csr_matrix((groups, groups))
    share = chances(base, lever) / rules.leave_group[base.link_from]
    return sparse.csr_matrix((share, (base.link_from, base.link_to)), shape=(groups, groups))

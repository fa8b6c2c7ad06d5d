"""More places for retraining than now: people learn another trade while at work, move to roles that are short, and are missed meanwhile.

Past moves contain the places of a usual year (the default of `training_places`); only more of them act here. The plan is made on
expected numbers, one year after the other, for the shortage of the year in which people are ready: places go to people in roles with
people to spare then, as many as say yes, the others to people from outside, as many as vacancies get filled. A place takes a year: at its
end who passes is in the new role, who does not is where they were; people from outside come in when they have passed. Retrained people
are an average of their old group and leave like an average of the group they are in.

Of the others in roles with people to spare a share goes to work outside the firm each year. Past exits contain the default of it: only the
difference acts here, as more or fewer resignations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy import sparse

from analytics.assumptions import per_group, winning_rule
from analytics.grid import Base
from analytics.market import filled
from analytics.moments import Spread
from analytics.paths import chances
from analytics.scenario import Scenario
from analytics.staff import Run, rules_of
from analytics.workforce import EXITS, Flow

PLACES_DEFAULT, OUTSIDE_DEFAULT = Scenario().training_places, Scenario().outside_share
MOST_KEPT = 0.9
"""Highest share of those who would have resigned that stays when fewer go to work outside."""
LEAVING = (*EXITS, Flow.MOVE_OUT)
SMALLEST = 0.5
"""People a role must have for others to learn it there."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """People per step, (G, T): started in it, by the role they are in; passed, who leave that role for another at its end; arrive, the same
    people by the role they come to; outside, people from outside by the role they come to; outward, people beside those of now who go to
    work outside the firm (fewer: below 0), and chosen, how many could."""

    started: np.ndarray
    passed: np.ndarray
    arrive: np.ndarray
    outside: np.ndarray
    outward: np.ndarray
    chosen: np.ndarray


def more_places(base: Base, scenario: Scenario) -> np.ndarray:
    """Places a year beside those of a usual year, by the override that set them: (1,) the firm's, or that of the named groups."""
    return np.maximum(per_group(scenario, "training_places", base.groups) - PLACES_DEFAULT, 0.0)


def plan(base: Base, scenario: Scenario, run: Run, supply: np.ndarray, demand: np.ndarray) -> Plan | None:
    """supply, demand (G, T+1) fte without a plan; None when there are no more places than now and as many go outside as now.

    Places are the firm's number; an override gives its groups (as the roles to move to) that number instead.
    """
    extra = more_places(base, scenario)
    away = per_group(scenario, "outside_share", base.groups) / 100 - OUTSIDE_DEFAULT / 100
    if not (extra.any() or away.any()):
        return None
    asked = _asked(base, scenario, extra)
    lever = {name: per_group(scenario, name, base.groups) / 100 for name in ("move_acceptance", "training_success")}
    vacancies = filled(scenario, base) / 100
    steps, leaving = run.people.shape[1] - 1, leaving_chances(run)
    each = np.divide(supply, run.people, out=np.ones_like(supply), where=run.people > SMALLEST)
    changed, passing = np.zeros((2, len(base.groups)))  # people beside those of the run, and who arrives (or goes) at the end of the step
    made = Plan(*(np.zeros((len(base.groups), steps)) for _ in range(6)))
    can_teach = (run.people.min(axis=1) > SMALLEST) & ~base.apprentice
    for t in range(steps):
        changed = np.maximum(changed * (1 - sum(chance[:, t] for chance in leaving.values())) + passing, -run.people[:, t + 1])
        passing = np.zeros_like(changed)
        gap = (demand - supply)[:, t + 1] / np.maximum(each[:, t + 1], 0.1) - changed
        over = np.where(can_teach, np.maximum(-gap, 0.0), 0.0)
        spare = over * lever["move_acceptance"]
        short = np.where(can_teach, np.maximum(gap, 0.0), 0.0)
        for number, named in asked if t < steps - 1 else ():  # who starts in the last year is not ready in time
            target = short * named
            total = min(number, target.sum())
            if total <= 0:
                continue
            to = target / target.sum()
            inside = min(total, spare.sum())
            started = spare * (inside / spare.sum()) if inside > 0 else np.zeros_like(spare)
            spare = spare - started
            passed = started * lever["training_success"]
            new = (total - inside) * to * vacancies * lever["training_success"]
            made.started[:, t] += started
            made.passed[:, t + 1] += passed
            made.arrive[:, t + 1] += passed.sum() * to
            made.outside[:, t + 1] += new
            passing = passing + new + passed.sum() * to - passed
        made.chosen[:, t] = np.maximum(over - made.started[:, t], 0.0)
        made.outward[:, t] = np.maximum(made.chosen[:, t] * away, -MOST_KEPT * run.flows[Flow.RESIGNATION][:, t])
        changed = changed - made.outward[:, t]
    return made


def _asked(base: Base, scenario: Scenario, extra: np.ndarray) -> list[tuple[float, np.ndarray]]:
    """(places, groups (G,) bool) of each rule that gives more places: two rules with the same number are still two."""
    rule = winning_rule(scenario, "training_places", base.groups)
    return [(float(extra[rule == one][0]), rule == one) for one in np.unique(rule) if extra[rule == one][0] > 0]


def retrained(base: Base, scenario: Scenario, run: Run, made: Plan) -> Run:
    """The run with the people of the plan who move inside the firm; its new colleagues are in the hires of `run` already.

    Both ways balanced: every move out of a role is one into another, at the mean fte of those who are in the role that is left. Where
    people are missing because they learned another trade, fte leave in the measure of the fte of those who leave, so that a role that is
    emptied holds no fte, and loses none, whatever hours its leavers work.
    """
    groups, steps = made.started.shape
    (chance, in_fte, in_hours), lever = _leaving(run), per_group(scenario, "training_success", base.groups) / 100
    today = _part(run.retired_today, at_risk(run))
    onward = _onward(base, scenario, groups)
    flows = {flow: amount.copy() for flow, amount in run.flows.items()}
    flows_fte = {flow: amount.copy() for flow, amount in run.flows_fte.items()}
    extra = np.zeros((2, groups, steps + 1))
    moved_in, retired_today = run.moved_in.copy(), run.retired_today.copy()
    outward, hours_lost = np.zeros((groups, steps)), run.hours_lost.copy()
    for t in range(steps):
        now = extra[:, :, t]
        missing = now[1] < 0
        left = {flow: now * np.stack([chance[flow][:, t], np.where(missing, in_fte[flow][:, t], chance[flow][:, t])]) for flow in LEAVING}
        given_up = np.where(missing, now[1] * in_hours[:, t], 0.0)
        hours_lost[:, t] += given_up
        passed_on = left[Flow.MOVE_OUT] @ onward
        after = now - sum(left.values()) + passed_on
        after[1] -= given_up
        for flow, amount in (*left.items(), (Flow.MOVE_IN, passed_on)):
            flows[flow][:, t] += amount[0]
            flows_fte[flow][:, t] += amount[1]
        there, hours_there = np.maximum(run.people[:, t + 1] + after[0], 0.0), np.maximum(run.fte[:, t + 1] + after[1], 0.0)
        each = _part(hours_there, there)
        out = np.minimum(made.passed[:, t], there)
        out_fte = out * each
        # the plan knows who would have resigned without it; of those who learned another trade meanwhile nobody stays a second time
        resigned = np.maximum(flows[Flow.RESIGNATION][:, t], 0.0)
        away = np.clip(made.outward[:, t], -MOST_KEPT * resigned, there - out)
        outward[:, t] = away
        away_fte = away * np.where(away < 0, _part(flows_fte[Flow.RESIGNATION][:, t], resigned), each)
        flows[Flow.RESIGNATION][:, t] += away
        flows_fte[Flow.RESIGNATION][:, t] += away_fte
        came = made.arrive[:, t]
        share = came / came.sum() if came.sum() > 0 else came
        arrived = np.stack([share * out.sum(), share * out_fte.sum()])
        flows[Flow.MOVE_OUT][:, t] += out
        flows_fte[Flow.MOVE_OUT][:, t] += out_fte
        flows[Flow.RETRAINED_IN][:, t] += arrived[0]
        flows_fte[Flow.RETRAINED_IN][:, t] += arrived[1]
        moved_in[:, t] += arrived[1] + passed_on[1]
        retired_today[:, t] += now[0] * today[:, t]
        extra[:, :, t + 1] = after - np.stack([out + away, out_fte + away_fte]) + arrived
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
        hours_lost=hours_lost,
        moments=cache(lambda: _learned(run, replace(made, outward=outward), lever, people, fte, extra[0], chance, onward)),
        learning=learning,
    )


def _learned(
    run: Run,
    made: Plan,
    success: np.ndarray,
    people: np.ndarray,
    fte: np.ndarray,
    extra: np.ndarray,
    chance: dict[Flow, np.ndarray],
    onward: sparse.csr_matrix,
) -> Learned:
    arrive = made.arrive.T
    total = arrive.sum(axis=1, keepdims=True)
    started = np.zeros_like(made.started)
    started[:, 1:] = made.started[:, :-1]
    return Learned(
        first=run.moments(),
        extra=extra,
        started=started,
        away=np.abs(made.outward) * (1 - np.minimum(_part(np.abs(made.outward), made.chosen), 1.0)),
        success=success,
        to=np.divide(arrive, total, out=np.zeros_like(arrive), where=total > 0),
        stay=np.maximum(1 - sum(chance.values()), 0.0),
        out=chance[Flow.MOVE_OUT],
        onward=onward,
        people=people,
        each=_part(fte, people),
    )


def at_risk(run: Run) -> np.ndarray:
    """People who can leave in each step, (G, T): those there and those who come in during it."""
    return run.people[:, :-1] + run.flows[Flow.HIRE] + run.flows[Flow.MOVE_IN]


def leaving_chances(run: Run) -> dict[Flow, np.ndarray]:
    """Mean chance of each way out of a group, (G, T)."""
    risk = at_risk(run)
    return {flow: _part(run.flows[flow], risk) for flow in LEAVING}


def _leaving(run: Run) -> tuple[dict[Flow, np.ndarray], dict[Flow, np.ndarray], np.ndarray]:
    """`leaving_chances`, the share of a group's fte that goes along with each, and the share given up by who works on, (G, T)."""
    risk = run.fte[:, :-1] + run.flows_fte[Flow.HIRE] + run.flows_fte[Flow.MOVE_IN]
    return leaving_chances(run), {flow: _part(run.flows_fte[flow], risk) for flow in LEAVING}, _part(run.hours_lost, risk)


def _part(amount: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(amount, whole, out=np.zeros_like(whole), where=whole > 1e-9)


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Variance with the people of a plan among the others. `first`: without them. extra, started, stay (G, T): people beside those of the
    run without the plan at the start of a step (fewer: below 0), learners of the step before, chance to be still in the group after it;
    away (G, T) variance of how many go to work outside; success (G,) chance that a learner passes; to (T, G) where who passes goes; out
    (G, T) share of a group that moves out in a step, onward (G, G) where to; each (G, T+1) fte of a person; people (G, T+1).

    A number that is planned does not vary; who passes does, and so does how long everybody stays: with s the chance to stay,
    W[t+1] = s^2 W[t] + s (1 - s) extra + sum over learners of the variance of what they add to the sum.
    """

    first: Spread
    extra: np.ndarray
    started: np.ndarray
    away: np.ndarray
    success: np.ndarray
    to: np.ndarray
    stay: np.ndarray
    out: np.ndarray
    onward: sparse.csr_matrix
    people: np.ndarray
    each: np.ndarray

    def of_groups(self) -> tuple[np.ndarray, np.ndarray]:
        return self._with(self.first.of_groups(), sparse.identity(len(self.success), format="csr"))

    def of_sums(self, member: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
        return self._with(self.first.of_sums(member), member)

    def _with(self, first: tuple[np.ndarray, np.ndarray], member: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
        people, fte = first
        more = np.zeros_like(people)
        inside = (member @ self.onward.T).toarray()  # (K, G): share of a group's movers that stays within the sum
        home = member.toarray()
        for t in range(people.shape[1] - 1):
            size = home * self.people[:, t]
            total = size.sum(axis=1)
            kept = (size * (self.stay[:, t] + self.out[:, t] * inside)).sum(axis=1)
            s = np.divide(kept, total, out=np.zeros_like(total), where=total > 1e-9)
            more[:, t + 1] = s**2 * more[:, t] + s * (1 - s) * (member @ self.extra[:, t]) + self._passing(home, t)
        each = _part(member @ (self.each * self.people), member @ self.people)
        return np.maximum(people + more, 0.0), np.maximum(fte + more * each**2, 0.0)

    def _passing(self, home: np.ndarray, t: int) -> np.ndarray:
        """(K,): learners are whole people and one for what is left over; each passes or not, and then goes to one of the roles."""
        arrives = home @ self.to[t]
        changed = np.where(home > 0, 1 - arrives[:, None], arrives[:, None])  # chance that passing changes the sum, by one
        mean = arrives[:, None] - home
        number = np.floor(self.started[:, t])
        out = home @ self.away[:, t]
        for count, chance in ((number, self.success), (np.ones_like(number), self.success * (self.started[:, t] - number))):
            out += (count * (chance * changed - (chance * mean) ** 2)).sum(axis=1)
        return out


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.maximum(np.divide(part, whole, out=np.ones_like(whole), where=whole > 1e-9), 0.0)


def _onward(base: Base, scenario: Scenario, groups: int) -> sparse.csr_matrix:
    """(G, G): of those who move out of a group, the share that goes to each other one."""
    lever, rules = rules_of(base, scenario)
    if not len(base.link_from):
        return sparse.csr_matrix((groups, groups))
    share = chances(base, lever) / rules.leave_group[base.link_from]
    return sparse.csr_matrix((share, (base.link_from, base.link_to)), shape=(groups, groups))

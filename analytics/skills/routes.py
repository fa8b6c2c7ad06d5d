"""Ways from work to work: what training bridges two roles, what it costs, in how many steps, and who wants it.

No function here takes an age, a birth date, a length of service or an expected stay, and columns of that kind in a frame are
not read: equal-treatment law lets none of them exclude or order a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import scipy
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from analytics.skills.distance import Matrix, coverage
from analytics.skills.training import Thresholds, Trainings, bridge_levels


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """All steps between roles. hours, price: (R, R), inf where there is no step (training hours plus guidance); coverage: (R, R);
    total, previous: shortest hours over several steps and the role before the last on the way (-9999 = none)."""

    between: Matrix
    offer: Trainings
    limits: Thresholds
    coverage: np.ndarray
    hours: np.ndarray
    price: np.ndarray
    total: np.ndarray
    previous: np.ndarray

    def path(self, start: int, end: int) -> list[int]:
        """Roles on the shortest way, both ends included; [] where there is none."""
        if not np.isfinite(self.total[start, end]):
            return []
        way = [end]
        while way[-1] != start:
            way.append(int(self.previous[start, way[-1]]))
        return way[::-1]


def network(between: Matrix, offer: Trainings, limits: Thresholds | None = None) -> Network:
    """Every step whose coverage and hours pass the thresholds, and Dijkstra on hours over them (once per snapshot).

    In a way of several steps each step is counted from what its own starting role asks: what somebody keeps from earlier roles
    can only make it shorter.
    """
    limits = limits or Thresholds()
    share = coverage(between)
    count = len(between.roles)
    hours, price = np.full((count, count), np.inf), np.full((count, count), np.inf)
    with np.errstate(invalid="ignore"):
        pairs = np.argwhere((share >= limits.coverage - 1e-12) & ~np.eye(count, dtype=bool))
    for start, end in pairs:
        found = bridge_levels(between.asked[start], between.asked[end], between.skills, offer, limits)
        if found.hours <= limits.hours:
            hours[start, end], price[start, end] = found.hours + limits.guidance_hours, found.price
    steps = np.isfinite(hours)
    graph = csr_array((np.maximum(hours[steps], 1e-9), np.nonzero(steps)), shape=(count, count))
    total, previous = dijkstra(graph, return_predecessors=True) if count else (np.zeros((0, 0)), np.zeros((0, 0), int))
    return Network(between, offer, limits, share, hours, price, total, previous)


def routes(
    net: Network,
    role: str,
    pay: Mapping[str, float] | None = None,
    wishes: Mapping[str, int] | None = None,
    exposed: Mapping[str, float] | None = None,
    openings: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """All ways out of one role, the best first. One row per target role.

    pay: yearly pay per role; wishes: people of this role who recorded a wish for the target; exposed: automatable share per role;
    openings: fte short per role. Columns: role, via (roles between), steps, hours, price, cost (price + hours x hour_cost +
    guidance), coverage (directly), pay_difference (euro a year, NaN unknown), keeps_pay, safe, wished (people), openings,
    trainings (names of the direct step, empty for several steps), rank_cost.
    Order: cost for each move that is accepted (a wish makes a yes likelier: thresholds wished / unwished); on equal cost the
    wished one first, then by name. So an equal but wished move always ranks first. Ways that lose pay or lead into exposed work
    are marked, not hidden.
    """
    start = net.between.at(role)
    rows = [_route(net, start, end, pay or {}, wishes or {}, exposed or {}, openings or {}) for end in _reached(net, start)]
    frame = pd.DataFrame(rows, columns=list(_ROUTE))
    return frame.sort_values(["rank_cost", "wished", "role"], ascending=[True, False, True], ignore_index=True)


_ROUTE = (
    *("role", "via", "steps", "hours", "price", "cost", "coverage", "pay_difference", "keeps_pay", "safe"),
    *("wished", "openings", "trainings", "rank_cost"),
)


def _reached(net: Network, start: int) -> list[int]:
    return [int(end) for end in np.flatnonzero(np.isfinite(net.total[start])) if end != start]


def _route(
    net: Network,
    start: int,
    end: int,
    pay: Mapping[str, float],
    wishes: Mapping[str, int],
    exposed: Mapping[str, float],
    openings: Mapping[str, float],
) -> tuple[object, ...]:
    names, limits = net.between.roles, net.limits
    way = net.path(start, end)
    steps = len(way) - 1
    hours = float(sum(net.hours[a, b] for a, b in pairwise(way)))
    price = float(sum(net.price[a, b] for a, b in pairwise(way)))
    cost = price + hours * limits.hour_cost + steps * limits.guidance_cost
    mine, theirs = pay.get(names[start], np.nan), pay.get(names[end], np.nan)
    wished = int(wishes.get(names[end], 0))
    said_yes = limits.wished if wished else limits.unwished
    direct = (
        bridge_levels(net.between.asked[start], net.between.asked[end], net.between.skills, net.offer, limits).trainings
        if steps == 1
        else ()
    )
    return (
        names[end],
        tuple(names[i] for i in way[1:-1]),
        steps,
        hours,
        price,
        cost,
        float(net.coverage[start, end]),
        theirs - mine,
        not theirs < limits.pay * mine,
        exposed.get(names[end], 0.0) < limits.risk,
        wished,
        float(openings.get(names[end], 0.0)),
        direct,
        cost / said_yes,
    )


def flows(net: Network, leaving: Mapping[str, float], wanted: Mapping[str, float]) -> pd.DataFrame:
    """Who could go where, in numbers: the movement with the most moves and, among those, the fewest hours (transport problem).

    leaving: people who need other work per role; wanted: open places per role. Columns: role, to, people, hours (per person).
    Whole numbers in give whole numbers out. Ties exist: only the total of hours is unique.
    """
    names = net.between.roles
    pairs = [(a, b) for a in leaving for b in wanted if a != b and np.isfinite(net.total[net.between.at(a), net.between.at(b)])]
    columns = ["role", "to", "people", "hours"]
    if not pairs:
        return pd.DataFrame(columns=columns)
    hours = np.array([net.total[names.index(a), names.index(b)] for a, b in pairs])
    rows = [[float(a == name) for a, _ in pairs] for name in leaving] + [[float(b == name) for _, b in pairs] for name in wanted]
    most = [*leaving.values(), *wanted.values()]
    reward = hours.max() + 1.0  # one more move is worth more than any saving of hours: paths swap at most two moves each way
    answer = scipy.optimize.linprog(
        hours - reward * (2 * len(most) + 1), A_ub=np.array(rows), b_ub=most, bounds=(0, None), method="highs-ds"
    )
    found = pd.DataFrame(pairs, columns=["role", "to"]).assign(people=np.round(answer.x, 9), hours=hours)
    return found[found["people"] > 1e-9].sort_values(["role", "hours", "to"], ignore_index=True)

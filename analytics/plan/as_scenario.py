"""A mix as a scenario: every lever it uses is set for the roles it is used in, so that the scenario brings what the mix promised.

A plan starts things in single years, a lever stands at one value all along. So each lever is first set from the number of units and
then moved until the scenario of that lever alone adds, in the last year of the plan, the fte that the mix promised of it; at the end
all levers of a role are moved together for what they do to each other. Hired staff stands beside the shortage on every screen, so its
lever is set and its fte is counted apart. What has no lever (lending people for a year) is told and lives on as an action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analytics.assumptions import FILL_DEFAULT, TIME_TO_FILL_DEFAULT, hires
from analytics.grid import Base
from analytics.plan.programme import Plan
from analytics.plan.solver import NAMED, TINY
from analytics.projection import Projection, project
from analytics.retraining import PLACES_DEFAULT
from analytics.scenario import Override, Scenario, clamp

LEVER_OF = {
    "recruit": "hires_per_year",
    "apprentices": "apprentice_places",
    "move_in": "training_places",
    "train": "productivity_growth",
    "extra_hours": "extra_hours_uptake",
    "free_hours": "freed_hours_per_week",
    "automate": "replaced_share",
    "retain": "retirement_shift_months",
    "stay_on": "work_on_after_aow",
    "temporary": "flex_fte_max",
}
"""Way a measure works -> the field of `Scenario` that stands for it. Courses inside a role let its people do more of the work."""
TOTALS = ("hires_per_year", "apprentice_places", "training_places", "flex_fte_max")
"""Levers whose override is a number for all groups it names together."""
FIRST_TRY = {
    "hires_per_year": 1.0, "apprentice_places": 1.0, "training_places": 1.0, "productivity_growth": 0.1, "extra_hours_uptake": 5.0,
    "freed_hours_per_week": 0.2, "replaced_share": 5.0, "retirement_shift_months": 3.0, "work_on_after_aow": 3.0,
}  # fmt: skip
"""By how much a lever is moved to see what it does."""
ROUNDS, TOGETHER = 3, 8
DAMPED = 0.5
ENOUGH = 0.02
"""Fte between what was promised and what a lever does that is not chased."""
Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """One lever of one role: where it stood and where the mix puts it, and the fte the mix promises of it in the last year."""

    lever: str
    role: str
    before: float
    value: float
    promised: float


@dataclass(frozen=True, slots=True, eq=False)
class AsScenario:
    """scenario: with an override per setting. roles: role, before, promised, reached (fte short in the last year of the plan, a mean of its
    ends, positive is a shortage), hired (fte of hired staff the mix asks beside it). years: year (index), before, promised, reached (fte
    short in these roles together) for every year of the plan: the scenario is made for the last, in the others it differs. left:
    lever, role, fte_years (over the plan) without a lever."""

    scenario: Scenario
    settings: tuple[Setting, ...]
    roles: pd.DataFrame
    years: pd.DataFrame
    left: pd.DataFrame


def promises(plan: Plan) -> dict[tuple[str, str], float]:
    """(way, role) -> fte in the last year, see `promised_path`."""
    return {key: float(path[-1]) for key, path in promised_path(plan).items()}


def promised_path(plan: Plan) -> dict[tuple[str, str], np.ndarray]:
    """(way, role) -> (T,) fte: what the starts of the mix add to the role they are meant for, `train` inside a role apart from moves
    into it, going on after the pension date apart from staying part-time."""
    out: dict[tuple[str, str], np.ndarray] = {}
    roles = plan.problem.units["role"].tolist()
    for at, measure in enumerate(plan.problem.measures):
        if plan.starts[at].sum() <= TINY:
            continue
        place = measure.target if measure.target >= 0 else measure.effects[0].at
        way = "stay_on" if measure.name.startswith("stay_on ") else measure.lever
        path = out.setdefault((way, roles[place]), np.zeros(plan.problem.years))
        for effect in measure.effects:
            if effect.at == place:
                path += np.convolve(plan.starts[at], effect.fte[: plan.problem.years])[: plan.problem.years]
    return out


def as_scenario(
    plan: Plan,
    base: Base,
    scenario: Scenario,
    inside: np.ndarray | None = None,
    tell: Callable[[float], None] | None = None,
) -> AsScenario:
    """The mix of `plan`, made on `base` under `scenario` for the groups of `inside` (G,) bool (None: all). `tell` hears the share that is
    done. Levers stay in their range: what then lacks shows between promised and reached."""
    work = _Work(plan, base, scenario, np.ones(len(base.groups), bool) if inside is None else inside)
    promised = promises(plan)
    wanted = {(LEVER_OF[way], role): fte for (way, role), fte in promised.items() if way in LEVER_OF and abs(fte) > ENOUGH}
    hired = {role: fte for (lever, role), fte in wanted.items() if lever == "flex_fte_max"}
    wanted = {key: fte for key, fte in wanted.items() if key[0] != "flex_fte_max"}
    levers = sorted({lever for lever, _ in wanted})
    added: dict[tuple[str, str], float] = {}
    for number, lever in enumerate(levers):
        added |= work.fit({key: fte for key, fte in wanted.items() if key[0] == lever})
        if tell:
            tell((number + 1) / (len(levers) + 1))
    added = work.together(added, wanted)
    flexible = {("flex_fte_max", role): fte for role, fte in hired.items()}
    final = work.scenario_of({**added, **flexible})
    return work.told(final, {**added, **flexible}, {**wanted, **flexible}, promised, hired)


class _Work:
    """One mix on one firm: the shortage of a role without it, and what a set of levers does to it."""

    def __init__(self, plan: Plan, base: Base, scenario: Scenario, inside: np.ndarray) -> None:
        self.base, self.scenario, self.inside, self.plan = base, scenario, inside, plan
        self.names = base.groups["role"].astype(str).to_numpy()
        self.years = plan.problem.years
        self.places = _places(base.groups, inside)
        self.ahead = project(base, scenario, self.years)
        self.before = self.short(self.ahead)
        self.hires = _hires(base, scenario)
        self._present: dict[tuple[str, str], float] = {}

    def short(self, ahead: Projection, year: int = -1) -> dict[str, float]:
        """Fte short per role in a year of the plan, the last when not asked, a mean of its ends."""
        gap = ahead.gap[self.inside]
        line = (gap[:, :-1] + gap[:, 1:])[:, year] / 2
        return pd.Series(line).groupby(self.names[self.inside]).sum().to_dict()

    def gained(self, added: dict[tuple[str, str], float]) -> dict[str, float]:
        after = self.short(project(self.base, self.scenario_of(added), self.years))
        return {role: self.before[role] - short for role, short in after.items()}

    def present(self, lever: str, role: str) -> float:
        """Where the lever stands for the role: a total for levers that are one, else the mean over its people."""
        if (lever, role) not in self._present:
            self._present[lever, role] = self._stands(lever, role)
        return self._present[lever, role]

    def _stands(self, lever: str, role: str) -> float:
        groups = self.base.groups
        mine = self.inside & (self.names == role)
        rows = groups[mine]
        weight = self.base.staff[0][mine]
        if lever in ("hires_per_year", "apprentice_places"):
            return float(self.hires[self._learners(role) if lever == "apprentice_places" else mine].sum())
        if lever == "flex_fte_max":
            return float(self.base.means.hired[mine].sum()) if self.base.means is not None else 0.0
        values = [float(self.scenario.value_for(lever, *place)) for place in rows[["location", "unit", "role"]].itertuples(index=False)]
        if lever == "training_places":
            return max([*values, PLACES_DEFAULT])
        return float(np.average(values, weights=weight if weight.sum() > 0 else None))

    def _learners(self, role: str) -> np.ndarray:
        """Groups of apprentices who grow into the role."""
        leads = self.base.apprentice[self.base.link_from] & (self.names[self.base.link_to] == role)
        out = np.zeros(len(self.names), bool)
        out[self.base.link_from[leads]] = True
        return out & self.inside

    def of_lever(self, lever: str, role: str) -> tuple[str, ...]:
        """Roles whose override carries the lever: those of its apprentices for learning places."""
        return tuple(dict.fromkeys(self.names[self._learners(role)])) if lever == "apprentice_places" else (role,)

    def scenario_of(self, added: dict[tuple[str, str], float]) -> Scenario:
        """The scenario with an override for each lever and role; places of learners that lead to two roles add up."""
        totals: dict[tuple[str, str], tuple[float, float]] = {}
        for (lever, role), more in added.items():
            for name in self.of_lever(lever, role):
                part = 1 / max(len(self.of_lever(lever, role)), 1)
                now = self.present(lever, role) * part
                start, sofar = totals.get((lever, name), (now, 0.0))
                totals[lever, name] = (start, sofar + more * part)
        rules = list(self.scenario.overrides)
        for (lever, role), (start, more) in totals.items():
            places = self.places[role]
            for place, part in places.items():
                value = clamp(lever, (start + more) * (part if lever in TOTALS else 1.0))
                rules = [rule for rule in rules if (rule.lever, rule.location, rule.unit, rule.role) != (lever, *place)]
                rules.append(Override(lever, float(value), *place))
        return replace(self.scenario, overrides=tuple(rules))

    def fit(self, wanted: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
        """Move one lever in all its roles until it does what was promised of it there."""
        (lever, _) = next(iter(wanted))
        added = {key: np.sign(fte) * FIRST_TRY[lever] for key, fte in wanted.items()}
        for _ in range(ROUNDS):
            found = self.gained(added)
            if all(abs(found[role] - fte) <= ENOUGH for (_, role), fte in wanted.items()):
                break
            added = {key: self._moved(key, added[key], wanted[key], found[key[1]]) for key in wanted}
        return added

    def _moved(self, key: tuple[str, str], added: float, wanted: float, found: float) -> float:
        """In proportion; where the lever does nothing yet, twice as far. Never beyond the range of the lever."""
        factor = wanted / found if found * wanted > 1e-6 else 2.0
        more = added * min(max(factor, 0.1), 8.0)
        start = self.present(*key)
        return float(clamp(key[0], start + more)) - start

    def together(self, added: dict[tuple[str, str], float], wanted: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
        """All levers at once: those of a role are moved in one measure until their sum is what was promised there."""
        sums: dict[str, float] = {}
        for (_, role), fte in wanted.items():
            sums[role] = sums.get(role, 0.0) + fte
        best, least = added, np.inf
        for turn in range(TOGETHER if len(added) > 1 else 0):
            found = self.gained(added)
            off = max(abs(found[role] - fte) for role, fte in sums.items())
            if off < least:
                best, least = added, off
            if off <= ENOUGH:
                break
            part = 1.0 if turn < 2 else DAMPED  # some levers work in leaps: smaller moves end the swing from one side to the other
            moved = {key: self._moved(key, more, sums[key[1]], found[key[1]]) for key, more in added.items()}
            added = {key: more + part * (moved[key] - more) for key, more in added.items()}
        return best

    def told(
        self,
        final: Scenario,
        added: dict[tuple[str, str], float],
        wanted: dict[tuple[str, str], float],
        promised: dict[tuple[str, str], float],
        hired: dict[str, float],
    ) -> AsScenario:
        ends = project(self.base, final, self.years)
        after = self.short(ends)
        reachable: dict[str, float] = {}
        for (way, role), fte in promised.items():
            if way != "temporary" and way in LEVER_OF:
                reachable[role] = reachable.get(role, 0.0) + fte
        rows = [
            (role, self.before[role], self.before[role] - reachable.get(role, 0.0), after[role], hired.get(role, 0.0))
            for role in dict.fromkeys(role for _, role in promised)
            if role in after
        ]
        settings = tuple(
            Setting(lever, role, self.present(lever, role), self.present(lever, role) + more, wanted[lever, role])
            for (lever, role), more in sorted(added.items())
        )
        paths = promised_path(self.plan)
        left = [(way, role, float(path.sum())) for (way, role), path in paths.items() if way not in LEVER_OF and abs(path.sum()) >= NAMED]
        return AsScenario(
            final,
            settings,
            pd.DataFrame(rows, columns=["role", "before", "promised", "reached", "hired"]),
            self._by_year([row[0] for row in rows], paths, ends),
            pd.DataFrame(left, columns=["lever", "role", "fte_years"]),
        )

    def _by_year(self, roles: list[str], paths: dict[tuple[str, str], np.ndarray], ends: Projection) -> pd.DataFrame:
        """Shortage of these roles together in each year: without the mix, as promised by what has a lever, and in the scenario."""
        rows = []
        for year in range(self.years):
            before, after = self.short(self.ahead, year), self.short(ends, year)
            promised = dict.fromkeys(roles, 0.0)
            for (way, role), path in paths.items():
                if way in LEVER_OF and way != "temporary" and role in promised:
                    promised[role] += float(path[year])
            short = [sum(max(of[role] - less[role], 0.0) for role in roles) for of, less in
                     ((before, dict.fromkeys(roles, 0.0)), (before, promised), (after, dict.fromkeys(roles, 0.0)))]  # fmt: skip
            rows.append((year, *short))
        return pd.DataFrame(rows, columns=["year", "before", "promised", "reached"])


def _hires(base: Base, scenario: Scenario) -> np.ndarray:
    """People a year per group as the lever counts them: before the share of vacancies that is filled."""
    asked = replace(scenario, fill_rate=FILL_DEFAULT, time_to_fill_months=TIME_TO_FILL_DEFAULT)
    kept = tuple(rule for rule in scenario.overrides if rule.lever not in ("fill_rate", "time_to_fill_months"))
    return hires(replace(asked, overrides=kept), base.groups, base.hire_rate, base.demand0, 1, base.apprentice)[:, 0]


def _places(groups: pd.DataFrame, inside: np.ndarray) -> dict[str, dict[Place, float]]:
    """Per role where an override has to stand, and its part of a total: the role anywhere when all of it is inside, else each group."""
    out: dict[str, dict[Place, float]] = {}
    roles = groups["role"].astype(str).to_numpy()
    for role in dict.fromkeys(roles):
        mine = roles == role
        here = groups[mine & inside]
        if inside[mine].all() or not len(here):
            out[role] = {("", "", role): 1.0}
        else:
            places: Iterable[Place] = here[["location", "unit", "role"]].itertuples(index=False, name=None)
            out[role] = {place: 1 / len(here) for place in places}
    return out

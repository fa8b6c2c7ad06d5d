"""The engine: the same cost at three headcounts on the same full grid, what each kind of lever costs, and what certainty adds."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from types import ModuleType
from unittest.mock import patch

import numpy as np
import pandas as pd

from analytics import beside, compiled
from analytics.estimate import estimate
from analytics.projection import Base, Projection, prepare, project
from analytics.scenario import Scenario
from analytics.staff import follow
from analytics.uncertainty import ranges
from analytics.workforce import EXITS, GROUP, History
from benchmarks.grids import cohorts
from benchmarks.timing import Row, interleaved, rows, spaced

HEADCOUNTS = (10_000, 1_000_000, 10_000_000)
GROUPS, YEARS = 300, 20


def no_history() -> History:
    exposure = [*GROUP, "age_band", "tenure_band", "contract", "year", "person_years", *(str(flow) for flow in EXITS)]
    ends = [f"{end}_{key}" for end in ("from", "to") for key in GROUP]
    return History(
        pd.DataFrame(columns=exposure),
        pd.DataFrame(columns=[*ends, "year", "people"]),
        pd.DataFrame(columns=[*GROUP, "year", "age", "people", "fte"]),
        pd.DataFrame(columns=["months", "people"]),
        0,
    )


def _some_moves(groups: pd.DataFrame) -> pd.DataFrame:
    """From each group to the next two, 3 % and 1 % a year: as sparse as moves are."""
    parts = []
    for ahead, chance in ((1, 0.03), (2, 0.01)):
        to = pd.concat([groups.iloc[ahead:], groups.iloc[:ahead]], ignore_index=True)
        parts.append(groups.add_prefix("from_").join(to.add_prefix("to_")).assign(chance=chance, people=1.0))
    return pd.concat(parts, ignore_index=True)


def grid(people: int, moves: bool = False) -> Base:
    staff = cohorts(people, GROUPS)
    groups = staff.frame[list(GROUP)].drop_duplicates(ignore_index=True)
    rates = estimate(no_history(), groups)
    return prepare(staff, replace(rates, moves=_some_moves(groups)) if moves else rates, YEARS)


def ready_loops() -> None:
    """Measure what an open app has: loops that are loaded."""
    compiled.start()
    compiled.ready()


def measure(quick: bool) -> list[Row]:
    ready_loops()
    return [*_ways(quick), *_headcounts(quick), *_levers(quick), *_ranges(quick)]


def _ways(quick: bool) -> list[Row]:
    """The compiled loops against numpy, which answers where there is no compiler."""
    lines = []
    for moves in (False, True):
        base, step = grid(100_000, moves), count()
        loops = compiled.loops()

        def through(which: ModuleType | None, base: Base = base, step: count[int] = step) -> None:
            follow(base, Scenario(resignation_multiplier=0.5 + 0.001 * next(step)), YEARS, which)

        candidates = {"numpy": lambda through=through: through(None), "loops": lambda through=through, loops=loops: through(loops)}
        taken = interleaved(candidates, 3 if quick else 9)
        topic = f"people through the years, {'with' if moves else 'without'} moves"
        lines += rows(topic, taken, {"loops": "numpy"} if loops else {}, {} if loops else {"loops": "no compiler here: numpy both times"})
    return lines


def _headcounts(quick: bool) -> list[Row]:
    """Every round asks another resignation level, so that nothing can be remembered from the round before."""
    bases = {people: grid(people) for people in HEADCOUNTS}
    step = count()

    def asked(people: int) -> object:
        return project(bases[people], Scenario(resignation_multiplier=0.5 + 0.001 * next(step)))

    candidates = {f"{spaced(people)} people": lambda people=people: asked(people) for people in HEADCOUNTS}
    first, *others = candidates
    taken = interleaved(candidates, 5 if quick else 15)
    topic = f"projection, rates change, {GROUPS} groups x {YEARS} years"
    return rows(topic, taken, dict.fromkeys(others, first), {first: "aim: at most 15 ms at each, no moves"})


def _levers(quick: bool) -> list[Row]:
    """With sparse moves: what a slider costs by what it changes."""
    base, step = grid(100_000, moves=True), count()

    def rates() -> object:
        return project(base, Scenario(resignation_multiplier=0.5 + 0.001 * next(step)))

    def in_one_thread() -> object:
        with patch.object(beside, "_helpers", lambda: None):
            return rates()

    candidates = {
        "rates change": rates,
        "rates change, one thread": in_one_thread,
        "hires change": lambda: project(base, Scenario(hires_per_year=100.0 + next(step))),
        "demand changes": lambda: project(base, Scenario(demand_growth=1 + 0.001 * next(step))),
    }
    notes = {"rates change": "aim: at most 15 ms", "hires change": "aim: at most 2 ms", "demand changes": "aim: at most 2 ms"}
    taken = interleaved(candidates, 5 if quick else 15)
    return rows("projection with sparse moves, by lever", taken, dict.fromkeys(list(candidates)[1:], "rates change"), notes)


def _ranges(quick: bool) -> list[Row]:
    """What comes on top of a projection whose chances are new: variance, and ranges with 200 joint draws."""
    base, step = grid(100_000, moves=True), count()
    whole, every = np.ones((1, len(base.groups))), np.eye(len(base.groups))

    def fresh() -> Projection:
        return project(base, Scenario(resignation_multiplier=0.4 + 0.001 * next(step)))

    candidates = {
        "projection alone": fresh,
        "and variance of all groups": lambda: fresh().var_fte,
        "and ranges of the total": lambda: ranges(base, fresh(), whole),
        "and ranges of every group": lambda: ranges(base, fresh(), every),
    }
    notes = {"and variance of all groups": "aim: at most 5 ms more", "and ranges of the total": "aim: at most 100 ms more"}
    taken = interleaved(candidates, 3 if quick else 9)
    return rows("uncertainty", taken, dict.fromkeys(list(candidates)[1:], "projection alone"), notes)

"""The same firm of 50 000 people through 20 years: the closed form, which also knows the variance, against one run of a simulation of every
single person, with pandas year by year and with SimPy as one process a person. A range would ask a thousand such runs.

The simulations know less than the projection (no moves, no contracts that end, no earlier stop, nobody hired); they have the same
chances of leaving by age and length of service and the same pension dates.
"""

from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import replace
from itertools import count

import numpy as np
import pandas as pd
import simpy

from analytics.grid import BAND_OF_AGE, Base
from analytics.projection import project
from analytics.scenario import Scenario
from analytics.workforce import AGE_MIN, FIXED, PERMANENT
from benchmarks.engine import GROUPS, YEARS, grid, ready_loops
from benchmarks.timing import Row, interleaved, rows, spaced

PEOPLE = 50_000
TENURES = np.array([0, 1, 2, 2, 2])
"""Band by whole years of service; from five years on 3."""


def measure(quick: bool) -> list[Row]:
    ready_loops()
    base, staff, step = _base(), persons(PEOPLE), count()
    leaving = base.hazards[:, 0].sum(axis=0)  # (B, K, G)
    one, by_frame, by_process = "project, mean and variance", "pandas, one run", "SimPy, one run"
    candidates = {
        one: lambda: project(base, Scenario(resignation_multiplier=1 + 1e-9 * next(step))).var_people,
        by_frame: lambda: with_pandas(staff, leaving, YEARS, next(step)),
        by_process: lambda: with_simpy(staff, leaving, YEARS, next(step)),
    }
    taken = interleaved(candidates, 1 if quick else 3)
    expected = project(base, Scenario()).people.sum(axis=0)[-1]
    notes = {one: f"{expected:,.0f} of them left after {YEARS} years".replace(",", " ")}
    notes |= {
        name: f"{found(staff, leaving, YEARS, 1)[-1].sum():,.0f} left".replace(",", " ")
        for name, found in ((by_frame, with_pandas),) + (() if quick else ((by_process, with_simpy),))
    }
    topic = f"{spaced(PEOPLE)} people, {YEARS} years"
    return rows(topic, taken, dict.fromkeys((by_frame, by_process), one), notes)


def _base() -> Base:
    """Everybody on a permanent contract, nobody hired, no earlier stop."""
    base = grid(PEOPLE)
    whole = replace(base.permanent, amounts=base.permanent.amounts * 2)
    empty = replace(base.fixed, **{name: getattr(base.fixed, name)[..., :0] for name in base.fixed.__slots__})
    return replace(base, permanent=whole, fixed=empty, hire_rate=np.zeros(GROUPS), cache={})


def persons(people: int, seed: int = 1) -> pd.DataFrame:
    """One row a person, spread as the grid is: group, age, years of service, month of the pension date from the start."""
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 67, people)
    band = rng.integers(0, 4, people)
    frame = pd.DataFrame({"group": rng.integers(0, GROUPS, people), "age": age, "service": np.array([0, 1, 3, 5])[band]})
    return frame.assign(month=(67 - age) * 12 - 6, contract=np.where(age < 0, FIXED, PERMANENT))


def with_pandas(staff: pd.DataFrame, leaving: np.ndarray, years: int, seed: int) -> np.ndarray:
    """People per group at the end of each year, (T, G): a frame of persons, a draw a year for each."""
    rng, there, out = np.random.default_rng(seed), staff.copy(), []
    for year in range(years):
        band = BAND_OF_AGE[there["age"].to_numpy() - AGE_MIN]
        tenure = np.where(there["service"] < 5, TENURES[np.minimum(there["service"], 4)], 3)
        hazard = leaving[band, tenure, there["group"].to_numpy()]
        stays = rng.random(len(there)) < np.exp(-hazard)
        there = there[stays & (there["month"] >= 12 * (year + 1)).to_numpy()]
        there = there.assign(age=there["age"] + 1, service=there["service"] + 1)
        out.append(there.groupby("group").size().reindex(range(GROUPS), fill_value=0).to_numpy())
    return np.array(out)


def with_simpy(staff: pd.DataFrame, leaving: np.ndarray, years: int, seed: int) -> np.ndarray:
    """The same as processes in time: each person waits a year at a time until something ends it."""
    world, draw, out = simpy.Environment(), random.Random(seed), np.zeros((years, GROUPS), int)
    table = np.exp(-leaving).tolist()

    def person(group: int, age: int, service: int, month: int) -> Generator[simpy.Event]:
        for year in range(years):
            if month < 12 * (year + 1):
                yield world.timeout(month / 12 - year)
                return
            band, tenure = BAND_OF_AGE[min(age, 79) - AGE_MIN], 3 if service >= 5 else TENURES[service]
            if draw.random() >= table[band][tenure][group]:
                yield world.timeout(draw.random())
                return
            yield world.timeout(1.0)
            out[year, group] += 1
            age, service = age + 1, service + 1

    for row in staff[["group", "age", "service", "month"]].itertuples(index=False):
        world.process(person(*row))
    world.run()
    return out

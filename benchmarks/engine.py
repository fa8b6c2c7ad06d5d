"""Projection at three headcounts on the same full grid: it should cost the same at each."""

from __future__ import annotations

from itertools import cycle

import pandas as pd

from analytics.estimate import estimate
from analytics.projection import prepare, project
from analytics.scenario import Scenario
from analytics.workforce import EXITS, GROUP, History
from benchmarks.grids import cohorts
from benchmarks.timing import Row, interleaved, rows, spaced

HEADCOUNTS = (1_000, 100_000, 1_000_000)
GROUPS, YEARS = 300, 20


def _no_history() -> History:
    exposure = [*GROUP, "age_band", "tenure_band", "contract", "year", "person_years", *(str(flow) for flow in EXITS)]
    ends = [f"{end}_{key}" for end in ("from", "to") for key in GROUP]
    return History(
        pd.DataFrame(columns=exposure),
        pd.DataFrame(columns=[*ends, "year", "people"]),
        pd.DataFrame(columns=[*GROUP, "year", "age", "people", "fte"]),
        pd.DataFrame(columns=["months", "people"]),
        0,
    )


def measure(quick: bool) -> list[Row]:
    """Every round asks another resignation level, so that nothing can be remembered from the round before."""
    bases = {}
    for people in HEADCOUNTS:
        staff = cohorts(people, GROUPS)
        rates = estimate(_no_history(), staff.frame[list(GROUP)].drop_duplicates(ignore_index=True))
        bases[people] = prepare(staff, rates, YEARS)
    levels = cycle([0.7, 0.85, 1.1, 1.25, 1.4])
    scenario = {"now": Scenario()}

    def asked(people: int) -> object:
        scenario["now"] = Scenario(resignation_multiplier=next(levels))
        return project(bases[people], scenario["now"])

    candidates = {f"{spaced(people)} people": lambda people=people: asked(people) for people in HEADCOUNTS}
    first, *others = candidates
    taken = interleaved(candidates, 5 if quick else 15)
    return rows(f"projection, {GROUPS} groups x {YEARS} years", taken, dict.fromkeys(others, first), {first: "aim: at most 15 ms at each"})

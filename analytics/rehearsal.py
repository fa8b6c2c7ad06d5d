"""A first small run of the compiled loops: after it they stand ready, compiled now or found in their folder."""

from __future__ import annotations

from datetime import date
from types import ModuleType

import numpy as np
import pandas as pd
from scipy import sparse

from analytics.compiled import WAY
from analytics.estimate import estimate
from analytics.grid import Base, prepare
from analytics.moments import moments
from analytics.projection import project
from analytics.scenario import Scenario
from analytics.small import counts
from analytics.staff import follow
from analytics.uncertainty import bent
from analytics.workforce import EXITS, FIXED, GROUP, PERMANENT, Cohorts, History

STEPS = 2


def rehearse(loops: ModuleType) -> None:
    """Every kind of call once."""
    base = _two_people()
    base.cache[WAY] = loops  # not to be waited for: they are what is being made ready
    known = follow(base, Scenario(), STEPS, loops)
    known.squares()
    known.incoming.bring(known.book.copy(), np.ones((len(base.groups), STEPS)))
    if known.incoming.after_hire is not None:
        every = np.ones((len(base.groups), STEPS))
        known.incoming.after_hire.add(known.book.copy(), every)
        known.incoming.after_hire.directly(known.book.copy(), every)
    spread = moments(base, known.book.counted(known.squares()), np.ones((len(base.groups), STEPS)), known.one, loops)
    spread.of_groups()
    spread.of_sums(sparse.csr_matrix(np.ones((1, len(base.groups)))))
    plan, two = project(base, Scenario()), len(base.groups)
    counts(base, plan, np.ones((1, two)), np.ones((1, STEPS + 1, 2)))
    bent(base, plan, np.ones((STEPS, 2, two, 3)).transpose(1, 3, 2, 0), np.ones((STEPS, two, 3)), np.ones((two, 3)), loops=loops)


def _two_people() -> Base:
    """Two groups of one, with a move from the first to the second."""
    groups = pd.DataFrame([("", "", "a"), ("", "", "b")], columns=list(GROUP))
    frame = groups.assign(
        age=[64, 30], pension_month=[9, 440], tenure_band=[3, 0], contract=[PERMANENT, FIXED], contract_end_month=[-1, 4], people=1.0,
        fte=1.0, fte_sq=1.0, cost=np.nan,
    )  # fmt: skip
    demand = groups.assign(establishment_fte=np.nan, vacancies_fte=0.0, growth=np.nan)
    roles = pd.DataFrame(
        {"role": ["a", "b"], "isco": "", "critical": False, "heavy": True, "apprentice": False, "hire_fte": 1.0, "cost": np.nan}
    )
    ends = [f"{end}_{key}" for end in ("from", "to") for key in GROUP]
    nothing = History(
        pd.DataFrame(columns=[*GROUP, "age_band", "tenure_band", "contract", "year", "person_years", *(str(flow) for flow in EXITS)]),
        pd.DataFrame(columns=[*ends, "year", "people"]),
        pd.DataFrame(columns=[*GROUP, "year", "age", "people", "fte"]),
        pd.DataFrame(columns=["months", "people"]),
        0,
    )
    base = prepare(Cohorts(date(2026, 1, 1), frame, demand, roles), estimate(nothing, groups), STEPS)
    return Base(
        **{name: getattr(base, name) for name in base.__slots__}
        | {"link_from": np.array([0]), "link_to": np.array([1]), "link_chance": np.array([0.1])}
    )

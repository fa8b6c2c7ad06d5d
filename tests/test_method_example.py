"""The worked example of docs/method.md section 9, by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.bridge import bridge
from analytics.estimate import estimate
from analytics.pension import pension_months, statutory_pension_date
from analytics.projection import Projection, prepare, project
from analytics.scenario import Scenario
from analytics.workforce import EXITS, GROUP, PERMANENT, Cohorts, Flow, History

AS_OF = date(2026, 1, 1)
STAY = 0.96 * (1 - 0.002661)
REACHES = (0.96 * (1 - 0.010731)) ** (6.5 / 12)


@pytest.fixture(scope="module")
def projection() -> Projection:
    cells = [
        ("", "W", "Monteur", 40, 323, 3, PERMANENT, -1, 4.0, 4.0, 4.0, np.nan),
        ("", "W", "Monteur", 66, 6, 3, PERMANENT, -1, 1.0, 0.8, 0.64, np.nan),
    ]
    columns = [*GROUP, "age", "pension_month", "tenure_band", "contract", "contract_end_month", "people", "fte", "fte_sq", "cost"]
    frame = pd.DataFrame(cells, columns=columns)
    need = pd.DataFrame([("", "W", "Monteur", 5.5, 0.0, np.nan)], columns=[*GROUP, "establishment_fte", "vacancies_fte", "growth"])
    role = [("Monteur", "", False, False, False, np.nan, np.nan)]
    roles = pd.DataFrame(role, columns=["role", "isco", "critical", "heavy", "apprentice", "hire_fte", "cost"])
    ends = [f"{side}_{name}" for side in ("from", "to") for name in GROUP]
    history = History(
        exposure=pd.DataFrame(columns=[*GROUP, "age_band", "tenure_band", "contract", "year", "person_years", *map(str, EXITS)]),
        moves=pd.DataFrame(columns=[*ends, "year", "people"]),
        hires=pd.DataFrame(columns=[*GROUP, "year", "age", "people", "fte"]),
        pension=pd.DataFrame(columns=["months", "people"]),
        years=0,
    )
    base = prepare(Cohorts(AS_OF, frame, need, roles), estimate(history, frame[list(GROUP)].drop_duplicates()))
    scenario = Scenario(
        rvu_uptake=0, generation_pact_uptake=0, work_on_after_aow=0, hires_per_year=0, demand_growth=2, productivity_growth=0
    )
    return project(base, scenario, 1)


def test_the_pension_month_of_the_example() -> None:
    birth = date(1959, 7, 15)
    assert statutory_pension_date(birth) == date(2026, 7, 15)
    assert pension_months(np.array([birth], dtype="datetime64[D]"), AS_OF)[0].tolist() == [6]


def test_people_retirements_and_variance(projection: Projection) -> None:
    assert projection.people[0, 1] == pytest.approx(4 * STAY, abs=1e-5)
    assert projection.flows[Flow.RETIREMENT][0, 0] == pytest.approx(REACHES, abs=1e-5)
    assert projection.flows_fte[Flow.RETIREMENT][0, 0] == pytest.approx(0.8 * REACHES, abs=1e-5)
    assert projection.var_people[0, 1] == pytest.approx(4 * STAY * (1 - STAY), abs=1e-5)


def test_need_gap_and_bridge(projection: Projection) -> None:
    assert projection.demand[0].tolist() == pytest.approx([5.5, 5.61])
    steps = bridge(projection, np.array([True]), 1)
    assert steps.start == pytest.approx(0.7)
    assert steps.end == pytest.approx(5.61 - 4 * STAY, abs=0.02)
    assert steps.start + sum(value for _, value in steps.steps) == pytest.approx(steps.end, abs=1e-9)


def test_the_text_shows_these_numbers() -> None:
    text = (Path(__file__).parent.parent / "docs" / "method.md").read_text(encoding="utf-8")
    for number in (f"{STAY:.6f}", f"{4 * STAY:.4f}", f"{REACHES:.4f}", f"{0.8 * REACHES:.4f}", f"{4 * STAY * (1 - STAY):.4f}"):
        assert number in text

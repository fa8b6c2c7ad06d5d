"""Made-up staff for the engine and the store: the same cells at every headcount, or as many people as asked."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analytics.workforce import FIXED, GROUP, PERMANENT, TENURE_BANDS, Cohorts

AS_OF = date(2026, 1, 1)
AGES = range(18, 67)


def groups(count: int) -> pd.DataFrame:
    """`count` role-units at three locations."""
    rows = [(f"place {number % 3}", f"unit {number % 20}", f"role {number:03d}") for number in range(count)]
    return pd.DataFrame(rows, columns=list(GROUP))


def cohorts(people: float, group_count: int = 300) -> Cohorts:
    """The full grid of group x age x tenure band x contract, every cell filled, with `people` people in all."""
    where = groups(group_count)
    cells = pd.MultiIndex.from_product(
        [range(group_count), AGES, range(len(TENURE_BANDS)), [PERMANENT, FIXED]], names=["group", "age", "tenure_band", "contract"]
    ).to_frame(index=False)
    each = people / len(cells)
    frame = where.iloc[cells.pop("group")].reset_index(drop=True).join(cells)
    frame["pension_month"] = (67 - frame["age"]) * 12 - 6
    frame["contract_end_month"] = np.where(frame["contract"] == FIXED, 6 + frame["age"] % 12, -1)
    frame["people"], frame["fte"], frame["fte_sq"], frame["cost"] = each, each * 0.93, each * 0.93**2, each * 60_000.0
    demand = where.assign(establishment_fte=people / group_count, vacancies_fte=people / group_count * 0.05, growth=0.01)
    roles = pd.DataFrame({"role": where["role"].unique()})
    roles = roles.assign(isco="", critical=False, heavy=False, apprentice=False, hire_fte=0.95, cost=60_000.0)
    return Cohorts(AS_OF, frame, demand, roles)


def staff(people: int, group_count: int = 300, seed: int = 1) -> pd.DataFrame:
    """`people` rows as intake delivers them, one snapshot."""
    rng = np.random.default_rng(seed)
    where = groups(group_count).iloc[rng.integers(0, group_count, people)].reset_index(drop=True)
    birth = np.datetime64("1959-06-01") + rng.integers(0, 48 * 365, people).astype("timedelta64[D]")
    hired = np.maximum(
        birth + np.timedelta64(18 * 366, "D"), np.datetime64("2026-01-01") - (rng.exponential(2500, people)).astype("timedelta64[D]")
    )
    hired = np.minimum(hired, np.datetime64("2025-12-31"))
    fixed = rng.random(people) < 0.1
    number = pd.Series(np.arange(people)).astype("str").str.zfill(8)
    ends = np.where(fixed, np.datetime64("2026-06-30"), np.datetime64("NaT"))
    return where.assign(
        as_of=pd.Timestamp(AS_OF),
        employee_id=number,
        person=number,
        birth_date=pd.to_datetime(birth),
        birth_estimated=False,
        hire_date=pd.to_datetime(hired),
        leave_date=pd.NaT,
        leave_reason="",
        contract_type=np.where(fixed, "fixed", "permanent"),
        contract_end_date=pd.to_datetime(ends),
        job_title=where["role"],
        fte=rng.choice([1.0, 0.8, 0.6], people, p=[0.7, 0.2, 0.1]),
        hours_per_week=38.0,
        gender=rng.choice(["m", "f"], people),
        salary=42_000.0,
        country="NL",
        population="own",
    )

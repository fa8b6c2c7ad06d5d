"""The frames intake delivers, in the shape the tables want."""

from __future__ import annotations

import pandas as pd

from analytics.workforce import EXITS
from store.frames import days, flags, numbers, text


def employees(frame: pd.DataFrame | None) -> pd.DataFrame:
    """The contract's frame as the table wants it; one row per person and day, else ValueError (a fault of the reader)."""
    source = pd.DataFrame({"as_of": pd.Series(dtype="datetime64[s]")}) if frame is None else frame.reset_index(drop=True)
    reason = text(source, "leave_reason")
    made = pd.DataFrame(
        {
            "as_of": days(source, "as_of"),
            "employee_id": text(source, "employee_id"),
            "person": text(source, "person" if "person" in source else "employee_id"),
            "location": text(source, "location"),
            "unit": text(source, "unit"),
            "role": text(source, "role"),
            "own": text(source, "population", "own").ne("flex"),
            "birth": days(source, "birth_date"),
            "birth_estimated": flags(source, "birth_estimated"),
            "hire": days(source, "hire_date"),
            "leave": days(source, "leave_date"),
            "leave_reason": reason.where(reason.isin([str(flow) for flow in EXITS]), ""),
            "contract": text(source, "contract_type"),
            "contract_end": days(source, "contract_end_date"),
            "fte": numbers(source, "fte"),
            "hours": numbers(source, "hours_per_week"),
            "gender": text(source, "gender"),
            "salary": numbers(source, "salary"),
            "country": text(source, "country", "NL").replace("", "NL"),
            "job_title": text(source, "job_title"),
        }
    )
    if _twice(made) or made["as_of"].isna().any():
        raise ValueError("employees: one row per person and reference date expected")
    return made


def _twice(made: pd.DataFrame) -> bool:
    """Whether a person stands in it twice on a day; on one day only, which is the usual file, that takes half the time to tell."""
    one_day = made["as_of"].min() == made["as_of"].max()
    return bool((made["person"] if one_day else made[["as_of", "person"]]).duplicated().any())


def departures(frame: pd.DataFrame | None) -> pd.DataFrame:
    source = pd.DataFrame() if frame is None else frame.reset_index(drop=True)
    reason = text(source, "leave_reason")
    employee = text(source, "employee_id")
    person = text(source, "person") if "person" in source else employee
    made = pd.DataFrame({"employee_id": employee, "person": person, "leave": days(source, "leave_date")})
    made["leave_reason"] = reason.where(reason.isin([str(flow) for flow in EXITS]), "")
    return made[made["leave"].notna() & made["person"].ne("")]

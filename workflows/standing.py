"""How many of the people in a file stand in the staff on its day, and why the rest does not: what a total on a page leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True, slots=True)
class Standing:
    """People of the newest day of a file, each counted once: active (own staff, employed that day), flex (agency, seconded,
    self-employed), left (own staff, gone by that day), later (own staff, starting after it). Of the flex: their fte, how many stop within
    a year by their end date, and what they cost a year as far as the file says (None: it does not)."""

    as_of: date
    active: int
    left: int
    later: int
    flex: int
    flex_fte: float = 0.0
    flex_ends: int = 0
    flex_cost: float | None = None

    @classmethod
    def of(cls, employees: pd.DataFrame | None) -> Standing | None:
        """employees: the frame intake delivers. None without people."""
        if employees is None or employees.empty:
            return None
        day = employees["as_of"].max()
        newest = employees[employees["as_of"] == day]
        flex = newest["population"] == "flex"
        left = ~flex & (newest["leave_date"] <= day)
        later = ~flex & ~left & (newest["hire_date"] > day)
        counts = [int(found.sum()) for found in (~flex & ~left & ~later, left, later, flex)]
        hired = newest[flex]
        ends = hired[["contract_end_date", "leave_date"]].min(axis=1)
        soon = int((ends <= pd.Timestamp(day) + pd.DateOffset(years=1)).sum())
        cost = round(float(hired["salary"].sum()), 2) if hired["salary"].notna().any() else None
        return cls(pd.Timestamp(day).date(), *counts, round(float(hired["fte"].sum()), 4), soon, cost)

"""How many of the people in a file stand in the staff on its day, and why the rest does not: what a total on a page leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True, slots=True)
class Standing:
    """People of the newest day of a file, each counted once: active (own staff, employed that day), flex (agency, seconded,
    self-employed), left (own staff, gone by that day), later (own staff, starting after it)."""

    as_of: date
    active: int
    left: int
    later: int
    flex: int

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
        return cls(pd.Timestamp(day).date(), *counts)

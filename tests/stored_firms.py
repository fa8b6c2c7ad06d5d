"""A small firm of which every day is known, stored as yearly snapshots: for tests that go through a real database."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.sampling import once
from tests.staff_frames import Report, staff
from workflows.workspace import Workspace

ROLES = (("Monteur", "W", 70), ("Elektromonteur", "E", 45), ("Planner", "Kantoor", 25), ("Tekenaar", "Kantoor", 3))
FIRST, LAST = date(2018, 1, 1), date(2026, 1, 1)


@cache
def lives() -> tuple[dict[str, Any], ...]:
    """Everybody who ever worked there: each leaves at a chance of 9 % a year and is replaced within a month."""
    rng = np.random.default_rng(11)
    out: list[dict[str, Any]] = []
    for role, unit, posts in ROLES:
        for _ in range(posts):
            hired = date(2008 + int(rng.integers(10)), 1 + int(rng.integers(12)), 1)
            while hired < LAST:
                birth = date(hired.year - int(rng.integers(20, 35)), 6, 15)
                leave = max(hired, FIRST) + timedelta(days=int(rng.exponential(365 / 0.09)) + 1)
                out.append({"id": f"{len(out):05}", "role": role, "unit": unit, "birth_date": birth, "hire_date": hired, "leave": leave})
                hired = leave + timedelta(days=int(rng.integers(30)))
    return tuple(out)


def firm_rows(year: int, knows: bool = False) -> pd.DataFrame:
    """The staff on 1 January of a year as a file gives it; knows: with the leave dates that still lay in the future."""
    day = date(year, 1, 1)
    here = [{key: value for key, value in life.items() if key != "leave"} | {"leave_date": life["leave"] if knows else None}
            for life in lives() if life["hire_date"] <= day < life["leave"]]  # fmt: skip
    return staff(*here, as_of=day.isoformat())


def keep(workspace: Workspace, frame: pd.DataFrame, day: date | None = None) -> None:
    """Store one file; `day`: as of another day than its rows say."""
    rows = frame if day is None else frame.assign(as_of=pd.Timestamp(day))
    name = str(rows["as_of"].iloc[0].date())
    workspace.store.save_import({"employees": rows}, [Report()], f"{name} {len(rows)}", f"{name}.xlsx", "tester")


def workspace_with(path: Path, years: tuple[int, ...], knows: bool = False) -> Workspace:
    """An open workspace with one snapshot on 1 January of each year; close it, or use it in a `with` block."""

    def fill(workspace: Workspace) -> None:
        for year in years:
            keep(workspace, firm_rows(year, knows))

    return Workspace.open(once((__name__, years, knows), path, fill))

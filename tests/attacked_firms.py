"""Firms for attacks on the privacy gate: uneven, several sizes, twins that differ inside a block, and the director who asks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analytics.blocks import blocks_of
from analytics.release import Viewer
from analytics.workforce import GROUP, Scope
from tests.staff_frames import Report
from workflows.workspace import Workspace

KEYS = list(GROUP)
K = 5
DIRECTOR = Viewer.director(k=K)
SIZES = {40: (2, 2, 5), 300: (3, 4, 12), 6000: (6, 9, 40)}
"""People: locations, departments, roles."""


def staff_of(people: int, seed: int = 1, as_of: str = "2026-01-01") -> pd.DataFrame:
    """Employees as intake delivers them; roles belong to a department, sizes are uneven as in real firms."""
    rng = np.random.default_rng(seed)
    locations, units, roles = SIZES.get(people, (3, 4, 12))
    uneven = 1 / np.arange(1, roles + 1) ** 0.7
    role = rng.choice(roles, people, p=uneven / uneven.sum())
    site = 1 / np.arange(1, locations + 1) ** 1.2
    months = rng.permutation(np.linspace(12 * 19, 12 * 66, people)).astype(int)
    birth = pd.Timestamp(as_of) - pd.to_timedelta(months * 30.44 + rng.integers(0, 28, people), unit="D")
    hired = pd.Timestamp(as_of) - pd.to_timedelta(rng.integers(30, 8000, people), unit="D")
    names = [f"{number:05}" for number in range(people)]
    return pd.DataFrame(
        {
            "as_of": pd.Timestamp(as_of), "employee_id": names, "person": names, "birth_date": birth.normalize(), "birth_estimated": False,
            "hire_date": hired.normalize(), "leave_date": pd.NaT, "leave_reason": "",
            "contract_type": rng.choice(["permanent", "fixed"], people, p=[0.9, 0.1]), "contract_end_date": pd.NaT,
            "location": [f"Plaats {n}" for n in rng.choice(locations, people, p=site / site.sum())],
            "unit": [f"Afdeling {n % units}" for n in role], "role": [f"Functie {n}" for n in role], "job_title": "", "gender": "",
            "fte": rng.choice([0.6, 0.8, 1.0], people), "hours_per_week": 38.0, "salary": rng.normal(48_000, 9_000, people).round(),
            "country": "NL", "population": "own",
        }
    )  # fmt: skip


def filled(path: Path, *frames: pd.DataFrame) -> Workspace:
    workspace = Workspace.open(path)
    for number, frame in enumerate(frames):
        workspace.store.save_import({"employees": frame}, (Report(),), f"hash {number} {len(frame)}", "staff.xlsx", "test")
    return workspace


def some_scope(rng: np.random.Generator, groups: pd.DataFrame) -> Scope:
    """What a visitor could click: nothing, one or several values of each part."""
    parts = []
    for key in KEYS:
        values = sorted(groups[key].unique())
        count = int(rng.choice([0, 0, 1, 1, 2, max(1, len(values) // 2)]))
        parts.append(tuple(sorted(rng.choice(values, min(count, len(values)), replace=False))))
    return Scope(*parts)


def twin_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Two neighbours in age of one block trade two months; two people of a role far apart swap length of service."""
    groups = frame.groupby(["location", "unit", "role"]).size()
    key = groups.idxmax()
    inside = frame[(frame[["location", "unit", "role"]] == list(key)).all(axis=1)].sort_values("birth_date")
    block = blocks_of(np.ones(len(inside)), K)
    gap = inside["birth_date"].diff().dt.days.to_numpy()
    at = next(n for n in range(1, len(inside)) if block[n] == block[n - 1] and gap[n] > 200)
    older, younger = inside.index[at - 1], inside.index[at]
    twin = frame.copy()
    twin.loc[older, "birth_date"] += pd.DateOffset(months=2)
    twin.loc[younger, "birth_date"] -= pd.DateOffset(months=2)
    return twin


def months_of_a_firm(people: int, months: int, seed: int = 9) -> list[pd.DataFrame]:
    """Monthly snapshots in which some people leave, join, move or change hours."""
    rng = np.random.default_rng(seed)
    frames = [staff_of(people, seed)]
    for month in range(1, months):
        day = pd.Timestamp("2026-01-01") + pd.DateOffset(months=month)
        frame = frames[-1].assign(as_of=day)
        frame = frame.drop(index=rng.choice(frame.index, 5, replace=False)).reset_index(drop=True)
        newcomer = staff_of(people, seed + month).head(5).assign(as_of=day)
        newcomer = newcomer.assign(employee_id=[f"n{month}-{i}" for i in range(5)], person=[f"n{month}-{i}" for i in range(5)])
        frame = pd.concat([frame, newcomer], ignore_index=True)
        frame.loc[rng.choice(frame.index, 1), "fte"] = 0.5
        frame.loc[rng.choice(frame.index, 1), "role"] = frame["role"].iloc[0]
        frames.append(frame)
    return frames

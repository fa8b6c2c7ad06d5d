"""Frames as intake delivers them, made by hand for the tests of the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

DATES = ("as_of", "birth_date", "hire_date", "leave_date", "contract_end_date")
DEFAULTS: dict[str, Any] = {
    "as_of": "2026-01-01", "birth_date": "1980-06-15", "birth_estimated": False, "hire_date": "2010-01-01", "leave_date": None,
    "leave_reason": "", "contract_type": "permanent", "contract_end_date": None, "location": "Utrecht", "unit": "Werkplaats",
    "role": "Monteur", "job_title": "", "fte": 1.0, "hours_per_week": 40.0, "gender": "", "salary": 40_000.0, "country": "NL",
    "population": "own",
}  # fmt: skip


def staff(*people: dict[str, Any], **common: Any) -> pd.DataFrame:
    """One row per dict, missing keys from DEFAULTS; `id` names the person."""
    rows = []
    for number, person in enumerate(people):
        row = {**DEFAULTS, **common, **person}
        row["employee_id"] = str(row.pop("id", f"{number:05}"))
        row.setdefault("person", row["employee_id"])
        rows.append(row)
    frame = pd.DataFrame(rows)
    for column in DATES:
        frame[column] = pd.to_datetime(frame[column])
    return frame


def many(count: int, **common: Any) -> pd.DataFrame:
    """`count` people 00000, 00001, … alike but for their ids."""
    return staff(*({"id": f"{number:05}"} for number in range(count)), **common)


@dataclass
class Report:
    """As much of an intake report as the store reads."""

    kind: str = "employees"
    sheet: str = "Blad1"
    mapping: dict[str, str] = field(default_factory=dict)
    findings: tuple[Any, ...] = ()

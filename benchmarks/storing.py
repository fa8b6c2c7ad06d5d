"""From stored people to cohorts: what the first question after an import waits for, what the count costs inside the import, and pandas
grouping rows that are ready in memory."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.estimate import estimate
from analytics.grid import Base, prepare
from analytics.workforce import GROUP
from benchmarks.grids import staff
from benchmarks.timing import Row, interleaved, rows, spaced
from presentation import settling
from store import cells, open_store
from store.cohorts import cohorts


@dataclass(slots=True)
class Report:
    """As much of an import report as the store reads."""

    kind: str = "employees"
    sheet: str = "made up"
    mapping: dict[str, str] = field(default_factory=dict)
    findings: tuple[Any, ...] = ()


def _by_hand(frame: pd.DataFrame) -> pd.DataFrame:
    """The least pandas needs to do for the same cells: ages, service, then one grouping."""
    day = pd.Timestamp("2026-01-01")
    birth, hired = frame["birth_date"], frame["hire_date"]
    age = day.year - birth.dt.year - ((birth.dt.month > 1) | (birth.dt.day > 1))
    pension = 804 - ((day.year - birth.dt.year) * 12 + 1 - birth.dt.month)
    tenure = (day - hired).dt.days // 366
    keys = frame[list(GROUP)].assign(age=age, pension=pension, tenure=tenure.clip(upper=5), contract=frame["contract_type"])
    keys["fte"], keys["people"] = frame["fte"], 1
    return keys.groupby([*GROUP, "age", "pension", "tenure", "contract"], as_index=False)[["people", "fte"]].sum()


def measure(quick: bool) -> list[Row]:
    people = 100_000 if quick else 1_000_000
    settling.few_pools()  # memory as in the started app
    settling.room_for(people)
    frame = staff(people)
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "bench.duckdb") as store:
        store.save_import({"employees": frame}, (Report(),), "bench", "bench.xlsx", "bench")

        def asked() -> int:
            """As after an import or a start: nothing is at hand yet."""
            with store.database.read() as cursor:
                return len(cohorts(cursor, None).frame)

        def prepared() -> Base:
            """And laid on the engine's grid, all its arrays; the chances are there already, as they depend on no headcount."""
            with store.database.read() as cursor:
                return prepare(cohorts(cursor, None), rates)

        def counted() -> None:
            with store.database.write() as cursor:
                cells.drop(cursor, "SELECT snapshot FROM cell_stand")
                cells.refresh(cursor)

        rates = estimate(store.history(), store.cohorts())
        ours, inside = f"first question, {spaced(people)} people", "counting and keeping them, inside the import"
        base, peer = "first question and the engine's arrays", "pandas on rows in memory"
        taken = interleaved({ours: asked, base: prepared, inside: counted, peer: lambda: _by_hand(frame)}, 5 if quick else 7)
        notes = {
            ours: f"aim: at most 25 ms; stored cells to cohorts, work and roles among them; {spaced(asked())} cells",
            inside: "once per snapshot",
        }
    return rows("cohort build", taken, {ours: peer, base: peer, inside: peer}, notes)

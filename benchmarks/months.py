"""Ten million people on sixty reference dates: cohorts of one day built from a stored table, whole and in partitions by snapshot.

`python -m benchmarks --only months`: ten million people on one day, and sixty days of a million (ten times as many people are ten times
as many rows of the same kind; `--quick`: a tenth of both). `python -m benchmarks.months [--people 10000000] [--months 60]`: any size.
The rows are made inside DuckDB (nobody's data), stored in the tables of the product, and read by the product's own query. Not part of
`make bench`: it takes minutes and gigabytes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import psutil

from benchmarks.timing import Row, duration, rows, spaced
from store import open_store

GROUPS = 240
"""Combinations of location, department and role: a large organisation."""

MAKE = """
INSERT INTO employment BY NAME SELECT
    $month::INTEGER AS snapshot, p::INTEGER AS person, (hash(p) % $groups)::INTEGER + 1 AS grp, true AS own,
    DATE '1958-01-01' + (hash(p, 1) % 16000)::INTEGER AS birth, false AS birth_estimated,
    DATE '1998-01-01' + (hash(p, 2) % 9000)::INTEGER AS hire, NULL::DATE AS leave, '' AS leave_reason,
    CASE WHEN hash(p, 3) % 10 = 0 THEN 'fixed' ELSE 'permanent' END AS contract,
    CASE WHEN hash(p, 3) % 10 = 0 THEN DATE '2026-06-01' + (hash(p, 4) % 700)::INTEGER END AS contract_end,
    1.0 - (hash(p, 5) % 5) * 0.1 AS fte, 40.0 AS hours, '' AS gender, 30000.0 + hash(p, 6) % 40000 AS salary, 'NL' AS country
FROM range($from_person, $to_person) AS t(p)
"""


def _made(folder: Path, people: int, months: int) -> Path:
    path = folder / "months.duckdb"
    with open_store(path) as store:
        with store.database.write() as cursor:
            cursor.execute(
                "INSERT INTO staff_group SELECT i + 1, 'L' || i // 60, 'U' || i % 60 // 12, 'R' || i % 12 FROM range(?) AS t(i)", [GROUPS]
            )
        for month in range(1, months + 1):
            with store.database.write() as cursor:  # a day is a transaction of its own, as an import is
                _made_day(cursor, people, month)
    return path


def _made_day(cursor: duckdb.DuckDBPyConnection, people: int, month: int) -> None:
    day = date(2021 + (month - 1) // 12, 1 + (month - 1) % 12, 1)
    cursor.execute(
        "INSERT INTO import_log VALUES (?, 'import', now()::TIMESTAMP, 'bench', 'made up', ?, '', false, NULL)", [month, str(month)]
    )
    cursor.execute("INSERT INTO snapshot VALUES (?, ?, ?, ?, ?, NULL)", [month, day, month, people, people])
    first = (month - 1) * people // 100  # one in a hundred leaves and comes every month
    cursor.execute(MAKE, {"month": month, "groups": GROUPS, "from_person": first, "to_person": first + people})


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds: each day by the clock, the newest for the first time and again, counting the cells of the newest ones once, all days of a
    core, and one streaming query over all; cells in all; gigabytes on disk and in memory."""

    days: list[float]
    newest: float
    again: float
    counted: float
    core: float
    streamed: float
    cells: int
    disk: float
    memory: float


def take(people: int, months: int) -> Taken:
    """A partition at a time, so that what is in memory is one day."""
    with tempfile.TemporaryDirectory() as folder:
        path = _made(Path(folder), people, months)
        disk = path.stat().st_size / 2**30
        start = time.perf_counter()
        with open_store(path) as store:  # the rows came in beside the product: what an import does is done now
            counted = time.perf_counter() - start
            process, days, cells = psutil.Process(), [], 0
            before = sum(process.cpu_times()[:2])
            for snapshot in store.snapshots():
                start = time.perf_counter()
                cells += len(store.cohorts(snapshot.as_of).frame)
                days.append(time.perf_counter() - start)
            start = time.perf_counter()
            store.cohorts()
            again = time.perf_counter() - start
            core, memory = sum(process.cpu_times()[:2]) - before, process.memory_info().rss / 2**30
            start = time.perf_counter()
            with store.database.read() as cursor:
                cursor.execute("SELECT snapshot, grp, year(birth) AS year, count(*), sum(fte) FROM employment GROUP BY ALL").fetchall()
            return Taken(days, days[-1], again, counted, core, time.perf_counter() - start, cells, disk, memory)


def measure(quick: bool) -> list[Row]:
    """Rows for the table: a day of ten million people, and of sixty days the one in the middle."""
    people, months = (1_000_000, 60) if not quick else (100_000, 60)
    large, many = take(10 * people, 1), take(people, months)
    one, each = f"{spaced(10 * people)} people, first question", f"{spaced(people)} people, a day of {months}"
    once, once_more = f"{spaced(10 * people)} people, counted once at the import", f"{spaced(10 * people)} people, asked again"
    streamed = f"{spaced(people)} people x {months} days, one streaming query"
    notes = {
        one: f"aim: at most 150 ms; {spaced(large.cells)} cells, {large.core:.1f} s of a core",
        once: "as long as opening takes where nothing was counted yet",
        once_more: "what was read stays at hand as long as the data do",
        each: f"{spaced(many.cells // months)} cells, worst {duration(max(many.days))}, newest (counted before) {duration(many.newest)}; "
        f"memory {many.memory:.1f}, disk {many.disk:.1f} GB",
        streamed: f"{people * months / many.streamed / 1e6:.0f} million rows a second",
    }
    taken = {one: large.days, once: [large.counted], once_more: [large.again], each: many.days, streamed: [many.streamed]}
    return rows("cohort build from partitions", taken, {}, notes)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.months", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--months", type=int, default=60)
    asked = parser.parse_args()
    found, count = take(asked.people, asked.months), asked.people * asked.months
    print(f"{asked.people} people x {asked.months} months, {found.disk:.2f} GB stored; ten million x 60 is {6e8 / count:.1f} times as many")
    print(f"cohorts of every day: {sum(found.days):.1f} s, {found.core:.1f} s of a core, slowest day {max(found.days):.2f} s")
    print(f"{found.cells} cells; {count / found.core / 1e6:.1f} million rows a second of a core; memory {found.memory:.2f} GB")
    print(f"all days at once in one streaming query (group and year of birth): {found.streamed:.1f} s")


if __name__ == "__main__":
    main()

"""Ten million people on sixty reference dates: cohorts of one day built from a stored table, whole and in partitions by snapshot.

`python -m benchmarks.months [--people 1000000] [--months 60]`. The rows are made inside DuckDB (nobody's data), stored in the tables
of the product, and read by the product's own query. Not part of `make bench`: it takes minutes and gigabytes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

import psutil

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
    with open_store(path) as store, store.database.write() as cursor:
        cursor.execute(
            "INSERT INTO staff_group SELECT i + 1, 'L' || i // 60, 'U' || i % 60 // 12, 'R' || i % 12 FROM range(?) AS t(i)", [GROUPS]
        )
        for month in range(1, months + 1):
            day = date(2021 + (month - 1) // 12, 1 + (month - 1) % 12, 1)
            cursor.execute(
                "INSERT INTO import_log VALUES (?, 'import', now()::TIMESTAMP, 'bench', 'made up', ?, '', false, NULL)", [month, str(month)]
            )
            cursor.execute("INSERT INTO snapshot VALUES (?, ?, ?, ?, ?, NULL)", [month, day, month, people, people])
            first = (month - 1) * people // 100  # one in a hundred leaves and comes every month
            cursor.execute(MAKE, {"month": month, "groups": GROUPS, "from_person": first, "to_person": first + people})
    return path


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.months", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--months", type=int, default=60)
    asked = parser.parse_args()
    factor = 10_000_000 * 60 / (asked.people * asked.months)
    print(f"{asked.people} people x {asked.months} months; ten million x 60 is {factor:.1f} times as many rows", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        path = _made(Path(folder), asked.people, asked.months)
        print(f"stored in {time.perf_counter() - began:.0f} s, {path.stat().st_size / 2**30:.2f} GB", flush=True)
        with open_store(path) as store:
            process, slowest = psutil.Process(), 0.0
            before = sum(process.cpu_times()[:2])
            began = time.perf_counter()
            cells = 0
            for snapshot in store.snapshots():  # a partition at a time: what is in memory is one day
                start = time.perf_counter()
                cells += len(store.cohorts(snapshot.as_of).frame)
                slowest = max(slowest, time.perf_counter() - start)
            seconds, core = time.perf_counter() - began, sum(process.cpu_times()[:2]) - before
            rows = asked.people * asked.months
            print(f"cohorts of every day, one after the other: {seconds:.1f} s, {core:.1f} s of a core, slowest day {slowest:.2f} s")
            print(
                f"{cells} cells; {rows / core / 1e6:.1f} million rows a second of a core; memory {process.memory_info().rss / 2**30:.2f} GB"
            )
            start = time.perf_counter()
            sql = "SELECT snapshot, grp, year(birth) AS year, count(*), sum(fte) FROM employment GROUP BY ALL"
            with store.database.read() as cursor:
                found = len(cursor.execute(sql).fetchall())
            print(f"all days at once in one streaming query (group and year of birth): {time.perf_counter() - start:.1f} s, {found} rows")


if __name__ == "__main__":
    main()

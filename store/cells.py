"""People counted in cells, without a person in them: from the rows of a snapshot, or as they were counted when it was stored.

What everybody waits for after an import is this count, so it is made inside the import's own transaction and kept in a table. Cells
stand by group as stored, so a rename changes none of them. They are worth what the rows are worth: `mark` says of which rows and by
which pension table they were counted, and where that is not what is there now they are counted again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.pension import tables_digest
from store.frames import ask, fetch, first, given
from store.pensions import birth_codes, birth_limits, country_offsets
from store.present import CONTRACT, EMPLOYED, LIVE_SNAPSHOT
from store.types import Snapshot

KEYS = ("age", "pension_month", "tenure_band", "fixed", "contract_end_month")
COUNTS = ("people", "fte", "fte_sq", "cost")
KEPT = 3
"""Newest snapshots of which cells are kept: today, and what it is compared with. More would be the staff a second time."""
WAY = 1
"""Goes up when a cell would be counted another way: what was kept before is then counted again."""
LONGEST_CONTRACT = 598
"""Months; ends further away are as good as none."""

# One packed whole number per cell: grouping by it and joining the birth days by position is several times faster than by
# columns. {codes} = how many codes of (age, pension month) there are, {ends} = how many of contract ends.
_CELLS = """
SELECT (key // ({codes} * 8 * {ends}))::INTEGER AS grp, c.age, c.pension_month, (key // {ends} % 8 // 2)::SMALLINT AS tenure_band,
    (key // {ends} % 2)::SMALLINT AS fixed, (key % {ends} - 1)::SMALLINT AS contract_end_month, people, fte, fte_sq,
    CASE WHEN salaries = people THEN salary END AS cost
FROM (
    SELECT key, count(*)::INTEGER AS people, sum(fte) AS fte, sum(fte * fte) AS fte_sq, sum(salary) AS salary, count(salary) AS salaries
    FROM (
        SELECT (((e.grp::{whole} * {codes} + b.code) * 8 + {tenure} * 2 + {contract}::INTEGER) * {ends} + {end})::{whole} AS key,
            {fte} AS fte, e.salary
        FROM employment e {more} JOIN births b ON b.pos =
            {offset} + CASE WHEN e.birth IS NULL THEN -1 ELSE least(greatest(e.birth, $first), $last) - $first END::INTEGER
        WHERE e.snapshot = $snapshot AND {employed}
    ) AS one GROUP BY key
) AS packed JOIN codes_in c ON c.code = key // (8 * {ends}) % {codes}
ORDER BY key
"""
_TENURE_KEY = "CASE WHEN hire IS NULL THEN 2 WHEN hire > $year1 THEN 0 WHEN hire > $year2 THEN 1 WHEN hire > $year5 THEN 2 ELSE 3 END"
_END_KEY = (
    f"CASE WHEN contract_end IS NOT NULL AND {CONTRACT} "
    "THEN 1 + least({most}, greatest(0, date_sub('month', $day, contract_end))) ELSE 0 END"
)
_WANTED = f"SELECT snapshot, as_of FROM snapshot WHERE {LIVE_SNAPSHOT} ORDER BY as_of DESC LIMIT {KEPT}"
_MARK = """SELECT (SELECT mark FROM cell_stand WHERE snapshot = $snapshot), (SELECT import_no FROM snapshot WHERE snapshot = $snapshot),
count(*), coalesce(sum(grp::BIGINT * person), 0) FROM employment WHERE snapshot = $snapshot"""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What must be known about a snapshot before its cells can be packed."""

    groups: int
    without_fte: int
    last_end: int
    countries: tuple[str, ...]


def counted(cursor: duckdb.DuckDBPyConnection, snapshot: int, day: date) -> pd.DataFrame:
    """grp, KEYS (age and pension_month NaN: birth date unknown; fixed 0/1) and COUNTS (cost: NaN as soon as one salary is unknown) of
    who is employed on a day, from the rows."""
    return _counting(cursor, snapshot, day, "")


def kept(cursor: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> pd.DataFrame | None:
    """The same for the day of the snapshot, as it was counted when it was stored; None when that is not of these rows."""
    stand, now = _marks(cursor, snapshot.number)
    if stand != now:
        return None
    columns = ", ".join(("grp", *KEYS, *COUNTS))
    return fetch(cursor, f"SELECT {columns} FROM cell WHERE snapshot = $snapshot", {"snapshot": snapshot.number})


def mark(cursor: duckdb.DuckDBPyConnection, snapshot: int) -> str:
    """What cells of these rows are known by: the import (its number is never used again), who is in which group, and how it is counted."""
    return _marks(cursor, snapshot)[1]


def _marks(cursor: duckdb.DuckDBPyConnection, snapshot: int) -> tuple[str | None, str]:
    """Of what its cells were counted (None: it has none), and of what they would be now."""
    stand, *rows = first(cursor, _MARK, {"snapshot": snapshot}) or (None,)
    return stand, "-".join(map(str, (WAY, tables_digest(), *rows)))


def missing(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether a snapshot whose cells are to be kept has none, as in a file of an older version."""
    return bool(cursor.execute(f"SELECT 1 FROM ({_WANTED}) AS w WHERE snapshot NOT IN (SELECT snapshot FROM cell_stand)").fetchall())


def refresh(cursor: duckdb.DuckDBPyConnection) -> None:
    """After rows changed, in the same transaction: cells of what is gone go, what has none (or those of other rows) is counted."""
    wanted = {snapshot: (day, mark(cursor, snapshot)) for snapshot, day in cursor.execute(_WANTED).fetchall()}
    here = dict(cursor.execute("SELECT snapshot, mark FROM cell_stand").fetchall())
    right = {snapshot for snapshot, (_, now) in wanted.items() if here.get(snapshot) == now}
    drop(cursor, "SELECT unnest(?::INTEGER[])", [sorted((here.keys() | wanted.keys()) - right)])
    for snapshot in sorted(wanted.keys() - right):
        day, now = wanted[snapshot]
        _counting(cursor, snapshot, day, f"INSERT INTO cell SELECT {int(snapshot)}, * FROM (", ")")
        cursor.execute("INSERT INTO cell_stand VALUES (?, ?)", [snapshot, now])


def drop(cursor: duckdb.DuckDBPyConnection, snapshots: str, values: list | None = None) -> None:
    """Forget the cells of these snapshots (a question that gives their numbers)."""
    for table in ("cell", "cell_stand"):
        cursor.execute(f"DELETE FROM {table} WHERE snapshot IN ({snapshots})", values or [])


def _counting(cursor: duckdb.DuckDBPyConnection, snapshot: int, day: date, before: str, after: str = "") -> pd.DataFrame:
    """Count the rows: as a frame, or with `before` and `after` around the question."""
    shape = _shape(cursor, snapshot, day)
    births, codes = birth_codes(day, shape.countries)
    ends = shape.last_end + 2
    fits = (shape.groups + 1) * len(codes) * 8 * ends < 2**31
    several = len(shape.countries) > 1
    joins = ["JOIN countries c ON c.country = e.country"] * several + ["LEFT JOIN group_fte m ON m.grp = e.grp"] * bool(shape.without_fte)
    sql = _CELLS.format(
        whole="INTEGER" if fits else "BIGINT",
        codes=len(codes),
        ends=ends,
        tenure=_TENURE_KEY,
        contract=CONTRACT,
        end=_END_KEY.format(most=shape.last_end),
        fte="coalesce(fte, mean_fte, 1.0)" if shape.without_fte else "fte",
        offset="c.offset_days" if several else "0",
        more=" ".join(joins),
        employed=EMPLOYED.format(day="$day"),
    )
    frames = {
        "births_in": births,
        "codes_in": _codes(codes),
        "countries": country_offsets(day, shape.countries),
        "group_fte": _mean_fte(cursor, snapshot, shape.without_fte),
    }
    years = {f"year{back}": (pd.Timestamp(day) - pd.DateOffset(years=back)).date() for back in (1, 2, 5)}
    with given(cursor, **frames):
        cursor.execute(
            "CREATE TEMP TABLE births AS SELECT births_in.at AS pos, code FROM births_in"
        )  # a table knows its least and greatest value
        values = {"day": day, "snapshot": snapshot, **years, **birth_limits(day)}
        if before:
            cursor.execute(f"{before}{sql}{after}", values)
        found = pd.DataFrame() if before else fetch(cursor, sql, values)
        cursor.execute("DROP TABLE births")
    return found


def _shape(cursor: duckdb.DuckDBPyConnection, snapshot: int, day: date) -> _Shape:
    row = first(
        cursor,
        """SELECT coalesce(max(grp), 0), count(*) - count(fte), coalesce(date_sub('month', $day, max(contract_end)), 0),
        list(DISTINCT country ORDER BY country) FROM employment WHERE snapshot = $snapshot""",
        {"snapshot": snapshot, "day": day},
    )
    assert row is not None
    return _Shape(int(row[0]), int(row[1]), min(LONGEST_CONTRACT, max(0, int(row[2]))), tuple(row[3] or ()))


def _codes(codes: pd.DataFrame) -> pa.Table:
    """code, age, pension_month as whole numbers; nothing for an unknown birth date."""
    whole = {name: pa.array(codes[column], pa.int16(), from_pandas=True) for name, column in (("age", "age"), ("pension_month", "months"))}
    return pa.table({"code": pa.array(np.arange(len(codes), dtype="int32")), **whole})


def _mean_fte(cursor: duckdb.DuckDBPyConnection, snapshot: int, absent: int) -> pd.DataFrame:
    """grp, mean_fte: what stands in for an unknown part-time factor. Empty when none is unknown, which saves the pass."""
    if not absent:
        return pd.DataFrame({"grp": pd.Series(dtype="int32"), "mean_fte": pd.Series(dtype="float64")})
    return ask(cursor, "SELECT grp, avg(fte) AS mean_fte FROM employment WHERE snapshot = ? GROUP BY grp", [snapshot])

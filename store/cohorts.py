"""The people of one day, counted in cells for the engine. Person rows go in, counts come out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.workforce import FIXED, GROUP, PERMANENT, Cohorts
from store.frames import ask, first, given, spelled
from store.pensions import birth_codes, birth_limits, country_offsets
from store.renames import LIVE, final_groups
from store.snapshots import list_snapshots
from store.types import Snapshot

EMPLOYED = "own AND (hire IS NULL OR hire <= {day}) AND (leave IS NULL OR leave > {day})"
"""Who counts on a day: own staff, already hired (or hire date unknown), not yet left."""

AGE = "(year({day}) - year({birth}) - (month({day}) * 100 + day({day}) < month({birth}) * 100 + day({birth}))::INTEGER)"
"""Age last birthday; somebody born on 29 February turns on 1 March in other years (DuckDB's date_sub says 28 February)."""

TENURE = (
    "CASE WHEN {hire} IS NULL THEN 2 ELSE CASE WHEN date_sub('year', {hire}, {day}) < 1 THEN 0 "
    "WHEN date_sub('year', {hire}, {day}) < 2 THEN 1 WHEN date_sub('year', {hire}, {day}) < 5 THEN 2 ELSE 3 END END"
)
"""Index in TENURE_BANDS; without a hire date the middle band, so that nobody counts as new or as settled for good."""

CONTRACT = "(contract IN ('fixed', 'apprentice') OR (contract NOT IN ('permanent') AND contract_end IS NOT NULL))"
"""True for contracts that end: said so, or with an end date and not said to be permanent."""

# One packed whole number per cell: grouping by it and joining the birth days by position is several times faster than by
# columns. {unit} = how many codes of (age, pension month) there are, {ends} = how many of contract ends.
_CELLS = """
SELECT key, count(*)::DOUBLE AS people, sum(fte) AS fte, sum(fte * fte) AS fte_sq, sum(salary) AS salary, count(salary) AS salaries
FROM (
    SELECT (((e.grp::{whole} * {codes} + b.code) * 8 + {tenure} * 2 + {contract}::INTEGER) * {ends} + {end})::{whole} AS key,
        {fte} AS fte, e.salary
    FROM employment e {more} JOIN births b ON b.pos =
        {offset} + CASE WHEN e.birth IS NULL THEN -1 ELSE least(greatest(e.birth, $first), $last) - $first END::INTEGER
    WHERE e.snapshot = $snapshot AND {employed}
) AS cell GROUP BY key
"""
_TENURE_KEY = "CASE WHEN hire IS NULL THEN 2 WHEN hire > $year1 THEN 0 WHEN hire > $year2 THEN 1 WHEN hire > $year5 THEN 2 ELSE 3 END"
_END_KEY = (
    f"CASE WHEN contract_end IS NOT NULL AND {CONTRACT} "
    "THEN 1 + least({most}, greatest(0, date_sub('month', $day, contract_end))) ELSE 0 END"
)
LONGEST_CONTRACT = 598
"""Months; ends further away are as good as none."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What must be known about a snapshot before its cells can be packed."""

    people: int
    groups: int
    without_fte: int
    last_end: int
    countries: tuple[str, ...]


def pick(cursor: duckdb.DuckDBPyConnection, as_of: date | None) -> tuple[Snapshot, date]:
    """The snapshot to answer from and the day to answer for: the last one on or before the day, else the first one after it
    (hire and leave dates still say who was there). Refusal no_data."""
    snapshots = list_snapshots(cursor)
    if not snapshots:
        raise Refusal("no_data")
    if as_of is None:
        return snapshots[-1], snapshots[-1].as_of
    earlier = [snapshot for snapshot in snapshots if snapshot.as_of <= as_of]
    return (earlier[-1] if earlier else snapshots[0]), as_of


def cohorts(cursor: duckdb.DuckDBPyConnection, as_of: date | None) -> Cohorts:
    """Counts in cells (contract of `analytics.workforce.Cohorts`); cost is the yearly salary sum as the file gave it, NaN unknown."""
    snapshot, day = pick(cursor, as_of)
    final, groups = final_groups(cursor, pd.DataFrame({"snapshot": [snapshot.number], "as_of": [snapshot.as_of]}))
    cells = _cells(cursor, snapshot.number, day, final)
    cells["cost"] = cells["salary"].where(cells["salaries"] == cells["people"], np.nan)
    imputed = int(cells.loc[cells["age"].isna(), "people"].sum())
    cells = spread_ages(cells) if imputed else cells
    frame = _frame(cells, groups)
    present = pd.DataFrame([groups[place] for place in np.unique(cells["place"])], columns=list(GROUP), dtype="str")
    demand = _demand(cursor, present)
    return Cohorts(day, frame, demand, _roles(cursor, demand), imputed)


def _shape(cursor: duckdb.DuckDBPyConnection, snapshot: int, day: date) -> _Shape:
    row = first(
        cursor,
        """SELECT count(*), coalesce(max(grp), 0), count(*) - count(fte), coalesce(date_sub('month', $day, max(contract_end)), 0),
        list(DISTINCT country ORDER BY country) FROM employment WHERE snapshot = $snapshot""",
        {"snapshot": snapshot, "day": day},
    )
    assert row is not None
    return _Shape(int(row[0]), int(row[1]), int(row[2]), min(LONGEST_CONTRACT, max(0, int(row[3]))), tuple(row[4] or ()))


def _cells(cursor: duckdb.DuckDBPyConnection, snapshot: int, day: date, final: pd.DataFrame) -> pd.DataFrame:
    """place, age and pension_month (NaN: birth date unknown), tenure_band, fixed (0/1), contract_end_month, people, fte, fte_sq,
    salary, salaries."""
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
        "countries": country_offsets(day, shape.countries),
        "group_fte": _mean_fte(cursor, snapshot, shape.without_fte),
    }
    years = {f"year{back}": (pd.Timestamp(day) - pd.DateOffset(years=back)).date() for back in (1, 2, 5)}
    with given(cursor, **frames):
        cursor.execute(
            "CREATE TEMP TABLE births AS SELECT births_in.at AS pos, code FROM births_in"
        )  # a table knows its least and greatest value
        packed = ask(cursor, sql, {"day": day, "snapshot": snapshot, **years, **birth_limits(day)})
    return _unpacked(packed, codes, ends, final)


def _unpacked(packed: pd.DataFrame, codes: pd.DataFrame, ends: int, final: pd.DataFrame) -> pd.DataFrame:
    rest, end = np.divmod(packed["key"].to_numpy("int64"), ends)
    rest, kind = np.divmod(rest, 8)
    group, code = np.divmod(rest, len(codes))
    place_of = np.zeros(int(final["grp"].max()) + 1, dtype="int64")
    place_of[final["grp"].to_numpy()] = final["place"].to_numpy()
    packed = packed.drop(columns="key").assign(
        place=place_of[group],
        age=codes["age"].to_numpy()[code],
        pension_month=codes["months"].to_numpy()[code],
        tenure_band=kind // 2,
        fixed=kind % 2,
        contract_end_month=end - 1,
    )
    if final["place"].nunique() == len(final):
        return packed
    keys = ["place", "age", "pension_month", "tenure_band", "fixed", "contract_end_month"]
    return packed.groupby(keys, as_index=False, dropna=False).sum()


def _mean_fte(cursor: duckdb.DuckDBPyConnection, snapshot: int, missing: int) -> pd.DataFrame:
    """grp, mean_fte: what stands in for an unknown part-time factor. Empty when none is unknown, which saves the pass."""
    if not missing:
        return pd.DataFrame({"grp": pd.Series(dtype="int32"), "mean_fte": pd.Series(dtype="float64")})
    return ask(cursor, "SELECT grp, avg(fte) AS mean_fte FROM employment WHERE snapshot = ? GROUP BY grp", [snapshot])


def spread_ages(cells: pd.DataFrame) -> pd.DataFrame:
    """Give people of unknown birth date the ages of their group, in proportion; of the whole firm where the group has none.

    Counts stay whole in sum and become fractions per age: the expectation, not a guess about one person. A firm without
    any birth date cannot be aged: Refusal no_ages.
    """
    unknown, known = cells[cells["age"].isna()], cells[cells["age"].notna()]
    if known.empty:
        raise Refusal("no_ages")
    own = _shares(known, ["place", "age"])
    firm = _shares(known, ["age"])
    in_group = unknown[unknown["place"].isin(own["place"])]
    elsewhere = unknown[~unknown["place"].isin(own["place"])]
    drop = ["age", "pension_month"]
    parts = [in_group.drop(columns=drop).merge(own, on="place"), elsewhere.drop(columns=drop).merge(firm, how="cross")]
    added = pd.concat(parts, ignore_index=True)
    for column in ("people", "fte", "fte_sq", "cost"):
        added[column] = added[column] * added["share"]
    return pd.concat([known, added.drop(columns="share")], ignore_index=True)


def _shares(known: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """keys, pension_month (mean at that age), share (sums to one per place, or over the firm)."""
    weighted = known.assign(weight=known["pension_month"] * known["people"])
    ages = weighted.groupby(keys, as_index=False)[["people", "weight"]].sum()
    total = ages.groupby("place")["people"].transform("sum") if "place" in keys else ages["people"].sum()
    shares = ages.assign(share=ages["people"] / total, pension_month=np.floor(ages["weight"] / ages["people"]))
    return shares.drop(columns=["people", "weight"])


def _frame(cells: pd.DataFrame, groups: list[tuple[str, str, str]]) -> pd.DataFrame:
    places = cells["place"].to_numpy()
    named = {column: spelled(places, [group[at] for group in groups]) for at, column in enumerate(GROUP)}
    whole = ("age", "pension_month", "tenure_band", "contract_end_month")
    counts = ("people", "fte", "fte_sq", "cost")
    columns = {
        **named,
        **{name: cells[name].to_numpy("int64") for name in whole},
        "contract": spelled(cells["fixed"].to_numpy("int32"), (PERMANENT, FIXED)),
        **{name: cells[name].to_numpy("float64") for name in counts},
    }
    order = (*GROUP, "age", "pension_month", "tenure_band", "contract", "contract_end_month", *counts)
    return pd.DataFrame({name: columns[name] for name in order})


FORMATION = """SELECT location, unit, role, establishment_fte, vacancies_fte, growth FROM formation
WHERE version = (SELECT max(version) FROM formation_version WHERE NOT undone)"""


def formation_rows(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The establishment in force (newest version that was not undone): GROUP columns, establishment_fte, vacancies_fte, growth."""
    return ask(cursor, f"{FORMATION} ORDER BY location, unit, role")


def _demand(cursor: duckdb.DuckDBPyConnection, present: pd.DataFrame) -> pd.DataFrame:
    """One row per group that has people, posts or vacancies. The vacancies of the newest vacancy list stand in where the
    establishment gives none."""
    with given(cursor, present=present):
        return ask(
            cursor,
            f"""WITH posts AS ({FORMATION}), listed AS (
                SELECT location, unit, role, fte FROM vacancy WHERE import_no = (SELECT max(import_no) FROM vacancy WHERE {LIVE})
            ), every AS (
                SELECT location, unit, role FROM present UNION SELECT location, unit, role FROM posts
                UNION SELECT location, unit, role FROM listed
            )
            SELECT location, unit, role, establishment_fte::DOUBLE AS establishment_fte,
                coalesce(vacancies_fte, fte, 0)::DOUBLE AS vacancies_fte, growth::DOUBLE AS growth
            FROM every LEFT JOIN posts USING (location, unit, role) LEFT JOIN listed USING (location, unit, role)
            ORDER BY location, unit, role""",
        )


def _roles(cursor: duckdb.DuckDBPyConnection, demand: pd.DataFrame) -> pd.DataFrame:
    """What is known of each role that occurs; the newest import that names a role decides."""
    with given(cursor, demand_rows=demand[["role"]]):
        return ask(
            cursor,
            f"""WITH known AS (
                SELECT * FROM role WHERE {LIVE} QUALIFY row_number() OVER (PARTITION BY role ORDER BY import_no DESC) = 1
            )
            SELECT role, coalesce(isco, '') AS isco, coalesce(critical, false) AS critical, coalesce(heavy, false) AS heavy,
                coalesce(apprentice, false) AS apprentice, hire_fte::DOUBLE AS hire_fte, cost::DOUBLE AS cost
            FROM (SELECT DISTINCT role FROM demand_rows) LEFT JOIN known USING (role) ORDER BY role""",
        )

"""The people of one day, counted in cells for the engine. Person rows go in, counts come out."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.workforce import FIXED, GROUP, PERMANENT, Cohorts
from store.frames import ask, given, number, spelled
from store.pensions import birth_limits, months_table
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

_CELLS = f"""
SELECT
    f.place,
    {AGE.format(day="$day", birth="e.birth")} AS age,
    p.months AS pension_month,
    {TENURE.format(hire="e.hire", day="$day")} AS tenure_band,
    {CONTRACT} AS fixed,
    CASE WHEN {CONTRACT} AND e.contract_end IS NOT NULL
        THEN greatest(0, date_sub('month', $day, e.contract_end)) ELSE -1 END AS contract_end_month,
    count(*) AS people,
    sum(coalesce(e.fte, m.fte, 1.0)) AS fte,
    sum(coalesce(e.fte, m.fte, 1.0) * coalesce(e.fte, m.fte, 1.0)) AS fte_sq,
    sum(e.salary) AS salary,
    count(e.salary) AS salaries
FROM employment e
JOIN final f ON f.grp = e.grp
LEFT JOIN group_fte m ON m.grp = e.grp
LEFT JOIN pension p ON p.birth = greatest(least(e.birth, $last), $first) AND p.country = e.country
WHERE e.snapshot = $snapshot AND {EMPLOYED.format(day="$day")}
GROUP BY ALL
"""


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
    countries = [
        row[0] for row in cursor.execute("SELECT DISTINCT country FROM employment WHERE snapshot = ?", [snapshot.number]).fetchall()
    ]
    frames = {"final": final[["grp", "place"]], "pension": months_table(day, countries), "group_fte": _mean_fte(cursor, snapshot.number)}
    with given(cursor, **frames):
        cells = ask(cursor, _CELLS, {"day": day, "snapshot": snapshot.number} | birth_limits(day))
    cells["cost"] = cells["salary"].where(cells["salaries"] == cells["people"], np.nan)
    imputed = int(cells.loc[cells["age"].isna(), "people"].sum())
    cells = spread_ages(cells) if imputed else cells
    frame = _frame(cells, groups)
    demand = _demand(cursor, frame)
    return Cohorts(day, frame, demand, _roles(cursor, frame, demand), imputed)


def _mean_fte(cursor: duckdb.DuckDBPyConnection, snapshot: int) -> pd.DataFrame:
    """grp, fte: what stands in for an unknown part-time factor. Empty when none is unknown, which saves the pass."""
    if not number(cursor, "SELECT count(*) FROM employment WHERE snapshot = ? AND fte IS NULL", [snapshot]):
        return pd.DataFrame({"grp": pd.Series(dtype="int32"), "fte": pd.Series(dtype="float64")})
    return ask(cursor, "SELECT grp, avg(fte) AS fte FROM employment WHERE snapshot = ? GROUP BY grp", [snapshot])


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


def formation_rows(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The establishment in force (newest version that was not undone): GROUP columns, establishment_fte, vacancies_fte, growth."""
    return ask(
        cursor,
        """SELECT location, unit, role, establishment_fte, vacancies_fte, growth FROM formation
        WHERE version = (SELECT max(version) FROM formation_version WHERE NOT undone) ORDER BY location, unit, role""",
    )


def _demand(cursor: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> pd.DataFrame:
    """One row per group that has people, posts or vacancies. The vacancies of the newest vacancy list stand in where the
    establishment gives none."""
    rows = formation_rows(cursor)
    listed = ask(
        cursor,
        f"SELECT location, unit, role, fte AS listed FROM vacancy WHERE import_no = (SELECT max(import_no) FROM vacancy WHERE {LIVE})",
    )
    keys = list(GROUP)
    present = frame[keys].drop_duplicates()
    every = pd.concat([present, rows[keys], listed[keys]]).drop_duplicates().sort_values(keys, ignore_index=True)
    demand = every.merge(rows, on=keys, how="left").merge(listed, on=keys, how="left")
    demand["vacancies_fte"] = demand["vacancies_fte"].fillna(demand["listed"]).fillna(0.0)
    return demand.drop(columns="listed").astype({"establishment_fte": "float64", "vacancies_fte": "float64", "growth": "float64"})


def _roles(cursor: duckdb.DuckDBPyConnection, frame: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    """What is known of each role that occurs; the newest import that names a role decides."""
    known = ask(
        cursor,
        f"""SELECT role, isco, critical, heavy, apprentice, hire_fte, cost FROM role WHERE {LIVE}
        QUALIFY row_number() OVER (PARTITION BY role ORDER BY import_no DESC) = 1""",
    )
    names = pd.DataFrame({"role": sorted({*frame["role"], *demand["role"]})}, dtype="str")
    roles = names.merge(known, on="role", how="left")
    roles["isco"] = roles["isco"].astype("str").fillna("")
    for column in ("critical", "heavy", "apprentice"):
        roles[column] = roles[column].astype("boolean").fillna(False).astype(bool)
    return roles.astype({"hire_fte": "float64", "cost": "float64"})

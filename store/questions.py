"""Counts that are asked for by name: pension and birthday counts, and what is missing in the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from analytics.workforce import GROUP
from store.cohorts import pick
from store.frames import ask, first, given, number, spelled
from store.pensions import dates_table
from store.present import EMPLOYED
from store.renames import LIVE, final_groups, known

# the N-th birthday; adding years to 29 February gives 28 February, which counts as 1 March
ROLLED = "CASE WHEN month({start}) = 2 AND day({start}) = 29 AND day({there}) = 28 THEN {there} + 1 ELSE {there} END"


@dataclass(frozen=True, slots=True, eq=False)
class Retirements:
    """rows: GROUP columns, year (calendar year of the day), people, fte: days in (as_of, as_of + years].
    active: own staff at as_of; already_past: of those, day on or before as_of; unknown: of those, without a birth date."""

    as_of: date
    active: int
    already_past: int
    unknown: int
    rows: pd.DataFrame


def retirements(cursor: duckdb.DuckDBPyConnection, as_of: date | None, age: int | None, years: int) -> Retirements:
    """Count who reaches the statutory pension date (age None) or the birthday `age` within `years` after as_of."""
    snapshot, day = pick(cursor, as_of)
    final, groups = final_groups(cursor, pd.DataFrame({"snapshot": [snapshot.number], "as_of": [snapshot.as_of]}))
    there = EMPLOYED.format(day="$day")
    with given(cursor, final=final):
        people = ask(
            cursor,
            f"""SELECT f.place, e.country, e.birth, count(*)::BIGINT AS people, sum(coalesce(e.fte, 1.0)) AS fte
            FROM employment e JOIN final f USING (grp) WHERE e.snapshot = $snapshot AND {there} GROUP BY ALL""",
            {"snapshot": snapshot.number, "day": day},
        )
    active, unknown = int(people["people"].sum()), int(people.loc[people["birth"].isna(), "people"].sum())
    people = people[people["birth"].notna()]
    turning = _days(cursor, people[["country", "birth"]].drop_duplicates(ignore_index=True), age)
    people = people.merge(turning, on=["country", "birth"], how="left")
    end = _end(cursor, day, years)
    past = people["day"] <= pd.Timestamp(day)
    inside = people[~past & (people["day"] <= pd.Timestamp(end))]
    named = {column: spelled(inside["place"].to_numpy("int32"), [group[at] for group in groups]) for at, column in enumerate(GROUP)}
    rows = pd.DataFrame(
        {**named, **{"year": inside["day"].dt.year.to_numpy(), "people": inside["people"].to_numpy(), "fte": inside["fte"].to_numpy()}}
    )
    rows = rows.groupby([*GROUP, "year"], as_index=False)[["people", "fte"]].sum()
    return Retirements(day, active, int(people.loc[past, "people"].sum()), unknown, rows)


def _days(cursor: duckdb.DuckDBPyConnection, births: pd.DataFrame, age: int | None) -> pd.DataFrame:
    if age is None:
        return dates_table(births)
    there = f"(birth + INTERVAL {int(age)} YEAR)::DATE"
    with given(cursor, births=births):
        rolled = ROLLED.format(start="birth", there=there)
        return ask(
            cursor, f"SELECT country, birth, ({rolled})::TIMESTAMP AS day FROM (SELECT country, birth::DATE AS birth FROM births) AS b"
        )


def _end(cursor: duckdb.DuckDBPyConnection, day: date, years: int) -> date:
    there = f"($day + INTERVAL {int(years)} YEAR)::DATE"
    row = first(cursor, f"SELECT {ROLLED.format(start='$day', there=there)}", {"day": day})
    assert row is not None
    return row[0]


QUALITY = {
    "birth_date_missing": "birth IS NULL",
    "birth_date_estimated": "birth_estimated",
    "hire_date_missing": "hire IS NULL",
    "fte_missing": "fte IS NULL",
    "role_missing": "g.role = ''",
    "unit_missing": "g.unit = ''",
    "contract_missing": "contract = ''",
    "contract_end_missing": "contract = 'fixed' AND contract_end IS NULL",
    "contract_end_past": "contract_end < $day AND contract <> 'permanent'",
    "salary_missing": "salary IS NULL",
}
"""Measures over own staff employed at the reference date."""


def quality(cursor: duckdb.DuckDBPyConnection, as_of: date | None) -> pd.DataFrame:
    """measure, count, of: how many of the people (or roles, groups) lack something; also what the last import found."""
    snapshot, day = pick(cursor, as_of)
    counts = ", ".join(f"count(*) FILTER ({condition})::BIGINT AS {name}" for name, condition in QUALITY.items())
    row = ask(
        cursor,
        f"""SELECT count(*)::BIGINT AS active, {counts} FROM employment e JOIN staff_group g USING (grp)
        WHERE e.snapshot = $snapshot AND {EMPLOYED.format(day="$day")}""",
        {"snapshot": snapshot.number, "day": day},
    ).iloc[0]
    rows = [(name, int(row[name]), int(row["active"])) for name in QUALITY]
    roles = number(cursor, "SELECT count(DISTINCT role) FROM staff_group WHERE role <> ''")
    coded = number(cursor, f"SELECT count(DISTINCT role) FROM role WHERE isco <> '' AND {LIVE}")
    flex = number(cursor, "SELECT count(*) FROM employment WHERE snapshot = ? AND NOT own", [snapshot.number])
    rows += [("role_without_isco", max(0, roles - coded), roles), ("flex", flex, snapshot.rows)]
    rows += [("renamed", len(known(cursor)), len(known(cursor)))]
    return pd.DataFrame(rows, columns=["measure", "count", "of"])


def findings(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """What the imports in force found: import_no, file_name, severity, reason, sheet, column, count."""
    return ask(
        cursor,
        """SELECT import_no, file_name, severity, reason, sheet, "column", count
        FROM finding JOIN import_log USING (import_no) ORDER BY import_no""",
    )

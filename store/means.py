"""Mentors, wishes for more hours and hired staff of one day, counted per group: no row about a person leaves this room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from analytics.means import MENTOR_LEVEL, MENTOR_WORDS, Known
from analytics.skills.gaps import folded
from analytics.workforce import AGE_BANDS, GROUP
from store import talks, told
from store.cohorts import pick
from store.frames import ask, given
from store.present import AGE, EMPLOYED
from store.renames import LIVE, final_groups

UNSAID = 0.1
"""Fte more for somebody who wants more hours and did not say how many: half a working day."""
HIRED = EMPLOYED.replace("own AND", "NOT own AND") + " AND (contract_end IS NULL OR contract_end >= {day})"
"""Hired staff whose assignment has ended by its own date is there no longer."""


OF_FILES = f"""
    SELECT person, level FROM skill_record WHERE {LIVE} AND list_contains($skills, skill)
    QUALIFY row_number() OVER (PARTITION BY person ORDER BY import_no DESC, level DESC) = 1
"""
OF_COPY = "SELECT person, max(level) AS level FROM told_skill WHERE list_contains($skills, skill) GROUP BY person"


@dataclass(frozen=True, slots=True)
class _People:
    """Whom is counted. where: of `employment e`, with values; snapshots: frame snapshot, as_of of the files they are in."""

    where: str
    values: dict[str, Any]
    snapshots: pd.DataFrame


def means(cursor: duckdb.DuckDBPyConnection, as_of: date | None, as_told: bool = False) -> Known:
    """as_told: mentors and wishes from the copy for everybody but HR (`store.told`), which knows one day only. Refusal no_data."""
    snapshot, day = pick(cursor, as_of)
    here = pd.DataFrame({"snapshot": [snapshot.number], "as_of": [snapshot.as_of]})
    own = _People(f"e.snapshot = $snapshot AND {EMPLOYED.format(day='$day::DATE')}", {"day": day, "snapshot": snapshot.number}, here)
    hired = replace(own, where=f"e.snapshot = $snapshot AND {HIRED.format(day='$day::DATE')}")
    if as_told:
        files = ask(cursor, "SELECT snapshot, as_of FROM snapshot WHERE snapshot IN (SELECT snapshot FROM told_person)")
        own = _People(f"(e.person, e.snapshot) IN (SELECT (person, snapshot) FROM ({told.NOW}))", {"day": day}, files)
    return Known(_mentors(cursor, own, as_told), _wishes(cursor, own, as_told), _hired(cursor, hired))


def _counted(cursor: duckdb.DuckDBPyConnection, people: _People, sql: str, **values: Any) -> pd.DataFrame:
    """The answer of a question over `employment e JOIN final f`, with its groups by name. {people}: who is counted."""
    final, names = final_groups(cursor, people.snapshots)
    with given(cursor, final=final):
        wanted = {name: value for name, value in people.values.items() if f"${name}" in sql.format(people=people.where)}
        return _grouped(ask(cursor, sql.format(people=people.where), wanted | values), names)


def _mentors(cursor: duckdb.DuckDBPyConnection, people: _People, as_told: bool) -> pd.DataFrame:
    """GROUP, age_band, people: whose newest record of the skill is at the level of a mentor; age unknown counts in the middle band."""
    listed = ask(cursor, "SELECT DISTINCT skill FROM told_skill" if as_told else f"SELECT DISTINCT skill FROM skill_record WHERE {LIVE}")
    skills = [name for name in listed["skill"] if folded(name) in MENTOR_WORDS]
    if not skills:
        nobody = {"place": pd.Series(dtype="int32"), "age_band": pd.Series(dtype="int64"), "people": pd.Series(dtype="float64")}
        return _grouped(pd.DataFrame(nobody), [])
    rows = _counted(
        cursor,
        people,
        f"""WITH held AS ({OF_COPY if as_told else OF_FILES})
        SELECT f.place, {AGE.format(day="$day::DATE", birth="e.birth")} AS age, count(*)::DOUBLE AS people
        FROM employment e JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp JOIN held h USING (person)
        WHERE h.level >= $level AND {{people}} GROUP BY ALL""",
        skills=skills,
        level=MENTOR_LEVEL,
    )
    edges = np.array([low for low, _ in AGE_BANDS[1:]])
    band = np.searchsorted(edges, rows["age"].fillna(edges[1]).to_numpy(float), side="right")
    return rows.assign(age_band=band).groupby([*GROUP, "age_band"], as_index=False)["people"].sum()


def _wishes(cursor: duckdb.DuckDBPyConnection, people: _People, as_told: bool) -> pd.DataFrame:
    """GROUP, people, fte: wishes for more hours that stand, above what people work now."""
    wanted = talks.wishes(cursor, "FROM told_wish") if as_told else talks.wishes(cursor)
    wanted = wanted.loc[wanted["more_hours"] == "yes", ["person", "wished_fte"]]
    with given(cursor, wanted=wanted):
        return _counted(
            cursor,
            people,
            f"""SELECT f.place, count(*)::DOUBLE AS people,
                sum(CASE WHEN w.wished_fte > coalesce(e.fte, 1) THEN least(w.wished_fte - coalesce(e.fte, 1), 1)
                    ELSE {UNSAID} END)::DOUBLE AS fte
            FROM employment e JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp JOIN wanted w USING (person)
            WHERE {{people}} GROUP BY ALL""",
        )


def _hired(cursor: duckdb.DuckDBPyConnection, people: _People) -> pd.DataFrame:
    """GROUP, people, fte: agency, seconded and self-employed workers; one whole fte where nothing is known."""
    return _counted(
        cursor,
        people,
        """SELECT f.place, count(*)::DOUBLE AS people, sum(coalesce(e.fte, 1))::DOUBLE AS fte
        FROM employment e JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp
        WHERE {people} GROUP BY ALL""",
    )


def _grouped(rows: pd.DataFrame, names: list[tuple[str, str, str]]) -> pd.DataFrame:
    """With the GROUP columns in the place of `place`, sorted."""
    table = np.array(names, dtype=object).reshape(-1, len(GROUP))[rows["place"].to_numpy(int)]
    groups = {column: pd.Series(table[:, at], dtype="str") for at, column in enumerate(GROUP)}
    frame = pd.DataFrame(groups).join(rows.drop(columns="place").reset_index(drop=True))
    return frame.sort_values([*GROUP, *(["age_band"] if "age_band" in frame else [])], ignore_index=True)

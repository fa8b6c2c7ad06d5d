"""Mentors, wishes for more hours and hired staff of one day, counted per group: no row about a person leaves this room."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from analytics.means import MENTOR_LEVEL, MENTOR_WORDS, Known
from analytics.skills.gaps import folded
from analytics.workforce import AGE_BANDS, GROUP
from store import talks
from store.cohorts import AGE, EMPLOYED, pick
from store.frames import ask, given
from store.renames import LIVE, final_groups
from store.types import Snapshot

UNSAID = 0.1
"""Fte more for somebody who wants more hours and did not say how many: half a working day."""
HIRED = EMPLOYED.replace("own AND", "NOT own AND")


def means(cursor: duckdb.DuckDBPyConnection, as_of: date | None) -> Known:
    """Refusal no_data."""
    snapshot, day = pick(cursor, as_of)
    final, names = final_groups(cursor, pd.DataFrame({"snapshot": [snapshot.number], "as_of": [snapshot.as_of]}))
    with given(cursor, final=final):
        return Known(
            _grouped(_mentors(cursor, snapshot, day), names),
            _grouped(_wishes(cursor, snapshot, day), names),
            _grouped(_hired(cursor, snapshot, day), names),
        )


def _mentors(cursor: duckdb.DuckDBPyConnection, snapshot: Snapshot, day: date) -> pd.DataFrame:
    """place, age_band, people: whose newest record of the skill is at the level of a mentor; age unknown counts in the middle band."""
    listed = ask(cursor, f"SELECT DISTINCT skill FROM skill_record WHERE {LIVE}")["skill"]
    skills = [name for name in listed if folded(name) in MENTOR_WORDS]
    if not skills:
        return pd.DataFrame({"place": pd.Series(dtype="int32"), "age_band": pd.Series(dtype="int64"), "people": pd.Series(dtype="float64")})
    rows = ask(
        cursor,
        f"""WITH held AS (
            SELECT person, level FROM skill_record WHERE {LIVE} AND list_contains($skills, skill)
            QUALIFY row_number() OVER (PARTITION BY person ORDER BY import_no DESC, level DESC) = 1
        )
        SELECT f.place, {AGE.format(day="$day::DATE", birth="e.birth")} AS age, count(*)::DOUBLE AS people
        FROM employment e JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp JOIN held h USING (person)
        WHERE e.snapshot = $snapshot AND h.level >= $level AND {EMPLOYED.format(day="$day::DATE")} GROUP BY ALL""",
        {"skills": skills, "day": day, "snapshot": snapshot.number, "level": MENTOR_LEVEL},
    )
    edges = np.array([low for low, _ in AGE_BANDS[1:]])
    band = np.searchsorted(edges, rows["age"].fillna(edges[1]).to_numpy(float), side="right")
    return rows.assign(age_band=band).groupby(["place", "age_band"], as_index=False)["people"].sum()


def _wishes(cursor: duckdb.DuckDBPyConnection, snapshot: Snapshot, day: date) -> pd.DataFrame:
    """place, people, fte: wishes for more hours that stand, above what people work now."""
    wanted = talks.wishes(cursor)
    wanted = wanted.loc[wanted["more_hours"] == "yes", ["person", "wished_fte"]]
    with given(cursor, wanted=wanted):
        return ask(
            cursor,
            f"""SELECT f.place, count(*)::DOUBLE AS people,
                sum(CASE WHEN w.wished_fte > coalesce(e.fte, 1) THEN least(w.wished_fte - coalesce(e.fte, 1), 1)
                    ELSE {UNSAID} END)::DOUBLE AS fte
            FROM employment e JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp JOIN wanted w USING (person)
            WHERE e.snapshot = $snapshot AND {EMPLOYED.format(day="$day::DATE")} GROUP BY ALL""",
            {"day": day, "snapshot": snapshot.number},
        )


def _hired(cursor: duckdb.DuckDBPyConnection, snapshot: Snapshot, day: date) -> pd.DataFrame:
    """place, people, fte: agency, seconded and self-employed workers; one whole fte where nothing is known."""
    return ask(
        cursor,
        f"""SELECT f.place, count(*)::DOUBLE AS people, sum(coalesce(e.fte, 1))::DOUBLE AS fte
        FROM employment e JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp
        WHERE e.snapshot = $snapshot AND {HIRED.format(day="$day::DATE")} GROUP BY ALL""",
        {"day": day, "snapshot": snapshot.number},
    )


def _grouped(rows: pd.DataFrame, names: list[tuple[str, str, str]]) -> pd.DataFrame:
    """With the GROUP columns in the place of `place`, sorted."""
    table = np.array(names, dtype=object).reshape(-1, len(GROUP))[rows["place"].to_numpy(int)]
    groups = {column: pd.Series(table[:, at], dtype="str") for at, column in enumerate(GROUP)}
    frame = pd.DataFrame(groups).join(rows.drop(columns="place").reset_index(drop=True))
    return frame.sort_values([*GROUP, *(["age_band"] if "age_band" in frame else [])], ignore_index=True)

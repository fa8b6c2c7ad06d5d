"""What happened between earlier days: who stayed, left (and why), moved or came. Counts only.

Two days are compared per step. Usually these are two snapshots; before the first snapshot its own hire and leave dates tell
who was there, as far back as it holds leavers. Both kinds of step fill one temporary table, from which the counts are taken.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd

from analytics.workforce import AGE_BANDS, EXITS, FIXED, GROUP, PERMANENT, Flow, History
from store import past
from store.frames import ask, given, spelled
from store.pensions import birth_limits, month_index_table
from store.present import AGE, CONTRACT, EMPLOYED, TENURE
from store.renames import final_groups
from store.snapshots import list_snapshots
from store.types import Snapshot

MOST_YEARS = 10
"""Older steps say little about today's chances."""
DATED_YEARS = 5
"""How far back the dates inside one file are trusted."""
NEAR_DAYS = 31
"""A contract end or departure this near to a leave date belongs to it."""
UNLIKELY_SILENCE = 5.0
"""So many hires and leavers were to be expected since the last one recorded (chance below 1 %): the file was not kept up."""
MANY = 40
YEAR = 365.25
DEFAULT_HIRE_AGE = 35
MONTH = "((year({day}) - 2000) * 12 + month({day}) - 1)"

# Each step row is one person at risk or newly seen: where, since when, what became of them.
# exposure: years such that events / exposure is a yearly chance to second order: somebody who leaves counts half the step
# plus half a year (Balducci's convention: with steps of one year, simply one).
_BETWEEN = f"""
WITH before AS (
    SELECT s.step, s.from_day, s.to_day, e.*, f.place FROM steps s JOIN employment e ON e.snapshot = s.from_snapshot
    JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp WHERE {EMPLOYED.format(day="s.from_day")} AND NOT s.dated
), later AS (
    SELECT s.step, e.*, f.place, {EMPLOYED.format(day="s.to_day")} AS here FROM steps s JOIN employment e ON e.snapshot = s.to_snapshot
    JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp WHERE NOT s.dated
), gone AS (
    SELECT s.step, d.person, max(d.leave) AS leave, max(d.leave_reason) AS leave_reason FROM departure d
    JOIN steps s ON d.leave > s.from_day - {NEAR_DAYS} AND d.leave <= s.to_day + {NEAR_DAYS} WHERE NOT s.dated GROUP BY ALL
)
SELECT b.step, b.person, b.place, l.place AS to_place, coalesce(l.here, false) AS stays, true AS at_risk,
    b.birth, b.country, b.hire, b.from_day AS since, b.to_day AS until, {CONTRACT.replace("contract", "b.contract")} AS fixed,
    b.contract_end, coalesce(b.fte, 1.0) AS fte,
    CASE WHEN l.leave > b.from_day AND l.leave <= b.to_day THEN l.leave
        WHEN b.leave > b.from_day AND b.leave <= b.to_day THEN b.leave ELSE g.leave END AS leave,
    coalesce(nullif(l.leave_reason, ''), nullif(b.leave_reason, ''), nullif(g.leave_reason, ''), '') AS reason
FROM before b LEFT JOIN later l ON l.step = b.step AND l.person = b.person LEFT JOIN gone g ON g.step = b.step AND g.person = b.person
UNION ALL
SELECT l.step, l.person, l.place, l.place, true, false, l.birth, l.country, l.hire,
    greatest(s.from_day, least(coalesce(l.hire, s.to_day), s.to_day)), s.to_day, false, NULL, coalesce(l.fte, 1.0), NULL, ''
FROM later l JOIN steps s USING (step) LEFT JOIN before b ON b.step = l.step AND b.person = l.person
WHERE l.here AND b.person IS NULL
"""

_DATED = f"""
SELECT s.step, e.person, f.place, f.place AS to_place, e.leave IS NULL OR e.leave > s.to_day AS stays, true AS at_risk,
    e.birth, e.country, e.hire, greatest(s.from_day, coalesce(e.hire, s.from_day)) AS since, s.to_day AS until,
    {CONTRACT.replace("contract", "e.contract")} AS fixed, e.contract_end, coalesce(e.fte, 1.0) AS fte,
    CASE WHEN e.leave <= s.to_day THEN e.leave END AS leave,
    coalesce(nullif(e.leave_reason, ''), nullif(g.leave_reason, ''), '') AS reason
FROM steps s JOIN employment e ON e.snapshot = s.from_snapshot JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp
LEFT JOIN (SELECT person, max(leave_reason) AS leave_reason FROM departure GROUP BY person) g ON g.person = e.person
WHERE s.dated AND own AND (e.hire IS NULL OR e.hire <= s.to_day) AND (e.leave IS NULL OR e.leave > s.from_day)
    AND (e.hire IS NULL OR e.leave IS NULL OR e.leave > e.hire)
"""

_STEPS = f"""
CREATE TEMP TABLE passed AS
SELECT t.*, year(until) AS year, p.months AS pension,
    coalesce(leave, CASE WHEN NOT stays THEN since + (date_diff('day', since, until) // 2)::INTEGER END) AS left_on,
    date_diff('day', since, until) / {YEAR} AS years,
    {AGE.format(day="since", birth="t.birth")} AS age
FROM (({_BETWEEN}) UNION ALL ({_DATED})) AS t
LEFT JOIN pension p ON t.birth IS NOT NULL AND p.birth = greatest(least(t.birth, $last), $first) AND p.country = t.country
"""

_CAUSED = f"""
CREATE TEMP TABLE caused AS
SELECT *, CASE
    WHEN stays OR NOT at_risk THEN ''
    WHEN reason <> '' THEN reason
    WHEN {MONTH.format(day="coalesce(leave, until)")} >= pension - 3 THEN '{Flow.RETIREMENT}'
    WHEN fixed AND abs(date_diff('day', left_on, contract_end)) <= {NEAR_DAYS} THEN '{Flow.CONTRACT_END}'
    WHEN fixed AND leave IS NULL AND contract_end > since AND contract_end <= until THEN '{Flow.CONTRACT_END}'
    ELSE '{Flow.RESIGNATION}' END AS cause
FROM passed
"""

_BANDS = " ".join(f"WHEN age <= {high} THEN {index}" for index, (_, high) in enumerate(AGE_BANDS[:-1]))
_EVENTS = ", ".join(f"count(*) FILTER (cause = '{cause}')::DOUBLE AS {cause}" for cause in EXITS)

_EXPOSURE = f"""
SELECT place, CASE WHEN age IS NULL THEN NULL {_BANDS} ELSE {len(AGE_BANDS) - 1} END AS age_band,
    {TENURE.format(hire="hire", day="since")} AS tenure_band, fixed, year,
    sum(CASE WHEN stays OR dated THEN years ELSE years / 2 + 0.5 END) AS person_years, {_EVENTS}
FROM caused JOIN steps USING (step) WHERE at_risk GROUP BY ALL
"""
_MOVES = "SELECT place, to_place, year, count(*)::DOUBLE AS people FROM caused WHERE at_risk AND stays AND place <> to_place GROUP BY ALL"
_HIRES = f"""
SELECT place, year, {AGE.format(day="greatest(hire, since)", birth="birth")} AS age, count(*)::DOUBLE AS people, sum(fte) AS fte
FROM caused JOIN steps USING (step)
WHERE (NOT at_risk) OR (dated AND hire > from_day) GROUP BY ALL
"""
_PENSION = f"""
SELECT ({MONTH.format(day="left_on")} - pension)::INTEGER AS months, count(*)::DOUBLE AS people FROM caused
WHERE cause = '{Flow.RETIREMENT}' AND pension IS NOT NULL GROUP BY ALL ORDER BY months
"""


@dataclass(frozen=True, slots=True)
class Step:
    """Two days that are compared; `dated`: both are read from the dates inside one snapshot."""

    from_snapshot: int
    to_snapshot: int
    from_day: date
    to_day: date
    dated: bool = False

    def years(self) -> float:
        return (self.to_day - self.from_day).days / YEAR


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """What steps hold, counted: the frames of `analytics.workforce.History`, hires as counted."""

    exposure: pd.DataFrame
    moves: pd.DataFrame
    hires: pd.DataFrame
    pension: pd.DataFrame


def history(cursor: duckdb.DuckDBPyConnection, until: date | None) -> History:
    """Counts of every step up to and including `until` (contract of `analytics.workforce.History`).

    Steps whose rows are past their time come from the counts kept of them (`store.past`). years: whole years the steps span, at
    least one; hires are scaled to that number, so hires / years is a yearly figure.
    """
    kept, spans = past.kept(cursor, until), past.spans(cursor, until)
    steps = live_steps(cursor, until)
    if not steps and not spans:
        return _nothing()
    span = sum(step.years() for step in steps) + sum((end - start).days / YEAR for start, end in spans)
    years = max(1, round(span))
    parts = [*([count(cursor, steps)] if steps else []), *kept]
    exposure, moves, hires, pension = (
        pd.concat([getattr(part, name) for part in parts], ignore_index=True) for name in ("exposure", "moves", "hires", "pension")
    )
    hires[["people", "fte"]] *= _scale(years, span)
    if kept:
        exposure, hires, pension = _merged(exposure, 5), _merged(hires, 2), _merged(pension, 1)
    return History(exposure, moves, hires, pension, years)


def _merged(frame: pd.DataFrame, counts: int) -> pd.DataFrame:
    """The last `counts` columns summed over equal others."""
    return frame.groupby(list(frame.columns[:-counts]), as_index=False)[list(frame.columns[-counts:])].sum()


def live_steps(cursor: duckdb.DuckDBPyConnection, until: date | None) -> list[Step]:
    """The steps that can be counted from rows, oldest first; what was counted and kept before is no step any more."""
    snapshots = [snapshot for snapshot in list_snapshots(cursor) if until is None or snapshot.as_of <= until]
    spans = past.spans(cursor, None)
    return [step for step in _steps(cursor, snapshots) if not any(step.from_day < end and start < step.to_day for start, end in spans)]


def count(cursor: duckdb.DuckDBPyConnection, steps: list[Step]) -> Counts:
    """Exposure, moves, hires and pension months of these steps, under the present names of the groups."""
    numbers = {number for step in steps for number in (step.from_snapshot, step.to_snapshot)}
    snapshots = [snapshot for snapshot in list_snapshots(cursor) if snapshot.number in numbers]
    used = pd.DataFrame({"snapshot": [s.number for s in snapshots], "as_of": [s.as_of for s in snapshots]})
    final, groups = final_groups(cursor, used)
    last = max(step.to_day for step in steps)
    countries = [row[0] for row in cursor.execute("SELECT DISTINCT country FROM employment").fetchall()]
    frames = {"steps": _step_frame(steps), "final": final, "pension": month_index_table(last, countries)}
    with given(cursor, **frames):
        cursor.execute(_STEPS, birth_limits(last))
        cursor.execute(_CAUSED)
        exposure, moves, hires, pension = (ask(cursor, sql) for sql in (_EXPOSURE, _MOVES, _HIRES, _PENSION))
        cursor.execute("DROP TABLE caused")
        cursor.execute("DROP TABLE passed")
    return Counts(_exposure(exposure, groups), _moves(moves, groups), _hires(hires, groups), pension.astype({"months": "int64"}))


def _scale(years: int, span: float) -> float:
    """Snapshots a few days off a whole year are whole years; half a year of hires is doubled."""
    return years / span if abs(years - span) > 0.1 else 1.0


def _steps(cursor: duckdb.DuckDBPyConnection, snapshots: list[Snapshot]) -> list[Step]:
    """Neighbouring snapshots of the last ten years, and before the first one the years its own dates cover."""
    if not snapshots:
        return []
    oldest = snapshots[-1].as_of - timedelta(days=round(MOST_YEARS * YEAR) + NEAR_DAYS)
    pairs = [
        Step(before.number, after.number, before.as_of, after.as_of)
        for before, after in itertools.pairwise(snapshots)
        if before.as_of >= oldest
    ]
    room = DATED_YEARS - sum(step.years() for step in pairs)
    return [*_dated_steps(cursor, snapshots[0], int(room + 0.1)), *pairs]


def _dated_steps(cursor: duckdb.DuckDBPyConnection, snapshot: Snapshot, room: int) -> list[Step]:
    """Years before a snapshot in which its file is seen to hold leavers.

    From the earliest leaver (with many, the 5 % point, so that one old record does not open ten empty years) to the reference
    date, or to the last thing the file records where that lies further back: an old export says nothing about later years.
    """
    found = ask(
        cursor,
        """SELECT least(coalesce(hire, $day), $day) AS hire, CASE WHEN leave <= $day THEN leave END AS leave
        FROM employment WHERE snapshot = $snapshot AND own AND (hire IS NULL OR hire <= $day)""",
        {"snapshot": snapshot.number, "day": snapshot.as_of},
    )
    gone = pd.to_datetime(found["leave"]).dropna().sort_values()
    if gone.empty or room < 1:
        return []
    day = pd.Timestamp(snapshot.as_of)
    hired = pd.to_datetime(found["hire"])
    end = _last_recorded(pd.concat([gone, hired[hired < day]]), day)
    earliest = gone.iloc[len(gone) // 20 if len(gone) >= MANY else 0]
    covered = min(room, int((end - earliest).days / YEAR + 0.25))
    days = [_years_before(end.date(), back) for back in range(covered, -1, -1)]
    return [Step(snapshot.number, snapshot.number, start, stop, True) for start, stop in itertools.pairwise(days)]


def _last_recorded(events: pd.Series, day: pd.Timestamp) -> pd.Timestamp:
    """The reference date, unless the silence before it is too long to be chance at the pace of the five years before."""
    last = events.max()
    pace = (events > last - pd.DateOffset(years=5)).sum() / 5
    silent = pace * (day - last).days / YEAR > UNLIKELY_SILENCE
    return last + pd.Timedelta(days=1) if silent else day


def _years_before(day: date, years: int) -> date:
    return (pd.Timestamp(day) - pd.DateOffset(years=years)).date()


def _step_frame(steps: list[Step]) -> pd.DataFrame:
    frame = pd.DataFrame([(s.from_snapshot, s.to_snapshot, s.from_day, s.to_day, s.dated) for s in steps])
    frame.columns = ["from_snapshot", "to_snapshot", "from_day", "to_day", "dated"]
    return frame.assign(step=np.arange(len(frame)))


# naming and completing


def _named(places: pd.Series, groups: list[tuple[str, str, str]], prefix: str = "") -> dict[str, pd.Series]:
    codes = places.to_numpy("int32")
    return {prefix + column: spelled(codes, [group[at] for group in groups]) for at, column in enumerate(GROUP)}


def _exposure(rows: pd.DataFrame, groups: list[tuple[str, str, str]]) -> pd.DataFrame:
    counts = ["person_years", *(str(cause) for cause in EXITS)]
    rows = _spread(rows, "age_band", "person_years", counts, 1)
    whole = {column: rows[column].to_numpy("int64") for column in ("age_band", "tenure_band")}
    contract = {"contract": spelled(rows["fixed"].to_numpy("int32"), (PERMANENT, FIXED)), "year": rows["year"].to_numpy("int64")}
    named = pd.DataFrame(
        {**_named(rows["place"], groups), **whole, **contract, **{column: rows[column].to_numpy(float) for column in counts}}
    )
    keys = [*GROUP, "age_band", "tenure_band", "contract", "year"]
    return named.groupby(keys, as_index=False)[counts].sum()


def _moves(rows: pd.DataFrame, groups: list[tuple[str, str, str]]) -> pd.DataFrame:
    ends = {**_named(rows["place"], groups, "from_"), **_named(rows["to_place"], groups, "to_")}
    return pd.DataFrame({**ends, "year": rows["year"].to_numpy("int64"), "people": rows["people"].to_numpy(float)})


def _hires(rows: pd.DataFrame, groups: list[tuple[str, str, str]]) -> pd.DataFrame:
    rows = _spread(rows, "age", "people", ["people", "fte"], DEFAULT_HIRE_AGE)
    whole = {column: rows[column].to_numpy("int64") for column in ("year", "age")}
    counts = {column: rows[column].to_numpy(float) for column in ("people", "fte")}
    named = pd.DataFrame({**_named(rows["place"], groups), **whole, **counts})
    return named.groupby([*GROUP, "year", "age"], as_index=False)[["people", "fte"]].sum()


def _spread(rows: pd.DataFrame, key: str, weight: str, counts: list[str], default: int) -> pd.DataFrame:
    """Rows of unknown age get the ages of their group in proportion, else those of the firm, else `default`."""
    unknown, known = rows[rows[key].isna()], rows[rows[key].notna()]
    if unknown.empty:
        return rows
    own = known.groupby(["place", key], as_index=False)[weight].sum()
    own = own.assign(share=own[weight] / own.groupby("place")[weight].transform("sum"))
    firm = known.groupby(key, as_index=False)[weight].sum()
    firm = firm.assign(share=firm[weight] / firm[weight].sum()) if len(firm) else pd.DataFrame({key: [default], "share": [1.0]})
    inside = unknown["place"].isin(own["place"])
    parts = [
        unknown[inside].drop(columns=key).merge(own[["place", key, "share"]], on="place"),
        unknown[~inside].drop(columns=key).merge(firm[[key, "share"]], how="cross"),
    ]
    added = pd.concat(parts, ignore_index=True)
    added[counts] = added[counts].mul(added["share"], axis=0)
    return pd.concat([known, added.drop(columns="share")], ignore_index=True)


def _nothing() -> History:
    """No earlier day: empty frames, so that every chance is a labelled default."""
    text = {column: pd.Series(dtype="str") for column in GROUP}
    exits = {str(cause): pd.Series(dtype="float64") for cause in EXITS}
    whole = {column: pd.Series(dtype="int64") for column in ("age_band", "tenure_band")}
    year, years = pd.Series(dtype="int64"), pd.Series(dtype="float64")
    return History(
        pd.DataFrame({**text, **whole, "contract": pd.Series(dtype="str"), "year": year, "person_years": years, **exits}),
        pd.DataFrame(
            {f"{end}_{column}": pd.Series(dtype="str") for end in ("from", "to") for column in GROUP} | {"year": year, "people": years}
        ),
        pd.DataFrame({**text, "year": year, "age": year, "people": years, "fte": years}),
        pd.DataFrame({"months": year, "people": years}),
        0,
    )

"""What people can and want, what roles ask, and what was decided: in from an import, out as frames for one day.

Rows about people leave as numbered cells without an id, for `analytics.skills`, which gives back sums only; with ids only through
`people_rows`, for `workflows.people`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from analytics.pension import pension_months
from analytics.workforce import GROUP
from store import own_skills, talks, told
from store.cohorts import pick
from store.frames import ask, days, flags, given, number, numbers, text
from store.keys import Keys
from store.present import AGE, CONTRACT, EMPLOYED, LIVE_SNAPSHOT, TENURE
from store.renames import LIVE, final_groups

ANSWERS = ("more_hours", "fewer_hours", "willing_to_move", "deepen", "other_direction", "teach", "outside_firm")
PERSON_FRAMES = ("skills", "wishes", "trainings")
FAR = 9_999


@dataclass(frozen=True, slots=True, eq=False)
class SkillData:
    """All about skills on one day.

    cells: GROUP, age (NaN unknown), tenure_band, fixed, pension_month (FAR unknown), people (1), fte, salary; index = cell id.
    holdings: cell, skill, level, assessed, expiry, people, fte, source. wishes: cell, wished_role, wished_fte, the answers,
    stop_timing. requirements: role, skill, level, weight, mandatory, needed_fte, change. skills: skill, family, kind, valid_years.
    trainings: training, hours, price, certificate, places; raises: training, skill, level; needs: training, needs.
    choices: role, isco, exposed (NaN none), note. taken: cell, training; courses finished in the twelve months before as_of.
    """

    as_of: date
    cells: pd.DataFrame
    holdings: pd.DataFrame
    wishes: pd.DataFrame
    requirements: pd.DataFrame
    skills: pd.DataFrame
    trainings: pd.DataFrame
    raises: pd.DataFrame
    needs: pd.DataFrame
    choices: pd.DataFrame
    taken: pd.DataFrame


# in


def save(cursor: duckdb.DuckDBPyConnection, keys: Keys, frames: dict[str, pd.DataFrame], import_no: int) -> None:
    """Store the frames of one import; missing frames and missing columns are fine."""
    who = _people(cursor, keys, frames)
    if "skills" in frames and len(frames["skills"]):
        table = _of_person(frames["skills"], who)
        rows = pd.DataFrame({"person": table["person"], "skill": text(table, "skill"), "level": numbers(table, "level")})
        rows = rows.assign(assessed=days(table, "assessed_date"), source=text(table, "source"), expiry=days(table, "expiry_date"))
        _insert(cursor, "skill_record", import_no, rows[rows["level"].notna() & rows["skill"].ne("")])
    if "wishes" in frames and len(frames["wishes"]):
        table = _of_person(frames["wishes"], who)
        rows = pd.DataFrame({"person": table["person"], "wished_role": text(table, "wished_role")})
        rows = rows.assign(wished_fte=numbers(table, "wished_fte"), **{name: text(table, name) for name in ANSWERS})
        _insert(cursor, "wish", import_no, rows.assign(stop_timing=text(table, "stop_timing"), wish_date=days(table, "wish_date")))
    _lists(cursor, frames, who, import_no)


def _lists(cursor: duckdb.DuckDBPyConnection, frames: dict[str, pd.DataFrame], who: dict[str, int], import_no: int) -> None:
    """The lists that speak of no person, and the courses people took."""
    if (frame := frames.get("skill_list")) is not None and len(frame):
        rows = pd.DataFrame({"skill": text(frame, "skill"), "family": text(frame, "group"), "kind": text(frame, "skill_kind")})
        _insert(cursor, "skill", import_no, rows.assign(valid_years=numbers(frame, "valid_years")))
    if (frame := frames.get("requirements")) is not None and len(frame):
        level = numbers(frame, "required_level" if "required_level" in frame else "level")
        rows = pd.DataFrame(
            {"role": text(frame, "role"), "skill": text(frame, "skill"), "level": level, "weight": numbers(frame, "weight")}
        )
        rows = rows.assign(mandatory=flags(frame, "mandatory"), needed_fte=numbers(frame, "needed_people"), change=numbers(frame, "change"))
        _insert(cursor, "requirement", import_no, rows[rows["role"].ne("")])
    if (frame := frames.get("trainings")) is not None and len(frame):
        person = text(frame, "employee_id")
        offered = frame[person.eq("")]
        hours = numbers(offered, "hours").fillna(8.0 * numbers(offered, "days"))
        rows = pd.DataFrame({"training": text(offered, "training"), "hours": hours, "price": numbers(offered, "cost")})
        rows = rows.assign(certificate=text(offered, "certificate"), places=numbers(offered, "places")).drop_duplicates("training")
        _insert(cursor, "training", import_no, rows)
        took = _of_person(frame[person.ne("")], who)
        done = pd.DataFrame({"person": took["person"], "training": text(took, "training")})
        _insert(cursor, "training_done", import_no, done.assign(completed=days(took, "completed_date"), expiry=days(took, "expiry_date")))
    if (frame := frames.get("training_skills")) is not None and len(frame):
        rows = pd.DataFrame({"training": text(frame, "training"), "skill": text(frame, "skill"), "level": numbers(frame, "level")})
        _insert(cursor, "training_skill", import_no, rows)
    if (frame := frames.get("training_needs")) is not None and len(frame):
        _insert(cursor, "training_need", import_no, pd.DataFrame({name: text(frame, name) for name in ("training", "needs")}))


def _people(cursor: duckdb.DuckDBPyConnection, keys: Keys, frames: dict[str, pd.DataFrame]) -> dict[str, int]:
    """employee id -> person number. People nobody spoke of before get a number: their staff file may come later."""
    ids = sorted({name for kind in PERSON_FRAMES if kind in frames for name in text(frames[kind], "employee_id") if name})
    if not ids:
        return {}
    named = _named(keys, ids)
    people = pd.DataFrame({"employee_id": list(named), "key": list(named.values())})
    with given(cursor, people_in=people):
        new = ask(cursor, "SELECT key, employee_id FROM people_in WHERE key NOT IN (SELECT key FROM person) ORDER BY key")
        keys.remember(zip(new["key"].tolist(), new["employee_id"].tolist(), strict=True))
        cursor.execute(
            """INSERT INTO person SELECT (SELECT coalesce(max(person), 0) FROM person) + row_number() OVER (ORDER BY key), key
            FROM (SELECT DISTINCT key FROM people_in) WHERE key NOT IN (SELECT key FROM person)"""
        )
        rows = ask(cursor, "SELECT i.employee_id, p.person FROM people_in i JOIN person p USING (key)")
    return dict(zip(rows["employee_id"].tolist(), rows["person"].tolist(), strict=True))


def _named(keys: Keys, ids: list[str]) -> dict[str, str]:
    """employee id -> key; nothing is remembered."""
    known = {employee: key for key, employee in keys.employee_ids().items()}
    named = {name: known.get(name, "") for name in ids}
    fresh = [name for name, key in named.items() if not key]
    return named | dict(zip(fresh, keys.keys(fresh), strict=True))


def without_staff(cursor: duckdb.DuckDBPyConnection, keys: Keys, ids: list[str]) -> list[str]:
    """Those of the ids whom no stored staff list holds."""
    named = _named(keys, ids)
    with given(cursor, people_in=pd.DataFrame({"key": list(named.values())})):
        held = ask(
            cursor,
            f"""SELECT DISTINCT p.key FROM people_in JOIN person p USING (key) JOIN employment e USING (person)
            JOIN snapshot s USING (snapshot) WHERE {LIVE_SNAPSHOT}""",
        )
    staff = set(held["key"].tolist())
    return [name for name, key in named.items() if key not in staff]


def _of_person(frame: pd.DataFrame, who: dict[str, int]) -> pd.DataFrame:
    """The rows of somebody, with the person's number."""
    ids = text(frame, "employee_id")
    return frame.assign(person=ids.map(who))[ids.ne("")].astype({"person": "int64"}).reset_index(drop=True)


def _insert(cursor: duckdb.DuckDBPyConnection, table: str, import_no: int, rows: pd.DataFrame) -> None:
    """Rows in the order of the table's columns; NaN and NaT become NULL."""
    if rows.empty:
        return
    fields = [
        f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END" if pd.api.types.is_float_dtype(rows[name])
        else f"{name}::DATE" if pd.api.types.is_datetime64_any_dtype(rows[name])
        else name
        for name in rows.columns
    ]  # fmt: skip
    with given(cursor, rows_in=rows.reset_index(drop=True)):
        cursor.execute(f"INSERT INTO {table} SELECT ?, {', '.join(fields)} FROM rows_in", [import_no])


# out


def data(cursor: duckdb.DuckDBPyConnection, as_of: date | None, as_told: bool = False) -> SkillData:
    """All about skills of one day; as_told: from the copy for everybody but HR (`store.told`). Refusal no_data."""
    day, people = staff(cursor, as_of, as_told)
    at = pd.Series(people.index.to_numpy(), index=people["person"].to_numpy())
    holdings = ask(cursor, "SELECT * FROM told_skill ORDER BY hash((person, skill))") if as_told else own_skills.holdings(cursor)
    wishes = talks.wishes(cursor, "FROM told_wish") if as_told else talks.wishes(cursor)
    holdings, wishes = (
        rows.assign(cell=rows["person"].map(at)).dropna(subset=["cell"]).astype({"cell": "int64"}) for rows in (holdings, wishes)
    )
    done = _taken(cursor, day, as_told)
    taken = done.assign(cell=done["person"].map(at)).dropna(subset=["cell"]).astype({"cell": "int64"})[["cell", "training"]]
    fte = people["fte"].to_numpy(float)
    holdings = holdings.assign(people=1.0, fte=fte[holdings["cell"].to_numpy(int)] if len(holdings) else np.zeros(0))
    return SkillData(
        day,
        people.drop(columns="person"),
        holdings.drop(columns="person").reset_index(drop=True),
        wishes.drop(columns="person").reset_index(drop=True),
        *(_newest_list(cursor, table) for table in ("requirement", "skill", "training", "training_skill", "training_need")),
        role_choices(cursor),
        taken.reset_index(drop=True),
    )


def _taken(cursor: duckdb.DuckDBPyConnection, day: date, as_told: bool) -> pd.DataFrame:
    """person, training: courses finished in the year before the day, of the copy in the year before the file somebody was told from."""
    within = "completed > {day}::DATE - INTERVAL 1 YEAR AND completed <= {day}::DATE ORDER BY hash((person, training))"
    if as_told:
        rows = "told_course JOIN told_person USING (person) JOIN snapshot USING (snapshot)"
        return ask(cursor, f"SELECT DISTINCT person, training FROM {rows} WHERE {within.format(day='as_of')}")
    return ask(cursor, f"SELECT DISTINCT person, training FROM training_done WHERE {LIVE} AND {within.format(day='$day')}", {"day": day})


def staff(cursor: duckdb.DuckDBPyConnection, as_of: date | None, as_told: bool = False) -> tuple[date, pd.DataFrame]:
    """The day, and its own staff in an order that says nothing: person and the columns of `SkillData.cells`. as_told: who is told of,
    each as in the file they were told from."""
    snapshot, day = pick(cursor, as_of)
    files = pd.DataFrame({"snapshot": [snapshot.number], "as_of": [snapshot.as_of]})
    people, values = f"e.snapshot = $snapshot AND {EMPLOYED.format(day='$day::DATE')}", {"snapshot": snapshot.number, "day": day}
    if as_told:
        files = ask(cursor, "SELECT snapshot, as_of FROM snapshot WHERE snapshot IN (SELECT snapshot FROM told_person)")
        people, values = f"(e.person, e.snapshot) IN (SELECT (person, snapshot) FROM ({told.NOW}))", {"day": day}
    final, groups = final_groups(cursor, files)
    with given(cursor, final=final):
        rows = ask(
            cursor,
            f"""SELECT e.person, f.place, {AGE.format(day="$day::DATE", birth="e.birth")} AS age,
            {TENURE.format(hire="e.hire", day="$day::DATE")} AS tenure_band, {CONTRACT} AS fixed, e.birth, e.country,
            coalesce(e.fte, 1.0)::DOUBLE AS fte, e.salary::DOUBLE AS salary
            FROM employment e JOIN final f ON f.snapshot = e.snapshot AND f.grp = e.grp
            WHERE {people} ORDER BY hash(e.person)""",
            values,
        )
    names = np.array(groups, dtype=object).reshape(-1, len(GROUP))[rows["place"].to_numpy(int)]
    out = pd.DataFrame({column: pd.Series(names[:, place], dtype="str") for place, column in enumerate(GROUP)})
    out["age"] = rows["age"].astype(float)
    out["tenure_band"], out["fixed"] = rows["tenure_band"].to_numpy(int), rows["fixed"].fillna(False).to_numpy(bool)
    out["pension_month"] = _pension(rows, day)
    out["people"], out["fte"], out["salary"], out["person"] = 1.0, rows["fte"], rows["salary"], rows["person"].to_numpy(int)
    return day, out


def _pension(rows: pd.DataFrame, day: date) -> np.ndarray:
    months = np.full(len(rows), FAR)
    known = rows["birth"].notna().to_numpy()
    for country in rows.loc[known, "country"].unique():
        here = known & (rows["country"] == country).to_numpy()
        months[here] = pension_months(rows.loc[here, "birth"].to_numpy("datetime64[D]"), day, str(country))[0]
    return months


def _newest_list(cursor: duckdb.DuckDBPyConnection, table: str) -> pd.DataFrame:
    return ask(cursor, f"SELECT * EXCLUDE (import_no) FROM {table} WHERE import_no = (SELECT max(import_no) FROM {table} WHERE {LIVE})")


def people_rows(cursor: duckdb.DuckDBPyConnection, as_of: date | None) -> pd.DataFrame:
    """key and cell of everybody in `data`, in its order: for the one workflow that may name people."""
    _, people = staff(cursor, as_of)
    keys = ask(cursor, "SELECT person, key FROM person")
    return people[["person"]].rename_axis("cell").reset_index().merge(keys, on="person", how="left").drop(columns="person")


# what people typed


def role_choices(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """role, isco ("" none), exposed (0-1, NaN none), note."""
    return ask(cursor, "SELECT role, isco, exposed::DOUBLE AS exposed, note FROM role_choice ORDER BY role")


def set_role_choice(cursor: duckdb.DuckDBPyConnection, role: str, isco: str, exposed: float | None, note: str, who: str) -> None:
    """isco "" and exposed None take the choice away."""
    cursor.execute("DELETE FROM role_choice WHERE role = ?", [role])
    if isco or exposed is not None:
        cursor.execute("INSERT INTO role_choice VALUES (?, ?, ?, ?, ?, now()::TIMESTAMP)", [role, isco, exposed, note[:500], who])


ACTION_COLUMNS = (
    "id", "lever", *GROUP, "owner", "start", "due", "units", "cost", "status", "expected", "gap", "as_of", "note", "who", "moment",
)  # fmt: skip


def actions(cursor: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """ACTION_COLUMNS, by start."""
    return ask(cursor, f"SELECT {', '.join(ACTION_COLUMNS)} FROM action ORDER BY start, lever, id")


def set_actions(cursor: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> int:
    """The whole list as it is now; returns how many."""
    cursor.execute("DELETE FROM action")
    if rows:
        marks = ", ".join("?" * len(ACTION_COLUMNS))
        cursor.executemany(f"INSERT INTO action VALUES ({marks})", [[row[name] for name in ACTION_COLUMNS] for row in rows])
    return number(cursor, "SELECT count(*) FROM action")

"""The other sheets of a staff file: roles, formation, departures, vacancies."""

from __future__ import annotations

import numpy as np
import pandas as pd

from intake import employment, identity, workload
from intake.context import Rows, one_text, stamps
from intake.employees import Outcome
from intake.report import Kind
from intake.values import words

LEAST_COST = 1_000
"""Nobody costs less than this in euro a year for one fte: a sign in such numbers parts thousands."""


def numbers_of(rows: Rows, name: str, small: bool = False, least: float = 0.0) -> np.ndarray:
    """Numbers of a field; one with a percent sign is a share of one."""
    if not rows.has(name):
        return np.full(rows.size, np.nan)
    read = rows.numbers(name, small, least)
    return np.where(read.percent, read.values / 100, read.values)


def _flags(rows: Rows, name: str) -> np.ndarray:
    """yes/no cells; empty is no, other words are listed."""
    texts = rows.text(name)
    found = {text: words.yes_no(text) for text in set(texts)}
    unknown = texts.map(lambda text: text != "" and found[text] is None).to_numpy(dtype=bool)
    if rows.has(name):
        rows.findings.warn("not_yes_or_no", column=rows.header(name), rows=rows.lines[unknown], example=rows.example(name, unknown))
    return texts.map(lambda text: found[text] is True).to_numpy(dtype=bool)


def missing_key(rows: Rows, name: str) -> np.ndarray:
    """Rows without their key text, rejected and named."""
    empty = (rows.text(name) == "").to_numpy(copy=True)
    rows.findings.warn(f"missing_{name}", column=rows.header(name), rows=rows.lines[empty], rejected=True)
    return empty


def fraction(rows: Rows, name: str) -> np.ndarray:
    """A share a year: 2 %, 2 and 0.02 all mean two percent; the column decides."""
    if not rows.has(name):
        return np.full(rows.size, np.nan)
    read = rows.numbers(name, small=True)
    bare = np.abs(read.values[~read.percent & ~np.isnan(read.values)])
    in_percent = "%" in rows.header(name) or "percent" in rows.header(name).lower() or (len(bare) > 0 and bare.max() > 0.5)
    excel_percent = len(bare) > 0 and bare.max() < 0.2 and "%" in rows.header(name) and np.any(bare < 0.1) and bare.max() <= 0.15
    return np.where(read.percent | (in_percent and not excel_percent), read.values / 100, read.values)


def _key(rows: Rows, names: tuple[str, ...]) -> dict[str, pd.Series]:
    return {name: rows.text(name) for name in names}


def read_roles(rows: Rows) -> Outcome:
    """roles: role, isco, critical, heavy, apprentice, hire_fte, cost; with an establishment column also a formation."""
    rejected = missing_key(rows, "role")
    table = pd.DataFrame(
        {
            "role": rows.text("role"),
            "isco": _isco(rows),
            "critical": _flags(rows, "critical"),
            "heavy": _flags(rows, "heavy"),
            "apprentice": _flags(rows, "apprentice"),
            "hire_fte": numbers_of(rows, "hire_fte", small=True),
            "cost": numbers_of(rows, "cost", least=LEAST_COST),
        }
    )
    kept = only_first(rows, table[~rejected], "role")
    frames = {Kind.ROLES.value: kept}
    if rows.has("establishment_fte"):
        posts = _formation_frame(rows)
        posts = posts[~rejected & ~_below_zero(rows, "establishment_fte", posts["establishment_fte"].to_numpy())].reset_index(drop=True)
        rows.findings.note("same_group_twice", column=rows.header("role"), count=int(posts.duplicated(["location", "unit", "role"]).sum()))
        frames[Kind.FORMATION.value] = posts
    return Outcome(frames, rejected)


def only_first(rows: Rows, table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The first row about each name; later ones that say something else are listed. table: rows that are kept, by their place."""
    again = table.duplicated(name)
    other = again & ~table.duplicated()
    if other.any():
        marked = np.zeros(rows.size, dtype=bool)
        marked[table.index[other]] = True
        rows.findings.warn("name_twice", column=rows.header(name), rows=rows.lines[marked], example=rows.example(name, marked))
    return table[~again].reset_index(drop=True)


def _below_zero(rows: Rows, name: str, amount: np.ndarray) -> np.ndarray:
    """Rows with less than no fte, rejected and named."""
    negative = amount < 0
    rows.findings.warn("negative_fte", column=rows.header(name), rows=rows.lines[negative], rejected=True)
    return negative


def _isco(rows: Rows) -> pd.Series:
    """Codes of one to four digits as text; what is none is listed and left empty."""
    texts = rows.text("isco").str.replace(r"\.0+$", "", regex=True).str.replace(r"(?i)^isco[-_ ]?(?:08)?[-_: ]*|^c(?=\d)", "", regex=True)
    code = texts.str.extract(r"^(\d{1,4})(?:\D|$)", expand=False).fillna("")
    wrong = ((code == "") & (texts != "")).to_numpy()
    if rows.has("isco"):
        rows.findings.warn("bad_isco", column=rows.header("isco"), rows=rows.lines[wrong], example=rows.example("isco", wrong))
    return code


def _formation_frame(rows: Rows) -> pd.DataFrame:
    name = "establishment_fte" if rows.has("establishment_fte") else "fte"
    return pd.DataFrame(
        {
            **_key(rows, ("location", "unit", "role")),
            "establishment_fte": numbers_of(rows, name, small=True),
            "vacancies_fte": numbers_of(rows, "vacancies_fte", small=True),
            "growth": fraction(rows, "growth"),
        }
    )


def read_formation(rows: Rows) -> Outcome:
    """formation: location, unit, role, establishment_fte, vacancies_fte, growth (fraction a year); same group twice is summed."""
    rejected = missing_key(rows, "role") if rows.has("role") else np.zeros(rows.size, dtype=bool)
    table = _formation_frame(rows)
    for name, column in (("establishment_fte" if rows.has("establishment_fte") else "fte", "establishment_fte"), ("vacancies_fte",) * 2):
        rejected |= _below_zero(rows, name, table[column].to_numpy())
    kept = table[~rejected]
    grouped = kept.groupby(["location", "unit", "role"], as_index=False, sort=False)
    summed = grouped.agg(
        {"establishment_fte": lambda s: s.sum(min_count=1), "vacancies_fte": lambda s: s.sum(min_count=1), "growth": "mean"}
    )
    twice = len(kept) - len(summed)
    rows.findings.note("same_group_twice", column=rows.header("role"), count=twice)
    return Outcome({Kind.FORMATION.value: summed}, rejected)


def read_vacancies(rows: Rows) -> Outcome:
    """vacancies: location, unit, role, vacancies_fte, open_since."""
    rejected = missing_key(rows, "role") if rows.has("role") else np.zeros(rows.size, dtype=bool)
    name = next((item for item in ("vacancies_fte", "fte", "establishment_fte") if rows.has(item)), "")
    amount = numbers_of(rows, name, small=True) if name else _of_hours(rows)
    rejected |= _below_zero(rows, name, amount) if name else False
    rejected |= _closed(rows) & ~rejected
    open_since = employment.dates(rows, "open_since", "hire", rows.today)
    assumed = np.isnan(amount) & ~rejected
    rows.findings.note("vacancy_taken_for_one", column=rows.header(name), rows=rows.lines[assumed])
    table = pd.DataFrame(
        {**_key(rows, ("location", "unit", "role")), "vacancies_fte": np.where(np.isnan(amount), 1.0, amount), "open_since": open_since}
    )
    return Outcome({Kind.VACANCIES.value: table[~rejected].reset_index(drop=True)}, rejected)


def _of_hours(rows: Rows) -> np.ndarray:
    """Fte by the hours a week that a post is for, NaN where they are not told."""
    hours = workload.hours(rows)
    if hours.notna().any():
        week = workload.full_time_week(hours, rows.options.country)
        rows.findings.note("fte_from_hours", column=rows.header("hours_per_week"), count=int(hours.notna().sum()), full_time=week)
        hours = hours / week
    return hours.to_numpy(dtype=float)


def _closed(rows: Rows) -> np.ndarray:
    """Vacancies of which the status says that they are open no more, left out and named."""
    texts = rows.text("status")
    found = texts.map({text: words.key(text) in words.lists()["closed"] for text in set(texts)}).to_numpy(dtype=bool)
    if rows.has("status"):
        rows.findings.note("vacancy_closed", column=rows.header("status"), rows=rows.lines[found], example=rows.example("status", found))
    return found


def read_departures(rows: Rows) -> Outcome:
    """departures: employee_id, leave_date, leave_reason (Flow value or "")."""
    ids = identity.employee_ids(rows)
    read = rows.dates("leave_date", "leave", rows.today)
    leave = stamps(read.values)
    no_id, no_date = (ids == "").to_numpy(), leave.isna().to_numpy()
    rows.findings.warn("no_person_in_row", column=rows.header("employee_id"), rows=rows.lines[no_id], rejected=True)
    rows.findings.warn(
        "bad_date",
        column=rows.header("leave_date"),
        rows=rows.lines[no_date & ~no_id],
        example=rows.example("leave_date", no_date & ~no_id),
        rejected=True,
    )
    birth = employment.empty_dates(rows.size)
    cause = employment.reason_column(rows, leave, birth) if rows.has("leave_reason") else one_text("", rows.size)
    internal = (cause == "not_a_departure").to_numpy()
    rows.findings.note("not_a_departure", column=rows.header("leave_reason"), rows=rows.lines[internal])
    rejected = no_id | no_date | internal
    table = pd.DataFrame({"employee_id": ids, "leave_date": leave, "leave_reason": cause})
    return Outcome({Kind.DEPARTURES.value: table[~rejected].reset_index(drop=True)}, rejected)

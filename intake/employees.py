"""A staff list: rows of people become the employees table, with every doubt named."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.errors import Refusal
from analytics.pension import known_country
from intake import employment, identity, lines, managers, workload
from intake.consistency import compare, shifted, unify
from intake.context import Rows, one_text
from intake.moments import FAR_AHEAD, Moments, reference_dates
from intake.report import MAX_ROWS_LISTED, Kind
from intake.values import words

COLUMNS = (
    "as_of",
    "employee_id",
    "person",
    "birth_date",
    "birth_estimated",
    "hire_date",
    "leave_date",
    "leave_reason",
    "contract_type",
    "contract_end_date",
    "location",
    "unit",
    "role",
    "job_title",
    "fte",
    "hours_per_week",
    "gender",
    "salary",
    "country",
    "population",
)


SMALL_DAY = 0.5
"""Rows of the newest reference date beside those of the one before, below which it may be only part of a list."""
MANY, LONG = 50, pd.Timedelta(days=400)
"""People of whom somebody is hired in a year, as a rule; and how long without a hire is told."""


@dataclass(slots=True, eq=False)
class Outcome:
    """What became of a sheet: frames per kind, which rows were rejected (boolean), reference dates."""

    frames: dict[str, pd.DataFrame]
    rejected: np.ndarray
    moments: Moments | None = None
    people: int = 0
    active: int = 0
    moved: np.ndarray | None = None
    unread: tuple[str, ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)


def read_employees(rows: Rows) -> Outcome:
    """Rows whose cells moved to the side are told of once, as a whole: where there are any, the sheet is read again without a word
    about the cells in them. Refusals: all_rows_invalid (with the most frequent reason), country_unknown."""
    said = len(rows.findings)
    outcome = _read(rows)
    if outcome.moved is not None and outcome.moved.any():
        rows.hushed = outcome.moved
        rows.findings.back_to(said, frozenset(int(line) for line in rows.lines[outcome.moved]))
        outcome = _read(rows)
    return outcome


def _read(rows: Rows) -> Outcome:
    moments = reference_dates(rows)
    _say_moment(rows, moments)
    ids = identity.employee_ids(rows)
    birth = employment.births(rows, moments)
    spell = employment.spells(rows, birth.date, moments)
    employment.check_ages(rows, birth, spell.leave, moments)
    employment.check_pension_dates(rows, birth.date, moments)
    contract, population, payment = employment.contracts(rows, spell.contract_end)
    if not rows.has("employee_id"):
        ids = identity.made_up_ids(rows, birth.date)
    vacancies = _vacancy_rows(rows, ids, birth.date)
    nobody = _about_nobody(rows, ids, birth.date, spell.hire) & ~vacancies
    ids = identity.complete_ids(rows, ids, (ids == "").to_numpy() & ~vacancies & ~nobody)
    managers.check_managers(rows, ids)
    repeated = ids.duplicated(keep=False) & (ids != "")
    repeats = lines.identical(rows, repeated)
    moved, first = shifted(rows, birth.rejected)
    apart = {
        "payment_row": payment,
        "identical_row": repeats,
        "row_about_nobody": nobody,
        "left_and_undated": spell.undated,
        "shifted_row": moved,
    }
    rejected = _reject(rows, birth, moments, vacancies, apart, first)
    hours = workload.hours(rows)
    fte = workload.fte(rows, hours, repeated.to_numpy())
    role, title = _roles(rows)
    salary, of_its_line = workload.salary(rows, fte, hours, role)
    frame = pd.DataFrame(
        {
            "as_of": moments.per_row,
            "employee_id": ids,
            "person": identity.persons(rows, ids, repeated, birth.date, birth.estimated, spell.hire),
            "birth_date": birth.date,
            "birth_estimated": birth.estimated,
            "hire_date": spell.hire,
            "leave_date": spell.leave,
            "leave_reason": spell.reason,
            "contract_type": contract,
            "contract_end_date": spell.contract_end,
            "location": unify(rows, "location", rows.text("location")),
            "unit": unify(rows, "unit", rows.text("unit")),
            "role": unify(rows, "role", role),
            "job_title": title,
            "fte": fte.fillna(1.0),
            "hours_per_week": hours,
            "gender": _gender(rows),
            "salary": salary,
            "country": _country(rows),
            "population": population,
            "line": rows.lines,
        }
    )
    people = frame[~rejected & ~vacancies]
    if people.empty:
        rows.hushed = moved
        _refuse_all(rows, rejected, {**birth.rejected, "left_and_undated": spell.undated})
    _say_missing(rows, people)
    _say_old(rows, people, moments)
    compare(rows, people)
    lost = ids[rejected & ~payment & ~repeats & ~vacancies & ~spell.undated].tolist()
    unread = set(lost) - set(people["employee_id"].tolist()) if lost else set()
    people = lines.merge_lines(rows, people, of_its_line, moments) if repeated.any() else people
    workload.say_below_zero(rows, people)
    employment.say_over(rows, people)
    identity.say_two_numbers(rows, people)
    frames = {Kind.EMPLOYEES.value: people[list(COLUMNS)].reset_index(drop=True)}
    if vacancies.any():
        frames[Kind.VACANCIES.value] = _vacancies(rows, frame[vacancies])
    latest = people[people["as_of"] == np.datetime64(moments.as_of, "us")]
    running = (latest["hire_date"].isna() | (latest["hire_date"] <= latest["as_of"])) & (
        latest["leave_date"].isna() | (latest["leave_date"] > latest["as_of"])
    )
    active = int((running & (latest["population"] == "own")).sum())
    persons = int(people["person"].nunique()) if repeated.any() else len(people)
    return Outcome(frames, rejected, moments, persons, active, moved & rejected, tuple(sorted(unread)))


def _say_moment(rows: Rows, moments: Moments) -> None:
    if moments.source == "today":
        rows.findings.note("as_of_assumed_today", as_of=moments.as_of, question="as_of")
    elif moments.source in ("title", "sheet", "file"):
        rows.findings.note("as_of_found", as_of=moments.as_of, source=moments.source)
    if moments.as_of > rows.today + FAR_AHEAD:
        rows.findings.warn("as_of_in_future", column=moments.column, count=1, as_of=moments.as_of, question="as_of")
    if moments.stacked:
        dates = sorted(moments.per_row.dropna().unique())
        first, last = pd.Timestamp(dates[0]).date(), pd.Timestamp(dates[-1]).date()
        rows.findings.note("stacked_snapshots", column=moments.column, count=len(dates), first=first, last=last)
        *_, before, newest = moments.per_row.value_counts().sort_index()
        if newest < SMALL_DAY * before:
            rows.findings.warn("newest_day_small", column=moments.column, count=int(newest), before=int(before), as_of=last)


def _reject(
    rows: Rows, birth: employment.Births, moments: Moments, vacancies: np.ndarray, reasons: dict[str, np.ndarray], slid: np.ndarray
) -> np.ndarray:
    """Rows that cannot be a person, each with its reason; the first reason counts. slid: grid column of the first cell that does not
    fit, told of rows whose cells stand under the wrong headers."""
    reasons = {
        **reasons,
        **birth.rejected,
        "period_missing": moments.per_row.isna().to_numpy(),
    }
    columns = {"payment_row": "contract_type", "identical_row": "employee_id", "row_about_nobody": "employee_id"}
    columns |= {"period_missing": "snapshot_date", "left_and_undated": "status"}
    rejected = np.zeros(rows.size, dtype=bool)
    for reason, found in reasons.items():
        new = found & ~rejected & ~vacancies
        name = columns.get(reason, "birth_date" if rows.has("birth_date") else "age")
        more: dict[str, object] = {"rejected": True}
        if reason == "left_and_undated":
            more |= {"question": employment.UNDATED, "assumed": "left"}
        if reason == "shifted_row":
            more["cells"] = [rows.table.grid.letter(int(column)) for column in slid[new][:MAX_ROWS_LISTED]]
        if rows.has(name):
            rows.findings.warn(reason, column=rows.header(name), rows=rows.lines[new], example=rows.example(name, new), **more)
        else:
            rows.findings.warn(reason, rows=rows.lines[new], rejected=True)
        rejected |= new
    return rejected


def _refuse_all(rows: Rows, rejected: np.ndarray, reasons: dict[str, np.ndarray]) -> None:
    worst = max(reasons, key=lambda reason: int(reasons[reason].sum()))
    example = ""
    for name in ("birth_date", "age", "employee_id"):
        if rows.has(name) and not example:
            example = rows.example(name, rejected)
    raise Refusal(
        "all_rows_invalid",
        sheet=rows.table.grid.name,
        rows=rows.size,
        reason=worst,
        column=rows.header("birth_date") or rows.header("age"),
        example=example,
    )


def _say_old(rows: Rows, people: pd.DataFrame, moments: Moments) -> None:
    """Where today was assumed and nobody of many was hired for long, the list may be of an earlier day: the years without hires would
    count as years in which nobody was wanted."""
    if moments.source != "today" or len(people) < MANY:
        return
    hired = people["hire_date"].dropna()
    latest = hired[hired <= pd.Timestamp(moments.as_of)].max()
    if pd.notna(latest) and pd.Timestamp(moments.as_of) - latest > LONG:
        rows.findings.warn("nobody_hired_lately", column=rows.header("hire_date"), latest=latest.date(), as_of=moments.as_of)


def _say_missing(rows: Rows, people: pd.DataFrame) -> None:
    """People who are kept although something is unknown about them."""
    unknown = people["birth_date"].isna()
    rows.findings.warn("missing_birth_date", column=rows.header("birth_date") or rows.header("age"), rows=people.loc[unknown, "line"])
    for name in ("role", "unit"):
        if rows.has(name):
            rows.findings.warn(f"missing_{name}", column=rows.header(name), rows=people.loc[people[name] == "", "line"])
        else:
            rows.findings.warn(f"no_{name}_column", count=len(people))
    if rows.has("hire_date"):
        rows.findings.note(
            "missing_hire_date",
            column=rows.header("hire_date"),
            rows=people.loc[(rows.text("hire_date") == "").to_numpy()[people.index], "line"],
        )


def _vacancy_rows(rows: Rows, ids: pd.Series, birth: pd.Series) -> np.ndarray:
    """Posts without a person: no id and no birth date, but a role or unit; or marked vacant."""
    nobody = ((ids == "") & birth.isna()).to_numpy()
    place = ((rows.text("role") != "") | (rows.text("unit") != "")).to_numpy()
    if not rows.has("employee_id") or not (nobody & place).any():
        return np.zeros(rows.size, dtype=bool)
    called = identity.names(rows)
    unnamed = (
        np.ones(rows.size, dtype=bool)
        if called is None
        else called.map(lambda name: not name or "vaca" in name or "vakan" in name or name in ("nn", "n.n.", "-", "tbd")).to_numpy(
            dtype=bool
        )
    )
    found = nobody & place & unnamed
    if rows.has("is_vacant"):
        marked = rows.text("is_vacant")
        vacant = marked.map({text: words.yes_no(text) is True for text in set(marked)}).to_numpy(dtype=bool)
        found |= vacant & nobody
    rows.findings.note("vacancy_rows", column=rows.header("employee_id"), rows=rows.lines[found])
    return found


def _about_nobody(rows: Rows, ids: pd.Series, birth: pd.Series, hire: pd.Series) -> np.ndarray:
    """The row some systems keep for whoever is not found: no id, no dates, no name, no place."""
    found = ((ids == "") & birth.isna() & hire.isna()).to_numpy()
    if not rows.has("employee_id") or not found.any():
        return np.zeros(rows.size, dtype=bool)
    called = identity.names(rows)
    if called is not None:
        found = found & called.map(identity.nobody).to_numpy(dtype=bool)
    return found & ((rows.text("role") == "") & (rows.text("unit") == "")).to_numpy()


def _vacancies(rows: Rows, frame: pd.DataFrame) -> pd.DataFrame:
    vacancies = frame[["location", "unit", "role", "fte"]].rename(columns={"fte": "vacancies_fte"})
    return vacancies.assign(open_since=np.datetime64("NaT", "us")).reset_index(drop=True)


def _roles(rows: Rows) -> tuple[pd.Series, pd.Series]:
    """(role used for planning, job title as in the file). The job family stands in where there is no title."""
    name = "role" if rows.has("role") else "job_family"
    raw, titled = one_text("", rows.size), "job_title" if rows.has("job_title") else name
    if rows.has(titled):
        distinct = rows.distinct(titled)
        raw = distinct.series(["" if words.is_null(text) else text for text in distinct.texts])
    return rows.text(name), raw


def _gender(rows: Rows) -> pd.Series:
    if not rows.has("gender"):
        return one_text("", rows.size)
    distinct = rows.distinct("gender")
    values = words.gender([text.removesuffix(".0") for text in distinct.texts], rows.language)
    unknown = distinct.spread(
        np.array(
            [not value and not words.is_null(text) and words.key(text) != "o" for value, text in zip(values, distinct.texts, strict=True)],
            dtype=bool,
        )
    )
    rows.findings.note("unknown_gender", column=rows.header("gender"), rows=rows.lines[unknown], example=rows.example("gender", unknown))
    return distinct.series(values)


def _country(rows: Rows) -> pd.Series:
    """ISO code per row. A country without a pension rule is counted under the country of the firm, and said so."""
    home = known_country(rows.options.country)
    if home is None:
        raise Refusal("country_unknown", country=rows.options.country)
    if not rows.has("country"):
        return one_text(home, rows.size)
    texts = rows.text("country")
    codes = {text: known_country(text) or "" for text in set(texts) if text}
    if codes and not any(codes.values()):
        raise Refusal("country_unknown", country=next(iter(sorted(codes))))
    found = texts.map(lambda text: codes.get(text, home)).astype("str")
    unknown = (found == "").to_numpy()
    names = ", ".join(sorted(text for text, code in codes.items() if not code)[:5])
    rows.findings.warn(
        "country_without_rule",
        column=rows.header("country"),
        rows=rows.lines[unknown],
        example=rows.example("country", unknown),
        countries=names,
        used=home,
    )
    return found.mask(unknown, home)

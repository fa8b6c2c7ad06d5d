"""When people came, go and why: dates that lie are corrected by rule and counted, codes and words become causes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.pension import known_country, pension_dates
from analytics.workforce import Flow
from intake.context import Rows, one_text, stamps
from intake.moments import Moments
from intake.values import words

YOUNGEST, OLDEST = 12, 100
UNLIKELY_YOUNG, UNLIKELY_OLD = 15, 75
OTHER_AGE = 2
"""Years between an age in the file and that of the birth date which are no birthday and no older export."""
PENSION_DAYS = 31
"""A file may round to the first of the month."""
UNDATED = "left_undated"
"""The question what a status says of people who have no leave date."""
UNDATED_CHOICES = ("here", "left")
YEAR = np.timedelta64(31_556_952_000_000, "us")


@dataclass(slots=True, eq=False)
class Births:
    """date: datetime64 (NaT unknown); estimated: from an age or a year; rejected: boolean per reason."""

    date: pd.Series
    estimated: pd.Series
    rejected: dict[str, np.ndarray]


def empty_dates(size: int) -> pd.Series:
    return stamps(np.full(size, np.datetime64("NaT", "us")))


def births(rows: Rows, moments: Moments) -> Births:
    """Birth dates: given, else the middle of the year given, else reference date minus age minus half a year."""
    given, bad = empty_dates(rows.size), np.zeros(rows.size, dtype=bool)
    estimated = pd.Series(np.zeros(rows.size, dtype=bool))
    if rows.has("birth_date"):
        read = rows.dates("birth_date", "birth", moments.as_of)
        given, bad = stamps(read.values), read.bad
        estimated = pd.Series(read.year_only)
        rows.findings.warn(
            "birth_date_zero",
            column=rows.header("birth_date"),
            rows=rows.lines[read.sentinel],
            example=rows.example("birth_date", read.sentinel),
        )
    if rows.has("age") and rows.has("birth_date"):
        years = np.floor((moments.per_row - given) / YEAR)
        other = ((_ages(rows) - years).abs() >= OTHER_AGE).to_numpy()
        rows.findings.warn("age_against_birth_date", column=rows.header("age"), rows=rows.lines[other], example=rows.example("age", other))
    guessed = _from_age(rows, moments, given.isna() & ~bad) if rows.has("age") or rows.has("birth_year") else empty_dates(rows.size)
    estimated |= given.isna() & guessed.notna()
    given = given.fillna(guessed)
    return Births(given, estimated, {"bad_birth_date": bad & given.isna().to_numpy()})


def _from_age(rows: Rows, moments: Moments, wanted: pd.Series) -> pd.Series:
    if rows.has("birth_year"):
        years = pd.Series(rows.numbers("birth_year").values)
        years = years.where((years >= 1900) & (years <= moments.as_of.year) & wanted)
        rows.findings.note("birth_year_only", column=rows.header("birth_year"), count=int(years.notna().sum()))
        return stamps(pd.to_datetime(years.map(lambda y: f"{int(y)}-07-01", na_action="ignore"), errors="coerce"))
    ages = _ages(rows).where(wanted)
    unread = wanted & ages.isna() & (rows.text("age") != "")
    rows.findings.warn("bad_age", column=rows.header("age"), rows=rows.lines[unread], example=rows.example("age", unread.to_numpy()))
    if not ages.notna().any():
        return empty_dates(rows.size)
    asked = rows.options.as_of is None and moments.source == "today"
    details = {"column": rows.header("age"), "count": int(ages.notna().sum()), "as_of": moments.as_of}
    if asked:
        rows.findings.warn("age_reference_date_unknown", **details, question="as_of")
    else:
        rows.findings.note("birth_date_from_age", **details)
    whole_days = ((ages + 0.5) * 365.2425).round()
    return stamps(moments.per_row - pd.to_timedelta(whole_days, unit="D"))


def _ages(rows: Rows) -> pd.Series:
    """Years as the file says them, NaN for what is no age."""
    texts = rows.distinct("age")
    numbers = pd.to_numeric(
        pd.Series(texts.texts, dtype="str")
        .str.extract(r"^\s*(\d{1,3}(?:[.,]\d+)?)\s*(?:jaar|jr|years?|yrs?|jahre?|j)?\.?\s*$")[0]
        .str.replace(",", "."),
        errors="coerce",
    )
    return pd.Series(texts.spread(numbers.to_numpy(dtype=float)))


@dataclass(slots=True, eq=False)
class Spells:
    """Employment per row: datetime64 dates (NaT none), leave_reason (Flow value or ""). undated: has left, nobody knows when."""

    hire: pd.Series
    leave: pd.Series
    reason: pd.Series
    contract_end: pd.Series
    undated: np.ndarray


def spells(rows: Rows, birth: pd.Series, moments: Moments) -> Spells:
    """Hire, leave and contract end dates with the contradictions between them resolved and counted."""
    hire = dates(rows, "hire_date", "hire", moments.as_of)
    if rows.has("contract_start_date"):
        hire = hire.fillna(dates(rows, "contract_start_date", "hire", moments.as_of))
    leave = dates(rows, "leave_date", "leave", moments.as_of)
    end = dates(rows, "contract_end_date", "end", moments.as_of)
    told = "hire_date" if rows.has("hire_date") else "contract_start_date"
    early = (hire < birth).to_numpy()
    rows.findings.warn("hired_before_birth", column=rows.header(told), rows=rows.lines[early], example=rows.example(told, early))
    hire = hire.mask(early)
    young = ((hire - birth) < UNLIKELY_YOUNG * YEAR).to_numpy()
    rows.findings.warn("hired_young", column=rows.header(told), rows=rows.lines[young], example=rows.example(told, young))
    backwards = (leave < hire).to_numpy()
    rows.findings.warn(
        "left_before_hired", column=rows.header("leave_date"), rows=rows.lines[backwards], example=rows.example("leave_date", backwards)
    )
    leave = leave.mask(backwards)
    reason, leave = _reasons(rows, leave, birth)
    future = (leave > moments.per_row).to_numpy()
    if future.any():
        latest = leave[future].max().date()
        rows.findings.note("leaves_in_future", column=rows.header("leave_date"), rows=rows.lines[future], latest=latest)
    undated = _check_status(rows, leave, moments)
    started = (hire > moments.per_row).to_numpy()
    rows.findings.note("hired_in_future", column=rows.header(told), rows=rows.lines[started], example=rows.example(told, started))
    return Spells(hire, leave, reason, end, undated)


def dates(rows: Rows, name: str, role: str, as_of: date) -> pd.Series:
    """A date column; unreadable cells count as empty and are listed, open ends are none."""
    if not rows.has(name):
        return empty_dates(rows.size)
    read = rows.dates(name, role, as_of)
    header = rows.header(name)
    rows.findings.warn("bad_date", column=header, rows=rows.lines[read.bad], example=rows.example(name, read.bad))
    rows.findings.note("open_end_date", column=header, rows=rows.lines[read.sentinel], example=rows.example(name, read.sentinel))
    rows.findings.warn("date_year_only", column=header, rows=rows.lines[read.year_only], example=rows.example(name, read.year_only))
    return stamps(read.values)


def _reasons(rows: Rows, leave: pd.Series, birth: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Causes as Flow values; codes that are no departure take their leave date away."""
    if not rows.has("leave_reason"):
        return one_text("", rows.size), leave
    cause = reason_column(rows, leave, birth)
    internal = (cause == "not_a_departure").to_numpy()
    header = rows.header("leave_reason")
    rows.findings.note("not_a_departure", column=header, rows=rows.lines[internal], example=rows.example("leave_reason", internal))
    return cause.mask(internal | leave.isna().to_numpy(), ""), leave.mask(internal)


def reason_column(rows: Rows, leave: pd.Series, birth: pd.Series) -> pd.Series:
    """Flow value or "not_a_departure" or "" per row; unknown words are listed."""
    texts = rows.text("leave_reason")
    distinct = sorted(set(texts))
    codes = words.reason_codes_of(distinct)
    found = {text: words.reason(text.removesuffix(".0"), codes) for text in distinct}
    cause = texts.map(found).astype("str")
    by_age = cause == "by_age"
    old = ((leave - birth) >= 60 * YEAR).fillna(False)
    cause = cause.mask(by_age & old, Flow.RETIREMENT.value).mask(by_age & ~old, Flow.OTHER_EXIT.value)
    unknown = ((cause == "") & (texts != "") & leave.notna()).to_numpy()
    header = rows.header("leave_reason")
    rows.findings.warn("unknown_leave_reason", column=header, rows=rows.lines[unknown], example=rows.example("leave_reason", unknown))
    return cause


def _check_status(rows: Rows, leave: pd.Series, moments: Moments) -> np.ndarray:
    """Dates win over a status text; how often they disagree is shown. Rows that are kept out: of people who have left by their status and
    have no leave date. Where the list has leave dates an empty one says that somebody is here, where it has none the status is all there
    is; a person may say otherwise."""
    if not rows.has("status"):
        return np.zeros(rows.size, dtype=bool)
    texts = rows.text("status")
    state = texts.map({text: words.status(text, rows.header("status")) for text in set(texts)})
    gone = leave.notna() & (leave <= moments.per_row)
    header, dated = rows.header("status"), rows.has("leave_date")
    undated = ((state == "left") & leave.isna()).to_numpy()
    against = ((state == "active") & gone).to_numpy() | ((state == "left") & ~gone).to_numpy() & (dated | ~undated)
    rows.findings.warn("status_against_date", column=header, rows=rows.lines[against], example=rows.example("status", against))
    assumed = "here" if dated else "left"
    out = undated & (rows.options.answers.get(UNDATED, assumed) == "left")
    told = {"column": header, "rows": rows.lines[undated], "example": rows.example("status", undated)}
    if not out.any():
        rows.findings.warn("left_without_date", **told, question=UNDATED, assumed=assumed)
    unknown = ((state == "") & (texts != "") & ~gone).to_numpy()
    rows.findings.note("unknown_status", column=header, rows=rows.lines[unknown], example=rows.example("status", unknown))
    return out


def check_ages(rows: Rows, birth: Births, leave: pd.Series, moments: Moments) -> None:
    """Impossible ages are rejected, unlikely ones kept and named. Somebody who left is not too old for having left long ago."""
    now = (moments.per_row - birth.date) / YEAR
    age = now.mask((leave <= moments.per_row) & (now >= OLDEST), (leave - birth.date) / YEAR)
    column = rows.header("birth_date") or rows.header("age")
    impossible = ((age < YOUNGEST) | (age >= OLDEST)).to_numpy()
    birth.rejected["birth_date_impossible"] = impossible
    unlikely = ((age >= YOUNGEST) & (age < UNLIKELY_YOUNG) | (age >= UNLIKELY_OLD) & (age < OLDEST)).to_numpy()
    name = "birth_date" if rows.has("birth_date") else "age" if rows.has("age") else "birth_year"
    if rows.has(name):
        rows.findings.warn("age_unlikely", column=column, rows=rows.lines[unlikely], example=rows.example(name, unlikely))


def contracts(rows: Rows, end: pd.Series) -> tuple[pd.Series, pd.Series, np.ndarray]:
    """(contract_type, population own|flex, rows that are payments and no people)."""
    kind = _contract_words(rows, "contract_type", "unknown_contract_type")
    group = _contract_words(rows, "population", "unknown_population")
    population = one_text("own", rows.size).mask((kind == "flex") | (group == "flex"), "flex")
    payment = ((kind == "payment") | (group == "payment")).to_numpy()
    for other in ("apprentice", "intern", "oncall"):
        kind = kind.mask((group == other) & (kind == ""), other)
    kind = kind.mask(kind.isin(["flex", "payment", "own"]), "")
    kind = kind.mask((kind == "") & end.notna() & (population == "own"), "fixed")
    permanent_with_end = ((kind == "permanent") & end.notna()).to_numpy()
    rows.findings.note("permanent_with_end_date", column=rows.header("contract_end_date"), rows=rows.lines[permanent_with_end])
    interns = (kind == "intern").to_numpy()
    rows.findings.note("interns_counted", column=rows.header("contract_type") or rows.header("population"), rows=rows.lines[interns])
    flex = (population == "flex").to_numpy()
    if flex.any():
        name = "population" if (group == "flex").any() else "contract_type"
        rows.findings.note("flex_people", column=rows.header(name), rows=rows.lines[flex], example=rows.example(name, flex))
    return kind, population, payment


def say_over(rows: Rows, people: pd.DataFrame) -> None:
    """Name who is here by a contract that ended before the reference date; people: of the employees table, with `line` (Excel row)."""
    if rows.has("contract_end_date"):
        over = people["leave_date"].isna() & (people["contract_end_date"] < people["as_of"])
        if not over.any():
            return
        marked = np.isin(rows.lines, people.loc[over, "line"])
        example = rows.example("contract_end_date", marked)
        rows.findings.warn("contract_ended_and_here", column=rows.header("contract_end_date"), rows=rows.lines[marked], example=example)


def _contract_words(rows: Rows, name: str, unknown_reason: str) -> pd.Series:
    """What each row is by the words of one column; words nobody knows are listed under the reason given."""
    if not rows.has(name):
        return one_text("", rows.size)
    texts, header = rows.texts(name), rows.header(name)
    read = words.standing if name == "population" else words.contract
    found = {text: read(text.removesuffix(".0"), header) for text in texts}
    known = set(found.values())
    if known & {"fixed", "oncall", "apprentice", "intern", "flex"} and "permanent" not in known:
        found |= {
            text: "permanent" for text in found if words.key(text) in ("own", "eigen", "intern", "werknemer", "employee", "personeelslid")
        }
    distinct = rows.distinct(name)
    unknown = distinct.spread(np.array([text != "" and not found[text] for text in texts], dtype=bool))
    rows.findings.warn(unknown_reason, column=header, rows=rows.lines[unknown], example=rows.example(name, unknown))
    return distinct.series([found[text] for text in texts])


def check_pension_dates(rows: Rows, birth: pd.Series, moments: Moments) -> None:
    """A pension date in the file is only compared: ours follows from the law by the day of birth, to the day."""
    country = known_country(rows.options.country)
    if not rows.has("pension_date") or country is None:
        return
    told = stamps(rows.dates("pension_date", "any", moments.as_of).values)
    both = np.flatnonzero((told.notna() & birth.notna()).to_numpy())
    ours, _ = pension_dates(birth.to_numpy("datetime64[D]")[both], country)
    other = np.zeros(rows.size, dtype=bool)
    other[both] = np.abs((told.to_numpy("datetime64[D]")[both] - ours).astype(int)) > PENSION_DAYS
    rows.findings.note(
        "pension_date_differs", column=rows.header("pension_date"), rows=rows.lines[other], example=rows.example("pension_date", other)
    )

"""Sheets about what people can, what roles ask, which skills there are, and what people want."""

from __future__ import annotations

import numpy as np
import pandas as pd

from intake import employment, identity
from intake.context import Rows
from intake.employees import Outcome
from intake.levels import levels
from intake.report import Kind
from intake.sheets import fraction, missing_key, numbers_of, only_first
from intake.values import words

SOURCES = ("certificate", "manager", "self", "colleague", "test")
SKILL_KINDS = ("technical", "professional", "digital", "general")
LARGE = 100_000
"""A column that may reach this may hold "1.250" for a thousand and more."""
WEIGHTS = (1.0, 3.0)
"""How much a skill matters in a role: 1 useful, 2 important, 3 the work cannot be done without it."""


def dates(rows: Rows, name: str) -> pd.Series:
    """A date column of these sheets, NaT where there is none; what is no date is listed."""
    return employment.dates(rows, name, "end", rows.today)


def listed_words(rows: Rows, name: str, table: str, otherwise: str) -> pd.Series:
    """Our word for each cell by a list of words.toml; "" for an empty cell, `otherwise` for a word that is not in the list."""
    known = words.listed(table)
    texts = rows.text(name)
    return texts.map({text: known.get(words.key(text), otherwise) if text else "" for text in set(texts)}).astype("str")


def answers(rows: Rows, name: str) -> pd.Series:
    """ "yes", "no" or "" (nothing said); other words are listed and count as nothing said."""
    texts = rows.text(name)
    read = {text: words.yes_no(text) for text in set(texts)}
    unknown = texts.map(lambda text: text != "" and read[text] is None).to_numpy(dtype=bool)
    if rows.has(name):
        rows.findings.warn("answer_unknown", column=rows.header(name), rows=rows.lines[unknown], example=rows.example(name, unknown))
    return texts.map(lambda text: {True: "yes", False: "no", None: ""}[read[text]]).astype("str")


def bounded(rows: Rows, name: str, low: float, high: float) -> np.ndarray:
    """Numbers of a column; what lies outside [low, high] is listed and unknown (NaN)."""
    values = numbers_of(rows, name, small=high < LARGE)
    wrong = (values < low) | (values > high)
    if rows.has(name):
        found, example = rows.lines[wrong], rows.example(name, wrong)
        rows.findings.warn("number_out_of_range", column=rows.header(name), rows=found, example=example, low=low, high=high)
    return np.where(wrong, np.nan, values)


def _ids(rows: Rows) -> tuple[pd.Series, np.ndarray]:
    """Ids and which rows have none (rejected and named)."""
    ids = identity.employee_ids(rows)
    empty = (ids == "").to_numpy(copy=True)
    rows.findings.warn("no_person_in_row", column=rows.header("employee_id"), rows=rows.lines[empty], rejected=True)
    return ids, empty


def read_skills(rows: Rows) -> Outcome:
    """skills: employee_id, skill, level (0-5), assessed_date, source (of SOURCES, "other" or ""), expiry_date.

    A line without a level is not yet assessed and left out; an old record of one person and skill stays, the newest counts later.
    """
    ids, rejected = _ids(rows)
    rejected |= missing_key(rows, "skill")
    level = levels(rows, "level")
    source = listed_words(rows, "source", "source", "other")
    if rows.has("certificate"):
        held = rows.text("certificate").map(lambda text: text != "" and words.yes_no(text) is not False).to_numpy(dtype=bool)
        source = source.mask(held & (source == "").to_numpy(), "certificate")
    table = pd.DataFrame(
        {
            "employee_id": ids,
            "skill": rows.text("skill"),
            "level": level,
            "assessed_date": dates(rows, "assessed_date"),
            "source": source,
            "expiry_date": dates(rows, "expiry_date"),
        }
    )
    _check_skill_dates(rows, table, rejected)
    unknown = np.isnan(level) & ~rejected
    _check_twice(rows, table[~rejected & ~unknown])
    rows.findings.note("not_assessed", column=rows.header("level"), rows=rows.lines[unknown])
    kept = table[~rejected & ~np.isnan(level)].reset_index(drop=True)
    return Outcome({Kind.SKILLS.value: kept}, rejected, people=int(kept["employee_id"].nunique()))


def _check_twice(rows: Rows, table: pd.DataFrame) -> None:
    """Lines about one person and skill with another level and nothing that tells which is the newer."""
    about = ["employee_id", "skill", "assessed_date"]
    other = table.duplicated(about) & ~table.duplicated([*about, "level"])
    marked = np.zeros(rows.size, dtype=bool)
    marked[table.index[other]] = True
    rows.findings.warn("skill_twice", column=rows.header("skill"), rows=rows.lines[marked], example=rows.example("skill", marked))


def _check_skill_dates(rows: Rows, table: pd.DataFrame, rejected: np.ndarray) -> None:
    """Certificates that ended already, that end before they were given, and assessments that lie in the future."""
    today = pd.Timestamp(rows.today)
    backwards = (table["expiry_date"] < table["assessed_date"]).to_numpy() & ~rejected
    ended = (table["expiry_date"] < today).to_numpy() & ~backwards & ~rejected
    ahead = (table["assessed_date"] > today).to_numpy() & ~rejected
    rows.findings.warn("expiry_before_assessment", column=rows.header("expiry_date"), rows=rows.lines[backwards])
    rows.findings.note("certificate_ended", column=rows.header("expiry_date"), rows=rows.lines[ended], today=rows.today)
    rows.findings.warn("assessed_in_future", column=rows.header("assessed_date"), rows=rows.lines[ahead])


def read_requirements(rows: Rows) -> Outcome:
    """requirements: role, skill, required_level (0-5), weight (1-3, NaN unknown), mandatory, needed_people (NaN unknown),
    change (part of the role's work a year by which the need for the skill grows, 0.05 = five points a year; NaN unknown)."""
    rejected = missing_key(rows, "skill")
    if rows.has("role"):
        rejected |= missing_key(rows, "role")
    mandatory = answers(rows, "mandatory") == "yes"
    table = pd.DataFrame(
        {
            "role": rows.text("role"),
            "skill": rows.text("skill"),
            "required_level": levels(rows, "required_level"),
            "weight": bounded(rows, "importance", *WEIGHTS),
            "mandatory": mandatory.to_numpy(dtype=bool),
            "needed_people": bounded(rows, "needed_people", 0.0, 1e6),
            "change": fraction(rows, "share_change"),
        }
    )
    again = (table.duplicated(["role", "skill"]) & ~rejected).to_numpy()
    rows.findings.warn("requirement_twice", column=rows.header("skill"), rows=rows.lines[again], example=rows.example("skill", again))
    return Outcome({Kind.REQUIREMENTS.value: table[~rejected].reset_index(drop=True)}, rejected)


def read_skill_list(rows: Rows) -> Outcome:
    """skill_list: skill, group, skill_kind (of SKILL_KINDS or ""), valid_years (of its certificate, NaN none or unknown)."""
    rejected = missing_key(rows, "skill")
    kind = listed_words(rows, "skill_kind", "skill_kind", "")
    unknown = ((kind == "") & (rows.text("skill_kind") != "")).to_numpy()
    if rows.has("skill_kind"):
        rows.findings.warn(
            "skill_kind_unknown", column=rows.header("skill_kind"), rows=rows.lines[unknown], example=rows.example("skill_kind", unknown)
        )
    table = pd.DataFrame(
        {
            "skill": rows.text("skill"),
            "group": rows.text("skill_group"),
            "skill_kind": kind,
            "valid_years": bounded(rows, "valid_years", 0.0, 100.0),
        }
    )
    kept = only_first(rows, table[~rejected], "skill")
    return Outcome({Kind.SKILL_LIST.value: kept}, rejected)


WISHES = ("more_hours", "fewer_hours", "willing_to_move", "deepen", "other_direction", "teach", "outside_firm")


def read_wishes(rows: Rows) -> Outcome:
    """wishes: employee_id, wished_role, wished_fte (NaN unknown), each of WISHES ("yes" | "no" | ""), stop_timing ("earlier" |
    "later" | ""), can, needs, agreed_step, agreed_date, basis, purpose, wish_date."""
    ids, rejected = _ids(rows)
    table = pd.DataFrame(
        {"employee_id": ids, "wished_role": rows.text("wished_role"), "wished_fte": bounded(rows, "wished_fte", 0.0, 1.5)}
        | {name: answers(rows, name) for name in WISHES}
    )
    table["stop_timing"] = listed_words(rows, "stop_timing", "stop_timing", "")
    unread = ((table["stop_timing"] == "") & (rows.text("stop_timing") != "")).to_numpy()
    if rows.has("stop_timing"):
        column = rows.header("stop_timing")
        rows.findings.warn("answer_unknown", column=column, rows=rows.lines[unread], example=rows.example("stop_timing", unread))
    for name in ("can", "needs", "agreed_step", "basis", "purpose"):
        table[name] = rows.text(name)
    table["agreed_date"] = dates(rows, "agreed_date")
    table["wish_date"] = dates(rows, "wish_date")
    both = ((table["more_hours"] == "yes") & (table["fewer_hours"] == "yes")).to_numpy()
    rows.findings.warn("wishes_contradict", column=rows.header("fewer_hours"), rows=rows.lines[both])
    again = table.duplicated(["employee_id", "wish_date"]).to_numpy() & ~rejected
    rows.findings.warn("wish_twice", column=rows.header("employee_id"), rows=rows.lines[again])
    kept = table[~rejected].reset_index(drop=True)
    return Outcome({Kind.WISHES.value: kept}, rejected, people=int(kept["employee_id"].nunique()))

"""Several lines of one person that are no jobs beside each other but a history: the line that took effect last is the one that holds."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from intake.context import Rows, stamps
from intake.moments import Moments
from intake.values.dates import parse_dates
from intake.vocabulary import normalise

FULL = 1.05
"""Fte that jobs beside each other add up to at most, as a rule."""
FEWEST = 3
"""People whose lines may tell what the lines of a file are."""
QUESTION = "lines"
CHOICES = ("latest", "sum")
_STARTS = ("ingangsdatum", "ingdat", "begindatum", "startdatum", "startdate")
"""Beside the day somebody was hired: that of the line."""


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """day: from which each row holds (NaT not told). told: the header says itself that it is such a day. column: that header."""

    day: pd.Series
    column: str
    told: bool


def effects(rows: Rows, moments: Moments) -> Effect | None:
    """The day from which each row holds: a column that says so, else the start of the contract, of the line or of the employment."""
    if moments.effective is not None:
        return Effect(moments.effective, moments.column, True)
    if rows.has("valid_from"):
        return Effect(stamps(rows.dates("valid_from", "any", moments.as_of).values), rows.header("valid_from"), True)
    table = rows.table
    starts = (column for column, name in table.duplicates.items() if name == "hire_date" and normalise(table.headers[column]) in _STARTS)
    fields = (table.fields[name] for name in ("contract_start_date", "hire_date") if rows.has(name))
    column = next((column for found in (starts, fields) for column in found), None)
    if column is None:
        return None
    header = table.headers[column]
    answer = rows.options.answers.get(f"date_order:{header}", rows.options.answers.get("date_order", ""))
    read = parse_dates(rows.distinct_of(column), "hire", moments.as_of, rows.order_hint, answer, rows.epoch_1904, rows.typed_cells)
    return Effect(stamps(read.values), header, False)


def superseded(rows: Rows, part: pd.DataFrame, running: pd.Series, keys: list[str], effect: Effect | None) -> pd.Series:
    """Boolean per line of people with several: another line of theirs took effect later, on or before the reference date; or it takes
    effect only after that date. Lines of one day hold together. part: lines with fte; running: those of people who are here by them. Of who
    has left all lines count, so that the last one tells what they did."""
    none = pd.Series(False, index=part.index)
    if effect is None:
        return none
    person = [part[name] for name in keys]
    here = running.groupby(person).transform("any")
    day = effect.day.reindex(part.index).where(running | ~here)
    last = day.where(day <= part["as_of"]).groupby(person).transform("max")
    before, after = (day < last), (day > part["as_of"]) & last.notna()
    found = before | after
    choice = rows.options.answers.get(QUESTION, "")
    if not found.any() or choice == "sum":
        return none
    sums = part["fte"].where(running).groupby(person).sum()[(found & here).groupby(person).any()]
    jobs = not effect.told and choice != "latest" and (len(sums) < FEWEST or bool((sums > FULL).mean() <= 0.5))
    if jobs:
        if (sums > FULL).any():
            rows.findings.warn("lines_added_up", column=effect.column, count=int((sums > FULL).sum()), question=QUESTION, assumed="sum")
        return none
    rows.findings.warn(
        "history_lines",
        column=effect.column,
        rows=sorted(part.loc[found, "line"].tolist()),
        people=int(found.groupby(person).any().sum()),
        example=str(part.loc[found, "employee_id"].iloc[0]),
        question=QUESTION,
        assumed="latest",
    )
    together = part[running & ~found & (day == last)]
    again = together.duplicated(keys, keep="first")
    rows.findings.warn("same_day_added_up", column=effect.column, rows=sorted(together.loc[again, "line"].tolist()))
    return found

"""Several lines of one person become one row: people are counted once, fte is the sum at the reference date."""

from __future__ import annotations

import numpy as np
import pandas as pd

from intake.context import Rows
from intake.history import effects, superseded
from intake.moments import Moments

FTE_SUM_HIGH = 1.25


def merge_lines(rows: Rows, frame: pd.DataFrame, pay_of_its_line: bool, moments: Moments) -> pd.DataFrame:
    """One row per person and reference date. pay_of_its_line: pay counts for the fte of its line, so that lines add up.

    frame has the columns of the employees table plus `line` (Excel row). Lines running at the reference date are summed and
    the largest gives unit, role and contract; of somebody who left, the last line stands. The hire date is that of the first
    line that nobody left. A line whose contract has ended is no longer summed when the person has another that goes on, nor is one
    that a later line of a history took the place of.
    """
    keys = ["as_of", "person"]
    several = frame.duplicated(keys, keep=False)
    if not several.any():
        return frame
    part = frame[several].copy()
    running = (part["hire_date"].isna() | (part["hire_date"] <= part["as_of"])) & (
        part["leave_date"].isna() | (part["leave_date"] > part["as_of"])
    )
    part["begun"] = part["hire_date"].where(running).groupby([part[name] for name in keys]).transform("min")
    running &= ~_over(part, running, keys)
    past = superseded(rows, part, running, keys, effects(rows, moments))
    part["running"] = running = running & ~past
    people = part.groupby(keys, sort=False)["running"].transform("any")
    counted = part[(running | ~people) & ~past]
    order = counted.sort_values(["running", "fte", "hire_date", "leave_date"], ascending=[False, False, True, False], na_position="first")
    gone = order[~order["running"]].sort_values("leave_date", na_position="first").drop_duplicates(keys, keep="last")
    main = pd.concat([order[order["running"]].drop_duplicates(keys), gone]).set_index(keys)
    active = counted[counted["running"]].groupby(keys)
    summed = active[["fte", "hours_per_week"]].sum(min_count=1)
    main.loc[summed.index, ["fte", "hours_per_week"]] = summed
    main.loc[summed.index, "salary"] = _pay_together(rows, counted[counted["running"]], keys, pay_of_its_line)
    main["hire_date"] = main["begun"].fillna(main["hire_date"])
    main.loc[summed.index, "leave_date"] = main["leave_date"].loc[summed.index]
    _say_several(rows, part[~past], keys)
    high = main["fte"] > FTE_SUM_HIGH
    rows.findings.warn(
        "fte_sum_high",
        column=rows.header("fte"),
        rows=sorted(main.loc[high, "line"]),
        example=str(main.loc[high, "employee_id"].iloc[0]) if high.any() else "",
    )
    result = pd.concat([frame[~several], main.reset_index().drop(columns=["running", "begun"])])
    return result[frame.columns].sort_values("line").reset_index(drop=True)


def _pay_together(rows: Rows, running: pd.DataFrame, keys: list[str], of_its_line: bool) -> pd.Series:
    """Pay a year per person: the sum of the lines, or that of one line where every line of a person repeats the whole. Whether lines
    repeat it is told by people whose lines differ in fte and not in pay; where nobody tells it, the same pay counts once."""
    lines = running.groupby(keys)
    pay, total = lines["salary"], lines["salary"].sum(min_count=1)
    same = (pay.count() > 1) & (pay.nunique() == 1)
    telling = (pay.count() > 1) & (lines["fte"].nunique() > 1)
    repeated = not of_its_line and (not telling.any() or bool(same[telling].mean() > 0.5))
    once = same & repeated
    if once.any():
        rows.findings.note("pay_counted_once", column=rows.header("salary"), count=int(once.sum()))
    added = (pay.count() > 1) & ~once
    if added.any():
        rows.findings.note("pay_summed", column=rows.header("salary"), count=int(added.sum()))
    return total.mask(once, pay.first())


def _over(part: pd.DataFrame, running: pd.Series, keys: list[str]) -> pd.Series:
    """Lines whose contract has ended, of people with another that goes on; else all but those that ended last."""
    person = [part[name] for name in keys]
    ends = part["contract_end_date"].where(running)
    ended = running & (ends < part["as_of"])
    goes_on = (running & ~ended).groupby(person).transform("any")
    return ended & (goes_on | (ends < ends.groupby(person).transform("max")))


def _say_several(rows: Rows, part: pd.DataFrame, keys: list[str]) -> None:
    """Name the lines beyond the first one of a person; of a history those that hold."""
    part = part[part.duplicated(keys, keep=False)]
    again = part.duplicated(keys, keep="first")
    if again.any():
        rows.findings.note(
            "several_lines_per_person",
            column=rows.header("employee_id"),
            rows=sorted(int(line) for line in part.loc[again, "line"]),
            people=int((~again).sum()),
            example=str(part["employee_id"].iloc[0]),
        )


def identical(rows: Rows, repeated: pd.Series) -> np.ndarray:
    """Boolean per row: every cell equals that of an earlier row with the same id (copied twice, not a second job)."""
    result = np.zeros(rows.size, dtype=bool)
    places = np.flatnonzero(repeated)
    if not len(places):
        return result
    columns = [column for column in range(rows.table.grid.width) if column not in rows.table.side]
    cells = pd.DataFrame({column: rows.column(column).iloc[places].to_numpy() for column in columns})
    result[places[cells.duplicated(keep="first").to_numpy()]] = True
    return result

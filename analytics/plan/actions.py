"""From a mix to what people do: actions with dates and expected effect, and whether they did what was expected."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import numpy as np
import pandas as pd

from analytics.plan.programme import Plan
from analytics.plan.solver import NAMED, TINY
from analytics.workforce import GROUP

STATUSES = ("planned", "running", "done", "stopped")

ACTION_COLUMNS = (
    *("action", "lever", *GROUP, "owner", "start", "due", "units", "cost", "status"),
    *("expected", "realised"),
)


def actions(plan: Plan, as_of: date) -> pd.DataFrame:
    """One action per lever and role-unit: ACTION_COLUMNS. start = as_of in the first year it is used, due = when its last start
    works (lead time included); expected: tuple of fte per year of the plan at the target; owner and realised are still empty."""
    years, rows = plan.problem.years, []
    by_key: dict[tuple[str, int], list[int]] = {}
    for at, measure in enumerate(plan.problem.measures):
        if plan.starts[at].sum() > TINY:
            place = measure.target if measure.target >= 0 else measure.effects[0].at
            by_key.setdefault((measure.lever, place), []).append(at)
    for (lever, place), members in sorted(by_key.items()):
        expected, units, cost = np.zeros(years), 0.0, 0.0
        first, last, lead = years, 0, 0.0
        for at in members:
            measure, start = plan.problem.measures[at], plan.starts[at]
            for effect in measure.effects:
                expected += np.convolve(start, effect.fte[:years])[:years] if effect.at == place else 0.0
            used = np.flatnonzero(start > TINY)
            first, last, lead = min(first, int(used[0])), max(last, int(used[-1])), max(lead, measure.lead_months)
            units, cost = units + float(start.sum()), cost + float(start @ measure.unit_cost(years))
        if units < NAMED or np.abs(expected).max(initial=0.0) < NAMED:
            continue
        where = plan.problem.units.iloc[place]
        begin, due = _later(as_of, 12 * first), _later(as_of, 12 * last + int(np.ceil(lead)))
        rows.append(
            (
                len(rows) + 1,
                lever,
                where.location,
                where.unit,
                where.role,
                "",
                begin,
                due,
                units,
                cost,
                STATUSES[0],
                tuple(expected.tolist()),
                (),
            )
        )
    return pd.DataFrame(rows, columns=list(ACTION_COLUMNS))


def _later(day: date, months: int) -> date:
    """Whole months later; a day that does not exist becomes the last of the month (these are plans, not legal dates)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def overshoot(table: pd.DataFrame, gap: pd.DataFrame, tolerance: float = 0.5) -> pd.DataFrame:
    """Where the actions together promise more than is short (K24): sum of expected effects against the gap without them.

    table: actions (stopped ones count no more); gap: GROUP, year (index), gap (fte). Columns: GROUP, year, expected, gap, over =
    expected - max(gap, 0), flagged (over > tolerance fte). Role-units without actions are left out.
    """
    columns = [*GROUP, "year", "expected", "gap", "over", "flagged"]
    live = table[table["status"] != "stopped"]
    if live.empty:
        return pd.DataFrame(columns=columns)
    long = live[[*GROUP, "expected"]].explode("expected")
    long["year"] = long.groupby(level=0).cumcount()
    total = long.assign(expected=long["expected"].astype(float)).groupby([*GROUP, "year"], as_index=False)["expected"].sum()
    out = total.merge(gap[[*GROUP, "year", "gap"]], on=[*GROUP, "year"], how="left")
    out["gap"] = out["gap"].astype(float).fillna(0.0)
    out["over"] = out["expected"] - out["gap"].clip(lower=0.0)
    out["flagged"] = out["over"] > tolerance
    return out[columns]


def realised(table: pd.DataFrame, planned_gap: pd.DataFrame, measured_gap: pd.DataFrame) -> pd.DataFrame:
    """What came of the actions, measured at later snapshots.

    planned_gap: GROUP, year, gap as forecast without the actions when the plan was made; measured_gap: the same as found. Columns:
    action, GROUP, year, expected, realised, part (realised / expected, NaN when nothing was expected). What a role-unit gained is
    shared among its running and done actions in proportion to what they promised: who caused what cannot be seen in a count.
    """
    columns = ["action", *GROUP, "year", "expected", "realised", "part"]
    live = table[table["status"].isin(("running", "done"))]
    if live.empty:
        return pd.DataFrame(columns=columns)
    long = live[["action", *GROUP, "expected"]].explode("expected").reset_index(drop=True)
    long["year"] = long.groupby("action").cumcount()
    long["expected"] = long["expected"].astype(float)
    both = planned_gap.merge(measured_gap, on=[*GROUP, "year"], suffixes=("_planned", "_found"))
    both["closed"] = both["gap_planned"] - both["gap_found"]
    out = long.merge(both[[*GROUP, "year", "closed"]], on=[*GROUP, "year"])
    whole = out.groupby([*GROUP, "year"])["expected"].transform("sum")
    share = (out["expected"] / whole).where(whole.abs() > TINY, 0.0)
    out["realised"] = out["closed"] * share
    out["part"] = (out["realised"] / out["expected"]).where(out["expected"].abs() > TINY)
    return out[columns]

"""How good earlier forecasts would have been: stand at each past snapshot, use only what was known then, look at what came.

Rolling origin (Hyndman & Athanasopoulos, *Forecasting: Principles and Practice*, 3rd ed.; method spec 8). The chances are estimated anew
from the history up to each origin, so nothing later can leak in. Stock and flows are scored apart: errors cancel in the stock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import ndtri

from analytics.backtest import scores
from analytics.coming import firm_variance
from analytics.estimate import estimate
from analytics.grid import Base, prepare
from analytics.projection import Projection, project
from analytics.renewal import relative_variance
from analytics.scenario import Scenario
from analytics.small import counts
from analytics.uncertainty import at_least, few_people, nodes, past_shock, quantiles, responses
from analytics.workforce import EXITS, Cohorts, Flow, History

ALPHA = 0.2
"""The range held against the outcome is the 80 % one."""
NEAR_DAYS = 45
"""How far a snapshot may lie from a whole number of years after the origin."""
SMALL_ROLE = 10
"""Roles that never had this many people are left out of the judgement per role, and named."""
ROWS = ("from", "to", "horizon", "measure", "role", "actual", "forecast", "low", "high", "no_change", "one_rate")
FLOWS = (*EXITS, Flow.HIRE)


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """rows: ROWS; measure "people" for the firm (role "") and per role, and each Flow of the last step for the firm; no_change and
    one_rate are two simple forecasts (NaN for flows: one_rate is then last year's figure). scores: measure, horizon, forecasts and the
    keys of `backtest.scores`, skill against no change, and skill_one_rate. small_roles: too small to judge. testable: at least three
    snapshots and one origin with a history."""

    rows: pd.DataFrame
    scores: pd.DataFrame
    small_roles: tuple[str, ...]
    testable: bool


def rolling_backtest(
    cohorts_by_date: Mapping[date, Cohorts], history_until: Callable[[date], History], draws: int = 200, seed: int = 2026
) -> Backtest:
    """cohorts_by_date: every snapshot; history_until(day): what happened between snapshots up to and including that day, from data of
    that day. It is asked for each origin, and once for the last day, to count what really happened. An origin without any history
    forecasts nothing."""
    days = sorted(cohorts_by_date)
    if len(days) < 3:
        return _nothing()
    happened = history_until(days[-1])
    found = [_origin(day, days, cohorts_by_date, history_until(day), happened, draws, seed) for day in days[:-1]]
    return judged(pd.DataFrame([row for part in found for row in part], columns=list(ROWS)))


def judged(rows: pd.DataFrame) -> Backtest:
    """The scores of rows (ROWS) that were forecast and came; not testable without rows."""
    if rows.empty:
        return _nothing()
    largest = rows[(rows["measure"] == "people") & (rows["role"] != "")].groupby("role")["actual"].max()
    small = tuple(sorted(largest[largest < SMALL_ROLE].index))
    return Backtest(rows, _scored(rows[~rows["role"].isin(small)]), small, True)


def _nothing() -> Backtest:
    return Backtest(pd.DataFrame(columns=list(ROWS)), pd.DataFrame(columns=["measure", "horizon"]), (), False)


def _origin(
    day: date, days: list[date], cohorts: Mapping[date, Cohorts], known: History, happened: History, draws: int, seed: int
) -> list[tuple]:
    targets = {step: later for later in days if (step := _whole_years(day, later)) > 0}
    if not targets or known.years <= 0:
        return []
    rates = estimate(known, cohorts[day])
    base = prepare(cohorts[day], rates, max(targets))
    projection = project(base, Scenario())
    rows: list[tuple] = []
    for step, later in targets.items():
        rows += _stocks(day, later, step, base, projection, cohorts, known, draws, seed)
        if _one_year_of(later, days):
            rows += _flows(day, later, step, base, projection, known, happened)
    return rows


def _whole_years(start: date, end: date) -> int:
    """Whole years between two days, 0 when they are not about a whole number apart."""
    days = (end - start).days
    years = round(days / 365.25)
    return years if years > 0 and abs(days - 365.25 * years) <= NEAR_DAYS else 0


def _one_year_of(later: date, days: list[date]) -> bool:
    """Whether the events counted under this day's calendar year are those of the one year before it."""
    before = [day for day in days if day.year < later.year]
    return bool(before) and _whole_years(before[-1], later) == 1 and all(day <= later for day in days if day.year == later.year)


def _stocks(
    day: date,
    later: date,
    step: int,
    base: Base,
    projection: Projection,
    cohorts: Mapping[date, Cohorts],
    known: History,
    draws: int,
    seed: int,
) -> list[tuple]:
    roles = base.groups["role"].to_numpy()
    names = ["", *sorted(set(roles))]
    member = np.array([np.ones(len(roles)) if not name else (roles == name).astype(float) for name in names])
    low, high = _people_range(base, projection, member, draws, seed)
    then = cohorts[later].frame.groupby("role")["people"].sum()
    one_rate = _one_rate(base, known, step)
    return [
        (
            day, later, step, "people", name, float(then.sum() if not name else then.get(name, 0.0)),
            float(member[k] @ projection.people[:, step]), float(low[k, step]), float(high[k, step]),
            float(member[k] @ projection.people[:, 0]), float(member[k] @ one_rate),
        )
        for k, name in enumerate(names)
    ]  # fmt: skip


def _people_range(base: Base, projection: Projection, member: np.ndarray, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The ends of the range as the product tells it: of few people the exact law, in whole people."""
    values = responses(base, projection, draws, seed, people=True)
    summed = (sparse.csr_matrix(member) @ values.reshape(len(values), -1)).reshape(len(member), *values.shape[1:])
    ends = quantiles(summed, np.sqrt(projection.variance(member)[0]), (ALPHA / 2, 1 - ALPHA / 2))
    small = few_people(projection, member)
    few = np.flatnonzero(small.any(axis=1))
    levels = nodes(summed[few], member[few] @ projection.people)
    for row, law in zip(few, counts(base, projection, member[few], levels, small[few]), strict=True):
        for end, level in zip(ends, (ALPHA / 2, 1 - ALPHA / 2), strict=True):
            end[row, small[row]] = at_least(law, level)
    return ends[0], ends[1]


def _one_rate(base: Base, known: History, step: int) -> np.ndarray:
    """People per group when everybody leaves at one firm-wide rate and the firm hires as before, spread by size."""
    exits = float(known.exposure[[str(cause) for cause in EXITS]].to_numpy().sum())
    rate = min(exits / max(float(known.exposure["person_years"].sum()), 1e-9), 1.0)
    people = base.staff[0].copy()
    hires = base.rates.hires["seen_per_year"].sum()
    for _ in range(step):
        people = people * (1 - rate) + hires * people / max(people.sum(), 1e-9)
    return people


def _flows(day: date, later: date, step: int, base: Base, projection: Projection, known: History, happened: History) -> list[tuple]:
    """The flows of the last year before `later`, for the firm; hires and resignations as seen in snapshots, so without those
    who came and went in between. Ranges: chance of people, of the level and of the year."""
    if not (happened.exposure["year"] == later.year).any():
        return []
    rates = base.rates
    seen = float(rates.hires["seen_per_year"].sum()) / max(float(rates.hires["people_per_year"].sum()), 1e-9)
    rows = []
    for flow in FLOWS:
        forecast = float(projection.flows[flow][:, step - 1].sum())
        variance = forecast
        if flow is Flow.RESIGNATION:
            forecast = max(forecast - float(projection.flows[Flow.HIRE][:, step - 1].sum()) * (1 - seen), 0.0)
        if flow is Flow.HIRE:
            forecast = forecast * seen
            variance = firm_variance(rates, forecast)
        elif str(flow) in rates.shared:
            years = np.expm1(rates.sigma**2 + past_shock(rates) ** 2) if flow is Flow.RESIGNATION else 0.0
            variance = forecast + forecast**2 * float(1 / rates.shared[str(flow)] + years)
        elif flow is Flow.CONTRACT_END:
            variance = forecast + forecast**2 * relative_variance(base)
        spread = np.sqrt(variance) * float(ndtri(1 - ALPHA / 2))
        ends = max(forecast - spread, 0.0), forecast + spread
        before = _counted(known, flow, day.year)
        rows.append((day, later, step, str(flow), "", _counted(happened, flow, later.year), forecast, *ends, before, np.nan))
    return rows


def _counted(history: History, flow: Flow, year: int) -> float:
    frame, column = (history.hires, "people") if flow is Flow.HIRE else (history.exposure, str(flow))
    return float(frame.loc[frame["year"] == year, column].sum())


def _scored(rows: pd.DataFrame) -> pd.DataFrame:
    """One line per measure (people of the firm, people per role, each flow) and horizon."""
    kind = np.where((rows["measure"] == "people") & (rows["role"] != ""), "people_per_role", rows["measure"])
    out = []
    for (measure, horizon), part in rows.groupby([kind, "horizon"], sort=True):
        values = {name: part[name].to_numpy(float) for name in ("actual", "forecast", "low", "high", "no_change", "one_rate")}
        line = scores(values["actual"], values["forecast"], values["low"], values["high"], ALPHA, values["no_change"])
        other = np.nan
        if not np.isnan(values["one_rate"]).any():
            other = scores(values["actual"], values["forecast"], values["low"], values["high"], ALPHA, values["one_rate"])["skill"]
        out.append({"measure": measure, "horizon": int(horizon), "forecasts": len(part), **line, "skill_one_rate": other})
    return pd.DataFrame(out)

"""The numbers that sentences are made of, computed once from released series so that screen, slide and sheet agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analytics.amounts import open_post_month
from analytics.bridge import Bridge
from analytics.projection import Projection
from analytics.workforce import EXITS, Flow
from workflows.prepared import Prepared

_TOLD = ("supply_people", "supply_fte", "demand_fte", "gap_fte", "gap_low", "gap_high", "p_short", "year")
REPLACEMENT = tuple(flow.value for flow in EXITS)


def facts_of(
    projection: Projection,
    mask: np.ndarray,
    step: int,
    total: pd.DataFrame,
    names: list[tuple[str, ...]],
    gap: np.ndarray,
    steps: Bridge,
    ready: Prepared,
    k: int,
) -> dict[str, float | int | str]:
    """Flat facts; fte and people as unrounded floats, shares between 0 and 1, money in euro, years as int.

    names: GROUP labels of each atom; gap: (atoms, T+1) its shortage in fte.

    gap_now, gap_target, gap_target_low, gap_target_high, p_short: the chosen scope. first_year: first year in which a
    shortage is more likely than not (0 = none). worst_1..worst_3 with worst_1_gap...: atoms with the largest shortage in the
    target year. openings, replacement, growth, replacement_share: K11. leavers_yearly: of those there. sector_55, sector_leavers,
    sector_vacancies: of the sector, where somebody filled them in. cost_of_nothing: euro until the target year.
    """
    line = {name: total[name].to_numpy() for name in _TOLD}
    now, then = ({name: values[row] for name, values in line.items()} for row in (0, step))
    facts: dict[str, float | int | str] = {
        "people": float(now["supply_people"]),
        "fte": float(now["supply_fte"]),
        "demand_now": float(now["demand_fte"]),
        "gap_now": float(now["gap_fte"]),
        "supply_target": float(then["supply_fte"]),
        "demand_target": float(then["demand_fte"]),
        "gap_target": float(then["gap_fte"]),
        "gap_target_low": float(then["gap_low"]),
        "gap_target_high": float(then["gap_high"]),
        "p_short": float(then["p_short"]),
        "first_year": _first_year(line["year"], line["p_short"]),
        "target_year": int(then["year"]),
        "years_ahead": step,
    }
    roles, short = _summed([name[-1] for name in names], gap)
    facts |= _where(roles, short, line["year"], step)
    facts |= _openings(projection, mask, step)
    facts |= _ages(projection, mask, step)
    facts |= _money(short, projection, step, ready)
    lived = float(projection.people[mask, :step].sum())
    facts["leavers_yearly"] = float(facts["leavers"]) / lived if lived else 0.0
    for key, name in (("share_55", "sector_55"), ("leavers", "sector_leavers"), ("vacancies", "sector_vacancies")):
        sector = ready.own.sector_figure(key, projection.as_of)
        if sector is not None:
            facts[name] = sector.value / 100
            if key == "share_55":
                facts["sector_source"] = sector.source
    facts["bridge_start"], facts["bridge_end"] = steps.start, steps.end
    facts["history_years"] = ready.rates.years
    facts["retire_expected"] = float(projection.retire["expected"][mask, step].sum())
    facts["retire_reached"] = float(projection.retire["reached"][mask, step].sum())
    facts["retire_can_leave"] = float(projection.retire["can_leave"][mask, step].sum())
    if k > 1:  # a count below k could be somebody's birthday
        for name in ("retire_expected", "retire_reached", "retire_can_leave"):
            facts[name] = facts[name] if float(facts[name]) >= k else 0.0
    return facts


def _first_year(years: np.ndarray, p_short: np.ndarray) -> int:
    short = years[p_short > 0.5]
    return int(short[0]) if len(short) else 0


def _summed(names: list[Any], values: np.ndarray) -> tuple[list[Any], np.ndarray]:
    """Rows of `values` (N, T+1) with the same name added up: the names in order of first sight, and (K, T+1)."""
    place = {name: number for number, name in enumerate(dict.fromkeys(names))}
    out = np.zeros((len(place), values.shape[1]))
    np.add.at(out, [place[name] for name in names], values)
    return list(place), out


def _where(roles: list[str], gap: np.ndarray, years: np.ndarray, step: int) -> dict[str, float | int | str]:
    """Roles with the largest shortage in the target year, and the first year each is short from; gap (roles, T+1) in fte."""
    found: dict[str, float | int | str] = {"roles_short": int((gap[:, step] > 0.5).sum()), "roles_all": len(roles)}
    for place, row in enumerate(np.argsort(-gap[:, step], kind="stable")[:3], start=1):
        if gap[row, step] > 0.05:
            found[f"worst_{place}"], found[f"worst_{place}_gap"] = roles[row], float(gap[row, step])
            found[f"worst_{place}_from"] = int(years[gap[row] > 0.05].min())
    return found


def _openings(projection: Projection, mask: np.ndarray, step: int) -> dict[str, float | int | str]:
    """Replacement and growth demand in fte: openings = replacement + max(0, change of need)."""
    leaving = {flow: float(projection.flows_fte[flow][mask, :step].sum()) for flow in EXITS}
    people = {flow: float(projection.flows[flow][mask, :step].sum()) for flow in EXITS}
    replacement = sum(leaving.values())
    growth = max(0.0, float((projection.demand[mask, step] - projection.demand[mask, 0]).sum()))
    openings = replacement + growth
    return {
        "leavers": sum(people.values()),
        "retirements": people[Flow.RETIREMENT],
        "hires": float(projection.flows[Flow.HIRE][mask, :step].sum()),
        "replacement": replacement,
        "growth": growth,
        "openings": openings,
        "replacement_share": replacement / openings if openings else 0.0,
    }


def _ages(projection: Projection, mask: np.ndarray, step: int) -> dict[str, float | int | str]:
    found: dict[str, float | int | str] = {}
    for moment, at in (("now", 0), ("target", step)):
        ages = projection.ages(at)[mask].sum(axis=0)
        years = projection.first_age + np.arange(len(ages))
        people = float(ages.sum())
        found[f"share_55_{moment}"] = float(ages[years >= 55].sum() / people) if people else 0.0
        found[f"share_60_{moment}"] = float(ages[years >= 60].sum() / people) if people else 0.0
        found[f"people_60_{moment}"] = float(ages[years >= 60].sum())
        found[f"age_{moment}"] = float((ages * (years + 0.5)).sum() / people) if people else 0.0
        young = float(ages[years < 35].sum())
        if young:
            found[f"age_pressure_{moment}"] = float(ages[years >= 55].sum() / young)
    return found


def _money(gap: np.ndarray, projection: Projection, step: int, ready: Prepared) -> dict[str, float | int | str]:
    """Cost of doing nothing: person-years short per role (mean of both ends of each year) x 12 x the cost of an open post. People of
    one role stand in for each other across departments, as in the plan that closes the shortage. gap (roles, T+1) in fte."""
    short = np.maximum(gap[:, : step + 1], 0.0)
    person_years = float(((short[:, :-1] + short[:, 1:]) / 2).sum())
    month = open_post_month(projection.as_of, ready.own.amounts).value
    return {"person_years_short": person_years, "cost_of_nothing": person_years * 12 * month, "open_post_month": month}

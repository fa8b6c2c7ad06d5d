"""The row of figures on top of a page, made from an outlook; text only, so that slides use the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from presentation.texts import Words
from workflows.outlook import Outlook
from workflows.types import EXITS


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure on top: text as it is read, its change and what that is against, a small line of the years.

    worse: True paints the change orange, False blue, None grey. chart: values a year, or empty.
    """

    label: str
    value: str
    change: str = ""
    against: str = ""
    worse: bool | None = None
    chart: Sequence[float] = ()
    terms: tuple[str, ...] = ()


def _fte(words: Words, value: float) -> str:
    return f"{words.number(value)} {words('axis.fte')}"


def _sector(words: Words, facts: Mapping[str, float | int | str], name: str, own: float, key: str) -> str:
    """The same of the sector beside a figure, where somebody filled it in: is that much?"""
    if name not in facts:
        return ""
    return "; " + words(key, own=words.percent(own, 1), sector=words.percent(float(facts[name]), 1))


def _until(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    return frame[frame["year"] <= year]


def overview(words: Words, found: Outlook) -> list[Kpi]:
    """Gap, staffing rate, leavers, person-years short."""
    facts, year = found.facts, found.target_year
    shown = _until(found.total, year)
    gap = float(facts["gap_target"])
    change = words.difference(gap, float(facts["gap_now"]))
    told = 1 if gap >= 0 else -1  # a surplus that grows is told as more, not as less of a shortage
    cover_now, cover = _cover(facts["fte"], facts["demand_now"]), _cover(facts["supply_target"], facts["demand_target"])
    leaving = _leaving(found.flows, year)
    short_years, average = float(facts["person_years_short"]), float(facts["person_years_short"]) / max(int(facts["years_ahead"]), 1)
    return [
        Kpi(
            words("kpi.gap" if gap >= 0 else "kpi.surplus", year=year),
            _fte(words, abs(gap)),
            words.number(told * change, sign=True),
            words("kpi.gap_delta"),
            None if abs(change) < 0.5 else change > 0,
            list(told * shown["gap_fte"]),
            ("shortage", "surplus"),
        ),
        Kpi(
            words("kpi.cover", year=year),
            words.percent(cover, 1),
            words.number((cover - cover_now) * 100, 1, sign=True),
            words("kpi.cover_delta") + _sector(words, facts, "sector_vacancies", max(1 - cover_now, 0.0), "kpi.sector_vacancies"),
            None if abs(cover - cover_now) < 0.0005 else cover < cover_now,
            [100 * supply / demand if demand else 0 for supply, demand in zip(shown["supply_fte"], shown["demand_fte"], strict=True)],
            ("staffing_rate",),
        ),
        Kpi(
            words("kpi.leavers", year=year),
            words.number(round(float(facts["leavers"])), 0),
            "",
            words("kpi.leavers_note", n=round(float(facts["retirements"])))
            + _sector(words, facts, "sector_leavers", float(facts["leavers_yearly"]), "kpi.sector_leavers"),
            None,
            leaving,
            ("outflow",),
        ),
        Kpi(
            words("kpi.short_years", year=year),
            words.number(short_years),
            "",
            words("kpi.short_years_note", average=average),
            None,
            _short_a_year(found.groups, year),
            ("short_years",),
        ),
    ]


def _leaving(flows: pd.DataFrame, year: int) -> list[float]:
    """Everybody who leaves, for each year before `year`. Sums by numpy: these run on every move of a slider."""
    years, gone = flows["year"].to_numpy(), np.isin(flows["flow"].to_numpy(object), [flow.value for flow in EXITS])
    return _by_year(years, flows["people"].to_numpy(float), gone & (years < year))


def _short_a_year(groups: pd.DataFrame, year: int) -> list[float]:
    """Shortages of all groups together, for each year up to and with `year`."""
    years = groups["year"].to_numpy()
    return _by_year(years, np.maximum(groups["gap_fte"].to_numpy(float), 0.0), years <= year)


def _by_year(years: np.ndarray, amounts: np.ndarray, inside: np.ndarray) -> list[float]:
    if not inside.any():
        return []
    kept = years[inside]
    first = int(kept.min())
    return list(np.bincount(kept - first, weights=amounts[inside]))


def _cover(supply: float | int | str, demand: float | int | str) -> float:
    return float(supply) / float(demand) if float(demand) else 0.0


def ageing(words: Words, found: Outlook) -> list[Kpi]:
    """Retirements, those who may stop, share of 55 and over, age pressure."""
    facts, year = found.facts, found.target_year
    retiring = found.flows["flow"].to_numpy(object) == "retirement"
    years, pension = found.flows["year"].to_numpy()[retiring], found.flows["people"].to_numpy(float)[retiring]
    before = pension[years < year]
    peak = int(years[before.argmax()]) if len(before) else year
    share = float(facts["share_55_target"]) - float(facts["share_55_now"])
    pressure = float(facts.get("age_pressure_target", 0.0)) - float(facts.get("age_pressure_now", 0.0))
    return [
        Kpi(
            words("kpi.retired", year=year),
            words.number(round(float(facts["retirements"])), 0),
            "",
            words("kpi.peak_text", year=peak, n=round(float(before.max())) if len(before) else 0),
            None,
            list(pension),
            ("expected_stop",),
        ),
        Kpi(
            words("kpi.can_leave", year=year),
            words.number(round(float(facts["retire_can_leave"])), 0),
            "",
            "",
            None,
            list(found.retire["can_leave"]),
            ("can_stop",),
        ),
        Kpi(
            words("kpi.over55", year=year),
            words.percent(float(facts["share_55_target"])),
            words.number(share * 100, 1, sign=True),
            words("kpi.cover_delta") + _sector(words, facts, "sector_55", float(facts["share_55_now"]), "kpi.sector_55"),
            None if abs(share) < 0.0005 else share > 0,
            (),
            ("staffing", "age_pressure"),
        ),
        Kpi(
            words("kpi.pressure", year=year),
            words.number(float(facts["age_pressure_target"]), 2) if "age_pressure_target" in facts else "–",
            words.number(pressure, 2, sign=True),
            words("kpi.pressure_note"),
            None if abs(pressure) < 0.005 else pressure > 0,
            (),
            ("age_pressure",),
        ),
    ]


def shortages(words: Words, found: Outlook) -> list[Kpi]:
    """Roles short, the worst role, replacement and growth demand."""
    facts, year = found.facts, found.target_year
    worst = str(facts.get("worst_1", ""))
    years, roles = found.groups["year"].to_numpy(), found.groups["role"].to_numpy(object)
    path = _by_year(years, found.groups["gap_fte"].to_numpy(float), (roles == worst) & (years <= year))
    return [
        Kpi(
            words("kpi.roles_short", year=year),
            words.number(int(facts["roles_short"]), 0),
            "",
            words("kpi.roles_short_note", n=int(facts["roles_all"])),
            None,
            (),
            ("role", "shortage"),
        ),
        Kpi(
            words("kpi.worst", year=year),
            _fte(words, float(facts["worst_1_gap"])) if worst else "–",
            "",
            worst,
            None,
            path,
            ("shortage",),
        ),
        Kpi(
            words("kpi.replacement"),
            _fte(words, float(facts["replacement"])),
            "",
            words("kpi.replacement_note", year=year),
            None,
            (),
            ("replacement_demand",),
        ),
        Kpi(
            words("kpi.growth"), _fte(words, float(facts["growth"])), "", words("kpi.growth_note", year=year), None, (), ("growth_demand",)
        ),
    ]

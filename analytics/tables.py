"""The shipped reference tables, read once: exposure to AI, occupation titles, absence, tightness, mortality.

Sources, licences and columns: analytics/reference/SOURCES.md. Codes are text: "0110" is not 110.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import pandas as pd

from analytics.workforce import AGE_MAX, AGE_MIN

AGES = np.arange(AGE_MIN, AGE_MAX + 1)
"""Single years of age of the engine, 15..79."""


@cache
def reference(name: str) -> pd.DataFrame:
    """One table of analytics/reference, every column as text, an empty cell as "". Callers must not change it."""
    with files("analytics").joinpath("reference", name).open(encoding="utf-8") as lines:
        return pd.read_csv(lines, dtype=str, keep_default_na=False)


def _digits(code: str) -> str:
    """An ISCO code without the decoration people give it ("ISCO-08 7126", "C7126", "71.26")."""
    text = str(code).strip().upper().removeprefix("ISCO-08").removeprefix("ISCO08").removeprefix("ISCO")
    return "".join(sign for sign in text if sign.isdigit())[:4]


@cache
def _exposure() -> dict[str, float]:
    units = reference("ilo_genai_exposure_isco08.csv")
    groups = reference("ilo_genai_exposure_isco08_groups.csv")
    both = pd.concat([units, groups])[["isco08_code", "mean_score_2025"]]
    return {code: float(score) for code, score in both.itertuples(index=False) if score}


@lru_cache(maxsize=10_000)
def exposure_by_isco(code: str) -> tuple[float | None, int]:
    """Exposure (0-1) to generative AI of an ISCO-08 code, and the number of digits it was found at.

    4 = the occupation's own score; 3, 2, 1 = unweighted mean of the wider group, to be flagged; (None, 0) = no score, which
    is not a score of zero. What-if measure, not a forecast of job loss. Source: ILO Working Paper 140 (2025).
    """
    digits = _digits(code)
    for length in range(len(digits), 0, -1):
        score = _exposure().get(digits[:length])
        if score is not None:
            return score, length
    return None, 0


class Suitability(NamedTuple):
    """Suitability for machine learning before language models: risk 1-5, share of tasks that are bottlenecks 0-1."""

    risk: float
    bottlenecks: float
    category: str
    level: int


@lru_cache(maxsize=10_000)
def suitability_by_isco(code: str) -> Suitability | None:
    """Nesta (2021) score of an ISCO-08 code, from four or else three digits; None when there is none."""
    digits = _digits(code)
    for level in (4, 3):
        table = reference(f"nesta_automation_risk_isco08_{level}digit.csv")
        rows = table[table["isco08_code"] == digits[:level]] if len(digits) >= level else table.iloc[:0]
        if len(rows):
            row = rows.iloc[0]
            return Suitability(float(row["risk_1_5"]), float(row["bottleneck_prevalence_0_1"]), row["risk_category"], level)
    return None


@lru_cache(maxsize=10_000)
def isco_title(code: str, language: str = "nl") -> str | None:
    """Title of an ISCO-08 code of one to four digits; None for an unknown code. language: nl or en."""
    table = reference("isco08_titles_en_nl.csv")
    found = table.loc[table["isco08_code"] == _digits(code), f"title_{language}"]
    return found.iloc[0] if len(found) else None


@cache
def absence_by_age() -> np.ndarray:
    """Share (0-1) of working time lost to sickness at the ages 15..79, shape (65,). CBS 83056NED, 2023.

    The five published bands stand at their middle (20, 30, 40, 50, 60); straight lines between, flat outside. The band
    15-74 is the total and is not used.
    """
    table = reference("nl_sick_leave_by_age_2023.csv")
    bands = table[table["age_group"] != "15-74"]
    limits = bands["age_group"].str.split("-", expand=True).astype(float)
    middle = ((limits[0] + limits[1] + 1) / 2).to_numpy()
    shares = np.interp(AGES, middle, bands["absence_rate_pct"].astype(float).to_numpy() / 100)
    shares.flags.writeable = False
    return shares


def tightness_class(ratio: float, language: str = "en") -> str:
    """UWV class of a labour market by open vacancies per short-term job seeker; lower bound included."""
    if not ratio >= 0:
        raise ValueError("a tightness ratio is a number of zero or more")
    table = reference("nl_tightness_typology.csv")
    lower = table["lower_bound_incl"].replace("", "0").astype(float).to_numpy()
    return table[f"label_{language}"].iloc[int(np.searchsorted(lower, ratio, side="right")) - 1]


@cache
def life_table_us() -> pd.DataFrame:
    """US period life table (Social Security Administration): age, and qx, lx, ex per sex. For checks, not for Dutch staff."""
    return reference("us_ssa_period_life_table.csv").astype(float).astype({"age": int})


MORTALITY_LEVEL, MORTALITY_SLOPE = 1.35e-5, 0.1
"""Gompertz force of mortality B e^(c x), both sexes together. ASSUMPTION, chosen by hand to lie near the Dutch level of recent
years (about 0.8 per thousand at 40, 2 at 50, 6 at 60, 15 at 70); under 30 it is too low, where deaths hardly count. An
uploaded CBS table goes before it."""


def gompertz_death(age: np.ndarray | float, level: float = MORTALITY_LEVEL, slope: float = MORTALITY_SLOPE) -> np.ndarray:
    """Yearly chance of death from exact `age` to age + 1: 1 - exp(-B e^(cx) (e^c - 1)/c). Same shape as age."""
    ages = np.asarray(age, float)
    return -np.expm1(-level * np.exp(slope * ages) * np.expm1(slope) / slope)


@cache
def death_by_age() -> np.ndarray:
    """Fallback yearly chance of death for someone whose age last birthday is 15..79 (half a year older on average), shape (65,)."""
    chances = gompertz_death(AGES + 0.5)
    chances.flags.writeable = False
    return chances

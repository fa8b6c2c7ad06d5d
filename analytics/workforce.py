"""The nouns of the model: people grouped in cells, the work they are needed for, and what happened before.

Nothing here names a person. A *group* is one role in one department at one location: the triple
`GROUP = (location, unit, role)`; `location` is "" where the firm has one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

GROUP = ("location", "unit", "role")
"""Key columns of a group, in every frame that is per group."""

AGE_MIN, AGE_MAX = 15, 79
"""Single years of age held by the engine; younger and older people are counted at the edge."""

AGE_BANDS = ((15, 29), (30, 44), (45, 54), (55, 59), (60, 79))
"""Bands (both ends inclusive) over which yearly chances are estimated."""

TENURE_BANDS = ((0.0, 1.0), (1.0, 2.0), (2.0, 5.0), (5.0, 99.0))
"""Years of service, lower end inclusive; a cell's `tenure_band` is the index in this tuple."""

PERMANENT, FIXED = "permanent", "fixed"
"""Values of the `contract` column."""


class Flow(StrEnum):
    """Why a group changes. The first four leave the firm."""

    RETIREMENT = "retirement"
    RESIGNATION = "resignation"
    CONTRACT_END = "contract_end"
    OTHER_EXIT = "other_exit"
    MOVE_OUT = "move_out"
    MOVE_IN = "move_in"
    HIRE = "hire"
    RETRAINED_IN = "retrained_in"


EXITS = (Flow.RETIREMENT, Flow.RESIGNATION, Flow.CONTRACT_END, Flow.OTHER_EXIT)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which groups are asked about; an empty tuple means all."""

    locations: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def mask(self, groups: pd.DataFrame) -> pd.Series:
        """Boolean per row of a frame with the GROUP columns."""
        inside = pd.Series(True, index=groups.index)
        for column, wanted in (("location", self.locations), ("unit", self.units), ("role", self.roles)):
            if wanted:
                inside &= groups[column].isin(wanted)
        return inside


@dataclass(frozen=True, slots=True, eq=False)
class Cohorts:
    """The people of one snapshot, counted in cells; never shown, only projected.

    frame: location, unit, role (str, from the store as categories: see `coded`); age (int, last birthday at as_of);
      pension_month (int, whole months from as_of to the statutory pension date before any scenario shift, floor, may be negative);
      tenure_band (int index in TENURE_BANDS); contract (PERMANENT or FIXED, as role);
      contract_end_month (int, whole months from as_of, floor; -1 where there is no end date);
      people (float, persons), fte (float, sum), fte_sq (float, sum of squared fte), cost (float, euro a year, NaN unknown).
    demand: location, unit, role, establishment_fte (NaN = unknown), vacancies_fte, growth (fraction a year, NaN = unknown).
    roles: role, isco (str, "" unknown), critical (bool), heavy (bool), apprentice (bool), hire_fte (float, NaN unknown),
      cost (employer cost euro per fte a year, NaN unknown). One row per role in frame or demand.
    people without a birth date are in `frame` at an imputed age; `imputed` counts them.
    """

    as_of: date
    frame: pd.DataFrame
    demand: pd.DataFrame
    roles: pd.DataFrame
    imputed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What happened between earlier snapshots, as counts; the source of every estimated chance.

    exposure: GROUP columns, age_band, tenure_band (int indices), contract, year (int, year of the later snapshot),
      person_years (float), and one float column of events per exit Flow value. Snapshot-based: people present at the
      earlier snapshot, absent at the later one; left truncation is exact because exposure starts at the earlier snapshot.
    moves: from_location, from_unit, from_role, to_location, to_unit, to_role, year, people.
    hires: GROUP columns, year, age (int), people, fte. People in the later snapshot who were not in the earlier one.
    pension: months (int, actual leave month minus statutory pension month), people: leavers with retirement as cause.
    years: number of snapshot pairs. 0 = no history: every rate is a labelled default.
    """

    exposure: pd.DataFrame
    moves: pd.DataFrame
    hires: pd.DataFrame
    pension: pd.DataFrame
    years: int

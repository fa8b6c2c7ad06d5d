"""The people of one snapshot on a dense grid, and the chances that hold for them: all that no scenario changes.

Units: people in persons, fte in full-time equivalents, times in years or whole months from `as_of`. Axes: G groups, A = 65 single
ages (15..79), K = 4 tenure bands, B = 5 age bands.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analytics.assumptions import mean_growth
from analytics.automation import takeover_rate
from analytics.coded import grouped
from analytics.estimate import FIRST_YEAR_DEFAULT, Rates, default_chances
from analytics.folding import AGES, BANDS, TENURES, Cells, fold, pension_age, rows_of
from analytics.means import Means
from analytics.rates import hazard
from analytics.scenario import Scenario
from analytics.tables import exposure_by_isco
from analytics.workforce import AGE_BANDS, AGE_MAX, AGE_MIN, FIXED, GROUP, Cohorts

BAND_OF_AGE = np.array([next(i for i, (low, high) in enumerate(AGE_BANDS) if low <= age <= high) for age in range(AGE_MIN, AGE_MAX + 1)])
GROWTH_DEFAULT = 0.015
"""Growth of the work where the firm's plan says nothing: 1.5 % a year, a labelled default (levers_and_story)."""
TAKEOVER_RATE = takeover_rate(10.0)
"""Speed of adoption: from 10 % to 90 % of its maximum in ten years. Own assumption."""
LAPSE_DEFAULT = 1 - Scenario().fixed_term_renewal / 100
FEW_HIRES, FEW_CONTRACTS = 10.0, 20.0

OF_PEOPLE = frozenset({"staff", "placed", "unit", "laid", "laid_new", "dates", "known", "way"})
"""What is kept in `Base.cache` that follows from people and chances alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """Everything a projection needs and no scenario changes; made once per snapshot by `prepare`.

    groups: frame of the GROUP columns, G rows; permanent, fixed: Cells; hazards (2, 2, B, K, G): cause (resignation, other exit) x
    contract (permanent, fixed) x age band x tenure band, a year; first_year (B, G): hazard of resigning in the first year of service
    at the default lever; hire_rate (G,) people a year; hire_ages (A, G) sums to 1; hire_fte (G,);
    hire_fixed (G,): share of hires whose contract ends after a year; lapse: chance that an ending contract is not renewed, at the
    default lever; links: from, to (L,) and chance
    (L,) a year among those who stay with the firm; pension_age_months: of people hired from now on; demand0, growth (G,);
    growth_known, establishment_known bool (G,); exposure (G,) share of the work exposed, NaN unknown; heavy, apprentice bool (G,).
    means: what is known of mentors, wishes and hired staff; None: nothing. posts (G, years+1): fte that come or go by decision.
    fill (G,): percent of vacancies filled by an own table of the labour market, NaN where it has no row; None: no table.
    `cache` keeps what was computed for the same part of a scenario.
    """

    as_of: date
    years: int
    groups: pd.DataFrame
    permanent: Cells
    fixed: Cells
    hazards: np.ndarray
    first_year: np.ndarray
    hire_rate: np.ndarray
    hire_ages: np.ndarray
    hire_fte: np.ndarray
    hire_fixed: np.ndarray
    lapse: float
    link_from: np.ndarray
    link_to: np.ndarray
    link_chance: np.ndarray
    pension_age_months: float
    demand0: np.ndarray
    growth: np.ndarray
    growth_known: np.ndarray
    establishment_known: np.ndarray
    exposure: np.ndarray
    heavy: np.ndarray
    rates: Rates
    apprentice: np.ndarray
    means: Means | None = None
    posts: np.ndarray | None = None
    fill: np.ndarray | None = None
    cache: dict[Any, Any] = field(default_factory=dict)

    def changed(self, **changes: Any) -> Base:
        """The same people with other facts beside them: what was worked out from those is forgotten."""
        return replace(self, **changes, cache={key: value for key, value in self.cache.items() if key[0] in OF_PEOPLE})

    @property
    def plan_growth_percent(self) -> float:
        """Growth of the firm's plan, percent a year, weighted by today's work: where the demand_growth lever stands by default."""
        return 100 * mean_growth(self.growth, self.demand0)

    @property
    def staff(self) -> np.ndarray:
        """(3, G): people, fte and sum of fte squared today."""
        known = self.cache.get(("staff",))
        if known is None or known[0] is not self.permanent or known[1] is not self.fixed:
            total = per_group(self.permanent, len(self.groups)) + per_group(self.fixed, len(self.groups))
            total.flags.writeable = False
            known = self.cache[("staff",)] = (self.permanent, self.fixed, total)
        return known[2]


def per_group(cells: Cells, groups: int) -> np.ndarray:
    """(3, G) sums of the amounts of cells."""
    return np.stack([np.bincount(cells.group, weights=row, minlength=groups) for row in cells.amounts]).astype(float)


def prepare(cohorts: Cohorts, rates: Rates, years: int = 20) -> Base:
    """Fold one snapshot onto the grid. years: the longest horizon `project` will be asked (at most 20 is useful)."""
    found = grouped(cohorts.frame)
    groups = _groups(found.names, cohorts.demand)
    index = pd.MultiIndex.from_frame(groups)
    rows = rows_of(cohorts.frame, _locate(index, found.names)[found.of_row])
    permanent, fixed = fold(rows, years)
    staff = per_group(permanent, len(groups)) + per_group(fixed, len(groups))
    roles = cohorts.roles.drop_duplicates("role").set_index("role").reindex(groups["role"])
    demand = cohorts.demand.drop_duplicates(list(GROUP)).set_index(list(GROUP)).reindex(index)
    link_from, link_to, link_chance = _links(index, rates.moves)
    establishment = demand["establishment_fte"].to_numpy(float)
    growth = demand["growth"].to_numpy(float)
    hires = rates.hires.set_index(list(GROUP)).reindex(index)
    return Base(
        as_of=cohorts.as_of,
        years=years,
        groups=groups,
        permanent=permanent,
        fixed=fixed,
        hazards=_hazards(index, rates),
        first_year=_first_year(index, rates),
        hire_rate=hires["people_per_year"].fillna(0.0).to_numpy(float),
        hire_ages=_hire_ages(index, rates),
        hire_fte=_hire_fte(roles, hires, staff),
        hire_fixed=_hire_fixed(permanent, fixed, len(groups)) * (rates.years > 0),
        lapse=_lapse(fixed, rates),
        link_from=link_from,
        link_to=link_to,
        link_chance=link_chance,
        pension_age_months=pension_age(rows),
        demand0=np.where(np.isnan(establishment), staff[1] + demand["vacancies_fte"].fillna(0.0).to_numpy(float), establishment),
        growth=np.where(np.isnan(growth), GROWTH_DEFAULT, growth),
        growth_known=~np.isnan(growth),
        establishment_known=~np.isnan(establishment),
        exposure=np.array(
            [np.nan if (score := exposure_by_isco(str(code))[0]) is None else score for code in roles["isco"].fillna("")], float
        ),
        heavy=_marked(roles["heavy"]),
        rates=rates,
        apprentice=_marked(roles["apprentice"]),
    )


def _marked(flags: pd.Series) -> np.ndarray:
    return flags.map(lambda mark: mark is True or mark == 1).to_numpy(bool)


def _groups(staffed: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    keys = pd.concat([staffed, demand[list(GROUP)]], ignore_index=True)
    return keys.fillna("").astype(str).drop_duplicates().sort_values(list(GROUP)).reset_index(drop=True)


def _locate(index: pd.MultiIndex, frame: pd.DataFrame, prefix: str = "") -> np.ndarray:
    keys = frame[[prefix + name for name in GROUP]].fillna("").astype(str)
    return np.asarray(index.get_indexer(pd.MultiIndex.from_frame(keys, names=list(GROUP))), int)


def _hazards(index: pd.MultiIndex, rates: Rates) -> np.ndarray:
    """A group that the rates do not know gets the labelled defaults, never a chance of zero."""
    table = rates.table
    out = np.zeros((2, 2, BANDS, TENURES, len(index)))
    usual = default_chances()
    for cause, name in enumerate(("resignation", "other_exit")):
        contract, band, tenure = (
            (usual["contract"] == FIXED).to_numpy(int),
            usual["age_band"].to_numpy(int),
            usual["tenure_band"].to_numpy(int),
        )
        out[cause, contract, band, tenure] = hazard(usual[name].to_numpy(float))[:, None]
    place = _locate(index, table)
    keep = place >= 0
    band, tenure = table["age_band"].to_numpy(int)[keep], table["tenure_band"].to_numpy(int)[keep]
    contract = (table["contract"] == FIXED).to_numpy(int)[keep]
    for cause, name in enumerate(("resignation", "other_exit")):
        out[cause, contract, band, tenure, place[keep]] = hazard(np.minimum(table[name].to_numpy(float)[keep], 0.999))
    return out


def _first_year(index: pd.MultiIndex, rates: Rates) -> np.ndarray:
    """Hazard of resigning in the first year of service: the firm's own where it has a history, else the lever's default."""
    table = rates.table[(rates.table["tenure_band"] == 0) & (rates.table["contract"] != FIXED)]
    out = np.full((BANDS, len(index)), float(hazard(FIRST_YEAR_DEFAULT)))
    own = table[table["source"] != "default"]
    place = _locate(index, own)
    keep = place >= 0
    out[own["age_band"].to_numpy(int)[keep], place[keep]] = hazard(np.minimum(own["resignation"].to_numpy(float)[keep], 0.999))
    return out


def _links(index: pd.MultiIndex, moves: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if moves.empty:
        return np.zeros(0, int), np.zeros(0, int), np.zeros(0)
    origin, target = _locate(index, moves, "from_"), _locate(index, moves, "to_")
    keep = (origin >= 0) & (target >= 0) & (origin != target) & (moves["chance"].to_numpy(float) > 0)
    return origin[keep], target[keep], moves["chance"].to_numpy(float)[keep]


def _hire_ages(index: pd.MultiIndex, rates: Rates) -> np.ndarray:
    out = np.zeros((AGES, len(index)))
    place = _locate(index, rates.hire_ages)
    keep = place >= 0
    age = np.clip(rates.hire_ages["age"].to_numpy(int)[keep], AGE_MIN, AGE_MAX) - AGE_MIN
    np.add.at(out, (age, place[keep]), rates.hire_ages["share"].to_numpy(float)[keep])
    total = out.sum(axis=0)
    empty = total <= 0
    out[:, empty] = rates.firm_hire_ages[:, None]
    return out / out.sum(axis=0)


def _hire_fte(roles: pd.DataFrame, hires: pd.DataFrame, staff: np.ndarray) -> np.ndarray:
    """Fte of a new colleague: the role's, else that of past hires, else the mean of the group, else 1."""
    mean = np.divide(staff[1], staff[0], out=np.ones_like(staff[1]), where=staff[0] > 0)
    own = roles["hire_fte"].to_numpy(float)
    past = hires["fte_per_hire"].to_numpy(float)
    return np.where(np.isnan(own), np.where(np.isnan(past), mean, past), own)


def _hire_fixed(permanent: Cells, fixed: Cells, groups: int) -> np.ndarray:
    """Share of fixed contracts among people in their first year, the firm's share counting for ten people.

    Only used with a history: without one, the chance to leave in the first year already contains contracts that end.
    """
    new = [np.bincount(cells.group, weights=cells.amounts[0] * (cells.tenure == 0), minlength=groups) for cells in (permanent, fixed)]
    total = new[0].sum() + new[1].sum()
    firm = new[1].sum() / total if total > 0 else 0.0
    return (new[1] + FEW_HIRES * firm) / (new[0] + new[1] + FEW_HIRES)


def _lapse(fixed: Cells, rates: Rates) -> float:
    """Ended contracts of past years over those that end in the coming year, as many a year; the default counts for 20 contracts."""
    due = float(fixed.amounts[0][fixed.end_step == 0].sum()) * rates.years
    return min((rates.contract_ends + LAPSE_DEFAULT * FEW_CONTRACTS) / (due + FEW_CONTRACTS), 1.0)

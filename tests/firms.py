"""Small made-up firms for the tests of the engine: cohorts and histories built in plain sight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from analytics.estimate import estimate
from analytics.grid import prepare
from analytics.means import Means
from analytics.workforce import EXITS, FIXED, GROUP, PERMANENT, Cohorts, History

AS_OF = date(2026, 1, 1)
PENSION_AGE = 807


def person(
    role="Monteur", age=40, *, location="", unit="Bouw", tenure=3, contract=PERMANENT, end=-1, people=1.0, fte=1.0, month=None, offset=0
):
    """One cell: `people` persons alike, each with `fte`; `month` to the pension date, else from the age (birthday `offset` months ago)."""
    month = PENSION_AGE - 12 * age - 1 - offset if month is None else month
    return {
        "location": location, "unit": unit, "role": role, "age": age, "pension_month": month, "tenure_band": tenure, "contract": contract,
        "contract_end_month": end, "people": float(people), "fte": float(people * fte), "fte_sq": float(people * fte * fte), "cost": np.nan,
    }  # fmt: skip


def cohorts(rows, demand=None, heavy=(), isco=None, as_of=AS_OF, apprentice=()):
    """demand: {role: (establishment, vacancies, growth)}; the key may also be (location, unit, role)."""
    frame = pd.DataFrame(rows)
    places = frame[list(GROUP)].drop_duplicates()
    given = {}
    for key, value in (demand or {}).items():
        matches = [place for place in places.itertuples(index=False, name=None) if key == place[2] or key == place]
        for place in matches or [key if isinstance(key, tuple) else ("", "Bouw", key)]:
            given[place] = value
    keys = sorted(set(places.itertuples(index=False, name=None)) | set(given))
    numbers = [given.get(key, (np.nan, 0.0, 0.0)) for key in keys]
    need = pd.DataFrame(
        [(*key, *number) for key, number in zip(keys, numbers, strict=True)],
        columns=[*GROUP, "establishment_fte", "vacancies_fte", "growth"],
    )
    names = sorted({key[2] for key in keys})
    roles = pd.DataFrame(
        {
            "role": names, "isco": [(isco or {}).get(name, "") for name in names], "critical": False,
            "heavy": [name in heavy for name in names],
            "apprentice": [name in apprentice for name in names], "hire_fte": np.nan, "cost": np.nan,
        }
    )  # fmt: skip
    return Cohorts(as_of, frame, need, roles)


def no_history():
    exposure = pd.DataFrame(
        {**_texts(GROUP), "age_band": [], "tenure_band": [], "contract": pd.Series(dtype=str), "year": [], "person_years": []}
    )
    for cause in EXITS:
        exposure[str(cause)] = pd.Series(dtype=float)
    return History(
        exposure,
        pd.DataFrame(_texts(MOVE_KEYS) | {"year": [], "people": []}),
        pd.DataFrame(_texts(GROUP) | {"year": [], "age": [], "people": [], "fte": []}),
        pd.DataFrame({"months": [], "people": []}),
        0,
    )


MOVE_KEYS = tuple(f"{side}_{name}" for side in ("from", "to") for name in GROUP)


def _texts(names):
    return {name: pd.Series(dtype=str) for name in names}


def history(exposure=(), moves=(), hires=(), pension=(), years=5):
    """exposure: dicts with role, age_band, tenure_band, year, person_years and events; moves: (from role, to role, year, people);
    hires: (role, year, age, people)."""
    none = no_history()
    rows = [{"location": "", "unit": "Bouw", "contract": PERMANENT, **{str(cause): 0.0 for cause in EXITS}, **row} for row in exposure]
    moved = [("", "Bouw", a, "", "Bouw", b, year, float(people)) for a, b, year, people in moves]
    hired = [("", "Bouw", role, year, age, float(people), float(people)) for role, year, age, people in hires]
    return History(
        pd.DataFrame(rows) if rows else none.exposure,
        pd.DataFrame(moved, columns=[*MOVE_KEYS, "year", "people"]) if moved else none.moves,
        pd.DataFrame(hired, columns=[*GROUP, "year", "age", "people", "fte"]) if hired else none.hires,
        pd.DataFrame(list(pension), columns=["months", "people"]) if pension else none.pension,
        years,
    )


LEARNERS, MECHANICS, CLERKS = "Leerling", "Monteur", "Administratie"


def learning_firm(years=12, mentors=14, wished=4.0, hired=6.0, links=True, extra=(), heavy=(), isco=None):
    """20 apprentices of whom some become mechanics each year, 54 mechanics for 70 posts, 30 clerks for 18 posts.

    mentors: how many mechanics are mentors, six in ten of them over 55; wished: fte more that mechanics want;
    hired: fte of hired mechanics.
    """
    rows = [person(LEARNERS, 19, tenure=1, people=20, fte=0.8), *extra]
    rows += [person(MECHANICS, age, people=6, fte=1.0) for age in range(30, 63, 4)]
    rows += [person(CLERKS, age, people=5, fte=0.9) for age in (28, 34, 40, 46, 52, 58)]
    firm = cohorts(rows, {MECHANICS: (70.0, 0, 0.0), CLERKS: (18.0, 0, 0.0), LEARNERS: (16.0, 0, 0.0)}, heavy, isco, apprentice=(LEARNERS,))
    moves = [(LEARNERS, MECHANICS, 2024, 5), (CLERKS, MECHANICS, 2024, 1)] if links else ()
    exposure = [
        {"role": role, "age_band": band, "tenure_band": 3, "year": 2024, "person_years": years_seen, "resignation": left}
        for role, band, years_seen, left in ((LEARNERS, 0, 20.0, 2.0), (MECHANICS, 1, 40.0, 2.0), (CLERKS, 1, 30.0, 1.0))
    ]
    hires = [(LEARNERS, 2024, 18, 7), (MECHANICS, 2024, 28, 3), (CLERKS, 2024, 30, 1)]
    past = history(exposure, moves, hires, years=1)
    base = prepare(firm, estimate(past, firm), years)
    place = base.groups["role"].to_numpy() == MECHANICS
    of_band = mentors * np.array([0.0, 0.1, 0.3, 0.4, 0.2])
    return replace(base, means=Means(place * float(mentors), of_band, place * wished, place * hired))


def big_firm(groups=300, per_cell=1.0, seed=1):
    """Every cell of the grid filled: groups x ages 18..66 x tenure bands, months spread over the year."""
    rng = np.random.default_rng(seed)
    g, age, tenure, month = (
        axis.ravel() for axis in np.meshgrid(np.arange(groups), np.arange(18, 67), np.arange(4), np.arange(12), indexing="ij")
    )
    frame = pd.DataFrame(
        {
            "location": "", "unit": [f"U{n % 10}" for n in g], "role": [f"R{n:03d}" for n in g], "age": age,
            "pension_month": np.maximum(PENSION_AGE - 12 * age - 1 - month, -1), "tenure_band": tenure, "contract": PERMANENT,
            "contract_end_month": -1, "people": per_cell, "fte": 0.9 * per_cell, "fte_sq": 0.82 * per_cell, "cost": np.nan,
        }
    )  # fmt: skip
    frame.loc[(tenure < 2) & (month == 0), ["contract", "contract_end_month"]] = [FIXED, int(rng.integers(1, 24))]
    keys = frame[list(GROUP)].drop_duplicates()
    need = keys.assign(establishment_fte=np.nan, vacancies_fte=2.0, growth=0.01)
    roles = keys[["role"]].assign(isco="7411", critical=False, heavy=False, apprentice=False, hire_fte=np.nan, cost=np.nan)
    return Cohorts(AS_OF, frame, need, roles)

"""The closed form against a person-by-person simulation: mean and variance within four standard errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.estimate import default_chances, estimate
from analytics.moments import FILLED
from analytics.projection import prepare, project
from analytics.scenario import Scenario
from analytics.workforce import FIXED, PERMANENT, Flow
from tests.firms import cohorts, no_history, person
from tests.simulation import CAUSES, Person, World, simulate

YEARS = 8
BANDS = (29, 44, 54, 59, 79)


def _chance(column):
    """(group, age, service) -> the default yearly chance."""
    table = default_chances()
    found = {(row.age_band, row.tenure_band): float(getattr(row, column)) for row in table[table["contract"] == PERMANENT].itertuples()}

    def chance(group, age, service):
        band = sum(age > high for high in BANDS)
        return found[band, sum(service >= edge for edge in (1, 2, 5))]

    return chance


STAFF = [
    person("Monteur", age=24, tenure=0, people=8, fte=1.0),
    person("Monteur", age=43, tenure=1, people=6, fte=0.8),
    person("Monteur", age=53, tenure=2, people=5, fte=0.9, offset=4),
    person("Monteur", age=61, tenure=3, people=7, fte=0.7, offset=2),
    person("Monteur", age=64, tenure=3, people=6, fte=1.0, offset=9),
    person("Monteur", age=66, tenure=3, people=4, fte=0.6, offset=0),
    person("Lasser", age=30, tenure=0, contract=FIXED, end=7, people=9, fte=1.0),
    person("Lasser", age=33, tenure=1, contract=FIXED, end=16, people=5, fte=0.5),
    person("Lasser", age=66, tenure=0, contract=FIXED, end=5, people=3, offset=1),
]


def _people(rows):
    years = (0, 1, 3, 5)
    return [
        Person(
            row["role"], row["age"], row["pension_month"], years[row["tenure_band"]], row["fte"] / row["people"], row["contract_end_month"]
        )
        for row in rows
        for _ in range(int(row["people"]))
    ]


def _runs(world, rows, count, years=YEARS):
    people = _people(rows)
    return [simulate(world, people, years, seed) for seed in range(count)]


def _check(values, mean, variance=None, label=""):
    """4 standard errors; the error of a sample variance from its own fourth moment."""
    values = np.asarray(values, float)
    n, spread = len(values), values.std(ddof=1)
    assert abs(values.mean() - mean) <= 4 * spread / np.sqrt(n) + 1e-9, (label, values.mean(), mean, spread / np.sqrt(n))
    if variance is None:
        return
    centred = values - values.mean()
    error = np.sqrt(max((centred**4).mean() - (centred**2).mean() ** 2, 1e-12) / n)
    assert abs(spread**2 - variance) <= 4 * error + 1e-9, (label, spread**2, variance, error)


PLAIN = Scenario(generation_pact_uptake=0.0, work_on_after_aow=0.0, rvu_uptake=0.0)


@pytest.mark.parametrize("work_on", [0.0, 20.0])
def test_staff_and_fixed_contracts(work_on):
    firm = cohorts(STAFF)
    base = prepare(firm, estimate(no_history(), firm))
    scenario = PLAIN.with_value("work_on_after_aow", work_on)
    world = World(_chance("resignation"), _chance("other_exit"), work_on=work_on / 100)
    runs = _runs(world, STAFF, 1000)
    projection = project(base, scenario, YEARS)
    var_fte = projection.run.moments().of_groups()[1]  # before absence and hours change the worth of an fte
    for g, role in enumerate(("Lasser", "Monteur")):
        for year in (1, 2, 3, 5, YEARS):
            values = [run[year - 1]["people"].get(role, 0) for run in runs]
            _check(values, projection.people[g, year], projection.var_people[g, year], ("people", role, year))
            values = [run[year - 1]["fte"].get(role, 0) for run in runs]
            _check(values, projection.run.fte[g, year], var_fte[g, year], ("fte", role, year))
    for year in range(1, YEARS + 1):
        for cause in CAUSES:
            values = [run[year - 1]["flows"][cause] for run in runs]
            _check(values, projection.flows[Flow(cause)][:, year - 1].sum(), None, (cause, year))


def test_hires_age_and_leave_again():
    rows = [person("Monteur", age=35, people=4)]
    firm = cohorts(rows)
    rates = estimate(no_history(), firm)
    profile = rates.hire_ages.assign(share=0.0)
    for age, share in ((22, 0.5), (50, 0.2), (63, 0.3)):
        profile.loc[profile["age"] == age, "share"] = share
    rates = type(rates)(**{name: getattr(rates, name) for name in rates.__slots__} | {"hire_ages": profile})
    base = replace(prepare(firm, rates), pension_age_months=807.0)
    projection = project(base, PLAIN.with_value("hires_per_year", 2.5), YEARS)
    world = World(
        _chance("resignation"), _chance("other_exit"), hires={"Monteur": (2.5 / FILLED, FILLED, [(22, 0.5), (50, 0.2), (63, 0.3)], 1.0)}
    )
    runs = _runs(world, rows, 2000)
    for year in range(1, YEARS + 1):
        values = [run[year - 1]["people"].get("Monteur", 0) for run in runs]
        _check(values, projection.people[0, year], projection.var_people[0, year], year)
        for cause in CAUSES:
            values = [run[year - 1]["flows"][cause] for run in runs]
            _check(values, projection.flows[Flow(cause)][:, year - 1].sum(), None, (cause, year))


def test_moves_mean_variance_and_covariance():
    rows = [person("Leerling", age=20, people=20, tenure=3), person("Monteur", age=40, people=15, tenure=3)]
    firm = cohorts(rows)
    base = prepare(firm, estimate(no_history(), firm))
    base = _with_links(base, [("Leerling", "Monteur", 0.4), ("Monteur", "Leerling", 0.03)])
    projection = project(base, PLAIN, YEARS)
    world = World(_chance("resignation"), _chance("other_exit"), moves={"Leerling": [("Monteur", 0.4)], "Monteur": [("Leerling", 0.03)]})
    runs = _runs(world, rows, 3000)
    for year in range(1, YEARS + 1):
        total = [sum(run[year - 1]["people"].values()) for run in runs]
        _check(total, projection.people[:, year].sum())
        for g, role in enumerate(("Leerling", "Monteur")):
            values = np.array([run[year - 1]["people"].get(role, 0) for run in runs], float)
            _check(values, projection.people[g, year], None, (role, year))
            assert projection.var_people[g, year] == pytest.approx(values.var(), rel=0.1), (role, year)
        assert projection.variance(np.ones((1, 2)))[0][0, year] == pytest.approx(np.var(total), rel=0.1), year


def _with_links(base, links):
    index = {role: g for g, role in enumerate(base.groups["role"])}
    origin, target, chance = zip(*links, strict=True)
    return replace(
        base,
        link_from=np.array([index[r] for r in origin]),
        link_to=np.array([index[r] for r in target]),
        link_chance=np.array(chance),
        cache={},
    )


def test_simulator_and_engine_share_no_random_luck():
    """A person who cannot leave stays, in both."""
    world = World(lambda *_: 0.0, lambda *_: 0.0)
    rows = [person("Monteur", age=30, people=3)]
    assert all(run[-1]["people"] == {"Monteur": 3} for run in _runs(world, rows, 5))
    firm = cohorts(rows)
    rates = estimate(no_history(), firm)
    calm = type(rates)(
        **{name: getattr(rates, name) for name in rates.__slots__} | {"table": rates.table.assign(resignation=0.0, other_exit=0.0)}
    )
    projection = project(prepare(firm, calm), PLAIN, YEARS)
    np.testing.assert_array_equal(projection.people, 3.0)
    np.testing.assert_array_equal(projection.var_people, 0.0)

"""Faults seen in other tools, each as a test that the engine does not have it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from analytics.estimate import default_chances, estimate
from analytics.pension import pension_months
from analytics.projection import prepare, project
from analytics.scenario import Scenario
from analytics.workforce import FIXED, PERMANENT, Flow
from tests.firms import AS_OF, cohorts, history, person
from tests.test_projection_laws import made

STILL = Scenario(hires_per_year=0.0, work_on_after_aow=0.0, rvu_uptake=0.0)


def test_nothing_is_rounded_before_it_is_added():
    """A hundred departments of one person lose as many people as one department of a hundred."""
    apart = project(made([person("A", 40) | {"unit": f"U{number}"} for number in range(100)]), STILL)
    together = project(made([person("A", 40, people=100)]), STILL)
    assert apart.people[:, 5].sum() == pytest.approx(together.people[0, 5], abs=1e-9)
    assert 0 < apart.flows[Flow.RESIGNATION][0, 0] < 0.5


def test_nothing_is_cut_off_to_whole_people():
    projection = project(made([person("A", 40, people=9)]), STILL)
    lost = 9 - projection.people[0, 1]
    assert 0.3 < lost < 0.6  # int() would say 0


def test_a_group_of_forty_loses_somebody():
    projection = project(made([person("A", 40, people=40)]), STILL)
    assert np.all(np.diff(projection.people[0]) < -1)


def test_a_new_colleague_has_an_age_of_their_own():
    """A firm of people of 64 hires: ten years on, most of those hired have not reached the pension date."""
    base = made([person("A", 64, people=20, offset=6)])
    projection = project(base, Scenario(hires_per_year=5.0, rvu_uptake=0.0))
    assert projection.ages(1)[0, : 40 - 15].sum() > 2
    assert projection.people[0, 10] > 15
    assert projection.flows[Flow.RETIREMENT][0, 5:10].sum() < 3


def test_a_yearly_chance_is_not_cut_in_twelve():
    """Twelve months of the monthly chance make the year: half a year of 18 % is 1 - sqrt(0.82), not 9 %."""
    base = made([person("A", 30)])
    one, without = (project(base, Scenario(hires_per_year=hires)) for hires in (100.0, 0.0))
    table = default_chances().set_index(["age_band", "tenure_band", "contract"])
    other = table["other_exit"].loc[[(band, 0, PERMANENT) for band in range(5)]]
    stays = np.sqrt(0.82 * (1 - other.to_numpy()))
    share = base.hire_ages[:, 0]
    band = np.searchsorted([30, 45, 55, 60], np.arange(15, 80), side="right")
    assert one.flows[Flow.HIRE][0, 0] == pytest.approx(100.0)
    kept = one.people[0, 1] - without.people[0, 1]
    assert kept == pytest.approx(100 * (share * stays[band]).sum(), rel=1e-9)


def test_chances_of_causes_are_not_added_up():
    rates = {"resignation": 0.5, "other_exit": 0.6}
    base = made([person("A", 40, people=100)])
    base.hazards[0], base.hazards[1] = -np.log(0.5), -np.log(0.4)
    projection = project(base, STILL)
    assert projection.people[0, 1] == pytest.approx(100 * 0.5 * 0.4)
    assert projection.flows[Flow.RESIGNATION][0, 0] < 100 * rates["resignation"]


@pytest.mark.parametrize(
    ("birth", "year"), [(date(1960, 1, 1), 2027), (date(1959, 12, 31), 2026), (date(1960, 12, 31), 2027), (date(1961, 1, 1), 2028)]
)
def test_retirements_are_not_a_year_late(birth, year):
    """Flows carry the calendar year in which the pension date lies (steps from 1 January)."""
    months, _ = pension_months(np.array([birth], "datetime64[D]"), AS_OF)
    age = AS_OF.year - birth.year - (1 if (birth.month, birth.day) > (1, 1) else 0)
    base = made([person("A", age, people=1000, month=int(months[0]))])
    base.hazards[:] = 0
    flow = project(base, STILL).flows[Flow.RETIREMENT][0]
    assert AS_OF.year + int(np.argmax(flow)) == year
    assert flow.sum() == pytest.approx(1000)


def test_pension_date_in_the_middle_of_the_step_by_hand():
    """Date in month 6: other causes act for 6.5 months, then everybody left leaves."""
    base = made([person("A", 66, people=100, month=6)])
    hazard = base.hazards[:, 0, 4, 3, 0]
    flows = project(base, STILL).flows
    alive = np.exp(-hazard.sum() * 6.5 / 12)
    assert flows[Flow.RETIREMENT][0, 0] == pytest.approx(100 * alive)
    assert flows[Flow.RESIGNATION][0, 0] == pytest.approx(100 * (1 - alive) * hazard[0] / hazard.sum())


def test_shortage_does_not_start_at_zero_when_posts_are_open():
    assert project(made([person("A", 40, people=10)], demand={"A": (13.0, 0, 0.0)}), Scenario()).gap[0, 0] == pytest.approx(3.0)
    assert project(made([person("A", 40, people=10)], demand={"A": (np.nan, 2.0, 0.0)}), Scenario()).gap[0, 0] == pytest.approx(2.0)


def test_fte_that_leave_are_those_of_the_leavers():
    """Older people work fewer hours: retirement takes less fte than the mean of the group."""
    base = made([person("A", 66, people=10, fte=0.4, month=3), person("A", 30, people=10, fte=1.0)])
    projection = project(base, STILL)
    retired = projection.flows_fte[Flow.RETIREMENT][0, 0] / projection.flows[Flow.RETIREMENT][0, 0]
    assert retired == pytest.approx(0.4)


def test_contract_end_is_not_a_resignation():
    base = made([person("A", 30, people=40, tenure=0, contract="fixed", end=3)])
    flows = project(base, STILL).flows
    hazard = base.hazards[:, 1, 1, 0, 0].sum()
    assert flows[Flow.CONTRACT_END][0, 0] == pytest.approx(40 * np.exp(-hazard * 3.5 / 12) * 0.25)
    assert flows[Flow.CONTRACT_END][0, 1:].max() == 0


def test_retirement_as_a_chance_follows_the_table():
    """Without a contract that ends: 2, 2, 4, 8, 15, then 75 % by years from the date (method spec 2.2)."""
    base = made([person("A", 61, people=100, month=66)])
    base.hazards[:] = 0
    projection = project(base, Scenario(contract_ends_at_aow=False, hires_per_year=0.0, rvu_uptake=0.0))
    chance = projection.flows[Flow.RETIREMENT][0] / projection.people[0, :-1]
    np.testing.assert_allclose(chance[:8], [0.02, 0.02, 0.04, 0.08, 0.15, 0.75, 0.5, 0.5])


def test_earlier_stop_takes_only_heavy_roles_when_their_window_opens():
    base = made([person("A", 62, people=100, month=50), person("B", 62, people=100, month=50)], heavy=("A",))
    base.hazards[:] = 0
    flow = project(base, Scenario(hires_per_year=0.0, rvu_uptake=30.0, rvu_months_before=24.0, work_on_after_aow=0.0)).flows[
        Flow.RETIREMENT
    ]
    np.testing.assert_allclose(flow[:, 2], [30.0, 0.0])
    np.testing.assert_allclose(flow[:, 4], [70.0, 100.0])


def test_the_firms_own_renewal_goes_before_the_default():
    """Ten contracts fall due a year, one a year was not renewed: 1 of 10, not 25 %, drawn to it by 20 contracts."""
    rows = [person("A", 30, people=10, tenure=0, contract=FIXED, end=5), person("A", 30, people=10, tenure=0)]
    exposure = [
        {"role": "A", "age_band": 1, "tenure_band": 0, "contract": FIXED, "year": year, "person_years": 10.0, "contract_end": 1.0}
        for year in range(2017, 2027)
    ]
    firm = cohorts(rows)
    base = prepare(firm, estimate(history(exposure, years=10), firm), 5)
    assert base.lapse == pytest.approx((10 + 0.25 * 20) / (100 + 20))
    np.testing.assert_allclose(base.hire_fixed, 0.5)
    more = [project(base, STILL.with_value("fixed_term_renewal", value)).flows[Flow.CONTRACT_END][0, 0] for value in (75, 50)]
    assert more[1] == pytest.approx(2 * more[0])
    hired = project(base, STILL.with_value("hires_per_year", 8.0)).flows[Flow.CONTRACT_END][0]
    assert hired[1] > 0.1  # half of the eight meet the end of a contract a year after coming

"""What levers do in a firm of a few people, worked out on paper: Dutch ways to stop working, hiring, settling in and sick leave."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.projection import project
from analytics.scenario import Scenario
from analytics.tables import absence_by_age
from analytics.workforce import Flow
from tests.firms import person
from tests.test_projection_laws import made

PLAIN = {"hires_per_year": 0.0, "rvu_uptake": 0.0, "work_on_after_aow": 0.0, "generation_pact_uptake": 0.0}


def firm(*rows, **more):
    """Nobody leaves but by a date."""
    base = made(list(rows), **more)
    base.hazards[:], base.first_year[:] = 0, 0
    return base


def ahead(base, **levers):
    found = project(base, Scenario(**(PLAIN | levers)))
    found.check_balance()
    return found


# ways to stop working, each a lever of its own


def test_contracts_that_end_at_the_pension_date_end_in_its_step():
    base = firm(person("A", 66, people=100, month=6))
    ends, goes_on = ahead(base), ahead(base, contract_ends_at_aow=False)
    np.testing.assert_allclose(ends.people[0, :3], [100, 0, 0])
    np.testing.assert_allclose(goes_on.people[0, :3], [100, 25, 12.5])  # three in four in that year, half of the others each year after


def test_whoever_could_stop_earlier_already_only_goes_when_more_use_it_than_now():
    """Pension in 20 months, so in the window of 24 today. At the usual 10 % those who wanted to are gone; at 30 % two in nine of the rest
    go."""
    base = firm(person("A", 65, people=90, month=20), heavy=("A",))
    usual, more = (ahead(base, rvu_uptake=uptake, rvu_months_before=24.0) for uptake in (10.0, 30.0))
    np.testing.assert_allclose(usual.flows[Flow.RETIREMENT][0, :2], [0, 90])
    np.testing.assert_allclose(more.flows[Flow.RETIREMENT][0, :2], [20, 70])


def test_no_window_opens_in_light_work_nor_36_months_early_by_24():
    heavy, light = (firm(person("A", 63, people=100, month=40), heavy=which) for which in (("A",), ()))
    at = [
        ahead(base, rvu_uptake=30.0, rvu_months_before=months).flows[Flow.RETIREMENT][0] for base, months in ((heavy, 36.0), (heavy, 24.0))
    ]
    np.testing.assert_allclose([at[0][0], at[0][3]], [30, 70])  # opens in month 4
    np.testing.assert_allclose([at[1][1], at[1][3]], [30, 70])  # opens in month 16
    np.testing.assert_allclose(ahead(light, rvu_uptake=30.0, rvu_months_before=36.0).flows[Flow.RETIREMENT][0, 3], 100)


def test_the_generation_pact_takes_hours_and_nobody():
    """Ten people turn 60 within the year, ten are 62. Half take it and work 60 %: 0.2 of the fte of the first; of the second the 4 % that
    20 % at 80 % of the hours take are in today's contracts already."""
    base = firm(person("A", 59, people=10), person("A", 62, people=10))
    none, usual, more = (
        ahead(base, generation_pact_uptake=uptake, generation_pact_hours=hours) for uptake, hours in ((0, 80), (20, 80), (50, 60))
    )
    np.testing.assert_array_equal(more.people, none.people)
    assert usual.contract_fte[0, 1] == pytest.approx(20 - 0.04 * 10)
    assert more.contract_fte[0, 1] == pytest.approx(20 - 0.2 * 10 - (0.2 - 0.04) * 10)
    assert none.contract_fte[0, 1] == pytest.approx(20 + 0.04 * 10)  # those who have it now go back to their hours


def test_half_pension_takes_half_the_hours_of_its_share_from_sixty_on():
    base = firm(person("A", 59, people=10), person("A", 62, people=10), person("A", 40, people=10))
    found = ahead(base, part_time_pension_uptake=20.0)
    assert found.people[0, 1] == pytest.approx(30)
    usual = ahead(base)
    assert usual.contract_fte[0, 1] - found.contract_fte[0, 1] == pytest.approx(0.2 * 0.5 * 20)


def test_who_works_on_does_so_at_half_the_hours_and_half_stop_each_year():
    found = ahead(firm(person("A", 66, people=100, month=6)), work_on_after_aow=20.0)
    np.testing.assert_allclose(found.people[0, :4], [100, 20, 10, 5])
    np.testing.assert_allclose(found.run.fte[0, :4], [100, 10, 5, 2.5])
    np.testing.assert_allclose(found.flows[Flow.RETIREMENT][0, :3], [80, 10, 5])


def test_later_ages_hold_from_2032_on():
    """Dates in month 71 (December 2031) and month 80 (September 2032), nine months later by the lever: only the second moves, a step on."""
    found = ahead(firm(person("A", 61, people=10, month=71), person("A", 60, people=100, month=80)), statutory_age_step_months=9.0)
    np.testing.assert_allclose(found.flows[Flow.RETIREMENT][0, 5:8], [10, 0, 100])
    np.testing.assert_allclose(found.retire["reached"][0, 5:9], [0, 10, 10, 110])


def test_three_lines_of_who_can_leave_is_expected_to_and_reaches_the_date():
    """Ten have their date in month 66: from month 6 on they can leave, and in the sixth year they reach it. At 30 % three stop
    in month 42, by the earlier stop of heavy work; the others at the date."""
    found = ahead(firm(person("A", 61, people=10, month=66), heavy=("A",)), rvu_uptake=30.0, rvu_months_before=24.0)
    np.testing.assert_allclose(found.retire["can_leave"][0, :8], [0, 10, 10, 10, 10, 10, 10, 10])
    np.testing.assert_allclose(found.retire["expected"][0, :8], [0, 0, 0, 0, 3, 3, 10, 10])
    np.testing.assert_allclose(found.retire["reached"][0, :8], [0, 0, 0, 0, 0, 0, 10, 10])


# coming in


def test_hires_by_fill_rate_and_time_to_fill():
    """Thirteen a year were hired at 65 % filled in four months: at 45 % it is nine; three months more take a quarter of the first."""
    base = firm(person("A", 40, people=20))
    found = ahead(base, hires_per_year=13.0, fill_rate=45.0, time_to_fill_months=7.0)
    np.testing.assert_allclose(found.flows[Flow.HIRE][0, :3], [9 * 0.75, 9, 9])


def test_new_colleagues_count_for_sixty_percent_until_settled_in():
    """Ten full-timers a year where nobody was hired: with six months 2 fte less, with eighteen 4 of the last year's and 2 of others."""
    base = firm(person("A", 40, people=20))
    half, long = (ahead(base, hires_per_year=10.0, settling_in_months=months, absence_multiplier=1.0) for months in (6.0, 18.0))
    np.testing.assert_allclose(half.supply_parts["settling_in"][0, :3], [-2, 0, 0], atol=1e-9)
    np.testing.assert_allclose(long.supply_parts["settling_in"][0, :3], [-4, -2, 0], atol=1e-9)
    np.testing.assert_array_equal(half.people, long.people)


# hours


def test_sick_leave_by_age_and_its_change():
    """Supply is set against an establishment that contains today's sick leave: two people a year older and a fifth more of it."""
    base = firm(person("A", 24), person("A", 57))
    share = [absence_by_age()[[age - 15 for age in ages]].mean() for ages in ((24, 57), (25, 58))]
    assert ahead(base).fte[0, 1] == pytest.approx(2 * (1 - share[1]) / (1 - share[0]))
    assert ahead(base, absence_multiplier=1.2).fte[0, 1] == pytest.approx(2 * (1 - 1.2 * share[1]) / (1 - share[0]))
    assert share[1] > share[0] > 0.02

"""Chances from a firm's own history: defaults, shrinkage, causes in competition, moves, hires."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from analytics.estimate import default_chances, default_hire_ages, estimate
from analytics.projection import prepare
from analytics.workforce import PERMANENT
from tests.firms import cohorts, history, no_history, person


def _history(rate, role="A", years=40.0, **more):
    exposure = [
        {"role": role, "age_band": band, "tenure_band": tenure, "year": year, "person_years": years, "resignation": rate * years}
        for band, tenure, year in product(range(5), range(4), (2022, 2023, 2024))
    ]
    return exposure, more


FIRM = cohorts([person("A", 40), person("B", 40)])


def test_without_a_history_every_chance_is_a_labelled_default():
    rates = estimate(no_history(), FIRM)
    assert set(rates.table["source"]) == {"default"}
    assert rates.years == 0
    assert rates.table["weight"].max() == 0
    merged = rates.table.merge(default_chances(), on=["age_band", "tenure_band", "contract"], suffixes=("", "_default"))
    np.testing.assert_allclose(merged["resignation"], merged["resignation_default"])
    by_tenure = rates.table[rates.table["contract"] == PERMANENT].groupby("tenure_band")["resignation"].first()
    assert by_tenure.tolist() == [0.15, 0.15, 0.08, 0.04]
    assert len(rates.table) == 2 * 5 * 4 * 2
    assert rates.hires["people_per_year"].sum() == 0


def test_much_history_speaks_for_itself():
    exposure, _ = _history(0.2, years=2000.0)
    table = estimate(history(exposure, years=3), FIRM).table
    own = table[(table["role"] == "A") & (table["contract"] == PERMANENT)]
    assert (own["source"] == "own").all()
    assert own["weight"].min() > 0.9
    np.testing.assert_allclose(own["resignation"], 0.2, atol=0.004)


def test_little_history_is_drawn_to_the_defaults_and_says_so():
    exposure = [{"role": "A", "age_band": 1, "tenure_band": 3, "year": 2024, "person_years": 2.0, "resignation": 2.0}]
    table = estimate(history(exposure, years=1), FIRM).table
    cell = table[(table["role"] == "A") & (table["age_band"] == 1) & (table["tenure_band"] == 3) & (table["contract"] == PERMANENT)].iloc[0]
    assert cell["source"] == "completed"
    assert 0.04 < cell["resignation"] < 0.2
    assert cell["person_years"] == 2.0


def test_a_group_without_history_takes_the_firm_not_zero():
    exposure, _ = _history(0.2, years=2000.0)
    table = estimate(history(exposure, years=3), FIRM).table
    other = table[(table["role"] == "B") & (table["contract"] == PERMANENT)]
    np.testing.assert_allclose(other["resignation"], 0.2, atol=0.01)
    assert (other["source"] == "completed").all()
    assert (other["weight"] == 0).all()


def test_causes_compete():
    """Half resign and a quarter retire: resigning alone would take 1 - e^-mu with mu = 2/3 of -ln(1/4)."""
    exposure, _ = _history(0.5, years=4000.0)
    for row in exposure:
        row["retirement"] = 0.25 * row["person_years"]
    table = estimate(history(exposure, years=3), FIRM).table
    own = table[(table["role"] == "A") & (table["contract"] == PERMANENT)]
    np.testing.assert_allclose(own["resignation"], 1 - 0.25 ** (2 / 3), atol=0.015)


def test_chances_stay_chances():
    exposure, _ = _history(1.0, years=3.0)
    table = estimate(history(exposure, years=3), FIRM).table
    assert table[["resignation", "other_exit"]].to_numpy().max() < 1
    assert table[["resignation", "other_exit"]].to_numpy().min() > 0


def test_moves_are_shrunk_capped_and_at_most_eight():
    roles = "ABCDEFGHIJK"
    firm = cohorts([person(role, 40) for role in roles])
    exposure = [{"role": role, "age_band": 1, "tenure_band": 3, "year": 2024, "person_years": 30.0} for role in roles]
    moves = [("A", role, 2024, 3) for role in roles[1:]] + [("B", "A", 2024, 3)]
    rates = estimate(history(exposure, moves, years=1), firm)
    out = rates.moves.groupby("from_role")["chance"].agg(["sum", "size"])
    assert out.loc["A", "size"] == 8
    assert out.loc["A", "sum"] <= 0.9
    chance = rates.moves.set_index(["from_role", "to_role"])["chance"]
    assert chance["B", "A"] == pytest.approx(3 / 30)
    base = prepare(firm, rates)
    assert np.bincount(base.link_from, weights=base.link_chance).max() <= 0.9


def test_hires_are_the_mean_of_three_years_raised_for_those_never_seen():
    exposure = [{"role": "A", "age_band": 1, "tenure_band": 3, "year": year, "person_years": 30.0} for year in range(2020, 2026)]
    hires = [("A", year, 25, 4) for year in range(2023, 2026)] + [("A", 2020, 25, 100)]
    rates = estimate(history(exposure, hires=hires, years=6), FIRM)
    row = rates.hires.set_index("role").loc["A"]
    assert row["seen_per_year"] == pytest.approx(4.0)
    assert 4.0 < row["people_per_year"] < 4.6
    assert row["fte_per_hire"] == pytest.approx(1.0)


def test_ages_of_hires_follow_the_firm():
    hires = [("A", 2024, 50, 200)]
    exposure = [{"role": "A", "age_band": 1, "tenure_band": 3, "year": 2024, "person_years": 30.0}]
    rates = estimate(history(exposure, hires=hires, years=1), FIRM)
    shares = rates.hire_ages.pivot(index="role", columns="age", values="share")
    assert shares.sum(axis=1).to_numpy() == pytest.approx([1.0, 1.0])
    assert shares.loc["A", 46:54].sum() > 0.85
    assert shares.loc["B", 46:54].sum() > 0.7
    assert default_hire_ages().sum() == pytest.approx(1.0)


def test_unsteady_years_widen_the_common_shock():
    calm, wild = (
        [
            {"role": "A", "age_band": 1, "tenure_band": 3, "year": 2015 + n, "person_years": 1000.0, "resignation": 1000 * rate}
            for n, rate in enumerate(rates)
        ]
        for rates in ([0.08] * 9, [0.04, 0.16] * 4 + [0.04])
    )
    assert estimate(history(wild, years=9), FIRM).sigma > 2 * estimate(history(calm, years=9), FIRM).sigma
    assert estimate(history(calm[:2], years=2), FIRM).sigma == 0.15


def test_pension_practice_moves_the_date_only_with_enough_people():
    pension = [(-3, 100.0)]
    few = [(-3, 2.0)]
    exposure, _ = _history(0.05)
    assert estimate(history(exposure, pension=pension, years=3), FIRM).pension_shift_months == -3
    assert estimate(history(exposure, pension=few, years=3), FIRM).pension_shift_months in (-1, 0)
    early = [(-24, 500.0), (0, 100.0)]  # an earlier stop is a lever of its own
    assert estimate(history(exposure, pension=early, years=3), FIRM).pension_shift_months == 0


def test_a_frame_of_groups_does_as_well_as_cohorts():
    first, second = estimate(no_history(), FIRM), estimate(no_history(), FIRM.demand)
    pd.testing.assert_frame_equal(first.table, second.table)

"""The shipped tables as the engine reads them, the dated amounts, and mortality against a published table."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from analytics.amounts import Amount, amount, keys, open_post_month, rvu_cost, settling_in_cost, shipped, transition_payment
from analytics.tables import (
    AGES,
    absence_by_age,
    death_by_age,
    exposure_by_isco,
    gompertz_death,
    isco_title,
    life_table_us,
    reference,
    suitability_by_isco,
    tightness_class,
)

TODAY = date(2026, 11, 23)


def test_codes_stay_text() -> None:
    codes = reference("isco08_titles_en_nl.csv")["isco08_code"]
    assert "0110" in set(codes)
    assert isco_title("0110") == "Officieren"
    assert isco_title("7411", "en") == "Building and related electricians"
    assert isco_title("9999") is None


@pytest.mark.parametrize(
    ("code", "score", "level"),
    [("1111", 0.31, 4), ("ISCO-08 1111", 0.31, 4), ("4", 0.5355, 1), ("0110", None, 0), ("", None, 0), ("unknown", None, 0)],
)
def test_exposure_of_an_occupation(code: str, score: float | None, level: int) -> None:
    assert exposure_by_isco(code) == (score, level)


def test_an_occupation_without_a_score_gets_its_group_and_says_so() -> None:
    """1439 is one of nine unit groups without a score: the mean of 143, flagged as three digits."""
    group = reference("ilo_genai_exposure_isco08_groups.csv").set_index("isco08_code")["mean_score_2025"]
    assert exposure_by_isco("1439") == (float(group["143"]), 3)
    units = reference("ilo_genai_exposure_isco08.csv")
    inside = units[units["isco08_code"].str.startswith("143")]["mean_score_2025"].astype(float)
    assert float(group["143"]) == pytest.approx(inside.mean(), abs=1e-4)


def test_every_scored_occupation_is_read_at_its_own_level() -> None:
    units = reference("ilo_genai_exposure_isco08.csv")
    assert len(units) == 427
    for row in units.itertuples():
        assert exposure_by_isco(row.isco08_code) == (float(row.mean_score_2025), 4)


def test_suitability_for_machine_learning() -> None:
    found = suitability_by_isco("1211")
    assert found is not None
    assert (found.risk, found.category, found.level) == (3.549063, "High risk", 4)
    assert suitability_by_isco("111").level == 3
    assert suitability_by_isco("") is None


def test_absence_runs_through_the_published_bands() -> None:
    shares = absence_by_age()
    assert shares.shape == AGES.shape == (65,)
    assert (AGES[0], AGES[-1]) == (15, 79)
    at = dict(zip(AGES.tolist(), shares.tolist(), strict=True))
    assert [at[age] for age in (15, 20, 30, 40, 50, 60, 79)] == pytest.approx([0.027, 0.027, 0.045, 0.049, 0.049, 0.065, 0.065])
    assert at[55] == pytest.approx((0.049 + 0.065) / 2)
    assert at[25] == pytest.approx((0.027 + 0.045) / 2)
    with pytest.raises(ValueError, match="read-only"):
        shares[0] = 1


@pytest.mark.parametrize(
    ("ratio", "label"),
    [
        (0, "very loose"),
        (0.249, "very loose"),
        (0.25, "loose"),
        (0.67, "balanced"),
        (1.5, "tight"),
        (3.99, "tight"),
        (4, "very tight"),
        (9.4, "very tight"),
    ],
)
def test_tightness_classes_include_their_lower_bound(ratio: float, label: str) -> None:
    assert tightness_class(ratio) == label
    assert tightness_class(4.32, "nl") == "zeer krap"


def test_impossible_tightness_is_refused() -> None:
    for ratio in (-1, float("nan")):
        with pytest.raises(ValueError, match="tightness"):
            tightness_class(ratio)


def test_published_life_table_follows_its_own_chances() -> None:
    """l(x+1) = l(x)(1 - q(x)), printed e0 75.90 and 80.81: the table is read as published."""
    table = life_table_us()
    assert (table["male_ex"][0], table["female_ex"][0]) == (75.90, 80.81)
    for sex in ("male", "female"):
        alive, chances = table[f"{sex}_lx"].to_numpy(), table[f"{sex}_qx"].to_numpy()
        assert alive[1:] == pytest.approx((alive * (1 - chances))[:-1], abs=1.5)


def test_gompertz_equals_its_integrated_force() -> None:
    """q = 1 - exp(-integral of B e^(cx)), by the trapezium rule over one year."""
    grid = np.linspace(60, 61, 20_001)
    assert float(gompertz_death(60, 2e-5, 0.09)) == pytest.approx(1 - np.exp(-np.trapezoid(2e-5 * np.exp(0.09 * grid), grid)))


def test_fallback_mortality_has_the_size_and_slope_of_a_real_table() -> None:
    """Dutch mortality lies below the American: between a quarter and the whole of it from 40 to 75, closer when older."""
    table = life_table_us().set_index("age").loc[40:75]
    both = (table["male_qx"] + table["female_qx"]) / 2
    ratio = gompertz_death(table.index.to_numpy()) / both
    assert ((ratio > 0.25) & (ratio < 1)).all()
    assert ratio.loc[75] > ratio.loc[45]
    chances = death_by_age()
    assert chances.shape == (65,)
    assert (np.diff(chances) > 0).all()
    assert ((chances > 0) & (chances < 0.1)).all()


def test_cost_of_an_open_post_is_the_published_default() -> None:
    cost = open_post_month(TODAY)
    assert (cost.low, cost.value, cost.high) == pytest.approx((2083.33, 4600, 8750), abs=0.01)


def test_every_amount_has_a_unit_a_source_and_a_certainty() -> None:
    assert len(keys()) >= 20
    for row in shipped():
        assert row.unit
        assert row.source
        assert row.certainty in ("A", "B", "C")
        assert row.last_checked <= TODAY
        assert (row.low or row.value) <= row.value <= (row.high or row.value)
    assert len({(row.key, row.valid_from) for row in shipped()}) == len(shipped())


def test_amounts_change_in_january() -> None:
    assert amount("transition_payment_max", date(2024, 12, 31)).value == 94_000
    assert amount("transition_payment_max", date(2025, 1, 1)).value == 98_000
    assert amount("rvu_levy", date(2027, 6, 1)).value == 64
    before = amount("margin_per_hour", date(2021, 1, 1))
    assert before.valid_from > date(2021, 1, 1)
    with pytest.raises(KeyError):
        amount("price of a sandwich", TODAY)


def test_the_firms_own_figure_goes_first_from_its_own_day() -> None:
    own = (Amount("margin_per_hour", date(2026, 7, 1), 55.0, "euro an hour", "A", "own figure", TODAY),)
    assert amount("margin_per_hour", date(2026, 6, 30), own).value == 40
    assert amount("margin_per_hour", date(2026, 7, 1), own).value == 55
    cost = open_post_month(TODAY, own)
    assert cost.value == pytest.approx(1380 / 12 * 55)


@pytest.mark.parametrize(
    ("gross_month", "years", "on", "payment"),
    [
        (3_000, 10, TODAY, 10_000),
        (3_000, 0.5, TODAY, 500),
        (3_600, 7.25, TODAY, 8_700),
        (0, 12, TODAY, 0),
        (8_000, 42, TODAY, 102_000),  # 112 000 is above the maximum of 2026
        (8_000, 42, date(2024, 5, 1), 96_000),  # above the maximum of 2024, but a year's salary is more than that maximum
        (9_000, 42, TODAY, 108_000),  # a year's salary is above the maximum
    ],
)
def test_transition_payment(gross_month: float, years: float, on: date, payment: float) -> None:
    """A third of a gross month per year of service, to the day (BW 7:673)."""
    assert transition_payment(gross_month, years, on) == pytest.approx(payment)


def test_early_exit_and_settling_in() -> None:
    assert rvu_cost(36, TODAY) == pytest.approx(84_852)
    assert rvu_cost(48, TODAY) == pytest.approx(84_852)
    assert rvu_cost(-1, TODAY) == 0
    assert settling_in_cost(6, 62_000, TODAY) == pytest.approx(6 * 0.4 * 62_000 / 12)
    with pytest.raises(ValueError, match="zero or more"):
        transition_payment(-1, 2, TODAY)

"""Survival: published leukaemia tables, late entry, competing causes, a life table, and laws for any data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.survival import aalen_johansen, kaplan_meier, log_log_interval, nelson_aalen, stay_chance
from analytics.tables import life_table_us

# Freireich et al. (1963), Blood 21: weeks in remission under 6-MP; + (0) = still in remission.
WEEKS = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
RELAPSE = [1] * 9 + [0] * 12
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]

SPELLS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 8), st.integers(0, 2)), min_size=1, max_size=40)


def test_kaplan_meier_with_greenwood_on_the_leukaemia_data() -> None:
    """Klein & Moeschberger (2003), Survival Analysis, table 4.1A: at risk, survival and Greenwood's standard error."""
    curve = kaplan_meier(WEEKS, RELAPSE)
    relapses = curve[curve["events"] > 0]
    assert relapses["time"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert relapses["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert relapses["events"].tolist() == [3, 1, 1, 1, 1, 1, 1]
    assert relapses["survival"].to_numpy() == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.628, 0.538, 0.448], abs=6e-4)
    assert relapses["se"].to_numpy() == pytest.approx([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=6e-5)


def test_one_row_per_distinct_time_and_none_for_zero() -> None:
    curve = kaplan_meier(WEEKS, RELAPSE)
    assert list(curve.columns) == ["time", "at_risk", "events", "censored", "survival", "se"]
    assert curve["time"].tolist() == sorted(set(WEEKS))
    assert curve["censored"].sum() == 12
    assert curve["censored"].iloc[0] == 1


def test_without_censoring_it_is_the_share_still_there_and_greenwood_is_binomial() -> None:
    """Placebo arm of the same study: S(8) = 8/21; the median is 8 weeks (published); se = sqrt(S(1-S)/n)."""
    curve = kaplan_meier(PLACEBO, np.ones(21)).set_index("time")
    assert curve.loc[8, "survival"] == pytest.approx(8 / 21)
    assert curve.index[(curve["survival"] <= 0.5).argmax()] == 8
    share = curve["survival"]
    assert curve["se"].to_numpy() == pytest.approx(np.sqrt(share * (1 - share) / 21).to_numpy())
    assert curve.iloc[-1][["survival", "se"]].tolist() == [0, 0]


def test_nelson_aalen_on_the_leukaemia_data() -> None:
    """Klein & Moeschberger (2003), table 4.2: cumulative hazard at the relapse times."""
    table = nelson_aalen(WEEKS, RELAPSE)
    table = table[table["events"] > 0]
    assert table["hazard"].to_numpy() == pytest.approx([0.1428, 0.2017, 0.2683, 0.3517, 0.4426, 0.5854, 0.7521], abs=1.1e-4)
    assert table["se"].to_numpy()[:2] == pytest.approx([np.sqrt(3 / 441), np.sqrt(3 / 441 + 1 / 289)])


def test_log_log_interval_of_the_leukaemia_data() -> None:
    """By hand at 6 weeks: S = .857143, se = .076360; width = 1.959964 x .076360/|S ln S| = 1.13272; .857143^exp(+-1.13272)."""
    low, high = log_log_interval(kaplan_meier(WEEKS, RELAPSE))
    assert (low[0], high[0]) == pytest.approx((0.6197, 0.9516), abs=1e-4)
    assert ((low >= 0) & (high <= 1) & (low <= high)).all()


def test_ending_the_study_with_a_leaver_keeps_bounds_inside() -> None:
    low, high = log_log_interval(kaplan_meier([1, 2, 3], [1, 1, 1]))
    assert (low[-1], high[-1]) == (0, 0)


def test_late_entry_by_hand() -> None:
    """Five people: A 0-2 left, B 0-5 still there, C seen from 3, left at 4, D seen from 3, left at 6, E seen from 4 to 6.
    At 2: A, B at risk. At 4: B, C, D (E enters at 4 and is at risk only after). At 6: D, E. S = 1/2, x 2/3, x 1/2."""
    curve = kaplan_meier([2, 5, 4, 6, 6], [1, 0, 1, 1, 0], entry=[0, 0, 3, 3, 4]).set_index("time")
    assert curve["at_risk"].to_dict() == {2: 2, 4: 3, 5: 3, 6: 2}
    assert curve["survival"].to_dict() == pytest.approx({2: 1 / 2, 4: 1 / 3, 5: 1 / 3, 6: 1 / 6})


def test_ignoring_late_entry_flatters_loyalty() -> None:
    """A firm where 30 % leave every year, seen only from a snapshot in which everybody has 0-9 years of service."""
    rng = np.random.default_rng(7)
    hired, stayed = rng.integers(0, 10, 40_000), rng.geometric(0.3, 40_000)
    seen = stayed > hired  # only who was still there at the snapshot
    durations, entry = stayed[seen], hired[seen]
    corrected = stay_chance(kaplan_meier(durations, np.ones(len(durations)), entry), [1, 2, 3])
    naive = stay_chance(kaplan_meier(durations, np.ones(len(durations))), [1, 2, 3])
    assert corrected == pytest.approx([0.7, 0.49, 0.343], abs=0.015)
    assert (naive > corrected + 0.05).all()


def test_a_leaver_on_day_zero_keeps_its_effect_without_a_row() -> None:
    curve = kaplan_meier([0, 1, 2, 2], [1, 0, 1, 0])
    assert curve["time"].tolist() == [1, 2]
    assert curve["survival"].tolist() == pytest.approx([3 / 4, 3 / 8])
    assert kaplan_meier([], []).empty
    assert list(kaplan_meier([], []).columns) == ["time", "at_risk", "events", "censored", "survival", "se"]


def test_impossible_spells_are_refused() -> None:
    for durations, events, entry in (([-1], [1], None), ([1], [1, 0], None), ([1], [1], [2]), ([np.nan], [1], None)):
        with pytest.raises(ValueError, match="durations"):
            kaplan_meier(durations, events, entry)


def test_competing_causes_by_hand() -> None:
    """Resign at 1 and 3, retire at 2, one still there after 3, one after 4: S = 4/5, 3/5, 2/5; F_resign = 1/5 + 3/5 x 1/3."""
    table = aalen_johansen([1, 2, 3, 3, 4], ["resign", "retire", "resign", "", None])
    assert table["survival"].tolist() == pytest.approx([4 / 5, 3 / 5, 2 / 5, 2 / 5])
    assert table["resign"].tolist() == pytest.approx([1 / 5, 1 / 5, 2 / 5, 2 / 5])
    assert table["retire"].tolist() == pytest.approx([0, 1 / 5, 1 / 5, 1 / 5])


def test_one_minus_kaplan_meier_per_cause_says_too_much() -> None:
    durations, causes = [1, 2, 3, 4, 5, 6], np.array(["q", "r", "q", "r", "q", "r"])
    table = aalen_johansen(durations, causes).iloc[-1]
    alone = [1 - kaplan_meier(durations, causes == cause)["survival"].iloc[-1] for cause in ("q", "r")]
    assert table["q"] == table["r"] == pytest.approx(0.5)
    assert sum(alone) > 1


def test_published_life_table_is_a_kaplan_meier_curve() -> None:
    """Deaths of the US period life table (women, l0 = 100 000) fed in one by one give its own l(x) column back."""
    alive = life_table_us()["female_lx"].to_numpy()
    deaths = -np.diff(np.append(alive, 0.0)).astype(int)
    curve = kaplan_meier(np.repeat(np.arange(1, len(alive) + 1), deaths), np.ones(deaths.sum()))
    assert stay_chance(curve, np.arange(len(alive))) == pytest.approx(alive / 100_000)


@given(SPELLS)
def test_laws_of_the_curve(spells: list[tuple[int, int, int]]) -> None:
    durations = np.array([last for last, _, _ in spells])
    entry = np.minimum([first for _, first, _ in spells], durations)
    causes = np.array([cause for _, _, cause in spells])
    curve = kaplan_meier(durations, causes > 0, entry)
    survival = curve["survival"].to_numpy()
    assert ((survival >= 0) & (survival <= 1)).all()
    assert (np.diff(survival) <= 0).all()
    assert (curve["at_risk"] >= curve["events"] + curve["censored"]).all()
    assert np.isfinite(curve["se"]).all()
    table = aalen_johansen(durations, causes, entry)
    assert table["survival"].to_numpy() == pytest.approx(survival)
    assert table.drop(columns=["time", "at_risk"]).sum(axis=1).to_numpy() == pytest.approx(np.ones(len(table)))


@given(st.lists(st.tuples(st.integers(1, 10), st.booleans()), min_size=1, max_size=40))
def test_cumulative_hazard_and_survival_agree(spells: list[tuple[int, bool]]) -> None:
    durations, events = zip(*spells, strict=True)
    hazard = nelson_aalen(durations, events)["hazard"].to_numpy()
    survival = kaplan_meier(durations, events)["survival"].to_numpy()
    assert (np.exp(-hazard) >= survival - 1e-12).all()  # Fleming-Harrington lies above the product limit

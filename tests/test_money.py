"""Money about people: where pay enters a director's figures it is told only for k people of whom none dominates, and rounded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.protect import LARGEST_SHARE, MEAN_STEP, TWO_LARGEST_SHARE, cost_per_fte, money_may_be_told
from analytics.release import Role, Viewer
from analytics.scenario import Scenario
from tests.attacked_firms import DIRECTOR, K, filled, staff_of
from tests.test_attack import all_answers
from workflows import outlook
from workflows.prepared import prepared


def test_limits_hold_at_their_edges() -> None:
    """30 % of one, 85 % of two: on the edge it may be told, beyond it not."""
    assert money_may_be_told(np.array([30.0, 17.5, 17.5, 17.5, 17.5]), K)
    assert not money_may_be_told(np.array([30.1, 17.5, 17.5, 17.5, 17.4]), K)
    assert LARGEST_SHARE * 2 < TWO_LARGEST_SHARE, "with the first limit the second can only bite where nobody counts single amounts"


def test_cost_per_fte_is_rounded_and_silent_where_somebody_dominates() -> None:
    fte, ones = np.ones(6), np.ones(6)
    even = np.array([40_010.0, 41_020.0, 42_030.0, 43_040.0, 44_050.0, 45_060.0])
    told = cost_per_fte(even, ones, fte, K)
    assert told % MEAN_STEP == 0
    assert told == pytest.approx(even.mean(), abs=MEAN_STEP / 2)
    assert np.isnan(cost_per_fte(np.append(even[:5], 900_000.0), ones, fte, K))
    assert np.isnan(cost_per_fte(even[:4], ones[:4], fte[:4], K))
    assert np.isnan(cost_per_fte(np.append(even[:5], np.nan), ones, fte, K))


def test_what_the_engine_is_given_of_pay_obeys_the_limits(tmp_path: Path) -> None:
    """Through the real store and preparation: the atom with one very high pay has no cost, the others a rounded mean."""
    frame = staff_of(300, seed=3)
    key = frame.groupby(["location", "unit", "role"]).size().idxmax()
    inside = (frame[["location", "unit", "role"]] == list(key)).all(axis=1)
    frame.loc[frame[inside].index[0], "salary"] = 9_000_000.0
    with filled(tmp_path / "pay.duckdb", frame) as workspace:
        given = prepared(workspace, DIRECTOR, None).cohorts
        assert given is not None
        per_atom = given.frame.groupby(["location", "unit", "role"])[["cost", "fte"]].sum(min_count=1)
        dominated = per_atom.index.map(lambda name: name[:2] == key[:2] and key[2] in name[2])
        assert per_atom.loc[dominated, "cost"].isna().all()
        each = (per_atom["cost"] / per_atom["fte"])[~dominated].dropna()
        assert len(each) >= 5
        assert each.to_numpy() / MEAN_STEP == pytest.approx(np.round(each.to_numpy() / MEAN_STEP), abs=1e-6)


def test_no_answer_to_a_director_depends_on_one_pay(tmp_path: Path) -> None:
    """Two firms in which one person earns one euro more: every answer is the same."""
    frame = staff_of(40, seed=8)
    other = frame.copy()
    other.loc[7, "salary"] += 1.0
    with filled(tmp_path / "one.duckdb", frame) as one, filled(tmp_path / "other.duckdb", other) as two:
        for (name, mine), (_, same) in zip(all_answers(one), all_answers(two), strict=True):
            if isinstance(mine, pd.DataFrame):
                pd.testing.assert_frame_equal(mine, same, obj=name)
            else:
                assert mine == same, name


def test_the_works_council_is_told_no_amount_at_all(tmp_path: Path) -> None:
    with filled(tmp_path / "money.duckdb", staff_of(300)) as workspace:
        council = outlook.outlook(Viewer("or", Role.COUNCIL, (), K), workspace, Scenario())
        frames = (council.total, council.groups, council.flows, council.retire, council.ages)
        names = {str(name) for frame in frames for name in frame} | set(council.facts)
        assert not {name for name in names if any(part in name for part in ("cost", "salary", "euro", "open_post", "wage"))}

"""Automated work against natural outflow: published split, conservation, what the total hides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analytics.changing import ADVICE, LEDGER, by_key, corners, exposure, hidden, ledger, net_outflow, parts, quadrant, since


def test_published_split_of_a_hundred_fte() -> None:
    """50 % automated and 20 % helped of 100 fte leaves 50 / 20 / 30 (K15)."""
    split = parts(np.array(100.0), 0.7, 1.0, 1.0, 1.0, 5 / 7)
    assert (float(split.replaced), float(split.helped), float(split.rest)) == pytest.approx((50, 20, 30))


def test_worked_example_of_the_method_text() -> None:
    """40 fte x 0.5 exposed x 0.4 feasible x 0.3 in use beyond today x 0.5 comes of it = 1.2; 30 % replaces: 0.36 fte."""
    adoption = since(np.array([0.1, 0.25, 0.4]))
    split = parts(np.array([40.0]), 0.5, 0.4, adoption, 0.5, 0.3)
    assert adoption == pytest.approx([0, 0.15, 0.3])
    assert split.replaced == pytest.approx([0, 0.18, 0.36])
    assert split.helped[2] == pytest.approx(0.84)


def test_adoption_that_falls_gives_no_work_back() -> None:
    assert since(np.array([0.5, 0.4, 0.6])) == pytest.approx([0, 0, 0.1])


def test_exposure_is_weighted_and_says_what_has_no_score() -> None:
    assert exposure(np.array([30.0, 10, 10]), np.array([0.2, 0.6, np.nan])) == pytest.approx((0.3, 0.2))
    mean, without = exposure(np.array([5.0]), np.array([np.nan]))
    assert np.isnan(mean)
    assert without == 1.0


def _one(automated: float, demand: float, supply: float, outflow: float) -> dict[str, float]:
    found = ledger(*(np.array(v, float) for v in (automated, demand, supply, outflow)))
    return {name: float(value) for name, value in found.items()}


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        # 100 people, 100 work; 15 leave, 10 automated: outflow absorbs all, 5 still short
        ((10, 90, 85, 15), {"absorbed": 10, "open_work": 0, "looking": 0, "still_short": 5, "filled": 85, "already_over": 0}),
        # nobody leaves: ten people need other work
        ((10, 90, 100, 0), {"absorbed": 0, "open_work": 0, "looking": 10, "still_short": 0, "filled": 90, "already_over": 0}),
        # 20 posts stood open: automation takes those, nobody needs to go, ten still short
        ((10, 90, 80, 0), {"absorbed": 0, "open_work": 10, "looking": 0, "still_short": 10, "filled": 80, "already_over": 0}),
        # ten too many already; ten leave: absorbed, and the ten too many are not automation's
        ((10, 90, 100, 10), {"absorbed": 10, "open_work": 0, "looking": 0, "still_short": 0, "filled": 90, "already_over": 10}),
        # growth opened 10, 5 left, 20 automated: five look for other work
        ((20, 90, 95, 5), {"absorbed": 5, "open_work": 10, "looking": 5, "still_short": 0, "filled": 90, "already_over": 0}),
    ],
)
def test_ledger_by_hand(given_: tuple[float, ...], expected: dict[str, float]) -> None:
    found = _one(*given_)
    assert {name: found[name] for name in expected} == expected


amounts = arrays(float, 12, elements=st.floats(0, 500))


@settings(max_examples=150, deadline=None)
@given(automated=amounts, demand=amounts, supply=amounts, outflow=amounts)
def test_every_fte_ends_in_exactly_one_place(automated: np.ndarray, demand: np.ndarray, supply: np.ndarray, outflow: np.ndarray) -> None:
    found = ledger(automated, demand, supply, outflow)
    assert np.allclose(found["absorbed"] + found["open_work"] + found["looking"], automated)
    assert np.allclose(found["automated"] + found["filled"] + found["still_short"], demand + automated)
    assert np.allclose(found["filled"] + found["looking"] + found["already_over"], supply)
    for name in LEDGER:
        assert (found[name] >= -1e-9).all(), name
    assert not ((found["looking"] > 1e-6) & (found["still_short"] > 1e-6)).any()


def test_net_outflow_is_cumulative_and_hires_undo_it() -> None:
    zero = np.zeros((1, 3))
    assert net_outflow(np.array([[4.0, 4, 4]]), zero, np.array([[1.0, 6, 0]]), zero).tolist() == [[0, 3, 1, 5]]


def _firm() -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Drawing is automated with nobody leaving; mechanics leave in numbers. The total looks fine, drawing does not."""
    groups = pd.DataFrame({"location": "", "unit": ["E", "E", "W"], "role": ["tekenaar", "monteur", "monteur"]})
    zero = np.zeros((3, 1))
    return groups, {
        "automated": np.array([[0.0, 5], [0, 0], [0, 0]]),
        "demand": np.array([[40.0, 35], [50, 50], [50, 50]]),
        "supply": np.array([[40.0, 40], [50, 45], [50, 48]]),
        "exits": np.array([[0.0], [5], [2]]),
        "moves_out": zero,
        "hires": zero,
        "moves_in": zero,
    }


def test_role_view_shows_what_the_total_hides() -> None:
    groups, arrays_ = _firm()
    roles, total = by_key(groups, ("role",), **arrays_), by_key(groups, (), **arrays_)
    found = hidden(roles, total)
    assert found is not None
    assert (found.step, found.per_role, found.in_total, found.hidden, found.roles) == (1, 5, 0, 5, ("tekenaar",))
    assert total["looking"].tolist() == [0, 0]
    assert roles.set_index(["role", "step"]).loc[("monteur", 1), "still_short"] == 7
    assert hidden(total.assign(role="alles"), total) is None


def test_people_of_one_role_fill_in_for_each_other() -> None:
    groups, arrays_ = _firm()
    arrays_["automated"] = np.array([[0.0, 0], [0, 0], [0, 5]])
    arrays_["demand"] = np.array([[40.0, 40], [50, 50], [50, 45]])
    arrays_["supply"][2, 1], arrays_["exits"][2, 0] = 50.0, 0.0
    apart = by_key(groups, ("unit", "role"), **arrays_).query("step == 1")["looking"].sum()
    together = by_key(groups, ("role",), **arrays_).query("step == 1")["looking"].sum()
    assert (apart, together) == (5, 0)


def test_no_groups_gives_an_empty_frame() -> None:
    groups, arrays_ = _firm()
    none = by_key(groups.iloc[:0], ("role",), **{name: values[:0] for name, values in arrays_.items()})
    assert none.empty
    assert list(none.columns) == ["role", "step", *LEDGER]
    assert hidden(none, none) is None


def test_every_role_in_exactly_one_corner() -> None:
    frame = pd.DataFrame(
        {
            "role": ["oud laag", "oud hoog", "jong hoog", "jong laag", "zonder code"],
            "fte": [10.0, 20, 30, 40, 5],
            "leaving": [0.4, 0.3, 0.1, 0.05, 0.2],
            "automatable": [0.1, 0.5, 0.6, 0.2, np.nan],
        }
    )
    out = quadrant(frame, leaving_limit=0.3, automatable_limit=0.5)
    assert out["advice"].tolist() == ["recruit_hand_over", "let_shrink", "retrain_move", "keep_rotate", "unknown"]
    table = corners(out)
    assert table["roles"].sum() == len(frame)
    assert table["fte"].sum() == frame["fte"].sum()
    assert table["advice"].tolist() == [*ADVICE.values(), "unknown"]


def test_limits_default_to_the_firms_own_mean() -> None:
    frame = pd.DataFrame({"role": ["a", "b"], "fte": [30.0, 10.0], "leaving": [0.1, 0.5], "automatable": [0.6, 0.2]})
    out = quadrant(frame)  # means 0.2 and 0.5
    assert out["advice"].tolist() == ["retrain_move", "recruit_hand_over"]


def test_a_firm_without_codes_has_no_corner_but_unknown() -> None:
    frame = pd.DataFrame({"role": ["a", "b"], "fte": [3.0, 1.0], "leaving": [0.1, 0.5], "automatable": [np.nan, np.nan]})
    assert quadrant(frame)["advice"].tolist() == ["unknown", "unknown"]
    assert corners(quadrant(frame.iloc[:0]))["roles"].sum() == 0

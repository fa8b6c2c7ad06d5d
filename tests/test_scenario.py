"""One declaration per assumption: link, file and limits follow from the lever."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.scenario import LEVERS, Override, Rejected, Scenario, clamp

HISTORY = {"hires_per_year": 110.0, "demand_growth": 1.5}


def values(name: str) -> st.SearchStrategy[float]:
    lever = LEVERS[name]
    low, high = lever.bounds(HISTORY.get(name))
    return st.booleans() if lever.kind == "yes_no" else st.floats(low, high).map(lambda x: round(x, 3)).filter(lambda x: low <= x <= high)


scenarios = st.fixed_dictionaries({}, optional={name: values(name) for name in LEVERS}).map(lambda chosen: Scenario(**chosen))


@given(scenarios)
def test_a_link_reopens_the_same_scenario(scenario: Scenario) -> None:
    again, rejected = Scenario.from_query(scenario.to_query(), HISTORY)
    assert again == scenario
    assert not rejected


@given(scenarios)
def test_a_file_reopens_the_same_scenario(scenario: Scenario) -> None:
    assert Scenario.from_json(scenario.to_json()) == scenario


def test_overrides_survive_a_file_and_the_most_specific_wins() -> None:
    scenario = Scenario(
        overrides=(Override("rvu_uptake", 5, unit="W"), Override("rvu_uptake", 30, unit="W", role="Lasser"), Override("fill_rate", 40))
    )
    assert Scenario.from_json(scenario.to_json()) == scenario
    assert scenario.value_for("rvu_uptake", "Noord", "W", "Lasser") == 30
    assert scenario.value_for("rvu_uptake", "Noord", "W", "Monteur") == 5
    assert scenario.value_for("rvu_uptake", "Noord", "E", "Monteur") == 10
    assert scenario.value_for("fill_rate", "", "E", "Monteur") == 40


def test_a_link_holds_exceptions_or_says_that_they_do_not_fit() -> None:
    rules = (Override("rvu_uptake", 5.0, unit="W & B, Noord"), Override("fill_rate", 40.0, location="Zuid", role='Monteur "hoog"'))
    scenario = Scenario(absence_multiplier=1.2, overrides=rules)
    again, rejected = Scenario.from_query(scenario.to_query())
    assert (again, rejected) == (scenario, ())
    most = Scenario(overrides=tuple(Override("rvu_uptake", 5.0, role=f"Functie {number}") for number in range(20)))
    assert Scenario.from_query(most.to_query()) == (most, ())
    more = Scenario(fill_rate=50, overrides=(*most.overrides, rules[0]))
    again, rejected = Scenario.from_query(more.to_query())
    assert again == Scenario(fill_rate=50)
    assert [item.reason for item in rejected] == ["too_many"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "{}",
        "[1]",
        "[[]]",
        '[["rvu_uptake",5,"","",""],["nothing",5,"","",""]]',
        '[["rvu_uptake","veel","","",""]]',
        '[["rvu_uptake",NaN,"","",""]]',
        '[["rvu_uptake",5,"",""]]',
        '[[["rvu_uptake"],5,"","",""]]',
        "[" * 100_000,
    ],
)
def test_exceptions_that_cannot_be_read_are_skipped_and_said(text: str) -> None:
    scenario, rejected = Scenario.from_query({"exceptions": text, "fill_rate": "50"})
    assert scenario == Scenario(fill_rate=50)
    assert [item.reason for item in rejected] == ["unreadable"]
    assert len(rejected[0].value) <= 80


def test_an_exception_of_a_link_keeps_to_the_range_of_its_lever() -> None:
    scenario, _ = Scenario.from_query({"exceptions": '[["rvu_uptake",99,"","W",""]]'})
    assert scenario.overrides == (Override("rvu_uptake", 35, unit="W"),)


def test_what_a_link_asked_and_did_not_get_is_said() -> None:
    scenario, rejected = Scenario.from_query({"rvu_uptake": "99", "rubbish": "1", "fill_rate": "veel", "absence_multiplier": "1,2"})
    assert scenario == Scenario(rvu_uptake=35, absence_multiplier=1.2)
    assert rejected == (
        Rejected("rvu_uptake", "99", "out_of_range", 35.0),
        Rejected("rubbish", "1", "unknown"),
        Rejected("fill_rate", "veel", "not_a_number"),
    )


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e400"])
def test_no_infinite_assumption(text: str) -> None:
    assert Scenario.from_query({"rvu_uptake": text})[1][0].reason == "not_a_number"


def test_an_unknown_field_in_a_file_is_an_error_that_names_it() -> None:
    with pytest.raises(ValueError, match="magic"):
        Scenario.from_json('{"magic": 3}')


@pytest.mark.parametrize("name", LEVERS)
def test_every_default_lies_in_its_own_range(name: str) -> None:
    default = getattr(Scenario(), name)
    if default is not None:
        assert clamp(name, default) == default
    assert LEVERS[name].low < LEVERS[name].high


def test_scenarios_are_values() -> None:
    assert Scenario(rvu_uptake=20) == Scenario(rvu_uptake=20)
    assert len({Scenario(rvu_uptake=20), Scenario(rvu_uptake=20), Scenario()}) == 2


@pytest.mark.parametrize(
    "text",
    [
        "[1, 2]",
        '{"overrides": 5}',
        '{"overrides": [{"lever": "nope", "value": 1}]}',
        '{"overrides": [{"lever": "rvu_uptake", "value": "x"}]}',
        '{"overrides": [{"lever": "rvu_uptake", "value": 1, "person": "a"}]}',
        '{"hires_per_year": "x"}',
    ],
)
def test_a_file_that_cannot_be_honoured_is_refused_whole(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Scenario.from_json(text)


def test_an_override_keeps_to_the_range_of_its_lever() -> None:
    scenario = Scenario.from_json('{"overrides": [{"lever": "rvu_uptake", "value": 99, "role": "Lasser"}]}')
    assert scenario.overrides == (Override("rvu_uptake", 35, role="Lasser"),)

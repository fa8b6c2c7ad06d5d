"""Required against available skills: hand-computed, laws, empty states, speed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import Refusal
from analytics.skills.gaps import PARTS, canonical, folded, gaps, outlook, prepare

AS_OF = date(2026, 1, 1)


def _cells(roles: list[str], fte: float = 1.0) -> pd.DataFrame:
    return pd.DataFrame({"location": "", "unit": "U", "role": roles, "people": 1.0, "fte": fte})


def _held(rows: list[tuple], columns: str = "cell skill level") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns.split())
    return frame.assign(people=1.0, fte=frame.get("fte", 1.0))


SKILLS = pd.DataFrame({"skill": ["solderen", "meten"], "kind": ["technical", "professional"]})
NEEDS = pd.DataFrame({"role": ["monteur"], "skill": ["solderen"], "level": [3]})


def _row(frame: pd.DataFrame, skill: str = "solderen") -> pd.Series:
    return frame.set_index("skill").loc[skill]


def test_worked_example_of_the_method_text() -> None:
    """Ten mechanics; three hold it, one is assessed below the level, six unknown; half of everybody has left in year 5.

    Now: required 10, low 3, middle 3 + 6 x 3/4 = 7.5, high 9. Then: one certificate ends, one person trained, work grows to 12.
    """
    cells = _cells(["monteur"] * 10)
    held = _held([(0, "solderen", 4), (1, "solderen", 3), (2, "solderen", 3), (3, "solderen", 2)])
    held["expiry"] = [None, None, "2028-01-01", None]
    base = prepare(cells, held, NEEDS, SKILLS, AS_OF)
    then = outlook(np.full(10, 0.5), 5, work_now={"monteur": 10}, work_then={"monteur": 12}, trained={("monteur", "solderen"): 1.0})
    row = _row(gaps(base, then).by_skill)
    assert (row.required_now, row.low_now, row.middle_now, row.high_now) == (10, 3, 7.5, 9)
    assert (row.exits, row.expiry, row.decay, row.training, row.hires) == (-1.5, -0.5, 0, 1, 0)
    assert (row.have_then, row.low_then, row.middle_then, row.high_then) == (2, 2, 2 + 3 * 0.75, 5)
    assert (row.gap_low, row.gap, row.gap_high) == (7, 12 - 4.25, 10)
    assert row.assessed == 0.4


def test_unknown_is_not_zero_and_not_everything() -> None:
    base = prepare(_cells(["monteur"] * 4), _held([]), NEEDS, SKILLS, AS_OF)
    answer = gaps(base, outlook(np.ones(4), 3))
    row = _row(answer.by_skill)
    assert (row.low_now, row.high_now) == (0, 4)
    assert np.isnan(row.middle_now)
    assert np.isnan(row.gap)
    assert answer.assessed == 0


def test_level_zero_is_assessed_as_not_able() -> None:
    base = prepare(_cells(["monteur"] * 2), _held([(0, "solderen", 0), (1, "solderen", 3)]), NEEDS, SKILLS, AS_OF)
    row = _row(gaps(base, outlook(np.ones(2), 1)).by_skill)
    assert (row.low_now, row.middle_now, row.high_now, row.assessed) == (1, 1, 1, 1)


def test_a_skill_in_use_keeps_its_level_and_an_idle_one_fades() -> None:
    """Half-life 2.5 years: an idle level 4 is worth 2 after 2.5 years, so no longer the level 3 that mechanics need."""
    cells = _cells(["monteur", "planner"])
    base = prepare(cells, _held([(0, "solderen", 4), (1, "solderen", 4)]), NEEDS, SKILLS, AS_OF)
    row = _row(gaps(base, outlook(np.ones(2), 2.5)).by_skill)
    assert (row.have_then, row.decay, row.elsewhere_now, row.elsewhere_then) == (1, 0, 1, 0)
    faded = _row(gaps(base, outlook(np.ones(2), 2.5, fades_in_use=True)).by_skill)
    assert (faded.have_then, faded.decay) == (0, -1)


def test_renewed_certificates_and_newcomers() -> None:
    held = _held([(0, "solderen", 3), (1, "solderen", 1)])
    held["expiry"] = ["2027-06-01", None]
    base = prepare(_cells(["monteur", "monteur"]), held, NEEDS, SKILLS, AS_OF)
    row = _row(gaps(base, outlook(np.ones(2), 4, renewed=0.75, hires={"monteur": 6.0})).by_skill)
    assert row.expiry == -0.25
    assert row.hires == 3.0  # half of the assessed hold it
    own = outlook(np.ones(2), 4, renewed=1.0, hires={"monteur": 6.0}, hire_share={("monteur", "solderen"): 1.0})
    assert _row(gaps(base, own).by_skill).hires == 6.0


def test_requirement_that_comes_and_goes() -> None:
    needs = pd.DataFrame({"role": "tekenaar", "skill": ["solderen", "meten"], "level": 2, "share": [0.8, 0.1], "change": [-0.2, 0.3]})
    base = prepare(_cells(["tekenaar"] * 10), _held([]), needs, SKILLS, AS_OF)
    by = gaps(base, outlook(np.ones(10), 5)).by_skill.set_index("skill")
    assert by.required_now.to_dict() == pytest.approx({"solderen": 8.0, "meten": 1.0})
    assert by.required_then.to_dict() == pytest.approx({"solderen": 0.0, "meten": 10.0})


def test_fixed_number_instead_of_a_share() -> None:
    base = prepare(_cells(["monteur"] * 3), _held([]), NEEDS.assign(needed_fte=19.0), SKILLS, AS_OF)
    assert _row(gaps(base, outlook(np.ones(3), 1, work_then={"monteur": 500})).by_skill).required_then == 19


def test_latest_record_of_a_person_counts() -> None:
    held = _held([(0, "solderen", 5), (0, "solderen", 2)])
    held["assessed"] = ["2020-01-01", "2025-06-01"]
    base = prepare(_cells(["monteur"]), held, NEEDS, SKILLS, AS_OF)
    assert _row(gaps(base, outlook(np.ones(1), 1)).by_skill).low_now == 0


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), years=st.floats(0, 12), stay=st.floats(0, 1))
def test_every_fte_leaves_a_trace(seed: int, years: float, stay: float) -> None:
    """have_now + parts = have_then; low <= middle <= high; both views add up; nothing negative."""
    cells, held, needs, skills = _random(np.random.default_rng(seed), people=30, skills=8, roles=4)
    base = prepare(cells, held, needs, skills, AS_OF)
    answer = gaps(base, outlook(np.full(len(cells), stay), years, hires={"r0": 3.0}, renewed=0.5))
    for frame in (answer.by_need, answer.by_skill):
        assert np.allclose(frame["have_now"] + frame[list(PARTS)].sum(axis=1), frame["have_then"])
        for moment in ("now", "then"):
            middle = frame[f"middle_{moment}"].fillna(frame[f"low_{moment}"])
            assert (frame[f"low_{moment}"] <= middle + 1e-9).all()
            assert (middle <= frame[f"high_{moment}"] + 1e-9).all()
            assert (frame[f"low_{moment}"] >= -1e-9).all()
    sums = answer.by_need.groupby("skill")["have_then"].sum()
    assert np.allclose(sums, answer.by_skill.set_index("skill")["have_then"].reindex(sums.index))


def test_with_nobody_leaving_and_nothing_learned_nothing_changes() -> None:
    cells, held, needs, skills = _random(np.random.default_rng(1), people=50, skills=6, roles=3)
    base = prepare(cells, held.drop(columns="expiry"), needs, skills, AS_OF)
    row = gaps(base, outlook(np.ones(len(cells)), 8)).by_need
    assert np.allclose(row["have_now"], row["have_then"])


def test_more_leavers_never_raise_what_is_available() -> None:
    cells, held, needs, skills = _random(np.random.default_rng(2), people=50, skills=6, roles=3)
    base = prepare(cells, held, needs, skills, AS_OF)
    many, few = (gaps(base, outlook(np.full(len(cells), stay), 5)).by_need["have_then"] for stay in (0.4, 0.7))
    assert (many <= few + 1e-12).all()


@pytest.mark.parametrize("part", ["held", "needs", "both"])
def test_empty_matrix_gives_empty_answers(part: str) -> None:
    held = pd.DataFrame() if part in ("held", "both") else _held([(0, "meten", 2)])
    needs = pd.DataFrame() if part in ("needs", "both") else NEEDS
    base = prepare(_cells(["planner"]), held, needs, SKILLS, AS_OF)
    answer = gaps(base, outlook(np.ones(1), 5))
    assert len(answer.by_need) == len(needs)
    assert (answer.by_skill["high_now"] == 0).all()
    assert answer.assessed == 0


def test_unknown_ids_are_refused_by_name() -> None:
    with pytest.raises(Refusal) as skill:
        prepare(_cells(["monteur"]), _held([(0, "toveren", 3)]), NEEDS, SKILLS, AS_OF)
    assert (skill.value.code, skill.value.params["names"]) == ("unknown_skill", ["toveren"])
    with pytest.raises(Refusal) as person:
        prepare(_cells(["monteur"]), _held([(7, "meten", 3)]), NEEDS, SKILLS, AS_OF)
    assert (person.value.code, person.value.params["n"]) == ("unknown_people", 1)
    with pytest.raises(Refusal, match="duplicate_skill"):
        prepare(_cells(["monteur"]), _held([]), NEEDS, pd.concat([SKILLS, SKILLS]), AS_OF)


def test_spellings_of_one_skill_are_recognised() -> None:
    assert folded("  Énergie  Advies ") == "energie advies"
    labels = ["TIG-lassen", "tig-lassen", "Cv aanleggen", "heating", "CV aanleggen "]
    assert canonical(labels, ["u1", "", "u2", "u2", ""]) == ["TIG-lassen", "TIG-lassen", "Cv aanleggen", "Cv aanleggen", "Cv aanleggen"]


def _random(rng: np.random.Generator, people: int, skills: int, roles: int, asked_share: float = 0.4) -> tuple[pd.DataFrame, ...]:
    cells = _cells([f"r{i}" for i in rng.integers(0, roles, people)], fte=0.9)
    pairs = rng.random((people, skills)) < 0.6
    cell, skill = np.nonzero(pairs)
    held = pd.DataFrame(
        {"cell": cell, "skill": [f"s{i}" for i in skill], "level": rng.integers(0, 6, len(cell)), "people": 1.0, "fte": 0.9}
    )
    ends = pd.Series(pd.Timestamp(AS_OF) + pd.to_timedelta(rng.integers(-400, 4000, len(cell)), unit="D"))
    held["expiry"] = ends.where(pd.Series(rng.random(len(cell)) < 0.2))
    asked = rng.random((roles, skills)) < asked_share
    role, need = np.nonzero(asked)
    needs = pd.DataFrame({"role": [f"r{i}" for i in role], "skill": [f"s{i}" for i in need], "level": rng.integers(1, 6, len(role))})
    return cells, held, needs, pd.DataFrame({"skill": [f"s{i}" for i in range(skills)], "kind": "technical"})


def test_a_large_firm_gets_an_answer_for_every_skill() -> None:
    """2 000 people x 300 skills x 150 roles, every second pair assessed."""
    cells, held, needs, skills = _random(np.random.default_rng(3), people=2000, skills=300, roles=150, asked_share=0.05)
    base = prepare(cells, held, needs, skills, AS_OF)
    stay = np.full(len(cells), 0.8)
    found = gaps(base, outlook(stay, 5, hires={"r1": 3.0}))
    assert len(found.by_skill) == 300

"""Knowledge at risk: products over holders, windows of ten people, what may be shown."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.skills.gaps import prepare
from analytics.skills.knowledge import LEAST, chance_all_gone, group_survival, knowledge, least_leavers, shown

AS_OF = date(2026, 1, 1)
SKILLS = pd.DataFrame({"skill": ["stoom", "relais", "meten", "niemand"], "kind": "professional", "replace_months": [24, 12, 6, 6]})
NEEDS = pd.DataFrame(
    {"role": ["ketel", "ketel", "ketel"], "skill": ["stoom", "relais", "niemand"], "level": [3, 3, 1], "weight": [3.0, 1.0, 0.0]}
)


def _base(held: list[tuple[int, str, int]], people: int = 5, ages: list[int] | None = None):
    cells = pd.DataFrame({"location": "", "unit": "U", "role": "ketel", "people": 1.0, "fte": 1.0, "age": ages or [60] * people})
    frame = pd.DataFrame(held, columns=["cell", "skill", "level"]).assign(people=1.0, fte=1.0)
    return prepare(cells, frame, NEEDS, SKILLS, AS_OF)


def _leave(people: int, *chances: float) -> np.ndarray:
    return np.tile([0.0, *chances], (people, 1))


def test_worked_example_of_the_method_text() -> None:
    """Two holders with chance one half each: 0.25 in year 1; 0.81 when the chance is 0.9. Criticality 3/4 x 0.25 x 24/12."""
    out = knowledge(_base([(0, "stoom", 4), (1, "stoom", 3), (2, "stoom", 1)]), _leave(5, 0.5, 0.9), 1).set_index("skill")
    row = out.loc["stoom"]
    assert (row.holders, row.unknown, row.chance_lost, row.first_year) == (2, 2, 0.25, 2)
    assert row.criticality == pytest.approx(0.75 * 0.25 * 2)
    assert row.leaving == 1.0
    assert chance_all_gone(np.array([0.5, 0.9]), np.array([1, 2])) == pytest.approx(0.5 * 0.81)
    assert np.isnan(chance_all_gone(np.array([0.5]), np.array([0])))


def test_single_missing_and_not_needed() -> None:
    out = knowledge(_base([(0, "relais", 5), (1, "meten", 2)]), _leave(5, 0.2), 1).set_index("skill")
    assert out["single_point"].to_dict() == {"relais": True, "meten": True, "stoom": False, "niemand": False}
    assert out["missing"].to_dict() == {"relais": False, "meten": False, "stoom": True, "niemand": True}
    assert not out.loc["meten", "needed"]
    assert np.isnan(out.loc["stoom", "chance_lost"])
    assert out.loc["stoom", "unknown"] == 5


def test_product_agrees_with_simulation() -> None:
    rng = np.random.default_rng(7)
    chances = np.array([0.6, 0.4, 0.8, 0.1, 0.3])
    base = _base([(0, "stoom", 3), (1, "stoom", 3), (2, "stoom", 3)])
    out = knowledge(base, np.column_stack([np.zeros(5), chances]), 1).set_index("skill")
    gone = (rng.random((200_000, 3)) < chances[:3]).all(axis=1).mean()
    assert out.loc["stoom", "chance_lost"] == pytest.approx(gone, abs=4 * np.sqrt(gone / 200_000))


def test_a_holder_who_cannot_leave_keeps_the_skill() -> None:
    chances = np.array([[0, 0.0], [0, 1.0], [0, 1.0], [0, 1.0], [0, 1.0]])
    out = knowledge(_base([(0, "stoom", 3), (1, "stoom", 3)]), chances, 1).set_index("skill")
    assert out.loc["stoom", "chance_lost"] == 0


def test_pension_and_age_counts() -> None:
    base = _base([(0, "stoom", 3), (1, "stoom", 3), (2, "stoom", 3)], ages=[54, 55, 63, 40, 40])
    out = knowledge(base, _leave(5, 0.5), 1, retire=np.array([0, 0.25, 1, 0, 0])).set_index("skill")
    assert (out.loc["stoom", "older"], out.loc["stoom", "leaving_pension"]) == (2, 1.25)


def test_survival_is_that_of_at_least_ten_people() -> None:
    """Whole ages are joined from young to old until ten people; the mean is kept; newcomers stand apart when there are ten."""
    rng = np.random.default_rng(1)
    age, people = rng.integers(20, 67, 300), np.ones(300)
    stay = np.clip(1 - (age - 15) / 60, 0, 1)[:, None] ** np.arange(4)
    tenure = np.where(np.arange(300) < 40, 0, 3)
    out = group_survival(age, tenure, people, stay)
    assert np.allclose(out.sum(axis=0), stay.sum(axis=0))
    values, counts = np.unique(out[:, 1].round(12), return_counts=True)
    assert counts.min() >= LEAST
    assert len(values) > 5
    assert not set(out[:40, 1].round(9)) & set(out[40:, 1].round(9))
    few = group_survival(np.array([30, 66]), np.array([3, 3]), np.ones(2), np.array([0.9, 0.1]))
    assert few.tolist() == [0.5, 0.5]


def test_few_holders_show_no_chance_and_no_order() -> None:
    base = _base([(0, "stoom", 3), (1, "relais", 3), (2, "relais", 3), (3, "relais", 3)])
    out = shown(knowledge(base, np.array([[0, 0.99]] * 5), 1), k=1)
    assert out["skill"].tolist()[:2] == ["niemand", "stoom"]
    blank = out.set_index("skill").loc["stoom"]
    assert np.isnan(blank.chance_lost)
    assert np.isnan(blank.criticality)
    assert blank.first_year == -1
    assert out.set_index("skill").loc["relais", "chance_lost"] == pytest.approx(0.99**3)
    assert shown(knowledge(base, np.array([[0, 0.99]] * 5), 1), k=5)["chance_lost"].isna().all()


def test_least_number_of_leavers_that_breaks_a_role() -> None:
    out = least_leavers(_base([(0, "stoom", 3), (1, "stoom", 3), (1, "relais", 3), (0, "niemand", 1), (1, "niemand", 1)]))
    assert out.to_dict("records") == [{"role": "ketel", "skill": "relais", "people": 1.0}]


def test_nobody_holds_anything() -> None:
    out = knowledge(_base([]), _leave(5, 0.5), 1)
    assert set(out["skill"]) == {"stoom", "relais", "niemand"}
    assert out["missing"].all()

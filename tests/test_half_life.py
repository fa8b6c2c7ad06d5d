"""How fast an unused skill fades is a dated assumption that HR can change and take back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analytics.amounts import amount
from workflows import money, skills
from workflows.types import Refusal, Viewer
from workflows.workspace import Workspace

ME = Viewer.local()


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Workspace]:
    """Welders need measuring and hold it; so do planners, whose role does not ask for it."""
    people = [f"P{n}" for n in range(30)]
    staff = pd.DataFrame(
        {
            "as_of": pd.Timestamp("2026-01-01"), "employee_id": people, "unit": "Hal", "role": ["Lasser"] * 20 + ["Planner"] * 10,
            "birth_date": pd.Timestamp("1990-02-03"), "hire_date": pd.Timestamp("2010-01-01"), "fte": 1.0,
        }
    )  # fmt: skip
    held = pd.DataFrame({"employee_id": people, "skill": "meten", "level": 3.0, "assessed_date": pd.Timestamp("2025-06-01")})
    asked = pd.DataFrame({"role": ["Lasser"], "skill": ["meten"], "required_level": [3.0]})
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        workspace.store.save_import({"employees": staff, "skills": held, "requirements": asked}, (), "a", "a.xlsx", "test")
        yield workspace


def test_a_longer_half_life_keeps_what_nobody_uses_and_can_be_taken_back(firm: Workspace) -> None:
    before = skills.skills(ME, firm)
    assert before.half_life == {"technical": 2.5, "digital": 2.5, "professional": 5.0, "general": 10.0}
    row = amount("half_life.professional", before.as_of)
    money.set_amounts(ME, firm, (*money.amounts(ME, firm), replace(row, value=40.0, valid_from=before.as_of, source="eigen ervaring")))
    after = skills.skills(ME, firm)
    assert after.half_life["professional"] == 40.0
    assert unused(before) == 0  # level 3 counts until it is below 2.5: after 5 x log2(3 / 2.5) = 1.3 years
    assert unused(after) > 8  # 40 x log2(3 / 2.5) = 10.5 years: whoever of the ten is still here
    money.undo(ME, firm, "amounts")
    assert unused(skills.skills(ME, firm)) == pytest.approx(unused(before))


def unused(found: skills.SkillOutlook) -> float:
    """Fte that still hold a skill five years on in roles that do not use it: what is used does not fade."""
    return float(found.by_skill["elsewhere_then"].sum())


def test_a_half_life_of_nothing_is_refused(firm: Workspace) -> None:
    row = amount("half_life.general", skills.skills(ME, firm).as_of)
    with pytest.raises(Refusal) as refused:
        money.set_amounts(ME, firm, (replace(row, value=0.0),))
    assert refused.value.code == "amount_invalid"

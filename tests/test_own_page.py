"""The own page behind a personal link: skills are filled in and corrected, nothing is kept before it is sent, and the plan follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from analytics.errors import Refusal
from analytics.release import Viewer
from store.talks import Talk
from tests.sampling import once
from workflows import own, people, routes, talks
from workflows.identity import guest
from workflows.workspace import Workspace

TODAY = date(2026, 5, 13)
LOCAL, GUEST = Viewer.local(), guest()


def frames() -> dict[str, pd.DataFrame]:
    ids = [f"P{n:03}" for n in range(60)]
    staff = pd.DataFrame(
        {
            "as_of": pd.Timestamp("2026-01-01"), "employee_id": ids, "location": "", "unit": "Werk",
            "role": ["Monteur" if n % 2 else "Planner" for n in range(60)], "birth_date": pd.Timestamp("1980-01-01"),
            "hire_date": pd.Timestamp("2015-01-01"), "fte": 0.8, "contract_type": "permanent",
        }
    )  # fmt: skip
    asked = pd.DataFrame(
        [("Monteur", "lassen", 3.0), ("Monteur", "meten", 2.0), ("Planner", "plannen", 3.0)], columns=["role", "skill", "required_level"]
    )
    held = pd.DataFrame(
        [("P001", "lassen", 2.0), ("P003", "Lassen", 4.0), ("P001", "koken", 1.0)], columns=["employee_id", "skill", "level"]
    )
    held = held.assign(source="manager", assessed_date=pd.Timestamp("2025-06-01"))
    courses = pd.DataFrame({"employee_id": ["P001"], "training": ["VCA"], "completed_date": [pd.Timestamp("2025-02-01")]})
    return {"employees": staff, "requirements": asked, "skills": held, "trainings": courses}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    def fill(empty: Workspace) -> None:
        empty.store.save_import(frames(), [], "a", "staff.xlsx", "test")

    with Workspace.open(once(__name__, tmp_path / "w.duckdb", fill)) as opened:
        yield opened


def link(workspace: Workspace, person: str = "P001") -> str:
    return talks.new_link(LOCAL, workspace, person, TODAY)


def held(workspace: Workspace) -> dict[tuple[str, str], tuple[float, str]]:
    rows = workspace.store.skills().holdings
    ids = workspace.store.skill_people().set_index("cell")["employee_id"]
    return {(ids[row.cell], row.skill): (row.level, row.source) for row in rows.itertuples()}


def test_own_skills_stand_with_what_the_role_asks_and_nothing_of_others(workspace: Workspace) -> None:
    mine = own.mine(GUEST, workspace, link(workspace), TODAY)
    assert [(row.skill, row.level, row.asked) for row in mine.skills] == [("lassen", 2, 3.0), ("meten", None, 2.0), ("koken", 1, None)]
    assert [course.training for course in mine.courses] == ["VCA"]
    assert mine.others == ("plannen",)


def test_levels_count_after_sending_and_only_those_that_changed(workspace: Workspace) -> None:
    token, before = link(workspace), held(workspace)
    own.mine(GUEST, workspace, token, TODAY)
    assert held(workspace) == before
    own.send(GUEST, workspace, token, Talk(TODAY), TODAY, {"lassen": 4, "meten": None, "koken": 1, "plannen": 2})
    now = held(workspace)
    assert now[("P001", "lassen")] == (4.0, "self")
    assert now[("P001", "koken")] == (1.0, "manager")
    assert now[("P001", "plannen")] == (2.0, "self")
    assert now[("P003", "Lassen")] == (4.0, "manager")
    told = talks.own_skills(LOCAL, workspace, "P001")
    assert dict(zip(told["skill"], told["level"], strict=True)) == {"lassen": 4.0, "plannen": 2.0}
    again = own.mine(GUEST, workspace, token, TODAY)
    assert again.levels()["lassen"] == 4


def test_a_file_read_in_later_takes_its_place_and_undoing_it_brings_it_back(workspace: Workspace) -> None:
    own.send(GUEST, workspace, link(workspace), Talk(TODAY), TODAY, {"lassen": 5})
    later = pd.DataFrame({"employee_id": ["P001"], "skill": ["lassen"], "level": [3.0], "source": "test"})
    workspace.store.save_import({"skills": later}, [], "b", "skills.xlsx", "test")
    assert held(workspace)[("P001", "lassen")] == (3.0, "test")
    workspace.store.undo_last("test")
    assert held(workspace)[("P001", "lassen")] == (5.0, "self")


@pytest.mark.parametrize(("levels", "code"), [({"toveren": 3}, "skill_not_listed"), ({"lassen": 6}, "own_level_out_of_range")])
def test_only_known_skills_and_levels(levels: dict[str, int], code: str, workspace: Workspace) -> None:
    token, before = link(workspace), held(workspace)
    with pytest.raises(Refusal, match=code):
        own.send(GUEST, workspace, token, Talk(TODAY, ("teach",)), TODAY, levels)
    assert held(workspace) == before
    assert talks.said(LOCAL, workspace).held == 0


def test_after_its_day_a_link_sends_nothing(workspace: Workspace) -> None:
    token, before = link(workspace), held(workspace)
    with pytest.raises(Refusal, match="link_invalid"):
        own.send(GUEST, workspace, token, Talk(TODAY), TODAY + timedelta(days=talks.LINK_DAYS + 1), {"lassen": 5})
    assert held(workspace) == before


@pytest.mark.parametrize("gone", [talks.withdraw, people.erase])
def test_taking_back_and_erasing_take_own_skills_along(gone, workspace: Workspace) -> None:
    own.send(GUEST, workspace, link(workspace), Talk(TODAY, can="KANARIE"), TODAY, {"lassen": 5, "plannen": 1})
    assert len(people.about(LOCAL, workspace, "P001")["own_skill"]) == 2
    gone(LOCAL, workspace, "P001")
    with workspace.store.database.read() as cursor:
        assert cursor.execute("SELECT count(*) FROM own_skill").fetchall() == [(0,)]
    assert not any(source == "self" for _, source in held(workspace).values())


def test_a_wish_counts_in_ways_and_plan_only_while_it_stands(workspace: Workspace) -> None:
    """The answers are kept between questions: what somebody takes back must not live on in what is kept."""

    def wanted() -> int:
        return int(routes.wishes(LOCAL, workspace)["people"].sum())

    with pytest.raises(Refusal, match="no_wishes"):
        wanted()
    for person in ("P001", "P003"):
        talks.record(LOCAL, workspace, person, Talk(TODAY, wished_role="Planner", basis="toestemming", purpose="ontwikkeling"))
    assert wanted() == 2
    talks.withdraw(LOCAL, workspace, "P001")
    assert wanted() == 1
    people.erase(LOCAL, workspace, "P003")
    with pytest.raises(Refusal, match="no_wishes"):
        wanted()

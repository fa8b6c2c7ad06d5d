"""Project groups, what courses did to the gap in skills, supply beside wish, and two scans beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analytics.errors import Refusal
from analytics.projection import project
from analytics.release import Role, Viewer
from analytics.skills.gaps import prepare
from analytics.skills.taken import effect
from presentation import voices
from presentation.texts import Words
from tests.sampling import with_sample
from workflows import groups, ideas, learning, outlook, selfscan, talks
from workflows.learning_effect import learning_effect
from workflows.prepared import prepared
from workflows.types import Scenario
from workflows.workspace import Workspace

LOCAL, DIRECTOR = Viewer.local(), Viewer.director()
DAY = date(2026, 5, 13)
NL = Words("nl")


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open(with_sample(tmp_path_factory.mktemp("firm") / "w.duckdb")) as workspace:
        yield workspace


# project groups


def test_a_group_takes_ideas_up_and_gives_them_back(firm: Workspace) -> None:
    idea = ideas.board(LOCAL, firm).set_index("title").loc["Tekenaars een week mee met werkvoorbereiding", "idea"]
    made = groups.Group("Meekijken", "Werkvoorbereider", "learning", "HR-adviseur", agreed=DAY, lever="freed_hours_per_week", amount=2.0)
    number = groups.save(DIRECTOR, firm, made, (idea,))
    row = groups.groups(DIRECTOR, firm).set_index("project").loc[number]
    assert (row["ideas"], row["supports"], row["status"], row["amount"]) == (1, 12, "forming", 2.0)
    assert ideas.board(LOCAL, firm).set_index("idea").loc[idea, "status"] == "group"
    groups.save(LOCAL, firm, groups.Group("Meekijken", "", "learning", "", "done", realised="Drie tekenaars blijven"), (), number)
    row = groups.groups(LOCAL, firm).set_index("project").loc[number]
    assert (row["ideas"], row["realised"]) == (0, "Drie tekenaars blijven")
    assert np.isnan(row["amount"])
    assert ideas.board(LOCAL, firm)["project"].notna().sum() == 3  # those of the three groups the firm came with
    assert "project_group_saved" in str(firm.store.audit.entries())


@pytest.mark.parametrize(
    ("viewer", "group", "code"),
    [
        (LOCAL, groups.Group(" ", "", "learning", ""), "group_name_missing"),
        (LOCAL, groups.Group("x", "", "learning", "", "lost"), "group_status_unknown"),
        (LOCAL, groups.Group("x", "", "money", ""), "idea_theme_unknown"),
        (LOCAL, groups.Group("x", "", "learning", "", lever="luck"), "lever_unknown"),
        (Viewer("c", Role.COUNCIL, (), 5), groups.Group("x", "", "learning", ""), "not_allowed"),
    ],
)
def test_what_a_group_must_have(viewer: Viewer, group: groups.Group, code: str, firm: Workspace) -> None:
    with pytest.raises(Refusal, match=code):
        groups.save(viewer, firm, group)
    with pytest.raises(Refusal, match="group_unknown"):
        groups.save(LOCAL, firm, groups.Group("x", "", "learning", ""), (), 99)


def test_an_anonymous_idea_stays_so_in_a_group(firm: Workspace) -> None:
    with firm.store.database.read() as cursor:
        columns = [name for (name,) in cursor.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = 'idea'").fetchall()]
        stored = [row[0] for row in cursor.execute("SELECT idea FROM idea").fetchall()]
    assert not {"person", "moment", "who", "created"} & set(columns)
    assert stored == sorted(stored)


# learning


def small() -> tuple[pd.DataFrame, ...]:
    """Four of one role, which asks welding at 3: one could, one learned it last year, one is a step short, one cannot."""
    cells = pd.DataFrame({"location": "", "unit": "W", "role": "Lasser", "people": 1.0, "fte": [1.0, 0.5, 1.0, 1.0]})
    held = pd.DataFrame({"cell": [0, 1, 2, 3], "skill": "lassen", "level": [3.0, 3.0, 2.0, 0.0], "people": 1.0, "fte": cells["fte"]})
    asked = pd.DataFrame({"role": ["Lasser"], "skill": ["lassen"], "level": [3.0]})
    skills = pd.DataFrame({"skill": ["lassen"], "kind": ["technical"]})
    gap = pd.DataFrame({"skill": ["lassen"], "gap_now": [2.0], "near": [1.0]})
    offered = pd.DataFrame({"training": ["Lassen 1"], "places": [5.0]})
    raises = pd.DataFrame({"training": ["Lassen 1"], "skill": ["lassen"], "level": [3.0]})
    return cells, held, asked, skills, gap, offered, raises


def test_before_now_and_after_of_a_worked_example() -> None:
    cells, held, asked, skills, gap, offered, raises = small()
    base = prepare(cells, held, asked, skills, date(2026, 1, 1))
    taken = pd.DataFrame({"cell": [1, 3], "training": ["Lassen 1", "Lassen 1"]})
    row = effect(base, gap, offered, raises, taken).iloc[0]
    assert (row["people"], row["courses"], row["places"]) == (1, "Lassen 1", 5.0)  # who took it and cannot do it yet does not count
    assert row["gap_before"] == pytest.approx(2.5)  # the half fte that learned it
    assert row["gap_after"] == pytest.approx(2.0 - 3.5 / 4)  # one person is one course away, of average hours
    assert effect(base, gap, offered, raises, taken.iloc[:0]).iloc[0]["gap_before"] == pytest.approx(2.0)


def test_a_director_sees_totals_of_learning_and_no_few_people(firm: Workspace) -> None:
    hr, director = learning_effect(LOCAL, firm), learning_effect(DIRECTOR, firm)
    assert hr is not None
    assert director is not None
    assert hr.before > hr.now > hr.after > 0
    assert (hr.short, hr.covered) == (35, 18)
    assert (director.short, director.covered) == (34, 17)  # one skill less: counted from groups of at least five it is not short
    gap = hr.rows.set_index("skill")["gap_now"].to_frame("hr").join(director.rows.set_index("skill")["gap_now"].rename("director"))
    beside = (gap["hr"] - gap["director"].fillna(0.0)).abs() / gap["hr"]
    assert gap["hr"].corr(gap["director"]) > 0.99  # the same story in both pairs of eyes
    assert beside.median() < 0.15
    assert director.rows[["gap_before", "people"]].isna().all(axis=None)
    assert director.people % 10 == 0
    assert (hr.rows["people"] > 0).sum() > 5


def test_a_figure_of_learning_about_few_is_left_out(tmp_path, firm: Workspace) -> None:
    told = learning.budget(DIRECTOR, firm)
    assert ((told["people"] >= DIRECTOR.k) | (told["people"] == 0) | told["people"].isna()).all()
    ids = [f"P{n:02}" for n in range(40)]
    staff = pd.DataFrame(
        {
            "as_of": pd.Timestamp("2026-01-01"), "employee_id": ids, "location": "", "unit": ["A"] * 20 + ["B"] * 20, "role": "R",
            "birth_date": pd.Timestamp("1980-01-01"), "hire_date": pd.Timestamp("2015-01-01"), "fte": 1.0, "contract_type": "permanent",
        }
    )  # fmt: skip
    took = pd.DataFrame({"employee_id": ids[:3], "training": "VCA", "completed_date": pd.Timestamp("2025-06-01")})
    ends = pd.DataFrame({"employee_id": ids[20:23], "skill": "VCA", "level": 3.0, "expiry_date": pd.Timestamp("2026-06-01")})
    with Workspace.open(tmp_path / "few.duckdb") as few:
        few.store.save_import({"employees": staff, "trainings": took, "skills": ends}, [], "a", "a.xlsx", "test")
        rows = learning.budget(DIRECTOR, few)
        assert rows[["people", "hours", "cost", "expiring"]].isna().all(axis=None)  # three learned, three others hold a certificate


# supply beside wish


def test_supply_beside_wish_adds_up_for_hr_and_hides_who_leaves_from_others(firm: Workspace) -> None:
    hr, director = talks.said(LOCAL, firm), talks.said(DIRECTOR, firm)
    assert hr.targets["people"].sum() == hr.targets["leaving"].sum() == 88
    assert director.targets["leaving"].isna().all()
    assert (director.targets["people"] >= 10).all()
    found = outlook.outlook(LOCAL, firm, Scenario())
    _, table = voices.targets_table(NL, hr, found)
    assert {"Nu (fte)", "Wil er weg", "Wil erheen"} <= set(table)
    toward = table.set_index("Gewenste functie")["Wil erheen"]
    assert toward["Werkvoorbereider"] + toward["Inspecteur installaties"] == 26
    _, table = voices.targets_table(NL, director, outlook.outlook(DIRECTOR, firm, Scenario()))
    assert not {"Wil er weg", "Nu (fte)"} & set(table)


def test_a_round_is_between_roles_that_share_skills(firm: Workspace) -> None:
    found = learning.round_of(LOCAL, firm, 0.7)
    data = firm.store.skills()
    asked = data.requirements.groupby("role")["skill"].apply(set)
    held = data.holdings.groupby("cell")["skill"].apply(set)
    cell = firm.store.skill_people().set_index("employee_id")["cell"]
    assert found.moves is not None
    assert 0 < found.count <= found.fit <= found.asked == 88
    for person, origin, target in found.moves[["person", "from", "to"]].itertuples(index=False):
        own = held.get(cell[person], set()) | asked[origin]
        assert len(asked[target] & own) >= learning.SHARED * len(asked[target])


# two scans


def test_two_scans_beside_each_other(firm: Workspace) -> None:
    last = selfscan.scanned(LOCAL, firm, None).last()
    stages = last | {"controls": min(last["controls"] + 1, 3), "safe": max(last["safe"] - 1, 0)}
    selfscan.save(LOCAL, firm, stages, DAY)
    found = selfscan.scanned(LOCAL, firm, None)
    numbers = sorted(found.progress["scan"].unique())
    title, table = voices.scan_change(NL, found, numbers[-2])
    changed = table.set_index(table.columns[0])["Verschil"]
    assert changed["Onnodige controles schrappen"] == "1 stap verder"
    assert changed["Een veilig klimaat"] == "1 stap terug"
    assert (changed == "gelijk").sum() == 6
    assert "bij 1 van de acht dingen beter" in title


def test_the_scan_fills_in_evidence_from_own_data(firm: Workspace) -> None:
    for viewer in (LOCAL, DIRECTOR):
        found = selfscan.scanned(viewer, firm, outlook.outlook(viewer, firm, Scenario()))
        keys = {key for lines in found.evidence.values() for key, _ in lines}
        assert {"share_55", "single", "at_risk", "roles_short", "training", "talks", "groups", "safe"} <= keys
        for lines in found.evidence.values():
            for key, numbers in lines:
                assert NL(f"scan.evidence.{key}", **numbers)


# what came of a group


def test_what_came_of_a_group_is_measured_on_later_people(firm: Workspace) -> None:
    """Planned on the people of 2024 for a role: what was foreseen for now without it, less what is short now."""
    early, late = prepared(firm, LOCAL, date(2024, 1, 1)), prepared(firm, LOCAL, None)
    row = groups.measured(LOCAL, firm).set_index("role").loc["Servicemonteur W"]
    mine = [np.asarray(one.base.groups["role"] == "Servicemonteur W") for one in (early, late)]
    planned = project(early.base, Scenario(), 2).gap[mine[0], 2].sum()
    hoped = project(early.base, Scenario(productivity_growth=Scenario().productivity_growth + 0.3), 2).gap[mine[0], 2].sum()
    now = project(late.base, Scenario(), 1).gap[mine[1], 0].sum()
    assert row["expected"] == pytest.approx(planned - hoped)
    assert row["expected"] > 0.1
    assert row["realised"] == pytest.approx(planned - now)
    assert row["part"] == pytest.approx(row["realised"] / row["expected"])


def test_a_group_of_this_year_or_without_an_effect_is_not_measured_yet(firm: Workspace) -> None:
    before = set(groups.measured(LOCAL, firm)["project"])
    young = groups.save(LOCAL, firm, groups.Group("jong", "", "smarter", "", lever="productivity_growth", amount=1.0))
    groups.save(LOCAL, firm, groups.Group("zonder", "", "smarter", ""))
    kept = groups.groups(LOCAL, firm).set_index("project")["since"]
    assert pd.Timestamp(kept[young]).date() == date(2026, 1, 1)  # the newest people there were
    assert set(groups.measured(LOCAL, firm)["project"]) == before
    groups.save(LOCAL, firm, groups.Group("jong", "", "smarter", "x", lever="productivity_growth", amount=2.0), (), young)
    assert pd.Timestamp(groups.groups(LOCAL, firm).set_index("project")["since"][young]).date() == date(2026, 1, 1)


def test_a_director_of_other_departments_is_told_nothing_of_a_group_for_a_role_elsewhere(firm: Workspace) -> None:
    assert "Servicemonteur W" not in set(groups.measured(Viewer.director(units=("Engineering",)), firm)["role"])
    assert "Servicemonteur W" in set(groups.measured(Viewer.director(units=("Service & Beheer",)), firm)["role"])

"""Skills, wishes and lists in the store: newest import counts, undo takes back, erasing and forgetting reach every table about people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest

from store import Store, open_store
from store.people import OF_A_PERSON
from store.snapshots import TOLD_OF_A_PERSON

DAY = pd.Timestamp("2026-01-01")


@pytest.fixture
def store(place) -> Iterator[Store]:
    with open_store(place) as opened:
        yield opened


def staff(*ids: str, as_of: str = "2026-01-01", leave: str | None = None) -> pd.DataFrame:
    count = len(ids)
    return pd.DataFrame(
        {
            "as_of": [pd.Timestamp(as_of)] * count,
            "employee_id": list(ids),
            "location": "",
            "unit": "Werkplaats",
            "role": ["Lasser", "Planner"][:count] + ["Lasser"] * max(count - 2, 0),
            "birth_date": [pd.Timestamp("1970-05-05")] * count,
            "hire_date": [pd.Timestamp("2010-01-01")] * count,
            "leave_date": [pd.Timestamp(leave) if leave else pd.NaT] * count,
            "fte": 0.8,
        }
    )


def skills(*rows: tuple[str, str, float], assessed: str = "2025-06-01") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["employee_id", "skill", "level"])
    return frame.assign(assessed_date=pd.Timestamp(assessed), source="manager")


def put(store: Store, content: str, **frames: pd.DataFrame):
    return store.save_import(frames, (), content, f"{content}.xlsx", "test")


def test_columns_that_are_missing_are_fine(store: Store) -> None:
    wishes = pd.DataFrame({"employee_id": ["A"], "wished_role": ["Planner"]})
    asked = pd.DataFrame({"role": ["Lasser"], "skill": ["lassen"], "required_level": [3.0]})
    offer = pd.DataFrame({"training": ["Lassen 2"], "days": [2.0]})
    put(store, "one", employees=staff("A", "B"), skills=skills(("A", "lassen", 4)), wishes=wishes, requirements=asked, trainings=offer)
    found = store.skills()
    assert found.as_of == date(2026, 1, 1)
    assert len(found.cells) == 2
    row = found.holdings.iloc[0]
    assert (row["skill"], row["level"], row["fte"]) == ("lassen", 4.0, 0.8)
    assert found.cells.loc[row["cell"], "role"] == "Lasser"
    assert found.wishes["wished_role"].tolist() == ["Planner"]
    assert found.requirements["weight"].isna().all()
    assert found.trainings["hours"].tolist() == [16.0]
    assert "employee_id" not in {*found.cells.columns, *found.holdings.columns, "key"} - {"key"}


def test_the_newest_import_counts_per_person_and_skill_and_undo_brings_the_older_back(store: Store) -> None:
    put(store, "one", employees=staff("A", "B"), skills=skills(("A", "lassen", 4), ("B", "plannen", 2)))
    put(store, "two", skills=skills(("A", "lassen", 1)))
    now = store.skills().holdings.set_index("skill")["level"]
    assert now.to_dict() == {"lassen": 1.0, "plannen": 2.0}
    store.undo_last("test")
    assert store.skills().holdings.set_index("skill")["level"].to_dict() == {"lassen": 4.0, "plannen": 2.0}


def test_a_list_is_replaced_as_a_whole(store: Store) -> None:
    asked = pd.DataFrame({"role": ["Lasser", "Planner"], "skill": ["lassen", "plannen"], "required_level": [3.0, 2.0]})
    put(store, "one", employees=staff("A"), requirements=asked)
    put(store, "two", requirements=asked.iloc[:1])
    assert store.skills().requirements["skill"].tolist() == ["lassen"]


def test_skills_that_come_before_the_staff_wait_for_them(store: Store) -> None:
    put(store, "one", skills=skills(("Z", "lassen", 3)))
    put(store, "two", employees=staff("A", "Z"))
    assert len(store.skills().holdings) == 1


def test_erasing_a_person_reaches_every_table(store: Store) -> None:
    wishes = pd.DataFrame({"employee_id": ["A", "B"], "teach": ["yes", ""]})
    courses = pd.DataFrame({"employee_id": ["A"], "training": ["VCA"], "completed_date": [DAY]})
    put(store, "one", employees=staff("A", "B"), skills=skills(("A", "lassen", 4), ("B", "lassen", 3)), wishes=wishes, trainings=courses)
    told = store.about_person("A")
    nothing = {"departure", "regrouped", "own_skill", "link", *TOLD_OF_A_PERSON}
    assert {name for name, rows in told.items() if rows} == {*OF_A_PERSON} - nothing
    store.erase_person("A", "test")
    left = store.skills()
    assert (len(left.cells), len(left.holdings), len(left.wishes)) == (1, 1, 1)
    with store.database.read() as cursor:
        for table in OF_A_PERSON:
            assert cursor.execute(f"SELECT count(*) FROM {table} WHERE person NOT IN (SELECT person FROM person)").fetchall() == [(0,)]


def test_retention_forgets_skills_with_the_employment(store: Store) -> None:
    put(store, "one", employees=staff("A", as_of="2020-01-01", leave="2021-01-01"), skills=skills(("A", "lassen", 4)))
    put(store, "two", employees=staff("B"), skills=skills(("B", "lassen", 3)))
    store.apply_retention(date(2022, 1, 1), None, "test")
    with store.database.read() as cursor:
        assert cursor.execute("SELECT count(*) FROM skill_record").fetchall() == [(1,)]


def test_a_choice_for_a_role_changes_the_fingerprint_and_can_be_taken_back(store: Store) -> None:
    put(store, "one", employees=staff("A"))
    before = store.fingerprint()
    store.set_role_choice("Lasser", "7212", 0.3, "own estimate", "test")
    assert store.fingerprint() != before
    assert store.skills().choices.iloc[0].to_dict() == {"role": "Lasser", "isco": "7212", "exposed": 0.3, "note": "own estimate"}
    store.set_role_choice("Lasser", "", None, "", "test")
    assert store.fingerprint() == before


def test_the_action_list_is_kept_as_it_was_typed(store: Store) -> None:
    put(store, "one", employees=staff("A"))
    row = {
        "id": "a1", "lever": "recruit", "location": "", "unit": "Werkplaats", "role": "Lasser", "owner": "HR", "start": date(2026, 2, 1),
        "due": date(2026, 9, 1), "units": 2.0, "cost": 1000.0, "status": "planned", "expected": "[1, 2]", "gap": "[3, 3]",
        "as_of": date(2026, 1, 1), "note": "", "who": "test", "moment": pd.Timestamp("2026-01-02").to_pydatetime(),
    }  # fmt: skip
    assert store.set_actions([row], "test") == 1
    assert store.actions().iloc[0]["owner"] == "HR"
    assert store.set_actions([], "test") == 0

"""The copy that others than HR are told from, in a file and in PostgreSQL alike: made, renewed, left by who takes something back."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from store import Store, open_store
from store.snapshots import TOLD_OF_A_PERSON
from store.talks import Talk

DAY, PEOPLE = date(2026, 3, 2), 24
CUT = pd.DataFrame({"location": "", "unit": ["A", "B"], "role": "r", "atom": [0, 1]})


def staff() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "as_of": pd.Timestamp("2026-01-01"), "employee_id": [f"P{n:02}" for n in range(PEOPLE)], "location": "",
            "unit": ["A"] * 12 + ["B"] * 12, "role": "r", "birth_date": pd.Timestamp("1980-01-01"),
            "hire_date": pd.Timestamp("2015-01-01"), "fte": 0.8, "contract_type": "permanent",
        }
    )  # fmt: skip


def in_copy(store: Store) -> dict[str, int]:
    with store.database.read() as cursor:
        return {name: cursor.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in TOLD_OF_A_PERSON}


def teaching(store: Store) -> int:
    return int(store.voices.told()["wishes"].eq("teach").sum())


def test_the_copy_follows_ten_people_and_loses_one_at_once(place) -> None:
    skills = pd.DataFrame({"employee_id": [f"P{n:02}" for n in range(0, PEOPLE, 2)], "skill": "lassen", "level": 3.0})
    with open_store(place) as store:
        store.save_import({"employees": staff(), "skills": skills}, [], "a", "a.xlsx", "test")
        assert store.renew_told(CUT, 5, 10, DAY) == 0
        assert in_copy(store) == {"told_person": 24, "told_skill": 12, "told_wish": 0, "told_course": 0}
        for n in range(9):
            store.voices.record(f"P{n:02}", Talk(DAY, ("teach",)), "hr")
        assert (store.renew_told(CUT, 5, 10, DAY), teaching(store)) == (9, 0)
        before = store.told_copy()
        store.voices.record("P09", Talk(DAY, ("teach",)), "hr")
        assert (store.renew_told(CUT, 5, 10, DAY), teaching(store)) == (0, 10)
        assert store.told_copy() != before
        store.voices.withdraw("P03", "hr")
        assert in_copy(store) == {"told_person": 23, "told_skill": 12, "told_wish": 9, "told_course": 0}
        stand = store.told_stand()
        assert (stand.people, stand.silent, teaching(store)) == (12, 11, 0)  # of its twelve nothing is told; of the other twelve all
        assert store.renew_told(CUT, 5, 10, DAY) == 1
        store.erase_person("P12", "hr")
        assert store.told_stand().people == 0
        assert np.array_equal(store.skills(as_told=True).cells["unit"], [])
        assert len(store.skills().cells) == 23  # HR is told what is known

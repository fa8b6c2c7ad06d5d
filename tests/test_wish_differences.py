"""Wishes laid beside each other: every set of departments asks, and no difference between two answers is about fewer than ten people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.release import Viewer
from store.snapshots import TOLD_OF_A_PERSON
from workflows import talks
from workflows.workspace import Workspace

UNITS, ROLES, EACH = ("A", "B", "C"), ("r", "s"), 20
LEAST = 10
EVERY = Viewer.director()
FLAGS = {"more_hours": "more_hours", "teach": "teach", "outside": "outside_firm"}


def staff() -> pd.DataFrame:
    places = [(unit, role) for unit in UNITS for role in ROLES for _ in range(EACH)]
    ids = [f"P{n:03}" for n in range(len(places))]
    units, roles = zip(*places, strict=True)
    return pd.DataFrame(
        {
            "as_of": pd.Timestamp("2026-01-01"), "employee_id": ids, "location": "", "unit": units, "role": roles,
            "birth_date": pd.Timestamp("1980-01-01"), "hire_date": pd.Timestamp("2015-01-01"), "fte": 0.6, "contract_type": "permanent",
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open(tmp_path_factory.mktemp("wishes") / "w.duckdb") as workspace:
        workspace.store.save_import({"employees": staff()}, [], "a", "staff.xlsx", "test")
        yield workspace


PEOPLE = len(UNITS) * len(ROLES) * EACH
Given = dict[int, tuple[str, bool, str]]
"""Person -> wish, whether an amount of hours was told, wished role."""
ANSWERS = st.dictionaries(
    st.integers(0, PEOPLE - 1),
    st.tuples(st.sampled_from(sorted(FLAGS)), st.booleans(), st.sampled_from(["", "r", "s"])),
    min_size=1,
    max_size=PEOPLE,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANSWERS)
def test_no_two_answers_differ_by_fewer_than_ten(firm: Workspace, said: Given) -> None:
    rows = [
        {
            "employee_id": f"P{n:03}",
            **dict.fromkeys(FLAGS.values(), ""),
            FLAGS[wish]: "yes",
            "wished_role": role,
            "wished_fte": 0.9 if amount else float("nan"),
        }
        for n, (wish, amount, role) in said.items()
    ]
    sheet = pd.DataFrame(rows, columns=["employee_id", *FLAGS.values(), "wished_role", "wished_fte"])
    firm.store.save_import({"wishes": sheet}, [], "b", "wishes.xlsx", "test")
    with firm.store.database.write() as cursor:  # told for the first time: every wish is in the copy
        for name in ("told_atom", *TOLD_OF_A_PERSON):
            cursor.execute(f"DELETE FROM {name}")
    try:
        looked_at(firm)
    finally:
        firm.store.undo_last("test")


def looked_at(firm: Workspace) -> None:
    sets = chain.from_iterable(combinations(UNITS, size) for size in range(1, 4))
    answers = [talks.said(Viewer.director(units=chosen), firm) for chosen in sets] + [talks.said(EVERY, firm)]
    whole = answers[-1]
    for wish in FLAGS:
        told: dict[tuple[str, str], int] = {}
        for answer in answers:
            shown = answer.wishes[answer.wishes["wish"] == wish]
            assert (shown["people"] >= LEAST).all()
            for row in shown.itertuples():
                assert told.setdefault((row.unit, row.role), row.people) == row.people  # one cut, whoever asks
            rest = whole.told.get(wish, 0) - shown["people"].sum()
            assert rest == 0 or rest >= LEAST
    for answer in answers:
        assert (answer.capacity["people"] % LEAST == 0).all()  # beside who wants more hours, no few are left
        assert answer.held % LEAST == 0
    toward = whole.told.get("other_role", 0) - whole.targets["people"].sum()
    assert toward == 0 or toward >= LEAST
    assert all(answer.targets["people"].tolist() == whole.targets["people"].tolist() for answer in answers)

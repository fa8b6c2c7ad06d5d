"""HR and directors in one process with one set of caches: nobody is ever given an answer that was made for other eyes."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from analytics.release import Role, Viewer
from analytics.scenario import Scenario
from presentation.exports.workbook import workbook
from presentation.texts import Words
from tests.able_firms import abilities_of, able
from tests.attacked_firms import staff_of
from tests.sampling import copied
from tests.test_attack_skills import same
from workflows import answers, changing, importing, outlook, routes, skills
from workflows.workspace import Workspace

HR = Viewer("one", Role.HR)
DIRECTOR = Viewer.director("one")
SOME = Viewer.director("one", units=("Afdeling 1", "Afdeling 2"))
COUNCIL = Viewer("one", Role.COUNCIL, (), 5)
EYES = {"hr": HR, "director": DIRECTOR, "some": SOME, "council": COUNCIL}
"""All of the same name, so that nothing but role, departments and threshold can keep them apart."""


def sheets(viewer: Viewer, workspace: Workspace) -> list[Any]:
    found = outlook.outlook(viewer, workspace, Scenario(fill_rate=60), years=3)
    more = answers.deeper(viewer, workspace, found.scenario, found.scope, found.target_year)
    book = load_workbook(io.BytesIO(workbook(Words("en"), found, outlook.basis(viewer, workspace), more)), read_only=True)
    return [cell for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


QUESTIONS: dict[str, Callable[[Viewer, Workspace], Any]] = {
    "outlook": lambda viewer, workspace: outlook.outlook(viewer, workspace, Scenario(fill_rate=60), years=3),
    "split": lambda viewer, workspace: outlook.split(viewer, workspace, Scenario(), "role", years=2),
    "choices": outlook.choices,
    "changing": lambda viewer, workspace: changing.changing(viewer, workspace, Scenario(), None, 2030),
    "snapshots": lambda viewer, workspace: [
        {name: value for name, value in one.items() if name != "at"} for one in importing.snapshots(viewer, workspace)
    ],
    "workbook": sheets,
    "coverage": skills.coverage,
    "skills": skills.skills,
    "moves": routes.overview,
}


@pytest.fixture(scope="module")
def staff() -> pd.DataFrame:
    return staff_of(303, seed=6)  # no multiple of five: the list of snapshots differs between eyes too


@pytest.fixture(scope="module")
def stored(staff: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The firm, closed: each workspace opens a copy of its own."""
    path = tmp_path_factory.mktemp("stored") / "firm.duckdb"
    able(path, staff, abilities_of(staff)).close()
    return path


def answers_alone(eyes: str, path: Path, stored: Path) -> dict[str, Any]:
    with Workspace.open(copied(stored, path)) as workspace:
        return {name: call(EYES[eyes], workspace) for name, call in QUESTIONS.items()}


@pytest.fixture(scope="module")
def alone(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each pair of eyes sees in a workspace nobody else uses."""
    folder = tmp_path_factory.mktemp("alone")
    return {eyes: answers_alone(eyes, folder / eyes / "firm.duckdb", stored) for eyes in EYES}


@pytest.mark.parametrize(
    "order", [("hr", "director", "some", "council"), pytest.param(("some", "council", "director", "hr"), marks=pytest.mark.slow)]
)
def test_answers_do_not_depend_on_who_asked_before(order: tuple[str, ...], alone: dict, stored: Path, tmp_path: Path) -> None:
    with Workspace.open(copied(stored, tmp_path / "firm.duckdb")) as workspace:
        for eyes in order:
            for name, call in QUESTIONS.items():
                same(call(EYES[eyes], workspace), alone[eyes][name], f"{eyes} {name} after {order}")


def test_answers_do_not_mix_when_asked_at_the_same_moment(alone: dict, stored: Path, tmp_path: Path) -> None:
    wrong: list[str] = []
    with Workspace.open(copied(stored, tmp_path / "firm.duckdb")) as workspace:

        def ask(eyes: str) -> None:
            for name, call in QUESTIONS.items():
                try:
                    same(call(EYES[eyes], workspace), alone[eyes][name], f"{eyes} {name}")
                except Exception as problem:
                    wrong.append(f"{eyes} {name}: {problem}")

        threads = [threading.Thread(target=ask, args=(eyes,)) for eyes in EYES]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


def test_the_comparison_can_see_a_mix_up(alone: dict) -> None:
    """HR's answer and a director's differ in every question that counts people."""
    for name in ("outlook", "split", "workbook", "snapshots", "skills"):
        with pytest.raises(AssertionError):
            same(alone["hr"][name], alone["director"][name], name)
    for name in ("outlook", "skills"):
        with pytest.raises(AssertionError):
            same(alone["director"][name], alone["some"][name], "departments")

"""A role on one page: what stands in the file, and that nothing of a stranger's file is code in it; ISCO codes by title."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from presentation.exports.role_sheet import role_sheet
from presentation.texts import Words
from tests.attacked_firms import staff_of
from workflows import changing
from workflows.outlook import choices, outlook, total
from workflows.types import Scenario, Scope, Viewer
from workflows.workspace import Workspace

ME = Viewer.local()


def test_every_text_is_escaped_and_numbers_are_written_as_the_reader_does() -> None:
    table = pd.DataFrame({"Naar": ["<b>Lasser</b>"], "Uren": [12.5], "Leeg": [float("nan")]})
    page = role_sheet("<script>", "lead", [("Kop", ["a & b"], table), ("Leeg", [], None)], "bron", Words("nl")).decode()
    assert "<script>" not in page
    assert "&lt;b&gt;Lasser&lt;/b&gt;" in page
    assert ">12,5<" in page
    whole = role_sheet("t", "l", [("k", [], pd.DataFrame({"Fte": [38.0, -1.0, 40.1], "Jaar": [1, 2, 3]}))], "b", Words("nl")).decode()
    assert ">38,0<" in whole  # as exact as its neighbours
    assert ">−1,0<" in whole
    assert ">3<" in whole
    assert ">–<" in page
    assert "a &amp; b" in page
    assert "http" not in page


def test_a_proposed_code_counts_only_after_somebody_confirmed_it(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "firm.duckdb") as workspace:
        staff = pd.DataFrame(
            {
                "as_of": pd.Timestamp("2026-01-01"), "employee_id": [f"P{n}" for n in range(20)], "unit": "Kantoor",
                "role": "Boekhoudkundig medewerkers",
                "birth_date": pd.Timestamp("1980-02-03"), "hire_date": pd.Timestamp("2015-01-01"), "fte": 1.0,
            }
        )  # fmt: skip
        workspace.store.save_import({"employees": staff}, (), "staff", "staff.xlsx", "test")
        found = changing.suggestions(ME, workspace)
        assert found["isco"].tolist() == ["4311"]
        changing.choose(ME, workspace, found["role"].iloc[0], found["isco"].iloc[0])
        assert changing.suggestions(ME, workspace).empty
        assert changing.changing(ME, workspace).roles["exposed"].notna().all()


def test_the_course_of_one_role_is_that_of_its_outlook(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "firm.duckdb") as workspace:
        workspace.store.save_import({"employees": staff_of(60, seed=6)}, (), "staff", "staff.xlsx", "test")
        for viewer in (ME, Viewer.director()):
            scope = Scope((), (), choices(viewer, workspace).roles[:1])
            for scenario in (Scenario(), Scenario(resignation_multiplier=1.3)):
                whole = outlook(viewer, workspace, scenario, scope).total
                pd.testing.assert_frame_equal(total(viewer, workspace, scenario, scope), whole)

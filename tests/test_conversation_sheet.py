"""The sheet of conversations goes out of the app and comes in again, in both languages, with all that was recorded."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from analytics.release import Viewer
from presentation.controls.talking import recorded_table
from presentation.texts import Words
from store import record
from store.talks import Talk
from tests.postgres import Server
from tests.test_people_say import staff
from workflows import importing, talks
from workflows.workspace import Workspace

LOCAL = Viewer.local()
SAID = Talk(
    date(2026, 2, 3), ("deepen", "teach", "later"), "Planner", 0.9, "lassen, lesgeven", "een dag per week vrij", "meelopen bij de planning",
    date(2026, 6, 1), "toestemming", "ontwikkeling bespreken",
)  # fmt: skip
COMPARED = ["employee_id", "held", "wishes", "wished_role", "wished_fte", "can", "needs", "step", "step_date", "purpose", "basis"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_goes_out_comes_in_again(language: str, tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        workspace.store.save_import({"employees": staff()}, [], "a", "staff.xlsx", "test")
        talks.record(LOCAL, workspace, "P001", SAID)
        talks.record(LOCAL, workspace, "P002", Talk(date(2026, 3, 4), ("outside", "fewer_hours"), basis="wet", purpose="werkdruk"))
        before = talks.rows(LOCAL, workspace)
        sheet = recorded_table(Words(language), before[before["held"].notna()])
        file = tmp_path / "gesprekken.xlsx"
        sheet.to_excel(file, index=False)
        for person in ("P001", "P002"):
            talks.withdraw(LOCAL, workspace, person)
        assert talks.said(LOCAL, workspace).held == 0
        draft = importing.check(LOCAL, workspace, file, file.name)
        importing.save(LOCAL, workspace, draft)
        after = talks.rows(LOCAL, workspace)
        assert set(after.loc[after["held"].notna(), "source"]) == {"file"}
        sets = [rows.assign(wishes=rows["wishes"].str.split(",").map(sorted))[COMPARED].astype(str) for rows in (before, after)]
        assert sets[0].to_dict() == sets[1].to_dict()


def test_purpose_and_legal_basis_are_in_the_record_of_a_server(tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written by one working copy, read by another."""
    first, second = tmp_path / "one" / "w.duckdb", tmp_path / "two" / "w.duckdb"
    monkeypatch.setenv(record.SETTING, postgresql.for_path(first))
    with Workspace.open(first) as workspace:
        workspace.store.save_import({"employees": staff()}, [], "a", "staff.xlsx", "test")
        talks.record(LOCAL, workspace, "P001", SAID)
    for suffix in (".key", ".relink"):
        second.parent.mkdir(exist_ok=True)
        shutil.copy(first.with_name(first.name + suffix), second.with_name(second.name + suffix))
    with Workspace.open(second) as workspace:
        kept = talks.rows(LOCAL, workspace).set_index("employee_id").loc["P001"]
        assert (kept["purpose"], kept["basis"]) == (SAID.purpose, SAID.basis)

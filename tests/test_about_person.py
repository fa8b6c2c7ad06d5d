"""What is handed over about a person: every column of every table in words, in both languages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analytics.release import Viewer
from intake.values.words import lists
from presentation.about import about_tables
from presentation.texts import Words
from store.people import ABOUT
from store.talks import Talk
from tests.test_own_page import frames
from workflows import people, talks
from workflows.workspace import Workspace

LOCAL, DAY = Viewer.local(), date(2026, 5, 13)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_table_and_column_has_its_words(language: str, tmp_path: Path) -> None:
    words = Words(language)
    with Workspace.open(tmp_path / "w.duckdb") as workspace, workspace.store.database.write() as cursor:
        cursor.execute("CREATE TEMP TABLE wanted (person INTEGER)")
        for table, sql in ABOUT:
            assert words.known(f"about.table.{table}")
            columns = [column[0] for column in cursor.execute(sql).description]
            assert not [name for name in columns if not words.known(f"about.column.{name}")]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_why_somebody_left_and_which_contract_are_told_in_words(language: str) -> None:
    """Every code that a file can end as, not the code itself."""
    told, words = lists(), Words(language)
    reasons = sorted(set(told["reason"]) - {"not_a_departure"})
    contracts = sorted(set(told["contract"]) - {"flex", "payment", "own"})  # those are no contracts of staff
    assert "resignation" in reasons
    assert "oncall" in contracts
    for column, codes in (("leave_reason", reasons), ("contract", contracts)):
        for code in codes:
            ((_, table),) = about_tables(words, {"departure": [{column: code}]})
            assert table["1"].iat[0] == words(f"upload.stored_{code}")


def test_purpose_and_legal_basis_are_told_beside_what_was_said(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        workspace.store.save_import(frames(), [], "a", "staff.xlsx", "test")
        said = Talk(DAY, ("teach", "more_hours"), can="lassen", basis="toestemming", purpose="ontwikkeling bespreken")
        talks.record(LOCAL, workspace, "P001", said)
        told = {title: table for title, table in about_tables(Words("nl"), people.about(LOCAL, workspace, "P001"))}
    table = told["Gesprekken (1)"]["1"]
    assert table["Datum gesprek"] == "13-05-2026"
    assert (table["Doel"], table["Grondslag"], table["Bron"]) == ("ontwikkeling bespreken", "toestemming", "HR")
    assert "teach" not in table["Wensen"]
    assert table["Wensen"].count(",") == 1
    assert {"Dienstverband, per meting (1)", "Vaardigheden (2)", "Opleidingen (1)"} <= told.keys()

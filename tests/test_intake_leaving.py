"""Who has left: dates that mean no leave, and a status beside or against a date. Numbers in the names follow docs/import_faults.md."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analytics.errors import Refusal
from tests.intake_files import found, read, silent, table, workbook


def test_09_leave_dates_that_mean_no_leave(tmp_path: Path) -> None:
    leave = [
        "31-12-9999",
        "9999-01-01",
        "1900-01-01",
        "31-12-2999",
        "00-00-0000",
        "20990101",
        date(2030, 5, 1),
        date(2020, 5, 1),
        None,
        "N/A-StillEmployed",
    ]
    result = read(workbook(tmp_path / "a.xlsx", table({"Datum uit dienst": leave, "Datum in dienst": [date(2015, 1, 1)] * 10})))
    assert result.main.active == 9
    assert found(result, "open_end_date").count == 6
    assert found(result, "leaves_in_future").rows == (8,)


def test_10_dates_win_over_status(tmp_path: Path) -> None:
    leave = [date(2024, 1, 1), None, None, None]
    status = ["Actief", "Uit dienst", "Actief", "Ziek"]
    result = read(
        workbook(tmp_path / "a.xlsx", table({"Datum uit dienst": leave, "Status": status, "Datum in dienst": [date(2015, 1, 1)] * 4}))
    )
    assert result.main.active == 3
    assert found(result, "status_against_date").rows == (2, 3)


@pytest.mark.parametrize(("header", "here", "gone"), [("Actief", "ja", "nee"), ("Attrition", "No", "Yes"), ("Active", 1, 0)])
def test_10_yes_and_no_are_a_status_under_a_header_that_asks(tmp_path: Path, header: str, here: object, gone: object) -> None:
    result = read(workbook(tmp_path / "a.xlsx", table({header: [here] * 3 + [gone]})))
    assert found(result, "left_and_undated").rows == (5,)
    assert (result.main.people, result.main.active, result.main.rows_rejected) == (3, 3, 1)
    dated = read(workbook(tmp_path / "b.xlsx", table({header: [here] * 3 + [gone], "Datum uit dienst": [None] * 4})))
    assert found(dated, "status_against_date").rows == (5,)
    assert dated.main.active == 4


def test_10_a_status_that_nobody_knows_is_said(tmp_path: Path) -> None:
    status = ["Actief", "Uitdienst", "Oud-medewerker", "Slapend", "Geblokkeerd", "Slapend"]
    leave = [None, None, None, None, None, date(2025, 1, 1)]
    result = read(
        workbook(tmp_path / "a.xlsx", table({"Status": status, "Datum uit dienst": leave, "Datum in dienst": [date(2015, 1, 1)] * 6}))
    )
    assert found(result, "status_against_date").rows == (3, 4)
    assert (found(result, "unknown_status").rows, found(result, "unknown_status").example) == ((5, 6), "Slapend")


def test_10_who_has_left_without_a_date_is_asked_about(tmp_path: Path) -> None:
    """Dates win where a list has them; where it has none the status is all there is."""
    status = ["Actief"] * 6 + ["Uit dienst"] * 3
    leave = [None] * 6 + [None, date(2020, 1, 1), date(2027, 1, 1)]
    path = workbook(tmp_path / "a.xlsx", table({"Status": status, "Datum uit dienst": leave}))
    result = read(path)
    said = found(result, "left_without_date")
    assert (said.rows, said.count, said.example) == ((8,), 1, "Uit dienst")
    assert (said.params["question"], said.params["assumed"]) == ("left_undated", "here")
    assert (result.main.active, result.main.rows_rejected) == (8, 0)
    left = read(path, answers={"left_undated": "left"})
    assert found(left, "left_and_undated").rows == (8,)
    assert (left.main.active, left.main.people, left.main.rejected, left.main.unread) == (7, 8, (8,), ())
    alone = workbook(tmp_path / "b.xlsx", table({"Status": status}))
    undated = read(alone)
    assert found(undated, "left_and_undated").rows == (8, 9, 10)
    assert (undated.main.people, undated.main.active, undated.main.rows_kept, undated.main.rows_rejected) == (6, 6, 6, 3)
    assert undated.main.unread == (), "who has left is no row that could not be read"
    assert silent(undated, "status_against_date", "left_without_date")
    here = read(alone, answers={"left_undated": "here"})
    assert (here.main.active, found(here, "left_without_date").count) == (9, 3)
    with pytest.raises(Refusal) as caught:
        read(workbook(tmp_path / "c.xlsx", table({"Status": ["Uit dienst"] * 5})))
    assert (caught.value.code, caught.value.params["reason"]) == ("all_rows_invalid", "left_and_undated")

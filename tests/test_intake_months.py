"""Fte in a column for every month or quarter: each month is a reference date of its own, or it is said why not; never one of them alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analytics.errors import Refusal
from tests.intake_files import HEADERS, csv_file, found, people, read, silent, workbook

NAMES = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


def wide(headers: list[object], count: int = 10) -> list[list[object]]:
    """Good rows with an amount under each header: the first month whole, a little less every month."""
    rows = [[*row[:5], *(round(1 - 0.01 * at, 2) for at in range(len(headers)))] for row in people(count)]
    return [[*HEADERS[:5], *headers], *rows]


@pytest.mark.parametrize(
    "headers",
    [
        [f"{name} 2025" for name in NAMES],
        [f"FTE {name} 2025" for name in NAMES],
        [f"2025-{month:02d}" for month in range(1, 13)],
        [f"fte_{month:02d}-2025" for month in range(1, 13)],
        [date(2025, month, 1) for month in range(1, 13)],
    ],
)
def test_a_column_for_every_month_is_a_snapshot_for_every_month(tmp_path: Path, headers: list[object]) -> None:
    result = read(workbook(tmp_path / "a.xlsx", wide(headers)), as_of=None)
    assert [(day.year, day.month) for day in result.main.snapshots] == [(2025, month) for month in range(1, 13)]
    assert (result.main.people, result.main.active, result.main.as_of) == (10, 10, date(2025, 12, 31))
    frame = result.frames["employees"]
    for month in (1, 5, 12):
        assert set(frame.loc[frame["as_of"].dt.month == month, "fte"]) == {round(1 - 0.01 * (month - 1), 2)}
    told = found(result, "fte_by_month")
    assert (told.count, told.params["first"], told.params["last"]) == (12, date(2025, 1, 31), date(2025, 12, 31))
    used = [column for column in result.main.columns if column.why == "by_month"]
    assert [column.letter for column in used] == list("FGHIJKLMNOPQ"), "the columns are told as they stand in the file"
    assert "fte" not in result.main.mapping
    assert silent(result, "fte_assumed_full_time", "column_by_values", "similar_column")


@pytest.mark.parametrize("headers", [list(NAMES), [f"FTE {name}" for name in NAMES], [f"{month:02d}" for month in range(1, 13)]])
def test_months_without_a_year_take_that_of_the_file_or_are_refused(tmp_path: Path, headers: list[object]) -> None:
    with pytest.raises(Refusal) as caught:
        read(workbook(tmp_path / "a.xlsx", wide(headers)), as_of=None)
    assert (caught.value.code, caught.value.params["count"]) == ("fte_months_without_year", 12)
    for path in (
        workbook(tmp_path / "personeel 2025.xlsx", wide(headers)),
        workbook(tmp_path / "b.xlsx", {"Stand 2025": wide(headers)}),
        workbook(tmp_path / "c.xlsx", [["Formatie 2025"], [], *wide(headers)]),
    ):
        assert len(read(path, as_of=None).main.snapshots) == 12
    known = read(tmp_path / "a.xlsx", as_of=date(2025, 6, 30)).main
    assert (len(known.snapshots), known.as_of) == (6, date(2025, 6, 30)), "a reference date tells the year, and later months are plans"
    assert read(tmp_path / "a.xlsx", as_of=date(2025, 1, 31)).main.snapshots == (date(2025, 1, 31),)


def test_who_has_no_fte_in_a_month_is_not_there_in_it(tmp_path: Path) -> None:
    rows = wide([f"{name} 2025" for name in NAMES[:3]], 6)
    rows[1][7] = 0
    rows[2][5] = None
    rows[3][5:8] = [None, "-", "0,00"]
    rows.append(["00007", "oeps", None, "Zorg", "Functie 1", 1, 1, 1])
    result = read(csv_file(tmp_path / "a.csv", [*rows, ["Totaal", None, None, None, None, 5.1, 4.9, 4.7]]), as_of=None)
    frame = result.frames["employees"]
    assert frame.groupby("as_of").size().tolist() == [4, 5, 4]
    assert found(result, "no_fte_in_any_month").rows == (4,)
    assert found(result, "totals_row").rows == (9,)
    assert (found(result, "bad_birth_date").rows, result.main.rejected) == ((8,), (8,)), "named once, however many months it stands in"
    assert sorted(set(frame["employee_id"])) == ["00001", "00002", "00004", "00005", "00006"]


def test_quarters_and_a_heading_above_the_months(tmp_path: Path) -> None:
    quarters = read(workbook(tmp_path / "a.xlsx", wide(["Q1 2025 FTE", "Q2 2025 FTE", "Q3 2025 FTE"])), as_of=None)
    assert quarters.main.snapshots == (date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30))
    above: list[object] = [None, None, None, None, None, "FTE 2025", None, None]
    whole = [[*row[:5], 1, 1, 1] for row in people(9)]
    result = read(workbook(tmp_path / "b.xlsx", [above, [*HEADERS[:5], "jan", "feb", "mrt"], *whole]), as_of=None)
    assert len(result.main.snapshots) == 3


def test_months_of_something_else_are_said_and_a_chosen_column_goes_first(tmp_path: Path) -> None:
    hours = [[*HEADERS[:5], "Uren jan", "Uren feb", "Uren mrt"], *([*row[:5], 152, 140, 161] for row in people(10))]
    said = found(read(workbook(tmp_path / "a.xlsx", hours)), "month_columns_left_out")
    assert (said.column, said.count, said.params["last"]) == ("Uren jan", 3, "Uren mrt")
    path = workbook(tmp_path / "b.xlsx", wide([f"FTE {name} 2025" for name in NAMES]))
    empty = read(workbook(tmp_path / "e.xlsx", [[*HEADERS[:5], *NAMES], *([*row[:5], *[0] * 12] for row in people(9))]))
    assert len(empty.main.snapshots) == 1
    chosen = read(path, mapping={"fte": "FTE jun 2025"})
    assert (len(chosen.main.snapshots), set(chosen.frames["employees"]["fte"])) == (1, {0.95})
    beside = [[*HEADERS, "jan", "feb", "mrt"], *([*row, 3, 0, 1] for row in people(10))]
    other = read(workbook(tmp_path / "c.xlsx", beside))
    assert silent(other, "fte_by_month", "month_columns_left_out")
    assert len(other.main.snapshots) == 1
    two = [[*HEADERS[:5], "FTE 1", "FTE 2", "FTE 3"], *([*row[:5], 0.5, 0.2, 0.1] for row in people(10))]
    assert silent(read(workbook(tmp_path / "d.xlsx", two)), "fte_by_month"), "three contracts are no three months"

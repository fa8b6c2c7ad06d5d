"""Several lines of one person: a history, of which the last line holds, or jobs beside each other, which add up; always said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.intake_files import HEADERS, csv_file, found, people, read, silent, workbook
from workflows.asking import CHOICES

DAYS = (date(2015, 1, 1), date(2019, 5, 1), date(2024, 3, 1))


def lines(count: int = 30) -> list[list[object]]:
    """Under HEADERS and a day from which the line holds: three lines of every person, each with a little more fte, on days of their own."""
    return [
        [*row[:4], f"Functie {step}", round(0.7 + step / 10, 1), DAYS[step].replace(month=1 + at % 12)]
        for at, row in enumerate(people(count))
        for step in range(3)
    ]


@pytest.mark.parametrize("header", ["Effective date", "Geldig vanaf", "Mutatiedatum", "Ingangsdatum", "Begindatum contract"])
def test_of_a_history_the_last_line_holds(tmp_path: Path, header: str) -> None:
    result = read(csv_file(tmp_path / "a.csv", [[*HEADERS, header], *lines()]), as_of=date(2026, 1, 1))
    frame = result.frames["employees"]
    assert (result.main.people, result.main.active, result.main.rows_kept, result.main.rows_read) == (30, 30, 90, 90)
    assert result.main.snapshots == (date(2026, 1, 1),)
    assert (set(frame["fte"]), set(frame["role"])) == ({0.9}, {"Functie 2"})
    said = found(result, "history_lines")
    assert (said.column, said.count, said.params["people"], said.params["assumed"]) == (header, 60, 30, "latest")
    assert said.rows[:3] == (2, 3, 5)
    assert silent(result, "fte_sum_high", "several_lines_per_person", "stacked_snapshots", "lines_added_up")
    assert said.params["question"] in CHOICES
    summed = read(tmp_path / "a.csv", as_of=date(2026, 1, 1), answers={"lines": "sum"})
    assert set(summed.frames["employees"]["fte"].round(3)) == {2.4}
    assert found(summed, "fte_sum_high").count == 30


def test_a_history_is_as_it_was_on_the_reference_date(tmp_path: Path) -> None:
    result = read(csv_file(tmp_path / "a.csv", [[*HEADERS, "Geldig vanaf"], *lines()]), as_of=date(2022, 1, 1))
    assert set(result.frames["employees"]["role"]) == {"Functie 1"}
    assert found(result, "history_lines").count == 60, "the earlier and the later line of each"


def test_lines_of_one_day_add_up_and_are_said(tmp_path: Path) -> None:
    rows = lines(10)
    rows.append([*rows[2][:4], "Functie 9", 0.1, rows[2][6]])
    for header in ("Effective date", "Geldig vanaf", "Ingangsdatum"):
        result = read(workbook(tmp_path / "a.xlsx", [[*HEADERS, header], *rows]))
        first = result.frames["employees"].iloc[0]
        assert (first["fte"], first["role"]) == (pytest.approx(1.0), "Functie 2")
        said = found(result, "same_day_added_up")
        assert (said.column, said.rows) == (header, (32,))
        assert found(result, "several_lines_per_person").rows == (32,)


def test_jobs_beside_each_other_still_add_up(tmp_path: Path) -> None:
    headers = [name if name != "Datum in dienst" else "Ingangsdatum" for name in HEADERS]
    beside = [[*row[:5], 0.6] for row in people(12)] + [[*row[:2], date(2022, 4, 1), *row[3:5], 0.3] for row in people(8)]
    result = read(workbook(tmp_path / "a.xlsx", [headers, *beside]))
    assert result.frames["employees"]["fte"].round(3).tolist() == [0.9] * 8 + [0.6] * 4
    assert silent(result, "history_lines", "lines_added_up")
    full = [[*row[:5], 1.0] for row in people(12)] + [[*row[:2], date(2022, 4, 1), *row[3:5], 1.0] for row in people(2)]
    few = read(workbook(tmp_path / "b.xlsx", [headers, *full]))
    asked = found(few, "lines_added_up")
    assert (asked.count, asked.params["question"], asked.params["assumed"]) == (2, "lines", "sum")
    answered = read(tmp_path / "b.xlsx", answers={"lines": "latest"})
    assert set(answered.frames["employees"]["fte"]) == {1.0}


def test_a_stack_with_many_who_come_and_go_is_no_history(tmp_path: Path) -> None:
    """Forty months of which each loses a tenth of its people: most people stand in few of them, and nearly all in the next one."""
    rows = [[date(2020 + at // 12, 1 + at % 12, 1), *row] for at in range(40) for row in people(20, start=1 + 2 * at)]
    result = read(csv_file(tmp_path / "a.csv", [["Effective date", *HEADERS], *rows]), as_of=None)
    assert len(result.main.snapshots) == 40
    assert silent(result, "history_lines", "period_of_each_person")


def test_who_has_left_is_told_by_the_last_line(tmp_path: Path) -> None:
    rows = [[*row, None] for row in lines(10)]
    for at in (0, 1, 2):
        rows[at][7] = date(2025, 2, 1)
        rows[at][5] = (1.0, 0.8, 0.4)[at]
    for order in (rows, rows[::-1]):
        result = read(workbook(tmp_path / "a.xlsx", [[*HEADERS, "Geldig vanaf", "Datum uit dienst"], *order]))
        left = result.frames["employees"].set_index("employee_id").loc["00001"]
        assert (left["fte"], left["role"], left["leave_date"].date()) == (0.4, "Functie 2", date(2025, 2, 1))
        assert (result.main.people, result.main.active) == (10, 9)
        assert found(result, "history_lines").params["people"] == 10

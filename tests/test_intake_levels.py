"""Levels of skill in whatever scale a file uses: told by the numbers or the header, asked once, and brought to 0 to 5."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from presentation.texts import LANGUAGES, known
from tests.intake_files import found, read, silent, workbook
from workflows.asking import CHOICES


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["0", "3", "5", None], [0, 3, 5]),
        (["10", "4", "1", None], [5, 2, 0.5]),
        (["80%", "100%", "0%", None], [4, 5, 0]),
        (["x", "o", "x", None], [3, 0, 3]),
        (["ja", "nee", "ja", None], [3, 0, 3]),
        (["A", "C", "D", None], [5, 3, 2]),
        (["geen", "basis", "expert", None], [0, 1, 5]),
    ],
)
def test_skill_scales_and_a_blank_is_unknown_not_zero(tmp_path: Path, cells: list[object], expected: list[float]) -> None:
    rows = [["Personeelsnummer", "Vaardigheid", "Niveau"], *([f"{number:03d}", "Lassen", cell] for number, cell in enumerate(cells))]
    result = read(workbook(tmp_path / "a.xlsx", {"Vaardigheden": rows}))
    frame = result.frames["skills"]
    assert result.main.kind == "skills"
    assert frame["level"].tolist() == pytest.approx(expected)
    assert ("skill_scale" in {finding.reason for finding in result.main.findings}) == (cells[:3] != ["0", "3", "5"])


@pytest.mark.parametrize(
    ("header", "cells", "asked"),
    [
        ("Niveau", [1, 2, 3, 4], True),
        ("Niveau", [3, 2, 1], True),
        ("Niveau", [0, 2, 3, 4], False),
        ("Niveau", [1, 2, 4, 5], False),
        ("Niveau (0-5)", [1, 2, 3, 4], False),
        ("Niveau", ["", 1, 2], False),
        ("Niveau", [0, 1] * 9, False),
        ("Niveau", [0, 1] * 10, True),
        ("Niveau", [2, 1, 0, 2] * 5, True),
    ],
)
def test_a_scale_that_a_few_levels_cannot_tell_is_asked(tmp_path: Path, header: str, cells: list[object], asked: bool) -> None:
    rows = [["Personeelsnummer", "Vaardigheid", header], *([f"{number:03d}", "Lassen", cell] for number, cell in enumerate(cells))]
    path = workbook(tmp_path / "a.xlsx", {"Vaardigheden": rows})
    assert ("skill_scale_short" in {one.reason for one in read(path).main.findings}) == asked
    assert silent(read(path, answers={"skill_scale": "1-4"}), "skill_scale_short")


def test_a_one_beside_zeros_is_a_yes_when_a_person_says_so(tmp_path: Path) -> None:
    rows = [["Personeelsnummer", "Lassen", "Solderen"], *([f"{number:03d}", number % 2, 1] for number in range(20))]
    path = workbook(tmp_path / "a.xlsx", {"Matrix": rows})
    told = found(read(path), "skill_scale_short")
    assert told.params["highest"] == 1
    chosen = read(path, answers={"skill_scale": "0-1"}).frames["skills"]
    yes = read(path, values={"level": {"1": "3", "0": "0"}}).frames["skills"]
    pd.testing.assert_frame_equal(chosen, yes)
    assert set(chosen["level"]) == {0.0, 3.0}


def test_a_scale_chosen_by_a_person_wins(tmp_path: Path) -> None:
    rows = [["Personeelsnummer", "Vaardigheid", "Niveau"], *([f"{number:03d}", "Lassen", number] for number in range(1, 5))]
    path = workbook(tmp_path / "a.xlsx", {"Vaardigheden": rows})
    assert read(path, answers={"skill_scale": "1-4"}).frames["skills"]["level"].tolist() == [1.25, 2.5, 3.75, 5]
    assert read(path, values={"level": {"1": "0", "2": "2", "3": "4", "4": "5"}}).frames["skills"]["level"].tolist() == [0, 2, 4, 5]


@pytest.mark.parametrize("cells", [[0.25, 0.5, 0.75], [0.5, 1, 0.25], ["0,5", "1", "0"]])
def test_parts_of_one_are_shares_of_the_scale(tmp_path: Path, cells: list[object]) -> None:
    """Cells that a workbook shows as 25 %."""
    rows = [["Personeelsnummer", "Vaardigheid", "Niveau"], *([f"{number:03d}", "Lassen", cell] for number, cell in enumerate(cells))]
    path = workbook(tmp_path / "a.xlsx", {"Vaardigheden": rows})
    wanted = [5 * float(str(cell).replace(",", ".")) for cell in cells]
    assert read(path).frames["skills"]["level"].tolist() == pytest.approx(wanted)
    assert found(read(path), "skill_scale").params["scale"] == "percent"
    assert read(path, answers={"skill_scale": "percent"}).frames["skills"]["level"].tolist() == pytest.approx(wanted)


def test_two_levels_for_one_person_and_skill_are_said(tmp_path: Path) -> None:
    rows = [["001", "Lassen", 2, None], ["001", "Lassen", 5, None], ["002", "Lassen", 0, None], ["002", "Lassen", 0, None]]
    rows += [["003", "Lassen", 1, date(2024, 1, 1)], ["003", "Lassen", 4, date(2025, 1, 1)]]
    result = read(workbook(tmp_path / "a.xlsx", {"V": [["Personeelsnummer", "Vaardigheid", "Niveau", "Beoordeeld op"], *rows]}))
    assert found(result, "skill_twice").rows == (3,)
    names = [["001", "Total Quality Management", 2], ["002", "Total Station meten", 5], ["003", "Lassen", 0]]
    named = read(workbook(tmp_path / "b.xlsx", {"V": [["Personeelsnummer", "Vaardigheid", "Niveau"], *names]}))
    assert named.frames["skills"]["skill"].tolist() == [name for _, name, _ in names]


def test_levels_told_with_their_words_are_numbers(tmp_path: Path) -> None:
    cells = ["3 - Zelfstandig", "Niveau 2", "4 (expert)", "5: leert aan", "0", "3 jaar", "2x"]
    rows = [["Personeelsnummer", "Vaardigheid", "Niveau"], *([f"{number:03d}", "Lassen", cell] for number, cell in enumerate(cells))]
    result = read(workbook(tmp_path / "a.xlsx", {"Vaardigheden": rows}))
    assert result.frames["skills"]["level"].tolist() == [3, 2, 4, 5, 0]
    assert found(result, "bad_level").rows == (7, 8), "what counts years or times is no level"


@pytest.mark.parametrize(
    ("header", "cells", "scale", "expected"),
    [
        ("Niveau", ["7", "4", "1", None], "1-7", [5, 20 / 7, 5 / 7]),
        ("Niveau (1-7)", ["6", "4", "1", None], "1-7", [30 / 7, 20 / 7, 5 / 7]),
        ("Niveau (1 t/m 4)", ["4", "2", "1", None], "1-4", [5, 2.5, 1.25]),
        ("Niveau", ["7", "4", "0", None], "0-10", [3.5, 2, 0]),
        ("Niveau (1-10)", ["7", "4", "1", None], "1-10", [3.5, 2, 0.5]),
    ],
)
def test_a_scale_of_seven_is_told_by_its_top_or_by_the_header(
    tmp_path: Path, header: str, cells: list[object], scale: str, expected: list[float]
) -> None:
    rows = [["Personeelsnummer", "Vaardigheid", header], *([f"{number:03d}", "Lassen", cell] for number, cell in enumerate(cells))]
    result = read(workbook(tmp_path / "a.xlsx", {"Vaardigheden": rows}))
    assert result.frames["skills"]["level"].tolist() == pytest.approx(expected)
    told = found(result, "skill_scale").params
    assert (told["scale"], told["assumed"], told["question"]) == (scale, scale, "skill_scale")
    assert "1-7" in CHOICES["skill_scale"]
    assert all(known(language, "ask.choice.skill_scale.1_7") for language in LANGUAGES)

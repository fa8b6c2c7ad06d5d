"""Whether the years behind the chances were alike: the test by hand, what may be told, and the words on the page."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from analytics.release import Role, Viewer
from analytics.steadiness import steadiness, yearly
from presentation.texts import Words
from tests.firms import history, no_history
from tests.stored_firms import workspace_with
from workflows.steadiness import steady

HR, DIRECTOR = Viewer("hr", Role.HR), Viewer("d", Role.DIRECTOR, (), 10)


def past(left, moved=(0, 0, 0), people=100.0):
    exposure = [
        {"role": role, "age_band": 1, "tenure_band": 3, "year": 2024 + t, "person_years": people, "resignation": float(gone)}
        for t, numbers in enumerate(left)
        for role, gone in zip("AB", numbers, strict=True)
    ]
    return history(exposure, [("A", "B", 2024 + t, number) for t, number in enumerate(moved) if number], years=len(left))


def test_every_person_is_counted_once_each_year():
    counts, leavers, years, roles = yearly(past([(10, 4), (12, 6), (8, 5)], (5, 0, 2)))
    assert (years, roles) == ([2024, 2025, 2026], ["A", "B"])
    assert counts[0].tolist() == [[85, 5], [0, 96]]
    assert leavers.tolist() == [[10, 4], [12, 6], [8, 5]]
    assert (counts.sum(axis=(1, 2)) + leavers.sum(axis=1)).tolist() == [200, 200, 200]


def test_equal_years_are_steady_and_a_bad_one_is_not():
    assert steadiness(past([(10, 5), (10, 5), (10, 5)])).verdict == "steady"
    assert steadiness(past([(10, 5), (10, 5), (10, 5)])).chance == pytest.approx(1.0)
    found = steadiness(past([(10, 5), (12, 4), (30, 5)]))
    assert found.verdict == "differs"
    expected = sum(chi2_contingency(pd.DataFrame(rows), correction=False)[0] for rows in (
        [[90, 10], [88, 12], [70, 30]], [[95, 5], [96, 4], [95, 5]],
    ))  # fmt: skip
    assert found.chi2 == pytest.approx(expected)
    assert found.df == 4
    assert found.roles.iloc[0].to_dict() | {"part": 0} == pytest.approx(
        {"role": "A", "year": 2026, "counted": 30.0, "expected": 52 / 3, "part": 0}
    )


def test_too_little_is_said():
    for found in (steadiness(no_history()), steadiness(past([(10, 5)])), steadiness(past([(0, 0), (0, 0)]))):
        assert found.verdict == "too_few"


def test_hr_reads_the_years_and_a_director_the_verdict(tmp_path: Path):
    with workspace_with(tmp_path / "w.duckdb", (2022, 2023, 2024, 2025)) as workspace:
        own, told = steady(HR, workspace), steady(DIRECTOR, workspace)
    assert own.years == told.years == 3
    assert own.found.years["year"].tolist() == [2023, 2024, 2025]
    assert (own.found.years["left"] > 0).all()
    assert told.found.verdict in ("steady", "differs")
    assert told.found.years.empty
    assert told.found.roles.empty
    assert told.found.chance != told.found.chance
    assert told.found.df == 0


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_each_verdict_has_its_words(lang: str):
    words = Words(lang)
    for verdict in ("steady", "differs", "too_few"):
        assert len(words(f"steady.{verdict}", n=5)) > 20
        assert len(words(f"steady.means_{verdict}")) > 20


def test_one_snapshot_is_too_few(tmp_path: Path):
    with workspace_with(tmp_path / "w.duckdb", (2025,)) as workspace:
        assert steady(HR, workspace).found.verdict == "too_few"

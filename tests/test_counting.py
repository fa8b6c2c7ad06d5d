"""Why fewer people are counted than a file has, told from the numbers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from presentation.controls.counting import counted_help
from presentation.controls.owning import until_target
from presentation.controls.role_outlook import when_short
from presentation.texts import Words
from tests.staff_frames import staff
from tests.stored_firms import keep
from workflows import money
from workflows.outlook import outlook
from workflows.types import Override, Scenario, Scope, Viewer
from workflows.workspace import Workspace

NL, EN = Words("nl"), Words("en")
DAY = date(2026, 1, 1)


def test_who_is_counted(tmp_path: Path) -> None:
    gone = [{"id": f"weg{number}", "leave_date": "2025-06-01"} for number in range(3)]
    there = [{"id": f"{number:05}"} for number in range(20)]
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        assert counted_help(NL, Viewer.local(), workspace, DAY) == NL("counted.rule", day=DAY)
        keep(workspace, staff(*there, *gone, {"id": "inhuur", "population": "flex"}))
        local = counted_help(NL, Viewer.local(), workspace, DAY)
        assert local == (
            "Van de 24 mensen in het bestand zijn er 20 geteld: eigen mensen, in dienst op 1 januari 2026. "
            "4 zijn niet geteld: vertrokken, nog niet begonnen of flexibele schil (die staat apart)."
        )
        assert "Of the 24 people in the file 20 are counted" in counted_help(EN, Viewer.local(), workspace, DAY)
        assert counted_help(NL, Viewer.director(), workspace, DAY) == NL("counted.rule", day=DAY)  # no number that is not rounded


def test_everybody_is_counted(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        keep(workspace, staff(*({"id": f"{number:05}"} for number in range(12))))
        assert counted_help(NL, Viewer.local(), workspace, DAY) == (
            "Geteld zijn alle 12 mensen in het bestand: eigen mensen, in dienst op 1 januari 2026."
        )


@pytest.mark.parametrize("day", ["2026-01-01", "2026-11-28"])
def test_doing_nothing_costs_the_same_on_both_pages(tmp_path: Path, day: str) -> None:
    """The overview and the page of amounts add up the same years, also with a reference date within a year."""
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        keep(workspace, staff(*({"id": f"{number:05}", "birth_date": "1962-06-15"} for number in range(30)), as_of=day))
        viewer = Viewer.local()
        found = outlook(viewer, workspace, Scenario(), Scope())
        rows = until_target(money.bill(viewer, workspace, Scenario()).rows, found.years, found.target_year)
        assert found.facts["cost_of_nothing"] > 0
        assert rows["cost_of_nothing"].sum() == pytest.approx(found.facts["cost_of_nothing"])


def years_short(gap: pd.DataFrame) -> float:
    """Person-years of the positive shortages, each year the mean of its two ends; gap: a row per group, a column per year."""
    short = gap.clip(lower=0.0).to_numpy()
    return float((short[:, :-1] + short[:, 1:]).sum() / 2)


def test_what_another_department_has_to_spare_of_a_role_is_not_short(tmp_path: Path) -> None:
    """The plan counts a role over all departments, and so does what doing nothing costs: else a firm with people to spare lost millions."""
    people = [{"id": f"{number:05}", "unit": unit} for number, unit in enumerate(["Noord", "Zuid"] * 20)]
    apart = Scenario(overrides=(Override("demand_growth", 5.0, unit="Noord"), Override("demand_growth", -6.0, unit="Zuid")))
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        keep(workspace, staff(*people))
        found = outlook(Viewer.local(), workspace, apart, Scope())
        gap = found.groups.pivot_table(index=["unit", "role"], columns="year", values="gap_fte", aggfunc="sum").loc[:, : found.target_year]
        expected, by_department = (years_short(gap.groupby(level).sum()) for level in ("role", ["unit", "role"]))
        assert gap.loc["Noord"].iloc[0, -1] > 1 > -1 > gap.loc["Zuid"].iloc[0, -1]
        assert found.facts["person_years_short"] == pytest.approx(expected, abs=1e-9)
        assert expected < by_department - 4
        rows = until_target(money.bill(Viewer.local(), workspace, apart).rows, found.years, found.target_year)
        assert rows["short_fte"].sum() == pytest.approx(expected, abs=1e-9)


def test_when_a_shortage_is_likely() -> None:
    def course(*chances: float) -> pd.DataFrame:
        return pd.DataFrame({"year": range(2026, 2026 + len(chances)), "p_short": chances})

    assert when_short(NL, course(0.2, 0.6, 0.9)) == "Een tekort is vanaf 2027 waarschijnlijker dan niet."
    assert when_short(NL, course(1.0, 0.6, 0.1)) == "Een tekort is in 2026 waarschijnlijker dan niet; in 2028 niet meer."
    assert when_short(EN, course(0.1, 0.2)) == EN("role_outlook.never", year=2027)

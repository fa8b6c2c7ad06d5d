"""The back-test of what is stored: who may ask, what it may know, and that it says when it cannot tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.errors import Refusal
from analytics.release import Role, Viewer
from presentation import tested
from presentation.texts import Words
from presentation.theme import LIGHT
from tests.calling import run
from tests.stored_firms import firm_rows, keep, workspace_with
from workflows import backtest
from workflows.workspace import Workspace

HOME = Path(__file__).resolve().parent.parent
YEARS = tuple(range(2020, 2026))


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backtest") / "firm.duckdb"
    workspace_with(path, YEARS).close()
    return path


def test_every_earlier_snapshot_is_held_against_every_later_one(firm: Path) -> None:
    with Workspace.open(firm) as workspace:
        found = backtest.backtest(Viewer.local(), workspace)
    assert found.testable
    people = found.rows[(found.rows["measure"] == "people") & (found.rows["role"] == "")]
    pairs = {(a.year, b.year) for a, b in zip(people["from"], people["to"], strict=True)}
    assert pairs >= {(a, b) for a in YEARS[1:] for b in YEARS if b > a}
    counted = {day.year: int(firm_rows(day.year)["leave_date"].isna().sum()) for day in set(people["to"])}
    assert all(actual == counted[day.year] for actual, day in zip(people["actual"], people["to"], strict=True))


def test_start_leaves_earlier_forecasts_out(firm: Path) -> None:
    with Workspace.open(firm) as workspace:
        found = backtest.backtest(Viewer.local(), workspace, date(2023, 1, 1))
        none = backtest.backtest(Viewer.local(), workspace, date(2030, 1, 1))
    assert min(found.rows["from"]) == date(2023, 1, 1)
    assert not none.testable


def test_leave_dates_that_lay_in_the_future_change_no_forecast(tmp_path: Path) -> None:
    """The same firm, once from files in which later leavers already carry the date they would leave on."""
    with workspace_with(tmp_path / "plain.duckdb", YEARS) as plain, workspace_with(tmp_path / "knows.duckdb", YEARS, knows=True) as knows:
        one, other = (backtest.backtest(Viewer.local(), workspace).rows for workspace in (plain, knows))
    pd.testing.assert_frame_equal(one, other)
    assert (one["measure"] == "resignation").any()


@pytest.mark.slow
def test_a_later_snapshot_changes_no_earlier_forecast(tmp_path: Path) -> None:
    key = ["from", "to", "measure", "role"]
    with workspace_with(tmp_path / "short.duckdb", YEARS[:-1]) as short, workspace_with(tmp_path / "long.duckdb", YEARS) as long:
        one, other = (backtest.backtest(Viewer.local(), workspace).rows.set_index(key) for workspace in (short, long))
    columns = ["forecast", "low", "high"]
    np.testing.assert_allclose(one[columns].to_numpy(float), other.loc[one.index, columns].to_numpy(float), rtol=1e-12)


@pytest.mark.parametrize("years", [(2024,), (2024, 2025)])
def test_too_few_snapshots_is_said(years: tuple[int, ...], tmp_path: Path) -> None:
    with workspace_with(tmp_path / "few.duckdb", years) as workspace:
        found = backtest.backtest(Viewer.local(), workspace)
    assert (found.testable, found.reason) == (False, "few_snapshots")
    assert tested.answer(Words("nl"), found).startswith("Niet te toetsen")
    assert tested.answer(Words("en"), found).startswith("Cannot be tested")


def test_nobody_without_the_right_and_nothing_without_data(tmp_path: Path, firm: Path) -> None:
    with Workspace.open(tmp_path / "empty.duckdb") as empty, pytest.raises(Refusal) as refused:
        backtest.backtest(Viewer.local(), empty)
    assert refused.value.code == "no_data"
    with Workspace.open(firm) as workspace, pytest.raises(Refusal) as refused:
        backtest.backtest(Viewer("a", Role.ADMIN), workspace)
    assert refused.value.code == "not_allowed"


def test_a_director_sees_groups_of_at_least_k_and_counts_in_steps_of_k(firm: Path) -> None:
    viewer = Viewer.director(k=10)
    with Workspace.open(firm) as workspace:
        found = backtest.backtest(viewer, workspace)
    assert found.testable
    roles = found.rows[found.rows["role"] != ""]
    assert (roles["actual"] >= 10).all()
    assert not roles["role"].eq("Tekenaar").any()  # three people: never a row of their own
    events = found.rows[found.rows["measure"] != "people"]
    assert (events["actual"] % 10 == 0).all()


def test_months_between_years_are_not_counted_as_years(tmp_path: Path) -> None:
    """A snapshot in July: its flows would be those of half a year, so only stocks are compared with it."""
    with workspace_with(tmp_path / "half.duckdb", YEARS) as workspace:
        keep(workspace, firm_rows(2025), date(2025, 7, 1))
        found = backtest.backtest(Viewer.local(), workspace)
    later = found.rows[found.rows["to"] == date(2025, 1, 1)]
    assert set(later["measure"]) == {"people"}
    assert "resignation" in set(found.rows.loc[found.rows["to"] == date(2024, 1, 1), "measure"])


def test_the_command_prints_the_table_and_says_when_it_cannot(firm: Path, tmp_path: Path) -> None:
    told, _ = run("backtest", "--from", "2024-01-01", database=firm)
    assert set(told) >= {"rows", "scores", "testable", "small_roles"}
    assert {"from", "to", "horizon", "measure", "actual", "forecast", "low", "high"} <= set(told["rows"][0])
    assert {row["from"] for row in told["rows"]} == {"2024-01-01"}
    assert all(row["low"] <= row["forecast"] + 1e-9 <= row["high"] + 1e-6 for row in told["rows"])
    assert {"mae", "bias", "wape", "coverage", "skill", "skill_one_rate"} <= set(told["scores"][0])
    workspace_with(tmp_path / "few.duckdb", (2024, 2025)).close()
    few, _ = run("backtest", database=tmp_path / "few.duckdb")
    assert few["testable"] is False
    assert "Niet te toetsen" in few["message"]
    run("backtest", database=tmp_path / "none.duckdb", code=1)


def test_the_sentence_is_made_of_the_scores(firm: Path) -> None:
    with Workspace.open(firm) as workspace:
        found = backtest.backtest(Viewer.local(), workspace)
    said = tested.answer(Words("nl"), found)
    assert tested.percent(Words("nl"), tested.off(found, "people")) in said
    assert f"{len(found.small_roles)} van de {found.roles}" in said
    table = tested.scores_table(Words("en"), found)
    assert len(table) == len(found.scores)


def test_the_charts_keep_stock_and_flows_apart_and_show_what_was_said(firm: Path) -> None:
    with Workspace.open(firm) as workspace:
        found = backtest.backtest(Viewer.local(), workspace)
    assert tested.measures(found, stock=True) == ["people"]
    flows = tested.measures(found, stock=False)
    assert {"resignation", "hire"} <= set(flows)
    assert "people" not in flows
    told = tested.told(Words("nl"), LIGHT, found, "people", 1)
    rows = found.rows[(found.rows["measure"] == "people") & (found.rows["role"] == "") & (found.rows["horizon"] == 1)]
    said, came = told.figure.spec["data"]
    np.testing.assert_allclose(said["y"], rows.sort_values("to")["forecast"], atol=0.05)
    np.testing.assert_allclose(came["y"], rows.sort_values("to")["actual"])
    inside = ((rows["low"] <= rows["actual"]) & (rows["actual"] <= rows["high"])).sum()
    assert f"{inside} van de {len(rows)}" in told.note
    assert len(told.figure.table) == len(rows)

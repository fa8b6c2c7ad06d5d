"""A page that has nothing to tell yet says what is missing and leads to it; who may not upload hears who can."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from presentation.charts import growing
from presentation.texts import LANGUAGES, Words
from presentation.theme import LIGHT
from tests.explained import drawn
from tests.sampling import with_sample
from tests.staff_frames import Report, many
from tests.test_pages import bare, empty_database, headline, launch
from workflows import actions
from workflows.types import Viewer
from workflows.workspace import Workspace

__all__ = ["bare", "empty_database"]
pytestmark = pytest.mark.usefixtures("pages_alone")
WANTING = ("skills", "changing", "routes", "role_outlook", "rotation", "willing", "backtest")
SHEETS = {"no_requirements": "requirements", "no_skills": "skills", "no_isco": "roles", "no_wishes": "wishes"}


@pytest.fixture(scope="module")
def staff_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A firm that uploaded one staff file and nothing else."""
    path = tmp_path_factory.mktemp("staff") / "staff.duckdb"
    with Workspace.open(path) as workspace:
        workspace.store.save_import({"employees": many(60)}, (Report(),), "staff", "staff.xlsx", "test")
    return path


def ways(app: AppTest) -> list[str]:
    """The pages a page leads to."""
    return [link.proto.page for link in app.get("page_link")]


@pytest.mark.parametrize("page", WANTING)
def test_hr_finds_the_template_and_the_way_to_upload(page: str, staff_alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(staff_alone))
    app = launch(page)
    assert headline(app)
    assert "upload" in ways(app)
    assert any(str(button.key).startswith("template_") for button in app.get("download_button"))
    assert not any(Words("nl")("empty.by_hr") == caption.value for caption in app.caption)


@pytest.mark.parametrize("page", WANTING)
def test_a_director_hears_that_hr_does_it(page: str, staff_alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(staff_alone))
    app = launch()
    app.session_state["as_director"] = True
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert "upload" not in ways(app)
    assert not app.get("download_button")
    assert any("HR" in line.value for line in (*app.caption, *app.markdown, *app.info))


def test_without_data_a_director_is_not_offered_what_is_refused(bare: None) -> None:
    app = launch()
    app.session_state["as_director"] = True
    app.run()
    assert not app.exception
    assert headline(app) == Words("nl")("empty.title")
    assert any(line.value == Words("nl")("empty.wait") for line in app.markdown)
    assert not [button for button in app.button if button.key in ("load_sample", "choose_file")]


def test_the_establishment_says_what_it_waits_for(bare: None) -> None:
    app = launch("upload")
    assert any(line.value == Words("nl")("upload.formation_none") for line in app.caption)
    assert not any(line.value == Words("nl")("card.nothing") for line in app.caption)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_missing_is_called_as_the_sheet_of_the_template(language: str) -> None:
    words = Words(language)
    for refusal, sheet in SHEETS.items():
        assert words(f"template.sheet.{sheet}") in words(f"refusal.{refusal}")


@pytest.mark.parametrize(("status", "title"), [("planned", "zonder berekend effect"), ("stopped", "Geen enkele actie")])
def test_actions_without_an_effect_are_said_not_drawn(status: str, title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line added by hand has no effect in fte: two figures stood empty, and of stopped actions alone the page broke off."""
    path = with_sample(tmp_path / "w.duckdb")
    row = {"id": "", "lever": "train", "role": "Elektromonteur", "start": "2026-02-01", "due": "2027-02-01", "units": 0.0, "status": status}
    with Workspace.open(path) as workspace:
        actions.save(Viewer.local(), workspace, [row])
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(path))
    app = launch("actions")
    assert title in headline(app)
    assert not {"action_years", "timeline"} & set(drawn(app))
    assert [line.value for line in app.info] == [Words("nl")("acting.no_effect")]
    assert "plan" in ways(app)


def test_of_one_year_a_point_is_drawn() -> None:
    """A line through one point is none."""
    for years, mode in (([2026], "markers"), ([2026, 2027], "lines")):
        series = [("tekort", [11.0, 12.0][: len(years)], LIGHT.need, "dash")]
        figure = growing.lines("action_years", years, series, pd.DataFrame(), "", Words("nl"), LIGHT)
        assert [trace["mode"] for trace in figure.spec["data"]] == [mode]

"""Keeping, opening and comparing scenarios on the screen, and exceptions per role."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_pages import full, full_database, headline, launch
from workflows import scenarios
from workflows.types import Override, Scenario, Viewer
from workflows.workspace import Workspace

__all__ = ["full", "full_database"]
LOCAL = Viewer.local()


def kept(database: Path, name: str, scenario: Scenario, lock: bool = False) -> str:
    with Workspace.open(database) as workspace:
        made = scenarios.keep(LOCAL, workspace, scenario, name, "omdat het kan")
        if lock:
            scenarios.lock(LOCAL, workspace, made.id)
        return made.id


@pytest.fixture
def own(tmp_path: Path, full_database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample firm in a database of its own, so that what is kept here stays here."""
    for file in full_database.parent.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(tmp_path / full_database.name))
    return tmp_path / full_database.name


def test_a_kept_scenario_is_opened_from_the_list(own: Path) -> None:
    name = kept(own, "Krap", Scenario(fill_rate=50))
    app = launch("compare")
    assert "omdat het kan" in " ".join(block.value for block in app.markdown)
    app.button(key=f"_open_{name}").click().run()
    assert not app.exception
    assert app.slider(key="fill_rate").value == 50


def test_a_link_to_a_kept_scenario_sets_levers_and_exceptions(own: Path) -> None:
    rule = Override("resignation_multiplier", 1.6, unit="Engineering")
    name = kept(own, "Met uitzondering", Scenario(fill_rate=80, overrides=(rule,)))
    app = launch(scenario=name)
    assert app.slider(key="fill_rate").value == 80
    assert app.button(key="_override_0").label.endswith("Engineering")
    assert "Met uitzondering" in " ".join(block.value for block in app.markdown)
    with_rule = app.metric[0].value
    app.button(key="_override_0").click().run()
    assert not [button for button in app.button if button.key == "_override_0"]
    assert app.metric[0].value != with_rule
    app.button(key="_undo").click().run()
    assert app.metric[0].value == with_rule


def test_a_link_to_a_scenario_that_is_gone_leaves_the_baseline(own: Path) -> None:
    app = launch(scenario="nothing")
    assert app.slider(key="fill_rate").value == 65
    assert headline(app)


def test_a_scenario_file_opens_on_the_compare_page(own: Path) -> None:
    app = launch("compare")
    uploader = next(item for item in app.file_uploader if item.key == "_scenario_file")
    uploader.upload("s.json", json.dumps({"fill_rate": 45}).encode())
    app.run()
    app.button(key="_scenario_open").click().run()
    assert not app.exception
    assert app.slider(key="fill_rate").value == 45


def test_a_kept_scenario_stands_beside_the_baseline_with_the_reasons(own: Path) -> None:
    name = kept(own, "Krapper", Scenario(fill_rate=40), lock=True)
    app = launch("compare")
    app.pills(key="_presets").set_value([name]).run()
    assert not app.exception
    assert "Krapper" in headline(app)
    assert app.selectbox(key="_between_to").value == "Krapper"
    assert any("Krapper" in block.value and "slechter" in block.value for block in app.markdown)

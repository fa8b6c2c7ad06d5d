"""Keeping, opening and comparing scenarios on the screen, and exceptions per role."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from presentation.texts import Words
from tests.sampling import with_sample
from tests.test_pages import full, full_database, headline, launch
from workflows import demand, scenarios
from workflows.presets import presets
from workflows.types import Override, Scenario, Viewer
from workflows.workspace import Workspace

__all__ = ["full", "full_database"]
pytestmark = pytest.mark.usefixtures("pages_alone")
LOCAL, NL = Viewer.local(), Words("nl")


def kept(database: Path, name: str, scenario: Scenario, lock: bool = False) -> str:
    with Workspace.open(database) as workspace:
        made = scenarios.keep(LOCAL, workspace, scenario, name, "omdat het kan")
        if lock:
            scenarios.lock(LOCAL, workspace, made.id)
        return made.id


def in_address(app: AppTest, name: str) -> str:
    told = app.query_params[name]
    return told if isinstance(told, str) else told[0]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample firm in a database of its own, so that what is kept here stays here."""
    database = with_sample(tmp_path / "own.duckdb")
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(database))
    return database


def test_a_kept_scenario_is_opened_from_the_list(own: Path) -> None:
    name = kept(own, "Krap", Scenario(fill_rate=50))
    app = launch("compare")
    assert "omdat het kan" in " ".join(block.value for block in app.markdown)
    app.button(key=f"_open_{name}").click().run()
    assert not app.exception
    assert app.slider(key="fill_rate").value == 50


def test_marks_in_a_name_are_letters_in_the_title(own: Path) -> None:
    name = kept(own, "*Krap* [x](y)", Scenario(fill_rate=35, resignation_multiplier=1.6))
    app = launch("compare")
    app.session_state["_presets"] = [name]
    app.run()
    assert not app.exception
    assert headline(app).startswith(r"\*Krap\* \[x\](y) ")


@pytest.mark.slow
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


def test_an_address_holds_exceptions_and_what_its_figures_were_made_on(full: Path) -> None:
    rule = Override("hires_per_year", 1.5, role="Accountmanager")
    app = launch(**Scenario(fill_rate=50, overrides=(rule,)).to_query())
    assert app.button(key="_override_0").label == "Nieuwe collega's (mensen per jaar) 1,5: Accountmanager"
    told = {name: in_address(app, name) for name in ("exceptions", "on")}
    again = launch(fill_rate="50", **told)
    assert again.title[0].value == app.title[0].value
    assert again.button(key="_override_0").label.endswith("1,5: Accountmanager")
    assert not [button for button in again.button if button.key == "_other_ok"]
    again.button(key="_override_0").click().run()
    assert "exceptions" not in again.query_params
    assert again.title[0].value != app.title[0].value


@pytest.mark.parametrize("part", ["data", "method"])
def test_an_address_of_other_data_or_formulas_says_so(part: str, full: Path) -> None:
    data, method = in_address(launch(), "on").split(".")
    mark = f"00000000.{method}" if part == "data" else f"{data}.00000000"
    app = launch(fill_rate="50", on=mark)
    said = [block.value for block in app.markdown if "link werd gemaakt" in block.value]
    assert len(said) == 1
    assert NL(f"saved.link_other_{part}") in said[0]
    assert in_address(app, "on") == f"{data}.{method}"  # what is passed on now is made on what there is now
    app.button(key="_other_ok").click().run()
    assert not [block for block in app.markdown if "link werd gemaakt" in block.value]
    assert not [button for button in launch(on=mark).button if button.key == "_other_ok"]  # nothing was moved: the page as it is


@pytest.mark.slow
def test_a_link_to_a_scenario_that_is_gone_leaves_the_baseline(full: Path) -> None:
    app = launch(scenario="nothing")
    assert app.slider(key="fill_rate").value == 65
    assert headline(app)


@pytest.mark.slow
def test_a_scenario_file_opens_on_the_compare_page(full: Path) -> None:
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


@pytest.mark.slow
def test_a_kept_scenario_is_renamed_copied_locked_and_put_away_from_its_menu(own: Path) -> None:
    which = kept(own, "Plan A", Scenario(fill_rate=50))
    app = launch("compare")

    def press(key: str) -> None:
        app.session_state[f"_more_{which}"] = True
        app.run()
        app.button(key=f"_{key}_{which}").click().run()
        assert not app.exception

    app.session_state[f"_more_{which}"] = True
    app.run()
    app.text_input(key=f"_name_{which}").set_value("Plan B").run()
    press("rename")
    press("duplicate")
    press("lock")
    app.session_state[f"_more_{which}"] = True
    app.run()
    assert app.button(key=f"_rename_{which}").disabled
    assert app.button(key=f"_delete_{which}").disabled
    press("archive")
    with Workspace.open(own, reading=True) as workspace:
        here, away = scenarios.kept(LOCAL, workspace), scenarios.kept(LOCAL, workspace, archived=True)
    assert [(saved.name, saved.locked) for saved in away] == [("Plan B", True)]
    assert [(saved.name, saved.locked) for saved in here] == [("Plan B (kopie)", False)]
    app.button(key=f"_back_{which}").click().run()
    assert app.button(key=f"_open_{which}")


@pytest.mark.slow
def test_a_scenario_of_other_data_or_formulas_says_so(own: Path) -> None:
    which = kept(own, "Oud", Scenario(fill_rate=50))
    with Workspace.open(own) as workspace:
        rows = demand.formation(LOCAL, workspace)
        demand.set_formation(LOCAL, workspace, rows.assign(establishment_fte=rows["establishment_fte"] + 1))
    app = launch("compare")
    app.button(key=f"_open_{which}").click().run()
    said = " ".join(block.value for block in app.markdown)
    assert NL("saved.other_data") in said
    assert NL("saved.same_figures") not in said


@pytest.mark.slow
def test_each_ready_made_scenario_tells_its_reason_and_certainty_and_sets_its_levers(full: Path) -> None:
    app = launch("compare")
    notes = " ".join(caption.value for caption in app.caption)
    made = presets_of(full)
    assert len(made) == 5
    for name, scenario in made.items():
        assert NL(f"preset.{name}.note") in notes
        assert "Zekerheid" in NL(f"preset.{name}.note")
        app.button(key=f"use_{name}").click().run()
        assert not app.exception
        for lever, value in scenario.changed().items():
            assert app.session_state[lever] == value, (name, lever)
    app.button(key="_reset").click().run()
    assert NL("levers.same") in [caption.value for caption in app.caption]


@pytest.mark.slow
def test_base_and_three_others_side_by_side_with_what_differs(full: Path) -> None:
    app = launch("compare")
    app.pills(key="_presets").set_value(["earlier", "tight", "learning", "energy"]).run()
    assert not app.exception
    assert NL("compare.most", n=3) in " ".join(caption.value for caption in app.caption)
    table = next(frame.value for frame in app.dataframe if NL("column.assumption") in frame.value)
    assert list(table.columns)[1:] == [NL("app.scenario_base"), *(NL(f"preset.{name}.name") for name in ("earlier", "tight", "learning"))]
    changed = {name for which in ("earlier", "tight", "learning") for name in presets_of(full)[which].changed()}
    assert len(table) == len(changed)


def presets_of(database: Path) -> dict[str, Scenario]:
    with Workspace.open(database, reading=True) as workspace:
        return presets(LOCAL, workspace)

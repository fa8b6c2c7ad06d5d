"""Tables that are filled in, on a phone: names are read whole, the amount stands beside its name, a new one is added below."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.amounts import shipped
from presentation.controls.widths import CELL, EDITED, HIGH, READ
from presentation.texts import Words
from tests.intake_files import HEADERS, people, workbook
from tests.test_pages import empty, full, full_database, launch
from tests.test_pointing import FRENCH, POINTED, french
from tests.test_saving_pages import own
from workflows import money, work
from workflows.types import Role, Viewer
from workflows.work import Workload
from workflows.workspace import Workspace

__all__ = ["empty", "full", "full_database", "own"]
pytestmark = pytest.mark.usefixtures("pages_alone")
LINES = 3
"""Of text in a high row."""


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presentation.controls.widths.on_phone", lambda: True)


def table_of(app: AppTest, key: str) -> tuple[Any, dict[str, Any], pd.DataFrame]:
    """The editor whose key begins so: what the browser gets, its columns and its rows."""
    found = next(one for one in app.dataframe if f"-_{key}_" in one.proto.id or one.proto.id.endswith(f"-{key}"))
    return found.proto, json.loads(found.proto.columns), found.value


@pytest.mark.parametrize("lang", ["NL", "EN"])
def test_every_name_is_whole_and_its_amount_is_beside_it(lang: str, full: Path, phone: None) -> None:
    words = Words(lang.lower())
    proto, columns, rows = table_of(launch("amounts", lang), "amounts")
    assert list(proto.column_order) == ["name", "value"]
    assert rows["name"].is_unique, "of several of one amount each has its day"
    assert proto.row_height == HIGH
    wide = columns["name"]["width"]
    assert wide + columns["value"]["width"] <= EDITED
    for name, key in zip(rows["name"], rows["key"], strict=True):
        assert name.startswith(words(f"amount.{key}"))
        assert READ * len(name) + CELL <= LINES * (wide - CELL)
        assert max(len(word) for word in name.replace("-", "- ").split()) * READ + CELL <= wide


def test_on_a_wide_screen_the_table_is_as_it_was(full: Path) -> None:
    app = launch("amounts")
    proto, columns, rows = table_of(app, "amounts")
    assert list(proto.column_order) == ["key", "valid_from", "value", "unit", "certainty", "source", "last_checked"]
    assert (proto.row_height, "name" in rows) == (0, False)
    assert columns["key"]["type_config"]["type"] == "selectbox"
    assert not [button for button in app.button if button.key == "add_amounts"]


def test_a_new_amount_is_added_below_the_table_with_a_step_back(full: Path, phone: None) -> None:
    app, words = launch("amounts"), Words("nl")
    app.selectbox(key="_add_key_amounts_0").select("training_day")
    app.date_input(key="_add_day_amounts_0").set_value(date(2026, 3, 1))
    app.text_input(key="_add_value_amounts_0").set_value("5.250,5")
    app.text_input(key="_add_source_amounts_0").set_value("eigen raming")
    app.button(key="add_amounts").click().run()
    assert not app.exception
    with Workspace.open(full, reading=True) as workspace:
        row = next(row for row in money.amounts(Viewer.local(), workspace) if row.source == "eigen raming")
    assert (row.key, row.valid_from, row.value, row.certainty) == ("training_day", date(2026, 3, 1), 5250.5, "C")
    assert row.unit == next(old.unit for old in shipped() if old.key == row.key)
    _, _, rows = table_of(app, "amounts")
    assert sum(name.startswith(words("amount.training_day")) for name in rows["name"]) == 2
    assert app.text_input(key="_add_value_amounts_1").value == "", "the next one begins empty"
    app.button(key="undo_amounts").click().run()
    with Workspace.open(full, reading=True) as workspace:
        assert "eigen raming" not in {row.source for row in money.amounts(Viewer.local(), workspace)}


def test_an_empty_table_is_only_the_form_below_it(full: Path, phone: None) -> None:
    app = launch("amounts")
    assert not [one for one in app.dataframe if "-_sector_" in one.proto.id]
    app.text_input(key="_add_value_sector_0").set_value("31,5")
    app.text_input(key="_add_source_sector_0").set_value("brancherapport")
    app.button(key="add_sector").click().run()
    proto, _, rows = table_of(app, "sector")
    assert (rows["value"].tolist(), rows["name"].tolist(), proto.row_height) == ([31.5], [Words("nl")("amount.share_55")], HIGH)
    app.button(key="undo_sector").click().run()


@pytest.mark.parametrize("lang", ["NL", "EN"])
def test_roles_are_whole_where_the_establishment_is_filled_in(lang: str, full: Path, phone: None) -> None:
    proto, columns, _ = table_of(launch("upload", lang), "formation")
    words = Words(lang.lower())
    role, establishment = words("column.role"), words("column.establishment_fte")
    assert list(proto.column_order) == [role, establishment], "the number stands beside its role"
    assert (columns[establishment]["label"], columns[establishment]["help"]) == (establishment.split(" (")[0], establishment)
    assert columns[role]["width"] + columns[establishment]["width"] <= EDITED
    assert proto.row_height == (HIGH if lang == "NL" else proto.row_height)


@pytest.mark.parametrize(
    ("page", "table", "first"),
    [
        ("shortages", "shortage_list", ("column.role", "column.gap_then")),
        ("skills", "skill_gaps", ("col.skill", "col.skill_gap")),
        ("willing", "targets", ("willing.target", "willing.short")),
        ("rates", "chances", ("column.role", "owning.chance_short")),
        ("amounts", "money", ("column.year", "owning.cost_of_nothing")),
        ("backtest", "scores_stock", ("tested.column_measure", "tested.column_horizon", "tested.column_wape")),
        ("method", "assumptions", ("column.assumption", "column.used")),
    ],
)
def test_a_phone_shows_first_what_a_table_is_about(page: str, table: str, first: tuple[str, ...], full: Path, phone: None) -> None:
    orders = [list(one.proto.column_order) or list(one.value.columns) for one in launch(page).dataframe]
    wanted = [Words("nl")(key, year=2031) for key in first]
    assert any(order[: len(wanted)] == wanted for order in orders), orders


def test_what_is_no_number_is_said_and_keeps_what_was_typed(full: Path, phone: None) -> None:
    app = launch("amounts")
    app.text_input(key="_add_value_sector_0").set_value("veel")
    app.button(key="add_sector").click().run()
    assert "veel" in app.error[0].value
    assert app.text_input(key="_add_value_sector_0").value == "veel"
    with Workspace.open(full, reading=True) as workspace:
        assert money.sector(Viewer.local(), workspace) == ()


# other tables in which something is chosen


def test_a_post_is_added_below_and_its_role_is_read_whole(own: Path, phone: None) -> None:
    app, role = launch("upload"), "Monteur laadpunten en zonnestroom"
    assert not [one for one in app.dataframe if "-_posts_" in one.proto.id]
    app.selectbox(key="_add_role_posts_0").select(role)
    app.number_input(key="_add_year_posts_0").set_value(2028)
    app.text_input(key="_add_fte_posts_0").set_value("-2,5")
    app.button(key="add_posts").click().run()
    assert not app.exception
    with Workspace.open(own, reading=True) as workspace:
        assert [(row.role, row.year, row.fte) for row in work.posts(Viewer.local(), workspace)] == [(role, 2028, -2.5)]
    proto, columns, rows = table_of(app, "posts")
    assert (list(proto.column_order), proto.row_height) == (["name", "fte"], HIGH)
    assert columns["name"]["type_config"]["type"] == "text"
    assert columns["name"]["width"] + columns["fte"]["width"] <= EDITED
    assert rows["name"].tolist() == [f"{role}, vanaf jaar 2028"]
    app.number_input(key="_add_year_posts_1").set_value(2099)
    app.text_input(key="_add_fte_posts_1").set_value("1")
    app.button(key="add_posts").click().run()
    assert app.error, "a year the work itself refuses is said"


def test_a_workload_is_added_below(own: Path, phone: None) -> None:
    app = launch("upload")
    app.selectbox(key="_add_role_workload_0").select("Lasser")
    app.text_input(key="_add_volume_workload_0").set_value("1.200")
    app.text_input(key="_add_hours_each_workload_0").set_value("2,5")
    app.button(key="add_workload").click().run()
    assert not app.exception
    with Workspace.open(own, reading=True) as workspace:
        row = work.workload(Viewer.local(), workspace)[0]
    assert (row.role, row.volume, row.hours_each, row.available_hours) == ("Lasser", 1200.0, 2.5, Workload("x", 0, 0).available_hours)
    assert list(table_of(app, "workload")[0].column_order)[:2] == ["name", "volume"]


def test_an_action_is_added_below_and_read_whole(own: Path, phone: None) -> None:
    app = launch("actions")
    app.selectbox(key="_add_lever_actions_0").select(Words("nl")("plan_lever.free_hours"))
    app.selectbox(key="_add_role_actions_0").select("Monteur laadpunten en zonnestroom")
    app.text_input(key="_add_units_actions_0").set_value("2,5")
    app.button(key="add_actions").click().run()
    assert not app.exception
    proto, columns, rows = table_of(app, "action_editor")
    assert list(proto.column_order) == ["name", "status"]
    assert proto.row_height == HIGH
    assert columns["name"]["width"] + columns["status"]["width"] <= EDITED
    assert rows["name"].tolist() == ["Monteur laadpunten en zonnestroom: onnodige controles schrappen"]
    assert (rows["units"].tolist(), rows["status"].tolist()) == ([2.5], ["gepland"])


def test_a_role_is_given_below_and_given_anew(own: Path, phone: None) -> None:
    app = launch("access")
    app.session_state["access_part"] = Words("nl")("access.part_roles")
    app.run()
    for at, (subject, role) in enumerate((("beheer@x.nl", Role.ADMIN), ("group:HR", Role.PRIVACY), ("group:HR", Role.HR))):
        app.text_input(key=f"_add_subject_roles_{at}").set_value(subject)
        app.selectbox(key=f"_add_role_roles_{at}").select(Words("nl")(f"role.{role.value}"))
        app.button(key="add_roles").click().run()
        assert not app.exception
        assert not app.error
    proto, columns, rows = table_of(app, "roles")
    assert rows["name"].tolist() == ["beheer@x.nl: Beheer", "group:HR: HR"]
    assert (columns["name"]["type_config"]["type"], proto.row_height) == ("text", HIGH)


def test_elsewhere_these_tables_are_as_they_were(own: Path) -> None:
    app = launch("upload")
    assert table_of(app, "posts")[1]["role"]["type_config"]["type"] == "selectbox"
    assert not [button for button in app.button if str(button.key).startswith("add_")]
    assert table_of(launch("actions"), "action_editor")[1]["lever"]["type_config"]["type"] == "selectbox"


def chosen(app: AppTest, name: str, row: int, choice: str) -> None:
    app.selectbox(key=f"_row_{name}").set_value(row)
    app.selectbox(key=f"_choice_{name}").select(choice)
    app.button(key=f"change_{name}").click().run()
    assert not app.exception


def test_what_a_file_holds_is_pointed_out_below_its_headers(empty: Path, tmp_path: Path, phone: None) -> None:
    app, words, path = launch("upload"), Words("nl"), french(tmp_path)
    app.file_uploader[0].upload(path.name, path.read_bytes())
    app.run()
    for field, header in POINTED.items():
        chosen(app, "point", FRENCH.index(header), words.field(field))
    assert app.dataframe[0].value[words("upload.column_field")].tolist()[:2] == [words.field("employee_id"), words.field("birth_date")]
    app.button(key="_point_read").click().run()
    assert not app.error
    assert app.metric[3].value == "12"


def test_a_column_is_read_as_something_else_below_the_table(empty: Path, tmp_path: Path, phone: None) -> None:
    app, words, path = launch("upload"), Words("nl"), workbook(tmp_path / "a.xlsx", [HEADERS, *people(6)])
    app.file_uploader[0].upload(path.name, path.read_bytes())
    app.run()
    read_as = words("upload.column_field")
    before = app.dataframe[0].value[read_as].tolist()
    at = before.index(words.field("unit"))
    chosen(app, "columns", at, "")
    assert app.dataframe[0].value[read_as].tolist() == [*before[:at], "", *before[at + 1 :]]
    assert any(words("finding.no_unit_column.what") in line.value for line in app.markdown)


def test_another_concept_is_chosen_below_and_confirmed_by_that(own: Path, phone: None) -> None:
    app = launch("skills")
    app.session_state["esco"] = True
    app.run()
    proto, columns, rows = table_of(app, "esco")
    assert (list(proto.column_order), proto.row_height) == (["name", "confirmed"], HIGH)
    assert columns["name"]["width"] + columns["confirmed"]["width"] <= EDITED
    concept = app.selectbox(key="_choice_esco").options[5]
    chosen(app, "esco", 2, concept)
    _, _, again = table_of(app, "esco")
    assert again["name"].tolist()[2].endswith(f": {concept}")
    assert again["confirmed"].tolist() == [at == 2 for at in range(len(rows))]

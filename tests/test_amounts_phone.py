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
from tests.test_pages import full, full_database, launch
from workflows import money
from workflows.types import Viewer
from workflows.workspace import Workspace

__all__ = ["full", "full_database"]
pytestmark = pytest.mark.usefixtures("pages_alone")
LINES = 3
"""Of text in a high row."""


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presentation.controls.widths.on_phone", lambda: True)


def table_of(app: AppTest, key: str) -> tuple[Any, dict[str, Any], pd.DataFrame]:
    """The editor whose key begins so: what the browser gets, its columns and its rows."""
    found = next(one for one in app.dataframe if f"-_{key}_" in one.proto.id)
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


def test_roles_are_whole_where_the_establishment_is_filled_in(full: Path, phone: None) -> None:
    proto, _, _ = table_of(launch("upload"), "formation")
    assert proto.row_height == HIGH


def test_what_is_no_number_is_said_and_keeps_what_was_typed(full: Path, phone: None) -> None:
    app = launch("amounts")
    app.text_input(key="_add_value_sector_0").set_value("veel")
    app.button(key="add_sector").click().run()
    assert "veel" in app.error[0].value
    assert app.text_input(key="_add_value_sector_0").value == "veel"
    with Workspace.open(full, reading=True) as workspace:
        assert money.sector(Viewer.local(), workspace) == ()

"""What people want and say in slides and workbook: the screen's figures, of groups of at least ten, whoever makes them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from presentation.exports.deck import deck
from presentation.exports.workbook import workbook
from presentation.people_story import people_extras
from presentation.texts import Words
from tests.sampling import with_sample
from workflows import answers, importing, outlook
from workflows.types import Scenario, Scope, Viewer
from workflows.workspace import Workspace

LOCAL, DIRECTOR = Viewer.local(), Viewer.director()


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory):
    with Workspace.open(with_sample(tmp_path_factory.mktemp("firm") / "w.duckdb")) as workspace:
        yield workspace


@pytest.mark.parametrize(("lang", "viewer"), [("nl", LOCAL), ("en", DIRECTOR)])
def test_slides_and_sheets_hold_what_people_say(lang: str, viewer: Viewer, firm: Workspace) -> None:
    words, found = Words(lang), outlook.outlook(viewer, firm, Scenario())
    extras = people_extras(words, viewer, firm, found)
    deeper = answers.deeper(viewer, firm, Scenario(), Scope(), found.target_year)
    basis = outlook.basis(viewer, firm)
    slides = Presentation(io.BytesIO(deck(words, found, basis, deeper, extras=extras))).slides
    said = [shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame]
    assert extras[0].title in said
    book = load_workbook(io.BytesIO(workbook(words, found, basis, deeper, extras)))
    for extra in extras:
        rows = list(book[extra.sheet].iter_rows(min_row=5, values_only=True))
        assert len(rows) >= len(extra.table)
        assert rows[0][0] == extra.table.iloc[0, 0]


def test_files_of_hr_hold_no_more_about_wishes_than_those_of_a_director(firm: Workspace) -> None:
    words = Words("nl")
    own = people_extras(words, LOCAL, firm, outlook.outlook(LOCAL, firm, Scenario()))
    named = {extra.sheet: extra.table for extra in own}
    assert (named["Wensen"].iloc[:, 1] >= 10).all()
    assert (named["Aanbod en wens"]["Wil erheen"] >= 10).all()
    assert (named["Gewenste uren"].iloc[:, 1] >= 10).all()
    assert "Wil er weg" not in named["Aanbod en wens"]
    assert "Mensen opgeleid" not in named["Opleiding en tekort"]


def test_a_firm_without_voices_adds_nothing(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        importing.load_sample(LOCAL, workspace, importing.SAMPLE_FILE.with_name("merwerode_2026.xlsx"))
        found = outlook.outlook(LOCAL, workspace, Scenario())
        assert people_extras(Words("nl"), LOCAL, workspace, found) == ()

"""What slides and sheets say beside their figures: notes, decisions, signs, and never more slides than a meeting reads."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from pptx import Presentation

from presentation import figures, lists, sentences
from presentation.exports.deck import deck
from presentation.exports.extra import Extra
from presentation.exports.native import round_axis
from presentation.exports.tables import xlsx_bytes
from presentation.exports.workbook import workbook
from presentation.texts import Words
from presentation.theme import LIGHT
from tests.sampling import with_sample
from tests.test_take_away import BASIS, CALM, texts_of, title_of
from workflows import decisions, outlook
from workflows.outlook import Outlook
from workflows.types import Override, Scenario, Viewer
from workflows.workspace import Workspace

LOCAL, NL, EN = Viewer.local(), Words("nl"), Words("en")
BOTH = [pytest.param(NL, id="nl"), pytest.param(EN, id="en", marks=pytest.mark.slow)]
RULE = Override("resignation_multiplier", 1.4, role="Elektromonteur")
EXTRA = Extra("Wensen", "Wat mensen willen", pd.DataFrame({"wens": ["meer uren"], "mensen": [12]}), True, "Balken")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory):
    with Workspace.open(with_sample(tmp_path_factory.mktemp("told") / "w.duckdb")) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(workspace: Workspace) -> Outlook:
    return outlook.outlook(LOCAL, workspace, Scenario(fill_rate=50, overrides=(RULE,)))


def slides_of(content: bytes) -> list:
    return list(Presentation(io.BytesIO(content)).slides)


@pytest.mark.parametrize("words", BOTH)
def test_every_slide_has_notes_with_assumptions_source_and_reference_date(found: Outlook, words: Words) -> None:
    for slide in slides_of(deck(words, found, BASIS, CALM)):
        notes = slide.notes_slide.notes_text_frame.text
        assert words.day(found.as_of) in notes
        assert f"{lists.lever_name(words, 'fill_rate')}: 50" in notes
        assert lists.override_text(words, RULE) in notes
        assert words("app.name") in notes
        assert words.number(found.people_counted) in notes


def test_decisions_take_along_what_was_doubted_and_parked(found: Outlook, workspace: Workspace) -> None:
    for number in range(9):
        made = decisions.Decision(f"Besluit {number} " + "met een lange toelichting " * 4, "HR", date(2026, 11, number + 1), "advice")
        decisions.decide(LOCAL, workspace, found, replace(made, doubts=("Verloop",), parked=(f"Vraag {number}?",)))
    log = decisions.decisions(LOCAL, workspace)
    slides = slides_of(deck(NL, found, BASIS, CALM, None, log, (EXTRA,)))
    assert 8 <= len(slides) <= 10
    slide = next(slide for slide in slides if title_of(slide) == NL("meeting.log_title", n=9))
    assert "Besluit 8" in texts_of(slide)
    assert NL("meeting.doubts_list", lines="Verloop") in texts_of(slide)
    assert "Vraag 8?" in texts_of(slide)
    notes = slide.notes_slide.notes_text_frame.text
    assert NL("meeting.parked_list", lines="Vraag 8?") in notes
    assert NL("meeting.doubts_list", lines="Verloop") in notes


def test_the_heat_map_of_a_firm_with_room_to_spare_names_a_row_it_shows(found: Outlook) -> None:
    """One small shortage among large surpluses, and a firm without any shortage."""
    roles = list(dict.fromkeys(found.groups["role"]))
    for short, said in ((roles[-1], True), (None, False)):
        gaps = [6.0 if role == short else -90.0 - roles.index(role) for role in found.groups["role"]]
        spare = replace(found, groups=found.groups.assign(gap_fte=gaps))
        heat = figures.heat(NL, LIGHT, spare, "role", 12)
        slide = next(slide for slide in slides_of(deck(NL, spare, BASIS, CALM)) if title_of(slide) == heat.title)
        shown = [row.cells[0].text for row in next(shape.table for shape in slide.shapes if shape.has_table).rows][1:]
        assert len(shown) == 12
        assert (short in shown) == said
        assert heat.title == (
            NL("chart.heat_worst", role=short, value=6.0, year=found.target_year) if said else NL("chart.heat_none", year=found.target_year)
        )


@pytest.mark.parametrize("words", BOTH)
def test_titles_fit_their_two_lines(found: Outlook, words: Words) -> None:
    """At 24 points about 66 characters stand on a line of the house style."""
    for slide in slides_of(deck(words, found, BASIS, CALM)):
        assert 10 < len(title_of(slide)) <= 120


def test_what_rounds_to_nought_has_no_sign(found: Outlook, tmp_path: Path) -> None:
    small = found.groups.assign(gap_fte=-0.001)
    book = load_workbook(io.BytesIO(workbook(NL, replace(found, groups=small), BASIS, CALM)))
    cells = [cell for row in book[NL("workbook.heat_map")].iter_rows(min_row=5, min_col=2) for cell in row if cell.value is not None]
    assert cells
    for cell in cells:
        assert -0.05 < cell.value < 0
        assert "−" not in cell.number_format
        assert len(cell.number_format.split(";")) > 1  # a part of its own for what lies below nought: without it a sign is written
    one = load_workbook(io.BytesIO(xlsx_bytes(NL, pd.DataFrame({"functie": ["a", "b"], "fte": [-0.04, -3.26]}), "t", "s"))).worksheets[0]
    assert one["B4"].number_format == "0.0;0.0"
    assert one["B5"].number_format == "#,##0.0"


def test_headline_is_the_first_title(found: Outlook) -> None:
    assert title_of(slides_of(deck(EN, found, BASIS, CALM))[0]) == sentences.headline(EN, found.facts, found.scope)


@pytest.mark.parametrize(
    ("least", "most", "ends"),
    [
        (1020.0, 1339.0, (1000.0, 1400.0, 100.0)),
        (3.2, 11.0, (2.0, 12.0, 2.0)),
        (0.0, 0.2, (0.0, 0.2, 0.1)),
        (88.0, 88.0, (88.0, 88.1, 0.1)),
    ],
)
def test_an_axis_ends_on_numbers_people_count_in(least: float, most: float, ends: tuple[float, float, float]) -> None:
    found = round_axis(least, most)
    assert found[0] <= least
    assert found[1] >= most
    assert found == pytest.approx(ends)

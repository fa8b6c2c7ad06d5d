"""Meeting mode and the decision log: what was decided stays, with the scenario and figures of that moment, and goes along as a slide."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pptx import Presentation

from presentation import figures, lists
from presentation.charts import Grid
from presentation.controls.meeting import LARGER, larger
from presentation.exports import pdf
from presentation.exports.deck import check_master, deck
from presentation.texts import Words
from presentation.theme import LIGHT
from tests.explained import unexplained
from tests.sampling import with_sample
from tests.test_pages import full, full_database, headline, launch
from tests.test_take_away import CALM, texts_of
from workflows import decisions, outlook
from workflows.decisions import Decision
from workflows.types import Refusal, Role, Scenario, Viewer
from workflows.workspace import Workspace

__all__ = ["full", "full_database"]
pytestmark = pytest.mark.usefixtures("pages_alone")
LOCAL, NL = Viewer.local(), Words("nl")
MADE = Decision("Twintig extra leerplekken", "HR", date(2026, 11, 24), "advice", ("Verloop",), ("Wat doet de cao?",))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory):
    with Workspace.open(with_sample(tmp_path_factory.mktemp("meeting") / "m.duckdb")) as opened:
        yield opened


def refused(act) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


def test_a_decision_is_kept_whole_and_goes_along_as_a_slide(workspace: Workspace) -> None:
    found = outlook.outlook(LOCAL, workspace, Scenario(fill_rate=50))
    decisions.decide(LOCAL, workspace, found, MADE)
    log = decisions.decisions(LOCAL, workspace)
    row = log.iloc[0]
    assert (row["text"], row["owner"], row["council"], row["doubts"], row["parked"]) == (
        MADE.text,
        "HR",
        "advice",
        ["Verloop"],
        ["Wat doet de cao?"],
    )
    assert json.loads(row["body"]) == {"fill_rate": 50}
    assert row["figures"]["gap_target"] == float(found.facts["gap_target"])
    assert row["same_ground"]
    slides = list(Presentation(io.BytesIO(deck(NL, found, outlook.basis(LOCAL, workspace), CALM, None, log))).slides)
    assert len(slides) == 10
    text = texts_of(slides[-2])
    for part in lists.decisions(NL, log).iloc[0]:
        assert str(part) in text


def test_decisions_are_refused_when_empty_or_not_allowed(workspace: Workspace) -> None:
    found = outlook.outlook(LOCAL, workspace, Scenario())
    assert refused(lambda: decisions.decide(LOCAL, workspace, found, replace(MADE, text=" "))) == "decision_empty"
    assert refused(lambda: decisions.decide(LOCAL, workspace, found, replace(MADE, council="maybe"))) == "decision_council"
    council = replace(Viewer.director(), role=Role.COUNCIL)
    assert refused(lambda: decisions.decide(council, workspace, found, MADE)) == "not_allowed"
    assert refused(lambda: decisions.decisions(council, workspace)) == "not_allowed"


@pytest.mark.parametrize("content", [b"", b"no slides", b"PK\x03\x04 broken"])
def test_a_master_that_is_no_presentation_is_refused(content: bytes) -> None:
    if content:
        assert refused(lambda: check_master(content)) == "master_bad"
    sink = io.BytesIO()
    Presentation().save(sink)
    check_master(sink.getvalue())


def test_pdf_is_made_or_said_to_be_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sink = io.BytesIO()
    Presentation().save(sink)
    if pdf.office():
        assert pdf.to_pdf(sink.getvalue()).startswith(b"%PDF")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused(lambda: pdf.to_pdf(sink.getvalue())) == "pdf_missing"


def test_the_row_the_heat_map_names_is_drawn(workspace: Workspace) -> None:
    """Also when every surplus is larger than the only shortage."""
    found = outlook.outlook(LOCAL, workspace, Scenario())
    year = found.target_year
    rows = found.groups.assign(gap_fte=[5.0 if role == "Lasser" else -80.0 for role in found.groups["role"]])
    grid = Grid.of(rows, "role", year, year)
    assert "Lasser" in grid.largest(3, year).names
    assert len(grid.largest(3, year).names) == 3


@pytest.mark.parametrize("lang", ["NL", pytest.param("EN", marks=pytest.mark.slow)])
def test_every_slide_of_the_meeting_has_its_message(full: Path, lang: str) -> None:
    app = launch("meeting", lang)
    seen = [headline(app)]
    while not app.button(key="_after").disabled:
        app.button(key="_after").click().run()
        assert not app.exception
        assert not unexplained(app)
        seen.append(headline(app))
    assert len(set(seen)) == len(seen) == 7
    app.button(key="_before").click().run()
    assert headline(app) == seen[-2]


def test_chips_narrow_the_figures_and_clear_them(full: Path) -> None:
    app = launch()
    whole = app.metric[0].value
    app.session_state["_filter"] = ("unit", "Engineering")
    app.run()
    assert "Engineering" in headline(app)
    app.button(key="_chip_unit_Engineering").click().run()
    assert app.metric[0].value == whole


def test_a_decision_is_taken_on_the_last_slide_with_what_was_parked(full: Path) -> None:
    app = launch("meeting", fill_rate="50")
    app.text_input(key="_park").set_value("Wat doet de cao?").run()
    app.button(key="_agenda_6").click().run()
    app.multiselect(key="_doubted").select("fill_rate").run()
    app.text_area(key="_decision").set_value("Meer leerplekken")
    app.text_input(key="_owner").set_value("HR")
    next(button for button in app.button if button.label == NL("meeting.decide")).click().run()
    assert not app.exception
    with Workspace.open(full, reading=True) as workspace:
        row = decisions.decisions(LOCAL, workspace).iloc[0]
    assert (row["text"], row["owner"], row["parked"]) == ("Meer leerplekken", "HR", ["Wat doet de cao?"])
    assert json.loads(row["body"]) == {"fill_rate": 50}
    assert row["doubts"] == [NL("lever.fill_rate.label")]


def test_a_slide_has_larger_letters_but_not_on_a_phone(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where years and numbers would stand on top of each other."""
    found = outlook.outlook(LOCAL, workspace, Scenario())
    told = figures.heat(NL, LIGHT, found, "role", 10)
    letters = told.figure.spec["layout"]["yaxis"]["tickfont"]["size"]
    assert larger(told).figure.spec["layout"]["yaxis"]["tickfont"]["size"] == round(letters * LARGER)
    monkeypatch.setattr("presentation.controls.widths.on_phone", lambda: True)
    assert larger(told).figure.spec == told.figure.spec
    assert larger(told).figure.name == "meeting_heat_map"

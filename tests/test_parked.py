"""What a meeting parked is there at the next visit, for who parked it alone, until it is ticked off or removed; and both can be undone."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from presentation.exports.deck import deck
from presentation.texts import Words
from store import open_store
from store.parked import KEPT_DAYS, MOST
from tests.test_pages import full, full_database, launch
from tests.test_take_away import CALM, texts_of
from workflows import decisions, keeping, outlook, parked
from workflows.types import Refusal, Role, Scenario, Viewer
from workflows.workspace import Workspace

__all__ = ["full", "full_database"]
pytestmark = pytest.mark.usefixtures("pages_alone")
LOCAL, NL = Viewer.local(), Words("nl")
ME, OTHER = Viewer("chef", Role.DIRECTOR, (), 5), Viewer("collega", Role.DIRECTOR, (), 5)


@pytest.fixture
def workspace(tmp_path: Path):
    with Workspace.open(tmp_path / "m.duckdb") as opened:
        yield opened


def refused(act) -> str:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


def texts(viewer: Viewer, workspace: Workspace, done: bool = False) -> list[str]:
    return [one.text for one in parked.questions(viewer, workspace) if one.done == done]


def test_questions_outlive_the_visit_and_are_of_one_person(tmp_path: Path) -> None:
    path = tmp_path / "m.duckdb"
    with Workspace.open(path) as workspace:
        number = parked.park(ME, workspace, "  Wat doet de cao?  ")
        parked.set_doubts(ME, workspace, ["retirement_shift_months", "fill_rate"])
        assert refused(lambda: parked.tick(OTHER, workspace, number)) == "parked_unknown"
        assert refused(lambda: parked.remove(OTHER, workspace, number)) == "parked_unknown"
    with Workspace.open(path) as workspace:
        assert texts(ME, workspace) == ["Wat doet de cao?"]
        assert parked.doubts(ME, workspace) == ("retirement_shift_months", "fill_rate")
        assert (texts(OTHER, workspace), parked.doubts(OTHER, workspace)) == ([], ())


def test_ticked_off_and_removed_have_a_way_back(workspace: Workspace) -> None:
    one, two = (parked.park(ME, workspace, text) for text in ("Wat doet de cao?", "Wie belt?"))
    parked.tick(ME, workspace, one)
    assert (texts(ME, workspace), texts(ME, workspace, done=True)) == (["Wie belt?"], ["Wat doet de cao?"])
    parked.tick(ME, workspace, one, done=False)
    first = parked.questions(ME, workspace)[1]
    gone = parked.remove(ME, workspace, two)
    assert texts(ME, workspace) == ["Wat doet de cao?"]
    parked.restore(ME, workspace, gone)
    assert texts(ME, workspace) == ["Wat doet de cao?", "Wie belt?"]
    assert parked.questions(ME, workspace)[1].parked == first.parked, "from the day it was parked first"


def test_what_was_ticked_off_goes_after_its_days(workspace: Workspace) -> None:
    parked.park(ME, workspace, "open")
    parked.tick(ME, workspace, parked.park(ME, workspace, "klaar"))
    officer, now = Viewer("fg", Role.PRIVACY), datetime.now()
    keeping.apply_retention(officer, workspace, (now + timedelta(days=KEPT_DAYS - 1)).date())
    assert texts(ME, workspace, done=True) == ["klaar"]
    keeping.apply_retention(officer, workspace, (now + timedelta(days=KEPT_DAYS + 2)).date())
    assert (texts(ME, workspace), texts(ME, workspace, done=True)) == (["open"], [])


def test_what_cannot_be_parked_is_said(workspace: Workspace) -> None:
    assert refused(lambda: parked.park(ME, workspace, "  ")) == "parked_empty"
    assert refused(lambda: parked.set_doubts(ME, workspace, ["no lever"])) == "lever_unknown"
    numbers = [parked.park(ME, workspace, f"vraag {at}") for at in range(MOST)]
    assert refused(lambda: parked.park(ME, workspace, "nog een")) == "parked_many"
    parked.tick(ME, workspace, numbers[0])
    parked.park(ME, workspace, "x" * 1000)
    assert len(texts(ME, workspace)[-1]) == 300
    council = Viewer("or", Role.COUNCIL, (), 5)
    for act in (lambda: parked.questions(council, workspace), lambda: parked.park(council, workspace, "x")):
        assert refused(act) == "not_allowed"


def test_the_log_tells_that_and_not_what(workspace: Workspace) -> None:
    number = parked.park(ME, workspace, "Waarom vertrekt Jansen?")
    parked.tick(ME, workspace, number)
    parked.restore(ME, workspace, parked.remove(ME, workspace, number))
    lines = workspace.store.audit.entries()
    assert [line["action"] for line in lines] == ["question_parked", "question_ticked", "question_removed", "question_parked"]
    assert "Jansen" not in str(lines)


def test_they_are_in_a_backup(workspace: Workspace, tmp_path: Path) -> None:
    parked.park(ME, workspace, "Wat doet de cao?")
    made = keeping.backup(LOCAL, workspace, tmp_path / "safe")
    with open_store(made.file) as copy:
        assert copy.parked(ME.who)["text"].tolist() == ["Wat doet de cao?"]


def test_they_do_not_stand_on_other_data(workspace: Workspace) -> None:
    """A saved scenario is not of before for a question that was parked."""
    before = workspace.store.fingerprint()
    parked.park(ME, workspace, "Wat doet de cao?")
    assert workspace.store.fingerprint() == before


def ticks(app: AppTest) -> list[str]:
    return [str(button.key) for button in app.button if str(button.key).startswith("_tick_")]


@pytest.mark.parametrize("lang", ["NL", "EN"])
def test_the_next_visit_shows_them_again_and_a_decision_takes_them_along(lang: str, full: Path) -> None:
    words, text = Words(lang.lower()), f"Wat doet de *cao* ({lang})?"
    app = launch("meeting", lang)
    app.text_input(key="_park").set_value(text).run()
    app.button(key="_agenda_6").click().run()
    app.multiselect(key="_doubted").set_value(["fill_rate"]).run()
    assert app.text_input(key="_park").value == ""
    again = launch("meeting", lang)  # another window
    with Workspace.open(full, reading=True) as workspace:
        (number,) = (one.number for one in parked.questions(LOCAL, workspace) if one.text == text)
    assert again.button(key=f"_tick_{number}")
    assert any(text.replace("*", r"\*") in line.value for line in again.markdown)
    again.button(key="_agenda_6").click().run()
    assert again.multiselect(key="_doubted").value == ["fill_rate"]
    again.text_area(key="_decision").set_value(f"Besluit {lang}")
    next(button for button in again.button if button.label == words("meeting.decide")).click().run()
    assert not again.exception
    with Workspace.open(full, reading=True) as workspace:
        log = decisions.decisions(LOCAL, workspace)
        assert (log.iloc[0]["parked"], log.iloc[0]["doubts"]) == ([text], [words("lever.fill_rate.label")])
        found = outlook.outlook(LOCAL, workspace, Scenario())
        slides = list(Presentation(io.BytesIO(deck(words, found, outlook.basis(LOCAL, workspace), CALM, None, log))).slides)
    assert any(text in texts_of(slide) for slide in slides)
    again.button(key=f"_tick_{number}").click().run()
    assert f"_tick_{number}" not in ticks(again)
    again.button(key=f"_back_{number}").click().run()
    assert f"_tick_{number}" in ticks(again)
    again.button(key=f"_drop_{number}").click().run()
    assert f"_tick_{number}" not in ticks(again)
    again.button(key="_back_gone").click().run()
    assert ticks(again)
    assert not again.exception
    for key in ticks(again):  # for the next language
        again.button(key=key).click().run()
    again.multiselect(key="_doubted").set_value([]).run()
    with Workspace.open(full, reading=True) as workspace:
        assert (texts(LOCAL, workspace), parked.doubts(LOCAL, workspace)) == ([], ())

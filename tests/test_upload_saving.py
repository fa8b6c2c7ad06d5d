"""The press that saves an upload: refused, overtaken by somebody else, and what stands on the page meanwhile."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from presentation import session
from presentation.controls import storing, ticking
from tests.test_pages import SMALL, launch
from workflows import importing
from workflows.types import Viewer

OTHER = SMALL.with_name("klein_bedrijf.xlsx")


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """A file that was read and may be saved."""
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(tmp_path / "w.duckdb"))
    app = launch("upload")
    app.file_uploader[0].upload(SMALL.name, SMALL.read_bytes())
    app.run()
    return app


def test_the_bar_goes_on_moving_while_it_is_saved_and_is_never_full_before_the_end() -> None:
    told: list[float] = []
    with ticking.moving(told.append, 0.2, 0.6, 0.5):
        while len(told) < 4:
            time.sleep(0.02)
    ended = len(told)
    assert told == sorted(set(told)), "further every time"
    assert (told[0], told[-1] < 0.6) == (0.2, True)
    with pytest.raises(ValueError, match="not stored"), ticking.moving(told.append, 0.6, 1.0, 0.1):
        raise ValueError("not stored")
    assert len(told) == ended + 1, "nobody ticks on after what was done was refused"


def test_what_was_saved_is_said_and_no_longer_that_nothing_changes_yet(ready: AppTest) -> None:
    said = [item.value for item in ready.markdown] + [item.value for item in ready.caption]
    assert any("U ziet eerst" in text for text in said)
    ready.button(key="save").click().run()
    assert ready.success
    said = [item.value for item in ready.markdown] + [item.value for item in ready.caption]
    assert not any("U ziet eerst wat er is herkend en" in text for text in said)
    assert any(text.startswith("Opgeslagen. Van een volgend bestand") for text in said)


def _somebody_else_stores() -> None:
    """For the same day, in the same process."""
    workspace = session.workspace()
    importing.save(Viewer.local(), workspace, importing.check(Viewer.local(), workspace, OTHER, OTHER.name))


def test_what_is_refused_at_the_last_moment_is_said_beside_the_button_and_can_be_tried_again(ready: AppTest, tmp_path: Path) -> None:
    _somebody_else_stores()
    key = next(tmp_path.glob("*.key"))
    away = key.rename(key.with_suffix(".away"))
    ready.run()  # read again, now beside what somebody else stored
    ready.checkbox(key="_replace").check().run()
    ready.button(key="save").click().run()
    assert not ready.exception
    assert len(ready.error) == 1
    assert not ready.success
    assert [button for button in ready.button if button.key == "save"], "the steps are still there"
    away.rename(key)
    ready.button(key="save").click().run()
    assert ready.success
    assert not ready.error


@pytest.mark.slow
def test_a_press_is_about_what_stood_there_and_not_about_what_somebody_else_stored_since(ready: AppTest) -> None:
    _somebody_else_stores()
    before = session.workspace().store.fingerprint()
    ready.button(key="save").click().run()
    assert not ready.success
    assert session.workspace().store.fingerprint() == before, "the difference with the new snapshot is shown first"
    assert storing.PRESSED not in ready.session_state
    ready.checkbox(key="_replace").check().run()
    ready.button(key="save").click().run()
    assert ready.success

"""The press that saves an upload: refused, overtaken by somebody else, and what stands on the page meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from presentation import session
from presentation.controls import storing
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

"""Copies as buttons, and an app that starts on a file it cannot open: a message, a button, nothing thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from tests.test_importing import workbook
from tests.test_pages import APP
from tests.waiting import LIMIT
from workflows import importing, keeping
from workflows.types import Viewer
from workflows.workspace import Workspace

pytestmark = pytest.mark.usefixtures("pages_alone")
LOCAL = Viewer.local()


def start(page: str = "") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=LIMIT)
    app.query_params["lang"] = "EN"
    app.run()
    if page:
        app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, [item.value for item in app.exception]
    return app


def bring(workspace: Workspace, folder: Path, people: int, year: int) -> None:
    file = workbook(folder / f"{year}.xlsx", people)
    importing.save(LOCAL, workspace, importing.check(LOCAL, workspace, file, file.name, as_of=date(year, 1, 1)))


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve people, backed up; then a second year on top."""
    folder = tmp_path_factory.mktemp("rescue")
    with Workspace.open(folder / "data" / "w.duckdb") as workspace:
        bring(workspace, folder, 12, 2025)
        keeping.backup(LOCAL, workspace)
        bring(workspace, folder, 9, 2026)
    return folder / "data"


@pytest.fixture
def database(two_years: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(two_years, tmp_path / "data")
    path = tmp_path / "data" / "w.duckdb"
    monkeypatch.setenv("WERKHORIZON_DATABASE", str(path))
    return path


def damage(path: Path, kind: str) -> None:
    if kind == "text":
        path.write_text("this is a letter, not a database\n" * 100)
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "cut off":
        path.write_bytes(path.read_bytes()[:60_000])
    elif kind == "flipped":
        data = bytearray(path.read_bytes())
        data[4096 + 20] ^= 0xFF
        data[8192 + 20] ^= 0xFF
        path.write_bytes(bytes(data))
    elif kind == "newer":
        with duckdb.connect(str(path)) as other:
            other.execute("INSERT INTO schema_version VALUES (9999, now())")
    elif kind == "of another program":
        path.unlink()
        with duckdb.connect(str(path)) as other:
            other.execute("CREATE TABLE theirs AS SELECT 42 AS answer")
    elif kind == "log damaged":
        kill = "import os, sys, duckdb\nc = duckdb.connect(sys.argv[1])\n"
        kill += "c.execute(\"INSERT INTO setting SELECT 'x' || range, 'y' FROM range(9000)\")\nos._exit(0)"
        subprocess.run([sys.executable, "-c", kill, str(path)], check=True)
        wal = path.with_name(path.name + ".wal")
        data = bytearray(wal.read_bytes())
        data[len(data) // 2] ^= 0x55
        wal.write_bytes(bytes(data))


LONGER = [pytest.param(kind, marks=pytest.mark.slow) for kind in ("text", "empty", "flipped", "newer", "of another program")]
"""The store tells these apart in quick tests of its own (`tests/test_store_*.py`); here the app is started on each."""


@pytest.mark.parametrize("kind", ["cut off", "log damaged", *LONGER])
def test_the_app_starts_on_a_bad_file_and_a_button_puts_the_copy_back(kind: str, database: Path) -> None:
    damage(database, kind)
    before = database.read_bytes()
    app = start()
    assert app.title[0].value == "The data cannot be opened"
    assert "w.duckdb" in app.error[0].value
    assert database.read_bytes() == before
    assert app.button(key="put_back").disabled
    app.checkbox(key="copy_meant").check().run()
    app.button(key="put_back").click().run()
    assert not app.exception
    assert not app.error
    kept = list((database.parent / "backup").glob("w-before-restore-*.duckdb"))
    assert [file.read_bytes() for file in kept] == [before]
    assert (kept[0].with_name(kept[0].name + ".wal")).exists() == (kind == "log damaged")
    app = start("upload")
    assert [row["as_of"] for row in importing.snapshots(LOCAL, _workspace())] == [date(2025, 1, 1)]


def _workspace() -> Workspace:
    from presentation import session

    return session.workspace()


def test_without_a_copy_the_app_says_where_to_put_one(database: Path) -> None:
    shutil.rmtree(database.parent / "backup")
    damage(database, "text")
    app = start()
    assert not [button for button in app.button if button.key == "put_back"]
    assert any("There is no back-up" in text.value for text in app.markdown)


def test_backup_and_restore_are_buttons_for_who_may(database: Path) -> None:
    app = start("access")
    app.button(key="make_backup").click().run()
    assert any("has been made and checked" in said.value for said in app.success)
    assert 0 <= _workspace().ready().backup_hours < 1
    copies = sorted((database.parent / "backup").glob("w-2*.duckdb"))
    assert len(copies) == 2
    app.selectbox(key="copy_chosen").select_index(1)
    app.checkbox(key="copy_meant").check().run()
    app.button(key="put_back").click().run()
    assert not app.exception
    assert any("has been put back" in said.value for said in app.success)
    assert [row["as_of"] for row in importing.snapshots(LOCAL, _workspace())] == [date(2025, 1, 1)]
    assert start("overview").title[0].value != "There are no data yet"


@pytest.mark.slow
def test_other_sessions_go_on_with_the_restored_data(database: Path) -> None:
    """A second window that was open before the restore shows the restored people at its next click, not an error."""
    first, second = start("access"), start("overview")
    assert any("9 people counted" in text.value for text in second.caption)
    first.checkbox(key="copy_meant").check().run()
    first.button(key="put_back").click().run()
    second.run()
    assert not second.exception
    assert any("12 people counted" in text.value for text in second.caption)


def test_a_lost_import_is_said_on_every_page_until_something_is_stored(database: Path, tmp_path: Path) -> None:
    older = tmp_path / "older.duckdb"
    shutil.copy(database, older)
    with Workspace.open(database) as workspace:
        bring(workspace, tmp_path, 8, 2027)
    os.replace(older, database)
    app = start("ageing")
    assert any("missing from the data" in said.value for said in app.error)
    bring(_workspace(), tmp_path, 8, 2027)
    assert not start("ageing").error


def test_answers_after_a_restore_are_never_those_of_the_undone_future(database: Path, tmp_path: Path) -> None:
    """Numbers of imports come a second time after a restore; answers kept for the first time must not be given again."""
    with Workspace.open(database) as workspace:
        bring(workspace, tmp_path, 5, 2027)
        seen = workspace.store.fingerprint()
        keeping.restore(LOCAL, workspace, keeping.backups(LOCAL, workspace)[0])
        bring(workspace, tmp_path, 6, 2026)
        bring(workspace, tmp_path, 7, 2027)
        assert workspace.store.fingerprint() != seen
        assert [row["people"] for row in importing.snapshots(LOCAL, workspace)] == [12, 6, 7]

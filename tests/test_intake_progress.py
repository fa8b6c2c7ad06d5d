"""How far a reading is, told while it happens; and stopped at any moment it leaves no process, no file and nothing stored."""

from __future__ import annotations

import tempfile
from pathlib import Path

import psutil
import pytest

from intake import Options
from intake.grid import column_letter
from tests.intake_files import HEADERS, SHEET, read, rewrite, workbook
from workflows import importing
from workflows.types import Viewer
from workflows.workspace import Workspace

STEPS = ("look", "read", "recognise", "check", "done")


@pytest.fixture(scope="module")
def long_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 000 people and 14 columns nobody needs: a sheet of some fifteen megabytes."""
    free = "".join(f'<c r="{column_letter(6 + at)}{{0}}"><v>{{0}}</v></c>' for at in range(14))
    texts = ("1980-05-17", "2010-03-01", "Zorg", "Functie")
    cells = "".join(f'<c r="{"BCDE"[at]}{{0}}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in enumerate(texts))
    line = f'<row r="{{0}}"><c r="A{{0}}"><v>{{0}}</v></c>{cells}<c r="F{{0}}"><v>0.8</v></c>{free}</row>'
    body = "".join(line.format(number) for number in range(2, 12_002)).encode()
    path = workbook(tmp_path_factory.mktemp("long") / "lang.xlsx", [[*HEADERS, *(f"Vrij veld {number}" for number in range(14))]])
    return rewrite(path, {SHEET: lambda xml: xml.replace(b"</sheetData>", body + b"</sheetData>")})


def test_the_share_grows_while_the_file_is_looked_at_and_read(long_list: Path) -> None:
    told: list[tuple[str, float]] = []
    read(long_list, progress=lambda step, share: told.append((step, share)))
    assert tuple(dict.fromkeys(step for step, _ in told)) == STEPS
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    looked = [share for step, share in told if step == "look"]
    assert len(set(looked)) >= 5
    assert len([step for step, _ in told if step == "read"]) >= 2


class Stopped(Exception):
    """What a screen raises when its visitor stops or leaves."""


@pytest.mark.parametrize("at", STEPS)
def test_stopped_at_any_step_nothing_is_left(long_list: Path, at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def tell(step: str, _share: float) -> None:
        if step == at:
            raise Stopped

    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        before = {child.pid for child in psutil.Process().children(recursive=True)}
        with pytest.raises(Stopped):
            importing.check(Viewer.local(), workspace, long_list, "lang.xlsx", Options(progress=tell))
        assert {child.pid for child in psutil.Process().children(recursive=True)} <= before
        assert not list(tmp_path.glob("werkhorizon-*"))
        assert importing.snapshots(Viewer.local(), workspace) == []

"""Who in a file counts on its day is told in the user's language, on the command line and beside the saved message."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import cli
from intake import Options, read_file
from presentation.standing import standing_lines
from presentation.texts import Words
from tests.calling import run
from tests.intake_files import workbook
from workflows import importing
from workflows.standing import Standing
from workflows.types import Viewer
from workflows.workspace import Workspace

HEADERS = ["Personeelsnummer", "Geboortedatum", "Datum in dienst", "Datum uit dienst", "Afdeling", "Functie", "Soort contract"]
DAY = date(2026, 1, 1)
FLEX = {"flex": 1, "flex_fte": 1.0, "flex_ends": 0, "flex_cost": None}
KEPT, GONE, TODAY, COMING, AGENCY = (
    (date(2010, 1, 1), None, "Onbepaalde tijd"),
    (date(2010, 1, 1), date(2025, 6, 1), "Onbepaalde tijd"),
    (date(2010, 1, 1), DAY, "Onbepaalde tijd"),
    (date(2026, 3, 1), None, "Bepaalde tijd"),
    (date(2024, 1, 1), None, "Uitzendkracht"),
)
"""Hired, left, contract; who leaves on the day itself is no longer there."""


def file_of(path: Path, *people: tuple[date, date | None, str]) -> Path:
    rows = [[f"{100 + at}", date(1980, 5, 1 + at), hire, leave, "W", "Monteur", kind] for at, (hire, leave, kind) in enumerate(people)]
    return workbook(path, [HEADERS, *rows])


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    return file_of(tmp_path / "a.xlsx", KEPT, KEPT, KEPT, GONE, TODAY, COMING, AGENCY)


def test_everybody_is_counted_once_and_the_active_are_those_of_the_report(mixed: Path) -> None:
    result = read_file(mixed, mixed.name, Options(as_of=DAY))
    found = Standing.of(result.frames["employees"])
    assert found == Standing(DAY, active=3, left=2, later=1, flex=1, flex_fte=1.0)
    assert found.active == result.main.active
    assert found.active + found.left + found.later + found.flex == result.main.people == 7


def test_import_says_why_fewer_people_count_than_were_read(mixed: Path, tmp_path: Path) -> None:
    arguments = [str(mixed), "--as-of", "2026-01-01", "--database", str(tmp_path / "w.duckdb")]
    told = CliRunner().invoke(cli, ["import", *arguments]).stdout.splitlines()
    assert told[1:6] == [
        "3 mensen zijn op 1 januari 2026 in dienst en tellen mee in de cijfers.",
        "2 mensen zijn dan al vertrokken.",
        "1 mens begint na die dag.",
        "1 mens werkt er via een ander bedrijf of als zelfstandige en staat apart.",
        "Samen is dat 1 fte; bij 0 van hen eindigt de inzet binnen een jaar.",
    ]
    english = CliRunner().invoke(cli, ["check", *arguments, "--language", "en"]).stdout
    assert "2 people have already left by then." in english
    body, _ = run("check", mixed, "--as-of", "2026-01-01")
    assert body["standing"] == {"as_of": "2026-01-01", "active": 3, "left": 2, "later": 1} | FLEX


def test_agency_workers_stand_apart_with_their_end_and_their_cost(tmp_path: Path) -> None:
    headers = [*HEADERS[:3], "Afdeling", "Functie", "Soort contract", "Einddatum contract", "Uurtarief", "FTE"]
    hired = [
        [f"{at}", date(1980, 5, 1 + at), date(2024, 1, 1), "W", "Monteur", kind, end, 50, 0.5]
        for at, (kind, end) in enumerate(
            [("ZZP", date(2026, 6, 1)), ("Detachering", date(2028, 1, 1)), ("Uitzendkracht", None), ("Uitzendkracht", date(2025, 9, 1))]
        )
    ]
    own = [[f"{10 + at}", date(1980, 5, 1 + at), date(2010, 1, 1), "W", "Monteur", "Onbepaalde tijd", None, None, 1] for at in range(6)]
    path = workbook(tmp_path / "a.xlsx", [headers, *hired, *own])
    found = Standing.of(read_file(path, path.name, Options(as_of=DAY)).frames["employees"])
    assert found == Standing(DAY, active=6, left=0, later=0, flex=4, flex_fte=2.0, flex_ends=2, flex_cost=4 * 50 * 52 * 20)
    assert standing_lines(Words("nl"), found)[-1].startswith("Volgens het bestand kosten zij samen 208.000 euro per jaar")
    with Workspace.open(tmp_path / "w.duckdb") as workspace:
        hr = Viewer.local()
        importing.save(hr, workspace, importing.check(hr, workspace, path, path.name, Options(as_of=DAY)))
        known = workspace.store.means(DAY)
        assert (known.hired["people"].sum(), known.hired["fte"].sum()) == (3, 1.5), "one assignment was over on the day itself"
        assert workspace.store.cohorts(DAY).frame["people"].sum() == 6, "they are in no group that can retire or leave"


def test_nothing_is_said_when_everybody_counts(tmp_path: Path) -> None:
    result = read_file(file_of(tmp_path / "a.xlsx", KEPT, KEPT), "a.xlsx", Options(as_of=DAY))
    assert standing_lines(Words("nl"), Standing.of(result.frames["employees"])) == []
    assert standing_lines(Words("nl"), Standing.of(None)) == []

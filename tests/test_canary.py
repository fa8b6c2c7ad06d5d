"""Two hundred marked values go in with an upload; outside the tables about people not one of them is found again."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from cli import cli
from store.db import Database

PEOPLE, MARKED = 60, 50
PERSON_TABLES = {"employment", "cell", "person", "departure", "skill_record", "wish", "training_done", "conversation", "own_skill", "link"}


def names() -> list[str]:
    return [f"Kanarie{n:02}qz van Zangvogel{n:02}" for n in range(MARKED)]


def ids() -> list[str]:
    """Twelve digits each: six of them stand in some keyed hash of a run in a hundred, by chance."""
    return [f"KQ{734501_380117 + 37_000_013 * n}" for n in range(MARKED)]


def salaries() -> list[float]:
    return [round(41_003.17 + 191.37 * n, 2) for n in range(MARKED)]


def births() -> list[date]:
    return [date(1961, 3, 17) + timedelta(days=227 * n) for n in range(MARKED)]


def written(path: Path) -> Path:
    """A staff list as an HR system exports it, with the columns that must not be kept beside those that are needed."""
    rng = np.random.default_rng(3)
    book = Workbook()
    sheet = book.active
    sheet.append(
        [
            "Personeelsnummer",
            "Naam",
            "BSN",
            "E-mail",
            "Geboortedatum",
            "Datum in dienst",
            "Afdeling",
            "Functie",
            "Deeltijdfactor",
            "Bruto jaarsalaris",
        ]
    )
    marked = list(zip(ids(), names(), births(), salaries(), strict=True))
    plain = [(f"P{n}", f"Iemand {n}", date(1980, 1, 1) + timedelta(days=90 * n), 40_000.0) for n in range(PEOPLE - MARKED)]
    for number, (key, name, birth, salary) in enumerate([*marked, *plain]):
        mail = f"{name.split()[0].lower()}@zangvogel.example"
        unit, role = ("Werkplaats", "Monteur") if number % 2 else ("Kantoor", str(rng.choice(["Planner", "Adviseur"])))
        sheet.append([key, name, 111222333 + number, mail, birth, date(2012, 5, 1), unit, role, 0.9, salary])
    book.save(path)
    return path


def spellings(kind: str) -> list[str]:
    """Every way in which a marked value might be written down."""
    if kind == "names":
        return [part.lower() for name in names() for part in (name.split()[0], name.split()[2])]
    if kind == "ids":
        return [key.lower() for key in ids()] + [key[2:] for key in ids()]
    if kind == "salaries":
        return [text for amount in salaries() for text in (str(amount), f"{amount:.2f}", f"{amount:.2f}".replace(".", ","))]
    return [text for day in births() for text in (day.isoformat(), f"{day:%d-%m-%Y}", f"{day:%Y%m%d}")]


LONG_DECIMALS = re.compile(r"(?<=\d\.)\d{9,}")
KINDS = ("names", "ids", "salaries", "births")


def found(text: str, kind: str) -> list[str]:
    """Marked values in a text. Not in a long row of decimals: among a few thousand computed digits any six stand somewhere by chance."""
    lowered = LONG_DECIMALS.sub("", text.lower())
    return [value for value in spellings(kind) if value in lowered]


def unpacked(content: bytes) -> str:
    """Text of a file; of an Office file the text of all its parts, also of workbooks inside it."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "\n".join(unpacked(parts.read(name)) for name in parts.namelist())


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The folder after an import and all that was said, by command."""
    folder = tmp_path_factory.mktemp("canary")
    upload = written(tmp_path_factory.mktemp("upload") / "personeel.xlsx")
    database = folder / "data" / "firm.duckdb"
    said: dict[str, str] = {}

    def ask(*words: str, viewer: str = "hr") -> str:
        result = CliRunner().invoke(cli, [*words, "--database", str(database), "--viewer", viewer])
        assert result.exit_code == 0, result.output
        said[f"{viewer} {' '.join(words[:1] + words[2:])}"] = result.output
        return result.output

    report = json.loads(ask("import", str(upload), "--as-of", "2026-01-01", "--json"))
    assert report["rows_kept"] == PEOPLE
    assert {"birth_date", "salary"} <= set(report["mapping"])
    ask("check", str(upload), "--as-of", "2026-01-01", "--json")
    for viewer in ("hr", "director"):
        ask("snapshots", "--json", viewer=viewer)
        ask("project", "--by", "unit,role", "--json", viewer=viewer)
        ask("retirements", "--by", "unit,role", "--json", viewer=viewer)
        ask("deck", str(folder / f"{viewer}.pptx"), viewer=viewer)
        ask("workbook", str(folder / f"{viewer}.xlsx"), viewer=viewer)
    return database, said


def tables(path: Path) -> Iterator[tuple[str, str]]:
    """Every table of the database as text."""
    database = Database(path, read_only=True)
    try:
        with database.read() as cursor:
            for (name,) in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                yield name, cursor.execute(f'SELECT * FROM "{name}"').df().to_csv()
    finally:
        database.close()


@pytest.mark.parametrize("kind", KINDS)
def test_the_search_finds_what_is_there(kind: str, tmp_path: Path) -> None:
    """A search that cannot find anything proves nothing: in the upload itself every value is found, or its serial number is."""
    frame = pd.DataFrame({"a": {"names": names(), "ids": ids(), "salaries": salaries(), "births": births()}[kind]})
    frame.to_excel(tmp_path / "all.xlsx", index=False, engine="openpyxl")
    plain = frame["a"].astype(str).str.cat(sep=" ")
    assert len(set(found(plain, kind))) >= MARKED
    if kind in ("names", "ids"):
        assert len(set(found(unpacked((tmp_path / "all.xlsx").read_bytes()), kind))) >= MARKED


@pytest.mark.parametrize("kind", KINDS)
def test_marked_values_stand_in_person_tables_only(kind: str, loaded: tuple[Path, dict[str, str]]) -> None:
    database, _ = loaded
    told = {name: len(text.splitlines()) - 1 for name, text in tables(database)}
    assert told["told_person"] == PEOPLE  # the copy that others than HR are told from is among them
    for name, text in tables(database):
        here = found(text, kind)
        if kind in ("names", "ids"):
            assert not here, name  # an id is kept as a keyed hash
        elif name not in PERSON_TABLES:
            assert not here, name


@pytest.mark.parametrize("kind", KINDS)
def test_no_side_file_log_export_or_copy_holds_a_marked_value(kind: str, loaded: tuple[Path, dict[str, str]]) -> None:
    """The re-link file may hold ids, for HR alone; the database and its reading copy are looked at table by table."""
    database, _ = loaded
    looked = 0
    for path in sorted(database.parent.parent.rglob("*")):
        if not path.is_file() or path.suffix == ".duckdb" or ".duckdb.read" in path.name:
            continue
        here = found(unpacked(path.read_bytes()), kind)
        assert not here or (kind == "ids" and path.name.endswith(".relink")), path.name
        looked += 1
    assert looked >= 6
    raw = b"".join(path.read_bytes() for path in database.parent.rglob("*") if path.is_file() and not path.name.endswith(".relink"))
    if kind in ("names", "ids"):
        assert not found(raw.decode("latin-1"), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_no_command_prints_a_marked_value(kind: str, loaded: tuple[Path, dict[str, str]]) -> None:
    _, said = loaded
    for command, text in said.items():
        assert not found(text, kind), command


def test_the_way_back_is_readable_by_its_owner_alone(loaded: tuple[Path, dict[str, str]]) -> None:
    for suffix in (".key", ".relink"):
        file = next(loaded[0].parent.glob(f"*{suffix}"))
        assert file.stat().st_mode & 0o077 == 0

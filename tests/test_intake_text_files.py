"""Text files in every encoding and delimiter, with quotes, marks and repeated headers. Numbers: docs/import_faults.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake_files import HEADERS, csv_file, found, people, read

ENCODINGS, DELIMITERS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"), (";", ",", "\t", "|")
PAIRS = [
    pytest.param(encoding, delimiter, marks=[pytest.mark.slow] * (number % 4 != place))
    for number, encoding in enumerate(ENCODINGS)
    for place, delimiter in enumerate(DELIMITERS)
]
"""Every encoding and every delimiter once in the fast suite, each with each in the slow one."""


@pytest.mark.parametrize(("encoding", "delimiter"), PAIRS)
def test_19_csv_in_every_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [list(row) for row in people(8)]
    rows[2][3] = f"Zorg{delimiter} Coördinatie"
    result = read(csv_file(tmp_path / "a.csv", [HEADERS, *rows], delimiter, encoding))
    assert result.main.people == 8
    assert result.frames["employees"]["unit"].iloc[2] == " ".join(f"Zorg{delimiter} Coördinatie".split())


def test_19_quotes_inside_names(tmp_path: Path) -> None:
    units = {1: '"Zorg ""Noord"""', 0: 'Zorg "Zuid"'}
    lines = [f"{number};0{number}-05-1970;13-01-2010;{units[number % 2]};Functie;1" for number in range(1, 9)]
    (tmp_path / "a.csv").write_text("\r\n".join([";".join(HEADERS), *lines]))
    result = read(tmp_path / "a.csv")
    assert result.frames["employees"]["unit"].tolist() == ['Zorg "Noord"', 'Zorg "Zuid"'] * 4


def test_19_csv_with_merge_marks_repeated_headers_and_mixed_ends(tmp_path: Path) -> None:
    lines = [
        ";".join(HEADERS),
        "1;01-02-1970;01-02-2010;Zorg;A;1",
        "<<<<<<< HEAD;;;;;",
        "2;13-02-1971;01-02-2010;Zorg;A;1",
        ";".join(HEADERS),
        "=======",
        "3;01-02-1972;01-02-2010;Zorg;B;1",
        ">>>>>>> oud",
    ]
    (tmp_path / "a.csv").write_bytes(b"\n".join(line.encode() + (b"\r" if n % 2 else b"") for n, line in enumerate(lines)))
    result = read(tmp_path / "a.csv")
    assert (result.main.people, result.main.rows_read) == (3, 3)
    assert found(result, "conflict_marks").rows == (3, 6, 8)
    assert found(result, "repeated_header").rows == (5,)

"""Broken and hostile files (docs/import_faults.md, 8 and on): refused with a reason and in time, or read as harmless as they are."""

from __future__ import annotations

import random
import zipfile
from datetime import date
from pathlib import Path

import pytest

from analytics.errors import Refusal
from intake import Options, read_file
from intake.guard import inspect
from tests.hostile_files import GRACE, refused
from tests.intake_files import (
    HEADERS,
    SHEET,
    csv_file,
    in_xml,
    people,
    read,
    rewrite,
    staff,
    workbook,
    zip_bytes,
)


def test_08_long_formulas_and_cells_are_never_evaluated(tmp_path: Path) -> None:
    formula = b"(" * 60_000 + b"1" + b")" * 60_000
    rows = workbook(tmp_path / "a.xlsx", staff(3))
    cell = b'<c r="J2"><f>' + formula + b'</f><v>1</v></c></row><row r="3"'
    assert read(rewrite(rows, {SHEET: in_xml(rb'</row><row r="3"', cell)})).main.people == 3
    inline = (
        b'<row r="9"><c r="A9" t="inlineStr"><is><t>'
        + random.Random(1).randbytes(500_000).hex().encode()
        + b"</t></is></c></row></sheetData>"
    )
    assert (
        read(rewrite(workbook(tmp_path / "b.xlsx", staff(3)), {SHEET: lambda xml: xml.replace(b"</sheetData>", inline)})).main.people == 3
    )


def test_09_macros_and_links_are_dropped_and_named(tmp_path: Path) -> None:
    for name in ("a.xlsm", "renamed.xlsx"):
        path = rewrite(
            workbook(tmp_path / name, staff(3)),
            {},
            {"xl/vbaProject.bin": b"macro", "xl/externalLinks/externalLink1.xml": b"<externalLink/>"},
        )
        result = read(path)
        assert result.main.people == 3
        assert {"macros_dropped", "external_links_dropped"} <= {finding.reason for finding in result.main.findings}


ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 2000


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("encrypted.xlsx", ENCRYPTED, "encrypted"),
        ("web.xls", b"<html><body><table><tr><td>Personeelsnummer</td></tr></table></body></html>", "html_table"),
        ("xml.xls", b'<?xml version="1.0"?><Workbook/>', "html_table"),
        ("program.xlsx", b"MZ\x90\x00" + bytes(range(256)) * 20, "not_a_workbook"),
        ("pickle.csv", b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.", "not_a_workbook"),
        ("random.xlsx", bytes((n * 7 + n // 3) % 256 for n in range(5000)), "not_a_workbook"),
        ("polyglot.csv", b"Personeelsnummer;Geboortedatum\r\n1;01-01-1980\r\n" + zip_bytes({"a.xml": b"<a/>"}), "not_a_workbook"),
        ("word.xlsx", zip_bytes({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>"}), "not_a_workbook"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "not_a_workbook"),
        ("ole.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 3000, "not_a_workbook"),
        (
            "biff.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "Workbook".encode("utf-16-le") + b"\x00" * 3000,
            "not_a_workbook",
        ),
        ("empty.xlsx", b"", "empty_file"),
        ("blank.csv", b"\r\n  \r\n", "empty_file"),
        ("nul.csv", b"Personeelsnummer;Geboortedatum\r\n1\x00;01-01-1980\r\n2;01-01-1981\r\n" * 30, "csv_not_a_table"),
    ],
)
def test_09_11_content_decides_what_a_file_is(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with refused(code):
        read(tmp_path / name)


def test_09_a_zip_entry_marked_as_encrypted(tmp_path: Path) -> None:
    data = bytearray(workbook(tmp_path / "a.xlsx", staff()).read_bytes())
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1
    (tmp_path / "a.xlsx").write_bytes(data)
    with refused("encrypted"):
        read(tmp_path / "a.xlsx")


def test_10_paths_that_leave_the_workbook(tmp_path: Path) -> None:
    for extra in ("../../etc/cron.d/x", "/etc/passwd", "xl/..\\..\\x.xml", "C:/x.xml"):
        with refused("hostile_file"):
            read(rewrite(workbook(tmp_path / "a.xlsx", staff()), {}, {extra: b"<a/>"}))
    link = rewrite(
        workbook(tmp_path / "b.xlsx", staff()),
        {"xl/_rels/workbook.xml.rels": in_xml(rb'Target="[^"]*sheet1.xml"', b'Target="../../../etc/passwd"')},
    )
    with refused("hostile_file"):
        read(link)
    shown = read_file(workbook(tmp_path / "c.xlsx", staff(3)), "..\u202e/" + "x" * 300 + "\x00.xlsx", Options(as_of=date(2026, 1, 1)))
    assert len(shown.main.file) <= 100
    assert shown.main.file.isprintable()


def test_11_duplicate_parts_and_cut_off_files(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", staff())
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, b"<worksheet/>")
    with refused("hostile_file"):
        read(path)
    whole = workbook(tmp_path / "b.xlsx", staff()).read_bytes()
    for share in (0.1, 0.5, 0.9, 0.99):
        (tmp_path / "cut.xlsx").write_bytes(whole[: int(len(whole) * share)])
        with refused("not_a_workbook"):
            read(tmp_path / "cut.xlsx")


def test_11_flipped_bits_are_refused_or_harmless(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", staff()).read_bytes()
    codes = set()
    for place in range(40, len(whole), len(whole) // 25):
        flipped = bytearray(whole)
        flipped[place] ^= 0x10
        (tmp_path / "b.xlsx").write_bytes(flipped)
        try:
            assert read(tmp_path / "b.xlsx").main.people == 20
        except Refusal as refusal:
            codes.add(refusal.code)
    assert codes
    assert codes <= {"not_a_workbook", "hostile_file", "encrypted", "empty_file"}


TEXTS = (
    "=cmd|' /C calc'!A0",
    "+31 6 1234",
    "-2+3",
    "@SUM(1)",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "$\\LaTeX$",
    "%{customdata}",
    "'); DROP TABLE people; --",
)


def test_12_13_14_texts_stay_texts(tmp_path: Path) -> None:
    rows = [[*row[:3], text, text, row[5]] for row, text in zip(people(3 * len(TEXTS)), TEXTS * 3, strict=True)]
    frame = read(csv_file(tmp_path / "a.csv", [HEADERS, *rows], delimiter="|")).frames["employees"]
    assert frame["unit"].tolist() == frame["role"].tolist() == [*TEXTS] * 3
    headed = [[*HEADERS, *TEXTS], *([*row, *["x"] * len(TEXTS)] for row in people(3))]
    assert read(workbook(tmp_path / "b.xlsx", {"Data'); --": headed})).main.people == 3


def test_15_control_direction_and_zero_width_characters(tmp_path: Path) -> None:
    units = ["Zorg\u200b", "\u202eZorg", "Zorg\u00a0", "Zo\u0301rg", "Zórg", "Z" + "\u0301" * 200, "👩‍⚕️ Zorg"]
    rows = [[*row[:3], unit, *row[4:]] for row, unit in zip(people(7), units, strict=True)]
    found = read(workbook(tmp_path / "a.xlsx", [HEADERS, *rows])).frames["employees"]["unit"].tolist()
    assert found[:5] == ["Zorg", "Zorg", "Zorg", "Zorg", "Zorg"]
    assert len(found[5]) < 10
    assert "👩" in found[6]
    nul = rewrite(workbook(tmp_path / "b.xlsx", staff()), {SHEET: lambda xml: xml.replace(b"<v>", b"<v>\x00", 1)})
    with refused("hostile_file"):
        read(nul)


def test_18_20_duplicate_and_missing_headers(tmp_path: Path) -> None:
    doubled = [[*HEADERS, "Afdeling", "FTE"], *([*row, "Anders", 0.1] for row in people(4))]
    result = read(workbook(tmp_path / "a.xlsx", doubled))
    assert result.frames["employees"]["unit"].tolist() == [row[3] for row in people(4)]
    assert [column.why for column in result.main.columns][-2:] == ["duplicate", "duplicate"]
    with refused("no_birth_date_or_age"):
        read(
            workbook(
                tmp_path / "b.xlsx", [["Personeelsnummer", "Datum in dienst", "FTE"], *([row[0], row[2], row[5]] for row in people(4))]
            )
        )
    with refused("no_table_found"):
        read(workbook(tmp_path / "c.xlsx", people(4)))
    with refused("header_only"):
        read(workbook(tmp_path / "d.xlsx", [HEADERS]))
    with refused("all_rows_invalid"):
        read(workbook(tmp_path / "e.xlsx", [HEADERS, *([row[0], "31-02-1980", *row[2:]] for row in people(4))]))
    with refused("country_unknown"):
        read(workbook(tmp_path / "f.xlsx", [[*HEADERS, "Land"], *([*row, "Atlantis"] for row in people(4))]))
    with refused("country_unknown"):
        read(workbook(tmp_path / "g.xlsx", staff(3)), country="Atlantis")


def test_19_circles_of_managers_do_not_hang(tmp_path: Path) -> None:
    rows = [[*row, f"{1 + number % 500:05d}"] for number, row in enumerate(people(500), start=1)]
    assert read(workbook(tmp_path / "a.xlsx", [[*HEADERS, "Manager ID"], *rows])).main.people == 500


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["Afdeling", "Jaar", "Aantal medewerkers", "FTE"], *[["Zorg", 2020 + n, 40, 35.5] for n in range(6)]], "statistics_not_people"),
        ([["Department", "Age group", "Headcount"], *[["IT", "30-40", 40] for _ in range(6)]], "statistics_not_people"),
        ([["Leeftijd", "Functie", "Aantal"], *[[30 + n, "Monteur", 4] for n in range(6)]], "statistics_not_people"),
        (
            [
                ["Personeelsnummer", "Begindatum verzuim", "Einddatum verzuim", "Reden ziekmelding"],
                *[[f"{n:04d}", date(2024, 1, 1), date(2024, 1, 9), "griep"] for n in range(6)],
            ],
            "absence_not_people",
        ),
        (
            [
                ["Employee ID", "Absence type", "Start Date", "End Date", "Days absent"],
                *[[f"{n:04d}", "Sick", date(2024, 1, 1), date(2024, 1, 9), 8] for n in range(6)],
            ],
            "absence_not_people",
        ),
    ],
)
def test_statistics_and_absence_are_no_staff_list(tmp_path: Path, rows: list[list[object]], code: str) -> None:
    with refused(code):
        read(workbook(tmp_path / "a.xlsx", rows))


def test_31_text_files_that_are_no_table(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_bytes(b"Personeelsnummer;" + b"x" * 5_000_000)
    with refused("csv_not_a_table"):
        read(tmp_path / "long.csv")
    (tmp_path / "endless.csv").write_bytes(b"Personeelsnummer;Naam\n1;" + b"x" * 20_000_000)
    with refused("csv_not_a_table"):
        inspect(tmp_path / "endless.csv")  # on the way: nobody decodes the whole of it first
    (tmp_path / "wide.csv").write_text(";".join(f"k{n}" for n in range(20_000)) + "\n" + ";" * 19_999 + "\n")
    with refused("csv_not_a_table"):
        read(tmp_path / "wide.csv")
    rows = [list(row) for row in people(80)]
    rows[3][4] = '"nooit gesloten'
    result = read(csv_file(tmp_path / "quote.csv", [HEADERS, *rows]))
    assert result.main.people == 80
    assert "csv_open_quote" in {finding.reason for finding in result.main.findings}
    lines = (
        csv_file(tmp_path / "mixed.csv", [HEADERS, *([*row[:3], "Coördinatie", *row[4:]] for row in people(9))]).read_bytes().split(b"\r\n")
    )
    lines[4] = lines[4].decode().encode("cp1252")
    (tmp_path / "mixed.csv").write_bytes(b"\r\n".join(lines))
    mixed = read(tmp_path / "mixed.csv")
    assert mixed.frames["employees"]["unit"].unique().tolist() == ["Coördinatie"]
    assert [finding.count for finding in mixed.main.findings if finding.reason == "csv_mixed_encoding"] == [1]


def test_options_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", staff(3))
    with refused("sheet_not_found"):
        read(path, sheet="Bestaat niet")
    with refused("mapping_header_missing"):
        read(path, mapping={"unit": "Bestaat niet"})
    with refused("mapping_field_unknown"):
        read(path, mapping={"shoe_size": "Afdeling"})
    assert read(path, mapping={"unit": "Functie"}).main.mapping["unit"] == "Functie"


def test_a_text_named_as_a_workbook_is_told_apart_from_a_table(tmp_path: Path) -> None:
    letter = tmp_path / "brief.xlsx"
    letter.write_text("Beste mensen,\n\nHierbij de lijst.\nGroet\n", encoding="utf-8")
    with refused("not_a_workbook", within=5 * GRACE):
        read(letter)
    table = csv_file(tmp_path / "export.xls", staff(8))
    assert read(table).main.people == 8, "systems that write text under the name of a workbook are read all the same"


def test_people_without_anything_about_their_age_are_told_so(tmp_path: Path) -> None:
    rows = [["Personeelsnummer", "Naam", "Functie", "Afdeling"], ["1", "A", "Monteur", "Zorg"], ["2", "B", "Monteur", "Zorg"]]
    with refused("no_birth_date_or_age", within=5 * GRACE):
        read(workbook(tmp_path / "a.xlsx", rows))


@pytest.mark.parametrize("header", ["Godsdienst", "Levensovertuiging", "Kerkgenootschap", "Seksuele geaardheid", "Huidskleur", "Religie"])
def test_21_beliefs_are_refused_by_name(tmp_path: Path, header: str) -> None:
    rows = [[*HEADERS, header], *([*row, f"geheim {at}"] for at, row in enumerate(people(12)))]
    result = read(workbook(tmp_path / "a.xlsx", rows))
    assert [column.use for column in result.main.columns if column.header == header] == ["sensitive"]
    assert "geheim" not in "".join(str(frame.to_dict()) for frame in result.frames.values())
    assert "geheim" not in str(result.main)

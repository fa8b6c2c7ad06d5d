"""Files made to break the reader (docs/import_faults.md, 1-7): refused with a reason and soon, or read as harmless as they are."""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from pathlib import Path

import pytest

from analytics.errors import Refusal
from intake import files, guard
from tests.hostile_files import GRACE, HOSTILE, LAUGHS, many_strings, refused, with_doctype, with_far_cell, worked
from tests.intake_files import SHEET, in_xml, raw_workbook, read, rewrite, sheet_xml, staff, with_cell, workbook


@pytest.mark.parametrize("what", HOSTILE)
def test_01_02_03_05_06_07_what_only_means_harm_is_refused(tmp_path: Path, what: str) -> None:
    make, code = HOSTILE[what]
    path = make(tmp_path / "a.xlsx")
    with refused(code):
        read(path)


@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "xl/theme/theme1.xml"]
)
@pytest.mark.parametrize(
    "doctype", [LAUGHS, b'<!DOCTYPE x SYSTEM "http://localhost:1/x.dtd">', b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>']
)
def test_03_every_doctype_is_refused(tmp_path: Path, part: str, doctype: bytes) -> None:
    with refused("hostile_file"):
        read(with_doctype(tmp_path / "a.xlsx", part, doctype))


def test_04_dimension_that_claims_the_whole_sheet(tmp_path: Path) -> None:
    path = rewrite(workbook(tmp_path / "a.xlsx", staff(3)), {SHEET: in_xml(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"')})
    assert read(path).main.people == 3


def test_05_far_cells_rows_and_references_outside_the_grid(tmp_path: Path) -> None:
    for reference, row, code in (
        ("XFD1048576", 1_048_576, "far_cell"),
        ("ZZZ99", 99, "hostile_file"),
        ("A2000000", 2_000_000, "hostile_file"),
        ("A99999999999", 1, "hostile_file"),
    ):
        with refused(code):
            read(with_far_cell(tmp_path / "a.xlsx", reference, row))


@pytest.mark.parametrize(
    "cell", ['<c t="n" r="XFD1048576">', '<c\nr="XFD1048576">', "<c r='XFD1048576'>", '<c r="&#88;FD1048576">', '<c r="xfd1048576">']
)
def test_05_a_far_cell_written_in_another_way_is_refused_too(tmp_path: Path, cell: str) -> None:
    far = f'<row r="1048576">{cell}<v>1</v></c></row></sheetData>'.encode()
    with refused("far_cell", "hostile_file"):
        read(rewrite(workbook(tmp_path / "a.xlsx", staff(3)), {SHEET: lambda xml: xml.replace(b"</sheetData>", far)}))


def test_05_the_far_cell_is_named(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c t="n" r="XFD1048576"><v>1</v></c></row></sheetData>'
    with pytest.raises(Refusal) as caught:
        read(rewrite(workbook(tmp_path / "a.xlsx", staff(3)), {SHEET: lambda xml: xml.replace(b"</sheetData>", far)}))
    assert (caught.value.code, caught.value.params["cell"]) == ("far_cell", "XFD1048576")
    right = {SHEET: lambda xml: xml.replace(b"</row>", b'<c r="XFD1"><v>1</v></c></row>', 1)}
    with pytest.raises(Refusal) as caught:
        read(rewrite(workbook(tmp_path / "right.xlsx", staff(2000)), right))
    assert (caught.value.code, caught.value.params["cell"]) == ("far_cell", "XFD1"), "not the last row, which is as it should be"
    stray = read(rewrite(workbook(tmp_path / "b.xlsx", staff(3)), {SHEET: with_cell("B1048576", 1_048_576)}))
    assert stray.main.people == 3
    blank = b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t> </t></is></c></row></sheetData>'
    trimmed = read(rewrite(workbook(tmp_path / "c.xlsx", staff(3)), {SHEET: lambda xml: xml.replace(b"</sheetData>", blank)}))
    assert (trimmed.main.people, len(trimmed.main.findings)) == (3, len(read(workbook(tmp_path / "d.xlsx", staff(3))).main.findings))


def test_05_far_cell_on_another_sheet_does_not_stop_the_list(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Data": staff(3), "Los": [["x"]]})
    result = read(rewrite(path, {"xl/worksheets/sheet2.xml": with_cell("XFD1048576", 1_048_576)}))
    assert result.main.people == 3
    assert [finding.example for finding in result.main.findings if finding.reason == "sheet_not_read"] == ["Los"]


def test_06_a_text_that_is_not_there(tmp_path: Path) -> None:
    with refused("hostile_file", "not_a_workbook", "no_table_found", "empty_file"):
        read(raw_workbook(tmp_path / "index.xlsx", sheet_xml(b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>')))


def test_06_many_texts_are_read_as_long_as_a_list_could_have_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit counts texts, not places where they are used; a hundred under it here, with the limit brought down to the file."""
    monkeypatch.setattr(guard, "MAX_TEXTS", 100_000)
    path = many_strings(tmp_path / "a.xlsx", 100_000)
    assert [sheet.skip for sheet in guard.inspect(path).sheets] == [""]
    begun: list[object] = []
    many = many_strings(tmp_path / "b.xlsx", 200_000)
    with refused("too_large"):
        guard.inspect(many, begin=begun.append)
    assert not begun, "nobody begins to read what may be refused for its number of texts alone"
    with refused("too_large"):
        read(many)


def test_07_styles_and_merged_cells_in_masses(tmp_path: Path) -> None:
    started = worked()
    xf = b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    styles = rewrite(
        workbook(tmp_path / "s.xlsx", staff(3)), {"xl/styles.xml": lambda xml: xml.replace(b"</cellXfs>", xf * 60_000 + b"</cellXfs>")}
    )
    with pytest.raises(Refusal) if styles.stat().st_size * 200 < 60_000 * len(xf) else nullcontext():
        assert read(styles).main.people == 3
    merges = b"".join(b'<mergeCell ref="A%d:XFD%d"/>' % (n, n) for n in range(30, 3_000))
    merged = rewrite(
        workbook(tmp_path / "m.xlsx", staff(3)),
        {SHEET: lambda xml: xml.replace(b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>")},
    )
    assert read(merged).main.people == 3
    assert worked() - started < 5 * GRACE


def test_nobody_waits_for_the_fingerprint_of_a_file_that_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is too large is refused by its size: its three hundred million bytes are not read for that."""
    made, _ = HOSTILE["a file of more than 300 MB"]
    path, seen = made(tmp_path / "a.xlsx"), []
    whole = files.content_hash
    monkeypatch.setattr(files, "BLOCK", 1_000)
    monkeypatch.setattr(files, "content_hash", lambda *given: seen.append(whole(*given)) or seen[-1])
    with pytest.raises(Refusal):
        read(path)
    assert seen
    assert seen[0] != hashlib.file_digest(path.open("rb"), "sha256").hexdigest()

"""First look at a stranger's file: by content, in this process, bounded in time and memory. Nothing is executed or unpacked.

Raises Refusal for what must not be opened; says what is hidden, broken or dropped in what may.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from analytics.errors import Refusal
from intake.compact import Collector, DistinctCells, Laid
from intake.scan import SheetScan, scan_sheet, text_ends
from intake.text_signs import has_endless_line, holds_zip, looks_utf16
from intake.unpack import unpacked

MAX_FILE = 300_000_000
MAX_PART = 1_200_000_000
MAX_TOTAL = 1_500_000_000
MAX_RATIO = 200
RATIO_FROM = 1_000_000
MAX_ENTRIES = 2_000
MAX_SHEETS = 200
MAX_AREA = 25_000_000
LARGE_PART = 4_000_000
"""Bytes of a sheet's XML from which it pays to read each distinct cell once."""
MAX_SMALL_XML = 8_000_000
MAX_STRING = 400_000
MAX_TEXTS = 4_000_000
"""Different texts in a workbook: eight of each person's own for half a million people."""
LEAST_TEXT = 16
"""Bytes of the shortest text in the table of texts: `<si><t/></si>` and something in it."""
MAX_TEXT = 2_000_000_000
"""Bytes of text in all cells together; a text given once may be shown by a million cells."""
CHUNK = 1 << 20
_SHARED = re.compile(rb't="s"[^>]*>\s*<v>(\d{1,8})</v>')

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_BINARY = (
    b"MZ",
    b"\x7fELF",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"SQLite format 3",
    b"ARROW1",
    b"PAR1",
)


@dataclass(slots=True)
class Sheet:
    """A worksheet named in the workbook. skip: reason it is not read ("" = read). large: the largest visible one, large enough to be
    read by its distinct cells; cells: these, where it is plain, until they are laid."""

    name: str
    hidden: bool = False
    part: str = ""
    scan: SheetScan | None = None
    skip: str = ""
    large: bool = False
    cells: DistinctCells | None = None
    laid: Laid | None = None


@dataclass(slots=True)
class Inspected:
    """What the file is. format: xlsx | xlsb | ods | xls | csv. unpacked: bytes after inflating."""

    format: str
    sheets: list[Sheet] = field(default_factory=list)
    macros: bool = False
    external_links: bool = False
    epoch_1904: bool = False
    unpacked: int = 0


Begin = Callable[[Inspected], None]
Share = Callable[[float], None]
Usual = Callable[[], None]


def inspect(path: Path, begin: Begin = lambda found: None, tell: Share = lambda share: None, usual: Usual = lambda: None) -> Inspected:
    """Decide on content what the file is and whether it may be read. Refusals: empty_file, not_a_workbook,
    html_table, encrypted, hostile_file, too_large, far_cell.

    begin: called with what is known once the package and its small parts are sound, before the sheets of a workbook are walked.
    tell: called with the share of those sheets (0-1) that has been walked; what it raises ends the look.
    usual: called when the large sheet turns out not to be plain.
    """
    size = path.stat().st_size
    if size == 0:
        raise Refusal("empty_file")
    if size > MAX_FILE:
        raise Refusal("too_large", what="file", limit=MAX_FILE // 1_000_000)
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(_ZIP):
        return _inspect_zip(path, begin, tell, usual)
    if head.startswith(_OLE):
        return _inspect_ole(path)
    if head.startswith(_BINARY) or head.startswith(b"PK"):
        raise Refusal("not_a_workbook")
    return _inspect_text(path, head)


def _inspect_text(path: Path, head: bytes) -> Inspected:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<?xml", b"mime-version:")):
        raise Refusal("html_table")
    if not start.strip(b"\x00"):
        raise Refusal("empty_file" if not start else "not_a_workbook")
    utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff") or looks_utf16(head)
    if not utf16:
        controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
        if controls > len(head) * 0.02 or (controls and head[:1] == b"\x80"):
            raise Refusal("not_a_workbook")
    if holds_zip(path):
        raise Refusal("hostile_file", what="two_formats")
    if has_endless_line(path):
        raise Refusal("csv_not_a_table", what="line_too_long")
    return Inspected("csv", [Sheet("")], unpacked=path.stat().st_size)


def _inspect_ole(path: Path) -> Inspected:
    """Old Excel, or a new workbook locked with a password. Names in the container are UTF-16."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refusal("encrypted")
    if "Workbook".encode("utf-16-le") not in data and "Book".encode("utf-16-le") not in data:
        raise Refusal("not_a_workbook")
    macros = "_VBA_PROJECT".encode("utf-16-le") in data
    return Inspected("xls", [], macros=macros, unpacked=len(data))


def _inspect_zip(path: Path, begin: Begin, tell: Share, usual: Usual) -> Inspected:
    _check_entry_count(path)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_directory(entries)
            return _inspect_parts(archive, {entry.filename: entry for entry in entries}, begin, tell, usual)
    except Refusal:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, KeyError, struct.error) as error:
        raise Refusal("not_a_workbook") from error
    except (ElementTree.ParseError, NotImplementedError, UnicodeError, LookupError) as error:
        raise Refusal("not_a_workbook") from error


def _check_entry_count(path: Path) -> None:
    """The end record names the number of entries: look before the whole directory is read."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 66_000))
        tail = stream.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 22:
        raise Refusal("not_a_workbook")
    if struct.unpack("<H", tail[place + 10 : place + 12])[0] > MAX_ENTRIES:
        raise Refusal("hostile_file", what="entries")


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MAX_ENTRIES:
        raise Refusal("hostile_file", what="entries")
    if len({name.lower() for name in names}) != len(names):
        raise Refusal("hostile_file", what="duplicate_part")
    total = 0
    end = 0
    for entry in sorted(entries, key=lambda item: item.header_offset):
        name = entry.filename
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name or "\x00" in entry.orig_filename:
            raise Refusal("hostile_file", what="path")
        if entry.flag_bits & 0x1:
            raise Refusal("encrypted")
        if entry.header_offset < end:
            raise Refusal("hostile_file", what="overlap")
        end = entry.header_offset + 30 + entry.compress_size
        if entry.file_size > MAX_PART:
            raise Refusal("hostile_file", what="size")
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Refusal("hostile_file", what="ratio")
        total += entry.file_size
    if total > MAX_TOTAL:
        raise Refusal("too_large", what="unpacked", limit=MAX_TOTAL // 1_000_000)


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The part in pieces, each checked: no DOCTYPE, no ENTITY, no NUL, no other encoding than UTF-8."""
    overlap = b""
    for chunk in unpacked(archive, name, CHUNK):
        if not overlap and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Refusal("hostile_file", what="encoding")
        joined = overlap + chunk
        if b"\x00" in chunk:
            raise Refusal("hostile_file", what="nul")
        if b"!" in joined and (b"<!DOCTYPE" in joined or b"<!ENTITY" in joined):
            raise Refusal("hostile_file", what="doctype")
        overlap = joined[-16:]
        yield chunk


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    buffer = io.BytesIO()
    for chunk in _chunks(archive, name):
        buffer.write(chunk)
        if buffer.tell() > MAX_SMALL_XML:
            raise Refusal("hostile_file", what="size")
    return buffer.getvalue()


def _inspect_parts(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], begin: Begin, tell: Share, usual: Usual) -> Inspected:
    unpacked = sum(entry.file_size for entry in entries.values())
    if "mimetype" in entries and b"opendocument.spreadsheet" in archive.read("mimetype")[:200]:
        return _inspect_ods(archive, entries, unpacked)
    if "[Content_Types].xml" not in entries:
        raise Refusal("not_a_workbook")
    types = _small(archive, "[Content_Types].xml")
    macros = b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in entries)
    external = any(name.startswith("xl/externalLinks/") for name in entries)
    if "xl/workbook.bin" in entries:
        return Inspected("xlsb", [], macros=macros, external_links=external, unpacked=unpacked)
    workbook = next((name for name in entries if name.lower() == "xl/workbook.xml"), "")
    if not workbook:
        raise Refusal("not_a_workbook")
    found = Inspected("xlsx", macros=macros, external_links=external, unpacked=unpacked)
    found.sheets, found.epoch_1904 = _sheets(archive, entries, workbook)
    for name in entries:
        if name.endswith(".rels"):
            _check_relations(name, _small(archive, name))
    parts = {sheet.part for sheet in found.sheets}
    others = [name for name in entries if name.endswith(".xml") and name not in parts]
    texts = [name for name in others if name.lower().endswith("sharedstrings.xml")]
    for name in others:
        if name not in texts:
            for _ in _chunks(archive, name):
                pass
    _mark_large(found, entries)
    walked = [*texts, *(sheet.part for sheet in found.sheets if not sheet.skip)]
    told = _Told(sum(entries[name].file_size for name in walked), tell)
    lengths = np.zeros(0, dtype=np.int64)
    if few := sum(entries[name].file_size for name in texts) <= MAX_TEXTS * LEAST_TEXT:
        begin(found)
    for name in texts:  # as many as could be too many are counted before anybody else begins to read them
        lengths = _check_texts(told.along(_chunks(archive, name)))
    if not few:
        begin(found)
    written = 0
    for sheet in found.sheets:
        _scan(sheet, told.along(_chunks(archive, sheet.part)), Collector(usual) if sheet.large else None)
        written += _written(archive, sheet, lengths)
        if written > MAX_TEXT:
            raise Refusal("hostile_file", what="cell_text")
    _refuse_if_nothing_left(found)
    return found


def _inspect_ods(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], unpacked: int) -> Inspected:
    if "META-INF/manifest.xml" in entries and b"encryption-data" in _small(archive, "META-INF/manifest.xml"):
        raise Refusal("encrypted")
    for name in entries:
        if name.endswith(".xml"):
            for _ in _chunks(archive, name):
                pass
    return Inspected("ods", [], macros=any(name.startswith("Basic/") for name in entries), unpacked=unpacked)


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _sheets(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], workbook: str) -> tuple[list[Sheet], bool]:
    """Sheets in workbook order with their part, and whether dates count from 1904."""
    targets: dict[str, tuple[str, str]] = {}
    relations = posixpath.join(posixpath.dirname(workbook), "_rels", posixpath.basename(workbook) + ".rels")
    if relations in entries:
        for node in ElementTree.fromstring(_small(archive, relations)):
            target = node.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            targets[node.get("Id", "")] = (part, node.get("Type", ""))
    root = ElementTree.fromstring(_small(archive, workbook))
    sheets: list[Sheet] = []
    epoch = False
    for node in root.iter():
        tag = _local(node.tag)
        if tag == "workbookPr":
            epoch = node.get("date1904", "0") in ("1", "true", "on")
        if tag != "sheet":
            continue
        link = next((value for key, value in node.attrib.items() if _local(key) == "id"), "")
        part, type_ = targets.get(link, ("", ""))
        skip = "" if type_.endswith("/worksheet") and part in entries else "not_a_table"
        sheets.append(Sheet(node.get("name", ""), node.get("state", "visible") != "visible", part, skip=skip))
    if len(sheets) > MAX_SHEETS:
        raise Refusal("too_large", what="sheets", limit=MAX_SHEETS)
    if not sheets:
        raise Refusal("not_a_workbook")
    return sheets, epoch


def _check_relations(name: str, content: bytes) -> None:
    """No link may point outside the workbook's own parts (links to web pages are never followed)."""
    folder = posixpath.dirname(posixpath.dirname(name))
    for node in ElementTree.fromstring(content):
        if node.get("TargetMode", "").lower() == "external":
            continue
        target = node.get("Target", "").replace("\\", "/")
        place = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        if posixpath.normpath(place).startswith(".."):
            raise Refusal("hostile_file", what="path")


class _Told:
    """Says after every piece which share of all bytes has passed."""

    def __init__(self, total: int, tell: Share) -> None:
        self.total, self.passed, self.tell = max(total, 1), 0, tell

    def along(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            yield chunk
            self.passed += len(chunk)
            self.tell(min(self.passed / self.total, 1.0))


def _check_texts(chunks: Iterator[bytes]) -> np.ndarray:
    """Bytes of every text in the table of shared texts; none may exceed what Excel can hold."""
    lengths: list[np.ndarray] = []
    count, passed, last = 0, 0, 0
    for chunk in chunks:
        found = text_ends(chunk) + passed
        if len(found):
            lengths.append(np.diff(found, prepend=last).astype(np.int32))
            count, last = count + len(found), int(found[-1])
        passed += len(chunk)
        longest = max(passed - last, int(lengths[-1].max()) if len(found) else 0)
        if longest > MAX_STRING + CHUNK:
            raise Refusal("hostile_file", what="cell_text")
        if count > MAX_TEXTS:
            raise Refusal("too_large", what="texts", limit=MAX_TEXTS // 1_000_000)
    return np.concatenate(lengths) if lengths else np.zeros(0, dtype=np.int32)


def _written(archive: zipfile.ZipFile, sheet: Sheet, lengths: np.ndarray) -> int:
    """Bytes of text a reader would write out for the sheet's shared texts; counted only where it could be too much."""
    if sheet.skip or sheet.scan is None or not len(lengths) or sheet.scan.cells * int(lengths.max()) <= MAX_TEXT:
        return 0
    total, rest = 0, b""
    for chunk in _chunks(archive, sheet.part):
        rest += chunk
        cut = rest.rfind(b"</c>") + 4 if b"</c>" in rest else 0
        used = np.array([int(index) for index in _SHARED.findall(rest[:cut])], dtype=np.int64)
        total += int(lengths[used[used < len(lengths)]].sum(dtype=np.int64))
        if total > MAX_TEXT:
            break
        rest = rest[cut:][-MAX_STRING:]
    return total


def _mark_large(found: Inspected, entries: dict[str, zipfile.ZipInfo]) -> None:
    sizes = {sheet.name: entries[sheet.part].file_size for sheet in found.sheets if not sheet.skip and not sheet.hidden}
    most = max(sizes, key=sizes.__getitem__, default=None)
    for sheet in found.sheets:
        sheet.large = (
            sheet.name == most and sizes[sheet.name] >= LARGE_PART and len({one.name for one in found.sheets}) == len(found.sheets)
        )


def _scan(sheet: Sheet, chunks: Iterator[bytes], collector: Collector | None) -> None:
    if sheet.skip:
        return
    try:
        sheet.scan = scan_sheet(chunks, collector)
        sheet.cells = collector.finish() if collector else None
    except ValueError:
        sheet.skip = "row_too_long"
        return
    finally:
        if collector:
            collector.close()
    if sheet.scan.out_of_grid:
        sheet.skip = "out_of_grid"
    elif sheet.scan.area > MAX_AREA:
        sheet.skip = "too_large" if sheet.scan.cells > MAX_AREA // 4 else "far_cell"


def _refuse_if_nothing_left(found: Inspected) -> None:
    """All sheets with content are unreadable: say why of the first."""
    if any(not sheet.skip for sheet in found.sheets):
        return
    worst = next((sheet for sheet in found.sheets if sheet.skip != "not_a_table"), None)
    if worst is None:
        raise Refusal("not_a_workbook")
    if worst.skip == "far_cell":
        raise Refusal("far_cell", sheet=worst.name, cell=worst.scan.furthest if worst.scan else "")
    if worst.skip == "too_large":
        raise Refusal("too_large", what="cells", limit=MAX_AREA // 1_000_000)
    raise Refusal("hostile_file", what=worst.skip)

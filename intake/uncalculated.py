"""Formulas of an .xls that nobody ever worked out: libraries that write them leave a zero and ask for the outcome on opening.

The reader would give the zero as a value. For the reading child: imports little.
"""

from __future__ import annotations

import re
import struct

FREE = 0xFFFFFFFA
"""Numbers of sectors from here on mean that there is none."""
_FORMULA, _ON_OPENING = 0x0006, 2
_MAY_HOLD = re.compile(rb"\x06\x00.{8}\x00{8}[\x02\x03\x06\x07\x0a\x0b]\x00", re.DOTALL)
PENDING = struct.pack("<BBBBHH", 2, 0, 0x2B, 0, 0, 0xFFFF)
"""As an outcome: the error that says "not there yet", which no file holds for good."""


def marked(content: bytes) -> bytes | None:
    """The same file with such formulas ending in an error of their own, or None where there is none, or where the file's sectors
    lead nowhere: what is wrong with it, the reader will say."""
    if not _MAY_HOLD.search(content):
        return None
    try:
        size, places = _workbook(content)
    except (ValueError, struct.error):
        return None
    stream = b"".join(content[place : place + size] for place in places)
    changed, at, found = bytearray(content), 0, False
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _FORMULA and length >= 22 and not any(stream[at + 10 : at + 18]) and stream[at + 18] & _ON_OPENING:
            found = True
            for step, byte in enumerate(PENDING, start=at + 10):
                changed[places[step // size] + step % size] = byte
        at += 4 + length
    return bytes(changed) if found else None


def _workbook(content: bytes) -> tuple[int, list[int]]:
    """(bytes in a sector, where each sector of the workbook begins); [] where it is too short to have any of its own."""
    shift, fats, start, cutoff, more = (*struct.unpack_from("<H", content, 30), *struct.unpack_from("<II4xI8xI", content, 44))
    if not 7 <= shift <= 16:
        raise ValueError("sectors")
    size = 1 << shift
    listed = list(struct.unpack_from("<109I", content, 76))
    for _ in range(len(content) // size):
        if more >= FREE:
            break
        *numbers, more = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        listed += numbers
    table = [
        number for sector in listed[:fats] if sector < FREE for number in struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)
    ]
    names = b"".join(content[place : place + size] for place in _chain(table, start, size))
    for at in range(0, len(names) - 127, 128):
        if names[at : at + 64].decode("utf-16-le", "replace").rstrip("\0") in ("Workbook", "Book"):
            first, length = struct.unpack_from("<II", names, at + 116)
            return size, _chain(table, first, size) if length >= cutoff else []
    return size, []


def _chain(table: list[int], first: int, size: int) -> list[int]:
    """Where the sectors of one stream begin, in their order."""
    found: list[int] = []
    while first < len(table) and len(found) <= len(table):
        found.append((first + 1) * size)
        first = table[first]
    return found

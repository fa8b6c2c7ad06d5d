"""A part of a package, unpacked a piece at a time. The compression that workbooks use goes through isal, which takes half the time of the
library that comes with Python; everything else is left to `zipfile`, the check too that a part stands where the directory says."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib

PACKED = 1 << 18
"""Packed bytes that are read at a time."""
LEAST = 64
"""Bytes of a piece, unless it is the last: who looks for a word across two pieces need not remember three."""
RAW = -15
"""Parts of a package are packed without a head or a foot of their own, over the widest window."""


def unpacked(archive: zipfile.ZipFile, name: str, size: int) -> Iterator[bytes]:
    """The bytes of a part in pieces of at most `size` and LEAST more, none of them empty, never more than the directory says.

    archive: opened from a file. Raises what `zipfile` raises: BadZipFile, EOFError, NotImplementedError, RuntimeError.
    """
    entry = archive.getinfo(name)
    with archive.open(name) as usual:
        if entry.compress_type != zipfile.ZIP_DEFLATED:
            while piece := usual.read(size):
                yield piece
            return
    try:
        yield from _inflated(Path(str(archive.filename)), entry, size)
    except isal_zlib.error as error:
        raise zipfile.BadZipFile(f"{name} cannot be unpacked") from error


def _inflated(path: Path, entry: zipfile.ZipInfo, size: int) -> Iterator[bytes]:
    inflater = isal_zlib.decompressobj(RAW)
    left, given, check, packed, few = entry.compress_size, 0, 0, b"", b""
    with path.open("rb") as stream:
        _to_content(stream, entry)
        while not inflater.eof:
            if not packed:
                packed = stream.read(min(left, PACKED))
                left -= len(packed)
            ended = not packed  # of what came before something may still be to be given out
            piece = inflater.decompress(packed, size)
            if ended and not piece and not inflater.eof:
                raise EOFError
            packed = inflater.unconsumed_tail
            given += len(piece)
            if given > entry.file_size:
                raise zipfile.BadZipFile(f"{entry.filename} is longer than it says")
            check = isal_zlib.crc32(piece, check)
            piece = few + piece if few else piece
            few = piece if len(piece) < LEAST else b""
            if not few and piece:
                yield piece
    if few:
        yield few
    if check != entry.CRC:
        raise zipfile.BadZipFile(f"{entry.filename} is damaged")


def _to_content(stream: BinaryIO, entry: zipfile.ZipInfo) -> None:
    """Past the part's own head, of which the last four bytes tell how long its name and extra field are."""
    stream.seek(entry.header_offset + 26)
    lengths = stream.read(4)
    stream.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)

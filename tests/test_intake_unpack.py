"""Parts of a package are unpacked as the library that comes with Python does it, and never further than the directory says."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.unpack import LEAST, unpacked

PART = "xl/part.xml"
WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def packed(path: Path, content: bytes, way: int = zipfile.ZIP_DEFLATED, level: int = 6) -> Path:
    with zipfile.ZipFile(path, "w", way, compresslevel=level if way != zipfile.ZIP_LZMA else None) as archive:
        archive.writestr("first.xml", b"something before it")
        archive.writestr(PART, content)
    return path


def pieces(path: Path, size: int = 1 << 20) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return list(unpacked(archive, PART, size))


def by_hand(path: Path, stream: bytes, size: int, crc: int) -> Path:
    """A package of one part with this packed stream, and in both heads this size and sum."""
    name = PART.encode()
    head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, crc, len(stream), size, len(name), 0)
    local = b"PK\x03\x04" + head + name + stream
    directory = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(local), 0)
    path.write_bytes(local + directory + end)
    return path


def raw(content: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, strategy)
    return packer.compress(content) + packer.flush()


@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.builds(lambda text, times: text * times, st.binary(min_size=1, max_size=40), st.integers(1, 40_000)),
        st.builds(lambda seed: bytes((seed * number * number >> 7) & 255 for number in range(70_000)), st.integers(1, 10_000)),
    ),
    way=st.sampled_from(WAYS),
    level=st.integers(1, 9),
    size=st.sampled_from((LEAST, 1_000, 1 << 20)),
)
def test_every_part_is_what_the_usual_library_reads(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, way: int, level: int, size: int
) -> None:
    path = packed(tmp_path_factory.mktemp("unpack") / "p.zip", content, way, level)
    found = pieces(path, size)
    assert b"".join(found) == content
    assert all(0 < len(piece) <= size + LEAST for piece in found)
    assert all(len(piece) >= LEAST for piece in found[:-1])


@pytest.mark.parametrize("strategy", [zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE, zlib.Z_FIXED])
def test_other_ways_to_pack_are_read(tmp_path: Path, strategy: int) -> None:
    content = b"<row><c>Monteur</c></row>" * 9_000 + bytes(range(256)) * 50
    assert b"".join(pieces(by_hand(tmp_path / "p.zip", raw(content, strategy), len(content), zlib.crc32(content)))) == content


def test_a_part_that_is_longer_than_it_says_is_not_unpacked_further(tmp_path: Path) -> None:
    content = b"0" * 50_000_000
    path = by_hand(tmp_path / "p.zip", raw(content), 2_000_000, zlib.crc32(content[:2_000_000]))
    given_out: list[int] = []
    with zipfile.ZipFile(path) as archive, pytest.raises(zipfile.BadZipFile):
        given_out.extend(map(len, unpacked(archive, PART, 1 << 20)))
    assert sum(given_out) <= 2_000_000


def test_another_sum_a_cut_stream_and_nonsense_are_damage(tmp_path: Path) -> None:
    content = b"<row/>" * 1_000
    for stream, crc in ((raw(content), 1), (raw(content)[:-3], zlib.crc32(content)), (b"\xff" * 90, 0)):
        with pytest.raises((zipfile.BadZipFile, EOFError)):
            pieces(by_hand(tmp_path / "p.zip", stream, len(content), crc))


def test_a_part_under_another_name_than_the_directory_has_is_not_read(tmp_path: Path) -> None:
    path = packed(tmp_path / "p.zip", b"<row/>" * 100)
    path.write_bytes(path.read_bytes().replace(PART.encode(), b"xl/other.xm", 1))
    with pytest.raises(zipfile.BadZipFile):
        pieces(path)


def test_a_word_drawn_out_over_empty_blocks_comes_in_one_piece(tmp_path: Path) -> None:
    """Blocks without content take up room in the packed stream: a byte of the word comes with each reading of it."""
    word, nothing = b"<!DOCTYPE x>", b"\x00\x00\x00\xff\xff" * 60_000
    stream = b"".join(b"\x00\x01\x00\xfe\xff" + bytes([letter]) + nothing for letter in word) + raw(b"")
    assert pieces(by_hand(tmp_path / "p.zip", stream, len(word), zlib.crc32(word))) == [word]

"""What the bytes of a text file tell before anybody reads it as a table."""

from __future__ import annotations

from pathlib import Path

from intake.csv_text import MAX_LINE

CHUNK = 1 << 20
MOST_BYTES = 4
"""Of one letter."""


def looks_utf16(head: bytes) -> bool:
    """Every second byte is zero: UTF-16 without its mark."""
    pairs = head[: len(head) // 2 * 2]
    zeros_even, zeros_odd = pairs[0::2].count(0), pairs[1::2].count(0)
    return max(zeros_even, zeros_odd) > 0.4 * (len(pairs) // 2) and min(zeros_even, zeros_odd) < 0.05 * (len(pairs) // 2)


def holds_zip(path: Path) -> bool:
    """A zip directory at the end of something that starts as text."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 66_000))
        return b"PK\x05\x06" in stream.read()


def has_endless_line(path: Path) -> bool:
    """A line longer than any table's, in whatever encoding; found on the way, not at the end of the file."""
    since = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            since = since + len(chunk) if last < 0 else len(chunk) - last
            if since > MOST_BYTES * MAX_LINE + CHUNK:
                return True
    return False

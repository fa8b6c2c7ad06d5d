"""Whether bytes in the log are the beginning of a line that was never finished, and not a line somebody changed.

Nobody can tell the last line cut in half by hand from one cut in half by a kill; every other change can be told.
"""

from __future__ import annotations

import json
import re

HASH = re.compile(r'"previous": "([0-9a-f]{64})"')
NUMBER = re.compile(r'"hash": "[0-9a-f]{64}", "n": (\d+),')
IN_TEXT = ("", "n", "0", "00", "000", "0000")
"""What a text may lack before its closing quote when it stops inside an escape."""
AFTER = ("", "0", ": 0", '"": 0', "e", "ue", "rue", "se", "lse", "alse", "l", "ll", "ull")
"""What may be lacking behind the last whole piece: a digit, a value, a pair, the rest of true, false or null."""


def is_torn(line: bytes, previous: str, number: int) -> bool:
    """Whether this is a proper beginning of the line `number` that follows on the one with hash `previous`.

    Room a file system gave and never filled (zero bytes) may be behind it."""
    written = line.rstrip(b"\0")
    text = written.decode("utf-8", "ignore") if _cut_letter(written) else None
    if text is None or not _begins(text):
        return False
    told, counted = HASH.search(text), NUMBER.search(text)
    return (told is None or told[1] == previous) and (counted is None or int(counted[1]) == number)


def _cut_letter(written: bytes) -> bool:
    """Whether all are letters but for one that was cut at the end."""
    try:
        written.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def _begins(text: str) -> bool:
    """Whether an act as text can begin like this and go on: closed with what is lacking it is one JSON object."""
    opening = '{"action": "'
    if len(text) <= len(opening):
        return opening.startswith(text)
    if not text.startswith(opening):
        return False
    closers, quoted, escaped = [], False, False
    for letter in text:
        if quoted:
            quoted, escaped = escaped or letter != '"', letter == "\\" and not escaped
        elif letter == '"':
            quoted = True
        elif letter in "{[":
            closers.append("}" if letter == "{" else "]")
        elif letter in "}]" and (not closers or closers.pop() != letter):
            return False
    if not closers:
        return False
    ends = [f'{rest}"{more}' for rest in IN_TEXT for more in ("", ": 0")] if quoted else AFTER
    return any(_is_json(text + end + "".join(reversed(closers))) for end in ends)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True

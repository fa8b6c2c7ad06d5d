"""The log of the running program: one JSON object a line, and no value from anybody's data in it.

What other packages say is reduced to their fixed text: what they fill in (and the message of an error) may come from a file or an
address. An error is told by its kind and the lines of code it passed through.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

OURS = "werkhorizon"
"""Loggers of this product choose their words themselves, so these are written whole."""


def start() -> None:
    """From now on every record of this process is such a line, whoever writes it and wherever it goes."""
    logging.setLogRecordFactory(_record)
    own = logging.getLogger(OURS)
    own.setLevel(logging.INFO)
    own.propagate = False
    own.addHandler(logging.StreamHandler())


def note(event: str, **numbers: int | float | bool | str) -> None:
    """Tell that something happened. numbers: counts, seconds, codes; never names or values of people."""
    logging.getLogger(OURS).info(event, extra={"numbers": numbers})


def _record(*arguments: Any, **more: Any) -> logging.LogRecord:
    record = _Line(*arguments, **more)
    own = record.name.split(".")[0] == OURS
    record.said = record.getMessage() if own else str(record.msg)
    record.failed = _failure(record.exc_info)
    record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
    return record


class _Line(logging.LogRecord):
    """A record whose message is the JSON line; fields given as `extra` are set after it was made, so it is written late."""

    said = ""
    failed: dict[str, Any] | None = None

    def getMessage(self) -> str:
        if not self.__dict__.get("said"):
            return super().getMessage()
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(self.created, UTC).isoformat(timespec="milliseconds"),
            "level": self.levelname.lower(),
            "source": self.name,
            "event": self.said,
            **self.__dict__.get("numbers", {}),
        }
        if self.failed:
            line["error"] = self.failed
        return json.dumps(line, ensure_ascii=False)


def _failure(found: Any) -> dict[str, Any] | None:
    if not found or found[0] is None:
        return None
    frames = traceback.extract_tb(found[2])[-12:]
    return {"kind": found[0].__name__, "at": [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]}

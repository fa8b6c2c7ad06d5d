"""A stranger's file becomes checked rows and a report. Knows no database.

`read_file(path, shown_name, options) -> Import` is the whole of it; names are loaded on first use, because the reading
child process is part of this package and must start quickly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.files import read_file
    from intake.report import Column, Finding, Import, ImportReport, Kind, Options, Severity

_HOME = {
    "read_file": "intake.files",
    **dict.fromkeys(("Column", "Finding", "Import", "ImportReport", "Kind", "Options", "Severity"), "intake.report"),
}

__all__ = ["Column", "Finding", "Import", "ImportReport", "Kind", "Options", "Severity", "read_file"]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(_HOME[name]), name)

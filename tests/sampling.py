"""A database with the sample firm, copied from one that each test process makes once: loading it takes seconds."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from workflows import importing
from workflows.types import Viewer
from workflows.workspace import Workspace

_KEPT: list[TemporaryDirectory[str]] = []


@cache
def _made() -> Path:
    folder = TemporaryDirectory(prefix="sample-")
    _KEPT.append(folder)  # it is removed when this process ends
    path = Path(folder.name) / "sample.duckdb"
    with Workspace.open(path) as workspace:
        importing.load_sample(Viewer.local(), workspace)
    return path


def with_sample(path: Path) -> Path:
    """`path`, after a database with the sample firm has been put there, with its key and its log."""
    made = _made()
    path.parent.mkdir(parents=True, exist_ok=True)
    for part in made.parent.glob(f"{made.name}*"):
        if part.is_file():
            shutil.copy(part, path.with_name(path.name + part.name.removeprefix(made.name)))
    return path

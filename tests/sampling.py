"""Databases that were made once, copied for who needs one: making them takes seconds. The one with the sample firm serves a whole run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.waiting import until
from workflows import importing
from workflows.types import Viewer
from workflows.workspace import Workspace

_KEPT: list[TemporaryDirectory[str]] = []
_MADE: dict[Hashable, Path] = {}


def shared(folder: Path) -> None:
    """For processes that run tests side by side: what one makes there serves all. The folder goes with the run."""
    os.environ["WERKHORIZON_TESTS_SHARED"] = str(folder)


def _folder() -> Path:
    _KEPT.append(TemporaryDirectory(prefix="sample-"))  # it is removed when this process ends
    return Path(_KEPT[-1].name)


def _make_sample(path: Path) -> Path:
    with Workspace.open(path) as workspace:
        importing.load_sample(Viewer.local(), workspace)
    return path


@cache
def _sample() -> Path:
    if not (together := os.environ.get("WERKHORIZON_TESTS_SHARED")):
        return _make_sample(_folder() / "sample.duckdb")
    folder, done = Path(together) / "sample", Path(together) / "sample.made"
    try:
        folder.mkdir()
    except FileExistsError:
        until(done.exists)
    else:
        _make_sample(folder / "sample.duckdb")
        done.touch()
    return folder / "sample.duckdb"


def copied(made: Path, path: Path) -> Path:
    """`path`, after a closed database has been put there, with its key and its log."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for part in made.parent.glob(f"{made.name}*"):
        if part.is_file():
            shutil.copy(part, path.with_name(path.name + part.name.removeprefix(made.name)))
    return path


def with_sample(path: Path) -> Path:
    return copied(_sample(), path)


def once(key: Hashable, path: Path, fill: Callable[[Workspace], object]) -> Path:
    """`path`, after a database has been put there that `fill` filled when it was first asked for under this key in this process."""
    if key not in _MADE:
        made = _folder() / "made.duckdb"
        with Workspace.open(made) as workspace:
            fill(workspace)
        _MADE[key] = made
    return copied(_MADE[key], path)

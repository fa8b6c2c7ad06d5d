"""The loops of `analytics.loops`, compiled: asked for by who projects often, kept in a folder of the installation, and never needed.

Without them (not asked for, no compiler on this system, still at work) `stock`, `inflow` and `movers` work out the same, slower.

`python -m analytics.compiled` compiles them into the folder, which `python run.py setup` does; the folder is WERKHORIZON_LOOPS, else one
in the environment that Python runs in; "off": never. A process that may only read the folder reads it; where it holds nothing for this
processor or this version of the loops, a process that asks compiles beside its work and keeps that where it can.

The two ways differ in the last digits (a part in 10^12), so the same question must not be answered by one and then by the other. Where the
loops were kept the first answer waits for the second that loading takes; no answer waits for the compiler, and what was prepared
before the compiler was done stays with the way it began with.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

OFF = "off"
PATIENCE = 30.0
"""Seconds that an answer waits at most for kept loops; longer, and they turn out to be damaged or of another processor."""
UNUSED_DAYS = 60
"""Other versions of the loops that are older go when new ones are compiled."""
WAY = ("way",)
SOURCES = Path(__file__).resolve().parent / "loops"


@dataclass(slots=True)
class _State:
    thread: threading.Thread | None = None
    found: ModuleType | None = None
    kept: bool = False
    done: threading.Event = field(default_factory=threading.Event)


_state = _State()
_one = threading.Lock()


def start(after: float = 0.0) -> None:
    """Begin to load, or else to compile, beside what goes on. after: compile so many seconds from now, when what goes on is in a hurry."""
    with _one:
        if _state.thread is None and os.environ.get("WERKHORIZON_LOOPS") != OFF:
            _state.kept = _are_there(folder())
            _state.thread = threading.Timer(0.0 if _state.kept else after, _load)
            _state.thread.daemon = True
            _state.thread.start()


def loops() -> ModuleType | None:
    """The compiled loops, if they are there; kept ones are waited for."""
    if _state.kept and not _state.done.wait(PATIENCE):
        _state.kept = False
    return _state.found


def way(kept: dict[Any, Any]) -> ModuleType | None:
    """The loops, or None for numpy: for all that is worked out from one base, whose cache is given, the way that was there when its first
    question came."""
    if WAY not in kept:
        kept[WAY] = loops()
    return kept[WAY]


def ready() -> bool:
    """Wait until loading or compiling has ended; whether the loops are there."""
    return _state.thread is not None and _state.done.wait() and _state.found is not None


def folder() -> Path:
    """Where these loops are kept: another version of them has another folder."""
    version = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(SOURCES.glob("*.py")))).hexdigest()[:12]
    chosen = os.environ.get("WERKHORIZON_LOOPS", OFF)
    return (Path(sys.prefix) / "werkhorizon-loops" if chosen in ("", OFF) else Path(chosen)) / version


def _are_there(place: Path) -> bool:
    return next(place.rglob("*.nbi"), None) is not None


def _load() -> None:
    try:
        _state.found = _compiled(folder())
    except Exception as problem:  # no compiler here: numpy does the same, slower
        logging.getLogger(__name__).info("no compiled loops: %r", problem)
    finally:
        _state.done.set()


def _compiled(place: Path) -> ModuleType:
    from analytics import loops as found
    from analytics.rehearsal import rehearse

    for attempt in ("kept", "anew", "not kept"):
        try:
            if attempt == "not kept":
                _forget(found)
            else:
                _keep(found, place)
            rehearse(found)
            for entry in found.ENTRIES:
                entry.disable_compile()  # arrays of another kind are refused from now on: no answer waits for the compiler
            return found
        except Exception as problem:  # what was kept is damaged, or can be neither read nor written
            if attempt == "not kept":
                raise
            logging.getLogger(__name__).info("compiled loops in %s do not serve: %r", place, problem)
            shutil.rmtree(place, ignore_errors=True)
    raise AssertionError


def _keep(found: ModuleType, place: Path) -> None:
    with _kept_in(place):
        for entry in found.ENTRIES:
            entry.enable_caching()


def _forget(found: ModuleType) -> None:
    from numba.core.caching import NullCache

    for entry in found.ENTRIES:
        entry._cache = NullCache()


@contextmanager
def _kept_in(place: Path) -> Iterator[None]:
    """The compiler's own settings say where; they are as before afterwards."""
    from numba.core import config

    before = config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES
    config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES = str(place), "analytics.located.Folder"
    try:
        yield
    finally:
        config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES = before


def _processor() -> str:
    """What the compiler makes code for: an environment that moved to another machine is rehearsed there once more."""
    from llvmlite import binding

    return f"{binding.get_host_cpu_name()}-{sys.implementation.cache_tag}"


def main() -> int:
    """Compile into the folder; where that was done for this processor there is nothing to do, and `make run` need not wait."""
    if os.environ.get("WERKHORIZON_LOOPS") == OFF:
        return 0
    place = folder()
    seen = place / f"rehearsed-{_processor()}"
    if seen.exists() and _are_there(place):
        return 0
    if not _are_there(place):
        print("Compiling the loops of the projection (once) ...", flush=True)
    try:
        _compiled(place)
        seen.touch()
    except Exception as problem:
        print(f"Not compiled ({problem}); the projection works without, slower.")
        return 0
    for other in place.parent.glob("?" * len(place.name)):
        if other != place and other.stat().st_mtime < time.time() - UNUSED_DAYS * 86_400:
            shutil.rmtree(other, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

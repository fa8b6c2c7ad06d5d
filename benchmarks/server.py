"""Server time of one rerun after a slider moved, against the least page Streamlit can make."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks.timing import Row, interleaved, rows

HOME = Path(__file__).resolve().parent.parent
LEVER, BARE_LEVER = "resignation_multiplier", "level"


@contextmanager
def sample_database() -> Iterator[Path]:
    """A database with the fictional firm in it, loaded as a user would."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.duckdb"
        done = subprocess.run([sys.executable, "cli.py", "--database", str(path), "sample"], cwd=HOME, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError((done.stderr or done.stdout).strip().splitlines()[-1])
        yield path


def _mover(script: Path, key: str) -> object:
    """A call that moves a slider to another value and reruns; every value within a round trip is new to the caches."""
    app = AppTest.from_file(str(script), default_timeout=60).run()
    if app.exception:
        raise RuntimeError(f"{script.name}: {app.exception[0].message}")
    if key not in [slider.key for slider in app.slider]:
        raise RuntimeError(f"{script.name} shows no slider {key}: {[text.value for text in (*app.title, *app.error)]}")
    slider = app.slider(key=key)
    low, high, step = slider.min, slider.max, slider.step or 1
    values = cycle([low + step * number for number in range(int((high - low) / step))])

    def move() -> None:
        app.slider(key=key).set_value(type(slider.value)(next(values))).run()

    return move


def measure(quick: bool) -> list[Row]:
    with sample_database() as database:
        os.environ["WERKHORIZON_DATABASE"] = str(database)
        candidates = {
            "overview page": _mover(HOME / "app.py", LEVER),
            "bare page, one chart": _mover(HOME / "benchmarks" / "bare_app.py", BARE_LEVER),
        }
        taken = interleaved(candidates, 8 if quick else 20, warm_up=3)  # type: ignore[arg-type]
        peers = {"overview page": "bare page, one chart"}
        return rows("server, one rerun", taken, peers, {"overview page": "in Streamlit's own test runner; values new to the cache"})

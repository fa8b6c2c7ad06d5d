"""What the browser gets of a figure: all of it, in plain JSON, and the library from this machine."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from presentation.charts import CONFIG
from presentation.controls.drawing import written
from presentation.plotting import OURS, PLACES
from tests.test_pages import full, full_database, launch  # noqa: F401  (two of them fixtures)


def test_numbers_of_numpy_and_days_are_written_as_they_are() -> None:
    spec = {
        "data": [{"x": [date(2031, 1, 1), pd.Timestamp("2031-02-01")], "y": np.array([1.5, 2.0]), "z": np.int64(3)}],
        "layout": {"height": 9},
    }
    read = json.loads(written(spec))
    assert read["data"] == [{"x": ["2031-01-01", "2031-02-01T00:00:00"], "y": [1.5, 2.0], "z": 3}]
    assert read["layout"] == {"height": 9}
    assert read["config"] == CONFIG


def test_what_is_not_known_is_a_gap() -> None:
    read = json.loads(written({"data": [{"y": [1.0, float("nan"), np.float64("inf")], "x": np.array([np.nan, 2])}], "layout": {}}))
    assert read["data"] == [{"y": [1.0, None, None], "x": [None, 2.0]}]


def test_the_browser_finds_both_files_here() -> None:
    assert (PLACES[OURS] / "figure.js").read_text(encoding="utf-8").count("export default") == 1
    assert all(path.is_dir() for path in PLACES.values())


def test_the_figures_of_the_overview_reach_the_browser_with_their_sentence(full: Path) -> None:  # noqa: F811
    app = launch()
    shown = [json.loads(part.proto.json) for part in app.get("bidi_component")]
    assert len(shown) == 3
    for part in shown:
        assert len(part["alt"]) > 30
        assert part["library"] == "/_stcore/bidi-components/plotly.figures/plotly.min.js"
        assert json.loads(part["figure"])["layout"]["height"] == part["height"]
    assert [part["clicks"] for part in shown] == [False, True, True]

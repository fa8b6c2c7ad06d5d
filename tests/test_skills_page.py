"""The page about skills says to each viewer what was counted, and its title comes before its figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from presentation.texts import Words
from tests.test_pages import full, full_database, headline, launch

__all__ = ["full", "full_database"]
pytestmark = pytest.mark.usefixtures("pages_alone")
NL = Words("nl")


def as_director() -> AppTest:
    app = launch()
    app.session_state["as_director"] = True
    app.run()
    return app.switch_page("pages/skills.py").run()


def test_a_director_reads_what_was_counted_for_a_director(full: Path) -> None:
    """Skills with fewer holders than a group stood under the words "at most one holder"."""
    app = as_director()
    assert not app.exception
    labels = [metric.label for metric in app.metric]
    assert NL("skills.kpi_few", k=5) in labels
    assert not any("één kenner" in label for label in labels)
    counted = app.metric[labels.index(NL("skills.kpi_few", k=5))].value
    assert headline(app) == NL("skills.title_few", n=int(counted), k=5)


def test_hr_reads_who_knows_it_alone(full: Path) -> None:
    assert NL("skills.kpi_single", year=2031) in [metric.label for metric in launch("skills").metric]


def test_the_title_is_read_before_the_figure_that_is_drawn_first(full: Path) -> None:
    kinds = [element.type for element in launch("skills").main]
    assert kinds.index("title") < kinds.index("metric") < kinds.index("bidi_component")

"""A page whose answer takes long keeps up with the sliders: supply against need at once, the plan when they rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from presentation.texts import Words
from tests.explained import drawn
from tests.test_pages import full, full_database, headline, launch
from workflows import answers
from workflows.types import Scenario, Scope, Viewer
from workflows.workspace import Workspace

__all__ = ["full", "full_database"]
pytestmark = pytest.mark.usefixtures("pages_alone")
NL = Words("nl")


@pytest.mark.slow
def test_nothing_asked_is_the_plan_that_the_overview_tells(full: Path) -> None:
    """The shortage is halved on both: one share, one amount."""
    app = launch("plan")
    with Workspace.open(full, reading=True) as workspace:
        told = answers.deeper(Viewer.local(), workspace, Scenario(), Scope(), 2031).decisions
    assert NL.percent(told["share"]) in headline(app)
    assert NL.euro(told["cost"]) in headline(app)


def test_the_plan_waits_until_the_sliders_rest(full: Path) -> None:
    app = launch("plan")
    planned = headline(app)
    assert drawn(app)[:2] == ["supply_demand", "plan_path"]
    app.slider(key="resignation_multiplier").set_value(1.3).run()
    assert not app.exception
    moved = headline(app)
    assert moved != planned
    assert drawn(app) == ["supply_demand"]  # where it stood, so that it only changes
    assert any(NL("plan.working") in caption.value for caption in app.caption)
    assert app.text_input(key="_plan_target").value == ""  # what was asked of the plan stays where it is
    app.run()
    assert not app.exception
    assert headline(app) != moved
    assert "plan_path" in drawn(app)
    assert not any(NL("plan.working") in caption.value for caption in app.caption)


def test_a_slider_that_nobody_moved_follows_the_firms_own_figure(full: Path) -> None:
    """As after the upload of another firm: what was the figure of the one before is no choice of anybody."""
    app = launch()
    own = app.slider(key="hires_per_year").value
    for before, left, stands in ((own - 20, own - 20, own), (own - 20, own - 10, own - 10)):
        app.session_state["_own_figures"] = {"hires_per_year": before}
        app.session_state["hires_per_year"] = left
        app.run()
        assert not app.exception
        assert app.slider(key="hires_per_year").value == stands

"""The page of the plan as somebody uses it: a package becomes a scenario and actions, and a shortage is sought back to what it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_pages import full, full_database, headline, launch
from tests.test_saving_pages import own

__all__ = ["full", "full_database", "own"]
pytestmark = pytest.mark.slow


def said(app) -> str:
    return " ".join(block.value for block in (*app.markdown, *app.success, *app.info, *app.caption))


@pytest.mark.parametrize("lang", ["NL", "EN"])
def test_a_package_is_saved_as_a_scenario_and_its_steps_become_actions(lang: str, own: Path) -> None:
    app = launch("plan", lang)
    app.button(key="plan_scenario").click().run()
    assert not app.exception
    assert "Plan 2031" in app.success[0].value
    app.button(key="plan_actions").click().run()
    assert not app.exception
    assert app.success
    listed = launch("actions", lang)
    assert not listed.exception
    assert listed.metric[0].value not in ("0", "")
    assert headline(listed)


@pytest.mark.parametrize("figure", ["net", "chance", "first_year"])
def test_each_shortage_figure_is_sought_for_one_role(figure: str, own: Path) -> None:
    app = launch("plan")
    app.selectbox(key="_goal_figure").set_value(figure)
    app.selectbox(key="_goal_place").set_value(("role", "Timmerman"))
    app.button(key="goal_seek").click().run()
    assert not app.exception
    told = said(app)
    assert "Timmerman" in told
    assert "genoeg" in told

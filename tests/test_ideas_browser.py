"""In a real browser: an idea comes in through the link on the wall, without a name, and a control that goes gives hours to the scenario."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.hands import choose_from_list
from tests.serving import browsing, serving, settled
from workflows import ideas, importing
from workflows.types import Viewer
from workflows.workspace import Workspace

pytestmark = pytest.mark.browser
LOCAL = Viewer.local()
IDEA = "Gereedschap per bus klaarleggen"


@pytest.mark.slow
def test_an_idea_by_link_and_hours_that_a_removed_control_gives(tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    with Workspace.open(database) as workspace:
        importing.load_sample(LOCAL, workspace)
        token = ideas.new_link(LOCAL, workspace)
        ideas.add_control(LOCAL, workspace, "Elke bon dubbel tekenen", "kost tijd", "", 0.6)
        noted = len(workspace.store.audit.entries())
    with serving(database) as address, browsing(tmp_path / "profile", height=1800) as context:
        page = context.pages[0]
        page.goto(f"{address}/?link=idea.{token}&lang=NL")
        page.get_by_label("Idee in één zin").fill(IDEA)
        assert not page.get_by_text("Upload").count()  # no menu, nothing of others
        page.get_by_role("button", name="Versturen").click()
        expect(page.get_by_text("Staat op het bord.")).to_be_visible()

        page.goto(f"{address}/ideas?lang=NL")
        card = page.locator("[class*='st-key-idea_']").filter(has_text=IDEA)
        expect(card.first).to_be_visible()
        expect(card.first).to_contain_text("anoniem")
        monday = date.today() - timedelta(days=date.today().weekday())
        expect(card.first).to_contain_text(f"{monday:%d-%m-%Y}")

        settled(page)
        decide = page.locator("[data-testid='stForm']").filter(has=page.get_by_role("button", name="Besluiten"))
        choose_from_list(page, decide.get_by_role("combobox"), "Elke bon")
        settled(page)
        decide.get_by_role("button", name="Besluiten").click()
        button = page.get_by_role("button", name="uur in het scenario")
        expect(button).to_be_visible()
        settled(page)
        button.click()
        expect(page.get_by_text("Het scenario rekent nu met")).to_be_visible()
        expect(page).to_have_url(re.compile("freed_hours_per_week=0.9"))  # so a link shares it
        page.reload()
        expect(page.get_by_text("Meer knoppen · 1 gewijzigd")).to_be_visible()
    with Workspace.open(database) as workspace:
        kept = ideas.board(LOCAL, workspace).set_index("title").loc[IDEA]
        assert (kept["author"], kept["week"].date().weekday()) == ("", 0)
        assert not [entry for entry in workspace.store.audit.entries()[noted:] if "idea" in entry["action"]]

"""One run in a real browser: a personal link is filled in and sent, HR sees it, records a conversation and puts the step in the list."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.hands import choose_from_list
from tests.sampling import with_sample
from tests.serving import browsing, serving, settled
from workflows import followup, talks
from workflows.types import Viewer
from workflows.workspace import Workspace

pytestmark = pytest.mark.browser
LOCAL = Viewer.local()


@pytest.mark.slow
def test_from_a_personal_link_to_a_step_in_the_list(tmp_path: Path) -> None:
    database = tmp_path / "w.duckdb"
    with Workspace.open(with_sample(database)) as workspace:
        rows = talks.rows(LOCAL, workspace)
        person = str(rows.loc[rows["held"].isna(), "employee_id"].iloc[0])
        token = talks.new_link(LOCAL, workspace, person)
    with serving(database) as address, browsing(tmp_path / "profile", height=1800) as context:
        page = context.pages[0]
        page.goto(f"{address}/?link=own.{token}x&lang=NL")
        expect(page.get_by_text("Deze link werkt niet (meer)")).to_be_visible()
        page.goto(f"{address}/?link=own.{token}&lang=NL")
        expect(page.get_by_text("Mijn pagina")).to_be_visible()
        assert not page.get_by_text("Upload").count()  # no menu, nothing of others
        page.locator("[data-testid='stForm']").get_by_text("5", exact=True).first.click()
        page.get_by_text("Anderen iets leren").click()
        page.get_by_label("Wat kunt u verder, in uw eigen woorden?").fill("lassen en uitleggen")
        page.get_by_role("button", name="Verstuur").click()
        expect(page.get_by_text("Verstuurd. HR ziet nu")).to_be_visible()

        page.goto(f"{address}/conversations?lang=NL")
        choose_from_list(page, page.get_by_role("combobox").first, person)
        expect(page.get_by_label("Wat kan iemand nog meer?")).to_have_value("lassen en uitleggen")
        page.get_by_role("textbox", name="Afgesproken stap").fill("Samen met HR een leerduo zoeken")
        page.get_by_role("textbox", name="Doel van het gesprek").fill("Ontwikkeling bespreken")
        page.get_by_role("textbox", name="Grondslag (AVG)").fill("Toestemming")
        page.get_by_role("button", name="Vastleggen").click()
        expect(page.get_by_text("Vastgelegd.")).to_be_visible()
        settled(page)
        page.get_by_role("button", name="Zet in de actielijst").first.click()
        page.get_by_role("textbox", name="Wie pakt het op?").fill("HR-adviseur")
        page.get_by_role("button", name="Opslaan").first.click()
        expect(page.get_by_text("Staat in de actielijst.")).to_be_visible()
    with Workspace.open(database) as workspace:
        steps = followup.steps(LOCAL, workspace)
        assert steps["owner"].tolist() == ["HR-adviseur"]
        assert person not in str(steps.to_dict())
        kept = talks.rows(LOCAL, workspace).set_index("employee_id").loc[person]
        assert talks.own_skills(LOCAL, workspace, person)["level"].tolist() == [5.0]
        assert (kept["wishes"], kept["step"]) == ("teach", "Samen met HR een leerduo zoeken")

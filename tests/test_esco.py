"""Skills linked to ESCO: proposed by title in either language, counted once a person confirmed it, and taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analytics.esco import concepts, esco_title
from analytics.release import Role
from tests.sampling import with_sample
from workflows import changing, esco
from workflows.types import Refusal, Viewer
from workflows.workspace import Workspace

ME = Viewer.local()
DIRECTOR = Viewer("d", Role.DIRECTOR, (), 5)
HEATING = "installing heating, ventilation and air conditioning equipment"


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open(with_sample(tmp_path_factory.mktemp("esco") / "firm.duckdb")) as workspace:
        yield workspace


def test_every_concept_has_an_address_of_its_own_and_two_titles() -> None:
    table = concepts()
    assert table["uri"].is_unique
    assert table["uri"].str.startswith("http://data.europa.eu/esco/skill/").all()
    assert (table[["title_nl", "title_en"]] != "").all(axis=None)
    assert len(table) > 300
    heating = table[table["title_en"] == HEATING].iloc[0]
    assert (heating["code"], esco_title(heating["uri"])) == ("S7.2.1", "verwarming, ventilatie en airconditioning installeren")
    assert esco_title("http://data.europa.eu/esco/skill/nothing") is None


def test_every_skill_of_the_sample_gets_a_proposal_that_counts_for_nothing_yet(firm: Workspace) -> None:
    rows = esco.proposals(ME, firm).set_index("skill")
    assert len(rows) == 44
    assert not rows["confirmed"].any()
    assert (rows["uri"] != "").sum() >= 42
    assert esco_title(rows.loc["ventilatie", "uri"], "en") == HEATING
    assert esco_title(rows.loc["TIG-lassen", "uri"], "en") == "joining parts using soldering, welding or brazing techniques"
    assert esco.chosen(ME, firm) == {}


def test_what_a_person_confirms_counts_and_can_be_taken_back(firm: Workspace) -> None:
    rows = esco.proposals(ME, firm).set_index("skill")
    link = {"ventilatie": rows.loc["ventilatie", "uri"]}
    assert esco.confirm(ME, firm, link) == 1
    assert esco.chosen(DIRECTOR, firm) == link
    assert esco.titles(DIRECTOR, firm, "en") == {"ventilatie": HEATING}
    again = esco.proposals(ME, firm).set_index("skill")
    assert again.loc["ventilatie", "confirmed"]
    assert again["confirmed"].sum() == 1
    esco.undo(ME, firm)
    assert esco.chosen(ME, firm) == {}


@pytest.mark.parametrize(("links", "code"), [({"Toveren": ""}, "unknown_skill"), ({"ventilatie": "http://elsewhere"}, "esco_unknown")])
def test_unknown_skills_and_addresses_are_refused(links: dict[str, str], code: str, firm: Workspace) -> None:
    with pytest.raises(Refusal) as refused:
        esco.confirm(ME, firm, links)
    assert refused.value.code == code
    assert esco.chosen(ME, firm) == {}


def test_only_hr_confirms(firm: Workspace) -> None:
    for act in (lambda: esco.proposals(DIRECTOR, firm), lambda: esco.confirm(DIRECTOR, firm, {}), lambda: esco.undo(DIRECTOR, firm)):
        with pytest.raises(Refusal, match="not_allowed"):
            act()


def test_a_code_that_no_occupation_has_is_refused(firm: Workspace) -> None:
    """Found as a crash: the refusal could not be made."""
    with pytest.raises(Refusal, match="isco_unknown"):
        changing.choose(ME, firm, "Timmerman", "9999")

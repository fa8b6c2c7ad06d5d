"""The five questions of the first meeting: one computed sentence each, in both languages, whatever the figures are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from presentation import answers, sentences
from presentation.texts import Words
from tests.sampling import with_sample
from tests.test_sentences import FACTS, with_gap
from workflows import outlook, plan, routes, skills
from workflows.answers import Deeper, deeper
from workflows.outlook import Outlook
from workflows.types import Role, Scenario, Scope, Viewer
from workflows.workspace import Workspace

NL, EN, LOCAL = Words("nl"), Words("en"), Viewer.local()
KNOWN = Deeper(
    knowledge={"lost": 2, "few": 0, "k": 1, "mentors": 46, "mentors_55": 24},
    technology={"automated": 28.4, "most": "Planner", "most_fte": 6.0},
    moves={"near": 52, "wanting": 26, "roles_short": 4},
    decisions={
        "share": 0.6,
        "until": date(2031, 1, 1),
        "cost": 2_100_000.0,
        "measures": (("apprentices", 20.0), ("move_in", 45.0), ("retain", 1.0)),
        "count": 3,
        "dip": -6.2,
        "dip_year": 2026,
        "from_year": 2028,
    },
    missing={},
)
NOTHING = Deeper({}, {}, {}, {}, {"knowledge": "no_requirements", "technology": "no_isco", "moves": "no_requirements", "decisions": "x"})


def part(name: str, **changed: Any) -> Deeper:
    return replace(KNOWN, **{name: {**getattr(KNOWN, name), **changed}})


def test_knowledge_counts_skills_and_mentors() -> None:
    assert answers.knowledge(NL, KNOWN) == (
        "2 vaardigheden verdwijnen dan naar verwachting helemaal en 24 van de 46 leermeesters zijn 55 of ouder."
    )
    assert answers.knowledge(EN, part("knowledge", lost=1, mentors=1, mentors_55=0)) == (
        "1 skill is then expected to vanish completely and 0 of the 1 mentor is 55 or older."
    )
    assert answers.knowledge(NL, part("knowledge", lost=0, mentors=-1)) == "Geen vaardigheid verdwijnt dan helemaal."
    assert answers.knowledge(NL, part("knowledge", lost=0, few=3, k=10, mentors=-1)) == "3 vaardigheden liggen bij minder dan 10 mensen."
    assert "geladen" in answers.knowledge(NL, NOTHING)


@pytest.mark.parametrize(
    ("words", "known", "said"),
    [
        (
            NL,
            KNOWN,
            "Techniek neemt in 2031 28 fte werk over, het meest bij Planner en al meegerekend, tegen een tekort van 101 fte in "
            "totaal; 52 collega's "
            "zijn één cursus af van werk waar u tekortkomt en 26 willen die kant op.",
        ),
        (
            EN,
            part("moves", near=1, wanting=1),
            "In 2031 technology takes over 28 FTE of work, most among Planner and counted already, against a shortage of 101 FTE in "
            "total; 1 "
            "colleague is one course away from work you are short of and 1 wants to go that way.",
        ),
        (
            NL,
            replace(part("technology", automated=0.3), moves={"near": 0, "wanting": 0, "roles_short": 3}),
            "Techniek neemt in 2031 vrijwel geen werk over, tegen een tekort van 101 fte in totaal; geen collega is één cursus af "
            "van werk waar u "
            "tekortkomt zonder elders een gat te laten en niemand gaf aan die kant op te willen.",
        ),
        (
            EN,
            replace(part("technology", most_fte=0.2), moves={"near": 4, "wanting": -1, "roles_short": 3}),
            "In 2031 technology takes over 28 FTE of work, which is counted already, against a shortage of 101 FTE in total; 4 "
            "colleagues are one "
            "course away from work you are short of and who wants to go that way has not been asked yet.",
        ),
        (
            NL,
            part("moves", near=4, wanting=-2),  # who sees some departments is not told of wishes
            "Techniek neemt in 2031 28 fte werk over, het meest bij Planner en al meegerekend, tegen een tekort van 101 fte in "
            "totaal; 4 collega's "
            "zijn één cursus af van werk waar u tekortkomt.",
        ),
        (
            NL,
            NOTHING,
            "Wat techniek overneemt weten we pas als bij functies een beroepscode staat; het tekort is in 2031 in totaal 101 fte; wie kan "
            "overstappen weten we pas als vaardigheden zijn geladen.",
        ),
    ],
)
def test_can_technology_or_our_own_people_fill_it(words: Words, known: Deeper, said: str) -> None:
    assert answers.filling(words, FACTS, known).answer == said


def test_without_a_shortage_there_is_nothing_to_fill_or_decide() -> None:
    calm = with_gap(-5, -20, 3, roles_short=0)
    known = replace(KNOWN, moves={"near": 0, "wanting": 0, "roles_short": 0}, decisions={}, missing={"decisions": "nothing_short"})
    assert answers.filling(NL, calm, known).answer == "Er is in 2031 in totaal geen tekort om te vullen."
    assert answers.deciding(NL, calm, known).answer.startswith("Er hoeft nu niets besloten te worden: tot 2031")
    assert answers.deciding(EN, calm, NOTHING).answer == "A plan cannot be made from these data yet."


def test_a_shortage_in_some_roles_does_not_contradict_a_surplus_in_total() -> None:
    """Question 1 says where, 4 that the total has none, 5 what is decided about it per role: each says which of the two it speaks of."""
    spare = with_gap(-31, -60, -4)
    assert answers.filling(NL, spare, KNOWN).answer.startswith(
        "In totaal is er in 2031 geen tekort; per functie wel, bij 20 van de 44 functies; "
    )
    assert answers.filling(EN, spare | {"roles_short": 1}, KNOWN).answer.startswith(
        "In total there is no shortage in 2031; per role there is, in one of the 44 roles; 52 colleagues are one course away"
    )
    assert answers.deciding(NL, spare, KNOWN).answer.startswith("3 soorten maatregelen dichten 60 % van het tekort per functie ")
    assert sentences.how_short(NL, spare, 2026).answer.startswith("In het totaal is er in 2031 geen tekort, maar wel bij ")


@pytest.mark.parametrize(
    ("words", "known", "said"),
    [
        (
            NL,
            KNOWN,
            "3 soorten maatregelen dichten 60 % van het tekort per functie in het jaar tot 1 januari 2031, voor € 2,1 miljoen: 20 extra "
            "leerplekken, 45 collega's omscholen en "
            "1 collega langer behouden; eerst, in 2026, 6,2 fte minder doordat leren tijd kost en u merkt het vanaf 2028.",
        ),
        (
            EN,
            part("decisions", count=1, measures=(("free_hours", 2.08),), dip=0.0, cost=8_400.0),
            "1 kind of measure closes 60% of the shortage per role in the year to 1 January 2031, for €8,400: dropping 2.1 FTE of needless "
            "controls; you will notice from "
            "2028.",
        ),
        (
            NL,
            part("decisions", count=5, cost=float("nan"), from_year=0, dip=0.0),
            "5 soorten maatregelen dichten 60 % van het tekort per functie in het jaar tot 1 januari 2031, vooral 20 extra "
            "leerplekken, 45 collega's "
            "omscholen en 1 collega "
            "langer behouden; binnen deze jaren merkt u er nog weinig van.",
        ),
    ],
)
def test_what_to_decide_says_the_dip_before_the_effect(words: Words, known: Deeper, said: str) -> None:
    assert answers.deciding(words, FACTS, known).answer == said


@pytest.mark.parametrize("words", [NL, EN], ids=["nl", "en"])
def test_every_lever_of_a_plan_has_its_phrase(words: Words) -> None:
    from workflows.actions import LEVERS as PLAN_LEVERS

    for lever in set(PLAN_LEVERS) - {"accept"}:
        assert words(f"answers.measure.{lever}", n=1) != ""
        assert words(f"answers.measure.{lever}", n=12).count("12") == 1


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory):
    with Workspace.open(with_sample(tmp_path_factory.mktemp("answers") / "a.duckdb")) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(workspace: Workspace) -> Outlook:
    return outlook.outlook(LOCAL, workspace, Scenario())


def test_the_figures_are_those_of_their_pages(workspace: Workspace, found: Outlook) -> None:
    year = found.target_year
    known = deeper(LOCAL, workspace, Scenario(), Scope(), year)
    made = plan.plan(LOCAL, workspace, Scenario(), Scope(), year)
    assert not known.missing
    assert known.decisions["share"] == made.facts["closed_share"]
    assert known.decisions["cost"] == made.cost
    assert known.decisions["count"] == int(((made.levers["units"] > 1e-9) & (made.levers["lever"] != "accept")).sum())
    decided = plan.decided(LOCAL, workspace, Scenario(), Scope(), year)
    for name in ("levers", "mix", "path", "prices", "binding", "every"):
        pd.testing.assert_frame_equal(getattr(decided, name), getattr(made, name))
    assert len(made.found) > len(decided.found) == 1
    assert known.knowledge["lost"] == skills.skills(LOCAL, workspace, Scenario(), year).facts["likely_lost"]
    said = [answer.answer for answer in answers.five(NL, found, known)]
    assert len(set(said)) == 5
    assert not [text for text in said if NL("answers.working") in text or "{" in text or "nan" in text]
    assert known.moves["wanting"] <= routes.wishes(LOCAL, workspace)["people"].sum()


def test_a_director_gets_no_count_below_the_threshold(workspace: Workspace, found: Outlook) -> None:
    director = Viewer.director()
    known = deeper(director, workspace, Scenario(), Scope(), found.target_year)
    mentors, older = known.knowledge["mentors"], known.knowledge["mentors_55"]
    assert mentors == -1 or min(older, mentors - older) >= director.k
    assert known.moves["near"] == 0 or known.moves["near"] >= director.k
    assert known.moves["wanting"] == 0 or known.moves["wanting"] >= 10


def test_the_works_council_gets_no_amounts(workspace: Workspace) -> None:
    council = replace(Viewer.director(), role=Role.COUNCIL)
    told = outlook.outlook(council, workspace, Scenario())
    said = answers.five(NL, told, deeper(council, workspace, Scenario(), Scope(), told.target_year))
    assert not [answer.answer for answer in said if "€" in answer.answer]
    assert said[1].page == "method"


def test_a_firm_without_skills_or_codes_says_what_is_missing(tmp_path: Path) -> None:
    from tests.test_importing import bring
    from tests.test_importing import workbook as staff_file

    with Workspace.open(tmp_path / "small.duckdb") as small:
        bring(small, staff_file(tmp_path / "a.xlsx", 12), date(2026, 1, 1))
        told = outlook.outlook(LOCAL, small, Scenario())
        known = deeper(LOCAL, small, Scenario(), Scope(), told.target_year)
        said = [answer.answer for answer in answers.five(NL, told, known)]
    assert "knowledge" in known.missing
    assert NL("answers.knowledge_missing") in said[2]


def test_a_measure_of_nothing_is_no_decision(workspace: Workspace, found: Outlook, monkeypatch: pytest.MonkeyPatch) -> None:
    made = plan.decided(LOCAL, workspace, Scenario(fill_rate=64), Scope(), found.target_year)
    shown = made.levers[made.levers["lever"] != "accept"]
    smallest = shown["units"].idxmin()
    little = replace(made, levers=made.levers.assign(units=made.levers["units"].where(made.levers.index != smallest, 0.01)))
    monkeypatch.setattr(plan, "decided", lambda *asked: little)
    known = deeper(LOCAL, workspace, Scenario(fill_rate=64), Scope(), found.target_year)
    assert known.decisions["count"] == int((shown["units"] >= 0.05).sum()) - 1

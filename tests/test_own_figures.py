"""Amounts, sector figures and chances that people filled in: kept, undone, dated, and followed by every figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.amounts import amount, shipped
from analytics.assumed import Overrule, overruled, per_group
from analytics.errors import Refusal
from analytics.estimate import estimate
from analytics.projection import prepare
from analytics.release import Role, Viewer
from analytics.renewal import lapse_range
from analytics.scenario import Scenario
from presentation import kpis, sentences
from presentation.controls import owning
from presentation.texts import Words
from tests.firms import cohorts, history, person
from tests.stored_firms import workspace_with
from workflows import assumed, money
from workflows.outlook import outlook
from workflows.owned import SectorFigure
from workflows.types import EXITS
from workflows.workspace import Workspace

ME = Viewer.local()
TODAY = date(2025, 1, 1)


@pytest.fixture
def firm(tmp_path: Path):
    with workspace_with(tmp_path / "firm.duckdb", (2022, 2023, 2024, 2025)) as workspace:
        yield workspace


@cache
def _rates():
    people = [person("A", age, people=4, tenure=t) for age in range(25, 60, 3) for t in range(4)] + [person("B", 40, people=30)]
    rows = [
        {"role": role, "age_band": band, "tenure_band": t, "year": year, "person_years": years, "resignation": gone}
        for role, years, gone in (("A", 20.0, 2.0), ("B", 5.0, 0.0))
        for band in range(4)
        for t in range(4)
        for year in (2023, 2024, 2025)
    ]
    return estimate(history(rows, years=3), cohorts(people))


@given(st.floats(0.0, 0.9))
@settings(max_examples=15)
def test_an_overruled_chance_is_the_one_that_is_shown(chance: float) -> None:
    rates = _rates()
    told = per_group(overruled(rates, (Overrule("A", "resignation", chance, "why"),)))
    row = told[(told["role"] == "A") & (told["cause"] == "resignation")].iloc[0]
    assert row["chance"] == pytest.approx(chance, abs=1e-9)
    assert row["source"] == "overruled"
    rest = told[~((told["role"] == "A") & (told["cause"] == "resignation"))]
    np.testing.assert_array_equal(rest["chance"], per_group(rates).loc[rest.index, "chance"])


def test_one_role_goes_before_all_roles_and_the_pattern_by_age_stays() -> None:
    rates = _rates()
    both = (Overrule("A", "resignation", 0.2, "a"), Overrule("", "resignation", 0.1, "all"))
    told = per_group(overruled(rates, both)).query("cause == 'resignation'").set_index("role")["chance"]
    assert told["A"] == pytest.approx(0.2)
    assert told["B"] == pytest.approx(0.1)
    before, after = (np.log1p(-table.table.query("role == 'A'")["resignation"].to_numpy()) for table in (rates, overruled(rates, both)))
    np.testing.assert_allclose(after / before, (after / before)[0])


def test_the_range_holds_the_chance_and_is_wider_with_fewer_events() -> None:
    told = per_group(_rates())
    assert ((told["low"] <= told["chance"]) & (told["chance"] <= told["high"])).all()
    quits = told[told["cause"] == "resignation"].set_index("role")
    spread = quits["high"] / quits["low"]
    assert spread["B"] > spread["A"]
    a = told[(told["role"] == "A") & (told["cause"] == "resignation")].iloc[0]
    assert 0.05 < a["chance"] < 0.15
    assert a["person_years"] == pytest.approx(20.0 * 4 * 4 * 3)


def test_without_a_history_every_chance_is_a_labelled_default() -> None:
    told = per_group(estimate(history(years=0), cohorts([person("A", 40)])))
    assert set(told["source"]) == {"default"}
    assert (told["person_years"] == 0).all()


def test_the_projection_follows_an_overruled_chance_and_a_step_back(firm: Workspace) -> None:
    def leaving() -> float:
        flows = outlook(ME, firm, Scenario()).flows
        return float(flows.loc[flows["flow"] == "resignation", "people"].iloc[0])

    before = leaving()
    assumed.overrule(ME, firm, Overrule("Monteur", "resignation", 0.4, "een nieuwe fabriek om de hoek"))
    assert leaving() > before * 1.5
    told = assumed.chances(ME, firm).query("role == 'Monteur' and cause == 'resignation'").iloc[0]
    assert (told["chance"], told["source"]) == (pytest.approx(0.4), "overruled")
    assumed.undo(ME, firm)
    assert leaving() == pytest.approx(before)
    assert assumed.overrules(ME, firm) == ()
    acts = [entry["action"] for entry in firm.store.audit.entries()]
    assert acts[-2:] == ["set_own_figures", "undo_own_figures"]


def test_the_end_of_contracts_and_the_moment_of_retiring_are_told_to_who_may_overrule_them(firm: Workspace) -> None:
    """Only resigning and other exits had their number, range and source on the page; of contracts and pensions nothing was told."""
    told = assumed.firm_wide(ME, firm)
    assert told.years == 3
    assert told.lapse == pytest.approx((told.ended + 0.25 * 20) / (told.due + 20))
    assert told.ends[0] < told.lapse < told.ends[1]
    for viewer in (Viewer.director(k=10), Viewer("c", Role.COUNCIL, (), 5)):
        with pytest.raises(Refusal) as refused:
            assumed.firm_wide(viewer, firm)
        assert refused.value.code == "not_allowed"


def test_the_range_of_contracts_that_end_is_that_of_a_beta() -> None:
    """A quarter, known from 20 contracts: Beta(5, 15) holds eight in ten from 13.4 to 37.8 %."""
    staff = cohorts([person("A", 40, people=10)])
    base = prepare(staff, estimate(history(years=0), staff), 3)
    draws = np.random.default_rng(1).beta(5, 15, 400_000)
    assert lapse_range(base) == pytest.approx(np.quantile(draws, [0.1, 0.9]), abs=0.001)


def test_back_to_the_estimate_for_one_role(firm: Workspace) -> None:
    for role in ("Monteur", "Planner"):
        assumed.overrule(ME, firm, Overrule(role, "resignation", 0.3, "reden"))
    assert [rule.role for rule in assumed.as_estimated(ME, firm, "Monteur", "resignation")] == ["Planner"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (Overrule("Monteur", "resignation", 1.2, "x"), "chance_invalid"),
        (Overrule("Monteur", "pension", 0.2, "x"), "chance_invalid"),
        (Overrule("Monteur", "resignation", 0.2, "  "), "note_missing"),
        (Overrule("Piloot", "resignation", 0.2, "x"), "role_not_there"),
    ],
)
def test_a_chance_needs_to_be_one_a_reason_and_a_role(rule: Overrule, code: str, firm: Workspace) -> None:
    with pytest.raises(Refusal) as refused:
        assumed.overrule(ME, firm, rule)
    assert refused.value.code == code


def test_a_director_reads_groups_and_changes_nothing(firm: Workspace) -> None:
    director = Viewer.director(k=10)
    told = assumed.chances(director, firm)
    assert "events" not in told
    assert not told["role"].eq("Tekenaar").any()
    for call in (
        lambda: assumed.overrule(director, firm, Overrule("Monteur", "resignation", 0.1, "x")),
        lambda: money.set_amounts(director, firm, ()),
        lambda: money.set_sector(director, firm, ()),
        lambda: money.undo(director, firm, "amounts"),
        lambda: money.bill(Viewer("or", Role.COUNCIL, (), 5), firm, Scenario()),
    ):
        with pytest.raises(Refusal) as refused:
            call()
        assert refused.value.code == "not_allowed"


def test_an_own_amount_counts_from_its_day_and_moves_the_cost_of_doing_nothing(firm: Workspace) -> None:
    before = money.bill(ME, firm, Scenario())
    shipped = amount("margin_per_hour", TODAY)
    later = replace(shipped, valid_from=date(2040, 1, 1), value=1000.0)
    money.set_amounts(ME, firm, (*money.amounts(ME, firm), later))
    assert money.bill(ME, firm, Scenario()).open_post_month == before.open_post_month
    double = replace(shipped, valid_from=TODAY, value=2 * shipped.value, source="eigen kostprijs")
    money.set_amounts(ME, firm, (*money.amounts(ME, firm), double))
    after = money.bill(ME, firm, Scenario())
    assert after.open_post_month == pytest.approx(2 * before.open_post_month)
    np.testing.assert_allclose(before.rows["cost_of_nothing"], before.rows["short_fte"] * 12 * 1380 / 12 * 40)  # hours x margin
    assert before.rows["short_fte"].max() > 0
    np.testing.assert_allclose(after.rows["cost_of_nothing"], 2 * before.rows["cost_of_nothing"])
    facts = outlook(ME, firm, Scenario()).facts
    assert facts["open_post_month"] == pytest.approx(after.open_post_month)
    money.undo(ME, firm, "amounts")
    assert money.bill(ME, firm, Scenario()).open_post_month == before.open_post_month
    assert any(row.value == 1000.0 for row in money.amounts(ME, firm))


def test_the_wage_bill_is_pay_times_the_factor_times_people(firm: Workspace) -> None:
    """Everybody earns 40 000 for one fte (tests.staff_frames), the employer's factor is 1.32."""
    found = money.bill(ME, firm, Scenario())
    total = outlook(ME, firm, Scenario()).total["supply_fte"].to_numpy()
    np.testing.assert_allclose(found.rows["wage_bill"], 40_000 * 1.32 * (total[:-1] + total[1:]) / 2)
    assert found.known == pytest.approx(1.0)
    assert list(found.rows["year"])[:2] == [2025, 2026]


def test_the_sector_figure_in_force_stands_beside_the_own_one(firm: Workspace) -> None:
    rows = (
        SectorFigure("share_55", date(2020, 1, 1), 21.0, "oud", TODAY),
        SectorFigure("share_55", date(2024, 1, 1), 24.5, "brancheorganisatie", TODAY),
        SectorFigure("share_55", date(2030, 1, 1), 40.0, "toekomst", TODAY),
    )
    assert "sector_55" not in outlook(ME, firm, Scenario()).facts
    money.set_sector(ME, firm, rows)
    facts = outlook(ME, firm, Scenario()).facts
    assert (facts["sector_55"], facts["sector_source"]) == (0.245, "brancheorganisatie")
    said = sentences.how_dear(Words("nl"), facts)
    assert "In uw sector is dat 25 %" in said.answer or "In uw sector is dat 24 %" in said.answer
    assert "brancheorganisatie" in said.note
    money.undo(ME, firm, "sector")
    assert money.sector(ME, firm) == ()
    with pytest.raises(Refusal) as refused:
        money.set_sector(ME, firm, (replace(rows[0], value=140.0),))
    assert refused.value.code == "sector_invalid"


def test_a_card_tells_more_to_spare_as_more(firm: Workspace) -> None:
    """A surplus of 147 that grew from nothing stood there with a fall of 147."""
    found = outlook(ME, firm, Scenario())
    spare = replace(found, facts={**found.facts, "gap_now": 0.0, "gap_target": -147.0})
    card, shorter = kpis.overview(Words("nl"), spare)[0], kpis.overview(Words("nl"), found)[0]
    assert (card.value, card.change, card.worse) == ("147 fte", "+147", False)
    assert list(card.chart) == [-value for value in shorter.chart]


def test_leaving_and_open_posts_stand_beside_those_of_the_sector(firm: Workspace) -> None:
    """On the cards on top: the own figure of now, in the unit of the sector's, and the sector's; nothing where nobody filled it in."""
    without = outlook(ME, firm, Scenario())
    assert not any("sector" in card.against for page in (kpis.overview, kpis.ageing) for card in page(Words("nl"), without))
    rows = [SectorFigure(key, date(2024, 1, 1), 12.5, "CBS", TODAY) for key in ("share_55", "vacancies", "leavers")]
    money.set_sector(ME, firm, tuple(rows))
    found = outlook(ME, firm, Scenario())
    people, years = found.total["supply_people"].to_numpy(), int(found.facts["years_ahead"])
    left = found.flows[found.flows["flow"].isin([str(flow) for flow in EXITS]) & (found.flows["year"] < found.target_year)]["people"].sum()
    yearly = left / people[:years].sum()
    assert found.facts["leavers_yearly"] == pytest.approx(yearly)
    for language, sector in (("nl", "12,5"), ("en", "12.5")):
        words = Words(language)
        said = [card.against for page in (kpis.overview, kpis.ageing) for card in page(words, found) if "sector" in card.against]
        assert len(said) == 3
        assert all(sector in one for one in said)
        assert words.percent(yearly, 1) in said[1]
    money.undo(ME, firm, "sector")


def test_nothing_to_undo_is_said_and_amounts_must_be_known(firm: Workspace) -> None:
    with pytest.raises(Refusal) as refused:
        money.undo(ME, firm, "amounts")
    assert refused.value.code == "nothing_to_undo"
    wrong = replace(amount("margin_per_hour", TODAY), key="no_such_amount")
    with pytest.raises(Refusal) as refused:
        money.set_amounts(ME, firm, (wrong,))
    assert refused.value.code == "amount_invalid"


def test_what_the_editor_shows_comes_back_the_same() -> None:
    """A row nobody touched must not become an own row: it would then hide a later shipped amount."""
    fields = ["key", "valid_from", "value", "low", "high", "unit", "certainty", "source", "last_checked"]
    table = pd.DataFrame([[getattr(row, field) for field in fields] for row in shipped()], columns=fields)
    assert [owning._row("amounts", row) for row in table.to_dict("records")] == list(shipped())


def test_units_and_sources_that_come_with_the_app_are_told_in_both_languages() -> None:
    """Back from the screen the same words are stored; what somebody filled in is nobody's to translate."""
    for row in shipped():
        for text in (row.unit, row.source):
            assert owning.amount_said(Words("en"), text) == text
            assert text == "euro" or owning.amount_said(Words("nl"), text) != text
    assert owning.amount_said(Words("nl"), "onze eigen meting") == "onze eigen meting"
    told = [owning.amount_said(Words("nl"), text) for text in {word for row in shipped() for word in (row.unit, row.source)}]
    assert len(set(told)) == len(told)

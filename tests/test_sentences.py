"""Sentences follow the numbers: sign, plural, rounding and what is left out, in both languages."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from presentation import lists, sentences
from presentation.texts import Words
from workflows.types import Scenario, Scope

NL, EN = Words("nl"), Words("en")
FACTS = {
    "people": 1194.0,
    "fte": 1116.0,
    "demand_now": 1180.0,
    "gap_now": 64.0,
    "supply_target": 1150.0,
    "demand_target": 1251.0,
    "gap_target": 101.3,
    "gap_target_low": 72.2,
    "gap_target_high": 130.6,
    "target_year": 2031,
    "years_ahead": 5,
    "worst_1": "Elektromonteur",
    "worst_1_gap": 14.2,
    "worst_1_from": 2027,
    "worst_2": "Lasser",
    "worst_2_gap": 6.1,
    "worst_2_from": 2028,
    "roles_short": 20,
    "roles_all": 44,
    "openings": 520.0,
    "replacement_share": 0.81,
    "retirements": 125.4,
    "leavers": 600.2,
    "retire_expected": 125.4,
    "retire_can_leave": 190.0,
    "share_55_now": 0.281,
    "share_55_target": 0.262,
    "people_60_now": 160.0,
    "person_years_short": 420.0,
    "cost_of_nothing": 23_184_000.0,
    "open_post_month": 4600.0,
}


def with_gap(gap: float, low: float, high: float, **more) -> dict:
    return FACTS | {"gap_target": gap, "gap_target_low": low, "gap_target_high": high} | more


@pytest.mark.parametrize(
    ("facts", "dutch", "english"),
    [
        (FACTS, "In 2031 komt u naar verwachting 101 fte tekort", "In 2031 you are expected to be 101 FTE short"),
        (with_gap(3.25, 1.1, 5.0), "In 2031 komt u naar verwachting 3,2 fte tekort", "In 2031 you are expected to be 3.2 FTE short"),
        (with_gap(0.4, -5, 6), "In 2031 zijn bezetting en werk in balans", "In 2031 staffing and work are in balance"),
        (with_gap(-0.4, -5, 6), "In 2031 zijn bezetting en werk in balans", "In 2031 staffing and work are in balance"),
        (
            with_gap(-20, -40, -2),
            "In 2031 heeft u naar verwachting 20 fte meer dan nodig",
            "In 2031 you are expected to have 20 FTE more than needed",
        ),
        (
            with_gap(12, -20, 44),
            "In 2031 zit u rond het evenwicht; een tekort van 12 fte is het midden",
            "In 2031 you are close to balance; 12 FTE short is the middle",
        ),
    ],
)
def test_headline(facts: dict, dutch: str, english: str) -> None:
    assert sentences.headline(NL, facts, Scope()) == dutch
    assert sentences.headline(EN, facts, Scope()) == english


def test_headline_names_the_one_part_that_is_chosen() -> None:
    assert sentences.headline(NL, FACTS, Scope(units=("Engineering",))) == "In 2031 komt Engineering naar verwachting 101 fte tekort"
    assert "komt u" in sentences.headline(NL, FACTS, Scope(units=("A", "B")))


def test_under_the_headline_the_range_and_the_change() -> None:
    assert sentences.under_headline(NL, FACTS) == (
        "Bandbreedte 72 tot 131 fte: acht van de tien mogelijke uitkomsten vallen daarbinnen. Dat is 37 fte meer tekort dan nu."
    )
    assert sentences.under_headline(NL, FACTS | {"gap_now": 101.3}).endswith("Dat is vrijwel gelijk aan nu.")
    assert sentences.under_headline(EN, FACTS | {"gap_now": 151.3}).endswith("That is 50 FTE less than the shortage now.")


def test_the_range_of_a_surplus_reads_as_a_surplus() -> None:
    assert sentences.under_headline(NL, with_gap(-89, -150, -12)).startswith("Bandbreedte 12 tot 150 fte over:")
    spare = with_gap(-89, -150, -12, gap_now=0.0)
    assert sentences.under_headline(NL, spare).endswith("Dat is 89 fte meer over dan nu.")
    assert sentences.under_headline(EN, spare | {"gap_now": -100.0}).endswith("That is 11 FTE less to spare than now.")
    assert sentences.under_headline(NL, spare | {"gap_now": 60.0}).endswith("Dat is 149 fte minder tekort dan nu.")


def test_first_question_says_where_and_from_when() -> None:
    first = sentences.how_short(NL, FACTS, 2026)
    assert first.answer == (
        "In 2031 mist u naar verwachting 101 fte (bandbreedte 72 tot 131); het eerst en het meest bij Elektromonteur en Lasser, vanaf 2027."
    )
    assert first.page == "shortages"


def test_first_question_when_it_is_tight_already() -> None:
    assert sentences.how_short(NL, FACTS | {"worst_1_from": 2026}, 2026).answer.endswith("en daar is het nu al krap.")


def test_a_surplus_in_total_may_hide_a_shortage() -> None:
    first = sentences.how_short(EN, with_gap(-5, -20, 10), 2026)
    assert first.answer == "In total there is no shortage in 2031, but there is among Elektromonteur and Lasser."
    calm = {key: value for key, value in with_gap(-5, -20, 10).items() if not key.startswith("worst")}
    assert sentences.how_short(EN, calm, 2026).answer == "In 2031 we expect no shortage of any weight."


def test_second_question_has_the_cost_or_says_there_is_none() -> None:
    second = sentences.how_dear(NL, FACTS)
    assert (
        second.answer
        == "Niets doen kost u tot 2031 ongeveer € 23 miljoen aan niet-gemaakt werk en dure inhuur; 28 % van uw mensen is 55 of ouder."
    )
    assert "eigen aanname" in second.note
    assert "niets" in sentences.how_dear(NL, FACTS | {"person_years_short": 0.2}).answer
    without = sentences.how_dear(NL, FACTS | {"cost_of_nothing": 0.0})
    assert without.answer.startswith("Tot 2031 lopen er 420 tekortjaren op, gemiddeld 84 fte per jaar")


@pytest.mark.parametrize(
    ("retirements", "start"), [(1.2, "Tot 2031 gaat naar verwachting 1 persoon"), (125.4, "Tot 2031 gaan naar verwachting 125 mensen")]
)
def test_third_question_counts_people_in_plural_or_singular(retirements: float, start: str) -> None:
    third = sentences.who_leaves(NL, FACTS | {"retirements": retirements}, "Geen vaardigheid verdwijnt dan helemaal.")
    assert third.answer.startswith(start)
    assert third.answer.endswith("Geen vaardigheid verdwijnt dan helemaal.")


@pytest.mark.parametrize(
    ("now", "then", "title"),
    [
        (64, 101.3, "Het tekort loopt op van 64 naar 101 fte"),
        (64, 30, "Het tekort daalt van 64 naar 30 fte"),
        (64, 64.5, "Het tekort blijft rond 64 fte"),
        (-12, 30, "Nu is er 12 fte over; in 2031 is er 30 fte tekort"),
        (64, -3, "Het tekort van 64 fte is in 2031 weg"),
        (-3, -3, "De bezetting blijft boven wat nodig is"),
    ],
)
def test_supply_title(now: float, then: float, title: str) -> None:
    assert sentences.supply_title(NL, FACTS | {"gap_now": float(now), "gap_target": float(then)}) == title


def test_bridge_title_names_who_leaves_who_joins_and_the_work() -> None:
    steps = [("retirement", 96.0), ("resignation", 300.4), ("move_in", -30.0), ("move_out", 30.0), ("hire", -240.2), ("growth", 40.0)]
    assert sentences.bridge_title(NL, steps) == "Er vertrekt 396 fte en er komt 240 fte bij; het werk vraagt 40 fte meer"
    assert sentences.bridge_title(EN, [*steps[:-1], ("growth", -12.0)]).endswith("the work needs 12 FTE less")
    assert sentences.bridge_title(NL, steps[:-1]) == "Er vertrekt 396 fte en er komt 240 fte bij"


def test_heat_title_needs_a_shortage_of_weight() -> None:
    assert sentences.heat_title(NL, ["A", "B"], [0.2, 14.0], 2031) == "Het knelt het meest bij B: 14 fte tekort in 2031"
    assert sentences.heat_title(NL, ["A"], [0.2], 2031) == "Geen enkele functie heeft in 2031 een tekort van betekenis"
    assert sentences.heat_title(NL, [], [], 2031).startswith("Geen enkele")


def test_titles_of_the_ageing_page() -> None:
    assert sentences.pyramid_title(NL, FACTS) == "Nu is 28 % van de mensen 55 of ouder; in 2031 is dat 26 %"
    assert sentences.pyramid_title(NL, FACTS | {"share_55_target": 0.279}) == "Ook in 2031 is 28 % van de mensen 55 of ouder"
    assert sentences.waves_title(NL, FACTS) == "Tot 2031 stoppen naar verwachting 125 mensen; 190 mensen mogen dan stoppen"
    assert sentences.exits_title(EN, FACTS) == "Of those who leave, 21% retire"
    assert sentences.ageing_lead(NL, FACTS) == "Dat is 11 % van de mensen van nu. 160 mensen zijn 60 of ouder."


def test_shortages_title_and_openings() -> None:
    assert sentences.shortages_title(NL, FACTS) == "Het tekort zit in 2031 vooral bij Elektromonteur en Lasser"
    assert sentences.openings_title(NL, FACTS) == "Van de 520 fte die tot 2031 open komt, is 81 % vervanging"


def test_formula_of_a_gap_is_filled_in() -> None:
    row = {"demand_fte": 128.0, "supply_fte": 113.9, "gap_fte": 14.1, "gap_low": 8.0, "gap_high": 20.4, "p_short": 0.97}
    made, spread = sentences.gap_formula(NL, row)
    assert made == "nodig 128,0 − verwacht 113,9 = tekort 14,1 fte"
    assert spread == "Bandbreedte van het tekort: 8 tot 20 fte. Kans op een tekort: 97 %."


def test_scenario_and_scope_in_words() -> None:
    assert sentences.scenario_name(NL, Scenario()) == "Basis"
    assert sentences.scenario_name(NL, Scenario(fill_rate=50)) == "Basis met 1 wijziging"
    assert sentences.scope_name(NL, Scope()) == "Hele organisatie"
    assert sentences.scope_name(NL, Scope(units=("A",), roles=("B",))) == "A · B"
    assert sentences.scope_name(EN, Scope(roles=("A", "B", "C", "D"))) == "4 choices"


def test_rows_per_role_carry_their_own_chance_and_first_year() -> None:
    def part(role: str, gaps: list[float], chances: list[float]) -> pd.DataFrame:
        return pd.DataFrame({"role": role, "year": [2026, 2027, 2028, 2029], "gap_fte": gaps, "p_short": chances})

    split = pd.concat([part("y", [1, 0, -3, 9], [0.9, 0.2, 0.1, 0.9]), part("x", [0, 1, 4, 4], [0.1, 0.6, 0.8, 0.9])])
    rows = sentences.per_row(split, "role", 2028).set_index("role")
    assert list(rows.index) == ["x", "y"]  # largest shortage in the target year first
    assert rows.loc["x", "gap_then"] == 4
    assert rows.loc["x", "first_year"] == 2027
    assert rows.loc["x", "p_short"] == 0.8
    assert rows.loc["x", "short_years"] == pytest.approx((0 + 1) / 2 + (1 + 4) / 2)
    assert rows.loc["y", "short_years"] == pytest.approx((1 + 0) / 2)  # a surplus pays for nothing


def test_what_each_shortage_costs_stands_beside_it_where_money_may_be_told() -> None:
    split = pd.DataFrame({"role": "x", "year": [2026, 2027, 2028], "gap_fte": [2.0, 4.0, 6.0], "p_short": 0.9})
    rows = sentences.per_row(split, "role", 2028)
    title = NL("owning.cost_short")
    assert lists.shortage_list(NL, rows, "role", 2028, 4_600.0)[title].tolist() == [442_000.0]  # (3 + 5) person-years x 12 x 4 600
    assert title not in lists.shortage_list(NL, rows, "role", 2028)


def test_comparison_names_the_scenario_that_differs_most() -> None:
    runs = [("Basis", 112.0), ("Krappe markt", 373.0), ("Leren", 0.0)]
    assert sentences.compare_title(NL, runs, 2031) == "Krappe markt maakt het tekort 261 fte groter dan de basis, in 2031"
    assert sentences.compare_title(EN, [runs[0], runs[2]], 2031) == "Leren makes the shortage 112 FTE smaller than the baseline, in 2031"
    assert sentences.compare_title(NL, [runs[0], ("Gelijk", 112.2)], 2031) == "Deze scenario's komen in 2031 op hetzelfde uit"
    assert sentences.compare_title(NL, runs[:1], 2031) == "De basis komt in 2031 uit op 112 fte tekort"


def test_where_nobody_is_short_the_comparison_speaks_of_people_to_spare() -> None:
    runs = [("Basis", -20.0), ("Krappe markt", -5.0), ("Leren", -28.0)]
    assert sentences.compare_title(NL, runs, 2031) == "Krappe markt laat 15 fte minder over dan de basis, in 2031"
    assert sentences.compare_title(EN, [runs[0], runs[2]], 2031) == "Leren leaves 8 FTE more to spare than the baseline, in 2031"
    assert sentences.compare_title(NL, runs[:1], 2031) == "De basis komt in 2031 uit op 20 fte over"
    assert sentences.compare_title(EN, [("Baseline", 0.2)], 2031) == "The baseline ends in balance in 2031"
    assert sentences.lever_title(NL, "Verloop", -4.0, -30.0) == "“Verloop” telt het meest: van 4 tot 30 fte over"
    assert sentences.lever_title(NL, "Verloop", -4.0, 30.0) == "“Verloop” telt het meest: van 4 fte over tot 30 fte tekort"
    assert sentences.lever_title(EN, "Turnover", 4.0, 30.0) == "“Turnover” matters most: from 4 to 30 FTE short"


def test_the_difference_of_two_scenarios_is_that_of_the_figures_as_written() -> None:
    assert "260 fte groter" in sentences.compare_title(NL, [("Basis", 112.6), ("Krap", 373.4)], 2031)


def test_who_leaves_adds_up_as_written() -> None:
    answer = sentences.who_leaves(NL, FACTS | {"leavers": 5.8, "retirements": 3.4}, "").answer
    assert answer.startswith("Tot 2031 gaan naar verwachting 3 mensen met pensioen, en vertrekken er 3 om een andere reden.")


def test_a_shortage_now_is_not_denied_by_a_target_year_without_one() -> None:
    calm = {key: value for key, value in with_gap(-5, -20, 10, gap_now=64.0).items() if not key.startswith("worst")}
    assert sentences.shortages_title(NL, calm) == "In 2031 komt geen functie mensen tekort"
    assert sentences.how_short(NL, calm, 2026).answer == "In 2031 verwachten we nergens een tekort van betekenis."


def test_balance_that_stays_is_not_called_people_to_spare() -> None:
    assert sentences.supply_title(NL, FACTS | {"gap_now": -0.3, "gap_target": 0.3}) == "Bezetting en werk blijven in balans"
    assert sentences.supply_title(EN, FACTS | {"gap_now": -9.0, "gap_target": -4.0}) == "Staffing stays above what is needed"


def test_a_decision_taken_on_a_surplus_says_so() -> None:
    kept = pd.DataFrame({"text": ["x"], "owner": ["y"], "day": [date(2026, 1, 5)], "council": ["no"]})
    told = lists.decisions(NL, kept.assign(figures=[{"gap_target": -12.0, "target_year": 2031}]))
    assert told[NL("meeting.gap_then")].tolist() == ["12 fte over in 2031"]


def test_formula_of_a_surplus_is_called_a_surplus() -> None:
    row = {"demand_fte": 40.0, "supply_fte": 46.0, "gap_fte": -6.0, "gap_low": -9.0, "gap_high": -1.0, "p_short": 0.02}
    assert sentences.gap_formula(NL, row)[0] == "nodig 40,0 − verwacht 46,0 = overschot 6,0 fte"


def test_a_shortage_that_starts_from_balance_is_not_called_zero_to_spare() -> None:
    facts = {"gap_now": 0.0, "gap_target": 1880.0, "target_year": 2031}
    assert sentences.supply_title(Words("nl"), facts) == "Nu is er genoeg; in 2031 is er 1.880 fte tekort"
    assert sentences.supply_title(Words("en"), facts) == "There is enough now; in 2031 there is a shortage of 1,880 FTE"
    assert "12 fte over" in sentences.supply_title(Words("nl"), facts | {"gap_now": -12.0})


def test_formula_of_a_step_and_of_a_year_are_filled_in() -> None:
    assert sentences.step_formula(NL, 62.7, 470.2) == "stand 62,7 + 470,2 = 532,9 fte"
    assert sentences.step_formula(EN, 62.7, -652.0) == "balance 62.7 − 652.0 = −589.3 FTE"
    assert sentences.exits_formula(NL, 2028, [("Pensioen", 20.0), ("Eigen verzoek", 95.54)]) == (
        "20,0 pensioen + 95,5 eigen verzoek = 115,5 mensen die in 2028 vertrekken"
    )


def test_the_page_about_the_method_counts_what_is_known_and_what_is_convention() -> None:
    said = lists.how_certain(Words("nl"))
    table = lists.assumptions(Words("nl"), Scenario(), {})
    known = int(table["Zekerheid"].isin(["A", "B"]).sum())
    assert said.startswith(f"{known} van de {len(table)} aannames")
    assert f"andere {len(table) - known} " in said
    assert f" of the {len(table) - 1} assumptions" in lists.how_certain(Words("en"), ("rvu_uptake",))

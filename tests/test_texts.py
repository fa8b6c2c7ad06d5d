"""Words: both languages complete, the glossary's forbidden words kept off the screens, numbers as people write them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from analytics.scenario import LEVERS
from analytics.workforce import Flow
from presentation.texts import LANGUAGES, WITHOUT, Words, euro, leaves, meaning, number, percent, placeholders, refused, say

# Section 4 of the glossary: words that stay off the main screens (allowed on the method page, in its own texts).
FORBIDDEN = {
    "nl": (
        r"p10|p50|p90|betrouwbaarheidsinterval|confidence interval|hazard|shrinkage|krimpfactor|bus factor|busfactor|schaduwprijs|"
        r"shadow price|cohort\w*|snapshot\w*|tornado|adoptiecurve|adoption curve|boventallig\w*|overtollig\w*|human capital|"
        r"resources|headcount|menselijk kapitaal"
    ),
    "en": (
        r"p10|p50|p90|confidence interval|hazard|(?<!staffing )rate|shrinkage|bus factor|shadow price|cohorts?|snapshots?(?! date)|tornado|"
        r"adoption curve|surplus employees|redundant|redundancies|human capital|resources|headcount"
    ),
}
OFF_THE_MAIN_SCREENS = ("method.", "source.")
MANY = {
    "cli.read": ("people",),
    "cli.retirements": ("active",),
    "tested.not_no_whole_years": ("n",),
    "tested.not_no_history": ("n",),
    "app.protected": ("k",),
    "chart.heat_more": ("n",),
    "shortages.lead": ("total",),
    "upload.title_sample": ("n",),
    "own.people": ("n",),
    "willing.protected": ("k",),
    "willing.kpi_held_note": ("people",),
    "learning.hidden_note": ("k",),
    "scan.evidence.roles_short": ("total",),
    "skills.lead_near": ("n",),
    "skills.departments": ("n",),
    "picking.exits": ("total",),
    "access.groups_of": ("n",),
    "access.least_more": ("answers",),
    "access.headline": ("n",),
    "access.protection_title": ("least",),
    "steady.role": ("counted",),
    "subsidy.slim_not": ("people",),
    "told.help": ("least",),
    "pulse.lead": ("n",),
    "pulse.lead_none": ("k",),
    "pulse.ability_note": ("k",),
    "pulse.rule": ("k",),
    "rotation.asked_about": ("n",),
}
"""Numbers that are never one: the least size of a group, all people or roles of a firm, what is only said from ten on."""


def test_both_languages_have_the_same_keys() -> None:
    assert set(leaves("nl")) == set(leaves("en"))


def test_both_languages_fill_in_the_same_things() -> None:
    dutch, english = leaves("nl"), leaves("en")
    assert {key: placeholders(text) for key, text in dutch.items()} == {key: placeholders(text) for key, text in english.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_empty(lang: str) -> None:
    assert not [key for key, text in leaves(lang).items() if not text.strip()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refusal_does_not_name_what_is_not_there(lang: str) -> None:
    texts = leaves(lang)
    for name, suffix in WITHOUT.items():
        shorter = [key for key in texts if key.startswith("refusal.") and key.endswith(suffix)]
        assert shorter
        for key in shorter:
            assert placeholders(texts[key]) == placeholders(texts[key.removesuffix(suffix)]) - {name}
    assert "“”" not in refused(lang, "header_only", {"sheet": ""})
    assert "“Personeel”" in refused(lang, "header_only", {"sheet": "Personeel"})
    assert "“”" not in refused(lang, "all_rows_invalid", {"sheet": "", "rows": 5, "column": "Geboren", "example": ""})
    assert refused(lang, "of_later", {}) == say(lang, "refusal.unexpected", code="of_later")


def test_english_writes_fte_in_capitals() -> None:
    assert not {key: text for key, text in leaves("en").items() if re.search(r"(?<![{_\w])(?:fte|Fte)(?![}_\w])", text)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_technical_words_stay_off_the_main_screens(lang: str) -> None:
    forbidden = re.compile(rf"\b(?:{FORBIDDEN[lang]})\b", re.IGNORECASE)
    found = {
        key: match.group()
        for key, text in leaves(lang).items()
        if not key.startswith(OFF_THE_MAIN_SCREENS) and (match := forbidden.search(re.sub(r"\{\w+\}", "", text)))
    }
    assert not found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_scan_would_notice(lang: str) -> None:
    assert re.search(rf"\b(?:{FORBIDDEN[lang]})\b", "a tornado of cohorts", re.IGNORECASE)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_has_its_words(lang: str, name: str) -> None:
    lever = LEVERS[name]
    for key in (f"lever.{name}.label", f"lever.{name}.help", f"unit.{lever.unit}", f"source.{lever.source}", f"levergroup.{lever.group}"):
        assert say(lang, key)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_flow_has_a_step_name(lang: str) -> None:
    assert all(say(lang, f"step.{flow.value}") for flow in Flow)


def test_a_key_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("nl", "there.is.no.such.text")


@pytest.mark.parametrize(
    ("lang", "value", "written"),
    [
        ("nl", 1234.5, "1.234"),
        ("nl", 10, "10"),
        ("nl", 9.94, "9,9"),
        ("nl", 9.96, "10"),
        ("nl", 3.0, "3"),
        ("nl", -12.6, "−13"),
        ("nl", -0.04, "0"),
        ("nl", 0.05, "0,1"),
        ("en", 1234.5, "1,234"),
        ("en", 9.94, "9.9"),
        ("en", float("nan"), "–"),
    ],
)
def test_whole_from_ten_one_decimal_below(lang: str, value: float, written: str) -> None:
    assert number(lang, value) == written


def test_signs_are_real_minus_signs_and_asked_pluses() -> None:
    assert (number("nl", 2.5, sign=True), number("nl", -2.5, sign=True), number("nl", 0, sign=True)) == ("+2,5", "−2,5", "0")


def test_shares_and_money() -> None:
    assert (percent("nl", 0.284), percent("en", 0.284), percent("nl", 0.9466, 1)) == ("28 %", "28%", "94,7 %")
    assert (euro("nl", 16_123_456), euro("en", 2_140_000), euro("nl", 84_852), euro("nl", 950)) == (
        "€ 16 miljoen",
        "€2.1 million",
        "€ 85.000",
        "€ 950",
    )
    assert (euro("en", -8_400), euro("nl", -8_400), euro("en", 0)) == ("−€8,400", "€ −8.400", "€0")
    assert euro("nl", 999_999) == "€ 1,0 miljoen"


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_line_breaks_inside_an_amount_or_a_percentage(lang: str) -> None:
    broken = [key for key, text in leaves(lang).items() if " %" in text or "€ " in text]
    assert not broken
    assert " " not in percent(lang, 0.284) + percent(lang, -0.5, 1) + euro(lang, 2.1e6) + euro(lang, -500)


@pytest.mark.parametrize(
    ("lang", "count", "word"), [("nl", 1, "persoon"), ("nl", 2, "mensen"), ("nl", 0, "mensen"), ("en", 1, "person"), ("en", 3, "people")]
)
def test_plural_follows_the_number(lang: str, count: int, word: str) -> None:
    assert word in say(lang, "ageing.title", n=count, year=2031)


def test_plural_follows_the_number_as_printed() -> None:
    """1.04 prints as 1, so it is one person; 1.4 prints with a decimal, so it is people."""
    assert "persoon" in say("nl", "ageing.title", n=1.04, year=2031)
    assert "mensen" in say("nl", "ageing.title", n=1.4, year=2031)


@pytest.mark.parametrize(
    ("key", "given", "dutch", "english"),
    [
        ("answers.mentors", {"n": 46, "older": 1}, "1 van de 46 leermeesters is 55 of ouder", "1 of the 46 mentors is 55 or older"),
        ("answers.mentors", {"n": 1, "older": 0}, "0 van de 1 leermeester is 55 of ouder", "0 of the 1 mentor is 55 or older"),
        (
            "question.q3_people",
            {"year": 2031, "n": 2, "others": 1},
            "Tot 2031 gaan naar verwachting 2 mensen met pensioen, en vertrekt er 1 om een andere reden.",
            "By 2031, 2 people are expected to retire, and 1 to leave for another reason.",
        ),
        (
            "chart.waves",
            {"year": 2031, "n": 0, "can": 1},
            "Tot 2031 stoppen naar verwachting 0 mensen; 1 persoon mag dan stoppen",
            "By 2031, 0 people are expected to stop; 1 person may stop by then",
        ),
        (
            "ageing.lead",
            {"share": "8 %", "over60": 1},
            "Dat is 8 % van de mensen van nu. 1 persoon is 60 of ouder.",
            "That is 8 % of today's people. 1 person is 60 or older.",
        ),
        (
            "shortages.lead",
            {"n": 1, "total": 44, "year": 2031},
            "1 van de 44 functies komt in 2031 naar verwachting een halve fte of meer tekort.",
            "1 of the 44 roles is expected to be half an FTE or more short in 2031.",
        ),
        (
            "changing.hidden",
            {"year": 2029, "roles": ["Tekenaar"], "n": 1, "looking": 5.0},
            "Het totaal verbergt iets: rond 2029 heeft Tekenaar 5 fte te veel, terwijl andere functies tekortkomen."
            " Begin op tijd met omscholen.",
            "The total hides something: around 2029, Tekenaar has 5 FTE too many while other roles are short. Start retraining in time.",
        ),
    ],
)
def test_each_number_of_a_sentence_has_the_words_that_go_with_it(key: str, given: dict, dutch: str, english: str) -> None:
    assert (say("nl", key, **given), say("en", key, **given)) == (dutch, english)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_choice_of_words_has_two_forms(lang: str) -> None:
    chosen = {key: re.findall(r"{\w+:([^}]*)}", text) for key, text in leaves(lang).items()}
    assert any(chosen.values())
    assert not {key: found for key, found in chosen.items() if any(form.count("|") != 1 for form in found)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_of_something_is_never_written_as_several(lang: str) -> None:
    """Not where the number is a bound somebody may set to two at least, or one of those that are many by nature."""
    several = re.compile(r"{(\w+)} (?:mensen|collega's|functies|certificaten|leerlingen|metingen|people|colleagues|roles|certificates)\b")
    found = {
        f"{key}: {name}"
        for key, text in leaves(lang).items()
        if not key.endswith((".other", ".one")) and not key.startswith("refusal.")
        for name in several.findall(text)
        if not name.startswith("year")
    }
    assert found <= {f"{key}: {name}" for key, names in MANY.items() for name in names}


def test_dates_lists_and_years_are_written_out() -> None:
    assert "1 maart 2031" in say("nl", "app.context", scenario="Basis", as_of=date(2031, 3, 1), people=1194)
    assert "1.194" in say("nl", "app.context", scenario="Basis", as_of=date(2031, 3, 1), people=1194)
    assert say("en", "shortages.title_worst", year=2031, roles=["a", "b", "c"]).endswith("a, b and c")
    assert "2031" in say("nl", "headline.even", year=2031)


def test_abbreviations_keep_their_capitals_in_help() -> None:
    assert meaning("nl", "pension_age").startswith("**AOW-leeftijd**")


def test_words_speak_one_language() -> None:
    assert Words("nl").number(0.5) == "0,5"
    assert Words("en").number(0.5) == "0.5"

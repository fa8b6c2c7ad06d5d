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
        r"p10|p50|p90|confidence interval|hazard|(?<!staffing )rate|shrinkage|bus factor|shadow price|cohorts?|snapshot(?! date)|tornado|"
        r"adoption curve|surplus employees|redundant|redundancies|human capital|resources|headcount"
    ),
}
OFF_THE_MAIN_SCREENS = ("method.", "source.")


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

"""What people type in a field for a number is read as people of that language write numbers, and written back so."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presentation.controls.numbers import needed, read
from presentation.texts import Words
from presentation.texts.typed import read_number, write_number
from workflows.types import Refusal

NL, EN = Words("nl"), Words("en")


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("nl", "1.000.000", 1_000_000),
        ("nl", "1000000", 1_000_000),
        ("nl", "€ 1 000 000", 1_000_000),
        ("nl", "2,50", 2.5),
        ("nl", "2.5", 2.5),
        ("nl", "2.500", 2500),
        ("nl", "1.234,5", 1234.5),
        ("nl", ",5", 0.5),
        ("nl", "−3,5", -3.5),
        ("nl", "5 %", 5),
        ("nl", "  ", None),
        ("en", "1,000,000", 1_000_000),
        ("en", "2.50", 2.5),
        ("en", "2,5", 2.5),
        ("en", "2,500", 2500),
    ],
)
def test_read_as_written(lang: str, text: str, value: float | None) -> None:
    assert read_number(lang, text) == value


@pytest.mark.parametrize("text", ["veel", "1.00.000", "1,2,3", "10 tot 20", "1.000.00,5", "--2", "1e6", "."])
def test_what_is_no_number_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        read_number("nl", text)


@given(st.sampled_from(["nl", "en"]), st.decimals(-(10**9), 10**9, places=2, allow_nan=False))
def test_what_is_written_is_read_again(lang: str, value) -> None:
    assert read_number(lang, write_number(lang, float(value))) == float(value)


def test_written_with_the_decimals_that_count() -> None:
    assert (write_number("nl", 1_000_000), write_number("nl", 2.5), write_number("en", 1234.25)) == ("1.000.000", "2,5", "1,234.25")
    assert write_number("nl", None) == write_number("nl", float("nan")) == ""


def test_refusals_say_what_to_write() -> None:
    with pytest.raises(Refusal) as found:
        read(NL, "ongeveer 5")
    assert NL(f"refusal.{found.value.code}", **found.value.params) == "Dit is geen getal: ongeveer 5. Schrijf bijvoorbeeld 1.234,5."
    with pytest.raises(Refusal) as found:
        read(EN, "101", 0, 90)
    assert EN(f"refusal.{found.value.code}", **found.value.params) == "Fill in a number from 0 to 90."
    assert read(NL, "") is None
    with pytest.raises(Refusal):
        needed(NL, "")

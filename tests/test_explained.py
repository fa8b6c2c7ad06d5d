"""Definitions in help everywhere, from the glossary; a table and downloads beside each figure; a description that says what it shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from presentation.charts import Figure
from presentation.explained import TERMS, terms_of
from presentation.figures import Told
from presentation.texts import LANGUAGES, Words

HOME = Path(__file__).resolve().parent.parent


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Every place that calls it, pages and presentation alike."""
    for folder in ("pages", "presentation"):
        for path in sorted((HOME / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == name:
                    yield f"{path.relative_to(HOME)}:{node.lineno}", node


def given(call: ast.Call, place: int, keyword: str = "terms") -> bool:
    """Whether it names words that explain it."""
    values = [word.value for word in call.keywords if word.arg == keyword] + call.args[place : place + 1]
    return any(not (isinstance(value, ast.Tuple) and not value.elts) for value in values)


def test_every_table_says_which_words_explain_it() -> None:
    seen = 0
    for where, call in calls("table_card"):
        name = call.args[1]
        assert isinstance(name, ast.Constant), where
        assert given(call, 5) or name.value in TERMS, f"{where}: nothing explains {name.value}"
        seen += 1
    assert seen > 30


def test_every_figure_and_every_card_on_top_does_too() -> None:
    for name, place in (("Told", 2), ("Kpi", 6)):
        found = list(calls(name))
        assert len(found) > 10
        assert not [where for where, call in found if not given(call, place)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_such_word_stands_in_the_glossary(lang: str) -> None:
    words = Words(lang)
    for terms in TERMS.values():
        assert words.meaning(*terms)
    assert terms_of("knowledge") == TERMS["knowledge"]
    assert terms_of("knowledge", ("shortage",)) == ("shortage",)
    assert terms_of("no such table") == ()


def test_a_description_begins_with_the_sentence_above_the_figure() -> None:
    figure = Figure("f", {}, "Balken per functie.", None)  # type: ignore[arg-type]
    assert Told("Planner loopt leeg", figure, ("role",)).described().alt == "Planner loopt leeg. Balken per functie."
    assert Told("Balken", figure, ("role",)).described() is figure

"""The table of formulas in the method text: every test it names exists, and the published figures no other test holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from analytics.tables import reference

HERE = Path(__file__).resolve().parent
TEXT = HERE.parent / "docs" / "method_skills.md"


def _named() -> list[tuple[str, str]]:
    return re.findall(r"`(test_\w+\.py)::(test_\w+)`", TEXT.read_text(encoding="utf-8"))


def test_every_test_the_method_text_names_exists() -> None:
    named = _named()
    assert len(named) > 25
    for file, name in named:
        tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{file}::{name}"


@pytest.mark.parametrize(
    ("gradient", "count"),
    [("Not Exposed", 231), ("Minimal Exposure", 84), ("Gradient 1", 17), ("Gradient 2", 44), ("Gradient 3", 38), ("Gradient 4", 13)],
)
def test_gradients_of_the_ilo_as_published(gradient: str, count: int) -> None:
    """ILO Working Paper 140 (2025): so many of the 427 unit groups in each class."""
    assert (reference("ilo_genai_exposure_isco08.csv")["gradient_2025"] == gradient).sum() == count

"""The lists of worked examples and known faults in the method text name tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
TEXT = (HOME / "docs" / "method_examples.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/\w+\.py)::(\w+)`", TEXT)))
FAULTS = ("rounding before adding", "`int()`", "inherits the age", "divided by 12", "added up", "group of 40", "a year late")


def rows(title: str) -> list[str]:
    part = TEXT.split(f"## {title}")[1].split("\n## ")[0].split("Published formulas")[0]
    return [line for line in part.splitlines() if line.startswith("| ") and "::" in line]


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_each_test_that_is_named_exists(path: str, name: str) -> None:
    tree = ast.parse((HOME / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_there_are_enough_of_them() -> None:
    assert len(rows("Worked examples with full numbers")) >= 8
    listed = "\n".join(rows("Faults of other tools"))
    assert all(fault in listed for fault in FAULTS)

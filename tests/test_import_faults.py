"""The tables of import faults name tests that exist: the 25 situations, 31 faults, 6 traps and each step of the road of a file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HOME = Path(__file__).parent
TABLE = (HOME.parent / "docs" / "import_faults.md").read_text(encoding="utf-8")


def lines(heading: str) -> Iterator[tuple[str, str]]:
    """(number, tests) of every line of one table."""
    part = TABLE.split(f"## {heading}")[1].split("\n## ")[0]
    for line in part.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4 and cells[0] not in ("#", "---"):
            yield cells[0], cells[3]


def missing(told: str) -> list[str]:
    """What a line names and no file has. A name in front of a test is its file; it holds until the next one."""
    found, functions = [], set()
    for word, test, more in re.findall(r"\b([a-z_]+)\b(?= `)|`(test_\w+)(…?)`", told):
        if word:
            [file] = [file for file in HOME.glob("test_*.py") if file.stem.removeprefix("test_").removeprefix("intake_") == word]
            functions = {node.name for node in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}
        elif not any(name.startswith(test) if more else name == test for name in functions):
            found.append(test)
    return found


def test_every_situation_fault_and_trap_has_tests_that_exist() -> None:
    for heading, count in (
        ("Real exports", 25),
        ("Hostile and broken files", 31),
        ("Traps of real systems", 6),
        ("The road of a file", 16),
    ):
        found = list(lines(heading))
        numbers = {number for number, _ in found}
        assert {str(number) for number in range(1, count + 1)} <= numbers
        assert [number for number, told in found if "`test_" not in told] == []
        assert {number: names for number, told in found if (names := missing(told))} == {}

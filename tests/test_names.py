"""No local name hides a function of its own module: calling that function there would call what was put in the name instead."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
ROOMS = ("analytics", "commands", "intake", "pages", "presentation", "store", "workflows")


def hidden(text: str) -> list[str]:
    """Functions of the module that a function in it both overwrites with a local name and calls."""
    tree = ast.parse(text)
    ours = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    found = []
    for made in ast.walk(tree):
        if isinstance(made, ast.FunctionDef):
            put = {node.id for node in ast.walk(made) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
            called = {node.func.id for node in ast.walk(made) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
            found += [f"{made.name}: {name}" for name in sorted(put & called & ours)]
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_no_function_is_hidden_where_it_is_called(room: str) -> None:
    wrong = {str(path.relative_to(HOME)): hidden(path.read_text(encoding="utf-8")) for path in (HOME / room).rglob("*.py")}
    assert not {name: found for name, found in wrong.items() if found}


def test_one_that_is_hidden_is_found() -> None:
    assert hidden("def kept(a): ...\ndef save(rows):\n    kept = tuple(rows)\n    kept(1)\n") == ["save: kept"]

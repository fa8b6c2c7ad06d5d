"""Every public call of every workflow x every role, found in the code: a new call that does not check a right fails here."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

from analytics.errors import Refusal
from analytics.release import Role, Viewer
from tests.test_house import INNER_WORKFLOWS, NOT_CALLS
from workflows.access import GRANTED, Right

HOME = Path(__file__).resolve().parent.parent / "workflows"
NOTING = {"rules.refused", "rules.refused_act"}
"""They only write a line in the log that somebody was refused, for a viewer that needs no right."""


def found() -> dict[str, ast.FunctionDef]:
    """Public functions by "module.name"."""
    calls = {}
    for path in sorted(HOME.rglob("*.py")):
        module = ".".join(path.relative_to(HOME).with_suffix("").parts)
        if path.stem in (*INNER_WORKFLOWS, *NOT_CALLS):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                calls[f"{module}.{node.name}"] = node
    return calls


CALLS = found()


def required(node: ast.FunctionDef) -> set[Right]:
    """Rights named in `require(viewer, Right.X)` anywhere in the function; none where it depends on another right too."""
    asked = set()
    if any(isinstance(part, ast.Name) and part.id == "may" for part in ast.walk(node)):
        return asked
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "require" and len(part.args) == 2:
            right = part.args[1]
            if isinstance(right, ast.Attribute) and isinstance(right.value, ast.Name) and right.value.id == "Right":
                asked.add(Right[right.attr])
    return asked


def outcome(name: str, viewer: Viewer) -> str:
    """Call it with nothing but a viewer: the refusal's code, or "passed" when it went on to miss the other arguments."""
    module, _, function = name.rpartition(".")
    call: Callable[..., object] = getattr(importlib.import_module(f"workflows.{module}"), function)
    needed = [p for p in list(inspect.signature(call).parameters.values())[1:] if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    named = {p.name: None for p in needed if p.kind is p.KEYWORD_ONLY}
    plain = [None for p in needed if p.kind is not p.KEYWORD_ONLY]
    try:
        if call(viewer, *plain, **named) is False:
            return "not_allowed"  # a question about what may be done, answered with no
    except Refusal as refusal:
        return refusal.code
    except Exception:  # whatever comes of the missing arguments: the door was passed
        return "passed"
    return "passed"


def test_the_calls_are_found() -> None:
    assert len(CALLS) >= 30
    assert {"outlook.outlook", "people.erase", "rules.set_grants", "keeping.restore"} <= CALLS.keys()


@pytest.mark.parametrize("name", sorted(CALLS.keys() - NOTING))
def test_nobody_without_a_role_gets_past_the_door(name: str) -> None:
    """Deny by default, before any other argument is looked at."""
    stranger = Viewer("x", "stranger")  # type: ignore[arg-type]
    assert outcome(name, stranger) == "not_allowed"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", sorted(name for name, node in CALLS.items() if len(required(node)) == 1))
def test_a_call_opens_for_the_roles_with_its_right_only(name: str, role: Role) -> None:
    (right,) = required(CALLS[name])
    viewer = Viewer("x", role, (), 5 if role in (Role.DIRECTOR, Role.COUNCIL) else 1)
    assert (outcome(name, viewer) == "not_allowed") == (right not in GRANTED[role])


def test_a_call_without_a_right_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search must be able to fail: plant a call that asks nobody."""
    import workflows.rules

    monkeypatch.setattr(workflows.rules, "planted", lambda viewer, workspace: "everything", raising=False)
    assert outcome("rules.planted", Viewer("x", "stranger")) == "passed"  # type: ignore[arg-type]

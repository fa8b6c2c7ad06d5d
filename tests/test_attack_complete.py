"""Every answer a director or the works council can get is attacked by a test, or excused with a reason: a new call fails here first."""

from __future__ import annotations

import ast
from pathlib import Path

from analytics.release import Role, Viewer
from tests.test_rights import CALLS, outcome

HERE = Path(__file__).resolve().parent
PROTECTED = (Role.DIRECTOR, Role.COUNCIL)
SUITES = sorted(path.name for path in HERE.glob("test_attack*.py") if path.name != Path(__file__).name)

WRITES = "writes what the viewer typed, gives nothing back about people"
TYPED = "gives back what people typed into it, nothing counted from staff"
OWN = "works on an answer this viewer already got from the gate"
NAMES = "scenarios, notes and names only"
RULES = "rules, settings or the log, no data about people"
EXCUSED = {
     "scenarios.difference": OWN, "scenarios.figures_of": OWN, "scenarios.to_file": OWN,
    "plan_use.to_actions": OWN, "plan_use.to_scenario": OWN,
    "esco.chosen": NAMES, "esco.titles": NAMES, "esco.options": RULES,
    "pulse.results": "answers per team are attacked as counts in tests/test_voices.py",
    "followup.add": WRITES, "followup.set_status": WRITES, "ideas.add": WRITES, "ideas.add_control": WRITES, "ideas.change": WRITES,
    "ideas.decide": WRITES, "ideas.new_link": WRITES, "ideas.support": WRITES, "selfscan.add_challenge": WRITES,
    "selfscan.close_challenge": WRITES, "selfscan.save": WRITES, "people.scope_seen": WRITES, "rules.refused": WRITES,
    "rules.refused_act": WRITES,
    "assumed.overrules": TYPED, "followup.steps": TYPED, "ideas.board": TYPED,
    "ideas.open_challenges": TYPED, "ideas.controls": TYPED, "money.amounts": TYPED,
    "money.sector": TYPED, "groups.groups": TYPED, "tightness.tightness": TYPED, "tightness.in_force": TYPED,
    "tightness.decides": TYPED,
    "parked.questions": TYPED, "parked.doubts": TYPED, "parked.remove": TYPED, "parked.park": WRITES, "parked.tick": WRITES,
    "parked.restore": WRITES, "parked.set_doubts": WRITES,
    "mortality.deaths": TYPED, "work.posts": TYPED, "work.workload": TYPED, "work.roles": NAMES,
    "work.compared": "posts beside measured work, as HR filled both in: nothing counted from staff",
    "subsidies.possible": "public rules and the head count in multiples of k",
    "outlook.total": "a part of outlook.outlook, made by the same lines: equal to it in tests/test_role_sheet.py",
    "outlook.without_data": "names of levers, from the protected groups",
    "steadiness.steady": "one of three words for the whole firm and the number of years, from the protected groups",
    "as_told.mark": "a hash of the stored data",
    "scenarios.archive": NAMES, "scenarios.data_mark": "a hash of the stored data", "scenarios.link_mark": "a hash of the stored data",
    "scenarios.delete": NAMES,
    "scenarios.duplicate": NAMES, "scenarios.from_file": NAMES, "scenarios.keep": NAMES, "scenarios.kept": NAMES,
    "scenarios.lock": NAMES, "scenarios.opened": NAMES, "scenarios.rename": NAMES,
    "keeping.log_summary": RULES, "keeping.months_kept": RULES, "rules.log_is_whole": RULES, "rules.lost_imports": RULES,
    "rules.rights_of": RULES, "rules.rules": RULES,
}  # fmt: skip
"""Calls of protected viewers that no attack needs, and why."""


def open_calls() -> set[str]:
    """Calls that let a director or the council in."""
    viewers = [Viewer("x", role, (), 5) for role in PROTECTED]
    return {name for name in CALLS if any(outcome(name, viewer) != "not_allowed" for viewer in viewers)}


def attacked() -> set[str]:
    """`module.call` as it stands in the suites that attack."""
    found = set()
    for name in SUITES:
        for node in ast.walk(ast.parse((HERE / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add(f"{node.value.id}.{node.attr}")
    return found


def test_every_answer_is_attacked_or_excused() -> None:
    calls = open_calls()
    assert len(calls) > 60
    assert not calls - attacked() - EXCUSED.keys(), "attack it in a test, or say here why it needs none"


def test_no_excuse_outlives_its_call() -> None:
    """An excuse for a call that is gone, closed to these roles or attacked after all would hide the next one of that name."""
    assert EXCUSED.keys() <= open_calls()
    assert not EXCUSED.keys() & attacked()

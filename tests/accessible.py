"""The accessibility check of axe-core in an open page; the same script as its browser extension, kept with the tests' own packages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

GRAVE = ("serious", "critical")

EXCUSED: dict[tuple[str, str], str] = {}
"""(rule, part of the element's HTML) -> why it is not ours to mend."""


@dataclass(frozen=True, slots=True)
class Fault:
    """rule of axe-core, how grave, the element, and what it says."""

    rule: str
    impact: str
    html: str
    summary: str


@cache
def _script() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def grave_faults(page: Page) -> list[Fault]:
    """Serious and critical faults of what is on the screen now, without the excused."""
    page.evaluate(_script())
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    faults = [
        Fault(rule["id"], rule["impact"], node["html"], node.get("failureSummary", ""))
        for rule in found["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]
    return [fault for fault in faults if not any(fault.rule == rule and part in fault.html for rule, part in EXCUSED)]

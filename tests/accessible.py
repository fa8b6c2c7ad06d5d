"""The accessibility check of axe-core in an open page; the same script as its browser extension, kept with the tests' own packages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from playwright.sync_api import Page

GRAVE = ("serious", "critical")

EXCUSED = {
    ("list", "[data-testid=stSidebarNavItems]"): "the menu is drawn by the screen library: its sections stand as div in a list",
    ("listitem", "[data-testid=stSidebarNavItems]"): "the same menu: items stand in a div inside the list; each is a link with a name",
    ("svg-img-alt", "[data-testid=stMetric]"): "an empty group of marks in a card's small line, which shows only under the pointer; the "
    "card itself tells its figure in words",
}
"""(rule, where) -> why it is not ours to mend: parts of the screen library that no setting reaches."""


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


LOOK = """async excused => {
    const found = await axe.run(document, {resultTypes: ['violations']});
    const ours = (rule, node) => !excused.some(([name, where]) =>
        name === rule.id && document.querySelector(node.target.at(-1))?.closest(where));
    return found.violations.flatMap(rule => rule.nodes.filter(node => ours(rule, node)).map(node =>
        [rule.id, rule.impact, node.html, node.failureSummary || '']));
}"""


def grave_faults(page: Page) -> list[Fault]:
    """Serious and critical faults of what is on the screen now, without the excused."""
    page.evaluate(_script())
    found = [Fault(*one) for one in page.evaluate(LOOK, [list(key) for key in EXCUSED])]
    return [fault for fault in found if fault.impact in GRAVE]

"""Whether every figure on a page is explained from the glossary and has its table and downloads beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element


def _inside(block: Block) -> Iterator[Block | Element]:
    for child in block.children.values():
        yield child
        if isinstance(child, Block):
            yield from _inside(child)


def _cards(app: AppTest) -> Iterator[tuple[str, list[Block | Element]]]:
    """Every figure and table in a card of its own: its name and what stands in it."""
    for part in _inside(app.main):
        name = str(getattr(part, "key", None) or "")
        if isinstance(part, Block) and name.startswith("card_"):
            yield name.removeprefix("card_"), list(_inside(part))


def drawn(app: AppTest) -> list[str]:
    """Names of the figures on the page."""
    keys = (str(getattr(part, "key", None) or "") for part in _inside(app.main))
    return [key.removeprefix("chart_") for key in keys if key.startswith("chart_")]


def menus(app: AppTest) -> list[str]:
    """Names of the figures and tables with a menu beside them: their table and downloads."""
    keys = (str(getattr(part, "key", None) or "") for part in _inside(app.main) if isinstance(part, Block))
    return [key.removeprefix("table_") for key in keys if key.startswith("table_")]


def silent(app: AppTest) -> list[str]:
    """Figures whose description does not begin with, or hold, the sentence above them: what somebody who cannot see them must hear."""
    faults = []
    for name, parts in _cards(app):
        title = next((_spoken(part.value) for part in parts if part.type == "markdown" and part.value.startswith("#####")), "")  # type: ignore[union-attr]
        for part in parts:
            if str(getattr(part, "key", None) or "").startswith("chart_"):
                told = json.loads(part.proto.json)["alt"]  # type: ignore[union-attr]
                if not title or title not in told:
                    faults.append(f"{name}: {title!r} is not in {told!r}")
    return faults


def _spoken(heading: str) -> str:
    """A heading without its marks."""
    return re.sub(r"\\([\\`*_\[\]<>#$~|:])", r"\1", heading.removeprefix("##### "))


def unexplained(app: AppTest) -> list[str]:
    """What a visitor cannot look up: a card with a figure of which no word is explained, a figure on top without help, a chart without
    its table."""
    beside = set(menus(app))
    faults = [f"no table beside {name}" for name in drawn(app) if name not in beside]
    for name, parts in _cards(app):
        if name in beside and not any(part.type == "markdown" and part.help for part in parts):  # type: ignore[union-attr]
            faults.append(f"nothing explained at {name}")
    return faults + [f"nothing explained at {metric.label}" for metric in app.metric if not metric.help]

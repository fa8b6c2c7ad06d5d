"""The story of the overview to take along, as slides and as a workbook: for a monthly report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from commands.base import Call, chosen_scenario, command, written
from presentation.exports.deck import deck as deck_bytes
from presentation.exports.extra import Extra
from presentation.exports.pdf import office, to_pdf
from presentation.exports.workbook import workbook as workbook_bytes
from presentation.people_story import people_extras
from presentation.texts import Words
from workflows import answers, decisions, outlook
from workflows.access import Right, may
from workflows.types import Refusal


def _outlook_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(
        (
            click.argument("out", type=click.Path(dir_okay=False)),
            click.option("--scenario", type=click.Path(exists=True, dir_okay=False), default=None, help="JSON file with lever values."),
            click.option("--set", "settings", multiple=True, metavar="FIELD=VALUE", help="Set one lever; may be repeated."),
            click.option("--year", type=int, default=None, help="Target year; five years on when not given."),
        )
    ):
        function = option(function)
    return function


@command(name="deck")
@_outlook_options
@click.option("--master", type=click.Path(exists=True, dir_okay=False), default=None, help="The firm's own .pptx master.")
def deck(call: Call, out: str, scenario: str | None, settings: tuple[str, ...], year: int | None, master: str | None) -> None:
    """Write the slides; as a PDF when OUT ends on .pdf and LibreOffice is installed."""
    paper = Path(out).suffix.lower() == ".pdf"
    if paper and office() is None:
        raise Refusal("pdf_missing")
    own = Path(master).read_bytes() if master else None
    with call.workspace() as workspace:
        decided = decisions.decisions(call.viewer, workspace) if may(call.viewer, Right.SCENARIOS) else None
    *told, extras = _told(call, scenario, settings, year)
    slides = deck_bytes(Words(call.language), *told, own, decided, extras)
    written(call, out, to_pdf(slides) if paper else slides)


@command(name="workbook")
@_outlook_options
def workbook(call: Call, out: str, scenario: str | None, settings: tuple[str, ...], year: int | None) -> None:
    """Write the workbook with the figures."""
    *told, extras = _told(call, scenario, settings, year)
    written(call, out, workbook_bytes(Words(call.language), *told, extras))


def _told(
    call: Call, scenario: str | None, settings: tuple[str, ...], year: int | None
) -> tuple[outlook.Outlook, dict[str, float], answers.Deeper, tuple[Extra, ...]]:
    chosen = chosen_scenario(scenario, settings)
    with call.workspace() as workspace:
        found = outlook.outlook(call.viewer, workspace, chosen, target_year=year)
        deeper = answers.deeper(call.viewer, workspace, chosen, found.scope, found.target_year)
        extras = people_extras(Words(call.language), call.viewer, workspace, found)
        return found, outlook.basis(call.viewer, workspace), deeper, extras

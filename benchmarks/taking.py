"""The story taken along: slides and workbook of the sample firm, in the app's own process, as the buttons make them."""

from __future__ import annotations

from functools import partial

from benchmarks.server import sample_database
from benchmarks.timing import Row, interleaved, rows
from presentation.exports.deck import deck
from presentation.exports.workbook import workbook
from presentation.people_story import people_extras, people_slides
from presentation.texts import Words
from workflows import decisions, outlook
from workflows.answers import deeper
from workflows.types import Scenario, Viewer
from workflows.workspace import Workspace

AIMS = {"slides (.pptx)": "aim: at most 1 s", "workbook (.xlsx)": "aim: at most 2 s"}


def measure(quick: bool) -> list[Row]:
    """A click on either button, after the page has been drawn and the five questions answered."""
    local, words = Viewer.local(), Words("nl")
    with sample_database() as database, Workspace.open(database) as workspace:
        found = outlook.outlook(local, workspace, Scenario())
        basis, told = outlook.basis(local, workspace), deeper(local, workspace, Scenario(), found.scope, found.target_year)

        def slides() -> bytes:
            log = decisions.decisions(local, workspace)
            return deck(words, found, basis, told, None, log, people_slides(words, local, workspace))

        def sheets() -> bytes:
            return workbook(words, found, basis, told, people_extras(words, local, workspace, found))

        other = partial(outlook.outlook, local, workspace)
        candidates = {"slides (.pptx)": slides, "workbook (.xlsx)": sheets, "an outlook": lambda: other(Scenario())}
        taken = interleaved(candidates, 3 if quick else 7)
    return rows("taken along", taken, dict.fromkeys(AIMS, "an outlook"), AIMS)

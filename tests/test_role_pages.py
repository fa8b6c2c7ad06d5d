"""Every page with the eyes of every role: it opens or says why not, and the works council reads no amount of money anywhere."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from analytics.release import Role, Viewer
from analytics.scenario import Scenario
from presentation import session
from presentation.exports.deck import deck
from presentation.exports.workbook import workbook
from presentation.texts import Words
from tests.test_pages import APP, PAGES, full, full_database  # noqa: F401  (the sample firm, made once)
from tests.waiting import LIMIT
from workflows import answers, ideas, outlook
from workflows.workspace import Workspace

MONEY = re.compile(r"€|\beuro\b|\bEUR\b")
SOME = Viewer.director("chef", units=("Service en onderhoud", "Engineering"))
LOCAL = Viewer.local()
COUNCIL = Viewer("or", Role.COUNCIL, (), 5)
OTHERS = (Viewer("h", Role.HR), Viewer.director("d"), Viewer("a", Role.ADMIN), Viewer("p", Role.PRIVACY))
pytestmark = pytest.mark.usefixtures("pages_alone")
PARTS = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success", "metric", "dataframe", "table")


def said(app: AppTest) -> Iterator[str]:
    """All that a page shows as words and numbers."""
    for kind in PARTS:
        for part in app.get(kind):
            value = part.value
            yield value.dropna(axis=1, how="all").to_csv() if hasattr(value, "to_csv") else str(value)
            yield str(getattr(part, "label", ""))


def own_words() -> list[str]:
    """What colleagues wrote themselves on the board, who may name an amount: these very words and nothing beside them."""
    workspace = session.workspace()
    board, register = ideas.board(LOCAL, workspace), ideas.controls(LOCAL, workspace)
    texts = [*board["title"], *board["body"], *board["realised"], *register["title"], *register["why"], *register["reason"]]
    return sorted({str(text) for text in texts if MONEY.search(str(text))}, key=len, reverse=True)


def without(text: str, typed: list[str]) -> str:
    for words in typed:
        text = text.replace(words, "")
    return text


def test_only_the_very_words_of_colleagues_are_left_out() -> None:
    assert MONEY.search(without("Controle boven 250 euro; kosten 250 euro", ["Controle boven 250 euro"]))
    assert not MONEY.search(without("Controle boven 250 euro; kosten", ["Controle boven 250 euro"]))


TOLD_IN_EUROS = ("overview", "plan", "amounts", "shortages", "compare", "skills")
"""Pages on which others read amounts; the rest of them is looked through in the slow suite."""


def looked(page: str, viewer: Viewer, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(session, "person", lambda: viewer)
    app = AppTest.from_file(APP, default_timeout=LIMIT)
    app.query_params["lang"] = "NL"
    app.run()
    if page != "overview" and session.allowed(viewer, page):
        app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, [item.value for item in app.exception]
    return app


@pytest.mark.parametrize(
    "page", [*TOLD_IN_EUROS, *(pytest.param(page, marks=pytest.mark.slow) for page in PAGES if page not in TOLD_IN_EUROS)]
)
def test_the_works_council_reads_no_amount(page: str, full: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    app = looked(page, COUNCIL, monkeypatch)
    assert app.title
    typed = own_words()
    assert not [text for text in said(app) if MONEY.search(without(text, typed))]


@pytest.mark.parametrize("page", ["skills", "routes", "changing", "plan", "actions", "rotation", "willing", "overview"])
def test_a_director_of_some_departments_gets_an_answer_or_a_reason(
    page: str,
    full: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = looked(page, SOME, monkeypatch)
    reason = Words("nl")("routes.by_wish_whole")
    assert app.title
    if page in ("skills", "routes"):
        assert len(app.dataframe) + len(app.get("bidi_component")) > 0  # figures, no bare sentence
    assert any(reason in text for text in said(app)) == (page == "routes")  # beside the ways: wishes are those of the whole firm


@pytest.mark.slow
@pytest.mark.parametrize("viewer", [*OTHERS, SOME], ids=lambda viewer: viewer.role.value)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_or_says_why_not(page: str, viewer: Viewer, full: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    assert looked(page, viewer, monkeypatch).title


@pytest.mark.slow
def test_what_the_works_council_takes_along_holds_no_amount(full_database: Path, tmp_path: Path) -> None:  # noqa: F811
    for part in full_database.parent.glob(f"{full_database.name}*"):  # the app of the other tests still holds the file itself
        if part.is_file() and not part.name.endswith(".wal"):
            shutil.copy(part, tmp_path / part.name)
    with Workspace.open(tmp_path / full_database.name) as workspace:
        words, found = Words("nl"), outlook.outlook(COUNCIL, workspace, Scenario())
        basis = outlook.basis(COUNCIL, workspace)
        more = answers.deeper(COUNCIL, workspace, found.scenario, found.scope, found.target_year)
        slides = Presentation(io.BytesIO(deck(words, found, basis, more))).slides
        book = load_workbook(io.BytesIO(workbook(words, found, basis, more)), read_only=True)
    told = [shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame]
    told += [str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert len(told) > 100
    assert not [text for text in told if MONEY.search(text)]

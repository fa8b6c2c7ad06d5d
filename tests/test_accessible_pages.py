"""Every page is usable by everybody: no grave fault by axe-core, nothing beyond the edge of a phone, every figure described."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.accessible import grave_faults
from tests.serving import browsing, serving, settled
from workflows import importing
from workflows.types import Viewer
from workflows.workspace import Workspace

PAGES = sorted(path.stem for path in (Path(__file__).resolve().parent.parent / "pages").glob("*.py"))
LOOKS = [("nl", "light", 1440), ("en", "dark", 1440), ("nl", "dark", 390), ("en", "light", 390), ("nl", "light", 1920)]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("accessible") / "w.duckdb"
    with Workspace.open(path) as workspace:
        importing.load_sample(Viewer.local(), workspace)
    with serving(path) as running:
        yield running


@pytest.mark.parametrize(("language", "look", "width"), LOOKS, ids=lambda value: str(value))
def test_every_page(language: str, look: str, width: int, address: str, tmp_path: Path) -> None:
    faults: list[str] = []
    with browsing(tmp_path / "profile", "nl-NL" if language == "nl" else "en-GB", width, 900, look) as context:
        page = context.pages[0]
        for name in PAGES:
            page.goto(f"{address}/{'' if name == 'overview' else name}?lang={language.upper()}")
            page.wait_for_selector("h1", timeout=90_000)
            settled(page, 800)
            faults += [f"{name}: {fault.rule} {fault.html[:200]} {fault.summary[:200]}" for fault in grave_faults(page)]
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            faults += [f"{name}: {over} px beyond the edge"] if over > 0 else []
            silent = page.evaluate(
                "[...document.querySelectorAll('[data-testid=stPlotlyChart]')]"
                ".filter(chart => !chart.closest('[aria-label]') && !chart.querySelector('[aria-label],[alt]')).length"
            )
            faults += [f"{name}: {silent} figures without a description"] if silent else []
    assert not faults, "\n".join(faults)

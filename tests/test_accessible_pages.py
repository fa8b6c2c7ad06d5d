"""Every page is usable by everybody: no grave fault by axe-core, nothing beyond the edge of a phone, every figure described, every
control within reach of the keyboard.

A test a look, so that each comes to its end. WERKHORIZON_PICTURES=1 keeps a picture of everything it saw, as `make screenshots` does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.accessible import grave_faults
from tests.sampling import with_sample
from tests.screenshots import PAGES, VIEWS, kept, walked
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SILENT = """[...document.querySelectorAll('[data-testid=figure]')].filter(chart => {
    const told = chart.closest('[aria-label]') || chart.querySelector('[aria-label],[alt]');
    const text = told && (told.getAttribute('aria-label') || told.getAttribute('alt')) || '';
    return text.length < 30;
}).length"""
"""Figures without a sentence that tells what they show."""
OUT_OF_REACH = """[...document.querySelectorAll('button, a[href], input, select, textarea, [role=slider], [role=combobox], [role=tab]')]
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && !one.closest('[inert],[aria-hidden=true]')
        && one.tabIndex < 0
        && !one.closest('[role=radiogroup],[role=tablist],[role=listbox],[role=spinbutton],.js-plotly-plot,[data-testid=stDataFrame]')
        && !one.closest('[data-testid=stNumberInput],[data-testid=stSelectbox],[data-testid=stMultiSelect],[data-testid=stFileUploader]'))
    .map(one => one.outerHTML.slice(0, 160))"""
"""What a mouse can use and the Tab key passes by. Inside a group the arrow keys go on; what stands inside a number, a choice or a file
field does by mouse what the field itself does by keys."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("accessible") / "w.duckdb"
    with serving(with_sample(path)) as running:
        yield running


def faults_of(page: Page) -> list[str]:
    found = [f"{fault.rule} {fault.html[:200]} {fault.summary[:200]}" for fault in grave_faults(page)]
    over, silent = page.evaluate(OVER), page.evaluate(SILENT)
    found += [f"{over} px beyond the edge"] if over > 0 else []
    found += [f"{silent} figures without a description"] if silent else []
    return found + [f"not reached by keys: {html}" for html in page.evaluate(OUT_OF_REACH)]


@pytest.mark.parametrize("view", VIEWS)
def test_every_page(view: str, address: str, tmp_path: Path) -> None:
    faults: list[str] = []
    seen = 0
    for page, name in walked(address, view, tmp_path / "profile", PAGES):
        seen += 1
        faults += [f"{name}: {fault}" for fault in faults_of(page)]
        if os.environ.get("WERKHORIZON_PICTURES"):
            kept(page, name)
    assert seen >= len(PAGES)
    assert not faults, "\n".join(faults)

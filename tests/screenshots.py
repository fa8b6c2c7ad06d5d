"""Pictures of every page in every look, made in a real browser from the sample firm.

`make screenshots [pages …] [looks …] [--docs] [--whole]`

All of them go to build/screenshots; those that README and docs/screens.md show also to docs/screenshots, in few colours so that they
stay small. --docs: only those. --whole: also as long as the page is."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.sampling import with_sample
from tests.serving import browsing, serving, settled

HERE = Path(__file__).resolve().parent.parent
ALL, DOCS = HERE / "build" / "screenshots", HERE / "docs" / "screenshots"
PAGES = tuple(sorted(path.stem for path in (HERE / "pages").glob("*.py")))
VIEWS = {
    "nl.light": ("light", 1440, 900),
    "nl.dark": ("dark", 1440, 900),
    "nl.wide": ("light", 1920, 1080),
    "nl.phone": ("light", 390, 844),
    "en.light": ("light", 1440, 900),
    "en.dark": ("dark", 1440, 900),
    "en.wide": ("dark", 1920, 1080),
    "en.phone": ("dark", 390, 844),
}
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari/604.1"
"""What a phone calls itself: tables show what fits on it."""
DRAWN = "[...document.querySelectorAll('[data-testid=figure]')].every(one => !one.clientWidth || one.querySelector('.main-svg'))"
"""Every figure that is to be seen stands there."""
SLIDES = 7
"""Of meeting mode."""
KEPT = frozenset(
    [
        f"{name}.nl.light"
        for name in ("overview", "ageing", "shortages", "compare", "skills", "changing", "routes", "plan", "upload", "method")
    ]
    + ["overview.nl.dark", "overview.nl.phone", "overview.en.light", "shortages.en.dark", "plan.en.phone", "backtest.nl.light"]
    + ["meeting.nl.wide.1", "meeting.nl.wide.4", "meeting.en.wide.7"]
)
"""Pictures the docs show."""


def main(words: list[str]) -> None:
    views = [word for word in words if word in VIEWS] or list(VIEWS)
    named = [word for word in words if not word.startswith("-") and word not in VIEWS] or list(PAGES)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "sample.duckdb"
        with serving(with_sample(database)) as address:
            for view in views:
                pages = [name for name in named if "--docs" not in words or any(kept.startswith(f"{name}.{view}") for kept in KEPT)]
                for page, name in walked(address, view, Path(folder) / view, pages):
                    kept(page, name)
                    if "--whole" in words:
                        _whole(page, name)


def walked(address: str, view: str, profile: Path, pages: Sequence[str]) -> Iterator[tuple[Page, str]]:
    """Each page in one look with all that is on it, and the name of its picture; of meeting mode on a wide screen every slide."""
    scheme, width, height = VIEWS[view]
    lang = view[:2]
    if not pages:
        return
    with browsing(
        profile, "nl-NL" if lang == "nl" else "en-GB", width, height, scheme, PHONE if view.endswith("phone") else None
    ) as context:
        page = context.pages[0]
        for name in pages:
            page.goto(f"{address}/{'' if name == 'overview' else name}?lang={lang.upper()}")
            page.wait_for_selector("h1", timeout=90_000)
            page.wait_for_function(
                "!document.querySelector('[data-testid=stSkeleton]')", timeout=60_000
            )  # parts that are fetched when needed
            settled(page, 1000)
            page.wait_for_function(DRAWN, timeout=60_000)
            if name == "overview":  # what is made beside the page has come
                page.wait_for_selector(".st-key-question_5 .stMarkdownBadge", timeout=60_000)
                settled(page, 600)
            if name != "meeting" or not view.endswith("wide"):
                yield page, f"{name}.{view}"
                continue
            for slide in range(1, SLIDES + 1):
                yield page, f"{name}.{view}.{slide}"
                if slide < SLIDES:
                    title = page.locator("h1").first.inner_text()
                    page.keyboard.press("ArrowRight")
                    page.wait_for_function("title => document.querySelector('h1')?.innerText !== title", arg=title, timeout=60_000)
                    settled(page, 800)


def _whole(page: Page, name: str) -> None:
    """Once more, as long as the page is."""
    size = page.viewport_size
    tall = int(page.evaluate("(document.querySelector('[data-testid=stMainBlockContainer]') || document.body).scrollHeight"))
    if size and tall > size["height"]:
        page.set_viewport_size({"width": size["width"], "height": min(tall + 60, 9000)})
        settled(page, 800)
        kept(page, f"{name}.whole")
        page.set_viewport_size(size)


def kept(page: Page, name: str) -> None:
    """The picture as it is, and for the docs in few colours."""
    ALL.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(ALL / f"{name}.png"))
    if name in KEPT:
        DOCS.mkdir(parents=True, exist_ok=True)
        with Image.open(ALL / f"{name}.png") as picture:
            picture.convert("RGB").quantize(192, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
                DOCS / f"{name}.png", optimize=True
            )


if __name__ == "__main__":
    main(sys.argv[1:])

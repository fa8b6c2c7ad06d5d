"""Pictures of pages, made in a real browser from the sample firm, into docs/screenshots: `make screenshots [pages …] [--all] [--whole]`.

--all: every page. --whole: also as long as the page is. Each in light, dark, Dutch, English, wide and on a phone."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.serving import browsing, serving, settled
from workflows import importing
from workflows.types import Viewer
from workflows.workspace import Workspace

HERE = Path(__file__).resolve().parent.parent
OUT = HERE / "docs" / "screenshots"
PAGES = tuple(sorted(path.stem for path in (HERE / "pages").glob("*.py")))
KEPT = ("overview", "ageing", "shortages", "compare", "meeting", "skills", "plan", "upload", "method")
"""Pages whose pictures stand in the docs when none are named."""
VIEWS = (
    *(("nl", "light", 1440, 900), ("en", "light", 1440, 900), ("nl", "dark", 1440, 900), ("nl", "phone", 390, 844)),
    *(("en", "dark", 1440, 900), ("nl", "wide", 1920, 1080), ("en", "phone", 390, 844)),
)


def main(names: list[str], out: Path = OUT) -> None:
    out.mkdir(parents=True, exist_ok=True)
    pages = [name for name in names if not name.startswith("-")] or list(PAGES if "--all" in names else KEPT)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "sample.duckdb"
        with Workspace.open(database) as workspace:
            importing.load_sample(Viewer.local(), workspace)
        with serving(database) as address:
            for language, look, width, height in VIEWS:
                profile = Path(folder) / f"{language}-{look}"
                locale = "nl-NL" if language == "nl" else "en-GB"
                with browsing(profile, locale, width, height, "dark" if look == "dark" else "light") as context:
                    page = context.pages[0]
                    for name in pages:
                        page.goto(f"{address}/{'' if name == 'overview' else name}?lang={language.upper()}")
                        page.wait_for_selector("h1", timeout=90_000)
                        settled(page, 1200)
                        if name == "overview":  # what is made beside the page has come
                            page.wait_for_selector(".st-key-question_5 .stMarkdownBadge", timeout=60_000)
                        page.screenshot(path=str(out / f"{name}.{language}.{look}.png"), full_page=False)
                        tall = page.evaluate("(document.querySelector('main') || document.body).scrollHeight")
                        if "--whole" in names and tall > height:
                            page.set_viewport_size({"width": width, "height": int(tall) + 20})
                            settled(page, 1200)
                            page.screenshot(path=str(out / f"{name}.{language}.{look}.whole.png"))
                            page.set_viewport_size({"width": width, "height": height})


if __name__ == "__main__":
    main(sys.argv[1:])

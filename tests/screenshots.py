"""Pictures of every page, made in a real browser from the sample firm: `make screenshots [pages …]` -> docs/screenshots."""

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
PAGES = ("overview", "ageing", "shortages", "compare", "meeting", "willing", "skills", "plan", "upload", "method")
VIEWS = (("nl", "light", 1440, 900), ("en", "light", 1440, 900), ("nl", "dark", 1440, 900), ("nl", "phone", 390, 844))


def main(names: list[str], out: Path = OUT) -> None:
    out.mkdir(parents=True, exist_ok=True)
    pages = [name for name in names if not name.startswith("-")] or list(PAGES)
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
                        page.screenshot(path=str(out / f"{name}.{language}.{look}.png"), full_page=False)
                        tall = page.evaluate("(document.querySelector('main') || document.body).scrollHeight")
                        if "--whole" in names and tall > height:
                            page.set_viewport_size({"width": width, "height": int(tall) + 20})
                            settled(page, 1200)
                            page.screenshot(path=str(out / f"{name}.{language}.{look}.whole.png"))
                            page.set_viewport_size({"width": width, "height": height})


if __name__ == "__main__":
    main(sys.argv[1:])

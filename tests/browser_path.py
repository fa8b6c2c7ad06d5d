"""Where the browser of the tests is: $CHROMIUM, then PATH, then Playwright's own."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Start options: without them the browser itself looks for its maker's hosts."""


def browser_path() -> str:
    """Path of a Chromium-like browser; RuntimeError with a sentence that says what to do when there is none."""
    asked = os.environ.get("CHROMIUM")
    if asked:
        return asked
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    own = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    if own:
        return str(own[-1])
    raise RuntimeError(
        "No browser for the browser tests. On Debian or Ubuntu: apt install chromium fonts-liberation; "
        "elsewhere: python -m playwright install chromium, or set CHROMIUM to the path of a Chromium-like browser."
    )


if __name__ == "__main__":
    try:
        print(browser_path())
    except RuntimeError as problem:
        sys.exit(str(problem))

"""A real app on loopback and a real browser in front of it, for tests and screenshots."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from run import POOLS, SERVICE
from tests.browser_path import ARGUMENTS, browser_path
from tests.waiting import LIMIT, free_port

HOME = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
expect.set_options(timeout=LIMIT * 1000)


@dataclass(frozen=True, slots=True)
class Served:
    """A running app: where it answers, its process, its database, and the file its output goes to."""

    address: str
    process: subprocess.Popen[bytes]
    database: Path
    log: Path


@contextmanager
def serving(database: Path, start_limit: float = LIMIT, **environment: str) -> Iterator[str]:
    """Start the app as `make run` does, on a free port and its own database; yields the address, ends the process."""
    with _started("presentation/opening.py", (), database, start_limit, environment) as app:
        yield app.address


@contextmanager
def served(database: Path, start_limit: float = LIMIT, **environment: str) -> Iterator[Served]:
    """Start the app as a service, as `make serve` does."""
    with _started("presentation/service.py", SERVICE, database, start_limit, environment) as app:
        yield app


@contextmanager
def _started(script: str, options: tuple[str, ...], database: Path, start_limit: float, environment: dict[str, str]) -> Iterator[Served]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), "--server.headless", "true", *options]
    database.parent.mkdir(parents=True, exist_ok=True)
    log = database.with_suffix(".server.log")
    if log.exists():  # another process beside it
        log = database.with_suffix(f".{port}.server.log")
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=HOME,
            env={**POOLS, **os.environ, "WERKHORIZON_DATABASE": str(database), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process, log, start_limit)
            yield Served(f"http://127.0.0.1:{port}", process, database, log)
        finally:
            ended(process)


def ended(process: subprocess.Popen[bytes]) -> None:
    """Ask a server to stop, and make it when it does not."""
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(60)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path, limit: float) -> None:
    until = time.monotonic() + limit
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the app stopped at once:\n{log.read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(address, timeout=30):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the app did not answer within {limit} s:\n{log.read_text()[-3000:]}")


@contextmanager
def browsing(
    profile: Path, locale: str = "nl-NL", width: int = 1440, height: int = 900, scheme: str = "light", agent: str | None = None
) -> Iterator[BrowserContext]:
    """A browser with its own profile, which calls itself `agent`; `context.outside` lists every request that tried to leave the machine."""
    with sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            str(profile),
            executable_path=browser_path(),
            headless=True,
            args=list(ARGUMENTS),
            locale=locale,
            timezone_id="Europe/Amsterdam",
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            user_agent=agent,
        )
        context.set_default_timeout(LIMIT * 1000)
        try:
            yield context
        finally:
            context.close()


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser for several visitors who know nothing of each other: `visiting` opens it for each."""
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=browser_path(), headless=True, args=list(ARGUMENTS))
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def visiting(browser: Browser) -> Iterator[Page]:
    """The page of a visitor who was never there before."""
    context = browser.new_context(locale="nl-NL", timezone_id="Europe/Amsterdam", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(LIMIT * 1000)
    try:
        yield context.new_page()
    finally:
        context.close()


def record_outside(context: BrowserContext) -> list[str]:
    """Collect addresses asked from anywhere but this machine; a data: or blob: address asks nobody."""
    outside: list[str] = []

    def look(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOOPBACK:
            outside.append(address)

    context.on("request", lambda request: look(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: look(socket.url)))
    return outside


def settled(page: Page, quiet_ms: int = 400) -> None:
    """Wait until the script run is over and the page has stopped changing."""
    page.wait_for_selector(
        "[data-testid='stApp'][data-test-script-state='notRunning'], [data-testid='stApp']:not([data-test-script-state])"
    )
    page.wait_for_function(
        """quiet => new Promise(done => {
            let last = performance.now();
            const watch = new MutationObserver(() => { last = performance.now(); });
            watch.observe(document.body, {subtree: true, childList: true, characterData: true});
            const tick = () => {
                const state = document.querySelector("[data-testid='stApp']")?.dataset.testScriptState ?? "notRunning";
                if (state !== "notRunning") last = performance.now();
                if (performance.now() - last > quiet) { watch.disconnect(); done(true); } else setTimeout(tick, 50);
            };
            tick();
        })""",
        arg=quiet_ms,
    )

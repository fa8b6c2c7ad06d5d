"""In a real browser: from a key on a slider to the redrawn chart, and from starting the server to the first chart."""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page

from benchmarks.server import BARE_LEVER, HOME, LEVER, sample_database
from benchmarks.timing import Row, rows
from tests.serving import _wait, browsing, free_port, serving, settled

CHART = ".js-plotly-plot .main-svg"
BARE = "bare page, one chart"
LIVE = ("overview", "ageing", "shortages", "skills", "changing", "compare", "meeting", "plan")
"""Pages whose figures follow the sliders on what people and work do. The others show tables, stored facts or text."""
REST = 4000
"""Milliseconds until the plan, which is made when the sliders rest, is out of the way of the next measurement."""
IN_A_ROW = 5
"""Moves of one slider that count before it is the next page's turn."""
FROM = "resignation_multiplier=0.6"
"""The slider stands at its least: from there it has twenty values to the right, each new to everything that is kept."""
APART = "first_year_exit"
"""A second chance of leaving, another one in each window: no page is answered from what was computed for another."""
WATCH = """() => {
    window.__first = 0; window.__last = 0; window.__began = 0;
    document.addEventListener('keydown', () => { window.__began = performance.now(); window.__first = 0; window.__last = 0; }, true);
    new MutationObserver(changes => {
        if (!window.__began) return;
        const drawn = changes.some(change => {
            const node = change.target.nodeType === 1 ? change.target : change.target.parentElement;
            const only_gone = change.type === 'childList' && !change.addedNodes.length;  // a figure that is taken away shows nothing
            return !only_gone && node && node.closest && node.closest('.js-plotly-plot');
        });
        if (!drawn) return;
        requestAnimationFrame(() => {
            const now = performance.now() - window.__began;
            if (!window.__first) window.__first = now;
            window.__last = now;
        });
    }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
}"""


@contextmanager
def bare(folder: Path) -> Iterator[str]:
    """The bare page on a port of its own."""
    port, log = free_port(), folder / "bare.log"
    command = [sys.executable, "-m", "streamlit", "run", "benchmarks/bare_app.py", "--server.port", str(port), "--server.headless", "true"]
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=HOME, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process, log, 90)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _open(page: Page, address: str) -> Page:
    page.goto(address)
    if "/meeting" in address:  # the first slide has no figure
        page.wait_for_selector("h1", timeout=60_000)
        settled(page)
        page.keyboard.press("ArrowRight")
    page.wait_for_selector(CHART, timeout=60_000)
    settled(page)
    page.evaluate(WATCH)
    return page


def _move(page: Page, lever: str, key: str) -> tuple[float, float] | None:
    """Seconds from the key to the first and to the last change of a chart; None when no chart changed."""
    page.locator(f".st-key-{lever} input[type=range]").first.focus()
    page.keyboard.press(key)
    try:
        page.wait_for_function("() => window.__first > 0", timeout=10_000)
    except Exception:
        return None
    settled(page, 400)
    first, last = page.evaluate("() => [window.__first, window.__last]")
    return first / 1000, last / 1000


def _first_chart(page: Page, start: object) -> float:
    began = time.perf_counter()
    with start as address:  # type: ignore[attr-defined]
        page.goto(address)
        page.wait_for_selector(CHART, timeout=60_000)
        return time.perf_counter() - began


def measure(quick: bool) -> list[Row]:
    moves, times, starts = (IN_A_ROW, 1, 1) if quick else (3 * IN_A_ROW, 2, 3)
    with tempfile.TemporaryDirectory() as name, sample_database() as database, browsing(Path(name) / "profile") as context:
        folder = Path(name)
        moving = _slider_rows(context, folder, database, moves, times)
        page = context.new_page()
        taken: dict[str, list[float]] = {"overview page": [], BARE: []}
        for _ in range(starts):
            taken["overview page"].append(_first_chart(page, serving(database)))
            taken[BARE].append(_first_chart(page, bare(folder)))
    notes = {"overview page": "aim: at most 7 s"}
    return moving + rows("server start to first chart", taken, {"overview page": BARE}, notes)


def _slider_rows(context: object, folder: Path, database: Path, moves: int, times: int) -> list[Row]:
    """Moves on every page whose figures follow the sliders, each in a window of its own, and on the bare page: some in a row on each, as
    somebody does who looks for the right place of a slider, and so in turn several times. The first in a row, of a window that comes to
    the front again, is told apart. times: the windows are opened anew with other chances so often, for more values that are new."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in (*LIVE, BARE)}
    again: dict[str, list[float]] = {name: [] for name in taken}
    with serving(database) as address, bare(folder) as bare_address:
        for time_ in range(times):
            first = 10 + len(LIVE) * time_
            asked = {
                name: f"{address}/{'' if name == 'overview' else name}?lang=NL&{FROM}&{APART}={first + at}" for at, name in enumerate(LIVE)
            }
            windows = {name: _open(context.new_page(), where) for name, where in (asked | {BARE: bare_address}).items()}  # type: ignore[attr-defined]
            for _ in range(moves // IN_A_ROW):
                for name, page in windows.items():
                    _row_of_moves(name, page, taken[name], again[name])
            for page in windows.values():
                page.close()
    still = [name for name, found in taken.items() if not found]
    if still:
        raise RuntimeError(f"no figure changed when the slider moved on {', '.join(still)}")
    first = {name: [each for each, _ in found] for name, found in taken.items()}
    return rows("browser, slider to figure", first, dict.fromkeys(LIVE, BARE), {name: _note(taken[name], again[name]) for name in LIVE})


def _row_of_moves(name: str, page: Page, taken: list[tuple[float, float]], again: list[float]) -> None:
    """Some moves in one window, added to what was taken; the first one to `again`."""
    page.bring_to_front()
    for nth in range(1 + IN_A_ROW):
        found = _move(page, BARE_LEVER if name == BARE else LEVER, "ArrowRight")
        if found and nth:
            taken.append(found)
        elif found:
            again.append(found[0])
        if name == "plan":
            page.wait_for_timeout(REST)


def _note(taken: list[tuple[float, float]], again: list[float]) -> str:
    still = median([last for _, last in taken]) * 1000
    back = f"; window just back in front {median(again) * 1000:.0f} ms" if again else ""
    return f"p95 {_share([first for first, _ in taken], 0.95)}, aim 150 and 250 ms; all figures still after {still:.0f} ms{back}"


def _share(seconds: list[float], part: float) -> str:
    """By nearest rank."""
    return f"{sorted(seconds)[math.ceil(part * len(seconds)) - 1] * 1000:.0f} ms"

"""Has the child read the file and hands back grids; a child that dies, hangs or grows is a refused file, nothing more."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa

from analytics.errors import Refusal
from intake import compact
from intake.grid import Grid, all_filled
from intake.guard import Inspected, inspect
from intake.report import Options

ROOT = Path(__file__).resolve().parent.parent
POLL = 0.02
TOLD = 0.1
"""Seconds between two words about how far the child is."""
LOOKED, READ = 0.2, 0.6
"""Share of the whole work that is done after the guard's look and after the reading."""
PACE = 45_000_000
"""Bytes of unpacked text the child gets through in about a second of work."""
PASSED_ON = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "LD_LIBRARY_PATH")
SET = {"PYTHONUTF8": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What the guard found, the grids of the readable sheets, (sheet, reason) of those left out, and facts about a csv."""

    found: Inspected
    grids: list[Grid]
    left_out: list[tuple[str, str]]
    csv_facts: dict


def read_grids(path: Path, options: Options, tell: Tell = lambda step, share: None, meanwhile: Callable[[], object] = lambda: None) -> Read:
    """The guard looks and the child reads at the same moment: once the package itself is sound the child starts, and what the
    guard still finds in the sheets stops it. meanwhile: called once, when there is nothing left but to wait for the child.

    Refusals: those of `intake.guard`, and not_a_workbook, encrypted, hostile_file, too_large, csv_not_a_table.
    """
    with tempfile.TemporaryDirectory(prefix="werkhorizon-", ignore_cleanup_errors=True) as folder:
        children: list[_Child] = []
        try:
            found = inspect(
                path,
                begin=lambda begun: children.append(_Child(path, Path(folder), begun, options)),
                tell=lambda share: tell("look", LOOKED * share),
                usual=lambda: children[0].read_usual(),
            )
            tell("read", LOOKED)
            if not children or children[0].skips != _skips(found):  # a sheet that must not be read was found after the start
                if children:
                    children[0].stop()
                children.append(_Child(path, Path(folder), found, options))
            children[-1].read_distinct(path, found)
            meanwhile()
            result = children[-1].result(lambda share: tell("read", LOOKED + (READ - LOOKED) * share))
        finally:
            for child in children:
                child.stop()
        if "error" in result:
            raise _refusal(result)
        grids, left_out = [], []
        for sheet in result["sheets"]:
            if sheet.get("skip"):
                left_out.append((sheet["name"], sheet["skip"]))
                continue
            grid = _grid(Path(folder) / sheet["file"], sheet, found)
            if grid.height:
                grids.append(grid)
        facts = result.get("csv", {})
        for grid in grids[: bool(facts)]:
            grid.problems = {"short_rows": {0: facts["short"]}}
        return Read(found, grids, left_out, facts)


def _skips(found: Inspected) -> dict[str, str]:
    return {sheet.name: sheet.skip for sheet in found.sheets}


class _Child:
    """The reading process and the thread that watches it."""

    def __init__(self, path: Path, folder: Path, found: Inspected, options: Options) -> None:
        self.skips = _skips(found)
        self._work, self._most = max(found.unpacked / PACE, 0.3), 0.0
        self._answer = folder / "result.json"
        self._answer.unlink(missing_ok=True)
        seconds = int(min(options.seconds, 15 + found.unpacked / 4_000_000))
        sheets = {sheet.name: {"hidden": sheet.hidden, "skip": sheet.skip} for sheet in found.sheets}
        large = next((sheet.name for sheet in found.sheets if sheet.large and not sheet.skip), "")
        job = {"path": str(path.resolve()), "out": str(folder), "format": found.format, "sheets": sheets, "wanted": options.sheet or ""}
        job |= {"memory": options.memory, "seconds": seconds, "large": large}
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        command = [sys.executable, "-m", "intake.child", str(folder / "job.json")]
        keep = {key: value for key, value in os.environ.items() if key in PASSED_ON}
        quiet = {"stdin": subprocess.PIPE if large else subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, cwd=ROOT, env=keep | SET, **quiet)  # type: ignore[call-overload]
        self._refusal: Refusal | None = None
        self._watcher = threading.Thread(target=self._watched, args=(options.memory, seconds), daemon=True)
        self._watcher.start()

    def _watched(self, memory: int, seconds: int) -> None:
        try:
            _watch(self._process, memory, seconds)
        except Refusal as refusal:
            self._refusal = refusal
            self._process.kill()

    def read_usual(self) -> None:
        """The large sheet is to be read cell by cell."""
        self._say({})

    def read_distinct(self, path: Path, found: Inspected) -> None:
        """The large sheet's distinct cells, where they are known, are put into a workbook of their own for the child."""
        sheet = next((sheet for sheet in found.sheets if sheet.large), None)
        if sheet is None or sheet.cells is None:
            self._say({})
            return
        small = self._answer.with_name("distinct.xlsx")
        compact.write(path, sheet.part, sheet.cells, small)
        self._say({"path": str(small), "rows": len(sheet.cells.cells.dictionary) + 1, "last": compact.LAST.decode()})
        sheet.cells, sheet.laid = None, compact.lay(sheet.cells)

    def _say(self, what: dict) -> None:
        """Once, to the child that waits for it."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            with suppress(OSError):  # the child has ended; its end will be noticed
                self._process.stdin.write(json.dumps(what).encode() + b"\n")
            with suppress(OSError):
                self._process.stdin.close()

    def result(self, tell: Callable[[float], None]) -> dict:
        """Wait for the answer; meanwhile tell the share (0-1) that is read, as far as the work done so far lets one judge: more with
        every second of it, and never all. Refusals: hostile_file, too_large."""
        while self._watcher.is_alive():
            self._watcher.join(TOLD)
            tell(1 - math.exp(-1.6 * self._worked() / self._work))
        self._process.wait()
        if self._refusal is not None:
            raise self._refusal
        if self._process.returncode != 0 or not self._answer.exists():
            raise Refusal("hostile_file", what="reader_stopped")
        return json.loads(self._answer.read_text(encoding="utf-8"))

    def _worked(self) -> float:
        """Seconds of processor time of the child, as far as is known."""
        try:
            used = psutil.Process(self._process.pid).cpu_times()
        except psutil.Error:
            return self._most
        self._most = max(self._most, used.user + used.system)
        return self._most

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._say({})
        self._process.wait()
        self._watcher.join()


def _watch(process: subprocess.Popen, memory: int, seconds: int) -> None:
    """Wait for the child; stop it when it takes too much time or memory (systems without rlimits need this)."""
    end = time.monotonic() + seconds * 1.5
    try:
        watched = psutil.Process(process.pid)
    except psutil.Error:
        watched = None
    checks = 0
    while True:
        try:
            process.wait(POLL)
            return
        except subprocess.TimeoutExpired:
            pass
        if time.monotonic() > end:
            raise Refusal("hostile_file", what="time")
        checks += 1
        if watched is not None and checks % 3 == 0:
            try:
                if watched.memory_info().rss > memory:
                    raise Refusal("too_large", what="memory", limit=memory // 1_000_000)
            except psutil.Error:
                watched = None


def _refusal(result: dict) -> Refusal:
    text = result.get("text", "").lower()
    if result["error"] == "memory":
        return Refusal("too_large", what="memory", limit=0)
    if result["error"] == "csv":
        return Refusal("empty_file") if text == "empty" else Refusal("csv_not_a_table", what=text)
    if "password" in text or "encrypt" in text:
        return Refusal("encrypted")
    return Refusal("not_a_workbook")


def _grid(file: Path, sheet: dict, found: Inspected) -> Grid:
    with pa.OSFile(str(file), "rb") as source:
        table = pa.ipc.open_file(source).read_all()
    known = next((item for item in found.sheets if item.name == sheet["name"] and item.scan), None)
    if sheet.get("distinct") and known is not None and known.laid is not None:
        table = compact.spread(known.laid, table.column(0).combine_chunks())
        known.laid = None
    lines = None
    if "lines" in table.column_names:
        lines = table.column("lines").to_numpy()
        table = table.drop_columns(["lines"])
    held = all_filled(table)
    rows = max((len(column) - int(np.argmax(column[::-1])) for column in held.values() if column.any()), default=0)
    lines = lines[:rows] if lines is not None else None  # stray formatted cells leave empty rows at the bottom
    held = {index: column[:rows] for index, column in held.items()}
    grid = Grid(sheet["name"], table.slice(0, rows), hidden=sheet["hidden"], lines=lines, held=held)
    if uncached := {int(column): [row + grid.first_row for row in rows] for column, rows in sheet.get("uncached", {}).items()}:
        grid.problems = {"uncached_formulas": uncached}
    if known is not None and known.scan is not None:
        scan = known.scan
        grid.first_column = scan.first_column if scan.first_column <= scan.last_column else 0
        grid.hidden_rows, grid.hidden_columns, grid.filtered = scan.hidden_rows, scan.hidden_columns, scan.filtered
        grid.problems = {"error_cells": scan.errors, "uncached_formulas": scan.uncached}
        grid.totals = {"error_cells": scan.error_count, "uncached_formulas": scan.uncached_count}
    return grid
